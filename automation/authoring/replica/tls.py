"""An application behind TLS on a loopback port, served by the running event loop."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from typing import TYPE_CHECKING, Literal

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from starlette.types import ASGIApp

    from automation.guard.certificate import Certificate


class _Connection(H11Protocol):
    def shutdown(self) -> None:
        """
        Let go at once.

        A connection that was closed before is still open until the other side has said goodbye, and closing it a second
        time takes from asyncio (of Python 3.11 and 3.12) the way to end it.
        """
        self.transport.abort()


class _Server(uvicorn.Server):
    """Leaves the process's signal handlers alone."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@contextlib.asynccontextmanager
async def over_tls(
    app: ASGIApp, certificate: Certificate, *, ws: Literal["none", "wsproto"] = "none"
) -> AsyncIterator[str]:
    """
    Serve it until the block ends; no connection outlives that.

    Yields:
        Where it listens, as `127.0.0.1:PORT`.
    """
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", 0))
    listener.listen()  # who comes before the server is up waits in the kernel
    address = f"127.0.0.1:{listener.getsockname()[1]}"
    config = uvicorn.Config(
        app,
        http=_Connection,
        ws=ws,
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=1,
    )
    config.load()
    config.ssl = certificate.context()
    server = _Server(config)
    serving = asyncio.create_task(server.serve(sockets=[listener]), name="over TLS")
    try:
        yield address
    finally:
        server.should_exit = server.force_exit = True
        await serving
        for connection in list(server.server_state.connections):  # whose handshake ended after that
            if connection.transport is not None:
                connection.transport.abort()
        await asyncio.sleep(0)
