"""
Each layer of the guard is taken away in turn, and what then gets out of a real browser is counted.

Most ways out are held by more than one layer: one of them alone may be missing, and still nothing leaves.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from automation.guard import Phase
from automation.guard import flags as flags_module
from automation.guard import guard as guard_module
from automation.guard import interception as interception_module
from automation.guard.departures import Departures
from automation.guard.interception import Interception
from automation.guard.tunnel import Tunnel
from tests.guard.browsing import guarded
from tests.tiers import first

if TYPE_CHECKING:
    from tests.guard.hostile.site import Site

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

CHANNELS = ("fetch_put", "beacon_text", "socket_worker", "rules", "rtc_turns", "rtc_stun", "away_image")
"""A write, one that no page waits for, a socket, a prefetch, TURN, UDP, and a read from a host that is not listed."""
STRAYS = {"bytes": "rtc_turns", "datagram": "rtc_stun"}
SETTLE_S = 1.0
INTERCEPTION, READING, HEADER, HOSTS, SWITCHES = "interception", "reading", "header", "hosts", "switches"
TABLE: list[tuple[set[str], set[str]]] = [
    (set(), set()),
    ({INTERCEPTION}, set()),
    ({READING}, {"rules", "rtc_turns"}),
    ({HEADER}, set()),
    ({HOSTS}, set()),
    ({SWITCHES}, {"rtc_stun"}),
    ({INTERCEPTION, READING}, {"fetch_put"}),
    ({HEADER, READING}, {"socket_worker", "rules", "rtc_turns"}),
    ({INTERCEPTION, HOSTS}, set()),
]
"""
Layers taken away → channels that lead out then, and no others. Where the interception lets everything through, the
answer to the first write tells of it and the guard closes: what others may have left by then is not counted.
"""


class Everything(set[tuple[str, ...]]):
    """Every browser passed its self-test: these tests break the guard on purpose."""

    def __contains__(self, item: object) -> bool:
        return True


def take_away(layers: set[str], patch: pytest.MonkeyPatch) -> None:
    """Put in place of a layer one that lets everything through."""
    patch.setattr(guard_module, "_PASSED", Everything())
    if INTERCEPTION in layers:
        patch.setattr(Interception, "_send", _always_continue)
    if READING in layers:
        patch.setattr(Departures, "sent", _unread)
        patch.setattr(Departures, "received", lambda _self, _piece: None)
    if HEADER in layers:
        patch.setattr(interception_module, "CONNECT_SRC", "connect-src * data: blob: wss:")
    if HOSTS in layers:
        patch.setattr(Tunnel, "route", lambda self, _host, _port: self._routes["*.test"])
    if SWITCHES in layers:
        kept = [one for one in flags_module.guard_arguments() if "webrtc" not in one and "blink" not in one]
        patch.setattr(guard_module, "guard_arguments", lambda: kept)


async def _always_continue(self: Interception, command: str, parameters: dict[str, Any]) -> None:
    if command in {"Fetch.failRequest", "Fetch.fulfillRequest"} and "body" not in parameters:
        command, parameters = "Fetch.continueRequest", {"requestId": parameters["requestId"]}
    assert self._session is not None
    await self._session.send(command, parameters)


async def _unread(_self: Departures, piece: bytes) -> bytes:
    return piece


@pytest.mark.parametrize(("away", "out"), first(*TABLE), ids=["+".join(sorted(away)) or "none" for away, _ in TABLE])
async def test_a_layer_is_missed_where_no_other_holds(
    site: Site, away: set[str], out: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With these layers away exactly these channels lead out; with none away, none does."""
    take_away(away, monkeypatch)
    async with guarded(site) as (guard, _):
        context = await guard.new_context(Phase.CHECK)
        page = await context.new_page()
        await page.goto(site.page("click"), wait_until="load")
        await page.evaluate(
            "names => { for (const name of Object.keys(jobs)) if (!names.includes(name)) delete jobs[name];"
            "           jobs.rules = LEAVING.rules; }",
            list(CHANNELS),
        )
        assert await page.evaluate("Object.keys(jobs).length") == len(CHANNELS)
        await page.click("#go")
        await asyncio.sleep(SETTLE_S)
        await guard.close_context(context)
        assert guard.breached == (INTERCEPTION in away)
    arrived = {name.partition(".")[2] or STRAYS.get(name, name) for name in site.writes | site.away}
    assert out <= arrived
    assert arrived <= out | (set(CHANNELS) - {"socket_worker", "rtc_stun"} if guard.breached else set())
