"""
What changed for an account since its last result. Pure: standings in, one change out.

A change is measured on the outcome first (as wanted, still open, not as wanted), then on the verdict. Where results
without an answer lie between two answers, the answers are compared: an objection that was gone after a week of
timeouts is `regressed`, not merely readable again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from automation.core.results import Outcome
from automation.core.verdicts import Reason, Verdict
from automation.storage.history.forms import FormChange


class ChangeKind(StrEnum):
    """What a result means beside the ones before it. A closed list; `compare` decides."""

    NEW = "new"
    """The first result of this account at this setting."""
    STILL = "still"
    """The same verdict and the same outcome as before."""
    FIXED = "fixed"
    """As wanted now, and it was not, by another answer of the service."""
    REGRESSED = "regressed"
    """Farther from what is wanted than it was: a finding now, or no longer as wanted."""
    BECAME_UNKNOWN = "became_unknown"
    """There was an answer before, and now there is none."""
    RECOVERED = "recovered"
    """There is an answer again, and it is the last one; or the first answer after none."""
    CHANGED = "changed"
    """
    Something else moved: another verdict of the same worth, nearer to what is wanted without reaching it, or as wanted
    by what people said or decided while the service says the same.
    """

    @property
    def is_news(self) -> bool:
        """Whether it tells something to a person who knows the result before."""
        return self is not ChangeKind.STILL


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an account stood in one run."""

    verdict: Verdict
    reason: Reason | None
    outcome: Outcome
    at: datetime
    """When the check finished; aware, UTC."""
    run: str
    """The run's id."""

    @property
    def is_settled(self) -> bool:
        """Whether people settled what was not read; see `Result.is_settled`."""
        return self.outcome is Outcome.OK and not self.verdict.is_answer


@dataclass(frozen=True, slots=True)
class Change:
    """One result of an account beside what was known before it."""

    kind: ChangeKind
    now: Standing
    previous: Standing | None
    """The result before, whatever it was; None with `new`."""
    last_answer: Standing | None
    """The newest earlier result that was an answer; the same as `previous` where that was one."""
    since: datetime
    """
    When the present verdict first held. For an answer: the first result since which every answer was this one; results
    without an answer do not end it. For `unknown` and `needs_human`: the first of the unbroken row.
    """
    form_changes: tuple[FormChange, ...] = ()
    """What is different in the form since it was last read in this language; empty where it is the same or new."""

    @property
    def answer_moved(self) -> bool:
        """Whether the service says something else than in its last answer; else at most what is wanted has changed."""
        last = self.last_answer
        return last is not None and self.now.verdict.is_answer and self.now.verdict is not last.verdict


_WORTH: Mapping[Outcome, int] = {Outcome.OK: 0, Outcome.INCOMPLETE: 1, Outcome.FINDING: 2}
"""How far an outcome is from what is wanted."""


def compare(now: Standing, previous: Standing | None, last_answer: Standing | None) -> ChangeKind:
    """
    What a result means beside the ones before it; defined for every combination.

    Args:
        now: the result.
        previous: the one before; None if there is none.
        last_answer: the newest before it that was an answer; None if there is none.
    """
    if previous is None:
        return ChangeKind.NEW
    if previous.verdict.is_answer and not now.verdict.is_answer:
        return ChangeKind.BECAME_UNKNOWN
    base = last_answer if now.verdict.is_answer else previous
    if base is None:
        return ChangeKind.RECOVERED
    if _WORTH[now.outcome] > _WORTH[base.outcome]:
        return ChangeKind.REGRESSED
    if now.outcome is not base.outcome and now.outcome is Outcome.OK and _says_otherwise(now, base):
        return ChangeKind.FIXED
    if now.verdict is not base.verdict or now.outcome is not base.outcome:
        return ChangeKind.CHANGED
    return ChangeKind.STILL if base == previous else ChangeKind.RECOVERED


def _says_otherwise(now: Standing, base: Standing) -> bool:
    """Whether the service gives another answer; where it gives none, or the same, only people moved the outcome."""
    return now.verdict.is_answer and now.verdict is not base.verdict


@dataclass(frozen=True, slots=True)
class Held:
    """An earlier standing, and since when its verdict held then."""

    standing: Standing
    since: datetime


def follow(
    now: Standing, previous: Held | None, last_answer: Held | None, form_changes: tuple[FormChange, ...] = ()
) -> Change:
    """
    The change of a result that comes after others of its series.

    Args:
        now: the result.
        previous: the one before; None if there is none.
        last_answer: the newest before it that was an answer; None if there is none.
        form_changes: what is different in its form.
    """
    before = previous.standing if previous else None
    answer = last_answer.standing if last_answer else None
    base = last_answer if now.verdict.is_answer else previous
    held = base is not None and base.standing.verdict is now.verdict
    return Change(
        kind=compare(now, before, answer),
        now=now,
        previous=before,
        last_answer=answer,
        since=base.since if base is not None and held else now.at,
        form_changes=form_changes,
    )
