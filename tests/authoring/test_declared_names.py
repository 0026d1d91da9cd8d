"""Names in a flow's files that do not fit together, or that no reader of a report would understand, are found."""

from __future__ import annotations

from pathlib import Path

import pytest

from automation.authoring.audit import audit
from automation.core.errors import FlowError
from automation.flow import load_flow
from tests.edits import edit
from tests.flow.made_up import write_flow

_SECOND = '[[objection.shapes]]\nname = "{}"\nneeds = [{}]\n\n[surfaces.home]'


@pytest.mark.parametrize(
    ("file", "old", "new", "problem"),
    [
        ("flow.toml", 'paper = { en = "the paper", fr', 'paper = { en = "the paper", de', "guide.surfaces.paper lacks 'fr'"),
        ("flow.toml", "letters-item = {", "parcel = {", "guide.surfaces.letters-item lacks 'en'"),
        ("flow.toml", "letters-item = {", "parcel = {", "guide.surfaces.parcel: the flow has no such name"),
        ("flow.toml", "named = {", "nameless = {", "guide.shapes.named lacks 'en'"),
        ("flow.toml", '"email", "name"]', '"email", "hat"]', "no words under 'field.hat'"),
        ("flow.toml", "[surfaces.home]", _SECOND.format("late", '"email", "name"'), "shape late never fits"),
        ("flow.toml", "[surfaces.home]", _SECOND.format("named", '"email"'), "shape named stands there twice"),
        ("flow.toml", 'inbox_operations = ["letters"]', 'inbox_operations = ["post"]', "nothing names 'post'"),
        ("../site.toml", "paths = { letters =", 'paths = { mail = "/api/v2/letters", letters =', "'letters' has the path of 'mail'"),
    ],
)  # fmt: skip
def test_a_fault_is_named(tmp_path: Path, file: str, old: str, new: str, problem: str) -> None:
    """Words without a name, names without words, shapes that never fit, reads that nothing tells."""
    home = write_flow(tmp_path)
    edit(home / file, old, new)
    assert any(problem in found for found in audit(load_flow(home))[0])


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        ("flow.toml", 'needs = ["email", "name"]', 'needs = ["email"]\noptional = ["name"]', "objection.shapes.0"),
        ("flow.toml", 'name = "named"', 'name = "other"', "objection.shapes.0"),
        ("flow.toml", "[guide]\n", '[[exposure]]\nname = "a"\nsurface = "home"\nfield = "b"\n\n[guide]\n', "exposure.0"),
        ("flow.toml", "[guide]\n", '[[exposure]]\nname = "a"\nsurface = "home"\nlandmark = "b.c"\n\n[guide]\n', "'b.c'"),
        ("../site.toml", "paths = { letters = ", 'path = "/x"\npaths = { letters = ', "reads.path"),
    ],
)  # fmt: skip
def test_a_wrong_key_is_refused_with_its_place(tmp_path: Path, file: str, old: str, new: str, says: str) -> None:
    """A shape, a row or a rule that cannot be meant does not load."""
    home = write_flow(tmp_path)
    edit(home / file, old, new)
    with pytest.raises(FlowError) as caught:
        load_flow(home)
    assert says in caught.value.message
