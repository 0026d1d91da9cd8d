"""The action and the template in this repository: right by the services' own schemas, and without dangers."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from tests.cli.schedule.linting import gitlab_faults, shell_faults, workflow_faults

ROOT = Path(__file__).resolve().parents[3]
ACTION, TEMPLATE = ROOT / "action.yml", ROOT / "templates" / "temoin.yml"


@pytest.mark.thorough
def test_the_action_is_right_and_without_dangers(tmp_path: Path) -> None:
    """GitHub's schema of actions, zizmor and shellcheck find nothing; zizmor is shown it where actions lie."""
    place = tmp_path / "action.yml"
    place.write_text(ACTION.read_text(encoding="utf-8"), encoding="utf-8")
    assert workflow_faults(place, action=True) == ""


@pytest.mark.thorough
def test_the_judges_see_the_action(tmp_path: Path) -> None:
    """An input that gets into a shell unquoted by an expression is found, so that finding nothing means something."""
    place = tmp_path / "action.yml"
    text = ACTION.read_text(encoding="utf-8")
    assert 'check "$ACCOUNT"' in text
    place.write_text(text.replace('check "$ACCOUNT"', "check ${{ inputs.account }}"), encoding="utf-8")
    assert "template-injection" in workflow_faults(place, action=True)


def test_no_word_from_outside_gets_into_a_shell() -> None:
    """Scripts of the action take every input from a variable."""
    for step in yaml.safe_load(ACTION.read_text(encoding="utf-8"))["runs"]["steps"]:
        assert "${{" not in step.get("run", "")


@pytest.mark.thorough
def test_the_template_is_right(tmp_path: Path) -> None:
    """GitLab's schema and shellcheck find nothing once the inputs are put in; every input is declared and used."""
    head, body = yaml.safe_load_all(TEMPLATE.read_text(encoding="utf-8"))
    inputs = head["spec"]["inputs"]
    text = TEMPLATE.read_text(encoding="utf-8").partition("\n---\n")[2]
    assert set(re.findall(r"\$\[\[ inputs\.([\w-]+) \]\]", text)) == set(inputs)
    assert body["temoin"]["resource_group"] == "temoin-$ACCOUNT"
    values = {name: str(declared.get("default", "[one, two]")).lower() for name, declared in inputs.items()}
    for name, value in values.items():
        text = text.replace(f"$[[ inputs.{name} ]]", value)
    path = tmp_path / "temoin.yml"
    path.write_text(text, encoding="utf-8")
    assert gitlab_faults(path) == ""


def test_the_shell_of_the_workshop_is_right() -> None:
    """Shellcheck finds nothing in the programs that CI runs."""
    split_on_purpose = "SC2086"
    assert shell_faults(ROOT / ".ci" / "run", besides=split_on_purpose) == ""
