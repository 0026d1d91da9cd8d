"""The requests in what a browser sends on one connection, HTTP/1.1 or HTTP/2. Bodies are passed over."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
        self._protocol: _Http1 | _Http2 | None = None
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


class _Http1:
    pending = False

    def __init__(self) -> None:
        self._body_left = 0

    def next(self, held: bytearray) -> Request | None:
        """The next request; takes from `held` whatever is understood."""
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
        # Late: only a process that starts a browser has to pay for it.
        from hpack import Decoder, HPACKError  # noqa: PLC0415

        self._table, self._unreadable = Decoder(_HEAD_MAX), HPACKError
        self._table.max_allowed_table_size = _HEAD_MAX  # a server may offer more than the usual 4096
        self._block = bytearray()
        self._body = False
        self._data_left = 0

    @property
    def pending(self) -> bool:
        """Whether a head was taken in part."""
        return bool(self._block)

    def next(self, held: bytearray) -> Request | None:
        """The next request; takes from `held` whatever is understood."""
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
            raw = self._table.decode(bytes(self._block), raw=True)
        except self._unreadable as error:
            raise NotHttpError(str(error)) from error
        self._block.clear()
        unpacked = [(bytes(name).decode("latin-1"), bytes(value).decode("latin-1")) for name, value in raw]
        headers = dict(unpacked)
        headers["cookie"] = "; ".join(value for name, value in unpacked if name == "cookie")  # it comes in pieces
        method, authority = headers.pop(":method", ""), headers.pop(":authority", "")
        headers.pop(":scheme", None)  # TLS is what is read here; a permit counts it as a header too many
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
