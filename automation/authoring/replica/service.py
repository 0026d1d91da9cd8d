"""What the replica does with a request: count it, find the site and the template, answer."""

from __future__ import annotations

import asyncio
import contextlib
from http.cookies import SimpleCookie
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

import jinja2
from starlette.requests import Request as Incoming
from starlette.responses import PlainTextResponse, Response

from automation.authoring.replica.exchange import Exchange
from automation.authoring.replica.languages import locale_of
from automation.authoring.replica.ledger import Write, WriteKind, WriteLedger
from automation.authoring.replica.pages import HttpRequest, Renderer
from automation.authoring.replica.signing_in import Visitor, visitor_of
from automation.core.errors import FlowError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.types import Receive, Scope, Send

    from automation.authoring.replica.site import ReplicaSite


class ReplicaService:
    """The ASGI application."""

    def __init__(
        self, sites: Sequence[ReplicaSite], ledger: WriteLedger, latency_s: float, stopping: asyncio.Event
    ) -> None:
        self._renderers = [Renderer(site) for site in sites]
        self._ledger = ledger
        self._latency_s = latency_s
        self._stopping = stopping
        self._memories: dict[str, set[str]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request or one WebSocket."""
        if scope["type"] == "websocket":
            await self._web_socket(scope, receive, send)
            return
        incoming = Incoming(scope, receive)
        body = await incoming.body()
        response = await self._answer(incoming, body)
        if response is None:
            await self._never(receive)
            response = Response(status_code=503)
        with contextlib.suppress(ConnectionError):
            await response(scope, receive, send)

    async def _never(self, receive: Receive) -> None:
        """Wait until the browser gives up or the replica stops."""
        gone: asyncio.Future[Any] = asyncio.ensure_future(receive())
        stopped: asyncio.Future[Any] = asyncio.ensure_future(self._stopping.wait())
        await asyncio.wait({gone, stopped}, return_when=asyncio.FIRST_COMPLETED)
        for waiter in (gone, stopped):
            waiter.cancel()

    async def _web_socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count the attempt, accept it and listen until it ends; every message counts once more."""
        headers = {name.decode(): value.decode("latin-1") for name, value in scope["headers"]}
        attempt = Write("WEBSOCKET", _host(headers.get("host", "")), scope["path"])
        self._ledger.note(WriteKind.WRITE, attempt)
        await receive()
        await send({"type": "websocket.accept"})
        stopped: asyncio.Future[Any] = asyncio.ensure_future(self._stopping.wait())
        try:
            while not self._stopping.is_set():
                message: asyncio.Future[Any] = asyncio.ensure_future(receive())
                await asyncio.wait({message, stopped}, return_when=asyncio.FIRST_COMPLETED)
                if not message.done():
                    message.cancel()
                elif message.result()["type"] == "websocket.receive":
                    self._ledger.note(WriteKind.WRITE, attempt)
                else:
                    return
        finally:
            stopped.cancel()

    async def _answer(self, incoming: Incoming, body: bytes) -> Response | None:
        """The answer to a request; None for one that never gets any."""
        host = _host(incoming.headers.get("host", ""))
        form = dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
        query = dict(incoming.query_params)
        found = self._whose(incoming, host, query.get("sso") or form.get("sso"))
        if found is None:
            return PlainTextResponse("This host is not part of the replica.", status_code=421)
        renderer, visitor = found
        site = renderer.site
        path = incoming.url.path
        operation = form.get(site.data.operation_field) or incoming.headers.get(site.data.operation_header, "")
        signed_in = visitor.actor is not None
        kind = site.network.kind(incoming.method, path, frozenset(query), operation, signed_in=signed_in)
        self._ledger.note(kind, Write(incoming.method, host, path, operation))
        if self._latency_s:
            await asyncio.sleep(self._latency_s)
        asset = self._asset(host, path)
        if asset is not None:
            return asset
        request = HttpRequest(incoming.method, host, path, query, form, {}, "document")
        locale = locale_of(site, visitor, request, incoming.headers.get("accept-language", ""))
        exchange = Exchange(renderer, visitor, request, locale, self._memory(visitor), self._ledger)
        try:
            response = await exchange.answer(operation, kind)
        except (jinja2.TemplateError, FlowError) as error:
            self._ledger.faults.append(f"{host}{path}: {error}")
            return PlainTextResponse(f"The replica's data is wrong: {error}", status_code=500)
        if response is not None:
            _set_cookies(response, visitor)
        return response

    def _asset(self, host: str, path: str) -> Response | None:
        """A style sheet or script; its host may be shared by several services."""
        for renderer in self._renderers:
            asset = renderer.asset_text(path) if renderer.site.serves(host) else None
            if asset is not None:
                headers = {"access-control-allow-origin": "*", "cache-control": "public, max-age=3600"}
                return Response(asset[0], media_type=asset[1], headers=headers)
        return None

    def _memory(self, visitor: Visitor) -> set[str]:
        """What an account has done to the replica so far; a set of words for its templates."""
        if visitor.actor is None:
            return set()
        return self._memories.setdefault(f"{visitor.site.service}/{visitor.actor.username}", set())

    def _whose(self, incoming: Incoming, host: str, carried: str | None) -> tuple[Renderer, Visitor] | None:
        """The site that serves a host: the one whose account is asking, else the first."""
        cookies = {name: morsel.value for name, morsel in _cookies(incoming.headers.get("cookie", "")).items()}
        found = [
            (renderer, visitor_of(renderer.site, cookies, carried, self._ledger.sign_in_tries, self._ledger.approved))
            for renderer in self._renderers
            if renderer.site.serves(host)
        ]
        return next((pair for pair in found if pair[1].someone), found[0] if found else None)


def _host(header: str) -> str:
    return header.partition(":")[0].lower()


def _cookies(header: str) -> SimpleCookie:
    cookies = SimpleCookie()
    with contextlib.suppress(ValueError):
        cookies.load(header)
    return cookies


def _set_cookies(response: Response, visitor: Visitor) -> None:
    for name, value, domain in visitor.cookies:
        if value:
            response.set_cookie(name, value, max_age=86400 * 30, domain=domain, secure=True, samesite="none")
        else:
            response.delete_cookie(name, domain=domain, secure=True, samesite="none")
