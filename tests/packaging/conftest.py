"""The wheel, built once, and an environment that holds nothing but what the wheel brings along."""

from __future__ import annotations

import os
import runpy
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.turns import HANGING_S

ROOT = Path(__file__).resolve().parents[2]


def release() -> dict[str, Any]:
    """What `.ci/release.py` holds."""
    return runpy.run_path(str(ROOT / ".ci" / "release.py"), run_name="looked at")


def build(source: Path, target: Path) -> dict[str, Path]:
    """Build both archives of a source tree as `make build` does; kind → file."""
    program = Path(sys.executable).with_name("hatchling")
    environment = {**os.environ, "SOURCE_DATE_EPOCH": "1795564800"}
    subprocess.run(
        [program, "build", "--directory", target], cwd=source, env=environment, check=True, capture_output=True
    )
    return {"wheel": next(target.glob("*.whl")), "sdist": next(target.glob("*.tar.gz"))}


@pytest.fixture(scope="session")
def archives(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The wheel and the source archive of this tree."""
    return build(ROOT, tmp_path_factory.mktemp("dist"))


@dataclass(frozen=True)
class Fresh:
    """A fresh machine's environment."""

    folder: Path
    wheel: Path

    @property
    def programs(self) -> Path:
        """Where its programs lie."""
        return self.folder / "bin"

    def temoin(self, place: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run its program in a folder, with a home of its own and no variable of ours."""
        kept = {name: value for name, value in os.environ.items() if name.startswith(("PLAYWRIGHT_", "LC_"))}
        environment = {"PATH": "/usr/bin:/bin", "HOME": str(place), "LANG": "en_GB.UTF-8", **kept, **variables}
        return subprocess.run(
            [self.programs / "temoin", *arguments],
            cwd=place,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=HANGING_S,
        )


@pytest.fixture(scope="session")
def fresh(archives: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Fresh:
    """The wheel in an empty environment, with the locked versions of what it asks for and nothing else."""
    folder = tmp_path_factory.mktemp("fresh") / "environment"
    release()["install"](archives["wheel"], folder)
    return Fresh(folder, archives["wheel"])


@pytest.fixture(scope="session")
def runner_programs(fresh: Fresh, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """
    The programs of a runner on which Python was set up: `python` installs into the fresh environment.

    The environment has no pip of its own, so that of the tests is asked, which finds all there already.
    """
    folder = tmp_path_factory.mktemp("programs")
    for name in ("python", "python3"):
        program = folder / name
        program.write_text(
            f'#!/bin/sh\nif [ "$1 $2" = "-m pip" ]; then shift 2; exec {sys.executable} -m pip --python {fresh.folder} "$@"; fi\n'
            f'exec {fresh.programs / "python"} "$@"\n'
        )
        program.chmod(0o755)
    (folder / "temoin").symlink_to(fresh.programs / "temoin")
    return folder
