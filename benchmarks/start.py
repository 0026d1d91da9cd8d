"""
How long the program takes to start, as a ratio to Python itself: `--help`, and `check` until it asks for a browser.

Wanted on an idle machine: `--help` within 0.25 s, `check` within 0.6 s. On a busy one compare the CPU seconds and the
ratio to `python -c pass`, which is measured in turn with them.

Run: python benchmarks/start.py [rounds]
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path

from stand_in import ROOT, folder, load

ROUNDS = 9
MOST_S = {"--help": 0.25, "check": 0.6}
CONFIGURATION = """
[browser]
replica_map = { "*" = "127.0.0.1:9" }

[[accounts]]
name = "a"
flow = "facebook.ai_objection"
owner = "b"
identity = "100080000000000"
sign_in = "password"
"""
ASKED = """
import sys
from automation import cli
begin = cli.app
def asked(*_):
    import os
    os._exit(0)
def patched(**given):
    from automation.browser import finder
    finder.find_browser = asked
    begin(**given)
cli.app = patched
sys.argv = ["temoin", "check", "--json", "--config", {config!r}]
cli.main()
"""


def timed(command: list[str], environment: dict[str, str]) -> tuple[float, float]:
    """Seconds and CPU seconds of a process."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment)
    took, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    return took, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main(rounds: int) -> int:
    """Measure in turn, print, and return 1 where a start takes longer than wanted."""
    with folder() as place:
        config = place / "temoin.toml"
        config.write_text(CONFIGURATION)
        temoin = str(Path(sys.executable).with_name("temoin"))
        commands = {
            "python": [sys.executable, "-c", "pass"],
            "--help": [temoin, "--help"],
            "check": [sys.executable, "-c", ASKED.format(config=str(config))],
        }
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"} | {
            "PYTHONPYCACHEPREFIX": str(place / "compiled"),  # compiled once, as on a machine where it is used
            "PYTHONPATH": str(ROOT),
            "XDG_DATA_HOME": str(place),
            "TEMOIN_SECRETS__A__USERNAME": "a",
            "TEMOIN_SECRETS__A__PASSWORD": "b",
        }
        found: dict[str, list[tuple[float, float]]] = {name: [] for name in commands}
        for command in commands.values():
            timed(command, environment)
        for _ in range(rounds):
            for name, command in commands.items():
                found[name].append(timed(command, environment))
    wall = {name: statistics.median(took for took, _ in times) for name, times in found.items()}
    cpu = {name: statistics.median(used for _, used in times) for name, times in found.items()}
    for name in commands:
        print(f"{name:8} {wall[name]:.3f} s, {cpu[name]:.3f} CPU s, {cpu[name] / cpu['python']:.1f} times Python's")
    print(load())
    return 0 if all(wall[name] <= most for name, most in MOST_S.items()) else 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS))
