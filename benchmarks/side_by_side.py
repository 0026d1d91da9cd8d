"""
Many accounts on one machine: a run that shares its browsers, as a ratio to one browser an account in sequence.

Both look at accounts of the same scenario with a sign-in each. In sequence every account has a run of its own: driver,
browser, visit, seal, one after the other; so few of them are enough to know their rate. Wanted: at least 2.5 times as
many accounts a minute on two cores, and at most 1.5 GB.

Run: python benchmarks/side_by_side.py [accounts] [side by side] [in sequence]
"""

from __future__ import annotations

import asyncio
import sys
import time

from loguru import logger
from processes import Usage
from stand_in import StandIn, folder, load, one_of, plan, stand_in

from automation.check import runner
from automation.domain.results import RunDocument
from automation.domain.verdicts import Verdict

ACCOUNTS, SIDE_BY_SIDE, IN_SEQUENCE = 24, 8, 4
LEAST, MOST_MB = 2.5, 1536


def require_right(document: RunDocument) -> None:
    """
    Every account has its verdict.

    Raises:
        SystemExit: one has another one; then nothing was measured.
    """
    wrong = [result for result in document.results if result.verdict is not Verdict.NOT_OBJECTED]
    if wrong:
        raise SystemExit(f"{len(wrong)} accounts went wrong: {wrong[0].verdict} {wrong[0].reason} {wrong[0].because}")


async def sequence(served: StandIn, accounts: int) -> tuple[float, Usage]:
    """Each account in a run of its own; seconds, and what was used."""
    with folder() as place, Usage(leave_out=frozenset({served.pid})) as usage:
        whole = plan(served, place, accounts)
        began = time.perf_counter()
        for number in range(accounts):
            require_right(await runner.run(one_of(whole, number)))
        return time.perf_counter() - began, usage


async def together(served: StandIn, accounts: int, concurrency: int) -> tuple[float, Usage]:
    """All accounts in one run; seconds, and what was used."""
    with folder() as place, Usage(leave_out=frozenset({served.pid})) as usage:
        whole = plan(served, place, accounts, concurrency=concurrency)
        began = time.perf_counter()
        require_right(await runner.run(whole))
        return time.perf_counter() - began, usage


async def main(accounts: int, concurrency: int, in_sequence: int) -> int:
    """Measure half of the sequence before and half after, print, and return 1 where less came of it than wanted."""
    rates: dict[str, float] = {}
    with stand_in() as served:
        print(f"before: {load()}")
        first, used_first = await sequence(served, in_sequence // 2)
        print(f"after two in sequence: {load()}")
        took, used = await together(served, accounts, concurrency)
        print(f"after all together: {load()}")
        second, used_second = await sequence(served, in_sequence - in_sequence // 2)
    rates["in sequence"] = 60 * in_sequence / (first + second)
    rates["together"] = 60 * accounts / took
    cpu = {
        "in sequence": (used_first.total_cpu_s + used_second.total_cpu_s) / in_sequence,
        "together": used.total_cpu_s / accounts,
    }
    peaks = {"in sequence": max(used_first.peak_mb, used_second.peak_mb), "together": used.peak_mb}
    for kind, rate in rates.items():
        print(f"{kind:12} {rate:6.1f} accounts a minute, {cpu[kind]:.2f} CPU s each, {peaks[kind]:.0f} MB at most")
    print("together, CPU s each: " + ", ".join(f"{k} {v / accounts:.2f}" for k, v in sorted(used.cpu_s.items())))
    ratio = rates["together"] / rates["in sequence"]
    print(f"ratio {ratio:.2f} with {accounts} accounts, {concurrency} side by side (at least {LEAST}); {load()}")
    return 0 if ratio >= LEAST and used.peak_mb <= MOST_MB else 1


if __name__ == "__main__":
    logger.remove()
    given = [int(text) for text in sys.argv[1:]]
    usual = [ACCOUNTS, SIDE_BY_SIDE, IN_SEQUENCE]
    sys.exit(asyncio.run(main(*given, *usual[len(given) :])))
