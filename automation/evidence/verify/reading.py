"""
Reading a folder of evidence that somebody made: nothing but files, none without end, all within one budget a call.

Signatures come before contents, so that a stranger's folder costs little whatever is in it; the budget ends what the
holder of a key, or a list of a million names, could still ask for.
"""

from __future__ import annotations

import hashlib
import os
import stat
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BufferedReader
from pathlib import Path

from automation.evidence.formats.encoding import sha256
from automation.evidence.verify.findings import Fault, Finding
from automation.storage.files import NotRegular, open_regular

LARGEST_BYTES = 4_000_000
"""Of a manifest, a statement, a token."""
LARGEST_RESULT_BYTES = 32_000_000
_LARGEST_LISTED_BYTES = 1_000_000_000
"""A file with a hole can claim any size; to read it to its end would take days."""
_BLOCK = 1 << 20


class BudgetReached(Exception):
    """A call has looked at more than it may; carries what of."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what
        """`bytes`, `files`, `lines`, `seconds` or `memory`."""


@dataclass(slots=True)
class Budget:
    """
    What one call may still spend. Evidence whose signature was found good adds to it: a folder may hold thousands.

    Attributes:
        seconds: from the making of the budget on.
        left: bytes read, files met, lines of ledgers.
        ends: whether it ends at all; a person can lift it.
    """

    seconds: float = 8.0
    left: dict[str, int] = field(default_factory=lambda: {"bytes": 6_000_000_000, "files": 200_000, "lines": 100_000})
    ends: bool = True
    began: float = field(default_factory=time.monotonic)

    def spend(self, what: str, count: int = 1) -> None:
        """
        Count something that is about to be read.

        Raises:
            BudgetReached: it is more than is left.
        """
        if not self.ends:
            return
        self.left[what] -= count
        if self.left[what] < 0:
            raise BudgetReached(what)
        if time.monotonic() - self.began > self.seconds:
            raise BudgetReached("seconds")

    def proven(self) -> None:
        """A trusted key signed what was just read: as much again may be looked at."""
        self.seconds += 0.2
        self.left["bytes"] += 100_000_000
        self.left["files"] += 1_000
        self.left["lines"] += 10


class Stop(Exception):
    """A step cannot go on; carries what it found."""

    def __init__(self, fault: Fault, where: str = "", detail: str = "") -> None:
        super().__init__(fault)
        self.finding = Finding(fault, where, detail)


@dataclass(frozen=True, slots=True)
class Source:
    """A folder that is read within a budget."""

    folder: Path
    budget: Budget = field(default_factory=Budget)

    def read(self, path: str, largest_bytes: int = LARGEST_BYTES) -> bytes:
        """
        Read a file whole.

        Raises:
            Stop: it is missing, too large or cannot be read.
        """
        with self._opened(path, largest_bytes) as file:
            try:
                return file.read()
            except OSError as error:
                raise Stop(Fault.FILE_UNREADABLE, path, error.strerror or "") from None

    def differs(self, path: str, digest: str, largest_bytes: int = _LARGEST_LISTED_BYTES) -> Finding | None:
        """
        Compare a file with its SHA-256, by its whole content.

        Raises:
            Stop: it is missing, too large or cannot be read.
        """
        whole, has_breaks = hashlib.sha256(), False
        with self._opened(path, largest_bytes) as file:
            try:
                while block := file.read(_BLOCK):
                    self.budget.spend("bytes", 0)
                    whole.update(block)
                    has_breaks = has_breaks or b"\r\n" in block
                if whole.hexdigest() == digest:
                    return None
                if has_breaks and file.tell() <= LARGEST_RESULT_BYTES:
                    file.seek(0)
                    if sha256(file.read().replace(b"\r\n", b"\n")) == digest:
                        return Finding(Fault.LINE_ENDS, path)
            except OSError as error:
                raise Stop(Fault.FILE_UNREADABLE, path, error.strerror or "") from None
        return Finding(Fault.FILE_ALTERED, path)

    def _opened(self, path: str, largest_bytes: int) -> BufferedReader:
        try:
            file = open_regular(self.folder / path)
        except (FileNotFoundError, NotADirectoryError, NotRegular):
            raise Stop(Fault.FILE_MISSING, path) from None
        except OSError as error:
            raise Stop(Fault.FILE_UNREADABLE, path, error.strerror or "") from None
        size_bytes = os.fstat(file.fileno()).st_size
        if size_bytes > largest_bytes:
            file.close()
            raise Stop(Fault.TOO_LARGE, path, f"> {largest_bytes} B")
        try:
            self.budget.spend("bytes", size_bytes)
        except BudgetReached:
            file.close()
            raise
        return file


def entries_of(folder: Path, budget: Budget) -> Iterator[tuple[str, int]]:
    """
    Name and mode of each entry of a folder, sorted. What goes while one looks is passed over: a check may be under way.

    Raises:
        OSError: the folder cannot be looked at.
    """
    found = []
    with os.scandir(folder) as entries:
        for entry in entries:
            budget.spend("files")
            try:
                found.append((entry.name, entry.stat(follow_symlinks=False).st_mode))
            except FileNotFoundError:
                continue
    yield from sorted(found)


def is_folder(mode: int) -> bool:
    """Whether a mode is that of a folder."""
    return stat.S_ISDIR(mode)
