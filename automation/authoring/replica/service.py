"""What the replica does with a request: count it, find the site and the template, answer."""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
from dataclasses import dataclass, replace
from http.cookies import SimpleCookie
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

import jinja2
from starlette.requests import Request as Incoming
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response

from automation.authoring.replica.pages import HttpRequest, Renderer, View, Visitor, visitor_of
from automation.authoring.replica.site import Write, WriteKind, WriteLedger
from automation.core.errors import FlowError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.types import Receive, Scope, Send

    from automation.authoring.replica.site import ReplicaSite, UrlRoute

_OPERATION, _ROUTES, _NOTHING = "operation.json.j2", "routes.j2", "nothing.j2"
"""Templates in which a service wraps what it answers to data requests."""
_SCRIPT = "application/javascript"


class ReplicaService:
    """The ASGI application."""

    def __init__(
        self, sites: Sequence[ReplicaSite], ledger: WriteLedger, latency_s: float, stopping: asyncio.Event
    ) -> None:
        self._renderers = [Renderer(site) for site in sites]
        self._ledger, self._latency_s, self._stopping = ledger, latency_s, stopping
        self._memories: dict[str, set[str]] = {}
        """What an account has done to the replica so far, in words for its templates."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request or one WebSocket."""
        if scope["type"] == "websocket":
            await self._web_socket(scope, receive, send)
            return
        incoming = Incoming(scope, receive)
        response = await self._answer(incoming, await incoming.body())
        if response is None:  # for ever: until the browser gives up or the replica stops
            gone: asyncio.Future[Any] = asyncio.ensure_future(receive())
            stopped: asyncio.Future[Any] = asyncio.ensure_future(self._stopping.wait())
            await asyncio.wait({gone, stopped}, return_when=asyncio.FIRST_COMPLETED)
            gone.cancel()
            stopped.cancel()
            response = Response(status_code=503)
        with contextlib.suppress(ConnectionError):
            await response(scope, receive, send)

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
        """Count a request and answer it; None for one that never gets an answer."""
        host, path = _host(incoming.headers.get("host", "")), incoming.url.path
        form = dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
        query = dict(incoming.query_params)
        found = self._whose(incoming, host, query.get("sso") or form.get("sso"))
        if found is None:
            return PlainTextResponse("This host is not part of the replica.", status_code=421)
        renderer, visitor = found
        site, actor = renderer.site, visitor.actor
        operation = form.get(site.data.operation_field) or incoming.headers.get(site.data.operation_header, "")
        kind = site.network.kind(incoming.method, path, frozenset(query), operation, signed_in=actor is not None)
        self._ledger.note(kind, Write(incoming.method, host, path, operation))
        if self._latency_s:
            await asyncio.sleep(self._latency_s)
        for other in self._renderers:  # a host of style sheets and scripts may be shared by several services
            asset = other.asset_text(path) if other.site.serves(host) else None
            if asset is not None:
                headers = {"access-control-allow-origin": "*", "cache-control": "public, max-age=3600"}
                return Response(asset[0], media_type=asset[1], headers=headers)
        request = HttpRequest(incoming.method, host, path, query, form, {}, "document")
        locale = locale_of(site, visitor, request, incoming.headers.get("accept-language", ""))
        memory = self._memories.setdefault(f"{site.service}/{actor.username}", set()) if actor else set()
        try:
            response = await Exchange(renderer, visitor, request, locale, memory, self._ledger).answer(operation, kind)
        except (jinja2.TemplateError, FlowError) as error:
            self._ledger.faults.append(f"{host}{path}: {error}")
            return PlainTextResponse(f"The replica's data is wrong: {error}", status_code=500)
        if response is None:
            return None
        for name, value, domain in visitor.cookies:
            if value:
                response.set_cookie(name, value, max_age=86400 * 30, domain=domain, secure=True, samesite="none")
            else:
                response.delete_cookie(name, domain=domain, secure=True, samesite="none")
        return response

    def _whose(self, incoming: Incoming, host: str, carried: str | None) -> tuple[Renderer, Visitor] | None:
        """The site that serves a host: the one whose account is asking, else the first."""
        cookies = SimpleCookie()
        with contextlib.suppress(ValueError):
            cookies.load(incoming.headers.get("cookie", ""))
        values = {name: morsel.value for name, morsel in cookies.items()}
        found = [
            (renderer, visitor_of(renderer.site, values, carried, self._ledger.sign_in_tries, self._ledger.approved))
            for renderer in self._renderers
            if renderer.site.serves(host)
        ]
        return next((pair for pair in found if pair[1].someone), found[0] if found else None)


def _host(header: str) -> str:
    return header.partition(":")[0].lower()


def locale_of(site: ReplicaSite, visitor: Visitor, request: HttpRequest, accepted: str) -> str:
    """
    The account's language; for who is not known, the address's or the browser's, else British English; a BCP-47 tag.

    An address names one as `?locale=fr_FR` or `fr-fr.…`; of the header `accepted` the order counts, no weight does.
    """
    if visitor.someone is not None:
        return visitor.someone.locale
    host = re.match(r"([a-z]{2})-([a-z]{2})\.", request.host)
    wanted = [request.query.get("locale", "").replace("_", "-"), f"{host[1]}-{host[2].upper()}" if host else ""]
    wanted += [part.partition(";")[0].strip() for part in accepted.split(",")]
    return next((tag for tag in wanted if tag and tag.partition("-")[0] in site.options["languages"]), "en-GB")


@dataclass(slots=True)
class Exchange:
    """One request on its way to its answer."""

    renderer: Renderer
    visitor: Visitor
    request: HttpRequest
    locale: str
    memory: set[str]
    ledger: WriteLedger

    async def answer(self, operation: str, kind: WriteKind) -> Response | None:
        """The answer; None for a request that never gets any."""
        request, data = self.request, self.renderer.site.data
        path = request.path.rstrip("/")
        if request.method in {"GET", "HEAD"}:
            return await self._document()
        if path in {place.rstrip("/") for place in data.routes_at}:
            return self._route_definitions()
        if path in {place.rstrip("/") for place in data.operations_at}:
            return await self._operation(operation, kind)
        if self.renderer.site.route(request.method, request.host, request.path):
            return await self._document()
        if self.renderer.site.file(_NOTHING) is None:
            return JSONResponse({})
        return PlainTextResponse(self._fill(_NOTHING, request, None).text.strip(), media_type=_SCRIPT)

    async def _document(self) -> Response | None:
        """A page by its address."""
        request = self.request
        method = "GET" if request.method == "HEAD" else request.method
        route, params = self.renderer.site.route(method, request.host, request.path) or (None, {})
        view = self._page(route, replace(request, params=params))
        answer = view.answer
        if answer.delay_s:
            await asyncio.sleep(answer.delay_s)
        if answer.hangs:
            return None
        if answer.location:
            return RedirectResponse(answer.location, status_code=answer.status)
        if answer.media == "text/html":
            self.ledger.pages_served[f"{request.host}{request.path}"] += 1
            self.visitor.renew(self.ledger.pages_served.total())
        if answer.whole:
            return Response(view.text.strip(), status_code=answer.status, media_type=answer.media)
        operation = route.operation if route and answer.late else ""
        content: dict[str, Any] = {
            "operation": operation,
            "actions": [] if operation else answer.actions,
            "result": self._payload(view) if operation and answer.embedded else None,
            "prefetched": {},
        }
        if route and route.operation and view.data and (answer.embedded or not operation):
            content["prefetched"] = {"operation": route.operation, "data": view.data}
        text = "" if operation else view.text
        shell = self._fill(answer.shell, request, route, content=content, markup=text, title=view.title)
        return HTMLResponse(shell.text, status_code=answer.status)

    def _page(self, route: UrlRoute | None, request: HttpRequest) -> View:
        """What an address shows: what stands in the way of it, or its own template."""
        if route is None:
            return self._fill("missing.j2", request, None)
        gate = self._fill("gate.j2", request, route)
        return gate if gate.answer.location or gate.text.strip() else self._fill(route.view, request, route)

    def _fill(self, name: str, request: HttpRequest, route: UrlRoute | None, **more: Any) -> View:
        return self.renderer.view(name, request, self.visitor, self.locale, self.memory, route=route, **more)

    async def _operation(self, operation: str, kind: WriteKind) -> Response | None:
        """One operation: a template of its own, the late content of a page, or nothing in particular."""
        template = self.renderer.site.answers.get(operation)
        if template is None and kind is WriteKind.READ:
            return await self._late_content(operation)
        if template is None:
            return JSONResponse(self._wrapped("taken"))
        view = self._fill(template, self.request, None)
        if view.answer.hangs:
            return None
        return Response(view.text.strip(), status_code=view.answer.status, media_type="application/json")

    async def _late_content(self, operation: str) -> Response | None:
        try:
            variables = json.loads(self.request.form.get(self.renderer.site.data.variables_field, ""))
        except ValueError:
            variables = None
        parts = urlsplit(str(variables.get("route", "")) if isinstance(variables, dict) else "")
        route, params = self.renderer.site.route("GET", self.request.host, parts.path) or (None, {})
        if route is None or route.operation != operation:
            return JSONResponse(self._wrapped("unknown"))
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        view = self._page(route, replace(self.request, path=parts.path, query=query, params=params, phase="data"))
        if view.answer.delay_s:
            await asyncio.sleep(view.answer.delay_s)
        if view.answer.hangs:
            return None
        return JSONResponse(self._payload(view), status_code=200 if view.answer.location else view.answer.status)

    def _route_definitions(self) -> Response:
        """Which read an address needs, for the script that follows links without a new page."""
        site, asked = self.renderer.site, {}
        for url in [value for key, value in self.request.form.items() if key.startswith(site.data.route_field)]:
            found = site.route("GET", self.request.host, urlsplit(url).path)
            asked[url] = found[0].operation if found else ""
        return PlainTextResponse(self._fill(_ROUTES, self.request, None, asked=asked).text.strip(), media_type=_SCRIPT)

    def _payload(self, view: View) -> Any:
        """A read's result: the data, and the view that the script makes of it; or where it sends the browser."""
        shown = {"title": view.title, "markup": view.text, "actions": view.answer.actions}
        outcome = "elsewhere" if view.answer.location else "content"
        return self._wrapped(outcome, found=view.data, shown=shown, location=view.answer.location)

    def _wrapped(self, outcome: str, **said: Any) -> Any:
        """What the service answers to an operation: `content`, `elsewhere`, `taken` or `unknown`."""
        return json.loads(self._fill(_OPERATION, self.request, None, outcome=outcome, **said).text)
