"""Writing so that a crash leaves the old file or the new one, never half of one; reading files and nothing else."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path

from automation.errors import OutputError


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """
    Name the file where the disk fails.

    Raises:
        OutputError: instead of the OSError.
    """
    try:
        yield
    except OSError as error:
        raise OutputError(
            f"{path}: cannot be written ({error.strerror or error})",
            "Free some space, correct its permissions or choose another folder.",
        ) from error


class NotRegular(OSError):
    """What stands in the place of a file is a link, a pipe, a device or a folder."""


def open_regular(path: Path) -> BufferedReader:
    """
    Open a file for reading, and nothing but a file: a pipe would wait for ever, a link may lead to an endless device.

    Raises:
        NotRegular: it is something else.
        OSError: it is not there or cannot be read.
    """
    if not stat.S_ISREG(path.lstat().st_mode):
        raise NotRegular(errno.EINVAL, os.strerror(errno.EINVAL), str(path))
    # Who can exchange it between the two looks finds the same question asked again of what was opened.
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    file = os.fdopen(os.open(path, flags), "rb")
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.close()
        raise NotRegular(errno.EINVAL, os.strerror(errno.EINVAL), str(path))
    return file


def write_whole(path: Path, data: bytes, *, mode: int = 0o644) -> None:
    """
    Write a file beside its place, bring it to the disk, and rename it.

    Raises:
        OutputError: it cannot be written; an earlier file of that name is untouched.
    """
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    with writing(path):
        try:
            beside.unlink(missing_ok=True)
            descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(path)
        except BaseException:
            beside.unlink(missing_ok=True)
            raise
        sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Bring a folder's own entries to the disk, where the system lets one open a folder."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
