"""A person who changes a setting in their own browser, and says in the page when they have."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from automation.cli.ui.jobs import Job
    from automation.domain.accounts import Account
    from automation.reports.advice import Advice


class PageSwitcher:
    """
    One person before the page, for one account. The job's thread asks; a window's request answers.

    Args:
        account: that it is about.
        service: as a person writes it.
        job: that shows what happens.
    """

    def __init__(self, account: Account, service: str, job: Job) -> None:
        self.account, self.service, self._job = account, service, job
        self._lock = threading.Lock()
        self._waiting: tuple[asyncio.AbstractEventLoop, asyncio.Future[bool]] | None = None
        self.question: Advice | None = None
        """The way that they are shown while their answer is waited for."""

    def say(self, text: str) -> None:
        """Tell them something."""
        self._job.say(text)

    def is_done(self, advice: Advice) -> bool:
        """Show them the way, and wait for what they say; the job's end ends the waiting."""
        done: bool = self._job.run_async(lambda _stop: self._asked(advice))
        return done

    async def _asked(self, advice: Advice) -> bool:
        loop = asyncio.get_running_loop()
        answered: asyncio.Future[bool] = loop.create_future()
        with self._lock:
            self._waiting, self.question = (loop, answered), advice
        self._job.changed()
        try:
            return await answered
        finally:
            with self._lock:
                self._waiting = self.question = None
            self._job.changed()

    def answer(self, *, done: bool) -> None:
        """Take what they say; the second of two windows says nothing more."""
        with self._lock:
            if self._waiting is None:
                return
            (loop, answered), self._waiting = self._waiting, None
        loop.call_soon_threadsafe(_answered, answered, done)


def _answered(waiting: asyncio.Future[bool], done: bool) -> None:
    if not waiting.done():  # the job may have been cancelled meanwhile
        waiting.set_result(done)
