"""
Run all tests ten times in a row, the last four beside a load, and tell of every failure.

A test that fails by chance fails here. Each line says how long one run took and what failed in it, all of which is kept
in `build/soak`; the exit code is 1 where anything did. Nothing is tried again.
"""

from __future__ import annotations

import argparse
import contextlib
import multiprocessing
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

_KEPT = Path("build/soak")
_FAILED = re.compile(r"^(?:FAILED|ERROR) (\S+)", re.MULTILINE)


def main() -> int:
    """Run, and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=10, help="how often (default: 10)")
    parser.add_argument("--loaded", type=int, default=4, help="how many of them beside the load (default: 4)")
    parser.add_argument("--processes", type=int, default=8, help="how many busy processes the load is (default: 8)")
    parser.add_argument("command", nargs="+", help="what runs the tests once")
    options = parser.parse_args()
    failures = 0
    for number in range(1, options.runs + 1):
        busy = options.processes if number > options.runs - options.loaded else 0
        with beside(busy):
            started = time.monotonic()
            run = subprocess.run(options.command, capture_output=True, text=True, check=False)  # noqa: S603 - by hand
            took = time.monotonic() - started
        failed = _FAILED.findall(run.stdout)
        failures += run.returncode != 0
        last = run.stdout.strip().rpartition("\n")[2] or run.stderr.strip().rpartition("\n")[2]
        sys.stdout.write(f"{number:2} {took:6.0f} s, {busy} busy beside: {last}\n")
        sys.stdout.writelines(f"     {name}\n" for name in failed)
        if run.returncode:
            _KEPT.mkdir(parents=True, exist_ok=True)
            (_KEPT / f"{number}.txt").write_text(run.stdout + run.stderr, encoding="utf-8")
        sys.stdout.flush()
    return 1 if failures else 0


@contextlib.contextmanager
def beside(count: int) -> Iterator[None]:
    """So many processes that do nothing but keep a core busy."""
    processes = [multiprocessing.Process(target=_count, daemon=True) for _ in range(count)]
    for process in processes:
        process.start()
    try:
        yield
    finally:
        for process in processes:
            process.kill()
            process.join()


def _count() -> None:
    number = 0
    while True:
        number += 1


if __name__ == "__main__":
    sys.exit(main())
