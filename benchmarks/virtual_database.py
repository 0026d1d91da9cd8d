"""
A fleet's database whose clock a simulation sets: real PostgreSQL, real tables, real statements.

The clock is injected where names are looked up: a schema `virtual` with `now()` and `clock_timestamp()` stands before
PostgreSQL's own in the search path of the simulation's connection, so the fleet's statements, and the functions that
they call, ask it. Columns whose default is a moment get the same clock. Nothing of the fleet's code is changed.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import psycopg

from automation.storage.postgres import DatabaseAddress, connect
from tests import postgres

_CLOCK = """
CREATE SCHEMA virtual;
CREATE FUNCTION virtual.now() RETURNS timestamptz LANGUAGE sql STABLE AS
  $$ SELECT current_setting('temoin.now')::timestamptz $$;
CREATE FUNCTION virtual.clock_timestamp() RETURNS timestamptz LANGUAGE sql STABLE AS
  $$ SELECT current_setting('temoin.now')::timestamptz $$;
ALTER TABLE temoin.services ALTER COLUMN filled_at SET DEFAULT virtual.now();
ALTER TABLE temoin.workers ALTER COLUMN began_at SET DEFAULT virtual.now();
ALTER TABLE temoin.workers ALTER COLUMN seen_at SET DEFAULT virtual.now();
ALTER TABLE temoin.procrastinate_events ALTER COLUMN at SET DEFAULT virtual.now();
ALTER TABLE temoin.procrastinate_workers ALTER COLUMN last_heartbeat SET DEFAULT virtual.now();
CREATE EXTENSION pg_stat_statements WITH SCHEMA virtual;
"""
_TABLES = """
SELECT c.relname, pg_total_relation_size(c.oid), s.n_live_tup, s.n_dead_tup
FROM pg_class c JOIN pg_stat_user_tables s ON s.relid = c.oid
WHERE c.relnamespace = 'temoin'::regnamespace AND c.relkind = 'r' AND pg_total_relation_size(c.oid) > 1000000
ORDER BY 2 DESC
"""
_STATEMENTS = """
SELECT query, calls, mean_exec_time, max_exec_time, total_exec_time
FROM virtual.pg_stat_statements
WHERE toplevel AND query !~* '^(SELECT )?set_config|^BEGIN|^COMMIT|^SAVEPOINT|^RELEASE|^ROLLBACK|virtual\\.|/\\* world'
ORDER BY total_exec_time DESC
"""


@dataclass(frozen=True, slots=True)
class Statement:
    """What one statement cost, by PostgreSQL's own count."""

    text: str
    calls: int
    mean_ms: float
    longest_ms: float
    total_ms: float


@dataclass
class VirtualDatabase:
    """The database, and the one connection that everything in the simulation goes over."""

    place: DatabaseAddress
    connection: psycopg.Connection[Any]
    now_s: float
    """The present moment, in seconds since 1970."""

    def set_clock(self, now_s: float) -> None:
        """Go to a moment."""
        self.now_s = now_s
        moment = datetime.fromtimestamp(now_s, UTC).isoformat()
        self.connection.execute("SELECT set_config('temoin.now', %s, false)", (moment,))

    def ask(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """Rows of a query."""
        return self.connection.execute(statement, values).fetchall()

    def forget_statements(self) -> None:
        """Begin to count anew."""
        self.connection.execute("SELECT virtual.pg_stat_statements_reset()")

    def statements(self) -> list[Statement]:
        """What was executed since then, what took most time first."""
        return [Statement(" ".join(text.split()), *counts) for text, *counts in self.ask(_STATEMENTS)]

    def tables(self) -> list[tuple[str, int, int, int]]:
        """Name, bytes with indexes, rows and dead rows of each table above a megabyte, the largest first."""
        self.connection.execute("ANALYZE")
        return [(name, size, live, dead) for name, size, live, dead in self.ask(_TABLES)]


@contextmanager
def a_virtual_database() -> Iterator[VirtualDatabase]:
    """A server of its own on loopback, in a folder that is gone afterwards."""
    with postgres.running() as server:
        with psycopg.connect(server.url(), autocommit=True) as admin:
            admin.execute("ALTER SYSTEM SET shared_preload_libraries = 'pg_stat_statements'")
            admin.execute("ALTER SYSTEM SET shared_buffers = '256MB'")
            admin.execute("ALTER SYSTEM SET synchronous_commit = off")
        server.stop(signal.SIGINT)
        server.start()
        place = server.migrated()
        with psycopg.connect(place.conninfo, autocommit=True) as admin:
            admin.execute(_CLOCK)
        with connect(place) as connection:
            connection.execute("SET search_path = virtual, pg_catalog, temoin")
            database = VirtualDatabase(place, connection, 0.0)
            database.set_clock(datetime.now(UTC).timestamp())
            yield database
