"""Evidence in a zip or tar: verified like a folder, and no way to write elsewhere or to fill the disk."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from automation.app.verify_words import ARCHIVES
from automation.evidence.verify.findings import VerifyCode
from automation.evidence.verify.reading import ArchiveRefused, unpacked

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.conftest import Program
    from tests.evidence.building import Place


@pytest.mark.parametrize("form", ["zip", "tar", "gztar", "bztar", "xztar"])
@pytest.mark.parametrize("what", ["folder", "bundle"])
def test_an_archive_verifies_like_its_folder(form: str, what: str, stamped: Place, temoin: Program) -> None:
    """A whole folder and a single bundle verify from each kind of archive."""
    source = stamped.root if what == "folder" else stamped.bundles()[0]
    archive = shutil.make_archive("evidence", form, source.parent, source.name)
    answer = temoin("verify", archive, "--trust", str(stamped.trust_file()))
    assert answer.code == 0, answer.out
    assert answer.out.count("valid") == (5 if what == "folder" else 2)
    assert "evidence." in answer.out


def test_nothing_of_an_archive_stays(stamped: Place, tmp_path: Path) -> None:
    """What was unpacked is gone from the temporary folder once the program has ended."""
    archive = shutil.make_archive("evidence", "zip", stamped.root)
    line = [sys.executable, "-m", "automation", "verify", archive, "--trust", str(stamped.trust_file())]
    temporary = tmp_path / "temporary"  # of this process alone: others unpack at the same time
    temporary.mkdir()
    subprocess.run(line, env={**os.environ, "TMPDIR": str(temporary)}, check=True, capture_output=True)
    assert list(temporary.iterdir()) == []


def test_a_fault_inside_an_archive_is_found(stamped: Place, temoin: Program) -> None:
    """What is altered inside an archive is altered."""
    (stamped.bundles()[0] / "data/extra.txt").write_text("x")
    archive = shutil.make_archive("evidence", "zip", stamped.root)
    assert temoin("verify", archive, "--trust", str(stamped.trust_file())).code == VerifyCode.ALTERED


def _zip(*entries: tuple[str, bytes], mode: int = 0) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in entries:
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = mode << 16
            packed.writestr(info, content)
    return data.getvalue()


def _tar(name: str, kind: bytes = tarfile.REGTYPE, target: str = "", mode: str = "w") -> bytes:
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode=mode) as packed:  # type: ignore[call-overload]
        entry = tarfile.TarInfo(name)
        entry.type, entry.linkname = kind, target
        packed.addfile(entry)
    return data.getvalue()


def _double_zip() -> bytes:
    with pytest.warns(UserWarning, match="Duplicate name"):
        return _zip(("a/x", b"1"), ("a/x", b"2"))


def _bomb() -> bytes:
    return _zip(("data/zeros", bytes(80_000_000)))


def _tar_bomb() -> bytes:
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w:gz", compresslevel=1) as packed:
        entry = tarfile.TarInfo("zeros")
        entry.size = 200_000_000
        packed.addfile(entry, io.BytesIO(bytes(entry.size)))
    return data.getvalue()


def _name_with_nothing() -> bytes:
    return _zip(("a-b", b"x")).replace(b"a-b", b"a\0b")


def _two_files() -> bytes:
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w") as packed:
        for name in ("a", "b"):
            entry = tarfile.TarInfo(name)
            entry.size = 512
            packed.addfile(entry, io.BytesIO(b"x" * 512))
    return data.getvalue()


TRAPS: list[tuple[str, Callable[[], bytes], str]] = [
    ("zip_path_escapes", lambda: _zip(("../out", b"x")), "escapes"),
    ("zip_absolute_path", lambda: _zip(("/etc/out", b"x")), "escapes"),
    ("zip_backslashes", lambda: _zip(("a\\..\\out", b"x")), "escapes"),
    ("zip_symlink", lambda: _zip(("link", b"/etc/passwd"), mode=0o120777), "link"),
    ("zip_name_twice", _double_zip, "twice"),
    ("zip_names_alike", lambda: _zip(("a", b"1"), ("A", b"2")), "twice"),
    ("zip_too_deep", lambda: _zip(("d/" * 50 + "x", b"1")), "too_deep"),
    ("zip_bomb", _bomb, "too_large"),
    ("zip_cut_off", lambda: _zip(("a", bytes(9000)))[:-40], "no_archive"),
    ("zip_garbled", lambda: _zip(("a", b"hello " * 99)).replace(b"\x78", b"\x79").replace(b"\xcb", b"\x00"), "damaged"),
    ("tar_path_escapes", lambda: _tar("../../out"), "escapes"),
    ("tar_absolute_path", lambda: _tar("/out"), "escapes"),
    ("tar_symlink", lambda: _tar("link", tarfile.SYMTYPE, "/etc/passwd"), "link"),
    ("tar_hard_link", lambda: _tar("link", tarfile.LNKTYPE, "other"), "link"),
    ("tar_device", lambda: _tar("device", tarfile.CHRTYPE), "link"),
    ("tar_bomb", _tar_bomb, "too_large"),
    ("tar_cut_off", lambda: _tar("a", mode="w:gz")[:-12], "damaged"),
    ("zip_behind_a_tar", lambda: _tar("a") + _zip(("a", b"1")), "joined"),
    ("zip_behind_a_zip", lambda: _zip(("a", b"1")) + _zip(("a", b"2")), "joined"),
    ("zip_with_a_text_behind", lambda: _zip(("a", b"1")) + b"All accounts have objected.", "joined"),
    ("zip_with_a_hidden_part_of_a_name", _name_with_nothing, "escapes"),
    ("tar_without_its_end", lambda: _two_files()[: 512 * 2], "damaged"),
    ("tar_behind_a_tar", lambda: _tar("a") + _tar("a"), "joined"),
    ("tar_without_end", lambda: _tar("a") + bytes(3_000_000), "joined"),
    ("no_archive", lambda: b"hello", "no_archive"),
    ("empty", lambda: b"", "no_archive"),
]  # fmt: skip


@pytest.mark.parametrize(("make", "why"), [case[1:] for case in TRAPS], ids=[case[0] for case in TRAPS])
def test_a_trap_is_refused(make: Callable[[], bytes], why: str, temoin: Program) -> None:
    """Each way out, each bomb and each broken archive is refused with its reason: exit code 5, nothing written."""
    Path("inner").mkdir()
    archive = Path("inner/trap.bin")
    archive.write_bytes(make())
    Path("trust.json").write_text('{"keys": [], "authorities": [], "schema": "temoin.trust/1"}')
    answer = temoin("verify", str(archive), "--trust", "trust.json")
    assert answer.code == VerifyCode.UNREADABLE
    assert ARCHIVES[why] in answer.out
    assert sorted(path.name for path in Path().rglob("*")) == ["inner", "trap.bin", "trust.json"]


def test_an_archive_without_evidence(temoin: Program) -> None:
    """A good archive that holds no evidence says so; archives inside it are not opened."""
    Path("a.zip").write_bytes(_zip(("inner.zip", _zip(("x", b"1")))))
    Path("trust.json").write_text('{"keys": [], "authorities": [], "schema": "temoin.trust/1"}')
    answer = temoin("verify", "a.zip", "--trust", "trust.json")
    assert (answer.code, "no evidence here: a.zip" in answer.out) == (VerifyCode.UNREADABLE, True)


def test_a_folder_that_is_not_there(temoin: Program) -> None:
    """What does not exist is one line, not a list of steps that could not be taken."""
    Path("trust.json").write_text('{"keys": [], "authorities": [], "schema": "temoin.trust/1"}')
    answer = temoin("verify", "temoin-evidence", "--trust", "trust.json")
    assert (answer.code, answer.out.splitlines()[0]) == (VerifyCode.UNREADABLE, "✗ no evidence here: temoin-evidence")
    assert "nothing missing" not in answer.out


def test_what_is_unpacked_is_gone_afterwards(tmp_path: Path) -> None:
    """The temporary folder lasts as long as it is looked at; a missing archive is refused like a broken one."""
    archive = tmp_path / "a.zip"
    archive.write_bytes(_zip(("a/x", b"1")))
    with unpacked(archive) as folder:
        assert (folder / "a/x").read_bytes() == b"1"
    assert not folder.exists()
    with pytest.raises(ArchiveRefused), unpacked(tmp_path / "missing"):
        pass
