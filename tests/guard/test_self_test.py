"""The self-test finds a guard that does not hold, and never passes without having tried."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from automation.errors import GuardBreach
from automation.guard import Allow, Guard, GuardPolicy, Phase, decide
from automation.guard import guard as guard_module
from automation.guard import interception as interception_module
from automation.guard import self_test as self_test_module
from automation.guard.departures import Departures
from automation.guard.patterns import Patterns
from automation.guard.self_test import PASSED_EARLIER
from automation.guard.sink import NO_REQUEST, SinkServer
from automation.guard.tunnel import Tunnel
from tests.guard.browsing import guarded, started
from tests.guard.builders import HOSTILE
from tests.guard.fakes import Failing, FakeBrowser

if TYPE_CHECKING:
    from tests.guard.hostile.site import Site


@pytest.fixture(autouse=True)
def _never_tested() -> None:
    """No browser has passed yet."""
    guard_module._PASSED.clear()


@pytest.fixture
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """A fake browser tries nothing: it is not waited for."""
    monkeypatch.setattr(self_test_module, "_TRIED_S", 0.05)


async def refused(browser: FakeBrowser) -> str:
    """What the guard says of a browser that it refuses."""
    guard = Guard(GuardPolicy.parse(HOSTILE))
    with pytest.raises(GuardBreach) as caught:
        await guard.attach(browser.started_by(guard))
    assert guard.breached
    assert not guard_module._PASSED
    with pytest.raises(GuardBreach, match="broken"):
        await guard.new_context(Phase.CHECK)
    return caught.value.message


@pytest.mark.usefixtures("_soon")
@pytest.mark.parametrize("step", ["new_context", "new_page", "goto", "evaluate", "context.close"])
async def test_a_self_test_that_cannot_be_run_is_not_passed(step: str) -> None:
    """Each step of it: a fault means that the browser is refused."""
    assert "could not be run" in await refused(FakeBrowser(Failing(step)))


async def test_what_got_out_is_named_even_where_the_page_was_lost_over_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """A form that is sent takes the page away in the middle of the trial."""

    async def lost(_trial: object, _browser: object, sink: SinkServer) -> int:
        sink.arrived.append(("POST", "/form-post"))
        raise RuntimeError("the page is gone")

    monkeypatch.setattr(self_test_module.SelfTest, "_attempt", lost)
    assert "got out: POST /form-post" in await refused(FakeBrowser())


@pytest.mark.usefixtures("_soon")
async def test_a_page_that_did_nothing_proves_nothing() -> None:
    """If the permitted request does not arrive, an empty sink says nothing."""
    assert "nothing is proven" in await refused(FakeBrowser())


@pytest.mark.parametrize("opener", [SinkServer, Tunnel])
async def test_without_its_sink_or_tunnel_it_is_not_passed(opener: type, monkeypatch: pytest.MonkeyPatch) -> None:
    """A part that cannot listen ends in a refusal."""

    async def fail(_: object) -> None:
        raise OSError("no port")

    monkeypatch.setattr(opener, "open", fail)
    assert "could not be run" in await refused(FakeBrowser())


async def test_it_does_not_wait_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page that never answers ends the self-test in time."""
    monkeypatch.setattr(self_test_module, "_PATIENCE_S", 0.05)
    monkeypatch.setattr("tests.guard.fakes.FakePage.goto", lambda *_: asyncio.sleep(60))
    assert "could not be run" in await refused(FakeBrowser())


@pytest.mark.parametrize(
    ("outcomes", "told"),
    [
        (["", "", ""], ["passed", PASSED_EARLIER, PASSED_EARLIER]),
        (["got out: PUT /", "", ""], ["self-test: got out: PUT /", "passed", PASSED_EARLIER]),
    ],
)
async def test_of_browsers_that_start_at_once_one_is_tried(
    outcomes: list[str], told: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The others wait for it; where it does not pass, the next one is tried itself."""
    given = iter(outcomes)

    async def trial(*_: object) -> str:
        outcome = next(given)
        await asyncio.sleep(0)
        return outcome

    monkeypatch.setattr(guard_module, "tried", trial)
    guards = [Guard(GuardPolicy.parse(HOSTILE)) for _ in outcomes]
    await asyncio.gather(*(guard.attach(FakeBrowser().started_by(guard)) for guard in guards), return_exceptions=True)
    assert [guard.record().self_test for guard in guards] == told


@pytest.mark.browser
async def test_a_guard_that_lets_everything_through_is_found(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """With decisions that are always yes, the sink fills, and the browser is refused."""
    monkeypatch.setattr(self_test_module, "decide", lambda *_: Allow("get", reads=True))
    with pytest.raises(GuardBreach, match="got out:") as caught:
        async with guarded(site):
            pytest.fail("a guard that lets everything through was put up")
    for tried in ("POST /fetch-post", "POST /keepalive", "PUT /put", "POST /beacon", "POST /form-framed"):
        assert tried in caught.value.message


@pytest.mark.thorough
@pytest.mark.browser
async def test_a_missing_policy_for_sockets_is_found(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without connect-src a worker's WebSocket is begun, and the browser is refused, though the tunnel holds it."""
    monkeypatch.setattr(interception_module, "CONNECT_SRC", "connect-src * wss:")
    with pytest.raises(GuardBreach, match="not held by the added policy: /"):
        async with guarded(site):
            pytest.fail("a guard that lets sockets through was put up")


@pytest.mark.thorough
@pytest.mark.browser
async def test_a_tunnel_that_does_not_read_is_found(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the interception is not asked about arrives then: a prefetch, an early hint and the bytes of TURN."""

    async def unread(_self: Departures, piece: bytes) -> bytes:
        return piece

    monkeypatch.setattr(Departures, "sent", unread)
    monkeypatch.setattr(Departures, "received", lambda _self, _piece: None)
    with pytest.raises(GuardBreach, match="got out:") as caught:
        async with guarded(site):
            pytest.fail("a guard that does not read was put up")
    for tried in ("GET /writes/rules", "GET /writes/hint", NO_REQUEST):
        assert tried in caught.value.message


@pytest.mark.thorough
@pytest.mark.browser
async def test_a_browser_that_does_not_tell_its_keys_is_found(site: Site) -> None:
    """As one in a snap, which sees another folder of that name: the message says what it is about."""
    guard = Guard(GuardPolicy.parse(HOSTILE))
    arguments = guard.arguments(site.spki)
    assert guard._keys is not None
    guard._keys.close()
    async with started(*arguments) as browser:
        with pytest.raises(GuardBreach, match="does not tell the guard its keys"):
            await guard.attach(browser)


@pytest.mark.thorough
@pytest.mark.browser
async def test_an_open_tunnel_and_too_kind_reads_are_found(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Reads from a host that is not listed count as getting out."""
    everywhere = Patterns(("*.temoin.invalid",))

    def widened(self: Any, hosts: Patterns, *rest: Any, **more: Any) -> None:
        original(self, everywhere, *rest, **more)

    original = Tunnel.__init__
    monkeypatch.setattr(Tunnel, "__init__", widened)
    monkeypatch.setattr(
        self_test_module,
        "decide",
        lambda policy, phase, request: (
            Allow("get", reads=True) if request.method == "GET" else decide(policy, phase, request)
        ),
    )
    with pytest.raises(GuardBreach, match="GET /image"):
        async with guarded(site):
            pytest.fail("a guard that reads elsewhere was put up")


@pytest.mark.browser
async def test_a_good_guard_passes_and_leaves_no_trace_in_the_record(site: Site) -> None:
    """What the self-test tries is not part of the visit."""
    async with guarded(site) as (guard, _):
        record = guard.record()
    assert record.self_test == "passed"
    assert record.requests == ()
    assert record.phases == ()
