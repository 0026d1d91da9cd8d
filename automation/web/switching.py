"""A person who changes a setting in their own browser, and says in the page when they have."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from automation.core.accounts import Account
    from automation.reports.advice import Advice
    from automation.web.jobs import Job


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
        self._waiting: tuple[asyncio.AbstractEventLoop, asyncio.Event] | None = None
        self.question: Advice | None = None
        """The way that they are shown while their answer is waited for."""

    def say(self, text: str) -> None:
        """Tell them something."""
        self._job.say(text)

    def is_done(self, advice: Advice) -> bool:
        """Show them the way, and wait until they say so; who does not want to cancels the job."""
        self._job.run_async(lambda _stop: self._asked(advice))
        return True

    async def _asked(self, advice: Advice) -> None:
        done = asyncio.Event()
        with self._lock:
            self._waiting, self.question = (asyncio.get_running_loop(), done), advice
        self._job.changed()
        try:
            await done.wait()
        finally:
            with self._lock:
                self._waiting = self.question = None
            self._job.changed()

    def answer(self) -> None:
        """Take that they have; said twice, as by two windows, it is said once."""
        with self._lock:
            if self._waiting is not None:
                loop, done = self._waiting
                loop.call_soon_threadsafe(done.set)
