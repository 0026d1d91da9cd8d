"""A plain browser before stand-ins: what it does, no guard keeps it from."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from playwright.async_api import Browser, async_playwright

from automation.authoring.replica import Replica, ReplicaSite
from automation.browser.finder import find_browser
from automation.browser.start import start
from automation.core.settings import BrowserSettings


@asynccontextmanager
async def unguarded(sites: Sequence[ReplicaSite]) -> AsyncIterator[tuple[Replica, Browser]]:
    """A replica and a browser that knows no other host."""
    async with Replica(sites) as replica, async_playwright() as playwright:
        hosts = ",".join(f"MAP {host} {address}" for host, address in replica.replica_map.items())
        switches = [
            f"--host-resolver-rules={hosts},MAP * ~NOTFOUND",
            f"--ignore-certificate-errors-spki-list={replica.spki}",
        ]
        async with await start(playwright, find_browser(BrowserSettings()), args=switches) as browser:
            yield replica, browser
