"""
The history in one SQLite file beside the evidence: what one machine needs, and nothing to install.

The file is brought up to date by numbered migrations when it is opened; what is wrong with it is said plainly.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Collection, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from datetime import UTC, datetime
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from automation.core.errors import HistoryDamaged, HistoryError
from automation.storage.history import History

NAME = "history.sqlite3"
"""What the file is called in the evidence folder."""
WAIT_S = 10.0
APPLICATION_ID = 0x54454D4F
"""`TEMO`, in the file's header: it says whose database this is."""
_REBUILD = "Run `temoin history rebuild`: it keeps the file aside and makes the history again from the evidence."
_PLACE = "Correct its permissions, or choose another place with `path` in [history]."


def connect(path: Path, wait_s: float, steps: Sequence[str]) -> sqlite3.Connection:
    """
    Open the file, made where there is none with its folder, and bring it up to date by the migrations `steps`.

    Raises:
        HistoryDamaged: it is damaged, or no database.
        HistoryError: it is of a newer version, of another program, locked, or cannot be opened; it is untouched then.
    """
    with explaining_errors(path):
        if path.is_file() and not os.access(path.parent, os.W_OK):
            return _copied(path, steps)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600, exist_ok=True)
        except OSError as error:
            raise HistoryError(f"{path}: cannot be written ({error.strerror or error})", _PLACE) from None
        with ExitStack() as undo:
            connection = sqlite3.connect(path, timeout=wait_s, isolation_level=None)
            undo.callback(connection.close)
            _open(connection, path, steps)
            undo.pop_all()
        return connection


def _copied(path: Path, steps: Sequence[str]) -> sqlite3.Connection:
    """A history in a folder that may only be read, as an auditor's copy is: what stands in it, held in memory."""
    with ExitStack() as undo:
        connection = sqlite3.connect(":memory:", isolation_level=None)
        undo.callback(connection.close)
        with tempfile.TemporaryDirectory(prefix="temoin-") as folder:
            for suffix in ("", "-wal"):
                if (beside := path.with_name(path.name + suffix)).is_file():
                    shutil.copyfile(beside, Path(folder) / beside.name)
            with closing(sqlite3.connect(Path(folder) / path.name)) as copy:
                copy.execute("PRAGMA journal_mode = DELETE")  # memory knows no other
                copy.backup(connection)
        _open(connection, path, steps)
        undo.pop_all()
    return connection


@lru_cache(maxsize=1)
def migration_scripts() -> tuple[str, ...]:
    """The SQL of each migration, in order; the number of the last is the version of the database."""
    folder = files("automation.storage") / "migrations" / "sqlite"
    named = sorted((file.name, file) for file in folder.iterdir() if file.name.endswith(".sql"))
    return tuple(file.read_text(encoding="utf-8") for _, file in named)


def set_aside(path: Path) -> Path:
    """Give a damaged file, with what SQLite wrote beside it, a name that nothing opens; the new name."""
    aside = path.with_name(f"{path.name}.damaged-{datetime.now(UTC):%Y%m%dT%H%M%SZ}")
    try:
        for suffix in ("-wal", "-shm", ""):
            file = path.with_name(path.name + suffix)
            if file.exists():
                file.rename(aside.with_name(aside.name + suffix))
    except OSError as error:
        raise HistoryError(f"{path}: cannot be set aside ({error.strerror or error})", _PLACE) from None
    return aside


@contextmanager
def explaining_errors(path: Path) -> Iterator[None]:
    """Turn what SQLite raises into a HistoryError that a person can act on."""
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", None)
        if code is None or isinstance(error, sqlite3.IntegrityError):  # a mistake of ours, not of the file's
            raise
        code, text = code & 0xFF, str(error)
        if code in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}:
            raise HistoryDamaged(f"{path}: this history is damaged ({text})", _REBUILD) from error
        what, remedy = f"cannot be read or written ({text})", _PLACE
        if code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
            what, remedy = "another process holds it", "Wait until that one has ended, and try again."
        elif code == sqlite3.SQLITE_FULL:
            what, remedy = "the disk is full", "Free some space; what was recorded before is still there."
        raise HistoryError(f"{path}: the history: {what}", remedy) from error


@contextmanager
def writing(connection: sqlite3.Connection) -> Iterator[None]:
    """One change, all or nothing; readers see the state before it until it is done."""
    with connection:  # commits in the end, or takes everything back
        connection.execute("BEGIN IMMEDIATE")
        yield


def _open(connection: sqlite3.Connection, path: Path, steps: Sequence[str]) -> None:
    if _version(connection, path, len(steps)) < len(steps):
        with writing(connection):
            for number in range(_version(connection, path, len(steps)) + 1, len(steps) + 1):
                for statement in _statements(steps[number - 1]):
                    connection.execute(statement)
                connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
                connection.execute(f"PRAGMA user_version = {number}")
    if connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        try:  # the journal beside which readers go on while somebody writes; it stays chosen in the file
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:  # somebody else is in it: the next to open it does it
                raise
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")


def _version(connection: sqlite3.Connection, path: Path, known: int) -> int:
    """Which migrations the file has seen; HistoryError: more than are known, or it belongs to another program."""
    # The tables first: another process may make the file meanwhile, and tables without an owner are a stranger's.
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    (owner,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if owner != APPLICATION_ID and (owner or tables):
        raise HistoryError(
            f"{path}: this is the database of another program", "Choose another place with `path` in [history]."
        )
    if version > known:
        raise HistoryError(
            f"{path}: this history is of a newer version of Témoin (its format {version}, this version's "
            f"{known}); it was left as it is",
            "Use the newer version, or choose another place with `path` in [history] and run `temoin history rebuild`.",
        )
    return int(version)


def _statements(script: str) -> Iterator[str]:
    """Cut a script into its statements: `executescript` would end the transaction that holds them together."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


class SqliteHistory(History):
    """The `History` of one evidence folder; waits `wait_s` for another process. Raises as `connect`."""

    def __init__(self, path: Path, *, wait_s: float = WAIT_S, migrations: Sequence[str] | None = None) -> None:
        self.path = path
        self._connection = connect(path, wait_s, migrations or migration_scripts())

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
