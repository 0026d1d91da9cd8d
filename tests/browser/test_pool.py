"""Which browser a visit gets: the one before it, as long as that is as it was; else another. Real: the browsers."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

import pytest
from playwright.async_api import Browser, async_playwright

from automation.browser.pool import Browsers
from automation.core.errors import BrowserLost, SignInNeeded
from automation.core.settings import BrowserSettings
from automation.guard import Guard, GuardPolicy, Phase

pytestmark = pytest.mark.browser


@dataclass
class Lender:
    """Lends browsers, and knows their processes."""

    browsers: Browsers
    used: list[int] = field(default_factory=list)
    """Process id of each visit's browser, in order."""
    guards: list[Guard] = field(default_factory=list)

    async def visit(self, error: BaseException | None = None) -> None:
        """One visit with one context; ends with an error if one is given."""
        guard = Guard(GuardPolicy.parse({"hosts": ["a.test"], "guard": {}}), replica_map={})
        self.guards.append(guard)
        with suppress(SignInNeeded, BrowserLost, RuntimeError, asyncio.CancelledError):
            async with self.browsers.borrowed(guard) as (browser, environment):
                assert environment.browser == f"Chromium {browser.version}"
                self.used.append(await process_id(browser))
                await guard.close_context(await guard.new_context(Phase.CHECK))
                if error is not None:
                    raise error


async def process_id(browser: Browser) -> int:
    """The browser's own process."""
    session = await browser.new_browser_cdp_session()
    processes = (await session.send("SystemInfo.getProcessInfo"))["processInfo"]
    await session.detach()
    return next(int(process["id"]) for process in processes if process["type"] == "browser")


@asynccontextmanager
async def lender(most_visits: int = 20) -> AsyncIterator[Lender]:
    """What a run has; all its browsers are gone afterwards."""
    async with async_playwright() as playwright:
        async with Browsers(playwright, BrowserSettings(), most_visits=most_visits) as browsers:
            lending = Lender(browsers)
            yield lending
        assert not any(map(alive, lending.used))


def alive(pid: int) -> bool:
    """Whether a process is there and no zombie."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    with open(f"/proc/{pid}/stat", encoding="utf-8") as file:  # noqa: PTH123
        return file.read().rpartition(")")[2].split()[0] != "Z"


async def test_a_browser_serves_so_many_visits_and_no_more() -> None:
    """Three visits at two each: the third gets another browser, and the first is gone by then."""
    async with lender(most_visits=2) as lending:
        for _ in range(3):
            await lending.visit()
        first, second, third = lending.used
        assert first == second != third
        assert not alive(first)


@pytest.mark.thorough
async def test_what_the_service_asks_for_does_not_spoil_a_browser() -> None:
    """A visit that ends at a challenge was orderly: the next one goes on in its browser."""
    async with lender() as lending:
        await lending.visit(SignInNeeded("a code is asked for"))
        await lending.visit()
        assert lending.used[0] == lending.used[1]


@pytest.mark.thorough
@pytest.mark.parametrize(
    "error",
    [BrowserLost("its tab is gone"), RuntimeError("a fault of ours"), asyncio.CancelledError()],
    ids=["lost", "fault", "broken off"],
)
async def test_a_visit_that_was_not_orderly_ends_its_browser(error: BaseException) -> None:
    """A lost tab, a fault, a visit broken off: nobody knows what was left there."""
    async with lender() as lending:
        await lending.visit(error)
        assert not alive(lending.used[0])
        await lending.visit()
        assert lending.used[0] != lending.used[1]


@pytest.mark.thorough
async def test_a_breach_ends_its_browser_and_nothing_else() -> None:
    """After a fault of the guard its browser is ended; the next visit has another one and a guard without fault."""
    async with lender() as lending:
        guard = Guard(GuardPolicy.parse({"hosts": ["a.test"], "guard": {}}), replica_map={})
        async with lending.browsers.borrowed(guard) as (browser, _):
            breached = await process_id(browser)
            guard.fault("planted")
        assert guard.breached
        assert not alive(breached)
        await lending.visit()
        assert not lending.guards[-1].breached
        lending.used.append(breached)


@pytest.mark.thorough
async def test_a_browser_that_dies_while_nobody_uses_it_is_not_lent() -> None:
    """The next visit gets another one and never learns of it."""
    async with lender() as lending:
        await lending.visit()
        os.kill(lending.used[0], signal.SIGKILL)
        await lending.visit()
        assert lending.used[0] != lending.used[1]


@pytest.mark.thorough
async def test_two_visits_at_once_never_share_a_browser() -> None:
    """Side by side, each has its own; after that there are two to lend."""
    async with lender() as lending:
        await asyncio.gather(lending.visit(), lending.visit())
        first, second = lending.used
        assert first != second
        await asyncio.gather(lending.visit(), lending.visit())
        assert set(lending.used) == {first, second}


@pytest.mark.thorough
async def test_a_window_serves_one_visit() -> None:
    """Its person sees it come and go with each account."""
    async with async_playwright() as playwright:
        assert Browsers(playwright, BrowserSettings(headless=False))._most_visits == 1
