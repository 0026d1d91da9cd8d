"""Files of which there is always either the old or the new one, and which only their owner can read."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from automation.errors import OutputError


def private_folder(folder: Path) -> None:
    """
    Make a folder that only its owner can enter; one that is wider open is closed.

    Raises:
        OutputError: it cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if folder.stat().st_mode & 0o077:
            folder.chmod(0o700)
    except OSError as error:
        raise cannot_write(folder, error) from None


def write_private(path: Path, data: bytes) -> None:
    """
    Write a file with mode 0600: beside its place, onto the disk, then under its name.

    Killed at any point, or with the disk full, the old file stays whole. Two processes must not write the same
    file at once.

    Raises:
        OutputError: it cannot be written.
    """
    beside = path.with_name(f".{path.name}.partial")
    try:
        beside.unlink(missing_ok=True)  # left by a process that was killed
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
        _sync_folder(path.parent)
    except OSError as error:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        raise cannot_write(path, error) from None


def remove(path: Path) -> bool:
    """
    Remove a file and what a killed writer left of it; whether it was there.

    Raises:
        OutputError: it cannot be removed.
    """
    there = path.exists()
    try:
        path.unlink(missing_ok=True)
        path.with_name(f".{path.name}.partial").unlink(missing_ok=True)
        if there:
            _sync_folder(path.parent)
    except OSError as error:
        raise cannot_write(path, error) from None
    return there


def _sync_folder(folder: Path) -> None:
    """Make the change of a name last through a power cut; Windows has no such thing."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def cannot_write(path: Path, error: OSError) -> OutputError:
    """The error for a person."""
    return OutputError(
        f"{path}: cannot be written ({error.strerror or error})",
        "Free some space, or give yourself the right to write there.",
    )
