"""`temoin object file` at a setting whose button's request the user's own flow declares: it switches, and nothing else."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING

import pytest

from tests.attended.desk import ACCOUNT
from tests.attended.studio import ACTOR, ASKED, BESIDE, INSTEAD, LABEL, RELEASED, SETTINGS, Kept, at_the_studio
from tests.attended.test_filing import first, private_texts

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from tests.attended.studio import StudioDesk
    from tests.session.screen import Person

pytestmark = pytest.mark.browser


@pytest.fixture
async def at(tmp_path: Path, person: Person) -> AsyncIterator[StudioDesk]:
    """A place to work for one test."""
    async with at_the_studio(tmp_path, person) as at:
        yield at


@pytest.mark.thorough
async def test_a_person_switches_a_setting(at: StudioDesk) -> None:
    """
    Pressed too early nothing leaves; agreed to unswitched nothing is released; then one request, once.

    The account is read again in a closed context, and the evidence says who filed it.
    """
    desk = at.desk
    await at.begin()
    assert f"The setting stands as before: {LABEL}" in desk.said
    await desk.press_button(2)
    desk.types(ACCOUNT)
    await desk.hears("Nothing was released")
    assert (at.saved, desk.cases()) == ([], [])
    await at.toggle()
    await at.agree()
    await desk.hears(RELEASED)
    assert at.saved == []
    await desk.press_button()
    await desk.lets_on()
    await desk.hears("Sent.")
    assert await desk.ends() == 0, desk.said
    assert (at.saved, at.studio.kept) == ([SETTINGS], at.switched)
    (result,) = desk.results()
    filing = result["filing"]
    assert (result["verdict"], filing["requests"], filing["answered"]) == ("objected", 1, True)
    assert (filing["form_id"], filing["fields"]) == ("settings", [LABEL])
    assert (result["guard"]["writes_let_through"], result["guard"]["released"]) == (0, 1)
    assert [line["state"] for line in desk.cases() if "state" in line] == ["released", "filed", "accepted"]
    assert private_texts(desk, [ACTOR.name, "a token of the form"]) == []
    await desk.start("verify", "temoin-evidence", "--allow-unstamped")
    assert await desk.ends() == 0, desk.said


@pytest.mark.rare
async def test_pressed_twice_it_is_saved_once_at_most(at: StudioDesk) -> None:
    """
    The second press is refused; it may cut off the answer to the first, and then nobody says that one was seen.

    If it comes before the first request has left, the browser gives that one up: nothing arrives, and that is said.
    """
    await at.release()
    await at.desk.press_button(2)
    code = await at.desk.ends()
    if "Sent." not in at.desk.said:
        assert (code, at.saved, at.studio.kept) == (3, [], Kept())
        assert f"{ACCOUNT}: nothing was sent" in at.desk.said
        return
    assert (code, at.saved, at.studio.kept) == (0, [SETTINGS], at.switched), at.desk.said
    (result,) = at.desk.results()
    assert (result["verdict"], result["filing"]["requests"]) == ("objected", 1)
    assert (result["guard"]["writes_let_through"], result["guard"]["released"]) == (0, 1)


@pytest.mark.rare
async def test_only_the_setting_may_be_changed(at: StudioDesk) -> None:
    """Another box that the person changes, too, keeps the form from being released, until it is put back."""
    await at.begin()
    await at.toggle()
    await at.toggle("Offers of others")
    await at.agree()
    await at.desk.hears("Nothing was released")
    assert "only the setting may be: Offers of others" in at.desk.said
    await at.toggle("Offers of others")
    await at.agree()
    await at.desk.hears(RELEASED)
    await at.desk.press_button()
    await at.desk.lets_on()
    await at.desk.hears("Sent.")
    await at.desk.ends()
    assert (at.saved, at.studio.kept) == ([SETTINGS], at.switched)


@pytest.mark.rare
async def test_a_setting_that_stands_as_wanted_is_left(at: StudioDesk) -> None:
    """Nobody is asked, nothing is sent, and the check says that it stands."""
    at.studio.kept = at.switched
    await at.desk.start("object", "file", ACCOUNT)
    assert await at.desk.ends() == 0, at.desk.said
    assert ASKED not in at.desk.said
    assert "nothing was sent" in at.desk.said
    (result,) = at.desk.results()
    assert (result["verdict"], result["filing"], at.saved) == ("objected", None, [])


@pytest.mark.rare
@pytest.mark.parametrize("what", first(*INSTEAD))
async def test_what_was_exchanged_since_the_review_stays(at: StudioDesk, what: str) -> None:
    """Another action, field, value, target or encoding than was reviewed: nothing arrives, and that is said."""
    at.studio.at_press = INSTEAD[what]
    await at.release()
    await at.desk.press_button()
    if what == "another_action":  # the guard does not even take it for the submission
        await at.desk.act(at.desk.person.wait_until_still)
    else:
        await at.desk.hears("Refused, and not sent")
    await at.interrupted()
    assert (at.saved, at.studio.kept) == ([], Kept())
    assert f"{ACCOUNT}: nothing was sent" in at.desk.said


@pytest.mark.rare
@pytest.mark.parametrize("what", first(*BESIDE))
async def test_whatever_the_page_sends_beside_it_stays(at: StudioDesk, what: str) -> None:
    """Another form, the same one by script, another tab: the declared request arrives, once, or none does."""
    at.studio.at_press, at.studio.event = BESIDE[what], "click"  # a tab that opens earlier takes the press
    await at.release()
    await at.desk.press_button()
    await at.desk.lets_on()
    await at.desk.hears("Sent.")
    await at.desk.ends()
    assert (at.saved, at.studio.kept) == ([SETTINGS], at.switched)


@pytest.mark.rare
async def test_ctrl_c_after_the_consent_sends_nothing(at: StudioDesk) -> None:
    """Broken off before the press: nothing arrives, and that is said."""
    await at.release()
    await at.interrupted()
    assert (at.saved, at.studio.kept) == ([], Kept())
    assert f"{ACCOUNT}: nothing was sent" in at.desk.said


@pytest.mark.rare
@pytest.mark.parametrize("arrived", [False, True])
async def test_killed_after_the_press(at: StudioDesk, arrived: bool) -> None:
    """At most one arrives; the case was written before it left, and the next start says so and sends nothing more."""
    desk = at.desk
    await at.release()
    await desk.press_button()
    await desk.act(lambda: desk.person.wait_until(lambda: len(at.saved if arrived else desk.cases()[1:]) == 1))
    assert desk.process is not None
    os.killpg(desk.process.pid, signal.SIGKILL)
    await desk.ends()
    count = len(at.saved)
    assert count == 1 if arrived else count <= 1
    assert [line["state"] for line in desk.cases()] == ["released", "filed"]
    await desk.start("object", "file", ACCOUNT)
    await desk.hears("an objection was filed on")
    if count:
        assert await desk.ends() == 0, desk.said
        assert desk.results()[-1]["verdict"] == "objected"
        assert desk.cases()[-1]["state"] == "accepted"
    else:
        await desk.hears(ASKED)
        await at.interrupted()
    assert len(at.saved) == count
