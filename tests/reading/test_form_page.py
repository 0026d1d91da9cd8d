"""What stands beside an open form: what will become of it says nothing of an earlier objection; what was done does."""

from __future__ import annotations

import pytest

import flows
from automation.domain.signals import SignalName
from automation.flow.objection_table import ObjectionTable
from automation.page.read_page import ReadPage
from automation.reading.form.recognition import FormPage, read_form_page
from automation.text.labels import Labels
from automation.text.page_words import PageWords
from tests.reading.outline import Part, el, page

FLOW = "facebook.ai_objection"
TITLE = "Object to your information being used for AI at Meta"
EMAIL = el("input", role="textbox", name="Email address", type="email")


def signals(meta_labels: Labels, sentence: str, locale: str) -> set[SignalName]:
    """What the page of a form proves with one sentence beside the form."""
    table = flows.find(only={FLOW}).flows[FLOW].rule
    assert isinstance(table, ObjectionTable)
    view = page(
        el(
            "main",
            el("h1", "Object to your information being used for AI at Meta"),
            el("p", sentence),
            el(
                "form",
                el("textarea", role="textbox", name="Please tell us how this processing impacts you"),
                el("button", "Submit"),
            ),
        )
    )
    url = f"https://www.facebook.com/help/contact/{table.form_ids[0]}"
    visit = ReadPage("form", url, url, (), 200, view, settled=True, answers=(), locale=locale, seconds=0.0)
    found = read_form_page(visit, table, PageWords.of(meta_labels, locale), login=False)
    return {signal.name for signal in found.signals}


@pytest.mark.parametrize(
    ("locale", "sentence"),
    [
        ("en", "We'll review your request and send you an email."),
        ("en", "Our team will review your objection and let you know."),
        ("de", "Wir prüfen deinen Antrag und schicken dir eine E-Mail."),
        ("fr", "Nous allons examiner votre demande et vous enverrons un e-mail."),
        ("de", "Wir prüfen deinen Antrag gemäß den Datenschutzgesetzen."),
    ],
)
def test_what_will_become_of_it_is_no_answer(meta_labels: Labels, locale: str, sentence: str) -> None:
    """It is about the form that is still to be sent."""
    assert SignalName.PAGE_UNCLEAR not in signals(meta_labels, sentence, locale)


@pytest.mark.parametrize(
    ("locale", "sentence"),
    [
        ("en", "We're reviewing your request and will send you an email."),
        ("en", "We've received your objection and will review it."),
        ("de", "Wir prüfen deinen Antrag vom 3. Juni gemäß den Datenschutzgesetzen."),
        ("en", "We will honor your objection."),
        ("en", "We will review your objection, which we received on 3 June."),
        ("en", "We will let you know once your pending objection has been reviewed."),
        ("en", "Thanks for submitting. We will review your objection."),
        ("de", "Wir prüfen deinen Antrag zurzeit."),
        ("de", "Wir prüfen deinen Widerspruch noch und melden uns bald."),
        ("fr", "Nous allons examiner votre opposition reçue le 3 juin."),
        ("fr", "Nous examinons actuellement votre demande."),
    ],
)
def test_what_may_be_an_answer_makes_the_page_unclear(meta_labels: Labels, locale: str, sentence: str) -> None:
    """Somebody may have objected before."""
    assert SignalName.PAGE_UNCLEAR in signals(meta_labels, sentence, locale)


def read_form(meta_labels: Labels, title: str, *inside: Part, locale: str = "en") -> FormPage:
    """What the page of the form is that has this title, and holds this below it."""
    table = flows.find(only={FLOW}).flows[FLOW].rule
    assert isinstance(table, ObjectionTable)
    view = page(el("main", el("h1", title), *inside))
    url = f"https://www.facebook.com/help/contact/{table.form_ids[0]}"
    visit = ReadPage("form", url, url, (), 200, view, settled=True, answers=(), locale=locale, seconds=0.0)
    return read_form_page(visit, table, PageWords.of(meta_labels, locale), login=False)


def form_page(meta_labels: Labels, *inside: Part) -> set[SignalName]:
    """What the page of the form proves that holds this below its title."""
    return {signal.name for signal in read_form(meta_labels, TITLE, *inside).signals}


@pytest.mark.parametrize(
    ("title", "inside", "expected"),
    [
        (TITLE, (el("form", EMAIL, el("button", "Submit")),), SignalName.FORM_OPEN),
        ("Contact", (el("p", "This form isn't available in your country."),), SignalName.PAGE_NOT_OFFERED),
        ("Kontakt", (el("form", EMAIL, el("button", "Submit")),), None),
        ("Sprzeciw", (el("form", EMAIL, el("button", "Wyślij")),), None),
    ],
)
def test_a_page_that_declares_no_language_is_read_in_english_where_it_is_titled_so(
    meta_labels: Labels, title: str, inside: tuple[Part, ...], expected: SignalName | None
) -> None:
    """Of any other one nothing is known but that its words are missing."""
    found = read_form(meta_labels, title, *inside, locale="")
    told = {signal.name for signal in found.signals} & {SignalName.FORM_OPEN, SignalName.PAGE_NOT_OFFERED}
    assert told == ({expected} if expected else set())
    assert any(key.startswith("und:") for key in found.missing) is (expected is None)


@pytest.mark.parametrize(
    ("label", "told"),
    [
        ("The information in this form is correct", True), ("The information I’ve provided is true and correct. *", True),
        ("By ticking this box, I confirm that everything I've written above is accurate.", True),
        ("All of the information provided is complete and accurate to the best of my knowledge", True),
        ("Je certifie sur l'honneur que les informations fournies sont exactes", True),
        ("Die Angaben in diesem Formular sind richtig und vollständig.", True),
        ("The information in this form is correct and may be used for AI", False),
        ("The information in this form is not correct", False), ("This information is shared with AI at Meta", False),
        ("I confirm that I want to withdraw my objection", False), ("My information is accurate enough for AI", False),
        ("The information in this form is correct. I no longer object.", False),
    ],
)  # fmt: skip
def test_a_box_that_says_it_is_true_says_nothing_else(meta_labels: Labels, label: str, *, told: bool) -> None:
    """Whatever more a box says makes it a form that nobody has described."""
    box = el("input", role="checkbox", type="checkbox", name=label, required="")
    locale = "fr" if "Je " in label else "de" if "Die " in label else "en"
    title = {
        "en": TITLE,
        "fr": "Opposition à l'utilisation de vos informations pour l'IA de Meta",
        "de": "Einspruch gegen die Verwendung deiner Informationen für KI bei Meta",
    }[locale]
    found = read_form(meta_labels, title, el("form", EMAIL, box, el("button", "Submit")), locale=locale)
    roles = [field.role for field in found.form.fields] if found.form is not None else []
    assert ("statement" in roles) is told


LOOKED_AT = el("p", "We'll look at your objection in line with data protection law.")


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        ((LOOKED_AT,), True),
        ((LOOKED_AT, el("form", el("select", role="combobox", name="Country of residence"), el("button", "Next", type="button"))), False),
        ((LOOKED_AT, el("nav", el("input", role="searchbox", name="Search"))), True),
    ],
)  # fmt: skip
def test_a_page_that_still_asks_for_something_was_not_sent(
    meta_labels: Labels, inside: tuple[Part, ...], expected: bool
) -> None:
    """The first of several steps shows no control that sends, and what it promises is about what is not sent yet."""
    assert (SignalName.PAGE_PENDING in form_page(meta_labels, *inside)) is expected


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ((), SignalName.FORM_OPEN),
        ((el("input", role="checkbox", type="checkbox", name="I confirm that what I've written is accurate", required=""),), SignalName.FORM_OPEN),
        ((el("select", role="combobox", name="Country of residence", required=""),), SignalName.FORM_OPEN),
        ((el("input", role="checkbox", type="checkbox", name="I want my information to be used"),), SignalName.FORM_UNFAMILIAR),
        ((el("input", role="textbox", name="Say why this is true"),), SignalName.FORM_UNFAMILIAR),
    ],
)  # fmt: skip
def test_a_box_that_says_it_is_true_and_a_country_are_no_other_form(
    meta_labels: Labels, more: tuple[Part, ...], expected: SignalName
) -> None:
    """Sources have both beside the e-mail address; anything else makes it a form that nobody has described."""
    assert expected in form_page(meta_labels, el("form", EMAIL, *more, el("button", "Submit")))


@pytest.mark.parametrize(
    "sentence",
    [
        "Your objection is about information from your account only.",
        "Your request is only for this account.",
        "Your objection is to the use of your information for AI at Meta.",
        "Your objection is limited to this account.",
        "Your request is about your own information, not about what other people share.",
        "An objection is always about your own account.",
    ],
)
def test_what_every_objection_is_about_tells_of_none(meta_labels: Labels, sentence: str) -> None:
    """It explains the form beside which it stands."""
    assert signals(meta_labels, sentence, "en").isdisjoint({SignalName.PAGE_UNCLEAR, SignalName.PAGE_ACCEPTED})


@pytest.mark.parametrize(
    "sentence",
    [
        "Your objection is for this account and has been received.",
        "Your objection is in effect.",
        "Your objection is about your account and we honoured it.",
        "Your objection is for this account since 3 May 2026.",
        "Your objection is for this account from May.",
        "Your objection is to AI at Meta and is being reviewed.",
        "Your objection is to be honoured.",
        "Your request is about to expire.",
        "Your objection is for this account and stays on file.",
        "Your objection is about your information. It was received.",
    ],
)
def test_what_became_of_an_objection_is_no_explanation(meta_labels: Labels, sentence: str) -> None:
    """Somebody objected before."""
    assert SignalName.PAGE_UNCLEAR in signals(meta_labels, sentence, "en")


@pytest.mark.parametrize(
    ("locale", "sentence", "told"),
    [
        ("en", "Objecting to your information being used for AI at Meta isn’t available where you live.", True),
        ("en", "The option to object to the use of your information for AI at Meta is not offered in your country.", True),
        ("en", "This form isn't provided in the country where you live.", True),
        ("en", "The right to object is currently unavailable in your region.", True),
        ("en", "People in your country can't use this form.", True),
        ("en", "This objection form isn't offered in your country.", True),
        ("en", "We don't offer this form where you live.", True),
        ("en", "You cannot object to the use of your information for AI at Meta from your country.", True),
        ("en", "Sorry, this form isn’t available in your country.", True),
        ("en", "We’re sorry, but this form isn't available in your country.", True),
        ("en", "Unfortunately, objecting isn't possible where you live.", True),
        ("fr", "Malheureusement, ce formulaire n'est pas disponible dans votre pays.", True),
        ("de", "Entschuldigung, dieses Formular ist in deinem Land nicht verfügbar.", True),
        ("es", "Lo sentimos, este formulario no está disponible en tu país.", True),
        ("it", "Siamo spiacenti, ma questo modulo non è disponibile nel tuo paese.", True),
        ("en", "Sorry if this form isn't available in your country.", False),
        ("en", "Sorry, AI at Meta isn't available in your country.", False),
        ("en", "Sorry, is it that this form isn't available in your country?", False),
        ("en", "Nobody is sorry that this form isn't available in your country.", False),
        ("fr", "Ce formulaire n'est pas disponible là où vous vivez.", True),
        ("de", "Dieses Formular ist dort, wo du lebst, derzeit nicht verfügbar.", True),
        ("en", "Your region (Australia) is not one of them, so you can't submit this form.", True),
        ("en", "Your region is not one of them, so you can submit this form.", False),
        ("en", "This form is only offered in some countries and regions.", False),
        ("en", "This form isn't available in your country if you are under 18.", False),
        ("en", "This form isn't available in your country?", False),
        ("en", "Objecting is available where you live.", False),
        ("en", "AI at Meta isn't available in your country.", False),
        ("en", "If this form isn't available where you live, contact us.", False),
        ("en", "Messenger isn't offered in your region.", False),
        ("fr", "Ce formulaire est disponible là où vous vivez.", False),
        ("de", "Dieses Formular ist dort, wo du lebst, verfügbar.", False),
    ],
)  # fmt: skip
def test_who_may_not_object(meta_labels: Labels, locale: str, sentence: str, told: bool) -> None:
    """The page says so of objecting, of the person's own place, and without a condition."""
    found = read_form(meta_labels, TITLE, el("p", sentence), locale=locale)
    names = {signal.name for signal in found.signals}
    assert (SignalName.PAGE_NOT_OFFERED in names) is told
    assert not (told and SignalName.PAGE_UNCLEAR in names)
