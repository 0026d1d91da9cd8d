"""
A fleet in trouble: what must hold while workers, the dispatcher, PostgreSQL and the evidence store are killed or away.

Thousands of accounts of two services with budgets, several worker processes with several visits side by side, a real
PostgreSQL, and S3 as moto's server plays it. A visit takes a moment and seals a real bundle; with `--real N`, N more
accounts are visited for real: browser, guard, and the stand-ins of Facebook and Instagram.

Meanwhile: `kill -9` of two workers and of the dispatcher, PostgreSQL stopped and started, the store refusing for a
minute, and one worker stopped in its tracks until everybody thinks that it is dead.

Fails where two visits were at one account at once, a budget was exceeded, a lost visit or job was not found, a visit
is done without its evidence, an account was forgotten, or sealed evidence is in no store.

Run: python -m benchmarks.fleet [--accounts 3000] [--workers 4] [--contexts 8] [--real 200] [--calm]
"""

from __future__ import annotations

import argparse
import json
import signal
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from contextlib import contextmanager
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg

from automation.core.errors import FleetError
from automation.evidence.formats.signed import sha256
from automation.fleet.enrolling import Enrolment, enroll
from automation.fleet.status import status
from automation.storage.postgres import PostgresHistory, connect
from benchmarks.fleet_real import StandIns
from benchmarks.fleet_worker import REAL_RULES, RULES, Machine
from tests import postgres
from tests.builders import an_account
from tests.fleet.stores import Bucket, a_bucket

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from automation.core.accounts import Account

STUB = {"facebook": 30_000.0, "instagram": 12_000.0}
"""Visits an hour of the accounts that are only played; high, so that the trial ends today."""
_DAY = timedelta(days=365)
_PATIENCE_S = 3600.0


class Trial:
    """The parts, and what was done to them."""

    def __init__(self, server: postgres.Postgres, bucket: Bucket, folder: Path, given: argparse.Namespace) -> None:
        self.server, self.bucket, self.folder, self.given = server, bucket, folder, given
        self.place = server.migrated()
        self.told = folder / "told"
        self.told.touch()
        self.began = time.monotonic()
        self.killed: dict[int, float] = {}
        """Process → when it was killed."""
        self.machines = [self.machine(f"machine-{number}") for number in range(given.workers)]
        self.dispatchers = [self.machine(f"dispatcher-{number}", visits=False) for number in range(2)]

    def machine(self, name: str, **changes: Any) -> Machine:
        """A machine of the fleet, with its own evidence folder; its process is not started yet."""
        arguments = {
            "url": self.place.url,
            "store": f"s3://{self.bucket.name}/fleet",
            "told": str(self.told),
            "contexts": self.given.contexts,
            "visits": True,
            "slow": bool(self.given.slow),
            **changes,
        }
        return Machine(name, self.folder / name, arguments, self.bucket.environment)

    def say(self, text: str) -> None:
        """One line with the time."""
        print(f"{time.monotonic() - self.began:7.1f} s  {text}", flush=True)

    def done(self) -> int:
        """How many accounts are done; one that was lost and brought in later may have been visited twice."""
        return int(self.ask("SELECT count(DISTINCT account) FROM visits WHERE outcome = 'done'")[0][0])

    def ask(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """Rows of a query."""
        with connect(self.place) as connection:
            return connection.execute(statement, values).fetchall()

    def kill(self, machine: Machine) -> None:
        """`kill -9`, and start it again a moment later."""
        self.killed[machine.kill()] = time.monotonic()
        self.say(f"kill -9 {machine.name}")
        time.sleep(3)
        machine.start()


def trouble(trial: Trial) -> list[tuple[float, Callable[[], None]]]:
    """What happens, each at a share of the accounts that are done."""
    first, second, last = trial.machines[0], trial.machines[1], trial.machines[-1]

    def restart() -> None:
        trial.server.stop()
        trial.say("PostgreSQL is stopped")
        time.sleep(4)
        trial.server.start()
        trial.say("PostgreSQL is back")

    def refuse() -> None:
        trial.bucket.refuse()
        trial.say("the store refuses")
        time.sleep(60)
        trial.bucket.admit()
        trial.say("the store is back")

    def freeze() -> None:
        last.send(signal.SIGSTOP)
        trial.say(f"{last.name} is frozen")
        time.sleep(RULES.silent_s * 2)
        last.send(signal.SIGCONT)
        trial.say(f"{last.name} goes on, and was thought dead")

    return [
        (0.10, lambda: trial.kill(first)),
        (0.20, lambda: trial.kill(trial.dispatchers[0])),
        (0.30, restart),
        (0.45, refuse),
        (0.65, freeze),
        (0.80, lambda: trial.kill(second)),
    ]


@contextmanager
def parts(given: argparse.Namespace) -> Iterator[Trial]:
    """Database, store and folders; all of it ends with the block."""
    with (
        tempfile.TemporaryDirectory(prefix="temoin-fleet-") as name,
        postgres.running() as server,
        a_bucket() as bucket,
    ):
        trial = Trial(server, bucket, Path(name), given)
        machines = [*trial.machines, *trial.dispatchers]
        try:
            yield trial
        finally:
            for machine in machines:
                machine.end()


def work_through(trial: Trial, accounts: list[Account], budgets: dict[str, float]) -> float:
    """Hand the accounts over, let things happen, and wait until each is done; the seconds that it took."""
    with connect(trial.place) as connection:
        enroll(connection, accounts, Enrolment(_DAY), budgets, RULES)
    for machine in (*trial.machines, *trial.dispatchers):
        machine.start()
    before, began, happening = trial.done(), time.monotonic(), [] if trial.given.calm else trouble(trial)
    acting: threading.Thread | None = None
    shown = 0
    while (done := _done(trial, before)) < len(accounts) or (acting and acting.is_alive()):
        if time.monotonic() - began > _PATIENCE_S:
            raise SystemExit(f"only {done} of {len(accounts)} accounts were done in time")
        if done >= shown + max(1, len(accounts) // 10):
            shown = done
            trial.say(f"{done} done")
        if happening and done >= happening[0][0] * len(accounts) and not (acting and acting.is_alive()):
            acting = threading.Thread(target=happening.pop(0)[1])
            acting.start()
        for machine in (*trial.machines, *trial.dispatchers):
            if machine.look_after():
                trial.say(f"{machine.name} ended by itself and was started again")
        time.sleep(0.5)
    return time.monotonic() - began


def _done(trial: Trial, before: int) -> int:
    try:
        return trial.done() - before
    except (FleetError, psycopg.Error):  # away for a moment: that is part of the trial
        return 0


def wait_for_rest(trial: Trial) -> None:
    """Leave the fleet some time to find what is still lost and to bring in what is still on disks."""
    until = time.monotonic() + 2 * (REAL_RULES if trial.given.slow else RULES).lease_s
    while time.monotonic() < until and (open_ends(trial) or any(machine.on_disk() for machine in trial.machines)):
        time.sleep(1)


def open_ends(trial: Trial) -> list[str]:
    """Visits and jobs that nobody has ended."""
    visits = [f"visit of {name}" for (name,) in trial.ask("SELECT account FROM visits WHERE outcome IS NULL")]
    jobs = trial.ask("SELECT lock FROM procrastinate_jobs WHERE status = 'doing' AND task_name = 'visit'")
    return visits + [f"job of {name}" for (name,) in jobs]


def at_once(trial: Trial) -> list[str]:
    """Accounts at which two visits were at the same time, as the processes told it; a killed one's ended with it."""
    begun: dict[str, tuple[str, int, float]] = {}
    visits: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for line in trial.told.read_text().splitlines():
        what, account, run, process, moment = line.split()
        if what == "begin":
            begun[run] = account, int(process), float(moment)
        else:
            visits[account].append((begun.pop(run)[2], float(moment)))
    for account, process, moment in begun.values():
        visits[account].append((moment, trial.killed.get(process, float("inf"))))
    found = []
    for account, intervals in visits.items():
        intervals.sort()
        found += [account for (_, end), (start, _) in pairwise(intervals) if start < end]
    return found


def over_budget(trial: Trial, budgets: dict[str, float]) -> list[str]:
    """Services of which, in some stretch of time, more visits began than its budget allows."""
    found = []
    for service, per_hour in budgets.items():
        rows = trial.ask(
            "SELECT extract(epoch FROM started_at)::float8 FROM visits WHERE service = %s ORDER BY started_at", service
        )
        lowest, most = float("inf"), 0.0
        for number, (moment,) in enumerate(rows):
            saved = number - per_hour / 3600 * (moment - rows[0][0])
            lowest = min(lowest, saved)
            most = max(most, saved - lowest + 1)
        allowed = RULES.burst(per_hour)
        print(f"           {service}: {len(rows)} visits began; at most {most:.1f} above the rate, {allowed} allowed")
        if most > allowed + 0.01:
            found.append(f"{service}: {most:.1f} visits above the rate, {allowed} allowed")
    return found


def without_evidence(trial: Trial) -> list[str]:
    """Visits that are done and whose evidence is not in the store as it was, or not in the history."""
    rows = trial.ask("SELECT run, account, evidence, evidence_sha256 FROM visits WHERE outcome = 'done'")
    there = trial.bucket.objects()  # after the visits: one that ends meanwhile must not look as if it had none
    objects = {key: sha256(data) for key, data in there.items()}
    sizes = [len(data) for key, data in there.items() if key.endswith(".tar")]
    print(f"           {len(sizes)} bundles in the store, {sum(sizes) / len(sizes) / 1000:.0f} kB each")
    prefix = f"s3://{trial.bucket.name}/"
    found = [run for run, _, url, digest in rows if objects.get(url.removeprefix(prefix)) != digest]
    with PostgresHistory(trial.place) as history:
        known = {(entry.account, entry.change.now.run) for entry in history.latest()}
        known |= {
            (account, run)
            for account, run in trial.ask("SELECT s.account, r.run FROM results r JOIN series s ON s.id = r.series")
        }
    return found + [f"{run} is not in the history" for run, account, *_ in rows if (account, run) not in known]


def not_in_store(trial: Trial) -> list[str]:
    """Bundles that a ledger has and the store does not: sealed evidence that was lost."""
    stored = {Path(key).name for key in trial.bucket.objects() if key.endswith(".tar")}
    found = []
    for machine in trial.machines:
        lines = machine.ledger.read_text().splitlines() if machine.ledger.exists() else []
        bundles = [json.loads(line)["bundle"] for line in lines]
        found += [bundle for bundle in bundles if f"{Path(bundle).name}.tar" not in stored]
    return found


def report(trial: Trial, accounts: list[Account], budgets: dict[str, float]) -> list[str]:
    """Every promise that was broken."""
    with connect(trial.place) as connection:
        found = status(connection, RULES)
    outcomes = dict(trial.ask("SELECT outcome, count(*) FROM visits GROUP BY outcome"))
    undone = trial.ask(
        "SELECT a.name FROM accounts a WHERE NOT EXISTS (SELECT FROM visits v WHERE v.account = a.name"
        " AND v.outcome = 'done')"
    )
    late = trial.ask("SELECT count(*) FROM visits WHERE outcome = 'done' AND finished_at > leased_until")
    print(f"           visits: {outcomes}; {late[0][0]} of those done were brought in after their lease")
    why = Counter(one.waits_for for one in found.waiting)
    print(f"           waiting for a person: {dict(why)}")
    broken = [f"two visits at once: {name}" for name in at_once(trial)]
    broken += over_budget(trial, budgets)
    broken += [f"nobody ended the {what}" for what in open_ends(trial)]
    broken += [f"done without evidence: {what}" for what in without_evidence(trial)]
    broken += [f"sealed and not in the store: {what}" for what in not_in_store(trial)]
    broken += [f"never done: {name}" for (name,) in undone]
    if len(found.waiting) > max(2, len(accounts) // 100):
        broken.append(f"{len(found.waiting)} accounts were set aside")
    return broken


def main() -> int:
    """Run, print, and return 1 where a promise was broken."""
    parser = argparse.ArgumentParser(description="A fleet in trouble")
    parser.add_argument("--accounts", type=int, default=3000)
    parser.add_argument("--workers", type=int, default=4)
    parser.add_argument("--contexts", type=int, default=8)
    parser.add_argument("--real", type=int, default=200)
    parser.add_argument("--real-contexts", type=int, default=2)
    parser.add_argument("--calm", action="store_true", help="nothing is killed: only the speed is measured")
    given = parser.parse_args()
    given.slow = False
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that whatever was started ends, too
    broken: list[str] = []
    if given.accounts:
        with parts(given) as trial:
            services = list(STUB)
            accounts = [
                an_account(f"account-{number:05d}", flow=f"{services[number % 2]}.ai_objection")
                for number in range(given.accounts)
            ]
            taken = work_through(trial, accounts, STUB)
            trial.say(f"{len(accounts)} accounts in {taken:.0f} s: {len(accounts) / taken * 3600:.0f} an hour")
            wait_for_rest(trial)
            broken += report(trial, accounts, STUB)
    if given.real:
        broken += _real(given)
    print("\n".join(broken) or "every promise was kept")
    return bool(broken)


def _real(given: argparse.Namespace) -> list[str]:
    """The same with browsers: fewer accounts, two machines, one of them killed."""
    given.workers, given.contexts, given.slow = 2, given.real_contexts, True
    with parts(given) as trial, StandIns(trial.folder, given.real) as stand_ins:
        budgets = dict.fromkeys(STUB, 36_000.0)
        for machine in trial.machines:
            machine.arguments["real"] = stand_ins.arguments(machine.folder)
        taken = work_through(trial, stand_ins.accounts, budgets)
        trial.say(f"{given.real} real visits in {taken:.0f} s: {taken / given.real:.1f} s each")
        wait_for_rest(trial)
        broken = report(trial, stand_ins.accounts, budgets)
        wrong = stand_ins.wrong(
            dict(
                trial.ask(
                    "SELECT DISTINCT ON (account) account, verdict FROM visits WHERE outcome = 'done'"
                    " ORDER BY account, id"
                )
            )
        )
        reasons = trial.ask(
            "SELECT verdict, coalesce(reason, ''), count(*) FROM visits WHERE outcome = 'done' GROUP BY 1, 2"
        )
        print(f"           {sorted(reasons)}")
        print(f"           {len(wrong)} wrong verdicts, {len(stand_ins.writes())} writes reached a stand-in")
        return (
            broken + [f"wrong verdict: {what}" for what in wrong] + [f"a write: {what}" for what in stand_ins.writes()]
        )


if __name__ == "__main__":
    sys.exit(main())
