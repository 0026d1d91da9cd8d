"""The requests in what a browser sends on one connection, HTTP/1.1 or HTTP/2 (RFC 7541). Bodies are passed over."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Protocol

from automation.guard.request import Request

if TYPE_CHECKING:
    from collections.abc import Mapping

_PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
_HEAD_MAX = 256 * 1024
_FRAME_HEAD = 9
_DATA, _HEADERS, _CONTINUATION = 0, 1, 9
_OF_THE_CONNECTION = frozenset({_DATA, 2, 3, 4, 6, 7, 8, 16})
"""Frames without a request: data, priority, reset, settings, ping, goaway, window update, priority update."""
_END_STREAM, _END_HEADERS, _PADDED, _WITH_PRIORITY = 0x1, 0x4, 0x8, 0x20


class NotHttpError(ValueError):
    """What is sent is no HTTP that a page's request would be sent as."""


class RequestHeads:
    """Takes what is sent, piece by piece, and gives the requests in it as soon as their heads are complete."""

    def __init__(self) -> None:
        self._protocol: _Protocol | None = None
        self._held = bytearray()

    @property
    def incomplete(self) -> bool:
        """Whether the beginning of a request was taken whose head has not ended."""
        return bool(self._held) or (self._protocol is not None and self._protocol.pending)

    def take(self, piece: bytes) -> list[Request]:
        """
        The requests whose heads end in this piece, without the content of their bodies.

        Raises:
            NotHttpError: it is something else, or more than a head may be.
        """
        self._held += piece
        if self._protocol is None:
            if self._held[: len(_PREFACE)] == _PREFACE:
                del self._held[: len(_PREFACE)]
                self._protocol = _Http2()
            elif _PREFACE.startswith(self._held):
                return []
            else:
                self._protocol = _Http1()
        found = []
        while (request := self._protocol.next(self._held)) is not None:
            found.append(request)
        if len(self._held) > _HEAD_MAX:
            raise NotHttpError("a head that does not end")
        return found


class _Protocol(Protocol):
    @property
    def pending(self) -> bool:
        """Whether a head was taken in part."""

    def next(self, held: bytearray) -> Request | None:
        """The next request; takes from `held` whatever is understood."""


class _Http1:
    pending = False

    def __init__(self) -> None:
        self._body_left = 0

    def next(self, held: bytearray) -> Request | None:
        passed = min(self._body_left, len(held))
        del held[:passed]
        self._body_left -= passed
        end = held.find(b"\r\n\r\n")
        if end < 0:
            if held and not held[:1].isalpha():
                raise NotHttpError("no request")
            return None
        first, *lines = held[:end].decode("latin-1").split("\r\n")
        del held[: end + 4]
        method, _, rest = first.partition(" ")
        target, _, version = rest.partition(" ")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        length = headers.get("content-length", "0")
        if version != "HTTP/1.1" or not length.isdecimal() or "transfer-encoding" in headers:
            raise NotHttpError("no request as a browser sends it")
        self._body_left = int(length)
        return _request(method, headers.pop("host", ""), target, headers, body="content-length" in headers)


class _Http2:
    def __init__(self) -> None:
        self._table = HeaderTable()
        self._block = bytearray()
        self._body = False
        self._data_left = 0

    @property
    def pending(self) -> bool:
        return bool(self._block)

    def next(self, held: bytearray) -> Request | None:
        while True:
            passed = min(self._data_left, len(held))
            del held[:passed]
            self._data_left -= passed
            if len(held) < _FRAME_HEAD:
                return None
            length, kind, flags = int.from_bytes(held[:3]), held[3], held[4]
            if kind == _DATA:
                del held[:_FRAME_HEAD]
                self._data_left = length
                continue
            if len(held) < _FRAME_HEAD + length:
                return None
            content = bytes(held[_FRAME_HEAD : _FRAME_HEAD + length])
            del held[: _FRAME_HEAD + length]
            if kind in {_HEADERS, _CONTINUATION}:
                if self._gathered(kind, flags, content):
                    return self._unpacked()
            elif kind not in _OF_THE_CONNECTION:
                raise NotHttpError("a frame that no request needs")

    def _gathered(self, kind: int, flags: int, content: bytes) -> bool:
        """Whether a block of headers is complete with this frame."""
        if kind == _HEADERS:
            self._body = not flags & _END_STREAM
            padding = content[0] if flags & _PADDED and content else 0
            begin = (1 if flags & _PADDED else 0) + (5 if flags & _WITH_PRIORITY else 0)
            content = content[begin : len(content) - padding]
        self._block += content
        if len(self._block) > _HEAD_MAX:
            raise NotHttpError("a head that does not end")
        return bool(flags & _END_HEADERS)

    def _unpacked(self) -> Request:
        try:
            unpacked = self._table.unpack(bytes(self._block))
        except UnreadableHeadersError as error:
            raise NotHttpError(str(error)) from error
        self._block.clear()
        headers = dict(unpacked)
        headers["cookie"] = "; ".join(value for name, value in unpacked if name == "cookie")  # it comes in pieces
        method, authority = headers.pop(":method", ""), headers.pop(":authority", "")
        if ":protocol" in headers:
            headers["upgrade"] = headers.pop(":protocol")
        return _request(method, authority, headers.pop(":path", ""), headers, body=self._body)


def _request(method: str, host: str, target: str, headers: Mapping[str, str], *, body: bool) -> Request:
    if not method or not host or not target.startswith("/"):
        raise NotHttpError("no request as a browser sends it")
    path, _, query = target.partition("?")
    return Request(
        method=method,
        host=host.lower(),
        path=path,
        query=query,
        body=b"" if body else None,
        headers={name: value for name, value in headers.items() if name != "cookie"},
        cookie=headers.get("cookie", ""),
        resource="WebSocket" if "upgrade" in headers else "Other",
    )


_STATIC = (
    (":authority", ""),
    *((":method", value) for value in ("GET", "POST")),
    *((":path", value) for value in ("/", "/index.html")),
    *((":scheme", value) for value in ("http", "https")),
    *((":status", value) for value in ("200", "204", "206", "304", "400", "404", "500")),
    ("accept-charset", ""),
    ("accept-encoding", "gzip, deflate"),
    *(
        (name, "")
        for name in (  # noqa: SIM905 - one string is read more easily than 45
            "accept-language accept-ranges accept access-control-allow-origin age allow authorization cache-control "
            "content-disposition content-encoding content-language content-length content-location content-range "
            "content-type cookie date etag expect expires from host if-match if-modified-since if-none-match if-range "
            "if-unmodified-since last-modified link location max-forwards proxy-authenticate proxy-authorization range "
            "referer refresh retry-after server set-cookie strict-transport-security transfer-encoding user-agent vary "
            "via www-authenticate"
        ).split()
    ),
)
"""RFC 7541, appendix A."""
_HUFFMAN = {
    5: b"012aceiost",
    6: b" %-./3456789=A_bdfghlmnpru",
    7: b":BCDEFGHIJKLMNOPQRSTUVWYjkqvwxyz",
    8: b"&*,;XZ",
    10: b'!"()?',
    11: b"'+|",
    12: b"#>",
    13: b"\x00$@[]~",
    14: b"^}",
    15: b"<`{",
    19: b"\\\xc3\xd0",
    20: bytes.fromhex("808283a2b8c2e0e2"),
    21: bytes.fromhex("99a1a7acb0b1b3d1d8d9e3e5e6"),
    22: bytes.fromhex("8184858688929a9ca0a3a4a9aaadb2b5b9babbbdbec4c6e4e8e9"),
    23: bytes.fromhex("0187898a8b8c8d8f93959697989b9d9ea5a6a8aeafb4b6b7bcbfc5e7ef"),
    24: bytes.fromhex("098e9091949fabced7e1eced"),
    25: bytes.fromhex("c7cfeaeb"),
    26: bytes.fromhex("c0c1c8c9cacdd2d5dadbeef0f2f3ff"),
    27: bytes.fromhex("cbccd3d4d6dddedff1f4f5f6f7f8fafbfcfdfe"),
    28: bytes.fromhex("020304050607080b0c0e0f1011121314151718191a1b1c1d1e1f7fdcf9"),
    30: b"\n\r\x16",
}
"""RFC 7541, appendix B: bits of the code → bytes that have one of this length. The code is canonical."""
_ENTRY_OVERHEAD = 32
_NAME_MAX = 64 * 1024
_LONGEST_PADDING = 7


class UnreadableHeadersError(ValueError):
    """The block is not what RFC 7541 describes."""


def _codes() -> dict[tuple[int, int], int]:
    codes, code, bits_before = {}, 0, 0
    for bits, symbols in _HUFFMAN.items():
        code <<= bits - bits_before
        bits_before = bits
        for symbol in symbols:
            codes[bits, code] = symbol
            code += 1
    return codes


_CODES = _codes()


class HeaderTable:
    """What one connection's blocks refer back to: each block must be unpacked, in order."""

    def __init__(self) -> None:
        self._recent: deque[tuple[str, str]] = deque()
        self._size = 0
        self._most = 4096

    def unpack(self, block: bytes) -> list[tuple[str, str]]:
        """
        The headers of one block, in order.

        Raises:
            UnreadableHeadersError: it cannot be unpacked.
        """
        found: list[tuple[str, str]] = []
        reading = _Bytes(block)
        while reading.left:
            first = reading.peek()
            if first & 0x80:
                found.append(self._at(reading.number(7)))
            elif first & 0xE0 == 0x20:
                self._most = reading.number(5)
                self._shrink()
            else:
                found.append(self._literal(reading, keep=bool(first & 0x40)))
        return found

    def _literal(self, reading: _Bytes, *, keep: bool) -> tuple[str, str]:
        index = reading.number(6 if keep else 4)
        name = self._at(index)[0] if index else reading.text()
        header = (name, reading.text())
        if keep:
            self._recent.appendleft(header)
            self._size += _size(header)
            self._shrink()
        return header

    def _at(self, index: int) -> tuple[str, str]:
        if 0 < index <= len(_STATIC):
            return _STATIC[index - 1]
        try:
            return self._recent[index - len(_STATIC) - 1] if index else _no_entry()
        except IndexError:
            return _no_entry()

    def _shrink(self) -> None:
        while self._size > self._most and self._recent:
            self._size -= _size(self._recent.pop())


def _no_entry() -> tuple[str, str]:
    raise UnreadableHeadersError("there is no such entry")


def _size(header: tuple[str, str]) -> int:
    return len(header[0]) + len(header[1]) + _ENTRY_OVERHEAD


class _Bytes:
    """A block, read from its beginning."""

    def __init__(self, block: bytes) -> None:
        self._block = block
        self._at = 0

    @property
    def left(self) -> int:
        return len(self._block) - self._at

    def peek(self) -> int:
        if not self.left:
            raise UnreadableHeadersError("the block ends too early")
        return self._block[self._at]

    def _next(self) -> int:
        byte = self.peek()
        self._at += 1
        return byte

    def number(self, bits: int) -> int:
        """A number that begins in the lowest bits of a byte (RFC 7541, section 5.1)."""
        most = (1 << bits) - 1
        value = self._next() & most
        if value < most:
            return value
        for shift in range(0, 28, 7):
            byte = self._next()
            value += (byte & 0x7F) << shift
            if not byte & 0x80:
                return value
        raise UnreadableHeadersError("a number is too large")

    def text(self) -> str:
        """A string; bytes beyond ASCII become the letters of Latin-1."""
        packed = bool(self.peek() & 0x80)
        length = self.number(7)
        if length > min(self.left, _NAME_MAX):
            raise UnreadableHeadersError("the block ends too early")
        raw = self._block[self._at : self._at + length]
        self._at += length
        return (_unpacked(raw) if packed else raw).decode("latin-1")


def _unpacked(raw: bytes) -> bytes:
    found = bytearray()
    code = bits = 0
    for byte in raw:
        for shift in range(7, -1, -1):
            code = code << 1 | byte >> shift & 1
            bits += 1
            symbol = _CODES.get((bits, code))
            if symbol is not None:
                found.append(symbol)
                code = bits = 0
    if bits > _LONGEST_PADDING or code != (1 << bits) - 1:
        raise UnreadableHeadersError("a string does not end as it should")
    return bytes(found)
