"""Servers on loopback: one that answers what a test says, one that shows a folder, one that speaks in bytes."""

from __future__ import annotations

import asyncio
import ssl
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from functools import partial
from http.server import BaseHTTPRequestHandler, SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from time import sleep

from tests.turns import everything_ready


@dataclass(frozen=True, slots=True)
class Asked:
    """A request."""

    path: str
    authorization: str
    """The header of that name; empty where there is none."""
    body: bytes


@contextmanager
def answering(answer: Callable[[Asked], tuple[int, bytes]]) -> Iterator[str]:
    """Give each request's status and body to whoever asks by GET or POST at the address, which has no slash at its end."""

    class Answers(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            content = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            status, body = answer(Asked(self.path, self.headers.get("Authorization", ""), content))
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = _answer  # noqa: N815 - names of the library

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with _serving(Answers) as address:
        yield address


@contextmanager
def showing(folder: Path) -> Iterator[str]:
    """Give whoever asks the files of a folder."""

    class Silent(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with _serving(partial(Silent, directory=str(folder))) as address:
        yield address


def _serve(server: ThreadingHTTPServer) -> None:
    """Serve until it is shut down, also past a test of the same process that leaves nobody a descriptor to poll."""
    while True:
        try:
            server.serve_forever(poll_interval=0.02)
        except OSError:
            sleep(0.02)
        else:
            return


@contextmanager
def _serving(handler: Callable[..., BaseHTTPRequestHandler]) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=_serve, args=[server], daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@asynccontextmanager
async def speaking(
    speak: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]],
    context: ssl.SSLContext | None = None,
) -> AsyncIterator[int]:
    """Have each connection to the port spoken to, over TLS where there is a context; all of them end with the block."""
    met: list[asyncio.StreamWriter] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        met.append(writer)
        await speak(reader, writer)

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for writer in met:
            writer.transport.abort()
        await everything_ready()  # the loop lets go of them
