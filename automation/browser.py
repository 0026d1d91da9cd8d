"""Starting a browser for one visit, under its guard."""

from __future__ import annotations

import asyncio
import platform
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any

from playwright.async_api import Browser, Error, Playwright

from automation import __version__
from automation.browser_finder import FoundBrowser, find_browser
from automation.errors import BrowserNotFound
from automation.evidence import Environment
from automation.provenance import ci_of

if TYPE_CHECKING:
    from automation.browser_settings import BrowserSettings
    from automation.guard import Guard

_CLOSING_S = 15.0
VIEWPORT = {"width": 1280, "height": 900}
_CONTEXT: Mapping[str, Any] = {
    "viewport": VIEWPORT,
    "device_scale_factor": 1,
    "color_scheme": "light",
    "reduced_motion": "reduce",
}


def context_options(**more: Any) -> dict[str, Any]:
    """How every context looks: pinned, so that the same page gives the same picture."""
    return {**_CONTEXT, **more}


@asynccontextmanager
async def launched(
    playwright: Playwright, settings: BrowserSettings, guard: Guard
) -> AsyncIterator[tuple[Browser, Environment]]:
    """
    A browser with the guard attached; both are gone afterwards, whatever happens.

    Raises:
        BrowserNotFound: none is there, or the one that is does not start.
        GuardBreach: the guard could not be put up.
    """
    found = find_browser(settings)
    arguments = [*guard.arguments()]
    if not found.sandbox:
        arguments.append("--no-sandbox")
    if settings.replica_spki:
        arguments.append(f"--ignore-certificate-errors-spki-list={','.join(settings.replica_spki)}")
    try:
        browser = await playwright.chromium.launch(
            executable_path=str(found.path) if found.path else None,
            channel=found.channel,
            headless=settings.headless,
            args=arguments,
        )
    except Error as error:
        raise BrowserNotFound(
            f"the browser at {found.path or found.channel} does not start: {_first_line(error)}",
            "Run `temoin doctor`, or set browser.path to another Chromium.",
        ) from None
    try:
        await guard.attach(browser)
        yield browser, environment(found, browser.version, arguments, settings)
    finally:
        guard.sever()
        with suppress(Error, TimeoutError):  # it may have died before, or hang: its process ends with the driver
            async with asyncio.timeout(_CLOSING_S):
                await browser.close()


def environment(found: FoundBrowser, version: str, arguments: list[str], settings: BrowserSettings) -> Environment:
    """On what the visit is made."""
    return Environment(
        temoin=__version__,
        python=platform.python_version(),
        system=f"{platform.system()} {platform.release()} {platform.machine()}",
        browser=f"Chromium {version}",
        browser_path=found.path.name if found.path else (found.channel or ""),
        browser_source=found.source,
        arguments=tuple(arguments),
        sandbox=found.sandbox,
        viewport=f"{VIEWPORT['width']}×{VIEWPORT['height']} at scale 1",
        time_zone="UTC",
        proxy="in-process tunnel on the loopback address, without decryption",
        stand_in=bool(settings.replica_map),
        ci=bool(ci_of()),
    )


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0][:200]
