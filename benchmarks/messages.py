"""
How many messages Playwright's driver exchanges with the browser, by method, and the CPU seconds beside them.

For one check with a saved session, or for the whole of `temoin demo`. Messages depend little on how busy the machine
is, so they tell what a change costs where seconds do not. `--beside FOLDER` counts another checkout as well.

Run: python benchmarks/messages.py [check | demo] [--beside FOLDER]
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from processes import PARTS, Usage
from stand_in import ROOT

MOST_SHOWN = 40
_LINE = re.compile(r"(SEND|RECV)\b[^{]*(\{.*)")
_METHOD = re.compile(r'"method":"([\w.]+)"')
_ID = re.compile(r'\{"id":(\d+)')


def count(lines: Iterable[str]) -> Counter[str]:
    """Messages by method: commands, their answers, and events of the browser."""
    found: Counter[str] = Counter()
    asked: dict[str, str] = {}
    for line in lines:
        message = _LINE.search(line)
        if message is None:
            continue
        number, method = _ID.match(message[2]), _METHOD.search(message[2])
        if message[1] == "SEND" and number and method:
            asked[number[1]] = method[1]
            found[method[1]] += 1
        elif number:
            found[f"{asked.pop(number[1], 'unknown')}, answer"] += 1
        elif method:
            found[f"{method[1]}, event"] += 1
    return found


def measured(what: str, root: Path) -> tuple[Counter[str], dict[str, float]]:
    """Messages by method, and CPU seconds by part, of one run with the program of a checkout."""
    script = [str(Path(__file__).with_name("cpu_by_part.py")), "--once", "saved"]
    with tempfile.TemporaryDirectory(prefix="bench-") as place, (Path(place) / "log").open("w+") as log:
        command = script if what == "check" else ["-m", "automation", "demo", "--output", place]
        environment = os.environ | {
            "DEBUG": "pw:protocol", "DEBUG_COLORS": "0", "PYTHONPATH": str(root), "TEMOIN_BENCH_ROOT": str(root),
        }  # fmt: skip
        with (
            subprocess.Popen(
                [sys.executable, *command], cwd=root, env=environment, stdout=subprocess.DEVNULL, stderr=log
            ) as process,
            Usage(process.pid) as usage,
        ):
            code = process.wait()
        if code not in {0, 1}:  # the demo shows accounts that have not objected, and says so
            raise SystemExit(f"{what} ended with {code}")
        log.seek(0)
        return count(log), usage.cpu_by_part


def main(what: str, beside: Path | None) -> int:
    """Count, and print the tables."""
    roots = {"here": ROOT} | ({beside.name: beside} if beside else {})
    found = {name: measured(what, root) for name, root in roots.items()}
    for name, (messages, cpu_s) in found.items():
        parts = ", ".join(f"{part} {cpu_s[part]:.2f}" for part in PARTS if part in cpu_s)
        print(f"{name}: {messages.total()} messages; {sum(cpu_s.values()):.1f} CPU s with the log of them ({parts})")
    print("\n| method | " + " | ".join(found) + " |\n|---" + "|---" * len(found) + "|")
    everything: Counter[str] = sum((messages for messages, _ in found.values()), Counter())
    for method, _ in everything.most_common(MOST_SHOWN):
        print(f"| {method} | " + " | ".join(str(messages[method]) for messages, _ in found.values()) + " |")
    return 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Messages between Playwright's driver and the browser")
    parser.add_argument("what", choices=("check", "demo"), nargs="?", default="check")
    parser.add_argument("--beside", type=Path, help="another checkout")
    given = parser.parse_args()
    sys.exit(main(given.what, given.beside and given.beside.resolve()))
