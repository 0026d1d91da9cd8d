"""
From due accounts to jobs, within the budget of each service. One transaction: killed anywhere, it has not happened.

A bucket holds at most `burst` tokens, those of jobs that still wait in the queue counted in. So in any stretch of time
at most `burst + per_hour × hours` visits of a service begin, even after the workers were away.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from automation.fleet.rules import VISIT, Rules, queue_of

if TYPE_CHECKING:
    import psycopg

    from automation.fleet.queue import Queue

_ONE_AT_A_TIME = 0x54454D50
"""Key of a lock that ends with its transaction, so a dispatcher that was killed keeps nobody away."""

_REFILL = """
WITH waiting AS (
  SELECT args ->> 'service' AS service, count(*) AS jobs FROM procrastinate_jobs
  WHERE status = 'todo' AND task_name = %(task)s GROUP BY 1
)
UPDATE services s
SET tokens = least(s.burst - coalesce((SELECT jobs FROM waiting w WHERE w.service = s.name), 0),
                   s.tokens + s.per_hour / 3600 * extract(epoch FROM now() - s.filled_at)),
    filled_at = now()
WHERE now() >= s.filled_at
"""

_DUE = """
SELECT a.name, s.name, a.pool
FROM services s
CROSS JOIN LATERAL (
  SELECT a.name, a.pool FROM accounts a
  WHERE a.service = s.name AND a.waits_for IS NULL
    AND a.due_at <= now() AND a.cools_until <= now() AND a.leased_until <= now()
    AND EXISTS (SELECT FROM workers w WHERE w.pool = a.pool AND w.seen_at > now() - %(silent)s * interval '1 second')
    AND NOT EXISTS (SELECT FROM procrastinate_jobs j WHERE j.queueing_lock = a.name AND j.status = 'todo')
    AND NOT EXISTS (SELECT FROM procrastinate_jobs j WHERE j.lock = a.name AND j.status = 'doing')
  ORDER BY a.due_at, a.name
  LIMIT greatest(floor(s.tokens), 0)::bigint
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
        connection.execute(_REFILL, {"task": VISIT})
        due = connection.execute(_DUE, {"silent": rules.silent_s}).fetchall()
        if due:
            queue.defer(connection, [(account, service, queue_of(pool)) for account, service, pool in due])
            connection.execute(
                "UPDATE services s SET tokens = tokens - due.jobs"
                " FROM (SELECT service, count(*) AS jobs FROM unnest(%s::text[]) AS service GROUP BY 1) due"
                " WHERE s.name = due.service",
                ([service for _, service, _ in due],),
            )
        return len(due)
