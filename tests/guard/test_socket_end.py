"""The end of a page's WebSocket is told once, however many pages follow."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from automation.guard import Phase
from automation.guard.guard import end_once
from tests.guard.browsing import guarded
from tests.guard.hostile.site import Site

_CLOSES = """new Promise(done => {
  const socket = new WebSocket("wss://site.test/socket");
  socket.onopen = () => socket.close(3001, "enough");
  socket.onclose = event => done([event.code, event.reason]);
})"""


class FakeSocket:
    """A socket that notes how it was closed."""

    def __init__(self) -> None:
        self.ends: list[Callable[..., Any]] = []
        self.closed: list[tuple[int | None, str | None]] = []

    def on_close(self, end: Callable[..., Any]) -> None:
        """Take what is to be called when the page closes it, or is left."""
        self.ends.append(end)

    async def close(self, *, code: int | None, reason: str | None) -> None:
        """Note it."""
        self.closed.append((code, reason))


async def test_later_pages_hear_nothing_of_a_socket() -> None:
    """Playwright tells it at each page that follows; the first time is handed on."""
    socket = FakeSocket()
    end_once(socket)  # type: ignore[arg-type]
    for _ in range(3):
        socket.ends[0](None, None)
    await asyncio.sleep(0)
    assert socket.closed == [(None, None)]


@pytest.mark.thorough
@pytest.mark.browser
async def test_a_page_that_closes_its_socket_hears_that_it_is_closed(site: Site) -> None:
    """As on a page that nobody guards, also once other pages came before; nothing is connected."""
    site.pages["/empty"] = (200, "Content-Type: text/html\r\n", b"<p>nothing")
    async with guarded(site) as (guard, _):
        context = await guard.new_context(Phase.CHECK)
        page = await context.new_page()
        for _ in range(2):
            await page.goto("https://site.test/empty")
            assert await page.evaluate(_CLOSES) == [3001, "enough"]
        assert guard.sockets == [("site.test", "/socket")] * 2
        await guard.close_context(context)
        assert not guard.breached
