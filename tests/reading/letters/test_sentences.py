"""What one sentence of a service is."""

from __future__ import annotations

import pytest

from automation.reading.letters.sentences import Meaning, names_topic, part_of, read_sentence, tables
from automation.reading.threads.words import LANGUAGES
from automation.text.labels import Labels, parse_labels
from automation.text.page_words import PageWords
from tests.reading.letters.builders import an_item

SERVICE = ("meta", "facebook", "instagram", "privacy operations")
ROWS = [
    (language, part, row["example"])
    for language in LANGUAGES
    for part, rows in tables()[language].items()
    if part not in {"lead", "topic"}
    for row in rows
]
UNKNOWN = [
    "I pressed the button for your neighbour's case by accident.",
    "The list you were put on has been retired.",
    "Hi objection withdrawn,",
    "Kind regards, and goodbye to your objection",
    "We'll honour your objection until May.",
    "We will honour your objection if a court agrees.",
    "We will honour your objection for this month's posts.",
    "Thank you for your patience, which is now over.",
    "This inbox cannot accept objections.",
    "Your case number is void.",
    '"We will honour your objection."',
    "« We will honour your objection. »",
    "„We will honour your objection.“",
    "Will we honour your objection?",
    "If we will honour your objection, we will tell you.",
    "Nous avons bien reçu votre message de retrait.",
    "Deine Fallnummer wurde einem anderen zugeteilt.",
]
ANSWERS = [
    ("We've reviewed your request and will honor your objection.", Meaning.ACCEPTED),
    ("We will honour your objection for your public information", Meaning.ACCEPTED),
    ("Unfortunately, we cannot honour your objection.", Meaning.REFUSED),
    ("We confirm that we will honor your objection.", Meaning.ACCEPTED),
    ("Vamos a aceptar tu objeción", Meaning.ACCEPTED),
    ("La tua richiesta verrà applicata d'ora in avanti.", Meaning.ACCEPTED),
    ("We have received your objection.", Meaning.PENDING),
    ("We need more information.", Meaning.MORE_INFORMATION),
]

SMUGGLED = [
    "not", "never", "not yet", "hardly", "no longer", "neither read nor", "wrongly", "by mistake", "for one week",
    "once you pay us", "if a court agrees", "provided that you leave,", "until Friday", "in part", "as a rehearsal",
    "for your neighbour, and not for you,", "on behalf of Rosa Fitzhugh", "as Rosa's agent", "said that nobody has",
    "for those who asked before you",
]  # fmt: skip
"""What may not fill a gap in "we have … honoured your objection"."""
RECORDED = parse_labels(
    {"reply": {"neutral": {"fi": [{"sentences": ["Hei {name},", "Lue lisää: {link}"], "source": "recorded"}]}}}, "fi"
)
"""What a person recorded in a language of which nobody knows the closed parts."""


@pytest.mark.parametrize("key", ["accepted", "refused", "pending", "more_information", "neutral"])
def test_nothing_is_smuggled_into_a_gap_of_an_answer(key: str) -> None:
    """Whatever a file of labels leaves open in an answer, or in what leaves answers alone, stays open."""
    labels = parse_labels(
        {"reply": {key: {"en": [{"sentences": ["we have … honoured your objection"], "source": "a test"}]}}}, "a test"
    )
    words = PageWords.of(labels, "en")
    told = [f"We have {smuggled} honoured your objection." for smuggled in SMUGGLED]
    assert [sentence for sentence in told if read_sentence(sentence, words).known] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_row_of_letter_parts_fits_its_example(language: str) -> None:
    """A row that does not fit its own example is no row."""
    wrong = [
        (part, example)
        for where, part, example in ROWS
        if where == language and part_of(example, language, SERVICE) != part
    ]
    assert not wrong


@pytest.mark.parametrize("text", UNKNOWN)
def test_a_sentence_with_one_word_that_no_source_has_is_not_known(text: str, meta_labels: Labels) -> None:
    """Whatever it resembles: it keeps every answer back."""
    assert not read_sentence(text, PageWords.of(meta_labels, "en")).known


@pytest.mark.parametrize(("text", "meaning"), ANSWERS)
def test_sourced_sentences_say_what_the_sources_say(text: str, meaning: Meaning, meta_labels: Labels) -> None:
    """With a lead before them and a sourced scope behind them, on a page in any language."""
    for locale in ("en", "fr", ""):
        assert read_sentence(text, PageWords.of(meta_labels, locale)).meaning is meaning


def test_no_closed_part_decides_anything(meta_labels: Labels) -> None:
    """A greeting, a reference or a signature never says that an objection is honoured or refused."""
    words = PageWords.of(meta_labels, "en")
    assert not [x for _, _, x in ROWS if read_sentence(x, words).meaning in {Meaning.ACCEPTED, Meaning.REFUSED}]


@pytest.mark.parametrize("language", LANGUAGES)
def test_at_most_sixty_words_tell_what_may_be_about_an_objection(language: str) -> None:
    """A list that grows decides more and more by itself."""
    assert 0 < len(tables()[language]["topic"]) <= 60


@pytest.mark.parametrize(
    ("text", "about"),
    [
        ("Your request was closed", True),
        ("KI bei Meta", True),
        ("We looked at what you asked us about AI", True),
        ("Your post was removed because it goes against our Community Standards", False),
        ("Ihr Konto wurde vorübergehend gesperrt", False),
        ("Nouvelle connexion depuis Lyon", False),
    ],
)
def test_an_item_is_about_something_else_only_without_any_word_for_it(
    text: str,
    about: bool,
    meta_labels: Labels,
) -> None:
    """Only such an item counts towards "nothing was answered"."""
    assert names_topic(text, PageWords.of(meta_labels, "en")) is about


FILLED = ["Hei Eero,", "Hei Eero Virtanen,", "Lue lisää: facebook.com/privacy/genai"]
SMUGGLED = [
    "Hei Objection Withdrawn,",
    "Hei Eero Objection Withdrawn,",
    "Hei Eero, Ended,",
    "Hei Eero, your objection has ended,",
    "Hei Claire,",
    "Hei eero,",
    "Hei,",
    "Lue lisää: your objection has ended",
    "Lue lisää: facebook.com/privacy your objection has ended",
    "Lue lisää: facebook.com/privacy?",
]


@pytest.mark.parametrize(("holder", "filled"), [("Eero Virtanen", FILLED), ("", FILLED[2:])])
def test_a_hole_in_a_recorded_sentence_holds_no_sentence(holder: str, filled: list[str]) -> None:
    """The account holder's own name, or an address; whatever else stands there keeps every answer back."""
    item = an_item(*FILLED, *SMUGGLED, labels=RECORDED, locale="fi", named="", holder=holder)
    assert [text for text in (*FILLED, *SMUGGLED) if text not in item.thread.doubts] == filled
