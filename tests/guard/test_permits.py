"""
Permits that nobody uses up, in a real browser: what a page gives up leaves nothing behind by which another request goes.

A page aborts reads that were let through; then what the interception is not asked about is sent to the same address.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from automation.guard import Phase
from tests.guard.browsing import guarded
from tests.guard.test_layers import HEADER, without
from tests.turns import until

if TYPE_CHECKING:
    from tests.guard.hostile.site import Site

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]
GIVES_UP = """async ([count, method, address]) => {
  for (let n = 0; n < count; n++) {
    const giving = new AbortController();
    const headers = method === 'POST' ? {'Content-Type': 'application/x-www-form-urlencoded'} : {};
    fetch(address, {method, headers, body: method === 'POST' ? 'a=1' : undefined, signal: giving.signal}).catch(() => 0);
    await new Promise(done => setTimeout(done, n % 6));
    giving.abort();
  }
}"""
OPENS_SOCKET = """() => new Promise(done => {
  const code = "const s = new WebSocket('wss://site.test/hit?ws'); s.onopen = s.onerror = () => postMessage(0);";
  new Worker(URL.createObjectURL(new Blob([code]))).onmessage = done;
})"""


@pytest.mark.parametrize("method", ["POST", "GET"])
async def test_thirty_reads_given_up_leave_no_permit(site: Site, method: str) -> None:
    """Given up after 0 to 5 ms each; what had not left by then never can, and each that left is on the record."""
    async with guarded(site) as (guard, _):
        context = await guard.new_context(Phase.CHECK)
        page = await context.new_page()
        await page.goto("https://site.test/blank")
        site.arrivals.clear()
        await page.evaluate(GIVES_UP, [30, method, "/read?given-up"])
        await until(lambda: len(guard.permits) == 0)
        decided = [entry for entry in guard.since(0) if entry.path == "/read" and entry.rule != "answer_failed"]
        await guard.close_context(context)
    assert {entry.allowed for entry in decided} == {True}
    assert 20 <= len(decided) <= 30  # one that is given up at once is never asked about
    assert len(site.arrivals) <= len(decided)
    assert not guard.breached


async def test_no_socket_leaves_by_the_permit_of_a_read(site: Site) -> None:
    """Eighty reads of an address are given up; a worker's handshake there stays, with the header taken away, too."""
    async with guarded(site, kind=without({HEADER})) as (guard, _):
        context = await guard.new_context(Phase.CHECK)
        page = await context.new_page()
        await page.goto("https://site.test/blank")
        await page.evaluate(GIVES_UP, [80, "GET", "/hit?ws"])
        await page.evaluate(OPENS_SOCKET)
        await asyncio.sleep(0.3)
        await guard.close_context(context)
        refused = [entry.rule for entry in guard.since(0) if not entry.allowed]
    assert [one.target for one in site.arrivals if one.upgrade] == []
    assert "socket" in refused
    assert not guard.breached
