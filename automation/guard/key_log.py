"""The keys of a browser's own connections, as it tells them itself (`--ssl-key-log-file`), so that they can be read."""

from __future__ import annotations

import asyncio
import os
import tempfile
import weakref
from contextlib import suppress
from pathlib import Path
from typing import Final

_WAIT_S = 10.0
_BETWEEN_S = 0.002
_CHUNK_BYTES = 64 * 1024
_WANTED: Final = frozenset({"CLIENT_HANDSHAKE_TRAFFIC_SECRET", "CLIENT_TRAFFIC_SECRET_0", "CLIENT_RANDOM"})
"""What is needed to read what the browser sends; what it receives is not read."""


class NoKeyError(Exception):
    """The browser did not tell the key of a connection."""


class KeyLog:
    """
    One browser's keys.

    They pass through a named pipe, which only this user may open, and are never on a disk; where there are no named
    pipes, through a file in a folder of this user that goes when the browser does.
    """

    def __init__(self) -> None:
        self.path = Path(tempfile.mkdtemp(prefix="temoin-")) / "keys"
        if hasattr(os, "mkfifo"):
            os.mkfifo(self.path, 0o600)
        else:
            self.path.touch(0o600)
        self._descriptor = os.open(self.path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
        self._known: dict[tuple[str, bytes], bytes] = {}
        self._rest = b""
        self._take_away = weakref.finalize(self, _take_away, self._descriptor, self.path)

    @property
    def argument(self) -> str:
        """The switch that the browser is started with."""
        return f"--ssl-key-log-file={self.path}"

    async def secret(self, kind: str, client_random: bytes) -> bytes:
        """
        The secret of a kind of the connection that began with this random number; it is forgotten then.

        Raises:
            NoKeyError: it is not told in time.
        """
        with suppress(TimeoutError):
            async with asyncio.timeout(_WAIT_S):
                while self._take_away.alive:
                    self._read()
                    found = self._known.pop((kind, client_random), None)
                    if found is not None:
                        return found
                    await asyncio.sleep(_BETWEEN_S)  # it is written by another thread of the browser, at this moment
        raise NoKeyError(kind)

    def _read(self) -> None:
        with suppress(BlockingIOError):
            while piece := os.read(self._descriptor, _CHUNK_BYTES):
                *lines, self._rest = (self._rest + piece).split(b"\n")
                for line in lines:
                    self._note(line.decode("ascii", "replace").split())

    def _note(self, words: list[str]) -> None:
        if len(words) == 3 and words[0] in _WANTED:
            with suppress(ValueError):
                self._known[words[0], bytes.fromhex(words[1])] = bytes.fromhex(words[2])

    def close(self) -> None:
        """Forget everything; the browser is gone, or nothing it sends may leave any more."""
        self._known.clear()
        self._take_away()


async def secret_of(keys: KeyLog | None, kind: str, client_random: bytes) -> bytes:
    """As `KeyLog.secret`, where there may be no keys yet. Raises `NoKeyError` then, too."""
    if keys is None:
        raise NoKeyError(kind)
    return await keys.secret(kind, client_random)


def _take_away(descriptor: int, path: Path) -> None:
    os.close(descriptor)
    with suppress(OSError):  # some systems let nobody take a file away that a browser still writes to
        path.unlink()
    with suppress(OSError):
        path.parent.rmdir()
