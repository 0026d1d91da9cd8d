"""Answers over time, as shapes to be drawn: a strip for one account, areas for all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from automation.core.results import Outcome
from automation.core.verdicts import Verdict
from automation.storage.changes import Change, FormChange
from automation.storage.history_rows import DayStanding

WIDTH, HEIGHT = 1000, 100
"""Of both drawings, in their own units; the page stretches them."""
_NARROWEST = 6
_MOST_DAYS = 180


@dataclass(frozen=True, slots=True)
class TimeSpan:
    """A time in which one verdict held."""

    verdict: Verdict
    since: datetime
    x: float
    width: float


@dataclass(frozen=True, slots=True)
class TimelineMark:
    """A moment at which the form had changed."""

    at: datetime
    x: float
    changes: tuple[FormChange, ...]


@dataclass(frozen=True, slots=True)
class Strip:
    """What was answered for one account, oldest first."""

    spans: tuple[TimeSpan, ...]
    marks: tuple[TimelineMark, ...]
    first: datetime
    last: datetime


@dataclass(frozen=True, slots=True)
class Area:
    """How many accounts stood so, from day to day."""

    outcome: Outcome
    points: str
    """As an SVG polygon takes them."""


@dataclass(frozen=True, slots=True)
class Areas:
    """All accounts over time."""

    areas: tuple[Area, ...]
    days: tuple[DayStanding, ...]
    most: int
    """Accounts at the top of the drawing."""


def strip_of(line: Sequence[Change]) -> Strip | None:
    """
    The strip of one account; None with fewer than two results, which make no line.

    Equal verdicts in a row are one span. The width is in proportion to time, but no span is too narrow to be seen.
    """
    if len(line) < 2:
        return None
    first, last = line[0].now.at, line[-1].now.at
    starts = [
        change
        for number, change in enumerate(line)
        if not number or change.now.verdict is not line[number - 1].now.verdict
    ]
    ends = [*(change.now.at for change in starts[1:]), last]
    lengths = [max((end - start.now.at) / timedelta(seconds=1), 0.0) for start, end in zip(starts, ends, strict=True)]
    room = WIDTH - _NARROWEST * len(starts)
    scale = room / sum(lengths) if sum(lengths) else 0.0
    spans, x = [], 0.0
    for start, length in zip(starts, lengths, strict=True):
        width = _NARROWEST + length * scale
        spans.append(TimeSpan(start.now.verdict, start.now.at, round(x, 2), round(width, 2)))
        x += width
    marks = tuple(
        TimelineMark(change.now.at, _place(change.now.at, spans, last), change.form_changes)
        for change in line
        if change.form_changes
    )
    return Strip(tuple(spans), marks, first, last)


def areas_of(days: Sequence[DayStanding]) -> Areas | None:
    """
    All accounts over time, one area an outcome, findings at the bottom; None for less than two days.

    Of very many days, only as many are drawn as can be told apart, the newest always among them.
    """
    if len(days) < 2:
        return None
    step = -(-len(days) // _MOST_DAYS)
    drawn = tuple(reversed(days[::-1][::step]))
    most = max(sum(day.outcomes.values()) for day in drawn) or 1
    start, length = drawn[0].day, (drawn[-1].day - drawn[0].day).days or 1
    across = [round(WIDTH * (day.day - start).days / length, 2) for day in drawn]
    below = [0.0] * len(drawn)
    areas = []
    for outcome in (Outcome.FINDING, Outcome.INCOMPLETE, Outcome.OK):
        above = [low + HEIGHT * day.outcomes.get(outcome, 0) / most for low, day in zip(below, drawn, strict=True)]
        if above != below:
            areas.append(Area(outcome, _polygon(across, below, above)))
        below = above
    return Areas(tuple(areas), drawn, most)


def _polygon(across: list[float], below: list[float], above: list[float]) -> str:
    """There along the upper edge and back along the lower; a number holds until it was counted anew."""
    there = _steps(across, above)
    back = _steps(across, below)
    return " ".join(f"{x:g},{round(HEIGHT - y, 2):g}" for x, y in (*there, *reversed(back)))


def _steps(across: list[float], heights: list[float]) -> list[tuple[float, float]]:
    points = [(across[0], heights[0])]
    for x, before, height in zip(across[1:], heights, heights[1:], strict=False):
        points += [(x, before), (x, height)]
    return points


def _place(at: datetime, spans: list[TimeSpan], last: datetime) -> float:
    """Where a moment lies: within its span, in proportion."""
    span, following = next(
        (span, spans[number + 1].since if number + 1 < len(spans) else last)
        for number, span in reversed(list(enumerate(spans)))
        if span.since <= at
    )
    length = (following - span.since) / timedelta(seconds=1)
    share = (at - span.since) / timedelta(seconds=1) / length if length else 0.0
    return round(span.x + span.width * min(max(share, 0.0), 1.0), 2)
