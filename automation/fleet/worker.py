"""One worker process: visits, upkeep, or both, until it is told to stop."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from loguru import logger

from automation import __version__
from automation.core.errors import FleetError, TemoinError
from automation.fleet import claims
from automation.fleet.claims import Rules
from automation.fleet.queue import JobsOfTheGone, Queue, upkeep_of, visits_of
from automation.fleet.store import Store
from automation.fleet.upkeep import dispatch, reap
from automation.fleet.visiting import Visit, Visiting
from automation.storage.postgres import DatabaseAddress, connect, require_current

_FORGET_EVERY_S = 3600.0


def own_name() -> str:
    """A name that no other worker has at this moment."""
    return f"{socket.gethostname()}-{os.getpid()}"


@dataclass(frozen=True)
class Visits:
    """Whose accounts a worker visits, and with what."""

    visit: Visit
    store: Store
    root: Path
    """This machine's evidence folder."""
    pool: str = "main"
    contexts: int = 2
    """How many visits run side by side."""
    finish: Callable[[], None] = lambda: None
    """Finishes what a crash left undone in the ledger of that folder."""


@dataclass(frozen=True)
class Worker:
    """What a worker process is to do."""

    place: DatabaseAddress
    visits: Visits | None
    """None: it visits nobody."""
    upkeep: bool = True
    """Whether it dispatches and reaps."""
    rules: Rules = field(default_factory=Rules)
    name: str = field(default_factory=own_name)

    async def run(self) -> None:
        """
        Work until SIGTERM or SIGINT; visits that were begun are finished then. A second signal ends them, too.

        Raises FleetError: the database or the store cannot be used at the start, or this machine's clock is wrong;
        TemoinError: no account can be visited on this machine.
        """
        await asyncio.to_thread(self._ready)
        told, visiting = _told_to_stop(), self._visiting()
        if visiting is not None:
            await visiting.resume_pending_uploads()  # before anybody is visited anew whose evidence is here already
        working = [asyncio.ensure_future(work()) for work in self._works(visiting)]
        aside = [asyncio.ensure_future(self._present())]
        ends: set[asyncio.Future[Any]] = {told, *working, *aside}
        if visiting is not None:
            aside.append(asyncio.ensure_future(_every(self.rules.pending_s, visiting.resume_pending_uploads)))
            ends |= {visiting.fatal, *aside}
        try:
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
            logger.info("stopping: visits that were begun are finished")
            await _ended(working)
            if visiting is not None:
                await visiting.resume_pending_uploads()
        finally:
            await _ended([*working, *aside])
            with contextlib.suppress(TemoinError):
                await asyncio.to_thread(self._gone)
            if visiting is not None:
                visiting.close()
        if visiting is not None and visiting.fatal.done():
            raise visiting.fatal.result()
        for task in (*working, *aside):
            if not task.cancelled() and (error := task.exception()):
                raise error

    def _ready(self) -> None:
        with connect(self.place) as connection:
            require_current(connection, self.place)
            claims.require_true_clock(connection, self.rules)
        if self.visits is not None:
            self.visits.store.try_out()
        self._seen()

    def _visiting(self) -> Visiting | None:
        if self.visits is None:
            return None
        given = self.visits
        return Visiting(
            self.place, given.store, given.root, given.visit, self.name, given.contexts, self.rules, given.finish
        )

    def _works(self, visiting: Visiting | None) -> list[Callable[[], Awaitable[None]]]:
        works = []
        if self.visits is not None and visiting is not None:
            given = self.visits
            works.append(visits_of(self.place, visiting.visit, given.pool, given.contexts, self.rules))
        if self.upkeep:
            works.append(upkeep_of(self.place, _Upkeep(self.place, self.rules).round, self.rules))
        return works

    async def _present(self) -> None:
        """Say every few seconds that this worker is there; without it, nothing is queued for its pool."""

        async def seen() -> None:
            said = asyncio.ensure_future(asyncio.to_thread(self._seen))
            try:
                await asyncio.shield(said)
            except asyncio.CancelledError:
                await asyncio.wait({said})  # its thread goes on, and would say so after the goodbye
                raise
            except FleetError as error:
                logger.debug("{}", error.message)

        await _every(self.rules.heartbeat_s, seen)

    def _seen(self) -> None:
        pool, contexts = (self.visits.pool, self.visits.contexts) if self.visits else (None, 0)
        with connect(self.place) as connection:
            connection.execute(
                "INSERT INTO workers (name, pool, contexts, version, ahead_s) VALUES (%s, %s, %s, %s, %s)"
                " ON CONFLICT (name) DO UPDATE SET seen_at = now(), ahead_s = EXCLUDED.ahead_s",
                (self.name, pool, contexts, __version__, claims.ahead_s(connection)),
            )

    def _gone(self) -> None:
        with connect(self.place) as connection:
            connection.execute("DELETE FROM workers WHERE name = %s", (self.name,))


class _Upkeep:
    """A round of upkeep: first what was lost, then what is due."""

    def __init__(self, place: DatabaseAddress, rules: Rules) -> None:
        self._place, self._rules, self._queue = place, rules, Queue(place)
        self._forgot_at = float("-inf")

    async def round(self, gone: JobsOfTheGone) -> None:
        """One round."""
        silent = await gone.found()
        reaped = await asyncio.to_thread(self._work, silent)
        await gone.end(reaped)
        now = asyncio.get_running_loop().time()
        if now - self._forgot_at > _FORGET_EVERY_S:
            self._forgot_at = now
            await gone.forget()

    def _work(self, silent: tuple[int, ...]) -> tuple[int, ...]:
        with connect(self._place) as connection:
            reaped = reap(connection, self._queue, silent, self._rules)
            for account in reaped.lost:
                logger.warning("the visit of {} is lost; the account cools down", account)
            dispatch(connection, self._queue, self._rules)
        return reaped.jobs


async def _every(pause_s: float, work: Callable[[], Awaitable[None]]) -> None:
    while True:
        await work()
        await asyncio.sleep(pause_s)


async def _ended(tasks: Sequence[asyncio.Future[None]]) -> None:
    """Cancel and wait; a worker of the queue finishes what it has in hand."""
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def _told_to_stop() -> asyncio.Future[None]:
    """Done at the first signal; the second ends everything at once."""
    loop = asyncio.get_running_loop()
    told: asyncio.Future[None] = loop.create_future()
    main = asyncio.current_task()

    def on_signal() -> None:
        if not told.done():
            told.set_result(None)
        elif main is not None:
            main.cancel()

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, on_signal)
    return told
