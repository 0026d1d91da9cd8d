"""
What a visit costs under the guard, as a ratio to the same visit without it.

A visit is one context and a page of thirty requests (a document, scripts that may be cached, pictures that may
not, reads by fetch), opened, read, pictured in full, and opened once more; the server answers after 50 ms. Bare
and guarded visits alternate in two browsers that are started before; the medians are compared. Fails above 1.15.

Run: python benchmarks/guard_cost.py [visits]
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import time
from typing import TYPE_CHECKING, Any

from playwright.async_api import Browser, BrowserContext, async_playwright

from automation.browser.finder import find_browser
from automation.core.settings import BrowserSettings
from automation.guard import Guard, GuardPolicy, Phase
from automation.guard.certificate import self_signed

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

MOST = 1.15
VISITS = 9
TIMES = 2
LATENCY_S = 0.05
SCRIPT = b"/*" + b"x" * 15_000 + b"*/"
PIXEL = (
    b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"
)
PAGE = (
    b"<!doctype html><title>page</title>"
    + b"".join(b"<script src=/lib%d.js></script>" % n for n in range(10))
    + b"".join(b"<img src=/pixel%d.gif>" % n for n in range(14))
    + b"<script>window.done = Promise.all([1, 2, 3, 4, 5].map(n => fetch('/read' + n).then(a => a.text())))</script>"
)
POLICY = {"hosts": ["bench.test"], "guard": {}}


class Server:
    """The pages, over TLS on loopback; counts its requests."""

    def __init__(self) -> None:
        self.requests = 0
        self.port = 0
        self.spki = ""

    async def open(self) -> asyncio.Server:
        """Start to listen."""
        certificate = self_signed("bench.test")
        self.spki = certificate.spki
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=certificate.context())
        self.port = server.sockets[0].getsockname()[1]
        return server

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                self.requests += 1
                await asyncio.sleep(LATENCY_S)
                kind, cache, body = _content(head.split(b" ")[1])
                writer.write(
                    b"HTTP/1.1 200 OK\r\nContent-Type: %s\r\nCache-Control: %s\r\nContent-Length: %d\r\n\r\n%s"
                    % (kind, cache, len(body), body)
                )
                await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.transport.abort()


def _content(path: bytes) -> tuple[bytes, bytes, bytes]:
    if path.endswith(b".js"):
        return b"text/javascript", b"max-age=600", SCRIPT
    if path.endswith(b".gif"):
        return b"image/gif", b"no-store", PIXEL
    if path.startswith(b"/read"):
        return b"application/json", b"no-store", b"{}"
    return b"text/html", b"no-store", PAGE


async def visit(
    enter: Callable[[], Awaitable[BrowserContext]], leave: Callable[[BrowserContext], Awaitable[None]]
) -> float:
    """One visit; returns its seconds."""
    began = time.perf_counter()
    context = await enter()
    page = await context.new_page()
    for _ in range(TIMES):
        await page.goto("https://bench.test/page", wait_until="load")
        await page.evaluate("window.done")
        await page.screenshot(full_page=True)
    await leave(context)
    return time.perf_counter() - began


async def measure(server: Server, bare: Browser, guard: Guard, visits: int) -> tuple[list[float], list[float]]:
    """Alternate between both, after one visit each to warm up."""

    async def without() -> float:
        return await visit(bare.new_context, lambda context: context.close())

    async def with_guard() -> float:
        return await visit(lambda: guard.new_context(Phase.CHECK), guard.close_context)

    counts = []
    for one in (without, with_guard):
        before = server.requests
        await one()
        counts.append(server.requests - before)
    if counts[0] != counts[1]:
        raise SystemExit(f"not the same visit: {counts[0]} requests bare, {counts[1]} guarded")
    print(f"{counts[0]} requests a visit reach the server, with the guard and without (cached scripts do not)")
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(visits):
        times[0].append(await without())
        times[1].append(await with_guard())
    return times


async def main(visits: int) -> int:
    """Measure, print, and return 1 if it costs too much."""
    server = Server()
    listening = await server.open()
    found = find_browser(BrowserSettings())
    guard = Guard(GuardPolicy.parse(POLICY), replica_map={"bench.test": f"127.0.0.1:{server.port}"})
    common = [f"--ignore-certificate-errors-spki-list={server.spki}"]
    plain = f"--host-resolver-rules=MAP bench.test:443 127.0.0.1:{server.port}"
    program: Any = {"executable_path": found.path, "chromium_sandbox": found.sandbox}
    async with async_playwright() as playwright:
        bare = await playwright.chromium.launch(args=[*common, plain], **program)
        held = await playwright.chromium.launch(args=guard.arguments(server.spki), **program)
        began = time.perf_counter()
        await guard.attach(held)
        print(f"attach with self-test: {time.perf_counter() - began:.2f} s, once in a process")
        without, with_guard = await measure(server, bare, guard, visits)
        await held.close()
        await bare.close()
    listening.close()
    ratio = statistics.median(with_guard) / statistics.median(without)
    for name, times in (("bare", without), ("guarded", with_guard)):
        print(f"{name:8} median {statistics.median(times):.3f} s, from {min(times):.3f} to {max(times):.3f}")
    print(f"ratio {ratio:.3f} over {visits} visits each; at most {MOST} wanted")
    return 0 if ratio <= MOST and not guard.breached else 1


if __name__ == "__main__":
    sys.exit(asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else VISITS)))
