"""One visit to the hostile site: every page at every moment, with a guard or without one."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from playwright.async_api import BrowserContext, Error

from tests.guard.hostile.site import LEAVING, Site

if TYPE_CHECKING:
    from playwright.async_api import Page


MOMENTS = ("load", "click", "leave", "close", "context")
"""On load, on a click, on navigating away, on closing the page, on closing the context."""
SETTLE_S = 0.8
PATIENCE_S = 120.0
AFTER_S = 3.0
"""What is sent while a context closes may take this long to arrive."""


@dataclass(frozen=True, slots=True)
class Ways:
    """How this tour opens and closes a context."""

    enter: Callable[[], Awaitable[BrowserContext]]
    leave: Callable[[BrowserContext], Awaitable[None]]
    lock: Callable[[], Awaitable[None]] = lambda: asyncio.sleep(0)
    """Called before each moment but loading, where the tour is to be taken locked."""


@dataclass
class Tour:
    """What the tour did, so that a count of 0 cannot come from a page that never ran."""

    pages: int = 0
    ran: set[str] = field(default_factory=set)
    """`moment.channel` of every job that was started, where the page lived to tell."""


async def take(
    site: Site,
    ways: Ways,
    *,
    moments: tuple[str, ...] = MOMENTS,
    leaving: bool = True,
    after_s: float = AFTER_S,
    until: Callable[[], bool] = lambda: True,
) -> Tour:
    """
    Visit every page; returns once what was sent has had time to arrive.

    `leaving=False` spares the many pages that try one way of leaving each. `until` is waited for before the clicked
    pages are left, for as long as a busy machine may need to start a worker.
    """
    tour = Tour()
    for moment in moments:
        context = await ways.enter()
        try:
            await _moment(site, ways, context, moment, tour, leaving=leaving)
            if moment == "click":
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(PATIENCE_S):
                        while not until():  # noqa: ASYNC110 - pages make it so
                            await asyncio.sleep(0.1)
        finally:
            await ways.leave(context)
    await asyncio.sleep(after_s)
    return tour


async def _moment(site: Site, ways: Ways, context: BrowserContext, moment: str, tour: Tour, *, leaving: bool) -> None:
    quiet = await _open(context, site.page(moment), tour)
    reports = await _open(context, f"https://site.test/reports?moment={moment}", tour)
    pages = [quiet]
    if leaving and moment in {"load", "click"}:
        for name in LEAVING:
            pages.append(await _open(context, site.page(moment, name), tour, stays=moment == "click"))
            tour.ran.add(f"{moment}.{name}")
    if moment != "load":
        await ways.lock()
    if moment == "click":
        await quiet.click("#go", timeout=PATIENCE_S * 1000, no_wait_after=True)
        for page in pages[1:]:
            await _click(page)
    if moment in {"load", "click"}:
        await quiet.wait_for_function("window.ran", timeout=PATIENCE_S * 1000)
        tour.ran.update(f"{moment}.{name}" for name in await quiet.evaluate("window.ran"))
        await asyncio.sleep(SETTLE_S)
    if moment == "leave":
        for page in (quiet, reports):
            with contextlib.suppress(Exception):
                await page.goto("https://site.test/blank", timeout=5_000)
        await asyncio.sleep(SETTLE_S)
    if moment == "close":
        for page in (quiet, reports):
            await page.close()
        await asyncio.sleep(SETTLE_S)


async def _open(context: BrowserContext, address: str, tour: Tour, *, stays: bool = True) -> Page:
    page = await context.new_page()
    try:
        await page.goto(address, wait_until="commit", timeout=PATIENCE_S * 1000)
    except Error as error:
        if stays or "ERR_ABORTED" not in error.message:  # one that leaves may have left before it is told that it came
            raise
    if stays:
        await page.wait_for_function("document.title && document.title != 'loading'", timeout=PATIENCE_S * 1000)
    tour.pages += 1
    return page


async def _click(page: Page) -> None:
    with contextlib.suppress(Exception):  # a page that is already on its way has no button left
        await page.bring_to_front()
        await page.click("#go", timeout=2_000, no_wait_after=True)
