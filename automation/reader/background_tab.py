"""A tab that stands open while others are read: what a page shows late shows there, and the wait costs nothing."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from automation.errors import SiteUnreachable
from automation.reader.reader import Reader

if TYPE_CHECKING:
    from automation.browser.tab import Sought
    from automation.page.read_page import ReadPage


_AWAKE_S = 0.4
"""For how long a page must stand still that has come to the front again: it may ask for news then."""


@dataclass(frozen=True, slots=True)
class _Left:
    """When the page had been scrolled to its end, and what it showed then."""

    at: float
    fingerprint: int


class BackgroundTab(Reader):
    """Reads such a tab."""

    _left: _Left | None = None
    _there = False

    async def leave(self, surface: str) -> None:
        """Go to a surface's first address, wait for its first bytes alone, and let it load."""
        with self._journal.doing("leave_open", surface) as deed:
            self._traffic.reset()
            self._left, self._there = None, False
            await self._tab.go(self._surfaces[surface].urls[0])
            self._there = True
            deed.after, deed.status = self._page.url, self._traffic.status

    async def scroll_on(self, surface: str) -> None:
        """Scroll the page to its end and note what it shows there, for `come_back` to compare."""
        with self._journal.doing("scroll", surface, before=self._page.url) as deed:
            await self.come_forward()
            await self._tab.scroll_to_end()
            try:
                view = await self._tab.look()
            except SiteUnreachable:
                deed.note = "it keeps changing"
                return
            loaded = not self._traffic.waiting and not view.busy()
            self._left = _Left(time.monotonic(), view.fingerprint()) if loaded else None

    async def come_back(self, surface: str, still_s: float, *, until: Sought = None) -> ReadPage:
        """
        Read the page once it has shown the same, scrolled to its end, for `still_s` seconds.

        Where it shows something else than when it was scrolled, it is scrolled and waited for anew.
        """
        rule, left = self._surfaces[surface], self._left
        if not self._there:
            await self.come_forward()
            await self.open(surface, until=until)
            return await self.linger(still_s)
        with self._journal.doing("come_back", surface, before=self._page.url) as deed:
            await self.come_forward()
            if left is not None:
                await asyncio.sleep(max(0.0, still_s - _AWAKE_S - (time.monotonic() - left.at)))
            visit = await self._arrive(surface, rule.urls[0], _AWAKE_S, time.monotonic(), until, deed)
        if left is None or visit.view.fingerprint() != left.fingerprint:
            return await self.linger(still_s)
        return visit
