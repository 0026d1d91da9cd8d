"""
The POST that binds a session to the device, in a browser that can do it: on Linux by keys made for trying it.

A site asks for it by a header, and the browser sends it of its own accord; the interception is not asked. Headless shells
cannot bind anything, so this is a browser that could show a window, in its headless mode.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import pytest

from automation.browser.finder import FoundBrowser, find_browser
from automation.core.errors import BrowserNotFound
from automation.core.settings import BrowserSettings
from automation.guard import Guard, GuardPolicy, Phase
from automation.guard import guard as guard_module
from tests.guard.browsing import started, unguarded
from tests.guard.builders import HOSTILE, a_request
from tests.turns import until

if TYPE_CHECKING:
    from playwright.async_api import BrowserContext

    from tests.guard.hostile.site import Site

pytestmark = [pytest.mark.browser, pytest.mark.thorough]

ABLE = "--enable-features=DeviceBoundSessions,EnableBoundSessionCredentialsSoftwareKeysForManualTesting"
IN_VAIN_S = 3.0
"""How long to wait for what should not come; what should is waited for."""


@pytest.fixture(scope="module")
def able() -> FoundBrowser:
    """A whole Chromium, which knows device-bound sessions."""
    try:
        return find_browser(BrowserSettings(headless=False))
    except BrowserNotFound:
        pytest.skip("this machine has only a headless shell, which binds no session")


async def bind(context: BrowserContext) -> None:
    """Open a page that asks for it."""
    page = await context.new_page()
    await page.goto("https://site.test/binding?c=now.binding")


async def until_tried(site: Site, guard: Guard | None = None, limit_s: float = 60.0) -> None:
    """Wait until it arrived or was refused."""

    def was_tried() -> bool:
        return bool(site.writes) or (guard is not None and any(r.path == "/registration" for r in guard.since(0)))

    with contextlib.suppress(TimeoutError):
        await until(was_tried, limit_s)


async def test_without_a_guard_a_session_is_bound(site: Site, able: FoundBrowser) -> None:
    """The control: where the browser can, the POST arrives."""
    async with started(ABLE, *unguarded(site), found=able) as browser:
        await bind(await browser.new_context())
        await until_tried(site)
    assert site.writes == {"now.binding"}


class LeftOn(Guard):
    """Does not switch it off."""

    def arguments(self, *pinned: str) -> list[str]:
        """Name a feature that no browser has instead."""
        return [one.replace("DeviceBoundSessions", "NoSuchFeature") for one in super().arguments(*pinned)]


@pytest.mark.parametrize("switch", [True, False], ids=["switched off", "left on"])
async def test_under_the_guard_it_is_not(site: Site, able: FoundBrowser, *, switch: bool) -> None:
    """Switched off it is not tried; where the switch does nothing it does not leave, and is on the record."""
    if not switch:
        guard_module._PASSED.clear()
    guard = (Guard if switch else LeftOn)(GuardPolicy.parse(HOSTILE), replica_map={"*.test": f"127.0.0.1:{site.port}"})
    async with started(ABLE, *guard.arguments(site.spki), found=able) as browser:
        await guard.attach(browser)
        context = await guard.new_context(Phase.CHECK)
        await bind(context)
        await until_tried(site, guard, IN_VAIN_S if switch else 60.0)
        await guard.close_context(context)
        tried = {(r.method, r.rule) for r in guard.since(0) if r.path == "/registration"}
    assert site.writes == set()
    assert tried == (set() if switch else {("POST", "write")})
    assert not guard.breached


async def test_no_binding_leaves_by_the_permit_of_a_read(site: Site, able: FoundBrowser) -> None:
    """The switch left on, and permits in stock for a read at the same address: it is known by its header, and stays."""
    registration = 'Session-Registration: (ES256 RS256);path="/read?c=now.binding";challenge="x"\r\n'
    lines = f"Content-Type: text/html\r\nSecure-{registration}Sec-{registration}"
    site.pages["/bound"] = (200, lines, b"<!doctype html><title>bound</title>")
    guard_module._PASSED.clear()
    guard = LeftOn(GuardPolicy.parse(HOSTILE), replica_map={"*.test": f"127.0.0.1:{site.port}"})

    def tried() -> list[bool]:
        return [entry.allowed for entry in guard.since(0) if (entry.method, entry.path) == ("POST", "/read")]

    async with started(ABLE, *guard.arguments(site.spki), found=able) as browser:
        await guard.attach(browser)
        context = await guard.new_context(Phase.CHECK)
        for number in range(20):
            read = a_request("POST", "https://site.test/read?c=now.binding", number=f"in stock {number}")
            guard.permits.grant(read)
        page = await context.new_page()
        await page.goto("https://site.test/bound")
        await until(lambda: bool(tried()), 60)
        await guard.close_context(context)
    assert set(tried()) == {False}
    assert [one for one in site.arrivals if one.method == "POST"] == []
    assert not guard.breached
