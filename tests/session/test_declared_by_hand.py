"""
Signing in by hand at shipped services of which no source says how one signs in or who is signed in, and checking.

Real: the shipped flows, the program in a process of its own, its window on a screen, X's mouse and keys, the guard, TLS,
the vault. Not real: the services, which are the flows' own stand-ins.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from automation.authoring.replica import Replica, load_site
from tests.session.screen import Person, screen
from tests.session.test_window import Desk

pytestmark = [pytest.mark.browser, pytest.mark.thorough, pytest.mark.timeout(300)]

SERVICES = ("adobe", "github_copilot", "quora")
"""A button, a list and a switch."""


@pytest.fixture(scope="module")
def person() -> Iterator[Person]:
    """Somebody before a screen."""
    with screen() as before_it:
        yield before_it


@pytest.mark.parametrize("service", [SERVICES[0], *(pytest.param(one, marks=pytest.mark.rare) for one in SERVICES[1:])])
async def test_a_person_signs_in_confirms_and_checks(service: str, person: Person, tmp_path: Path) -> None:
    """She signs in as the page asks, says that she did and that it is her account; the check then tells the setting."""
    site = load_site(service)
    actor = next(one for one in site.cast if one.verdict == "not_objected" and not one.world.get("trap"))
    async with Replica([site]) as replica:
        desk = Desk(replica, tmp_path, person)
        desk.configure(actor)
        process = await desk.start("account", "login", "probe")
        await desk.hears("Sign in to")
        await desk.sign_in(actor)
        await desk.hears("go to the tab called Témoin")
        await desk.act(person.wait_until_still, lambda: person.press("ctrl+1"), person.wait_until_still)
        await desk.act(person.touch_page, lambda: person.press("Tab", "Return"))
        await desk.hears("is what it shows your account")
        await desk.act(person.wait_until_still, person.touch_page, lambda: person.press("Tab", "Return"))
        assert await desk.ends(process, 90) == 0, desk.said
        assert replica.sign_in_tries[actor.username] == 1
        saved = desk.vault().load("probe")
        assert saved.confirmation is not None
        assert saved.browser is not None
        assert saved.browser.windowed
        sent = len(replica.writes)  # while somebody signs in, the page may send what it likes to its own service
        process = await desk.start("check", "--json", TEMOIN_BROWSER__HEADLESS="false")
        await desk.ends(process, 200)
        assert len(replica.writes) == sent, "the check only reads"
    said = "".join(desk.said)
    [result] = json.loads(said[said.index('{\n  "schema"') : said.rindex("}") + 1])["results"]
    assert result["verdict"] == "not_objected", result
    assert "identity.confirmed" in {signal["name"] for signal in result["signals"]}
    assert actor.username not in said
