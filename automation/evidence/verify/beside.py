"""Files beside the sealed ones: those that could be taken for something sealed, and those that could not."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from automation.evidence.formats.lookalikes import HEAD_BYTES, passes_by_content, passes_by_name
from automation.storage.files import open_regular


def told_apart(folder: Path, loose: Iterable[str]) -> tuple[list[str], list[str]]:
    """
    Names of what could be taken for evidence, and of the rest; both sorted.

    Args:
        folder: where they lie.
        loose: names of files that no seal covers; of folders with a slash at the end.
    """
    parts: tuple[list[str], list[str]] = ([], [])
    for name in sorted(loose):
        taken = not name.endswith("/") and (passes_by_name(name) or passes_by_content(_head(folder / name)))
        parts[0 if taken else 1].append(name)
    return parts


def _head(path: Path) -> bytes:
    try:
        with open_regular(path) as file:
            return file.read(HEAD_BYTES)
    except OSError:  # what is neither file nor folder is said for itself
        return b""
