"""Where a fleet stands: who works, what is due, what was lost, and for whom a person is needed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from automation.fleet.claims import VISIT, Rules

if TYPE_CHECKING:
    import psycopg

SCHEMA = "temoin.fleet/1"


@dataclass(frozen=True, slots=True)
class ServiceStatus:
    """One service."""

    name: str
    accounts: int
    due: int
    """Whose turn it is, and who is neither queued nor visited yet."""
    overdue_s: float
    """For how long the one waits that has waited longest; 0 where none is due."""
    queued: int
    visiting: int
    cooling: int
    waiting_for_a_person: int
    per_hour: float
    begun_last_hour: int
    cools_until: datetime | None
    """While the service is left alone."""


@dataclass(frozen=True, slots=True)
class WorkerStatus:
    """One worker that said something in the last day."""

    name: str
    pool: str | None
    """None: upkeep only."""
    contexts: int
    version: str
    ahead_s: float
    seen_s: float
    """Seconds since it was heard of."""
    silent: bool
    """Whether it counts as gone."""


@dataclass(frozen=True, slots=True)
class WaitingAccount:
    """An account for which a person must do something first."""

    account: str
    service: str
    waits_for: str
    """A reason as results spell it, or `lost`: its visits end without evidence time and again."""


@dataclass(frozen=True, slots=True)
class FleetStatus:
    """All of it."""

    services: tuple[ServiceStatus, ...]
    workers: tuple[WorkerStatus, ...]
    waiting: tuple[WaitingAccount, ...]
    done: int
    """Visits of the last 24 hours that ended with their evidence in the store."""
    failed: int
    lost: int
    schema: str = SCHEMA


def status(connection: psycopg.Connection[Any], rules: Rules | None = None) -> FleetStatus:
    """Read it, as of one moment."""
    with connection.transaction():
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        outcomes = dict(
            connection.execute(
                "SELECT outcome, count(*) FROM visits WHERE finished_at > now() - interval '1 day' GROUP BY outcome"
            ).fetchall()
        )
        workers = connection.execute(
            "SELECT name, pool, contexts, version, ahead_s, extract(epoch FROM now() - seen_at)::float8,"
            " seen_at <= now() - %s * interval '1 second' FROM workers ORDER BY pool NULLS LAST, name",
            ((rules or Rules()).silent_s,),
        )
        waiting = connection.execute(
            "SELECT name, service, waits_for FROM accounts WHERE waits_for IS NOT NULL ORDER BY waits_for, name"
        )
        return FleetStatus(
            services=tuple(ServiceStatus(*row) for row in connection.execute(_SERVICES, {"task": VISIT})),
            workers=tuple(WorkerStatus(*row) for row in workers),
            waiting=tuple(WaitingAccount(*row) for row in waiting),
            done=outcomes.get("done", 0),
            failed=outcomes.get("failed", 0),
            lost=outcomes.get("lost", 0),
        )


_SERVICES = """
SELECT s.name,
  count(a.name),
  count(a.name) FILTER (WHERE t.is_due),
  coalesce(max(extract(epoch FROM now() - a.due_at)) FILTER (WHERE t.is_due), 0)::float8,
  count(a.name) FILTER (WHERE t.job = 'todo'),
  count(a.name) FILTER (WHERE t.job = 'doing'),
  count(a.name) FILTER (WHERE a.cools_until > now() AND a.waits_for IS NULL),
  count(a.waits_for),
  s.per_hour,
  (SELECT count(*) FROM visits v WHERE v.service = s.name AND v.started_at > now() - interval '1 hour'),
  CASE WHEN s.cools_until > now() THEN s.cools_until END
FROM services s
LEFT JOIN accounts a ON a.service = s.name
LEFT JOIN (
  SELECT lock, CASE WHEN bool_or(status = 'doing') THEN 'doing' ELSE 'todo' END AS job FROM procrastinate_jobs
  WHERE task_name = %(task)s AND status IN ('todo', 'doing') GROUP BY lock
) q ON q.lock = a.name
LEFT JOIN LATERAL (
  SELECT q.job, a.due_at <= now() AND a.waits_for IS NULL AND a.cools_until <= now() AND q.job IS NULL AS is_due
) t ON true
GROUP BY s.name ORDER BY s.name
"""
