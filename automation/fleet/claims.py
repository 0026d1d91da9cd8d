"""
One visit in the tables: begun under a lease, and ended with evidence or with what went wrong.

Every moment is the database's. A visit that was given up as lost may still be ended by its worker: its evidence is
real, so it counts; but it no longer touches the turn of its account.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime
from secrets import token_hex
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg import Rollback

from automation.core.errors import FleetError
from automation.core.verdicts import ChallengeKind, Owner, Reason
from automation.storage.postgres import DatabaseAddress, PostgresHistory

if TYPE_CHECKING:
    from collections.abc import Callable

    from automation.core.results import Result, RunDocument
    from automation.fleet.store import StoredBundle


@dataclass(frozen=True, slots=True)
class Rules:
    """The usual ones; tests and trials run the same fleet faster."""

    visit_s: float = 600.0
    """The longest visit, its second try included; the worker itself ends it then."""
    upload_s: float = 300.0
    """How long a worker tries to bring evidence into the store before it leaves that for later."""
    heartbeat_s: float = 10.0
    """How often a worker says that it is there."""
    silent_s: float = 45.0
    """After how long without a word a worker counts as gone."""
    dispatch_s: int = 5
    """How often due accounts become jobs and lost ones are looked for; a divisor of 60."""
    cooling_s: tuple[float, ...] = (3600.0, 21_600.0)
    """Waits of an account after its first lost visit, its second …; one loss more, and it waits for a person."""
    complaint_s: float = 900.0
    """Wait of a service after it complained; doubled with each complaint in a row, up to `complaint_most_s`."""
    complaint_most_s: float = 21_600.0
    skew_s: float = 30.0
    """How far a worker's clock may be off; times in evidence come from it."""
    margin_s: float = 60.0
    """What a lease holds beside visit and upload."""
    pending_s: float = 60.0
    """How often a worker looks for evidence on its disk that was never committed."""

    @property
    def lease_s(self) -> float:
        """For how long an account belongs to one visit, whatever becomes of its worker."""
        return self.visit_s + self.upload_s + self.margin_s

    def burst(self, per_hour: float) -> int:
        """How many visits of a service may begin at once: what a few rounds of the dispatcher bring, at least two."""
        return max(2, math.ceil(per_hour / 3600 * self.dispatch_s * 3))


VISIT = "visit"
"""Name of the task that visits one account; its only arguments are the account's and the service's names."""
UPKEEP = "upkeep"
"""Queue of the dispatcher and the reaper: never behind visits."""


def queue_of(pool: str) -> str:
    """The queue of a pool's visits."""
    return f"visits.{pool}"


LOST = "lost"
"""What an account waits for whose visits end without evidence time and again."""


class ClockSkewed(FleetError):
    """This machine's clock is not to be trusted with evidence."""


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to visit one account, once."""

    account: str
    run: str
    """Id of the run that is to be made."""


def utc_now() -> datetime:
    """This machine's time."""
    return datetime.now(UTC)


def ahead_s(connection: psycopg.Connection[Any], now: Callable[[], datetime] = utc_now) -> float:
    """
    By how many seconds this machine's clock is ahead of the database's, at least; negative: behind.

    The answer's own way takes time, on a busy machine seconds: what that may explain counts as no difference.
    """
    before = now()
    row = connection.execute("SELECT clock_timestamp()").fetchone()
    after = now()
    assert row is not None  # noqa: S101 - the statement gives one row
    late, early = (before - row[0]).total_seconds(), (after - row[0]).total_seconds()
    return float(max(late, 0.0) or min(early, 0.0))


def require_true_clock(
    connection: psycopg.Connection[Any], rules: Rules, now: Callable[[], datetime] = utc_now
) -> float:
    """
    Refuse to go on with a clock that is wrong: what it says goes into the evidence. How far it is ahead.

    Raises ClockSkewed: by more than the rules allow.
    """
    ahead = ahead_s(connection, now)
    if abs(ahead) > rules.skew_s:
        side = "ahead of the database's" if ahead > 0 else "behind the database's"
        raise ClockSkewed(
            f"this machine's clock is {abs(ahead):.0f} s {side}",
            "Let NTP set both clocks, and start the worker again.",
        )
    return ahead


def claim(connection: psycopg.Connection[Any], job: int, account: str, worker: str, rules: Rules) -> Claim | None:
    """
    Take an account, and a token of its service, for one visit; None where it is not its turn after all.

    That is so where its service cools down or its budget is used up, where the account was taken out or a person is
    needed, or where another visit may still be under way. It stays due, and the dispatcher comes back to it.
    """
    with connection.transaction():
        leased = connection.execute(
            """
            UPDATE accounts a SET leased_until = now() + %(lease)s * interval '1 second'
            WHERE a.name = %(account)s AND a.leased_until <= now() AND a.waits_for IS NULL
              AND NOT EXISTS (SELECT FROM visits v WHERE v.account = a.name AND v.outcome IS NULL)
            RETURNING a.service, a.leased_until
            """,
            {"account": account, "lease": rules.lease_s},
        ).fetchone()
        if leased is None:
            return None
        service, leased_until = leased
        begins = connection.execute(
            """
            UPDATE services s SET tokens = tokens_now(s) - 1, filled_at = greatest(s.filled_at, clock_timestamp())
            WHERE s.name = %s AND s.cools_until <= now() AND tokens_now(s) >= 1 RETURNING s.filled_at
            """,
            (service,),
        ).fetchone()
        if begins is None:
            raise Rollback
        run = f"{begins[0]:%Y%m%dT%H%M%SZ}-{token_hex(6)}"
        connection.execute(
            "INSERT INTO visits (job, account, service, worker, run, started_at, leased_until)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s)",
            (job, account, service, worker, run, begins[0], leased_until),
        )
        return Claim(account, run)
    return None


def commit(
    connection: psycopg.Connection[Any],
    place: DatabaseAddress,
    run: str,
    document: RunDocument,
    stored: StoredBundle,
    rules: Rules,
) -> None:
    """
    End a visit with its evidence: history, visit and the account's next turn, all or none. Twice is once.

    Args:
        connection: of the fleet's database.
        place: which it is.
        run: the visit's run.
        document: its one result.
        stored: where the evidence lies; it is there already.
        rules: how long to wait after trouble.
    """
    (result,) = document.results
    with connection.transaction():
        PostgresHistory(place, connection).record(document)
        row = connection.execute(
            """
            UPDATE visits v SET finished_at = now(), outcome = 'done', verdict = %(verdict)s, reason = %(reason)s,
              evidence = %(evidence)s, evidence_sha256 = %(sha256)s, message = NULL
            FROM (SELECT id, outcome FROM visits WHERE run = %(run)s FOR UPDATE) before
            WHERE v.id = before.id AND before.outcome IS DISTINCT FROM 'done'
            RETURNING v.account, v.service, v.leased_until
            """,
            {
                "run": run,
                "verdict": result.verdict.value,
                "reason": result.reason.value if result.reason else None,
                "evidence": stored.url,
                "sha256": stored.sha256,
            },
        ).fetchone()
        if row is not None:
            _next_turn(connection, row, result, rules)
            _mind_service(connection, row[1], result, rules)


def fail(connection: psycopg.Connection[Any], run: str, message: str, rules: Rules, *, blameless: bool = False) -> None:
    """
    End a visit without evidence.

    Args:
        connection: of the fleet's database.
        run: the visit's run.
        message: what happened; it holds no secret.
        rules: how long to wait.
        blameless: the fault was the machine's; the account keeps its turn.
    """
    with connection.transaction():
        row = connection.execute(
            "UPDATE visits SET finished_at = now(), outcome = 'failed', message = %s"
            " WHERE run = %s AND outcome IS NULL RETURNING account, leased_until",
            (message[:2000], run),
        ).fetchone()
        if row is None:
            return
        connection.execute("UPDATE accounts SET leased_until = '-infinity' WHERE name = %s AND leased_until = %s", row)
        if not blameless:
            cool_account(connection, row[0], LOST, rules)


def cool_account(connection: psycopg.Connection[Any], account: str, waits_for: str, rules: Rules) -> None:
    """One loss more: the account waits, longer each time; after the last wait it is left to a person."""
    connection.execute(
        """
        UPDATE accounts SET losses = losses + 1,
          cools_until = now() + (%(waits)s::float8[])[least(losses + 1, cardinality(%(waits)s::float8[]))]
                                * interval '1 second',
          waits_for = CASE WHEN losses + 1 > cardinality(%(waits)s::float8[]) THEN %(for)s ELSE waits_for END
        WHERE name = %(account)s
        """,
        {"account": account, "waits": list(rules.cooling_s), "for": waits_for},
    )


def _next_turn(connection: psycopg.Connection[Any], row: tuple[Any, ...], result: Result, rules: Rules) -> None:
    """When the account is due again, at its usual hour; or for what it waits."""
    account, _, leased_until = row
    waits_for = result.reason.value if result.reason is not None and _needs_a_person(result) else None
    connection.execute(
        """
        UPDATE accounts SET leased_until = CASE WHEN leased_until = %(lease)s THEN '-infinity' ELSE leased_until END,
          due_at = CASE WHEN due_at > now() THEN due_at
            ELSE due_at + every * (floor(extract(epoch FROM now() - due_at) / extract(epoch FROM every)) + 1) END,
          waits_for = %(waits_for)s
        WHERE name = %(account)s
        """,
        {"account": account, "lease": leased_until, "waits_for": waits_for},
    )
    if result.reason is Reason.BROWSER_LOST:
        cool_account(connection, account, Reason.BROWSER_LOST.value, rules)
    else:
        connection.execute("UPDATE accounts SET losses = 0, cools_until = '-infinity' WHERE name = %s", (account,))


def _needs_a_person(result: Result) -> bool:
    """Whether the next visit would only meet the same again. A service that wants a pause gets one instead."""
    if result.reason is None or result.reason is Reason.RATE_LIMITED:
        return False
    return result.reason.owner is Owner.ACCOUNT_HOLDER or result.guard_stopped_it


def _complains(result: Result) -> bool:
    return result.reason is Reason.RATE_LIMITED or result.challenge is ChallengeKind.AUTOMATED


def _mind_service(connection: psycopg.Connection[Any], service: str, result: Result, rules: Rules) -> None:
    """Pay for a second try, and leave the service alone for a while where it complained."""
    if result.attempts > 1:
        connection.execute("UPDATE services SET tokens = tokens - %s WHERE name = %s", (result.attempts - 1, service))
    if _complains(result):
        connection.execute(
            """
            UPDATE services SET complaints = complaints + 1,
              cools_until = now() + least(%(most)s, %(first)s * 2.0 ^ least(complaints, 20)) * interval '1 second'
            WHERE name = %(service)s
            """,
            {"service": service, "first": rules.complaint_s, "most": rules.complaint_most_s},
        )
    elif result.verdict.is_answer:
        connection.execute("UPDATE services SET complaints = 0 WHERE name = %s AND complaints > 0", (service,))
