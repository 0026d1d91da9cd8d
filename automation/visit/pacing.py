"""How fast the accounts of one service are looked at: a few side by side, and a moment between two beginnings."""

from __future__ import annotations

import asyncio
import os
import time
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from loguru import logger


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


_LOAD_A_CORE = 4.0
_CALM_A_CORE = 2.0
_EVERY_S = 15.0
_BEGINNING_S = 2.5


def machine_load() -> float:
    """How many processes wanted to run, on average over the last minute; 0 where the system does not say it."""
    try:
        return os.getloadavg()[0]
    except (AttributeError, OSError):  # Windows does not
        return 0.0


@dataclass(frozen=True, slots=True)
class Overload:
    """When a machine counts as overloaded."""

    load: Callable[[], float] = machine_load
    """Processes that want to run, as `os.getloadavg` counts them."""
    cores: int = os.cpu_count() or 1
    every_s: float = _EVERY_S
    """Least time between two changes: an average over a minute tells late what the last change did."""
    beginning_s: float = _BEGINNING_S
    """For how long a visit that begins, with a browser of its own, keeps a core busy; the next begins after that."""

    @property
    def most(self) -> float:
        """The highest load that the machine carries."""
        return _LOAD_A_CORE * self.cores

    @property
    def calm(self) -> float:
        """The load below which there is room for more; far below the other, so that places do not come and go."""
        return _CALM_A_CORE * self.cores

    @property
    def apart_s(self) -> float:
        """Least time between the beginnings of visits that take a place which nobody had before."""
        return self.beginning_s / self.cores


class Places:
    """
    The places for visits side by side. Whoever waited longest gets the next one.

    The places come one after the other, and after that each as soon as it is given back. Above the load that the
    machine carries, as many are taken back as are too many by that load, and at least one, again and again down to one;
    when it is calm again, they come back one by one. Eight on two cores lie just at the limit: with half of them taken
    back, a third of what such a machine can do was lost.

    Args:
        most: how many there are on a machine that is not overloaded.
        overload: when it is.
    """

    def __init__(self, most: int, overload: Overload) -> None:
        self._most, self._overload = most, overload
        self._allowed, self._taken = most, 0
        self._opened, self._next_at = 0, float("-inf")
        self._opening: asyncio.TimerHandle | None = None
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._changed_at = float("-inf")
        self._told = False

    @asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """Wait for a place, and hold it for the block."""
        await self._take()
        try:
            yield
        finally:
            self._give_back()

    async def _take(self) -> None:
        turn = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        self._hand_out()
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():  # the place came at the same moment
                self._give_back()
            else:
                turn.cancel()
            raise

    def _give_back(self) -> None:
        self._taken -= 1
        self._hand_out()

    def _hand_out(self) -> None:
        self._look()
        while self._waiting and self._taken < self._allowed and self._is_open():
            turn = self._waiting.popleft()
            if not turn.done():
                self._taken += 1
                turn.set_result(None)

    def _is_open(self) -> bool:
        """Whether one of the places that came so far is free, or the next one comes now; else it is waited for."""
        if self._taken < self._opened:
            return True
        loop = asyncio.get_running_loop()
        if loop.time() < self._next_at:
            if self._opening is None:
                self._opening = loop.call_at(self._next_at, self._open_next)
            return False
        self._opened += 1
        self._next_at = loop.time() + self._overload.apart_s
        return True

    def _open_next(self) -> None:
        self._opening = None
        self._hand_out()

    def _look(self) -> None:
        """Look at the machine's load, and change the number of places where that is due."""
        now = asyncio.get_running_loop().time()
        if now - self._changed_at < self._overload.every_s:
            return
        load = self._overload.load()
        if load > self._overload.most:
            carried = int(self._allowed * self._overload.most / load)
            wanted = max(1, min(carried, self._allowed - 1))
            self._say(load)
        elif load < self._overload.calm:
            wanted = min(self._most, self._allowed + 1)
        else:
            return
        if wanted != self._allowed:
            self._allowed, self._changed_at = wanted, now

    def _say(self, load: float) -> None:
        if not self._told:
            self._told = True
            logger.warning(
                "this machine is overloaded (load {:.0f} on {} cores): fewer accounts are checked side by side",
                load,
                self._overload.cores,
            )
