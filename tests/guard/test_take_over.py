"""One guard relieves another at the same browser: at no moment is it without one, and nothing passes between them."""

from __future__ import annotations

from contextlib import asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from automation.browser.pool import visit_is_over
from automation.core.errors import GuardBreach
from automation.guard import Guard, GuardPolicy, Phase
from automation.guard import guard as guard_module
from tests.guard.browsing import guarded
from tests.guard.builders import HOSTILE
from tests.guard.fakes import FakeBrowser, paused
from tests.guard.hostile.tour import MOMENTS, Ways, take
from tests.turns import everything_ready

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from playwright.async_api import BrowserContext

    from tests.guard.hostile.site import Site

PAGE = {"targetId": "1", "type": "page", "browserContextId": "another"}
STAYING = """
navigator.serviceWorker?.register('/echo.js?code=0').catch(() => 0);
document.cookie = 'mine=1; Secure; SameSite=None';
localStorage.setItem('mine', '1');
indexedDB.open('mine');
caches.open('mine').then(kept => kept.put('/kept', new Response('x')));
"""
LEFT = """
async () => ({
  cookies: document.cookie, local: {...localStorage}, session: {...sessionStorage}, opener: String(window.opener),
  databases: (await indexedDB.databases()).length, caches: (await caches.keys()).length,
  workers: (await navigator.serviceWorker.getRegistrations()).length, name: window.name, length: history.length,
})
"""


@pytest.fixture
def _passed() -> None:
    """The fake browser passed its self-test already."""
    guard_module._PASSED.add(("/usr/bin/fake", FakeBrowser.version))


def another() -> Guard:
    """The guard of the next visit."""
    return Guard(GuardPolicy.parse(HOSTILE), replica_map={"*.test": "127.0.0.1:1"})


@asynccontextmanager
async def a_visit_over(browser: FakeBrowser) -> AsyncIterator[Guard]:
    """A guard whose visit is over: one context was opened and closed again."""
    guard = another()
    await guard.attach(browser.started_by(guard))
    context = await guard.new_context(Phase.CHECK)
    hear(browser, paused())
    await everything_ready()
    await guard.close_context(context)
    yield guard
    guard.sever()


def hear(browser: FakeBrowser, event: dict[str, Any]) -> None:
    """The browser tells of a request."""
    browser.session.listeners["Fetch.requestPaused"](event)


@pytest.mark.usefixtures("_passed")
async def test_the_next_guard_begins_with_nothing_and_the_earlier_one_ends() -> None:
    """Decisions, record and addresses are the next one's own; the earlier one keeps its own and opens nothing more."""
    browser = FakeBrowser()
    async with a_visit_over(browser) as earlier:
        kept = earlier.record()
        guard = another()
        assert await guard.take_over(earlier)
        assert guard.record().requests == ()
        assert guard.record().phases == ()
        assert guard.record().self_test.startswith("passed earlier")
        await guard.new_context(Phase.CHECK)
        hear(browser, paused("POST", number=7))
        await everything_ready()
        assert [entry.rule for entry in guard.since(0)] == ["write"]
        assert earlier.record() == kept
        with pytest.raises(GuardBreach, match="not up"):
            await earlier.new_context(Phase.CHECK)
        assert not await another().take_over(earlier), "there is nothing to take over from it any more"
        commands = [command for command, _ in browser.session.sent]
        assert commands.count("Fetch.enable") == 1, "the interception is put up once and never taken off"
        assert "Fetch.disable" not in commands
        guard.sever()


@pytest.mark.usefixtures("_passed")
async def test_a_request_told_after_the_relief_belongs_to_the_visit_that_opened_its_page() -> None:
    """It is stopped, even where the next policy would let it through, and the next visit's record does not hold it."""
    browser = FakeBrowser()
    async with a_visit_over(browser) as before:
        earlier, guard = another(), another()
        assert await earlier.take_over(before)
        context = await earlier.new_context(Phase.CHECK)
        hear(browser, paused(kind="Document", frameId="A"))
        await everything_ready()
        await earlier.close_context(context)
        assert await guard.take_over(earlier)
        await guard.new_context(Phase.CHECK)
        hear(browser, paused(number=2, frameId="A"))
        hear(browser, paused(number=3, frameId="B"))
        await everything_ready()
        assert [entry.rule for entry in earlier.since(0)][1:] == ["locked"]
        assert len(guard.since(0)) == 1
        assert browser.session.sent[-2][0] == "Fetch.failRequest"
        assert browser.session.sent[-1][0] == "Fetch.continueRequest"
        guard.sever()


@pytest.mark.usefixtures("_passed")
async def test_losing_the_session_later_is_the_next_guards_to_know() -> None:
    """What befalls the browser after the relief closes the guard that holds it, not the one before."""
    browser = FakeBrowser()
    async with a_visit_over(browser) as earlier:
        guard = another()
        await guard.take_over(earlier)
        context = await guard.new_context(Phase.CHECK)
        browser.session.listeners["close"](browser.session)
        await guard.close_context(context)
        assert guard.breached
        assert not earlier.breached


@pytest.mark.usefixtures("_passed")
async def test_a_browser_that_disconnects_cuts_the_next_guards_tunnel() -> None:
    """The listener moves along with the browser."""
    browser = FakeBrowser()
    async with a_visit_over(browser) as earlier:
        guard = another()
        await guard.take_over(earlier)
        await guard.new_context(Phase.CHECK)
        browser.listeners["disconnected"](browser)
        assert guard._tunnel is not None
        assert guard._tunnel.severed


def _context_left(browser: FakeBrowser, _guard: Guard) -> None:
    browser.session.contexts = ["another"]


def _page_left(browser: FakeBrowser, _guard: Guard) -> None:
    browser.session.targets = [PAGE]


def _known_context_left(browser: FakeBrowser, _guard: Guard) -> None:
    browser.contexts = [object()]


def _broken(_browser: FakeBrowser, guard: Guard) -> None:
    guard.fault("planted")


def _gone(browser: FakeBrowser, _guard: Guard) -> None:
    browser.connected = False


def _deaf(browser: FakeBrowser, _guard: Guard) -> None:
    browser.failing.step = "Target.getTargets"


def _asks_meanwhile(browser: FakeBrowser, _guard: Guard) -> None:
    def meanwhile(command: str) -> None:
        if command == "Target.getTargets":
            hear(browser, paused("POST", number=9))

    browser.session.meanwhile = meanwhile


@pytest.mark.usefixtures("_passed")
@pytest.mark.parametrize(
    "spoil", [_context_left, _page_left, _known_context_left, _broken, _gone, _deaf, _asks_meanwhile]
)
async def test_whatever_is_left_of_a_visit_ends_its_browser(spoil: Callable[[FakeBrowser, Guard], None]) -> None:
    """A context, a page, a fault, a death, a silence, a request at the last moment: no other guard takes it over."""
    browser = FakeBrowser()
    async with a_visit_over(browser) as earlier:
        assert await earlier.is_over()
        spoil(browser, earlier)
        guard = another()
        assert not await guard.take_over(earlier)
        with pytest.raises(GuardBreach, match="not up"):
            await guard.new_context(Phase.CHECK)


@pytest.mark.usefixtures("_passed")
async def test_what_comes_between_two_visits_is_refused_and_ends_the_browser() -> None:
    """An idle browser asks for nothing; one that does is refused by the guard before, and is not used again."""
    browser = FakeBrowser()
    async with a_visit_over(browser) as earlier:
        assert await earlier.is_over()
        before = len(browser.session.sent)
        hear(browser, paused(number=9))
        await everything_ready()
        assert [command for command, _ in browser.session.sent[before:]] == ["Fetch.failRequest"]
        assert earlier.since(0)[-1].rule == "locked"
        assert not await another().take_over(earlier)


@pytest.mark.usefixtures("_passed")
@pytest.mark.parametrize("command", ["Target.getBrowserContexts", "Target.getTargets"])
async def test_at_every_moment_of_the_relief_requests_are_refused(command: str) -> None:
    """While one guard hands over to the next, whatever is asked is answered with no."""
    browser = FakeBrowser()
    answers: list[str] = []

    async with a_visit_over(browser) as earlier:

        def meanwhile(sent: str) -> None:
            if sent == command:
                hear(browser, paused(number=9))
            elif sent.startswith("Fetch."):
                answers.append(sent)

        browser.session.meanwhile = meanwhile
        assert not await another().take_over(earlier)
        assert answers == ["Fetch.failRequest"]


@pytest.mark.usefixtures("_passed")
async def test_a_visit_that_is_not_over_is_not_taken_over() -> None:
    """An open context keeps its guard."""
    browser = FakeBrowser()
    guard = another()
    await guard.attach(browser.started_by(guard))
    await guard.new_context(Phase.CHECK)
    assert not await guard.is_over()
    assert not await another().take_over(guard)
    assert not guard._locked, "asking changes nothing for the visit that goes on"
    guard.sever()


@pytest.mark.usefixtures("_passed")
async def test_a_browser_that_does_not_answer_is_not_waited_for() -> None:
    """A hanging browser is ended, not lent."""
    browser = FakeBrowser()
    async with a_visit_over(browser) as earlier:
        browser.session.hangs = True
        assert not await earlier.is_over(limit_s=0.05)


@pytest.mark.usefixtures("_passed")
async def test_a_guard_that_is_up_relieves_nobody() -> None:
    """One guard, one visit."""
    async with a_visit_over(FakeBrowser()) as earlier, a_visit_over(FakeBrowser()) as later:
        with pytest.raises(GuardBreach, match="put up once"):
            await later.take_over(earlier)


# -- in a real browser --------------------------------------------------------------------------------------


async def opened(guard: Guard) -> tuple[BrowserContext, Any]:
    """A context of the check phase with a page of the site in it."""
    context = await guard.new_context(Phase.CHECK)
    page = await context.new_page()
    await page.goto("https://site.test/with-script")
    return context, page


@pytest.mark.browser
async def test_nothing_of_one_visit_reaches_the_next_one(site: Site) -> None:
    """
    Two visits in one browser: no cookie, storage, cache, worker, history, connection or line of the record passes.

    What could pass is made in the first visit by the page itself, and the first visit sees it stay; the script that
    may be cached is fetched once by the first and once more by the second.
    """
    cached = "Content-Type: text/javascript\r\nCache-Control: max-age=600\r\n"
    site.pages["/hanging-up"] = (200, "Connection: close\r\n", b".")
    site.pages["/lib.js"] = (200, cached, b"window.lib = 1")
    site.pages["/with-script"] = (200, "Content-Type: text/html\r\n", b"<!doctype html><script src=/lib.js></script>")
    async with guarded(site) as (first, browser):
        context, page = await opened(first)
        await page.evaluate(STAYING)
        await page.goto("https://site.test/with-script")
        await page.wait_for_function("indexedDB.databases().then(all => all.length)")
        stayed = await page.evaluate(LEFT)
        assert (stayed["cookies"], stayed["local"], stayed["databases"]) == ("mine=1", {"mine": "1"}, 1)
        assert stayed["caches"] == 1
        assert [a.target for a in site.arrivals].count("/lib.js") == 1
        for _ in range(3):  # each on a connection of its own
            await page.evaluate("fetch('/hanging-up').then(answer => answer.text())")
        await first.close_context(context)
        connections = len(site.resumed)
        assert any(site.resumed), "this browser goes on from earlier TLS sessions where it may"
        second = Guard(GuardPolicy.parse(HOSTILE), replica_map={"*.test": f"127.0.0.1:{site.port}"})
        assert await second.take_over(first)
        context, page = await opened(second)
        assert browser.contexts == [context]
        left = await page.evaluate(LEFT)
        assert left == {
            "cookies": "", "local": {}, "session": {}, "opener": "null",
            "databases": 0, "caches": 0, "workers": 0, "name": "", "length": 2,
        }  # fmt: skip
        assert [a.target for a in site.arrivals].count("/lib.js") == 2
        assert len(site.resumed) > connections
        assert not site.resumed[connections], "a TLS session carried over would tell that it is the same browser"
        record = second.record()
        assert {entry.path for entry in record.requests} <= {"/with-script", "/lib.js", "/favicon.ico"}
        assert record.phases == ("check",)
        await second.close_context(context)
    assert not first.breached
    assert not second.breached
    assert site.writes == set()


@pytest.mark.thorough
@pytest.mark.browser
@pytest.mark.timeout(120)
async def test_no_write_leaves_a_browser_that_serves_its_second_visit(site: Site) -> None:
    """The hostile tour, after a visit that ended with its writes queued: nothing leaves, and the record is clean."""
    queued = """for (let i = 0; i < 20; i++) {
      fetch('/hit/earlier.keepalive' + i, {method: 'POST', body: 'x', keepalive: true}).catch(() => 0);
      navigator.sendBeacon('/hit/earlier.beacon' + i, 'x');
    }
    addEventListener('pagehide', () => navigator.sendBeacon('/hit/earlier.leaving', 'x'));
    addEventListener('unload', () => fetch('/hit/earlier.unload', {method: 'POST', keepalive: true}));"""

    async def handed_on(guard: Guard) -> Guard | None:
        """The guard of the fourth visit; None where a write came so late that the browser was rightly given up."""
        for _ in range(3):
            context = await guard.new_context(Phase.CHECK)
            page = await context.new_page()
            await page.goto("https://site.test/blank")
            await page.evaluate(f"{{{queued}}} 0")
            await guard.close_context(context)
            later = Guard(GuardPolicy.parse(HOSTILE), replica_map={"*.test": f"127.0.0.1:{site.port}"})
            if not (await visit_is_over(guard) and await later.take_over(guard)):  # as a run's browsers are handed on
                return None
            guard = later
        return guard

    for _ in range(8):
        async with guarded(site) as (first, _browser):
            guard = await handed_on(first)
            if guard is None:
                assert not first.breached
                continue
            tour = await take(site, Ways(partial(guard.new_context, Phase.CHECK), guard.close_context))
            record = guard.record()
            break
    else:
        pytest.fail("the browser was never handed on")
    assert tour.pages >= 2 * len(MOMENTS)
    assert site.writes == set()
    assert site.away == set()
    assert not guard.breached
    assert not any("earlier" in entry.path for entry in record.requests)
