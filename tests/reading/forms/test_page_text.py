"""What stands on a form's page: sourced words count, explanations are passed over, and what is not known withholds."""

from __future__ import annotations

import pytest

from automation.core.signals import SignalName
from tests.reading.forms.form_pages import EMAIL, LOOKED_AT, REASON, SUBMIT, TITLE, TITLES, form, read_form, told
from tests.reading.outline import Part, el

UNCLEAR, NOT_OFFERED = SignalName.PAGE_UNCLEAR, SignalName.PAGE_NOT_OFFERED

EXPLAINED = [
    ("en", "We'll review your request and send you an email."),
    ("en", "Our team will review your objection and let you know."),
    ("en", "We'll look at your objection in line with data protection law."),
    ("en", "If you've already objected, you don't need to submit another request."),
    ("en", "If your objection is honoured, it will be applied going forwards."),
    ("en", "If we honor your objection, your request will be applied going forward."),
    ("en", "We may still process information about you to develop and improve AI at Meta, even if you object or don’t use our Products and services."),
    ("en", "You can object to the information you've shared being used to develop and improve AI at Meta."),
    ("en", "Your objection is about information from your account only."),
    ("en", "Your request is only for this account."),
    ("en", "Your objection is to the use of your information for AI at Meta."),
    ("en", "Your objection is limited to this account."),
    ("en", "Your request is about your own information, not about what other people share."),
    ("en", "An objection is always about your own account."),
    ("en", "Which information is your objection about?"),
    ("de", "Wir prüfen deinen Antrag und schicken dir eine E-Mail."),
    ("de", "Wir prüfen deinen Antrag gemäß den Datenschutzgesetzen."),
    ("de", "Wenn du bereits widersprochen hast, brauchst du keinen weiteren Antrag zu stellen."),
    ("fr", "Nous allons examiner votre demande et vous enverrons un e-mail."),
    ("fr", "L’opposition vaut à partir du jour où elle est accordée."),
]  # fmt: skip
DOUBTED = [
    ("en", "We're reviewing your request and will send you an email."),
    ("en", "We've received your objection and will review it."),
    ("en", "We will honor your objection."),
    ("en", "We will review your objection, which we received on 3 June."),
    ("en", "We will review your objection that reached us."),
    ("en", "We will let you know once your pending objection has been reviewed."),
    ("en", "Thanks for submitting. We will review your objection."),
    ("en", "You've already objected when you signed up."),
    ("en", "If you live in the EU, we've received your objection."),
    ("en", "If you see this page, your objection stands."),
    ("en", "If you live in the EU, your objection of 3 May 2026 stands."),
    ("en", "Once your objection is granted, this form has no effect."),
    ("en", "Your objection stands."),
    ("en", "The objection was recorded."),
    ("en", "The objection is dismissed."),
    ("de", "Deinem Widerspruch wird entsprochen."),
    ("en", "Objection: received"),
    ("en", "Objection on file"),
    ("en", "Your objection is for this account and has been received."),
    ("en", "Your objection is in effect."),
    ("en", "Your objection is about your account and we honoured it."),
    ("en", "Your objection is for this account since 3 May 2026."),
    ("en", "Your objection is for this account from May."),
    ("en", "Your objection is to AI at Meta and is being reviewed."),
    ("en", "Your objection is to be honoured."),
    ("en", "Your request is about to expire."),
    ("en", "Your objection is for this account and stays on file."),
    ("en", "Your objection is for this account. It was received."),
    ("en", "This form is closed."),
    ("de", "Wir prüfen deinen Antrag vom 3. Juni gemäß den Datenschutzgesetzen."),
    ("de", "Wir prüfen deinen Antrag zurzeit."),
    ("de", "Wir prüfen deinen Widerspruch noch und melden uns bald."),
    ("fr", "Nous allons examiner votre opposition reçue le 3 juin."),
    ("fr", "Nous examinons actuellement votre demande."),
    ("fr", "Opposition enregistrée"),
]


@pytest.mark.parametrize(("locale", "sentence"), EXPLAINED)
def test_an_explanation_leaves_the_form_open(locale: str, sentence: str) -> None:
    """What becomes of any objection, or is supposed, tells of none that exists: outside of the form and inside."""
    for inside in ((el("p", sentence), form(REASON)), (form(el("p", sentence), REASON),)):
        assert UNCLEAR not in told(*inside, title=TITLES[locale], locale=locale)


@pytest.mark.parametrize(("locale", "sentence"), DOUBTED)
def test_what_may_tell_of_an_objection_makes_the_page_unclear(locale: str, sentence: str) -> None:
    """Somebody may have objected before: outside of the form and inside."""
    for inside in ((el("p", sentence), form(REASON)), (form(el("p", sentence), REASON),)):
        assert UNCLEAR in told(*inside, title=TITLES[locale], locale=locale)


@pytest.mark.parametrize(
    ("help_text", "unclear"),
    [
        ("We'll use this address to contact you about your request.", False),
        ("We've received your request.", True),
        ("Your request of 3 May 2026", True),
    ],
)
def test_the_help_of_a_field_is_about_what_it_asks_for(help_text: str, unclear: bool) -> None:
    """It stands in the element of that one field; words of an answer are doubted there too."""
    fields = el("form", el("div", EMAIL, el("div", help_text)), el("div", REASON), SUBMIT)
    assert (UNCLEAR in told(fields)) is unclear


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        ((el("p", "We've received your objection."),), {SignalName.PAGE_PENDING}),
        ((el("p", "We've received your objection."), el("p", "You'll also get an email.")), {SignalName.PAGE_PENDING}),
        ((el("p", "We've received your objection."), el("p", "It was sent in error.")), {SignalName.PAGE_PENDING, UNCLEAR}),
        ((el("p", "We will honor your objection."), el("p", "So we said in May.")), {SignalName.PAGE_ACCEPTED, UNCLEAR}),
        ((LOOKED_AT,), set()),
        ((el("p", "We've received your objection."), el("form", EMAIL, el("button", "Next", type="button"))), {UNCLEAR}),
        ((el("div", "We've received your objection.", role="status"), form()), {SignalName.PAGE_PENDING}),
        ((el("div", "Objection noted by us.", role="status"), form()), {UNCLEAR}),
    ],
)  # fmt: skip
def test_an_answer_on_the_page(inside: tuple[Part, ...], expected: set[SignalName]) -> None:
    """It counts where nothing is left to be sent, and nothing unknown may stand beside it; or in a region for states."""
    assert {name for name in told(*inside) if name.startswith("page.")} == expected


@pytest.mark.parametrize(
    ("locale", "sentence", "expected"),
    [
        ("en", "Objecting to your information being used for AI at Meta isn’t available where you live.", True),
        ("en", "The option to object to the use of your information for AI at Meta is not offered in your country.", True),
        ("en", "This form isn't provided in the country where you live.", True),
        ("en", "The right to object is currently unavailable in your region.", True),
        ("en", "People in your country can't use this form.", True),
        ("en", "We don't offer this form where you live.", True),
        ("en", "You cannot object to the use of your information for AI at Meta from your country.", True),
        ("en", "Your region (Australia) is not one of them, so you can't submit this form.", True),
        ("en", "Sorry, this form isn’t available in your country.", True),
        ("en", "We’re sorry, but this form isn't available in your country.", True),
        ("en", "Unfortunately, objecting isn't possible where you live.", True),
        ("fr", "Malheureusement, ce formulaire n'est pas disponible dans votre pays.", True),
        ("fr", "Ce formulaire n'est pas disponible là où vous vivez.", True),
        ("de", "Entschuldigung, dieses Formular ist in deinem Land nicht verfügbar.", True),
        ("de", "Dieses Formular ist dort, wo du lebst, derzeit nicht verfügbar.", True),
        ("es", "Lo sentimos, este formulario no está disponible en tu país.", True),
        ("it", "Siamo spiacenti, ma questo modulo non è disponibile nel tuo paese.", True),
        ("en", "Sorry if this form isn't available in your country.", False),
        ("en", "Sorry, AI at Meta isn't available in your country.", False),
        ("en", "Sorry, is it that this form isn't available in your country?", False),
        ("en", "Nobody is sorry that this form isn't available in your country.", False),
        ("en", "Your region is not one of them, so you can submit this form.", False),
        ("en", "This form is only offered in some countries and regions.", False),
        ("en", "This form isn't available in your country if you are under 18.", False),
        ("en", "If this form isn't available where you live, contact us.", False),
        ("en", "Messenger isn't offered in your region.", False),
        ("fr", "Ce formulaire est disponible là où vous vivez.", False),
        ("de", "Dieses Formular ist dort, wo du lebst, verfügbar.", False),
    ],
)  # fmt: skip
def test_who_may_not_object(locale: str, sentence: str, expected: bool) -> None:
    """The page says so of objecting, of the person's own place, and without a condition."""
    names = told(el("p", sentence), locale=locale)
    assert (NOT_OFFERED in names) is expected
    assert not (expected and UNCLEAR in names)


# -- English pages in a frame of another language

REFUSED = "This form isn't available in your region."
ELSEWHERE = "Where you live, you can't object to your information being used for AI at Meta with this form."
OTHER_WORDS = [
    ("he-IL", el("p", "כבר קיבלנו את ההתנגדות שלך.")),
    ("he-IL", el("p", f"{ELSEWHERE} התקבלה")),
    ("he-IL", el("div", el("p", "Wij hebben je bezwaar ontvangen."), lang="nl")),
    ("ja-JP", el("span", "受付済み")),
    ("el", el("p", "Η ένστασή σας έγινε δεκτή.")),
    ("nl-NL", el("p", "Ontvangen")),
    ("nl-NL", el("p", f"{ELSEWHERE} We hebben je bezwaar ontvangen.")),
    ("pl", el("p", "Twój sprzeciw został uwzględniony.")),
    ("fr-FR", el("p", "Vous vous êtes déjà opposé.")),
    ("de-DE", el("p", "Dein Widerspruch ist eingegangen.")),
    ("pt-BR", el("p", "Recebemos sua objeção.", lang="en")),
]


@pytest.mark.parametrize("locale", ["he-IL", "ar", "ja-JP", "nl-NL", "pl", "fr-FR", "de-DE", ""])
@pytest.mark.parametrize("declared", ["en-GB", ""])
@pytest.mark.parametrize("more", [(), (ELSEWHERE,), ("Please visit the Help Centre for more information.", "12345")])
def test_an_english_page_is_read_in_any_frame(locale: str, declared: str, more: tuple[str, ...]) -> None:
    """Whether or not the page says that this part of it is English."""
    inside = [el("p", text, lang=declared) for text in (REFUSED, *more)]
    assert NOT_OFFERED in told(*inside, locale=locale)


@pytest.mark.parametrize(("locale", "beside"), OTHER_WORDS)
def test_a_sentence_in_the_other_language_may_say_otherwise(locale: str, beside: Part) -> None:
    """It may be the answer to an objection: behind the English words or before them."""
    refused = el("p", REFUSED, lang="en")
    assert NOT_OFFERED not in told(refused, beside, locale=locale) | told(beside, refused, locale=locale)


@pytest.mark.parametrize("locale", ["he-IL", "ja-JP"])
def test_an_english_form_is_recognised_in_any_frame(locale: str) -> None:
    """Its title is the sourced one, and so is its button; not where a word of the other language stands beside it."""
    assert {SignalName.FORM_TITLE, SignalName.FORM_OPEN} <= told(form(), locale=locale)
    assert SignalName.FORM_TITLE not in told(form(), OTHER_WORDS[0][1], locale=locale)
    assert NOT_OFFERED not in told(el("p", "Your photos are yours.", lang="en"), locale=locale)


@pytest.mark.parametrize(("title", "is_open"), [(TITLE, True), ("Kontakt", False), ("Sprzeciw", False)])
def test_a_page_without_a_language_is_english_where_its_title_is(title: str, is_open: bool) -> None:
    """Of any other one nothing is known but that its words are missing."""
    found = read_form(form(), title=title, locale="")
    assert (found.form is not None) is is_open
    assert any(key.startswith("und:") for key in found.missing) is not is_open
