"""
A service that stands for a live one: pages made by scripts, classes that say nothing, writes at every corner.

It is full of what must never be on file: names, addresses, ids, tokens, what somebody typed. Served over TLS on
loopback; it counts every write that reaches it but the one that signs in.
"""

from __future__ import annotations

from contextlib import AsyncExitStack
from typing import Any, Self

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from automation.authoring.replica.server import over_tls
from automation.guard.certificate import self_signed

HOST = "www.studio.example"
COOKIE = {"name": "sid", "value": "session-Zq81mVb7Tt", "domain": HOST, "path": "/", "secure": True}
SETTINGS = f"https://{HOST}/settings"
LABEL = {"en": "Use my uploads to improve our models", "fr": "Utiliser mes envois pour améliorer nos modèles"}
SECTION = {"en": "Data and AI", "fr": "Données et IA"}
TAB = {"en": "Privacy", "fr": "Confidentialité"}
PRIVATE = (
    "Claire", "Moreau", "claire.moreau@atelier.example", "100080001234567", "csrf-8f3kQz71LmPw0a", "session-Zq81mVb7Tt",
    "Bonjour de Lyon", "atelier-du-luthier", "+33 6 12 34 56 78", "Dupont invoice",
)  # fmt: skip
"""What the pages hold of the account and of others."""

_LOGIN = """<!doctype html><html lang="en"><title>Log in</title><body><main><h1>Log in</h1>
<form method="post" action="/login"><input name="user" autofocus><input name="password" type="password">
<button>Log in</button></form></main></body></html>"""

_SETTINGS = """<!doctype html><html lang="{lang}"><head><title>Claire Moreau – settings</title>
<meta name="csrf-token" content="csrf-8f3kQz71LmPw0a">
<style>.x1{{display:flex;gap:24px;padding:16px}} .x2{{width:56px;height:28px;border:0;background:#888}}
.x2[aria-checked=true]{{background:#07c}} .x3{{font-size:18px}} [hidden]{{display:none}}</style></head>
<body data-user="100080001234567"><header class="x1"><a href="/u/claire.moreau">Claire Moreau</a>
<span>claire.moreau@atelier.example</span><span>+33 6 12 34 56 78</span><img alt="Claire Moreau" width=24 height=24></header>
<div id="root"></div>
<script type="application/json">{{"viewer": {{"id": "100080001234567", "name": "Claire Moreau"}}}}</script>
<script>
const words = {words};
const write = (where) => fetch(where, {{method: "POST", body: "csrf-8f3kQz71LmPw0a"}}).catch(() => 0);
setTimeout(() => {{
  document.getElementById("root").innerHTML = `<main class="x1"><nav role="tablist" class="x1">
  <div role="tab" tabindex=0 id=t1 class="x3">${{words.profile}}</div>
  <div role="tab" tabindex=0 id=t2 class="x3">${{words.tab}}</div></nav>
  <section id=p1><h2>${{words.profile}}</h2><form><input type=hidden name=csrf value="csrf-8f3kQz71LmPw0a">
  <label>Bio <input value="Bonjour de Lyon"></label><textarea>Bonjour de Lyon</textarea></form></section>
  <section id=p2 hidden><h2>Claire Moreau</h2><h3>${{words.section}}</h3>
  <div class="x1"><div><label class="x3" id=":r1:-100080001234567">${{words.label}}</label>
  <p>Shared with atelier-du-luthier</p></div>
  <button class="x2" role="switch" aria-labelledby=":r1:-100080001234567" aria-checked="{on}"></button></div>
  <div class="x1"><label id=":r2:">Dupont invoice</label><button class="x2" role="switch" aria-labelledby=":r2:"
  aria-checked="true"></button></div></section></main>`;
  for (const s of document.querySelectorAll("[role=switch]")) s.onclick = () => {{
    s.setAttribute("aria-checked", s.getAttribute("aria-checked") !== "true"); write("/settings/save"); }};
  t1.onclick = () => {{ p1.hidden = false; p2.hidden = true; }};
  t2.onclick = () => {{ p1.hidden = true; p2.hidden = false; write("/seen"); }};
}}, 150);
write("/telemetry"); navigator.sendBeacon("/beacon", "100080001234567");
</script></body></html>"""


class Live:
    """The service while it is entered (`async with`)."""

    def __init__(self, *, on: bool = True, lang: str = "en") -> None:
        self.on, self.lang = on, lang
        self.writes: list[str] = []
        """Method and path of every write that reached it outside of signing in."""
        self._certificate = self_signed(HOST, "*.studio.example")
        self._served = AsyncExitStack()

    async def __aenter__(self) -> Self:
        login = Route("/login", self._login, methods=["GET", "POST"])
        rest = Route("/{rest:path}", self._other, methods=["GET", "POST", "PUT", "DELETE"])
        app = Starlette(routes=[login, *self.routes(), rest])
        self.address = await self._served.enter_async_context(over_tls(app, self._certificate))
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._served.aclose()

    def routes(self) -> list[Route]:
        """Its pages, beside the one that signs in."""
        return [Route("/settings", self._settings)]

    @property
    def browser_toml(self) -> str:
        """The `[browser]` table that leads there."""
        return (
            f'[browser]\ntimeout_s = 30\nreplica_spki = ["{self._certificate.spki}"]\n'
            f'[browser.replica_map]\n"*.studio.example" = "{self.address}"\n'
        )

    @property
    def browser(self) -> dict[str, Any]:
        """The same as settings."""
        return {"replica_map": {"*.studio.example": self.address}, "replica_spki": (self._certificate.spki,)}

    async def _login(self, request: Request) -> Response:
        if request.method == "GET":
            return HTMLResponse(_LOGIN)
        form = (await request.body()).decode()
        if form != "user=claire.moreau&password=open-sesame":
            return HTMLResponse(_LOGIN, status_code=403)
        answer = RedirectResponse("/settings", status_code=303)
        answer.set_cookie("sid", "session-Zq81mVb7Tt", secure=True, httponly=True)
        return answer

    async def _settings(self, request: Request) -> Response:
        if request.cookies.get("sid") != "session-Zq81mVb7Tt":
            return RedirectResponse("/login")
        words = {"profile": "Profile", "tab": TAB[self.lang], "section": SECTION[self.lang], "label": LABEL[self.lang]}
        on = "true" if self.on else "false"
        return HTMLResponse(_SETTINGS.format(lang=self.lang, words=words, on=on))

    async def _other(self, request: Request) -> Response:
        if request.method != "GET":
            self.writes.append(f"{request.method} {request.url.path}")
        return Response(status_code=204 if request.method != "GET" else 404)
