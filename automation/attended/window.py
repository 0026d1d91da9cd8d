"""The person's window: whether it is still there, and waiting for them no longer than it is."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import TYPE_CHECKING, TypeVar

from automation.errors import NotFiled

if TYPE_CHECKING:
    from playwright.async_api import Page

_Answer = TypeVar("_Answer")


class Window:
    """
    The window with the form.

    Args:
        page: its tab.
    """

    def __init__(self, page: Page) -> None:
        self._page = page
        self._closed = asyncio.Event()
        page.on("close", lambda _: self._closed.set())
        page.context.on("close", lambda _: self._closed.set())

    @property
    def is_there(self) -> bool:
        """Whether the person can still see it."""
        browser = self._page.context.browser
        connected = browser is not None and browser.is_connected()
        return connected and not self._page.is_closed() and not self._closed.is_set()

    async def unless_closed(self, asking: Awaitable[_Answer]) -> _Answer:
        """
        Wait for an answer as long as the window is there.

        Raises:
            NotFiled: it was closed.
        """
        asked, closed = asyncio.ensure_future(asking), asyncio.ensure_future(self._closed.wait())
        try:
            await asyncio.wait({asked, closed}, return_when=asyncio.FIRST_COMPLETED)
            if asked.done():
                return asked.result()
            raise NotFiled("the window was closed before anything was sent")
        finally:
            asked.cancel()
            closed.cancel()
