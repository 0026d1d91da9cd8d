"""The table of doubts: each row speaks of its own example, and takes nothing away from what explains a setting."""

from __future__ import annotations

from typing import get_args

import pytest

from automation.flow.control_table import Meaning
from automation.reading.controls.doubts import Doubt, doubted, doubts
from automation.reading.controls.words import Wanted


def _wanted(row: Doubt) -> Wanted:
    return Wanted({}, {}, {}, {}, {}, on="protects" if row.on == "protects" else "trains")


@pytest.mark.parametrize("row", doubts(), ids=lambda row: f"{row.where}: {row.example}")
def test_a_row_speaks_of_its_example(row: Doubt) -> None:
    """A person reads in it what the pattern is for."""
    meaning: Meaning = "protects" if row.state == "protects" else "trains"
    assert doubted(row.where, row.example, _wanted(row), meaning, of=(row.of,))


@pytest.mark.parametrize(
    "line", ["We use what you write to make our models better.", "You can turn this off at any time.", "Notes", "Off"]
)
def test_what_explains_a_setting_raises_none(line: str) -> None:
    """The most usual lines beside a control."""
    places = {row.where for row in doubts()}
    wanted, meanings = Wanted({}, {}, {}, {}, {}, on="trains"), get_args(Meaning)
    assert not any(doubted(where, line, wanted, meaning) for where in places for meaning in meanings)
