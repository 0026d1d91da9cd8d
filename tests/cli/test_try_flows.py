"""What `temoin flows test` says of two rounds: wrong answers, and answers that differ without both being right."""

from __future__ import annotations

from dataclasses import replace

import pytest

from automation.authoring.replica.trial import Tried
from automation.cli.flows import _report
from automation.text.language import language

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
