"""
A live tab that is to be recorded: it keeps the pages themselves.

A check's own reader reads it, so that the verdict that a recording says the live page gave is the engine's own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from playwright.async_api import CDPSession, Error, Page

from automation.authoring.recorder.markup import Styles, styles_of
from automation.browser.capture import Masks, NoFiles
from automation.core.errors import BrowserLost
from automation.core.observations import Observation
from automation.core.verdicts import Reason, Verdict
from automation.evidence.write.bag import DiscardingSink
from automation.flow.control_table import ControlTable
from automation.page import PageView
from automation.visit.judge import judge
from automation.visit.read import read
from automation.visit.reader import Navigator, Reader, SignedInAccount, VisitLog
from automation.visit.reader.live import LiveReaders, live_tab

if TYPE_CHECKING:
    from automation.flow import Flow
    from automation.page import Node
    from automation.page.read_page import DataResponse
    from automation.page.source import LoadedPage, PageSource, Sought


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

    # -- passed on ------------------------------------------------------------------------------------------

    @property
    def address(self) -> str:
        """Of the present page, whole."""
        return self._tab.address

    @property
    def answers(self) -> tuple[DataResponse, ...]:
        """What the present page's own reads have answered so far."""
        return self._tab.answers

    async def leave(self) -> None:
        """Leave the page."""
        await self._tab.leave()

    async def scroll_to_end(self) -> None:
        """Scroll to the page's end."""
        await self._tab.scroll_to_end()

    async def scroll_to_middle(self, node: Node) -> None:
        """Scroll to a node."""
        await self._tab.scroll_to_middle(node)

    async def make_taller(self) -> None:
        """Make the window taller."""
        await self._tab.make_taller()

    async def pause(self, seconds: float) -> None:
        """Let the page stand for that long."""
        await self._tab.pause(seconds)

    async def look(self) -> LoadedPage:
        """The page as it is now."""
        return await self._tab.look()

    async def cookies(self, url: str) -> Mapping[str, str]:
        """Name → value of the cookies that an address gets."""
        return await self._tab.cookies(url)

    async def bring_to_front(self) -> None:
        """Bring this tab before the others."""
        await self._tab.bring_to_front()


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
    tab = RecordedTab(live_tab(page, session, flow, log, timeout_s), session, opens_in_place=is_control)
    # An inbox is read once more in a tab of its own, of which nothing is filed.
    readers = LiveReaders(flow, account, log, DiscardingSink(), timeout_s)
    behind = None if is_control else partial(readers.background_tab, page.context)
    reader = Reader(Navigator(tab, flow, log.journal), account, log, NoFiles(), behind)
    log.brought_to_front(reader)
    observation = await read(reader, flow, "")
    judged = judge(observation, flow.states)
    return LiveReading(reader, tab.seen, log.masks, observation, (judged.verdict, judged.reason))
