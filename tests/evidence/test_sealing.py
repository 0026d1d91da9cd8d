"""A sealed bundle: its layout, what its statement says, and that it is there whole or not at all."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING

import bagit
import pytest
from pydantic import TypeAdapter

from automation.core.errors import BundleError, OutputError
from automation.core.results import Outcome, Result
from automation.core.verdicts import Verdict
from automation.evidence.formats import names
from automation.evidence.formats.ledger import Ledger
from automation.evidence.formats.result_file import read_result
from automation.evidence.formats.signed import SignedStatement, canonical, read_statement, sha256_of, tool
from automation.evidence.verify.bundle import verify_bundle
from automation.evidence.write.bag import BundleWriter
from tests import json_schemas
from tests.evidence.building import PICTURE, Place

if TYPE_CHECKING:
    from pathlib import Path


def test_the_bagit_validator_accepts_it(stamped: Place) -> None:
    """The Library of Congress's `bagit` finds a valid bag of version 1.0, with fetchless payload and right sizes."""
    for folder in stamped.bundles():
        bag = bagit.Bag(str(folder))
        bag.validate()
        assert bag.version_info == (1, 0)
        sizes = [path.stat().st_size for path in (folder / "data").rglob("*") if path.is_file()]
        assert bag.info["Payload-Oxum"] == f"{sum(sizes)}.{len(sizes)}"
        assert bag.info["External-Identifier"] == folder.name


async def test_a_bundle_is_what_its_reference_says(place: Place) -> None:
    """The reference gives the digests, place, time and signer that the folder shows; artifacts resolve in it."""
    reference = await place.bundle(masks={"email": 3})
    folder = place.root / "run-1" / reference.path
    statement = read_statement((folder / names.STATEMENT).read_bytes())
    said = statement.predicate
    assert names.BUNDLE.fullmatch(reference.path)
    assert reference.manifest_sha256 == sha256_of(folder / names.MANIFEST)
    assert reference.envelope_sha256 == sha256_of(folder / names.ENVELOPE)
    assert (reference.sequence, reference.sealed_at) == (said.sequence, said.sealed_at) == (1, reference.sealed_at)
    assert reference.signer == place.keys.in_use()
    assert reference.stamped == ()
    assert (said.bundle, said.run, said.account) == (reference.path, "run-1", "atelier-facebook")
    assert (said.verdicts, said.outcome, said.masks) == ({"not_objected": 1}, "finding", {"email": 3})
    assert said.tool == tool()
    result = read_result((folder / names.RESULT).read_bytes())
    assert result.bundle is None
    assert [(folder / artifact.path).read_bytes() for artifact in result.evidence] == [PICTURE]
    assert (folder / (result.steps[0].picture or "")).is_file()


def test_what_is_signed_follows_its_schemas(stamped: Place) -> None:
    """Jsonschema accepts statement and result; both, and the ledger's lines, are as canonical as they claim."""
    folder = stamped.bundles()[1]
    statement = json.loads((folder / names.STATEMENT).read_bytes())
    schema = SignedStatement.model_json_schema(by_alias=True)
    json_schemas.be_a_schema(schema)
    json_schemas.follow(statement, schema)
    assert canonical(statement) == (folder / names.STATEMENT).read_bytes()
    result = json.loads((folder / names.RESULT).read_bytes())
    assert result.pop("schema") == "temoin.result/1"
    json_schemas.follow(result, TypeAdapter(Result).json_schema(mode="serialization"))
    assert all(canonical(json.loads(line)) == line for line in stamped.ledger.path.read_bytes().splitlines())


def test_each_statement_names_the_seal_before(stamped: Place) -> None:
    """The chain can be followed from statement to statement, without the ledger."""
    folders = stamped.bundles()
    said = [read_statement((folder / names.STATEMENT).read_bytes()).predicate.previous for folder in folders]
    assert [previous.sequence for previous in said] == [0, 1, 2]
    assert said[0].envelope_sha256 is None
    assert [previous.envelope_sha256 for previous in said[1:]] == [
        sha256_of(folder / names.ENVELOPE) for folder in folders[:-1]
    ]


def test_an_unmasked_copy_is_sealed_too(place: Place) -> None:
    """The encrypted copy lies outside the payload, and changing it shows."""
    folder = place.sealed(original=b"age-encryption.org/v1")
    bagit.Bag(str(folder)).validate()
    assert not [f for f in verify_bundle(folder, place.trust).findings if f.fault != "unstamped"]
    (folder / names.ORIGINAL).write_bytes(b"another")
    assert [f.where for f in verify_bundle(folder, place.trust).findings if f.fault == "file_altered"] == [
        names.ORIGINAL
    ]


@pytest.mark.parametrize(
    "path", ["../out.txt", "/etc/passwd", "a/../b", "a\\b", "a//b", "", "a\n", "con:", "100%", "a/.", "Result.json"]
)
async def test_a_name_that_leads_elsewhere_is_refused(path: str, place: Place) -> None:
    """Only plain names, each once on any file system, get into a bundle; nothing is written elsewhere."""
    bundle = await BundleWriter.open(place.root / "run-1", "a", place.sealer)
    bundle.add("result.json", b"{}", "result", "application/json")
    with pytest.raises(ValueError, match="no name for a file of evidence"):
        bundle.add(path, b"x", "text", "text/plain")
    bundle.discard()
    assert [path for path in place.root.rglob("*") if path.is_file()] == []


async def test_a_secret_found_refuses_the_bundle(place: Place) -> None:
    """Where the search for secrets hits, there is no bundle, no line, and nothing left after discarding."""

    def scan(folder: Path) -> None:
        assert (folder / names.RESULT).is_file()
        raise BundleError("data/result.json holds a secret")

    with pytest.raises(BundleError, match="holds a secret"):
        await place.bundle(scan=scan)
    assert not place.ledger.path.exists()
    assert [path.suffix for path in (place.root / "run-1").iterdir()] == [".partial"]


@pytest.mark.parametrize("text", [lambda t: t.replace("temoin.result/1", "other/1"), lambda _t: "not JSON"])
async def test_what_does_not_verify_is_not_published(text: object, place: Place) -> None:
    """A bundle that its own verification rejects never gets its name nor a line; the message says why."""
    with pytest.raises(BundleError, match=r"does not verify: schema_(unknown|broken) data/result.json"):
        await place.bundle(text=text)  # type: ignore[arg-type]
    assert not place.ledger.path.exists()
    assert not [path for path in (place.root / "run-1").iterdir() if not path.name.endswith(".partial")]
    await place.bundle()
    assert place.ledger.tip().previous.sequence == 1


async def test_without_a_result_nothing_is_sealed(place: Place) -> None:
    """The statement names the result, so a bundle without one is a fault of the program."""
    bundle = await BundleWriter.open(place.root / "run-1", "a", place.sealer)
    with pytest.raises(ValueError, match=r"result\.json is missing"):
        await bundle.publish(verdict=Verdict.UNKNOWN, outcome=Outcome.INCOMPLETE)


async def test_cancelling_leaves_all_or_nothing(place: Place) -> None:
    """A task that is cancelled while it seals ends after the sealing: the bundle is whole and has its line."""
    began = asyncio.Event()
    loop = asyncio.get_running_loop()
    task = asyncio.ensure_future(place.bundle(scan=lambda _folder: loop.call_soon_threadsafe(began.set) and None))
    await began.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    (folder,) = place.bundles()
    assert not [f for f in verify_bundle(folder, place.trust).findings if f.fault != "unstamped"]


async def test_a_folder_that_cannot_be_written(place: Place) -> None:
    """An evidence folder that cannot be written is one clear error."""
    place.root.write_text("a file where the folder should be")
    with pytest.raises(OutputError, match="cannot be written"):
        await BundleWriter.open(place.root / "run-1", "a", place.sealer)


async def test_a_full_disk_leaves_no_bundle(place: Place, tmp_path: Path) -> None:
    """Where the disk takes no more, there is an error with the file's name, and no bundle."""
    bundle = await BundleWriter.open(place.root / "run-1", "a", place.sealer)
    bundle.add("result.json", b"{}", "result", "application/json")
    partial = next((place.root / "run-1").iterdir())
    (partial / "bagit.txt").symlink_to("/dev/full")  # every write to it fails as on a full disk
    with pytest.raises(OutputError, match="No space left"):
        await bundle.publish(verdict=Verdict.UNKNOWN, outcome=Outcome.INCOMPLETE)
    bundle.discard()
    assert list((place.root / "run-1").iterdir()) == []
    assert Ledger(place.root).tip().previous.sequence == 0
