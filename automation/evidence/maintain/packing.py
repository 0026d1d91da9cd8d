"""Handing evidence on: a whole folder as one encrypted file, or a run as one that proves itself."""

from __future__ import annotations

import shutil
import tarfile
import tempfile
import zipfile
from pathlib import Path
from typing import IO, TYPE_CHECKING, TypeAlias

import pyrage

from automation.core.errors import ConfigurationError, OutputError
from automation.evidence.formats import dsse, names
from automation.evidence.formats.signed import RunDocumentSeal
from automation.evidence.verify.chain_reading import has_ledger
from automation.evidence.verify.reading import ArchiveRefused, unpacked
from automation.storage.files import replacing

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from automation.evidence.formats.ledger import Ledger

_PASSED_OVER = (".lock", ".partial", "-wal", "-shm")
Recipient: TypeAlias = pyrage.x25519.Recipient | pyrage.ssh.Recipient
Identity: TypeAlias = pyrage.x25519.Identity | pyrage.ssh.Identity


def pack(root: Path, target: Path, recipients: Sequence[Recipient]) -> int:
    """
    Put an evidence folder into a tar archive that only the recipients can open, with any age program.

    Args:
        root: the evidence folder, with its ledger; symbolic links, locks and unfinished files stay out.
        target: the file to write, readable by its owner only. One that is there is replaced once the new one is whole.
        recipients: at least one.

    Returns:
        How many files went in; where there are none, nothing is written.

    Raises:
        OutputError: the folder cannot be read, or the file cannot be written.
    """
    files = [path for path in _files(root) if path.absolute() != target.absolute()]
    if not files:
        return 0
    try:
        with tempfile.TemporaryFile(dir=target.parent) as archive:
            with tarfile.open(
                fileobj=archive,
                mode="w",
                format=tarfile.PAX_FORMAT,
                dereference=True,  # a second name of one file is a file of its own
            ) as tar:
                for path in files:
                    tar.add(path, arcname=path.relative_to(root).as_posix(), recursive=False, filter=_nobodys)
            archive.seek(0)
            with replacing(target, mode=0o600, shared=True) as file:
                pyrage.encrypt_io(archive, file, list(recipients))
    except OSError as error:
        raise _cannot(target, error) from None
    return len(files)


def pack_run(ledger: Ledger, run: str, target: Path) -> int:
    """
    Put a run into a zip file that proves itself: with its document and the piece of the ledger that tells of it.

    The piece that the run carries is taken as it is, unless the ledger tells of more since: that a bundle was removed.

    Args:
        ledger: of the evidence folder that holds the run.
        run: name of its folder.
        target: the file to write. One that is there is replaced once the new one is whole.

    Returns:
        How many files went in.

    Raises:
        ConfigurationError: nothing seals this run, the ledger does not tell of it, or there is none beside it.
        OutputError: something cannot be read or written.
    """
    folder = ledger.root / run
    if not has_ledger(ledger.root):
        raise ConfigurationError(
            f"{folder}: there is no ledger beside this run: it was handed on alone, and goes on only as it came",
            "Hand on what you were given; or pack the run where it was made.",
        )
    piece = ledger.piece(run)
    told = [raw for raw in piece.get(names.RUN_LEDGER, b"").splitlines() if f'"bundle":"{run}/'.encode() in raw]
    if not told or not (folder / names.RUN_DOCUMENT).is_file():
        raise ConfigurationError(
            f"{folder}: nothing seals this run, so it cannot prove itself alone", "Hand on its bundles, one by one."
        )
    try:
        carried = (folder / names.RUN_LEDGER).read_bytes() if (folder / names.RUN_LEDGER).is_file() else b""
        if all(raw in carried for raw in told):
            piece = {name: (folder / name).read_bytes() for name in (names.RUN_LEDGER, names.RUN_HEAD)}
        files = {path.relative_to(folder).as_posix(): path for path in _of_run(folder)}
        with (
            replacing(target, mode=0o600, shared=True) as file,
            zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive,
        ):
            for name, path in files.items():
                if name not in piece:
                    archive.write(path, f"{run}/{name}")
            for name, data in piece.items():
                archive.writestr(f"{run}/{name}", data)
    except OSError as error:
        raise _cannot(target, error) from None
    return len(files.keys() | piece.keys())


def _of_run(folder: Path) -> Iterator[Path]:
    """The files of a run that are evidence; what lies beside them stays where it is."""
    document = RunDocumentSeal.decoded(dsse.opened((folder / names.RUN_DOCUMENT).read_bytes(), dsse.RUN).payload)
    own = {*document.files, names.RUN_DOCUMENT, names.RUN_LEDGER, names.RUN_HEAD}
    for path in sorted(folder.iterdir()):
        if path.name in own or names.RUN_TOKEN.fullmatch(path.name) or names.HEAD_TOKEN.fullmatch(path.name):
            yield path
        elif path.name in document.bundles:
            yield from (inner for inner in sorted(path.rglob("*")) if inner.is_file() and not inner.is_symlink())


def unpack(packed: Path, target: Path, identities: Sequence[Identity]) -> None:
    """
    Open such a file into a folder that is not there yet or is empty.

    Raises:
        ConfigurationError: the folder holds something, or the file is not one of ours, damaged, or for another key.
        OutputError: the folder cannot be written.
    """
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise ConfigurationError(f"{target}: there is something here already", "Name a new folder with --output.")
    try:
        with tempfile.TemporaryDirectory(prefix="temoin-") as folder:
            archive = Path(folder) / "evidence.tar"
            _decrypt(packed, archive, identities)
            with unpacked(archive) as found:
                shutil.copytree(found, target, dirs_exist_ok=True)
    except ArchiveRefused:
        raise ConfigurationError(
            f"{packed}: what is in it is no evidence folder", "Name a file that `temoin evidence pack` wrote."
        ) from None
    except OSError as error:
        raise _cannot(target, error) from None


def _files(root: Path) -> Iterator[Path]:
    for path in sorted(root.rglob("*")):
        if path.is_file() and not path.is_symlink() and not path.name.endswith(_PASSED_OVER):
            yield path


def _nobodys(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    """Without the name and number of whoever packed it."""
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = ""
    return entry


def _decrypt(packed: Path, archive: Path, identities: Sequence[Identity]) -> None:
    try:
        source: IO[bytes] = packed.open("rb")
    except OSError as error:
        raise ConfigurationError(
            f"{packed}: cannot be read ({error.strerror or error})", "Correct the path or its permissions."
        ) from None
    with source, archive.open("wb") as plain:
        try:
            pyrage.decrypt_io(source, plain, list(identities))
        except (pyrage.DecryptError, OSError) as error:  # a stream that does not fit is an OSError without a number
            if isinstance(error, OSError) and error.errno is not None:
                raise
            for_others = "No matching keys" in str(error)  # untold: age's words
            raise ConfigurationError(
                f"{packed}: {'it was packed for another key' if for_others else 'it is damaged, or no age file'}",
                "Name the right key with --identity-file." if for_others else "Fetch the file once more.",
            ) from None


def _cannot(target: Path, error: OSError) -> OutputError:
    return OutputError(
        f"{target}: cannot be written ({error.strerror or error})",
        "Free some space, or give yourself the right to read the evidence and to write there.",
    )
