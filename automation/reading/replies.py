"""
Reading what a service wrote: accepted, refused, under review, or not understood.

A wrong reading here is the worst fault of all, so it is narrow: only a sentence that *starts* with known words
counts, not one that quotes them, makes them depend on something, or takes them back. Everything else that
speaks of an objection makes the reading unclear, and unclear means no verdict.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from automation.text.labels import Phrase
from automation.text.normalizing import fold, fold_label, sentences

if TYPE_CHECKING:
    from automation.page import Block
    from automation.text.page_words import PageWords


class Meaning(StrEnum):
    """What a sentence of a service says about an objection."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    PENDING = "pending"
    MORE_INFORMATION = "more_information"


@dataclass(frozen=True, slots=True)
class Said:
    """One understood sentence."""

    meaning: Meaning
    sentence: str
    phrase: Phrase


@dataclass(frozen=True, slots=True)
class ReplyReading:
    """What a text says about an objection to AI training."""

    said: tuple[Said, ...] = ()
    concerns: bool = False
    """Whether it speaks of an objection, of AI, or of the department that answers objections."""
    speaks: bool = False
    """Whether it speaks of objecting, and not only of AI or of a request."""
    unclear: tuple[str, ...] = ()
    """Sentences that may say something about it and that are not understood."""
    names_ai: Phrase | None = None
    """Words that tie it to AI, where there are any."""
    frame: Phrase | None = None
    """A signature or heading that only such replies carry."""
    elsewhere: Phrase | None = None
    """Words that tie it to another subject: third parties, advertising, a removed post …"""


def read_text(blocks: Sequence[Block], words: PageWords, key: str = "reply") -> ReplyReading:
    """
    Read a text about an objection.

    Args:
        blocks: its paragraphs.
        words: the service's; the keys `{key}.accepted`, `.refused`, `.pending`, `.more_information` hold
            sentences, `objection.words`, `hedge.words`, `negation.words`, `elsewhere.words` and `ai.words` words.
        key: first part of the keys.
    """
    wide = words.with_english.also(*words.labels.languages(f"{key}.accepted"))
    own = words.or_english
    near, objecting = own.with_english, words.wherever_known("object.words")
    said: list[Said] = []
    unclear: list[str] = []
    doubts: list[str] = []
    speaks = concerns = False
    voices = _by_the_service(blocks, near)
    for sentence, starts, quoted in _sentences(replace(b, quoted=b.quoted or person) for b, person in voices):
        found = [hit for start in starts for hit in _meanings(start, wide, key)]
        # A title in another language than the page's may still be about it: there the sourced words count.
        objects = bool(near.find_word("objection.words", sentence) or objecting.find_word("object.words", sentence))
        speaks = speaks or objects
        concerns = concerns or objects or bool(found) or own.find_word("ai.words", sentence) is not None
        if found and not quoted and not any(hit.hedged for hit in found) and len({h.said.meaning for h in found}) == 1:
            said.append(found[0].said)
        elif found or _inside(sentence, wide, key) or (objects and quoted):
            unclear.append(sentence)
        elif near.find_word("withdrawal.words", sentence):
            doubts.append(sentence)
            if near.find_word("decision.words", sentence):
                unclear.append(sentence)
        elif near.find_word("decision.words", sentence) and near.find_word("negation.words", sentence):
            doubts.append(sentence)
    if not said and speaks:
        unclear.extend(doubts)
    if any(hit.meaning is Meaning.ACCEPTED for hit in said):
        # Nothing may stand beside an acceptance that is not known to leave it alone.
        known = {hit.sentence for hit in said}
        unclear.extend(_not_harmless(blocks, known, near, key))
    text = "\n".join(block.text for block in blocks)
    return ReplyReading(
        said=tuple(said),
        concerns=concerns,
        speaks=speaks,
        unclear=tuple(dict.fromkeys(unclear)),
        names_ai=wide.find_word("ai.topic", text),
        frame=wide.find_word("reply.frame", text),
        elsewhere=near.find_word("elsewhere.words", text),
    )


_THE_PERSON = frozenset({"you", "vous", "toi", "moi", "tu", "tú", "du", "sie", "me", "your message", "votre message"})
"""Lines that say who speaks in a conversation: what follows is the person's own text, not the service's."""


def _by_the_service(blocks: Sequence[Block], words: PageWords) -> Iterator[tuple[Block, bool]]:
    """Each block, and whether it is the person's own words in a conversation that names who speaks."""
    person = False
    for block in blocks:
        if fold_label(block.text) in _THE_PERSON:
            person = True
        elif words.find_word("reply.frame", block.text):
            person = False
        yield block, person


def _sentences(blocks: Iterable[Block]) -> Iterator[tuple[str, list[str], bool]]:
    """Each sentence, the places where it may start (a line break may or may not end one), and whether it is quoted."""
    for block in blocks:
        for sentence in sentences(block.text):
            lines = sentence.split("\n")
            starts = [" ".join(lines[i:]) for i in range(len(lines))]
            whole = starts[0]
            yield (
                whole,
                [part for start in starts for part in _without_greeting(start)],
                block.quoted or '"' in fold(whole) or whole.startswith(">"),
            )


_GREETINGS = ("hi ", "hello", "dear ", "bonjour", "hola", "ciao", "hallo", "guten tag", "buongiorno", "buenos")


def _without_greeting(sentence: str) -> list[str]:
    head, comma, tail = sentence.partition(",")
    if comma and len(head) <= 60 and fold(head).startswith(_GREETINGS):
        return [sentence, tail.strip()]
    return [sentence]


@dataclass(frozen=True, slots=True)
class _Hit:
    said: Said
    hedged: bool
    """Whether what follows makes it depend on something, or takes it back."""


def _meanings(start: str, words: PageWords, key: str) -> list[_Hit]:
    found = []
    for language in words.each():
        for meaning in Meaning:
            hit = language.find_sentence(f"{key}.{meaning}", start)
            if hit is not None:
                phrase, rest = hit
                found.append(
                    _Hit(Said(meaning, start, phrase), _hedged(meaning, rest, words.in_language(phrase.locale)))
                )
    return found


def _hedged(meaning: Meaning, rest: str, words: PageWords) -> bool:
    """
    Whether what follows the known words makes them depend on something, narrows them or takes them back.

    After an acceptance nothing may follow but what it applies to, and that must be AI or the public information
    that sources name. The other meanings are held less tightly: they promise nothing.
    """
    if meaning is Meaning.ACCEPTED:
        said = rest.strip(" .!,;:")
        known = words.with_english.find_sentence("reply.accepted_for", said) is not None
        narrowed = any(words.find_word(key, rest) for key in ("negation.words", "hedge.words"))
        about_ai = bool(words.find_word("scope.words", said.partition(" ")[0])) and bool(
            words.find_word("ai.topic", rest) or words.find_word("ai.words", rest)
        )
        return narrowed or not (said == "" or known or about_ai)
    cautions = ["hedge.words", "withdrawal.words"] if meaning is Meaning.REFUSED else ["negation.words"]
    if any(words.find_word(caution, rest) for caution in cautions):
        return meaning is not Meaning.REFUSED or not rest.strip().startswith(_REASONS)
    return _of_something_else(rest, words)


_REASONS = ("because", "as ", "since", "parce", "car ", "en raison", "weil", "da ", "porque", "perché")
"""What follows a refusal as its reason may say "not" and "if" as it likes."""


_MOST_WORDS_OF_A_LABEL = 3
_MOST_WORDS_OF_A_TITLE = 14
_MOST_WORDS_OF_A_DATE = 9
_DATE = re.compile(
    r"\d{1,2}\.?(?: de)? \w+\.?(?: de)? \d{4}|\w+ \d{1,2}, \d{4}|\d{1,4}[./-]\d{1,2}[./-]\d{1,4}|\d{1,2}:\d{2}"
)


def _not_harmless(blocks: Sequence[Block], known: AbstractSet[str], words: PageWords, key: str) -> list[str]:
    """
    Sentences that are neither understood nor known to mean nothing for the answer.

    Known to mean nothing: what `{key}.neutral` and `{key}.frame` list, a greeting, a title that names AI or
    objecting and no other subject, a date, and a few words without any "not", "if" or colon.
    """
    found = []
    for sentence, starts, _ in _sentences(blocks):
        if not (known & set(starts)) and not _harmless(sentence, starts, words, key):
            found.append(sentence)
    return found


def _harmless(sentence: str, starts: Sequence[str], words: PageWords, key: str) -> bool:
    folded = fold(sentence)
    length = len(folded.split())
    if folded.startswith(_GREETINGS) and length <= _MOST_WORDS_OF_A_DATE:
        return True
    wide = words.also(*words.labels.languages(f"{key}.neutral"))
    if any(wide.find_sentence(f"{key}.neutral", start) for start in starts):
        return not words.find_word("withdrawal.words", sentence)
    if any(fold_label(phrase.text) == fold_label(sentence) for phrase in words.phrases(f"{key}.frame")):
        return True
    if length <= _MOST_WORDS_OF_A_DATE and _DATE.search(folded):
        folded = sentence = _DATE.sub(" ", folded)  # May is a month before it is a doubt
    cautions = ("hedge.words", "negation.words", "withdrawal.words", "conditional.words")
    if folded.endswith(":") or any(words.find_word(caution, sentence) for caution in cautions):
        return False
    if len(folded.split()) <= _MOST_WORDS_OF_A_LABEL:
        return True
    ours = words.find_word("ai.topic", sentence) or words.find_word("objection.words", sentence)
    return (
        ours is not None
        and length <= _MOST_WORDS_OF_A_TITLE
        and not folded.endswith((".", "?", "!"))
        and not any(
            _of_something_else(rest, language)
            for language in words.each()
            for rest in (folded.partition("objection")[2], folded.partition("opposition")[2])
        )
    )


def _inside(sentence: str, words: PageWords, key: str) -> bool:
    """Whether known words stand somewhere in a sentence that does not start with them."""
    return any(words.holds_sentence(f"{key}.{meaning}", sentence) for meaning in (Meaning.ACCEPTED, Meaning.REFUSED))


def _of_something_else(rest: str, words: PageWords) -> bool:
    """Whether what follows names a subject ("to the removal of …") and that subject is not AI."""
    first = rest.strip().split(" ")[:1]
    named = bool(first) and words.find_word("scope.words", first[0]) is not None
    ours = ("ai.topic", "ai.words", "objection.words")
    return named and not any(words.find_word(key, rest) for key in ours)
