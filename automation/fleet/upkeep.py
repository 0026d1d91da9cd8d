"""
What keeps a fleet going: due accounts become jobs, and what was lost is found.

Handing out is one transaction: killed anywhere, it has not happened. Jobs that still wait count against what is saved
up, so a queue never holds more of a service than may begin at once; the token itself is taken when a visit begins
(`claims`). Lost are jobs whose worker died, visits that nobody ends, and jobs for workers that never came.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from automation.fleet.claims import LOST, VISIT, Rules, cool_account, queue_of

if TYPE_CHECKING:
    from collections.abc import Collection

    import psycopg

    from automation.fleet.queue import Queue

_ONE_AT_A_TIME = 0x54454D50
"""Key of a lock that ends with its transaction, so a dispatcher that was killed keeps nobody away."""

_DUE = """
SELECT a.name, s.name, a.pool
FROM services s
CROSS JOIN LATERAL (
  SELECT count(*) AS jobs FROM procrastinate_jobs
  WHERE status = 'todo' AND task_name = %(task)s AND args ->> 'service' = s.name
) waiting
CROSS JOIN LATERAL (
  SELECT a.name, a.pool FROM accounts a
  WHERE a.service = s.name AND a.waits_for IS NULL
    AND a.due_at <= now() AND a.cools_until <= now() AND a.leased_until <= now()
    AND EXISTS (SELECT FROM workers w WHERE w.pool = a.pool AND w.seen_at > now() - %(silent)s * interval '1 second')
    AND NOT EXISTS (SELECT FROM procrastinate_jobs j WHERE j.queueing_lock = a.name AND j.status = 'todo')
    AND NOT EXISTS (SELECT FROM procrastinate_jobs j WHERE j.lock = a.name AND j.status = 'doing')
  ORDER BY a.due_at, a.name
  LIMIT greatest(floor(tokens_now(s)) - waiting.jobs, 0)::bigint
) a
WHERE s.cools_until <= now()
"""


def dispatch(connection: psycopg.Connection[Any], queue: Queue, rules: Rules) -> int:
    """
    Queue a job for each account whose turn it is; how many.

    Only accounts that some living worker can visit are queued: jobs for nobody would use up the budget.
    """
    with connection.transaction():
        if connection.execute("SELECT pg_try_advisory_xact_lock(%s)", (_ONE_AT_A_TIME,)).fetchone() == (False,):
            return 0
        due = connection.execute(_DUE, {"task": VISIT, "silent": rules.silent_s}).fetchall()
        if due:
            queue.defer(connection, [(account, service, queue_of(pool)) for account, service, pool in due])
        return len(due)


_GONE = "the worker went silent before it had ended the visit"
_STUCK = "the worker did not end the visit in time"


@dataclass(frozen=True, slots=True)
class Reaped:
    """What was found."""

    lost: tuple[str, ...]
    """Accounts whose visit is given up; each cools down."""
    jobs: tuple[int, ...]
    """Jobs that are still marked as running and are not."""
    taken_back: int
    """Waiting jobs of pools without a worker."""


def reap(connection: psycopg.Connection[Any], queue: Queue, gone: Collection[int], rules: Rules) -> Reaped:
    """
    Give up what nobody will end.

    The lease of a lost visit stays: its worker may only have lost the database, and be at the account still. It ends
    before the lease does.

    Args:
        connection: of the fleet's database.
        queue: takes waiting jobs back.
        gone: jobs whose worker went silent.
        rules: how long to wait.
    """
    with connection.transaction():
        lost = connection.execute(
            """
            UPDATE visits SET finished_at = now(), outcome = 'lost',
              message = CASE WHEN job = ANY(%(gone)s) THEN %(silent)s ELSE %(stuck)s END
            WHERE outcome IS NULL AND (job = ANY(%(gone)s) OR leased_until <= now())
            RETURNING account
            """,
            {"gone": list(gone), "silent": _GONE, "stuck": _STUCK},
        ).fetchall()
        for (account,) in lost:
            cool_account(connection, account, LOST, rules)
        connection.execute("DELETE FROM workers WHERE seen_at < now() - interval '1 day'")
        return Reaped(
            tuple(account for (account,) in lost),
            tuple({*gone, *_ended_elsewhere(connection, rules)}),
            _take_back(connection, queue, rules),
        )


def _ended_elsewhere(connection: psycopg.Connection[Any], rules: Rules) -> list[int]:
    """
    Jobs that run according to the queue, and do not according to the visits.

    The worker lives, but could not say that the job ended, or that it began; the queue alone would wait for ever.
    """
    found = connection.execute(
        """
        SELECT j.id FROM procrastinate_jobs j
        LEFT JOIN visits v ON v.job = j.id
        WHERE j.status = 'doing' AND j.task_name = %(task)s
          AND CASE WHEN v.id IS NOT NULL THEN v.finished_at < now() - %(silent)s * interval '1 second'
              ELSE (SELECT max(at) FROM procrastinate_events e WHERE e.job_id = j.id AND e.type = 'started')
                   < now() - 2 * %(silent)s * interval '1 second' END
        """,
        {"task": VISIT, "silent": rules.silent_s},
    )
    return [job for (job,) in found]


def _take_back(connection: psycopg.Connection[Any], queue: Queue, rules: Rules) -> int:
    """Waiting jobs count against their service's budget; those of a pool that has no worker left would block it."""
    found = connection.execute(
        """
        SELECT j.id FROM procrastinate_jobs j
        WHERE j.status = 'todo' AND j.task_name = %(task)s AND NOT EXISTS (
          SELECT FROM workers w WHERE 'visits.' || w.pool = j.queue_name
            AND w.seen_at > now() - 4 * %(silent)s * interval '1 second')
        """,
        {"task": VISIT, "silent": rules.silent_s},
    ).fetchall()
    return sum(queue.cancel(connection, job) for (job,) in found)
