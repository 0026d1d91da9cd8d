"""The replica itself: a TLS server in this process that stands in for a service's hosts."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Literal, Self

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from automation.authoring.replica.service import ReplicaService
from automation.authoring.replica.site import WriteLedger
from automation.guard.certificate import self_signed

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Sequence

    from starlette.types import ASGIApp

    from automation.authoring.replica.site import ReplicaSite
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
        app, http=_Connection, ws=ws, lifespan="off", log_config=None, access_log=False, server_header=False,
        timeout_graceful_shutdown=1,
    )  # fmt: skip
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


class Replica:
    """
    Serves stand-in pages on 127.0.0.1 while it is entered (`async with`), in the running event loop.

    Args:
        sites: from `load_site`; the first that has a host serves it to who is not signed in.
        latency_s: added to every answer, in seconds.
    """

    def __init__(self, sites: Sequence[ReplicaSite], *, latency_s: float = 0.0) -> None:
        self.sites = tuple(sites)
        self._patterns = tuple(dict.fromkeys(host for site in self.sites for host in site.hosts))
        self._certificate = self_signed(*self._patterns)
        self.certificate_pem, self.spki = self._certificate.certificate_pem, self._certificate.spki
        """What it shows, and the base64 SHA-256 of its public key, for `browser.replica_spki`."""
        self.address = "127.0.0.1:0"
        """Where it listens."""
        self.ledger = WriteLedger()
        self.writes = self.ledger.writes
        """Every write that reached it outside signing in. After a check this is empty."""
        self.sign_ins, self.sign_in_tries = self.ledger.sign_ins, self.ledger.sign_in_tries
        """Requests that signing in needs, and how often a password was sent, per user name."""
        self.pages_served = self.ledger.pages_served
        """Documents that were served, as `host/path`."""
        self.faults = self.ledger.faults
        """Pages that it could not make because its own data is wrong; empty unless the replica has a bug."""
        self._stopping = asyncio.Event()
        self._app = ReplicaService(self.sites, self.ledger, latency_s, self._stopping)
        self._served = AsyncExitStack()

    async def __aenter__(self) -> Self:
        served = over_tls(self._app, self._certificate, ws="wsproto")
        self.address = await self._served.enter_async_context(served)
        return self

    async def __aexit__(self, *error: object) -> None:
        self._stopping.set()
        await self._served.aclose()

    @property
    def replica_map(self) -> dict[str, str]:
        """Host patterns and where they lead, for `browser.replica_map`."""
        return dict.fromkeys(self._patterns, self.address)

    def approve(self, username: str) -> None:
        """Say yes on the holder's other device."""
        self.ledger.approved.add(username)
