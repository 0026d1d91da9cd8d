"""
The guard's self-test: in a throw-away context, the cheap known ways out are tried against a sink of our own.

It shows that this browser, started this way, is held. It can fail: one permitted request has to reach the sink,
or nothing is proven. Among what is tried are ways that the interception is not asked about: speculation rules, the
worker of a document with status 300, TURN, early hints and the binding of a session to the device. For each of them a
permit is in stock, as requests leave one that a page gave up. The hostile site in tests/guard/ tries far more.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING, Final
from weakref import WeakKeyDictionary

from automation.guard.decision import decide
from automation.guard.departures import Departures, Permits
from automation.guard.policy import GuardPolicy
from automation.guard.record import Log
from automation.guard.request import Allow, Phase, Refuse, Request, failing_closed
from automation.guard.sink import Content, SinkServer
from automation.guard.tunnel import Tunnel, routes_of

if TYPE_CHECKING:
    from playwright.async_api import Browser, BrowserContext

    from automation.core.records import RequestRecord
    from automation.guard.certificate import Certificate
    from automation.guard.client_records import Secret
    from automation.guard.interception import Interception

PASSED_EARLIER: Final = "passed earlier in this process, with this browser"
_HOST: Final = "self-test.temoin.invalid"
_SECOND: Final = "second.self-test.temoin.invalid"
"""Speaks HTTP/2."""
_ELSEWHERE: Final = "elsewhere.temoin.invalid"
_PERMITTED: Final = {("GET", path) for path in ("/", "/control", "/favicon.ico", "/300", "/hinting")}
_POLICY: Final = {"hosts": [_HOST, _SECOND], "guard": {"get_deny": {"paths": ["/writes/*"]}}}
_UNASKED: Final = frozenset({"/writes/rules", "not_http"})
_HINTED: Final = frozenset({"/writes/hint"})
"""What browsers of today try without asking, and the tunnel refuses; those that know none of it have no need to."""
Decide = Callable[[GuardPolicy, Phase, Request], Allow | Refuse]
_BINDING: Final = '(ES256 RS256);path="/binding";challenge="x"'
_STOCK: Final = (
    *(Request("GET", _HOST, path) for path in ("/socket", "/worker-socket", "/socket-300")),
    *(Request("POST", _HOST, path) for path in ("/binding", "/ping", "/beacon")),
)
_SETTLE_S = 0.03
"""Time for what has left to arrive, on loopback; the control has arrived before it begins."""

_PAGE = f"""<!doctype html><title>.</title><link rel=icon href=data:,>
<script type=speculationrules>{{"prefetch": [{{"urls": ["/writes/rules"], "eagerness": "immediate"}}]}}</script>
<form id=own method=post action=/form-post><input name=a value=1></form>
<form id=framed method=post action=/form-framed target=frame><input name=a value=1></form>
<iframe name=frame></iframe><iframe src=/300></iframe><a id=ping href=#x ping=/ping>.</a>
<script>
async function attempt() {{
  const quiet = job => Promise.resolve().then(job).catch(() => 0);
  const worker = new Worker(URL.createObjectURL(new Blob([
    "try {{ new WebSocket('wss://{_HOST}/worker-socket').onerror = () => postMessage(0) }}" +
    "catch (e) {{ postMessage(0) }}"])));
  const worked = new Promise(done => worker.onmessage = done);
  navigator.sendBeacon('/beacon', 'x');
  document.getElementById('ping').click();
  document.getElementById('framed').submit();
  new Image().src = 'https://{_ELSEWHERE}/image';
  quiet(() => new WebSocket('wss://{_HOST}/socket'));
  quiet(async () => {{
    window.peer = new RTCPeerConnection({{iceServers: [
      {{urls: 'turns:{_HOST}:443?transport=tcp', username: 'x', credential: 'x'}}]}});
    peer.createDataChannel('x');
    await peer.setLocalDescription(await peer.createOffer());
  }});
  await Promise.all([
    quiet(() => fetch('/fetch-post', {{method: 'POST', body: 'x'}})),
    quiet(() => fetch('/keepalive', {{method: 'POST', body: 'x', keepalive: true}})),
    quiet(() => fetch('/put', {{method: 'PUT', body: 'x'}})),
    quiet(() => fetch('https://{_ELSEWHERE}/get', {{mode: 'no-cors'}})),
    worked,
  ]);
  document.getElementById('own').submit();
  return (await fetch('/control')).status;
}}
</script>"""
_WITH_WORKER = f"""<!doctype html><script>
new Worker(URL.createObjectURL(new Blob(["new WebSocket('wss://{_HOST}/socket-300')"])));
</script>"""
_CONTENTS: Final = {
    "/": Content(_PAGE.encode(), headers=(("secure-session-registration", _BINDING),)),
    "/300": Content(_WITH_WORKER.encode(), status=300),
    "/hinting": Content(hint="/writes/hint"),
}


@cache
def certificate() -> Certificate:
    """
    The sink's certificate, one for the life of this process; its key is nowhere else.

    The browser has to take it in everything that it does, and not in pages alone: TURN and prefetches ask nobody.
    """
    # Late: 44 ms that only a process which starts a browser has to pay.
    from automation.guard.certificate import self_signed  # noqa: PLC0415

    return self_signed(_HOST, _SECOND, _ELSEWHERE)


class SelfTest:
    """
    One trial; while it runs, the interception asks it instead of the guard.

    Args:
        secret: gives the keys of the browser's connections.
        close: closes a context.
        policy: what may be asked for; None: of the sink what its page needs, and nothing else.
        rules: decide about each request.
        patience_s: how long the whole trial may take. A busy machine is no broken guard: an idle one needs 0.3 s.
        tried_s: how long to wait for what a browser may not know at all.
    """

    def __init__(
        self,
        secret: Secret,
        close: Callable[[BrowserContext], Awaitable[None]],
        *,
        policy: GuardPolicy | None = None,
        rules: Decide = decide,
        patience_s: float = 20.0,
        tried_s: float = 1.5,
    ) -> None:
        self._secret, self._close = secret, close
        self._permits = Permits()
        self._policy, self._rules = policy or GuardPolicy.parse(_POLICY), rules
        self._patience_s, self._tried_s = patience_s, tried_s
        self._log = Log()
        self._faults: list[str] = []
        self._refused: set[str] = set()
        self._news = asyncio.Event()

    async def run(self, browser: Browser) -> str:
        """Try; returns an empty text if the guard held, else what got out or went wrong."""
        sink = SinkServer(certificate(), _CONTENTS)
        status = 0
        trouble: list[Exception] = []
        try:
            with failing_closed(trouble.append):
                await sink.open()
                status = await self._attempt(browser, sink)
                await asyncio.sleep(_SETTLE_S)
        finally:
            sink.close()
        # A form that got out takes its page away from under the script: what arrived says more than that error.
        escaped = self._escaped(sink.arrived)
        if trouble and not escaped and "unreadable_tls" in self._refused:
            return "the browser does not tell the guard its keys; one that is confined (a snap, a flatpak) cannot"
        if trouble and not escaped:  # a test that cannot run has not been passed
            return f"it could not be run ({type(trouble[0]).__name__})"
        return escaped or self._verdict(status, sink.arrived)

    async def _attempt(self, browser: Browser, sink: SinkServer) -> int:
        """Open the page and let it try; returns the status of the permitted request."""
        routes = routes_of({_HOST: sink.address, _ELSEWHERE: sink.address, _SECOND: sink.second_address})
        tunnel = Tunnel(
            self._policy.hosts,
            self.departures,
            routes=routes,
            note=lambda _host, outcome: self._note(outcome),
            fault=self.fault,
        )
        for permitted in _STOCK:
            self._permits.grant(permitted)
        try:
            await tunnel.open()
            async with asyncio.timeout(self._patience_s):
                return await self._visit(browser, tunnel)
        finally:
            tunnel.sever()

    async def _visit(self, browser: Browser, tunnel: Tunnel) -> int:
        """One visit in a throw-away context; returns the status of the permitted request."""
        context = await browser.new_context(
            proxy={"server": tunnel.url, "bypass": "<-loopback>"},
            service_workers="block",
            accept_downloads=False,
        )
        try:
            page = await context.new_page()
            await page.goto(f"https://{_HOST}/")
            status = int(await page.evaluate("attempt()"))
            await self._tried(_UNASKED)
            with failing_closed(lambda _error: None):  # a refused hint takes its connection with it, and so the page
                await page.goto(f"https://{_SECOND}/hinting")
            await self._tried(_HINTED)
            return status
        finally:
            tunnel.sever()
            await self._close(context)

    async def _tried(self, ways: frozenset[str]) -> None:
        """Wait until the browser has tried these ways; one that lacks some of them is waited for in vain."""
        with suppress(TimeoutError):
            async with asyncio.timeout(self._tried_s):
                while not ways <= self._refused:
                    self._news.clear()
                    await self._news.wait()

    def departures(self) -> Departures:
        """What reads a connection of the browser's."""
        return Departures(self._secret, self.leaving, self._permits.grant)

    def _escaped(self, arrived: list[tuple[str, str]]) -> str:
        if self._faults:
            return self._faults[0]
        out = [f"{method} {path}" for method, path in arrived if (method, path) not in _PERMITTED]
        return f"got out: {', '.join(out)}" if out else ""

    def _verdict(self, control_status: int, arrived: list[tuple[str, str]]) -> str:
        if control_status != 200 or ("GET", "/control") not in arrived:
            return "the permitted request did not arrive, so nothing is proven"
        if not any(not entry.allowed for entry in self._log.since(0)):
            return "no request was refused, so nothing was tried"
        return ""

    def decide(self, request: Request) -> tuple[Allow | Refuse, RequestRecord]:
        """Decide as a check would, by a policy that knows the sink alone."""
        decision = self._rules(self._policy, Phase.CHECK, request)
        if isinstance(decision, Allow):
            self._permits.grant(request)
        return decision, self._log.add(Phase.CHECK, request, decision)

    def leaving(self, request: Request) -> bool:
        """Let leave what was let through, as the guard does."""
        if self._permits.take(request):
            return True
        if request.resource == "WebSocket":
            self._faults.append(f"not held by the added policy: {request.path}")
        decision = self._rules(self._policy, Phase.CHECK, request)
        allowed = isinstance(decision, Allow) and request.method in {"GET", "HEAD"}
        if not allowed:
            self._note(request.path)
        return allowed

    def _note(self, refused: str) -> None:
        self._refused.add(refused)
        self._news.set()

    def ended(self, number: str) -> None:
        """A request is over."""
        self._permits.withdraw(number)

    def answered(self, entry: RequestRecord, status: int, failure: str = "") -> None:
        """Not of interest: the sink answers all it gets."""

    def leaked(self, request: Request) -> None:
        """Note a request that was never let through."""
        self._faults.append(f"got out: {request.method} {request.path}")

    def lost(self) -> None:
        """Note that the session is gone."""
        self._faults.append("the browser no longer asks about its requests")

    def fault(self, what: str) -> None:
        """Note that the interception failed."""
        self._faults.append(what)


_TURNS: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Lock] = WeakKeyDictionary()


def trial_turn() -> asyncio.Lock:
    """To be held for a trial: of several browsers that start at once one is tried, and the others wait for it."""
    return _TURNS.setdefault(asyncio.get_running_loop(), asyncio.Lock())


async def tried(interception: Interception, secret: Secret, browser: Browser) -> str:
    """Run the self-test in place of whoever the interception asks; what got out, nothing where it passed."""
    watch = interception.watch
    trial = interception.watch = SelfTest(secret, interception.close)
    try:
        return await trial.run(browser)
    finally:
        interception.watch = watch
        interception.forget()
