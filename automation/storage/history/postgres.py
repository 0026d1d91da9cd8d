"""The history in a fleet's PostgreSQL, beside its queue: many workers record into one past."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

import psycopg

from automation.core.errors import FleetError, HistoryError
from automation.storage.history.sql import SqlHistory
from automation.storage.postgres import DatabaseAddress, connect, explaining_errors, require_current

_ANYBODY = 0x54454D48
"""Key of the lock that whoever writes shares, and whoever replaces everything has alone."""
_TABLES = ("series", "forms", "results")


class PostgresHistory(SqlHistory):
    """
    The `History` of one fleet; see there for what each method promises.

    Args:
        place: the database.
        connection: one that is open; what is recorded then is part of its transaction. None opens one.

    Raises:
        HistoryError: it cannot be reached, or its tables are not of this version.
    """

    def __init__(self, place: DatabaseAddress, connection: psycopg.Connection[Any] | None = None) -> None:
        self.place = place
        self._given = connection
        with self._telling(), ExitStack() as undo:
            self._connection = connection or connect(place)
            undo.callback(self.close)
            require_current(self._connection, place)
            undo.pop_all()

    def close(self) -> None:
        """Let go of the connection, if it is our own."""
        if self._given is None:
            self._connection.close()

    def _execute(self, statement: str, values: Sequence[Any] = ()) -> psycopg.Cursor[Any]:
        return self._connection.execute(statement.replace("?", "%s"), values)

    @contextmanager
    def _writing(self, accounts: Collection[str] | None) -> Iterator[None]:
        # What follows a result is measured anew, so writers of one account come one after the other. Others and readers
        # go on: with one lock for all, every worker of a fleet waits for the slowest.
        how = "pg_advisory_xact_lock" if accounts is None else "pg_advisory_xact_lock_shared"
        with self._connection.transaction():
            self._connection.execute(f"SELECT {how}({_ANYBODY})")
            for account in sorted(accounts or ()):
                self._connection.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", (account,))
            yield

    @contextmanager
    def _telling(self) -> Iterator[None]:
        try:
            with explaining_errors(self.place):
                yield
        except FleetError as error:
            raise HistoryError(error.message, error.remedy) from error

    def _copy_beside(self) -> None:
        if self._execute("SELECT 1 FROM results LIMIT 1").fetchone():
            with self._connection.transaction():
                for table in _TABLES:
                    self._execute(f"DROP TABLE IF EXISTS {table}_before")
                    self._execute(f"CREATE TABLE {table}_before AS TABLE {table}")
