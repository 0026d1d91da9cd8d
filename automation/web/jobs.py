"""Work that takes more than a moment: done in a thread of its own, watched by as many windows as there are."""

from __future__ import annotations

import asyncio
import secrets
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from loguru import logger

from automation.core.errors import BrowserNotFound, TemoinError
from automation.text.catalogue import N_

_KEPT = 20


class JobState(StrEnum):
    """How far a job is."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class JobKind(StrEnum):
    """What a job does."""

    CHECK = "check"
    SIGN_IN = "sign_in"
    ADD = "add"
    PDF = "pdf"
    MAIL = "mail"
    OBJECT = "object"
    SWITCH = "switch"
    LIVE = "live"
    """A person goes through the account's own pages."""
    COMPLAINT = "complaint"
    INSTALL = "install"
    """A browser with a window is installed."""


@dataclass
class Job:
    """
    One piece of work and what it has told so far.

    Its own thread writes; windows read whole values, which are replaced and never changed.
    """

    kind: JobKind
    accounts: tuple[str, ...] = ()
    id: str = field(default_factory=lambda: secrets.token_urlsafe(9))
    state: JobState = JobState.RUNNING
    doing: dict[str, str] = field(default_factory=dict)
    """Account → what was told of it last: a step, or its verdict."""
    lines: tuple[str, ...] = ()
    """Sentences for the person, in their language."""
    error: tuple[str, str] = ("", "")
    """What went wrong, and what to do; both empty after a fault of our own, which the log tells."""
    lacks_browser: bool = False
    """Whether it went wrong for want of a browser that can show a window, which can be installed."""
    answer: Any = None
    """What came of it."""
    about: Any = None
    """What it was begun for."""
    begun_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    ending: bool = False
    """Whether somebody has asked for its end."""
    version: int = 0
    """Counts changes, so that a window knows whether there is anything new."""
    _loop: asyncio.AbstractEventLoop | None = None
    _end: Callable[[], None] | None = None

    def tell(self, account: str, what: str) -> None:
        """Note what an account is doing (`automation.visit.runner.Tell`)."""
        self.doing = {**self.doing, account: what}
        self.version += 1

    def say(self, line: str) -> None:
        """Note a sentence."""
        self.lines = (*self.lines, line)
        self.version += 1

    def changed(self) -> None:
        """Note that something else is to be shown."""
        self.version += 1

    def run_async(self, work: Callable[[asyncio.Event], Any]) -> Any:
        """Run the engine in this job's thread; its event is set once somebody cancels."""

        async def main() -> Any:
            stop = asyncio.Event()
            task = asyncio.ensure_future(work(stop))
            self._loop, self._end = asyncio.get_running_loop(), lambda: self._stop(stop, task)
            return await task

        return asyncio.run(main())

    def _stop(self, stop: asyncio.Event, task: asyncio.Future[Any]) -> None:
        stop.set()
        if self.kind is not JobKind.CHECK:  # a run ends in order by itself, and writes its results
            task.cancel()

    def cancel(self) -> None:
        """Ask for its end; it comes within seconds."""
        if self.state is JobState.RUNNING and self._loop and self._end and not self._loop.is_closed():
            self.ending = True
            self.version += 1
            self._loop.call_soon_threadsafe(self._end)


class Press:
    """One press of a person's that a job waits for. The job's thread asks; a window's request answers."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._lock = threading.Lock()
        self._waiting: tuple[asyncio.AbstractEventLoop, asyncio.Event] | None = None
        self.question: Any = None
        """What they are shown while it is waited for."""

    async def asked(self, question: Any) -> None:
        """Show it to them, and wait; who does not want to cancels the job."""
        done = asyncio.Event()
        with self._lock:
            self._waiting, self.question = (asyncio.get_running_loop(), done), question
        self._job.changed()
        try:
            await done.wait()
        finally:
            with self._lock:
                self._waiting = self.question = None
            self._job.changed()

    def answer(self) -> None:
        """Take it; said twice, as by two windows, it is said once."""
        with self._lock:
            if self._waiting is not None:
                loop, done = self._waiting
                loop.call_soon_threadsafe(done.set)


class Jobs:
    """The jobs of one start of the page, newest last."""

    def __init__(self) -> None:
        self._jobs: dict[str, Job] = {}
        self._threads: list[threading.Thread] = []

    def start(self, job: Job, work: Callable[[Job], Any]) -> Job:
        """Begin a job, unless one of its kind is under way: that one is returned, so that no window doubles it."""
        running = next((other for other in self if other.kind is job.kind and other.state is JobState.RUNNING), None)
        if running is not None:
            return running
        self._jobs[job.id] = job
        for old in list(self._jobs)[:-_KEPT]:
            del self._jobs[old]
        thread = threading.Thread(target=_work, args=(job, work), name=f"job-{job.kind}", daemon=True)
        self._threads.append(thread)
        thread.start()
        return job

    def __iter__(self) -> Iterator[Job]:
        return iter(tuple(self._jobs.values()))

    def get(self, job: str) -> Job | None:
        """A job by its id."""
        return self._jobs.get(job)

    def running(self) -> Job | None:
        """The job that is under way, if there is one."""
        return next((job for job in self if job.state is JobState.RUNNING), None)

    def end(self, limit_s: float = 10.0) -> None:
        """Cancel what is under way and wait for it, so that no browser outlives the page."""
        for job in self:
            job.cancel()
        for thread in self._threads:
            thread.join(limit_s)


@logger.catch(message=N_("internal fault in a job of the page"))  # Python's own report of a thread is not redacted
def _work(job: Job, work: Callable[[Job], Any]) -> None:
    state = JobState.FAILED  # whatever is not named below is a fault of ours
    try:
        job.answer = work(job)
        state = JobState.DONE
    except asyncio.CancelledError:
        state = JobState.CANCELLED
    except TemoinError as error:
        job.error, job.lacks_browser = (error.message, error.remedy), isinstance(error, BrowserNotFound)
    finally:
        job.state = state
        job.version += 1
