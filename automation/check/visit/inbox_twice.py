"""
An inbox, read twice: as it loads, and as it has stood open in a tab of its own while other pages were read.

A visit of one tab reads it twice, one after the other.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from loguru import logger

from automation.check.visit.inbox import read_inbox
from automation.domain.replies import Reply
from automation.domain.signals import Signal, SignalName
from automation.domain.ways import Way
from automation.errors import CheckError
from automation.flow.manifest import Surface
from automation.reader.background_tab import BackgroundTab
from automation.reading.inbox.page_data import ListReads
from automation.reading.letters.answers import InboxReading

if TYPE_CHECKING:
    from automation.page.source import Sought
    from automation.reader import Reader, ReadPage

_LATE_S = 5.0
"""How long an inbox that shows nothing must go on showing nothing."""


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
        self.signals.extend(self._first.signals)
        self.missing.extend(self._first.missing)
        self.replies.extend(self._first.replies)

    async def read_again(self, reader: Reader) -> None:
        """Where it showed nothing, read it as it has stood open; both readings must agree."""
        tab, first = self._tab, self._first
        if first is None or not first.complete:
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
        if (again.complete, again.items) != (first.complete, first.items):
            self.signals.append(SignalName.INBOX_UNREAD.seen(self.name, Way.INBOX_CHANGED))
            self.signals.extend(again.signals)
            self.replies.extend(again.replies)
        await reader.bring_to_front()

    def _unread(self, error: CheckError) -> None:
        if error.ends_visit:
            raise error
        self.signals.append(SignalName.INBOX_UNREAD.seen(self.name, how=error.message))
