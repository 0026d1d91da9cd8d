"""
Ghost, whose admin is one page that scripts draw: from the sign-in by hand to the right verdict, and a switch made.

Real: Ghost with its own login page, settings, API and database; the program, its windows, X's mouse and keys, the guard,
TLS, the vault; requests are counted in front of the application. In `temoin object file` the person switches a setting, whose
request is not declared, in a browser of their own without the guard. Not real: the host name, and that this second browser
is moved by Playwright. A setting whose request is declared: `test_objecting`.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.real import ghost
from tests.real.account import FLOWS, Checked, UserAtDesk, account_of
from tests.real.applications import PASSWORD
from tests.real.ghost import Ghost
from tests.real.objecting import unguarded
from tests.real.serving import Served
from tests.turns import until

pytestmark = [pytest.mark.browser, pytest.mark.rare, pytest.mark.timeout(900)]

READER, OTHER = "claire", "bob"
CLICKS, ACCESS = "ghost.clicks", "ghost.access"
SETTINGS: dict[str, dict[str, Any]] = {
    "off": {"email_track_clicks": False},
    "on": {"email_track_clicks": True},
    "members": {"default_content_visibility": "members"},
    "public": {"default_content_visibility": "public"},
}


@dataclass
class Played:
    """What the checks in each state came to."""

    checks: dict[str, Checked] = field(default_factory=dict)
    """By state."""
    changed: set[str] = field(default_factory=set)
    """Tables that a check left otherwise than they were."""
    sign_in_writes: list[list[str]] = field(default_factory=list)
    """Paths of what was sent each time that the person signed in."""
    switched: list[str] = field(default_factory=list)
    """Methods and paths of what was sent from the start of `temoin object file` to its end."""
    object_code: int = -1
    guided: str = ""
    """What `temoin object file` said."""
    said: str = ""


async def _check(played: Played, publication: Ghost, user: UserAtDesk, state: str, flow: str = CLICKS) -> None:
    before = publication.state()
    played.checks[state] = await user.check(flow)
    after = publication.state()
    played.changed |= {name for name in {*before, *after} if before.get(name) != after.get(name)}


async def _sign_in(played: Played, publication: Ghost, served: Served, user: UserAtDesk, *, is_asked: bool) -> None:
    since = len(served.writes)
    await user.sign_in(publication.address(READER), field="Email address", is_asked=is_asked)
    played.sign_in_writes.append([one.path.partition("?")[0] for one in served.writes[since:]])


async def _switch(publication: Ghost, served: Served) -> None:
    """Switch it off in a browser of one's own, by the application's own switch and button."""
    since = len(served.writes)
    async with unguarded(served, publication.cookies(READER)) as page:
        await ghost.save_switch(page, "Newsletter clicks")
        await until(lambda: len(served.writes) > since)


async def _object(played: Played, publication: Ghost, served: Served, user: UserAtDesk) -> None:
    """Go the way that `temoin object file` shows, and let it read again."""
    desk, start, since = user.desk, len(user.desk.said), len(served.writes)
    await desk.start("object", "file", user.account)
    await desk.hears("once you have switched it")
    await _switch(publication, served)
    desk.types("done")
    played.object_code = await desk.ends()
    played.switched = [f"{one.method} {one.path.partition('?')[0]}" for one in served.writes[since:]]
    played.guided = desk.said[start:]


async def play(folder: Path) -> Played:
    """Sign in by hand; read two settings in one state after the other, and switch one; sign in anew by another name."""
    played = Played()
    async with ghost.staged(folder, CLICKS, READER) as (publication, served, user):
        publication.add(OTHER)
        user.configure(FLOWS / "ghost", ACCESS)
        await _sign_in(played, publication, served, user, is_asked=True)
        for state, settings in SETTINGS.items():
            publication.choose(**settings)
            await _check(played, publication, user, state, CLICKS if state in {"off", "on"} else ACCESS)
        publication.choose(**SETTINGS["on"])
        await _object(played, publication, served, user)
        saved = user.vault.load(user.account)
        user.take_over(publication.cookies(OTHER))
        await _check(played, publication, user, "somebody else")
        user.vault.store(saved)
        publication.sign_out()
        await _check(played, publication, user, "signed out")
        user.identity = publication.address(READER)
        user.configure(FLOWS / "ghost")
        await _sign_in(played, publication, served, user, is_asked=False)
        await _check(played, publication, user, "named")
        played.said = user.desk.said
    return played


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    """A publication, started once."""
    ghost.require()
    return asyncio.run(play(tmp_path_factory.mktemp("letters")))


@pytest.mark.parametrize(
    ("state", "verdict"),
    [("off", "objected"), ("on", "not_objected"), ("members", "objected"), ("public", "not_objected")],
)
def test_the_verdict_follows_the_setting(played: Played, state: str, verdict: str) -> None:
    """A switch and a list that React draws, told as the database has them, by a confirmed session."""
    check = played.checks[state]
    assert check.answer == (verdict, None, None), (check.result["because"], check.result["signals"])
    assert check.code == (0 if verdict == "objected" else 1)
    assert "identity.confirmed" in {signal["name"] for signal in check.result["signals"]}


def test_whoever_is_called_as_the_api_calls_them_is_not_asked(played: Played) -> None:
    """With the e-mail address as `identity`, the API's answer to the page names the account; no page shows it."""
    check = played.checks["named"]
    assert check.answer == ("objected", None, None), check.result["because"]
    assert "identity.same" in {signal["name"] for signal in check.result["signals"]}


@pytest.mark.parametrize(
    ("state", "answer"),
    [
        ("somebody else", ("needs_human", "wrong_account", None)),
        ("signed out", ("needs_human", "login_required", None)),
    ],
)
def test_where_the_setting_is_not_the_accounts_nothing_is_said_of_it(
    played: Played, state: str, answer: tuple[str, str | None, str | None]
) -> None:
    """Another administrator sees the same page with the same switch; a session that has ended sees the login page."""
    check = played.checks[state]
    assert check.answer == answer, check.result["because"]
    assert check.code == 3


def test_one_form_is_sent_to_sign_in_and_nothing_to_check(played: Played) -> None:
    """The API got the session's request, once each time; every check of every state asked by GET."""
    assert played.sign_in_writes == [["/ghost/api/admin/session"]] * 2
    asked = [one for check in played.checks.values() for one in check.asked]
    assert len(asked) > 4 * len(played.checks), "the count is worth something only where pages were fetched"
    assert {one.method for one in asked} <= {"GET", "HEAD"}
    assert {check.result["guard"]["writes_let_through"] for check in played.checks.values()} == {0}


def test_the_database_holds_what_it_held(played: Played) -> None:
    """After a check every row of every table is what it was."""
    assert played.changed == set()


def test_the_person_switches_it_and_it_is_read_again(played: Played) -> None:
    """`temoin object file` shows the way; all that is sent is the settings, once, by the person's own browser."""
    assert played.object_code == 0, played.guided
    assert f"https://letters.hearth.example{ghost.ANALYTICS}" in played.guided
    assert f"{account_of(CLICKS)}: before: Not objected, now: Objected" in played.guided
    assert played.switched == ["PUT /ghost/api/admin/settings/"]


def test_no_password_shows_on_the_terminal(played: Played) -> None:
    """From the sign-in to the last check, nothing that the program says there holds it."""
    assert PASSWORD not in played.said
