"""
Who may talk to the local page: the browser that was let in with the one-time token, and nobody else.

In this order, and before anything is looked up: the other end of the connection belongs to this user; the Host is the
one address that was printed (so a rebound name gets nothing); the request comes from our own page or from nowhere; the
cookie is there; a post has an Origin of ours and the token of our forms.

The cookie's path is secret, too: browsers send cookies of 127.0.0.1 to every port of it, and another user of the
machine may listen at one.
"""

from __future__ import annotations

import os
import secrets
import sys
import threading
from dataclasses import dataclass, field
from email.parser import BytesParser
from email.policy import HTTP
from http.cookies import CookieError, SimpleCookie
from pathlib import Path
from urllib.parse import parse_qsl

from starlette.datastructures import Headers
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from automation.text.catalogue import LANGUAGES, N_
from automation.text.language import Language, language

COOKIE = "temoin"
LANGUAGE_COOKIE = "temoin-lang"
TOKEN_FIELD = "token"  # noqa: S105 - the name of a field
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_LARGEST_POST, _LARGEST_UPLOAD = 1 << 20, 32 << 20
"""Bytes of a form, and of one with files."""
_UPLOAD = "multipart/form-data"
_HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",  # with less, browsers send `Origin: null` with our own forms
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}
_FROM_OURSELVES = frozenset({"same-origin", "none"})


@dataclass(frozen=True)
class Door:
    """The secrets of one start of the page; none of them outlives it."""

    port: int
    place: str = field(default_factory=lambda: secrets.token_urlsafe(12))
    """First part of every path."""
    cookie: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)
    form: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)
    """What every form of ours carries."""
    entered: threading.Event = field(default_factory=threading.Event, repr=False)
    """Set once the address has let a browser in."""
    _once: list[str] = field(default_factory=lambda: [secrets.token_urlsafe(32)], repr=False)

    @property
    def host(self) -> str:
        """The only Host that is answered."""
        return f"127.0.0.1:{self.port}"

    @property
    def root(self) -> str:
        """Path of the first page."""
        return f"/{self.place}/"

    def invitation(self) -> str:
        """The address that lets one browser in, once."""
        return f"http://{self.host}{self.root}start?once={self._once[0]}"

    def let_in(self, once: str) -> bool:
        """Whether a one-time token is the right one; it is spent then."""
        if not self._once or not secrets.compare_digest(once.encode(), self._once[0].encode()):
            return False
        self._once.clear()
        self.entered.set()
        return True


@dataclass(frozen=True)
class Refusal:
    """What a request gets instead of a page: nothing of what is behind the door, nor who is there."""

    status: int
    why: str = ""
    """English, to be translated."""

    def answer(self, words: Language) -> Response:
        """The response, in a language."""
        if not self.why:
            return Response(status_code=self.status)
        return PlainTextResponse(f"{words.gettext(self.why)}\n", self.status)


class Guarded:
    """The application behind the door."""

    def __init__(self, app: ASGIApp, door: Door, default_language: str = "en") -> None:
        self._app, self._door, self._language = app, door, default_language

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or refuse it."""
        if scope["type"] != "http":
            return
        refusal, words = self._refusal(scope), self._words(scope)
        if refusal is None and scope["path"] == f"{self._door.root}start":
            answer = self._start(scope, words)
            await answer(scope, receive, _with_headers(send))
            return
        if refusal is None and not self._has_cookie(Headers(scope=scope)):
            refusal = Refusal(403, N_("Open this page with the address that `temoin ui` printed; it works once."))
        if refusal is None and scope["method"] == "POST":
            kind = Headers(scope=scope).get("content-type", "")
            body = await _body(receive, _LARGEST_UPLOAD if kind.startswith(_UPLOAD) else _LARGEST_POST)
            if body is None or not self._has_token(body, kind):
                refusal = Refusal(403, N_("This form was not filled in on our own page."))
            else:
                receive = _again(body)
        await (refusal.answer(words) if refusal else self._app)(scope, receive, _with_headers(send))

    def _words(self, scope: Scope) -> Language:
        """The language that this browser chose, else that of the start; it tells nothing of what is behind the door."""
        chosen = _cookies(Headers(scope=scope)).get(LANGUAGE_COOKIE, "")
        return language(chosen if chosen in LANGUAGES else self._language)

    def _refusal(self, scope: Scope) -> Refusal | None:
        """What is wrong with a request whoever sends it."""
        headers, ours = Headers(scope=scope), f"http://{self._door.host}"
        if not _is_own(scope.get("client"), self._door.port):
            return Refusal(403, N_("This page belongs to another user of this machine."))
        if headers.getlist("host") != [self._door.host]:
            return Refusal(421, N_("There is nothing here under this name."))
        if scope["method"] not in {"GET", "POST"}:
            return Refusal(405, N_("Only GET and POST are answered."))
        if scope["path"] == "/favicon.ico":  # browsers ask for it before any page of ours can name another
            return Refusal(204)
        if not scope["path"].startswith(self._door.root):
            return Refusal(404, N_("There is nothing here."))
        origin = headers.getlist("origin")
        if (origin or scope["method"] == "POST") and origin != [ours]:
            return Refusal(403, N_("This request comes from another page."))
        starting = scope["path"] == f"{self._door.root}start"
        if not starting and headers.get("sec-fetch-site", "none") not in _FROM_OURSELVES:
            return Refusal(403, N_("This request comes from another page."))
        return None

    def _start(self, scope: Scope, words: Language) -> Response:
        """
        Exchange the one-time token for the cookie.

        The page moves on by itself instead of redirecting: a browser that comes from elsewhere, such as from a file,
        would leave a strict cookie out of what it is redirected to.
        """
        once = dict(parse_qsl(scope["query_string"].decode("latin-1"))).get("once", "")
        if scope["method"] != "GET" or not self._door.let_in(once):
            return Refusal(403, N_("This address was used already. End `temoin ui` and start it again.")).answer(words)
        root = self._door.root
        page = HTMLResponse(
            f'<!doctype html><html lang="{words.code}"><meta charset="utf-8"><title>Témoin</title>'
            f'<meta http-equiv="refresh" content="0; url={root}"><a href="{root}">Témoin</a>'
        )
        page.set_cookie(COOKIE, self._door.cookie, path=root, httponly=True, samesite="strict")
        return page

    def _has_cookie(self, headers: Headers) -> bool:
        sent = _cookies(headers).get(COOKIE, "")
        return secrets.compare_digest(sent.encode(), self._door.cookie.encode())

    def _has_token(self, body: bytes, kind: str) -> bool:
        sent = [value for name, value in posted(body, kind)[0] if name == TOKEN_FIELD]
        return len(sent) == 1 and secrets.compare_digest(sent[0].encode(), self._door.form.encode())


def _cookies(headers: Headers) -> dict[str, str]:
    """The cookies of a request; none where they cannot be read."""
    jar: SimpleCookie = SimpleCookie()
    try:
        jar.load("; ".join(headers.getlist("cookie")))
    except CookieError:
        return {}
    return {name: morsel.value for name, morsel in jar.items()}


def posted(body: bytes, kind: str) -> tuple[list[tuple[str, str]], list[tuple[str, bytes]]]:
    """The fields of a posted form of some content type, and the files that were chosen in it, by name and content."""
    if not kind.startswith(_UPLOAD):
        return parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True), []
    head = f"Content-Type: {kind}\r\n\r\n".encode()
    fields, files = [], []
    for part in BytesParser(policy=HTTP).parsebytes(head + body).iter_parts():
        data, file = part.get_payload(decode=True), part.get_filename()
        name = part.get_param("name", header="content-disposition")
        if isinstance(data, bytes) and file is None:
            fields.append((str(name), data.decode("utf-8", "replace")))
        elif isinstance(data, bytes) and file:
            files.append((file, data))
    return fields, files


async def _body(receive: Receive, largest: int) -> bytes | None:
    """The whole of a posted form; None where it is larger than any of ours."""
    parts: list[bytes] = []
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return None
        parts.append(message.get("body", b""))
        if sum(map(len, parts)) > largest:
            return None
        if not message.get("more_body"):
            return b"".join(parts)


def _again(body: bytes) -> Receive:
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> Message:
        return waiting.pop() if waiting else {"type": "http.disconnect"}

    return receive


def _with_headers(send: Send) -> Send:
    """Add our headers to whatever is answered; a page that brings a policy of its own keeps it."""

    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            there = {name.lower() for name, _ in message["headers"]}
            message["headers"] = [
                *message["headers"],
                *((n.encode(), v.encode()) for n, v in _HEADERS.items() if n.encode() not in there),
            ]
        await send(message)

    return sent


def _is_own(client: tuple[str, int] | None, port: int, table: Path = Path("/proc/net/tcp")) -> bool:
    """
    Whether the other end of a connection to our port is a program of this user, or of root, who can do everything.

    Only Linux says so. Elsewhere the secrets alone decide, and the token travels in a file instead of a command line.
    """
    if client is None or not sys.platform.startswith("linux"):
        return client is not None
    try:
        lines = table.read_text(encoding="ascii").splitlines()[1:]
    except OSError:
        return True
    ends = [f"0100007F:{number:04X}" for number in (client[1], port)]  # 127.0.0.1, the way the kernel prints it
    owners = {int(parts[7]) for parts in map(str.split, lines) if parts[1:3] == ends}
    return bool(owners) and owners <= {os.getuid(), 0}
