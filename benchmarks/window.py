"""
What the pages of `temoin ui` take with thousands of accounts: each page's time, what it weighs, and the memory.

For each number of accounts a process of its own writes a configuration, the results of a run and their history, serves
the pages as `temoin ui` does, and asks for each. The first request of a page reads what has changed on the disk, the
others do not; each is shown. Wanted with 10,000 accounts: 300 ms a page in CPU time (a busy machine takes longer by the
clock), except where a page is itself as long as its accounts, such as the report.

Run: python -m benchmarks.window [accounts …]
"""

from __future__ import annotations

import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from loguru import logger

from automation.core.results import Result
from automation.core.verdicts import Reason, Verdict
from automation.reports.as_json import pieces
from automation.storage.sqlite import SqliteHistory
from tests.builders import a_document, a_result
from tests.web.serving import Served, serving

NUMBERS = (1_000, 10_000)
PAGES = ("", "?of=finding", "accounts/account-00007", "add", "settings", "schedule", "mailbox")
MOST_MS, MOST_GROWTH = 300, 2.0
TIMES = 5
_VERDICTS = (Verdict.OBJECTED, Verdict.OBJECTED, Verdict.PENDING, Verdict.NOT_OBJECTED)


def _results(number: int) -> list[Result]:
    found = []
    for n in range(number):
        reason = Reason.TIMEOUT if n % 50 == 0 else None
        one = a_result(f"account-{n:05}", _VERDICTS[n % len(_VERDICTS)], reason=reason, bundle=None)
        found.append(replace(one, owner=f"Owner {n // 10}"))
    return found


def prepare(folder: Path, number: int) -> Path:
    """Write the configuration, a run and its history; where the configuration lies."""
    document = a_document(results=_results(number))
    run = folder / "temoin-evidence" / document.run.id
    run.mkdir(parents=True)
    with (run / "results.json").open("w", encoding="utf-8") as out:
        out.writelines(pieces(replace(document.run, output=str(run)), iter(document.results)))
    with SqliteHistory(folder / "temoin-evidence" / "history.sqlite3") as history:
        history.record(document)
    config = folder / "temoin.toml"
    config.write_text(
        "".join(
            f"[[accounts]]\nname = {json.dumps(one.account)}\nflow = {json.dumps(one.flow)}\n"
            f'owner = {json.dumps(one.owner)}\nidentity = "1000834567{n:05}"\nexpect = "objected"\n\n'
            for n, one in enumerate(document.results)
        )
    )
    return config


def timed(page: Served, path: str) -> tuple[float, float, int]:
    """CPU milliseconds and milliseconds of one request, and the bytes of its answer."""
    cpu, began = time.process_time(), time.perf_counter()
    answer = page.get(path)
    answer.raise_for_status()
    return 1000 * (time.process_time() - cpu), 1000 * (time.perf_counter() - began), len(answer.content)


def once(number: int) -> None:
    """Serve so many accounts, ask for each page, and print what that took."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        os.environ["XDG_DATA_HOME"] = str(folder / "data")
        config = prepare(folder, number)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        found = {}
        os.chdir(folder)
        with serving(config) as page:
            for path in PAGES:
                first = timed(page, path)
                again = [timed(page, path) for _ in range(TIMES)]
                found[path] = [first[0], *(statistics.median(one[n] for one in again) for n in (0, 1)), first[2]]
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(json.dumps({"pages": found, "before_kb": before, "peak_kb": peak}))


def main(numbers: list[int]) -> int:
    """Measure each number of accounts, print, and return 1 where a page takes too long."""
    wrong = []
    for number in numbers:
        command = [sys.executable, "-m", "benchmarks.window", "--once", str(number)]
        answer = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()[-1])
        print(f"{number:,} accounts; {answer['peak_kb'] / 1024:.0f} MB at most")
        for path, (first, cpu, wall, size) in answer["pages"].items():
            print(
                f"  /{path:24} first {first:8.0f} CPU ms, then {cpu:7.0f} CPU ms ({wall:.0f} ms), {size / 1000:8.1f} kB"
            )
            if cpu > MOST_MS:
                wrong.append(f"/{path} takes {cpu:.0f} CPU ms with {number:,} accounts")
    print("; ".join(wrong) or f"each page within {MOST_MS} CPU ms")
    return bool(wrong)


if __name__ == "__main__":
    logger.remove()
    if "--once" in sys.argv:
        once(int(sys.argv[2]))
    else:
        sys.exit(main([int(text) for text in sys.argv[1:]] or list(NUMBERS)))
