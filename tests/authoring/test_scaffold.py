"""A new setting is one file: in order at once, honest about what is still open, and never over somebody's work."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import flows as shipped
from automation.authoring.audit import audit
from automation.authoring.replica import load_site
from automation.authoring.writing import scaffold
from automation.core.errors import FlowError, OutputError
from automation.flow import load_flow
from automation.guard import GuardPolicy
from tests.edits import edit
from tests.flow.made_up import write_setting


def test_it_loads_beside_the_shipped_ones(tmp_path: Path) -> None:
    """One file of 25 lines at most has words, guard, guide and stand-in, and every open source is a problem."""
    file = scaffold("acme_corp.ai_training", tmp_path)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [file]
    assert len(file.read_text(encoding="utf-8").splitlines()) <= 25
    flow = shipped.load([tmp_path])["acme_corp.ai_training"]
    assert flow.site.owns("https://www.acme-corp.example/settings/privacy")
    assert GuardPolicy.parse(flow.site.tables)
    assert len(load_site("acme_corp", tmp_path).cast) > 15
    problems, _ = audit(flow)
    assert {p.split(":")[0] for p in problems} == {
        "control.label (en)", "control.section (en)", "control.sources", "surfaces.setting",
    }  # fmt: skip


def test_it_is_read_as_the_same_setting_in_a_file_for_each_thing(tmp_path: Path) -> None:
    """Words, places, meaning and states are those of the longer form; title and remedies follow from the label."""
    one = scaffold("acme.ai_training", tmp_path / "one", "https://www.acme.example/settings")
    edit(one, "to be filled in: where this was read, and when", "a test")
    first, second = load_flow(one.parent), load_flow(write_setting(tmp_path / "four"))
    assert first.labels.entries == second.labels.entries
    for what in ("surfaces", "rule", "states", "site", "exposure", "max_age_days"):
        assert getattr(first, what) == getattr(second, what), what
    assert first.guide.title["fr"] == "Acme : Use my content to train AI models"
    assert first.guide.remedies["not_objected"]["en"][1] == 'Turn "Use my content to train AI models" off yourself.'
    shown, longer = (load_site("acme", tmp_path / name).options["pages"] for name in ("one", "four"))
    assert {flow: page.model_dump() for flow, page in shown.items()} == {f: p.model_dump() for f, p in longer.items()}


def test_what_stands_beside_it_says_more_and_wins(tmp_path: Path) -> None:
    """Words of a `labels.toml` are added, own guide texts and a stand-in written apart replace what follows."""
    file = scaffold("acme.ai_training", tmp_path)
    (file.parent / "labels.toml").write_text('[[control.label.en]]\nnames = ["Old name"]\nsource = "a"\n')
    file.write_text(file.read_text() + '\n[guide.remedies.not_objected]\nen = ["Ask {them}."]\nfr = ["Demandez."]\n')
    (file.parent / "replica").mkdir()
    (file.parent / "replica" / "replica.toml").write_text("on_is_good = true\n")
    flow = load_flow(file.parent)
    assert len(flow.labels.entries["control.label"]["en"]) == 2
    assert flow.guide.remedies["not_objected"]["en"] == ("Ask {them}.",)
    assert "objected" in flow.guide.remedies
    assert load_site("acme", tmp_path).options["pages"][flow.id].on_is_good
    (tmp_path / "acme" / "site.toml").write_text('hosts = ["cdn.example"]\n[guard]\ntelemetry_query = ["a=b"]\n')
    site = load_flow(file.parent).site
    assert (site.name, site.hosts[-1]) == ("Acme", "cdn.example")
    assert GuardPolicy.parse(site.tables).guard.telemetry_query


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('label = "Use', 'lable = "Use', "setting.words.en.label"),
        ('service = "Acme"\n', "", "site.toml"),
        ('on = "trains"', "", "what `on` means"),
        ("https://www.acme.example", "https://www.evil.example", "evil.example"),
        ("[setting.words.en]", "[setting.words.en]\nsource = 5", "setting.words.en.source"),
    ],
)
def test_a_mistake_is_told_with_its_place(old: str, new: str, says: str, tmp_path: Path) -> None:
    """A wrong key, a service without a name, a switch without a meaning and a strange host are refused."""
    edit(file := scaffold("acme.ai_training", tmp_path), old, new)
    with pytest.raises(FlowError, match=says) as refused:
        load_flow(file.parent)
    assert str(tmp_path / "acme") in refused.value.message


def test_a_second_setting_keeps_the_service(tmp_path: Path) -> None:
    """Another setting of the same service leaves its site.toml alone, and does not say again what stands there."""
    (tmp_path / "acme").mkdir()
    (tmp_path / "acme" / "site.toml").write_text("# mine\n", encoding="utf-8")
    assert "hosts" not in scaffold("acme.search", tmp_path).read_text(encoding="utf-8")
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


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("https://www.acme.example", "http://www.acme.example", "is no https address"),
        ('address = "https', '# address = "https', r"flow\.toml: setting\.address: it is missing"),
        ("https://www.acme.example", "https://www.other.example", r"not on a host of the service.*`hosts`"),
    ],
)
def test_a_wrong_address_is_said_with_its_cure(tmp_path: Path, old: str, new: str, said: str) -> None:
    """Not https, missing, or on a host that is not the service's: each has a sentence of its own."""
    file = scaffold("acme.ai_training", tmp_path, "https://www.acme.example/settings")
    edit(file, old, new)
    with pytest.raises(FlowError) as told:
        load_flow(file.parent)
    assert re.search(said, f"{told.value.message} {told.value.remedy}")


def test_a_file_in_another_encoding_is_said_to_be_so(tmp_path: Path) -> None:
    """Without the words of Python's decoder, which name no line and know no French."""
    file = scaffold("acme.ai_training", tmp_path)
    file.write_bytes(file.read_text(encoding="utf-8").encode() + b"# caf\xe9\n")
    with pytest.raises(FlowError, match="not written in UTF-8"):
        load_flow(file.parent)
