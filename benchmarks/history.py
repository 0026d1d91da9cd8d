"""
What the history costs: recording a run, asking for the past, and making it again from evidence, by number of accounts.

Fails where the time an account takes grows with their number, or one question over 10,000 accounts takes 2 s.
Run: python -m benchmarks.history
"""

from __future__ import annotations

import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from automation.core.results import Result, RunDocument
from automation.core.verdicts import Reason, Verdict
from automation.evidence.formats.result_file import result_json
from automation.evidence.maintain.history_source import rebuild
from automation.reports.stored import open_stored
from automation.storage.sqlite import SqliteHistory
from tests.builders import A_MOMENT, a_document, a_result

SIZES = (1_250, 10_000)
DAYS = 8
MOST_GROWTH = 2.0
"""How much longer an account may take among 10,000 than among 1,250."""
MOST_S = 2.0


def a_day(day: int, accounts: int) -> RunDocument:
    """A run: most answers are as before, every seventh account times out now and then, a few lose their objection."""
    moment = A_MOMENT + timedelta(days=day)

    def result(number: int) -> Result:
        if (number + day) % 7 == 0:
            return a_result(f"account-{number}", reason=Reason.TIMEOUT, finished_at=moment)
        lost = number % 50 == 0 and day > DAYS // 2
        verdict = Verdict.NOT_OBJECTED if lost else Verdict.OBJECTED
        return a_result(f"account-{number}", verdict, finished_at=moment)

    return a_document(results=map(result, range(accounts)), id=f"run-{day:03d}", output=f"evidence/run-{day:03d}")


def timed(work: Callable[[], Any]) -> float:
    """Seconds of processor time that it takes, of three tries the best; other work on the machine does not count."""
    best = float("inf")
    for _ in range(3):
        began = time.process_time()
        work()
        best = min(best, time.process_time() - began)
    return best


def measured(accounts: int, folder: Path) -> dict[str, float]:
    """Seconds of processor time of each act with so many accounts."""
    with SqliteHistory(folder / f"{accounts}.sqlite3") as history:
        began = time.process_time()
        for day in range(DAYS):
            document = a_day(day, accounts)
            began = time.process_time()
            history.record(document)
        taken = {"record a run": time.process_time() - began}
        names = [f"account-{number}" for number in range(accounts)]
        taken["latest of each"] = timed(history.latest)
        taken["by day"] = timed(history.by_day)
        taken["one timeline"] = timed(lambda: history.timeline("account-7"))
        taken["1,000 timelines"] = timed(lambda: history.timelines(names[:1000]))
        taken["since yesterday"] = timed(lambda: history.since(A_MOMENT + timedelta(days=DAYS - 1)))
    size = (folder / f"{accounts}.sqlite3").stat().st_size
    print(f"{accounts:>7} accounts × {DAYS} days, {size / 1e6:.0f} MB", end="")
    for name, seconds in taken.items():
        print(f"   {name} {seconds * 1000:.0f} ms", end="")
    print()
    return taken


def rebuilt(bundles: int, folder: Path) -> float:
    """Seconds of processor time to make a history again from so many bundles."""
    root = folder / f"evidence-{bundles}"
    for number in range(bundles):
        bundle = root / f"run-{number % 10}" / f"2026-11-25T073000Z_account-{number}_00000000"
        (bundle / "data").mkdir(parents=True)
        (bundle / "bagit.txt").touch()
        (bundle / "manifest-sha256.txt").touch()
        (bundle / "data" / "result.json").write_text(result_json(a_result(f"account-{number}")))
    began = time.process_time()
    with SqliteHistory(folder / f"again-{bundles}.sqlite3") as history:
        found = rebuild(history, root, open_stored)
    taken = time.process_time() - began
    if found.results != bundles:
        raise SystemExit(f"{found.results} of {bundles} bundles were found")
    print(f"{bundles:>7} bundles made a history again in {taken:.1f} s")
    shutil.rmtree(root)
    return taken


def main() -> int:
    """Measure, print, and return 1 where something grows or takes too long."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        few, *_, many = (measured(accounts, folder) for accounts in SIZES)
        again = rebuilt(500, folder), rebuilt(2_000, folder)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"at most {peak:.0f} MB of memory, the runs themselves included")
    factor = SIZES[-1] / SIZES[0]
    whole = ("record a run", "latest of each", "by day", "since yesterday")
    wrong = [f"{act} grows" for act in whole if many[act] > few[act] * factor * MOST_GROWTH]
    wrong += [f"{act} takes {many[act]:.1f} s" for act in many if many[act] > MOST_S]
    wrong += ["a rebuild grows"] if again[1] > again[0] * 4 * MOST_GROWTH else []
    print("; ".join(wrong) or "linear, and fast enough")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
