"""What is published: the same bytes from the same sources, one version everywhere, a bill of what comes along."""

from __future__ import annotations

import hashlib
import re
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest

from automation import __version__
from tests.packaging.conftest import ROOT, build, release


def digest(path: Path) -> str:
    """SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.thorough
def test_the_same_sources_give_the_same_bytes(archives: dict[str, Path], tmp_path: Path) -> None:
    """Built again from the source archive alone, both archives are the same, byte for byte."""
    with tarfile.open(archives["sdist"]) as archive:
        archive.extractall(tmp_path, filter="data")
    again = build(tmp_path / f"temoin-{__version__}", tmp_path / "dist")
    assert digest(again["wheel"]) == digest(archives["wheel"])
    assert digest(again["sdist"]) == digest(archives["sdist"])


def test_the_wheel_holds_the_product_and_nothing_else(archives: dict[str, Path]) -> None:
    """Every tracked file of the engine and the flows is in it, with pages and catalogues; no test, no secret, no cache."""
    with zipfile.ZipFile(archives["wheel"]) as wheel:
        names = {name for name in wheel.namelist() if not name.startswith(f"temoin-{__version__}.dist-info/")}
    here = {
        path.relative_to(ROOT).as_posix()
        for folder in ("automation", "flows")
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }
    assert names == here
    assert {"flows/meta_replica/words.toml", "automation/reports/templates/report.j2"} <= names


def test_the_version_has_one_place() -> None:
    """It stands in `automation/__init__.py`; the archives take it from there, and the changelog begins with it."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert "version" in project["project"]["dynamic"]
    assert project["tool"]["hatch"]["version"] == {"path": "automation/__init__.py"}
    assert release()["version"]() == __version__
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    found = re.search(r"^## (\S+),", changelog, re.MULTILINE)
    assert found
    assert found[1] == __version__


@pytest.mark.parametrize(
    ("heading", "words"),
    [
        ("## 1.2.3, 2026-12-01", ""),
        ("## 1.2.3, not released yet", "Write the day"),
        ("## 1.2.2, 2026-12-01", "does not begin with 1.2.3"),
        ("nothing", "does not begin with 1.2.3"),
    ],
)
def test_a_release_needs_its_day(heading: str, words: str) -> None:
    """A version that the changelog does not know, or without its day, is not published."""
    found = "\n".join(release()["problems"](f"# Changelog\n\n{heading}\n\n- text\n", "1.2.3"))
    assert words in found
    assert bool(found) == bool(words)


def test_digests_are_as_sha256sum_reads_them(tmp_path: Path) -> None:
    """The file of digests names every published file but itself."""
    (tmp_path / "a.whl").write_bytes(b"a")
    (tmp_path / "SHA256SUMS").write_text("old")
    assert release()["sums"](tmp_path) == f"{hashlib.sha256(b'a').hexdigest()}  a.whl\n"
