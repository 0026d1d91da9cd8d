"""
All benchmarks, or those that are named, one after the other: `make bench`.

Each is a program of its own that says what it wants and exits with 1 where it does not get it. `endurance` takes half
an hour by itself and runs only when it is named.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
USUAL = (
    "start", "guard_decisions", "guard_cost", "capture", "evidence", "history", "report", "growth", "one_check",
    "side_by_side", "against_shot_scraper",
)  # fmt: skip
NAMED = ("endurance",)


def main(chosen: list[str]) -> int:
    """Run them; returns how many did not get what they want."""
    unknown = set(chosen) - {*USUAL, *NAMED}
    if unknown:
        print(f"no such benchmark: {', '.join(sorted(unknown))}; there are {', '.join((*USUAL, *NAMED))}")
        return 2
    environment = os.environ | {"PYTHONPATH": str(HERE.parent)}
    failed = []
    for name in chosen or USUAL:
        print(f"\n== {name}", flush=True)
        if subprocess.run([sys.executable, str(HERE / f"{name}.py")], check=False, env=environment).returncode:
            failed.append(name)
    print(f"\nwithin what is wanted, but for: {', '.join(failed)}" if failed else "\nall within what is wanted")
    return len(failed)


if __name__ == "__main__":
    sys.exit(min(1, main(sys.argv[1:])))
