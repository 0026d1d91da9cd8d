"""The lab under the guard: every way out at five moments of a visit, and every attack on the one attended request."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import pytest

from automation.core.records import RequestRecord
from automation.guard import GuardPolicy
from tests.guard import lab
from tests.guard.browsing import guarded
from tests.guard.hostile.site import Arrival
from tests.tiers import first
from tests.turns import HANGING_S

if TYPE_CHECKING:
    from tests.guard.hostile.site import Site

pytestmark = pytest.mark.timeout(HANGING_S)
WAYS = {"QUIET": 165, "FURTHER": 205}
LIVE_WAYS, LIVE_ATTACKS = 100, 45
"""How many of the further ways, and of the attacks, do harm without a guard, at least."""
FEW = ("FURTHER", lab.READING)
MORE = [case for case in product(lab.TABLES, lab.PHASES) if case != FEW]


@pytest.mark.browser
@pytest.mark.parametrize(("table", "moment"), first(FEW, *MORE, mark=pytest.mark.rare))
async def test_no_way_leads_out_at_any_moment(site: Site, table: str, moment: str) -> None:
    """No write arrives, nothing at a host that is not listed, and nothing that the record does not let through."""
    async with guarded(site) as (guard, _):
        found = await lab.ways_at(site, guard, table, moment)
        refused = sum(rule.count for rule in guard.record().blocked)
        assert not guard.breached
    assert found.ways >= WAYS[table]
    assert refused >= found.ways // 2
    assert found.holds, lab.table_of([found])


@pytest.mark.browser
@pytest.mark.parametrize("attacks", first(lab.ATTACKS[:4], (lab.ATTACKS[4:],)))
async def test_the_one_request_arrives_as_reviewed_or_not_at_all(site: Site, attacks: tuple[str, ...]) -> None:
    """The person presses and says yes to whatever is held: what they reviewed arrives once, or nothing does."""
    async with guarded(site, GuardPolicy.parse(lab.ATTACKED)) as (guard, _):
        found = [await lab.attacked(site, guard, attack) for attack in attacks]
        assert not guard.breached
    assert [one.what for one in found if not one.holds] == [], lab.table_of(found)
    assert all(one.arrived == 1 for one in found if one.what == "nothing")


@pytest.mark.browser
@pytest.mark.rare
async def test_without_a_guard_they_do_harm(site: Site) -> None:
    """The control: in this very browser most of the further ways lead out, and most attacks succeed."""
    assert len(await lab.ways_without_guard(site, "FURTHER")) >= LIVE_WAYS
    assert len(await lab.harmed_without_guard(site)) >= LIVE_ATTACKS


def test_what_is_on_no_record_shows() -> None:
    """An arrival that nothing let through is named, and so is a second one where one was."""
    came = [Arrival("GET", "site.test", f"/{path}", b"", upgrade=False, override=False) for path in ("a?x", "a?y", "b")]
    let = [RequestRecord("check", "GET", "site.test", f"/{path}", "get", allowed=path != "b") for path in ("a", "b")]
    assert lab.unrecorded(came, tuple(let)) == ("GET site.test /a", "GET site.test /b")
