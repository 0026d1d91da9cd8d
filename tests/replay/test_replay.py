"""
A page that was live once gives the verdict again that it gave then, through the whole check.

Real: the recording, made from a running Wagtail 8.0.1 with its own account page (docs/replay.md); the runner, the
vault, the browser, TLS, the guard, the sealed evidence. Not real: the server, which is the replica.
"""

from __future__ import annotations

import re
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

import flows as shipped
from automation.authoring.audit import audit
from automation.authoring.replica import Replica, load_site
from automation.authoring.replica.pages import recorded_page
from automation.core.accounts import Account, SignInMethod, subject
from automation.core.errors import FlowError
from automation.core.settings import BrowserSettings
from automation.flow.recorded_page import IDENTITY, Recording
from automation.session.saved import SavedSession
from automation.visit import runner
from tests.builders import a_sealer, some_means

FLOWS = Path(__file__).parent / "flows"
NAME = "wagtail.notifications"
KEY = b"key of a test"
RECORDED = FLOWS / "wagtail" / "notifications" / "replica" / "recorded"


@pytest.mark.thorough
@pytest.mark.browser
async def test_the_replay_gives_the_verdict_of_the_live_page(tmp_path: Path) -> None:
    """The verdict, the words that prove it and no write; the live page's own answer stands in the recording."""
    site = load_site("wagtail", FLOWS)
    actor = next(a for a in site.cast if a.scenario.startswith("recorded_"))
    recording = Recording.read(next(RECORDED.glob("*.toml")))
    flow = shipped.load([FLOWS])[NAME]
    assert audit(flow)[0] == []
    means = some_means(tmp_path / "data")
    means.vault.store(
        SavedSession(
            "nora", "wagtail", subject(actor.identity, KEY), datetime.now(UTC), None, site.storage_state(actor)
        )
    )
    async with Replica([site]) as replica:
        document = await runner.run(
            runner.RunPlan(
                accounts=[Account("nora", NAME, "Press", actor.identity, sign_in=SignInMethod.SESSION)],
                flows={NAME: flow},
                browser=BrowserSettings(replica_map=replica.replica_map, replica_spki=(replica.spki,)),
                output=tmp_path / "evidence",
                identity_key=KEY,
                means=means,
                sealer=a_sealer(tmp_path / "evidence", tmp_path / "data"),
            )
        )
        assert replica.writes == []
        assert replica.faults == []
    [result] = document.results
    assert (result.verdict.value, result.reason) == (recording.verdict, None) == ("not_objected", None)
    assert {s.name: s.quote for s in result.signals if s.name.startswith("control.")} == {
        "control.trains": "Submitted notifications: on",
        "control.section": "Notifications",
    }
    assert result.guard.writes_let_through == 0


def test_the_recording_holds_nothing_to_fetch_and_nobody() -> None:
    """No script, no address and no text but known words; the person who recorded it is nowhere."""
    text = next(RECORDED.glob("*.html")).read_text(encoding="utf-8")
    assert not re.search(r"<script|<link|<img[^>]*src|url\(|https?:|\son\w+=", text)
    body = re.sub(r"<style>.*?</style>", "", text, flags=re.DOTALL)
    words = set(re.findall(r">\s*([^<>]*[^<>\s])\s*<", body))
    assert words == {"[text]", "Notifications", "Submitted notifications"}
    assert not re.search(r"nora|ashdown|press", text, re.IGNORECASE)


def test_other_addresses_of_a_recording_are_not_found() -> None:
    """Whose account stands for a recording gets its pages, its own name in them, and nothing made up beside them."""
    world = {"recorded": {"www.a.example/settings": [200, f'<a href="/in/{IDENTITY}">x</a>']}}
    assert recorded_page(world, "www.a.example/settings", "100") == (200, '<a href="/in/100">x</a>')
    found = recorded_page(world, "www.a.example/", "100")
    assert found is not None
    assert found[0] == 404
    assert recorded_page({}, "www.a.example/settings", "100") is None


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda toml, html: html.unlink(), r"en-US-2026-11-25\.html: cannot be read"),
        (lambda toml, html: toml.write_text("date = 1"), r"en-US-2026-11-25\.toml: date"),
        (lambda toml, html: toml.write_text("="), r"en-US-2026-11-25\.toml: cannot be read"),
        (
            lambda toml, html: toml.write_text(toml.read_text() + toml.read_text().partition("\n[[pages]]")[2].join(["\n[[pages]]", ""])),
            "two pages have one address",
        ),
        (lambda toml, html: toml.write_text(toml.read_text().replace('file = "', 'file = "../')), "pages.0.file"),
    ],
    ids=["no page", "wrong value", "no TOML", "twice", "outside"],
)  # fmt: skip
def test_a_damaged_recording_is_named(change: object, says: str, tmp_path: Path) -> None:
    """A recording that cannot be served is an error that names its file, not a scenario less."""
    shutil.copytree(FLOWS, tmp_path / "flows")
    folder = tmp_path / "flows" / RECORDED.relative_to(FLOWS)
    assert callable(change)
    change(next(folder.glob("*.toml")), next(folder.glob("*.html")))
    with pytest.raises(FlowError, match=says):
        load_site("wagtail", tmp_path / "flows")
