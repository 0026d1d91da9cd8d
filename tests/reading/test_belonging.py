"""
A label's text is no other control's: not one that stands above it under a name of its own, nor beside its own box.

Pages are outlines; found by turning a page's box off while the button of another setting above it says "On".
"""

from __future__ import annotations

import pytest

from automation.flow.control_table import ControlTable
from tests.reading.outline import Part, el
from tests.reading.test_redrawn import ABOUT, BUTTON, HEAD, LABEL, MENU, SWITCH, label_for, pressed, row, switch
from tests.reading.test_statements import shown

HELP = el("a", "Learn more", href="/help")
NEWS = el("h3", "Send me news")


def box(name: str, *behind: Part | str, ticked: bool) -> Part:
    """A box before its label, which goes on behind it."""
    return el("label", el("input", role="checkbox", name=name, ticked=ticked, type="checkbox"), LABEL, *behind)


@pytest.mark.parametrize(("ticked", "said"), [(True, "trains"), (False, "protects")])
@pytest.mark.parametrize("words", ["Learn more", "En savoir plus", "Mehr erfahren"])
def test_a_link_that_tells_more_is_no_part_of_a_name(words: str, ticked: bool, said: str) -> None:
    """It stands in the label and is read out with it; a link of other words belongs to the name."""
    link, other = el("a", words, href="/help"), el("a", "of my friends", href="/help")
    assert shown(box(f"{LABEL} {words}", " ", link, ticked=ticked)) == said
    assert shown(box(f"{LABEL} of my friends", " ", other, ticked=ticked)) == "nothing"


@pytest.mark.parametrize("button", [el("button", "On"), el("button", "On", aria_haspopup="menu"), switch("true")])
@pytest.mark.parametrize("declared", [SWITCH, MENU, BUTTON])
def test_the_button_of_another_setting_above_a_box(button: Part, declared: ControlTable) -> None:
    """The words in a box's label are that box's, be its whole name known or not."""
    for name, behind in ((f"{LABEL} Learn more", HELP), (f"{LABEL} of others", el("span", " of others"))):
        unknown = box(name, behind, ticked=False)
        assert shown(el("section", NEWS, button, el("p", ABOUT), unknown), declared=declared) in {"protects", "nothing"}
    apart = el("input", role="checkbox", name=f"{LABEL} of others", ticked=False, type="checkbox", id="s")
    label = label_for(el("span", LABEL), el("span", " of others"))
    assert shown(el("section", NEWS, button, apart, label), declared=declared) == "nothing"


@pytest.mark.parametrize(
    "control",
    [
        el("button", "On"),
        el("button", "On", aria_haspopup="menu"),
        switch("true"),
        el("div", pressed("On", "true"), pressed("Off", "false")),
    ],
)
def test_a_control_between_another_name_and_the_label(control: Part) -> None:
    """It may be set by either; beneath the section's own name, or beside the label alone, it is the label's."""
    assert shown(el("section", el("p", "Send me news"), control, el("p", LABEL))) == "nothing"
    assert shown(row(control, el("p", LABEL))) == "trains"
    assert shown(el("section", HEAD, control, el("p", LABEL))) == "trains"
