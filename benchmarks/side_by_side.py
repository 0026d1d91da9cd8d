"""
Many accounts on one machine: a run that shares its browsers, as a ratio to one browser an account in sequence.

Both look at accounts of the same scenario with a sign-in each. In sequence every account has a run of its own: driver,
browser, visit, seal, one after the other; so few of them are enough to know their rate. In the same run the plain
script looks at as many accounts, as many side by side, in contexts of one browser. Wanted, on two cores: at least 2.5
times as many accounts a minute as in sequence and 0.9 of what the scripts reach; at most 1.5 GB, and 120 MB for each
place side by side.

Run: python benchmarks/side_by_side.py [accounts] [side by side] [in sequence]
"""

from __future__ import annotations

import asyncio
import sys
import time
from dataclasses import dataclass
from operator import ge, le

from loguru import logger
from plain_script import Route, route_of, scripts
from processes import Usage
from stand_in import StandIn, folder, load, one_of, plan, stand_in

from automation.core.results import Result, RunDocument
from automation.core.verdicts import Verdict
from automation.visit import runner

ACCOUNTS, SIDE_BY_SIDE, IN_SEQUENCE = 24, 8, 4
LEAST, MOST_MB = 2.5, 1536
LEAST_OF_SCRIPTS, MOST_MB_EACH = 0.9, 120


@dataclass(frozen=True)
class Measured:
    """Accounts a minute, CPU seconds of an account, and memory at its most."""

    rate: float
    cpu_s: float
    peak_mb: float


def require_right(document: RunDocument) -> None:
    """
    Every account has its verdict.

    Raises:
        SystemExit: one has another one; then nothing was measured.
    """
    wrong = [result for result in document.results if result.verdict is not Verdict.NOT_OBJECTED]
    if wrong:
        raise SystemExit(f"{len(wrong)} accounts went wrong: {wrong[0].verdict} {wrong[0].reason} {wrong[0].because}")


async def sequence(served: StandIn, accounts: int) -> tuple[float, Usage, Result]:
    """Each account in a run of its own; seconds, what was used, and one result."""
    with folder() as place, Usage(leave_out=frozenset({served.pid})) as usage:
        whole = plan(served, place, accounts)
        began = time.perf_counter()
        for number in range(accounts):
            document = await runner.run(one_of(whole, number))
            require_right(document)
        return time.perf_counter() - began, usage, document.results[0]


async def together(served: StandIn, accounts: int, concurrency: int) -> tuple[float, Usage]:
    """All accounts in one run; seconds, and what was used."""
    with folder() as place, Usage(leave_out=frozenset({served.pid})) as usage:
        whole = plan(served, place, accounts, concurrency=concurrency)
        began = time.perf_counter()
        require_right(await runner.run(whole))
        return time.perf_counter() - began, usage


async def plain(served: StandIn, route: Route, accounts: int, concurrency: int) -> tuple[float, Usage]:
    """The plain script for as many accounts in one browser; seconds, and what was used."""
    with folder() as place, Usage(leave_out=frozenset({served.pid})) as usage:
        return await scripts(served, route, place, accounts, concurrency), usage


async def main(accounts: int, concurrency: int, in_sequence: int) -> int:
    """Measure half of the sequence before and half after, print, and return 1 where less came of it than wanted."""
    with stand_in() as served:
        print(f"before: {load()}")
        first, used_first, one = await sequence(served, in_sequence // 2)
        took, used = await together(served, accounts, concurrency)
        print(f"after all together: {load()}")
        by_script, used_by_script = await plain(served, route_of(one), accounts, concurrency)
        second, used_second, _ = await sequence(served, in_sequence - in_sequence // 2)
    in_turn = Measured(
        60 * in_sequence / (first + second),
        (used_first.total_cpu_s + used_second.total_cpu_s) / in_sequence,
        max(used_first.peak_mb, used_second.peak_mb),
    )
    side_by_side = Measured(60 * accounts / took, used.total_cpu_s / accounts, used.peak_mb)
    script = Measured(60 * accounts / by_script, used_by_script.total_cpu_s / accounts, used_by_script.peak_mb)
    for name, found in (("in sequence", in_turn), ("together", side_by_side), ("plain scripts", script)):
        print(f"{name:13} {found.rate:6.1f} accounts a minute, {found.cpu_s:.2f} CPU s each, {found.peak_mb:.0f} MB")
    print("together, CPU s each: " + ", ".join(f"{k} {v / accounts:.2f}" for k, v in sorted(used.cpu_s.items())))
    print(f"{accounts} accounts, {concurrency} side by side; {load()}")
    wanted = (
        ("of the rate in sequence", side_by_side.rate / in_turn.rate, LEAST, ge),
        ("of the rate of plain scripts in one browser", side_by_side.rate / script.rate, LEAST_OF_SCRIPTS, ge),
        ("MB at most", side_by_side.peak_mb, MOST_MB, le),
        ("MB for each place side by side", side_by_side.peak_mb / concurrency, MOST_MB_EACH, le),
    )
    for what, got, limit, is_within in wanted:
        print(f"{got:.2f} {what}; wanted {'at least' if is_within is ge else 'at most'} {limit}")
    return 0 if all(is_within(got, limit) for _, got, limit, is_within in wanted) else 1


if __name__ == "__main__":
    logger.remove()
    given = [int(text) for text in sys.argv[1:]]
    usual = [ACCOUNTS, SIDE_BY_SIDE, IN_SEQUENCE]
    sys.exit(asyncio.run(main(*given, *usual[len(given) :])))
