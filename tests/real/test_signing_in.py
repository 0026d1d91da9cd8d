"""
Signing in by hand to a service that says nothing of how one signs in or who is signed in, and checking with that.

Real: MediaWiki, its own login form and pages; the program in a process of its own, its window on a screen, X's mouse
and keys, the guard, TLS, the vault. Not real: the host name. The flow's site is as `temoin flow record` writes one:
hosts, and nothing else.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from automation.browser.environment.record import ci_of
from automation.text.labels import read_tables
from tests.authoring.recorder.desk import places_of
from tests.real import applications
from tests.real.serving import Served, over_tls
from tests.session.screen import Person, screen
from tests.session.test_window import Desk

pytestmark = [pytest.mark.browser, pytest.mark.rare, pytest.mark.timeout(300)]

READER = "Alice of the hearth"
SITE = """extends = ["temoin:declared/site.toml"]
name = "Hearth wiki"
hosts = ["wiki.hearth.example"]
[sign_in]
url = "https://wiki.hearth.example/index.php/Special:UserLogin"
home = "https://wiki.hearth.example/index.php/Special:Preferences"
"""
FLOWS = Path(__file__).parent / "flows" / "mediawiki"


@pytest.fixture
async def served(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Served]:
    """A wiki with one reader, who lets others write to her."""
    if lacking := applications.missing():
        reason = f"{', '.join(lacking)} of Debian 13 not installed; `make services` gets them there"
        pytest.fail(reason) if ci_of() else pytest.skip(reason)
    with applications.mediawiki(tmp_path_factory.mktemp("wiki") / "mediawiki", READER) as wiki:
        wiki.choose(READER, "disablemail", "0")
        wiki.choose(READER, "thumbsize", "2")
        async with over_tls(wiki.host, wiki.inside) as there:
            yield there


def _configured(folder: Path, served: Served) -> None:
    for name in ("email", "thumbnails"):
        there = folder / "flows" / "mediawiki" / name
        there.mkdir(parents=True)
        for file in (FLOWS / name).glob("*.toml"):
            (there / file.name).write_text(file.read_text())
    (folder / "flows" / "mediawiki" / "site.toml").write_text(SITE)
    accounts = "".join(
        f'[[accounts]]\nname = "{name}"\nflow = "mediawiki.{name}"\nidentity = "alice@hearth.example"\n'
        for name in ("email", "thumbnails")
    )
    (folder / "temoin.toml").write_text(
        f'flow_paths = ["flows"]\n[browser]\ntimeout_s = 60\nreplica_spki = ["{served.spki}"]\n'
        f'[browser.replica_map]\n"{served.host}" = "{served.address}"\n{accounts}'
    )


async def _fields(person: Person, served: Served, folder: Path) -> dict[str, tuple[int, int]]:
    """Where on the screen a window of that browser shows what the fields are called."""
    tables = read_tables(folder / "flows" / "mediawiki" / "site.toml")
    browser = {"replica_map": served.replica_map, "replica_spki": (served.spki,)}
    return await places_of(person, browser, tables, tables["sign_in"]["url"], [], ["Username", "Password"])


async def test_one_sign_in_by_hand_serves_every_setting(served: Served, tmp_path: Path) -> None:
    """
    A person signs in, says in Témoin's own tab that it is her account, and both of her settings are read with that.

    The form's POST passes although no file lists it; the check sends nothing but reads. No output names her.
    """
    _configured(tmp_path, served)
    with screen() as person:
        there = await _fields(person, served, tmp_path)
        desk = Desk(None, tmp_path, person)
        process = await desk.start("account", "login", "email")
        await desk.hears("Sign in to Hearth wiki")
        await desk.act(
            person.wait_until_still,
            lambda: person.click(there["Username"]),
            lambda: person.write(READER),
            lambda: person.click(there["Password"]),
            lambda: person.write(applications.PASSWORD),
            lambda: person.press("Return"),
        )
        await desk.hears("go to the tab called Témoin")
        await desk.act(person.wait_until_still, lambda: person.press("ctrl+1"), person.wait_until_still)
        await desk.act(person.touch_page, lambda: person.press("Tab", "Return"))
        await desk.hears("is what it shows your account")
        await desk.act(person.wait_until_still, person.touch_page, lambda: person.press("Tab", "Return"))
        assert await desk.ends(process, 90) == 0, desk.said
        assert [one.path.partition("?")[0] for one in served.writes] == ["/index.php/Special:UserLogin"]
        assert READER not in "".join(desk.said)
        saved = desk.vault().load("email")
        assert saved.confirmation is not None
        assert saved.confirmation.marks["login"] or saved.confirmation.marks["menu"]
        assert saved.browser is not None
        assert saved.browser.windowed
        # A stand-in is checked without a window unless somebody says otherwise; a service is, in that same browser.
        process = await desk.start("check", "--json", TEMOIN_BROWSER__HEADLESS="false")
        await desk.ends(process, 200)
    said = "".join(desk.said)
    document = json.loads(said[said.index('{\n  "schema"') : said.rindex("}") + 1])
    results = {result["account"]: result for result in document["results"]}
    assert {name: result["verdict"] for name, result in results.items()} == {
        "email": "not_objected",
        "thumbnails": "objected",
    }
    for result in results.values():
        assert "identity.confirmed" in {signal["name"] for signal in result["signals"]}
    environments = [json.loads(file.read_text()) for file in tmp_path.rglob("environment.json")]
    assert len(environments) == 2
    for environment in environments:
        differing = {line.partition(":")[0] for line in environment.get("differs_from_sign_in", [])}
        assert differing <= {"window size"}, "that browser, but for the size in which all stand-ins are drawn"
    assert len(served.writes) == 1, "the check only reads"
