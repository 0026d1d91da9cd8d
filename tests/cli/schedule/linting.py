"""Judges of CI files that others wrote: the services' own schemas, zizmor, shellcheck. All of them work offline."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.turns import HANGING_S

TOOLS = Path(sys.executable).parent


def workflow_faults(*paths: Path, action: bool = False) -> str:
    """What is wrong with workflows or actions of GitHub: their schema, dangers, and the shell in them."""
    schema = "vendor.github-actions" if action else "vendor.github-workflows"
    files = list(map(str, paths))
    found = _said("check-jsonschema", "--builtin-schema", schema, *files)
    found += _said("zizmor", "--offline", "--no-progress", "--quiet", "--no-config", *files)
    return found + shell_faults(*paths)


def gitlab_faults(*paths: Path) -> str:
    """What is wrong with files for GitLab: their schema, and the shell in them."""
    schema = ("--builtin-schema", "vendor.gitlab-ci", "--data-transform", "gitlab-ci")
    return _said("check-jsonschema", *schema, *map(str, paths)) + shell_faults(*paths)


def shell_faults(*paths: Path, shell: str = "bash", besides: str = "SC2148") -> str:
    """What shellcheck finds in scripts, or in all shell of files of YAML; SC2148 wants a first line."""
    scripts: list[Path] = []
    for path in paths:
        if path.suffix not in {".yml", ".yaml"}:
            scripts.append(path)
            continue
        for number, script in enumerate(scripts_of(path)):
            scripts.append(path.with_suffix(f".{number}.sh"))
            scripts[-1].write_text(script, encoding="utf-8")
    return _said("shellcheck", "--shell", shell, "--exclude", besides, *map(str, scripts))


def scripts_of(path: Path) -> list[str]:
    """Every shell script in a file of YAML, as the service joins it."""
    return list(_scripts(yaml.safe_load(path.read_text(encoding="utf-8"))))


def _scripts(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        for key, value in part.items():
            if key == "run" and isinstance(value, str):
                yield value
            elif key in {"script", "after_script"} and isinstance(value, list):
                yield "\n".join(value)
            else:
                yield from _scripts(value)
    elif isinstance(part, list):
        for value in part:
            yield from _scripts(value)


def _said(tool: str, *arguments: str) -> str:
    program = shutil.which(tool, path=f"{TOOLS}:{os.environ['PATH']}")
    if program is None:
        pytest.skip(f"{tool} has no wheel for this system: install it from the system's packages")
    answer = subprocess.run([program, *arguments], capture_output=True, text=True, check=False, timeout=HANGING_S)
    return "" if answer.returncode == 0 else f"{tool}: {answer.stdout}{answer.stderr}\n"
