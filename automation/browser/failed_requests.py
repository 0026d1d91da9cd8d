"""
Which of a page's own requests it did not get the answer to that it may have needed.

A page that did not get its data often shows its controls all the same, as they stand when nothing is known: off. Such
a page looks whole. What it missed is told from the network; the guard, too, makes pages miss something.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from playwright.async_api import Request

_KINDS = frozenset({"xhr", "fetch", "script"})
_REFUSED = frozenset({401, 403, 408, 429})
_FIRST_FAULT = 500
_BY_THE_PAGE = "net::ERR_ABORTED"
_BY_THE_GUARD = "net::ERR_BLOCKED_BY_CLIENT"
"""How a refusal by the guard is told; newer Chromium adds by what way: `.Inspector`."""
_QUESTIONS = re.compile(r"graphql|gql|rpc|quer|setting|preference|privacy|consent", re.IGNORECASE)
_NO_QUESTIONS = frozenset(
    {
        "mutation", "mutations", "create", "update", "delete", "remove", "save", "set", "mark", "record", "send",
        "submit", "dismiss", "log", "logs", "logging", "track", "tracking", "event", "events", "metric", "metrics",
        "beacon", "collect", "report", "reports", "ping", "csp", "telemetry", "analytics", "stats", "rum", "trace",
    }
)  # fmt: skip
"""Both inferred: parts of the addresses that services ask for data, and what they call writing and counting."""
_OPERATION = re.compile(r'"operation(?:Name)?"\s*:\s*"(\w+)"')
_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")


@dataclass
class FailedRequests:
    """Requests of one page without an answer, until a later try is answered."""

    owns: Callable[[str], bool]
    """Whether an address belongs to the service; what others are asked for fills no control."""
    asks: Callable[[str], bool] = lambda _: False
    """Whether a path takes the service's questions by POST, whatever it looks like."""
    _open: dict[Hashable, bool] = field(default_factory=dict)
    """Each request, and whether a second try could help."""

    def __bool__(self) -> bool:
        return bool(self._open)

    @property
    def may_come(self) -> bool:
        """Whether the page may try again, and get it then."""
        return any(self._open.values())

    def clear(self) -> None:
        """Another page begins."""
        self._open.clear()

    def answered(self, request: Request, status: int) -> None:
        """Note an answer."""
        if status in _REFUSED or status >= _FIRST_FAULT:
            self._note(request, hope=True)
        else:
            self._open.pop(_sameness(request), None)

    def failed(self, request: Request) -> None:
        """Note that no answer came. What the page itself gave up it did not need."""
        why = request.failure or ""
        if why == _BY_THE_PAGE:
            return
        self._note(request, hope=not why.startswith(_BY_THE_GUARD))

    def _note(self, request: Request, *, hope: bool) -> None:
        kind = request.resource_type
        if kind in _KINDS and self.owns(request.url) and (kind == "script" or self.reads(request)):
            self._open[_sameness(request)] = hope

    def reads(self, request: Request) -> bool:
        """Whether a request looks like a question: nothing in it speaks of writing, and of a POST the rest asks."""
        if request.method not in {"GET", "HEAD", "POST"}:
            return False
        path, body = urlsplit(request.url).path, _body(request)
        operation = _OPERATION.search(body)
        told = f"{path} {operation[1] if operation else ''}"
        if _NO_QUESTIONS & {word.lower() for word in _WORDS.findall(told)} or re.search(r"\bmutation\b", body):
            return False
        return request.method != "POST" or _QUESTIONS.search(path) is not None or '"query"' in body or self.asks(path)


def _body(request: Request) -> str:
    try:
        return (request.post_data or "")[:20_000]
    except UnicodeDecodeError:
        return ""


def _sameness(request: Request) -> Hashable:
    """What a second try has in common with the first."""
    return request.method, request.url, _body(request)
