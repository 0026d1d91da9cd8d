"""How fast the accounts of one service are looked at: a few side by side, and a moment between two beginnings."""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager


class Pacing:
    """
    The turns of one run.

    Args:
        side_by_side: how many visits to one service may go on at the same time.
        gap_s: least time between the beginnings of two.
        now: seconds on a clock that never goes back.
        wait: lets so many seconds of that clock pass.
    """

    def __init__(
        self,
        side_by_side: int,
        gap_s: float,
        *,
        now: Callable[[], float] = time.monotonic,
        wait: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._gap_s, self._now, self._wait = gap_s, now, wait
        self._gates: defaultdict[str, asyncio.Semaphore] = defaultdict(lambda: asyncio.Semaphore(side_by_side))
        self._earliest: defaultdict[str, float] = defaultdict(float)

    @asynccontextmanager
    async def turn(self, service: str) -> AsyncIterator[None]:
        """Wait for a turn at a service, and hold it for the block."""
        async with self._gates[service]:
            now = self._now()
            begin = max(now, self._earliest[service])
            self._earliest[service] = begin + self._gap_s
            await self._wait(begin - now)
            yield
