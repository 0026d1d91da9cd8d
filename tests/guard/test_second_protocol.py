"""Over HTTP/2 the guard holds what it holds over HTTP/1.1; the far end is Node's own implementation."""

from __future__ import annotations

import asyncio
import contextlib
import json
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright._impl._driver import compute_driver_executable
from playwright.async_api import BrowserContext, Error

from automation.guard import Guard, GuardPolicy, Phase
from automation.guard.certificate import self_signed
from automation.guard.interception import Interception
from tests.guard.browsing import started
from tests.guard.builders import HOSTILE
from tests.tiers import first

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

SERVER = Path(__file__).parent / "hostile" / "second.mjs"
PATIENCE_S = 60.0
SETTLE_S = 1.0
SOCKET = "new Worker(URL.createObjectURL(new Blob([\"new WebSocket('wss://site.test/socket')\"]))) && 0"
WRITE = "fetch('/save', {method: 'POST', body: 'a'}).then(answer => answer.status, () => 0)"
READ = """
fetch('/read', {
  method: 'POST', headers: {'Content-Type': 'application/x-www-form-urlencoded'}, body: 'a='.padEnd(200000, 'x'),
}).then(answer => answer.status)
"""
MANY = """
Promise.all(Array.from({length: 40}, (_, n) =>
  fetch('/picture?' + n, {headers: {['X-Own-' + n]: 'ü'.normalize() && '~'.repeat(n * 40)}}).then(answer => answer.status)))
"""


@dataclass
class Second:
    """The server: what arrived, by method, path and protocol."""

    port: int
    spki: str
    arrived: list[dict[str, Any]] = field(default_factory=list)

    @property
    def places(self) -> set[str]:
        """`METHOD /path protocol` of everything but the site's own pages."""
        return {
            f"{one['method']} {one['path']} {one['protocol']}" for one in self.arrived if one["path"] != "/favicon.ico"
        }


@pytest.fixture
async def second() -> AsyncIterator[Second]:
    """Listening on loopback."""
    certificate = self_signed("site.test", "near.site.test")
    with tempfile.NamedTemporaryFile() as pem:
        pem.write(certificate.key_pem + certificate.certificate_pem)
        pem.flush()
        process = await asyncio.create_subprocess_exec(
            compute_driver_executable()[0], SERVER, pem.name, stdout=asyncio.subprocess.PIPE
        )
        assert process.stdout is not None
        told = process.stdout
        serving = Second(json.loads(await told.readline())["port"], certificate.spki)

        async def listen() -> None:
            async for line in told:
                serving.arrived.append(json.loads(line))

        listening = asyncio.create_task(listen())
        yield serving
        listening.cancel()
        process.kill()
        await process.wait()


@contextlib.asynccontextmanager
async def under_guard(second: Second, kind: type[Guard] = Guard) -> AsyncIterator[tuple[Guard, BrowserContext]]:
    """A context of the check phase."""
    guard = kind(GuardPolicy.parse(HOSTILE), replica_map={"*.test": f"127.0.0.1:{second.port}"})
    async with started(*guard.arguments(second.spki)) as browser:
        await guard.attach(browser)
        context = await guard.new_context(Phase.CHECK)
        yield guard, context
        await guard.close_context(context)
        assert not guard.breached
        assert guard.record().writes_let_through == 0


async def open_all(context: BrowserContext, then: Callable[[], Awaitable[bool]]) -> None:
    """Every way out that is tried here, and the time for it to arrive."""
    for path, script in (("/blank", WRITE), ("/blank", SOCKET), ("/early", ""), ("/speculation", ""), ("/binding", "")):
        page = await context.new_page()
        with contextlib.suppress(Error):  # a hint that is refused takes its connection with it
            await page.goto(f"https://site.test{path}")
        if script:
            await page.evaluate(script)
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(PATIENCE_S):
            while not await then():  # noqa: ASYNC110 - the page makes it so
                await asyncio.sleep(0.1)
    await asyncio.sleep(SETTLE_S)


OUT = {"POST /save h2", "CONNECT /socket websocket", "GET /logout.php?c=early h2"}
"""Not the prefetch of `/speculation`: whether it is made at all, Chromium decides anew each time."""


@pytest.mark.thorough
async def test_without_a_guard_the_ways_lead_out(second: Second) -> None:
    """The control: a write, a socket inside HTTP/2 and an early hint arrive."""
    hosts = f"--host-resolver-rules=MAP *.test:443 127.0.0.1:{second.port}"
    async with started(f"--ignore-certificate-errors-spki-list={second.spki}", hosts) as browser:
        context = await browser.new_context()

        async def arrived() -> bool:
            return second.places >= OUT

        await open_all(context, arrived)
    assert OUT - second.places == set()


class WithoutHeader(Guard):
    """Adds a policy that allows sockets; its self-test would find that, and is not run twice for one browser."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._interception = Interception(self, connect_src="connect-src * data: blob: wss:")

    async def _try(self, _started_with: list[str]) -> str:
        return ""


@pytest.mark.parametrize("header", first(*(True, False)), ids=["as it is", "without the header"])
async def test_nothing_but_reads_arrives(second: Second, *, header: bool) -> None:
    """None of them does under the guard, a worker's socket not even where the header that ends it is missing."""
    async with under_guard(second, Guard if header else WithoutHeader) as (guard, context):

        async def refused() -> bool:
            return any(r.rule == "get_that_writes" for r in guard.since(0))

        await open_all(context, refused)
        reasons = {(r.rule, r.path) for r in guard.since(0) if not r.allowed}
    assert ("get_that_writes", "/logout.php") in reasons
    assert ("socket", "/socket") in reasons or header
    assert {place for place in second.places if not place.startswith("GET /") or "logout" in place} == set()
    assert {"GET /blank h2", "GET /early h2", "GET /speculation h2"} <= second.places


@pytest.mark.thorough
async def test_reads_go_on_as_usual(second: Second) -> None:
    """Forty requests at once with headers of every length, and a POST that reads with a body of many frames."""
    async with under_guard(second) as (guard, context):
        page = await context.new_page()
        await page.goto("https://site.test/blank")
        assert await page.evaluate(MANY) == [200] * 40
        assert await page.evaluate(READ) == 200
        assert [r.rule for r in guard.since(0) if not r.allowed and r.host] == []
    assert {one["length"] for one in second.arrived if one["method"] == "POST"} == {200_000}
    assert {one["protocol"] for one in second.arrived} == {"h2"}
