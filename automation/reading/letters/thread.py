"""
A thread of messages, read for what the service decided last, and for what of it nobody knows.

The steps: read each turn's sentences; see whether it concerns an objection; put the turns in order; find the latest
that answers; gather what keeps that from counting. The person's words count neither for nor against. A sentence of the
service that is neither sourced nor a closed part of a letter keeps every answer back, wherever it stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cmp_to_key, partial
from itertools import combinations, pairwise

from automation.page import Block
from automation.reading.letters.sentences import (
    DECISIONS,
    OBJECTING,
    OF_AI,
    Meaning,
    Sentence,
    first_word,
    is_known_title,
    names_topic,
    read_blocks,
)
from automation.reading.threads.authors import Speaker
from automation.reading.threads.turns import Turn
from automation.reading.threads.words import in_order
from automation.text.labels import Phrase
from automation.text.normalizing import fold
from automation.text.page_words import PageWords

SEVERAL = "several answers, and nothing says which came last"
_GREETED_BY_ALL = frozenset({"there", "customer", "user", "member", "everyone", "all", "{name}"})


@dataclass(frozen=True, slots=True)
class _ReadTurn:
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
        return tuple(sentence for sentence in said if sentence.part is None) or said

    @property
    def meanings(self) -> frozenset[Meaning]:
        """What it says."""
        return _meanings(self.answers)

    @property
    def decides(self) -> bool:
        """Whether the objection is accepted or refused in it."""
        return bool(self.meanings & DECISIONS)

    @property
    def only_acknowledges(self) -> bool:
        """Whether it says that something was received, and no more."""
        return bool(self.answers) and all(sentence.part is not None for sentence in self.answers)


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
        return _meanings(self.answers)


def _meanings(answers: Sequence[Sentence]) -> frozenset[Meaning]:
    return frozenset(sentence.meaning for sentence in answers if sentence.meaning is not None)


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
    own = _texts(turn for turn in turns if turn.speaker is Speaker.PERSON)
    called = frozenset(holder)
    read = [_read(turn, words, own, called) for turn in turns if turn.speaker is not Speaker.PERSON]
    told = _texts(each.turn for each in read)
    named = tuple(dict.fromkeys(filter(None, (*(turn.title for turn in turns[:1]), *titles))))
    sentences, around = [s for each in read for s in each.sentences], [*read_blocks(beside, words, called)]
    newest_first = latest_first(turns)
    latest, disorder = _latest(read, newest_first)
    # What stands above the messages, in them or beside them, that nobody knows.
    strange = [title for title in named if not is_known_title(title, words)]
    strange += [sentence.text for sentence in (*sentences, *around) if not sentence.known]
    strangers = [*_greets_another((*sentences, *around), holder)]
    # "Learn more about AI at Meta" and "Privacy Operations" stand beneath letters about anything.
    said = [sentence.text for sentence in sentences if sentence.part not in {"link", "signature"}]
    about = first_word(OF_AI, (*said, *named), words)
    reading = ThreadReading(
        doubts=tuple(dict.fromkeys((*disorder, *strange))),
        concerns=latest is not None or any(map(partial(names_topic, words=words), (*named, *told, *own))),
        at=max(filter(None, (turn.at for turn in turns)), default=None),
        about_ai=about or first_word(OF_AI, filter(lambda text: first_word(OBJECTING, [text], words), own), words),
        in_request=about is None,
        objecting=first_word(OBJECTING[:1], (*said, *named, *own), words) is not None,
        frame=first_word(("reply.frame",), told, words),
        asks_between=_asks_between(turns, newest_first),
        greets_another=bool(strangers),
    )
    if latest is None:
        return reading
    against = _against(latest, read, around, ordered=newest_first is not None)
    return replace(
        reading,
        answers=latest.answers,
        doubts=tuple(dict.fromkeys((*reading.doubts, *against, *strangers))),
        at=latest.turn.at,
        by_service=latest.turn.speaker is Speaker.SERVICE and latest.turn.named,
    )


def _texts(turns: Iterable[Turn]) -> list[str]:
    return [block.text for turn in turns for block in turn.blocks]


def _read(turn: Turn, words: PageWords, own: Sequence[str], holder: frozenset[str]) -> _ReadTurn:
    """
    A turn's sentences.

    Its title may stand over a message: it names what that is about, and is read with titles. What is quoted is nobody's
    answer; where it is not the person's own message, nothing says whose words these are.
    """
    blocks = [block for block in turn.blocks if not turn.title or fold(block.text) != fold(turn.title)]
    sentences = list(with_late_greetings(read_blocks(blocks, words, holder)))
    theirs = fold(" ".join(own))
    sentences += [Sentence(block.text) for block in blocks if block.quoted and fold(block.text) not in theirs]
    return _ReadTurn(turn, tuple(sentences))


def _latest(read: Sequence[_ReadTurn], newest_first: bool | None) -> tuple[_ReadTurn | None, list[str]]:
    """The latest turn that answers, and what of the order keeps it from counting."""
    telling = [each for each in read if each.answers]
    if not telling:
        return None, []
    order = by_time([each.turn for each in telling], newest_first)
    if order is None:
        return telling[-1], [SEVERAL] if len(frozenset[Meaning]().union(*(t.meanings for t in telling))) > 1 else []
    ordered = sorted(telling, key=lambda each: next(n for n, turn in enumerate(order) if turn is each.turn))
    decided = [each for each in ordered if each.decides]
    last = ordered[-1]
    if not decided or last.decides:
        return last, []
    # "We received your message", written by a machine, leaves an acceptance alone; after a refusal the person may have
    # objected anew, and anything else may have reopened the case.
    since = ordered[ordered.index(decided[-1]) + 1 :]
    accepted = decided[-1].meanings == {Meaning.ACCEPTED}
    alone = accepted and all(each.only_acknowledges for each in since)
    return decided[-1], [] if alone else [each.answers[0].text for each in since]


def _against(
    latest: _ReadTurn, read: Sequence[_ReadTurn], around: Sequence[Sentence], *, ordered: bool
) -> Iterator[str]:
    """Other answers in the same turn, beside it, or in a turn of which nobody knows that it is an earlier one."""
    if len(latest.meanings) > 1 or not _meanings(around) <= latest.meanings:
        yield SEVERAL
    for each in read:
        if each is latest or each.meanings in (frozenset(), latest.meanings) or each.only_acknowledges:
            continue
        undated = each.turn.at is None or latest.turn.at is None
        by_place = ordered and undated and each.turn.marked and latest.turn.marked
        if came_first(latest.turn, each.turn):
            yield each.answers[0].text
        elif came_first(each.turn, latest.turn) is None and not by_place:
            yield SEVERAL


def names_greeted(sentence: Sentence) -> AbstractSet[str]:
    """Parts of the name of somebody in particular whom a greeting greets, folded."""
    said = fold(sentence.name).strip(" ,.:!").split() if sentence.part == "greeting" else ()
    return {*said} - _GREETED_BY_ALL


def with_late_greetings(sentences: Iterable[Sentence]) -> Iterator[Sentence]:
    """The sentences of a turn; of a greeting by name behind what it says nobody knows whom it is about."""
    told = False
    for sentence in sentences:
        yield Sentence(sentence.text) if told and names_greeted(sentence) else sentence
        told = told or sentence.part is None or sentence.meaning is not None


def _greets_another(sentences: Iterable[Sentence], holder: AbstractSet[str]) -> Iterator[str]:
    """Greetings of somebody by a name that is not the holder's; where no name is known, nobody can tell."""
    known = {part for name in holder for part in fold(name).split()}
    for sentence in sentences:
        called = names_greeted(sentence)
        if known and not called <= known:
            yield sentence.text


def _asks_between(turns: Sequence[Turn], newest_first: bool | None) -> bool:
    """Whether the person wrote after the first message that may be the service's and before the last."""
    order = by_time(turns, newest_first) or turns
    own = [turn.speaker is Speaker.PERSON for turn in order if turn.blocks and turn.marked]
    theirs = [n for n, each in enumerate(own) if not each]
    return bool(theirs) and any(own[theirs[0] : theirs[-1]])


# -- which of two turns came first: by their dates, and where pages write "2 w" in place of one, by their ages ---------


def came_first(turn: Turn, other: Turn) -> bool | None:
    """Whether a turn came before another one; None where neither dates nor ages tell. One of each tells nothing."""
    if turn.at is not None and other.at is not None:
        return in_order(turn.at, other.at)
    if turn.age is not None and other.age is not None and turn.at is None and other.at is None:
        return turn.age.is_older(other.age)
    return None


def latest_first(turns: Sequence[Turn]) -> bool | None:
    """Whether the page shows the newest turn first; None where no two dates or ages tell."""
    placed = [turn for turn in turns if turn.at is not None] or [turn for turn in turns if turn.age is not None]
    orders = [came_first(one, next_one) for one, next_one in pairwise(placed)]
    ups, downs = orders.count(True), orders.count(False)
    return None if ups == downs else downs > ups


def by_time(turns: Sequence[Turn], newest_first: bool | None) -> list[Turn] | None:
    """Turns, oldest first; None where neither dates nor the page's order tell."""
    if all(came_first(one, other) is not None for one, other in combinations(turns, 2)):

        def compared(one: Turn, other: Turn) -> int:
            return -1 if came_first(one, other) else 1

        return sorted(turns, key=cmp_to_key(compared))
    if newest_first is None:
        return None
    return list(reversed(turns)) if newest_first else list(turns)
