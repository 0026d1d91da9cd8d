"""Threads, replies and looks for tests, with defaults."""

from __future__ import annotations

from datetime import UTC, datetime

from automation.core.looks import Look, Says
from automation.core.observations import Observation
from automation.core.signals import SignalName
from automation.page import Block, PageView
from automation.reading.letters.answers import Item, judge_item, kept_reply
from automation.reading.letters.thread import read_thread
from automation.reading.looks import look_of, questions_of
from automation.reading.threads.authors import Speaker
from automation.reading.threads.turns import Turn
from automation.text.labels import Labels
from automation.text.page_words import PageWords
from tests.reading.outline import page

SEEN_AT = datetime(2026, 12, 2, 9, tzinfo=UTC)
EMPTY: PageView = page()


def a_turn(
    text: str, by: Speaker = Speaker.SERVICE, day: str | None = "2026-05-03", *, named: bool = True, title: str = ""
) -> Turn:
    """A message; paragraphs are separated by blank lines."""
    blocks = tuple(Block(paragraph, quoted=False, node=-1) for paragraph in text.split("\n\n") if paragraph)
    at = datetime.fromisoformat(day) if day else None
    return Turn(by, blocks, at, marked=True, named=named, title=title)


def an_item(
    *turns: Turn | str,
    labels: Labels,
    locale: str = "en",
    named: str = "Your objection to AI at Meta",
    beside: tuple[str, ...] = (),
    holder: str = "",
) -> Item:
    """An opened item of an inbox."""
    words = PageWords.of(labels, locale)
    read = tuple(turn if isinstance(turn, Turn) else a_turn(turn) for turn in turns)
    blocks = tuple(Block(text, quoted=False, node=-1) for text in beside)
    names = frozenset({holder.casefold()} if holder else ())
    thread = read_thread(read, words, titles=(named,), beside=blocks, holder=names)
    return Item("inbox", thread, EMPTY, named=named, picture="item.png", turns=read, holder=names, beside=blocks)


def an_observation(*items: Item, labels: Labels, locale: str = "en", subject: str = "claire") -> Observation:
    """A visit that read these items, and every message of the inbox."""
    words = PageWords.of(labels, locale)
    judged = [(item, judge_item(item, words)) for item in items]
    replies = tuple(kept_reply(item, answer, words) for item, answer in judged if answer.signals or answer.missing)
    signals = [SignalName.IDENTITY_SAME.seen("home"), SignalName.INBOX_KNOWN.seen("inbox")]
    signals.append(SignalName.INBOX_WHOLE.seen("inbox"))
    signals += [signal for _, answer in judged for signal in answer.signals]
    return Observation("facebook.ai_objection", "1", subject, locale, signals=tuple(signals), replies=replies)


def a_look(observation: Observation, says: Says, labels: Labels, *, by: str = "Nora", only: bool = False) -> Look:
    """A look at the first thing that is open."""
    question = questions_of(observation, labels)[0]
    subject = observation.subject if only or question.is_own(says) else ""
    return look_of(question, says, flow=observation.flow, by=by, at=SEEN_AT, bundle="ab" * 32, subject=subject)


def answers_in(observation: Observation) -> set[str]:
    """What the replies of an observation say, without what ties them to the service and to AI."""
    beside = {SignalName.REPLY_ABOUT_AI, SignalName.REPLY_FRAME}
    return {s.name.value for s in observation.signals if s.name.value.startswith("reply.") and s.name not in beside}
