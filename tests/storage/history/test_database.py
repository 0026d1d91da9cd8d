"""The SQLite file in trouble: killed writers, a full disk, strangers, locks, damage. Files and processes are real."""

from __future__ import annotations

import hashlib
import os
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest

from automation.core.errors import HistoryDamaged, HistoryError
from automation.core.verdicts import Verdict
from automation.storage import sqlite
from automation.storage.sqlite import SqliteHistory
from tests.builders import a_result
from tests.storage.history.histories import days_of, on_day

ROOT = Path(__file__).parents[3]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the history lies."""
    return tmp_path / "history.sqlite3"


def writer(path: Path, prefix: str, runs: int, accounts: int) -> subprocess.Popen[str]:
    """Another process that records."""
    words = [sys.executable, "-m", "tests.storage.history.writer", str(path), prefix, str(runs), str(accounts)]
    return subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def digest(path: Path) -> str:
    """Of the file's bytes."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_killed_writer_leaves_whole_runs(path: Path) -> None:
    """After kill -9 in the middle of writing, every run that was confirmed is there, and none is there in part."""
    accounts = 400
    process = writer(path, "a", 1000, accounts)
    assert process.stdout is not None
    with process, process.stdout:
        confirmed = [next(process.stdout) for _ in range(4)][-1]
        time.sleep(0.02)  # into the next run
        process.kill()
        rest = process.stdout.read()
    confirmed = int((rest.split() or [confirmed])[-1])
    with SqliteHistory(path) as history:
        runs = Counter(entry.change.now.run for entry in history.since(on_day(0).run.started_at))
        assert set(runs.values()) == {accounts}
        assert {f"a-{number}" for number in range(confirmed + 1)} <= set(runs)
        assert len(runs) <= confirmed + 2
        assert history._connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        history.record(on_day(1, a_result()))


def test_two_writers_and_a_reader_do_not_disturb_each_other(path: Path) -> None:
    """Two processes record, a third reads all the while: nothing fails, nothing is lost, the reader sees whole runs."""
    runs, accounts = 8, 40
    with writer(path, "a", runs, accounts) as one, writer(path, "b", runs, accounts) as two:
        for process in (one, two):
            assert process.stdout is not None
            process.stdout.readline()
        seen = 0
        while one.poll() is None or two.poll() is None:
            with SqliteHistory(path) as history:
                found = Counter(entry.change.now.run for entry in history.since(on_day(0).run.started_at))
            assert set(found.values()) <= {accounts}
            assert len(found) >= seen, "what was there once stays"
            seen = len(found)
    assert (one.returncode, two.returncode) == (0, 0)
    with SqliteHistory(path) as history:
        assert len(history.since(on_day(0).run.started_at)) == 2 * runs * accounts


def test_many_processes_may_make_the_file_at_once(path: Path) -> None:
    """The first of all is whichever comes first; the others find what it made."""
    processes = [writer(path, f"p{number}", 1, 1) for number in range(3)]
    for process in processes:
        process.communicate()
    assert [process.returncode for process in processes] == [0] * 3
    with SqliteHistory(path) as history:
        assert len(history.latest()) == 3


@pytest.mark.parametrize("read", [1, 2])
def test_a_file_that_another_process_makes_meanwhile_is_no_strangers(path: Path, read: int) -> None:
    """Whichever of the first looks at an empty file the other process comes after, its history is taken for what it is."""
    looked = 0

    class Interrupted(sqlite3.Connection):
        def execute(self, sql: str, *values: object) -> sqlite3.Cursor:
            nonlocal looked
            looked += 1
            if looked == read + 1:
                SqliteHistory(path).close()
            return super().execute(sql, *values)

    with closing(sqlite3.connect(path, isolation_level=None, factory=Interrupted)) as connection:
        sqlite._version(connection, path, len(sqlite.migration_scripts()))
    assert looked == 3


def test_a_full_disk_loses_nothing(path: Path) -> None:
    """Where the file cannot grow, the run is refused with a clear message and what was there before stays."""
    with SqliteHistory(path) as history:
        days_of(history, Verdict.OBJECTED)
        before = history.latest()
        pages = history._connection.execute("PRAGMA page_count").fetchone()[0]
        history._connection.execute(f"PRAGMA max_page_count = {pages + 2}")
        with pytest.raises(HistoryError, match="the disk is full") as caught:
            history.record(on_day(1, *(a_result(f"a-{number}") for number in range(500))))
        assert "Free some space" in caught.value.remedy
        assert history.latest() == before
    with SqliteHistory(path) as history:
        assert history.latest() == before
        history.record(on_day(1, a_result()))


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="mounting a small disk takes root")
def test_a_really_full_disk(tmp_path: Path) -> None:
    """The same on a file system of 500 kB that is full."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=500k", "tmpfs", disk], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("this machine does not let root mount")
    try:
        with SqliteHistory(disk / "history.sqlite3") as history:
            days_of(history, Verdict.OBJECTED)
            before = history.latest()
            with pytest.raises(HistoryError, match="history"):
                history.record(on_day(1, *(a_result(f"a-{number}") for number in range(3000))))
            assert history.latest() == before
    finally:
        subprocess.run(["umount", disk], check=True)


def test_a_newer_history_is_left_alone(path: Path) -> None:
    """A file that a later version made is refused with both numbers, and not one byte of it changes."""
    with SqliteHistory(path) as history:
        days_of(history, Verdict.OBJECTED)
    with closing(sqlite3.connect(path)) as raw:
        raw.execute(f"PRAGMA user_version = {len(sqlite.migration_scripts()) + 1}")
    before = digest(path)
    with pytest.raises(HistoryError, match="newer version of Témoin") as caught:
        SqliteHistory(path)
    assert not isinstance(caught.value, HistoryDamaged)
    assert digest(path) == before
    assert sorted(file.name for file in path.parent.iterdir()) == [path.name]


def test_the_database_of_another_program_is_left_alone(path: Path) -> None:
    """Somebody else's SQLite file is neither migrated nor filled."""
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("CREATE TABLE songs (name TEXT)")
    before = digest(path)
    with pytest.raises(HistoryError, match="another program"):
        SqliteHistory(path)
    assert digest(path) == before


def test_a_locked_history_says_so(path: Path) -> None:
    """While another process holds the file, recording ends with who is to blame; afterwards it works."""
    with SqliteHistory(path) as history:
        days_of(history, Verdict.OBJECTED)
    with closing(sqlite3.connect(path, isolation_level=None)) as other, SqliteHistory(path, wait_s=0.05) as history:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(HistoryError, match="another process holds it"):
            history.record(on_day(1, a_result()))
        assert len(history.latest()) == 1, "reading goes on"
        other.execute("ROLLBACK")
        history.record(on_day(1, a_result()))


@pytest.mark.parametrize("damage", ["text", "cut", "overwritten"])
def test_a_damaged_history_says_how_to_make_it_again(path: Path, damage: str) -> None:
    """A file that is no database, or no longer one, is told as such with the way out; setting it aside loses nothing."""
    with SqliteHistory(path) as history:
        history.record(on_day(0, *(a_result(f"a-{number}") for number in range(200))))
    whole = path.read_bytes()
    damaged = {
        "text": b"these are no tables, but somebody's notes" * 100,
        "cut": whole[: len(whole) // 2],
        "overwritten": whole[:4096] + b"\xff" * (len(whole) - 4096),
    }[damage]
    path.write_bytes(damaged)
    with pytest.raises(HistoryDamaged) as caught:
        _read_all(path)
    assert "temoin history rebuild" in caught.value.remedy
    assert str(path) in caught.value.message
    aside = sqlite.set_aside(path)
    assert aside.read_bytes() == damaged
    with SqliteHistory(path) as history:
        assert history.latest() == ()


def _read_all(path: Path) -> None:
    with SqliteHistory(path) as history:
        history.latest()
        history.timeline("a-1")


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    """A history below a file, or in a place that is a folder, is one clear message."""
    (tmp_path / "file").write_text("")
    with pytest.raises(HistoryError, match="cannot be written"):
        SqliteHistory(tmp_path / "file" / "history.sqlite3")
    with pytest.raises(HistoryError, match="cannot be read or written"):
        SqliteHistory(tmp_path)


def test_an_older_history_is_brought_up_to_date(path: Path) -> None:
    """A migration that comes later runs once on a file of before it, and what was recorded stays."""
    with SqliteHistory(path) as history:
        days_of(history, Verdict.OBJECTED)
    later = (*sqlite.migration_scripts(), "CREATE TABLE later (a TEXT) STRICT;\nINSERT INTO later VALUES ('x; y');\n")
    for _ in range(2):
        with SqliteHistory(path, migrations=later) as history:
            assert len(history.latest()) == 1
            assert history._connection.execute("SELECT a FROM later").fetchall() == [("x; y",)]
            assert history._connection.execute("PRAGMA user_version").fetchone() == (len(later),)


def test_a_migration_that_fails_leaves_the_file_as_it_was(path: Path) -> None:
    """Half a migration is none: its number and its first statements are undone together."""
    with SqliteHistory(path) as history:
        days_of(history, Verdict.OBJECTED)
    broken = (*sqlite.migration_scripts(), "CREATE TABLE later (a TEXT) STRICT;\nCREATE TABLE results (a TEXT);\n")
    with pytest.raises(HistoryError):
        SqliteHistory(path, migrations=broken)
    with SqliteHistory(path) as history:
        assert len(history.latest()) == 1
        tables = history._connection.execute("SELECT name FROM sqlite_master WHERE name = 'later'").fetchall()
        assert tables == []


def test_every_migration_is_numbered_and_shipped() -> None:
    """The files are numbered from 1 without a gap; the wheel takes every file of the package."""
    folder = Path(sqlite.__file__).parent / "migrations" / "sqlite"
    names = sorted(file.name for file in folder.glob("*.sql"))
    assert [int(name[:4]) for name in names] == list(range(1, len(names) + 1))
    assert len(sqlite.migration_scripts()) == len(names)


def test_the_history_is_the_owners_alone(path: Path) -> None:
    """Other users of the machine cannot read it."""
    with SqliteHistory(path):
        assert path.stat().st_mode & 0o777 == 0o600
