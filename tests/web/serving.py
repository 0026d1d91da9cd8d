"""The local page, served as `temoin ui` serves it: uvicorn on a real port, asked by real HTTP."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from automation.browser.environment import record as provenance
from automation.web.app import application, listening, served
from automation.web.desk import Desk
from automation.web.jobs import Jobs
from automation.web.security import Door
from automation.web.view import Front
from tests.turns import HANGING_S


def at_a_desk(patch: pytest.MonkeyPatch) -> None:
    """No job of a CI service, and a screen, as far as the environment says."""
    for name in ("CI", *provenance._CI):
        patch.delenv(name, raising=False)
    patch.setenv("DISPLAY", ":99")


@dataclass(frozen=True)
class Served:
    """A page that is being served."""

    door: Door
    jobs: Jobs
    desk: Desk

    @property
    def url(self) -> str:
        """Of the first page."""
        return f"http://{self.door.host}{self.door.root}"

    def client(self) -> httpx.Client:
        """A browser that was let in by another way: it has the cookie."""
        return httpx.Client(
            base_url=self.url,
            cookies={"temoin": self.door.cookie},
            timeout=HANGING_S,
            verify=False,  # no TLS is spoken
        )

    def post(self, path: str, **fields: str) -> httpx.Response:
        """What our own form sends."""
        with self.client() as client:
            return client.post(
                path, data={"token": self.door.form, **fields}, headers={"Origin": f"http://{self.door.host}"}
            )

    def get(self, path: str = "") -> httpx.Response:
        """What a link of ours leads to."""
        with self.client() as client:
            return client.get(path)


@contextmanager
def serving(config: Path, lang: str = "en") -> Iterator[Served]:
    """Serve the pages of a configuration in a thread."""
    listener = listening()
    door, jobs = Door(listener.getsockname()[1]), Jobs()
    page = Served(door, jobs, Desk(config))

    def end() -> None:
        server.should_exit = True

    # uvicorn takes a fifth of a second to end, for which no test waits: it closes the listener itself.
    server = served(application(Front(page.desk, door, jobs, lang, end)))
    threading.Thread(target=lambda: asyncio.run(server.serve(sockets=[listener])), daemon=True).start()
    try:
        socket.create_connection(("127.0.0.1", door.port), timeout=HANGING_S).close()
        yield page
    finally:
        end()
        jobs.end()
