"""What a page is still waiting for, and what its own reads answered."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit, urlunsplit

from playwright.async_api import Error, Page, Request, Response

from automation.browser.failed_requests import FailedRequests, may_tell_state
from automation.flow.reads import ReadRules
from automation.page.read_page import DataResponse, MissedRequest

_WAITED_FOR = frozenset({"document", "xhr", "fetch", "script"})
_FIRST_ERROR = 400
_UNREAD_S = 3.0
"""How long an answer that has begun is waited for: one whose body the page never reads does not end."""
_MAX_ANSWER_BYTES = 2_000_000


def without_query(url: str) -> str:
    """The address without query and fragment, which may hold tokens."""
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc, parts.path, "", ""))


@dataclass
class Traffic:
    """Listens to one page. Sees what the page asks for; asks for nothing itself."""

    operations: frozenset[str]
    """Names of the reads whose answers are kept."""
    given: Callable[[str, str, int, str, bytes], None] = lambda *_: None
    """Told of each such answer: method, address, status, name of the read, and its body."""
    owns: Callable[[str], bool] = lambda _: True
    """Whether an address belongs to the service."""
    reports: Callable[[str, str], bool] = lambda _path, _query: False
    """Whether an address, by path and query, is one at which the service counts its visitors; the guard refuses it."""
    stands_by: Callable[[str], bool] = lambda _: False
    """Whether a host brings a page nothing of the account's: it counts, advertises, or asks for consent."""
    sockets: Callable[[], Sequence[tuple[str, str]]] = tuple
    """Host and path of each socket that the guard has refused on this visit."""
    rules: ReadRules = field(default_factory=ReadRules)
    """How the service's reads are named and answered."""
    signs_in: Callable[[str], bool] = lambda _: False
    """Whether a path is one at which the service asks somebody to sign in."""
    clock: Callable[[], float] = time.monotonic
    """Seconds, from any moment on."""
    answers: list[DataResponse] = field(default_factory=list)
    hops: list[str] = field(default_factory=list)
    """Addresses of the main frame, in order."""
    status: int | None = None
    """Of the newest main document."""
    _own: set[Request] = field(default_factory=set)
    """What the present page has asked for; the end of anything else is an earlier page's."""
    missed: FailedRequests = field(init=False)
    _open: dict[Request, float] = field(default_factory=dict)
    """What is under way, and until when it is waited for, by `clock`."""
    _flowing: set[Request] = field(default_factory=set)
    """Questions whose answer has begun, is of unknown length, and has not ended."""
    _reading: set[asyncio.Task[None]] = field(default_factory=set)
    _earlier: int = 0
    """How many sockets had been refused when the present document was asked for."""

    def __post_init__(self) -> None:
        self.missed = FailedRequests(self.reports, self.stands_by, self.rules.asks, self.signs_in, self.clock)

    def listen(self, page: Page) -> None:
        """Start listening."""
        page.on("request", self._on_request)
        page.on("requestfinished", self._on_end)
        page.on("requestfailed", self._on_failed)
        page.on("response", self._on_response)
        page.on("framenavigated", lambda frame: self.hops.append(frame.url) if frame == page.main_frame else None)

    def reset(self) -> None:
        """Forget what an earlier page did."""
        self.answers.clear()
        self.hops.clear()
        self._open.clear()
        self._flowing.clear()
        self._own.clear()
        self.status = None

    @property
    def waiting(self) -> int:
        """How many documents, scripts and data requests are under way."""
        now = self.clock()
        return sum(now < until for until in self._open.values()) + len(self._reading)

    @property
    def has_all_data(self) -> bool:
        """Whether the page got what it asked for, to the end: else it may show what stands there before it knows."""
        return not self.unanswered and not self._flowing

    @property
    def unanswered(self) -> tuple[MissedRequest, ...]:
        """What the present document asked for and did not get; of sockets, those that are for no everyday purpose."""
        refused = self.sockets()[self._earlier :]
        sockets = (
            MissedRequest("WebSocket", host, path, refused=True) for host, path in refused if may_tell_state(path)
        )
        return (*self.missed.requests, *dict.fromkeys(sockets))

    def _on_request(self, request: Request) -> None:
        if _of_the_tab(request):
            self._earlier = len(self.sockets())
            self.missed.clear()  # a new document; what only shows more of the present one fills in nothing
        self._own.add(request)
        self.missed.asked(request)
        if request.resource_type in _WAITED_FOR and self._may_bring_content(request):
            self._open[request] = math.inf

    def _may_bring_content(self, request: Request) -> bool:
        """Whether it is worth waiting for: pages report on their visitors all the time, and that brings nothing."""
        address = urlsplit(request.url)
        return not self.reports(address.path, address.query)

    def _on_end(self, request: Request) -> None:
        self._open.pop(request, None)
        self._flowing.discard(request)

    def _on_failed(self, request: Request) -> None:
        if request in self._own:
            self.missed.failed(request)
        self._on_end(request)
        name = self._name_of(request)
        if name in self.operations and request in self._own:
            self.answers.append(DataResponse(name, None))

    def _on_response(self, response: Response) -> None:
        request = response.request
        if request not in self._own:
            return
        if _of_the_tab(request):
            self.status = response.status
            hop: Request | None = request
            chain = []
            while hop is not None:
                chain.append(hop.url)
                hop = hop.redirected_from
            self.hops.extend(reversed(chain))
        else:
            self.missed.answered(request, response.status)
            if response.status >= _FIRST_ERROR:  # pages seldom read what an error says, and then it never ends
                self._open.pop(request, None)
            elif request.resource_type == "fetch" and request in self._open:
                self._open[request] = self.clock() + _UNREAD_S
                # One of known length was whole when it was sent; if it does not end, nobody reads it.
                if (
                    "content-length" not in response.headers
                    and self.owns(request.url)
                    and self.missed.may_fill(request)
                ):
                    self._flowing.add(request)
        name = self._name_of(request)
        if name in self.operations:
            task = asyncio.ensure_future(self._keep(name, response))
            self._reading.add(task)
            task.add_done_callback(self._reading.discard)

    async def _keep(self, name: str, response: Response) -> None:
        try:
            body = await response.body()
        except Error:
            if response.request in self._own:
                self.answers.append(DataResponse(name, None))
            return
        self.given(response.request.method, response.url, response.status, name, body)
        if response.request not in self._own:
            return
        if len(body) > _MAX_ANSWER_BYTES:
            self.answers.append(DataResponse(name, response.status))
            return
        data = self.rules.parsed(body)
        narrows, continues = self._part_asked_for(response.request)
        self.answers.append(DataResponse(name, response.status, data, narrows, continues))

    def _name_of(self, request: Request) -> str:
        """The name that the service gives to a data request; empty without one. Of others a path says nothing."""
        try:
            body = request.post_data or ""
        except UnicodeDecodeError:
            body = ""
        url = request.url if self.owns(request.url) else ""
        return self.rules.name_of(request.method, url, request.headers, body)

    def _part_asked_for(self, request: Request) -> tuple[bool, bool]:
        """Whether a read asked for items of one kind, and whether for what follows; one that is not text may."""
        try:
            body = request.post_data or ""
        except UnicodeDecodeError:
            return True, True
        return self.rules.narrows(request.url, body), self.rules.continues(request.url, body)


def _of_the_tab(request: Request) -> bool:
    """Whether a request is for the document of the tab itself."""
    return request.is_navigation_request() and request.frame.parent_frame is None
