"""`temoin object file` at a setting that the page's script saves, as the user's own flow declares: once, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.attended.desk import ACCOUNT
from tests.attended.scripted import BESIDE, DRAFTS, INSTEAD, SAVES, SHARING, at_a_script
from tests.attended.studio import ASKED, RELEASED
from tests.attended.test_filing import first, private_texts

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from tests.attended.scripted import ScriptedDesk
    from tests.session.screen import Person

pytestmark = pytest.mark.browser


@pytest.fixture
async def at(tmp_path: Path, person: Person) -> AsyncIterator[ScriptedDesk]:
    """Before a switch that saves itself."""
    async with at_a_script(tmp_path, person, SHARING) as at:
        yield at


@pytest.mark.thorough
async def test_the_press_of_a_switch_saves_it_once(at: ScriptedDesk) -> None:
    """
    Pressed before the consent nothing leaves; after it one request does, and the switch is read again.

    Whoever pressed it too early is told, as another press would send the opposite.
    """
    desk = at.desk
    await at.begin()
    assert "Its own press saves it" in desk.said
    for line in (f"{SHARING}\n", "  share.partners: false\n", "  share.since: 0\n"):
        assert line in desk.said
    await at.toggle()
    assert (at.saved, desk.cases()) == ([], [])
    await at.agree()
    await desk.hears(RELEASED)
    assert at.saved == []
    await desk.press_button()
    await desk.lets_on()
    await desk.hears("Sent.")
    assert await desk.ends() == 0, desk.said
    assert (at.saved, at.studio.stands) == ([SAVES], False)
    (result,) = desk.results()
    filing = result["filing"]
    assert (result["verdict"], filing["requests"], filing["answered"]) == ("objected", 1, True)
    assert (filing["form_id"], filing["fields"]) == ("PATCH /privacy", [SHARING])
    assert (result["guard"]["writes_let_through"], result["guard"]["released"]) == (0, 1)
    assert [line["state"] for line in desk.cases() if "state" in line] == ["released", "filed", "accepted"]
    assert private_texts(desk, [at.actor.name]) == []
    await desk.start("verify", "temoin-evidence", "--allow-unstamped")
    assert await desk.ends() == 0, desk.said


@pytest.mark.rare
async def test_a_button_that_comes_once_it_is_switched(tmp_path: Path, person: Person) -> None:
    """Switched in the window nothing is sent; agreed to before that nothing is released; its button sends it, once."""
    async with at_a_script(tmp_path, person, DRAFTS) as at:
        desk = at.desk
        await at.begin()
        desk.types(ACCOUNT)
        await desk.hears("Nothing was released")
        assert f"The setting stands as before: {DRAFTS}" in desk.said
        await at.toggle()
        await at.agree()
        await desk.hears(RELEASED)
        assert at.saved == []
        await desk.press_button(2)
        await desk.lets_on()
        await desk.hears("Sent.")
        assert await desk.ends() == 0, desk.said
        assert (at.saved, at.studio.stands) == ([SAVES], False)
        (result,) = desk.results()
        assert (result["verdict"], result["filing"]["requests"]) == ("objected", 1)


@pytest.mark.thorough
@pytest.mark.parametrize("what", first(*INSTEAD))
async def test_what_the_script_sends_instead_stays(at: ScriptedDesk, what: str) -> None:
    """Another value, kind, method or address than was declared: nothing arrives, and that is said."""
    at.studio.instead = INSTEAD[what]
    await at.release()
    await at.desk.press_button()
    await at.desk.hears("Refused, and not sent")
    await at.interrupted()
    assert (at.saved, at.studio.stands) == ([], True)
    assert f"{ACCOUNT}: nothing was sent" in at.desk.said


@pytest.mark.rare
@pytest.mark.parametrize("what", first(*BESIDE))
async def test_whatever_the_script_sends_beside_it_stays(at: ScriptedDesk, what: str) -> None:
    """The same once more, by a worker, another setting: the declared request arrives once, and nothing else."""
    at.studio.beside = BESIDE[what]
    await at.release()
    await at.desk.press_button()
    await at.desk.lets_on()
    await at.desk.hears("Sent.")
    await at.desk.ends()
    assert (at.saved, at.studio.stands) == ([SAVES], False)


@pytest.mark.rare
async def test_pressed_too_early_where_the_page_takes_the_button_away(tmp_path: Path, person: Person) -> None:
    """As Ghost's does while it repeats what was refused: nothing is released, and nobody is told to switch it back."""
    async with at_a_script(tmp_path, person, DRAFTS) as at:
        at.studio.instead = "place.replaceChildren(); await new Promise(() => null);"
        await at.begin()
        await at.toggle()
        await at.desk.act(lambda: person.press("Tab", "Return"))
        await at.agree()
        await at.desk.hears("Nothing was released: the page does not show the one button")
        assert "no button that saves it is shown" in at.desk.said.rpartition("Nothing was released")[2]
        await at.interrupted()
        assert (at.saved, at.studio.stands) == ([], True)


@pytest.mark.rare
async def test_a_script_that_presses_by_itself_sends_nothing(at: ScriptedDesk) -> None:
    """A click of the page's own is none of the person's, before the consent and after it."""
    at.studio.by_itself = "setInterval(() => { if (shown()) it.click(); }, 200);"
    await at.desk.start("object", "file", ACCOUNT)
    await at.desk.hears(ASKED)
    at.desk.types(ACCOUNT)
    await at.desk.act(at.desk.person.wait_until_still)
    await at.interrupted()
    assert (at.saved, at.studio.stands) == ([], True)
    assert f"{ACCOUNT}: nothing was sent" in at.desk.said


@pytest.mark.rare
async def test_ctrl_c_after_the_consent_sends_nothing(at: ScriptedDesk) -> None:
    """Broken off before the press: nothing arrives, and that is said."""
    await at.release()
    await at.interrupted()
    assert (at.saved, at.studio.stands) == ([], True)
    assert f"{ACCOUNT}: nothing was sent" in at.desk.said
