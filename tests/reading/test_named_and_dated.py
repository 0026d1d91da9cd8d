"""
A name that joins label and state by a colon, and a state that says in brackets when it was changed.

Pages are outlines; each has a twin that says something else there.
"""

from __future__ import annotations

import pytest

from automation.flow.control_table import ControlTable
from tests.reading.outline import el
from tests.reading.test_redrawn import ABOUT, BUTTON, LABEL, SWITCH, row
from tests.reading.test_statements import shown


@pytest.mark.parametrize("declared", [SWITCH, BUTTON])
@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        (f"{LABEL}: On", "On", "trains"),
        (f"{LABEL}: Off", "Off", "protects"),
        (f"{LABEL}: Off", "On", "nothing"),
        (f"{LABEL}: abroad", "On", "nothing"),
        (f"{LABEL} abroad: On", "On", "nothing"),
    ],
)
def test_a_button_is_named_by_the_label_a_colon_and_its_state(
    declared: ControlTable, name: str, text: str, said: str
) -> None:
    """What it shows agrees with its name, or nothing is told."""
    assert shown(row(el("b", LABEL), el("p", ABOUT), el("button", text, aria_label=name)), declared=declared) == said


@pytest.mark.parametrize(
    ("behind", "said"),
    [
        ("(last changed 2 August 2026)", "protects"),
        ("(updated 2026-08-02)", "protects"),
        ("(changes to On 2 August 2026)", "nothing"),
        ("(until 2 August 2026)", "nothing"),
        ("(last changed by your team)", "nothing"),
        ("(for new notes)", "nothing"),
    ],
)
def test_a_state_and_in_brackets_when_it_was_changed(behind: str, said: str) -> None:
    """A day of the past leaves the state as it is; anything else in the brackets may not."""
    status = el("p", "Status: ", el("b", "Off"), " ", el("span", behind))
    assert shown(row(el("h3", LABEL), status, el("p", ABOUT), el("button", "Turn on"))) == said
