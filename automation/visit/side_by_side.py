"""The visits of one run: side by side, each service at its pace, each fault kept to its own account."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from loguru import logger

from automation.core.errors import ConfigurationError, OutputError, TemoinError
from automation.core.verdicts import Reason
from automation.session import SIGN_IN
from automation.visit.account import check
from automation.visit.not_visited import nothing_read
from automation.visit.order import Limits
from automation.visit.overload import Overload, Places
from automation.visit.pacing import Pacing

if TYPE_CHECKING:
    from automation.browser.pool import Browsers
    from automation.core.results import Result
    from automation.core.settings import BrowserSettings
    from automation.visit.order import Order

Tell = Callable[[str, str], None]
"""
Called with an account's name and what it is doing: `started`, `sign_in`, the surfaces that it opens one after the
other, `seal`, and in the end its verdict. An account that was not looked at only gets its verdict.
"""
Keep = Callable[["Result"], "Result"]
"""Given each result as it comes; what is to be held of it until the run ends."""
CheckOne = Callable[["Order", "Browsers"], Awaitable["Result"]]
"""Looks at one account."""


class SideBySide:
    """The visits of one run: a bounded number at a time, each service's at its pace, ended when asked to."""

    def __init__(
        self,
        browser: BrowserSettings,
        run_id: str,
        browsers: Browsers,
        tell: Tell,
        stop: asyncio.Event,
        overload: Overload,
        keep: Keep = lambda result: result,
        *,
        look: CheckOne = check,
        grace_s: float = Limits.grace_s,
    ) -> None:
        self._keep, self._look, self._grace_s = keep, look, grace_s
        self._run_id, self._browsers, self._tell, self._stop = run_id, browsers, tell, stop
        self._places = Places(browser.concurrency, overload)
        self._pacing = Pacing(*browser.pace)
        self._people: defaultdict[tuple[str, str], asyncio.Lock] = defaultdict(asyncio.Lock)
        self._begun: set[str] = set()
        self.faulty = False
        """Whether something failed inside Témoin."""

    async def results(self, orders: Sequence[Order]) -> tuple[Result, ...]:
        """The result of each, in order; what ends the whole run is raised once nothing is under way any more."""
        tasks = {order.account.name: asyncio.ensure_future(self._one(order)) for order in orders}
        watch = asyncio.ensure_future(self._end_when_asked(tasks))
        try:
            return tuple(await asyncio.gather(*tasks.values()))
        finally:
            for task in (watch, *tasks.values()):
                task.cancel()
            await asyncio.gather(watch, *tasks.values(), return_exceptions=True)

    async def _end_when_asked(self, tasks: Mapping[str, asyncio.Future[Result]]) -> None:
        await self._stop.wait()
        for name in tasks.keys() - self._begun:
            tasks[name].cancel()
        await asyncio.sleep(self._grace_s)
        for task in tasks.values():
            task.cancel()

    async def _one(self, order: Order) -> Result:
        name = order.account.name
        with logger.contextualize(run=self._run_id, account=name):
            try:
                result = await self._in_turn(order)
            except asyncio.CancelledError:
                if not self._stop.is_set():
                    raise
                result = _interrupted(order, begun=name in self._begun)
            logger.info("{} {}", result.verdict, result.reason or "")
        self._tell(name, result.verdict.value)
        return self._keep(result)

    async def _in_turn(self, order: Order) -> Result:
        person = (order.account.service, order.subject)  # several entries of one person share one session
        async with self._people[person], self._pacing.turn(order.account.service), self._places.place():
            if self._stop.is_set():
                return _interrupted(order, begun=False)
            self._begun.add(order.account.name)
            order.doing("started")
            return await self._once_or_twice(order)

    async def _once_or_twice(self, order: Order) -> Result:
        """Check once; once more, without signing in again, where the browser died or a page did not come in time."""
        order = replace(order, means=replace(order.means, handed_on={}))
        result = await self._protected(order)
        again = result.reason is not None and result.reason.retryable and not _tried_to_sign_in(result)
        if not again or self._stop.is_set():
            return result
        logger.info("once more after {}", result.reason)
        return replace(await self._protected(order), attempts=2)

    async def _protected(self, order: Order) -> Result:
        try:
            return await self._look(order, self._browsers)
        except (ConfigurationError, OutputError):  # the key of the sessions is missing, the disk is full: it stays so
            raise
        except Exception as fault:  # noqa: BLE001 - one account's fault must not cost the others
            self.faulty = True
            logger.opt(exception=fault).error("internal fault while checking")
            kind = type(fault).__name__ if not isinstance(fault, TemoinError) else fault.message
            return _failed(order, Reason.INTERNAL_ERROR, f"internal fault: {kind}")


def _tried_to_sign_in(result: Result) -> bool:
    """
    Whether it ended before signing in was done, and name and password may have left: those are given once.

    A check that began with a kept session may have come to signing in later.
    """
    signed_in = any(timing.part == SIGN_IN for timing in result.timings) and result.failed_step != SIGN_IN
    return not signed_in and result.guard.sign_in_requests > 0


def _interrupted(order: Order, *, begun: bool) -> Result:
    how = "while this account was looked at" if begun else "before this account was looked at"
    return _failed(order, Reason.INTERRUPTED, f"the run was ended {how}")


def _failed(order: Order, reason: Reason, because: str) -> Result:
    flow = order.flow
    verified = flow.verification(datetime.now(UTC).date())
    stand_in = bool(order.browser.replica_map)
    return nothing_read(order.account, flow.revision, verified, order.subject, reason, because, stand_in=stand_in)
