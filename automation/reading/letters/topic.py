"""Whether a text may be about this objection at all: the one question that a list of words answers, and a broad one."""

from __future__ import annotations

import re
from functools import lru_cache

from automation.reading.letters.sentences import LETTER_LANGUAGES, tables
from automation.text.normalizing import fold
from automation.text.page_words import PageWords

_OF_AI = ("ai.topic", "ai.words", "ai.subject")
_SOURCED = (*_OF_AI, "object.words", "objection.words")


def names_ai(text: str, words: PageWords) -> bool:
    """Whether a text holds a sourced word for AI, or the name of the office that answers objections to it."""
    known = words.also(*LETTER_LANGUAGES)
    return any(known.find_word(key, text) is not None for key in _OF_AI)


def speaks_of_objecting(text: str, words: PageWords) -> bool:
    """Whether a text holds a sourced word for AI or for objecting, as the list's own page may beside its items."""
    known = words.also(*LETTER_LANGUAGES)
    return any(known.find_word(key, text) is not None for key in _SOURCED)


def names_topic(text: str, words: PageWords) -> bool:
    """
    Whether a text holds a word for AI, objecting, training, or a use of what a person shared.

    The page's language counts, and those of letters: the answer may be in another one. What holds none is about
    something else.
    """
    return _topics().search(fold(text)) is not None or speaks_of_objecting(text, words)


@lru_cache(maxsize=1)
def _topics() -> re.Pattern[str]:
    rows = dict.fromkeys(row for language in LETTER_LANGUAGES for row in tables()[language]["topic"])
    ending = re.escape("*")
    return re.compile("|".join(rf"(?<!\w){re.escape(row).replace(ending, chr(92) + 'w*')}(?!\w)" for row in rows))
