"""
Whether a run grows with its accounts no faster than they do: CPU time and memory for 1, 10, 100 and 1,000 accounts.

The visit is a stub that takes a fiftieth of a second and no browser, so that what is measured is everything around it:
turns, bundles, sealing, ledger, results, report. Its result is made as large as that of a visit with a browser (45 kB).
Each number of accounts has a process of its own. Wanted: an account among a thousand takes at most a quarter more than
one among a hundred, and at most 20 kB of memory.
`benchmarks/history.py`, `report.py` and `evidence.py` do the same for the history, the report and `verify`.

Run: python benchmarks/growth.py
"""

from __future__ import annotations

import asyncio
import json
import resource
import subprocess
import sys
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from loguru import logger
from stand_in import StandIn, folder, load, plan

from automation.app.check import write_reports, write_results
from automation.core.errors import PageChanged
from automation.reports.as_json import read_result, result_text
from automation.reports.stored import ResultSpool
from automation.visit import account as check
from automation.visit import runner

if TYPE_CHECKING:
    from pathlib import Path

    from automation.core.results import Result
    from automation.visit.order import CheckLog

STEPS = (1, 10, 100, 1000)
VISIT_S = 0.02
MOST_SLOWER, MOST_KB = 1.25, 20
RESULT_BYTES = 45_000


async def _stub(_order: Any, _browsers: Any, _bundle: Any, log: CheckLog) -> None:
    await asyncio.sleep(VISIT_S)
    log.trouble = PageChanged("a stub of a visit")


def _as_large_as_usual(result: Result) -> Result:
    """A result with as many files as a visit has, and nothing in common with another one."""
    bare, whole = (len(result_text(replace(result, evidence=files))) for files in ((), result.evidence))
    times = max(1, (RESULT_BYTES - bare) // max(1, whole - bare))
    return read_result(result_text(replace(result, evidence=result.evidence * times)).encode())


def once(accounts: int) -> None:
    """Run with so many accounts and write the report; prints what that took."""
    check._visit = _stub  # noqa: SLF001
    with folder() as place:
        ready = plan(StandIn({"*.facebook.com": "127.0.0.1:9"}, "", 0), place, accounts, concurrency=8)
        began = time.process_time()
        spool = ResultSpool(accounts)

        def keep(output: Path, result: Result) -> Result:
            return spool.keep(output, _as_large_as_usual(result))

        document = asyncio.run(runner.run(ready, keep=keep))
        run_s = time.process_time() - began
        write_results(document, spool)
        write_reports(document, {flow.id: flow.guide for flow in ready.flows.values()}, "en")
        report_s = time.process_time() - began - run_s
    if len({result.bundle.path for result in document.results if result.bundle}) != accounts:
        raise SystemExit("not every account has its evidence")
    peak_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(json.dumps({"run": run_s, "report": report_s, "peak_kb": peak_kb}))


def main() -> int:
    """Measure each number of accounts, print, and return 1 where they grow too fast."""
    found: dict[int, dict[str, float]] = {}
    for accounts in STEPS:
        answer = subprocess.run([sys.executable, __file__, str(accounts)], check=True, capture_output=True, text=True)
        found[accounts] = one = json.loads(answer.stdout.splitlines()[-1])
        print(
            f"{accounts:5} accounts: run {1000 * one['run'] / accounts:7.1f} CPU ms each, report "
            f"{1000 * one['report'] / accounts:6.1f} CPU ms each, {one['peak_kb'] / 1024:.0f} MB at most; {load()}"
        )
    hundred, thousand = found[100], found[1000]
    slower = thousand["run"] / 1000 / (hundred["run"] / 100)
    share_kb = (thousand["peak_kb"] - hundred["peak_kb"]) / 900
    print(f"an account among 1,000 takes {slower:.2f} of one among 100 (at most {MOST_SLOWER}), {share_kb:.0f} kB each")
    return 0 if slower <= MOST_SLOWER and share_kb <= MOST_KB else 1


if __name__ == "__main__":
    logger.remove()
    if len(sys.argv) > 1:
        once(int(sys.argv[1]))
    else:
        sys.exit(main())
