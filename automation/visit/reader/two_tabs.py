"""
Two tabs that are read as one: while a page is read in front, the next one loads behind it.

Nothing is read of a page that is behind, and it is waited for in front as any other: only its way there is saved.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from automation.browser.capture.record import StepFiles
from automation.core.errors import CheckError
from automation.page.source import PageSource

if TYPE_CHECKING:
    from automation.browser.capture import Journal
    from automation.browser.capture.camera import FocusOf
    from automation.browser.capture.record import Filed
    from automation.page import Node, PageView
    from automation.page.read_page import DataResponse
    from automation.page.source import LoadedPage, Sought


@dataclass(frozen=True, slots=True)
class Sight:
    """A tab, and what pictures it."""

    tab: PageSource
    files: StepFiles


@dataclass(frozen=True, slots=True)
class _Loading:
    target: str
    status: asyncio.Task[int | None]


class TwoTabs:
    """
    The `PageSource` of the tab in front, and its `StepFiles`; which of the two it is changes as pages are gone to.

    Args:
        front: the tab that is there.
        another: opens the second one, once it is wanted.
        journal: of the visit.
    """

    def __init__(self, front: Sight, another: Callable[[], Awaitable[Sight]], journal: Journal) -> None:
        self._front, self._another, self._journal = front, another, journal
        self._behind: Sight | None = None
        self._expected: list[tuple[str, str]] = []
        self._loading: _Loading | None = None

    async def expect(self, pages: Sequence[tuple[str, str]]) -> None:
        """
        Let the pages that will be gone to next load behind the present one, one at a time.

        Args:
            pages: surface and address of each, in order; others may be gone to between them.
        """
        if self._behind is None:
            self._behind = await self._another()
            await self._front.tab.bring_to_front()
        self._expected = list(pages)
        self._load_next(self._behind)

    async def go(self, target: str) -> int | None:
        """Go to an address; to one that has been loading behind by bringing it to the front."""
        loading, behind = self._loading, self._behind
        if loading is None or behind is None or loading.target != target:
            return await self._front.tab.go(target)
        self._loading = None
        try:
            status = await loading.status
        except CheckError:
            self._load_next(behind)
            raise
        self._front, self._behind = behind, self._front
        await self._front.tab.bring_to_front()
        self._load_next(self._behind)
        return status

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

    # -- the tab in front -----------------------------------------------------------------------------------

    @property
    def address(self) -> str:
        """Of the present page, whole."""
        return self._front.tab.address

    @property
    def answers(self) -> tuple[DataResponse, ...]:
        """What the present page's own reads have answered so far."""
        return self._front.tab.answers

    async def leave(self) -> None:
        """Leave the page, and go past every cache from here on: nothing that has loaded counts any more."""
        self._expected, self._loading = [], None
        await self._front.tab.leave()

    async def follow(self, node: Node) -> bool:
        """Click a node of the present page."""
        return await self._front.tab.follow(node)

    async def scroll_to_end(self) -> None:
        """Scroll to the page's end."""
        await self._front.tab.scroll_to_end()

    async def scroll_to_middle(self, node: Node) -> None:
        """Scroll until a node stands in the middle of the window."""
        await self._front.tab.scroll_to_middle(node)

    async def make_taller(self) -> None:
        """Make the window as tall as most pages."""
        await self._front.tab.make_taller()

    async def pause(self, seconds: float) -> None:
        """Let the page stand for that long."""
        await self._front.tab.pause(seconds)

    async def settled(self, quiet_s: float, until: Sought) -> LoadedPage:
        """Wait until the page stands still."""
        return await self._front.tab.settled(quiet_s, until)

    async def look(self) -> LoadedPage:
        """The page as it is now."""
        return await self._front.tab.look()

    async def cookies(self, url: str) -> Mapping[str, str]:
        """Name → value of the cookies that an address gets."""
        return await self._front.tab.cookies(url)

    async def bring_to_front(self) -> None:
        """Bring the tab that is read before the others."""
        await self._front.tab.bring_to_front()

    async def step(
        self, number: int, name: str, view: PageView | None, focus_of: FocusOf, *, bare: bool = False
    ) -> Filed | None:
        """File one step of the present page."""
        return await self._front.files.step(number, name, view, focus_of, bare=bare)
