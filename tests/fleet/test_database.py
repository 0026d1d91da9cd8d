"""The fleet's database: made once, refused where it does not fit, and told plainly where it is away. It is real."""

from __future__ import annotations

import threading

import psycopg
import pytest

from automation.core.errors import FleetError, HistoryError
from automation.core.verdicts import Verdict
from automation.storage.postgres import DatabaseAddress, PostgresHistory, connect, migrate, require_current
from tests import postgres
from tests.builders import a_result
from tests.storage.history.histories import days_of, on_day


@pytest.fixture
def place() -> DatabaseAddress:
    """A database with all tables."""
    return postgres.shared().migrated()


def test_migrating_twice_is_migrating_once() -> None:
    """The first time makes every table, the queue's own among them; the second finds nothing to do."""
    place = postgres.shared().database()
    applied = migrate(place)
    assert any(name.startswith("procrastinate/") for name in applied)
    assert "0001_history.sql" in applied
    assert migrate(place) == ()
    with connect(place) as connection:
        require_current(connection, place)
        (schemas,) = connection.execute(
            "SELECT array_agg(DISTINCT schemaname) FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
        ).fetchone() or ([],)
    assert schemas == ["temoin"]


def test_a_database_that_cannot_keep_every_letter_is_refused() -> None:
    """`initdb` makes such ones where the machine has no locale; names and quotes would be lost or end in a fault."""
    server = postgres.shared()
    with psycopg.connect(server.url(), autocommit=True) as connection:
        connection.execute("CREATE DATABASE ascii ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0")
    with pytest.raises(FleetError, match="SQL_ASCII, not in UTF8") as caught:
        migrate(DatabaseAddress(server.url("ascii")))
    assert "--encoding=UTF8" in caught.value.remedy


def test_two_machines_may_migrate_at_once() -> None:
    """Of two that begin together, one makes the tables and the other waits and finds them."""
    place = postgres.shared().database()
    made: list[tuple[str, ...]] = []
    threads = [threading.Thread(target=lambda: made.append(migrate(place))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(bool, made)) == [False, True]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("DELETE FROM migrations WHERE name = '0001_history.sql'", "older version"),
        ("INSERT INTO migrations (name) VALUES ('9999_later.sql')", "newer version"),
        ("INSERT INTO migrations (name) VALUES ('procrastinate/99.00.00_01_later.sql')", "newer version"),
        ("DROP TABLE migrations", "no tables"),
    ],
)
def test_another_version_is_refused(place: DatabaseAddress, change: str, words: str) -> None:
    """A database that is older, newer or empty is named as such, with what to do, and is not touched."""
    with connect(place) as connection:
        connection.execute(change)
        with pytest.raises(FleetError, match=words) as caught:
            require_current(connection, place)
    assert caught.value.remedy
    with pytest.raises(HistoryError, match=words):
        PostgresHistory(place)


def test_a_newer_database_is_not_migrated(place: DatabaseAddress) -> None:
    """Migrating with an old version leaves a newer database as it is."""
    with connect(place) as connection:
        connection.execute("INSERT INTO migrations (name) VALUES ('9999_later.sql')")
        connection.execute("DELETE FROM migrations WHERE name = '0001_history.sql'")
    with pytest.raises(FleetError, match="newer version"):
        migrate(place)
    with connect(place) as connection:
        assert connection.execute("SELECT 1 FROM migrations WHERE name = '0001_history.sql'").fetchone() is None


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("postgresql://temoin:pass-of-nobody@127.0.0.1:1/fleet", "cannot be reached"),
        ("postgresql://temoin:pass-of-nobody@127.0.0.1:{port}/postgres", "does not let us in|cannot be reached"),
        ("postgresql://temoin:secret-of-nobody@127.0.0.1:{port}/nowhere", "cannot be reached"),
        ("mysql://temoin:pass-of-nobody@127.0.0.1/fleet", "no address"),
    ],
)
def test_a_database_that_is_away_is_named_without_its_password(url: str, words: str) -> None:
    """Nothing listens, the password is wrong, there is no such database, or it is no address: said, and nothing leaks."""
    place = DatabaseAddress(url.format(port=postgres.shared().port))
    with pytest.raises(FleetError, match=words) as caught:
        connect(place)
    said = f"{caught.value} {place!r}"
    assert "of-nobody" not in said
    assert "TEMOIN_FLEET__DATABASE" in said


def test_workers_that_record_at_once_make_one_past(place: DatabaseAddress) -> None:
    """Results of one account that several workers record at the same moment are measured one after the other."""
    days = [on_day(day, a_result(verdict=Verdict.OBJECTED if day % 2 else Verdict.NOT_OBJECTED)) for day in range(12)]

    def record(mine: int) -> None:
        with PostgresHistory(place) as history:
            for document in days[mine::3]:
                history.record(document)

    threads = [threading.Thread(target=record, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with PostgresHistory(place) as history, PostgresHistory(postgres.shared().migrated()) as alone:
        for document in days:
            alone.record(document)
        assert history.timeline("atelier-facebook") == alone.timeline("atelier-facebook")


def test_what_is_recorded_belongs_to_the_callers_transaction(place: DatabaseAddress) -> None:
    """A result and what is written beside it are kept together or not at all."""
    with connect(place) as connection:
        with pytest.raises(ZeroDivisionError), connection.transaction():  # noqa: PT012 - both belong together
            PostgresHistory(place, connection).record(on_day(0, a_result()))
            _ = 1 / 0
        with PostgresHistory(place) as history:
            assert history.latest() == ()


def test_a_replaced_history_leaves_a_copy(place: DatabaseAddress) -> None:
    """What was there before a rebuild lies beside, in tables of their own."""
    with PostgresHistory(place) as history:
        days_of(history, Verdict.OBJECTED, Verdict.NOT_OBJECTED)
        history.replace(())
        assert history.latest() == ()
        history.replace(())
    with psycopg.connect(place.conninfo) as connection:
        assert connection.execute("SELECT count(*) FROM results_before").fetchone() == (2,)
