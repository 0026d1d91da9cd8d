"""
Ghost as its maker publishes it, in a folder of its own, on a MariaDB of its own that listens on a socket alone.

Its admin is one page that scripts draw, with addresses behind `#` and data from an API. The application's files stay
where `make applications` put them; configuration, content and database are made here and are gone afterwards. A setting
is changed as an administrator would, past the browser: by Ghost's own API.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.async_api import Page

from automation.browser.environment.record import ci_of
from tests.real import mariadb
from tests.real.account import UserAtDesk, at_desk
from tests.real.applications import PASSWORD, Rows, run
from tests.real.serving import Served, free_port, over_tls, playwright_cookies
from tests.session.screen import screen

SOURCE = Path(__file__).parents[2] / "build" / "ghost"
NEEDED = {"Ghost": SOURCE / "node_modules", "mariadb-server-core": mariadb.PROGRAM}
ANALYTICS = "/ghost/#/settings/analytics"
_STARTS_IN_S = 90.0
_DATABASE = """
const [socketPath, statement, ...values] = process.argv.slice(1);
(async () => {
  const there = await require('mysql2/promise').createConnection(
    {socketPath, user: 'root', database: 'ghost', dateStrings: true, rowsAsArray: true});
  const rows = async (asked, given) => (await there.query(asked, given))[0];
  const all = {};
  if (statement) all.rows = await rows(statement, values);
  else for (const [table] of await rows('SHOW TABLES')) all[table] = await rows('SELECT * FROM `' + table + '`');
  await there.end();
  console.log(JSON.stringify(all));
})();
"""


def require() -> None:
    """Skip the test where it cannot run; a CI job that lacks it is set up wrongly."""
    lacking = [name for name, path in NEEDED.items() if not path.exists()]
    if shutil.which("node") is None:
        lacking.append("nodejs")
    if lacking:
        reason = f"{', '.join(lacking)} not installed; `make applications` gets them there"
        pytest.fail(reason) if ci_of() else pytest.skip(reason)


@dataclass
class Ghost:
    """A publication with its owner, who is an administrator like all whom she invites."""

    inside: str
    socket: Path
    _cookies: dict[str, str] = field(default_factory=dict)
    host = "letters.hearth.example"
    owner = "keeper"

    @staticmethod
    def address(person: str) -> str:
        """What somebody signs in with."""
        return f"{person}@hearth.example"

    def add(self, person: str) -> None:
        """Invite somebody, and take the invitation up for them."""
        (role,) = [one for one in self._get("roles/")["roles"] if one["name"] == "Administrator"]
        self._send("POST", "invites/", invites=[{"email": self.address(person), "role_id": role["id"]}])
        statement = "SELECT token FROM invites WHERE email = ?"
        ((token,),) = self._database(statement, self.address(person))["rows"]
        taken = {
            "name": person.title(),
            "email": self.address(person),
            "password": PASSWORD,
            "token": token,
        }
        self._send("POST", "authentication/invitation/", invitation=[taken])

    def choose(self, **settings: object) -> None:
        """Set settings of the publication, as its owner."""
        self._send("PUT", "settings/", settings=[{"key": key, "value": value} for key, value in settings.items()])

    def setting(self, key: str) -> object:
        """One setting of the publication, as it is kept."""
        ((found,),) = self._database("SELECT value FROM settings WHERE `key` = ?", key)["rows"]
        return found

    def sign_out(self) -> None:
        """End everybody's sessions at the service's side."""
        self._database("DELETE FROM sessions")
        self._cookies.clear()

    def cookies(self, person: str) -> list[dict[str, object]]:
        """Of a browser in which somebody has signed in, as Playwright takes them."""
        with self._client() as client:
            answer = client.post("session/", json={"username": self.address(person), "password": PASSWORD})
            assert answer.status_code == 201, answer.text[:500]
            return playwright_cookies(client, self.host)

    def state(self) -> Rows:
        """Every row of every table."""
        return {name: tuple(map(tuple, rows)) for name, rows in self._database().items()}

    def set_up(self) -> None:
        """Do what the page does that a new publication greets its owner with."""
        said = {"name": "Keeper", "email": self.address(self.owner), "password": PASSWORD, "blogTitle": "Hearth"}
        self._send("POST", "authentication/setup/", setup=[said])

    def _database(self, statement: str = "", *values: str) -> dict[str, list[list[object]]]:
        """What a statement brings, as `rows`; without one, every table."""
        environment = {"NODE_PATH": str(SOURCE / "node_modules")}
        found: dict[str, list[list[object]]] = json.loads(
            run(["node", "-e", _DATABASE, str(self.socket), statement, *values], environment)
        )
        return found

    def _get(self, path: str) -> Mapping[str, Any]:
        return self._send("GET", path)

    def _send(self, method: str, path: str, **body: object) -> Mapping[str, Any]:
        if not self._cookies and not path.startswith("authentication/"):
            self._cookies = {str(one["name"]): str(one["value"]) for one in self.cookies(self.owner)}
        with self._client() as client:
            cookies = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
            answer = client.request(method, path, json=body or None, headers={"Cookie": cookies})
            assert answer.is_success, f"{method} {path}: {answer.text[:1000]}"
            found: Mapping[str, Any] = answer.json()
            return found

    def _client(self) -> httpx.Client:
        origin = f"https://{self.host}"
        headers = {"Host": self.host, "X-Forwarded-Proto": "https", "Origin": origin}
        return httpx.Client(base_url=f"{self.inside}/ghost/api/admin/", headers=headers, timeout=30)


async def save_switch(page: Page, label: str) -> None:
    """Press a switch of the settings, and the button that comes then, in a page in which somebody has signed in."""
    await page.goto(f"https://{Ghost.host}{ANALYTICS}")
    await page.wait_for_load_state("networkidle")  # what comes late puts a switch back
    await page.get_by_role("switch", name=label).click()
    await page.get_by_role("button", name="Save", exact=True).click()


@contextmanager
def ghost(folder: Path) -> Iterator[Ghost]:
    """Set one up in an empty folder, and run it."""
    for part in ("adapters", "data", "files", "images", "logs", "media", "public", "settings", "themes"):
        (folder / "content" / part).mkdir(parents=True)
    for theme in (SOURCE / "content" / "themes").iterdir():
        (folder / "content" / "themes" / theme.name).symlink_to(theme)
    (folder / "current").symlink_to(SOURCE)  # how it finds its own files
    port = free_port()
    with mariadb.running("ghost") as socket:
        (folder / "config.production.json").write_text(json.dumps(_config(folder, socket, port)))
        process = subprocess.Popen(
            ["node", str(SOURCE / "index.js")],
            cwd=folder,
            env={**os.environ, "NODE_ENV": "production"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        publication = Ghost(f"http://127.0.0.1:{port}", socket)
        try:
            _wait(process, publication)
            publication.set_up()
            yield publication
        finally:
            process.terminate()
            process.wait(30)


def _config(folder: Path, socket: Path, port: int) -> dict[str, object]:
    """Nobody can be reached from here, and a browser that is new is not asked for a code by mail."""
    connection = {"socketPath": str(socket), "user": "root", "password": "", "database": "ghost"}
    return {
        "url": f"https://{Ghost.host}",
        "server": {"host": "127.0.0.1", "port": port},
        "database": {"client": "mysql", "connection": connection},
        "mail": {"transport": "stub", "from": "ghost@hearth.example"},
        "paths": {"contentPath": str(folder / "content")},
        "privacy": {"useUpdateCheck": False, "useGravatar": False, "useRpcPing": False},
        "security": {"staffDeviceVerification": False},
        "logging": {"level": "error", "transports": ["stdout"]},
    }


def _wait(process: subprocess.Popen[bytes], publication: Ghost) -> None:
    """It listens at once, and answers when its database has its tables."""
    deadline = time.monotonic() + _STARTS_IN_S
    while True:
        assert process.poll() is None, "Ghost ended at once"
        assert time.monotonic() < deadline, "Ghost does not answer"
        try:
            with publication._client() as client:
                if client.get("authentication/setup/").is_success:
                    return
        except httpx.TransportError:
            pass
        time.sleep(0.2)


@asynccontextmanager
async def staged(folder: Path, flow: str, reader: str) -> AsyncIterator[tuple[Ghost, Served, UserAtDesk]]:
    """A publication behind TLS with one more administrator, and her at a desk with a configuration still to be written."""
    with ghost(folder / "ghost") as publication, screen() as person:
        publication.add(reader)
        desk = folder / "desk"
        desk.mkdir()
        async with (
            over_tls(publication.host, publication.inside) as served,
            at_desk(person, desk, served, flow, reader) as user,
        ):
            yield publication, served, user
