"""From page to page: opens the flow's own addresses, follows what only shows more, waits until a page is there."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from loguru import logger

from automation.browser.capture.record import StepFiles
from automation.browser.traffic import without_query
from automation.core.errors import CheckError, PageChanged, WriteAttempted
from automation.page.read_page import ReadPage
from automation.page.source import PageSource
from automation.reading.controls import rows as controls

if TYPE_CHECKING:
    from automation.browser.capture import Journal
    from automation.browser.capture.journal import Deed
    from automation.flow import Flow
    from automation.flow.manifest import Surface
    from automation.page import Node
    from automation.page.read_page import DataResponse
    from automation.page.source import LoadedPage, Sought


@dataclass(frozen=True, slots=True)
class Sight:
    """A tab, and what pictures it."""

    tab: PageSource
    files: StepFiles


AnotherTab = Callable[[], Awaitable[Sight]]


@dataclass(frozen=True, slots=True)
class _Loading:
    target: str
    status: asyncio.Task[int | None]


class TwoTabs:
    """
    Two tabs that are read as one: while a page is read in front, the next one loads behind it.

    Nothing is read of a page that is behind, and it is waited for in front as any other: only its way there is saved.

    Args:
        front: the tab that is there.
        another: opens the second one, once it is wanted; None where there is to be one only.
        journal: of the visit.
    """

    def __init__(self, front: Sight, another: AnotherTab | None, journal: Journal) -> None:
        self.front, self._another, self._journal = front, another, journal
        self._behind: Sight | None = None
        self._expected: list[tuple[str, str]] = []
        self._loading: _Loading | None = None

    async def expect(self, pages: Sequence[tuple[str, str]]) -> None:
        """Let pages load behind the present one, one at a time: surface and address of each that is gone to next."""
        if self._another is None:
            return
        if self._behind is None:
            self._behind = await self._another()
            await self.front.tab.bring_to_front()
        self._expected = list(pages)
        self._load_next(self._behind)

    async def go(self, target: str) -> int | None:
        """Go to an address; to one that has been loading behind by bringing it to the front."""
        loading, behind = self._loading, self._behind
        if loading is None or behind is None or loading.target != target:
            return await self.front.tab.go(target)
        self._loading = None
        try:
            status = await loading.status
        except CheckError:
            self._load_next(behind)
            raise
        self.front, self._behind = behind, self.front
        await self.front.tab.bring_to_front()
        self._load_next(self._behind)
        return status

    async def leave(self) -> None:
        """Leave the page, and go past every cache from here on: nothing that has loaded counts any more."""
        self._expected, self._loading = [], None
        await self.front.tab.leave()

    def _load_next(self, behind: Sight) -> None:
        if not self._expected:
            return
        surface, target = self._expected.pop(0)
        task = asyncio.get_running_loop().create_task(self._load(behind.tab, surface, target))
        task.add_done_callback(lambda done: done.cancelled() or done.exception())  # where nobody goes there any more
        self._loading = _Loading(target, task)

    async def _load(self, tab: PageSource, surface: str, target: str) -> int | None:
        with self._journal.doing("load_behind", surface) as deed:
            deed.status = await tab.go(target)
            deed.after = tab.address
            return deed.status


class Navigator:
    """
    Moves through a flow's pages in one tab, or two that are one, and keeps the page that it has reached.

    Args:
        sight: the tab, or what stands in for one.
        flow: whose pages may be opened.
        journal: of the visit.
        another: opens a second tab, in which pages load behind the present one; None for no such.
    """

    def __init__(self, sight: Sight, flow: Flow, journal: Journal, another: AnotherTab | None = None) -> None:
        self._tabs, self._flow, self._journal = TwoTabs(sight, another, journal), flow, journal
        self._opened = 0.0
        self.page: ReadPage | None = None
        """The present page, as it was last read."""
        self.locale = ""
        """The language that a page declared last."""

    @property
    def _source(self) -> PageSource:
        """The tab in front."""
        return self._tabs.front.tab

    @property
    def _current(self) -> ReadPage:
        """
        The present page, as it was last read.

        Raises:
            PageChanged: none is open.
        """
        if self.page is None:
            raise PageChanged("no page is open")
        return self.page

    @property
    def answers(self) -> tuple[DataResponse, ...]:
        """What the present page's own reads have answered so far."""
        return self._source.answers

    @property
    def address(self) -> str:
        """Of the present page, whole; for going there again, never for a record."""
        return self._source.address

    async def expect(self, pages: Sequence[tuple[str, str]]) -> None:
        """Say which pages will be opened next, by surface and address; they may load behind the present one."""
        await self._tabs.expect(pages)

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
        rule = self._flow.surfaces[surface]
        target = url or rule.urls[0]
        if not self._allowed(rule, target):
            raise WriteAttempted(f"{without_query(target)} is not an address of '{surface}'")
        if fresh:
            with self._journal.doing("leave", surface, before=self.address):
                await self._tabs.leave()
        with self._journal.doing("open", surface, before=self.address) as deed:
            started = time.monotonic()
            await self._tabs.go(target)
            return await self._arrive(surface, target, started, until, deed, quiet_s)

    async def reveal_node(
        self, node: Node, surface: str, *, until: Sought = None, row: bool = False
    ) -> ReadPage | None:
        """
        Follow a node of the present page; None where it vanished meanwhile.

        Args:
            node: what only shows more.
            surface: that it belongs to.
            until: what is hoped for.
            row: it may be the row of a list, pressed to be shown beside it.

        Raises:
            WriteAttempted: it may do more than show more.
        """
        view = self._current.view
        if not (controls.may_reveal(view, node) or (row and controls.may_choose(view, node))):
            raise WriteAttempted(f"'{node.name[:40]}' is not a link, tab or expander")
        with self._journal.doing("follow", surface, before=self.address) as deed:
            started = time.monotonic()
            deed.note = f"a {node.role}"
            if not await self._source.follow(node):
                deed.note += "; it vanished meanwhile"  # untold: the journal is evidence
                return None
            return await self._arrive(surface, self.address, started, until, deed)

    # -- staying on a page ----------------------------------------------------------------------------------

    async def read_at_end(self, quiet_s: float) -> ReadPage:
        """Scroll the present page to its end, wait until nothing has changed for that long, and read it again."""
        page = self._current
        with self._journal.doing("scroll", page.surface, before=self.address) as deed:
            await self._source.scroll_to_end()
            return await self._read_again(page, quiet_s, deed)

    async def read_after(self, open_s: float) -> ReadPage:
        """Leave the present page untouched until it has been open for that long, and read it again."""
        page = self._current
        with self._journal.doing("wait", page.surface, before=self.address) as deed:
            await self._source.pause(max(0.0, open_s - (time.monotonic() - self._opened)))
            return await self._read_again(page, self._flow.surfaces[page.surface].quiet_s, deed)

    async def read_around(self, node: Node) -> ReadPage:
        """Scroll a node of the present page to the middle of the window, and read the page again."""
        page = self._current
        with self._journal.doing("scroll", page.surface, before=self.address) as deed:
            await self._source.scroll_to_middle(node)
            again = await self._read_again(page, self._flow.surfaces[page.surface].quiet_s, deed)
            self.page = replace(again, settled=page.settled and again.settled)
            return self.page

    async def read_taller(self) -> ReadPage:
        """Make the window taller, and read the present page again."""
        page = self._current
        with self._journal.doing("enlarge", page.surface, before=self.address) as deed:
            await self._source.make_taller()
            again = await self._read_again(page, self._flow.surfaces[page.surface].quiet_s, deed)
            self.page = replace(again, settled=page.settled and again.settled)
            return self.page

    # -- arriving -------------------------------------------------------------------------------------------

    def _allowed(self, rule: Surface, url: str) -> bool:
        if not self._flow.site.owns(url):
            return False
        parts = urlsplit(url)
        known = {(urlsplit(u).path.rstrip("/"), urlsplit(u).query) for u in rule.urls}
        if (parts.path.rstrip("/"), parts.query) in known:
            return True
        return any(fnmatchcase(parts.path, pattern) for pattern in rule.paths)

    async def _arrive(
        self, surface: str, requested: str, started: float, until: Sought, deed: Deed, quiet_s: float | None = None
    ) -> ReadPage:
        """Wait until the page that is on its way since `started`, as `time.monotonic`, stands still, and read it."""
        self._opened = time.monotonic()
        quiet = self._flow.surfaces[surface].quiet_s if quiet_s is None else quiet_s
        loaded = await self._source.settled(quiet, until)
        deed.after, deed.status, deed.at_rest = loaded.address, loaded.status, loaded.settled
        self.locale = loaded.view.locale or self.locale
        self.page = _read(loaded, surface, requested, time.monotonic() - started)
        logger.debug("visited {} status={} settled={}", surface, self.page.status, loaded.settled)
        return self.page

    async def _read_again(self, page: ReadPage, quiet_s: float, deed: Deed) -> ReadPage:
        loaded = await self._source.settled(quiet_s, None)
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
