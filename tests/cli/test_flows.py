"""`temoin flow`: what can be read, in order or not, tried on its stand-in, and how a new one begins."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

import flows as shipped
from automation.authoring.replica.trial import Tried
from automation.authoring.writing import scaffold
from automation.cli.flows import _report
from automation.core.results import ExitCode
from automation.text.language import language
from tests.cli.conftest import Program


@pytest.mark.parametrize(
    ("lang", "never", "why"), [("en", "never", "form or e-mail only"), ("fr", "jamais", "formulaire ou e-mail")]
)
def test_the_list_holds_every_flow_and_every_service_without_control(
    lang: str, never: str, why: str, temoin: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each flow with its state of verification, then each place that has none with the reason, in both languages."""
    monkeypatch.setenv("COLUMNS", "200")
    answer = temoin("flow", "list", "--lang", lang)
    assert answer.code == 0
    known = shipped.load()
    lines = {line.split()[0]: line for line in answer.out.splitlines() if line.split()}
    assert all(never in lines[name] for name in known)
    assert all(place.service.split()[0] in lines for place in shipped.without_control())
    assert why in answer.out


@pytest.mark.parametrize("width", [80, 140])
def test_a_title_is_not_squeezed(width: int, temoin: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a narrow terminal it stands below its setting, in a wide one beside it: two lines hold it, in French as well."""
    monkeypatch.setenv("COLUMNS", str(width))
    listed = temoin("--lang", "fr", "flow", "list").out
    lines = listed.splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith("facebook.ai_objection"))
    end = next(number for number, line in enumerate(lines) if line.startswith("instagram.ai_objection"))
    assert max(map(len, lines)) <= width
    assert end - start <= (3 if width < 110 else 2)


def test_a_declared_flow_is_shown_with_its_words_and_meaning(temoin: Program) -> None:
    """One flow shows its pages, its control's words by language, what the states mean and how well that is known."""
    answer = temoin("flow", "show", "chatgpt.ai_training")
    assert answer.code == 0
    for told in (
        "https://chatgpt.com/#settings/DataControls", "https://chatgpt.com/settings/data-controls", "state_button",
        "control.label (fr): Améliorer le modèle pour tous", "value.on trains, value.off protects",
        "address H, label H, meaning H",
    ):  # fmt: skip
        assert told in answer.out


def test_the_shipped_flows_are_in_order(temoin: Program) -> None:
    """The check of all files ends well, and tells for each flow what can be read and what is lacking."""
    answer = temoin("flow", "check")
    assert (answer.code, answer.err) == (0, "")
    assert "chatgpt.ai_training: fr lacks: value.on, value.off" in answer.out
    assert "facebook.ai_objection: not_objected can be read in: de, en, fr, it, pt (not pt-BR, pt-PT)" in answer.out
    assert "All flows are in order." in answer.out


@pytest.mark.rare
def test_a_new_flow_is_tried_at_once_and_asks_for_its_sources(temoin: Program, tmp_path: Path) -> None:
    """A new flow's stand-in is read right in every scenario, twice; the check names what still has no source."""
    temoin("flow", "new", "acme.ai_training", "--in", str(tmp_path / "ours")).ended(0, out=("flow.toml",))
    tried = temoin("flow", "test", "acme.ai_training", "--flow-path", str(tmp_path / "ours"))
    assert (tried.code, tried.err) == (0, "")
    assert "acme.ai_training: 27 scenarios, 6 of them served under the guard, 0 wrong" in tried.out
    temoin("flow", "check", "--flow-path", str(tmp_path / "ours")).ended(
        2, "acme.ai_training: control.label (en): no source is given for its words"
    )


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["test"], "no flow is named"),
        (["test", "acme.gone"], "unknown flow 'acme.gone'"),
        (["new", "Acme"], "'Acme' is no name of a flow"),
        (["new", "acme.ai", "--url", "ftp://acme.example"], "no address of a page"),
        (["check", "--flow-path", "gone"], "no such folder"),
    ],
)
def test_wrong_use_is_told(arguments: list[str], says: str, temoin: Program) -> None:
    """What cannot be meant ends in 2 with one message."""
    temoin("flow", *arguments).ended(2, says)


RIGHT = Tried(
    "a.b", "late_state", "en", served=True, verdict="objected", reason=None, why="control.protects", right=True
)
CAREFUL = replace(RIGHT, verdict="unknown", reason="ambiguous")
WRONG = replace(RIGHT, verdict="not_objected", right=False)


@pytest.mark.parametrize(
    ("first", "second", "faults"),
    [(RIGHT, RIGHT, 0), (RIGHT, CAREFUL, 0), (RIGHT, WRONG, 1), (WRONG, WRONG, 1), (WRONG, RIGHT, 2)],
)
def test_two_rounds(first: Tried, second: Tried, faults: int, capsys: pytest.CaptureFixture[str]) -> None:
    """Two answers that the stand-in allows are as good as one; everything else is a fault, and is named."""
    assert _report("a.b", language("en"), [first], [second]) == faults
    said = capsys.readouterr()
    assert f"{faults} wrong" in said.out
    assert said.err.count("late_state") == faults


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A user's folder with two new flows, the first of which has a wrong word in its manifest."""
    folder = tmp_path / "ours"
    scaffold("acme.ai_training", folder)
    scaffold("other.ai_training", folder)
    file = folder / "acme" / "ai_training" / "flow.toml"
    file.write_text(file.read_text(encoding="utf-8").replace('"switch"', '"press"', 1), encoding="utf-8")
    return folder


def test_the_check_of_all_files_covers_them(own: Path, temoin: Program) -> None:
    """`flow check` names the broken one with its remedy, goes on with those beside it alone, and ends with 2."""
    answer = temoin("flow", "check", "--flow-path", str(own))
    answer.ended(
        ExitCode.USAGE,
        f"acme.ai_training: {own / 'acme' / 'ai_training' / 'flow.toml'}: control.kind",
        "→",
        "other.ai_training: control.label (en): no source is given",
    )
    assert "facebook.ai_objection" not in answer.out


def test_the_list_shows_the_others(own: Path, temoin: Program) -> None:
    """`flow list` says what is wrong beside the list, and lists the rest."""
    temoin("flow", "list", "--flow-path", str(own)).ended(ExitCode.OK, "acme.ai_training", out=("other.ai_training",))


@pytest.mark.thorough
def test_accounts_of_a_broken_flow_say_so_and_the_run_ends_with_2(own: Path, temoin: Program, tmp_path: Path) -> None:
    """Nothing is visited for them; the result names file and remedy, in the JSON, the table and on stderr."""
    (tmp_path / "temoin.toml").write_text(
        f'flow_paths = ["{own}"]\nlang = "en"\n[[accounts]]\nname = "atelier"\nflow = "acme.ai_training"\n'
        'owner = "Atelier"\nidentity = "atelier-17"\nexpect = "objected"\n',
        encoding="utf-8",
    )
    answer = temoin("check", "--json")
    (result,) = json.loads(answer.out)["results"]
    assert answer.code == ExitCode.USAGE
    assert (result["verdict"], result["reason"], result["bundle"]) == ("unknown", "flow_broken", None)
    assert str(own / "acme" / "ai_training" / "flow.toml") in result["because"]
    assert "acme.ai_training" in answer.err
    table = temoin("check")
    assert "correct the flow" in table.out
    assert temoin("report", "--format", "markdown").code == ExitCode.OK
