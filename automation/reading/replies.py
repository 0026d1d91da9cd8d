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
from enum import Enum, StrEnum, auto
from typing import TYPE_CHECKING

from automation.text.labels import Phrase
from automation.text.normalizing import fold, fold_label, sentences

if TYPE_CHECKING:
    from automation.page import Block
    from automation.reading.letter import LetterGrammar
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
    open: tuple[str, ...] = ()
    """Sentences that speak of it, decide nothing that is understood, and are no known part of a letter."""
    names_ai: Phrase | None = None
    """Words that tie it to AI, where there are any."""
    frame: Phrase | None = None
    """A signature or heading that only such replies carry."""
    elsewhere: Phrase | None = None
    """Words that tie it to another subject: third parties, advertising, a removed post …"""


def read_text(
    blocks: Sequence[Block], words: PageWords, key: str = "reply", letter: LetterGrammar | None = None
) -> ReplyReading:
    """
    Read a text about an objection.

    Args:
        blocks: its paragraphs.
        words: the service's; the keys `{key}.accepted`, `.refused`, `.pending`, `.more_information` hold
            sentences, `objection.words`, `hedge.words`, `negation.words`, `elsewhere.words` and `ai.words` words.
        key: first part of the keys.
        letter: of text that is known to be the service's own, how its letters are made. Only what belongs to no part
            of a letter, and says "not", "if" or that something is undone, then makes an answer unclear.
    """
    vocabulary = _Vocabulary(words, key, letter)
    looks = [_look(*piece, vocabulary) for piece in _sentences(_own_voice(blocks, vocabulary))]
    said = [look.said for look in looks if look.said is not None]
    doubts = [look.sentence for look in looks if look.kind is _Kind.DOUBT]
    unclear = [look.sentence for look in looks if look.kind is _Kind.UNCLEAR]
    speaks = any(look.objects for look in looks)
    supposed = [look.sentence for look in looks if look.kind is _Kind.SUPPOSED]
    if not said:
        unclear += [*supposed, *(doubts if speaks else ())]
    if any(hit.meaning is Meaning.ACCEPTED for hit in said):
        # Nothing may stand beside an acceptance that is not known to leave it alone.
        if letter is None:
            unclear += _not_harmless(blocks, {hit.sentence for hit in said}, vocabulary.near, key)
        else:
            unclear += [doubt for doubt in doubts if not letter.of_earlier(doubt)]
            unclear += supposed
    text = "\n".join(block.text for block in blocks)
    return ReplyReading(
        said=tuple(said),
        concerns=any(look.concerns for look in looks),
        speaks=speaks,
        unclear=tuple(dict.fromkeys(unclear)),
        open=tuple(look.sentence for look in looks if look.kind in {_Kind.OPEN, _Kind.DOUBT, _Kind.SUPPOSED}),
        names_ai=vocabulary.wide.find_word("ai.topic", text),
        frame=vocabulary.wide.find_word("reply.frame", text),
        elsewhere=vocabulary.near.find_word("elsewhere.words", text),
    )


class _Vocabulary:
    """The words of one text, in the languages in which each kind of word is looked for."""

    def __init__(self, words: PageWords, key: str, letter: LetterGrammar | None) -> None:
        self.key, self.letter = key, letter
        self.wide = words.with_english.also(*words.labels.languages(f"{key}.accepted"))
        self.own = words.or_english
        self.near = self.own.with_english
        self.objecting = words.wherever_known("object.words")
        """A title in another language than the page's may still be about it: there the sourced words count."""


class _Kind(Enum):
    """What one sentence does to the reading of a text."""

    SAID = auto()
    UNCLEAR = auto()
    DOUBT = auto()
    """It says "not" or "no longer" of a decision; it counts where nothing is said, or beside an acceptance."""
    SUPPOSED = auto()
    """Known words in a condition or a report: they answer nothing, and contradict an acceptance only."""
    OPEN = auto()
    NOTHING = auto()


@dataclass(frozen=True, slots=True)
class _Look:
    sentence: str
    kind: _Kind
    objects: bool
    concerns: bool
    said: Said | None = None


def _look(sentence: str, starts: Sequence[str], quoted: bool, vocabulary: _Vocabulary) -> _Look:
    near, letter, key = vocabulary.near, vocabulary.letter, vocabulary.key
    folded = fold(sentence)
    quoted = quoted or (folded.startswith('"') if letter is not None else '"' in folded)
    part = letter.part(sentence) if letter is not None else None
    if not quoted and vocabulary.wide.find_sentence(f"{key}.beside", sentence) is not None:
        part = part or "beside"
    found = [
        hit
        for start in (starts if letter is None else _with_leads(sentence, starts, letter, near))
        for hit in _meanings(start, vocabulary.wide, key, letter)
        if part != "survey" or hit.said.meaning is not Meaning.MORE_INFORMATION
    ]
    if letter is not None and not found:
        later = (place for start in starts for place in letter.decisions_may_start(start, plainly=False))
        hits = (hit for start in later for hit in _meanings(start, vocabulary.wide, key, letter))
        unasked = _PROMISES_NOTHING - ({Meaning.MORE_INFORMATION} if part == "survey" else set())
        found = [hit for hit in hits if hit.said.meaning in unasked]
    if letter is not None and not found:
        shorter = (_with_leads(start, [start], letter, near) for start in _without_scope(sentence, near))
        hits = (hit for starts in shorter for start in starts for hit in _meanings(start, vocabulary.wide, key, letter))
        found = [hit for hit in hits if hit.said.meaning is not Meaning.ACCEPTED]
    objects = bool(
        near.find_word("objection.words", sentence) or vocabulary.objecting.find_word("object.words", sentence)
    )
    concerns = objects or bool(found) or vocabulary.own.find_word("ai.words", sentence) is not None
    plain = not quoted and not any(hit.hedged for hit in found) and len({hit.said.meaning for hit in found}) == 1
    if plain:
        return _Look(sentence, _Kind.SAID, objects, concerns, found[0].said)
    known = bool(found) or _inside(sentence, vocabulary.wide, key)
    if letter is None:
        kind = _kind_of_any(sentence, near, known=known, quoted=quoted and objects, beside=part is not None)
    else:
        kind = _kind_in_letter(sentence, near, letter, part, known=known, quoted=quoted, objects=objects)
    return _Look(sentence, kind, objects, concerns)


def _kind_of_any(sentence: str, words: PageWords, *, known: bool, quoted: bool, beside: bool) -> _Kind:
    """What a sentence does whose writer is not known."""
    if beside:
        return _Kind.NOTHING
    if known or quoted:
        return _Kind.UNCLEAR
    decides = words.find_word("decision.words", sentence) is not None
    if words.find_word("withdrawal.words", sentence):
        return _Kind.UNCLEAR if decides else _Kind.DOUBT
    return _Kind.DOUBT if decides and words.find_word("negation.words", sentence) else _Kind.NOTHING


_NEVER_DECIDES = frozenset({"beside", "survey", "do_not_reply"})
"""Parts of a letter whose "not" and "if" are about the letter itself."""


def _kind_in_letter(
    sentence: str,
    words: PageWords,
    letter: LetterGrammar,
    part: str | None,
    *,
    known: bool,
    quoted: bool,
    objects: bool,
) -> _Kind:
    """What a sentence of the service's own letter does that decides nothing plainly."""
    if part in _NEVER_DECIDES or (quoted and not known):
        return _Kind.NOTHING
    if known and not quoted and letter.supposes(sentence) and not letter.undoing(sentence):
        return _Kind.SUPPOSED
    if known:
        return _Kind.UNCLEAR
    if letter.bears(sentence):
        decided = objects or words.find_word("decision.words", sentence) is not None
        return _Kind.UNCLEAR if decided and letter.undoes(sentence) else _Kind.DOUBT
    if part is None and (objects or letter.decides(sentence)):
        return _Kind.OPEN
    return _Kind.NOTHING


def _own_voice(blocks: Sequence[Block], vocabulary: _Vocabulary) -> Iterator[Block]:
    """The blocks; the user's own words, where lines between them say who speaks, count as quoted."""
    if vocabulary.letter is not None:
        yield from blocks
        return
    for block, person in _by_the_service(blocks, vocabulary.near):
        yield replace(block, quoted=block.quoted or person)


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
                block.quoted or whole.startswith(">"),
            )


_PROMISES_NOTHING = frozenset(Meaning) - {Meaning.ACCEPTED}
_CAUTIONS = ("hedge.words", "negation.words", "withdrawal.words", "conditional.words")
"""Keys of words that may make an answer depend on something, narrow it or take it back."""
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


def _with_leads(sentence: str, starts: Sequence[str], letter: LetterGrammar, words: PageWords) -> Iterator[str]:
    """The places where the decision of a service's own sentence may start."""
    yield from dict.fromkeys([*starts, *(letter.without_lead(start) for start in starts)])
    for without, inserted in letter.without_insertion(sentence):
        if not any(words.find_word(caution, inserted) for caution in _CAUTIONS) and not letter.undoing(inserted):
            yield from dict.fromkeys([without, letter.without_lead(without)])
    for start in starts:
        yield from letter.decisions_may_start(start)


def _without_scope(sentence: str, words: PageWords) -> Iterator[str]:
    """
    A sentence without what the objection is to, where that is AI: "your objection [to … AI at Meta] is being reviewed".

    Never for an acceptance: what is left out could narrow it.
    """
    folded = fold(sentence)
    for phrase in words.find_words("ai.topic", folded):
        end = folded.find(fold(phrase.text)) + len(fold(phrase.text))
        for gap in re.finditer(r" ", folded[: max(end - 1, 0)]):
            before, inserted = folded[: gap.start()], folded[gap.start() : end]
            scoped = words.find_word("scope.words", inserted.split()[0]) and words.find_word(
                "objection.words", before.split()[-1] if before else ""
            )
            others = (*_CAUTIONS, "elsewhere.words", "lookalike.words", "another.words")
            if scoped and not any(words.find_word(other, inserted) for other in others):
                yield f"{before}{folded[end:]}"


def _meanings(start: str, words: PageWords, key: str, letter: LetterGrammar | None = None) -> list[_Hit]:
    found = []
    for language in words.each():
        for meaning in Meaning:
            hit = language.find_sentence(f"{key}.{meaning}", start)
            if hit is not None:
                phrase, rest = hit
                hedged = _hedged(meaning, rest, words.in_language(phrase.locale), letter)
                found.append(_Hit(Said(meaning, start, phrase), hedged))
    return found


def _hedged(meaning: Meaning, rest: str, words: PageWords, letter: LetterGrammar | None = None) -> bool:
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
        if letter is not None and letter.whole(rest):
            return False
        if letter is not None and known:
            narrowed = letter.narrows(rest) or _narrowed(rest, words)
        return narrowed or not (said == "" or known or about_ai)
    if letter is not None and meaning in {Meaning.PENDING, Meaning.MORE_INFORMATION}:
        # "… and we can't give a date" is no answer; "… and can't process it" is one.
        negated = words.find_word("negation.words", rest) is not None
        return (negated and letter.acts(rest)) or letter.undoes(rest) or _of_something_else(rest, words)
    cautions = ["hedge.words", "withdrawal.words"] if meaning is Meaning.REFUSED else ["negation.words"]
    if any(words.find_word(caution, rest) for caution in cautions):
        return meaning is not Meaning.REFUSED or not rest.lstrip(" ,;:-").startswith(_REASONS)
    return _of_something_else(rest, words)


def _narrowed(rest: str, words: PageWords) -> bool:
    """Whether the clause right after an acceptance narrows it."""
    clause = re.split(r"[,;:.]| and | so | because ", rest, maxsplit=1)[0]
    return any(words.find_word(key, clause) for key in ("negation.words", "hedge.words"))


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
    if folded.endswith(":") or any(words.find_word(caution, folded) for caution in _CAUTIONS):
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
