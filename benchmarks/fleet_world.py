"""What happens to a fleet in a simulated month: visits that end in every way, machines that die, people who help."""

from __future__ import annotations

import heapq
import itertools
import time
from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from procrastinate.sql import queries

from automation.core.verdicts import ChallengeKind, Reason, Verdict
from automation.fleet import claims
from automation.fleet.claims import Claim, queue_of
from automation.fleet.enrolling import release
from automation.fleet.queue import Queue
from automation.fleet.store import StoredBundle
from automation.fleet.upkeep import dispatch, reap
from benchmarks.fleet_assumptions import (
    DAY_S,
    ENDS,
    FAILS,
    MACHINE_AWAY_S,
    MACHINE_LIVES_S,
    PERSON_S,
    SEALED,
    SUSPICION,
    Counts,
    Given,
)
from tests.builders import a_document, a_result

if TYPE_CHECKING:
    from collections.abc import Callable

    from automation.fleet.claims import Rules
    from benchmarks.virtual_database import VirtualDatabase

_POOL = "main"
_BASE = {verdict: a_result("a", verdict) for verdict in (Verdict.OBJECTED, Verdict.PENDING, Verdict.NOT_OBJECTED)}
_DIGEST = "0" * 64


@dataclass
class _Machine:
    name: str
    alive: bool = True
    visits: dict[int, Claim] = field(default_factory=dict)
    """Job → the visit that it makes."""


class Month:
    """
    The fleet and its world; each thing that happens is an event at a virtual moment.

    Args:
        database: holds the fleet.
        rules: of the fleet.
        given: how large it is, and for how long it is watched.
    """

    def __init__(self, database: VirtualDatabase, rules: Rules, given: Given) -> None:
        self._database, self._rules, self._given, self._random = database, rules, given, given.random
        self._queue = Queue(database.place)
        self._machines = [_Machine(f"worker-{number:02d}") for number in range(given.workers)]
        self._events: list[tuple[float, int, Callable[[], None]]] = []
        self._numbers = itertools.count()
        self._gone: dict[int, float] = {}
        """Jobs of machines that died, and when the machine was last heard of."""
        self._at: dict[str, str] = {}
        """Account → run of the visit that is under way, as the machines know it."""
        self._helped: set[str] = set()
        self._todo = 0
        self._ends_s = 0.0
        self.days = 0.0
        """How many were played."""
        self.counts = Counts()
        self.busy_s: defaultdict[int, float] = defaultdict(float)
        """Visits side by side → for how many seconds there were so many, until the month was over."""
        self.overdue_s: list[float] = []
        """For how long the account has waited that has waited longest, every hour."""
        self.at_once: list[str] = []
        """Accounts at which two visits were at the same time."""

    def play(self, *, print_day: bool = False) -> None:
        """Let it all happen, until the month is over and what was begun has ended."""
        start = self._database.now_s
        self._ends_s = start + self._given.days * DAY_S
        until = time.monotonic() + self._given.at_most_s
        self._later(0.0, self._round)
        self._later(3600.0, self._hour)
        for machine in self._machines:
            self._later(self._random.expovariate(1 / MACHINE_LIVES_S), lambda one=machine: self._die(one))
        day = 1
        while self._events:
            at, _, happen = heapq.heappop(self._events)
            if print_day and at >= start + day * DAY_S:
                print(f"day {day:3}: {self.counts.begun:,} visits", flush=True)
                day += 1
            if not self._over:
                self.busy_s[self._visiting] += max(0.0, at - self._database.now_s)
            self._database.set_clock(max(at, self._database.now_s))
            happen()
            if time.monotonic() > until and not self._over:
                self._ends_s = self._database.now_s
        self.days = (self._ends_s - start) / DAY_S

    def _later(self, seconds: float, happen: Callable[[], None]) -> None:
        heapq.heappush(self._events, (self._database.now_s + seconds, next(self._numbers), happen))

    @property
    def _visiting(self) -> int:
        return sum(len(machine.visits) for machine in self._machines)

    @property
    def _over(self) -> bool:
        return self._database.now_s >= self._ends_s

    # -- upkeep ---------------------------------------------------------------------------------------------

    def _round(self) -> None:
        """What the upkeep does, and what the workers say of themselves meanwhile."""
        connection = self._database.connection
        for machine in self._machines:
            if machine.alive:
                connection.execute(
                    "INSERT INTO workers (name, pool, contexts, version, ahead_s) VALUES (%s, %s, %s, '0', 0)"
                    " ON CONFLICT (name) DO UPDATE SET seen_at = now(), ahead_s = EXCLUDED.ahead_s",
                    (machine.name, _POOL, self._given.contexts),
                )
        silent = [job for job, seen in self._gone.items() if self._database.now_s - seen >= self._rules.silent_s]
        reaped = reap(connection, self._queue, silent, self._rules)
        self.counts.ended["lost"] += len(reaped.lost)
        self._todo -= reaped.taken_back
        for job in reaped.jobs:
            self._gone.pop(job, None)
            self._finish(job, "failed", delete=False)
        if not self._over:
            self._todo += dispatch(connection, self._queue, self._rules)
        self._work()
        if not self._over or self._gone or self._visiting:
            self._later(self._rules.dispatch_s, self._round)

    def _hour(self) -> None:
        """How far behind the fleet is, and who waits for a person."""
        ((late,),) = self._database.ask(
            "SELECT /* world */ coalesce(max(extract(epoch FROM now() - due_at)), 0)::float8 FROM accounts"
            " WHERE waits_for IS NULL AND cools_until <= now() AND leased_until <= now() AND due_at <= now()"
        )
        self.overdue_s.append(late)
        for (account,) in self._database.ask("SELECT /* world */ name FROM accounts WHERE waits_for IS NOT NULL"):
            if account not in self._helped:
                self._helped.add(account)
                self.counts.waited += 1
                self._later(self._random.uniform(0, 2 * PERSON_S), lambda name=account: self._help(name))
        if int(self._database.now_s / 3600) % 168 == 0:
            statuses = ["succeeded", "failed", "cancelled", "aborted"]
            self._database.connection.execute(
                queries["delete_old_jobs"], {"statuses": statuses, "queue": None, "nb_hours": 168}
            )
        if not self._over:
            self._later(3600.0, self._hour)

    def _help(self, account: str) -> None:
        self._helped.discard(account)
        release(self._database.connection, [account])

    # -- visits ---------------------------------------------------------------------------------------------

    def _work(self) -> None:
        """Every free place takes a job, as long as there are any."""
        while self._todo > 0:
            free = [one for one in self._machines if one.alive and len(one.visits) < self._given.contexts]
            if not free:
                return
            self._take(min(free, key=lambda one: len(one.visits)))

    def _take(self, machine: _Machine) -> None:
        connection = self._database.connection
        row = connection.execute(queries["fetch_job"], {"queues": [queue_of(_POOL)], "worker_id": None}).fetchone()
        self._todo -= 1
        if row is None or row[0] is None:
            self._todo = 0
            return
        job, account = row[0], row[6]["account"]
        claim = claims.claim(connection, job, account, machine.name, self._rules)
        if claim is None:
            self.counts.ended["not its turn"] += 1
            self._finish(job, "succeeded", delete=True)
            return
        if account in self._at:
            self.at_once.append(account)
        self._at[account] = claim.run
        self.counts.begun += 1
        machine.visits[job] = claim
        attempts = 2 if self._random.random() < 0.01 else 1
        takes_s = attempts * min(self._random.lognormvariate(3.3, 0.5), 240.0) + 2.0
        self._later(takes_s, lambda: self._end(machine, job, attempts))

    def _end(self, machine: _Machine, job: int, attempts: int) -> None:
        claim = machine.visits.pop(job, None)
        if claim is None:
            return  # the machine died meanwhile
        self._leave(claim)
        if self._random.random() < FAILS:
            claims.fail(self._database.connection, claim.run, "internal fault: OSError", self._rules)
            self.counts.ended["failed"] += 1
            self._finish(job, "failed", delete=False)
        else:
            self._commit(claim, attempts)
            self._finish(job, "succeeded", delete=True)
        self._work()

    def _commit(self, claim: Claim, attempts: int = 1) -> None:
        number = int(claim.account.rpartition("-")[2])
        result, drawn = _BASE[list(_BASE)[number % len(_BASE)]], self._random.random()
        for share, reason in ENDS:
            drawn -= share
            if drawn < 0:
                suspects = reason is Reason.CHALLENGE and self._random.random() < SUSPICION
                result = replace(
                    result, verdict=reason.verdict, reason=reason, form=None, because=reason.value,
                    challenge=ChallengeKind.AUTOMATED if suspects else None,
                )  # fmt: skip
                break
        moment = datetime.fromtimestamp(self._database.now_s, UTC)
        result = replace(
            result, account=claim.account, subject=f"{number:064x}", attempts=attempts, started_at=moment,
            finished_at=moment,
        )  # fmt: skip
        stored = StoredBundle(f"s3://evidence/temoin/ledger-0/{claim.run}/{claim.account}.tar", _DIGEST)
        document = a_document(result, id=claim.run)
        claims.commit(self._database.connection, self._database.place, claim.run, document, stored, self._rules)
        self.counts.ended[result.reason.value if result.reason else "answered"] += 1

    def _leave(self, claim: Claim) -> None:
        if self._at.get(claim.account) == claim.run:
            del self._at[claim.account]

    def _finish(self, job: int, how: str, *, delete: bool) -> None:
        self._database.connection.execute(queries["finish_job"], {"job_id": job, "status": how, "delete_job": delete})

    # -- machines -------------------------------------------------------------------------------------------

    def _die(self, machine: _Machine) -> None:
        """A machine stops in its tracks; some of its visits had been sealed, and are brought in when it is back."""
        if self._over:
            return
        self.counts.deaths += 1
        machine.alive = False
        for job, claim in machine.visits.items():
            self._gone[job] = self._database.now_s
            self._leave(claim)
            if self._random.random() < SEALED:
                self._later(MACHINE_AWAY_S + 60.0, lambda one=claim: self._commit(one))
        machine.visits.clear()
        self._later(MACHINE_AWAY_S, lambda: self._come_back(machine))

    def _come_back(self, machine: _Machine) -> None:
        machine.alive = True
        self._later(self._random.expovariate(1 / MACHINE_LIVES_S), lambda: self._die(machine))

    # -- what must hold -------------------------------------------------------------------------------------

    def broken_promises(self, budgets: dict[str, float]) -> list[str]:
        """Every promise of the fleet that the month broke."""
        ask = self._database.ask
        wrong = [f"two visits at once: {account}" for account in self.at_once]
        ((visits,),) = ask("SELECT count(*) FROM visits WHERE outcome IS NULL")
        ((jobs,),) = ask("SELECT count(*) FROM procrastinate_jobs WHERE status = 'doing'")
        wrong += [f"{visits} visits and {jobs} jobs were left open"] if visits or jobs else []
        wrong += [text for service in budgets if (text := self._over_budget(service, budgets[service]))]
        ((forgotten,),) = ask(
            "SELECT count(*) FROM accounts a WHERE a.waits_for IS NULL AND a.due_at < to_timestamp(%s) - a.every"
            " AND NOT EXISTS (SELECT FROM visits v WHERE v.account = a.name)",
            self._ends_s,
        )
        return wrong + ([f"{forgotten} accounts were never visited"] if forgotten else [])

    def _over_budget(self, service: str, per_hour: float) -> str:
        """In which way more visits began, in some stretch of time, than the budget allows; empty where none did."""
        rows = self._database.ask(
            "SELECT extract(epoch FROM started_at)::float8 FROM visits WHERE service = %s ORDER BY started_at", service
        )
        lowest, most = float("inf"), 0.0
        for number, (moment,) in enumerate(rows):
            saved = number - per_hour / 3600 * (moment - rows[0][0])
            lowest = min(lowest, saved)
            most = max(most, saved - lowest + 1)
        allowed = self._rules.burst(per_hour)
        print(f"{service}: at most {most:.1f} visits above the rate, {allowed} allowed")
        return f"{service}: {most:.1f} visits above the rate, {allowed} allowed" if most > allowed + 0.01 else ""
