"""
`docs/add-a-service.md` word for word: its commands are run and its files written, in one folder, in the page's order.

Real: the shell, the program, the browser, the guard, the stand-in's server, the evidence. Not real: the service.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import flows as shipped
from tests.documents import ROOT, blocks
from tests.turns import HANGING_S

PAGE = ROOT / "docs" / "add-a-service.md"
MARK = "run by: tests/documentation/test_add_a_service.py"

pytestmark = [pytest.mark.browser, pytest.mark.rare]


def _shell(text: str, folder: Path) -> subprocess.CompletedProcess[str]:
    program = folder.parent / "bin" / "temoin"
    if not program.exists():
        program.parent.mkdir()
        program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m automation "$@"\n', encoding="utf-8")
        program.chmod(0o755)
    mine = {name: value for name, value in os.environ.items() if not name.startswith("TEMOIN_")}
    path = f"{program.parent}{os.pathsep}{mine['PATH']}"
    return subprocess.run(
        ["bash", "-euo", "pipefail", "-c", text], cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True,
        check=False, timeout=HANGING_S,
        env={**mine, "PATH": path, "PYTHONPATH": str(ROOT), "LANG": "en_GB.UTF-8", "COLUMNS": "100",
             "XDG_DATA_HOME": str(folder / "data")},
    )  # fmt: skip


@pytest.mark.timeout(400)
def test_the_tutorial_holds_word_for_word(tmp_path: Path) -> None:
    """Each block of commands ends as the page says, and every line that it shows as output is there."""
    folder = tmp_path / "work"
    folder.mkdir()
    page = [block for block in blocks("sh", "text") if block.page == PAGE]
    said, ran = "", 0
    for block in page:
        if block.kind == "text":
            wanted_lines = {line: re.escape(line.strip()).replace("…", ".*") for line in block.text.splitlines()}
            missing = [line for line, pattern in wanted_lines.items() if not re.search(pattern, said)]
            assert not missing, f"{block}: not said: {missing}\n{said}"
            continue
        assert block.mark.startswith(MARK), f"{block} is not run"
        ended = _shell(block.text, folder)
        said = ended.stdout + ended.stderr
        wanted = re.search(r"ends with (\d)", block.mark)
        assert ended.returncode == (int(wanted[1]) if wanted else 0), f"{block}:\n{said}"
        ran += 1
    assert ran == len([b for b in page if b.kind == "sh"]) >= 6
    assert shipped.load([folder / "flows-of-ours"])["studio.ai_training"].guide.title["fr"].startswith("Studio :")
    assert list((folder / "temoin-evidence" / "demo").rglob("report.en.html"))
