"""
Ghost from the sign-in by hand to the right verdict, in each state that it can be met in.

Real: Ghost with its admin, which is one page that fills itself by requests, its database and its maintenance mode; the
program, its windows, X's mouse and keys, the guard, TLS, the vault; requests are counted in front of the application.
Not real: the host name, and the delay of its data, which the proxy makes.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.real import ghost
from tests.real.account import FLOWS, Checked, UserAtDesk, at_desk
from tests.real.ghost import Ghost
from tests.real.serving import Served, over_tls
from tests.session.screen import screen

pytestmark = [pytest.mark.browser, pytest.mark.rare, pytest.mark.timeout(900)]

FLOW, SETTING = "ghost.signups", "free_member_signup_notification"


@dataclass
class Played:
    """What the checks in each state came to."""

    checks: dict[str, Checked] = field(default_factory=dict)
    """By state."""
    changed: set[str] = field(default_factory=set)
    """Tables that a check left otherwise than they were."""
    sign_in_writes: list[str] = field(default_factory=list)
    """What was sent while the person signed in, as `METHOD /path`."""


async def _check(played: Played, site: Ghost, user: UserAtDesk, state: str) -> None:
    before = site.state()
    played.checks[state] = await user.check()
    after = site.state()
    played.changed |= {name for name in {*before, *after} if before.get(name) != after.get(name)}


async def play(folder: Path) -> Played:
    """Sign in by hand once; then read the setting in one state after the other."""
    played = Played()
    site = ghost.set_up(folder)
    async with _staged(site, folder / "desk") as (served, user):
        with site.running():
            site.own()
            user.identity = claire = site.add("Claire", "Administrator")
            bob = site.add("Bob", "Administrator")
            user.configure(FLOWS / "ghost")
            await user.sign_in(claire, "Email address")
            played.sign_in_writes = [f"{one.method} {one.path}" for one in served.writes]
            site.choose(claire, SETTING, 0)
            await _check(played, site, user, "off")
            site.choose(claire, SETTING, 1)
            await _check(played, site, user, "on")
            served.delay_s = 3.0
            await _check(played, site, user, "delay")
            served.delay_s = 0.0
            with site.broken():
                await _check(played, site, user, "fault")
            site.appoint(claire, "Author")
            await _check(played, site, user, "without the setting")
            site.appoint(claire, "Administrator")
            saved = user.vault.load(user.account)
            user.take_over(site.cookies(bob))
            await _check(played, site, user, "somebody else")
            user.vault.store(saved)
            site.sign_out()
            await _check(played, site, user, "signed out")
        with site.running(maintenance=True):
            await _check(played, site, user, "maintenance")
    return played


@asynccontextmanager
async def _staged(site: Ghost, desk: Path) -> AsyncIterator[tuple[Served, UserAtDesk]]:
    desk.mkdir()
    with screen() as person:
        async with over_tls(site.host, site.inside) as served, at_desk(person, desk, served, FLOW, "") as user:
            yield served, user


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    """A site, started once."""
    if lacking := ghost.missing():
        pytest.skip(f"{', '.join(lacking)} not installed; `make test-all` gets it where npm can")
    return asyncio.run(play(tmp_path_factory.mktemp("ghost")))


@pytest.mark.parametrize(("state", "verdict"), [("off", "objected"), ("on", "not_objected"), ("delay", "not_objected")])
def test_the_verdict_follows_the_setting(played: Played, state: str, verdict: str) -> None:
    """A switch behind a tab of a dialog, told as the database has it, by a confirmed session."""
    check = played.checks[state]
    assert check.answer == (verdict, None, None), check.result["because"]
    assert "identity.confirmed" in {signal["name"] for signal in check.result["signals"]}


@pytest.mark.parametrize(
    ("state", "verdict", "reason"),
    [
        ("without the setting", "unknown", "not_recognised"),
        ("somebody else", "needs_human", "wrong_account"),
        ("signed out", "needs_human", "login_required"),
        ("maintenance", "unknown", "timeout"),
    ],
)
def test_where_the_setting_is_not_shown_nothing_is_said_of_it(
    played: Played, state: str, verdict: str, reason: str
) -> None:
    """A role without it, somebody else's session, one that has ended, and maintenance: each by its name."""
    assert played.checks[state].answer[:2] == (verdict, reason), played.checks[state].result["because"]


def test_a_site_that_cannot_answer_gives_no_verdict(played: Played) -> None:
    """Where the admin's data are answered by 500, what it draws is no state."""
    assert played.checks["fault"].answer[0] == "unknown", played.checks["fault"].result["because"]


def test_one_request_signs_in_and_nothing_is_sent_to_check(played: Played) -> None:
    """The site got one sign-in; every check of every state asked by GET alone."""
    assert played.sign_in_writes == ["POST /ghost/api/admin/session"]
    asked = [one for check in played.checks.values() for one in check.asked]
    assert len(asked) > 4 * len(played.checks), "the count is worth something only where pages were fetched"
    assert {one.method for one in asked} <= {"GET", "HEAD"}
    assert {check.result["guard"]["writes_let_through"] for check in played.checks.values()} == {0}
