"""
What a guard can hold in a browser that somebody else started: every way is tried, once a browser, at a sink of our own.

The browser was given no switches and its contexts no tunnel, so that some ways stay open; which ones, is measured. What
the interception is there for has to be held, or there is no guard.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Any, Final

from automation.core.receipts import Found, Way
from automation.guard.judging import Judge
from automation.guard.own_policy import OwnPolicy
from automation.guard.request import Phase
from automation.guard.self_test import PATIENCE_S, TRIED_S, contents
from automation.guard.sink import NO_REQUEST, Content, SinkServer

if TYPE_CHECKING:
    from playwright.async_api import Browser, BrowserContext, CDPSession

_DATAGRAM: Final = "(datagram)"
_WAYS: Final = {
    "other_clients": ({"/by-client"}, "requests that another program at the same browser makes writes of"),
    "own_requests": ({"/by-program"}, "requests that the program sends itself, as `request` of another context does"),
    "own_routes": ({"/by-route"}, "requests that a route of the program itself makes writes of"),
    "pages_before": ({"/before-post"}, "requests of pages that were open before the guard"),
    "prefetch": ({"/writes/rules"}, "addresses that a page has fetched ahead by speculation rules, by GET"),
    "service_workers": ({"/by-service"}, "requests of service workers that start after the guard"),
    "shared_workers": ({"/by-shared"}, "requests of shared workers that start after the guard"),
    "sockets_before": ({"/before-socket"}, "WebSockets that a page opens that was open before the guard"),
    "sockets": ({"/socket", "/worker-socket", "/socket-300"}, "WebSockets of pages and workers"),
    "webrtc": ({NO_REQUEST, _DATAGRAM}, "WebRTC: relays by TCP, and UDP"),
}
"""Name → where it arrives at the sink, and what it is."""
_UNTRIED: Final = (
    Way(
        "background", Found.NOT_SEEN, "what the browser sends by itself, later: reports, updates, bindings to a device"
    ),
    Way("opened_before", Found.NOT_SEEN, "sockets and workers that were open before the guard"),
    Way("extensions", Found.NOT_SEEN, "extensions of the browser"),
)
_READ: Final = {
    *(("GET", path) for path in ("/", "/300", "/before", "/by-client", "/by-route", "/control", "/favicon.ico")),
    *(("GET", path) for path in ("/service.js", "/shared.js")),
}
_SCRIPT: Final = (("content-type", "text/javascript"),)
_MORE: Final = """<script>
more.push(
  () => fetch('/by-client'),
  () => fetch('/by-route'),
  () => navigator.serviceWorker.register('/service.js'),
  () => new SharedWorker('/shared.js'),
  () => new Promise(done => new Worker(URL.createObjectURL(new Blob([
    `fetch('${location.origin}/by-worker', {method: 'POST', body: 'x'}).catch(() => 0).then(() => postMessage(0))`
  ]))).onmessage = done),
);
</script>"""
_BEFORE: Final = """new WebSocket(location.origin.replace('http', 'ws') + '/before-socket');
fetch('/before-post', {method: 'POST', body: 'x'}).catch(() => 0).then(() => 0)"""


class _Datagrams(asyncio.DatagramProtocol):
    def __init__(self, arrived: list[tuple[str, str]]) -> None:
        self._arrived = arrived

    def datagram_received(self, data: bytes, addr: object) -> None:  # noqa: ARG002
        self._arrived.append(("", _DATAGRAM))


class Trial(Judge):
    """Judges what is tried, beside the guard that judges everything else."""

    def __init__(self, addresses: tuple[str, ...]) -> None:
        super().__init__(OwnPolicy.of({"hosts": [addresses[0]], "writes": ["/writes/*"]}, "self-test"))
        self.hosts = frozenset(addresses)
        self.begin(Phase.CHECK)


async def measured(browser: Browser, put_up: Callable[[Trial], Awaitable[None]]) -> tuple[str, tuple[Way, ...]]:
    """
    Try every way.

    Args:
        browser: without the guard as yet.
        put_up: puts it up, with this trial beside it, and holds the pages that are open already.

    Returns:
        Why the guard does not hold, empty where it does; and what was found.
    """
    pages = dict[str, Content]()
    sink = SinkServer(pages)
    async with AsyncExitStack() as opened, asyncio.timeout(PATIENCE_S):
        opened.callback(sink.close)
        await sink.open()
        udp, _ = await asyncio.get_running_loop().create_datagram_endpoint(
            lambda: _Datagrams(sink.arrived), local_addr=("127.0.0.1", 0)
        )
        opened.callback(udp.close)
        own, elsewhere = (f"http://{address}" for address in sink.addresses)
        pages.update(contents(elsewhere, _relays(sink.addresses[0], udp.get_extra_info("sockname")[1]), _MORE))
        pages["/service.js"] = Content(_by("service"), headers=_SCRIPT)
        pages["/shared.js"] = Content(_by("shared"), headers=_SCRIPT)
        context = await _throw_away(browser)
        opened.push_async_callback(context.close)
        before = await context.new_page()
        await before.goto(f"{own}/before")
        trial = Trial(sink.addresses)
        await put_up(trial)
        page = await context.new_page()
        await _altering(await context.new_cdp_session(page), "route")
        other = await browser.new_browser_cdp_session()
        opened.push_async_callback(other.detach)
        await _altering(other, "client")
        await page.goto(f"{own}/")
        status = await page.evaluate("attempt()")
        await before.evaluate(_BEFORE)
        await context.request.post(f"{own}/by-program")
        await asyncio.sleep(TRIED_S)  # what a browser may not know at all cannot be waited for
    refused = {entry.path for entry in trial.record().requests if not entry.allowed}
    ways = tuple(
        Way(name, _found(name, paths, set(sink.arrived) - _READ, refused), about)
        for name, (paths, about) in _WAYS.items()
    )
    measured_ways = {path for paths, _ in _WAYS.values() for path in paths}
    out = [
        f"{method} {path}" for method, path in sink.arrived if (method, path) not in _READ and path not in measured_ways
    ]
    if out:
        return f"got out: {', '.join(out)}", ways
    if status != 200 or not refused:
        return "the permitted request did not arrive, so nothing is proven", ways
    return "", (*ways, *_UNTRIED)


async def _throw_away(browser: Browser) -> BrowserContext:
    from playwright.async_api import BrowserContext  # noqa: PLC0415 - whoever gave the browser has loaded it

    # A program of the synchronous API that listens for contexts has got this one first, as one of its own kind.
    return BrowserContext((await browser.new_context())._impl_obj)  # noqa: SLF001


def _relays(relay: str, datagrams: int) -> str:
    by_tcp = f"{{urls: 'turn:{relay}?transport=tcp', username: 'x', credential: 'x'}}"
    return f"{by_tcp}, {{urls: 'stun:127.0.0.1:{datagrams}'}}"


def _by(whom: str) -> bytes:
    return f"fetch('/by-{whom}', {{method: 'POST', body: 'x'}}).catch(() => 0)".encode()


async def _altering(session: CDPSession, whose: str) -> None:
    """Make a write of a read, as whoever else may ask to be asked can."""
    answers = set[asyncio.Future[Any]]()

    def asked(event: dict[str, Any]) -> None:
        told = session.send("Fetch.continueRequest", {"requestId": event["requestId"], "method": "POST"})
        answers.add(asyncio.ensure_future(told))

    session.on("Fetch.requestPaused", asked)
    await session.send("Fetch.enable", {"patterns": [{"urlPattern": f"*/by-{whose}"}]})


def _found(name: str, paths: set[str], arrived: set[tuple[str, str]], refused: set[str]) -> Found:
    if any(path in paths for _, path in arrived):
        return Found.OPEN
    # The added policy refuses sockets before anybody is asked, and the page waits until it has.
    return Found.STOPPED if name == "sockets" or paths & refused else Found.NOT_SEEN
