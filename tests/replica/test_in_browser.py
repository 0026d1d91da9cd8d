"""The stand-in pages in a real browser without any guard: what they show, and what they send by themselves."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Browser, BrowserContext, expect

from automation.authoring.replica import Actor, Replica, ReplicaSite, load_site
from tests.replica.unguarded import unguarded
from tests.turns import until

pytestmark = [pytest.mark.browser, pytest.mark.rare]

SITES = {service: load_site(service) for service in ("facebook", "instagram")}
FACEBOOK = "https://www.facebook.com"
INSTAGRAM = "https://www.instagram.com"
FORM = f"{FACEBOOK}/help/contact/6359191084165019/"
INBOX = f"{FACEBOOK}/support/"


@asynccontextmanager
async def running(*sites: ReplicaSite) -> AsyncIterator[tuple[Replica, Browser]]:
    """A replica and a browser that knows no other host."""
    async with unguarded(sites or tuple(SITES.values())) as (replica, browser):
        yield replica, browser
        assert replica.faults == []


def actor_of(service: str, scenario: str, locale: str = "en-GB") -> Actor:
    """The account of a scenario in a language."""
    return next(actor for actor in SITES[service].cast if actor.scenario == scenario and actor.locale == locale)


async def context_of(browser: Browser, actor: Actor) -> BrowserContext:
    """A context that is signed in already."""
    state = SITES[actor.service].storage_state(actor)
    return await browser.new_context(locale=actor.locale, storage_state=state)


def operations(replica: Replica) -> set[str]:
    """Names of the operations that wrote."""
    return {write.operation for write in replica.writes}


async def test_pages_write_by_themselves() -> None:
    """Without a guard the pages send mutations, telemetry and sockets: a count of 0 could not be an accident."""
    actor = actor_of("facebook", "accepted")
    async with running() as (replica, browser):
        context = await context_of(browser, actor)
        page = await context.new_page()
        await page.goto(INBOX)
        await page.get_by_role("link", name=SITES["facebook"].words.text("item_objection", "en-GB")).wait_for()
        wanted = {
            "UpdateUserLastActiveMutation",
            "CometNotificationsUpdateSeenStateMutation",
            "FXAccountsCenterNotificationsRootMarkAsSeenMutation",
        }
        await until(lambda: wanted <= operations(replica))
        await until(
            lambda: {"/ajax/bz", "/ajax/bnzai", "/ajax/qm/", "/tr/"} <= {write.path for write in replica.writes}
        )
        await until(lambda: {"WEBSOCKET"} <= {write.method for write in replica.writes})
        hosts = {write.host for write in replica.writes if write.method == "WEBSOCKET"}
        assert hosts == {"edge-chat.facebook.com", "gateway.facebook.com"}
        before = len(replica.writes)
        await page.goto("about:blank")
        await until(lambda: {"/ajax/bz", "/ajax/bnzai"} <= {write.path for write in replica.writes[before:]})


@pytest.mark.parametrize(
    ("scenario", "expected"),
    [
        ("open_self_submit", "useCometSupportFormSubmitMutation"),
        ("open_self_submit_legacy", "/ajax/help/contact/submit/page"),
    ],
)
async def test_a_form_submits_itself(scenario: str, expected: str) -> None:
    """Left alone, such a form is sent after a moment: without a guard it arrives."""
    async with running() as (replica, browser):
        context = await context_of(browser, actor_of("facebook", scenario))
        page = await context.new_page()
        await page.goto(FORM)
        await until(lambda: expected in {text for write in replica.writes for text in (write.operation, write.path)})


async def test_typing_saves_a_draft() -> None:
    """What is typed into the form is sent away without any button."""
    async with running() as (replica, browser):
        context = await context_of(browser, actor_of("facebook", "open"))
        page = await context.new_page()
        await page.goto(FORM)
        await page.locator("textarea").fill("My reason")
        await until(lambda: "useSupportFormDraftSaveMutation" in operations(replica))


async def test_links_are_followed_without_a_new_page() -> None:
    """A row without a link opens its conversation in place; the address changes, the document stays."""
    async with running() as (replica, browser):
        context = await context_of(browser, actor_of("facebook", "accepted_rows"))
        page = await context.new_page()
        await page.goto(INBOX)
        await page.evaluate("window.same = true")
        row = page.get_by_role("button").filter(has_text="Object to your information")
        assert await row.evaluate("node => node.querySelector('a') === null")
        served = replica.pages_served.total()
        await row.click()
        await page.wait_for_url("**/support/view_details/?id=1220734598241077")
        await expect(page.get_by_text("Privacy Operations")).to_be_visible()
        assert await page.evaluate("window.same") is True
        assert replica.pages_served.total() == served
        await until(lambda: "useIXSupportInboxItemActionMutation" in operations(replica))


async def test_the_switch_of_a_private_account() -> None:
    """Instagram's switch shows its state as an attribute, and pressing it writes."""
    async with running() as (replica, browser):
        context = await context_of(browser, actor_of("instagram", "open_private"))
        page = await context.new_page()
        await page.goto(f"{INSTAGRAM}/accounts/who_can_see_your_content/")
        switch = page.get_by_role("switch", name="Private account")
        await expect(switch).to_have_attribute("aria-checked", "true")
        await switch.click()
        await until(lambda: "/api/v1/web/accounts/set_private/" in {write.path for write in replica.writes})
