"""English pages of a service in a frame of another language: what they say counts, and whatever may say otherwise too."""

from __future__ import annotations

import pytest

from automation.domain.signals import SignalName
from automation.text.labels import Labels
from tests.reading.outline import Part, el
from tests.reading.test_form_page import EMAIL, TITLE, read_form

NOT_OFFERED = "This form isn't available in your region."
ELSEWHERE = "Where you live, you can't object to your information being used for AI at Meta with this form."
LOCALES = ["he-IL", "ar", "ja-JP", "nl-NL", "pl", "fr-FR", "de-DE"]
OTHER_WORDS = [
    ("he-IL", el("p", "כבר קיבלנו את ההתנגדות שלך.")),
    ("he-IL", el("p", f"{ELSEWHERE} התקבלה")),
    ("he-IL", el("div", el("p", "Wij hebben je bezwaar ontvangen."), lang="nl")),
    ("ar", el("p", "لقد تلقينا اعتراضك.")),
    ("ja-JP", el("span", "受付済み")),
    ("el", el("p", "Η ένστασή σας έγινε δεκτή.")),
    ("nl-NL", el("p", "We hebben je bezwaar ontvangen en zullen het respecteren.")),
    ("nl-NL", el("p", "Ontvangen")),
    ("nl-NL", el("p", f"{ELSEWHERE} We hebben je bezwaar ontvangen.")),
    ("pl", el("p", "Twój sprzeciw został uwzględniony.")),
    ("sv", el("p", "Din invändning har tagits emot.")),
    ("fr-FR", el("p", "Vous vous êtes déjà opposé.")),
    ("de-DE", el("p", "Dein Widerspruch ist eingegangen.")),
    ("pt-BR", el("p", "Recebemos sua objeção.", lang="en")),
]


def names(meta_labels: Labels, locale: str, *inside: Part) -> set[SignalName]:
    """What the page of the form proves in a language."""
    return {signal.name for signal in read_form(meta_labels, TITLE, *inside, locale=locale).signals}


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("declared", ["en", "en-GB", ""])
@pytest.mark.parametrize(
    "texts",
    [
        (NOT_OFFERED,),
        (NOT_OFFERED, ELSEWHERE),
        ("You can't use this form where you live.",),
        (NOT_OFFERED, "Please visit the Help Centre for more information.", "12345"),
    ],
)
def test_an_english_page_is_read_in_any_frame(
    meta_labels: Labels, locale: str, declared: str, texts: tuple[str, ...]
) -> None:
    """Whether or not the page says that this part of it is English."""
    inside = [el("p", text, **({"lang": declared} if declared else {})) for text in texts]
    assert SignalName.PAGE_NOT_OFFERED in names(meta_labels, locale, *inside)


@pytest.mark.parametrize(("locale", "beside"), OTHER_WORDS)
def test_a_sentence_in_the_other_language_may_say_otherwise(meta_labels: Labels, locale: str, beside: Part) -> None:
    """It may be the answer to an objection: behind the English words or before them."""
    told = el("p", NOT_OFFERED, lang="en")
    for inside in ((told, beside), (beside, told)):
        assert SignalName.PAGE_NOT_OFFERED not in names(meta_labels, locale, *inside)


@pytest.mark.parametrize("locale", ["he-IL", "ja-JP"])
def test_an_english_form_is_recognised_in_any_frame(meta_labels: Labels, locale: str) -> None:
    """Its title is the sourced one, and so is its button; not where a word of the other language stands beside it."""
    form = el("form", EMAIL, el("button", "Submit"))
    assert {SignalName.FORM_TITLE, SignalName.FORM_OPEN} <= names(meta_labels, locale, form)
    assert SignalName.FORM_TITLE not in names(meta_labels, locale, form, OTHER_WORDS[0][1])


@pytest.mark.parametrize("text", ["This page is not about that.", "Your photos are yours.", "התוכן אינו זמין"])
def test_english_words_alone_prove_nothing(meta_labels: Labels, text: str) -> None:
    """Only the words that a source gives do."""
    assert SignalName.PAGE_NOT_OFFERED not in names(meta_labels, "he-IL", el("p", text, lang="en"))
