"""
`temoin object file` at real applications: one declared request, by the person's own press, and nothing else, whatever happens.

WordPress saves by an HTML form and Ghost by a request of its scripts. Real: both applications with their databases; the
program, its windows, X's mouse and keys, the guard, TLS, the vault. Not real: the host names, and what turns the pages
against the person (`turned_wordpress`, `turned_ghost`). What arrives is counted in front of the application, and every
row of its database is compared.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest
import pytest_asyncio

from tests.real.objecting import (
    ASKED,
    GOING,
    LET_ON,
    NOT_RELEASED,
    PRESSED,
    READING,
    RELEASED,
    SENT,
    SWITCHED,
    AtSetting,
)
from tests.real.turned_ghost import AtSwitch, at_switch
from tests.real.turned_wordpress import AtProfile, at_profile

pytestmark = [
    pytest.mark.browser,
    pytest.mark.rare,
    pytest.mark.timeout(300),
    pytest.mark.asyncio(loop_scope="module"),
]

Staged = Callable[[Path], AbstractAsyncContextManager[AtSetting]]
KINDS: dict[str, tuple[type[AtSetting], Staged]] = {
    "wordpress": (AtProfile, at_profile),
    "ghost": (AtSwitch, at_switch),
}
INSTEAD = [(name, what) for name, (kind, _) in KINDS.items() for what in kind.instead]
BESIDE = [(name, what) for name, (kind, _) in KINDS.items() for what in kind.beside]
HARMLESS = [(name, what) for name, what in [*INSTEAD, *BESIDE] if what not in KINDS[name][0].spoils]
"""What leaves the account usable where it does arrive."""


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=KINDS)
async def staged(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[AtSetting]:
    """An application with one user, who has signed in by hand."""
    _, stage = KINDS[request.param]
    async with stage(tmp_path_factory.mktemp(request.param)) as at:
        yield at


@pytest_asyncio.fixture(loop_scope="module")
async def at(staged: AtSetting) -> AsyncIterator[AtSetting]:
    """The same for one test; what a failed one left is ended."""
    yield staged
    await staged.leave()


async def test_a_person_saves_the_setting(at: AtSetting) -> None:
    """Switched, agreed to by the account's name, pressed: one request is sent, the database has it, a check reads it."""
    desk = at.user.desk
    await at.release()
    assert at.outcome == at.nothing
    await at.press()
    await at.lets_on()
    await desk.hears(SENT)
    assert await desk.ends() == 0, desk.said
    assert at.outcome == at.once
    result = at.user.results()[-1]
    assert (result["verdict"], result["filing"]["requests"], result["filing"]["answered"]) == ("objected", 1, True)
    assert result["filing"]["fields"] == [at.label]
    assert (result["guard"]["writes_let_through"], result["guard"]["released"]) == (0, 1)
    assert at.states[-3:] == ["released", "filed", "accepted"]
    await desk.start("verify", "temoin-evidence", "--allow-unstamped")
    assert await desk.ends() == 0, desk.said


async def test_pressed_too_early_and_then_twice(at: AtSetting) -> None:
    """
    Before the name was typed nothing is sent, and unswitched nothing is released; a double press sends it once.

    Or never, where it is a form, and that is said: if the second press comes first, the browser gives the first request up.
    """
    desk = at.user.desk
    await at.go_to(ASKED)
    await at.agree()
    await desk.hears(NOT_RELEASED)
    await at.switch()
    await at.press_early()
    assert at.outcome == at.nothing
    await at.agree_until_released()
    assert at.outcome == at.nothing
    await at.press(2)
    await at.lets_on()
    code = await desk.ends()
    if SENT in desk.said[desk._heard :] or isinstance(at, AtSwitch):
        assert (code, at.outcome) == (0, at.once), desk.said
    else:
        assert (code, at.outcome) == (3, at.nothing), desk.said


@pytest.mark.parametrize(("staged", "what"), INSTEAD, indirect=["staged"])
async def test_what_was_exchanged_since_the_review_stays(at: AtSetting, what: str) -> None:
    """Another value, field, address, method, target, button or window: nothing arrives, and that is said."""
    desk = at.user.desk
    with at.turned(at.instead[what]):
        await at.release()
        await at.press()
        if what in at.unheard:
            await desk.act(desk.person.wait_until_still)
        else:
            await desk.hears("Refused, and not sent")
        said = await at.interrupted()
    assert at.outcome == at.nothing
    assert f"{at.user.account}: nothing was sent" in said


@pytest.mark.parametrize(("staged", "what"), BESIDE, indirect=["staged"])
async def test_whatever_the_page_sends_beside_it_stays(at: AtSetting, what: str) -> None:
    """A form, scripts, workers or a tab that send at the same moment: the declared request arrives, once."""
    with at.turned(at.beside[what]):
        await at.release()
        assert at.outcome == at.nothing
        await at.press()
        await at.lets_on()
        await at.user.desk.hears(SENT)
        await at.user.desk.ends()
    assert at.outcome == at.once


@pytest.mark.parametrize(("staged", "what"), HARMLESS, indirect=["staged"])
async def test_without_the_guard_it_arrives(at: AtSetting, what: str) -> None:
    """What is kept back above is sent where nothing keeps it: a script that does nothing would prove nothing."""
    with at.turned({**at.instead, **at.beside}[what]):
        await at.save_unguarded(2 if what in at.beside else 1)


async def test_a_page_that_presses_its_own_button_sends_nothing(at: AtSetting) -> None:
    """Its own press is none of the person's, before the consent and after it."""
    desk = at.user.desk
    with at.turned(at.presses_itself):
        await at.go_to(SWITCHED)
        desk.types(at.user.account)
        await desk.act(desk.person.wait_until_still)
        said = await at.interrupted()
    assert at.outcome == at.nothing
    assert f"{at.user.account}: nothing was sent" in said


@pytest.mark.parametrize("status", [307, 308])
async def test_a_redirect_is_not_followed(at: AtSetting, status: int) -> None:
    """The service has saved it and sends the same request on to itself: it arrived once, and does not again."""
    with at.redirecting(status):
        await at.release()
        await at.press()
        await at.lets_on()
        await at.user.desk.hears(SENT)
        await at.user.desk.ends()
    assert at.outcome == at.once
    assert at.user.results()[-1]["verdict"] == "objected"


@pytest.mark.parametrize("stage", [GOING, ASKED, SWITCHED, RELEASED])
async def test_ctrl_c_before_the_press_sends_nothing(at: AtSetting, stage: str) -> None:
    """Broken off on the way, at the review, once it is switched or after the consent: that is said."""
    await at.go_to(stage)
    said = await at.interrupted()
    assert at.outcome == at.nothing
    assert f"{at.user.account}: nothing was sent" in said


@pytest.mark.parametrize("stage", [SENT, READING])
async def test_ctrl_c_after_the_press_says_that_it_was_sent(at: AtSetting, stage: str) -> None:
    """Broken off once it has left, or while the account is read again: one arrived, it is said, the case knows it."""
    await at.go_to(stage)
    said = await at.interrupted()
    assert at.outcome == at.once
    assert f"{at.user.account}: the objection was sent on" in said
    assert at.states[-2:] == ["released", "filed"]


@pytest.mark.parametrize("stage", [PRESSED, LET_ON])
async def test_ctrl_c_with_the_press_says_what_became_of_it(at: AtSetting, stage: str) -> None:
    """Broken off in the moment of the press, or of the second yes: one arrives or none does, and that nothing was sent is said of none alone."""
    await at.go_to(stage)
    said = await at.interrupted()
    outcome = at.outcome
    assert outcome in (at.nothing, at.once)
    assert f"{at.user.account}: the objection was sent on" in said or outcome == at.nothing


@pytest.mark.parametrize("arrived", [False, True])
async def test_killed_after_the_press(at: AtSetting, arrived: bool) -> None:
    """
    Killed as it leaves, or as soon as it has arrived: at most one, and exactly one; the case was written before it left.

    Started again, the program tells it, and sends nothing more.
    """
    desk = at.user.desk
    await at.release()
    known = len(at.cases())
    await at.press()
    await at.lets_on()
    await desk.act(lambda: desk.person.wait_until(lambda: bool(at.writes) if arrived else len(at.cases()) > known))
    await at.killed()
    assert at.states[-2:] == ["released", "filed"]
    outcome = at.outcome
    assert outcome == at.once or (not arrived and outcome == at.nothing)
    await desk.start("object", "file", at.user.account)
    await desk.hears("an objection was filed on")
    if at.is_on:
        await desk.hears(ASKED)
        await at.interrupted()
    else:
        assert await desk.ends() == 0, desk.said
        assert at.states[-1] == "accepted"
    assert at.outcome == outcome
