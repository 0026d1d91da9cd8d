"""Where a reader's pages come from: a live tab, or pages that are filled in without a server."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from automation.page import Node, PageView
from automation.page.read_page import DataResponse, MissedRequest

Sought = Callable[[PageView], bool] | None
"""Whether a page shows what is hoped for; None where nothing is."""


@dataclass(frozen=True, slots=True)
class LoadedPage:
    """The page that a source shows, and how it came."""

    address: str
    """Whole; never for a record."""
    view: PageView
    settled: bool
    """False where the page was still changing or waiting."""
    status: int | None
    """Of its document; None where that is not known."""
    hops: tuple[str, ...] = ()
    """Addresses on the way to it, whole, in order."""
    answers: tuple[DataResponse, ...] = ()
    has_all_data: bool = True
    """False where the page did not get all of its data."""
    missed: tuple[MissedRequest, ...] = ()
    """What it asked for and did not get."""


class PageSource(Protocol):
    """
    One tab, as far as a reader needs it. Whether an address or a node may be gone to is the reader's to decide.

    Raises from every method that says nothing else: `BrowserLost`, `SiteUnreachable`.
    """

    @property
    def address(self) -> str:
        """Of the present page, whole."""

    @property
    def answers(self) -> tuple[DataResponse, ...]:
        """What the present page's own reads have answered so far."""

    async def go(self, target: str) -> int | None:
        """
        Go to an address, until its first bytes are there; its status, where known.

        Raises:
            PageChanged: it leads to where nobody may go.
        """

    async def leave(self) -> None:
        """Leave the page, and go past every cache from here on."""

    async def follow(self, node: Node) -> bool:
        """Click a node of the present page; False where it vanished meanwhile."""

    async def scroll_to_end(self) -> None:
        """Scroll to the page's end, where pages load more."""

    async def scroll_to_middle(self, node: Node) -> None:
        """Scroll until a node stands in the middle of the window."""

    async def make_taller(self) -> None:
        """Make the window as tall as most pages: what is fixed to its lower edge then lies elsewhere."""

    async def pause(self, seconds: float) -> None:
        """Let the page stand for that long."""

    async def settled(self, quiet_s: float, until: Sought) -> LoadedPage:
        """Wait until nothing has changed for `quiet_s` and what is sought is there, or time has run out."""

    async def look(self) -> LoadedPage:
        """The page as it is now; settled where it neither waits for an answer nor says that it loads."""

    async def cookies(self, url: str) -> Mapping[str, str]:
        """Name → value of the cookies that an address gets."""

    async def bring_to_front(self) -> None:
        """Bring this tab before the others: browsers seldom draw a hidden one, and give it no keys."""
