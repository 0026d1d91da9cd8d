"""
A site that tries every way out it knows, in a real browser: what arrives at its server is counted.

The same tour without a guard shows that the ways are real, and a mistake planted in the guard shows that the
count would tell.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from automation.guard import Allow, Guard, GuardPolicy, Phase, Refuse, Request
from tests.guard.browsing import guarded, started, unguarded
from tests.guard.builders import HOSTILE
from tests.guard.hostile.tour import MOMENTS, Tour, Ways, take
from tests.turns import HANGING_S, until

if TYPE_CHECKING:
    from tests.guard.hostile.site import Site

pytestmark = [pytest.mark.browser, pytest.mark.timeout(HANGING_S)]

TRIED = 165
"""Ways out on load and again on a click, at least."""
LIVE_WRITES = 95
LIVE_READS = 25
"""Ways that get through without a guard in the oldest and barest browser we test with, at least."""
CORE = {
    "fetch_post_text", "fetch_put", "fetch_keepalive", "fetch_redirected_307", "xhr_post_sync", "beacon_blob",
    "ping", "form_frame", "form_formaction", "form_dialog", "form_submit", "form_redirected_308", "frame_srcdoc",
    "frame_sandboxed_forms", "frame_blob", "frame_near", "popup_blank", "popup_form", "worker_blob", "worker_nested",
    "worker_shared", "worker_service", "socket", "socket_worker", "report_uri", "override_header", "get_logout",
    "graphql_mutation", "graphql_batch", "graphql_known_number", "sign_in_write", "rules", "socket_300",
}  # fmt: skip


def ways(guard: Guard) -> Ways:
    """A tour of the check phase under a guard."""
    return Ways(enter=lambda: guard.new_context(Phase.CHECK), leave=guard.close_context)


def channels(found: set[str]) -> set[str]:
    """The channels among `moment.channel`."""
    return {name.partition(".")[2] for name in found}


def ran_in_full(tour: Tour) -> bool:
    """Whether the pages loaded and their scripts ran: a 0 means nothing if they did not."""
    return tour.pages >= 2 * len(MOMENTS) + 2 * 18 and len(tour.ran) >= 2 * TRIED


@pytest.mark.rare
async def test_without_a_guard_the_ways_lead_out(site: Site) -> None:
    """The control: by far the most of the ways are real ones in this very browser, the core ones all."""
    for _ in range(3):  # a machine that stands still for a while loses what a page sends as it goes
        async with started(*unguarded(site)) as browser:
            plain = Ways(enter=browser.new_context, leave=lambda context: context.close())
            tour = await take(site, plain, until=lambda: channels(site.writes) >= CORE)
        if channels(site.writes) >= CORE:
            break
    assert ran_in_full(tour)
    assert set() == CORE - channels(site.writes)
    assert len(channels(site.writes)) >= LIVE_WRITES
    assert len(channels(site.away)) >= LIVE_READS
    assert {"raw", "datagram"} <= site.writes


@pytest.mark.parametrize(
    "moments", [("click",), pytest.param(MOMENTS, marks=pytest.mark.thorough)], ids=["click", "every moment"]
)
async def test_no_write_leaves_the_guard(site: Site, moments: tuple[str, ...]) -> None:
    """Not one write arrives and not one request to a host that is not listed, while reads go on as before."""
    reads = {f"{moment}.read_graphql" for moment in moments if moment in {"load", "click"}}
    async with guarded(site) as (guard, _):

        def all_seen() -> bool:
            """Whether the reads have arrived and the refusals were noted: the browser tells of both in its own time."""
            return reads <= site.reads and sum(rule.count for rule in guard.record().blocked) >= TRIED

        tour = await take(site, ways(guard), moments=moments, leaving=moments == MOMENTS, until=all_seen)
        record = guard.record()
    assert ran_in_full(tour) if moments == MOMENTS else len(tour.ran) >= TRIED
    assert site.writes == set()
    assert site.away == set()
    assert not guard.breached
    assert record.writes_let_through == 0
    assert sum(rule.count for rule in record.blocked) >= TRIED
    assert reads <= site.reads


@pytest.mark.thorough
async def test_nothing_at_all_leaves_after_the_lock(site: Site) -> None:
    """Once severed, no click, navigation or closing brings a single request out, not even a read."""
    at_lock: list[int] = []
    async with guarded(site) as (guard, _):
        tour_ways = ways(guard)

        async def lock() -> None:
            guard.sever()
            await asyncio.sleep(0.1)  # what the site had in hand by then is still counted as before
            at_lock.append(len(site.arrivals))

        locked = Ways(enter=tour_ways.enter, leave=tour_ways.leave, lock=lock)
        for moment in MOMENTS[1:]:
            before = len(at_lock)
            await take(site, locked, moments=(moment,), after_s=1.0)
            assert site.arrivals[at_lock[before] :] == [], f"left after the lock, at {moment}"
    assert site.writes == set()
    assert not guard.breached


async def planted(
    site: Site, shows: Callable[[], bool], policy: GuardPolicy | None = None, kind: type[Guard] = Guard
) -> None:
    """A short tour under a guard with a mistake in it, until that shows at the site."""
    async with guarded(site, policy, kind) as (guard, _):
        await take(site, ways(guard), moments=("load",), leaving=False, after_s=0.0)
        await until(shows)


@pytest.mark.thorough
async def test_a_mistake_in_the_policy_shows(site: Site) -> None:
    """One path too many among the reads, and the count is no longer 0."""
    tables: dict[str, Any] = {**HOSTILE, "guard": {**HOSTILE["guard"], "read_paths": ["/read", "/hit/*"]}}
    await planted(site, lambda: "fetch_post_params" in channels(site.writes), GuardPolicy.parse(tables))


class TooKind(Guard):
    """Lets every POST through."""

    def _decision(self, request: Request) -> Allow | Refuse:
        return Allow("get", reads=True) if request.method == "POST" else super()._decision(request)


@pytest.mark.thorough
async def test_a_decision_that_is_too_kind_shows(site: Site) -> None:
    """If every POST were let through, most ways would be open."""
    await planted(site, lambda: len(channels(site.writes)) > LIVE_WRITES // 2, kind=TooKind)
