"""
Which element a person means, by a click that never reaches the page.

The browser's own inspection takes the click before the page does (`Overlay.setInspectMode`). It begins some moment
after it is asked for and ends with the first click. So it is tried out before the person is told to click, and from the
first click on the tab hears nothing more, not even the rest of a double click. The inspection takes the press alone:
until the tab is deaf, releases are stopped in a world of their own, which the page cannot see. The page's scripts are
left running: without them many a page looks otherwise.
"""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack, suppress
from typing import TYPE_CHECKING, Any, Self

from playwright.async_api import CDPSession, Error, Page

from automation.core.errors import BrowserLost

if TYPE_CHECKING:
    from types import TracebackType

_HIGHLIGHT = {"contentColor": {"r": 255, "g": 196, "b": 0, "a": 0.35}, "showInfo": False}
# A list may choose on the release of the button alone. Of the page's own document; frames are not reached.
_STOP_RELEASES = """() => { const stop = (event) => { event.stopImmediatePropagation(); event.preventDefault(); };
globalThis.stopped?.abort(); globalThis.stopped = new AbortController();
const how = { capture: true, signal: stopped.signal };
for (const kind of ["pointerup", "mouseup"]) addEventListener(kind, stop, how); }"""
_LET_RELEASES = "() => globalThis.stopped?.abort()"
_TRIES = 40
_PATIENCE_S = 0.25


class Picker:
    """
    One tab while something is picked in it (`async with`); afterwards the page lives on as before.

    Raises on entering: BrowserLost, where the tab is gone or its browser does not take the click away.
    """

    def __init__(self, page: Page, session: CDPSession) -> None:
        self._page, self._session = page, session
        self._lit = asyncio.Event()
        self._picked: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._deafening: asyncio.Task[Any] | None = None
        self._world: int | None = None
        """The execution context in which releases are stopped."""

    async def __aenter__(self) -> Self:
        self._session.on("Overlay.nodeHighlightRequested", self._on_highlight)
        self._session.on("Overlay.inspectNodeRequested", self._on_pick)
        async with AsyncExitStack() as undo:
            undo.push_async_callback(self._release)
            try:
                await self._session.send("DOM.enable")
                await self._session.send("DOM.getDocument")  # else it does not tell what it highlights
                await self._session.send("Overlay.enable")
                await self._stop_releases()
                await self._arm()
            except Error:
                raise BrowserLost("the window was closed", "Nothing was written; start again.") from None
            undo.pop_all()
        return self

    async def picked(self) -> int:
        """The backend id of the element that the person clicks, once they do."""
        return await asyncio.shield(self._picked)

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._release()

    async def _stop_releases(self) -> None:
        tree = await self._session.send("Page.getFrameTree")
        world = {"frameId": tree["frameTree"]["frame"]["id"], "worldName": "picking"}
        self._world = (await self._session.send("Page.createIsolatedWorld", world))["executionContextId"]
        await self._session.send("Runtime.evaluate", {"expression": f"({_STOP_RELEASES})()", "contextId": self._world})

    async def _arm(self) -> None:
        """
        Ask for the inspection until a movement of the mouse shows that it is there.

        Raises:
            BrowserLost: it never is.
        """
        for turn in range(_TRIES):
            await self._session.send("Overlay.setInspectMode", {"mode": "searchForNode", "highlightConfig": _HIGHLIGHT})
            moved = {"type": "mouseMoved", "x": 40 + turn % 7 * 30, "y": 40 + turn % 5 * 40}
            await self._session.send("Input.dispatchMouseEvent", moved)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._lit.wait(), _PATIENCE_S)
                return
        raise BrowserLost(
            "this browser does not take the click before the page does, so nothing can be picked safely",
            "Set browser.path to another Chromium, or write the flow by hand: `temoin flows new`.",
        )

    def _on_highlight(self, _: Any) -> None:
        self._lit.set()

    def _on_pick(self, event: Any) -> None:
        if not self._picked.done():
            self._deafening = asyncio.ensure_future(self._quietly("Input.setIgnoreInputEvents", ignore=True))
            self._picked.set_result(int(event["backendNodeId"]))

    async def _release(self) -> None:
        self._session.remove_listener("Overlay.nodeHighlightRequested", self._on_highlight)
        self._session.remove_listener("Overlay.inspectNodeRequested", self._on_pick)
        if self._deafening is not None:
            await self._deafening
        await self._quietly("Overlay.setInspectMode", mode="none", highlightConfig={})
        await self._quietly("Overlay.disable")
        await self._quietly("Input.setIgnoreInputEvents", ignore=False)
        if self._world is not None:
            await self._quietly("Runtime.evaluate", expression=f"({_LET_RELEASES})()", contextId=self._world)
        if not self._picked.done():
            self._picked.cancel()

    async def _quietly(self, command: str, **parameters: Any) -> None:
        """Send a command; a tab that has gone meanwhile needs none."""
        with suppress(Error):
            await self._session.send(command, parameters)
