"""Filing from `temoin ui`: asked in the page, pressed in the service's window; what leaves is what was agreed to there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio

from automation.app.filing import TOLD
from automation.text.language import language
from automation.visit.attended.desk import Told
from tests.attended import test_guided as guided
from tests.attended.conftest import at_desk, at_the_desk_of_a_setting
from tests.attended.desk import ACCOUNT, AttendedDesk
from tests.attended.studio import LABEL, SETTINGS, at_the_studio
from tests.attended.test_filing import actor_of, private_texts
from tests.axe import faults
from tests.turns import HANGING_S

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from playwright.async_api import Browser, Page

    from automation.text.language import Language
    from tests.session.screen import Person

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
_AGREE_TO = """
(form, question) => {
  form.elements.question.value = question;
  form.elements.agreed.checked = true;
  form.querySelector("[value=send]").click();
}
"""
"""In one go: the page may show its question anew between two steps."""
_SENT = "Sent. Nothing more can leave. Waiting for what the page says."


@pytest_asyncio.fixture(loop_scope="session")
async def desk(tmp_path: Path, person: Person) -> AsyncIterator[AttendedDesk]:
    """A place to work, in the loop of the browser that shows the page."""
    async with at_desk(tmp_path, person) as desk:
        yield desk


@pytest_asyncio.fixture(loop_scope="session")
async def desk_of_a_setting(tmp_path: Path, person: Person) -> AsyncIterator[AttendedDesk]:
    """The same at a setting."""
    async with at_the_desk_of_a_setting(tmp_path, person) as desk:
        yield desk


async def at_the_account(desk: AttendedDesk, browser: Browser, lang: str) -> Page:
    """The account's page in the window of a program that has just been started."""
    await desk.start("ui", "--no-browser", "--lang", lang)
    await desk.hears("http://127.0.0.1:")
    found = re.search(r"http://127\.0\.0\.1:\S+", desk.said)
    assert found
    page = await browser.new_page(locale="en-GB")
    page.set_default_timeout(HANGING_S * 1000)
    await page.goto(found[0])
    await page.goto(f"{found[0].partition('start')[0]}accounts/{ACCOUNT}")
    return page


async def to_the_question(desk: AttendedDesk, browser: Browser, words: Language, scenario: str = "open") -> Page:
    """From the account's page to the form that is shown there; nothing was sent on the way."""
    _ = words.gettext
    desk.configure(actor_of(scenario))
    page = await at_the_account(desk, browser, words.code)
    await page.get_by_role("link", name=_("File an objection")).click()
    await page.get_by_text(_("What will be filled in")).wait_for()
    await look(page)
    await page.get_by_label(_("Your name")).fill("Claire Dupont")
    await page.get_by_role("button", name=_("Open the form in a window")).click()
    await page.get_by_role("button", name=_("I agree to this form")).wait_for()
    assert desk.submitted == []
    return page


async def look(page: Page) -> None:
    """No fault for keyboard and screen reader."""
    assert await faults(page) == []


async def agree(page: Page, words: Language) -> None:
    """Tick that it was reviewed, and agree."""
    await page.locator("#agreed").check()
    await page.get_by_role("button", name=words.gettext("I agree to this form")).click()


async def let_on(page: Page, words: Language) -> None:
    """See the request that is held, and let it on."""
    leave = page.get_by_role("button", name=words.gettext("Let it leave"))
    await leave.wait_for()
    await look(page)
    await page.locator("#agreed").check()
    await leave.click()


async def quit_program(desk: AttendedDesk, page: Page, words: Language) -> None:
    """End it by its own button."""
    await page.get_by_role("button", name=words.gettext("Quit Témoin")).click()
    assert await desk.ends() == 0, desk.said


@pytest.mark.thorough
@pytest.mark.parametrize("lang", ["en", pytest.param("fr", marks=pytest.mark.rare)])
async def test_a_person_files_from_the_page(desk: AttendedDesk, a_browser: Browser, lang: str) -> None:
    """Shown, agreed to under the person's name, pressed twice in the window: one request, a sealed bundle and a case."""
    words = language(lang)
    _ = words.gettext
    page = await to_the_question(desk, a_browser, words)
    actor = actor_of("open")
    listed = page.locator(".asked dd")
    assert actor.email in await listed.all_inner_texts()
    await look(page)
    await desk.press_button(2)
    await page.get_by_role("button", name=_("I agree to this form")).click()
    assert await page.locator("#agreed").evaluate("box => box.validity.valueMissing")
    assert desk.submitted == []
    await agree(page, words)
    await page.get_by_text(_(TOLD[Told.RELEASED])).wait_for()
    assert desk.submitted == []
    await desk.press_button(2)
    await let_on(page, words)
    await page.locator(".badge.v-objected").wait_for()
    await look(page)
    assert len(desk.submitted) == 1
    (result,) = desk.results()
    assert (result["verdict"], result["filing"]["requests"]) == ("objected", 1)
    assert (result["guard"]["writes_let_through"], result["guard"]["released"]) == (0, 1)
    assert [line["state"] for line in desk.cases() if "state" in line] == ["released", "filed", "accepted"]
    assert private_texts(desk, [actor.email, actor.identity, actor.name]) == []
    await page.get_by_role("link", name=_("The objection's case")).click()
    await page.locator("#case").get_by_text(_("Filed"), exact=False).first.wait_for()
    await quit_program(desk, page, words)


@pytest.mark.thorough
async def test_an_answer_to_another_question_counts_for_nothing(desk: AttendedDesk, a_browser: Browser) -> None:
    """The form is shown anew: a yes to what stood there before is none, and "End without sending" ends it."""
    words = language("en")
    page = await to_the_question(desk, a_browser, words)
    first = await page.locator("[name=question]").get_attribute("value")
    await page.get_by_role("button", name="Show the form anew").click()
    await page.wait_for_function("id => document.querySelector('[name=question]')?.value !== id", arg=first)
    await page.locator("form.asked").evaluate(_AGREE_TO, first)
    await page.get_by_role("button", name="I agree to this form").wait_for()
    await desk.press_button()
    await desk.act(desk.person.wait_until_still)
    assert (desk.submitted, desk.cases()) == ([], [])
    await page.get_by_role("button", name="End without sending").click()
    await page.get_by_text("Nothing was sent.").wait_for()
    assert desk.submitted == []
    await quit_program(desk, page, words)


@pytest.mark.rare
@pytest.mark.parametrize("how", ["cancel", "window", "quit", "interrupt"])
async def test_whatever_ends_it_before_the_press_sends_nothing(
    desk: AttendedDesk, a_browser: Browser, how: str
) -> None:
    """Cancelled, closed, quit or broken off after the consent: nothing arrives, and the page says so where it is there."""
    words = language("en")
    page = await to_the_question(desk, a_browser, words)
    await agree(page, words)
    await page.get_by_text("Now press the outlined button").wait_for()
    if how in {"quit", "interrupt"}:
        assert desk.process is not None
        if how == "quit":
            await page.get_by_role("button", name="Quit Témoin").click()
        else:
            desk.process.send_signal(2)
        assert await desk.ends() == 0, desk.said
    else:
        if how == "cancel":
            await page.get_by_role("button", name="Cancel", exact=True).click()
        else:
            await desk.act(desk.person.close_window)
        await page.get_by_text("Nothing was sent.").wait_for()
        await quit_program(desk, page, words)
    assert desk.submitted == []
    assert [line["state"] for line in desk.cases()] == ["released"]


@pytest.mark.rare
async def test_cancelled_after_the_press_it_says_that_it_was_sent(desk: AttendedDesk, a_browser: Browser) -> None:
    """One arrived, the page says when, and the case knows it."""
    words = language("en")
    page = await to_the_question(desk, a_browser, words)
    await agree(page, words)
    await page.get_by_text("Now press the outlined button").wait_for()
    await desk.press_button()
    await let_on(page, words)
    await page.get_by_text(_SENT).wait_for()
    await page.get_by_role("button", name="Cancel", exact=True).click()
    await page.get_by_text("The objection was sent on").wait_for()
    assert len(desk.submitted) == 1
    assert [line.get("state") for line in desk.cases()][:2] == ["released", "filed"]
    await quit_program(desk, page, words)


@pytest.mark.rare
@pytest.mark.parametrize("lang", ["en", "fr"])
async def test_a_setting_is_read_before_and_after_the_person_has_changed_it(
    desk_of_a_setting: AttendedDesk, a_browser: Browser, lang: str
) -> None:
    """From the red card: read, the way shown, changed in the person's own browser, read again; nothing is written."""
    desk, words = desk_of_a_setting, language(lang)
    _ = words.gettext
    actor = guided.actor_of(desk.site, "trains")
    desk.configure(actor, expect="objected")
    page = await at_the_account(desk, a_browser, lang)
    await page.get_by_role("button", name=_("Check the account now")).click()
    await page.locator(".badge.v-not_objected").wait_for()
    await page.get_by_role("link", name=_("Back to the accounts")).click()
    await page.get_by_role("link", name=_("Object now")).click()
    await look(page)
    await page.get_by_role("button", name=_("Read the setting now")).click()
    changed = page.get_by_role("button", name=_("I have changed it: read it again"))
    await changed.wait_for()
    address = "https://www.linkedin.com/mypreferences/d/settings/data-for-ai-improvement"
    assert await page.locator(f'.asked a[href="{address}"]').count() == 1
    await look(page)
    guided.switch(desk.site, actor, guided.actor_of(desk.site, "protects"))
    await changed.click()
    await page.get_by_text(_("Before"), exact=True).wait_for()
    await look(page)
    assert await page.locator(".facts .badge").all_inner_texts() == [_("Not objected"), _("Objected")]
    _checked, before, after = desk.results()
    assert (before["verdict"], after["verdict"]) == ("not_objected", "objected")
    assert [one["guard"]["writes_let_through"] for one in (before, after)] == [0, 0]
    assert desk.cases() == []
    await quit_program(desk, page, words)


@pytest.mark.rare
async def test_a_form_with_a_button_that_nobody_named_is_left_alone(
    tmp_path: Path, person: Person, a_browser: Browser
) -> None:
    """Which of its buttons saves the setting is not known: nothing is asked, nothing can be sent, and that is said."""
    async with at_the_studio(tmp_path, person) as at:
        at.studio.other_button = '<button name="leave" value="1">Leave Studio</button>'
        page = await at_the_account(at.desk, a_browser, "en")
        await page.goto(f"{page.url}/object")
        await page.get_by_role("button", name="Open the form in a window").click()
        await page.get_by_text("which button of the form saves the setting is not known").wait_for(
            timeout=HANGING_S * 1000
        )
        assert (at.saved, at.desk.cases()) == ([], [])
        await quit_program(at.desk, page, language("en"))


@pytest.mark.rare
async def test_a_declared_setting_is_saved_from_the_page(tmp_path: Path, person: Person, a_browser: Browser) -> None:
    """What is still to be done in the window is said; switched, agreed to and pressed, one request arrives."""
    words = language("en")
    async with at_the_studio(tmp_path, person) as at:
        page = await at_the_account(at.desk, a_browser, "en")
        await page.goto(f"{page.url}/object")
        await page.get_by_text("You switch the setting there.").wait_for()
        await look(page)
        await page.get_by_role("button", name="Open the form in a window").click()
        await page.get_by_text(f"The setting stands as before: {LABEL}.").wait_for()
        await look(page)
        await agree(page, words)
        await page.get_by_text("Nothing was released").wait_for()
        await at.toggle()
        await page.get_by_role("button", name="Show the form anew").click()
        await page.get_by_text(f"The setting stands as before: {LABEL}.").wait_for(state="detached")
        await agree(page, words)
        await page.get_by_text("Now press the outlined button").wait_for()
        assert at.saved == []
        await at.desk.press_button(2)
        await let_on(page, words)
        await page.locator(".badge.v-objected").wait_for()
        assert (at.saved, at.studio.kept) == ([SETTINGS], at.switched)
        await quit_program(at.desk, page, words)


@pytest.mark.rare
@pytest.mark.parametrize("how", ["cancel", "quit"])
async def test_who_does_not_change_it_keeps_what_was_read(
    desk_of_a_setting: AttendedDesk, a_browser: Browser, how: str
) -> None:
    """Cancelled or quit while the answer is waited for: the first reading is kept, and there is no second."""
    desk, words = desk_of_a_setting, language("en")
    desk.configure(guided.actor_of(desk.site, "trains"), expect="objected")
    page = await at_the_account(desk, a_browser, "en")
    await page.goto(f"{page.url}/object")
    await page.get_by_role("button", name="Read the setting now").click()
    await page.get_by_role("button", name="I have changed it").wait_for()
    if how == "cancel":
        await page.get_by_role("button", name="Cancel", exact=True).click()
        await page.get_by_text("What had been read is kept.").wait_for()
    await quit_program(desk, page, words)
    assert [one["verdict"] for one in desk.results()] == ["not_objected"]
