"""What a visit notes beside its pictures: what was done and when, what pages asked for, and what browsers say."""

from __future__ import annotations

import hashlib
import re
import time
from collections import Counter
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import PurePath
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit, urlunsplit

from pydantic import TypeAdapter

from automation.core.errors import TemoinError
from automation.core.records import (
    Body,
    BrowserFacts,
    ClockReading,
    Exchange,
    GuardRecord,
    JournalEntry,
    NetworkRecord,
    RequestRecord,
    SecondConnection,
    Server,
)
from automation.core.verdicts import Reason

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from playwright.async_api import CDPSession

    from automation.browser.capture.masks import Masks

_MOST_ENTRIES = 2000
_RESTLESS = "it did not come to rest in time"


@dataclass(slots=True)
class Deed:
    """What an action finds out on its way."""

    after: str = ""
    status: int | None = None
    note: str = ""
    at_rest: bool = True
    """Whether the page stood still within the time for it."""


class Journal:
    """
    The journal of one visit. Addresses are masked only when it is written: names are learnt on the way.

    Args:
        follow: told each action and what it concerns, as it begins.
    """

    def __init__(self, follow: Callable[[str, str], None] = lambda _action, _what: None) -> None:
        self._entries: list[JournalEntry] = []
        self._restless: dict[str, None] = {}
        self._follow = follow

    @contextmanager
    def doing(self, action: str, what: str = "", *, before: str = "") -> Iterator[Deed]:
        """
        Note an action that begins now, however it ends.

        Args:
            action: one of a few words of our own.
            what: the surface or step; nothing that a page said.
            before: address of the page.
        """
        at, began = datetime.now(UTC), time.monotonic_ns()
        deed = Deed()
        self._follow(action, what)

        def ended(_kind: object, error: BaseException | None, _trace: object) -> None:
            if not deed.at_rest or _reason(error) is Reason.TIMEOUT:
                self._restless[what] = None
            if len(self._entries) < _MOST_ENTRIES:
                number, took = len(self._entries) + 1, time.monotonic_ns() - began
                note = "; ".join(filter(None, (deed.note, "" if deed.at_rest else _RESTLESS, _ending(error))))
                self._entries.append(
                    JournalEntry(number, at, began, took, action, what, before, deed.after, deed.status, note)
                )

        with ExitStack() as stack:
            stack.push(ended)
            yield deed

    @property
    def restless(self) -> tuple[str, ...]:
        """The surfaces of which a page did not come, or did not stand still, in time."""
        return tuple(self._restless)

    def done(self, action: str, what: str = "", note: str = "") -> None:
        """Note what has just happened."""
        with self.doing(action, what) as deed:
            deed.note = note

    def lines(self, masks: Masks | None) -> bytes:
        """
        JSON Lines; empty where nothing was done.

        Args:
            masks: what they learnt hides names and ids; without any, addresses are left out.
        """
        adapter = TypeAdapter(JournalEntry)

        def masked(url: str) -> str:
            return masks.masked_url(url) if masks and url else ""

        found = (replace(entry, before=masked(entry.before), after=masked(entry.after)) for entry in self._entries)
        return b"".join(adapter.dump_json(entry) + b"\n" for entry in found)


def _ending(error: BaseException | None) -> str:
    if error is None:
        return ""
    return f"ended by {_reason(error) or type(error).__name__}"


def _reason(error: BaseException | None) -> Reason | None:
    return getattr(error, "reason", None) if isinstance(error, TemoinError) else None


_MOST_EXCHANGES = 1500
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
        if exchange in self._exchanges or len(self._exchanges) < _MOST_EXCHANGES:
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


_WORLD = "temoin"
_ASK = """({
  languages: navigator.languages.join(", "), agent: navigator.userAgent,
  zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  window: `${innerWidth}×${innerHeight} at scale ${devicePixelRatio}, screen ${screen.width}×${screen.height}`,
})"""
_PATH = re.compile(r"(?<==)(?:[A-Za-z]:)?[\\/].*")


async def browser_facts(session: CDPSession) -> BrowserFacts:
    """
    Ask a tab, apart from its page's own scripts.

    Raises:
        playwright.async_api.Error: the tab is gone.
    """
    started_with = (await session.send("Browser.getBrowserCommandLine"))["arguments"]
    frame = (await session.send("Page.getFrameTree"))["frameTree"]["frame"]["id"]
    world = await session.send("Page.createIsolatedWorld", {"frameId": frame, "worldName": _WORLD})
    answer = await session.send(
        "Runtime.evaluate",
        {"expression": _ASK, "contextId": world["executionContextId"], "returnByValue": True},
    )
    said = answer["result"]["value"]
    return BrowserFacts(
        executable=started_with[0],
        command_line=tuple(_PATH.sub(lambda path: "…/" + PurePath(path[0]).name, part) for part in started_with[1:]),
        languages=said["languages"],
        time_zone=said["zone"],
        window=said["window"],
        user_agent=said["agent"],
    )
