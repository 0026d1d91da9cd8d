"""What the pages of a visit asked for and got: addresses without secrets, and the servers with their certificates."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit, urlunsplit

from automation.core.records import (
    Body,
    ClockReading,
    Exchange,
    GuardRecord,
    NetworkRecord,
    RequestRecord,
    SecondConnection,
    Server,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from automation.browser.capture.masks import Masks

_MOST = 1500
_MOST_TRIES = 8
_MOST_BODIES = 200
_SHORTEST_BODY_BYTES = 256
_DATE_RESOLUTION_S = 1.0


class NetworkLog:
    """Counts answers, and remembers each host's certificate. Holds no query value, header or body."""

    def __init__(self, masks: Masks) -> None:
        self._masks = masks
        self._exchanges: Counter[Exchange] = Counter()
        self._bodies: list[Body] = []
        self._servers: dict[str, Server] = {}
        self._tries: Counter[str] = Counter()
        self._console: Counter[str] = Counter()
        self._truncated = False
        self.clock = ClockReading("target", problem="no answer with a date")
        """This machine's clock against the first document's `Date`."""

    def answered(self, method: str, url: str, status: int | None, kind: str) -> None:
        """Note an answer, or with status None a request that got none."""
        exchange = Exchange(method, _without_values(url), status, kind)
        if exchange in self._exchanges or len(self._exchanges) < _MOST:
            self._exchanges[exchange] += 1
        else:
            self._truncated = True

    def given(self, method: str, url: str, status: int, kind: str, body: bytes) -> None:
        """Note what an answer held, by its digest; not of a short one, which could be guessed and so confirmed."""
        if len(body) < _SHORTEST_BODY_BYTES:
            return
        if len(self._bodies) == _MOST_BODIES:
            self._truncated = True
            return
        digest = hashlib.sha256(body).hexdigest()
        self._bodies.append(Body(method, _without_values(url), status, kind, digest, len(body)))

    def said(self, kind: str) -> None:
        """Note a console message or an uncaught exception, by its kind alone."""
        self._console[kind] += 1

    def wants_certificate(self, host: str) -> bool:
        """Whether this host's certificate is still to be noted; asking takes note of the host, and of the try."""
        self._servers.setdefault(host, Server(host))
        self._tries[host] += 1
        return not self._servers[host].protocol and self._tries[host] <= _MOST_TRIES

    def certificate(self, host: str, details: Mapping[str, Any]) -> None:
        """Note what Chromium says of a connection's certificate (`securityDetails`)."""
        self._servers[host] = Server(
            host,
            protocol=str(details.get("protocol", "")),
            subject=str(details.get("subjectName", "")),
            issuer=str(details.get("issuer", "")),
            valid_from=_moment(details.get("validFrom")),
            valid_to=_moment(details.get("validTo")),
        )

    def date(self, host: str, value: str, sent: float, received: float) -> None:
        """
        Compare this machine's clock with an answer's `Date` header; the first usable one counts.

        Args:
            host: who answered.
            value: the header.
            sent: when the request left, in seconds since 1970 by this machine's clock.
            received: when the answer began to come.
        """
        if self.clock.offset_s is not None or not 0 <= received - sent < 60:
            return
        try:
            theirs = parsedate_to_datetime(value).timestamp() + _DATE_RESOLUTION_S / 2  # it is cut to whole seconds
        except (TypeError, ValueError):
            return
        trip = received - sent
        self.clock = ClockReading(
            "target",
            host,
            offset_s=round(theirs - (sent + trip / 2), 3),
            round_trip_s=round(trip, 3),
            precision_s=round(trip / 2 + _DATE_RESOLUTION_S / 2, 3),
        )

    def record(self, addresses: Mapping[str, Sequence[str]] | None = None) -> NetworkRecord:
        """
        All of it.

        Args:
            addresses: host → `ip:port` as dialled, from the tunnel; the browser itself sees the tunnel only.
        """
        dialled = addresses or {}
        servers = {
            host: replace(server, addresses=tuple(dialled.get(host, ()))) for host, server in self._servers.items()
        }
        servers |= {host: Server(host, tuple(found)) for host, found in dialled.items() if host not in servers}
        masked: Counter[Exchange] = Counter()  # only now: names are learnt on the way
        for exchange, count in self._exchanges.items():
            masked[replace(exchange, url=self._masks.masked_url(exchange.url))] += count
        ordered = sorted(masked.items(), key=lambda item: (item[0].url, item[0].method, item[0].status or 0))
        return NetworkRecord(
            exchanges=tuple(replace(exchange, count=count) for exchange, count in ordered),
            bodies=tuple(replace(body, url=self._masks.masked_url(body.url)) for body in self._bodies),
            servers=tuple(servers[host] for host in sorted(servers)),
            console=tuple(sorted(self._console.items())),
            truncated=self._truncated,
        )


def with_second(server: Server, second: SecondConnection) -> Server:
    """A server with what it showed to a connection of our own, compared with what the browser saw of it."""
    agrees = None
    if server.protocol and second.sha256:
        # Where a certificate names nobody, Chromium takes another of its names: only what both give is compared.
        pairs = ((server.subject, second.subject), (server.issuer, second.issuer))
        dates = ((server.valid_from, second.valid_from), (server.valid_to, second.valid_to))
        agrees = all(ours == theirs for ours, theirs in (*pairs, *dates) if ours and theirs)
    return replace(server, second=replace(second, agrees=agrees))


def masked_guard(record: GuardRecord, masks: Masks) -> GuardRecord:
    """The guard's record with names and numbers masked in its paths; entries that are alike then are one."""
    counts: Counter[RequestRecord] = Counter()
    for entry in record.requests:
        counts[replace(entry, path=masks.masked_url(entry.path), count=1)] += entry.count
    return replace(record, requests=tuple(replace(entry, count=count) for entry, count in counts.items()))


def _without_values(url: str) -> str:
    """An address whose query has names only."""
    parts = urlsplit(url)
    keys = "&".join(dict.fromkeys(f"{key}=" for key, _ in parse_qsl(parts.query, keep_blank_values=True)))
    return urlunsplit((parts.scheme, parts.netloc, parts.path if parts.netloc else "", keys, ""))


def _moment(seconds: Any) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC) if isinstance(seconds, int | float) and seconds > 0 else None
