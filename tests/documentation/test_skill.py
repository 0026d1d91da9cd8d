"""The skill for agents: its form, and every command of it, run in the folder that a demo left."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from automation.cli.commands import COMMANDS
from automation.core.results import ExitCode
from automation.core.verdicts import Verdict
from tests.documents import ROOT, blocks
from tests.turns import HANGING_S

SKILL = ROOT / "skills" / "temoin" / "SKILL.md"
TEXT = SKILL.read_text(encoding="utf-8")
_HEAD = re.match(r"---\n(.*?)\n---\n", TEXT, re.DOTALL)


def test_it_has_the_form_that_agents_read() -> None:
    """
    Name, description and compatibility keep the limits of the Agent Skills specification, and the plugin points here.

    Source: agentskills.io, specification: name as its folder, 64 characters; description 1024; compatibility 500.
    """
    assert _HEAD is not None
    fields = dict(re.findall(r"^([a-z-]+): (?:>-\n)?((?:.+|\n  .+)+)", _HEAD[1], re.MULTILINE))
    assert set(fields) <= {"name", "description", "license", "compatibility", "metadata", "allowed-tools"}
    assert fields["name"] == SKILL.parent.name
    assert 0 < len(fields["description"]) <= 1024
    assert len(fields["compatibility"]) <= 500
    plugin = json.loads((ROOT / ".claude-plugin" / "plugin.json").read_text(encoding="utf-8"))
    assert (ROOT / plugin["skills"] / plugin["name"] / SKILL.name).samefile(SKILL)
    assert [*plugin["mcpServers"]["temoin"]["args"]] == ["mcp"]
    assert "mcp" in COMMANDS


def test_it_explains_every_code() -> None:
    """All verdicts and all exit codes stand in its tables, and no others."""
    rows = re.findall(r"^\| `?([a-z_]+|\d)`? \|", TEXT, re.MULTILINE)
    named = [row for row in rows if row not in {"verdict", "act"}]
    assert named == [*(str(verdict) for verdict in Verdict), *(str(int(code)) for code in ExitCode)]


def _shell(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    program = f'temoin() {{ "{sys.executable}" -m automation "$@"; }}\n'
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TEMOIN_")}
    environment |= {"PYTHONPATH": str(ROOT), "LANG": "en_GB.UTF-8", "XDG_DATA_HOME": str(folder.parent / "data")}
    return subprocess.run(
        ["bash", "-c", program + command], cwd=folder, env=environment, stdin=subprocess.DEVNULL,
        capture_output=True, text=True, check=False, timeout=HANGING_S,
    )  # fmt: skip


@pytest.mark.browser
@pytest.mark.thorough
def test_its_commands_work_in_a_demos_folder(tmp_path: Path) -> None:
    """Each command that visits nobody ends as the skill says, and gives what it says, from what a demo left."""
    folder = tmp_path / "demo"
    played = _shell("temoin demo --at-most 2 --output demo", tmp_path)
    assert played.returncode == 0, played.stderr
    (tmp_path / "data" / "temoin").mkdir(parents=True)
    shutil.copytree(tmp_path / "demo-keys", tmp_path / "data" / "temoin" / "keys")  # who played it, at their machine
    _shell("temoin history rebuild", folder)
    ended = {
        block.text.strip(): _shell(block.text.replace("temoin-evidence", "."), folder)
        for block in blocks("sh")
        if block.page == SKILL and not block.mark
    }
    assert {command: (one.returncode, one.stderr) for command, one in ended.items() if one.returncode} == {}
    told: dict[str, Any] = json.loads(ended["temoin history --json"].stdout)
    assert len(told["entries"]) == 2
    assert all(entry["stand_in"] and entry["change"]["now"]["verdict"] in set(Verdict) for entry in told["entries"])
    report = tmp_path / ended["temoin report"].stdout.strip()
    assert report.read_text(encoding="utf-8").startswith("<!doctype html>")
