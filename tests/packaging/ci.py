"""CI services played in a bare folder: their steps are run as written, with nothing there but what the steps bring."""

from __future__ import annotations

import asyncio
import json
import os
import re
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.answering import Asked, answering
from tests.turns import HANGING_S

_EXPRESSION = re.compile(r"\$\{\{ (.+?) \}\}")
_NAME = re.compile(r"'[^']*'|\b(?:inputs|github|secrets|matrix|runner|env|steps)[\w.-]*")


@dataclass
class Surroundings:
    """What a service has beside the job: its own address, and the one that a heartbeat goes to."""

    private: bool = True
    address: str = ""
    asked: list[str] = field(default_factory=list)


@contextmanager
def surroundings(*, private: bool = True) -> Iterator[Surroundings]:
    """A server on loopback that says whether the repository is private, and notes whatever else is asked."""
    around = Surroundings(private)

    def answer(asked: Asked) -> tuple[int, bytes]:
        around.asked.append(f"{asked.path} {asked.authorization}".strip())
        return 200, json.dumps({"private": around.private}).encode()

    with answering(answer) as around.address:
        yield around


class Machine:
    """A runner's machine: an empty home, a folder with the checked-out files, and a few programs of the system."""

    def __init__(self, folder: Path, programs: Path, variables: Mapping[str, str]) -> None:
        self.home, self.place, self.temp = folder / "home", folder / "work", folder / "temp"
        for path in (self.home, self.place, self.temp):
            path.mkdir(parents=True)
        self.variables = {
            "PATH": f"{programs}:/usr/local/bin:/usr/bin:/bin",
            "HOME": str(self.home),
            "CI": "true",
            "PYTHONDONTWRITEBYTECODE": "1",
            **{name: value for name, value in os.environ.items() if name.startswith(("PIP_", "SSL_", "PLAYWRIGHT_"))},
            **variables,
        }

    async def run(self, script: str, variables: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
        """One step, as both services run it: bash that stops at the first fault."""
        return await asyncio.to_thread(
            subprocess.run, ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
            cwd=self.place, env={**self.variables, **variables}, capture_output=True, text=True, check=False, timeout=HANGING_S,
        )  # fmt: skip


@dataclass
class Played:
    """What a job of GitHub came to."""

    outcomes: dict[str, str]
    """Name of the step → success, failure or skipped."""
    summary: str
    artifacts: dict[str, Path]
    printed: str


async def play_github(steps: list[dict[str, Any]], machine: Machine, context: dict[str, str]) -> Played:
    """Run the steps of a job or of an action; actions of others are taken as done, uploads are noted."""
    outputs, summary = machine.temp / "outputs", machine.temp / "summary"
    outputs.touch()
    summary.touch()
    context = {**context, "runner.temp": str(machine.temp)}
    outcomes: dict[str, str] = {}
    artifacts: dict[str, Path] = {}
    printed, failed = "", False
    for number, step in enumerate(steps):
        name = step.get("name") or step.get("uses", "").partition("@")[0] or str(number)
        condition = step.get("if", "${{ true }}")
        skipped = (failed and "cancelled()" not in condition) or not _true(condition, context)
        ended = None if skipped or "run" not in step else await _step(step, machine, context, outputs, summary)
        outcome = "skipped" if skipped else "failure" if ended and ended.returncode else "success"
        printed += f"{ended.stdout}{ended.stderr}" if ended else ""
        failed = failed or outcome == "failure"
        outcomes[name] = outcome
        if "id" in step:
            context[f"steps.{step['id']}.outcome"] = outcome
            said = dict(line.split("=", 1) for line in outputs.read_text().splitlines())
            context |= {f"steps.{step['id']}.outputs.{key}": value for key, value in said.items()}
        if name == "actions/upload-artifact" and outcome == "success":
            artifacts[_filled(step["with"]["name"], context)] = Path(_filled(step["with"]["path"], context))
    return Played(outcomes, summary.read_text(), artifacts, printed)


async def _step(
    step: dict[str, Any], machine: Machine, context: Mapping[str, str], outputs: Path, summary: Path
) -> subprocess.CompletedProcess[str]:
    given = {key: _filled(str(value), context) for key, value in step.get("env", {}).items()}
    files = {"GITHUB_OUTPUT": str(outputs), "GITHUB_STEP_SUMMARY": str(summary), "RUNNER_TEMP": str(machine.temp)}
    return await machine.run(_filled(step["run"], context), {**given, **files})


def _filled(text: str, context: Mapping[str, str]) -> str:
    return _EXPRESSION.sub(lambda found: context[found[1]], text)


def _true(condition: str, context: Mapping[str, str]) -> bool:
    """GitHub's expressions, as far as ours go: comparisons, `&&`, and `!cancelled()`, which holds here."""

    def value(found: re.Match[str]) -> str:
        return found[0] if found[0].startswith("'") else repr(context.get(found[0], ""))

    inner = condition.removeprefix("${{ ").removesuffix(" }}").replace("!cancelled()", "True").replace("&&", "and")
    return bool(eval(_NAME.sub(value, inner.replace("true", "True") if inner == "true" else inner)))
