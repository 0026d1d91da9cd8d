"""The store: what arrives there verifies, and what did not arrive is never said to have. S3 is moto's server."""

from __future__ import annotations

import io
import os
import shutil
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import fsspec
import pytest
from fsspec.implementations.memory import MemoryFileSystem

from automation.core.errors import FleetError
from automation.evidence.formats.signed import sha256
from automation.evidence.verify.examine import examine
from automation.evidence.verify.findings import Fault, VerifyCode
from automation.fleet.store import Store, pack
from tests.disk import FULL, FaultyDisk
from tests.evidence.building import Place
from tests.fleet.stores import Bucket, a_bucket


@pytest.fixture(scope="module")
def bucket() -> Iterator[Bucket]:
    """One server for all tests of this file."""
    with a_bucket() as made:
        yield made


@pytest.fixture(scope="module")
def evidence(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """Two sealed bundles and their ledger."""
    place = Place(tmp_path_factory.mktemp("evidence"))
    for run in ("run-1", "run-2"):
        place.sealed(run, files={"pictures/été.txt": b"a name that is not ASCII"})
    return place


@pytest.fixture(params=["folder", "s3"])
def store(
    request: pytest.FixtureRequest, tmp_path: Path, bucket: Bucket, monkeypatch: pytest.MonkeyPatch
) -> tuple[Store, Callable[[], dict[str, bytes]]]:
    """A store of each kind, and what lies in it: path → content."""
    if request.param == "folder":
        folder = tmp_path / "store"
        return Store(str(folder)), lambda: {
            path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
        }
    for name, value in bucket.environment.items():
        monkeypatch.setenv(name, value)
    prefix = f"fleet-{os.urandom(3).hex()}"
    return Store(f"s3://{bucket.name}/{prefix}"), lambda: {
        key.removeprefix(f"{prefix}/"): data for key, data in bucket.objects().items() if key.startswith(prefix)
    }


def test_what_arrives_verifies(
    store: tuple[Store, Callable[[], dict[str, bytes]]], evidence: Place, tmp_path: Path
) -> None:
    """A bundle arrives as one object whose digest is told, and `verify` accepts it as it is."""
    to, there = store
    (bundle, _) = evidence.bundles()
    stored = to.put_bundle(bundle, evidence.root)
    ((name, data),) = there().items()
    assert stored.url == f"{to.url}/{name}"
    assert stored.sha256 == sha256(data)
    (tmp_path / "got.tar").write_bytes(data)
    (found,) = examine(tmp_path / "got.tar", evidence.trust)
    assert {finding.fault for step in found.steps for finding in step.findings} == {Fault.UNSTAMPED}
    assert to.put_bundle(bundle, evidence.root) == stored, "twice is once"
    assert list(there()) == [name]


def test_with_the_ledger_nothing_can_be_missing(
    store: tuple[Store, Callable[[], dict[str, bytes]]], evidence: Place, tmp_path: Path
) -> None:
    """Unpacked beside the copied ledger, the whole chain verifies; without one bundle, the hole is named."""
    to, there = store
    for bundle in evidence.bundles():
        to.put_bundle(bundle, evidence.root)
    to.put_ledger(evidence.root)
    for name, data in there().items():
        target = tmp_path / "back" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if name.endswith(".tar"):
            with tarfile.open(fileobj=io.BytesIO(data)) as archive:
                archive.extractall(target.parent, filter="data")
        else:
            target.write_bytes(data)
    (ledger,) = (tmp_path / "back").iterdir()
    assert ledger.name.startswith("ledger-")
    *_, chain = examine(ledger, evidence.trust)
    assert chain.code is VerifyCode.VALID
    shutil.rmtree(ledger / "run-1")
    *_, chain = examine(ledger, evidence.trust)
    assert chain.code is not VerifyCode.VALID


def test_trying_out_leaves_nothing(store: tuple[Store, Callable[[], dict[str, bytes]]]) -> None:
    """The trial at a worker's start writes and removes what it wrote."""
    to, there = store
    to.try_out()
    assert there() == {}


def test_the_same_bundle_makes_the_same_bytes(evidence: Place, tmp_path: Path) -> None:
    """What is uploaded again after a crash is what was uploaded before it."""
    (bundle, _) = evidence.bundles()
    for name in ("a", "b"):
        pack(bundle, tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_a_store_that_is_away_says_so(evidence: Place, monkeypatch: pytest.MonkeyPatch, bucket: Bucket) -> None:
    """Nobody listens, or there is no such bucket: the message names the store, and holds no key."""
    for name, value in bucket.environment.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(FleetError, match="s3://nowhere: the evidence store cannot be used") as caught:
        Store("s3://nowhere").put_bundle(evidence.bundles()[0], evidence.root)
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    with pytest.raises(FleetError, match="cannot be used") as away:
        Store("s3://evidence/away").try_out()
    assert "secret-of-nobody" not in f"{caught.value}{away.value}"
    with pytest.raises(FleetError, match="cannot be used"):
        Store("carrier-pigeon://roof")


@pytest.mark.skipif(not FULL.exists(), reason="needs a disk that is always full")
def test_a_full_folder_keeps_nothing_half(evidence: Place, tmp_path: Path, faulty_disk: FaultyDisk) -> None:
    """A disk that fills up in the middle leaves no object, neither whole nor half, and the message says why."""
    faulty_disk.full = True
    with pytest.raises(FleetError, match="No space left"):
        Store(str(tmp_path / "store")).put_bundle(evidence.bundles()[0], evidence.root)
    assert [path for path in (tmp_path / "store").rglob("*") if path.is_file()] == []


class Forgetful(MemoryFileSystem):
    """Takes everything and keeps seven bytes of it."""

    protocol = "forgetful"

    def info(self, path: str, **_: Any) -> dict[str, Any]:
        """As it says."""
        return {"name": path, "size": 7, "type": "file"}


def test_an_object_that_arrives_short_has_not_arrived(evidence: Place) -> None:
    """A store that says yes and holds fewer bytes is found out."""
    fsspec.register_implementation("forgetful", Forgetful, clobber=True)
    with pytest.raises(FleetError, match="arrived with 7 bytes"):
        Store("forgetful://store").put_bundle(evidence.bundles()[0], evidence.root)
