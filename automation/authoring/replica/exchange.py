"""One request to the replica on its way to its answer."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response

from automation.authoring.replica.ledger import WriteKind, WriteLedger
from automation.authoring.replica.pages import HttpRequest, Renderer, View
from automation.authoring.replica.signing_in import Visitor

if TYPE_CHECKING:
    from collections.abc import Mapping

    from automation.authoring.replica.site import UrlRoute

_OPERATION, _ROUTES, _NOTHING = "operation.json.j2", "routes.j2", "nothing.j2"
"""Templates in which a service wraps what it answers to data requests."""
_SCRIPT = "application/javascript"


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
        request = self.request
        path = request.path.rstrip("/")
        if request.method in {"GET", "HEAD"}:
            return await self._document()
        if any(path == place.rstrip("/") for place in self.renderer.site.data.routes_at):
            return self._route_definitions()
        if any(path == place.rstrip("/") for place in self.renderer.site.data.operations_at):
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
        found = self.renderer.site.route(method, request.host, request.path)
        if found is None:
            return await self._send(self._fill("missing.j2", request, None), None)
        route, params = found
        request = _at(request, request.path, request.query, params, "document")
        gate = self._fill("gate.j2", request, route)
        view = gate if gate.answer.location or gate.text.strip() else self._fill(route.view, request, route)
        return await self._send(view, route)

    async def _send(self, view: View, route: UrlRoute | None) -> Response | None:
        answer = view.answer
        if answer.delay_s:
            await asyncio.sleep(answer.delay_s)
        if answer.hangs:
            return None
        if answer.location:
            return RedirectResponse(answer.location, status_code=answer.status)
        if answer.media == "text/html":
            self.ledger.pages_served[f"{self.request.host}{self.request.path}"] += 1
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
        shell = self._fill(
            answer.shell,
            self.request,
            route,
            content=content,
            markup="" if operation else view.text,
            title=view.title,
        )
        return HTMLResponse(shell.text, status_code=answer.status)

    def _fill(self, name: str, request: HttpRequest, route: UrlRoute | None, **more: Any) -> View:
        more.setdefault("route", route)
        return self.renderer.view(name, request, self.visitor, self.locale, self.memory, **more)

    async def _operation(self, operation: str, kind: WriteKind) -> Response | None:
        """One operation: a template of its own, the late content of a page, or nothing in particular."""
        request = self.request
        template = self.renderer.site.answers.get(operation)
        if template is None and kind is WriteKind.READ:
            return await self._late_content(operation)
        if template is None:
            return JSONResponse(self._wrapped("taken"))
        view = self._fill(template, request, None)
        if view.answer.hangs:
            return None
        return Response(view.text.strip(), status_code=view.answer.status, media_type="application/json")

    async def _late_content(self, operation: str) -> Response | None:
        variables = _json_object(self.request.form.get(self.renderer.site.data.variables_field, ""))
        parts = urlsplit(str(variables.get("route", "")))
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        found = self.renderer.site.route("GET", self.request.host, parts.path)
        if found is None or found[0].operation != operation:
            return JSONResponse(self._wrapped("unknown"))
        route, params = found
        request = _at(self.request, parts.path, query, params, "data")
        gate = self._fill("gate.j2", request, route)
        view = gate if gate.answer.location or gate.text.strip() else self._fill(route.view, request, route)
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


def _at(
    request: HttpRequest, path: str, query: Mapping[str, str], params: Mapping[str, str], phase: str
) -> HttpRequest:
    return HttpRequest(request.method, request.host, path, query, request.form, params, phase)


def _json_object(text: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}
