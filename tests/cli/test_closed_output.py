"""Real pipes whose reader is gone, as after `… | head`: the program, started as its own process, ends quietly."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from automation.cli.group import READER_GONE, quiet_when_reader_is_gone
from automation.evidence.verify.findings import VerifyCode
from tests.evidence.building import Place
from tests.tiers import first
from tests.turns import HANGING_S

ROOT = Path(__file__).parents[2]


def _unread(folder: Path, *arguments: str) -> tuple[int, str]:
    """Exit code and error output of the program, started with a pipe that nobody reads."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TEMOIN_")}
    started = subprocess.Popen(
        [sys.executable, "-m", "automation", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=folder,
        env={**kept, "PYTHONPATH": str(ROOT), "XDG_DATA_HOME": str(folder / "data"), "LANG": "en_GB.UTF-8"},
    )
    assert started.stdout is not None
    started.stdout.close()
    said = started.communicate(timeout=HANGING_S)[1]
    return started.returncode, said


@pytest.mark.parametrize("arguments", first("flows list", "--help", "schema"))
def test_a_command_ends_quietly(arguments: str, tmp_path: Path) -> None:
    """Plain text, long text and tables: no word on the error output, and a code of its own, no finding."""
    assert _unread(tmp_path, *arguments.split()) == (READER_GONE, "")


@pytest.mark.parametrize("option", first("--json", "--quiet", "--lang=fr"))
def test_verifying_for_nobody(option: str, tmp_path: Path) -> None:
    """Never one of the exit codes that say something of the evidence, unless there was nothing to print."""
    place = Place(tmp_path)
    place.sealed()
    code, said = _unread(
        tmp_path, "verify", "evidence", "--trust", str(place.trust_file()), option, "--allow-unstamped"
    )
    assert (code, said) == (VerifyCode.VALID if option == "--quiet" else READER_GONE, "")


def _write_to_nobody() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        os.write(writing, b"x")
    finally:
        os.close(writing)


def test_another_broken_pipe_stays_a_fault() -> None:
    """A browser or server that is gone is no reader that is gone."""
    with pytest.raises(BrokenPipeError), quiet_when_reader_is_gone():
        _write_to_nobody()
    with pytest.raises(SystemExit), quiet_when_reader_is_gone():
        raise SystemExit(1)
