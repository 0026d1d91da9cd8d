"""Comparisons with the live site, and places without a control: what they say, and that a broken file is named."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

import flows as shipped
from automation.authoring.flow_lists import NAME, read_no_control, with_entry
from automation.authoring.writing import scaffold
from automation.core.errors import FlowError
from automation.flow import Flow
from automation.flow.manifest import VerifiedEntry

DAY = dt.date(2026, 11, 25)
LINKEDIN = shipped.load()["linkedin.ai_training"]


def an_entry(**changes: object) -> VerifiedEntry:
    """One comparison."""
    known = {"locale": "fr", "kind": "profile", "date": DAY, "evidence": "a" * 64, "revision": LINKEDIN.revision}
    return VerifiedEntry.model_validate(known | changes)


def test_a_packaged_flow_is_verified_in_ones_own_folder(tmp_path: Path) -> None:
    """What stands in `verified.toml` counts for that flow, its language and its kind, and for nothing else."""
    (tmp_path / NAME).write_text(with_entry(tmp_path / NAME, LINKEDIN.id, an_entry()), encoding="utf-8")
    flow = shipped.load([tmp_path])[LINKEDIN.id]
    assert flow.verification(DAY, kind="profile", locale="fr-CA").state == "current"
    assert flow.verification(DAY, kind="profile", locale="en").state == "never"
    assert flow.verification(DAY, kind="page_admin").state == "never"
    assert flow.verification(DAY + dt.timedelta(days=91)).state == "stale"
    assert shipped.load([tmp_path])["x.ai_training"].verified == ()
    (tmp_path / NAME).write_text(with_entry(tmp_path / NAME, LINKEDIN.id, an_entry(locale="en")), encoding="utf-8")
    assert len(shipped.load([tmp_path])[LINKEDIN.id].verified) == 2


@pytest.mark.parametrize(
    "changes", [{"stand_in": True}, {"revision": "2026-01-01"}], ids=["stand-in", "other revision"]
)
def test_what_proves_nothing_of_this_flow_does_not_count(changes: dict[str, object], tmp_path: Path) -> None:
    """A comparison with a stand-in, or of a flow that said something else, is kept and counts for nothing."""
    (tmp_path / NAME).write_text(with_entry(tmp_path / NAME, LINKEDIN.id, an_entry(**changes)), encoding="utf-8")
    flow = shipped.load([tmp_path])[LINKEDIN.id]
    assert len(flow.verified) == 1
    assert flow.verification(DAY).state == "never"


def test_ones_own_flow_keeps_its_text(tmp_path: Path) -> None:
    """The entry goes behind what its author wrote, comments and all; a file that it cannot follow is refused."""
    scaffold("acme.ai_training", tmp_path)
    file = tmp_path / "acme" / "ai_training" / "flow.toml"
    before = file.read_text(encoding="utf-8")
    entry = an_entry(revision=shipped.load([tmp_path])["acme.ai_training"].revision)
    file.write_text(with_entry(file, "acme.ai_training", entry), encoding="utf-8")
    assert file.read_text(encoding="utf-8").startswith(before.rstrip())
    assert shipped.load([tmp_path])["acme.ai_training"].verification(DAY).state == "current"
    file.write_text(before.replace('revision = "', 'verified = []\nrevision = "'), encoding="utf-8")
    with pytest.raises(FlowError, match="no comparison can be added"):
        with_entry(file, "acme.ai_training", entry)


@pytest.mark.parametrize(("text", "says"), [("=", "cannot be read"), ('["x.ai_training"]\na = 1', "verified.toml: x")])
def test_a_broken_file_is_named(text: str, says: str, tmp_path: Path) -> None:
    """It is told with its place, and nothing is taken from it in silence."""
    (tmp_path / NAME).write_text(text, encoding="utf-8")
    with pytest.raises(FlowError, match=says):
        shipped.load([tmp_path])


def test_every_entry_says_what_is_known_in_both_languages() -> None:
    """Each has words in English and French and a source; no service stands there twice."""
    places = shipped.without_control()
    assert len(places) > 20
    assert all(place.text("en") and place.text("fr") != place.text("en") for place in places)
    assert len({place.service for place in places}) == len(places)


def test_flows_that_are_pointed_to_exist(flows: dict[str, Flow]) -> None:
    """An entry that sends the reader to a flow names one that is there."""
    for place in shipped.without_control():
        for word in place.en.replace(".", ". ").split():
            if "_" in word and "/" not in word:
                assert any(name.endswith(word.strip(" .;:,")) for name in flows), (place.service, word)


@pytest.mark.parametrize("text", ["places = [", "[[places]]\nservice = 'A'\n", "[[place]]\n"])
def test_a_faulty_list_is_refused(tmp_path: Path, text: str) -> None:
    """A list that cannot be read is one message with its file."""
    file = tmp_path / "no_control.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(FlowError, match=r"no_control\.toml"):
        read_no_control(file)
