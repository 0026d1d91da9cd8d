"""
`temoin demo` of a single account: what its last lines say is so.

Real: the stand-in, the browser, the guard, the seal, and a shell that runs the command of the closing words.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Program

ROOT = Path(__file__).parents[2]


@pytest.mark.thorough
@pytest.mark.browser
def test_the_demo_says_how_to_verify_it(tmp_path: Path, temoin: Program) -> None:
    """Its closing words name the keys to trust: pasted into a shell, they verify, and no longer after a change."""
    output = tmp_path / "my evidence"
    ended = temoin("--lang", "en", "demo", "--at-most", "1", "--output", str(output))
    assert ended.code == 0
    said = ended.out
    assert "Writes that reached the stand-in: 0" in said
    command = re.search(r"^To verify: temoin (verify .*)$", said, re.MULTILINE)
    assert command is not None
    line = f"{sys.executable} -m automation --lang en {command[1]}"
    assert _shell(line, tmp_path) == 0
    result = next(output.glob("*/*/data/result.json"))
    result.write_bytes(result.read_bytes().replace(b'"verdict"', b'"Verdict"'))
    assert _shell(line, tmp_path) == 1


def _shell(line: str, folder: Path) -> int:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(line, shell=True, cwd=folder, env=environment, check=False, capture_output=True).returncode
