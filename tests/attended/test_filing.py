"""`temoin object file` as a person uses it: what leaves is exactly what they agreed to, and nothing else, ever."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING

import pytest

from tests.attended.conftest import SITE
from tests.attended.desk import ACCOUNT, HELD
from tests.attended.hostile import BESIDE, INSTEAD, INSTEAD_LEGACY, OTHER_COOKIE, SENDING

if TYPE_CHECKING:
    from automation.authoring.replica import Actor
    from tests.attended.desk import AttendedDesk

pytestmark = pytest.mark.browser
SILENT = frozenset({"another_action"})
"""What the guard does not even take for the submission."""
ASKED = "and press Enter; Enter alone"


def first(*cases: object) -> list[object]:
    """The first case runs each time, the others with the rare tests: half a minute each, in a window."""
    marked = [
        pytest.param(*(case if isinstance(case, tuple) else (case,)), marks=pytest.mark.rare) for case in cases[1:]
    ]
    return [cases[0], *marked]


def actor_of(scenario: str, locale: str = "en-GB") -> Actor:
    """The account of a scenario."""
    return next(a for a in SITE.cast if (a.scenario, a.locale) == (scenario, locale))


async def test_a_press_sends_one_request(desk: AttendedDesk) -> None:
    """Nothing before the person types the account's name and presses; then one, told as sent and kept in the case."""
    desk.configure(actor_of("open_legacy"))
    await desk.start("object", "file", ACCOUNT)
    await desk.hears(ASKED)
    assert desk.submitted == []
    desk.types(ACCOUNT)
    await desk.hears("Now press the outlined button")
    assert desk.submitted == []
    await desk.press_button()
    await desk.lets_on()
    await desk.hears("Sent.")
    assert len(desk.submitted) == 1
    await interrupted(desk)
    assert len(desk.submitted) == 1
    assert [line.get("state") for line in desk.cases()][:2] == ["released", "filed"]


@pytest.mark.thorough
@pytest.mark.parametrize("scenario", first("open_legacy", "open", "open_divs", "open_frame"))
async def test_a_person_files_an_objection(desk: AttendedDesk, scenario: str) -> None:
    """From the home page to the sealed bundle and the case: one request, with the person's own press."""
    desk.configure(actor_of(scenario))
    await desk.start("object", "file", ACCOUNT)
    await desk.hears(ASKED)
    assert desk.submitted == []
    desk.types(ACCOUNT)
    await desk.hears("Now press the outlined button")
    await desk.press_button()
    await desk.lets_on()
    await desk.hears("Sent.")
    assert await desk.ends() == 0, desk.said
    assert len(desk.submitted) == 1
    (result,) = desk.results()
    assert (result["verdict"], result["filing"]["requests"]) == ("objected", 1)
    assert (result["guard"]["writes_let_through"], result["guard"]["released"]) == (0, 1)
    assert [line.get("state") for line in desk.cases()][:2] == ["released", "filed"]
    assert [line["state"] for line in desk.cases() if "state" in line][2:] == ["accepted"]
    actor = actor_of(scenario)
    private = [actor.email, actor.identity, actor.name, "I exercise my right to object"]
    assert private_texts(desk, private) == []
    await desk.start("verify", "temoin-evidence", "--allow-unstamped")
    assert await desk.ends() == 0, desk.said


@pytest.mark.rare
async def test_a_slow_service_is_waited_for(desk: AttendedDesk) -> None:
    """The page changes at once, and the service takes its time: the window stays, and with it what is on its way."""
    desk.replica.script = SENDING
    await release(desk, "open_legacy")
    desk.replica.takes_submissions.clear()
    await desk.press_button()
    await desk.lets_on()
    await desk.hears("Sent.")
    await desk.act(desk.person.wait_until_still)
    assert "Reading the account again" not in desk.said
    desk.replica.takes_submissions.set()
    assert await desk.ends() == 0, desk.said
    assert len(desk.submitted) == 1
    assert "No answer came back" not in desk.said


@pytest.mark.rare
async def test_an_answer_that_never_comes_is_told(desk: AttendedDesk) -> None:
    """The service fails over it: it is sent once, and the person is told that nobody knows what became of it."""
    desk.replica.fails_submissions = True
    await release(desk, "open_legacy")
    await desk.press_button()
    await desk.lets_on()
    await desk.hears("No answer came back, or an error")
    assert await desk.ends() == 0, desk.said
    (result,) = desk.results()
    assert (result["verdict"], result["filing"]["answered"]) == ("not_objected", False)
    assert result["guard"]["released"] == 1


def private_texts(desk: AttendedDesk, texts: list[str]) -> list[str]:
    """Which of these texts stand in what was kept: none of what was typed or filled in may."""
    kept = b"".join(path.read_bytes() for path in (desk.folder / "temoin-evidence").rglob("*") if path.is_file())
    return [text for text in texts if text.encode() in kept]


async def release(desk: AttendedDesk, scenario: str = "open") -> None:
    """Go as far as the moment in which the press of the button may send the form."""
    desk.configure(actor_of(scenario))
    await desk.start("object", "file", ACCOUNT)
    await desk.hears(ASKED)
    desk.types(ACCOUNT)
    await desk.hears("Now press the outlined button")


async def interrupted(desk: AttendedDesk) -> None:
    """Ctrl-C, for the program and all that it started."""
    assert desk.process is not None
    os.killpg(desk.process.pid, signal.SIGINT)
    assert await desk.ends() == 130, desk.said


@pytest.mark.thorough
async def test_pressed_too_early_and_then_twice(desk: AttendedDesk) -> None:
    """A press before the name was typed sends nothing; a wrong name neither; a double press afterwards sends it once."""
    desk.configure(actor_of("open"))
    await desk.start("object", "file", ACCOUNT)
    await desk.hears(ASKED)
    await desk.press_button(2)
    desk.types("another")
    await desk.hears(ASKED, times=2)
    assert desk.submitted == []
    desk.types(ACCOUNT)
    await desk.hears("Now press the outlined button")
    await desk.press_button(2)
    await desk.lets_on()
    await desk.hears("Sent.")
    assert await desk.ends() == 0, desk.said
    assert len(desk.submitted) == 1


@pytest.mark.thorough
@pytest.mark.parametrize("what", first(*BESIDE))
async def test_whatever_the_page_sends_beside_it_stays(desk: AttendedDesk, what: str) -> None:
    """Other forms, the page's own submissions, another tab, workers and beacons: one submission arrives, after the press."""
    desk.replica.script = BESIDE[what]
    await release(desk)
    await desk.act(desk.person.wait_until_still)
    assert desk.submitted == []
    await desk.press_button()
    await desk.lets_on()
    await desk.hears("Sent.")
    await desk.ends()
    assert len(desk.submitted) == 1


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("scenario", "what"),
    first(*(("open_legacy", what) for what in INSTEAD_LEGACY), *(("open", what) for what in INSTEAD)),
)
async def test_what_was_exchanged_since_the_review_stays(desk: AttendedDesk, scenario: str, what: str) -> None:
    """Another value, field, action, host, target or button than was reviewed: nothing arrives, and that is said."""
    desk.replica.script = {**INSTEAD, **INSTEAD_LEGACY}[what]
    await release(desk, scenario)
    await desk.press_button()
    await desk.hears("Refused, and not sent") if what not in SILENT else await desk.act(desk.person.wait_until_still)
    await interrupted(desk)
    assert desk.submitted == []
    assert f"{ACCOUNT}: nothing was sent" in desk.said


@pytest.mark.rare
@pytest.mark.parametrize("status", [307, 308])
async def test_a_redirect_of_the_submission_is_not_followed(desk: AttendedDesk, status: int) -> None:
    """The service sends the submission on to another address: it arrives at the first one alone."""
    desk.replica.redirects_submission = status
    await release(desk, "open_legacy")
    await desk.press_button()
    await desk.lets_on()
    await desk.hears("Sent.")
    await desk.ends()
    assert len(desk.submitted) == 1


@pytest.mark.thorough
@pytest.mark.parametrize("stage", first("released", "going", "asked"))
async def test_ctrl_c_before_the_press_sends_nothing(desk: AttendedDesk, stage: str) -> None:
    """Broken off on the way, at the review or after the consent: nothing arrives, and that is said."""
    if stage == "released":
        await release(desk)
    else:
        desk.configure(actor_of("open"))
        await desk.start("object", "file", ACCOUNT)
        await desk.hears("Going to the form" if stage == "going" else ASKED)
    await interrupted(desk)
    assert desk.submitted == []
    assert f"{ACCOUNT}: nothing was sent" in desk.said


@pytest.mark.rare
@pytest.mark.parametrize(
    ("scenario", "stage"),
    [
        ("open", "Sent."),
        ("open_2024_client", "The service wants the code"),
        ("open_2024_client", ASKED),
        ("open", "Reading the account again"),
    ],
)
async def test_ctrl_c_after_the_press_says_that_it_was_sent(desk: AttendedDesk, scenario: str, stage: str) -> None:
    """Broken off at any stage after the request left: one arrived, it is said, and the case knows it."""
    await release(desk, scenario)
    asked = desk.said.count(ASKED)
    await desk.press_button()
    await desk.lets_on()
    await desk.hears(stage, times=asked + 1 if stage == ASKED else 1)
    await interrupted(desk)
    assert len(desk.submitted) == 1
    assert f"{ACCOUNT}: the objection was sent on" in desk.said
    assert [line["state"] for line in desk.cases()] == ["released", "filed"]


@pytest.mark.rare
@pytest.mark.parametrize("arrived", [False, True])
async def test_killed_after_the_press(desk: AttendedDesk, arrived: bool) -> None:
    """
    Killed as it leaves, or as soon as it has arrived: at most one, and exactly one; the case was written before it left.

    Started again, the program says that an answer is waited for, and sends nothing more.
    """
    await release(desk)
    await desk.press_button()
    await desk.lets_on()
    await desk.act(lambda: desk.person.wait_until(lambda: len(desk.submitted if arrived else desk.cases()[1:]) == 1))
    assert desk.process is not None
    os.killpg(desk.process.pid, signal.SIGKILL)
    await desk.ends()
    count = len(desk.submitted)
    assert count == 1 if arrived else count <= 1
    assert [line["state"] for line in desk.cases()] == ["released", "filed"]
    await desk.start("object", "file", ACCOUNT)
    await desk.hears("an objection was filed on")
    await interrupted(desk)
    assert len(desk.submitted) == count


@pytest.mark.rare
async def test_a_form_in_a_frame_of_another_site_is_not_released(desk: AttendedDesk) -> None:
    """What its button sends cannot be told: that is said, and nothing can be sent."""
    desk.configure(actor_of("open_frame_cross"))
    await desk.start("object", "file", ACCOUNT)
    await desk.hears("the form stands in a frame of another site")
    await desk.ends()
    assert desk.submitted == []
    assert f"{ACCOUNT}: nothing was sent" in desk.said


@pytest.mark.rare
async def test_a_closed_window_sends_nothing(desk: AttendedDesk) -> None:
    """Who closes the window gets exit code 3 and is told that nothing was sent."""
    await release(desk)
    await desk.act(desk.person.close_window)
    assert await desk.ends() == 3, desk.said
    assert desk.submitted == []
    assert f"{ACCOUNT}: nothing was sent" in desk.said


@pytest.mark.rare
@pytest.mark.parametrize("scenario", ["open_2024_client", "open_2024"])
async def test_a_code_is_typed_by_the_person_and_sent_with_a_consent_of_its_own(
    desk: AttendedDesk, scenario: str
) -> None:
    """The form with country and reason, then the mailed code: two requests, each listed, agreed to and pressed."""
    desk.configure(actor_of(scenario))
    await desk.start("object", "file", ACCOUNT)
    await desk.hears(ASKED)
    assert "France" in desk.said
    desk.types(ACCOUNT)
    await desk.hears("Now press the outlined button")
    await desk.press_button()
    await desk.lets_on()
    await desk.hears("The service wants the code")
    await desk.hears(ASKED, times=2)
    assert len(desk.submitted) == 1
    x, y = await desk.sees_outline()
    someone = desk.person
    await desk.act(
        lambda: someone._xdotool("mousemove", str(x), str(y - 50), "click", "1"), lambda: someone.write("123456")
    )
    desk.types("")
    await desk.hears("123456")
    desk.types(ACCOUNT)
    await desk.hears("Now press the outlined button", times=2)
    await desk.press_button()
    await desk.lets_on(times=2)
    await desk.hears("Reading the account again")
    assert await desk.ends() == 0, desk.said
    assert len(desk.submitted) == 2
    (result,) = desk.results()
    assert (result["verdict"], result["filing"]["requests"], result["guard"]["released"]) == ("objected", 2, 2)
    assert private_texts(desk, ["123456"]) == []


@pytest.mark.rare
async def test_all_accounts_are_asked_about_one_by_one(desk: AttendedDesk) -> None:
    """One after the other, each with its own consent: the name typed for the first is none for the second."""
    desk.configure(actor_of("open"), actor_of("open_divs"))
    await desk.start("object", "file", "--all")
    await desk.hears(ASKED)
    desk.types(ACCOUNT)
    await desk.hears("Now press the outlined button")
    await desk.press_button()
    await desk.lets_on()
    await desk.hears(ASKED, times=2)
    desk.types(ACCOUNT)
    await desk.hears(ASKED, times=3)
    desk.types("q")
    assert await desk.ends() == 3, desk.said
    assert len(desk.submitted) == 1
    assert f"{ACCOUNT}-open-divs: nothing was sent" in desk.said


@pytest.mark.rare
async def test_the_persons_own_reason_and_what_they_change(desk: AttendedDesk) -> None:
    """Their own template is put in; what they change after the list was shown is listed anew before anything can leave."""
    desk.configure(actor_of("open"), more='[objection]\nreason = { en = "My photographs are mine." }')
    await desk.start("object", "file", ACCOUNT)
    await desk.hears(ASKED)
    assert "My photographs are mine." in desk.said
    x, y = await desk.sees_outline()
    someone = desk.person
    await desk.act(
        lambda: someone._xdotool("mousemove", str(x), str(y - 90), "click", "1"), lambda: someone.write(" All of them.")
    )
    desk.types(ACCOUNT)
    await desk.hears("The form holds something else than what was shown")
    await desk.hears("All of them.")
    desk.types(ACCOUNT)
    await desk.hears("Now press the outlined button")
    await desk.press_button()
    await desk.lets_on()
    await desk.hears("Sent.")
    assert await desk.ends() == 0, desk.said
    assert len(desk.submitted) == 1


@pytest.mark.thorough
async def test_who_keeps_what_they_see_sends_nothing(desk: AttendedDesk) -> None:
    """The press makes its request, which is shown name by name; anything but the account's name keeps it here."""
    await release(desk, "open_legacy")
    await desk.press_button()
    await desk.hears(HELD)
    assert "goes to: POST https://www.facebook.com/ajax/help/contact/submit/page" in desk.said
    assert "support_form_id (the form’s own number)" in desk.said
    assert desk.submitted == []
    desk.types("no")
    assert await desk.ends() == 3, desk.said
    assert desk.submitted == []
    assert f"{ACCOUNT}: nothing was sent" in desk.said


@pytest.mark.rare
async def test_cookies_of_another_account_do_not_leave(desk: AttendedDesk) -> None:
    """Exchanged before the press, they stand in no body: on the wire the request ends there, let on or not."""
    desk.replica.script = OTHER_COOKIE
    await release(desk, "open")
    await desk.press_button()
    await desk.lets_on()
    assert await desk.ends() == 3, desk.said
    assert "the request did not leave this machine" in desk.said
    assert desk.submitted == []
