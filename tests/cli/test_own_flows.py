"""A user's own flows at the command line: what is wrong with one is told, and costs the others nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from automation.authoring.scaffold import scaffold
from automation.core.results import ExitCode

if TYPE_CHECKING:
    from tests.cli.conftest import Program


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
    """`flows check` names the broken one with its remedy, goes on with those beside it alone, and ends with 2."""
    answer = temoin("flows", "check", "--flow-path", str(own))
    assert answer.code == ExitCode.USAGE
    assert f"acme.ai_training: {own / 'acme' / 'ai_training' / 'flow.toml'}: control.kind" in answer.err
    assert "→" in answer.err
    assert "other.ai_training: control.label (en): no source is given" in answer.err
    assert "facebook.ai_objection" not in answer.out


def test_the_list_shows_the_others(own: Path, temoin: Program) -> None:
    """`flows list` says what is wrong beside the list, and lists the rest."""
    answer = temoin("flows", "list", "--flow-path", str(own))
    assert answer.code == ExitCode.OK
    assert "other.ai_training" in answer.out
    assert "acme.ai_training" in answer.err


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
