"""
The form filled and sent behind the reader's back: under the guard it never arrives, without the guard it does.

Real: the browser, its clicks and keys, TLS, the guard and the replica's server, which counts what arrives.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Error, Frame, Page, Playwright, async_playwright

import flows as shipped
from automation.authoring.replica import Actor, Replica, ReplicaSite, Write, load_site
from automation.browser.pool import context_options, launched
from automation.core.records import RequestRecord
from automation.core.settings import BrowserSettings
from automation.guard import Guard, GuardPolicy, Phase
from tests.replica.unguarded import unguarded
from tests.tiers import first
from tests.turns import until

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

SITES = {service: load_site(service) for service in shipped.ANSWERED}
SUBMITS = {"useCometSupportFormSubmitMutation", "/ajax/help/contact/submit/page"}
FORMS = [
    ("facebook", "open"),
    ("facebook", "open_legacy"),
    ("facebook", "open_divs"),
    ("facebook", "open_2024"),
    ("facebook", "open_2024_client"),
    ("facebook", "open_frame"),
    ("facebook", "open_frame_cross"),
    ("facebook", "open_self_submit"),
    ("facebook", "open_self_submit_legacy"),
    ("instagram", "open"),
    ("instagram", "open_legacy"),
    ("instagram", "open_divs"),
    ("instagram", "open_frame_cross"),
    ("instagram", "open_self_submit"),
]
_SETTLE_S = 0.5
"""For what else the page may try, once it has tried to send the form."""


def actor_of(service: str, scenario: str) -> Actor:
    """The account of a scenario, in English."""
    return next(a for a in SITES[service].cast if a.scenario == scenario and a.locale == "en-GB")


def form_of(site: ReplicaSite) -> str:
    """Address of the service's own form."""
    base = site.options["contact_base"] or "https://www.facebook.com"
    return f"{base}{site.options['contact_path']}{site.options['form_a']}/"


class NoForm(AssertionError):
    """The page shows no form to send."""


async def form_frame(page: Page) -> Frame:
    """The frame that holds the submit control."""
    for _ in range(300):  # half a minute: a machine may stand still for a while
        for frame in page.frames:
            try:
                if await frame.get_by_role("button", name="Submit", exact=True).count():
                    return frame
            except Error:
                continue  # a frame that goes away while it is looked at
        await asyncio.sleep(0.1)
    raise NoForm(f"no submit control at {page.url}")


async def send_by_hand(page: Page, url: str, *, keys: bool) -> None:
    """Open the form, fill whatever it asks, click its submit control and, if asked, press Enter in its first field."""
    page.set_default_timeout(60_000)
    await page.goto(url)
    frame = await form_frame(page)
    submit = frame.get_by_role("button", name="Submit", exact=True)
    try:  # a form that was sent, or that sends itself, may go at any time
        for choice in await frame.locator("select:visible").all():
            await choice.select_option(index=1)
        for choice in await frame.get_by_role("combobox").and_(frame.locator("div")).all():
            await choice.click()
            await frame.get_by_role("option").first.click()
        for field in await frame.get_by_role("textbox").all():
            await field.fill("somebody@example.org")
        await submit.click()
        if keys:
            await frame.get_by_role("textbox").first.press("Enter", timeout=5_000)
            await submit.press("Enter", timeout=5_000)
    except Error:
        await submit.wait_for(state="hidden")


@asynccontextmanager
async def guarded(playwright: Playwright, service: str) -> AsyncIterator[tuple[Replica, Guard]]:
    """A replica, and a browser under the service's own guard."""
    async with Replica([SITES[service]]) as replica:
        settings = BrowserSettings(replica_map=replica.replica_map, replica_spki=(replica.spki,))
        policy = GuardPolicy.parse(shipped.load()[f"{service}.ai_objection"].site.tables)
        guard = Guard(policy, replica_map=replica.replica_map)
        async with launched(playwright, settings, guard):
            yield replica, guard


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def under_guard() -> AsyncIterator[dict[str, tuple[Replica, Guard]]]:
    """One guarded browser for each service."""
    async with (
        async_playwright() as playwright,
        guarded(playwright, "facebook") as facebook,
        guarded(playwright, "instagram") as instagram,
    ):
        yield {"facebook": facebook, "instagram": instagram}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def without_guard() -> AsyncIterator[tuple[Replica, Browser]]:
    """The same stand-ins and a plain browser."""
    async with unguarded(tuple(SITES.values())) as both:
        yield both


def refused(guard: Guard, mark: int) -> list[RequestRecord]:
    """What the guard stopped since then."""
    return [entry for entry in guard.since(mark) if not entry.allowed]


def submitted(writes: Sequence[Write | RequestRecord]) -> bool:
    """Whether the form itself is among them, and not only a draft or telemetry."""
    return any(write.operation in SUBMITS or write.path in SUBMITS for write in writes)


@pytest.mark.parametrize(("service", "scenario"), first(*FORMS, quick=2))
async def test_under_the_guard_nothing_arrives(
    under_guard: dict[str, tuple[Replica, Guard]], service: str, scenario: str
) -> None:
    """Filled, clicked and Enter pressed past the reader: neither the form, nor a draft, nor anything else is sent."""
    replica, guard = under_guard[service]
    actor = actor_of(service, scenario)
    state = SITES[service].storage_state(actor)
    context = await guard.new_context(Phase.CHECK, **context_options(storage_state=state))
    before = guard.mark()
    try:
        await send_by_hand(await context.new_page(), form_of(SITES[service]), keys=True)
        await until(lambda: submitted(refused(guard, before)))  # else nothing would be proven
        await asyncio.sleep(_SETTLE_S)
    finally:
        await guard.close_context(context)
    assert replica.writes == []
    assert guard.record().writes_let_through == 0
    assert not guard.breached


@pytest.mark.parametrize(("service", "scenario"), first(*FORMS, mark=pytest.mark.rare))
async def test_without_the_guard_the_form_arrives(
    without_guard: tuple[Replica, Browser], service: str, scenario: str
) -> None:
    """The same clicks do send the form: the count of nothing above is no accident."""
    replica, browser = without_guard
    actor = actor_of(service, scenario)
    start = len(replica.writes)
    context = await browser.new_context(**context_options(storage_state=SITES[service].storage_state(actor)))
    try:
        with contextlib.suppress(NoForm):  # it may have sent itself before anybody saw it
            await send_by_hand(await context.new_page(), form_of(SITES[service]), keys=False)
        await until(lambda: submitted(replica.writes[start:]))
    finally:
        await context.close()
