"""
One PostgreSQL database for a fleet: connecting, its tables by numbered migrations, and the history beside its queue.

What is wrong with it is said without its password. Its migrations are ours and those of the queue that we build on.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

import psycopg
from psycopg import errors
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from automation.core.errors import FleetError, HistoryError
from automation.storage.history import History

SCHEMA = "temoin"
"""Everything of Témoin's lies in this schema, the queue's own tables included."""
CONNECT_S = 10
_DEAD_AFTER_MS = 20_000
"""A connection over which nothing comes back for so long is given up; else a lost network looks like a slow answer."""


@dataclass(frozen=True, slots=True)
class DatabaseAddress:
    """Which database."""

    url: str = field(repr=False)
    """As `TEMOIN_FLEET__DATABASE` has it; it may hold a password."""

    @property
    def conninfo(self) -> str:
        """For libpq: our schema, UTC, and a limit to every wait. Raises FleetError: the URL is none."""
        given = self._given()
        options = f"{given.get('options') or ''} -c search_path={SCHEMA} -c timezone=UTC".strip()
        usual = {
            "connect_timeout": CONNECT_S,
            "application_name": "temoin",
            "keepalives_idle": 15,
            "keepalives_interval": 5,
            "keepalives_count": 3,
            "tcp_user_timeout": _DEAD_AFTER_MS,
        }
        return make_conninfo("", **{**usual, **given, "options": options, "client_encoding": "utf8"})

    def __str__(self) -> str:
        """For a person: host and name of the database, never user or password."""
        given = self._given()
        host, port = given.get("host", ""), given.get("port")
        return f"{host or 'localhost'}{f':{port}' if port else ''}/{given.get('dbname', '')}"

    def _given(self) -> dict[str, Any]:
        try:
            return conninfo_to_dict(self.url)
        except psycopg.Error:  # its text may repeat the URL, password included
            raise FleetError(
                "TEMOIN_FLEET__DATABASE is no address of a PostgreSQL database",
                "Write it as postgresql://user:password@host:5432/name.",
            ) from None


def connect(place: DatabaseAddress) -> psycopg.Connection[Any]:
    """
    A connection that commits each statement, unless `connection.transaction()` holds several together.

    Raises:
        FleetError: there is no way to the database, or it cannot keep every letter.
    """
    with explaining_errors(place):
        connection = psycopg.connect(place.conninfo, autocommit=True)
    encoding = connection.info.parameter_status("server_encoding")
    if encoding != "UTF8":
        connection.close()
        raise FleetError(
            f"{place}: the fleet's database keeps texts in {encoding}, not in UTF8",
            "Make another one: createdb --encoding=UTF8 --template=template0 NAME.",
        )
    return connection


@contextmanager
def explaining_errors(place: DatabaseAddress) -> Iterator[None]:
    """Turn what PostgreSQL raises into a FleetError that a person can act on; mistakes of ours pass as they are."""
    try:
        yield
    except psycopg.Error as error:
        if (explained := _explained(error)) is None:
            raise
        what, remedy = explained
        raise FleetError(f"{place}: the fleet's database {what}", remedy) from error


def _explained(error: psycopg.Error) -> tuple[str, str] | None:
    text = str(error).strip().splitlines()[-1] if str(error).strip() else type(error).__name__
    if isinstance(error, errors.InvalidPassword | errors.InvalidAuthorizationSpecification):
        return f"does not let us in ({text})", "Correct user and password in TEMOIN_FLEET__DATABASE."
    if isinstance(error, errors.UndefinedTable | errors.InvalidSchemaName | errors.UndefinedFunction):
        return "has no tables of this version", "Run `temoin fleet migrate` once."
    if isinstance(error, errors.InsufficientPrivilege):
        return f"does not allow this ({text})", "Give the user the right to create a schema, or make `temoin` his own."
    if isinstance(error, errors.DiskFull | errors.OutOfMemory | errors.TooManyConnections):
        return f"has no room left ({text})", "Free space or connections there; what was recorded is still there."
    if isinstance(error, psycopg.OperationalError | errors.AdminShutdown):
        return f"cannot be reached ({text})", "Start it, or correct TEMOIN_FLEET__DATABASE."
    return None


_ONE_AT_A_TIME = 0x54454D4F
"""Key of the lock that keeps two migrations apart."""
_QUEUE = "procrastinate"


def migrate(place: DatabaseAddress) -> tuple[str, ...]:
    """
    Make the tables, or bring them up to this version; all or nothing. The names of what was applied.

    Raises FleetError: no database, no right to make tables, or it is of a newer version; it is untouched then.
    """
    with connect(place) as connection, explaining_errors(place), connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (_ONE_AT_A_TIME,))
        connection.execute(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
        connection.execute(
            "CREATE TABLE IF NOT EXISTS migrations"
            " (name text PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())"
        )
        there = _applied(connection)
        _refuse_newer(there, place)
        applied: list[str] = []
        if not any(name.startswith(_QUEUE) for name in there):
            # what its migrations come to, for a database that has none of them
            connection.execute((files("procrastinate.sql") / "schema.sql").read_text(encoding="utf-8"))
            applied += _of_queue()
        for name, script in {**_of_queue(), **_own()}.items():
            if name not in there and name not in applied:
                connection.execute(script)
                applied.append(name)
        for name in applied:
            connection.execute("INSERT INTO migrations (name) VALUES (%s)", (name,))
    return tuple(applied)


def require_current(connection: psycopg.Connection[Any], place: DatabaseAddress) -> None:
    """Make sure that the tables are those of this version. Raises FleetError: there are none, older or newer ones."""
    if connection.execute("SELECT to_regclass('migrations')").fetchone() == (None,):
        raise FleetError(
            f"{place}: there are no tables of a fleet in this database", "Run `temoin fleet migrate` once."
        )
    there = _applied(connection)
    _refuse_newer(there, place)
    missing = [name for name in (*_of_queue(), *_own()) if name not in there]
    if missing:
        raise FleetError(
            f"{place}: the fleet's database is of an older version of Témoin ({len(missing)} migration(s) behind)",
            "Stop all workers, run `temoin fleet migrate` and start them again.",
        )


def _applied(connection: psycopg.Connection[Any]) -> frozenset[str]:
    return frozenset(name for (name,) in connection.execute("SELECT name FROM migrations"))


def _refuse_newer(there: frozenset[str], place: DatabaseAddress) -> None:
    unknown = sorted(there - {*_of_queue(), *_own()})
    if unknown:
        raise FleetError(
            f"{place}: the fleet's database is of a newer version of Témoin ({unknown[-1]}); it was left as it is",
            "Use the newer version on this machine, too.",
        )


@lru_cache(maxsize=1)
def _own() -> Mapping[str, str]:
    """Name → SQL of each migration of ours, in order."""
    return _scripts(files("automation.storage") / "migrations" / "postgres", "")


@lru_cache(maxsize=1)
def _of_queue() -> Mapping[str, str]:
    """The same of Procrastinate's; its versions are in the names."""
    return _scripts(files("procrastinate.sql") / "migrations", f"{_QUEUE}/")


def _scripts(folder: Traversable, prefix: str) -> Mapping[str, str]:
    named = sorted((file.name, file) for file in folder.iterdir() if file.name.endswith(".sql"))
    return {f"{prefix}{name}": file.read_text(encoding="utf-8") for name, file in named}


_ANYBODY = 0x54454D48
"""Key of the lock that whoever writes shares, and whoever replaces everything has alone."""
_TABLES = ("series", "forms", "results")


class PostgresHistory(History):
    """
    The `History` of one fleet; HistoryError where it cannot be reached, or its tables are not of this version.

    With a `connection` that is open, what is recorded is part of its transaction.
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
