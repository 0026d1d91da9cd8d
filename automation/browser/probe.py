"""Starting a found browser once, without any network, to see whether it really works and what it can draw."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from automation.browser.start import cause_in, remedy_for, start
from automation.core.errors import BrowserNotFound

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from playwright.async_api import Browser

    from automation.browser.finder import FoundBrowser

SCRIPTS = {
    "latin": "Àéß",
    "greek": "Ωψλ",
    "cyrillic": "Жщю",
    "arabic": "سلم",
    "hebrew": "אבג",
    "devanagari": "कखग",
    "thai": "กขค",
    "chinese": "设置隐",
    "japanese": "あカの",
    "korean": "한국어",
    "emoji": "🔒",
}
"""Writing system → characters that its fonts must have."""
_DRAW = """
scripts => {
  const canvas = document.createElement("canvas");
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  const drawn = text => {
    canvas.width = 40; canvas.height = 40;
    pen.font = "24px sans-serif"; pen.fillText(text, 4, 30);
    return pen.getImageData(0, 0, 40, 40).data.join();
  };
  const empty = drawn(" "), missing = drawn("\\u{10fffd}");
  return Object.entries(scripts)
    .filter(([, text]) => [...text].some(one => [empty, missing].includes(drawn(one))))
    .map(([name]) => name);
}
"""
"""A character without a font is drawn as nothing, or as the same box as one that no font has."""


@dataclass(frozen=True, slots=True)
class Probed:
    """What a browser showed when it was started."""

    version: str
    missing_scripts: tuple[str, ...]
    """Writing systems that it cannot draw."""


async def probe(
    found: FoundBrowser,
    *,
    headless: bool = True,
    scripts: Mapping[str, str] = SCRIPTS,
    limit_s: float = 60.0,
    start: Callable[..., Awaitable[Browser]] = start,
) -> Probed:
    """
    Start the browser, draw, and end it.

    Args:
        found: which.
        headless: without a window.
        scripts: writing system → characters that its fonts must have.
        limit_s: how long it may take.
        start: starts it, as `automation.browser.start.start`.

    Raises:
        BrowserNotFound: it does not start or ends at once; the message holds its own words.
    """
    from playwright.async_api import Error, async_playwright  # noqa: PLC0415 - slow to import

    try:
        async with asyncio.timeout(limit_s), async_playwright() as playwright:
            browser = await start(playwright, found, headless=headless, args=["--host-resolver-rules=MAP * ~NOTFOUND"])
            try:
                page = await browser.new_page()
                missing = await page.evaluate(_DRAW, dict(scripts))
                return Probed(browser.version, tuple(missing))
            finally:
                await browser.close()
    except Error as error:
        cause = cause_in(error.message)
        raise BrowserNotFound(f"{found.path} starts and ends at once: {cause}", remedy_for(cause)) from None
    except TimeoutError:
        raise BrowserNotFound(
            f"{found.path} did not start within {limit_s:.0f} s.", "Free some memory, or choose another browser."
        ) from None
