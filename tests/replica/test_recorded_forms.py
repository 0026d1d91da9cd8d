"""A service of which nothing but recorded pages is on file, such as a form with an inbox, has a stand-in of these."""

from __future__ import annotations

from pathlib import Path

import pytest

from automation.authoring.replica import load_site
from automation.core.errors import FlowError

TABLE = """date = 2026-11-20
locale = "fi"
source = "a test"
verdict = "objected"

[[pages]]
url = "https://www.studio.example/requests"
status = 200
file = "fi.html"
"""


def test_recorded_pages_are_a_stand_in_by_themselves(tmp_path: Path) -> None:
    """Their host is served, each recording is a scenario, and what it is held to is what the live page gave."""
    folder = tmp_path / "studio" / "ai_objection" / "replica" / "recorded"
    folder.mkdir(parents=True)
    (folder / "fi.html").write_text("<html></html>")
    (folder / "fi.toml").write_text(TABLE)
    site = load_site("studio", tmp_path)
    assert site.hosts == ("www.studio.example",)
    [actor] = site.cast
    assert (actor.flow, actor.locale, actor.verdict) == ("studio.ai_objection", "fi", "objected")
    assert site.storage_state(actor)["cookies"][0]["domain"] == ".studio.example"


def test_without_any_page_there_is_none(tmp_path: Path) -> None:
    """A folder that holds neither a setting's table nor a recording is told, with what would be there."""
    (tmp_path / "studio" / "ai_objection").mkdir(parents=True)
    with pytest.raises(FlowError, match="no replica of 'studio'"):
        load_site("studio", tmp_path)


def test_a_stand_in_may_allow_a_more_hopeful_answer() -> None:
    """What a common scenario allows beside its answer is right for every declared setting."""
    late = [actor for actor in load_site("adobe").cast if actor.scenario == "late_state"]
    assert late
    assert all(actor.expected.allows("objected", None) for actor in late)
    assert not any(actor.expected.allows("not_objected", None) for actor in late)
