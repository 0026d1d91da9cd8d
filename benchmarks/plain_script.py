"""
What a check is compared with: the script that people write themselves.

It signs in, opens the addresses that a check opened in the same order, waits at each until the network is idle, and
takes as many pictures. It judges nothing, proves nothing and guards nothing.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from playwright.async_api import Browser, async_playwright
from stand_in import OPEN, StandIn

from automation.browser.finder import find_browser
from automation.browser.pool import context_options
from automation.core.settings import BrowserSettings

if TYPE_CHECKING:
    from pathlib import Path

    from automation.core.results import Result

Route = Sequence[tuple[str, int]]
"""Each address, and how many pictures are taken of it."""


def route_of(result: Result) -> Route:
    """The addresses that a check opened, with the number of pictures of each; home once more at its end."""
    pictures = [artifact.path for artifact in result.evidence if artifact.kind == "picture"]
    route = [
        (step.url, sum(f"/{step.number:02d}-" in path for path in pictures)) for step in result.steps if step.picture
    ]
    return [*route, (route[0][0], 0)]


async def script(served: StandIn, route: Route, place: Path) -> float:
    """One account in a browser of its own; seconds, the browser's start and end included."""
    began = time.perf_counter()
    async with _browser(served) as browser:
        await _visit(browser, route, place)
    return time.perf_counter() - began


async def scripts(served: StandIn, route: Route, place: Path, accounts: int, at_once: int) -> float:
    """So many accounts in contexts of one browser, `at_once` of them side by side; seconds for all."""
    began = time.perf_counter()
    room = asyncio.Semaphore(at_once)

    async def one(number: int) -> None:
        own = place / str(number)
        own.mkdir()
        async with room:
            await _visit(browser, route, own)

    async with _browser(served) as browser, asyncio.TaskGroup() as group:
        for number in range(accounts):
            group.create_task(one(number))
    return time.perf_counter() - began


@asynccontextmanager
async def _browser(served: StandIn) -> AsyncIterator[Browser]:
    found = find_browser(BrowserSettings())
    rules = ", ".join(f"MAP {host}:443 {address}" for host, address in served.replica_map.items())
    arguments = [f"--ignore-certificate-errors-spki-list={served.spki}", f"--host-resolver-rules={rules}"]
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=found.path, args=arguments, chromium_sandbox=found.sandbox
        )
        yield browser
        await browser.close()


async def _visit(browser: Browser, route: Route, place: Path) -> None:
    context = await browser.new_context(**context_options())
    page = await context.new_page()
    await page.goto("https://www.facebook.com/login/")
    await page.fill("input[name=email]", OPEN.username)
    await page.fill("input[type=password]", OPEN.password)
    await page.press("input[type=password]", "Enter")
    await page.wait_for_url(lambda url: "/login" not in url)
    for number, (address, pictures) in enumerate(route):
        await page.goto(address, wait_until="networkidle")
        for picture in range(pictures):
            await page.screenshot(path=place / f"{number}-{picture}.png", full_page=picture == 0)
    await context.close()
