"""The person's window: whether it is still there, waiting for them no longer than it is, and what its frames send."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeVar

from automation.core.errors import NotFiled

if TYPE_CHECKING:
    from playwright.async_api import CDPSession, Page

    from automation.guard import Request

_Answer = TypeVar("_Answer")
_TOLD_S = 2.0


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
        self._sent_by: dict[str, str] = {}
        self._news = asyncio.Event()

    async def watch(self, session: CDPSession) -> None:
        """Have the tab tell which of its frames sends each request; workers are not among them."""
        session.on("Network.requestWillBeSent", self._told)
        await session.send("Network.enable")

    def _told(self, event: Mapping[str, Any]) -> None:
        self._sent_by[event["requestId"]] = event.get("frameId", "")
        self._news.set()

    async def is_from_frame(self, request: Request) -> bool:
        """Whether the tab itself tells that a request comes from the frame that it was intercepted for."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_TOLD_S):
                while request.network not in self._sent_by:
                    self._news.clear()
                    await self._news.wait()
        return request.frame != "" and self._sent_by.get(request.network) == request.frame

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
