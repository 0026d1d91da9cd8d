"""
A person before `temoin object file` and the window with a setting of a real application, whose page may turn against them.

What comes of it is told by what reached the application, and by every row of its database.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractContextManager, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, ClassVar

from playwright.async_api import Page, async_playwright

from automation.browser.finder import find_browser
from automation.core.settings import BrowserSettings
from tests.real.account import UserAtDesk
from tests.real.applications import Rows
from tests.real.serving import Asked, Served
from tests.real.turning import WORKER
from tests.turns import until

ASKED = "and press Enter; Enter alone"
GOING = "Going to the form"
RELEASED, NOT_RELEASED = "Now press the outlined button", "Nothing was released"
CHANGED = "holds something else than what was shown"
"""As where the button comes between what was shown and the name: it is shown once more then."""
SENT = "Sent."
READING = "Reading the account again"
HELD = "anything else keeps it here"
"""How the terminal ends what it shows of a request that is held."""
SWITCHED, PRESSED, LET_ON = "switched", "pressed", "let on"
STAGES = (GOING, ASKED, SWITCHED, RELEASED, PRESSED, LET_ON, SENT, READING)
"""Of one filing, in their order: what is heard, or what the person has done."""

Outcome = tuple[Sequence[str], Sequence[str]]
"""What reached the application beside reads, and what its database holds otherwise than before."""


@dataclass
class AtSetting(ABC):
    """One person, one setting that is to be switched, and what the application got."""

    served: Served
    user: UserAtDesk
    _before: int = 0
    _rows: Rows = field(default_factory=dict)

    label: ClassVar[str]
    """Of the setting, as the page shows it."""
    nothing: ClassVar[Outcome] = ([], [])
    once: ClassVar[Outcome]
    """The declared request, once, and what it saves."""
    instead: ClassVar[Mapping[str, str]]
    """What the page's script exchanges between the consent and the request."""
    unheard: ClassVar[frozenset[str]]
    """What of it the guard does not take for the submission, so that nobody is told."""
    spoils: ClassVar[frozenset[str]] = frozenset()
    """What of it would end the account that the other tests use, did it arrive."""
    beside: ClassVar[Mapping[str, str]]
    """What the page's script sends beside the request."""
    presses_itself: ClassVar[str]
    """A script that presses what saves the setting, all the time."""

    # -- the application ----------------------------------------------------------------------------------------

    @abstractmethod
    def put_back(self) -> None:
        """Have the setting stand otherwise than the person wants it."""

    @property
    @abstractmethod
    def is_on(self) -> bool:
        """How the setting stands in the database."""

    @abstractmethod
    def state(self) -> Rows:
        """Every row of every table."""

    @abstractmethod
    def row(self, table: str, row: tuple[object, ...]) -> str:
        """A row as it is told in a test."""

    @abstractmethod
    def said(self, one: Asked) -> str:
        """A request as it is told in a test."""

    @abstractmethod
    def turned(self, script: str) -> AbstractContextManager[None]:
        """Have a script in the page that holds the setting, and `worker` at an address of the service's."""

    @abstractmethod
    def redirecting(self, status: int) -> AbstractContextManager[None]:
        """Have the application's answer to the request sent on to an address of the service's."""

    @abstractmethod
    async def save_in(self, page: Page) -> None:
        """Switch it and save it in a page that no guard holds, by the application's own controls."""

    @abstractmethod
    def cookies(self) -> list[dict[str, object]]:
        """Of another browser in which the person has signed in."""

    def mark(self) -> None:
        """Count from here on."""
        self.put_back()
        self._before, self._rows = len(self.served.writes), self.state()

    @property
    def writes(self) -> list[str]:
        """What reached the application beside reads."""
        return [self.said(one) for one in self.served.writes[self._before :]]

    @property
    def outcome(self) -> Outcome:
        """What became of it."""
        now = self.state()
        changes = list[str]()
        for table in sorted({*self._rows, *now}):
            before, after = self._rows.get(table, ()), now.get(table, ())
            changes += [f"- {self.row(table, one)}" for one in before if one not in after]
            changes += [f"+ {self.row(table, one)}" for one in after if one not in before]
        return self.writes, changes

    # -- the person ---------------------------------------------------------------------------------------------

    @abstractmethod
    async def switch(self) -> None:
        """Look for the setting in the page, and press it by the keyboard."""

    @abstractmethod
    async def press_early(self) -> None:
        """Press what saves the setting before anything was agreed to."""

    async def agree(self) -> None:
        """See the setting once more, and type the account's name."""
        self.user.desk.forget()
        self.user.desk.types()
        await self.user.desk.answers(ASKED, self.user.account)

    async def agree_until_released(self) -> None:
        """Agree again and again, while the page is still about what it was pressed for too early."""
        desk = self.user.desk
        while True:
            await self.agree()
            await until(lambda: any(words in desk.said[desk._heard :] for words in (RELEASED, NOT_RELEASED, CHANGED)))
            if RELEASED in desk.said[desk._heard :]:
                return

    async def release(self) -> None:
        """Switch it and agree: the press that follows may save it."""
        await self.go_to(RELEASED)

    async def press(self, times: int = 1) -> None:
        """Press the outlined button."""
        await self.user.desk.act(lambda: self.user.desk.person.press_outlined(times))

    async def lets_on(self) -> None:
        """See the request that is held, and type the account's name once more."""
        await self.user.desk.answers(HELD, self.user.account)

    async def go_to(self, stage: str) -> None:
        """Start the program, and go as far as a stage; the person does everything as they should."""
        desk, done = self.user.desk, STAGES.index(stage)
        self.mark()
        await desk.start("object", "file", self.user.account)
        deeds = (
            lambda: desk.hears(GOING),
            lambda: desk.hears(ASKED),
            self.switch,
            self._agree_and_hear,
            self.press,
            self.lets_on,
            lambda: desk.hears(SENT),
            lambda: desk.hears(READING),
        )
        for deed in deeds[: done + 1]:
            await deed()

    async def _agree_and_hear(self) -> None:
        await self.agree()
        await self.user.desk.hears(RELEASED)

    async def interrupted(self) -> str:
        """Ctrl-C, for the program and all that it started; what it says then."""
        self.user.desk.forget()
        self._signal(signal.SIGINT)
        assert await self.user.desk.ends() == 130, self.user.desk.said
        return self.user.desk.said[self.user.desk._heard :]

    async def killed(self) -> None:
        """Kill -9, for the program and all that it started."""
        self._signal(signal.SIGKILL)
        await self.user.desk.ends()

    def _signal(self, number: int) -> None:
        process = self.user.desk._process
        assert process is not None
        os.killpg(process.pid, number)

    async def leave(self) -> None:
        """End what a failed test left."""
        process = self.user.desk._process
        if process is not None and process.returncode is None:
            await self.killed()

    def cases(self) -> list[dict[str, Any]]:
        """The lines of the book of cases."""
        path = self.user.desk.folder / "temoin-evidence" / "cases" / "cases.jsonl"
        return [json.loads(line) for line in path.read_text().splitlines()]

    @property
    def states(self) -> list[str]:
        """What the book says of all cases, oldest first."""
        return [line["state"] for line in self.cases() if "state" in line]

    # -- without the guard --------------------------------------------------------------------------------------

    async def save_unguarded(self, at_least: int) -> None:
        """Save it in a browser without the guard; wait until so many writes have arrived."""
        self.mark()
        async with unguarded(self.served, self.cookies()) as page:
            saving = asyncio.ensure_future(self.save_in(page))
            try:
                await until(lambda: len(self.writes) >= at_least or _has_failed(saving), 60)
                if _has_failed(saving):
                    await saving
            finally:
                saving.cancel()
                await asyncio.wait({saving})


def _has_failed(task: asyncio.Future[None]) -> bool:
    return task.done() and not task.cancelled() and task.exception() is not None


@asynccontextmanager
async def unguarded(served: Served, cookies: list[dict[str, object]]) -> AsyncIterator[Page]:
    """A page of a browser of one's own, moved by Playwright, in which somebody has signed in."""
    found = find_browser(BrowserSettings())
    switches = [
        f"--host-resolver-rules=MAP {served.host}:443 {served.address}",
        f"--ignore-certificate-errors-spki-list={served.spki}",
    ]
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=str(found.path), args=switches, chromium_sandbox=found.sandbox
        )
        context = await browser.new_context(ignore_https_errors=True)
        await context.add_cookies(cookies)  # type: ignore[arg-type]
        yield await context.new_page()
        await browser.close()


def worker(sending: str) -> str:
    """A service worker that sends a request of its own as soon as it is there, and every write of the page twice."""
    return f"""
addEventListener('install', () => {{ skipWaiting(); {sending}; }});
addEventListener('activate', event => event.waitUntil(clients.claim()));
addEventListener('fetch', event => {{
  if (event.request.method === 'GET') return;
  const twin = event.request.clone();
  event.respondWith(fetch(event.request).then(answer => {{ fetch(twin); return answer; }}));
}});"""


WITH_WORKER = f"navigator.serviceWorker.register('{WORKER}').catch(() => null);"
