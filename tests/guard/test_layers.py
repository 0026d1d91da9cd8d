"""
Each layer of the guard is taken away in turn, and what then gets out of a real browser is counted.

Most ways out are held by more than one layer: one of them alone may be missing, and still nothing leaves.
"""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Any

import pytest

from automation.guard import Allow, Guard, GuardPolicy, Phase, Refuse, Request
from automation.guard.interception import Interception
from automation.guard.record import CONNECT_SRC
from automation.guard.spelling import Patterns
from tests.guard.browsing import guarded
from tests.guard.builders import HOSTILE
from tests.guard.test_tunnel import everything
from tests.tiers import first
from tests.turns import until

if TYPE_CHECKING:
    from playwright.async_api import Browser, BrowserContext, Page

    from automation.guard.departures import Departures
    from tests.guard.hostile.site import Site

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

CHANNELS = (
    "fetch_put", "beacon_text", "worker_service", "socket", "socket_worker", "rules", "rtc_turns", "rtc_stun", "away_image",
)  # fmt: skip
"""
A write, one that no page waits for, a service worker's, two sockets, a prefetch, TURN, UDP, and a read from a host that
is not listed.
"""
STRAYS = {"bytes": "rtc_turns", "datagram": "rtc_stun"}
SETTLE_S = 1.0
INTERCEPTION, READING, HEADER, HOSTS, SWITCHES, CONTEXT = (
    "interception",
    "reading",
    "header",
    "hosts",
    "switches",
    "context",
)
LAYERS = {INTERCEPTION, READING, HEADER, HOSTS, SWITCHES, CONTEXT}
TABLE: list[tuple[set[str], set[str]]] = [
    (set(), set()),
    ({INTERCEPTION}, set()),
    ({READING}, {"rules", "rtc_turns"}),
    ({HEADER}, set()),
    ({HOSTS}, set()),
    ({SWITCHES}, {"rtc_stun"}),
    ({CONTEXT}, set()),
    ({INTERCEPTION, READING}, {"fetch_put"}),
    ({HEADER, READING}, {"socket_worker", "rules", "rtc_turns"}),
    ({INTERCEPTION, HOSTS}, set()),
    (LAYERS - {READING}, {"rtc_stun"}),
    (LAYERS - {INTERCEPTION}, {"socket", "socket_worker", "rules", "rtc_turns", "rtc_stun"}),
    (LAYERS - {HEADER}, {"fetch_put", "rtc_stun"}),
    (LAYERS - {HOSTS}, {"fetch_put", "rtc_stun"}),
    (LAYERS - {SWITCHES}, {"fetch_put"}),
    (LAYERS - {CONTEXT}, {"fetch_put", "rtc_stun"}),
]
"""
Layers taken away → channels that lead out then, and no others. The last six leave one layer by itself. Where the
interception lets everything through, the answer to the first write tells of it and the guard closes: what others may
have left by then is not counted.
"""
HELD_BY = {"socket_worker": {HEADER}, "away_image": {HOSTS}, "worker_service": {CONTEXT}, "socket": {HEADER, CONTEXT}}
"""Channel → layers of which each holds it, without interception and reading."""


class Continuing(Interception):
    """Lets go on whatever the guard refuses."""

    async def _send(self, command: str, parameters: dict[str, Any]) -> None:
        if command in {"Fetch.failRequest", "Fetch.fulfillRequest"} and "body" not in parameters:
            command, parameters = "Fetch.continueRequest", {"requestId": parameters["requestId"]}
        assert self._session is not None
        await self._session.send(command, parameters)


class Everywhere(GuardPolicy):
    """Leads to every host of the site."""

    def hosts_in(self, phase: Phase) -> Patterns:
        """All of them."""
        return Patterns(("*.test",))


class Unheld:
    """A browser whose contexts have their tunnel, and nothing else of what the guard gives them."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser

    async def new_context(self, **options: Any) -> BrowserContext:
        """One that takes service workers, downloads and sockets."""

        async def without_routing(*_: object) -> None:
            pass

        held = {"service_workers", "accept_downloads"}
        context = await self._browser.new_context(
            **{name: given for name, given in options.items() if name not in held}
        )
        context.route_web_socket = without_routing  # type: ignore[assignment,method-assign]
        return context


def without(away: set[str]) -> type[Guard]:
    """A guard that has in place of some layers ones that let everything through, and that is not put to the self-test."""

    class Weak(Guard):
        def __init__(self, *given: Any, **named: Any) -> None:
            super().__init__(*given, **named)
            connect_src = "connect-src * data: blob: wss:" if HEADER in away else CONNECT_SRC
            kind = Continuing if INTERCEPTION in away else Interception
            self._interception = kind(self, connect_src=connect_src)
            self._policy, self._decided_by = Everywhere.parse(HOSTILE) if HOSTS in away else self._policy, self._policy

        def _decision(self, request: Request) -> Allow | Refuse:
            leading, self._policy = self._policy, self._decided_by
            try:
                return super()._decision(request)
            finally:
                self._policy = leading

        def arguments(self, *pinned: str) -> list[str]:
            switches = super().arguments(*pinned)
            return [one for one in switches if SWITCHES not in away or ("webrtc" not in one and "blink" not in one)]

        async def _try(self, _started_with: list[str]) -> str:
            return ""

        def _ready(self) -> Any:
            return Unheld(super()._ready()) if CONTEXT in away else super()._ready()

        def _departures(self) -> Departures:
            return everything() if READING in away else super()._departures()

    return Weak


def arrived_at(site: Site) -> set[str]:
    """Channels by which something got there."""
    return {name.partition(".")[2] or STRAYS.get(name, name) for name in site.writes | site.away}


async def trying(site: Site, context: BrowserContext) -> Page:
    """The hostile page with these channels alone, to be started by a click."""
    page = await context.new_page()
    await page.goto(site.page("click"), wait_until="load")
    await page.evaluate(
        "names => { for (const name of Object.keys(jobs)) if (!names.includes(name)) delete jobs[name];"
        "           jobs.rules = LEAVING.rules; }",
        list(CHANNELS),
    )
    assert await page.evaluate("Object.keys(jobs).length") == len(CHANNELS)
    return page


@pytest.mark.parametrize(("away", "out"), first(*TABLE), ids=["+".join(sorted(away)) or "none" for away, _ in TABLE])
async def test_a_layer_is_missed_where_no_other_holds(site: Site, away: set[str], out: set[str]) -> None:
    """With these layers away exactly these channels lead out; with none away, none does."""
    async with guarded(site, kind=without(away)) as (guard, _):
        context = await guard.new_context(Phase.CHECK)
        await (await trying(site, context)).click("#go")
        with contextlib.suppress(TimeoutError):
            await until(lambda: out <= arrived_at(site))
        await asyncio.sleep(SETTLE_S)
        await guard.close_context(context)
        assert guard.breached == (INTERCEPTION in away)
    arrived = arrived_at(site)
    assert out <= arrived
    hastened = set[str]()
    if guard.breached and READING in away:
        hastened = {"fetch_put", "beacon_text", "rules", "rtc_turns"}
        hastened |= {name for name, layers in HELD_BY.items() if layers <= away}
    assert arrived <= out | hastened


async def test_a_severed_tunnel_by_itself_lets_nothing_out(site: Site) -> None:
    """With all other layers away but the switches, which hold what is no TCP, nothing arrives after the lock."""
    async with guarded(site, kind=without(LAYERS - {SWITCHES})) as (guard, _):
        context = await guard.new_context(Phase.CHECK)
        page = await trying(site, context)
        guard.sever()
        await asyncio.sleep(0.1)  # what the site had in hand by then is counted as before
        before = len(site.arrivals)
        await page.click("#go")
        await page.wait_for_function("window.ran")
        await asyncio.sleep(SETTLE_S)
        await guard.close_context(context)
    assert site.arrivals[before:] == []
    assert site.strays == []
