"""A tab that loads and stays open behind another one: content that appears late becomes visible there at no cost."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from automation.core.errors import SiteUnreachable

if TYPE_CHECKING:
    from automation.page.read_page import ReadPage
    from automation.page.source import Sought
    from automation.visit.reader.navigator import Navigator
    from automation.visit.reader.reader import Reader


_AWAKE_S = 0.4
"""For how long a page must stand still that has come to the front again: it may ask for news then."""


@dataclass(frozen=True, slots=True)
class _AtEnd:
    """When the page had been scrolled to its end, and what it showed then."""

    at: float
    fingerprint: int


class BackgroundTab:
    """
    One such tab, for one surface.

    Args:
        navigator: moves the tab.
        reader: of the same tab.
    """

    def __init__(self, navigator: Navigator, reader: Reader) -> None:
        self._navigator, self.reader = navigator, reader
        self._started = self._scrolled = False
        self._at_end: _AtEnd | None = None

    async def load(self, surface: str) -> None:
        """Go to a surface's first address, wait for its first bytes alone, and let it load."""
        source = self._navigator.source
        with self._navigator.journal.doing("leave_open", surface) as deed:
            self._at_end, self._started, self._scrolled = None, False, False
            deed.status = await source.go(self._first_address(surface))
            self._started = True
            deed.after = source.address

    async def scroll_to_end(self, surface: str) -> None:
        """
        Scroll the page to its end and note what it shows there, for `read` to compare.

        Where that was done before, it is done again only if the page shows something else now, and stands still.
        """
        await self.reader.bring_to_front()
        if self._scrolled and await self._shown() in {None, self._at_end and self._at_end.fingerprint}:
            return
        self._scrolled = True
        with self._navigator.journal.doing("scroll", surface, before=self._navigator.source.address) as deed:
            await self._navigator.source.scroll_to_end()
            shown = await self._shown()
            self._at_end = None if shown is None else _AtEnd(time.monotonic(), shown)
            deed.note = "it does not stand still yet" if shown is None else ""

    async def _shown(self) -> int | None:
        """What the page shows now; None where it still waits, says that it loads, or keeps changing."""
        try:
            loaded = await self._navigator.source.look()
        except SiteUnreachable:
            return None
        return loaded.view.fingerprint() if loaded.settled else None

    async def read(self, surface: str, still_s: float, *, until: Sought = None) -> ReadPage:
        """
        Read the page once it has shown the same, scrolled to its end, for `still_s` seconds.

        Where it shows something else than when it was scrolled, it is scrolled and waited for anew.
        """
        source, shown = self._navigator.source, self._at_end
        if not self._started:
            await self.reader.bring_to_front()
            await self.reader.open(surface, until=until)
            return await self.reader.read_at_end(still_s)
        with self._navigator.journal.doing("come_back", surface, before=source.address) as deed:
            await self.reader.bring_to_front()
            if shown is not None:
                await source.pause(max(0.0, still_s - _AWAKE_S - (time.monotonic() - shown.at)))
            requested = self._first_address(surface)
            page = await self._navigator.arrive(surface, requested, time.monotonic(), until, deed, _AWAKE_S)
        if shown is None or page.view.fingerprint() != shown.fingerprint:
            return await self.reader.read_at_end(still_s)
        return page

    def _first_address(self, surface: str) -> str:
        return self._navigator.flow.surfaces[surface].urls[0]
