"""A private PostgreSQL on loopback, in a folder that goes away with it; each test gets a database of its own."""

from __future__ import annotations

import itertools
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import psycopg
import pytest

from automation.storage.postgres import DatabaseAddress, migrate

_STARTS_IN_S = 30.0
_NUMBERS = itertools.count(1)


@lru_cache(maxsize=1)
def programs() -> Path | None:
    """The folder with `initdb` and `postgres`; None where PostgreSQL is not installed."""
    found = shutil.which("initdb")
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    return Path(found).parent if found else debian[-1] if debian else None


@dataclass
class Postgres:
    """A server that can be stopped, killed and started again."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def url(self, database: str = "postgres") -> str:
        """Where a database of it is."""
        return f"postgresql://temoin:secret-of-nobody@127.0.0.1:{self.port}/{database}"

    def database(self, *, template: str = "template1") -> DatabaseAddress:
        """A new database."""
        name = f"temoin_{os.getpid()}_{next(_NUMBERS)}"
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return DatabaseAddress(self.url(name))

    def migrated(self) -> DatabaseAddress:
        """A new database with all tables; made once, then copied."""
        with psycopg.connect(self.url(), autocommit=True) as connection:
            there = connection.execute("SELECT 1 FROM pg_database WHERE datname = 'migrated'").fetchone()
            if there is None:
                connection.execute("CREATE DATABASE migrated")
        if there is None:
            migrate(DatabaseAddress(self.url("migrated")))
        return self.database(template="migrated")

    def start(self) -> None:
        """Start it, and wait until it answers."""
        command = [
            str((programs() or Path()) / "postgres"), "-D", str(self.folder), "-p", str(self.port), "-k", "",
            "-c", "listen_addresses=127.0.0.1", "-c", "fsync=off", "-c", "max_connections=200",
            "-c", "authentication_timeout=5s",
        ]  # fmt: skip
        with (self.folder.parent / "log").open("ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, **_as_nobody_special())
        until = time.monotonic() + _STARTS_IN_S
        while True:
            try:
                psycopg.connect(self.url(), connect_timeout=2).close()
            except psycopg.OperationalError:
                if time.monotonic() > until or self.process.poll() is not None:
                    raise
                time.sleep(0.05)
            else:
                return

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """End it; by default at once, with every connection cut, as an administrator restarts it."""
        if self.process is not None:
            self.process.send_signal(how)
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:  # clients that knock may hold it, `authentication_timeout` long
                self.process.send_signal(signal.SIGQUIT)
                self.process.wait(30)
            self.process = None


@contextmanager
def running() -> Iterator[Postgres]:
    """A new server; it ends, and its folder goes, with the block."""
    initdb = (programs() or Path()) / "initdb"
    home = Path(tempfile.mkdtemp(prefix="temoin-pg-"))
    try:
        folder, secret = home / "data", home / "password"
        secret.write_text("secret-of-nobody")
        if "user" in (common := _as_nobody_special()):
            for path in (home, secret):
                os.chown(path, pwd.getpwnam(str(common["user"])).pw_uid, -1)
        options = ["-U", "temoin", "-A", "scram-sha-256", "--pwfile", str(secret), "--no-sync", "-E", "UTF8"]
        command = [str(initdb), "-D", str(folder), "--locale=C.UTF-8", *options]
        subprocess.run(command, check=True, capture_output=True, cwd=home, **common)
        server = Postgres(folder, _free_port())
        server.start()
        try:
            yield server
        finally:
            server.stop(signal.SIGQUIT)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _as_nobody_special() -> dict[str, object]:
    """PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    known = {entry.pw_name for entry in pwd.getpwall()}
    return {"user": "postgres" if "postgres" in known else "nobody", "extra_groups": []}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@lru_cache(maxsize=1)
def _kept() -> tuple[Postgres, object]:
    server = running()
    return server.__enter__(), server


def shared() -> Postgres:
    """The server of this test process; started at the first call and ended with the process."""
    if programs() is None:
        pytest.skip("PostgreSQL is not installed; `make services` installs it")
    return _kept()[0]


def end_shared() -> None:
    """End it, if it was started."""
    if _kept.cache_info().currsize:
        _kept()[1].__exit__(None, None, None)  # type: ignore[attr-defined]
        _kept.cache_clear()
