"""The stand-in pages in a real browser without any guard: what they show, and what they send by themselves."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pyotp
import pytest
from playwright.async_api import Browser, BrowserContext, Page, expect

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


async def enter_password(page: Page, actor: Actor) -> None:
    """Decline cookies, type name and password, press Enter."""
    await page.get_by_role("dialog").get_by_role("button").last.click()
    await page.locator("form input[type=text]").fill(actor.username)
    await page.locator("form input[type=password]").fill(actor.password)
    await page.locator("form input[type=password]").press("Enter")


@pytest.mark.parametrize("generation", ["2024", "2025", "2026"])
async def test_signing_in_to_facebook(generation: str) -> None:
    """Enter submits each generation of Facebook's login; the page that was asked for comes next."""
    actor = actor_of("facebook", "open", "fr-FR")
    async with running(SITES["facebook"].having(login=generation)) as (replica, browser):
        page = await browser.new_page(locale="fr-FR")
        await page.goto(INBOX)
        await expect(page.get_by_role("dialog")).to_contain_text("Refuser les cookies optionnels")
        await enter_password(page, actor)
        await page.wait_for_url(INBOX)
        cookies = {cookie["name"] for cookie in await page.context.cookies()}
        assert {"c_user", "xs"} <= cookies
        assert replica.sign_in_tries == {actor.username: 1}
        assert {entry.path for entry in replica.sign_ins} == {
            "/api/graphql/",
            "/login/device-based/regular/login/",
        }


@pytest.mark.parametrize("generation", ["username", "email", "unnamed"])
async def test_signing_in_to_instagram(generation: str) -> None:
    """Enter submits each generation of Instagram's login, the one without names too."""
    actor = actor_of("instagram", "open")
    async with running(SITES["instagram"].having(login=generation)) as (replica, browser):
        page = await browser.new_page(locale="en-GB")
        await page.goto(f"{INSTAGRAM}/accounts/login/")
        await enter_password(page, actor)
        await page.wait_for_url(f"{INSTAGRAM}/")
        assert "/api/v1/web/accounts/login/ajax/" in {entry.path for entry in replica.sign_ins}


@pytest.mark.parametrize(
    ("service", "scenario", "home"),
    [
        ("facebook", "two_step", f"{FACEBOOK}/"),
        ("instagram", "two_step", f"{INSTAGRAM}/"),
        ("instagram", "two_step_new", f"{INSTAGRAM}/"),
    ],
)
async def test_signing_in_with_a_code(service: str, scenario: str, home: str) -> None:
    """After the password a page asks for the code; a wrong one is refused, the right one opens the session."""
    actor = actor_of(service, scenario)
    async with running() as (_replica, browser):
        page = await browser.new_page(locale="en-GB")
        await page.goto(f"{FACEBOOK}/login/" if service == "facebook" else f"{INSTAGRAM}/accounts/login/")
        await enter_password(page, actor)
        field = page.get_by_label("Code")
        await field.fill("000000")
        await field.press("Enter")
        await expect(page.get_by_role("alert")).to_contain_text("doesn't work")
        await field.fill(pyotp.TOTP(str(actor.totp_secret)).now())
        await field.press("Enter")
        await page.wait_for_url(home)


@pytest.mark.parametrize("service", SITES)
async def test_the_login_is_to_be_saved(service: str) -> None:
    """The page that offers to keep the login can be left without writing anything."""
    actor = actor_of(service, "save_login")
    async with running() as (replica, browser):
        page = await browser.new_page(locale="en-GB")
        await page.goto(f"{FACEBOOK}/login/" if service == "facebook" else f"{INSTAGRAM}/accounts/login/")
        await enter_password(page, actor)
        await page.get_by_role("button", name="Not now").click()
        await page.wait_for_url(f"{FACEBOOK}/" if service == "facebook" else f"{INSTAGRAM}/")
        assert "useSaveLoginInfoMutation" not in operations(replica)


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


@pytest.mark.parametrize("scenario", ["open", "open_legacy", "open_divs", "open_embedded", "open_document"])
async def test_the_form_as_the_browser_shows_it(scenario: str) -> None:
    """Title, prefilled address and submit button are there whatever the page is built of."""
    actor = actor_of("facebook", scenario)
    async with running() as (_replica, browser):
        context = await context_of(browser, actor)
        page = await context.new_page()
        await page.goto(FORM)
        await expect(page.get_by_role("heading", level=1).or_(page.locator("h2"))).to_contain_text(
            "Object to your information"
        )
        field = page.get_by_role("textbox", name="Email address")
        if scenario == "open_divs":
            await expect(field).to_have_text(actor.email)
        else:
            await expect(field).to_have_value(actor.email)
        if scenario in {"open", "open_legacy"}:
            assert (actor.email in await page.content()) is (scenario == "open_legacy")
        await expect(page.get_by_role("button", name="Submit")).to_be_visible()


@pytest.mark.parametrize(
    ("scenario", "host"), [("open_frame", "www.facebook.com"), ("open_frame_cross", "help.meta.com")]
)
async def test_the_form_in_a_frame(scenario: str, host: str) -> None:
    """The form stands in a frame of the same or of another site, and nowhere else in the page."""
    async with running() as (_replica, browser):
        context = await context_of(browser, actor_of("facebook", scenario))
        page = await context.new_page()
        await page.goto(FORM)
        frame = page.frame_locator("iframe")
        await expect(frame.get_by_role("button", name="Submit")).to_be_visible()
        assert host in page.frames[1].url
        await expect(page.get_by_role("button", name="Submit")).to_have_count(0)


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


async def test_the_whole_path_by_clicking() -> None:
    """From the front page through menu, Privacy Centre and topic to the form, by their known names."""
    async with running() as (_replica, browser):
        context = await context_of(browser, actor_of("facebook", "open"))
        page = await context.new_page()
        await page.goto(f"{FACEBOOK}/")
        await page.get_by_role("button", name="Your profile").click()
        await page.get_by_role("menuitem", name="Settings & privacy").click()
        await page.get_by_role("menuitem", name="Privacy Centre").click()
        await page.get_by_role("link", name="AI at Meta").click()
        await page.get_by_role("link", name="Submit an objection request").click()
        await expect(page.get_by_role("heading", level=1)).to_contain_text("Object to your information")


async def test_an_inbox_that_never_answers_stays_a_skeleton() -> None:
    """The list that never comes leaves a busy skeleton, not an empty list."""
    async with running() as (replica, browser):
        context = await context_of(browser, actor_of("facebook", "inbox_never"))
        page = await context.new_page()
        await page.goto(INBOX)
        await until(lambda: replica.ledger.reads["CometIXSupportInboxHomeScreenQuery"])
        await expect(page.locator("[aria-busy=true]")).to_be_visible()
        await expect(page.get_by_text("There's nothing here yet.")).to_have_count(0)


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
