"""Histories to test, by backend, and runs to put into them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from automation.core.results import Result, RunDocument
from automation.core.verdicts import Verdict
from automation.storage.history import History
from automation.storage.postgres import PostgresHistory
from automation.storage.sqlite import SqliteHistory
from tests import postgres
from tests.builders import A_MOMENT, a_document, a_result

BACKENDS: dict[str, Callable[[Path], History]] = {
    "sqlite": lambda folder: SqliteHistory(folder / "history.sqlite3"),
    "postgres": lambda _folder: PostgresHistory(postgres.shared().migrated()),
}
"""Name → what makes or opens a history in a folder. A new backend is one line here."""


def on_day(day: float, *results: Result, **changes: Any) -> RunDocument:
    """A run some days after the first; its results finished then."""
    moment = A_MOMENT + timedelta(days=day)
    dated = (_dated(result, day) for result in results)
    return a_document(
        results=dated, id=f"run-{day}", output=f"evidence/run-{day}", started_at=moment, finished_at=moment, **changes
    )


def _dated(result: Result, day: float) -> Result:
    from dataclasses import replace

    return replace(result, finished_at=A_MOMENT + timedelta(days=day))


def days_of(history: History, *verdicts: Verdict, account: str = "atelier-facebook") -> None:
    """Record one verdict a day."""
    for day, verdict in enumerate(verdicts):
        history.record(on_day(day, a_result(account, verdict)))
