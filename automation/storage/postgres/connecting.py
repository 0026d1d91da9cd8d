"""Connecting to PostgreSQL, and saying what is wrong with it without its password."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import psycopg
from psycopg import errors
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from automation.core.errors import FleetError

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
        """
        For libpq: our schema, UTC, and a limit to every wait.

        Raises:
            FleetError: the URL is none.
        """
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
    """
    Turn what PostgreSQL raises for its own sake into what a person can act on.

    Raises:
        FleetError: instead of the psycopg.Error. Mistakes of ours pass as they are.
    """
    try:
        yield
    except psycopg.Error as error:
        explained = _explained(error)
        if explained is None:
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
