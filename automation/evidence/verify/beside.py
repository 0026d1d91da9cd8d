"""Files beside the sealed ones: those that could be taken for something sealed, and those that could not."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from automation.evidence.formats import names
from automation.evidence.formats.lookalikes import HEAD_BYTES, passes_by_content, passes_by_name
from automation.storage.files import open_regular


def told_apart(folder: Path, loose: Iterable[str]) -> tuple[list[str], list[str]]:
    """
    Names of what could be taken for evidence, and of the rest; both sorted.

    Args:
        folder: where they lie.
        loose: names of files that no seal covers, and of unfinished folders.
    """
    parts: tuple[list[str], list[str]] = ([], [])
    for name in sorted(loose):
        parts[0 if _passes(folder / name) else 1].append(name)
    return parts


def _passes(path: Path) -> bool:
    """Of an unfinished folder: whether anything passes that lies openly in it."""
    if path.name.startswith(".") and path.name.endswith(names.PARTIAL):
        return False  # what a killed process leaves of a file that it was writing; no program shows it
    if not path.is_dir():
        return passes_by_name(path.name) or passes_by_content(_head(path))
    try:
        with os.scandir(path) as entries:
            inside = [path / entry.name for entry in entries if entry.is_file(follow_symlinks=False)]
    except OSError:
        return False
    return any(map(_passes, inside))


def _head(path: Path) -> bytes:
    try:
        with open_regular(path) as file:
            return file.read(HEAD_BYTES)
    except OSError:  # what is neither file nor folder is said for itself
        return b""
