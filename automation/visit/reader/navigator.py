"""From page to page: opens the flow's own addresses, follows what only shows more, waits until a page is there."""

from __future__ import annotations

import time
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from loguru import logger

from automation.browser.traffic import without_query
from automation.core.errors import PageChanged, WriteAttempted
from automation.page.read_page import ReadPage
from automation.reading.controls import rows as controls

if TYPE_CHECKING:
    from automation.browser.capture import Journal
    from automation.browser.capture.journal import Deed
    from automation.flow import Flow
    from automation.flow.manifest import Surface
    from automation.page import Node
    from automation.page.source import LoadedPage, PageSource, Sought


class Navigator:
    """
    Moves one tab through a flow's pages, and keeps the page that it has reached.

    Args:
        source: the tab, or what stands in for one.
        flow: whose pages may be opened.
        journal: of the visit.
    """

    def __init__(self, source: PageSource, flow: Flow, journal: Journal) -> None:
        self.source, self.flow, self.journal = source, flow, journal
        self._opened = 0.0
        self.page: ReadPage | None = None
        """The present page, as it was last read."""
        self.locale = ""
        """The language that a page declared last."""

    @property
    def current(self) -> ReadPage:
        """
        The present page, as it was last read.

        Raises:
            PageChanged: none is open.
        """
        if self.page is None:
            raise PageChanged("no page is open")
        return self.page

    async def open(
        self, surface: str, *, url: str | None, until: Sought, fresh: bool, quiet_s: float | None
    ) -> ReadPage:
        """Open a surface by one of its addresses; the arguments are those of `Reader.open`."""
        rule = self.flow.surfaces[surface]
        target = url or rule.urls[0]
        if not self._allowed(rule, target):
            raise WriteAttempted(f"{without_query(target)} is not an address of '{surface}'")
        if fresh:
            with self.journal.doing("leave", surface, before=self.source.address):
                await self.source.leave()
        with self.journal.doing("open", surface, before=self.source.address) as deed:
            started = time.monotonic()
            await self.source.go(target)
            return await self.arrive(surface, target, started, until, deed, quiet_s)

    async def follow(self, node: Node, surface: str, until: Sought, *, row: bool = False) -> ReadPage | None:
        """Click a node of the present page that only shows more, or is the `row` of a list; None where it vanished."""
        view = self.current.view
        if not (controls.may_reveal(view, node) or (row and controls.may_choose(view, node))):
            raise WriteAttempted(f"'{node.name[:40]}' is not a link, tab or expander")
        with self.journal.doing("follow", surface, before=self.source.address) as deed:
            started = time.monotonic()
            deed.note = f"a {node.role}"
            if not await self.source.follow(node):
                deed.note += "; it vanished meanwhile"
                return None
            return await self.arrive(surface, self.source.address, started, until, deed)

    # -- staying on a page ----------------------------------------------------------------------------------

    async def read_at_end(self, quiet_s: float) -> ReadPage:
        """Scroll the present page to its end, wait until nothing has changed for that long, and read it again."""
        page = self.current
        with self.journal.doing("scroll", page.surface, before=self.source.address) as deed:
            await self.source.scroll_to_end()
            return await self._read_again(page, quiet_s, deed)

    async def read_after(self, open_s: float) -> ReadPage:
        """Leave the present page untouched until it has been open for that long, and read it again."""
        page = self.current
        with self.journal.doing("wait", page.surface, before=self.source.address) as deed:
            await self.source.pause(max(0.0, open_s - (time.monotonic() - self._opened)))
            return await self._read_again(page, self.flow.surfaces[page.surface].quiet_s, deed)

    async def read_around(self, node: Node) -> ReadPage:
        """Scroll a node of the present page to the middle of the window, and read the page again."""
        page = self.current
        with self.journal.doing("scroll", page.surface, before=self.source.address) as deed:
            await self.source.scroll_to_middle(node)
            again = await self._read_again(page, self.flow.surfaces[page.surface].quiet_s, deed)
        self.page = replace(again, settled=page.settled and again.settled)
        return self.page

    async def read_taller(self) -> ReadPage:
        """Make the window taller, and read the present page again."""
        page = self.current
        with self.journal.doing("enlarge", page.surface, before=self.source.address) as deed:
            await self.source.make_taller()
            again = await self._read_again(page, self.flow.surfaces[page.surface].quiet_s, deed)
        self.page = replace(again, settled=page.settled and again.settled)
        return self.page

    # -- arriving -------------------------------------------------------------------------------------------

    def _allowed(self, rule: Surface, url: str) -> bool:
        if not self.flow.site.owns(url):
            return False
        parts = urlsplit(url)
        known = {(urlsplit(u).path.rstrip("/"), urlsplit(u).query) for u in rule.urls}
        if (parts.path.rstrip("/"), parts.query) in known:
            return True
        return any(fnmatchcase(parts.path, pattern) for pattern in rule.paths)

    async def arrive(
        self, surface: str, requested: str, started: float, until: Sought, deed: Deed, quiet_s: float | None = None
    ) -> ReadPage:
        """
        Wait until the page that is on its way stands still, and read it.

        Args:
            surface: whose page it is.
            requested: the address that was asked for.
            started: when, as `time.monotonic`.
            until: what is hoped for.
            deed: the entry of the journal.
            quiet_s: for how long the page must stand still; as the surface says where it is None.
        """
        self._opened = time.monotonic()
        quiet = self.flow.surfaces[surface].quiet_s if quiet_s is None else quiet_s
        loaded = await self.source.settled(quiet, until)
        deed.after, deed.status, deed.at_rest = loaded.address, loaded.status, loaded.settled
        self.locale = loaded.view.locale or self.locale
        self.page = _read(loaded, surface, requested, time.monotonic() - started)
        logger.debug("visited {} status={} settled={}", surface, self.page.status, loaded.settled)
        return self.page

    async def _read_again(self, page: ReadPage, quiet_s: float, deed: Deed) -> ReadPage:
        loaded = await self.source.settled(quiet_s, None)
        deed.after, deed.at_rest = loaded.address, loaded.settled
        self.page = replace(
            page,
            view=loaded.view,
            settled=loaded.settled,
            answers=loaded.answers,
            has_all_data=loaded.has_all_data,
            missed=loaded.missed,
        )
        return self.page


def _read(loaded: LoadedPage, surface: str, requested: str, seconds: float) -> ReadPage:
    first, final = without_query(requested), without_query(loaded.address)
    hops = dict.fromkeys(without_query(hop) for hop in loaded.hops if hop.startswith("http"))
    return ReadPage(
        surface=surface,
        requested=first,
        final=final,
        redirects=tuple(hop for hop in hops if hop not in {first, final}),
        status=loaded.status if loaded.status is not None else (200 if loaded.view.nodes else None),
        view=loaded.view,
        settled=loaded.settled,
        answers=loaded.answers,
        locale=loaded.view.locale,
        seconds=round(seconds, 3),
        has_all_data=loaded.has_all_data,
        missed=loaded.missed,
    )
