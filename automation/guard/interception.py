"""
Every request of the browser, asked about one by one; whatever goes wrong here is a fault, and cuts the tunnel.

`Fetch.enable` on the browser's own DevTools session sees pages, popups, frames of other sites and workers alike, and
each hop of a redirect anew; the HTTP cache stays on.
"""

from __future__ import annotations

import asyncio
import base64
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from automation.core.errors import BrowserLost
from automation.guard.record import TOO_LARGE
from automation.guard.request import Allow, Request, failing_closed

if TYPE_CHECKING:
    from collections.abc import Awaitable, Coroutine, Mapping

    from playwright.async_api import Browser, BrowserContext, CDPSession

    from automation.core.records import RequestRecord
    from automation.guard.judging import Decided, Judge

_WATCHED = ("Document", "XHR", "Fetch", "Other")
"""Kinds of which the answer is looked at too. Chromium calls worker scripts `Other` and `fetch()` `XHR`."""
_PATTERNS = [
    {"urlPattern": "*", "requestStage": "Request"},
    *({"urlPattern": "*", "resourceType": kind, "requestStage": "Response"} for kind in _WATCHED),
]
_GONE = (
    "Invalid InterceptionId",
    "Can only get response body on requests captured after headers received",  # untold: Chromium's words
)
"""What Chromium says when a page gave the request up meanwhile. It has no code for that, only these words."""
_WITHOUT_BODY = frozenset({101, 204, 205, 304})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
"""What Chromium follows where there is a `Location` (`net::HttpResponseHeaders::IsRedirectResponseCode`)."""
DOCUMENT_MAX = 8 * 1024 * 1024
"""Bytes of a document that is handed on; the pages of the services have a tenth of it."""
_PIECE_BYTES = 1024 * 1024
_UNTIL_CLOSED_S = (0.2, 0.5, 1.0, 2.0, 4.0, 8.0)
_OF_THE_TRANSFER = frozenset({"content-encoding", "content-length", "transfer-encoding", "set-cookie"})
"""Headers not handed on with a document: its body is decoded by now, and its cookies are set."""


class Interception:
    """
    Fetch on the whole browser, from `start` to the browser's end: a visit's is never taken off.

    Args:
        watch: who decides about each request, and is told what becomes of it.
        connect_src: the policy that is added to documents and workers in place of the one that `watch` names.
    """

    def __init__(self, watch: Judge, *, connect_src: str = "") -> None:
        self._connect_src = connect_src
        self.watch = watch
        """Who is asked: the guard of the present visit; for its time, the self-test."""
        self._frames: dict[str, Judge] = {}
        """Frame → who was asked when its first request came. A page's last requests may be told after its context
        is closed, and even after another guard took over: they belong to the visit that opened the page."""
        self._session: CDPSession | None = None
        self._let_through: dict[str, RequestRecord] = {}
        self._answered: set[str] = set()
        self._over: set[str] = set()
        """What contexts that are closed had asked for and were let through: Chromium's numbers never come again."""
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self, browser: Browser) -> CDPSession:
        """Put it up; returns the session, which must never be detached."""
        session = await browser.new_browser_cdp_session()
        session.on("close", lambda _: self.watch.lost())
        await self.hold(session)
        return session

    async def hold(self, session: CDPSession) -> None:
        """Ask about every request that the browser tells of in this session."""
        self._session = session
        session.on("Fetch.requestPaused", self._paused)
        session.on("Fetch.authRequired", self._asked_for_name)
        await session.send("Fetch.enable", {"patterns": _PATTERNS, "handleAuthRequests": True})

    async def release(self) -> None:
        """Take it off, once everything is answered: nobody is asked about what comes next."""
        while self._tasks:
            await asyncio.wait(self._tasks)
        if self._session is not None:
            await self._session.send("Fetch.disable")
            await self._session.detach()

    async def is_empty(self) -> bool:
        """Whether the browser, which is asked, holds no context but its own, and every request is answered."""
        if self._session is None:
            return False
        contexts = await self._session.send("Target.getBrowserContexts")
        targets = (await self._session.send("Target.getTargets"))["targetInfos"]
        if self._tasks:
            await asyncio.wait(self._tasks)
        own = contexts["defaultBrowserContextId"]
        left = contexts["browserContextIds"] or any(target.get("browserContextId") != own for target in targets)
        return not (left or self._tasks or self._let_through)

    async def close(self, context: BrowserContext) -> None:
        """
        Close a context, and close again what the browser forgot to.

        Chromium (156) gives up closing a page that listens for its end (`pagehide`, `unload`) where another document
        arrives in it at that moment: it lives on, and neither its end nor its context's is ever told.

        Raises:
            BrowserLost: the browser leaves it open, whatever it is told.
        """
        closing = asyncio.ensure_future(context.close())
        for patience_s in _UNTIL_CLOSED_S:
            done, _ = await asyncio.wait({closing}, timeout=patience_s)
            if done:
                return closing.result()
            await self._close_pages()
        closing.cancel()
        raise BrowserLost("the browser does not close a page", "Try again.")

    async def _close_pages(self) -> None:
        """Close every page of contexts other than the browser's own."""
        if self._session is None:
            return
        own = (await self._session.send("Target.getBrowserContexts"))["defaultBrowserContextId"]
        targets = (await self._session.send("Target.getTargets"))["targetInfos"]
        pages = [each for each in targets if each["type"] == "page" and each.get("browserContextId") != own]
        told = [self._session.send("Target.closeTarget", {"targetId": page["targetId"]}) for page in pages]
        # One may have closed meanwhile, which is told as an error; one that has not is told again.
        await asyncio.gather(*told, return_exceptions=True)

    def forget(self) -> None:
        """Forget the requests of a closed context, but that they were let through: their ends may be told later."""
        self._over.update(self._let_through, self._answered)
        self._let_through.clear()
        self._answered.clear()

    def _paused(self, event: dict[str, Any]) -> None:
        """Decide at once, so that the order of the log is the order of events; answer in a task."""
        with failing_closed(self._not_judged):
            self._spawn(self._at_response(event) if _answered(event) else self._at_request(event))

    def _asked_for_name(self, event: dict[str, Any]) -> None:
        """Give no name and no password: without an answer a full browser shows a dialog, and the page waits for it."""
        with failing_closed(self._not_judged):
            refusal = {"requestId": event["requestId"], "authChallengeResponse": {"response": "CancelAuth"}}
            self._spawn(self._send("Fetch.continueWithAuth", refusal))

    def _not_judged(self, error: Exception) -> None:
        self.watch.fault(f"a request could not be judged ({type(error).__name__})")

    def _at_request(self, event: dict[str, Any]) -> Coroutine[Any, Any, None]:
        request, frame = request_of(event), event.get("frameId")
        watch = self._frames.setdefault(frame, self.watch) if frame else self.watch
        decided = watch.decide(request)
        return (
            self._answered_with(event, request, decided) if isinstance(decided, tuple) else self._held(event, decided)
        )

    async def _held(self, event: dict[str, Any], decided: Awaitable[Decided]) -> None:
        await self._answered_with(event, request_of(event), await decided)

    def _answered_with(self, event: dict[str, Any], request: Request, decided: Decided) -> Coroutine[Any, Any, None]:
        decision, entry = decided
        if isinstance(decision, Allow):
            self._let_through[event["requestId"]] = entry
            return self._let_go_on(event["requestId"])
        if request.navigation:
            # An error page would replace the document, and what was typed into it; 204 leaves it alone.
            return self._send("Fetch.fulfillRequest", {"requestId": event["requestId"], "responseCode": 204})
        return self._fail(event, "BlockedByClient")

    async def _let_go_on(self, number: str) -> None:
        try:
            await self._send("Fetch.continueRequest", {"requestId": number})
        except Exception:
            self.watch.ended(number)  # the page gave it up before: it never leaves
            raise

    def _at_response(self, event: dict[str, Any]) -> Coroutine[Any, Any, None]:
        self.watch.ended(event["requestId"])
        if event["requestId"] in self._over:
            return self._fail(event, "Aborted")  # told late, beside a busy machine: nobody is left to read it
        entry = self._let_through.pop(event["requestId"], None)
        status = event.get("responseStatusCode", 0)
        if entry is None and not status and event["requestId"] in self._answered:
            # It was let through, and the page broke it off before the end of its answer.
            return self._send("Fetch.continueResponse", {"requestId": event["requestId"]})
        self._answered.add(event["requestId"])
        if entry is None and event["request"]["url"].startswith(("http:", "https:")):
            self.watch.leaked(request_of(event))
            return self._fail(event, "Aborted")
        if entry is not None:
            self.watch.answered(entry, status)
        if (_header(event, "content-disposition") or "").strip().lower().startswith("attachment"):
            return self._fail(event, "Aborted")  # it would be saved as a file: nobody reads it, and it may be large
        redirects = status in _REDIRECTS and _header(event, "location") is not None
        has_body = status and status not in _WITHOUT_BODY and not redirects
        if has_body and event["resourceType"] in {"Document", "Other"}:
            return self._with_connect_src(event, entry)
        return self._send("Fetch.continueResponse", {"requestId": event["requestId"]})

    async def _with_connect_src(self, event: dict[str, Any], entry: RequestRecord | None) -> None:
        """
        Hand the document on with one more policy; for documents, changed headers alone are ignored.

        Taken piece by piece: a few packed bytes can be a document that no page is, and other pages wait meanwhile.
        """
        body = await _document(self._session, event["requestId"]) if self._session is not None else None
        if body is None:
            if entry is not None:
                self.watch.answered(entry, 0, TOO_LARGE)
            await self._fail(event, "Aborted")
            return
        headers = event.get("responseHeaders", [])
        await self._send(
            "Fetch.fulfillRequest",
            {
                "requestId": event["requestId"],
                "responseCode": event["responseStatusCode"],
                # Chromium knows none for a status that is not registered (999, 520), and would refuse the answer.
                "responsePhrase": event.get("responseStatusText") or "unnamed",
                "responseHeaders": [
                    *(header for header in headers if header["name"].lower() not in _OF_THE_TRANSFER),
                    {"name": "Content-Security-Policy", "value": self._connect_src or self.watch.connect_src},
                ],
                "body": base64.b64encode(body).decode(),
            },
        )

    def _fail(self, event: dict[str, Any], reason: str) -> Coroutine[Any, Any, None]:
        return self._send("Fetch.failRequest", {"requestId": event["requestId"], "errorReason": reason})

    async def _send(self, command: str, parameters: dict[str, Any]) -> None:
        if self._session is not None:
            await self._session.send(command, parameters)

    def _spawn(self, answer: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(self._finish(answer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _finish(self, answer: Coroutine[Any, Any, None]) -> None:
        with failing_closed(self._not_answered):
            await answer

    def _not_answered(self, error: Exception) -> None:
        if type(error).__name__ == "TargetClosedError":  # by name: Playwright is not imported here
            self.watch.lost()
        elif not any(words in str(error) for words in _GONE):
            self.watch.fault(f"a request could not be answered ({type(error).__name__})")


async def _document(session: CDPSession, number: str) -> bytes | None:
    """The content of a document, unpacked; None where it is larger than any that is read."""
    stream = (await session.send("Fetch.takeResponseBodyAsStream", {"requestId": number}))["stream"]
    content = bytearray()
    try:
        while len(content) <= DOCUMENT_MAX:
            piece = await session.send("IO.read", {"handle": stream, "size": _PIECE_BYTES})
            content += base64.b64decode(piece["data"]) if piece.get("base64Encoded") else piece["data"].encode()
            if piece.get("eof"):
                return bytes(content)
    finally:
        await session.send("IO.close", {"handle": stream})
    return None


def _header(event: Mapping[str, Any], name: str) -> str | None:
    """What an answer says in a header, first of its name; None where it is not there."""
    headers = event.get("responseHeaders", [])
    return next((header["value"] for header in headers if header["name"].lower() == name), None)


def _answered(event: Mapping[str, Any]) -> bool:
    return "responseStatusCode" in event or "responseErrorReason" in event


def request_of(event: Mapping[str, Any]) -> Request:
    """
    The request that a `Fetch.requestPaused` event tells of.

    An address that cannot be taken apart becomes one without scheme and host, which nothing lets through.
    """
    request = event["request"]
    try:
        address = urlsplit(request["url"])
        host, port = (address.hostname or "").lower(), address.port
    except ValueError:
        address, host, port = urlsplit(""), "", None
    if ":" in host:
        host = f"[{host}]"
    if port not in {None, 443 if address.scheme == "https" else 80}:
        host = f"{host}:{port}"
    headers = {name.lower(): value for name, value in request["headers"].items()}
    headers.pop("cookie", None)
    return Request(
        method=request["method"],
        host=host,
        path=address.path or "/",
        query=address.query,
        body=_body_of(request),
        headers=headers,
        resource=event["resourceType"],
        navigation=event["resourceType"] == "Document",
        scheme=address.scheme,
        frame=event.get("frameId", ""),
        number=event["requestId"],
        network=event.get("networkId", ""),
    )


def _body_of(request: Mapping[str, Any]) -> bytes | None:
    """The body; `b""` where there is one of which not every byte can be seen (files, streams)."""
    entries = request.get("postDataEntries", [])
    if not entries:
        return b"" if request.get("hasPostData") else None
    if not all("bytes" in entry for entry in entries):
        return b""
    return b"".join(base64.b64decode(entry["bytes"]) for entry in entries)
