"""
The lab: pages try every way out that is known here at five moments of a visit, and attack the one attended request.

What arrives at their server is counted, and held against the guard's record: nothing may arrive that is not on it.

Run: `make guard-lab`, or `python -m tests.guard.lab`
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import sys
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from automation.guard import ANSWER_FAILED, Guard, GuardPolicy, Phase
from automation.guard.record import HINT_REFUSED, TOO_LARGE
from automation.guard.submission import Moment, ShownField, Submission
from automation.visit.attended.sending import Window
from tests.guard.browsing import guarded, started, unguarded
from tests.guard.builders import HOSTILE
from tests.guard.hostile.site import FORM, HERE, hostile_site

if TYPE_CHECKING:
    from playwright.async_api import BrowserContext, Page

    from automation.core.records import RequestRecord
    from automation.guard.released import ReleasedSubmit
    from tests.guard.hostile.site import Arrival, Site

BEFORE, SIGNING_IN, READING, ATTENDED, CLOSING = "before", "signing_in", "reading", "attended", "context"
PHASES = {
    BEFORE: Phase.SESSION,
    SIGNING_IN: Phase.SESSION,
    READING: Phase.CHECK,
    ATTENDED: Phase.ATTENDED,
    CLOSING: Phase.CHECK,
}
"""Before the sign-in's request and after it, while reading, in the person's window, and as the context closes."""
TABLES = ("QUIET", "FURTHER")
ATTACKS = tuple(re.findall(r"^  (\w+): ", (HERE / "attacks.js").read_text(), re.MULTILINE))
ATTACKED: dict[str, Any] = {
    **HOSTILE,
    "identity": {"cookies": ["who"], "acting_cookies": ["acts"]},
    "guard": {
        **HOSTILE["guard"],
        "submit": {
            "paths": ["/objection"],
            "form_id_fields": ["form"],
            "account_fields": ["account"],
            "carries": ["token"],
        },
    },
}
ACCOUNT, REASON, TOKEN = "1001", "I object.", "Zx81kLm2"
QUIET_S, PATIENCE_S, LATE_S = 1.5, 30.0, 2.0
_SENT_S = 0.7
_AFTERWARDS = {ANSWER_FAILED, TOO_LARGE, HINT_REFUSED}
_TITLES = ("what", "ways", "at", "arrived", "writes", "not listed", "no record")


@dataclass(frozen=True, slots=True)
class Found:
    """What a tour of some ways at one moment came to."""

    what: str
    ways: int
    moment: str
    arrived: int
    writes: tuple[str, ...]
    """What arrived and should not have, by name."""
    away: tuple[str, ...]
    unrecorded: tuple[str, ...]
    """What arrived more often than the guard's record lets it."""

    @property
    def counts(self) -> tuple[int, int, int]:
        """Of what got out: writes, what reached a host that is not listed, and what is on no record."""
        return len(self.writes), len(self.away), len(self.unrecorded)

    @property
    def holds(self) -> bool:
        """Whether nothing got out."""
        return not any(self.counts)


def unrecorded(arrivals: list[Arrival], entries: tuple[RequestRecord, ...]) -> tuple[str, ...]:
    """What arrived more often than it was let through, by the record."""
    let = Counter((one.method, one.host, one.path) for one in entries if one.allowed and one.rule not in _AFTERWARDS)
    came = Counter((one.method, one.host, one.target.partition("?")[0]) for one in arrivals)
    return tuple(sorted(" ".join(one) for one in came - let))


async def ways_at(site: Site, guard: Guard, table: str, moment: str) -> Found:
    """Try a table's ways at one moment of a visit under a guard."""
    mark, before, strays = guard.mark(), len(site.arrivals), len(site.strays)
    context = await guard.new_context(PHASES[moment])
    with guard.only_reading() if moment == BEFORE else contextlib.nullcontext():
        ways = await _try_all(site, context, table, moment)
        await _until_quiet(lambda: guard.mark() + len(site.arrivals))
    await guard.close_context(context)
    await asyncio.sleep(LATE_S)
    arrivals = site.arrivals[before:]
    signs_in = {"POST /login/", f"{SIGNING_IN}.sign_in_write"} if moment == SIGNING_IN else set()
    wrote = {one.channel or f"{one.method} {one.target}" for one in arrivals if one.writes} - signs_in
    away = {one.channel for one in arrivals if one.host == "away.test"}
    missing = unrecorded(arrivals, guard.since(mark))
    writes = (*sorted(wrote), *site.strays[strays:])
    return Found(table.lower(), ways, moment, len(arrivals), writes, tuple(sorted(away)), missing)


async def ways_without_guard(site: Site, table: str) -> set[str]:
    """The control: names of a table's ways by which something leaves without a guard."""
    async with started(*unguarded(site)) as browser:
        context = await browser.new_context()
        await _try_all(site, context, table, READING)
        await _until_quiet(lambda: len(site.arrivals))
        await context.close()
    await asyncio.sleep(LATE_S)
    return {name.partition(".")[2] or name for name in site.writes | site.away}


async def _try_all(site: Site, context: BrowserContext, table: str, moment: str) -> int:
    """Open the page and start every way; returns how many."""
    page = await context.new_page()
    await page.goto(site.page(moment, table=table))
    await page.wait_for_function("document.title == 'ready'")
    if moment == SIGNING_IN:
        signed_in = "fetch('/login/', {method: 'POST', body: 'email=a'}).then(answer => answer.status)"
        assert await page.evaluate(signed_in) == 200
    if moment != CLOSING:
        await page.click("#go", no_wait_after=True)
        await page.wait_for_function("window.ran")
    return int(await page.evaluate("Object.keys(jobs).length"))


async def _until_quiet(count: Any) -> None:
    """Wait until nothing was noted for a while; pages that never rest are not waited for."""
    last, still_s = count(), 0.0
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(PATIENCE_S):
            while still_s < QUIET_S:
                await asyncio.sleep(0.1)
                still_s = still_s + 0.1 if count() == last else 0.0
                last = count()


# -- the one request ------------------------------------------------------------------------------------------


async def _opened(context: BrowserContext, attack: str) -> tuple[Page, str, Window]:
    """The form in a window that tells which of its frames sends what; and the browser's name of its frame."""
    assert attack in ATTACKS
    await context.add_cookies([{"name": "who", "value": ACCOUNT, "url": "https://site.test"}])
    page = await context.new_page()
    session, window = await context.new_cdp_session(page), Window(page)
    await window.watch(session)
    await page.goto(f"https://site.test/form?attack={attack}")
    frame = (await session.send("Page.getFrameTree"))["frameTree"]["frame"]["id"]
    return page, frame, window


async def _yes_to_all(release: ReleasedSubmit) -> None:
    """A person who lets on whatever is held, at once: what protects them then is not their own eye."""
    while True:
        release.answer(let_on=True)
        await asyncio.sleep(0.02)


def is_reviewed(arrival: Arrival) -> bool:
    """Whether it says what the person reviewed, as a form or as JSON, and nothing else."""
    body = arrival.body.decode("latin-1")
    said = json.loads(body).items() if body.startswith("{") else parse_qsl(body, keep_blank_values=True)
    known = {"reason": REASON, "form": "7", "account": ACCOUNT, "token": TOKEN}
    return (arrival.method, arrival.host, arrival.target) == ("POST", "site.test", "/objection") and (
        sorted(said) == sorted(known.items()) and not arrival.override
    )


async def attacked(site: Site, guard: Guard, attack: str) -> Found:
    """A person presses the button of a page that attacks, and says yes to all that is held."""
    mark, before = guard.mark(), len(site.arrivals)
    context = await guard.new_context(Phase.ATTENDED)
    page, frame, window = await _opened(context, attack)
    review = Submission(
        "site.test",
        frozenset({frame}),
        "7",
        (ShownField("reason", frozenset({REASON})),),
        hidden={"form": "7", "account": ACCOUNT, "token": TOKEN},
        moment=Moment(ACCOUNT, FORM),
    )
    release = guard.release(review, 60, lambda: None, window.is_from_frame)
    yes = asyncio.ensure_future(_yes_to_all(release))
    with contextlib.suppress(Exception):  # a page that has gone by itself has no button left
        release.press()
        await page.click("button", timeout=2_000, no_wait_after=True)
    await asyncio.sleep(_SENT_S)
    await guard.close_context(context)
    yes.cancel()
    arrivals = site.arrivals[before:]
    written = [one for one in arrivals if one.writes]
    wrong = [f"{one.method} {one.target}" for one in written if not is_reviewed(one)]
    wrong += ["more than once"] if len(written) > 1 else []
    missing = unrecorded(arrivals, guard.since(mark))
    away = tuple(one.target for one in arrivals if one.host == "away.test")
    return Found(attack, 1, ATTENDED, len(written), tuple(wrong), away, missing)


async def harmed_without_guard(site: Site) -> set[str]:
    """The control: attacks by which without a guard something else arrives than once what was reviewed."""
    harmed = set()
    async with started(*unguarded(site)) as browser:
        for attack in ATTACKS:
            before = len(site.arrivals)
            context = await browser.new_context()
            page, _, _ = await _opened(context, attack)
            with contextlib.suppress(Exception):
                await page.click("button", timeout=2_000, no_wait_after=True)
            await asyncio.sleep(_SENT_S)
            await context.close()
            came = [one for one in site.arrivals[before:] if one.writes or one.host == "away.test"]
            if len(came) != 1 or not is_reviewed(came[0]):
                harmed.add(attack)
    return harmed


async def run(attacks: tuple[str, ...] = ATTACKS, moments: tuple[str, ...] = tuple(PHASES)) -> list[Found]:
    """All of it, under the guard."""
    found = []
    async with hostile_site() as site:
        for table in TABLES:
            async with guarded(site) as (guard, _):
                found += [await ways_at(site, guard, table, moment) for moment in moments]
                assert not guard.breached
        async with guarded(site, GuardPolicy.parse(ATTACKED)) as (guard, _):
            found += [await attacked(site, guard, attack) for attack in attacks]
            assert not guard.breached
    return found


def table_of(found: list[Found]) -> str:
    """What was found, for a terminal; the attacks as one line, but for those that succeeded."""
    tours, attacks = [one for one in found if one.what not in ATTACKS], [one for one in found if one.what in ATTACKS]
    rows: list[tuple[object, ...]] = [_TITLES]
    rows += [(one.what, one.ways, one.moment, one.arrived, *one.counts) for one in tours]
    sums = (sum(one.counts[column] for one in attacks) for column in range(3))
    rows.append(("attacks", len(attacks), "press", sum(one.arrived for one in attacks), *sums))
    lines = ["  ".join(f"{cell!s:>10}" for cell in row) for row in rows]
    faults = [f"{one.what} {one.moment}: {one.writes + one.away + one.unrecorded}" for one in found if not one.holds]
    return "\n".join([*lines, *faults])


if __name__ == "__main__":
    outcome = asyncio.run(run())
    sys.stdout.write(f"{table_of(outcome)}\n")
    sys.exit(not all(one.holds for one in outcome))
