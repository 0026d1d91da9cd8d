"""
A month of a large fleet in virtual time: how many workers it needs, what the database does, where it breaks.

Real: PostgreSQL (started here, on loopback, and gone afterwards), the tables, the dispatcher, claims, commits with the
history, the reaper, the queue's own statements, and the rules. Played: the visits (how long they take, how they end),
the machines that die, the people who help accounts that wait. The clock is the simulation's (`virtual_database`).

Two things differ from a real fleet: a round of the dispatcher is a minute instead of five seconds (`--round`), with the
larger burst that goes with it, and all statements come over one connection. Nothing is written through to the disk.

Fails where a budget is exceeded, an account is visited twice at once, a visit or job is left open, an account is
forgotten, or accounts are overdue at the end although there were workers enough.

Run: python -m benchmarks.fleet_month [--accounts 100000] [--days 30] [--every-hours 168] [--workers 12] [--contexts 4]
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
from datetime import timedelta
from random import Random

from loguru import logger

from automation.fleet.claims import Rules
from automation.fleet.enrolling import Enrolment, enroll
from automation.fleet.status import status
from benchmarks.fleet_assumptions import Given
from benchmarks.fleet_world import Month
from benchmarks.virtual_database import VirtualDatabase, a_virtual_database
from tests.builders import an_account

_ROOM = 1.25
"""Budget, as a share of what all accounts need: what was lost, and what a pause held back, has to be caught up with."""


def simulate(database: VirtualDatabase, given: argparse.Namespace) -> int:
    """Play the month, print what came of it, and return 1 where something broke."""
    rules = Rules(dispatch_s=given.round)
    services = ("facebook", "instagram")
    need = given.accounts / len(services) / given.every_hours
    budgets = dict.fromkeys(services, given.budget or max(1.0, need * _ROOM))
    accounts = [
        an_account(f"account-{number:06d}", flow=f"{services[number % 2]}.ai_objection")
        for number in range(given.accounts)
    ]
    every = timedelta(hours=given.every_hours)
    began = time.monotonic()
    enroll(database.connection, accounts, Enrolment(every), budgets, rules)
    print(f"{given.accounts:,} accounts handed over in {time.monotonic() - began:.1f} s", flush=True)
    database.forget_statements()
    month = Month(
        database, rules, Given(given.workers, given.contexts, given.days, Random(given.seed), given.minutes * 60)
    )
    began = time.monotonic()
    month.play(print_day=given.days > 1)
    taken = time.monotonic() - began
    _tell_of_visits(month, given, budgets, taken)
    _tell_of_database(database, month)
    wrong = month.broken_promises(budgets)
    print("\n".join(wrong) or "every promise was kept")
    return bool(wrong)


def _tell_of_visits(month: Month, given: argparse.Namespace, budgets: dict[str, float], taken: float) -> None:
    found = month.counts
    print(f"\n{found.begun:,} visits in {month.days:.1f} virtual days, played in {taken:.0f} s")
    print("ended: " + ", ".join(f"{how} {number:,}" for how, number in sorted(found.ended.items())))
    print(f"machines that died: {found.deaths}; accounts that waited for a person: {found.waited:,}")
    busy, whole = month.busy_s, sum(month.busy_s.values())
    mean, most = sum(number * seconds for number, seconds in busy.items()) / whole, max(busy)
    often, seen = 0, 0.0
    for number in sorted(busy):
        often, seen = number, seen + busy[number]
        if seen >= 0.99 * whole:
            break
    print(f"visits side by side: {mean:.1f} on average, {often} or fewer in 99 % of the time, {most} at most")
    room = given.workers * given.contexts
    print(
        f"workers needed: {-(-often // given.contexts)} with {given.contexts} visits each; there were {given.workers}"
    )
    print(f"({room} places, {100 * mean / room:.0f} % busy; budgets {budgets})")
    late = sorted(month.overdue_s)
    print(f"longest overdue: median {late[len(late) // 2] / 60:.0f} min, at most {late[-1] / 3600:.1f} h")


def _tell_of_database(database: VirtualDatabase, month: Month) -> None:
    statements = database.statements()
    total = sum(one.total_ms for one in statements)
    visits = max(1, month.counts.begun)
    calls = sum(one.calls for one in statements)
    print(f"\n{calls:,} statements, {calls / visits:.1f} a visit; {total / visits:.2f} ms of the database a visit,")
    print(f"so that one of its cores carries {86_400_000 * visits / total:,.0f} visits a day")
    for one in statements[:10]:
        share, mean, longest = one.total_ms / total, one.mean_ms, one.longest_ms
        print(f"{share:6.1%}  {one.calls:>9,} × {mean:8.3f} ms, at most {longest:7.1f} ms  {one.text[:90]}")
    print()
    for name, size, live, dead in database.tables():
        print(f"{name:24} {size / 1e6:8.1f} MB  {live:>10,} rows  {dead:>8,} dead")
    began = time.monotonic()
    status(database.connection)
    print(f"temoin fleet status: {time.monotonic() - began:.2f} s")
    print(f"the simulation itself: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


def main() -> int:
    """Read the arguments, start PostgreSQL, play."""
    parser = argparse.ArgumentParser(description="A month of a large fleet")
    parser.add_argument("--accounts", type=int, default=100_000)
    parser.add_argument("--days", type=float, default=30)
    parser.add_argument("--every-hours", type=float, default=168)
    parser.add_argument("--workers", type=int, default=12)
    parser.add_argument("--contexts", type=int, default=4)
    parser.add_argument("--budget", type=float, default=0, help="visits an hour of each service; 0: what is needed")
    parser.add_argument("--round", type=int, default=60, help="seconds between two rounds of the dispatcher")
    parser.add_argument("--minutes", type=float, default=600, help="real minutes after which it is broken off")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    logger.remove()
    with a_virtual_database() as database:
        return simulate(database, given)


if __name__ == "__main__":
    sys.exit(main())
