"""Made-up pasts, recorded in a real history."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from automation.core.results import outcome_of
from automation.storage.sqlite import SqliteHistory
from tests.builders import A_MOMENT, a_document

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from automation.core.results import Result, RunDocument


def on_day(result: Result, days_ago: int) -> Result:
    """The same result, of a check so many days before."""
    moved = timedelta(days=days_ago)
    return replace(result, started_at=result.started_at - moved, finished_at=result.finished_at - moved)


def a_run_of(days_ago: int, *results: Result) -> RunDocument:
    """A run of that day, with its outcomes measured anew."""
    told = [replace(on_day(r, days_ago), outcome=outcome_of(r.verdict, r.expect)) for r in results]
    at = A_MOMENT - timedelta(days=days_ago)
    return a_document(*told, id=f"run-{days_ago}", started_at=at, finished_at=at + timedelta(minutes=12))


def recorded(path: Path, runs: Mapping[int, Sequence[Result]]) -> SqliteHistory:
    """A history of these runs: days ago → results, in any order."""
    history = SqliteHistory(path)
    for days_ago in sorted(runs, reverse=True):
        history.record(a_run_of(days_ago, *runs[days_ago]))
    return history
