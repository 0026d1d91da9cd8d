"""
One check with full evidence and seal, as a ratio to a plain Playwright script at the same pages.

The script is that of `plain_script`. Both start their own driver and browser; the three kinds alternate, and medians
are compared. Wanted: at most 1.3 with a sign-in, less than 1 with a saved session.

A check stands still on purpose: a page counts when nothing has changed for a while, and an inbox without an answer is
read again seconds later. That waiting carries the verdict; the second pair of ratios is without it on both sides (the
script's share of it is the half second of idle network that each page takes).

Run: python benchmarks/one_check.py [rounds]
"""

from __future__ import annotations

import asyncio
import gc
import statistics
import sys
import time
from collections import defaultdict
from typing import Any

from loguru import logger
from plain_script import route_of, script
from processes import Usage
from stand_in import OPEN, StandIn, folder, load, plan, stand_in

from automation.browser.tab import Tab
from automation.cli import _GARBAGE_AFTER
from automation.core.results import Result
from automation.visit import runner

ROUNDS = 5
KINDS = ("script", "sign-in", "saved")
MOST, MOST_SAVED = 1.3, 1.0
IDLE_S = 0.5
"""For how long Playwright's `networkidle` wants no request."""


async def check(served: StandIn, *, saved: bool) -> tuple[float, float, Result]:
    """One check; its seconds, the seconds that it stood still on purpose, and its result."""
    with folder() as place:
        ready = plan(served, place, 1, saved=saved)
        Still.seconds = 0.0
        usual = gc.get_threshold()
        gc.set_threshold(_GARBAGE_AFTER)  # as `temoin` does where it begins
        began = time.perf_counter()
        document = await runner.run(ready)
        took = time.perf_counter() - began
        gc.set_threshold(*usual)
    (result,) = document.results
    if result.verdict.value != OPEN.expected.verdict:
        raise SystemExit(f"the check went wrong: {result.verdict} {result.reason} {result.because}")
    return took, Still.seconds, result


class Still:
    """Adds up for how long pages had to stand still."""

    seconds = 0.0
    _settled = Tab.settled

    @staticmethod
    async def settled(tab: Tab, quiet_s: float, until: Any) -> Any:
        """As before, and counted."""
        Still.seconds += quiet_s
        return await Still._settled(tab, quiet_s, until)


async def measure(rounds: int) -> int:
    """Alternate, print, and return 1 where a ratio is above what is wanted."""
    Tab.settled = Still.settled  # type: ignore[method-assign, assignment]
    seconds: dict[str, list[float]] = defaultdict(list)
    moving: dict[str, list[float]] = defaultdict(list)
    cpu: dict[str, list[float]] = defaultdict(list)
    with stand_in() as served, folder() as place:
        *_, first = await check(served, saved=False)
        route = route_of(first)
        await script(served, route, place)
        print(f"{len(route)} pages, {sum(n for _, n in route)} pictures, {len(first.evidence)} files; {load()}")
        for _ in range(rounds):
            for kind in KINDS:
                with Usage(leave_out=frozenset({served.pid})) as usage:
                    if kind == "script":
                        took, still = await script(served, route, place), IDLE_S * len(route)
                    else:
                        took, still, _result = await check(served, saved=kind == "saved")
                seconds[kind].append(took)
                moving[kind].append(took - still)
                cpu[kind].append(usage.total_cpu_s)
    for kind in KINDS:
        took, moved, used = (statistics.median(found[kind]) for found in (seconds, moving, cpu))
        print(f"{kind:8} {took:6.2f} s, of which {took - moved:5.2f} s standing still; {used:.2f} CPU s")
    for name, found in (("seconds", seconds), ("without standing still", moving), ("CPU seconds", cpu)):
        print(f"{name}: {ratio(found, 'sign-in'):.2f} with a sign-in, {ratio(found, 'saved'):.2f} saved")
    print(f"wanted: at most {MOST} seconds with a sign-in, less than {MOST_SAVED} saved; {load()}")
    return 0 if ratio(seconds, "sign-in") <= MOST and ratio(seconds, "saved") < MOST_SAVED else 1


def ratio(found: dict[str, list[float]], kind: str) -> float:
    """The median of the rounds' ratios to the script: what one round has in common does not count."""
    return statistics.median(one / script for one, script in zip(found[kind], found["script"], strict=True))


if __name__ == "__main__":
    logger.remove()
    sys.exit(asyncio.run(measure(int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS)))
