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
    from automation.reading.letter import Letter
    from automation.text.labels import Labels


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
    open: tuple[str, ...] = ()
    """Sentences that speak of it, decide nothing that is understood, and are no known part of a letter."""
    names_ai: Phrase | None = None
    """Words that tie it to AI, where there are any."""
    frame: Phrase | None = None
    """A signature or heading that only such replies carry."""
    elsewhere: Phrase | None = None
    """Words that tie it to another subject: third parties, advertising, a removed post …"""


def read_text(
    blocks: Sequence[Block], labels: Labels, locale: str, key: str = "reply", letter: Letter | None = None
) -> ReplyReading:
    """
    Read a text about an objection.

    Args:
        blocks: its paragraphs.
        labels: the service's words; the keys `{key}.accepted`, `.refused`, `.pending`, `.more_information` hold
            sentences, `objection.words`, `hedge.words`, `negation.words`, `elsewhere.words` and `ai.words` words.
        locale: the page's language; English is always read too, because services answer in it.
        key: first part of the keys.
        letter: for text that is known to be the service's own: how its letters are made. Then only what belongs to
            no part of a letter, and says "not", "if" or that something is undone, makes an answer unclear.
    """
    locales = list(dict.fromkeys([locale, "en", *labels.languages(f"{key}.accepted")]))
    near = list(dict.fromkeys([locale or "en", "en"]))
    every = labels.languages("object.words")
    said: list[Said] = []
    unclear: list[str] = []
    undecided: list[str] = []
    doubts: list[str] = []
    speaks = concerns = False
    voices = _by_the_service(blocks, labels, near) if letter is None else ((block, False) for block in blocks)
    for sentence, starts, quoted in _sentences(replace(b, quoted=b.quoted or person) for b, person in voices):
        part = letter.part(sentence) if letter is not None else None
        found = [
            hit
            for start in (starts if letter is None else _with_leads(sentence, starts, letter, labels, near))
            for hit in _meanings(start, labels, locales, key, letter)
            if part != "survey" or hit.said.meaning is not Meaning.MORE_INFORMATION
        ]
        # A title in another language than the page's may still be about it: there the sourced words count.
        objects = _any(labels, "objection.words", near, sentence) or _any(labels, "object.words", every, sentence)
        speaks = speaks or objects
        concerns = concerns or objects or bool(found) or _any(labels, "ai.words", near[:1], sentence)
        if found and not quoted and not any(hit.hedged for hit in found) and len({h.said.meaning for h in found}) == 1:
            said.append(found[0].said)
        elif part is not None or (letter is not None and quoted and not found):
            continue
        elif found or _inside(sentence, labels, locales, key) or (objects and quoted):
            unclear.append(sentence)
        elif letter is not None and letter.undoes(sentence):
            (unclear if objects or _any(labels, "decision.words", near, sentence) else doubts).append(sentence)
        elif _any(labels, "withdrawal.words", near, sentence):
            doubts.append(sentence)
            if _any(labels, "decision.words", near, sentence):
                unclear.append(sentence)
        elif _any(labels, "decision.words", near, sentence) and _any(labels, "negation.words", near, sentence):
            doubts.append(sentence)
        elif letter is not None and (objects or letter.decides(sentence)):
            undecided.append(sentence)
    if not said and speaks:
        unclear.extend(doubts)
    if any(hit.meaning is Meaning.ACCEPTED for hit in said):
        # Nothing may stand beside an acceptance that is not known to leave it alone.
        known = {hit.sentence for hit in said}
        if letter is None:
            unclear.extend(strange(blocks, known, labels, near, key))
        else:
            unclear.extend(doubt for doubt in doubts if not letter.of_earlier(doubt))
            unclear.extend(_doubtful(blocks, known, labels, near, letter))
    text = "\n".join(block.text for block in blocks)
    return ReplyReading(
        said=tuple(said),
        concerns=concerns,
        speaks=speaks,
        unclear=tuple(dict.fromkeys(unclear)),
        open=tuple(dict.fromkeys([*undecided, *doubts])),
        names_ai=_first(labels.find_word("ai.topic", loc, text) for loc in locales),
        frame=_first(labels.find_word("reply.frame", loc, text) for loc in locales),
        elsewhere=_first(labels.find_word("elsewhere.words", loc, text) for loc in near),
    )


_THE_PERSON = frozenset({"you", "vous", "toi", "moi", "tu", "tú", "du", "sie", "me", "your message", "votre message"})
"""Lines that say who speaks in a conversation: what follows is the person's own text, not the service's."""


def _by_the_service(blocks: Sequence[Block], labels: Labels, locales: Sequence[str]) -> Iterator[tuple[Block, bool]]:
    """Each block, and whether it is the person's own words in a conversation that names who speaks."""
    person = False
    for block in blocks:
        if fold_label(block.text) in _THE_PERSON:
            person = True
        elif any(labels.find_word("reply.frame", locale, block.text) for locale in locales):
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


def _with_leads(
    sentence: str, starts: Sequence[str], letter: Letter, labels: Labels, locales: Sequence[str]
) -> Iterator[str]:
    """The places where the decision of a service's own sentence may start."""
    bare = dict.fromkeys([*starts, *(letter.without_lead(start) for start in starts)])
    yield from bare
    for rest in letter.clauses(sentence):
        lead = fold(sentence)[: -len(rest)]
        refused = any(labels.find_sentence("reply.refused", locale, rest) for locale in locales)
        if refused or not any(
            _any(labels, caution, locales, lead) for caution in ("hedge.words", "negation.words", "withdrawal.words")
        ):
            yield rest


def _meanings(start: str, labels: Labels, locales: Iterable[str], key: str, letter: Letter | None = None) -> list[_Hit]:
    found = []
    for locale in locales:
        for meaning in Meaning:
            hit = labels.find_sentence(f"{key}.{meaning}", locale, start)
            if hit is not None:
                phrase, rest = hit
                found.append(_Hit(Said(meaning, start, phrase), _hedged(meaning, rest, labels, phrase.locale, letter)))
    return found


def _hedged(meaning: Meaning, rest: str, labels: Labels, locale: str, letter: Letter | None = None) -> bool:
    """
    Whether what follows the known words makes them depend on something, narrows them or takes them back.

    After an acceptance nothing may follow but what it applies to, and that must be AI or the public information
    that sources name. The other meanings are held less tightly: they promise nothing.
    """
    if meaning is Meaning.ACCEPTED:
        words = rest.strip(" .!,;:")
        known = any(labels.find_sentence("reply.accepted_for", loc, words) for loc in (locale, "en"))
        narrowed = any(labels.find_word(key, locale, rest) for key in ("negation.words", "hedge.words"))
        about_ai = bool(labels.find_word("scope.words", locale, words.partition(" ")[0])) and bool(
            labels.find_word("ai.topic", locale, rest) or labels.find_word("ai.words", locale, rest)
        )
        return narrowed or not (words == "" or known or about_ai)
    if letter is not None and meaning in {Meaning.PENDING, Meaning.MORE_INFORMATION}:
        # "… and we can't give a date" is no answer; "… and can't process it" is one.
        negated = labels.find_word("negation.words", locale, rest) is not None
        return (negated and letter.acts(rest)) or letter.undoes(rest) or _of_something_else(rest, labels, locale)
    cautions = ["hedge.words", "withdrawal.words"] if meaning is Meaning.REFUSED else ["negation.words"]
    if any(labels.find_word(caution, locale, rest) for caution in cautions):
        return meaning is not Meaning.REFUSED or not rest.strip().startswith(_REASONS)
    return _of_something_else(rest, labels, locale)


_REASONS = ("because", "as ", "since", "parce", "car ", "en raison", "weil", "da ", "porque", "perché")
"""What follows a refusal as its reason may say "not" and "if" as it likes."""


_MOST_WORDS_OF_A_LABEL = 3
_MOST_WORDS_OF_A_TITLE = 14
_MOST_WORDS_OF_A_DATE = 9
_DATE = re.compile(
    r"\d{1,2}\.?(?: de)? \w+\.?(?: de)? \d{4}|\w+ \d{1,2}, \d{4}|\d{1,4}[./-]\d{1,2}[./-]\d{1,4}|\d{1,2}:\d{2}"
)


def strange(
    blocks: Sequence[Block], known: AbstractSet[str], labels: Labels, locales: Sequence[str], key: str
) -> list[str]:
    """
    Sentences that are neither understood nor known to mean nothing for the answer.

    Known to mean nothing: what `{key}.neutral` and `{key}.frame` list, a greeting, a title that names AI or
    objecting and no other subject, a date, and a few words without any "not", "if" or colon.
    """
    found = []
    for sentence, starts, _ in _sentences(blocks):
        if not (known & set(starts)) and not _harmless(sentence, starts, labels, locales, key):
            found.append(sentence)
    return found


def _doubtful(
    blocks: Sequence[Block], known: AbstractSet[str], labels: Labels, locales: Sequence[str], letter: Letter
) -> list[str]:
    """Sentences of the service's own letter that belong to no part of it and hold a "not", an "if" or an "undone"."""
    cautions = ("hedge.words", "negation.words", "withdrawal.words", "conditional.words")
    found = []
    for sentence, starts, quoted in _sentences(blocks):
        leads = set(_with_leads(sentence, starts, letter, labels, locales))
        if quoted or known & leads or letter.part(sentence) is not None or letter.of_earlier(sentence):
            continue
        text = fold(sentence)
        if len(text.split()) <= _MOST_WORDS_OF_A_DATE and _DATE.search(text):
            text = _DATE.sub(" ", text)  # May is a month before it is a doubt
        if letter.undoes(sentence) or any(_any(labels, caution, locales, text) for caution in cautions):
            found.append(sentence)
    return found


def _harmless(sentence: str, starts: Sequence[str], labels: Labels, locales: Sequence[str], key: str) -> bool:
    folded = fold(sentence)
    words = len(folded.split())
    if folded.startswith(_GREETINGS) and words <= _MOST_WORDS_OF_A_DATE:
        return True
    every = dict.fromkeys([*locales, *labels.languages(f"{key}.neutral")])
    if any(labels.find_sentence(f"{key}.neutral", loc, start) for loc in every for start in starts):
        return not _any(labels, "withdrawal.words", locales, sentence)
    if any(fold_label(p.text) == fold_label(sentence) for loc in locales for p in labels.phrases(f"{key}.frame", loc)):
        return True
    if words <= _MOST_WORDS_OF_A_DATE and _DATE.search(folded):
        folded = sentence = _DATE.sub(" ", folded)  # May is a month before it is a doubt
    cautions = ("hedge.words", "negation.words", "withdrawal.words", "conditional.words")
    if folded.endswith(":") or any(_any(labels, caution, locales, sentence) for caution in cautions):
        return False
    if len(folded.split()) <= _MOST_WORDS_OF_A_LABEL:
        return True
    ours = _any(labels, "ai.topic", locales, sentence) or _any(labels, "objection.words", locales, sentence)
    return (
        ours
        and words <= _MOST_WORDS_OF_A_TITLE
        and not folded.endswith((".", "?", "!"))
        and not any(
            _of_something_else(rest, labels, loc)
            for loc in locales
            for rest in (folded.partition("objection")[2], folded.partition("opposition")[2])
        )
    )


def _inside(sentence: str, labels: Labels, locales: Iterable[str], key: str) -> bool:
    """Whether known words stand somewhere in a sentence that does not start with them."""
    return any(
        labels.holds_sentence(f"{key}.{meaning}", locale, sentence)
        for locale in locales
        for meaning in (Meaning.ACCEPTED, Meaning.REFUSED)
    )


def _of_something_else(rest: str, labels: Labels, locale: str) -> bool:
    """Whether what follows names a subject ("to the removal of …") and that subject is not AI."""
    first = rest.strip().split(" ")[:1]
    named = bool(first) and labels.find_word("scope.words", locale, first[0]) is not None
    ours = ("ai.topic", "ai.words", "objection.words")
    return named and not any(labels.find_word(key, locale, rest) for key in ours)


def _any(labels: Labels, key: str, locales: Iterable[str], text: str) -> bool:
    return any(labels.find_word(key, locale, text) for locale in locales)


def _first(found: Iterable[Phrase | None]) -> Phrase | None:
    return next((phrase for phrase in found if phrase is not None), None)
