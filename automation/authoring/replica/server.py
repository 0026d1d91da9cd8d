"""The replica itself: a TLS server in this process that stands in for a service's hosts."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from typing import TYPE_CHECKING, Self

import uvicorn

from automation.authoring.replica.ledger import WriteLedger
from automation.authoring.replica.service import ReplicaService
from automation.guard.certificate import self_signed

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterator, Sequence
    from types import TracebackType

    from automation.authoring.replica.ledger import Write
    from automation.authoring.replica.site import ReplicaSite


class _QuietServer(uvicorn.Server):
    """Leaves the process's signal handlers alone."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class Replica:
    """
    Serves stand-in pages on 127.0.0.1 while it is entered (`async with`), in the running event loop.

    Args:
        sites: from `load_site`; the first that has a host serves it to who is not signed in.
        latency_s: added to every answer, in seconds.
    """

    def __init__(self, sites: Sequence[ReplicaSite], *, latency_s: float = 0.0) -> None:
        self.sites = tuple(sites)
        self.ledger = WriteLedger()
        self._patterns = tuple(dict.fromkeys(host for site in self.sites for host in site.hosts))
        self._certificate = self_signed(*self._patterns)
        self._stopping = asyncio.Event()
        self._app = ReplicaService(self.sites, self.ledger, latency_s, self._stopping)
        self._server: _QuietServer | None = None
        self._task: asyncio.Task[None] | None = None
        self._port = 0

    async def __aenter__(self) -> Self:
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", 0))
        listener.listen()  # who comes before the server is up waits in the kernel
        self._port = listener.getsockname()[1]
        config = uvicorn.Config(
            self._app,
            http="h11",
            ws="wsproto",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=1,
        )
        config.load()
        config.ssl = self._certificate.context()
        self._server = _QuietServer(config)
        self._task = asyncio.create_task(self._server.serve(sockets=[listener]), name="replica")
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stopping.set()
        if self._server is not None and self._task is not None:
            self._server.should_exit = True
            self._server.force_exit = True
            await self._task
            for connection in list(self._server.server_state.connections):
                transport = getattr(connection, "transport", None)
                if transport is not None:
                    transport.abort()
            await asyncio.sleep(0)

    @property
    def address(self) -> str:
        """Where it listens, as `127.0.0.1:PORT`."""
        return f"127.0.0.1:{self._port}"

    @property
    def replica_map(self) -> dict[str, str]:
        """Host patterns and where they lead, for `browser.replica_map`."""
        return dict.fromkeys(self._patterns, self.address)

    @property
    def certificate_pem(self) -> bytes:
        """The certificate that it shows."""
        return self._certificate.certificate_pem

    @property
    def spki(self) -> str:
        """Base64 SHA-256 of its public key, for `browser.replica_spki`."""
        return self._certificate.spki

    @property
    def writes(self) -> list[Write]:
        """Every write that reached it outside signing in. After a check this is empty."""
        return self.ledger.writes

    @property
    def sign_ins(self) -> list[Write]:
        """Requests that signing in needs."""
        return self.ledger.sign_ins

    @property
    def sign_in_tries(self) -> Counter[str]:
        """How often a password was sent, per user name."""
        return self.ledger.sign_in_tries

    def approve(self, username: str) -> None:
        """Say yes on the holder's other device."""
        self.ledger.approved.add(username)

    @property
    def pages_served(self) -> Counter[str]:
        """Documents that were served, as `host/path`."""
        return self.ledger.pages_served

    @property
    def visits(self) -> int:
        """How many documents were served in all."""
        return self.ledger.pages_served.total()

    @property
    def faults(self) -> list[str]:
        """Pages that it could not make because its own data is wrong; empty unless the replica has a bug."""
        return self.ledger.faults
