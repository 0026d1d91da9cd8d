"""A setting that declares what its form sends: whole, or refused with the place."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from automation.core.errors import FlowError
from automation.flow import load_flow
from automation.flow.control_table import ControlTable
from automation.flow.manifest import filing_table

STUDIO = Path(__file__).parents[1] / "attended" / "flows" / "studio"


def changed(folder: Path, file: str, old: str, new: str) -> Path:
    """A copy of the flow with one change in a file of its."""
    shutil.copytree(STUDIO, folder / "studio")
    path = folder / "studio" / file
    text = path.read_text()
    assert text.count(old) == 1
    path.write_text(text.replace(old, new))
    return folder / "studio" / "training"


def test_a_declared_setting_can_be_filed(tmp_path: Path) -> None:
    """With the field in the flow and its address in the service's file; without the field it is left to the person."""
    assert isinstance(filing_table(load_flow(STUDIO / "training")), ControlTable)
    silent = changed(tmp_path, "training/flow.toml", '[control.submit]\nfield = "training"\n', "")
    assert filing_table(load_flow(silent)) is None


@pytest.mark.parametrize(
    ("file", "old", "new", "what"),
    [
        ("site.toml", 'form_id_fields = ["form"]\n', "", "site.toml does not say where it goes"),
        ("training/flow.toml", 'field = "training"', "", "field"),
        ("training/flow.toml", 'on = "trains"', 'on = "trains"\nobjects = {}', "does not go with `objects`"),
    ],
)
def test_half_a_declaration_is_refused(tmp_path: Path, file: str, old: str, new: str, what: str) -> None:
    """The flow names a field and the service no form, no field at all, or one request for each of many objects."""
    with pytest.raises(FlowError, match=what):
        load_flow(changed(tmp_path, file, old, new))


def test_the_button_is_named_by_words(tmp_path: Path) -> None:
    """Where the form has more than one: its words have to be there."""
    with pytest.raises(FlowError, match=r"label 'way\.save' has no words"):
        load_flow(
            changed(tmp_path, "training/flow.toml", 'field = "training"', 'field = "training"\nbutton = "way.save"')
        )
