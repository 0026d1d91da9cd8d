"""
Ghost from npm, in a folder of its own on SQLite: an admin that is one page and fills itself by requests.

`.ci/services.py --applications` installs it, in `build/ghost`. A setting is changed as its owner's database holds it,
past the browser.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.real.applications import PASSWORD, Rows
from tests.real.serving import playwright_cookies

SOURCE = Path(__file__).parents[2] / "build" / "ghost"
_STARTS_IN_S = 90.0


def missing() -> list[str]:
    """Programs and packages without which it cannot run."""
    found = (
        [] if (SOURCE / "node_modules" / "sqlite3" / "build" / "Release" / "node_sqlite3.node").exists() else ["ghost"]
    )
    return found if shutil.which("node") else ["nodejs", *found]


@dataclass(frozen=True)
class Ghost:
    """A site with its owner."""

    folder: Path
    port: int
    host = "letters.hearth.example"
    owner = "keeper@hearth.example"

    @property
    def inside(self) -> str:
        """Its address without TLS."""
        return f"http://127.0.0.1:{self.port}"

    @contextmanager
    def running(self, *, maintenance: bool = False) -> Iterator[None]:
        """Run it; in maintenance it answers 503 to everything, as while it is updated."""
        config = {
            "url": f"https://{self.host}",
            "server": {"host": "127.0.0.1", "port": self.port, "shutdownTimeout": 1000},
            "database": {
                "client": "sqlite3",
                "connection": {"filename": str(self.folder / "ghost.db")},
                "useNullAsDefault": True,
            },
            "paths": {"contentPath": str(self.folder / "content")},
            "mail": {"transport": "stub", "from": "keeper@hearth.example"},
            "logging": {"level": "warn", "transports": ["stdout"]},
            # Nobody can be reached from here, and nobody reads a code that it would mail.
            "privacy": {"useUpdateCheck": False, "useGravatar": False, "useRpcPing": False},
            "security": {"staffDeviceVerification": False},
            "maintenance": {"enabled": maintenance},
        }
        (self.folder / "config.production.json").write_text(json.dumps(config))
        program = shutil.which("node")
        assert program is not None
        with (self.folder / "ghost.log").open("ab") as log:
            process = subprocess.Popen(
                [program, "current/index.js"],
                cwd=self.folder,
                env={**os.environ, "NODE_ENV": "production"},
                stdout=log,
                stderr=log,
            )
        try:
            self._wait(process, 503 if maintenance else 200)
            yield
        finally:
            process.terminate()
            process.wait(30)

    def _wait(self, process: subprocess.Popen[bytes], status: int) -> None:
        deadline = time.monotonic() + _STARTS_IN_S
        while True:
            with contextlib.suppress(httpx.HTTPError), self.client() as client:
                if client.get("site/").status_code == status:
                    return
            assert process.poll() is None, (self.folder / "ghost.log").read_text()[-2000:]
            assert time.monotonic() < deadline, "Ghost does not start"
            time.sleep(0.2)

    def own(self) -> None:
        """Give a new one its owner."""
        owner = {"name": "Keeper", "email": self.owner, "password": PASSWORD, "blogTitle": "Hearth letters"}
        with self.client() as client:
            _passes(client.post("authentication/setup/", json={"setup": [owner]}))

    def add(self, name: str, role: str) -> str:
        """Give somebody an account with a role such as `Administrator`; the e-mail address to sign in with."""
        email = f"{name.lower()}@hearth.example"
        with self._signed_in(self.owner) as client:
            _passes(client.post("invites/", json={"invites": [{"email": email, "role_id": self._role(role)}]}))
        with closing(self._database()) as database:
            (token,) = database.execute("SELECT token FROM invites WHERE email = ?", (email,)).fetchone()
        invitation = {"token": token, "email": email, "name": name, "password": PASSWORD}
        with self.client() as client:
            _passes(client.post("authentication/invitation/", json={"invitation": [invitation]}))
        return email

    def choose(self, email: str, column: str, value: int) -> None:
        """Set a column of somebody's account."""
        with closing(self._database()) as database, database:
            database.execute(f"UPDATE users SET {column} = ? WHERE email = ?", (value, email))

    def appoint(self, email: str, role: str) -> None:
        """Give somebody another role."""
        with closing(self._database()) as database, database:
            whose = "(SELECT id FROM users WHERE email = ?)"
            database.execute(f"UPDATE roles_users SET role_id = ? WHERE user_id = {whose}", (self._role(role), email))

    def _role(self, name: str) -> str:
        with closing(self._database()) as database:
            (role,) = database.execute("SELECT id FROM roles WHERE name = ?", (name,)).fetchone()
        return str(role)

    def sign_out(self) -> None:
        """End every session at the service's side."""
        with closing(self._database()) as database, database:
            database.execute("DELETE FROM sessions")

    def state(self) -> Rows:
        """Every row of every table."""
        with closing(self._database()) as database:
            tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            return {name: tuple(database.execute(f'SELECT * FROM "{name}"').fetchall()) for name in tables}

    def cookies(self, email: str) -> list[dict[str, object]]:
        """Of a browser in which somebody has signed in, as Playwright takes them."""
        with self._signed_in(email) as client:
            return playwright_cookies(client, self.host)

    @contextmanager
    def broken(self) -> Iterator[None]:
        """Take a table away that accounts refer to: the service itself answers 500."""
        self._rename("roles", "roles_away")
        try:
            yield
        finally:
            self._rename("roles_away", "roles")

    def client(self) -> httpx.Client:
        """For its own interface, as its pages use it."""
        headers = {"Host": self.host, "X-Forwarded-Proto": "https", "Origin": f"https://{self.host}"}
        return httpx.Client(base_url=f"{self.inside}/ghost/api/admin/", headers=headers, timeout=30)

    @contextmanager
    def _signed_in(self, email: str) -> Iterator[httpx.Client]:
        with self.client() as client:
            _passes(client.post("session/", json={"username": email, "password": PASSWORD}))
            # It is marked as Secure, and goes over plain HTTP by hand alone.
            client.headers["Cookie"] = "; ".join(f"{one.name}={one.value}" for one in client.cookies.jar)
            yield client

    def _rename(self, old: str, new: str) -> None:
        with closing(self._database()) as database, database:
            database.execute("PRAGMA legacy_alter_table = ON")  # what refers to it stays as it is
            database.execute(f"ALTER TABLE {old} RENAME TO {new}")

    def _database(self) -> sqlite3.Connection:
        return sqlite3.connect(self.folder / "ghost.db", timeout=10)


def set_up(folder: Path) -> Ghost:
    """Lay one out in an empty folder; it does not run yet, and `own` gives it its owner."""
    shutil.copytree(SOURCE / "content", folder / "content")
    (folder / "current").symlink_to(SOURCE)  # from where it is started, it looks for itself there
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return Ghost(folder, probe.getsockname()[1])


def _passes(answer: httpx.Response) -> None:
    assert answer.is_success, answer.text[:1000]
