"""Whether a page has been drawn anew since it was last looked at: asked of the browser, without describing the page."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING

from automation.browser.snapshot import answer_of

if TYPE_CHECKING:
    from playwright.async_api import CDPSession, Page

    from automation.browser.snapshot import Snapshots
    from automation.page import PageView

_COUNTED = frozenset({"NavigationStart", "Documents", "Nodes", "LayoutObjects", "LayoutCount", "RecalcStyleCount"})
"""What Chromium counts of a page's work (`Performance.getMetrics`); what a person sees change moves one of them."""


class Stillness:
    """
    Glances at one page, which cost next to nothing while it stands still.

    As long as the browser has neither laid out nor styled anything, nor made a node, the page is taken to be as it
    was. What changes without that, such as an attribute that no style depends on, is only seen by a full look; so what
    was glanced at is looked at in full before it is believed.

    Args:
        page: the tab.
        session: a CDP session of it.
        snapshots: of the same tab.
    """

    def __init__(self, page: Page, session: CDPSession, snapshots: Snapshots) -> None:
        self._page, self._session, self._snapshots = page, session, snapshots
        self._enabled = False
        self._seen: tuple[Mapping[str, float], PageView] | None = None

    async def glance(self) -> PageView:
        """Describe the page as it is now; raises as `Snapshots.take`."""
        return await self._unless_still(self._snapshots.glance)

    async def look(self) -> PageView:
        """Describe the page as it is now, in full; raises as `Snapshots.take`."""
        self._seen = None
        return await self._unless_still(self._snapshots.take)

    async def _unless_still(self, look: Callable[[], Awaitable[PageView]]) -> PageView:
        # Counted before the look: what happens meanwhile is seen by the next glance.
        counted = await self._counters()
        if self._seen is not None and self._seen[0] == counted and self._seen[1].url == self._page.url:
            return self._seen[1]
        view = await look()
        # A frame may be drawn by a process of its own, which counts for itself.
        self._seen = (counted, view) if len(view.frames) == 1 else None
        return view

    async def _counters(self) -> Mapping[str, float]:
        if not self._enabled:
            await self._session.send("Performance.enable")
            self._enabled = True
        metrics = (await answer_of(self._session, "Performance.getMetrics", {}))["metrics"]
        return {metric["name"]: metric["value"] for metric in metrics if metric["name"] in _COUNTED}
