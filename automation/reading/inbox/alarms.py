"""What keeps the answer of a thread back, wherever it stands: what undoes it, and words that nobody vouches for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from automation.reading.threads.dates import find_date
from automation.reading.inbox.matter import names_it
from automation.reading.inbox.order import is_later
from automation.reading.inbox.other_uses import sets_ai_apart
from automation.reading.threads.authors import Speaker
from automation.reading.threads.turns import Turn
from automation.reading.meanings import Meaning
from automation.reading.narrowing import takes_away
from automation.reading.replies import ReplyReading
from automation.text.normalizing import fold_label, sentences

if TYPE_CHECKING:
    from automation.reading.letter import LetterGrammar
    from automation.text.page_words import PageWords

_WORD = re.compile(r"[^\W\d]+")
_MOST_WORDS_OF_A_POINT = 7
_DECIDED = frozenset({Meaning.ACCEPTED, Meaning.REFUSED})


@dataclass(frozen=True, slots=True)
class Heard:
    """A turn that is not the person's, and what it says."""

    turn: Turn
    text: ReplyReading

    @property
    def decisive(self) -> bool:
        """Whether it answers, or may."""
        return bool(self.text.said or self.text.unclear)


def alarms(
    turns: Sequence[Turn], heard: Sequence[Heard], latest: Heard | None, words: PageWords, letter: LetterGrammar
) -> tuple[str, ...]:
    """
    What keeps an answer back wherever it stands: a status or banner that undoes it, and words that nobody vouches for.

    A side alone, or an author who is not known to be the service, proves nothing without a signature of the service.

    Args:
        turns: all of the thread.
        heard: those that are not the person's.
        latest: the one that counts; None where none does.
        words: the service's, in the language of the page.
        letter: how its letters are made.
    """
    if latest is None:
        return ()
    accepted = any(said.meaning is Meaning.ACCEPTED for said in latest.text.said)
    found = [
        sentence
        for each in heard
        if not each.turn.marked and each is not latest
        for block in each.turn.blocks
        for sentence in sentences(block.text)
        if (letter.undoing(sentence) and not _says_no_more(sentence, latest, letter))
        or (accepted and _is_an_event(sentence, words) and takes_away(sentence))
    ]
    if decides(latest) and not latest.text.supersedes:
        found.extend(_undated_opposites(heard, latest))
    near = words.with_english
    if accepted and not any(names_it(("ai.topic", "ai.words"), s.whole or s.sentence, near) for s in latest.text.said):
        found.extend(s for each in heard for s in told(each.turn) if sets_ai_apart(s, near))
    unnamed = latest.turn.marked and not latest.turn.named and latest.text.frame is None
    unread = any(not each.turn.blocks and each.turn.marked and is_later(each.turn, latest.turn) for each in heard)
    if decides(latest) and (unnamed or unread):
        found.extend(said.sentence for said in latest.text.said)
    if not decides(latest):
        found.extend(_decisions_by_nobody(heard, near, letter))
        found.extend(told(turn)[-1] for turn in turns if _signed_by_the_service(turn, words))
    found.extend(_left_blank(latest.turn))
    lines = (line for block in latest.turn.blocks if not block.quoted for line in block.text.split("\n"))
    found.extend(
        line for line in lines if find_date(line, words.locale).dated and _is_short(line) and letter.undoing(line)
    )
    return tuple(found)


def _undated_opposites(heard: Sequence[Heard], latest: Heard) -> list[str]:
    """
    The opposite decision where no message says it and no date places it: in a banner, say.

    The harm: it is true now, and the answer in a message was true then.
    """
    beside = (each for each in heard if not each.turn.marked and each.turn.at is None and each.turn.age is None)
    opposite = _DECIDED - {said.meaning for said in latest.text.said}
    return [said.sentence for each in beside for said in each.text.said if said.meaning in opposite]


_PLACEHOLDER = re.compile(r"\{\{ ?\w+ ?\}\}|\[\[ ?\w+ ?\]\]|%[A-Z_]{3,}%|\$\{\w+\}|<<\w+>>")


def _left_blank(turn: Turn) -> list[str]:
    """The sentences of a message in which a place for a name was left blank: it is a template, and to nobody."""
    return [sentence for sentence in told(turn) if _PLACEHOLDER.search(sentence)]


def _is_short(line: str) -> bool:
    """Whether a line is no sentence: a point of a list of what happened."""
    return len(line.split()) <= _MOST_WORDS_OF_A_POINT and not line.rstrip().endswith((".", "!", "?"))


def _says_no_more(line: str, latest: Heard, letter: LetterGrammar) -> bool:
    """Whether a title only says in the words of the answer itself what that one undid: "We've reconsidered"."""
    answered = {word for sentence in told(latest.turn) for word in _WORD.findall(fold_label(sentence))}
    undid = any(letter.undoing(said.whole or said.sentence) for said in latest.text.said)
    return undid and answered.issuperset(_WORD.findall(fold_label(line)))


def _is_an_event(line: str, words: PageWords) -> bool:
    """Whether a line tells something that happened to the case: with a day, as a status, or naming the objection."""
    named = words.with_english.find_word("objection.words", line) or words.with_english.find_word("object.words", line)
    return named is not None or ":" in line or find_date(line, words.locale).dated


def _decisions_by_nobody(heard: Sequence[Heard], words: PageWords, letter: LetterGrammar) -> tuple[str, ...]:
    """
    Words of a decision about an objection in text that nobody is known to have written, beside an acknowledgement.

    The harm: the decision itself, in words that are not known, would be passed over.
    """
    return tuple(
        sentence
        for each in heard
        if each.turn.speaker is Speaker.UNKNOWN
        for block in each.turn.blocks
        if not block.quoted
        for sentence in sentences(block.text)
        if letter.decides(sentence)
        and words.find_word("objection.words", sentence) is not None
        and not letter.supposes(sentence)
        and letter.part(sentence) is None
    )


def _signed_by_the_service(turn: Turn, words: PageWords) -> bool:
    """
    Whether what counts as the person's, and has a date, ends with the service's own signature.

    The harm: on a page made otherwise than any known, an answer would be taken for what the person wrote, and an
    acknowledgement for the last word.
    """
    lines = [line for block in turn.blocks if not block.quoted for line in block.text.split("\n") if line.strip()]
    signatures = {fold_label(phrase.text) for phrase in words.with_english.phrases("reply.frame")}
    dated = turn.speaker is Speaker.PERSON and turn.at is not None
    return dated and bool(lines) and fold_label(lines[-1]) in signatures


def decides(heard: Heard) -> bool:
    """Whether a turn accepts or refuses."""
    return any(said.meaning in _DECIDED for said in heard.text.said)


def told(turn: Turn) -> list[str]:
    """The sentences of a turn, without what it quotes."""
    return [sentence for block in turn.blocks if not block.quoted for sentence in sentences(block.text)]
