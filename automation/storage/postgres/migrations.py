"""Bringing the database up to date: our own numbered migrations, and those of the queue that we build on."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from automation.core.errors import FleetError
from automation.storage.postgres.connecting import SCHEMA, DatabaseAddress, connect, explaining_errors

if TYPE_CHECKING:
    from collections.abc import Mapping

    import psycopg

_ONE_AT_A_TIME = 0x54454D4F
"""Key of the lock that keeps two migrations apart."""
_QUEUE = "procrastinate"


def migrate(place: DatabaseAddress) -> tuple[str, ...]:
    """
    Make the tables, or bring them up to this version; all or nothing. The names of what was applied.

    Raises:
        FleetError: no database, no right to make tables, or it is of a newer version; it is untouched then.
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
            connection.execute(_schema_of_queue())
            applied += _of_queue()
        for name, script in {**_of_queue(), **_own()}.items():
            if name not in there and name not in applied:
                connection.execute(script)
                applied.append(name)
        for name in applied:
            connection.execute("INSERT INTO migrations (name) VALUES (%s)", (name,))
    return tuple(applied)


def require_current(connection: psycopg.Connection[Any], place: DatabaseAddress) -> None:
    """
    Make sure that the tables are those of this version.

    Raises:
        FleetError: there are none, older or newer ones.
    """
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
    return _scripts("automation.storage.postgres", "migrations", "")


@lru_cache(maxsize=1)
def _of_queue() -> Mapping[str, str]:
    """The same of Procrastinate's; its versions are in the names."""
    return _scripts("procrastinate.sql", "migrations", f"{_QUEUE}/")


def _schema_of_queue() -> str:
    """What its migrations come to, for a database that has none of them."""
    return (files("procrastinate.sql") / "schema.sql").read_text(encoding="utf-8")


def _scripts(package: str, folder: str, prefix: str) -> Mapping[str, str]:
    named = sorted((file.name, file) for file in (files(package) / folder).iterdir() if file.name.endswith(".sql"))
    return {f"{prefix}{name}": file.read_text(encoding="utf-8") for name, file in named}
