"""A whole evidence folder as one encrypted file, to be left where others can reach it."""

from __future__ import annotations

import shutil
import tarfile
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, TypeAlias

import pyrage

from automation.errors import ConfigurationError, OutputError
from automation.evidence.verify.archives import ArchiveRefused, unpacked
from automation.storage.files import replacing

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
            f"{packed}: what is in it is no evidence folder", "Name a file that `temoin bundle pack` wrote."
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
            for_others = "No matching keys" in str(error)
            raise ConfigurationError(
                f"{packed}: {'it was packed for another key' if for_others else 'it is damaged, or no age file'}",
                "Name the right key with --identity-file." if for_others else "Fetch the file once more.",
            ) from None


def _cannot(target: Path, error: OSError) -> OutputError:
    return OutputError(
        f"{target}: cannot be written ({error.strerror or error})",
        "Free some space, or give yourself the right to read the evidence and to write there.",
    )
