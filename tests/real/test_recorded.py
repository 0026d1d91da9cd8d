"""
From nothing to a verdict on WordPress by the documented way: recorded, signed in, checked, compared, and switched.

Real: WordPress with its own login form and profile page; the program on a terminal, its windows, X's mouse and keys,
the guard, TLS, the vault; the browser in which the person switches the setting, which is none of the program's. Requests
are counted in front of the application. Not real: the host name.
"""

from __future__ import annotations

import asyncio
import os
import stat
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from automation.browser.finder import find_browser
from automation.domain.settings.browser import BrowserSettings
from automation.text.labels import read_tables
from tests.authoring.recorder.desk import places_of
from tests.real import wordpress
from tests.real.account import FLOWS, Checked, UserAtDesk
from tests.real.applications import PASSWORD
from tests.real.serving import Served
from tests.real.wordpress import WordPress

pytestmark = [pytest.mark.browser, pytest.mark.rare, pytest.mark.timeout(900)]

READER, FLOW = "claire", "hearth.toolbar"
OPTION, LABEL = "show_admin_bar_front", "Show Toolbar when viewing site"
PROFILE = f"https://{WordPress.host}/wp-admin/profile.php"
OFFERED = 'telemetry_query = ["action=wp-compression-test"]'
LOGIN, SAVED = "/wp-login.php", "/wp-admin/profile.php"


@dataclass
class Played:
    """What each part of the way came to."""

    recorded: str = ""
    """What the recorder said."""
    flow: Mapping[str, Any] = field(default_factory=dict)
    """Tables of the flow that it wrote."""
    checked: Checked | None = None
    verified: Mapping[str, Any] = field(default_factory=dict)
    """The flow's tables once a person has compared it."""
    objected: int = -1
    """Exit code of `temoin object`."""
    results: list[Mapping[str, Any]] = field(default_factory=list)
    """What it read before and after."""
    writes: dict[str, list[str]] = field(default_factory=dict)
    """Part of the way → what was sent meanwhile that is no read by its method, as `METHOD /path`."""
    stands: str = ""
    """The setting in the database at the end."""


async def play(folder: Path) -> Played:
    """Everything that docs/flows.md says under "From nothing to the first verdict", and then the objection."""
    played = Played()
    async with wordpress.staged(folder, FLOW, READER) as (blog, served, user):
        user.configure()
        tables = user.desk.folder / "flows-of-ours" / "hearth" / "toolbar" / "flow.toml"
        with _counted(played, served, "recording"):
            await _record(blog, served, user)
        played.recorded, played.flow = user.desk.said, tomllib.loads(tables.read_text())
        site = tables.parents[1] / "site.toml"
        site.write_text(f"{site.read_text()}\n[guard]\n{OFFERED}\n")  # as the recorder says, once one has looked it up
        with _counted(played, served, "signing in"):
            await user.sign_in(READER)
        with _counted(played, served, "checking"):
            played.checked = await user.check()
        with _counted(played, served, "comparing"):
            await user.desk.start("flows", "verify", user.account)
            await user.desk.answers("2  The setting stands so that content is used for training.", "2")
            assert await user.desk.ends() == 0, user.desk.said
        played.verified = tomllib.loads(tables.read_text())
        with _counted(played, served, "objecting"):
            await _object(played, blog, served, user)
        played.stands = blog.chosen(READER, OPTION)
    return played


async def _record(blog: WordPress, served: Served, user: UserAtDesk) -> None:
    """Sign in, point at the setting's name, and say what it means."""
    desk, someone = user.desk, user.desk.person
    browser = {"replica_map": served.replica_map, "replica_spki": (served.spki,)}
    site = read_tables(FLOWS / "wordpress" / "site.toml")
    places = await places_of(someone, browser, site, PROFILE, blog.cookies(READER), [LABEL])
    served.asked.clear()
    await desk.start("flows", "record", FLOW, "--url", PROFILE, "--sign-in", LOGIN)
    await desk.hears("Sign in to ")
    await desk.act(
        someone.wait_until_still, lambda: someone.write(READER), lambda: someone.press("Tab"),
        lambda: someone.write(PASSWORD), lambda: someone.press("Return"), someone.wait_until_still,
    )  # fmt: skip
    desk.types()
    await desk.answers("Does the window show the account", "1")
    await desk.answers("What do the pages call you", f"{READER}, {READER}@hearth.example")
    await desk.hears("Walk to the setting")
    await desk.act(someone.wait_until_still)
    desk.types()
    await desk.hears("Now click the setting’s name")
    await desk.points_at(places[LABEL])
    await desk.hears(f"Found: {LABEL}")
    await desk.answers("is ON, what does the service do", "1")
    assert await desk.ends() == 0, desk.said


async def _object(played: Played, blog: WordPress, served: Served, user: UserAtDesk) -> None:
    """Read, switch it in a browser of one's own, and have it read again."""
    desk, someone = user.desk, user.desk.person
    desk.variables["BROWSER"] = str(_own_browser(user.desk.folder, served))
    before = len(user.results())
    await desk.start("object", user.account)
    await desk.hears("once you have switched it; q ends")
    assert served.writes == [], "nothing but the person's own browser writes"
    desk.types("o")
    await desk.act(lambda: someone.wait_until(lambda: any(one.path.startswith(LOGIN) for one in served.asked)))
    await desk.act(
        someone.wait_until_still, lambda: someone.write(READER), lambda: someone.press("Tab"),
        lambda: someone.write(PASSWORD), lambda: someone.press("Return"), someone.wait_until_still,
        # The words are found by the browser's own search, and the box before them has the keyboard next.
        lambda: someone.press("ctrl+f"), lambda: someone.write(LABEL), lambda: someone.press("Escape", "shift+Tab"),
        lambda: someone.press("space", "Return"),
        lambda: someone.wait_until(lambda: f"POST {SAVED}" in [f"{one.method} {one.path}" for one in served.asked]),
        someone.wait_until_still, lambda: someone.press("ctrl+w"), someone.wait_until_still,
    )  # fmt: skip
    while_switching = len(served.writes)
    desk.types("done")
    played.objected = await desk.ends()
    played.results = list(user.results())[before:]
    assert len(served.writes) == while_switching, "reading again only reads"


def _own_browser(folder: Path, served: Served) -> Path:
    """A program that opens an address in a browser of the person's own, with a profile of its own."""
    found = find_browser(BrowserSettings(headless=False))
    script = folder / "browser-of-ones-own"
    root = "--no-sandbox --test-type" if os.geteuid() == 0 else ""
    script.write_text(
        f'#!/bin/sh\nexec "{found.path}" {root} --user-data-dir="{folder / "profile"}" --no-first-run '
        f"--password-store=basic --disable-features=PasswordManagerOnboarding --window-size=1300,900 "
        f'--host-resolver-rules="MAP {served.host} {served.address}" '
        f'--ignore-certificate-errors-spki-list="{served.spki}" "$@" >/dev/null 2>&1 &\n'
    )
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    return script


@contextmanager
def _counted(played: Played, served: Served, part: str) -> Iterator[None]:
    """Note what is sent during a part of the way."""
    served.asked.clear()
    yield
    played.writes[part] = [f"{one.method} {one.path.partition('?')[0]}" for one in served.writes]


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    """A blog, started once."""
    wordpress.require()
    return asyncio.run(play(tmp_path_factory.mktemp("recorded")))


def test_what_was_recorded_needs_no_further_word(played: Played) -> None:
    """The recorder finds name, heading, kind and address by itself; what the states mean it was told."""
    assert played.flow["control"]["kind"] == "checkbox"
    assert played.flow["control"]["on"] == "trains"
    assert played.flow["surfaces"]["setting"]["urls"] == [PROFILE]


def test_a_refused_chore_is_named_with_its_rule(played: Played) -> None:
    """A new blog tests its server by a GET that writes: it is refused, named, and no reason to write nothing."""
    assert "read as: unknown (guard_blocked)" in played.recorded
    offered = played.recorded.partition("what the page shows does not come by these:")[2]
    assert [line.strip() for line in offered.splitlines()[1:3]] == ["[guard]", OFFERED]


def test_the_first_check_gives_the_verdict(played: Played) -> None:
    """With nothing written by hand but the account and the offered rule, the setting is told as the database has it."""
    assert played.checked is not None
    assert played.checked.answer == ("not_objected", None, None), played.checked.result["because"]
    assert played.checked.code == 1, "it is expected otherwise"


def test_a_person_compares_it_with_the_page(played: Played) -> None:
    """Asked before anything is read; where both agree the date is written, and that it was a stand-in's address."""
    [entry] = played.verified["verified"]
    assert (entry["locale"], entry["stand_in"]) == ("en-US", True)


def test_the_setting_is_switched_by_its_person_and_read_again(played: Played) -> None:
    """`temoin object` reads, shows the way, waits for the person's own browser, and reads again: as it stands now."""
    assert [one["verdict"] for one in played.results] == ["not_objected", "objected"]
    assert played.objected == 0
    assert played.stands == "false"
    assert {one["guard"]["writes_let_through"] for one in played.results} == {0}


def test_nothing_is_sent_but_by_the_person(played: Played) -> None:
    """Every write that the blog got: the login forms, and the profile that the person saved in their own browser."""
    assert {part: written for part, written in played.writes.items() if part != "objecting"} == {
        "recording": [f"POST {LOGIN}"],
        "signing in": [f"POST {LOGIN}"],
        "checking": [],
        "comparing": [],
    }
    own = [one for one in played.writes["objecting"] if one != "POST /wp-admin/admin-ajax.php"]  # their page's own
    assert own == [f"POST {LOGIN}", f"POST {SAVED}"]
