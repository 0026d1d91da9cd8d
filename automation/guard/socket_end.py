"""A page's WebSocket, which leads nowhere: its end is told once."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.async_api import WebSocketRoute

_closing: set[asyncio.Task[None]] = set()


def end_once(socket: WebSocketRoute) -> None:
    """
    Answer the first close of a page's socket, and no later one.

    Playwright tells each socket of a tab when the tab leaves any page, long after its own, and by default hands that
    on to the present page, twice: four messages for each page and each socket of all pages before it.
    """
    ended = False

    def by_page(code: int | None, reason: str | None) -> None:
        nonlocal ended
        if not ended:
            ended = True
            task = asyncio.ensure_future(socket.close(code=code, reason=reason))
            _closing.add(task)
            task.add_done_callback(_closing.discard)

    socket.on_close(by_page)
    with suppress(AttributeError):  # there is no public way to a server that is not connected to
        socket._impl_obj._server.on_close(lambda _code, _reason: None)  # noqa: SLF001
