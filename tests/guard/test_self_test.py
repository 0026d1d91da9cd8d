"""The self-test finds a guard that does not hold, and never passes without having tried."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from automation.core.errors import GuardBreach
from automation.guard import Allow, Guard, GuardPolicy, Phase, Refuse, Request, self_test
from automation.guard import guard as guard_module
from automation.guard.interception import Interception
from automation.guard.self_test import PASSED_EARLIER
from automation.guard.sink import NO_REQUEST
from tests.guard.browsing import guarded, started
from tests.guard.builders import HOSTILE
from tests.guard.fakes import Failing, FakeBrowser, no_descriptors
from tests.guard.test_tunnel import everything
from tests.tiers import first

if TYPE_CHECKING:
    from playwright.async_api import BrowserContext

    from automation.guard.departures import Departures
    from tests.guard.hostile.site import Site


@pytest.fixture(autouse=True)
def _never_tested(monkeypatch: pytest.MonkeyPatch) -> None:
    """No browser has passed yet; a fake one tries nothing, so it is not waited for."""
    guard_module._PASSED.clear()
    monkeypatch.setattr(self_test, "TRIED_S", 0.02)


async def outcome(browser: FakeBrowser, kind: type[Guard] = Guard) -> str:
    """What the self-test says of a browser; empty where it passes."""
    guard = kind(GuardPolicy.parse(HOSTILE))
    try:
        await guard.attach(browser.started_by(guard))
    except GuardBreach as error:
        return error.message.partition("self-test: ")[2]
    return ""


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


class Tunnelless(Guard):
    """Can open no tunnel."""

    async def new_context(self, phase: Phase, **options: Any) -> BrowserContext:
        """Fail to."""
        with no_descriptors():
            return await super().new_context(phase, **options)


class Sinkless(Guard):
    """Can open nothing at all."""

    async def _try(self, started_with: list[str]) -> str:
        with no_descriptors():
            return await super()._try(started_with)


@pytest.mark.parametrize("kind", [Sinkless, Tunnelless])
async def test_without_its_sink_or_tunnel_it_is_not_passed(kind: type[Guard]) -> None:
    """A part that cannot listen ends in a refusal."""
    assert "could not be run" in await outcome(FakeBrowser(), kind)


async def test_a_page_that_did_nothing_proves_nothing() -> None:
    """If the permitted request does not arrive, an empty sink says nothing."""
    assert "nothing is proven" in await outcome(FakeBrowser())


async def test_it_does_not_wait_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page that never answers ends the self-test in time."""
    monkeypatch.setattr(self_test, "PATIENCE_S", 0.05)
    assert "could not be run" in await outcome(FakeBrowser(Failing(hangs=True)))


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


class LettingEverything(Guard):
    """Whatever is asked may leave."""

    def _decision(self, request: Request) -> Allow | Refuse:
        return Allow("get", reads=True)


class ReadingElsewhere(Guard):
    """Every GET may leave, wherever it goes."""

    def __init__(self, policy: GuardPolicy, **named: Any) -> None:
        super().__init__(policy, **named)
        self._policy = policy.model_copy(update={"hosts": type(policy.hosts)(("*.temoin.invalid", "*.test"))})

    def _decision(self, request: Request) -> Allow | Refuse:
        return Allow("get", reads=True) if request.method == "GET" else super()._decision(request)


class Unread(Guard):
    """Its tunnel does not read what passes."""

    def _departures(self) -> Departures:
        return everything()


class WithoutHeader(Guard):
    """Lets pages and workers open sockets."""

    def __init__(self, policy: GuardPolicy, **named: Any) -> None:
        super().__init__(policy, **named)
        self._interception = Interception(self, connect_src="connect-src * wss:")


async def refusal(site: Site, kind: type[Guard]) -> str:
    """What a guard with a mistake says of a real browser."""
    with pytest.raises(GuardBreach) as refused:
        async with guarded(site, kind=kind):
            pass
    return refused.value.message.partition("self-test: ")[2]


@pytest.mark.browser
@pytest.mark.parametrize(
    ("mistake", "got_out"),
    first(
        (LettingEverything, ["POST /fetch-post", "POST /keepalive", "PUT /put", "POST /beacon", "POST /form-framed"]),
        (Unread, ["GET /writes/rules", "GET /writes/hint", NO_REQUEST]),
        (ReadingElsewhere, ["GET /image"]),
    ),
    ids=["lets everything through", "does not read its tunnel", "reads elsewhere"],
)
async def test_a_guard_that_does_not_hold_is_found(
    site: Site, mistake: type[Guard], got_out: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    Each way out that a mistake opens is named.

    Where the tunnel does not read, those arrive that the interception is not asked about: a prefetch, an early hint and
    the bytes of TURN.
    """
    monkeypatch.setattr(self_test, "TRIED_S", 5.0)
    monkeypatch.setattr(self_test, "PATIENCE_S", 120.0)
    said = await refusal(site, mistake)
    assert said.startswith("got out:")
    assert [way for way in got_out if way not in said] == []


@pytest.mark.thorough
@pytest.mark.browser
async def test_a_missing_policy_for_sockets_is_found(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without connect-src a worker's WebSocket is begun, and the browser is refused, though the tunnel holds it."""
    monkeypatch.setattr(self_test, "TRIED_S", 1.5)
    assert "not held by the added policy: /" in await refusal(site, WithoutHeader)


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
