"""
What a browser sends on one TLS connection, read record by record on its way; nothing of it is changed.

The browser speaks to the site itself, with the site's own certificate, and tells the keys of its connections
(`--ssl-key-log-file`). Only what the browser sends is read: TLS 1.3, and TLS 1.2 with ciphers that are held to be safe.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import os
import struct
import tempfile
import weakref
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

_RECORD_HEAD = 5
_RECORD_MAX = 16384 + 256
_CHANGE_CIPHER, _ALERT, _HANDSHAKE, _APPLICATION = 20, 21, 22, 23
_CLIENT_HELLO, _SERVER_HELLO, _FINISHED, _KEY_UPDATE = 1, 2, 20, 24
_SUPPORTED_VERSIONS, _EARLY_DATA = 43, 42
_TLS13: Final = 0x0304
_RETRY: Final = hashlib.sha256(b"HelloRetryRequest").digest()
"""The random number of a ServerHello that asks for another ClientHello (RFC 8446, section 4.1.3)."""

_WAIT_S = 10.0
_BETWEEN_S = 0.002
_CHUNK_BYTES = 64 * 1024
_WANTED: Final = frozenset({"CLIENT_HANDSHAKE_TRAFFIC_SECRET", "CLIENT_TRAFFIC_SECRET_0", "CLIENT_RANDOM"})
"""What is needed to read what the browser sends; what it receives is not read."""

Secret = Callable[[str, bytes], Awaitable[bytes]]
"""Kind of a secret and random number of the client → the secret."""


@dataclass(frozen=True, slots=True)
class _Suite:
    key_bytes: int
    hash: str
    chacha: bool = False


_SUITES: Final = {
    **dict.fromkeys((0x1301, 0xC02B, 0xC02F, 0x009C), _Suite(16, "sha256")),
    **dict.fromkeys((0x1302, 0xC02C, 0xC030, 0x009D), _Suite(32, "sha384")),
    **dict.fromkeys((0x1303, 0xCCA9, 0xCCA8), _Suite(32, "sha256", chacha=True)),
}
"""AES-GCM and ChaCha20-Poly1305, of TLS 1.3 and of TLS 1.2 (RFC 8446, 5288, 5289, 7905)."""


class UnreadableError(Exception):
    """The connection cannot be read: not TLS as a browser speaks it, or by a cipher that is not known here."""


class ClientRecords:
    """
    Reads one connection; both directions are told to it before they are passed on.

    Args:
        secret: gives the secrets of this browser's connections, and waits for them.
    """

    def __init__(self, secret: Secret) -> None:
        self._secret = secret
        self._client, self._handshake = bytearray(), bytearray()
        self._server: bytearray | None = bytearray()
        self._client_random = self._server_random = b""
        self._suite: _Suite | None = None
        self._tls13 = False
        self._cipher: _Cipher | None = None
        self._finished = False

    async def sent(self, piece: bytes) -> tuple[int, bytes]:
        """
        Take what the browser sends.

        Returns:
            How many bytes are complete records by now, counted from the last time on, and what they say to the site.

        Raises:
            UnreadableError: it cannot be read.
        """
        self._client += piece
        length, said = 0, bytearray()
        while len(self._client) - length >= _RECORD_HEAD:
            head = bytes(self._client[length : length + _RECORD_HEAD])
            kind, major, size = head[0], head[1], int.from_bytes(head[3:])
            if major != 3 or size > _RECORD_MAX or not _CHANGE_CIPHER <= kind <= _APPLICATION:
                raise UnreadableError("not TLS")
            end = length + _RECORD_HEAD + size
            if len(self._client) < end:
                break
            try:
                said += await self._record(kind, head, bytes(self._client[length + _RECORD_HEAD : end]))
            except (IndexError, struct.error) as error:
                raise UnreadableError("not TLS") from error
            length = end
        del self._client[:length]
        return length, bytes(said)

    def received(self, piece: bytes) -> None:
        """
        Take what the site sends; only its first word, which says how both will speak, is read.

        Raises:
            UnreadableError: they will speak in a way that is not known here.
        """
        if self._server is None:
            return
        self._server += piece
        while self._server is not None and len(self._server) >= _RECORD_HEAD:
            end = _RECORD_HEAD + int.from_bytes(self._server[3:5])
            if len(self._server) < end:
                return
            kind, content = self._server[0], bytes(self._server[_RECORD_HEAD:end])
            del self._server[:end]
            if kind == _CHANGE_CIPHER:  # between a ServerHello that asks again and the one that answers
                continue
            if kind != _ALERT and (kind != _HANDSHAKE or content[:1] != bytes([_SERVER_HELLO])):
                raise UnreadableError("not TLS")
            try:
                if kind == _ALERT or self._server_hello(content[4 : 4 + int.from_bytes(content[1:4])]):
                    self._server = None
            except (IndexError, struct.error) as error:
                raise UnreadableError("not TLS") from error

    def _server_hello(self, hello: bytes) -> bool:
        """Read it; whether it is the last one."""
        session_end = 35 + hello[34]
        suite = int.from_bytes(hello[session_end : session_end + 2])
        self._suite = _SUITES.get(suite)
        if self._suite is None:
            raise UnreadableError(f"cipher {suite:04x}")
        self._server_random = hello[2:34]
        versions = _extensions(hello[session_end + 3 :]).get(_SUPPORTED_VERSIONS, b"")
        self._tls13 = int.from_bytes(versions) == _TLS13
        return self._server_random != _RETRY

    async def _record(self, kind: int, head: bytes, content: bytes) -> bytes:
        """What one record says to the site; nothing where it belongs to TLS itself."""
        if kind == _CHANGE_CIPHER:
            if not self._tls13 and self._suite is not None:
                await self._renew("CLIENT_RANDOM")
            return b""
        if self._cipher is None and self._tls13 and kind == _APPLICATION:
            await self._renew("CLIENT_HANDSHAKE_TRAFFIC_SECRET")
        if self._cipher is not None and (kind == _APPLICATION or not self._tls13):
            content, kind = self._cipher.open(kind, head, content)
        elif kind == _APPLICATION:
            raise UnreadableError("data before the keys")
        if kind == _HANDSHAKE:
            await self._shake(content)
        elif kind == _APPLICATION:
            if not self._finished:
                raise UnreadableError("data before the handshake's end")
            return content
        return b""

    async def _shake(self, content: bytes) -> None:
        self._handshake += content
        while len(self._handshake) >= 4:
            end = 4 + int.from_bytes(self._handshake[1:4])
            if len(self._handshake) < end:
                return
            kind, message = self._handshake[0], bytes(self._handshake[4:end])
            del self._handshake[:end]
            if kind == _CLIENT_HELLO:
                self._client_hello(message)
            elif kind == _FINISHED:
                self._finished = True
                if self._tls13:
                    await self._renew("CLIENT_TRAFFIC_SECRET_0")
            elif kind == _KEY_UPDATE and self._cipher is not None and self._finished:
                self._cipher = self._cipher.updated()

    def _client_hello(self, hello: bytes) -> None:
        self._client_random = hello[2:34]
        session_end = 35 + hello[34]
        suites_end = session_end + 2 + int.from_bytes(hello[session_end : session_end + 2])
        if _EARLY_DATA in _extensions(hello[suites_end + 1 + hello[suites_end] :]):
            raise UnreadableError("early data")

    async def _renew(self, kind: str) -> None:
        if self._suite is None:
            raise UnreadableError("data before the keys")
        secret = await self._secret(kind, self._client_random)
        randoms = b"" if self._tls13 else self._server_random + self._client_random
        self._cipher = _Cipher(self._suite, secret, randoms)


def _extensions(block: bytes) -> dict[int, bytes]:
    """Number → content, of a block that begins with its length."""
    found, at = {}, 2
    while at + 4 <= len(block):
        number, size = struct.unpack_from(">HH", block, at)
        found[number] = block[at + 4 : at + 4 + size]
        at += 4 + size
    return found


class _Cipher:
    """
    Opens the records of one direction, in order.

    Args:
        suite: of the connection.
        secret: of TLS 1.3 the traffic secret, of TLS 1.2 the master secret.
        randoms: the server's and the client's, of TLS 1.2; empty in TLS 1.3.
    """

    def __init__(self, suite: _Suite, secret: bytes, randoms: bytes) -> None:
        # Late: only a process that starts a browser has to pay for it.
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM, ChaCha20Poly1305  # noqa: PLC0415

        self._suite, self._secret, self._tls13 = suite, secret, not randoms
        self._number = 0
        if self._tls13:
            key, self._iv = self._expanded("key", suite.key_bytes), self._expanded("iv", 12)
        else:
            key, self._iv = self._split(b"key expansion" + randoms)
        self._aead: Any = ChaCha20Poly1305(key) if suite.chacha else AESGCM(key)

    def _expanded(self, label: str, length: int) -> bytes:
        """HKDF-Expand-Label (RFC 8446, section 7.1); all that is asked for here fits one block."""
        full = b"tls13 " + label.encode()
        info = struct.pack(">HB", length, len(full)) + full + b"\x00\x01"
        return hmac.digest(self._secret, info, self._suite.hash)[:length]

    def _split(self, seed: bytes) -> tuple[bytes, bytes]:
        """Key and nonce of the client in the key block of TLS 1.2 (RFC 5246, section 6.3)."""
        key_bytes, iv_bytes = self._suite.key_bytes, 12 if self._suite.chacha else 4
        block, chained = b"", seed
        while len(block) < 2 * (key_bytes + iv_bytes):
            chained = hmac.digest(self._secret, chained, self._suite.hash)
            block += hmac.digest(self._secret, chained + seed, self._suite.hash)
        return block[:key_bytes], block[2 * key_bytes : 2 * key_bytes + iv_bytes]

    def open(self, kind: int, head: bytes, content: bytes) -> tuple[bytes, int]:
        """
        Content and kind of a record.

        Raises:
            UnreadableError: the key does not fit.
        """
        from cryptography.exceptions import InvalidTag  # noqa: PLC0415

        # In TLS 1.3, and with ChaCha20, the nonce is counted; else the second half of it stands before the content.
        explicit = 0 if self._tls13 or self._suite.chacha else 8
        nonce, bound = self._iv + content[:explicit], head
        if not explicit:
            nonce = (int.from_bytes(self._iv) ^ self._number).to_bytes(12)
        if not self._tls13:
            length = max(0, len(content) - explicit - 16)
            bound = struct.pack(">QB", self._number, kind) + head[1:3] + struct.pack(">H", length)
        self._number += 1
        try:
            opened = bytes(self._aead.decrypt(nonce, content[explicit:], bound))
        except (InvalidTag, ValueError) as error:
            raise UnreadableError("the key does not fit") from error
        if not self._tls13:
            return opened, kind
        bare = opened.rstrip(b"\x00")
        if not bare:
            raise UnreadableError("an empty record")
        return bare[:-1], bare[-1]

    def updated(self) -> _Cipher:
        """The cipher after the keys were renewed; TLS 1.2 knows no such thing."""
        if not self._tls13:
            raise UnreadableError("an unknown message")
        return _Cipher(self._suite, self._expanded("traffic upd", len(self._secret)), b"")


class NoKeyError(Exception):
    """The browser did not tell the key of a connection."""


class KeyLog:
    """
    One browser's keys, through a named pipe that only this user may open, and never on a disk.

    Where there are no named pipes: through a file in a folder of this user that goes when the browser does.
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
                for words in (line.decode("ascii", "replace").split() for line in lines):
                    if len(words) == 3 and words[0] in _WANTED:
                        with suppress(ValueError):
                            self._known[words[0], bytes.fromhex(words[1])] = bytes.fromhex(words[2])

    def close(self) -> None:
        """Forget everything; the browser is gone, or nothing it sends may leave any more."""
        self._known.clear()
        self._take_away()


def _take_away(descriptor: int, path: Path) -> None:
    os.close(descriptor)
    with suppress(OSError):  # some systems let nobody take a file away that a browser still writes to
        path.unlink()
        path.parent.rmdir()
