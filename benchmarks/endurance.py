"""
Whether memory stays flat over many checks in one process: by default 500 accounts of one scenario, eight side by side.

Memory is that of the program, the driver and all browsers, taken each second. Wanted: its median over the last fifth of
the run at most a tenth above that over the second fifth, when everything has warmed up. Half an hour on two cores.

Run: python benchmarks/endurance.py [accounts] [side by side]
"""

from __future__ import annotations

import asyncio
import statistics
import sys

from loguru import logger
from processes import Usage
from side_by_side import require_right
from stand_in import folder, load, plan, stand_in

from automation.visit import runner

ACCOUNTS, SIDE_BY_SIDE = 500, 8
MOST = 1.1


async def main(accounts: int, concurrency: int) -> int:
    """Run, print, and return 1 where memory grows."""
    with stand_in() as served, folder() as place, Usage(leave_out=frozenset({served.pid})) as usage:
        document = await runner.run(plan(served, place, accounts, saved=True, concurrency=concurrency))
        require_right(document)
    fifth = len(usage.memory) // 5
    parts = [usage.memory[fifth * n : fifth * (n + 1)] for n in range(5)]
    middles = [statistics.median(mb for _, mb in part) for part in parts]
    print("MB in each fifth of the run: " + ", ".join(f"{middle:.0f}" for middle in middles))
    python = [statistics.median(mb for _, mb in usage.own_memory[fifth * n : fifth * (n + 1)]) for n in range(5)]
    print("of which the program:        " + ", ".join(f"{middle:.0f}" for middle in python))
    growth = middles[4] / middles[1]
    print(f"{accounts} accounts; the last fifth {growth:.2f} of the second (at most {MOST}); {load()}")
    return 0 if growth <= MOST else 1


if __name__ == "__main__":
    logger.remove()
    given = [int(text) for text in sys.argv[1:]]
    sys.exit(asyncio.run(main(*given, *[ACCOUNTS, SIDE_BY_SIDE][len(given) :])))
