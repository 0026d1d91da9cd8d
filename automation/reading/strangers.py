"""Text whose writer is not known: nothing may stand beside an acceptance that is not known to leave it alone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import TYPE_CHECKING

from automation.reading.decisions import CAUTIONS, sentences_of
from automation.reading.hedging import of_something_else
from automation.text.normalizing import fold, fold_label

if TYPE_CHECKING:
    from automation.page import Block
    from automation.text.page_words import PageWords

_GREETINGS = ("hi ", "hello", "dear ", "bonjour", "hola", "ciao", "hallo", "guten tag", "buongiorno", "buenos")
_MOST_WORDS_OF_A_LABEL = 3
_MOST_WORDS_OF_A_TITLE = 14
_MOST_WORDS_OF_A_DATE = 9
_DATE = re.compile(
    r"\d{1,2}\.?(?: de)? \w+\.?(?: de)? \d{4}|\w+ \d{1,2}, \d{4}|\d{1,4}[./-]\d{1,2}[./-]\d{1,4}|\d{1,2}:\d{2}"
)
_THE_PERSON = frozenset({"you", "vous", "toi", "moi", "tu", "tú", "du", "sie", "me", "your message", "votre message"})
"""Lines that say who speaks in a conversation: what follows is the person's own text, not the service's."""


def own_voice(blocks: Sequence[Block], words: PageWords) -> Iterator[Block]:
    """The blocks; the user's own words, where lines between them say who speaks, count as quoted."""
    for block, person in _by_the_service(blocks, words):
        yield replace(block, quoted=block.quoted or person)


def _by_the_service(blocks: Sequence[Block], words: PageWords) -> Iterator[tuple[Block, bool]]:
    """Each block, and whether it is the person's own words in a conversation that names who speaks."""
    person = False
    for block in blocks:
        if fold_label(block.text) in _THE_PERSON:
            person = True
        elif words.find_word("reply.frame", block.text):
            person = False
        yield block, person


def not_harmless(blocks: Sequence[Block], known: AbstractSet[str], words: PageWords, key: str) -> list[str]:
    """
    Sentences that are neither understood nor known to mean nothing for the answer.

    Known to mean nothing: what `{key}.neutral` and `{key}.frame` list, a greeting, a title that names AI or
    objecting and no other subject, a date, and a few words without any "not", "if" or colon.
    """
    found = []
    for sentence, starts, _ in sentences_of(blocks):
        if not (known & set(starts)) and not _harmless(sentence, starts, words, key):
            found.append(sentence)
    return found


def _without_date(text: str) -> str:
    """A short line without its date: May is a month before it is a doubt."""
    return _DATE.sub(" ", text) if len(text.split()) <= _MOST_WORDS_OF_A_DATE else text


def _harmless(sentence: str, starts: Sequence[str], words: PageWords, key: str) -> bool:
    folded = fold(sentence)
    length = len(folded.split())
    if folded.startswith(_GREETINGS) and length <= _MOST_WORDS_OF_A_DATE:
        return True
    wide = words.also(*words.labels.languages(f"{key}.neutral"))
    if wide.find_sentence(f"{key}.beside", sentence) is not None:
        return True
    if any(wide.find_sentence(f"{key}.neutral", start) for start in starts):
        return not words.find_word("withdrawal.words", sentence)
    if any(fold_label(phrase.text) == fold_label(sentence) for phrase in words.phrases(f"{key}.frame")):
        return True
    folded = _without_date(folded)
    if folded.endswith(":") or any(words.find_word(caution, folded) for caution in CAUTIONS):
        return False
    if len(folded.split()) <= _MOST_WORDS_OF_A_LABEL:
        return True
    ours = words.find_word("ai.topic", sentence) or words.find_word("objection.words", sentence)
    return (
        ours is not None
        and length <= _MOST_WORDS_OF_A_TITLE
        and not folded.endswith((".", "?", "!"))
        and not any(
            of_something_else(rest, language)
            for language in words.each()
            for rest in (folded.partition("objection")[2], folded.partition("opposition")[2])
        )
    )
