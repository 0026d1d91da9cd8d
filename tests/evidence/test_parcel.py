"""
An evidence folder as one encrypted file.

Real: age, tar, the evidence folder with its ledger. The names of files hold what archives stumble over.
"""

from __future__ import annotations

import io
import os
import stat
import tarfile
from pathlib import Path

import pyrage
import pytest

from automation.core.errors import ConfigurationError, OutputError
from automation.evidence.maintain.packing import pack, unpack
from tests.disk import FULL, FaultyDisk


@pytest.fixture
def key() -> pyrage.x25519.Identity:
    """Of whoever may look."""
    return pyrage.x25519.Identity.generate()


@pytest.fixture
def evidence(tmp_path: Path) -> Path:
    """Two runs with a ledger, and what does not belong into a parcel."""
    root = tmp_path / "evidence"
    for run in ("run-1", "run-2"):
        (root / run / "bundle" / "data").mkdir(parents=True)
        (root / run / "bundle" / "data" / f"{'é' * 60}-{'x' * 60}.png").write_bytes(os.urandom(70_000))
    (root / "ledger.jsonl").write_text("{}\n")
    os.link(root / "ledger.jsonl", root / "ledger-again.jsonl")
    (root / "ledger.lock").touch()
    (root / ".results.json.partial").touch()
    (root / "outside").symlink_to("/etc/hostname")
    return root


def contents(root: Path) -> dict[str, bytes]:
    """Path → bytes of every file."""
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def test_what_is_packed_comes_out_again(evidence: Path, tmp_path: Path, key: pyrage.x25519.Identity) -> None:
    """Every file but links, locks and unfinished ones, byte for byte; the parcel is its owner's alone and names nobody."""
    target = evidence / "evidence.tar.age"
    target.write_text("an older one")
    assert pack(evidence, target, [key.to_public()]) == 4
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    plain = pyrage.decrypt(target.read_bytes(), [key])
    with tarfile.open(fileobj=io.BytesIO(plain)) as tar:
        assert {(entry.uname, entry.uid, entry.isreg()) for entry in tar} == {("", 0, True)}
    unpack(target, tmp_path / "out", [key])
    expected = contents(evidence)
    for name in ("ledger.lock", ".results.json.partial", "outside", "evidence.tar.age"):
        del expected[name]
    assert contents(tmp_path / "out") == expected


def test_two_may_look_and_nobody_else(evidence: Path, tmp_path: Path, key: pyrage.x25519.Identity) -> None:
    """Each recipient opens it alone; another key is told that it is another."""
    second, third = (pyrage.x25519.Identity.generate() for _ in range(2))
    pack(evidence, tmp_path / "p.age", [key.to_public(), second.to_public()])
    unpack(tmp_path / "p.age", tmp_path / "one", [second])
    with pytest.raises(ConfigurationError, match="packed for another key"):
        unpack(tmp_path / "p.age", tmp_path / "two", [third])
    assert not (tmp_path / "two").exists()


def test_nothing_is_unpacked_over_something(evidence: Path, tmp_path: Path, key: pyrage.x25519.Identity) -> None:
    """A folder that holds something is left as it is; so is a place that is a file."""
    pack(evidence, tmp_path / "p.age", [key.to_public()])
    for place in (evidence, evidence / "ledger.jsonl"):
        before = contents(evidence)
        with pytest.raises(ConfigurationError, match="something here already"):
            unpack(tmp_path / "p.age", place, [key])
        assert contents(evidence) == before


@pytest.mark.parametrize("damage", ["cut", "changed", "no age file", "empty", "missing"])
def test_a_damaged_parcel_gives_nothing(
    damage: str, evidence: Path, tmp_path: Path, key: pyrage.x25519.Identity
) -> None:
    """Not one file of a parcel that is damaged comes out, and the message says what it is."""
    parcel = tmp_path / "p.age"
    pack(evidence, parcel, [key.to_public()])
    whole = parcel.read_bytes()
    if damage == "missing":
        parcel.unlink()
    else:
        changed = whole[:-100_000] + b"\0" + whole[-99_999:]
        parcel.write_bytes({"cut": whole[:-100], "changed": changed, "no age file": b"PK\3\4", "empty": b""}[damage])
    with pytest.raises(
        ConfigurationError, match="cannot be read" if damage == "missing" else "damaged, or no age file"
    ):
        unpack(parcel, tmp_path / "out", [key])
    assert not (tmp_path / "out").exists()


def test_a_parcel_that_leads_out_is_refused(tmp_path: Path, key: pyrage.x25519.Identity) -> None:
    """Somebody else's archive with a path that leaves the folder writes nothing anywhere."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        tar.addfile(tarfile.TarInfo("../escaped"), io.BytesIO())
    (tmp_path / "p.age").write_bytes(pyrage.encrypt(buffer.getvalue(), [key.to_public()]))
    with pytest.raises(ConfigurationError, match="no evidence folder"):
        unpack(tmp_path / "p.age", tmp_path / "in" / "out", [key])
    assert list(tmp_path.rglob("escaped")) == []


@pytest.mark.skipif(not FULL.exists(), reason="needs a disk that is always full")
def test_a_parcel_that_cannot_be_written_leaves_the_old_one(
    evidence: Path, tmp_path: Path, key: pyrage.x25519.Identity, faulty_disk: FaultyDisk
) -> None:
    """A disk that fills up in the middle costs the new parcel, not the one before, and leaves no half of one."""
    place = tmp_path / "parcels"
    place.mkdir()
    (place / "p.age").write_text("the one before")

    faulty_disk.full = True
    with pytest.raises(OutputError, match="No space left"):
        pack(evidence, place / "p.age", [key.to_public()])
    assert contents(place) == {"p.age": b"the one before"}
    assert pack(tmp_path / "nothing here", place / "q.age", [key.to_public()]) == 0
    assert not (place / "q.age").exists()
