"""What is known of accounts beside the results of one run: their past, and what people decided or said about them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from automation.core.accounts import Account
from automation.core.cases import Case
from automation.core.policy import Exemption, OutcomeReason, Policy, Ruling, Statement, judge_outcome
from automation.storage.changes import Change, compare
from automation.storage.history_rows import DayStanding

if TYPE_CHECKING:
    from datetime import datetime

    from automation.core.results import Result
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
    authors: tuple[Account, ...] = ()
    """Who writes for Pages, as configured; those without a result here make their Page no better than unknown."""

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
    accounts = {result.account: result for result in results}
    if len(accounts) <= lines_up_to or since is not None:
        known = history.timelines(tuple(accounts))
    else:
        known = {entry.account: (entry.change,) for entry in history.latest() if entry.stand_in == stand_in}
    changes, timelines = {}, {}
    for account, line in known.items():
        shown = accounts.get(account)
        kept = tuple(change for change in line if shown and change.now.at <= shown.finished_at)
        if not shown or not kept or kept[-1].now.at != shown.finished_at:
            continue  # the history does not know this very result: what it says is of another time
        changes[account] = _measured_from(since, kept) if since else kept[-1]
        timelines[account] = tuple(change for change in kept if since is None or change.now.at >= since)
    if not changes:
        return NOTHING
    first, last = since.date() if since else None, max(change.now.at for change in changes.values()).date()
    days = history.by_day(tuple(accounts), stand_in=stand_in)
    kept_days = tuple(day for day in days if day.day <= last and (first is None or day.day >= first))
    return Background(changes, timelines, kept_days)


def _measured_from(since: datetime, line: tuple[Change, ...]) -> Change:
    """The newest change, with everything that happened from a moment on taken as one step."""
    newest, before = line[-1], [change for change in line if change.now.at < since]
    if not before:
        return replace(newest, form_changes=tuple(f for change in line for f in change.form_changes))
    base = before[-1]
    last_answer = base.now if base.now.verdict.is_answer else base.last_answer
    return replace(
        newest,
        kind=compare(newest.now, base.now, last_answer),
        previous=base.now,
        last_answer=last_answer,
        form_changes=tuple(f for change in line[len(before) :] for f in change.form_changes),
    )


def rulings_of(
    results: Iterable[Result], policy: Policy, answers: Mapping[str, tuple[Statement, ...]]
) -> Mapping[str, Ruling]:
    """
    What made each outcome, as far as the policy of now explains it: an outcome that was stored is not made anew.

    Each result is measured on the day on which it was read.
    """
    rulings = {}
    for result in results:
        today = result.finished_at.date()
        said = tuple(answer for answer in answers.get(result.account, ()) if answer.stands(today))
        ruling = judge_outcome(result, policy, today, said)
        if ruling.outcome is result.outcome:
            rulings[result.account] = ruling
    return rulings
