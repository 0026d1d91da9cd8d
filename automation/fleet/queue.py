"""
The queue, and the only module that knows whose it is: Procrastinate's.

A job's lock is its account, so two of one account never run at once; nothing is tried again by the queue, and no job
carries a date, because a dated job with a lock keeps every other one of its lock waiting.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import psycopg
from loguru import logger
from procrastinate import App, JobContext, PsycopgConnector, SyncPsycopgConnector
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import DeleteJobCondition, Job, Status

from automation.fleet.claims import UPKEEP, VISIT, Rules, queue_of

if TYPE_CHECKING:
    from automation.storage.postgres import DatabaseAddress

_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 1.0, 30.0
_CONNECTIONS = 3
"""Beside one for each visit: heartbeat, polling, listening."""
Work = Callable[[int, str], Awaitable[None]]
"""Called with the job's number and the account's name."""
Upkeep = Callable[["JobsOfTheGone"], Awaitable[None]]


class Queue:
    """What is put into the queue goes with the caller's transaction: with it or not at all."""

    def __init__(self, place: DatabaseAddress) -> None:
        self._jobs = App(connector=SyncPsycopgConnector(conninfo=place.conninfo)).job_manager

    def defer(self, connection: psycopg.Connection[Any], visits: Sequence[tuple[str, str, str]]) -> None:
        """Queue visits: account, service, queue of each."""
        jobs = [
            Job(
                id=None, task_name=VISIT, queue=queue, lock=account, queueing_lock=account,
                task_kwargs={"account": account, "service": service},
            )
            for account, service, queue in visits
        ]  # fmt: skip
        self._jobs.batch_defer_jobs(jobs, connection=connection)

    def cancel(self, connection: psycopg.Connection[Any], job: int) -> bool:
        """Take a job back that nobody began; whether it was still waiting."""
        return self._jobs.cancel_job_by_id(job, delete_job=True, connection=connection)


class JobsOfTheGone:
    """Jobs whose worker says nothing any more, and how they are ended."""

    def __init__(self, app: App, rules: Rules) -> None:
        self._jobs, self._rules = app.job_manager, rules

    async def found(self) -> tuple[int, ...]:
        """Their numbers."""
        stalled = await self._jobs.get_stalled_jobs(seconds_since_heartbeat=self._rules.silent_s)
        return tuple(job.id for job in stalled if job.id is not None)

    async def end(self, jobs: Sequence[int]) -> None:
        """Mark them failed; one that somebody else has ended meanwhile is left as it is."""
        for job in jobs:
            with suppress(ConnectorException):
                await self._jobs.finish_job_by_id_async(job, Status.FAILED, delete_job=False)

    async def forget(self) -> None:
        """Delete what ended a week ago; the table of visits keeps what matters."""
        await self._jobs.delete_old_jobs(
            nb_hours=168, include_failed=True, include_cancelled=True, include_aborted=True
        )


def visits_of(
    place: DatabaseAddress, visit: Work, pool: str, contexts: int, rules: Rules
) -> Callable[[], Awaitable[None]]:
    """What works through a pool's visits, so many at once, until it is cancelled; it then finishes those it has."""

    def app() -> App:
        made = _app(place, contexts)

        @made.task(name=VISIT, pass_context=True)
        async def _visit(context: JobContext, account: str, service: str) -> None:
            del service
            await visit(context.job.id or 0, account)

        return made

    return lambda: _working(app, queue_of(pool), contexts, rules)


def upkeep_of(place: DatabaseAddress, upkeep: Upkeep, rules: Rules) -> Callable[[], Awaitable[None]]:
    """What dispatches and reaps, until it is cancelled. Any number may run; one of them acts at a time."""

    def app() -> App:
        made = _app(place, 1)
        gone = JobsOfTheGone(made, rules)

        # Procrastinate's cron puts the seconds last. No `lock`: one whose worker died would keep out its finders.
        @made.periodic(cron=f"* * * * * */{rules.dispatch_s}", queue=UPKEEP, queueing_lock=UPKEEP)
        @made.task(name=UPKEEP, queue=UPKEEP, queueing_lock=UPKEEP)
        async def _upkeep(timestamp: int) -> None:
            del timestamp
            await upkeep(gone)

        return made

    return lambda: _working(app, UPKEEP, 1, rules)


def _app(place: DatabaseAddress, contexts: int) -> App:
    return App(connector=PsycopgConnector(conninfo=place.conninfo, min_size=1, max_size=contexts + _CONNECTIONS))


async def _working(app: Callable[[], App], queue: str, contexts: int, rules: Rules) -> None:
    """
    Work; where the database goes away, finish what was begun, wait, and begin anew.

    Anew means with another app: one whose pool could not be opened keeps that pool, closed for ever.
    """
    pause_s, clock = _FIRST_PAUSE_S, asyncio.get_running_loop().time
    while True:
        began = clock()
        try:
            async with app().open_async() as opened:
                await opened.run_worker_async(
                    queues=[queue],
                    concurrency=contexts,
                    install_signal_handlers=False,
                    delete_jobs=DeleteJobCondition.SUCCESSFUL,
                    fetch_job_polling_interval=min(5.0, rules.silent_s / 3),
                    update_heartbeat_interval=rules.heartbeat_s,
                    stalled_worker_timeout=rules.silent_s,
                )
        except (ConnectorException, psycopg.Error) as error:
            logger.warning("the fleet's database does not answer: {}", type(error.__cause__ or error).__name__)
        if clock() - began > 2 * _LONGEST_PAUSE_S:
            pause_s = _FIRST_PAUSE_S
        logger.info("working on {} again in {:g} s", queue, pause_s)
        await asyncio.sleep(pause_s)
        pause_s = min(pause_s * 2, _LONGEST_PAUSE_S)
