"""Writing so that a crash leaves the old file or the new one, never half of one; reading files and nothing else."""

from __future__ import annotations

import errno
import os
import stat
import threading
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from io import BufferedReader, BufferedWriter
from pathlib import Path

from automation.core.errors import OutputError

_REMEDY = "Free some space, correct its permissions or choose another folder."
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)


@contextmanager
def writing(path: Path, remedy: str = _REMEDY) -> Iterator[None]:
    """Name the file where the disk fails. Raises OutputError: instead of the OSError."""
    try:
        yield
    except OSError as error:
        raise OutputError(f"{path}: cannot be written ({error.strerror or error})", remedy) from error


class NotRegular(OSError):
    """What stands in the place of a file is a link, a pipe, a device or a folder."""


def open_regular(path: Path | str) -> BufferedReader:
    """
    Open a file for reading, and nothing but a file: a pipe would wait for ever, a link may lead to an endless device.

    Raises NotRegular where it is something else; OSError.
    """
    if not stat.S_ISREG(os.lstat(path).st_mode):
        raise NotRegular(errno.EINVAL, os.strerror(errno.EINVAL), str(path))
    # Somebody could exchange it between the two looks, so what was opened is asked the same question again.
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    file = os.fdopen(os.open(path, flags), "rb")
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.close()
        raise NotRegular(errno.EINVAL, os.strerror(errno.EINVAL), str(path))
    return file


@contextmanager
def replacing(
    path: Path, *, mode: int = 0o644, shared: bool = False, first_wins: bool = False
) -> Iterator[BufferedWriter]:
    """
    Open a new file beside `path`; at the end of the block it is brought to the disk and gets the name `path`.

    An earlier file of that name is untouched until then, and stays where the block or the disk fails.

    Args:
        path: where the file belongs; its folder is there.
        mode: permissions of the new file.
        shared: other processes may write the same file at the same time. Without this, the caller holds a lock, and
            the next write removes what a killed process left.
        first_wins: a file that is there by then stays, and the new one is dropped.

    Raises:
        OutputError: it cannot be written.
    """
    # Threads of one process have its number in common, and must not take one another's file away.
    beside = partial_of(path, f"{os.getpid()}-{threading.get_native_id()}" if shared else "")
    with writing(path):
        try:
            beside.unlink(missing_ok=True)
            with os.fdopen(os.open(beside, _NEW, mode), "wb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            if first_wins:
                _name_unless_taken(beside, path)
            else:
                beside.replace(path)
            sync_folder(path.parent)
        finally:
            with suppress(OSError):
                beside.unlink(missing_ok=True)


def write_whole(path: Path, data: bytes, *, mode: int = 0o644, shared: bool = False, first_wins: bool = False) -> None:
    """Write a file whole; see `replacing`. If that fails (OutputError), an earlier file of that name is untouched."""
    with replacing(path, mode=mode, shared=shared, first_wins=first_wins) as file:
        file.write(data)


def write_text(path: Path, text: str | Iterable[str]) -> None:
    """Write a text whole, or its pieces in order, as UTF-8; as `write_whole`."""
    with replacing(path, shared=True) as file:
        for piece in (text,) if isinstance(text, str) else text:
            file.write(piece.encode())


def partial_of(path: Path, writer: str = "") -> Path:
    """The unfinished file beside `path`; by the process and thread that write it, where several may."""
    return path.with_name(f".{path.name}.{writer}.partial" if writer else f".{path.name}.partial")


def append_line(path: Path, line: bytes, *, mode: int = 0o644) -> None:
    """
    Add a line, on the disk when this returns. The caller holds a lock.

    A line that an interrupted write left without its end is cut off first; so is this one where the disk fails.

    Raises:
        OutputError: it cannot be written; the file holds the lines that it held.
    """
    flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0)
    with writing(path), os.fdopen(os.open(path, flags, mode), "r+b", buffering=0) as file:
        end = file.readall().rfind(b"\n") + 1
        file.truncate(end)
        with ExitStack() as undo:
            undo.callback(file.truncate, end)
            rest = memoryview(line + b"\n")
            while rest:
                rest = rest[file.write(rest) :]
            os.fsync(file.fileno())
            undo.pop_all()


def sync_folder(folder: Path) -> None:
    """Bring a folder's own entries to the disk, where the system lets one open a folder."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _name_unless_taken(beside: Path, path: Path) -> None:
    try:
        os.link(beside, path)
    except FileExistsError:
        pass
    except OSError:  # a file system without links
        beside.replace(path)
