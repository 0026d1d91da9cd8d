"""
`temoin flow record` as a person uses it, at a service with a real sign-in, late content and writes at every corner.

Real: the program in a terminal, the browser's window on a screen, mouse and keys of that screen, the guard, TLS, and
the trial of what was recorded. Not real: the service.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from urllib.parse import urlsplit

import pytest

import flows as shipped
from automation.authoring.audit import audit
from automation.authoring.replica import load_site
from automation.authoring.writing import site_toml
from automation.text.labels import read_tables
from tests.authoring.recorder.desk import Desk, places_of
from tests.authoring.recorder.live import COOKIE, HOST, LABEL, PRIVATE, SECTION, SETTINGS, TAB, Live
from tests.session.screen import Person

pytestmark = [pytest.mark.browser, pytest.mark.rare]


async def _places(live: Live, person: Person, tmp_path: Path) -> dict[str, tuple[int, int]]:
    file = tmp_path / "site.toml"
    file.write_text(site_toml("Studio", SETTINGS, (HOST,), ()))
    return await places_of(
        person, live.browser, read_tables(file), SETTINGS, [COOKIE], [LABEL[live.lang]], first=TAB[live.lang]
    )


async def _record(desk: Desk, live: Live, places: dict[str, tuple[int, int]], *, clicks: int = 1) -> None:
    """The whole way up to the questions: sign in, walk, point."""
    tab, label = places[TAB[live.lang]], places[LABEL[live.lang]]
    (desk.folder / "temoin.toml").write_text(live.browser_toml)
    await desk.start(
        "flow", "record", "studio.ai_training", "--into", "ours", "--url", SETTINGS, "--sign-in", "/login",
        "--config", "temoin.toml",
    )  # fmt: skip
    await desk.signs_in(live, "claire.moreau@atelier.example", then="Walk to the setting")
    await desk.points_at(tab)
    await desk.act(desk.person.wait_until_still)
    desk.types()
    await desk.hears("Now click the setting’s name")
    await desk.points_at(label, clicks)
    await desk.hears(f"Found: {LABEL[live.lang]}")


@pytest.mark.timeout(400)
async def test_a_setting_behind_a_tab(desk: Desk, tmp_path: Path) -> None:
    """
    What is recorded passes check and test at once, says where it is from, and holds nothing of the account.

    A double click on the setting reaches neither page nor service, and what the states mean is asked.
    """
    async with Live() as live:
        places = await _places(live, desk.person, tmp_path)
        live.writes.clear()
        await _record(desk, live, places, clicks=3)
        await desk.hears("Under which heading")
        await desk.answers("2  Claire Moreau", "1")
        await desk.answers("is ON, what does the service do", "1")
        await desk.hears("what has to be opened first")
        await desk.points_at(places[TAB["en"]])
        assert await desk.ends() == 0, desk.said
        assert live.writes == []
    assert "read as: not_objected" in desk.said
    assert "Writes let through: 0" in desk.said
    flow = shipped.load([tmp_path / "ours"])["studio.ai_training"]
    assert audit(flow)[0] == []
    assert (flow.rule.on, flow.rule.reveal) == ("trains", ("way.a",))  # type: ignore[union-attr]
    assert flow.rule.confidence.meaning == "M"  # type: ignore[union-attr]
    assert {p.source.partition(" 2")[0] for t in flow.labels.entries.values() for ps in t.values() for p in ps} == {
        "recorded by a person on"
    }
    assert [s.name for s in load_site("studio", tmp_path / "ours").scenarios if "recorded" in s.name]
    _holds_nothing_private(tmp_path / "ours")
    listed = desk.said.partition("Refused to https://www.studio.example/settings")[2]
    assert "POST www.studio.example/telemetry" in listed
    assert "no rule lets it through" in listed
    assert not list((tmp_path / "ours").glob(".recording-*"))


def _holds_nothing_private(folder: Path) -> None:
    files = [path for path in folder.rglob("*") if path.is_file()]
    page = next(path for path in files if path.suffix == ".html").read_text()
    assert LABEL["en"] in page
    assert SECTION["en"] in page
    assert 'aria-checked="true"' in page
    for path in files:
        text = path.read_text()
        for private in PRIVATE:
            assert private not in text, (path, private)
    assert (
        urlsplit(
            tomllib.loads(next(p for p in files if p.parent.name == "recorded" and p.suffix == ".toml").read_text())[
                "pages"
            ][0]["url"]
        ).query
        == ""
    )
