"""A page source without a browser: pages that a test writes out as views, and what was asked of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from automation.page import Node, PageView
from automation.page.read_page import DataResponse, MissedRequest
from automation.page.source import LoadedPage, Sought


def a_view(url: str, *controls: tuple[str, str], lang: str = "en") -> PageView:
    """A page with some controls, each a role and a name."""
    nodes = [Node(0, -1, 0, "HTML", 1, {"lang": lang}, shown=True)]
    nodes += [
        Node(n, 0, 0, "DIV", n + 1, role=role, name=name, shown=True) for n, (role, name) in enumerate(controls, 1)
    ]
    return PageView(url, "", tuple(nodes))


class WrittenPages:
    """Shows one view after another at each address; the last one stays."""

    def __init__(self, pages: Mapping[str, Sequence[PageView]]) -> None:
        self._pages = {address: list(views) for address, views in pages.items()}
        self.address = ""
        self.asked: list[str] = []
        self.missed: tuple[MissedRequest, ...] = ()
        """What each page asked for and did not get."""

    @property
    def answers(self) -> tuple[DataResponse, ...]:
        """No data."""
        return ()

    def _next(self) -> PageView:
        views = self._pages[self.address]
        return views.pop(0) if len(views) > 1 else views[0]

    async def go(self, target: str) -> int | None:
        """Go there."""
        self.asked.append(f"go {target}")
        self.address = target
        return 200

    async def leave(self) -> None:
        """Note it."""
        self.asked.append("leave")

    async def follow(self, node: Node) -> bool:
        """Note it; the next view is what it shows."""
        self.asked.append(f"follow {node.name}")
        return True

    async def scroll_to_end(self) -> None:
        """Note it."""
        self.asked.append("scroll")

    async def scroll_to_middle(self, node: Node) -> None:
        """Note it."""
        self.asked.append(f"scroll to {node.name}")

    async def make_taller(self) -> None:
        """Note it; the next view is what it shows."""
        self.asked.append("taller")

    async def pause(self, seconds: float) -> None:
        """Note that there was a wait."""
        self.asked.append("pause")

    async def settled(self, quiet_s: float, until: Sought) -> LoadedPage:
        """The next view."""
        return LoadedPage(self.address, self._next(), settled=True, status=200, missed=self.missed)

    async def look(self) -> LoadedPage:
        """The next view."""
        return LoadedPage(self.address, self._next(), settled=True, status=200, missed=self.missed)

    async def cookies(self, url: str) -> Mapping[str, str]:
        """None."""
        return {}

    async def bring_to_front(self) -> None:
        """Note it."""
        self.asked.append("front")
