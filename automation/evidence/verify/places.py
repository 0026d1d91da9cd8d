"""
What lies in a folder of evidence: bundles, runs, ledgers; and what is none of them and must be said.

A folder that cannot be read could hold anything, and a link shows another place than the one that is verified: both are
findings, never passed over.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from automation.evidence.formats import names
from automation.evidence.formats.ledger import HEAD, LEDGER
from automation.evidence.verify.faults import Fault
from automation.storage.files import open_regular

_DEEPEST = 20
_MAC, _APPLE_DOUBLE = "__MACOSX", b"\0\5\x16\7"
_SIGNS = (names.BAGIT, names.MANIFEST, names.TAG_MANIFEST, "seal", names.RESULT, names.INBOX)


class PlaceKind(Enum):
    """What a place is."""

    LEDGER = 1
    """A folder with a ledger, or with the head of one; before what lies in it."""
    BUNDLE = 2
    RUN = 3
    """A folder with results, reports or a run document; after the bundles in it."""
    END = 4
    """A folder that is no bundle, after everything in it."""
    FAULT = 5


@dataclass(frozen=True, slots=True)
class Place:
    """One place in a folder."""

    kind: PlaceKind
    path: Path
    fault: Fault | None = None
    detail: str = ""
    loose: tuple[str, ...] = ()
    """Of a RUN or an END: names of the files in it, and of folders that were left out, with a slash."""
    is_empty: bool = False
    """Of an END: whether nothing is in it at all."""


def places_in(folder: Path, depth: int = 0) -> Iterator[Place]:
    """Everything in a folder that concerns evidence, the folder itself among it; unfinished bundles are left out."""
    if is_bundle(folder):
        yield Place(PlaceKind.BUNDLE, folder)
        return
    try:
        entries = _entries(folder)
    except OSError as error:
        yield Place(PlaceKind.FAULT, folder, Fault.UNREADABLE_FOLDER, error.strerror or "")
        return
    if has_ledger(folder):
        yield Place(PlaceKind.LEDGER, folder)
    loose, run = [], False
    for name, mode in entries:
        inner = folder / name
        if stat.S_ISLNK(mode):
            yield Place(PlaceKind.FAULT, inner, Fault.SYMLINK)
        elif stat.S_ISDIR(mode):
            if name.endswith(names.PARTIAL) or (name == _MAC and _only_attributes(inner)):
                loose.append(f"{name}/")
            elif depth == _DEEPEST:
                yield Place(PlaceKind.FAULT, inner, Fault.TOO_LARGE, f"> {_DEEPEST}")
            else:
                yield from places_in(inner, depth + 1)
        elif stat.S_ISREG(mode):
            loose.append(name)
        else:
            yield Place(PlaceKind.FAULT, inner, Fault.NOT_A_FILE)
        run = run or name in {names.RUN_DOCUMENT, names.RESULTS} or names.REPORT.fullmatch(name) is not None
    if run:
        yield Place(PlaceKind.RUN, folder, loose=tuple(loose))
    yield Place(PlaceKind.END, folder, loose=tuple(loose), is_empty=not entries)


def _only_attributes(folder: Path) -> bool:
    """Whether a folder holds nothing but what a Mac puts into an archive beside each file: its attributes."""
    for place, _, files in os.walk(folder):
        for name in files:
            try:
                with open_regular(Path(place) / name) as file:
                    attributes = file.read(len(_APPLE_DOUBLE)) == _APPLE_DOUBLE
            except OSError:
                return False
            if not (name.startswith("._") and attributes):
                return False
    return True


def has_ledger(folder: Path) -> bool:
    """Whether a folder holds a ledger, or the head of one that is gone."""
    return any(os.path.lexists(folder / name) for name in (LEDGER, HEAD))


def is_bundle(folder: Path) -> bool:
    """Whether a folder is a bundle, whole or not, by its name or by what lies in it."""
    if folder.name.endswith(names.PARTIAL):
        return False
    if names.BUNDLE.fullmatch(folder.name):
        return True
    larger = (LEDGER, HEAD, names.RUN_DOCUMENT, names.RESULTS)  # a copy of a whole folder may have a day for a name
    try:
        if names.reads_like_bundle(folder.name) and not any(os.path.lexists(folder / name) for name in larger):
            return True
        return any(os.path.lexists(folder / sign) for sign in _SIGNS)
    except OSError:
        return False


def _entries(folder: Path) -> list[tuple[str, int]]:
    """Name and mode of each entry, sorted. Raises OSError where one cannot be looked at."""
    with os.scandir(folder) as entries:
        return sorted((entry.name, entry.stat(follow_symlinks=False).st_mode) for entry in entries)
