"""A new flow's files: in order at once, honest about what is still open, and never over somebody's work."""

from __future__ import annotations

from pathlib import Path

import pytest

import flows as shipped
from automation.authoring.audit import audit
from automation.authoring.replica import load_site
from automation.authoring.scaffold import scaffold
from automation.core.errors import FlowError, OutputError
from automation.guard import GuardPolicy


def test_it_loads_beside_the_shipped_ones(tmp_path: Path) -> None:
    """The new setting is found in its folder, has a guard and a stand-in, and every open source is a problem."""
    written = scaffold("acme_corp.ai_training", tmp_path)
    flow = shipped.load([tmp_path])["acme_corp.ai_training"]
    assert flow.site.owns("https://www.acme-corp.example/settings/privacy")
    assert GuardPolicy.parse(flow.site.tables)
    assert len(load_site("acme_corp", tmp_path).cast) > 15
    problems, _ = audit(flow)
    assert {p.split(":")[0] for p in problems} == {
        "control.label (en)", "control.section (en)", "control.sources", "surfaces.setting",
    }  # fmt: skip
    assert len(written) == 4


def test_a_second_setting_keeps_the_service(tmp_path: Path) -> None:
    """Another setting of the same service leaves its site.toml alone."""
    scaffold("acme.ai_training", tmp_path)
    (tmp_path / "acme" / "site.toml").write_text("# mine\n", encoding="utf-8")
    assert tmp_path / "acme" / "site.toml" not in scaffold("acme.search", tmp_path)
    assert (tmp_path / "acme" / "site.toml").read_text(encoding="utf-8") == "# mine\n"


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    """A flow that is there already is refused, with its place."""
    scaffold("acme.ai_training", tmp_path)
    with pytest.raises(FlowError, match="is there already"):
        scaffold("acme.ai_training", tmp_path)


@pytest.mark.parametrize("url", ["http://www.acme.example/", "acme.example", 'https://acme.example/"', "https://acme"])
def test_an_address_must_be_one(tmp_path: Path, url: str) -> None:
    """What cannot be opened as a page over TLS is refused before anything is written."""
    with pytest.raises(FlowError, match="no address of a page"):
        scaffold("acme.ai_training", tmp_path, url)
    assert not list(tmp_path.iterdir())


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    """A place where no folder can be is one message."""
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(OutputError, match="cannot be written"):
        scaffold("acme.ai_training", tmp_path / "file")
