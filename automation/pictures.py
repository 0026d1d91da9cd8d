"""Taking a picture of a page: pinned, still, and with every typed-in text masked before a pixel exists."""

from __future__ import annotations

from playwright.async_api import Error, Page

_MASK_COLOUR = "#6b7280"
_TYPED_IN = (
    "input:not([type=checkbox]):not([type=radio]):not([type=submit]):not([type=button]), textarea, "
    "[contenteditable=true], [role=textbox]"
)
_TIMEOUT_MS = 10_000


async def picture_of(page: Page) -> bytes | None:
    """A PNG of the whole page with every text field masked; None where the page cannot be pictured any more."""
    try:
        return await page.screenshot(
            full_page=True,
            animations="disabled",
            caret="hide",
            scale="css",
            mask=[frame.locator(_TYPED_IN) for frame in page.frames],
            mask_color=_MASK_COLOUR,
            timeout=_TIMEOUT_MS,
        )
    except Error:
        return None
