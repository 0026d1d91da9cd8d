"""
A live page that is recorded: which element a person means in it, and what a check reads there.

They mean an element by a click that never reaches the page: the browser's own inspection takes it before
(`Overlay.setInspectMode`). The inspection begins some moment after it is asked for and ends with the first click. So it
is tried out before the person is told to click, and from the first click on the tab hears nothing more, not even the
rest of a double click. The inspection takes the press alone: until the tab is deaf, releases are stopped in a world of
their own, which the page cannot see. The page's scripts are left running: without them many a page looks otherwise.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Self, cast

from playwright.async_api import CDPSession, Error, Page

from automation.authoring.markup import Styles, styles_of
from automation.browser.capture import Masks, NoFiles
from automation.core.errors import BrowserLost
from automation.core.observations import Observation
from automation.core.verdicts import Reason, Verdict
from automation.evidence.write.bag import DiscardingSink
from automation.flow.control_table import ControlTable
from automation.page import PageView
from automation.visit.conclusion import judge
from automation.visit.objection import read
from automation.visit.reader import Reader, Sight, SignedInAccount, VisitLog
from automation.visit.reader.live import LiveReaders, live_tab

if TYPE_CHECKING:
    from automation.flow import Flow
    from automation.page import Node
    from automation.page.source import LoadedPage, PageSource, Sought

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
            undo.push_async_callback(self.__aexit__)
            try:
                await self._session.send("DOM.enable")
                await self._session.send("DOM.getDocument")  # else it does not tell what it highlights
                await self._session.send("Overlay.enable")
                frame = (await self._session.send("Page.getFrameTree"))["frameTree"]["frame"]["id"]
                world = {"frameId": frame, "worldName": "picking"}
                self._world = (await self._session.send("Page.createIsolatedWorld", world))["executionContextId"]
                stop = {"expression": f"({_STOP_RELEASES})()", "contextId": self._world}
                await self._session.send("Runtime.evaluate", stop)
                await self._arm()
            except Error:
                raise BrowserLost("the window was closed", "Nothing was written; start again.") from None
            undo.pop_all()
        return self

    async def picked(self) -> int:
        """The backend id of the element that the person clicks, once they do."""
        return await asyncio.shield(self._picked)

    async def __aexit__(self, *error: object) -> None:
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
            "Set browser.path to another Chromium, or write the flow by hand: `temoin flow new`.",
        )

    def _on_highlight(self, _: Any) -> None:
        self._lit.set()

    def _on_pick(self, event: Any) -> None:
        if not self._picked.done():
            self._deafening = asyncio.ensure_future(self._quietly("Input.setIgnoreInputEvents", ignore=True))
            self._picked.set_result(int(event["backendNodeId"]))

    async def _quietly(self, command: str, **parameters: Any) -> None:
        """Send a command; a tab that has gone meanwhile needs none."""
        with suppress(Error):
            await self._session.send(command, parameters)


@dataclass(frozen=True, slots=True)
class SeenPage:
    """One page as it was when it had come to rest."""

    status: int
    view: PageView
    styles: Styles


class RecordedTab:
    """
    A tab that notes what every address showed in the end, after whatever had to be opened there.

    Args:
        tab: the live one, to which all is passed on.
        session: the same tab's, for the styles.
        opens_in_place: whether what is clicked shows something at the same address that belongs to it: the section
            of a setting does, a message of an inbox is another page.
    """

    def __init__(self, tab: PageSource, session: CDPSession, *, opens_in_place: bool = True) -> None:
        self._tab, self._session, self._opens_in_place = tab, session, opens_in_place
        self._asked_for = ""
        self._arriving = False
        self.seen: dict[str, SeenPage] = {}
        """Address as it was opened → what it showed last, before it was scrolled or waited at."""

    async def settled(self, quiet_s: float, until: Sought) -> LoadedPage:
        """Wait as the tab does, and note a page on which it has just arrived."""
        loaded = await self._tab.settled(quiet_s, until)
        if self._arriving:
            try:
                styles = await styles_of(self._session)
            except Error:
                raise BrowserLost("the browser or its tab is gone") from None
            self.seen[self._asked_for] = SeenPage(loaded.status or 200, loaded.view, styles)
            self._arriving = False
        return loaded

    async def go(self, target: str) -> int | None:
        """Go to an address, and remember which."""
        self._asked_for = target
        status = await self._tab.go(target)
        self._arriving = True
        return status

    async def follow(self, node: Node) -> bool:
        """Click a node of the present page, which then shows something else at the same address."""
        followed = await self._tab.follow(node)
        self._arriving = followed and self._opens_in_place
        return followed

    def __getattr__(self, name: str) -> Any:
        """All else is the tab's."""
        return getattr(self._tab, name)


@dataclass(frozen=True)
class LiveReading:
    """A live page as a check reads it, and the pages themselves."""

    reader: Reader
    seen: Mapping[str, SeenPage]
    """Address as it was opened → what it showed."""
    masks: Masks
    """What its pages named."""
    observation: Observation
    answer: tuple[Verdict, Reason | None]

    @property
    def shows_the_setting(self) -> bool:
        """Whether the control was there."""
        return "control.absent" not in {signal.name for signal in self.observation.signals}


async def read_live(
    page: Page, session: CDPSession, flow: Flow, account: SignedInAccount, timeout_s: float
) -> LiveReading:
    """
    Read a setting in a tab as a check does.

    Raises:
        CheckError: the page cannot be read.
    """
    log = VisitLog.of(flow, account)
    is_control = isinstance(flow.rule, ControlTable)
    recorded = RecordedTab(live_tab(page, session, flow, log, timeout_s), session, opens_in_place=is_control)
    tab = cast("PageSource", recorded)
    # An inbox is read once more in a tab of its own, of which nothing is filed.
    readers = LiveReaders(flow, account, log, DiscardingSink(), timeout_s)
    behind = None if is_control else partial(readers.background_tab, page.context)
    reader = Reader(Sight(tab, NoFiles()), flow, account, log, behind)
    log.in_front = reader
    observation = await read(reader, flow, "")
    judged = judge(observation, flow.states)
    return LiveReading(reader, recorded.seen, log.masks, observation, (judged.verdict, judged.reason))
