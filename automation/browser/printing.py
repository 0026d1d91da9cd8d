"""A page of our own as PDF: printed by the browser, tagged so that it can be read out, with an outline to go by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.async_api import Error, async_playwright

from automation.browser.finder import find_browser
from automation.browser.start import start
from automation.core.errors import OutputError

if TYPE_CHECKING:
    from pathlib import Path

    from automation.core.settings import BrowserSettings

_TIMEOUT_MS = 300_000
_LOAD = """() => Promise.all([...document.images].map(image => {
  image.loading = 'eager';
  return image.decode().catch(() => null);  // one that is gone shows its words instead
}))"""


async def print_page(page: Path, settings: BrowserSettings) -> bytes:
    """
    Print an HTML file of our own, in the size that its style sheet asks for.

    No script of the page runs, and no network is used.

    Args:
        page: absolute path of the file.
        settings: which browser.

    Raises:
        BrowserNotFound: none is there, or the one that is does not start.
        OutputError: it could not print.
    """
    found, address = find_browser(settings), page.as_uri()
    async with async_playwright() as playwright:
        browser = await start(playwright, found)
        try:
            context = await browser.new_context(java_script_enabled=False, offline=True)
            tab = await context.new_page()
            tab.set_default_timeout(_TIMEOUT_MS)
            await tab.goto(address, timeout=_TIMEOUT_MS)
            await tab.evaluate(_LOAD)
            return await tab.pdf(prefer_css_page_size=True, print_background=True, tagged=True, outline=True)
        except Error as error:
            raise OutputError(
                f"the browser could not print the report: {_first_line(error)}",
                "Try again with fewer accounts, or print report.html from your own browser.",
            ) from None
        finally:
            await browser.close()


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0][:200]
