"""The tab that a visit happens in: goes to an address, follows what only shows more, waits until the page is there."""

from __future__ import annotations

import asyncio
import re
import time
from typing import TYPE_CHECKING

from loguru import logger
from playwright.async_api import CDPSession, Error, Page
from playwright.async_api import TimeoutError as TooSlow

from automation.browser.snapshot import Snapshots, answer_of
from automation.browser.traffic import without_query
from automation.core.errors import BrowserLost, PageChanged, SiteUnreachable
from automation.core.verdicts import Reason
from automation.page.source import LoadedPage, Sought

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from automation.browser.traffic import Traffic
    from automation.browser.viewer_answers import ViewerAnswers
    from automation.page import Node, PageView
    from automation.page.read_page import DataResponse

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


_POLL_S = 0.2
_TRAFFIC_POLL_S = 0.02
_PATIENCE_S = 2.0
_TALL = 2000
"""CSS pixels."""
_LOOKS = 8
_FIRST_ERROR = 400


class Tab:
    """
    A live tab with its traffic, the `PageSource` of a check.

    Args:
        page: the tab.
        session: the same tab's.
        traffic: of the tab.
        timeout_s: how long to wait for a page.
        loading: attributes and values by which pages of the service say that they load.
        endless: addresses of pages that say so for ever.
        viewer: what the page is answered when it asks who is signed in.
    """

    def __init__(
        self,
        page: Page,
        session: CDPSession,
        traffic: Traffic,
        timeout_s: float,
        loading: tuple[tuple[str, str], ...] = (),
        endless: frozenset[str] = frozenset(),
        viewer: ViewerAnswers | None = None,
    ) -> None:
        self._page, self._session, self._traffic, self._timeout_s = page, session, traffic, timeout_s
        self._endless, self._viewer = endless, viewer
        self.snapshots = Snapshots(page, session, loading, viewer)
        self.stillness = Stillness(page, session, self.snapshots)

    @property
    def address(self) -> str:
        """Of the present page, whole."""
        return self._page.url

    @property
    def answers(self) -> tuple[DataResponse, ...]:
        """What the present page's own reads have answered so far."""
        return tuple(self._traffic.answers)

    async def go(self, target: str) -> int | None:
        """
        Go to an address, until its first bytes are there; its status, where known.

        Raises:
            PageChanged: it leads to where nobody may go.
        """
        self._traffic.reset()
        try:
            await self._page.goto(target, wait_until="commit", timeout=self._timeout_s * 1000)
        except TooSlow:
            raise SiteUnreachable(
                f"{without_query(target)} did not answer within {self._timeout_s:g} s", "Try again later."
            ) from None
        except Error as error:
            if self._lost():
                raise BrowserLost("the browser or its tab is gone") from None
            code = re.search(r"net::(\w+)", str(error))
            if code and code[1] == "ERR_ABORTED":
                raise PageChanged(f"{without_query(target)} leads to an address that may not be opened") from None
            raise SiteUnreachable(
                f"{without_query(target)} cannot be reached ({code[1] if code else 'no answer'})",
                "Check the connection and `browser.replica_map`.",
            ) from None
        return self._traffic.status

    async def show(self, markup: str) -> None:
        """Show a page that is given as its markup, without asking any server for it."""
        self._traffic.reset()
        await self._page.set_content(markup, wait_until="commit")

    async def leave(self) -> None:
        """Leave the page and switch caching off; an address that differs by its fragment alone loads anew then."""
        try:
            await self._session.send("Network.enable")
            await self._session.send("Network.setCacheDisabled", {"cacheDisabled": True})
            await self._page.goto("about:blank")
        except Error:
            raise BrowserLost("the browser or its tab is gone") from None

    async def follow(self, node: Node) -> bool:
        """Click a node of the present page; False where it vanished meanwhile."""
        self._traffic.reset()
        try:
            await self._session.send("DOM.scrollIntoViewIfNeeded", {"backendNodeId": node.backend_id})
            box = await self._session.send("DOM.getContentQuads", {"backendNodeId": node.backend_id})
            quad = box["quads"][0]
            await self._page.mouse.click((quad[0] + quad[4]) / 2, (quad[1] + quad[5]) / 2)
        except (Error, IndexError):
            return False
        return True

    async def scroll_to_end(self) -> None:
        """Pages load more when their end comes into sight; scrolling presses nothing."""
        try:
            await self._page.mouse.move(640, 450)
            await self._page.mouse.wheel(0, 100_000)
        except Error:
            logger.debug("the page cannot be scrolled")

    async def scroll_to_middle(self, node: Node) -> None:
        """Scroll until a node stands in the middle of the window, where bars at its edges do not reach."""
        if node.box is None:
            return
        try:
            seen = (await self._session.send("Page.getLayoutMetrics"))["cssVisualViewport"]["clientHeight"]
            around = {"x": 0, "y": (node.box.height - seen) / 2, "width": node.box.width, "height": seen}
            await self._session.send("DOM.scrollIntoViewIfNeeded", {"backendNodeId": node.backend_id, "rect": around})
        except Error:
            logger.debug("the page cannot be scrolled to a node")

    async def make_taller(self) -> None:
        """Make the window as tall as most pages; a window whose size is a person's stays as it is."""
        size = self._page.viewport_size
        if size is not None and size["height"] < _TALL:
            await self._page.set_viewport_size({"width": size["width"], "height": _TALL})

    async def pause(self, seconds: float) -> None:
        """Let the page stand for that long."""
        await asyncio.sleep(seconds)

    async def settled(self, quiet_s: float, until: Sought) -> LoadedPage:
        """
        Wait until the page asks for nothing, nothing has changed for `quiet_s`, and what is sought is there.

        While the page still waits for an answer it is not looked at: quiet begins with the first look after that. What
        was only glanced at is looked at in full before it is believed.
        """
        deadline = time.monotonic() + self._timeout_s
        seen, since = None, time.monotonic()
        while True:
            if self._waits and not self._lost() and time.monotonic() < deadline:
                seen = None
                await asyncio.sleep(_TRAFFIC_POLL_S)
                continue
            view = await self._described(self.stillness.glance)
            if self._ripe(view, since, quiet_s, until):
                view = await self._described(self.stillness.look)
            mark = (view.fingerprint(), view.url)
            now = time.monotonic()
            if mark != seen or self._waits or self._loads(view, until):
                seen, since = mark, now
            elif self._ripe(view, since, quiet_s, until):
                return self._loaded(view, settled=True)
            if now >= deadline:
                return self._loaded(view, settled=False)
            left = since + quiet_s - time.monotonic()
            await asyncio.sleep(min(_POLL_S, left) if left > 0 else _POLL_S)

    def _ripe(self, view: PageView, since: float, quiet_s: float, until: Sought) -> bool:
        """Whether the page has stood still for long enough; for longer where something is missing that may yet come."""
        still_s = time.monotonic() - since
        if still_s < quiet_s:
            return False
        return still_s >= quiet_s + _PATIENCE_S or (not self._traffic.missed.may_come and self._in_vain(until, view))

    def _in_vain(self, until: Sought, view: PageView) -> bool:
        """Whether there is nothing more to wait for: what is sought is there, or the page is an error."""
        return until is None or (self._traffic.status or 0) >= _FIRST_ERROR or until(view)

    def _loads(self, view: PageView, until: Sought) -> bool:
        """Whether a page says that it loads; a feed says so for ever, and is there with what is sought on it."""
        feed = without_query(view.url) in self._endless
        return view.busy() and not (feed and until is not None and until(view))

    async def look(self) -> LoadedPage:
        """Describe the page as it is now; settled where it neither waits for an answer nor says that it loads."""
        view = await self._described(self.stillness.look)
        return self._loaded(view, settled=not self._waits and not view.busy())

    @property
    def _waits(self) -> bool:
        """Whether an answer is still to come, or to be read."""
        return bool(self._traffic.waiting) or (self._viewer is not None and self._viewer.waiting)

    def _loaded(self, view: PageView, *, settled: bool) -> LoadedPage:
        return LoadedPage(
            address=view.url,
            view=view,
            settled=settled,
            status=self._traffic.status,
            hops=tuple(self._traffic.hops),
            answers=self.answers,
            has_all_data=self._traffic.has_all_data,
            missed=self._traffic.unanswered,
        )

    async def cookies(self, url: str) -> Mapping[str, str]:
        """Name → value of the cookies that an address gets."""
        try:
            return {cookie["name"]: cookie["value"] for cookie in await self._page.context.cookies([url])}
        except Error:
            raise BrowserLost("the browser or its tab is gone") from None

    async def bring_to_front(self) -> None:
        """Bring this tab before the others: browsers seldom draw a hidden one, and give it no keys."""
        try:
            await self._page.bring_to_front()
        except Error:
            raise BrowserLost("the browser or its tab is gone") from None

    async def _described(self, take: Callable[[], Awaitable[PageView]]) -> PageView:
        for _ in range(_LOOKS):  # a page that navigates while it is looked at is looked at again
            try:
                return await take()
            except Error:
                if self._lost():
                    break
                await asyncio.sleep(_POLL_S)
        if self._lost():
            raise BrowserLost("the browser or its tab is gone")
        raise SiteUnreachable("the page keeps changing and cannot be read", reason=Reason.TIMEOUT)

    def _lost(self) -> bool:
        browser = self._page.context.browser
        return self._page.is_closed() or browser is None or not browser.is_connected()
