"""
What a report over thousands of accounts takes: time, memory, and that both grow no faster than the accounts.

Real results (of two visits at the stand-in, or of the folder of a run that is named) are repeated under new names and
stored as `temoin check` stores them, with a history of two runs beside. For each number a process of its own runs
`temoin report`, from reading the file to the page on disk. Fails above 5 s or 300 MB for 10,000 accounts, or when
twice the accounts take more than 2.6 times as long.

Run: python benchmarks/report.py [folder of a run]
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

from stand_in import OPEN, SITE, plan, stand_in

from automation.core.results import Result, Run, RunDocument
from automation.reports.as_json import pieces
from automation.reports.stored import brief, open_stored
from automation.storage.sqlite import NAME, SqliteHistory
from automation.visit import runner

NUMBERS = (2_500, 5_000, 10_000)
MOST_S, MOST_MB, MOST_RATIO = 5.0, 300, 2.6
TIMES = 3


def main() -> int:
    """Measure and print; 1 if a limit is exceeded."""
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder)
        sample = tuple(open_stored(Path(sys.argv[1])).results()) if len(sys.argv) > 1 else _visited(base)
        figures = [_measured(base, number, sample) for number in NUMBERS]
    print("accounts   stored MB   page MB   seconds   memory MB")
    for number, (stored_mb, page_mb, seconds, memory_mb) in zip(NUMBERS, figures, strict=True):
        print(f"{number:8,}   {stored_mb:9.0f}   {page_mb:7.1f}   {seconds:7.2f}   {memory_mb:9.0f}")
    times = [seconds for _, _, seconds, _ in figures]
    ratios = [later / before for before, later in pairwise(times)]
    good = times[-1] <= MOST_S and figures[-1][3] <= MOST_MB and max(ratios) <= MOST_RATIO
    print("within the limits" if good else f"ABOVE THE LIMITS: {MOST_S:g} s, {MOST_MB} MB, ratio {MOST_RATIO:g}")
    return 0 if good else 1


def _visited(base: Path) -> tuple[Result, ...]:
    """Two real results: the longest way there is, and an objection that was accepted."""
    accepted = next(actor for actor in SITE.cast if (actor.scenario, actor.locale) == ("accepted", "en-GB"))
    with stand_in() as served:
        ready = (plan(served, base / actor.scenario, 1, actor=actor) for actor in (OPEN, accepted))
        return tuple(result for one in ready for result in asyncio.run(runner.run(one)).results)


def _measured(base: Path, number: int, sample: tuple[Result, ...]) -> tuple[float, float, float, float]:
    """Megabytes stored, megabytes of the page, seconds and megabytes of memory, of the quickest try."""
    root = base / str(number)
    stored = _store(root, number, sample)
    tries = [_report(stored.parent) for _ in range(TIMES)]
    page = stored.parent / "report.en.html"
    seconds, memory_mb = min(tries)
    return stored.stat().st_size / 1e6, page.stat().st_size / 1e6, seconds, memory_mb


def _store(root: Path, number: int, sample: tuple[Result, ...]) -> Path:
    """Two runs in a history, the newer one as a file; the path of it."""
    newest = max(result.finished_at for result in sample)
    with SqliteHistory(root / NAME) as history:
        for days_ago in (7, 0):
            at = newest - timedelta(days=days_ago)
            run = Run(
                id=f"run-{days_ago}", started_at=at, finished_at=at, temoin="0.1.0", strict=False, exit_code=1,
                output=str(root / f"run-{days_ago}"), stand_in=True,
            )  # fmt: skip
            short = tuple(brief(result) for result in _many(number, sample, days_ago))
            history.record(RunDocument(run, short))
    file = root / "run-0" / "results.json"
    file.parent.mkdir()
    with file.open("w", encoding="utf-8") as out:
        out.writelines(pieces(run, _many(number, sample, 0)))
    return file


def _many(number: int, sample: tuple[Result, ...], days_ago: int) -> Iterator[Result]:
    for i in range(number):
        result = sample[i % len(sample)]
        moved = timedelta(days=days_ago)
        yield replace(
            result,
            account=f"account-{i}",
            owner=f"Owner {i // 10}",
            started_at=result.started_at - moved,
            finished_at=result.finished_at - moved,
        )


def _report(folder: Path) -> tuple[float, float]:
    """Seconds and megabytes of a process that writes the page in one language."""
    began = time.monotonic()
    page = str(folder / "report.en.html")
    process = subprocess.Popen(
        [*_TEMOIN, "report", str(folder), "--lang", "en", "--output", page],
        stdout=subprocess.DEVNULL,
        env={**os.environ, "TEMOIN_OUTPUT": str(folder.parent)},
    )
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"temoin report ended with {os.waitstatus_to_exitcode(status)}")
    return time.monotonic() - began, usage.ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)


_TEMOIN = (sys.executable, "-m", "automation")

if __name__ == "__main__":
    sys.exit(main())
