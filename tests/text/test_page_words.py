"""The words of a page: its own language's, and English ones only where they are asked for."""

from __future__ import annotations

import pytest

from automation.core.errors import FlowError
from automation.text.labels import parse_labels
from automation.text.page_words import PageWords

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
