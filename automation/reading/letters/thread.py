"""
A thread of messages, read for what the service decided last, and for what of it nobody knows.

The steps: read each turn's sentences; see whether it concerns an objection; put the turns in order; find the latest
that answers; gather what keeps that from counting. The person's words count neither for nor against. A sentence of the
service that is neither sourced nor a closed part of a letter keeps every answer back, wherever it stands.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime

from automation.page import Block
from automation.reading.letters.order import by_time, came_first, is_later, latest_first
from automation.reading.letters.sentences import (
    DECISIONS,
    LETTER_LANGUAGES,
    Meaning,
    Sentence,
    is_known_title,
    read_blocks,
)
from automation.reading.letters.topic import names_topic
from automation.reading.threads.authors import Speaker
from automation.reading.threads.turns import Turn
from automation.text.labels import Phrase
from automation.text.normalizing import fold
from automation.text.page_words import PageWords

SEVERAL = "several answers, and nothing says which came last"
_OF_AI = ("ai.topic", "ai.subject", "ai.words")
_OBJECTING = ("objection.words", "object.words")
_GREETED_BY_ALL = frozenset({"there", "customer", "user", "member", "everyone", "all", "{name}"})


@dataclass(frozen=True, slots=True)
class ReadTurn:
    """One turn that may be the service's, with what its sentences are."""

    turn: Turn
    sentences: tuple[Sentence, ...]

    @property
    def answers(self) -> tuple[Sentence, ...]:
        """
        The sentences that answer.

        An acknowledgement beside any other answer tells nothing: every letter may begin with one.
        """
        said = tuple(sentence for sentence in self.sentences if sentence.meaning is not None)
        told = tuple(sentence for sentence in said if sentence.part is None)
        return told or said

    @property
    def meanings(self) -> frozenset[Meaning]:
        """What it says."""
        return frozenset(sentence.meaning for sentence in self.answers if sentence.meaning is not None)

    @property
    def decides(self) -> bool:
        """Whether the objection is accepted or refused in it."""
        return bool(self.meanings & DECISIONS)

    @property
    def only_acknowledges(self) -> bool:
        """Whether it says that something was received, and no more."""
        return bool(self.answers) and all(sentence.part is not None for sentence in self.answers)

    @property
    def unknown(self) -> tuple[str, ...]:
        """What nobody knows."""
        return tuple(sentence.text for sentence in self.sentences if not sentence.known)


@dataclass(frozen=True, slots=True)
class ThreadReading:
    """What the service said last in a thread, and how that is known."""

    answers: tuple[Sentence, ...] = ()
    """Those of the latest turn that answers."""
    doubts: tuple[str, ...] = ()
    """What keeps them from counting: sentences that nobody knows, or why the order cannot be told."""
    concerns: bool = False
    """Whether its title or anything in it, the person's words too, may be about this objection."""
    at: datetime | None = None
    """When that turn was written, as the page shows it, without a time zone; where none answers, the last date."""
    by_service: bool = False
    """Whether a name or line on the page says that the deciding words are the service's."""
    about_ai: Phrase | None = None
    """Words that tie the service's words, its title or the request to AI."""
    in_request: bool = False
    """Whether those stand in the title or the person's own words alone."""
    objecting: bool = False
    """Whether the title, the answer or the request speaks of objecting."""
    frame: Phrase | None = None
    """A signature or heading that only such replies carry."""
    asks_between: bool = False
    """Whether the person wrote between two turns of the service: what the later one means hangs on that."""
    greets_another: bool = False
    """Whether a message greets somebody who is not the account's holder."""

    @property
    def meanings(self) -> frozenset[Meaning]:
        """What the latest turn that answers says."""
        return frozenset(sentence.meaning for sentence in self.answers if sentence.meaning is not None)


def read_thread(
    turns: Sequence[Turn],
    words: PageWords,
    *,
    titles: Sequence[str] = (),
    beside: Sequence[Block] = (),
    holder: AbstractSet[str] = frozenset(),
) -> ThreadReading:
    """
    Read a thread's turns.

    Args:
        turns: in the order of the page.
        words: the service's, in the language of the page.
        titles: what the list calls it, and what stands above it.
        beside: what stands beside the messages on the same page: statuses, notices, a case's data.
        holder: names of the account's holder, folded.
    """
    own = [block.text for turn in turns if turn.speaker is Speaker.PERSON for block in turn.blocks]
    read = [_read(turn, words, own) for turn in turns if turn.speaker is not Speaker.PERSON]
    told = [block.text for each in read for block in each.turn.blocks]
    named = tuple(dict.fromkeys(filter(None, (*(turn.title for turn in turns[:1]), *titles))))
    around = [sentence for block in beside for sentence in read_blocks([block], words)]
    latest, disorder = _latest(read, latest_first(turns))
    doubts = [*disorder, *_strange(read, around, named, words)]
    strangers = [*_greets_another(read, holder)]
    if latest is not None:
        doubts += [*_against(latest, read, around, ordered=latest_first(turns) is not None), *strangers]
    # "Learn more about AI at Meta" and "Privacy Operations" stand beneath letters about anything.
    said = [s.text for each in read for s in each.sentences if s.part not in {"link", "signature"}]
    about = _first_word(_OF_AI, (*said, *named), words)
    in_request = about is None
    about = about or _first_word(_OF_AI, [text for text in own if _first_word(_OBJECTING, [text], words)], words)
    return ThreadReading(
        answers=latest.answers if latest is not None else (),
        doubts=tuple(dict.fromkeys(doubts)),
        concerns=any(each.answers for each in read) or any(names_topic(text, words) for text in (*named, *told, *own)),
        at=latest.turn.at if latest is not None else _last_date(turns),
        by_service=latest is not None and latest.turn.speaker is Speaker.SERVICE and latest.turn.named,
        about_ai=about,
        in_request=in_request,
        objecting=_first_word(_OBJECTING[:1], (*said, *named, *own), words) is not None,
        frame=_first_word(("reply.frame",), told, words),
        asks_between=_asks_between(turns),
        greets_another=bool(strangers),
    )


def service_turns(turns: Sequence[Turn]) -> list[Turn]:
    """The turns that are or may be the service's, oldest first as far as that is known."""
    theirs = [turn for turn in turns if turn.speaker is not Speaker.PERSON]
    ordered = by_time(theirs, latest_first(turns))
    return theirs if ordered is None else ordered


def _read(turn: Turn, words: PageWords, own: Sequence[str]) -> ReadTurn:
    """
    A turn's sentences.

    Its title may stand over a message: it names what that is about, and is read with titles. What is quoted is nobody's
    answer; where it is not the person's own message, nothing says whose words these are.
    """
    blocks = [block for block in turn.blocks if not turn.title or fold(block.text) != fold(turn.title)]
    sentences = list(read_blocks(blocks, words))
    theirs = fold(" ".join(own))
    sentences += [Sentence(block.text) for block in blocks if block.quoted and fold(block.text) not in theirs]
    return ReadTurn(turn, tuple(sentences))


def _latest(read: Sequence[ReadTurn], newest_first: bool | None) -> tuple[ReadTurn | None, list[str]]:
    """The latest turn that answers, and what of the order keeps it from counting."""
    telling = [each for each in read if each.answers]
    if not telling:
        return None, []
    order = by_time([each.turn for each in telling], newest_first)
    if order is None:
        meanings = {meaning for each in telling for meaning in each.meanings}
        return telling[-1], [SEVERAL] if len(meanings) > 1 else []
    ordered = sorted(telling, key=lambda each: next(n for n, turn in enumerate(order) if turn is each.turn))
    decided = [each for each in ordered if each.decides]
    last = ordered[-1]
    if not decided or last.decides:
        return last, []
    # "We received your message", written by a machine, leaves an acceptance alone; after a refusal the person may have
    # objected anew, and anything else may have reopened the case.
    since = ordered[ordered.index(decided[-1]) + 1 :]
    accepted = decided[-1].meanings == {Meaning.ACCEPTED}
    if accepted and all(each.only_acknowledges for each in since):
        return decided[-1], []
    return decided[-1], [each.answers[0].text for each in since]


def _against(latest: ReadTurn, read: Sequence[ReadTurn], around: Sequence[Sentence], *, ordered: bool) -> Iterator[str]:
    """Other answers in the same turn, beside it, or in a turn of which nobody knows that it is an earlier one."""
    if len(latest.meanings) > 1:
        yield SEVERAL
    if any(sentence.meaning is not None and sentence.meaning not in latest.meanings for sentence in around):
        yield SEVERAL
    for each in read:
        if each is latest or not each.meanings or each.meanings == latest.meanings or each.only_acknowledges:
            continue
        undated = each.turn.at is None or latest.turn.at is None
        by_place = ordered and undated and each.turn.marked and latest.turn.marked
        if is_later(each.turn, latest.turn):
            yield each.answers[0].text
        elif came_first(each.turn, latest.turn) is None and not by_place:
            yield SEVERAL


def _strange(
    read: Sequence[ReadTurn], around: Sequence[Sentence], titles: Sequence[str], words: PageWords
) -> Iterator[str]:
    """What the service wrote, above the messages, in them or beside them, that nobody knows."""
    for title in titles:
        if not is_known_title(title, words):
            yield title
    for each in read:
        yield from each.unknown
    yield from (sentence.text for sentence in around if not sentence.known)


def _greets_another(read: Sequence[ReadTurn], holder: AbstractSet[str]) -> Iterator[str]:
    """Greetings of somebody by a name that is not the holder's; where no name is known, nobody can tell."""
    known = {part for name in holder for part in fold(name).split()}
    for each in read:
        for sentence in each.sentences:
            called = set(fold(sentence.name).strip(" ,.:!").split())
            if sentence.part == "greeting" and known and called - _GREETED_BY_ALL and not called & known:
                yield sentence.text


def _first_word(keys: Sequence[str], texts: Sequence[str], words: PageWords) -> Phrase | None:
    near = words.also(*LETTER_LANGUAGES)  # a message seldom says its language
    found = (near.find_word(key, text) for key in keys for text in texts)
    return next((phrase for phrase in found if phrase is not None), None)


def _asks_between(turns: Sequence[Turn]) -> bool:
    """Whether the person wrote after the first message that may be the service's and before the last."""
    order = by_time(list(turns), latest_first(turns))
    marked = [turn for turn in (turns if order is None else order) if turn.blocks and turn.marked]
    placed = [turn.speaker is Speaker.PERSON for turn in marked]
    theirs = [n for n, own in enumerate(placed) if not own]
    return any(own for n, own in enumerate(placed) if theirs and theirs[0] < n < theirs[-1])


def _last_date(turns: Sequence[Turn]) -> datetime | None:
    return max((turn.at for turn in turns if turn.at is not None), default=None)
