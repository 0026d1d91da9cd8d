"""From page to page: opens the flow's own addresses, follows what only shows more, waits until a page is there."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from loguru import logger

from automation.browser.traffic import without_query
from automation.errors import PageChanged, WriteAttempted
from automation.page.read_page import ReadPage
from automation.reading.control import by_label as controls

if TYPE_CHECKING:
    from collections.abc import Mapping

    from playwright.async_api import Page

    from automation.browser.capture import Journal
    from automation.browser.capture.journal import Deed
    from automation.browser.tab import Sought, Tab
    from automation.browser.traffic import Traffic
    from automation.flow.site import Site
    from automation.page import Node, PageView
    from automation.page.read_page import DataResponse, SurfaceLike
    from automation.text.labels import Labels


class Navigation:
    """The way of a reader in its tab, and the page to which it has led."""

    def __init__(
        self,
        page: Page,
        tab: Tab,
        traffic: Traffic,
        journal: Journal,
        *,
        site: Site,
        surfaces: Mapping[str, SurfaceLike],
        labels: Labels,
    ) -> None:
        self._page, self._tab, self._traffic, self._journal = page, tab, traffic, journal
        self._site, self._surfaces, self.labels = site, surfaces, labels
        self.visit: ReadPage | None = None
        self._opened = 0.0
        self.locale = ""

    async def open(
        self,
        surface: str,
        *,
        url: str | None = None,
        until: Sought = None,
        fresh: bool = False,
        quiet_s: float | None = None,
    ) -> ReadPage:
        """
        Open a surface by its address, or by one of its further addresses found on the way.

        Args:
            surface: its name in the manifest.
            url: which address; the first known one otherwise.
            until: what is hoped for; content that comes late is waited for a little longer.
            fresh: leave the present page first and go past every cache, from here on.
            quiet_s: for how long the page must stand still; as the surface says where it is None.

        Raises:
            WriteAttempted: if the address does not belong to the surface.
        """
        rule = self._surfaces[surface]
        target = url or rule.urls[0]
        if not self._allowed(rule, target):
            raise WriteAttempted(f"{without_query(target)} is not an address of '{surface}'")
        if fresh:
            with self._journal.doing("leave", surface, before=self._page.url):
                await self._tab.leave()
        with self._journal.doing("open", surface, before=self._page.url) as deed:
            self._traffic.reset()
            started = time.monotonic()
            await self._tab.go(target)
            quiet = rule.quiet_s if quiet_s is None else quiet_s
            return await self._arrive(surface, target, quiet, started, until, deed)

    async def linger(self, quiet_s: float) -> ReadPage:
        """Stay on the present page, scrolled to its end, until nothing has changed for that long; read it again."""
        visit = self._present()
        with self._journal.doing("scroll", visit.surface, before=self._page.url) as deed:
            await self._tab.scroll_to_end()
            return await self._again(visit, quiet_s, deed)

    async def stay(self, open_s: float) -> ReadPage:
        """Stay on the present page until it has been open for that long, without a touch; read it again."""
        visit = self._present()
        with self._journal.doing("wait", visit.surface, before=self._page.url) as deed:
            await asyncio.sleep(max(0.0, open_s - (time.monotonic() - self._opened)))
            return await self._again(visit, self._surfaces[visit.surface].quiet_s, deed)

    async def bring_into_sight(self, node: Node) -> ReadPage:
        """Scroll a node of the present page to the middle of the window, and read the page again."""
        visit = self._present()
        with self._journal.doing("scroll", visit.surface, before=self._page.url) as deed:
            await self._tab.scroll_to_middle(node)
            again = await self._again(visit, self._surfaces[visit.surface].quiet_s, deed)
        self.visit = replace(again, settled=visit.settled and again.settled)
        return self.visit

    def _present(self) -> ReadPage:
        if self.visit is None:
            raise PageChanged("no page is open")
        return self.visit

    async def _again(self, visit: ReadPage, quiet_s: float, deed: Deed) -> ReadPage:
        view, settled = await self._tab.settled(quiet_s, None)
        deed.after = view.url
        self.visit = replace(
            visit, view=view, settled=settled, answers=self.answers, has_all_data=self._traffic.has_all_data
        )
        return self.visit

    async def reveal(self, key: str, surface: str, *, until: Sought = None) -> ReadPage | None:
        """
        Follow a link, tab or expander by its label; None where the page shows none or more than one.

        Never a control that sends a form: those are not found at all.
        """
        view = self._view()
        names = self.labels.names(key, self.locale)
        found = [n for n in view.by_name(frozenset(names), controls.REVEALING) if self.may_reveal(view, n)]
        targets = {n.attributes.get("href", str(n.index)) for n in found}
        if len(targets) != 1:
            return None
        return await self.reveal_node(found[0], surface, until=until)

    async def reveal_node(self, node: Node, surface: str, *, until: Sought = None) -> ReadPage | None:
        """Follow a node of the present page that `may_reveal` allows; None where it vanished meanwhile."""
        view = self._view()
        if not self.may_reveal(view, node):
            raise WriteAttempted(f"'{node.name[:40]}' is not a link, tab or expander")
        rule = self._surfaces[surface]
        with self._journal.doing("follow", surface, before=self._page.url) as deed:
            self._traffic.reset()
            started = time.monotonic()
            deed.note = f"a {node.role}"
            if not await self._tab.follow(node):
                deed.note += "; it vanished meanwhile"
                return None
            return await self._arrive(surface, self._page.url, rule.quiet_s, started, until, deed)

    @staticmethod
    def may_reveal(view: PageView, node: Node) -> bool:
        """Whether a node only shows more: not a submit control, not a switch, not inside a form."""
        return controls.may_reveal(view, node)

    def _allowed(self, rule: SurfaceLike, url: str) -> bool:
        if not self._site.owns(url):
            return False
        parts = urlsplit(url)
        known = {(urlsplit(u).path.rstrip("/"), urlsplit(u).query) for u in rule.urls}
        if (parts.path.rstrip("/"), parts.query) in known:
            return True
        return any(fnmatchcase(parts.path, pattern) for pattern in rule.paths)

    async def _arrive(
        self, surface: str, requested: str, quiet_s: float, started: float, until: Sought, deed: Deed
    ) -> ReadPage:
        self._opened = time.monotonic()
        view, settled = await self._tab.settled(quiet_s, until)
        deed.after, deed.status = view.url, self._traffic.status
        self.locale = view.locale or self.locale
        hops = [without_query(h) for h in self._traffic.hops if h.startswith("http")]
        redirects = tuple(
            dict.fromkeys(h for h in hops if h not in {without_query(requested), without_query(view.url)})
        )
        self.visit = ReadPage(
            surface=surface,
            requested=without_query(requested),
            final=without_query(view.url),
            redirects=redirects,
            status=self._traffic.status if self._traffic.status is not None else (200 if view.nodes else None),
            view=view,
            settled=settled,
            answers=tuple(self._traffic.answers),
            locale=view.locale,
            seconds=round(time.monotonic() - started, 3),
            has_all_data=self._traffic.has_all_data,
        )
        logger.debug("visited {} status={} settled={}", surface, self.visit.status, settled)
        return self.visit

    def _view(self) -> PageView:
        return self._present().view

    @property
    def answers(self) -> tuple[DataResponse, ...]:
        """What the present page's own reads have answered so far."""
        return tuple(self._traffic.answers)

    @property
    def address(self) -> str:
        """Of the present page, whole; for going there again, never for a record."""
        return self._page.url
