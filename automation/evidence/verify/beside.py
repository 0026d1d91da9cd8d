"""Files beside the sealed ones: those that could be taken for something sealed, and those that could not."""

from __future__ import annotations

import os
from collections.abc import Iterable
from functools import partial
from pathlib import Path

from automation.evidence.formats import names
from automation.evidence.formats.lookalikes import HEAD_BYTES, passes_by_content, passes_by_name, passes_for_results
from automation.storage.files import open_regular


def told_apart(folder: Path, loose: Iterable[str], *, in_run: bool = False) -> tuple[list[str], list[str]]:
    """
    Names of what could be taken for evidence, and of the rest; both sorted.

    Args:
        folder: where they lie.
        loose: names of files that no seal covers, and of unfinished folders.
        in_run: whether this is a run's folder, where results under any name pass for its own.
    """
    passes = partial(_passes, in_run=in_run)
    parts: tuple[list[str], list[str]] = ([], [])
    for name in sorted(loose):
        parts[0 if passes(folder / name) else 1].append(name)
    return parts


def _passes(path: Path, *, in_run: bool) -> bool:
    """Of an unfinished folder: whether anything passes that lies openly in it."""
    if path.name.startswith(".") and path.name.endswith(names.PARTIAL):
        return False  # what a killed process leaves of a file that it was writing; no program shows it
    if not path.is_dir():
        if passes_by_name(path.name):
            return True
        head = _head(path)
        return passes_by_content(head) or (in_run and passes_for_results(head))
    try:
        with os.scandir(path) as entries:
            inside = [path / entry.name for entry in entries if entry.is_file(follow_symlinks=False)]
    except OSError:
        return False
    return any(_passes(file, in_run=in_run) for file in inside)


def _head(path: Path) -> bytes:
    try:
        with open_regular(path) as file:
            return file.read(HEAD_BYTES)
    except OSError:  # what is neither file nor folder is said for itself
        return b""
