"""The replica itself: a TLS server in this process that stands in for a service's hosts."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Self

from automation.authoring.replica.ledger import WriteLedger
from automation.authoring.replica.service import ReplicaService
from automation.authoring.replica.tls import over_tls
from automation.guard.certificate import self_signed

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Sequence
    from types import TracebackType

    from automation.authoring.replica.ledger import Write
    from automation.authoring.replica.site import ReplicaSite


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
        self._served = AsyncExitStack()
        self._address = "127.0.0.1:0"

    async def __aenter__(self) -> Self:
        served = over_tls(self._app, self._certificate, ws="wsproto")
        self._address = await self._served.enter_async_context(served)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stopping.set()
        await self._served.aclose()

    @property
    def address(self) -> str:
        """Where it listens, as `127.0.0.1:PORT`."""
        return self._address

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
