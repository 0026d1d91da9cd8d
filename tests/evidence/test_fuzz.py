"""The verifier under bytes that nobody chose: it never fails, and what is covered by the seal cannot change unseen."""

from __future__ import annotations

import io
import json
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from automation.core.errors import ConfigurationError
from automation.evidence.formats import names
from automation.evidence.formats.result_file import (
    BESIDE,
    BrokenSchema,
    UnknownSchema,
    check_beside,
    read_inbox,
    read_result,
)
from automation.evidence.formats.signed import canonical
from automation.evidence.verify.bundle import verify_bundle
from automation.evidence.verify.chain_reading import read_chain
from automation.evidence.verify.examine import examine
from automation.evidence.verify.findings import Verification, VerifyCode, worst
from tests.evidence.building import Place

AT = st.integers(min_value=0, max_value=1 << 20)
EDITS = st.one_of(
    st.tuples(st.just("flip"), AT, st.integers(min_value=1, max_value=255)),
    st.tuples(st.just("insert"), AT, st.binary(min_size=1, max_size=8)),
    st.tuples(st.just("cut"), AT, st.just(b"")),
)
CHANGES = st.one_of(
    EDITS,
    st.tuples(st.just("rename"), AT, st.sampled_from(["x", "x.json", ".hidden", "é", "a b"])),
    st.tuples(st.just("remove"), AT, st.just(b"")),
    st.tuples(st.just("copy"), AT, st.sampled_from(["copy", "seal", "close-gamma.tsr"])),
)


@pytest.fixture(scope="module")
def whole(_stamped: Place, tmp_path_factory: pytest.TempPathFactory) -> Place:
    """Three stamped bundles that each example spoils and puts back."""
    return _stamped.copy_to(tmp_path_factory.mktemp("fuzz") / "place")


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix != ".lock")


@contextmanager
def _changed(path: Path, change: tuple[str, int, int | bytes | str]) -> Iterator[bool]:
    """The file with one change, put back afterwards; whether anything is other than before."""
    kind, at, what = change
    data = path.read_bytes()
    at %= len(data)
    other = path.with_name(str(what)) if kind in {"rename", "copy"} else path
    if other.exists() and other != path:
        yield False
        return
    try:
        if isinstance(what, int):
            path.write_bytes(data[:at] + bytes([data[at] ^ what]) + data[at + 1 :])
        elif kind == "insert" and isinstance(what, bytes):
            path.write_bytes(data[:at] + what + data[at:])
        elif kind == "cut":
            path.write_bytes(data[:at])
        elif kind == "rename":
            path.rename(other)
        elif kind == "remove":
            path.unlink()
        else:
            shutil.copy(path, other)
        yield True
    finally:
        if other != path:
            other.unlink(missing_ok=True)
        path.write_bytes(data)


def _free(path: Path) -> bool:
    """Whether a file came after the signature: a token and its request have bytes that nobody signed."""
    return path.name.startswith("close-")


@settings(max_examples=150, deadline=None)
@given(data=st.data(), change=CHANGES)
def test_no_change_of_a_bundle_stays_unseen(whole: Place, data: st.DataObject, change: tuple[str, int, bytes]) -> None:
    """
    Flip, insert, cut, rename, remove or copy anything: the bundle is not valid.

    In a closing token, where bytes exist that no signature covers, a change may leave it valid, but never its time.
    """
    folder = whole.bundles()[1]
    before = verify_bundle(folder, whole.trust)
    path = data.draw(st.sampled_from(_files(folder)))
    with _changed(path, change) as is_other:
        found = verify_bundle(folder, whole.trust, chain=read_chain(whole.root, whole.trust))
    if not is_other:
        assert found.code == VerifyCode.VALID
    elif not _free(path) or change[0] in {"rename", "remove", "copy"}:
        assert found.code != VerifyCode.VALID
    elif found.code == VerifyCode.VALID:
        assert found.not_after == before.not_after


@settings(max_examples=60, deadline=None)
@given(change=EDITS, head=st.booleans())
def test_no_change_of_the_ledger_stays_unseen(whole: Place, change: tuple[str, int, bytes], head: bool) -> None:
    """Any change of the ledger or its head is found, whichever line it hits."""
    with _changed(whole.ledger.head if head else whole.ledger.path, change):
        found = list(examine(whole.root, whole.trust))
    assert worst(one.code for one in found) != VerifyCode.VALID
    assert all(one.code == VerifyCode.VALID or one.path.endswith("ledger.jsonl") or not head for one in found)


@pytest.mark.parametrize("at", [0, 0.5, 1], ids=["first", "middle", "last"])
def test_a_byte_of_every_file(whole: Place, at: float) -> None:
    """The first, middle or last byte of each file that the seal covers cannot change, one file after the other."""
    folder = whole.bundles()[0]
    for path in _files(folder):
        with _changed(path, ("flip", int(at * (path.stat().st_size - 1)), 1)):
            found = verify_bundle(folder, whole.trust)
        assert found.code != VerifyCode.VALID or _free(path), path


@pytest.mark.thorough
@settings(max_examples=60, deadline=None)
@given(
    content=st.dictionaries(
        st.sampled_from([names.MANIFEST, names.TAG_MANIFEST, names.BAGIT, names.ENVELOPE, names.STATEMENT,
                         names.SIGNER, names.OPENING, names.RESULT, names.INBOX, "seal/close-a.tsr", "seal/close-a.tsq"]),
        st.one_of(
            st.binary(max_size=80),
            st.recursive(st.none() | st.integers() | st.text(), lambda x: st.lists(x) | st.dictionaries(st.text(), x))
            .map(lambda value: json.dumps(value).encode()),
        ),
    )
)  # fmt: skip
def test_what_never_was_a_bundle_is_no_fault_of_ours(
    content: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory, whole: Place
) -> None:
    """Any files at all under a bundle's names end in a verification that is not valid, never in an exception."""
    folder = tmp_path_factory.mktemp("any")
    for path, data in content.items():
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_bytes(data)
    for one in examine(folder, whole.trust):
        assert one.code != VerifyCode.VALID
    shutil.rmtree(folder)


ANYTHING = st.recursive(
    st.none() | st.integers() | st.text() | st.datetimes(timezones=st.timezones()).map(str),
    lambda inner: (
        st.lists(inner)
        | st.dictionaries(st.sampled_from(["schema", "started_at", "at", "number", "steps", "x"]), inner)
    ),
).map(lambda value: json.dumps(value).encode())


@settings(max_examples=100, deadline=None)
@given(path=st.sampled_from(sorted(BESIDE)), data=ANYTHING | st.binary(max_size=80))
def test_any_content_of_a_file_with_a_shape(path: str, data: bytes) -> None:
    """Whatever stands in a file whose shape is known, it is read or named as broken, never anything else."""
    for read in (partial(check_beside, path), read_result, read_inbox):
        with suppress(BrokenSchema, UnknownSchema):
            read(data)


@settings(max_examples=60, deadline=None)
@given(at=AT, value=st.integers(min_value=1, max_value=255))
def test_a_spoiled_archive(whole: Place, at: int, value: int, tmp_path_factory: pytest.TempPathFactory) -> None:
    """A zip with a byte changed anywhere is refused, found altered, or still holds what it held; it never fails."""
    folder = whole.bundles()[0]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in _files(folder):
            archive.write(path, f"b/{path.relative_to(folder).as_posix()}")
    data = bytearray(packed.getvalue())
    data[at % len(data)] ^= value
    file = tmp_path_factory.mktemp("zip") / "a.zip"
    file.write_bytes(data)
    for one in examine(file, whole.trust):
        if not isinstance(one, Verification):
            continue  # of the missing ledger
        assert one.code != VerifyCode.VALID or one.envelope_sha256 == verify_bundle(folder, None).envelope_sha256
    shutil.rmtree(file.parent)


@settings(max_examples=100)
@given(text=st.text() | st.recursive(st.none() | st.text(), lambda x: st.dictionaries(st.text(), x)).map(json.dumps))
def test_any_trust_file(text: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    """A trust file of any content is read or refused with a message, never anything else."""
    from automation.evidence.keys.trust import read_trust

    path = tmp_path_factory.getbasetemp() / "any-trust.json"
    path.write_text(text, encoding="utf-8", errors="surrogatepass")
    with pytest.raises(ConfigurationError, match="no trust file"):
        read_trust(path)


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(st.characters(max_codepoint=0xD7FF)), inner, max_size=4)
    ),
)


@given(_VALUES)
def test_canonical_json_is_that_of_the_standard(value: object) -> None:
    """What is signed has the bytes that an implementation of RFC 8785 by other hands writes."""
    assert canonical(value) == rfc8785.dumps(value)  # type: ignore[arg-type]
