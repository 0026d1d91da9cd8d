"""Starting a real browser at the hostile site, with a guard or without one."""

from __future__ import annotations

import contextlib
import os
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.async_api import Browser, async_playwright

from automation.browser.finder import FoundBrowser, find_browser
from automation.core.settings import BrowserSettings
from automation.guard import Guard, GuardPolicy
from tests.guard.builders import HOSTILE

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.guard.hostile.site import Site


@cache
def browser_under_test() -> FoundBrowser:
    """The browser that a user of this machine would get, or the one that TEMOIN_TEST_BROWSER names."""
    named = os.environ.get("TEMOIN_TEST_BROWSER")
    return find_browser(BrowserSettings(path=Path(named) if named else None))


@contextlib.asynccontextmanager
async def started(*arguments: str, found: FoundBrowser | None = None) -> AsyncIterator[Browser]:
    """A browser that sends reports at once, the one under test unless another is named; closed afterwards."""
    found = found or browser_under_test()
    switches = ["--short-reporting-delay", *arguments]
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=found.path, args=switches, chromium_sandbox=found.sandbox
        )
        try:
            yield browser
        finally:
            await browser.close()


@contextlib.asynccontextmanager
async def guarded(
    site: Site, policy: GuardPolicy | None = None, kind: type[Guard] = Guard
) -> AsyncIterator[tuple[Guard, Browser]]:
    """A browser under a guard by the hostile site's policy, or another one; or under one with a mistake."""
    guard = kind(policy or GuardPolicy.parse(HOSTILE), replica_map={"*.test": f"127.0.0.1:{site.port}"})
    async with started(*guard.arguments(site.spki)) as browser:
        await guard.attach(browser)
        try:
            yield guard, browser
        finally:
            guard.sever()


def unguarded(site: Site) -> tuple[str, ...]:
    """The switches by which a browser without a guard finds the site."""
    hosts = f"MAP *.test:443 127.0.0.1:{site.port}, MAP *.test 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
    return f"--ignore-certificate-errors-spki-list={site.spki}", f"--host-resolver-rules={hosts}"
