"""
Where the CPU seconds of one check go: program, driver, and the browser by kind of process.

Prints CPU seconds by process. Measured in turn: a plain script at the same pages, a check with a sign-in, and
one with a saved session; with `--beside FOLDER` also the check of another checkout (`git worktree add FOLDER COMMIT`),
so that before and after come from one run on one machine. Each measurement is a process of its own. Shown are medians,
and those of the rounds' ratios to the script. Figures are only worth something from a machine that does nothing else.

Run: python benchmarks/cpu_by_part.py [rounds] [--beside FOLDER]
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import statistics
import subprocess
import sys
from pathlib import Path

from loguru import logger
from one_check import check
from plain_script import route_of, script
from processes import PARTS, Usage
from stand_in import ROOT, folder, load, stand_in

ROUNDS = 5
SCRIPT, SIGN_IN, SAVED = "script", "sign-in", "saved"


async def once(kind: str) -> None:
    """One measurement; prints its seconds and its CPU seconds by part."""
    with stand_in() as served, folder() as place:
        route = []
        if kind == SCRIPT:
            *_, result = await check(served, saved=True)  # says where to go
            route = route_of(result)
        with Usage(leave_out=frozenset({served.pid})) as usage:
            if kind == SCRIPT:
                took = await script(served, route, place)
            else:
                took, *_ = await check(served, saved=kind == SAVED)
    print(json.dumps({"seconds": took, **usage.cpu_by_part}))


def measured(kind: str, root: Path) -> dict[str, float]:
    """One measurement with the program of a checkout."""
    command = [sys.executable, __file__, "--once", kind]
    environment = os.environ | {"TEMOIN_BENCH_ROOT": str(root)}
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def main(rounds: int, beside: Path | None) -> int:
    """Measure in turn, and print the table."""
    columns = {SCRIPT: (SCRIPT, ROOT), SIGN_IN: (SIGN_IN, ROOT), SAVED: (SAVED, ROOT)}
    if beside is not None:
        columns |= {f"{kind}, {beside.name}": (kind, beside) for kind in (SIGN_IN, SAVED)}
    found: dict[str, list[dict[str, float]]] = {name: [] for name in columns}
    print(f"before: {load()}", flush=True)
    for _ in range(rounds):
        for name, (kind, root) in columns.items():
            found[name].append(measured(kind, root))
    rows = ("seconds", *PARTS, "CPU seconds")
    for one in (one for rounds_of in found.values() for one in rounds_of):
        one["CPU seconds"] = sum(one.get(part, 0.0) for part in PARTS)
    print("| part | " + " | ".join(columns) + " |")
    print("|---" * (len(columns) + 1) + "|")
    for row in rows:
        middles = [statistics.median(one.get(row, 0.0) for one in found[name]) for name in columns]
        print(f"| {row} | " + " | ".join(f"{middle:.2f}" for middle in middles) + " |")
    for row in ("seconds", "CPU seconds"):
        ratios = [
            statistics.median(one[row] / other[row] for one, other in zip(found[name], found[SCRIPT], strict=True))
            for name in columns
        ]
        print(f"| {row}, of the script's | " + " | ".join(f"{ratio:.2f}" for ratio in ratios) + " |")
    print(f"after: {load()}; {rounds} rounds")
    return 0


if __name__ == "__main__":
    logger.remove()
    parser = argparse.ArgumentParser(description="CPU seconds of one check by part")
    parser.add_argument("rounds", type=int, nargs="?", default=ROUNDS)
    parser.add_argument("--beside", type=Path, help="another checkout")
    parser.add_argument("--once", choices=(SCRIPT, SIGN_IN, SAVED), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.once:
        asyncio.run(once(given.once))
    else:
        sys.exit(main(given.rounds, given.beside and given.beside.resolve()))
