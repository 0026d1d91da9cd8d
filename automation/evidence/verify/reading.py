"""
Reading a folder of evidence that somebody made: nothing but files, none without end, all within one budget a call.

Signatures come before contents, so that a stranger's folder costs little whatever is in it; the budget ends what the
holder of a key, or a list of a million names, could still ask for. A zip or tar is unpacked into a folder first:
nothing leaves that folder.
"""

from __future__ import annotations

import bz2
import gzip
import hashlib
import lzma
import os
import stat
import tarfile
import tempfile
import time
import zipfile
import zlib
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, cast

from automation.evidence.formats.names import is_plain
from automation.evidence.formats.signed import sha256
from automation.evidence.verify.findings import Fault, Finding
from automation.storage.files import NotRegular, open_regular

if TYPE_CHECKING:
    from collections.abc import Iterator
    from io import BufferedReader

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
            file = open_regular(f"{self.folder}{os.sep}{path}")  # joining paths costs as much as opening one
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


def entries_of(folder: Path, budget: Budget) -> Iterator[tuple[str, os.stat_result]]:
    """
    Name and state of each entry of a folder, sorted. What goes meanwhile is passed over: a check may be under way.

    Raises:
        OSError: the folder cannot be looked at.
    """
    found = []
    with os.scandir(folder) as entries:
        for entry in entries:
            budget.spend("files")
            try:
                found.append((entry.name, entry.stat(follow_symlinks=False)))
            except FileNotFoundError:
                continue
    yield from sorted(found)


_MOST_ENTRIES = 100_000
_DEEPEST = 20
_LARGEST_BYTES = 1_000_000_000
_ALWAYS_BYTES = 64_000_000
_MOST_TIMES = 100
"""Evidence shrinks to a tenth at best; what grows a hundredfold is a trap."""
_PIECE = 1 << 16
_LONGEST_PADDING_BYTES = 1 << 20
_LONGEST_ZIP_END_BYTES = 22 + 0xFFFF
_TAR_BLOCK_BYTES = 512
_COMPRESSED: dict[bytes, Any] = {b"\x1f\x8b": gzip.open, b"BZh": bz2.open, b"\xfd7zXZ\x00": lzma.open}
_BROKEN = (
    tarfile.TarError, zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, ValueError, RuntimeError,
    OverflowError, MemoryError,
)  # fmt: skip


class ArchiveRefused(ValueError):
    """An archive that is none, or that holds what evidence never holds."""

    def __init__(self, why: str, entry: str = "") -> None:
        super().__init__(why)
        self.why = why
        """Name of a sentence: `no_archive`, `damaged`, `joined`, `too_large`, `too_many`, `escapes`, `link` …"""
        self.entry = entry


@contextmanager
def unpacked(archive: Path, budget: Budget | None = None) -> Iterator[Path]:
    """
    A temporary folder with the content of a zip or tar file.

    Raises:
        ArchiveRefused: it is no archive, is damaged, or holds a symbolic link, a path that leads out, one name twice,
            too much or too deep folders. Archives inside it stay as they are.
        BudgetReached: unpacking it takes more than a call may spend.
    """
    with tempfile.TemporaryDirectory(prefix="temoin-") as name:
        folder = Path(name)
        try:
            _unpack(archive, folder, budget or Budget())
        except (ArchiveRefused, BudgetReached):
            raise
        except _BROKEN:
            raise ArchiveRefused("damaged") from None
        yield folder


def _unpack(archive: Path, folder: Path, budget: Budget) -> None:
    space = _Space(budget, min(_LARGEST_BYTES, _ALWAYS_BYTES + _MOST_TIMES * archive.stat().st_size))
    if not zipfile.is_zipfile(archive):
        _untar(archive, folder, space)
        return
    with zipfile.ZipFile(archive) as packed:
        members = packed.infolist()
        if min((member.header_offset for member in members), default=0) > 0 or not _ends_as_it_says(archive):
            raise ArchiveRefused("joined")
        for member in members:
            if "\0" in member.orig_filename:
                raise ArchiveRefused("escapes", member.orig_filename)
            if stat.S_IFMT(member.external_attr >> 16) not in {0, stat.S_IFREG, stat.S_IFDIR}:
                raise ArchiveRefused("link", member.filename)
            target = space.place(folder, member.filename, is_folder=member.is_dir())
            if target is not None:
                with packed.open(member) as source:
                    space.copy(source, target)


def _untar(archive: Path, folder: Path, space: _Space) -> None:
    with _opened(archive) as source:
        counted = _Counted(source, space.left_bytes + _ALWAYS_BYTES)
        try:
            stream = tarfile.open(fileobj=cast("IO[bytes]", counted), mode="r|")  # noqa: SIM115 - closed below; opening may fail alone
        except tarfile.ReadError:
            raise ArchiveRefused("no_archive") from None
        with stream:
            for entry in stream:
                if not (entry.isreg() or entry.isdir() or entry.islnk()):
                    raise ArchiveRefused("link", entry.name)
                target = space.place(folder, entry.name, is_folder=entry.isdir())
                if target is None:
                    continue
                if entry.islnk():
                    space.second_name(folder, entry.linkname, target)
                elif (content := stream.extractfile(entry)) is not None:
                    space.copy(content, target)
            rest = cast("IO[bytes]", stream.fileobj)
            if rest.read(_LONGEST_PADDING_BYTES).strip(b"\0") or rest.read(1):
                raise ArchiveRefused("joined")
            if counted.end.strip(b"\0"):
                raise ArchiveRefused("damaged")


def _ends_as_it_says(archive: Path) -> bool:
    """Whether nothing stands behind a zip's own end."""
    with archive.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        start = file.seek(max(size - _LONGEST_ZIP_END_BYTES, 0))
        data = file.read()
    at = data.rfind(b"PK\5\6")
    return at >= 0 and start + at + 22 + int.from_bytes(data[at + 20 : at + 22], "little") == size


@contextmanager
def _opened(archive: Path) -> Iterator[IO[bytes]]:
    with archive.open("rb") as file:
        start = file.read(6)
    opener = next((found for magic, found in _COMPRESSED.items() if start.startswith(magic)), open)
    with opener(archive, "rb") as source:
        yield source


class _Space:
    """Counts what is written, so that no header needs to be believed."""

    def __init__(self, budget: Budget, left_bytes: int) -> None:
        self._budget, self.left_bytes = budget, left_bytes
        self._seen: set[str] = set()

    def place(self, folder: Path, name: str, *, is_folder: bool) -> Path | None:
        """Where an entry goes; None for a folder, which is made."""
        path = name.removeprefix("./").rstrip("/") if is_folder else name.removeprefix("./")
        if path in {"", "."} and is_folder:
            return None
        if path.count("/") >= _DEEPEST:
            raise ArchiveRefused("too_deep", name)
        if not is_plain(path):
            raise ArchiveRefused("escapes", name)
        if path.casefold() in self._seen:
            raise ArchiveRefused("twice", name)
        self._seen.add(path.casefold())
        self._budget.spend("files")
        if len(self._seen) > _MOST_ENTRIES:
            raise ArchiveRefused("too_many")
        target = folder / path
        (target if is_folder else target.parent).mkdir(parents=True, exist_ok=True)
        return None if is_folder else target

    def second_name(self, folder: Path, first: str, target: Path) -> None:
        """A file that has a second name becomes a file of its own; only what was unpacked before can have one."""
        path = first.removeprefix("./")
        if not is_plain(path) or not (folder / path).is_file():
            raise ArchiveRefused("link", target.name)
        with (folder / path).open("rb") as source:
            self.copy(source, target)

    def copy(self, source: IO[bytes], target: Path) -> None:
        """Write one file."""
        with target.open("xb") as file:
            while block := source.read(_PIECE):
                self._budget.spend("bytes", len(block))
                self.left_bytes -= len(block)
                if self.left_bytes < 0:
                    raise ArchiveRefused("too_large", target.name)
                file.write(block)


class _Counted:
    """A stream that ends loudly: a tar's own headers can be a trap, too."""

    def __init__(self, source: IO[bytes], left_bytes: int) -> None:
        self._source, self._left_bytes = source, left_bytes
        self.end = b""
        """The last block: a tar ends with empty ones."""

    def read(self, size: int) -> bytes:
        """The next bytes."""
        block = self._source.read(size)
        self._left_bytes -= len(block)
        if self._left_bytes < 0:
            raise ArchiveRefused("too_large")
        self.end = (self.end + block[-_TAR_BLOCK_BYTES:])[-_TAR_BLOCK_BYTES:]
        return block
