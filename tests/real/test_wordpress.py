"""
WordPress from the sign-in by hand to the right verdict, in each state that it can be met in.

Real: WordPress with its own login form, profile page, database and maintenance mode; the program, its windows, X's mouse
and keys, the guard, TLS, the vault; requests are counted in front of the application. Not real: the host name,
and the fault and the delay that plugins of the test make in PHP.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.real import wordpress
from tests.real.account import FLOWS, Checked, UserAtDesk
from tests.real.applications import PASSWORD
from tests.real.wordpress import WordPress

pytestmark = [pytest.mark.browser, pytest.mark.rare, pytest.mark.timeout(900)]

READER, OTHER = "claire", "bob"
TOOLBAR = "wordpress.toolbar"
TOOLBAR_OPTION = "show_admin_bar_front"
ONLY_PROFILE = "if (($GLOBALS['pagenow'] ?? '') !== 'profile.php') return;"
FAULT = f"add_action('admin_init', function () {{ {ONLY_PROFILE} throw new Exception('the disk is full'); }});"
DELAY = f"add_action('admin_init', function () {{ {ONLY_PROFILE} sleep(6); }});"


@dataclass
class Played:
    """What the checks in each state came to."""

    checks: dict[str, Checked] = field(default_factory=dict)
    """By state."""
    changed: set[str] = field(default_factory=set)
    """Tables that a check left otherwise than they were."""
    sign_in_writes: list[str] = field(default_factory=list)
    """Paths of what was sent while the person signed in."""
    said: str = ""


async def _check(played: Played, blog: WordPress, user: UserAtDesk, state: str) -> None:
    before = blog.state()
    played.checks[state] = await user.check()
    after = blog.state()
    played.changed |= {name for name in {*before, *after} if before.get(name) != after.get(name)}


async def play(folder: Path) -> Played:
    """Sign in by hand once; then read the setting in one state after the other."""
    played = Played()
    async with wordpress.staged(folder, TOOLBAR, READER) as (blog, served, user):
        blog.add(OTHER)
        user.configure(FLOWS / "wordpress")
        await user.sign_in(READER)
        played.sign_in_writes = [one.path.partition("?")[0] for one in served.writes]
        blog.choose(READER, TOOLBAR_OPTION, "false")
        await _check(played, blog, user, "off")
        blog.choose(READER, TOOLBAR_OPTION, "true")
        await _check(played, blog, user, "on")
        blog.choose(READER, "locale", "fr_FR")
        await _check(played, blog, user, "on, in French")
        blog.choose(READER, "locale", "")
        with blog.with_plugin("fault", FAULT):
            await _check(played, blog, user, "fault")
        with blog.with_plugin("delay", DELAY):
            await _check(played, blog, user, "delay")
        with blog.maintenance():
            await _check(played, blog, user, "maintenance")
        saved = user.vault.load(user.account)
        user.take_over(blog.cookies(OTHER))
        await _check(played, blog, user, "somebody else")
        user.vault.store(saved)
        blog.sign_out(READER)
        await _check(played, blog, user, "signed out")
        played.said = user.desk.said
    return played


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    """A blog, started once."""
    wordpress.require()
    return asyncio.run(play(tmp_path_factory.mktemp("blog")))


@pytest.mark.parametrize(
    ("state", "verdict"),
    [
        ("off", "objected"),
        ("on", "not_objected"),
        ("on, in French", "not_objected"),
        ("delay", "not_objected"),
    ],
)
def test_the_verdict_follows_the_setting(played: Played, state: str, verdict: str) -> None:
    """A checkbox of WordPress's own profile page, told as the database has it, by a confirmed session."""
    check = played.checks[state]
    assert check.answer == (verdict, None, None), check.result["because"]
    assert check.code == (0 if verdict == "objected" else 1)
    assert "identity.confirmed" in {signal["name"] for signal in check.result["signals"]}


@pytest.mark.parametrize(
    ("state", "answer", "named"),
    [
        ("fault", ("unknown", "timeout", None), "HTTP 500"),
        ("maintenance", ("unknown", "timeout", None), "HTTP 503"),
        ("somebody else", ("needs_human", "wrong_account", None), ""),
        ("signed out", ("needs_human", "login_required", None), ""),
    ],
)
def test_where_the_setting_is_not_shown_nothing_is_said_of_it(
    played: Played, state: str, answer: tuple[str, str | None, str | None], named: str
) -> None:
    """A fault, maintenance, somebody else's session and one that has ended: each by its name."""
    check = played.checks[state]
    assert check.answer == answer, check.result["because"]
    assert named in check.result["because"]
    assert check.code == 3


def test_one_form_is_sent_to_sign_in_and_nothing_to_check(played: Played) -> None:
    """The blog got the login form, once; every check of every state asked by GET, and none by an address that acts."""
    assert played.sign_in_writes == ["/wp-login.php"]
    asked = [one for check in played.checks.values() for one in check.asked]
    assert len(asked) > 4 * len(played.checks), "the count is worth something only where pages were fetched"
    assert {one.method for one in asked} <= {"GET", "HEAD"}
    assert [one.path for one in asked if "action=" in one.path] == []
    assert {check.result["guard"]["writes_let_through"] for check in played.checks.values()} == {0}


def test_the_blog_holds_what_it_held(played: Played) -> None:
    """After a check every row of its database is what it was, but for what WordPress notes while it answers a GET."""
    assert played.changed <= {"wp_options"}, "transients, and that its owner was told of the fault"


def test_no_password_shows_on_the_terminal(played: Played) -> None:
    """From the sign-in to the last check, nothing that the program says there holds it."""
    assert PASSWORD not in played.said
