"""Words of a page: in its language and English, found by how they begin, and no otherwise than by whole expressions."""

from __future__ import annotations

import re

import pytest

from automation.core.errors import FlowError
from automation.text.labels import parse_labels
from automation.text.page_words import PageWords
from automation.text.templates import GAP, Templates, Word, beginnings, grouped, whole

LABELS = parse_labels(
    {
        "title": {
            "en": [{"names": ["Object"], "source": "a test"}, {"sentences": ["we will honour"], "source": "a test"}],
            "fr": [{"names": ["S'opposer", "Object"], "source": "the French page"}],
            "any": [{"names": ["Meta AI"], "source": "a test"}],
        },
        "doubt": {"en": [{"words": ["not"], "source": "a test"}], "de": [{"words": ["nicht"], "source": "a test"}]},
    },
    "a test",
)
FRENCH = PageWords.of(LABELS, "fr-CA")


def test_english_is_no_proof_on_a_page_in_another_language() -> None:
    """Without asking for English, a French page knows French words and those that are never translated."""
    assert set(FRENCH.names("title")) == {"s'opposer", "object", "meta ai"}
    assert FRENCH.find_sentence("title", "We will honour your objection") is None
    assert FRENCH.find_word("doubt", "This is not so") is None
    assert FRENCH.uncovered("title", "doubt") == ("fr-CA:doubt",)


def test_english_raises_doubts_everywhere() -> None:
    """With English, its words count too, after those of the page's own language."""
    near = FRENCH.with_english
    assert near.find_word("doubt", "This is not so") is not None
    assert near.find_sentence("title", "We will honour your objection") is not None
    assert near.names("title")["object"].source == "the French page"
    assert near.find_word("doubt", "Das ist nicht so") is None


@pytest.mark.parametrize(("locale", "found"), [("", {"meta ai"}), ("nl", {"meta ai"}), ("en", {"object", "meta ai"})])
def test_a_page_without_a_known_language_has_untranslated_words_alone(locale: str, found: set[str]) -> None:
    """Nothing is guessed where a page declares no language or one without words."""
    assert set(PageWords.of(LABELS, locale).names("title")) == found
    assert PageWords.of(LABELS, "").uncovered("doubt") == ("und:doubt",)


def test_words_can_be_sought_in_every_language_that_has_them() -> None:
    """A cookie dialog or a reply may be in any language."""
    assert FRENCH.wherever_known("doubt").find_word("doubt", "Das ist nicht so") is not None
    assert [words.locale for words in FRENCH.with_english.each()] == ["fr-CA", "en"]


def test_a_part_stands_for_the_words_listed_under_its_name() -> None:
    """`{part}` in a sentence is any of them, in the language of the sentence; a part without words is a mistake."""
    data = {
        "parts": {"request": {"en": ["your request", "your objection"]}},
        "refused": {"en": [{"sentences": ["{request} is refused"], "source": "a test"}]},
    }
    words = PageWords.of(parse_labels(data, "a test"), "en-GB")
    assert words.find_sentence("refused", "Your objection is refused.") is not None
    assert words.find_sentence("refused", "Your invoice is refused.") is None
    with pytest.raises(FlowError, match="request"):
        parse_labels({**data, "parts": {}}, "a test")
    with pytest.raises(FlowError, match="name"):  # a hole, which only what leaves answers alone may have
        parse_labels({"reply": {"accepted": {"en": [{"sentences": ["{name}, yes"], "source": "a test"}]}}}, "a test")


def compiled(text: str) -> re.Pattern[str]:
    """From a template to what fits it."""
    return re.compile(grouped(text, lambda plain: re.escape(plain).replace("…", GAP)) + r"(?!\w)")


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("we agree", {"we agree"}),
        ("we (will|shall) agree", {"we "}),
        ("(we|they) agree", {"we agree", "they agree"}),
        ("(we |)agree", {"we agree", "agree"}),
        ("((we|i) will |)agree", {"we will agree", "i will agree", "agree"}),
        ("(|…) agreed", {" agreed", ""}),
        ("… agreed", {""}),
        ("agree|ment", {"agree|ment"}),
        ("agreed) and", {"agreed) and"}),
        ("(we|they", {"we", "they"}),
        ("", {""}),
    ],
)
def test_a_text_that_fits_begins_as_its_template_says(template: str, expected: set[str]) -> None:
    """Alternatives at the front are told apart, and what is left open is open."""
    assert beginnings(template) == expected


TEMPLATES = (
    "we (have|will) honour(ed|) your objection",
    "(we |)agree",
    "(your|this) … is closed",
    "… was refused",
    "c++",
    "(|not )so",
    "a(b|bc)",
)


@pytest.mark.parametrize(
    "text",
    [
        "we have honoured your objection.",
        "we will honour your objections",
        "agree, then",
        "agreed",
        "disagree",
        "and agree",
        "_agree",
        "your long case is closed",
        "this was refused",
        "what a day. it was refused",
        "c++ is it",
        "so it is",
        "also",
        "not so",
        "abc",
        "abcd",
        "",
        "é agree",
        "éagree",
    ],
)
def test_sentences_are_found_as_by_one_expression_of_all(text: str) -> None:
    """At the start and in the midst, the same templates fit as where all of them are tried."""
    table = Templates.of(TEMPLATES, str.casefold, compiled)
    one_by_one = [(one, match.end()) for one in TEMPLATES if (match := compiled(one).match(text))]
    assert [(one, match.end()) for one, match in table.at_start(text)] == one_by_one
    whole = re.compile(rf"(?<!\w)(?:{'|'.join(compiled(one).pattern for one in TEMPLATES)})")
    assert table.anywhere(text) == (whole.search(text) is not None)


@pytest.mark.parametrize(
    ("word", "text", "stands"),
    [
        (Word("object", begins=True, ends=True), "i object.", True),
        (Word("object", begins=True, ends=True), "an objection", False),
        (Word("object", begins=True, ends=False), "an objection", True),
        (Word("object", begins=True, ends=False), "superobject", False),
        (Word("object", begins=False, ends=True), "superobject", True),
        (Word("object", begins=True, ends=True), "objects, and object", True),
        (Word("object", begins=True, ends=True), "object_1", False),
        (Word("c++", begins=True, ends=True), "in c++", True),
    ],
)
def test_a_word_stands_where_no_letter_goes_on(word: Word, text: str, stands: bool) -> None:
    """As a word of its own, unless it is the beginning or the end of one; every place in the text is looked at."""
    assert word.stands_in(text) is stands


def test_alternatives_may_stand_within_one_another() -> None:
    """Of several that fit the longest counts: what is left over would narrow the answer."""
    pattern = whole(["we (will (not |never |)|may )(honor|honor it)"])
    assert pattern.fullmatch("we will never honor it")
    assert pattern.fullmatch("we may honor")
    assert not pattern.fullmatch("we not honor")
