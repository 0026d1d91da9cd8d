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

    inside: str
    folder: Path
    host = "letters.hearth.example"
    owner = "keeper@hearth.example"

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

    def cookies(self, email: str) -> list[dict[str, str | bool]]:
        """Of a browser in which somebody has signed in."""
        with self._signed_in(email) as client:
            return [
                {"name": one.name, "value": str(one.value), "domain": self.host, "path": "/ghost", "secure": True}
                for one in client.cookies.jar
            ]

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


@contextmanager
def ghost(folder: Path) -> Iterator[Ghost]:
    """Set one up in an empty folder, with its owner, and run it."""
    shutil.copytree(SOURCE / "content", folder / "content")
    (folder / "current").symlink_to(SOURCE)  # from where it is started, it looks for itself there
    with running(folder) as inside:
        site = Ghost(inside, folder)
        owner = {"name": "Keeper", "email": site.owner, "password": PASSWORD, "blogTitle": "Hearth letters"}
        with site.client() as client:
            _passes(client.post("authentication/setup/", json={"setup": [owner]}))
        yield site


@contextmanager
def running(folder: Path, port: int | None = None, **more: object) -> Iterator[str]:
    """Run the one of a folder, with more of its own configuration; its address without TLS."""
    if port is None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
    config = {
        "url": f"https://{Ghost.host}",
        "server": {"host": "127.0.0.1", "port": port, "shutdownTimeout": 1000},
        "database": {
            "client": "sqlite3",
            "connection": {"filename": str(folder / "ghost.db")},
            "useNullAsDefault": True,
        },
        "paths": {"contentPath": str(folder / "content")},
        "mail": {"transport": "stub"},
        "logging": {"level": "warn", "transports": ["stdout"]},
        # Nobody can be reached from here, and nobody reads a code that it would mail.
        "privacy": {"useUpdateCheck": False, "useGravatar": False, "useRpcPing": False},
        "security": {"staffDeviceVerification": False},
        **more,
    }
    (folder / "config.production.json").write_text(json.dumps(config))
    program = shutil.which("node")
    assert program is not None
    with (folder / "ghost.log").open("ab") as log:
        process = subprocess.Popen(
            [program, "current/index.js"],
            cwd=folder,
            env={**os.environ, "NODE_ENV": "production"},
            stdout=log,
            stderr=log,
        )
    address = f"http://127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + _STARTS_IN_S
        while True:
            with contextlib.suppress(httpx.HTTPError):
                headers = {"Host": Ghost.host, "X-Forwarded-Proto": "https"}
                status = httpx.get(f"{address}/ghost/api/admin/site/", headers=headers, timeout=10).status_code
                if status == 200 or "maintenance" in more:
                    break
            assert process.poll() is None, (folder / "ghost.log").read_text()[-2000:]
            assert time.monotonic() < deadline, "Ghost does not start"
            time.sleep(0.2)
        yield address
    finally:
        process.terminate()
        process.wait(30)


def _passes(answer: httpx.Response) -> None:
    assert answer.is_success, answer.text[:1000]
