"""
From due accounts to jobs, as many as the budget of each service has room for.

One transaction: killed anywhere, it has not happened. Jobs that still wait count against what is saved up, so a queue
never holds more of a service than may begin at once; the token itself is taken when a visit begins (`claims`).
"""

from __future__ import annotations

from typing import Any

import psycopg

from automation.fleet.queue import Queue
from automation.fleet.rules import VISIT, Rules, queue_of

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
