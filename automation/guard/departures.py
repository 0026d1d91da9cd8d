"""
What leaves on the wire, held against what was decided.

The interception is not asked about everything that the browser sends: not about a prefetch by speculation rules, a
preload by early hints, a worker's WebSocket, WebRTC's TURN, or the POST that binds a session to a device. On the wire
all of them are requests, or no requests at all, and this is where they are told apart from what was let through.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from automation.guard.client_records import ClientRecords, Secret, UnreadableError
from automation.guard.key_log import NoKeyError
from automation.guard.request import Request
from automation.guard.request_heads import NotHttpError, RequestHeads

Place = tuple[str, str, str, str]
"""Method, host, path and query: what a request is known by."""


class LetThrough:
    """Requests that the interception let through, until they are seen to leave; each leaves once."""

    def __init__(self) -> None:
        self._waiting: Counter[Place] = Counter()

    def add(self, request: Request) -> None:
        """One more such request may leave: it was let through, or did not get to its server."""
        self._waiting[_place(request)] += 1

    def take(self, request: Request) -> bool:
        """Whether the request was let through and has not left yet."""
        place = _place(request)
        if not self._waiting[place]:
            del self._waiting[place]
            return False
        self._waiting[place] -= 1
        return True

    def clear(self) -> None:
        """Nothing more may leave."""
        self._waiting.clear()


def _place(request: Request) -> Place:
    return request.method, request.host, request.path, request.query


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
    """

    def __init__(self, secret: Secret, leaving: Callable[[Request], bool], back: Callable[[Request], None]) -> None:
        self._records = ClientRecords(secret)
        self._heads = RequestHeads()
        self._leaving = leaving
        self._back = back
        self._held = bytearray()
        self._read = 0
        self._unanswered: list[Request] = []

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
                raise NotLeavingError("")
            self._unanswered.append(request)
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
