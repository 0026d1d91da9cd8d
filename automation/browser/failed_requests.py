"""
Which of a page's own requests it did not get the answer to that it may have needed.

A page that did not get its data often shows its controls all the same, as they stand when nothing is known: off. Such
a page looks whole. What it missed is told from the network; the guard, too, makes pages miss something.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from playwright.async_api import ConsoleMessage, Error, Page, Request, Response

from automation.page.read_page import MissedRequest

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from automation.browser.capture import NetworkLog

_KINDS = frozenset({"xhr", "fetch", "script", "eventsource"})
_FIRST_ERROR = 400
_GONE = frozenset({400, 404, 405, 410, 422})
"""Nothing comes of asking again."""
_BY_THE_PAGE = "net::ERR_ABORTED"
_GIVEN_UP_S = 1.0
"""A page that no longer needs an answer says so at once; one that broke a question off later has waited in vain."""
_BY_THE_GUARD = "net::ERR_BLOCKED_BY_CLIENT"
"""How a refusal by the guard is told; newer Chromium adds by what way: `.Inspector`."""
_QUESTIONS = re.compile(r"setting|preference|(?<![a-z])prefs?(?![a-z])|privacy|consent", re.IGNORECASE)
_COUNTING = frozenset(
    {
        "log", "logs", "logging", "track", "tracking", "event", "events", "metric", "metrics", "beacon", "collect",
        "report", "reports", "ping", "csp", "telemetry", "analytics", "stats", "rum", "trace", "traces", "otlp",
        "sentry", "envelope", "vitals", "impression", "impressions", "pageview", "pageviews", "heartbeat", "crash",
    }
)  # fmt: skip
_STANDING = _COUNTING | {
    "ws", "wss", "socket", "sockets", "websocket", "websockets", "sock", "sockjs", "js", "io", "engine",
    "signalr", "hub", "hubs", "cable", "connect", "connection", "api", "v", "c", "u", "user", "users",
    "graphql", "subscriptions", "gateway", "realtime", "rtm", "rt", "live", "alive", "push", "pubsub", "pub",
    "sub", "notification", "notifications", "notify", "notif", "presence", "online", "chat", "chats",
    "messages", "messaging", "message", "typing", "stream", "streaming", "streams", "feed", "collab",
    "collaboration", "multiplayer", "cursors", "comments", "hot", "hmr", "voice", "call", "calls", "edge",
    "mqtt", "comet", "bayeux", "faye",
}  # fmt: skip
_WRITING = frozenset(
    {
        "mutation", "mutations", "create", "update", "delete", "remove", "save", "set", "mark", "record", "send",
        "submit", "dismiss", "seen",
    }
)  # fmt: skip
"""All inferred: what services call counting their visitors, a standing connection for news and talk, and writing."""
_LAST = 3
"""How many of the last words of an address say what it does."""
_OPERATION = re.compile(r'"operation(?:Name)?"\s*:\s*"(\w+)"')
_SEGMENT = re.compile(r"/v1/(?:[tipgasmb]|batch|rgstr)$")
"""Where Segment's and Statsig's libraries report, whatever host and path stand before it."""
_POSTHOG = re.compile(r"/ingest(?:/i/v\d+)?/(?:e|s|batch|capture|engage)/?$")
"""Where PostHog's library reports through the proxy on a site's own host that its makers advise."""
_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")


@dataclass
class FailedRequests:
    """Requests of one page without an answer, until a later try is answered."""

    reports: Callable[[str, str], bool] = lambda _path, _query: False
    """Whether an address, by path and query, is one at which the service counts its visitors."""
    stands_by: Callable[[str], bool] = lambda _: False
    """Whether a host brings a page nothing of the account's."""
    asks: Callable[[str], bool] = lambda _: False
    """Whether a path takes the service's questions by POST, whatever it looks like."""
    signs_in: Callable[[str], bool] = lambda _: False
    """Whether a path is one at which the service asks somebody to sign in."""
    clock: Callable[[], float] = time.monotonic
    """Seconds, from any moment on."""
    _asked: dict[Hashable, float] = field(default_factory=dict)
    """What is without an answer as yet, and since when, by `clock`."""
    _open: dict[Hashable, tuple[MissedRequest, bool]] = field(default_factory=dict)
    """Each request, and whether a second try could help."""

    def __bool__(self) -> bool:
        return bool(self._open)

    @property
    def requests(self) -> tuple[MissedRequest, ...]:
        """What is without an answer, in the order in which it was asked."""
        return tuple(dict.fromkeys(missed for missed, _ in self._open.values()))

    @property
    def may_come(self) -> bool:
        """Whether the page may try again, and get it then."""
        return any(hope for _, hope in self._open.values())

    def clear(self) -> None:
        """Another page begins."""
        self._open.clear()
        self._asked.clear()

    def asked(self, request: Request) -> None:
        """Note that the page asks something."""
        if request.resource_type in _KINDS:
            self._asked[request] = self.clock()

    def answered(self, request: Request, status: int) -> None:
        """Note an answer; the page at which one signs in is none."""
        self._asked.pop(request, None)
        if status >= _FIRST_ERROR:
            self._note(request, refused=False, hope=status not in _GONE)
        elif request.redirected_from is not None and self.signs_in(urlsplit(request.url).path):
            self._note(_first_of(request), refused=False, hope=False)
        else:
            self._open.pop(_sameness(request), None)

    def failed(self, request: Request) -> None:
        """Note that no answer came. What the page itself gave up it did not need, unless it had waited for it."""
        why, since = request.failure or "", self._asked.pop(request, None)
        if why == _BY_THE_PAGE and (since is None or self.clock() - since < _GIVEN_UP_S):
            return
        refused = why.startswith(_BY_THE_GUARD)
        self._note(request, refused=refused, hope=not refused)

    def _note(self, request: Request, *, refused: bool, hope: bool) -> None:
        if request.resource_type in _KINDS and self.may_fill(request):
            address = urlsplit(request.url)
            missed = MissedRequest(request.method, address.hostname or "", address.path or "/", refused)
            self._open[_sameness(request)] = missed, hope

    def may_fill(self, request: Request) -> bool:
        """
        Whether what a request brings may be what the page shows.

        Not where the service or somebody else counts visitors by it, nor where it writes: a write names itself. The
        address of a script says nothing of what it does.
        """
        address = urlsplit(request.url)
        path = address.path
        if self.stands_by(address.hostname or "") or self.reports(path, address.query):
            return False
        if _SEGMENT.search(path) or _POSTHOG.search(path):
            return False
        if request.resource_type == "script":
            return True
        if request.method not in {"GET", "HEAD", "POST"}:
            return False
        if self.asks(path):
            return True
        body = _body(request)
        if re.search(r"\bmutation\b", body):
            return False
        operation = _OPERATION.search(body)
        words = [word.lower() for word in _WORDS.findall(f"{path} {operation[1] if operation else ''}")]
        if _COUNTING.intersection(words):
            return asks_settings(path)
        return request.method != "POST" or not _WRITING.intersection(words[-_LAST:])


def _first_of(request: Request) -> Request:
    """The request that led here by redirects."""
    while request.redirected_from is not None:
        request = request.redirected_from
    return request


def asks_settings(path: str) -> bool:
    """Whether an address speaks of settings."""
    return _QUESTIONS.search(path) is not None


def may_tell_state(path: str) -> bool:
    """
    Whether a socket at an address may have brought what a page shows of a setting.

    Not where every word of it names a standing connection for news, talk or counting; numbers and ids say nothing.
    """
    parts = (part for part in path.split("/") if not any(map(str.isdigit, part)))
    return not _STANDING.issuperset(word.lower() for part in parts for word in _WORDS.findall(part))


def _body(request: Request) -> str:
    try:
        return (request.post_data or "")[:20_000]
    except UnicodeDecodeError:
        return ""


def _sameness(request: Request) -> Hashable:
    """What a second try has in common with the first."""
    return request.method, request.url, _body(request)


_CERTIFICATE_S = 5.0


class Listener:
    """Notes a tab's answers in the log of the visit."""

    def __init__(self, page: Page, log: NetworkLog) -> None:
        self._log = log
        self._asking: set[asyncio.Task[None]] = set()
        page.on("response", self._on_response)
        page.on("requestfailed", self._on_failed)
        page.on("console", self._on_console)
        page.on("pageerror", lambda _: log.said("exception"))

    def _on_response(self, response: Response) -> None:
        request = response.request
        if urlsplit(response.url).scheme not in {"http", "https"}:
            return
        self._log.answered(request.method, response.url, response.status, request.resource_type)
        host = (urlsplit(response.url).hostname or "").lower()
        if request.resource_type == "document":
            timing = request.timing
            start = timing["startTime"] / 1000
            sent, received = start + timing["requestStart"] / 1000, start + timing["responseStart"] / 1000
            self._log.date(host, response.headers.get("date", ""), sent, received)
            self._ask(self._body(response))
        elif self._log.wants_certificate(host):  # not of documents: the guard hands those on without
            self._ask(self._certificate(host, response))

    def _ask(self, question: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(question)
        self._asking.add(task)
        task.add_done_callback(self._asking.discard)

    def _on_failed(self, request: Request) -> None:
        if urlsplit(request.url).scheme in {"http", "https"}:
            self._log.answered(request.method, request.url, None, request.resource_type)

    def _on_console(self, message: ConsoleMessage) -> None:
        self._log.said(message.type)

    async def _body(self, response: Response) -> None:
        try:
            body = await response.body()
        except Error:  # a redirect has none; and the page may have moved on
            return
        self._log.given(response.request.method, response.url, response.status, "document", body)

    async def _certificate(self, host: str, response: Response) -> None:
        try:
            async with asyncio.timeout(_CERTIFICATE_S):
                details = await response.security_details()
        except (Error, TimeoutError):
            return
        if details:
            self._log.certificate(host, details)
