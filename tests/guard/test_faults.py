"""A fault anywhere in the guard closes it: nothing passes after, and it says so."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, cast

import pytest

from automation.core.errors import BrowserLost, GuardBreach
from automation.guard import ANSWER_FAILED, Guard, GuardPolicy, Phase
from automation.guard import guard as guard_module
from tests.guard.builders import HOSTILE, a_request
from tests.guard.fakes import Failing, FakeBrowser, no_descriptors, paused
from tests.turns import everything_ready

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.async_api import BrowserContext

TARGET_CLOSED = type("TargetClosedError", (Exception,), {})("Target page, context or browser has been closed")


@pytest.fixture(autouse=True)
def _no_self_test() -> None:
    """The fake browser passed it already; the real one has tests of its own."""
    guard_module._PASSED.add(("/usr/bin/fake", FakeBrowser.version))


@pytest.fixture
def guards() -> Iterator[list[Guard]]:
    """Guards made by a test, severed after it."""
    made: list[Guard] = []
    yield made
    for guard in made:
        guard.sever()


async def attached(browser: FakeBrowser, guards: list[Guard]) -> Guard:
    """A guard on a fake browser."""
    guard = Guard(GuardPolicy.parse(HOSTILE), replica_map={"*.test": "127.0.0.1:1"})
    guards.append(guard)
    await guard.attach(browser.started_by(guard))
    return guard


async def opened(browser: FakeBrowser, guards: list[Guard], phase: Phase = Phase.CHECK) -> Guard:
    """The same with a context of a phase."""
    guard = await attached(browser, guards)
    await guard.new_context(phase)
    return guard


async def tell(browser: FakeBrowser, *events: dict[str, Any]) -> list[str]:
    """Let events come in; returns the commands that answered them."""
    before = len(browser.session.sent)
    for event in events:
        browser.session.listeners["Fetch.requestPaused"](event)
    for _ in range(5):
        await asyncio.sleep(0)
    return [command for command, _ in browser.session.sent[before:]]


def is_closed(guard: Guard) -> bool:
    """Whether the tunnel is cut."""
    return guard._tunnel is None or guard._tunnel.severed


@pytest.mark.parametrize("step", ["new_browser_cdp_session", "Fetch.enable", "Browser.getBrowserCommandLine"])
async def test_a_guard_that_cannot_be_put_up_gives_no_context(step: str, guards: list[Guard]) -> None:
    """Each step of putting it up: a fault is a breach, and no context is given out after it."""
    browser = FakeBrowser(Failing(step))
    guard = Guard(GuardPolicy.parse(HOSTILE))
    with pytest.raises(GuardBreach):
        await guard.attach(browser.started_by(guard))
    assert guard.breached
    with pytest.raises(GuardBreach, match="broken"):
        await guard.new_context(Phase.CHECK)
    assert browser.made == []
    assert step in browser.failing.reached


@pytest.mark.parametrize("step", ["new_context", "request.dispose", "route_web_socket"])
async def test_a_context_that_cannot_be_guarded_is_closed(step: str, guards: list[Guard]) -> None:
    """Each step of opening a context: a fault closes it and cuts its tunnel before anyone gets it."""
    browser = FakeBrowser(Failing(step))
    guard = await attached(browser, guards)
    with pytest.raises(GuardBreach):
        await guard.new_context(Phase.CHECK)
    assert is_closed(guard)
    assert guard.breached
    assert all(context.closed for context in browser.made)
    assert await tell(browser, paused()) == ["Fetch.failRequest"]


async def test_a_tunnel_that_cannot_listen_gives_no_context(guards: list[Guard]) -> None:
    """Without its tunnel no context is opened."""
    browser = FakeBrowser()
    guard = await attached(browser, guards)
    with no_descriptors(), pytest.raises(GuardBreach):
        await guard.new_context(Phase.CHECK)
    assert browser.made == []
    assert guard.breached


@pytest.mark.parametrize("step", ["new_context", "request.dispose", "route_web_socket"])
async def test_a_cancelled_opening_leaves_nothing_open(step: str, guards: list[Guard]) -> None:
    """Cancelling is no fault of the guard, but it closes too."""
    browser = FakeBrowser(Failing(step, asyncio.CancelledError()))
    guard = await attached(browser, guards)
    with pytest.raises(asyncio.CancelledError):
        await guard.new_context(Phase.CHECK)
    assert is_closed(guard)
    assert not guard.breached
    assert all(context.closed for context in browser.made)


ANSWERS = [
    ("Fetch.continueRequest", [paused()]),
    ("Fetch.failRequest", [paused("POST")]),
    ("Fetch.fulfillRequest", [paused("POST", kind="Document")]),
    ("Fetch.continueResponse", [paused(), paused(responseStatusCode=200)]),
    *(
        (step, [paused(kind="Document"), paused(kind="Document", responseStatusCode=200)])
        for step in ("Fetch.takeResponseBodyAsStream", "IO.read", "IO.close")
    ),
]


@pytest.mark.parametrize(("step", "events"), ANSWERS)
async def test_an_answer_that_cannot_be_given_closes(
    step: str, events: list[dict[str, Any]], guards: list[Guard]
) -> None:
    """Each command of the interception: a fault cuts the tunnel, and the next request stays."""
    browser = FakeBrowser()
    guard = await opened(browser, guards)
    browser.failing.step = step
    for event in events:
        await tell(browser, event)
    assert step in browser.failing.reached
    assert guard.breached
    assert is_closed(guard)
    browser.failing.step = ""
    assert await tell(browser, paused(number=2)) == ["Fetch.failRequest"]
    assert guard.since(0)[-1].rule == "locked"
    with pytest.raises(GuardBreach, match="broken"):
        await guard.new_context(Phase.CHECK)


@pytest.mark.parametrize("event", [{}, {"requestId": "1"}, {**paused(), "request": {}}])
async def test_an_event_that_makes_no_sense_closes(event: dict[str, Any], guards: list[Guard]) -> None:
    """An event that cannot be read is a fault, not a request to let through."""
    browser = FakeBrowser()
    guard = await opened(browser, guards)
    assert await tell(browser, event) == []
    assert guard.breached
    assert is_closed(guard)


@pytest.mark.parametrize(
    "url",
    ["https://[", "https://site.test:x/", "https://site.test:99999/", "https://a℀b.test/", "//", "https:///x", ""],
)
async def test_a_broken_address_is_refused(url: str, guards: list[Guard]) -> None:
    """What cannot be taken apart is no fault of the guard, and leaves nothing: the visit goes on."""
    browser = FakeBrowser()
    guard = await opened(browser, guards)
    assert await tell(browser, paused(url=url)) == ["Fetch.failRequest"]
    assert not guard.breached


@pytest.mark.parametrize("ended", ["given up before it went on", "answered from the cache", "failed"])
async def test_a_permit_ends_with_its_request(ended: str, guards: list[Guard]) -> None:
    """What was let through and never left leaves no permit: not for a socket, not for a request that nobody asked about."""
    browser = FakeBrowser(
        Failing(error=RuntimeError("Protocol error (Fetch.continueRequest): Invalid InterceptionId."))
    )
    guard = await opened(browser, guards)
    if ended == "given up before it went on":
        browser.failing.step = "Fetch.continueRequest"
    await tell(browser, paused())
    answer = {"responseStatusCode": 200} if ended == "answered from the cache" else {"responseErrorReason": "Aborted"}
    if not browser.failing.step:
        assert len(guard.permits) == 1
        await tell(browser, paused(**answer))
    assert len(guard.permits) == 0
    assert not guard.breached


async def test_a_request_given_up_by_its_page_is_no_fault(guards: list[Guard]) -> None:
    """Chromium forgets requests whose page went away: that is everyday."""
    browser = FakeBrowser(Failing(error=RuntimeError("Protocol error (Fetch.failRequest): Invalid InterceptionId.")))
    guard = await opened(browser, guards)
    browser.failing.step = "Fetch.failRequest"
    await tell(browser, paused("POST"))
    assert "Fetch.failRequest" in browser.failing.reached
    assert not guard.breached
    assert not is_closed(guard)


async def test_an_answer_to_a_request_never_let_through_is_a_breach(guards: list[Guard]) -> None:
    """A request that left unasked shows when its answer comes: it counts as a write let through."""
    browser = FakeBrowser()
    guard = await opened(browser, guards)
    assert await tell(browser, paused("POST", responseStatusCode=200)) == ["Fetch.failRequest"]
    assert guard.breached
    assert is_closed(guard)
    assert guard.record().writes_let_through == 1


@pytest.mark.parametrize(
    "end", [{"responseErrorReason": "Failed"}, {"responseStatusCode": 200}], ids=["broken", "whole"]
)
async def test_what_ends_with_its_context_is_no_breach(end: dict[str, Any], guards: list[Guard]) -> None:
    """Its end may be told when the context is closed already; what was never let through is a leak then, too."""
    browser = FakeBrowser()
    guard = await opened(browser, guards)
    assert await tell(browser, paused()) == ["Fetch.continueRequest"]
    assert guard._context is not None
    await guard.close_context(guard._context)
    assert await tell(browser, paused(**end)) == ["Fetch.failRequest"]
    assert not guard.breached
    await tell(browser, {**paused(**end), "requestId": "never-asked"})
    assert guard.breached


async def test_an_answer_that_is_broken_off_after_it_began_is_no_breach(guards: list[Guard]) -> None:
    """Pages leave streams behind when they go: Chromium tells of such a request a third time, by its own number."""
    browser = FakeBrowser()
    guard = await opened(browser, guards)
    broken_off = paused(responseErrorReason="Failed")
    assert await tell(browser, paused(), paused(responseStatusCode=200), broken_off) == [
        "Fetch.continueRequest", "Fetch.continueResponse", "Fetch.continueResponse",
    ]  # fmt: skip
    assert not guard.breached
    await tell(browser, {**broken_off, "requestId": "never-asked"})
    assert guard.breached


async def test_a_second_answer_is_a_breach(guards: list[Guard]) -> None:
    """What comes as an answer, and not as the end of one, is to a request that nobody was asked about."""
    browser = FakeBrowser()
    guard = await opened(browser, guards)
    await tell(browser, paused(), paused(responseStatusCode=200), paused(responseStatusCode=200))
    assert guard.breached


async def test_an_answer_to_a_refused_request_is_a_breach(guards: list[Guard]) -> None:
    """What was refused cannot be answered."""
    browser = FakeBrowser()
    guard = await opened(browser, guards)
    await tell(browser, paused("POST"), paused("POST", responseStatusCode=200))
    assert guard.breached


async def test_losing_the_session_closes_at_once_and_is_a_breach_if_the_browser_lives(guards: list[Guard]) -> None:
    """Without its session nobody asks any more; a browser that goes on is out of control."""
    browser = FakeBrowser()
    guard = await opened(browser, guards)
    browser.session.listeners["close"](browser.session)
    assert is_closed(guard)
    await guard.close_context(cast("BrowserContext", browser.made[0]))
    assert guard.breached


async def test_a_dying_browser_is_no_breach(guards: list[Guard]) -> None:
    """Its session goes first; then it is gone, and so is everything it held back."""
    browser = FakeBrowser()
    guard = await opened(browser, guards)
    browser.failing.step, browser.failing.error = "Fetch.continueRequest", TARGET_CLOSED
    await tell(browser, paused())
    assert is_closed(guard)
    browser.connected = False
    await guard.close_context(cast("BrowserContext", browser.made[0]))
    assert not guard.breached
    browser.failing.step = "new_context"
    with pytest.raises(BrowserLost):
        await guard.new_context(Phase.CHECK)


async def test_a_browser_that_disconnects_cuts_the_tunnel(guards: list[Guard]) -> None:
    """What the kernel still holds for a dead browser is thrown away."""
    browser = FakeBrowser()
    guard = await opened(browser, guards)
    assert not is_closed(guard)
    browser.listeners["disconnected"](browser)
    assert is_closed(guard)


async def test_the_tunnel_is_cut_before_the_context_is_closed(guards: list[Guard]) -> None:
    """Closing releases what is held back: it must find no way out, even if closing fails."""
    browser = FakeBrowser()
    guard = await opened(browser, guards)
    browser.failing.step = "context.close"
    with pytest.raises(RuntimeError, match="injected"):
        await guard.close_context(cast("BrowserContext", browser.made[0]))
    assert is_closed(guard)


async def forgetful(
    guards: list[Guard], monkeypatch: pytest.MonkeyPatch, patience_s: tuple[float, float]
) -> tuple[FakeBrowser, Guard, asyncio.Event]:
    """A browser that leaves its context open until the event is set, and the guard on it."""
    monkeypatch.setattr("automation.guard.interception._UNTIL_CLOSED_S", patience_s)
    browser = FakeBrowser()
    guard = await opened(browser, guards)
    closed = asyncio.Event()
    monkeypatch.setattr(browser.made[0], "close", closed.wait)
    browser.session.targets = [
        {"type": "page", "targetId": "1", "browserContextId": "visit"},
        {"type": "page", "targetId": "2", "browserContextId": "own"},
        {"type": "iframe", "targetId": "3", "browserContextId": "visit"},
    ]
    return browser, guard, closed


async def test_a_page_that_the_browser_forgot_to_close_is_closed_again(
    guards: list[Guard], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its own page and those of no other context; a browser that leaves it open all the same counts as lost."""
    browser, guard, closed = await forgetful(guards, monkeypatch, (0.01, 0.01))
    context = browser.made[0]
    with pytest.raises(BrowserLost, match="does not close"):
        await guard.close_context(cast("BrowserContext", context))
    assert is_closed(guard)
    browser.session.meanwhile = lambda command: closed.set() if command == "Target.closeTarget" else None
    await guard.close_context(cast("BrowserContext", context))
    told = [given for command, given in browser.session.sent if command == "Target.closeTarget"]
    assert told == [{"targetId": "1"}] * 3


async def test_a_page_that_closes_while_it_is_told_to_is_closed(
    guards: list[Guard], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The browser answers that there is no such page; that is what was wanted, and no error."""
    browser, guard, closed = await forgetful(guards, monkeypatch, (0.01, 10))
    context = browser.made[0]

    def gone(command: str) -> None:
        if command == "Target.closeTarget":
            closed.set()
            raise RuntimeError("Protocol error (Target.closeTarget): No target with given id found")

    browser.session.meanwhile = gone
    await guard.close_context(cast("BrowserContext", context))


async def test_a_browser_started_without_the_switches_is_refused(guards: list[Guard]) -> None:
    """The guard reads the command line back: a switch left out is found before any page opens."""
    browser = FakeBrowser()
    guard = Guard(GuardPolicy.parse(HOSTILE))
    started = browser.started_by(guard)
    browser.session.arguments = [a for a in browser.session.arguments if "webrtc" not in a]
    with pytest.raises(GuardBreach, match="started without --force-webrtc"):
        await guard.attach(started)


async def test_a_browser_with_a_context_is_refused(guards: list[Guard]) -> None:
    """What was opened before the guard was never asked about."""
    browser = FakeBrowser()
    browser.contexts = [object()]
    with pytest.raises(GuardBreach, match="before the first context"):
        await attached(browser, guards)


async def test_one_context_at_a_time(guards: list[Guard]) -> None:
    """Phases cannot run side by side: which one a request belongs to must be certain."""
    browser = FakeBrowser()
    guard = await opened(browser, guards, Phase.SESSION)
    with pytest.raises(GuardBreach, match="still open"):
        await guard.new_context(Phase.CHECK)
    await guard.close_context(cast("BrowserContext", browser.made[0]))
    await guard.new_context(Phase.CHECK)
    assert guard.record().phases == ("session", "check")


async def test_no_context_without_a_guard(guards: list[Guard]) -> None:
    """A guard that is not up opens nothing."""
    with pytest.raises(GuardBreach, match="not up"):
        await Guard(GuardPolicy.parse(HOSTILE)).new_context(Phase.CHECK)


@pytest.mark.parametrize(
    "option", ["proxy", "service_workers", "ignore_https_errors", "http_credentials", "accept_downloads"]
)
async def test_options_that_would_open_the_guard_are_refused(option: str, guards: list[Guard]) -> None:
    """Callers choose how a context looks, not how it is held."""
    browser = FakeBrowser()
    guard = await attached(browser, guards)
    with pytest.raises(GuardBreach, match=option):
        await guard.new_context(Phase.CHECK, **{option: True})
    assert browser.made == []


async def test_a_context_is_held_in_every_way(guards: list[Guard]) -> None:
    """Its own tunnel without exception for loopback, no service workers, no downloads, no HTTP client."""
    browser = FakeBrowser()
    guard = await attached(browser, guards)
    await guard.new_context(Phase.CHECK, locale="fr-FR")
    context = browser.made[0]
    proxy = context.options.pop("proxy")
    assert proxy["server"].startswith("http://127.0.0.1:")
    assert proxy["bypass"] == "<-loopback>"
    assert context.options == {"service_workers": "block", "accept_downloads": False, "locale": "fr-FR"}
    assert context.disposed


async def test_what_is_refused_is_answered_as_its_kind_needs(guards: list[Guard]) -> None:
    """A refused navigation gets 204, so that the document stays; the rest fails as blocked."""
    browser = FakeBrowser()
    await opened(browser, guards)
    await tell(browser, paused("POST", kind="Document"), paused("POST", number=2))
    (navigation, first), (rest, second) = browser.session.sent[-2:]
    assert (navigation, first["responseCode"]) == ("Fetch.fulfillRequest", 204)
    assert (rest, second["errorReason"]) == ("Fetch.failRequest", "BlockedByClient")


async def test_documents_get_one_more_policy_and_keep_theirs(guards: list[Guard]) -> None:
    """connect-src is added; the site's own headers stay, but for those of the transfer and the cookies."""
    browser = FakeBrowser()
    await opened(browser, guards)
    headers = [
        {"name": "Content-Security-Policy", "value": "default-src 'self'"},
        {"name": "content-encoding", "value": "gzip"},
        {"name": "Set-Cookie", "value": "a=1"},
        {"name": "X-Own", "value": "1"},
    ]
    answer = paused(kind="Document", responseStatusCode=200, responseHeaders=headers)
    await tell(browser, paused(kind="Document"), answer)
    command, sent = browser.session.sent[-1]
    assert command == "Fetch.fulfillRequest"
    assert [(h["name"], h["value"]) for h in sent["responseHeaders"]] == [
        ("Content-Security-Policy", "default-src 'self'"),
        ("X-Own", "1"),
        ("Content-Security-Policy", "connect-src https: data: blob:"),
    ]


async def test_a_document_without_end_is_given_up(guards: list[Guard]) -> None:
    """What unpacks to more than any page is ends, in the record with its reason; the guard and the other pages go on."""
    browser = FakeBrowser()
    guard = await opened(browser, guards)
    browser.session.pieces, browser.session.endless = 200_000, True
    answer = paused(kind="Document", responseStatusCode=200, responseHeaders=[])
    assert (await tell(browser, paused(kind="Document"), answer))[-2:] == ["IO.close", "Fetch.failRequest"]
    assert [entry.rule for entry in guard.since(0)] == ["get", "document_too_large"]
    assert not guard.breached


async def test_what_a_hint_takes_with_it_is_named(guards: list[Guard]) -> None:
    """A refused hint ends the connection of its page; the record of the page says so, once."""
    browser = FakeBrowser()
    guard = await opened(browser, guards)
    await tell(browser, paused())
    page, hinted = a_request("GET", "https://site.test/"), a_request("GET", "https://site.test/logout")
    assert guard.leaving(page)
    assert not guard.leaving(hinted)
    guard.not_left(hinted, [page])
    await tell(browser, paused(responseErrorReason="ConnectionReset"))
    assert [entry.rule for entry in guard.since(0)] == ["get", "get_that_writes", "hint_refused"]


@pytest.mark.parametrize("answer", [{"responseStatusCode": 503}, {"responseErrorReason": "Failed"}])
async def test_a_failed_answer_is_told_to_the_reader(answer: dict[str, Any], guards: list[Guard]) -> None:
    """A reader can tell a page whose own read failed from one that has nothing to show."""
    browser = FakeBrowser()
    guard = await opened(browser, guards)
    mark = guard.mark()
    await tell(browser, paused(), paused(**answer))
    assert [entry.rule for entry in guard.since(mark)] == ["get", ANSWER_FAILED]
    assert not guard.breached


async def test_each_hop_of_a_redirect_is_asked_about(guards: list[Guard]) -> None:
    """A permitted read that redirects into a write does not get there."""
    browser = FakeBrowser()
    guard = await opened(browser, guards)
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    read, hop = paused("POST", "https://site.test/read"), paused("POST", "https://site.test/hit/1")
    read["request"]["headers"] = hop["request"]["headers"] = form
    hop["requestId"] = "interception-job-1.1"
    assert await tell(browser, read, {**read, "responseStatusCode": 307}, hop) == [
        "Fetch.continueRequest",
        "Fetch.continueResponse",
        "Fetch.failRequest",
    ]
    assert [entry.rule for entry in guard.since(0)] == ["read_path", "write"]


async def test_nobody_is_given_a_name_and_a_password(guards: list[Guard]) -> None:
    """A server that asks for them is refused at once; where that cannot be told, the guard closes."""
    browser = FakeBrowser()
    guard = await opened(browser, guards)
    browser.session.listeners["Fetch.authRequired"]({"requestId": "1"})
    await everything_ready()
    refusal = {"requestId": "1", "authChallengeResponse": {"response": "CancelAuth"}}
    assert browser.session.sent[-1] == ("Fetch.continueWithAuth", refusal)
    assert not guard.breached
    browser.session.listeners["Fetch.authRequired"]({})
    assert guard.breached


UNASKED = [
    ("GET", "https://site.test/picture", "Other", ("unasked", True)),
    ("HEAD", "https://site.test/picture", "Other", ("unasked", True)),
    ("GET", "https://site.test/logout.php", "Other", ("get_that_writes", False)),
    ("GET", "https://other.test/", "Other", ("host_not_listed", False)),
    ("GET", "https://site.test/socket", "WebSocket", ("socket", False)),
    ("POST", "https://site.test/read", "Other", ("unasked", False)),
    ("POST", "https://site.test/save", "Other", ("write", False)),
    ("CONNECT", "https://site.test/socket", "WebSocket", ("socket", False)),
]


@pytest.mark.parametrize(("method", "url", "resource", "noted"), UNASKED)
async def test_what_the_browser_sends_without_asking_is_decided_on_the_wire(
    method: str, url: str, resource: str, noted: tuple[str, bool], guards: list[Guard]
) -> None:
    """A read that the policy allows leaves and is on the record; everything else stays, and nothing is a breach."""
    guard = await opened(FakeBrowser(), guards)
    form = {"content-type": "application/x-www-form-urlencoded"}
    body = b"a=1" if method == "POST" else None
    assert guard.leaving(a_request(method, url, body, resource=resource, headers=form)) is noted[1]
    assert [(entry.rule, entry.allowed) for entry in guard.since(0)] == [noted]
    assert not guard.breached
    assert guard.record().writes_let_through == 0


async def test_what_was_let_through_leaves_once_and_not_after_the_lock_or_in_the_next_context(
    guards: list[Guard],
) -> None:
    """A second one like it was not asked about; nor does one count that another phase let through."""
    browser = FakeBrowser()
    guard = await opened(browser, guards)
    asked = paused("POST", "https://site.test/read")
    asked["request"]["headers"] = {"Content-Type": "application/x-www-form-urlencoded"}
    form = {"content-type": "application/x-www-form-urlencoded", "content-length": "0"}
    request = a_request("POST", "https://site.test/read", headers=form)
    assert await tell(browser, asked) == ["Fetch.continueRequest"]
    assert [guard.leaving(request), guard.leaving(request)] == [True, False]
    await tell(browser, {**asked, "requestId": "2"})
    await guard.close_context(cast("BrowserContext", browser.made[0]))
    assert not guard.leaving(a_request("GET", "https://site.test/"))
    await guard.new_context(Phase.CHECK)
    assert not guard.leaving(request)


async def test_nothing_passes_after_the_lock(guards: list[Guard]) -> None:
    """After `sever` even a read of the page is refused, and the record says locked."""
    browser = FakeBrowser()
    guard = await opened(browser, guards)
    guard.sever()
    assert await tell(browser, paused(), paused(kind="Document", number=2)) == [
        "Fetch.failRequest",
        "Fetch.fulfillRequest",
    ]
    assert {(entry.phase, entry.rule) for entry in guard.since(0)} == {("check", "locked")}
    assert not guard.breached


async def test_requests_between_contexts_stay(guards: list[Guard]) -> None:
    """What the browser does with no guarded context open goes nowhere."""
    browser = FakeBrowser()
    guard = await attached(browser, guards)
    assert await tell(browser, paused()) == ["Fetch.failRequest"]
    assert guard.since(0)[0].rule == "locked"
