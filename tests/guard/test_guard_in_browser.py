"""What a guarded visit is like in a real browser: what is held, and that the rest goes on as usual."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import os
import signal
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.async_api import Error

from automation.browser.failed_requests import FailedRequests
from automation.core.errors import GuardBreach
from automation.guard import ANSWER_FAILED, Guard, GuardPolicy, Phase
from automation.guard import guard as guard_module
from automation.guard.record import CONNECT_SRC
from tests.guard.browsing import browser_under_test, guarded, started
from tests.turns import HANGING_S

if TYPE_CHECKING:
    from playwright.async_api import Browser

    from tests.guard.hostile.site import Site

pytestmark = pytest.mark.browser
HTML = "Content-Type: text/html\r\n"
QUEUED = """
for (let i = 0; i < 20; i++) {
  fetch('/hit/kill.keepalive' + i, {method: 'POST', body: 'x', keepalive: true});
  navigator.sendBeacon('/hit/kill.beacon' + i, 'x');
  fetch('/hit/kill.fetch' + i, {method: 'POST', body: 'x'});
}
"""


SOCKET_OF_A_WORKER = b"""<script>
const code = "try { new WebSocket('wss://site.test/socket').onerror = () => postMessage('refused') }" +
  "catch { postMessage('refused') }";
const worker = new Worker(URL.createObjectURL(new Blob([code])));
const over = new Promise(done => worker.onmessage = event => done(event.data));
</script>"""


async def process_id(browser: Browser) -> int:
    """The browser's own process."""
    session = await browser.new_browser_cdp_session()
    information = await session.send("SystemInfo.getProcessInfo")
    return next(int(p["id"]) for p in information["processInfo"] if p["type"] == "browser")


async def test_the_sign_in_leaves_in_the_session_phase_alone(site: Site) -> None:
    """The same POST arrives while signing in and not in the check that follows with the session's cookies."""
    site.pages["/login/"] = (200, HTML + "Set-Cookie: session=abc; Secure; HttpOnly; Path=/\r\n", b"<title>in")
    sign_in = "fetch('/login/', {method: 'POST', body: 'email=a'}).then(answer => answer.status, () => 0)"
    async with guarded(site) as (guard, _):
        context = await guard.new_context(Phase.SESSION)
        page = await context.new_page()
        await page.goto("https://site.test/blank")
        mark = guard.mark()
        assert await page.evaluate(sign_in) == 200
        assert [(r.phase, r.rule) for r in guard.since(mark) if r.method == "POST"] == [("session", "sign_in")]
        state = await context.storage_state()
        await guard.close_context(context)
        context = await guard.new_context(Phase.CHECK, storage_state=state)
        page = await context.new_page()
        await page.goto("https://site.test/blank")
        assert await page.evaluate(sign_in) == 0
        record = guard.record()
        await guard.close_context(context)
    assert [a.method for a in site.arrivals if a.target == "/login/"] == ["POST"]
    assert (record.sign_in_requests, record.writes_let_through) == (1, 0)
    assert record.phases == ("session", "check")
    assert not guard.breached


@pytest.mark.thorough
async def test_a_refused_navigation_leaves_the_document_as_it_was(site: Site) -> None:
    """After a refused submit the page is still there, with what was typed into it."""
    site.pages["/form"] = (200, HTML, b"<form method=post action=/save><input name=a><button>send</button></form>")
    async with guarded(site) as (guard, _):
        context = await guard.new_context(Phase.CHECK)
        page = await context.new_page()
        await page.goto("https://site.test/form")
        await page.fill("input", "my words")
        async with page.expect_event("requestfailed"):
            await page.click("button")
        assert await page.input_value("input") == "my words"
        assert page.url == "https://site.test/form"
        with pytest.raises(Error, match="ERR_ABORTED"):
            await page.goto("https://away.test/")
        assert await page.input_value("input") == "my words"
        assert {r.rule for r in guard.since(0) if not r.allowed} == {"write", "host_not_listed"}
        await guard.close_context(context)
    assert site.writes == set()
    assert site.away == set()


async def test_what_the_guard_refuses_is_not_waited_for(site: Site) -> None:
    """The reader tells a refusal from a fault that a second try could mend, by the words of this very browser."""
    missed = FailedRequests()
    asked = "Promise.allSettled([fetch('/graphql', {method: 'POST', body: '{\"query\": \"{ me }\"}'})]).then(() => 0)"
    async with guarded(site) as (guard, _):
        context = await guard.new_context(Phase.CHECK)
        page = await context.new_page()
        await page.goto("https://site.test/blank")
        page.on("requestfailed", missed.failed)
        await page.evaluate(asked)
        assert (bool(missed), missed.may_come) == (True, False)
        await guard.close_context(context)
    assert site.writes == set()


@pytest.mark.thorough
async def test_documents_arrive_byte_for_byte(site: Site) -> None:
    """Compressed and non-UTF-8 documents read as they would without the guard, cookies and status included."""
    latin = "Content-Type: text/html; charset=iso-8859-1\r\nContent-Encoding: gzip\r\n"
    cookies = "Set-Cookie: a=1; Secure; HttpOnly\r\nSet-Cookie: b=2\r\n"
    site.pages["/latin"] = (404, latin + cookies, gzip.compress("<title>élevé</title>".encode("latin-1")))
    async with guarded(site) as (guard, _):
        context = await guard.new_context(Phase.CHECK)
        page = await context.new_page()
        answer = await page.goto("https://site.test/latin")
        assert answer is not None
        assert answer.status == 404
        assert await page.title() == "élevé"
        assert {(c["name"], c["value"], c["httpOnly"]) for c in await context.cookies()} == {
            ("a", "1", True),
            ("b", "2", False),
        }
        assert [r.rule for r in guard.since(0) if r.path == "/latin"] == ["get", ANSWER_FAILED]
        await guard.close_context(context)


@pytest.mark.thorough
async def test_a_status_that_is_in_no_register_is_read(site: Site) -> None:
    """Such a page is read like any other, with the added policy, and is no fault of the guard; so is a 3xx page."""
    async with guarded(site) as (guard, _):
        context = await guard.new_context(Phase.CHECK)
        page = await context.new_page()
        for status in (299, 300, 302, 308, 419, 420, 430, 444, 499, 520, 522, 530, 600, 999):
            site.pages["/blocked"] = (status, HTML, b"<title>blocked</title>" + SOCKET_OF_A_WORKER)
            answer = await page.goto("https://site.test/blocked")
            assert answer is not None
            assert (answer.status, await page.title()) == (status, "blocked")
            assert answer.headers["content-security-policy"] == CONNECT_SRC
            assert await page.evaluate("over") == "refused"
        assert [r for r in guard.since(0) if r.rule in {"socket", "unasked"}] == []
        await guard.close_context(context)
        assert not guard.breached
    assert site.writes == set()


@pytest.mark.thorough
async def test_a_page_that_asks_for_a_name_gets_none_and_is_read(site: Site) -> None:
    """A 401 with `WWW-Authenticate` ends neither in a dialog nor as a breach, for a page and for what it fetches."""
    asks = "WWW-Authenticate: Basic realm=own\r\nWWW-Authenticate: Digest realm=own, nonce=1\r\n"
    site.pages["/asks"] = (401, HTML + asks, b"<title>asks</title>")
    async with guarded(site) as (guard, _):
        context = await guard.new_context(Phase.CHECK)
        page = await context.new_page()
        answer = await page.goto("https://site.test/asks")
        assert answer is not None
        assert (answer.status, await page.title()) == (401, "asks")
        assert await page.evaluate("fetch('/asks').then(answer => answer.status)") == 401
        await guard.close_context(context)
        assert guard.record().writes_let_through == 0
        assert not guard.breached


@pytest.mark.thorough
async def test_a_download_is_dropped(site: Site) -> None:
    """A file that would be saved is not fetched to its end; the page stays."""
    site.pages["/file"] = (200, HTML + "Content-Disposition: attachment; filename=a.html\r\n", b"<title>file")
    async with guarded(site) as (guard, _):
        context = await guard.new_context(Phase.CHECK)
        page = await context.new_page()
        await page.goto("https://site.test/blank")
        with pytest.raises(Error):
            await page.goto("https://site.test/file")
        assert await page.title() == "blank"
        await guard.close_context(context)
    assert not guard.breached


@pytest.mark.thorough
async def test_the_http_cache_stays_on(site: Site) -> None:
    """A script that may be cached is fetched once for three pages."""
    site.pages["/lib.js"] = (200, "Content-Type: text/javascript\r\nCache-Control: max-age=600\r\n", b"window.lib = 1")
    site.pages["/with-script"] = (200, HTML, b"<script src=/lib.js></script>")
    async with guarded(site) as (guard, _):
        context = await guard.new_context(Phase.CHECK)
        for _ in range(3):
            page = await context.new_page()
            await page.goto("https://site.test/with-script")
            assert await page.evaluate("window.lib") == 1
        await guard.close_context(context)
    assert [a.target for a in site.arrivals].count("/lib.js") == 1


async def test_a_redirect_to_a_host_that_is_not_listed_ends_there(site: Site) -> None:
    """Each hop is a decision of its own: the first leaves, the second does not."""
    async with guarded(site) as (guard, _):
        context = await guard.new_context(Phase.CHECK)
        page = await context.new_page()
        with pytest.raises(Error):
            await page.goto("https://site.test/read?status=302&then=https%3A%2F%2Faway.test%2Fhit%2Fnow.hop")
        await guard.close_context(context)
    assert site.reads == {""}
    assert site.away == set()


async def test_the_contexts_own_http_client_is_out_of_use(site: Site) -> None:
    """`context.request` passes by every interception, so it is put out of use; pages work on."""
    async with guarded(site) as (guard, _):
        context = await guard.new_context(Phase.CHECK)
        page = await context.new_page()
        for client in (context.request, page.request):
            with pytest.raises(Error):
                await client.post("https://site.test/hit/now.client")
        await page.goto("https://site.test/blank")
        await guard.close_context(context)
    assert site.writes == set()


async def test_a_context_past_the_guard_has_no_way_out(site: Site) -> None:
    """Somebody who opens a context without the guard reaches nothing, loopback included."""
    async with guarded(site) as (_, browser):
        context = await browser.new_context()
        page = await context.new_page()
        for address in ("https://site.test/blank", f"http://127.0.0.1:{site.raw}/", f"http://localhost:{site.raw}/"):
            with pytest.raises(Error):
                await page.goto(address, timeout=5_000)
        await context.close()
    assert site.arrivals == []
    assert site.strays == []


async def test_a_context_closes_while_a_document_arrives(site: Site) -> None:
    """Chromium forgets to close a page with a last word to say: it is told again, and nothing hangs."""
    async with guarded(site) as (guard, _):
        for _ in range(5):
            context = await guard.new_context(Phase.CHECK)
            page = await context.new_page()
            await page.goto("https://site.test/blank")
            async with page.expect_response("https://site.test/blank"):
                await page.evaluate("addEventListener('pagehide', () => 0); void location.reload()")
            async with asyncio.timeout(HANGING_S):
                await guard.close_context(context)
        assert not guard.breached


async def test_a_killed_browser_sends_nothing_more(site: Site) -> None:
    """SIGKILL with sixty writes queued: none arrives, and it is no breach."""
    async with guarded(site) as (guard, browser):
        number = await process_id(browser)
        context = await guard.new_context(Phase.CHECK)
        page = await context.new_page()
        await page.goto("https://site.test/blank")
        with contextlib.suppress(Error):
            await page.evaluate(f"{{{QUEUED}}} 0")
        os.kill(number, signal.SIGKILL)
        await asyncio.sleep(1)
        await guard.close_context(context)
        assert not guard.breached
    assert site.writes == set()


@pytest.mark.thorough
async def test_a_killed_process_leaves_nothing_to_send(site: Site) -> None:
    """If Témoin itself is killed while a page keeps writing, the tunnel dies with it: nothing arrives, ever."""
    found = browser_under_test()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.guard.visitor",
        str(found.path), str(site.port), site.spki, str(int(not found.sandbox)),
        stdout=asyncio.subprocess.PIPE, start_new_session=True, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    try:
        assert process.stdout is not None
        assert await asyncio.wait_for(process.stdout.readline(), HANGING_S) == b"writing\n"
        await asyncio.sleep(0.5)
        process.kill()
        await process.wait()
        after = len(site.arrivals)
        await asyncio.sleep(3)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    assert any(a.target == "/blank" for a in site.arrivals)
    assert site.writes == set()
    assert len(site.arrivals) == after


async def test_the_self_test_is_quick_and_runs_once_in_a_process(site: Site) -> None:
    """The first guard tries this browser; the next one says that it was tried before."""
    guard_module._PASSED.clear()
    async with guarded(site) as (first, _):
        assert first.record().self_test == "passed"
    async with guarded(site) as (second, _):
        assert second.record().self_test.startswith("passed earlier")


@pytest.mark.thorough
async def test_a_browser_started_past_the_guard_is_refused() -> None:
    """Without the guard's switches attach raises; the message says how to start."""
    guard = Guard(GuardPolicy.parse({"hosts": ["site.test"], "guard": {}}))
    async with started() as browser:
        with pytest.raises(GuardBreach) as caught:
            await guard.attach(browser)
    assert "Guard.arguments()" in caught.value.remedy


@pytest.mark.parametrize("size", [3_000, 10_000_000])
async def test_a_document_that_unpacks_to_more_than_any_page_is_given_up(site: Site, size: int) -> None:
    """A packed page is shown as it is; a few packed bytes that become ten megabytes end soon, with their reason."""
    packed = gzip.compress(b"<!doctype html><title>packed</title>" + b"<p>" * (size // 3))
    site.pages["/packed"] = (200, "Content-Type: text/html\r\nContent-Encoding: gzip\r\n", packed)
    async with guarded(site) as (guard, _):
        context = await guard.new_context(Phase.CHECK)
        page, beside = await context.new_page(), await context.new_page()
        going = asyncio.ensure_future(page.goto("https://site.test/packed"))
        begun = time.monotonic()
        await beside.goto("https://site.test/blank")
        waited_s = time.monotonic() - begun
        with contextlib.suppress(Error):
            await going
        title = await page.title()
        await guard.close_context(context)
    rules = [entry.rule for entry in guard.since(0) if entry.path == "/packed"]
    assert (title, rules) == (("packed", ["get"]) if size < 10_000 else ("", ["get", "document_too_large"]))
    assert waited_s < 10
    assert not guard.breached


async def test_a_page_that_is_left_while_it_loads_is_no_fault(site: Site) -> None:
    """Documents that are given up in the midst of their content, by another page or by closing."""
    site.pages["/long"] = (200, "Content-Type: text/html\r\n", b"<!doctype html><p>x" * 300_000)
    async with guarded(site) as (guard, _):
        context = await guard.new_context(Phase.CHECK)
        page = await context.new_page()
        for pause_s in (0.0, 0.005, 0.02, 0.05, 0.1):
            going = asyncio.ensure_future(page.goto("https://site.test/long"))
            await asyncio.sleep(pause_s)
            await page.goto("https://site.test/blank")
            with contextlib.suppress(Error):
                await going
        last = asyncio.ensure_future(page.goto("https://site.test/long"))
        await asyncio.sleep(0.03)
        await guard.close_context(context)
        with contextlib.suppress(Error):
            await last
    assert not guard.breached
