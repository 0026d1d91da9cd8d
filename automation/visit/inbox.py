"""
The place where a service answers an objection: opened, scrolled, its items opened; what they mean `reading` decides.

It is read twice: as it loads, and as it has stood open in a tab of its own while other pages were read. A visit of one
tab reads it twice, one after the other.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace

from loguru import logger

from automation.core.errors import CheckError
from automation.core.looks import Shown
from automation.core.replies import Reply
from automation.core.signals import Signal, SignalName
from automation.core.ways import Way
from automation.flow.manifest import Surface
from automation.page import PageView
from automation.page.source import Sought
from automation.reading.letters.answers import InboxReading
from automation.reading.lists.addresses import item_links
from automation.reading.lists.completeness import ListReads
from automation.reading.lists.looked import at_home, not_the_inbox, read_list
from automation.reading.lists.rows import further_of, item_rows
from automation.visit.inbox_items import read_items
from automation.visit.inbox_list import read_tabs
from automation.visit.reader import Reader, ReadPage
from automation.visit.reader.background_tab import BackgroundTab

_LATE_S = 5.0
"""How long an inbox that shows nothing must go on showing nothing."""


async def read_inbox(
    reader: Reader,
    name: str,
    surface: Surface,
    reads: ListReads,
    *,
    arrive: Callable[[Sought], Awaitable[ReadPage]] | None = None,
) -> InboxReading:
    """
    Read every item of the inbox.

    Args:
        reader: on any page of the account.
        name: the inbox's surface in the manifest.
        surface: the same as declared; items may be followed under its `paths`.
        reads: what fills it.
        arrive: how to get there; None opens it.
    """

    def arrived(view: PageView) -> bool:
        shown = item_links(view, surface) or item_rows(view) or further_of(view, surface, set())
        return bool(shown or reads.lists_in(reader.answers, view))

    page = await arrive(arrived) if arrive else await reader.open(name, until=arrived)
    await reader.check_account()
    step = await reader.capture(name)
    reader.refuse_login()
    if page.failed or not at_home(page, surface):
        reading = not_the_inbox(name)
    else:
        words, listed = reader.words, await read_tabs(reader, page, name, surface, reads)
        for each in listed.pages:
            reader.keep_answers(each.read, reads.embedded(each.view))
        holder = reader.speakers(listed.pages[-1].view).holder
        opened, unopened = await read_items(reader, listed)
        reading = read_list(listed, opened, unopened, words, holder=holder, is_own=reader.is_own, hide=reader.masked)
    reading.signals = [each if each.picture else replace(each, picture=step.picture) for each in reading.signals]
    reading.replies = [each if each.picture else replace(each, picture=step.picture) for each in reading.replies]
    reading.shown = [replace(each, picture=step.picture) for each in reading.shown]
    return reading


@dataclass
class InboxTwice:
    """
    Both readings of one inbox; an answer that arrives late, or is shown only sometimes, must not be taken for none.

    Raises from every method: `CheckError` where reading cannot go on: a challenge, another account, a lost browser.
    """

    name: str
    """Of its surface."""
    surface: Surface
    reads: ListReads
    """What fills it."""
    signals: list[Signal] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    replies: list[Reply] = field(default_factory=list)
    shown: list[Shown] = field(default_factory=list)
    _tab: BackgroundTab | None = None
    _first: InboxReading | None = None

    async def load(self, reader: Reader) -> None:
        """Open it in a background tab, and let it load."""
        tab = self._tab = await reader.open_background_tab()
        if tab is None:
            return
        try:
            await tab.load(self.name)
        except CheckError as error:
            if error.ends_visit:
                raise
            logger.debug("the inbox does not load in the background: {}", error.message)  # reading it says so, too
        await reader.bring_to_front()

    async def scroll_to_end(self, reader: Reader) -> None:
        """Scroll it to its end, where it stands, and go on with the reader."""
        if self._tab is not None:
            await self._tab.scroll_to_end(self.name)
            await reader.bring_to_front()

    async def read(self, reader: Reader) -> None:
        """Read it afresh."""
        try:
            self._first = await read_inbox(reader, self.name, self.surface, self.reads)
        except CheckError as error:
            self._unread(error)
            return
        self._add(self._first)
        self.missing.extend(self._first.missing)

    async def read_again(self, reader: Reader) -> None:
        """Where it showed no answer, read it as it has stood open; both readings must agree."""
        tab, first = self._tab, self._first
        if first is None or not _shows_none(first):
            return

        async def arrive(until: Sought) -> ReadPage:
            if tab is not None:
                return await tab.read(self.name, _LATE_S, until=until)
            await reader.open(self.name, until=until)
            return await reader.read_at_end(_LATE_S)

        front = tab.reader if tab is not None else reader
        try:
            again = await read_inbox(front, self.name, self.surface, self.reads, arrive=arrive)
        except CheckError as error:
            self._unread(error)
            return
        if (_shows_none(again), again.complete, again.items) != (True, first.complete, first.items):
            self.signals.append(SignalName.INBOX_UNREAD.seen(self.name, Way.INBOX_CHANGED))
            self._add(again)
        await reader.bring_to_front()

    def _add(self, reading: InboxReading) -> None:
        self.signals.extend(reading.signals)
        self.replies.extend(reading.replies)
        self.shown.extend(reading.shown)

    def _unread(self, error: CheckError) -> None:
        if error.ends_visit:
            raise error
        self.signals.append(SignalName.INBOX_UNREAD.seen(self.name, how=error.message))


def _shows_none(reading: InboxReading) -> bool:
    """Whether all of it was read and holds no answer that is understood."""
    return any(signal.name in {SignalName.INBOX_NOTHING, SignalName.INBOX_WHOLE} for signal in reading.signals)
