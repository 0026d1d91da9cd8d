"""The commands of docs/hand-over.md and docs/fr/remise.md, run on evidence of a made-up check and on its parcel."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from automation.evidence.keys.trust import pinned
from tests.documents import ROOT, blocks
from tests.evidence.authorities import RealAuthority
from tests.evidence.building import RUNS, Place

PAGES = ("hand-over.md", "remise.md")
pytestmark = pytest.mark.skipif(shutil.which("sha256sum") is None, reason="no sha256sum on this system")


def _blocks(page: str) -> list[str]:
    return [block.text for block in blocks("sh") if block.page.name == page]


def _shell(text: str, folder: Path, data: Path) -> subprocess.CompletedProcess[str]:
    program = f'temoin() {{ "{sys.executable}" -m automation "$@"; }}\n'
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "XDG_DATA_HOME": str(data), "LANG": "en_GB.UTF-8"}
    return subprocess.run(
        ["bash", "-euo", "pipefail", "-c", program + text], cwd=folder, env=environment, capture_output=True, text=True,
        check=False,
    )  # fmt: skip


def test_both_pages_give_the_same_commands() -> None:
    """Who reads French is given what who reads English is."""
    assert _blocks(PAGES[0]) == _blocks(PAGES[1])
    assert len(_blocks(PAGES[0])) == 3


def test_what_is_handed_over_is_checked_without_temoin(
    tmp_path: Path, authorities: tuple[RealAuthority, RealAuthority]
) -> None:
    """Each command of the page works on a stamped run; a changed file, and another authority's root, are noticed."""
    give, check, time = _blocks(PAGES[0])
    place = Place(tmp_path / "data" / "temoin", (authorities[0].authority(),))
    place.keys.pin(map(pinned, place.authorities))
    place.run("run-1", RUNS["run-1"])
    (tmp_path / "temoin-evidence").symlink_to(place.root)
    given = _shell(give.replace("/RUN", "/run-1"), tmp_path, tmp_path / "data")
    assert given.returncode == 0, given.stderr
    with zipfile.ZipFile(tmp_path / "run.zip") as parcel:
        parcel.extractall(tmp_path / "unpacked")
    folder = next((tmp_path / "unpacked").rglob("bagit.txt")).parent
    held = _shell(check, folder, tmp_path / "data")
    assert held.returncode == 0, held.stderr
    assert held.stdout.splitlines()[-1].split()[0] in (tmp_path / "trust.json").read_text()
    shutil.copy(authorities[0].folder / "root.pem", folder / "root.pem")
    stamped = _shell(time.replace("AUTHORITY", "alpha"), folder, tmp_path / "data")
    assert (stamped.returncode, "Time stamp: " in stamped.stdout) == (0, True), stamped.stderr
    shutil.copy(authorities[1].folder / "root.pem", folder / "root.pem")
    assert _shell(time.replace("AUTHORITY", "alpha"), folder, tmp_path / "data").returncode != 0
    result = next(folder.rglob("result.json"))
    result.write_bytes(result.read_bytes() + b" ")
    assert _shell(check, folder, tmp_path / "data").returncode != 0
