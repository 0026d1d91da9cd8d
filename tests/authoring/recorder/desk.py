"""A desk: the program in a terminal of its own with a window beside it, and a person who sees, points and types."""

from __future__ import annotations

import asyncio
import os
import pty
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.async_api import async_playwright

from automation.browser.environment import record as provenance
from automation.browser.pool import context_options, launched
from automation.core.settings import BrowserSettings
from automation.guard import Guard, GuardPolicy, Phase
from tests.authoring.recorder.live import Live
from tests.session.screen import Person
from tests.turns import HANGING_S

_PLACES = """(texts) => texts.map((text) => {
  const walker = document.createTreeWalker(document, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) if (walker.currentNode.textContent.trim() === text) {
    const range = document.createRange(); range.selectNodeContents(walker.currentNode);
    const r = range.getBoundingClientRect();
    const x = r.x + Math.min(20, r.width / 2), y = r.y + r.height / 2;
    if (r.width) return [screenX + (outerWidth - innerWidth) / 2 + x, screenY + outerHeight - innerHeight + y, x, y];
  }
  return null;
})"""


async def places_of(
    person: Person, browser: dict[str, Any], site: dict[str, Any], url: str, cookies: list[Any],
    texts: list[str], first: str = "",
) -> dict[str, tuple[int, int]]:  # fmt: skip
    """
    Where on the screen a window like the program's shows these texts: what a person's eyes would tell her.

    Args:
        person: before the screen.
        browser: how the stand-in is reached.
        site: tables of the service, for the guard.
        url: the page.
        cookies: that sign in.
        texts: whole texts of the page.
        first: text that has to be pressed before the others show.
    """
    before = os.environ.get("DISPLAY")
    os.environ["DISPLAY"] = person.display
    try:
        async with async_playwright() as playwright:
            guard = Guard(GuardPolicy.parse(site), replica_map=browser["replica_map"])
            async with launched(playwright, BrowserSettings(headless=False, **browser), guard):
                options = {**context_options(no_viewport=True)}
                del options["viewport"], options["device_scale_factor"]
                context = await guard.new_context(Phase.CHECK, **options)
                await context.add_cookies(cookies)
                page = await context.new_page()
                await page.goto(url)
                shown = f"texts => ({_PLACES})(texts).every(Boolean)"
                await page.wait_for_function(shown, arg=[first] if first else texts)
                await asyncio.to_thread(person.wait_until_still)
                found: list[Any] = []
                if first:
                    found = await page.evaluate(_PLACES, [first])
                    await page.mouse.click(*found[0][2:])
                    await page.wait_for_function(shown, arg=texts)
                    await asyncio.to_thread(person.wait_until_still)
                found += await page.evaluate(_PLACES, texts)
                await guard.close_context(context)
    finally:
        if before is None:
            del os.environ["DISPLAY"]
        else:
            os.environ["DISPLAY"] = before
    names = [*([first] if first else []), *texts]
    assert all(found), dict(zip(names, found, strict=True))
    return {name: (int(at[0]), int(at[1])) for name, at in zip(names, found, strict=True)}


@dataclass
class Desk:
    """The program in a pseudo-terminal."""

    person: Person
    folder: Path
    variables: dict[str, str] = field(default_factory=dict)
    said: str = ""
    _heard: int = 0
    _all_said: asyncio.Event = field(default_factory=asyncio.Event)
    _process: asyncio.subprocess.Process | None = None
    _master: int = -1

    async def start(self, *arguments: str) -> None:
        """Start the program; terminal in, terminal out."""
        self._master, slave = pty.openpty()
        self._all_said.clear()
        mine = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith("TEMOIN_") and name not in provenance._CI  # she sits at a desk, wherever this runs
        }
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "automation", *arguments,
            cwd=self.folder, stdin=slave, stdout=slave, stderr=slave, start_new_session=True,
            env={
                **mine, "DISPLAY": self.person.display, "LANG": "en_GB.UTF-8", "COLUMNS": "200", "TERM": "dumb",
                "PYTHONPATH": str(Path(__file__).parents[3]), "XDG_DATA_HOME": str(self.folder / "data"),
                **self.variables,
            },
        )  # fmt: skip
        os.close(slave)
        asyncio.get_running_loop().add_reader(self._master, self._read)

    def _read(self) -> None:
        try:
            data = os.read(self._master, 65536)
        except OSError:
            data = b""
        if not data:
            asyncio.get_running_loop().remove_reader(self._master)
            self._all_said.set()
        self.said += data.decode(errors="replace").replace("\r\n", "\n")

    async def hears(self, words: str, limit_s: float = HANGING_S) -> None:
        """Wait until the program says something new."""
        for _ in range(int(limit_s * 10)):
            at = self.said.find(words, self._heard)
            if at >= 0:
                self._heard = at + len(words)
                return
            assert self._process is None or self._process.returncode is None, self.said
            await asyncio.sleep(0.1)
        raise AssertionError(f"never said {words!r}:\n{self.said}")

    def forget(self) -> None:
        """Take what was said until now for heard."""
        self._heard = len(self.said)

    def types(self, text: str = "") -> None:
        """A line into the terminal."""
        os.write(self._master, f"{text}\n".encode())

    async def answers(self, question: str, text: str = "") -> None:
        """Wait for a question, and answer it."""
        await self.hears(question)
        self.types(text)

    async def act(self, *deeds: Callable[[], object]) -> None:
        """Let the person act at the window."""
        for deed in deeds:
            await asyncio.to_thread(deed)

    async def signs_in(self, live: Live, name: str, then: str) -> None:
        """Sign in at the window and say whose account it is, until `then` is heard; what the sign-in wrote is forgotten."""
        someone = self.person
        await self.hears("Sign in to Studio")
        await self.act(
            someone.wait_until_still, someone.touch_page, lambda: someone.press("Tab"),
            lambda: someone.write("claire.moreau"), lambda: someone.press("Tab"),
            lambda: someone.write("open-sesame"), lambda: someone.press("Return"), someone.wait_until_still,
        )  # fmt: skip
        self.types()
        await self.answers("Does the window show the account", "1")
        await self.answers("What do the pages call you", f"Claire Moreau, claire.moreau, {name}")
        await self.hears(then)
        live.writes.clear()
        await self.act(someone.wait_until_still)

    async def points_at(self, place: tuple[int, int], clicks: int = 1) -> None:
        """Move the mouse there and click, as often as given and as fast as a double click."""
        await self.act(
            lambda: self.person._xdotool("mousemove", str(place[0] - 3), str(place[1])),
            lambda: self.person._xdotool("mousemove", str(place[0]), str(place[1])),
            lambda: self.person._xdotool("click", "--repeat", str(clicks), "--delay", "60", "1"),
        )

    async def ends(self, limit_s: float = HANGING_S) -> int:
        """The program's exit code."""
        assert self._process is not None
        async with asyncio.timeout(limit_s):
            code = await self._process.wait()
            await self._all_said.wait()
        return code

    async def leave(self) -> None:
        """End the program if it still runs."""
        if self._process is not None and self._process.returncode is None:
            self._process.terminate()
            await self._process.wait()
        if self._master >= 0:
            asyncio.get_running_loop().remove_reader(self._master)
            os.close(self._master)
