"""What the history holds: one entry a result, and how many accounts stood how from day to day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import PurePath

from automation.core.results import Outcome, Result, RunDocument
from automation.core.verdicts import Verdict
from automation.storage.history.changes import Change, Standing

SCHEMA = "temoin.history/1"


@dataclass(frozen=True, slots=True)
class Recorded:
    """A result on its way into the history, with what it does not say itself."""

    run: str
    """The run's id."""
    stand_in: bool
    result: Result
    """Its `bundle` has a path relative to the evidence folder, with forward slashes."""


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One result as the history keeps it. Everything else is in its bundle."""

    account: str
    owner: str
    kind: str
    """Of the account."""
    page: str | None
    flow: str
    flow_revision: str
    locale: str
    stand_in: bool
    """True when it says nothing of the real service."""
    because: str
    because_key: str
    assumed_words: bool
    bundle: str | None
    """Path relative to the evidence folder; None where there is no evidence."""
    manifest_sha256: str
    """Of the bundle; empty without one."""
    change: Change
    """Holds verdict, reason, outcome, moment and run as `change.now`."""


@dataclass(frozen=True, slots=True)
class HistoryDocument:
    """What `temoin history --json` prints."""

    schema: str = field(default=SCHEMA, kw_only=True)
    entries: tuple[HistoryEntry, ...]
    """The newest of each account, or each result of one account or since a day."""


@dataclass(frozen=True, slots=True)
class DayStanding:
    """Where all accounts stood at the end of one day (UTC); one that was not checked that day stands as before."""

    day: date
    verdicts: Mapping[Verdict, int]
    outcomes: Mapping[Outcome, int]


def recorded(document: RunDocument) -> tuple[Recorded, ...]:
    """The results of a run, ready to be recorded."""
    folder = PurePath(document.run.output).name
    return tuple(
        Recorded(
            run=document.run.id,
            stand_in=document.run.stand_in or result.environment.stand_in,
            result=replace(result, bundle=result.bundle and result.bundle.below(folder)),
        )
        for result in document.results
    )


def last_answers(entries: Iterable[HistoryEntry]) -> dict[str, Standing]:
    """
    The newest answer that was read at the real service, by account; see `automation.core.policy.in_force`.

    Args:
        entries: the newest of each account at each flow, as `History.latest` gives them.
    """
    answers: dict[str, Standing] = {}
    for entry in entries:
        change = entry.change
        answer = change.now if change.now.verdict.is_answer else change.last_answer
        known = answers.get(entry.account)
        if answer and not entry.stand_in and (known is None or answer.at > known.at):
            answers[entry.account] = answer
    return answers
