"""
Starting a browser: its sandbox is on wherever Chromium has one, and the record says what the browser says.

Real: the browser, its sandbox, the kernel's account of it. The superuser's tests start it as somebody else, because
Chromium has no sandbox for root.
"""

from __future__ import annotations

import asyncio
import sys
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
from playwright.async_api import CDPSession, async_playwright

from automation.browser import start as browser_start
from automation.browser.finder import FoundBrowser, find_browser
from automation.browser.start import environment_of, start
from automation.core.errors import BrowserNotFound
from automation.core.records import BrowserFacts, EvidenceSettings
from automation.core.settings import BrowserSettings
from automation.visit.order import Order, VisitRecord
from automation.visit.result_writer import BundleWriter, _environment
from tests.builders import an_environment
from tests.tiers import first

_AS_SOMEBODY_ELSE = """#!/bin/sh
for part; do case $part in --user-data-dir=*) chown -R 65534:65534 "${{part#*=}}" ;; esac; done
HOME=/tmp exec setpriv --reuid=65534 --regid=65534 --clear-groups {browser} "$@"
"""


def test_a_browser_gets_nothing_that_leads_past_its_tunnel() -> None:
    """No proxy of the user's, and no file to write the keys of its connections to, in whatever case they are named."""
    named = {"HTTPS_PROXY": "a", "https_proxy": "b", "ALL_PROXY": "c", "No_Proxy": "d", "SSLKEYLOGFILE": "e"}
    assert environment_of({**named, "PATH": "/bin", "LANG": "fr"}) == {"PATH": "/bin", "LANG": "fr"}


@pytest.fixture
def for_an_ordinary_user(tmp_path: Path) -> FoundBrowser:
    """This machine's browser as an ordinary user has it."""
    found = find_browser(BrowserSettings())
    if not found.sandbox:
        wrapper = tmp_path / "chromium"
        wrapper.write_text(_AS_SOMEBODY_ELSE.format(browser=found.path))
        wrapper.chmod(0o755)
        found = replace(found, path=wrapper, sandbox=True)
    return found


async def held(session: CDPSession) -> set[tuple[bool, bool]]:
    """Of each process for pages: whether the kernel filters its calls, and whether it has namespaces of its own."""
    processes = (await session.send("SystemInfo.getProcessInfo"))["processInfo"]
    pages = [Path("/proc") / str(one["id"]) for one in processes if one["type"] == "renderer"]
    here = Path("/proc/self/ns/user").readlink()
    return {
        ("Seccomp:\t2" in (page / "status").read_text(), (page / "ns" / "user").readlink() != here) for page in pages
    }


@pytest.mark.browser
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads the kernel's account in /proc")
@pytest.mark.parametrize("sandbox", first(*(True, False)))
async def test_pages_are_in_the_sandbox(for_an_ordinary_user: FoundBrowser, *, sandbox: bool) -> None:
    """The process that has the page is filtered by the kernel and in namespaces of its own; without, it is not."""
    found = replace(for_an_ordinary_user, sandbox=sandbox)
    async with async_playwright() as playwright:
        try:
            browser = await start(playwright, found, args=["--enable-automation"])
        except BrowserNotFound as error:
            if "sandbox" not in error.message.lower():
                raise
            pytest.skip("this system lets no ordinary user build a sandbox")
        session = await browser.new_browser_cdp_session()
        await browser.new_page()
        started_with = (await session.send("Browser.getBrowserCommandLine"))["arguments"]
        for _ in range(200):  # a process that is only starting is not in its sandbox yet
            if (seen := await held(session)) == {(sandbox, sandbox)}:
                break
            await asyncio.sleep(0.1)
        await browser.close()
    assert seen == {(sandbox, sandbox)}
    assert ("--no-sandbox" in started_with) is not sandbox


@pytest.mark.thorough
@pytest.mark.browser
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads the kernel's account in /proc")
@pytest.mark.parametrize("roomy", [True, False])
async def test_pages_are_drawn_in_memory_where_it_is_roomy(roomy: bool) -> None:
    """The browser's shared files lie in /dev/shm, by the kernel's account; where that is small, as in Docker, they do not."""
    if roomy and browser_start.shared_memory_bytes() < browser_start.ROOMY_BYTES:
        pytest.skip("this machine's /dev/shm is small")
    async with async_playwright() as playwright:
        found, enough = find_browser(BrowserSettings()), 1 if roomy else 1 << 60
        browser = await start(playwright, found, roomy_bytes=enough, args=["--enable-automation"])
        session = await browser.new_browser_cdp_session()
        page = await browser.new_page()
        await page.set_content("<p>drawn")
        await page.screenshot()
        started_with = (await session.send("Browser.getBrowserCommandLine"))["arguments"]
        processes = (await session.send("SystemInfo.getProcessInfo"))["processInfo"]
        files = [file for one in processes for file in Path(f"/proc/{one['id']}/fd").iterdir()]
        opened = [str(file.readlink()) for file in files if file.is_symlink()]
        await browser.close()
    assert ("--disable-dev-shm-usage" in started_with) is not roomy
    shared = {path.rpartition("/")[0] for path in opened if "org.chromium.Chromium" in path}
    assert shared <= ({"/dev/shm"} if roomy else {"/tmp"}), opened  # newer ones need no file at all


@pytest.mark.parametrize(("started_with", "sandbox"), [(("--headless",), True), (("--no-sandbox",), False), ((), True)])
async def test_the_record_says_what_the_browser_was_started_with(
    started_with: tuple[str, ...], *, sandbox: bool
) -> None:
    """Whatever was intended: the browser's own command line decides, where it was told."""
    facts = replace(BrowserFacts(), executable="/nowhere/chromium", command_line=started_with)
    intended = replace(an_environment(), sandbox=bool(not started_with or not sandbox))
    visit = SimpleNamespace(environment=intended, facts=facts, states=(), clock=None)
    order = SimpleNamespace(evidence=EvidenceSettings(), sealer=SimpleNamespace(authorities=()))
    bundle = SimpleNamespace(clock_offset_ms=None)
    record = await _environment(cast("Order", order), cast("VisitRecord", visit), cast("BundleWriter", bundle))
    assert record.sandbox is sandbox


async def test_a_browser_that_is_gone_is_told_with_a_remedy(tmp_path: Path) -> None:
    """Between finding and starting it may be taken away."""
    gone = FoundBrowser(tmp_path / "chromium", None, "system", "1", sandbox=True, why="")
    async with async_playwright() as playwright:
        with pytest.raises(BrowserNotFound, match="does not start") as caught:
            await start(playwright, gone)
    assert caught.value.remedy
