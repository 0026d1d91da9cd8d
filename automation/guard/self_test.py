"""
The guard's self-test: in a throw-away context, the cheap known ways out are tried against a sink of our own.

One permitted request has to reach the sink, or nothing is proven. Among what is tried are ways that the interception is
not asked about: speculation rules, the worker of a document with status 300, TURN, early hints and the binding of a
session to the device; for each that could take one, a permit is in stock. The hostile site in tests/guard/ tries more.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Final, Protocol
from weakref import WeakKeyDictionary

from automation.guard.judging import NOT_RUN
from automation.guard.request import Phase, Request, failing_closed
from automation.guard.sink import Content, SinkServer

if TYPE_CHECKING:
    from playwright.async_api import BrowserContext

    from automation.core.records import GuardRecord
    from automation.guard.certificate import Certificate
    from automation.guard.departures import Permits

PASSED_EARLIER: Final = "passed earlier in this process, with this browser"
_HOST: Final = "self-test.temoin.invalid"
_SECOND: Final = "second.self-test.temoin.invalid"
"""Speaks HTTP/2."""
_ELSEWHERE: Final = "elsewhere.temoin.invalid"
_PERMITTED: Final = {("GET", path) for path in ("/", "/control", "/favicon.ico", "/300", "/hinting")}
TRIED_BY: Final = {"hosts": [_HOST, _SECOND], "guard": {"get_deny": {"paths": ["/writes/*"]}}}
_UNASKED: Final = frozenset({"/writes/rules", "not_http"})
_HINTED: Final = frozenset({"/writes/hint"})
"""What browsers of today try without asking, and the tunnel refuses; those that know none of it have no need to."""
_OF_WORKERS: Final = frozenset({"/worker-socket", "/socket-300"})
"""On the wire only where the added policy does not hold them before."""
_BINDING: Final = '(ES256 RS256);path="/binding";challenge="x"'
_STOCK: Final = (
    *(Request("GET", _HOST, path) for path in ("/socket", "/worker-socket", "/socket-300")),
    *(Request("POST", _HOST, path) for path in ("/binding", "/ping", "/beacon")),
)
_SETTLE_S = 0.03
"""Time for what has left to arrive, on loopback; the control has arrived before it begins."""
PATIENCE_S = 20.0
"""How long the whole trial may take. A busy machine is no broken guard: an idle one needs 0.3 s."""
TRIED_S = 1.5
"""How long to wait for what a browser may not know at all."""
_POLL_S = 0.01

_PAGE = """<!doctype html><title>.</title><link rel=icon href=data:,>
<script type=speculationrules>{"prefetch": [{"urls": ["/writes/rules"], "eagerness": "immediate"}]}</script>
<form id=own method=post action=/form-post><input name=a value=1></form>
<form id=framed method=post action=/form-framed target=frame><input name=a value=1></form>
<iframe name=frame></iframe><iframe src=/300></iframe><a id=ping href=#x ping=/ping>.</a>
<script>
const more = [];
async function attempt() {
  const quiet = job => Promise.resolve().then(job).catch(() => 0);
  const sockets = location.origin.replace('http', 'ws');
  const worker = new Worker(URL.createObjectURL(new Blob([
    `try { new WebSocket('${sockets}/worker-socket').onerror = () => postMessage(0) }` +
    'catch (e) { postMessage(0) }'])));
  const worked = new Promise(done => worker.onmessage = done);
  navigator.sendBeacon('/beacon', 'x');
  document.getElementById('ping').click();
  document.getElementById('framed').submit();
  new Image().src = '%(elsewhere)s/image';
  quiet(() => new WebSocket(sockets + '/socket'));
  quiet(async () => {
    window.peer = new RTCPeerConnection({iceServers: [%(relays)s]});
    peer.createDataChannel('x');
    await peer.setLocalDescription(await peer.createOffer());
  });
  await Promise.all([
    quiet(() => fetch('/fetch-post', {method: 'POST', body: 'x'})),
    quiet(() => fetch('/keepalive', {method: 'POST', body: 'x', keepalive: true})),
    quiet(() => fetch('/put', {method: 'PUT', body: 'x'})),
    quiet(() => fetch('%(elsewhere)s/get', {mode: 'no-cors'})),
    worked, ...more.map(quiet),
  ]);
  document.getElementById('own').submit();
  return (await fetch('/control')).status;
}
</script>%(more)s"""
_WITH_WORKER = """<!doctype html><script>
new Worker(URL.createObjectURL(new Blob([`new WebSocket('${location.origin.replace('http', 'ws')}/socket-300')`])));
</script>"""


def contents(elsewhere: str, relays: str, more: str = "") -> dict[str, Content]:
    """
    The page that tries, and what it is made of.

    Args:
        elsewhere: an origin that may not be asked for anything.
        relays: of WebRTC, as JavaScript.
        more: HTML; what it adds to the page's list `more` is tried, too.
    """
    page = _PAGE % {"elsewhere": elsewhere, "relays": relays, "more": more}
    return {"/": Content(page.encode()), "/300": Content(_WITH_WORKER.encode(), status=300)}


_RELAYS: Final = f"{{urls: 'turns:{_HOST}:443?transport=tcp', username: 'x', credential: 'x'}}"


def _contents() -> dict[str, Content]:
    found = contents(f"https://{_ELSEWHERE}", _RELAYS)
    binding = replace(found["/"], headers=(("secure-session-registration", _BINDING),))
    return {**found, "/": binding, "/hinting": Content(hint="/writes/hint")}


@cache
def certificate() -> Certificate:
    """
    The sink's certificate, one for the life of this process; its key is nowhere else.

    The browser has to take it in everything that it does, and not in pages alone: TURN and prefetches ask nobody.
    """
    # Late: 44 ms that only a process which starts a browser has to pay.
    from automation.guard.certificate import self_signed  # noqa: PLC0415

    return self_signed(_HOST, _SECOND, _ELSEWHERE)


class OnTrial(Protocol):
    """A guard that knows the sink alone."""

    permits: Permits

    async def new_context(self, phase: Phase) -> BrowserContext:
        """The throw-away context."""

    async def close_context(self, context: BrowserContext) -> None:
        """Close it."""

    def record(self) -> GuardRecord:
        """What became of each request."""


async def tried(guard_for: Callable[[Mapping[str, str]], OnTrial]) -> str:
    """
    Try; returns an empty text if the guard held, else what got out or went wrong.

    Args:
        guard_for: gives the guard that is tried, for a map of hosts.
    """
    sink = SinkServer(_contents(), certificate())
    trouble: list[Exception] = []
    status, guard = 0, None
    try:
        with failing_closed(trouble.append):
            await sink.open()
            first, second = sink.addresses
            guard = guard_for({_HOST: first, _ELSEWHERE: first, _SECOND: second})
            async with asyncio.timeout(PATIENCE_S):
                status = await _visit(guard)
            await asyncio.sleep(_SETTLE_S)
    finally:
        sink.close()
    out = [f"{method} {path}" for method, path in sink.arrived if (method, path) not in _PERMITTED]
    # A form that got out takes its page away from under the script: what arrived says more than that error.
    if out:
        return f"got out: {', '.join(out)}"
    refused = _refused(guard) if guard is not None else set()
    fault = guard.record().self_test.removeprefix(NOT_RUN) if guard is not None else ""
    if trouble and "unreadable_tls" in refused:
        return "the browser does not tell the guard its keys; one that is confined (a snap, a flatpak) cannot"
    if trouble:  # a test that cannot run has not been passed
        return f"it could not be run ({fault or type(trouble[0]).__name__})"
    if fault:
        return fault
    if status != 200 or ("GET", "/control") not in sink.arrived:
        return "the permitted request did not arrive, so nothing is proven"
    if begun := sorted(_OF_WORKERS & refused):
        return f"not held by the added policy: {begun[0]}"
    return "" if refused - {"locked"} else "no request was refused, so nothing was tried"


async def _visit(guard: OnTrial) -> int:
    """Open the page and let it try; returns the status of the permitted request."""
    context = await guard.new_context(Phase.CHECK)
    try:
        for permitted in _STOCK:
            guard.permits.grant(permitted)
        page = await context.new_page()
        await page.goto(f"https://{_HOST}/")
        status = int(await page.evaluate("attempt()"))
        await _until_refused(guard, _UNASKED)
        with failing_closed(lambda _error: None):  # a refused hint takes its connection with it, and so the page
            await page.goto(f"https://{_SECOND}/hinting")
        await _until_refused(guard, _HINTED)
        return status
    finally:
        await guard.close_context(context)


def _refused(guard: OnTrial) -> set[str]:
    """Paths and reasons of what was refused."""
    return {said for entry in guard.record().requests if not entry.allowed for said in (entry.path, entry.rule)}


async def _until_refused(guard: OnTrial, ways: frozenset[str]) -> None:
    """Wait until the browser has tried these ways; one that lacks some of them is waited for in vain."""
    for _ in range(int(TRIED_S / _POLL_S)):
        if ways <= _refused(guard):
            return
        await asyncio.sleep(_POLL_S)


_TURNS: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Lock] = WeakKeyDictionary()


def trial_turn() -> asyncio.Lock:
    """To be held for a trial: of several browsers that start at once one is tried, and the others wait for it."""
    return _TURNS.setdefault(asyncio.get_running_loop(), asyncio.Lock())
