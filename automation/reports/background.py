"""What is known of accounts beside the results of one run: their past, and what people decided or said about them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING

from automation.core.accounts import Account
from automation.core.cases import Case
from automation.core.policy import (
    Exemption,
    ForeignReading,
    OutcomeReason,
    Policy,
    Ruling,
    Statement,
    judge_outcome,
)
from automation.core.results import Outcome, Result
from automation.core.verdicts import Verdict
from automation.reports.unmet import Unmet
from automation.storage.changes import Change, FormChange, compare
from automation.storage.history_rows import DayStanding

if TYPE_CHECKING:
    from automation.storage.history import History

FULL_UP_TO = 400
"""With more accounts than this, forms, pictures and files stay in the evidence folders: no browser enjoys 100 MB."""
_EXEMPT = frozenset({OutcomeReason.EXEMPT, OutcomeReason.EXEMPTION_EXPIRED})


@dataclass(frozen=True, slots=True)
class Background:
    """By account, and over all. Every part may be missing: a report says only what it knows."""

    changes: Mapping[str, Change] = field(default_factory=dict)
    timelines: Mapping[str, tuple[Change, ...]] = field(default_factory=dict)
    """Oldest first, the present result last."""
    days: tuple[DayStanding, ...] = ()
    """Oldest first; days on which nothing was checked are left out."""
    rulings: Mapping[str, Ruling] = field(default_factory=dict)
    """What made each outcome, where it is more than what the account expects."""
    answers: Mapping[str, tuple[Statement, ...]] = field(default_factory=dict)
    """What people said, oldest first. Never evidence of the program's own."""
    cases: Mapping[str, tuple[Case, ...]] = field(default_factory=dict)
    """The objections that were filed, oldest first."""
    absent: tuple[str, ...] = ()
    """Accounts that the configuration names and that no run of the report has looked at."""
    called: Mapping[str, str] = field(default_factory=dict)
    """What people call it; accounts that nobody gave a name are left out."""
    known: Mapping[str, Result] = field(default_factory=dict)
    """The last answer of accounts whose result leaves it as it was: nothing was read (`stored.last_known`)."""
    authors: tuple[Account, ...] = ()
    """Who writes for Pages, as configured; those without a result here make their Page no better than unknown."""

    unmet: Mapping[str, tuple[Unmet, ...]] = field(default_factory=dict)
    """What the pages of an unknown answer did not show; nothing of accounts beyond `FULL_UP_TO`."""
    foreign: tuple[ForeignReading, ...] = ()
    """What other programs read of the tenant, the newest of each check."""
    day: date | None = None
    """The day by which last days are counted; None: nothing is said of them."""
    compared: tuple[int, int] | None = None
    """Of a report that is made again later: how many answers are those of their sealed bundles, and how many had none
    to be compared with. None in the report of the run itself."""

    def is_news(self, account: str) -> bool:
        """Whether the account's answer differs from the one before it."""
        change = self.changes.get(account)
        return change is not None and change.previous is not None and change.kind.is_news

    def exemption(self, account: str) -> Exemption | None:
        """The exception that made the account's outcome; None where none did."""
        ruling = self.rulings.get(account)
        return ruling.exemption if ruling and ruling.why in _EXEMPT else None


NOTHING = Background()


def past_of(
    history: History, results: Sequence[Result], *, stand_in: bool, lines_up_to: int, since: datetime | None = None
) -> Background:
    """
    What a history knows of the accounts of a report, up to the results that it shows.

    Args:
        history: asked for what happened before each result; later ones are left out.
        results: one an account.
        stand_in: whether they are of stand-ins.
        lines_up_to: with more accounts than this only the newest change of each is wanted, not its line of time.
        since: measure each change from where the account stood then, and begin the past there.

    Raises:
        HistoryError: it cannot be read.
    """
    begin = since or datetime.min.replace(tzinfo=UTC)
    shown_at = {result.account: result.finished_at for result in results}
    if len(shown_at) <= lines_up_to or since is not None:
        known = history.timelines(tuple(shown_at))
    else:
        known = {entry.account: (entry.change,) for entry in history.latest() if entry.stand_in == stand_in}
    lines = {account: kept for account, line in known.items() if (kept := _up_to(shown_at.get(account), line))}
    if not lines:
        return NOTHING
    end = max(line[-1].now.at for line in lines.values()).date()
    days = history.by_day(tuple(shown_at), stand_in=stand_in)
    return Background(
        changes={account: _measured_from(since, line) if since else line[-1] for account, line in lines.items()},
        timelines={account: tuple(c for c in line if c.now.at >= begin) for account, line in lines.items()},
        days=tuple(day for day in days if begin.date() <= day.day <= end),
    )


def _up_to(shown: datetime | None, line: Sequence[Change]) -> tuple[Change, ...]:
    """The past of one result; empty where the history does not know it: what it says is of another time."""
    kept = tuple(change for change in line if shown and change.now.at <= shown)
    return kept if kept and kept[-1].now.at == shown else ()


def _measured_from(since: datetime, line: tuple[Change, ...]) -> Change:
    """The newest change, with everything that happened from a moment on taken as one step."""
    before = [change for change in line if change.now.at < since]
    formed = tuple(one for change in line[len(before) :] for one in change.form_changes)
    newest = replace(line[-1], form_changes=formed)
    if not before:
        return newest
    base = before[-1].now
    last_answer = base if base.verdict.is_answer else before[-1].last_answer
    kind = compare(newest.now, base, last_answer)
    return replace(newest, kind=kind, previous=base, last_answer=last_answer)


def rulings_of(
    results: Iterable[Result],
    policy: Policy,
    answers: Mapping[str, tuple[Statement, ...]],
    today: date | None = None,
) -> Mapping[str, Ruling]:
    """
    What made each outcome, as far as the policy of now explains it: an outcome that was stored is not made anew.

    `today` is the day by which they were measured; None: each on the day on which it was read.
    """
    rulings = {}
    for result in results:
        day = today or result.finished_at.date()
        said = tuple(answer for answer in answers.get(result.account, ()) if answer.stands(day))
        ruling = judge_outcome(result, policy, day, said)
        if ruling.outcome is result.outcome:
            rulings[result.account] = ruling
    return rulings


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
    starts = [next(held) for _, held in groupby(line, lambda change: change.now.verdict)]
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
    corners = (*_steps(across, above), *reversed(_steps(across, below)))
    return " ".join(f"{x:g},{round(HEIGHT - y, 2):g}" for x, y in corners)


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
