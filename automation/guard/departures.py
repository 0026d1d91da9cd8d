"""
What leaves on the wire, held against what was decided.

The interception is not asked about everything that the browser sends: not about a prefetch by speculation rules, a
preload by early hints, a worker's WebSocket, WebRTC's TURN, or the POST that binds a session to a device. On the wire
all of them are requests, or no requests at all, and this is where they are told apart from what was let through.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from automation.guard.client_records import ClientRecords, NoKeyError, Secret, UnreadableError
from automation.guard.request import READING, Request, same_place
from automation.guard.request_heads import NotHttpError, RequestHeads

PERMIT_S: Final = 10.0
"""How long what was let through may take to its departure: a browser with a busy socket, or a new one to open."""
_ADDED: Final = frozenset(
    {"accept-encoding", "accept-language", "cache-control", "connection", "content-length", "dnt", "host", "origin",
     "pragma", "priority", "referer", "save-data", "sec-gpc", "te", "upgrade-insecure-requests", "user-agent"}
)  # fmt: skip
"""What a browser's network adds to the headers of a request that the interception was asked about."""
_CARRIED_MAX = 64
_ADDED_BEGIN: Final = ("sec-fetch-", "sec-ch-", "x-client-data", "x-browser-")


@dataclass(frozen=True, slots=True)
class Permit:
    """Leave for one request that the interception was asked about, as it was let through."""

    request: Request
    until: float

    def fits(self, head: Request, now: float) -> bool:
        """
        Whether a head is this request's: in time, no socket, and of the same length, type and headers.

        The binding of a session to a device is known by a header that no page can set.
        """
        let = self.request
        length = let.headers.get("content-length")  # told on the wire alone, for one that is sent again
        if let.body != b"":  # a body that cannot be seen has no length
            length = str(len(let.body or b""))
        if now >= self.until or head.resource == "WebSocket":
            return False
        if head.headers.get("content-type", "") != let.headers.get("content-type", ""):
            return False
        if length is not None and head.headers.get("content-length", "0") != length:
            return False
        more = head.headers.keys() - let.headers.keys() - _ADDED
        return let.method in READING or all(name.startswith(_ADDED_BEGIN) for name in more)


class Permits:
    """
    Requests that the interception let through, until they leave or end; each leaves once, within seconds.

    Args:
        clock: monotonic, in seconds.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._permits: dict[int, Permit] = {}
        self._granted = 0

    def __len__(self) -> int:
        """How many may still leave."""
        now = self._clock()
        return sum(permit.until > now for permit in self._permits.values())

    def grant(self, request: Request) -> None:
        """One more such request may leave: it was let through, or did not get to its server."""
        now = self._clock()
        for number in [number for number, permit in self._permits.items() if permit.until <= now]:
            del self._permits[number]
        self._granted += 1
        self._permits[self._granted] = Permit(request, now + PERMIT_S)

    def take(self, head: Request) -> bool:
        """Whether a head on the wire was let through and has not left yet."""
        now = self._clock()
        fitting = (n for n, one in self._permits.items() if same_place(one.request, head) and one.fits(head, now))
        found = next(fitting, None)
        return found is not None and self._permits.pop(found) is not None

    def withdraw(self, number: str) -> None:
        """The interception heard the end of a request: if it has not left by now, it never will."""
        for mine in [n for n, permit in self._permits.items() if number and permit.request.number == number]:
            del self._permits[mine]

    def clear(self) -> None:
        """Nothing more may leave."""
        self._permits.clear()


@dataclass
class NotLeavingError(Exception):
    """What a connection was to carry does not leave; `reason` is empty where the record holds it already."""

    reason: str


class Departures:
    """
    What the browser sends on one connection: bytes go on once every request in them may leave.

    Args:
        secret: gives the keys of the browser's connections.
        leaving: asked about each request; notes its answer in the record itself.
        back: told of a request that got no answer before its connection ended; the browser may send it again.
        lost: told of a request that did not leave, and of those before it that its connection takes with it.
    """

    def __init__(
        self,
        secret: Secret,
        leaving: Callable[[Request], bool],
        back: Callable[[Request], None],
        lost: Callable[[Request, Iterable[Request]], None] = lambda *_: None,
    ) -> None:
        self._records: ClientRecords | None = ClientRecords(secret)
        self._heads = RequestHeads()
        self._leaving, self._back, self._lost = leaving, back, lost
        self._held, self._read = bytearray(), 0
        self._unanswered: list[Request] = []
        self._carried: deque[Request] = deque(maxlen=_CARRIED_MAX)

    def in_plain(self) -> None:
        """The connection is no TLS: what is sent stands there as it is."""
        self._records = None

    async def sent(self, piece: bytes) -> bytes:
        """
        Take what the browser sends; returns what of it, and of what was held before, goes on now.

        Raises:
            NotLeavingError: nothing more of this connection may leave.
        """
        self._held += piece
        try:
            length, said = await self._records.sent(piece) if self._records else (len(piece), piece)
            requests = self._heads.take(said) if said else []
        except (UnreadableError, NoKeyError) as error:
            raise NotLeavingError("unreadable_tls") from error
        except NotHttpError as error:
            raise NotLeavingError("not_http") from error
        self._read += length
        for request in requests:
            if not self._leaving(request):
                self._lost(request, self._carried)
                raise NotLeavingError("")
            self._unanswered.append(request)
            self._carried.append(request)
        if self._heads.incomplete:
            return b""
        ready = bytes(self._held[: self._read])
        del self._held[: self._read]
        self._read = 0
        return ready

    def received(self, piece: bytes) -> None:
        """
        Take what the site sends, before the browser gets it.

        Raises:
            NotLeavingError: what the browser will answer could not be read.
        """
        self._unanswered.clear()
        try:
            if self._records:
                self._records.received(piece)
        except UnreadableError as error:
            raise NotLeavingError("unreadable_tls") from error

    def ended(self) -> None:
        """The connection is over: browsers send again what got no answer on one that was used before."""
        for request in self._unanswered:
            self._back(request)
        self._unanswered.clear()
