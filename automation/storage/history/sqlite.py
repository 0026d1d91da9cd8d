"""The history in one SQLite file beside the evidence: what one machine needs, and nothing to install."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Sequence
from contextlib import AbstractContextManager, closing
from pathlib import Path
from typing import Any

from automation.storage.history.database import connect, explaining_errors, writing
from automation.storage.history.sql import SqlHistory

NAME = "history.sqlite3"
"""What the file is called in the evidence folder."""
WAIT_S = 10.0


class SqliteHistory(SqlHistory):
    """
    The `History` of one evidence folder; see there for what each method promises.

    Args:
        path: the file; made where there is none.
        wait_s: how long to wait for another process that is writing.
        migrations: the steps to the newest format; None: those of this version.

    Raises:
        HistoryError: it cannot be opened.
    """

    def __init__(self, path: Path, *, wait_s: float = WAIT_S, migrations: Sequence[str] | None = None) -> None:
        self.path = path
        self._connection = connect(path, wait_s, migrations)

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def _execute(self, statement: str, values: Sequence[Any] = ()) -> sqlite3.Cursor:
        return self._connection.execute(statement, values)

    def _writing(self, accounts: Collection[str] | None) -> AbstractContextManager[None]:
        del accounts  # one writer at a time, whatever it writes
        return writing(self._connection)

    def _telling(self) -> AbstractContextManager[None]:
        return explaining_errors(self.path)

    def _copy_beside(self) -> None:
        if self._execute("SELECT 1 FROM results LIMIT 1").fetchone():
            with closing(sqlite3.connect(self.path.with_name(f"{self.path.name}.before"))) as copy:
                self._connection.backup(copy)
