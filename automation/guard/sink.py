"""A loopback TLS server that counts what reaches it: the far end of the guard's self-test."""

from __future__ import annotations

import asyncio

_TIMEOUT_S = 20.0
_BODY_MAX = 64 * 1024


class SinkServer:
    """
    Answers every request with one page; `arrived` lists method and path of each, in order.

    Args:
        host: the name in its certificate, which nobody vouches for: the browser must be told to take it.
        page: the HTML that it answers with.
    """

    def __init__(self, host: str, page: str) -> None:
        self.arrived: list[tuple[str, str]] = []
        self._host = host
        self._page = page.encode()
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()

    async def open(self) -> None:
        """Start to listen on loopback."""
        # Late: 44 ms that only a process which starts a browser has to pay.
        from automation.guard.certificate import self_signed  # noqa: PLC0415

        context = self_signed(self._host).context()
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=context)

    @property
    def address(self) -> str:
        """`127.0.0.1:port`."""
        if self._server is None:
            return ""
        return f"127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    def close(self) -> None:
        """Stop, and drop every connection."""
        if self._server is not None:
            self._server.close()
        for writer in tuple(self._writers):
            writer.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        try:
            async with asyncio.timeout(_TIMEOUT_S):
                while True:
                    await self._answer(reader, writer)
        except (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass  # the browser is done with this connection
        finally:
            self._writers.discard(writer)
            writer.transport.abort()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        method, _, rest = head.partition(" ")
        self.arrived.append((method, rest.partition(" ")[0]))
        for line in head.split("\r\n"):
            name, _, value = line.partition(":")
            if name.lower() == "content-length":
                await reader.readexactly(min(int(value), _BODY_MAX))
        writer.write(
            b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nCache-Control: no-store\r\n"
            b"Access-Control-Allow-Origin: *\r\nContent-Length: %d\r\n\r\n" % len(self._page)
        )
        writer.write(b"" if method == "HEAD" else self._page)
        await writer.drain()
