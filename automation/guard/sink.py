"""A loopback server that counts what reaches it: the far end of the guard's self-test."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from automation.guard.request_heads import NotHttpError, RequestHeads

if TYPE_CHECKING:
    from automation.guard.certificate import Certificate

_TIMEOUT_S = 20.0
_HINTS, _BETWEEN_HINTS_S = 10, 0.1
"""How often early hints are sent that nobody heeds, before their page comes."""
_CHUNK_BYTES = 64 * 1024
NO_REQUEST = "(bytes that are no request)"  # untold: the self-test compares it


@dataclass(frozen=True, slots=True)
class Content:
    """What the sink answers to one path."""

    body: bytes = b""
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    hint: str = ""
    """A path that early hints ask the browser to load before the page comes (HTTP/2 only: browsers heed no others)."""


class SinkServer:
    """
    Answers requests by HTTP/1.1 at one address and by HTTP/2 at another; `arrived` lists method and path, in order.

    Args:
        contents: path → answer; everything else gets an empty page.
        certificate: nobody vouches for it: the browser must be told to take it. None for no TLS, and no HTTP/2.
    """

    def __init__(self, contents: Mapping[str, Content], certificate: Certificate | None = None) -> None:
        self.arrived: list[tuple[str, str]] = []
        self._certificate = certificate
        self._contents = contents
        self._servers: list[asyncio.Server] = []
        self._writers: set[asyncio.StreamWriter] = set()
        self._hinted = {content.hint: asyncio.Event() for content in contents.values() if content.hint}

    async def open(self) -> None:
        """Start to listen on loopback."""
        for protocol in ("http/1.1", "h2"):
            context = self._certificate.context() if self._certificate else None
            if context is not None:
                context.set_alpn_protocols([protocol])
            self._servers.append(await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=context))

    @property
    def addresses(self) -> tuple[str, ...]:
        """`127.0.0.1:port` for HTTP/1.1, and the same for HTTP/2."""
        return tuple(f"127.0.0.1:{server.sockets[0].getsockname()[1]}" for server in self._servers)

    def close(self) -> None:
        """Stop, and drop every connection."""
        for server in self._servers:
            server.close()
        for writer in tuple(self._writers):
            writer.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        tls = writer.get_extra_info("ssl_object")
        second = tls is not None and tls.selected_alpn_protocol() == "h2"
        self._writers.add(writer)
        try:
            async with asyncio.timeout(_TIMEOUT_S):
                await self._answer(reader, writer, second=second)
        except NotHttpError:
            self.arrived.append(("", NO_REQUEST))
        except (OSError, TimeoutError):
            pass  # the browser is done with this connection
        finally:
            self._writers.discard(writer)
            writer.transport.abort()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, second: bool) -> None:
        heads = RequestHeads()
        stream = 1  # those of a browser have odd numbers, in the order of its requests
        held_back: list[asyncio.Task[None]] = []
        if second:
            writer.write(_frame(_SETTINGS, 0, 0, b""))
        try:
            while piece := await reader.read(_CHUNK_BYTES):
                for request in heads.take(piece):
                    self.arrived.append((request.method, request.path))
                    if request.path in self._hinted:
                        self._hinted[request.path].set()
                    content = self._contents.get(request.path, Content())
                    if not second:
                        _send_first(writer, content)
                    elif content.hint:
                        held_back.append(asyncio.create_task(self._send_hinted(writer, stream, content)))
                    else:
                        _send_second(writer, stream, content)
                    stream += 2
                await writer.drain()
        finally:
            for task in held_back:
                task.cancel()

    async def _send_hinted(self, writer: asyncio.StreamWriter, stream: int, content: Content) -> None:
        """
        Send the hint, and its page once the hint was followed.

        A browser passes over a hint that comes with the page, and one that comes before it has a process for the page.
        """
        hint = _packed((":status", "103"), ("link", f"<{content.hint}>; rel=preload; as=image"))
        for _ in range(_HINTS):
            writer.write(_frame(_HEADERS, _END_HEADERS, stream, hint))
            with suppress(TimeoutError):
                await asyncio.wait_for(self._hinted[content.hint].wait(), _BETWEEN_HINTS_S)
                break
        _send_second(writer, stream, content)


_ALWAYS = (
    ("content-type", "text/html; charset=utf-8"),
    ("cache-control", "no-store"),
    ("access-control-allow-origin", "*"),
)
_DATA, _HEADERS, _SETTINGS = 0, 1, 4
_END_STREAM, _END_HEADERS = 1, 4


def _send_first(writer: asyncio.StreamWriter, content: Content) -> None:
    headers = (*_ALWAYS, *content.headers, ("content-length", str(len(content.body))))
    lines = [f"HTTP/1.1 {content.status} .", *(f"{name}: {value}" for name, value in headers), "", ""]
    writer.write("\r\n".join(lines).encode() + content.body)


def _send_second(writer: asyncio.StreamWriter, stream: int, content: Content) -> None:
    headers = _packed((":status", str(content.status)), *_ALWAYS, *content.headers)
    writer.write(_frame(_HEADERS, _END_HEADERS, stream, headers))
    writer.write(_frame(_DATA, _END_STREAM, stream, content.body))


def _frame(kind: int, flags: int, stream: int, content: bytes) -> bytes:
    return len(content).to_bytes(3) + bytes([kind, flags]) + stream.to_bytes(4) + content


def _packed(*headers: tuple[str, str]) -> bytes:
    """Headers as they are, without any of HPACK's ways to make them shorter; no text may be longer than 126 bytes."""
    return b"".join(
        b"\x00" + bytes([len(name)]) + name.encode() + bytes([len(value)]) + value.encode() for name, value in headers
    )
