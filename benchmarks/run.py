"""
All benchmarks, or those that are named, one after the other: `make bench`.

Each is a program of its own that says what it wants and exits with 1 where it does not get it. Together they are to
take ten minutes on two cores that do nothing else; how long each took is said, and where that is more. What takes
longer runs only when it is named: `endurance` (half an hour), `cpu_by_part`, `messages`, `window`, and with PostgreSQL
`fleet` and `fleet_month`.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).parent
USUAL = (
    "start", "guard_decisions", "guard_cost", "capture", "evidence", "history", "report", "growth", "one_check",
    "side_by_side", "against_shot_scraper",
)  # fmt: skip
NAMED = ("endurance", "cpu_by_part", "messages", "window", "fleet", "fleet_month")
MODULES = frozenset({"window", "fleet", "fleet_month"})
"""Run as `python -m benchmarks.NAME`."""
MOST_S = 600.0


def main(chosen: list[str]) -> int:
    """Run them; returns how many did not get what they want."""
    unknown = set(chosen) - {*USUAL, *NAMED}
    if unknown:
        print(f"no such benchmark: {', '.join(sorted(unknown))}; there are {', '.join((*USUAL, *NAMED))}")
        return 2
    environment = os.environ | {"PYTHONPATH": str(HERE.parent)}
    failed, taken = [], {}
    for name in chosen or USUAL:
        print(f"\n== {name}", flush=True)
        began = time.monotonic()
        program = ["-m", f"benchmarks.{name}"] if name in MODULES else [str(HERE / f"{name}.py")]
        if subprocess.run([sys.executable, *program], check=False, env=environment, cwd=HERE.parent).returncode:
            failed.append(name)
        taken[name] = time.monotonic() - began
    print("\nseconds: " + ", ".join(f"{name} {seconds:.0f}" for name, seconds in taken.items()))
    whole = sum(taken.values())
    print(f"{whole:.0f} s in all" + ("" if chosen or whole <= MOST_S else f", more than the {MOST_S:.0f} wanted"))
    print(f"\nwithin what is wanted, but for: {', '.join(failed)}" if failed else "\nall within what is wanted")
    return len(failed)


if __name__ == "__main__":
    sys.exit(min(1, main(sys.argv[1:])))
