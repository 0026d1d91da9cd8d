"""The self-test finds a guard that does not hold, and never passes without having tried."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

import pytest

from automation.core.errors import GuardBreach
from automation.guard import Allow, Guard, GuardPolicy, Phase, Refuse, Request, decide
from automation.guard import guard as guard_module
from automation.guard.departures import Departures
from automation.guard.interception import Interception
from automation.guard.record import CONNECT_SRC
from automation.guard.self_test import PASSED_EARLIER, SelfTest
from automation.guard.sink import NO_REQUEST, SinkServer
from tests.guard.browsing import guarded, started
from tests.guard.builders import HOSTILE
from tests.guard.fakes import Failing, FakeBrowser, no_descriptors
from tests.guard.test_tunnel import everything, no_secret
from tests.tiers import first

if TYPE_CHECKING:
    from playwright.async_api import Browser

    from tests.guard.hostile.site import Site


@pytest.fixture(autouse=True)
def _never_tested() -> None:
    """No browser has passed yet."""
    guard_module._PASSED.clear()


async def outcome(browser: FakeBrowser, kind: type[SelfTest] = SelfTest, patience_s: float = 20.0) -> str:
    """What the self-test says of a browser; a fake one tries nothing, so it is not waited for."""
    close = Interception(Guard(GuardPolicy.parse(HOSTILE))).close
    return await kind(no_secret, close, patience_s=patience_s, tried_s=0.05).run(cast("Browser", browser))


async def really(site: Site, kind: type[SelfTest] = SelfTest, connect_src: str = CONNECT_SRC, **mistakes: Any) -> str:
    """What it says of a real browser, asked about by an interception or a trial with a mistake."""
    guard = Guard(GuardPolicy.parse(HOSTILE))
    async with started(*guard.arguments(site.spki)) as browser:
        interception = Interception(guard, connect_src=connect_src)
        await interception.start(browser)
        trial = interception.watch = kind(guard._secret, interception.close, patience_s=120.0, **mistakes)
        try:
            return await trial.run(browser)
        finally:
            guard.sever()


async def test_a_browser_that_does_not_pass_is_refused() -> None:
    """The guard is broken from then on: no context is opened, and the next guard tries again."""
    browser = FakeBrowser(Failing("goto"))
    guard = Guard(GuardPolicy.parse(HOSTILE))
    with pytest.raises(GuardBreach, match="self-test: it could not be run"):
        await guard.attach(browser.started_by(guard))
    assert guard.breached
    assert not guard_module._PASSED
    with pytest.raises(GuardBreach, match="broken"):
        await guard.new_context(Phase.CHECK)


@pytest.mark.parametrize("step", ["new_context", "new_page", "goto", "evaluate", "context.close"])
async def test_a_self_test_that_cannot_be_run_is_not_passed(step: str) -> None:
    """Each step of it: a fault means that the browser is refused."""
    assert "could not be run" in await outcome(FakeBrowser(Failing(step)))


class Losing(SelfTest):
    """A form that is sent takes the page away in the middle of the trial."""

    async def _attempt(self, browser: Browser, sink: SinkServer) -> int:
        sink.arrived.append(("POST", "/form-post"))
        raise RuntimeError("the page is gone")


async def test_what_got_out_is_named_even_where_the_page_was_lost_over_it() -> None:
    """What arrived says more than the error of a page that is gone."""
    assert await outcome(FakeBrowser(), Losing) == "got out: POST /form-post"


async def test_a_page_that_did_nothing_proves_nothing() -> None:
    """If the permitted request does not arrive, an empty sink says nothing."""
    assert "nothing is proven" in await outcome(FakeBrowser())


class Tunnelless(SelfTest):
    """Its sink listens, its tunnel cannot."""

    async def _attempt(self, browser: Browser, sink: SinkServer) -> int:
        with no_descriptors():
            return await super()._attempt(browser, sink)


async def test_without_its_sink_or_tunnel_it_is_not_passed() -> None:
    """A part that cannot listen ends in a refusal."""
    with no_descriptors():
        assert "could not be run" in await outcome(FakeBrowser())
    assert "could not be run" in await outcome(FakeBrowser(), Tunnelless)


async def test_it_does_not_wait_for_ever() -> None:
    """A page that never answers ends the self-test in time."""
    assert "could not be run" in await outcome(FakeBrowser(Failing(hangs=True)), patience_s=0.05)


def anything(*_: object) -> Allow:
    """Whatever is asked may leave."""
    return Allow("get", reads=True)


def any_get(policy: GuardPolicy, phase: Phase, request: Request) -> Allow | Refuse:
    """Every GET may leave, wherever it goes."""
    return Allow("get", reads=True) if request.method == "GET" else decide(policy, phase, request)


class Unread(SelfTest):
    """Its tunnel does not read what passes."""

    def departures(self) -> Departures:
        """Let it pass."""
        return everything()


ANYWHERE: Mapping[str, Any] = {"hosts": ["*.temoin.invalid"], "guard": {"get_deny": {"paths": ["/writes/*"]}}}


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
@pytest.mark.parametrize(
    ("mistake", "got_out"),
    first(
        (
            {"rules": anything},
            ["POST /fetch-post", "POST /keepalive", "PUT /put", "POST /beacon", "POST /form-framed"],
        ),
        ({"kind": Unread, "tried_s": 5.0}, ["GET /writes/rules", "GET /writes/hint", NO_REQUEST]),
        ({"rules": any_get, "policy": GuardPolicy.parse(ANYWHERE)}, ["GET /image"]),
    ),
    ids=["lets everything through", "does not read its tunnel", "reads elsewhere"],
)
async def test_a_guard_that_does_not_hold_is_found(site: Site, mistake: dict[str, Any], got_out: list[str]) -> None:
    """
    Each way out that a mistake opens is named.

    Where the tunnel does not read, those arrive that the interception is not asked about: a prefetch, an early hint and
    the bytes of TURN.
    """
    said = await really(site, **mistake)
    assert said.startswith("got out:")
    assert [way for way in got_out if way not in said] == []


@pytest.mark.thorough
@pytest.mark.browser
async def test_a_missing_policy_for_sockets_is_found(site: Site) -> None:
    """Without connect-src a worker's WebSocket is begun, and the browser is refused, though the tunnel holds it."""
    assert "not held by the added policy: /" in await really(site, connect_src="connect-src * wss:")


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


@pytest.mark.browser
async def test_a_good_guard_passes_and_leaves_no_trace_in_the_record(site: Site) -> None:
    """What the self-test tries is not part of the visit."""
    async with guarded(site) as (guard, _):
        record = guard.record()
    assert record.self_test == "passed"
    assert record.requests == ()
    assert record.phases == ()
