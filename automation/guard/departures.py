"""
What leaves on the wire, held against what was decided.

The interception is not asked about everything that the browser sends: not about a prefetch by speculation rules, a
preload by early hints, a worker's WebSocket, WebRTC's TURN, or the POST that binds a session to a device. On the wire
all of them are requests, or no requests at all, and this is where they are told apart from what was let through.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from automation.guard.client_records import ClientRecords, NoKeyError, Secret, UnreadableError
from automation.guard.request import READING, Allow, Refuse, Request
from automation.guard.request_heads import NotHttpError, RequestHeads
from automation.guard.submission import NOT_RELEASED, SUBMIT, ReleasedSubmit

if TYPE_CHECKING:
    from automation.core.records import RequestRecord

Place = tuple[str, str, str, str]
"""Method, host, path and query: what a request is first known by."""
PERMIT_S: Final = 10.0
"""How long what was let through may take to its departure: a browser with a busy socket, or a new one to open."""
_ADDED: Final = frozenset(
    {"accept-encoding", "accept-language", "cache-control", "connection", "content-length", "dnt", "host", "origin",
     "pragma", "priority", "referer", "save-data", "sec-gpc", "te", "upgrade-insecure-requests", "user-agent"}
)  # fmt: skip
"""What a browser's network adds to the headers of a request that the interception was asked about."""
_CARRIED_MAX = 64
_ADDED_BEGIN: Final = ("sec-fetch-", "sec-ch-", "x-client-data", "x-browser-")


@dataclass(slots=True)
class Permit:
    """Leave for one request that the interception was asked about."""

    number: str
    """The interception's own of the request."""
    method: str
    length: str | None
    """As `Content-Length` has it; None where the body could not be seen."""
    kind: str
    headers: frozenset[str]
    until: float

    @classmethod
    def of(cls, request: Request, now: float) -> Permit:
        """For a request as it was let through."""
        length = request.headers.get("content-length")  # told on the wire alone, for one that is sent again
        if request.body != b"":
            length = str(len(request.body or b""))
        kind = request.headers.get("content-type", "")
        return cls(request.number, request.method, length, kind, frozenset(request.headers), now + PERMIT_S)

    def fits(self, head: Request, now: float) -> bool:
        """
        Whether a head is this request's: in time, no socket, and of the same length, type and headers.

        The binding of a session to a device is known by a header that no page can set.
        """
        if now >= self.until or head.resource == "WebSocket" or head.headers.get("content-type", "") != self.kind:
            return False
        if self.length is not None and head.headers.get("content-length", "0") != self.length:
            return False
        more = head.headers.keys() - self.headers - _ADDED
        return self.method in READING or all(name.startswith(_ADDED_BEGIN) for name in more)


class Permits:
    """
    Requests that the interception let through, until they leave or end; each leaves once, within seconds.

    Args:
        clock: monotonic, in seconds.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._at: dict[Place, list[Permit]] = {}
        self._places: dict[str, Place] = {}

    def __len__(self) -> int:
        """How many may still leave."""
        now = self._clock()
        return sum(permit.until > now for permits in self._at.values() for permit in permits)

    def grant(self, request: Request) -> None:
        """One more such request may leave: it was let through, or did not get to its server."""
        place = _place(request)
        now = self._clock()
        for lapsed in [permit for permit in self._at.get(place, ()) if permit.until <= now]:
            self._drop(place, lapsed)
        self._at.setdefault(place, []).append(Permit.of(request, now))
        if request.number:
            self._places[request.number] = place

    def take(self, head: Request) -> bool:
        """Whether a head on the wire was let through and has not left yet."""
        now = self._clock()
        permits = self._at.get(_place(head), [])
        found = next((permit for permit in permits if permit.fits(head, now)), None)
        if found is not None:
            self._drop(_place(head), found)
        return found is not None

    def withdraw(self, number: str) -> None:
        """The interception heard the end of a request: if it has not left by now, it never will."""
        place = self._places.pop(number, None)
        if place is not None:
            self._drop(place, next(one for one in self._at[place] if one.number == number))

    def _drop(self, place: Place, permit: Permit) -> None:
        self._places.pop(permit.number, None)
        self._at[place].remove(permit)
        if not self._at[place]:
            del self._at[place]

    def clear(self) -> None:
        """Nothing more may leave."""
        self._at.clear()
        self._places.clear()


def _place(request: Request) -> Place:
    return request.method, request.host, request.path, request.query


class Passing:
    """Between the decision about a request and its departure: permits, and the one submission that was released."""

    def __init__(self) -> None:
        self.permits = Permits()
        self._released: ReleasedSubmit | None = None

    def begin(self) -> None:
        """A context opens: nothing of an earlier one may leave any more."""
        self.release(None)
        self.permits.clear()

    def close(self) -> None:
        """No submission passes any more."""
        if self._released is not None:
            self._released.close()

    def release(self, released: ReleasedSubmit | None) -> None:
        """Release one submission, or none; an earlier release is over by this."""
        self.close()
        self._released = released

    def decided(self, request: Request, decision: Allow | Refuse) -> Allow | Refuse | Awaitable[Allow | Refuse]:
        """Take note of the policy's decision; what it refuses as a submission may be the one that was released."""
        if isinstance(decision, Refuse):
            if decision.reason == NOT_RELEASED and self._released is not None:
                return self._released.decide(request, decision.operation)
        elif request.scheme == "https":
            self.permits.grant(request)
        return decision

    def answered(self, entry: RequestRecord, status: int) -> None:
        """Take note of an answer; it may be to the submission that was released, and that has left."""
        if self._released is not None and self._released.left and entry.rule == SUBMIT:
            self._released.status = status

    def takes(self, head: Request) -> bool:
        """Whether a request that is about to leave on the wire was let through; each leaves once."""
        return self.permits.take(head) or (self._released is not None and self._released.leaves(head))

    def is_submission(self, head: Request) -> bool:
        """Whether a head goes to where the submission that passed goes."""
        return self._released is not None and self._released.is_same_place(head)

    def not_answered(self, head: Request) -> None:
        """
        A request got no answer before its connection ended; the browser may send it again.

        But for a released submission: the service may have it, whatever became of the answer.
        """
        if not self.is_submission(head):
            self.permits.grant(head)


class NotLeavingError(Exception):
    """What a connection was to carry does not leave; `reason` is empty where the record holds it already."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


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
        self._records = ClientRecords(secret)
        self._heads = RequestHeads()
        self._leaving = leaving
        self._back = back
        self._held = bytearray()
        self._read = 0
        self._lost = lost
        self._unanswered: list[Request] = []
        self._carried: deque[Request] = deque(maxlen=_CARRIED_MAX)

    async def sent(self, piece: bytes) -> bytes:
        """
        Take what the browser sends; returns what of it, and of what was held before, goes on now.

        Raises:
            NotLeavingError: nothing more of this connection may leave.
        """
        self._held += piece
        try:
            length, said = await self._records.sent(piece)
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
            self._records.received(piece)
        except UnreadableError as error:
            raise NotLeavingError("unreadable_tls") from error

    def ended(self) -> None:
        """The connection is over: browsers send again what got no answer on one that was used before."""
        for request in self._unanswered:
            self._back(request)
        self._unanswered.clear()
