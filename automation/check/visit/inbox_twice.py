"""An inbox, read twice: as it loads, and as it has stood open in a tab of its own while other pages were read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from loguru import logger

from automation.check.visit.inbox import read_inbox
from automation.domain.observations import Signal, SignalKind
from automation.errors import CheckError
from automation.flow.manifest import Surface
from automation.reader.background_tab import BackgroundTab
from automation.reading.inbox.items import InboxReading
from automation.reading.inbox.page_data import ListReads

if TYPE_CHECKING:
    from automation.reader import Reader

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
    _left: BackgroundTab | None = None
    _first: InboxReading | None = None

    async def leave_open(self, reader: Reader) -> None:
        """Open it in a tab of its own, beside the reader's."""
        self._left = await reader.beside(BackgroundTab)
        try:
            await self._left.leave(self.name)
        except CheckError as error:
            if error.ends_visit:
                raise
            logger.debug("the inbox cannot be left open: {}", error.message)  # reading it says so, too
        await reader.come_forward()

    async def scroll_on(self, reader: Reader) -> None:
        """Scroll it to its end, where it stands, and go on with the reader."""
        if self._left is not None:
            await self._left.scroll_on(self.name)
            await reader.come_forward()

    async def read(self, reader: Reader) -> None:
        """Read it afresh."""
        try:
            self._first = await read_inbox(reader, self.name, self.surface, self.reads)
        except CheckError as error:
            self._unread(error)
            return
        self.signals.extend(self._first.signals)
        self.missing.extend(self._first.missing)

    async def read_again(self, reader: Reader) -> None:
        """Where it showed nothing, read it as it has stood open; both readings must agree."""
        left, first = self._left, self._first
        if left is None or first is None or not first.complete:
            return
        try:
            again = await read_inbox(
                left,
                self.name,
                self.surface,
                self.reads,
                arrive=lambda until: left.come_back(self.name, _LATE_S, until=until),
            )
        except CheckError as error:
            self._unread(error)
            return
        if (again.complete, again.items) != (first.complete, first.items):
            why = "it changed between two readings"
            self.signals.append(Signal("inbox.unread", SignalKind.LANDMARK, self.name, why))
            self.signals.extend(again.signals)
        await reader.come_forward()

    def _unread(self, error: CheckError) -> None:
        if error.ends_visit:
            raise error
        self.signals.append(Signal("inbox.unread", SignalKind.LANDMARK, self.name, error.message))
