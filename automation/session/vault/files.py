"""A folder that only its owner can enter, and removing a file from it for good."""

from __future__ import annotations

from pathlib import Path

from automation.storage.files import partial_of, sync_folder, writing

PRIVATE = 0o600
"""Mode of a file that only its owner can read."""


def private_folder(folder: Path) -> None:
    """
    Make a folder that only its owner can enter; one that is wider open is closed.

    Raises:
        OutputError: it cannot be made.
    """
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if folder.stat().st_mode & 0o077:
            folder.chmod(0o700)


def remove(path: Path) -> bool:
    """
    Remove a file and what a killed writer left of it; whether it was there.

    Raises:
        OutputError: it cannot be removed.
    """
    with writing(path):
        there = path.exists()
        path.unlink(missing_ok=True)
        partial_of(path).unlink(missing_ok=True)
        if there:
            sync_folder(path.parent)
        return there
