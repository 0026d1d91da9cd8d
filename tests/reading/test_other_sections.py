"""
What a page says under another heading, beside the row of a control, or behind its dialog: whose it is.

Pages are outlines; what belongs to others is harmless, and what may be said of the setting itself still counts.
"""

from __future__ import annotations

import pytest

from tests.reading.outline import Part, el, page
from tests.reading.test_redrawn import ABOUT, BUTTON, HEAD, LABEL, LIST, SWITCH, pressed, read, row, switch
from tests.reading.test_tables import cells, heads

OFF = row(el("div", LABEL), el("p", ABOUT), switch("false"))
TEAMS = el("table", heads("Team", "Memory", "Learning"), cells("Acme", "On", "On"), role="table", name="")
LOG = el("ul", el("li", f"You turned {LABEL.lower()} on on 2 March"), el("li", "Turned on again on 9 May"))


def shown(*inside: Part) -> str:
    """What is read below the section's heading."""
    return read(page(el("main", el("div", el("h1", "Settings"), *inside))), SWITCH)


@pytest.mark.parametrize(
    "inside",
    [
        (el("h2", "Access by teams"), TEAMS, HEAD, OFF),
        (el("h2", "Location"), el("p", "On"), HEAD, OFF),
        (HEAD, OFF, el("h2", "Location"), el("p", "On")),
        (HEAD, OFF, el("h2", "Your teams"), TEAMS),
        (HEAD, OFF, el("h3", "Recent changes"), LOG),
        (HEAD, OFF, el("h3", "Change history"), LOG),
        (HEAD, OFF, el("h3", "Your recent changes"), LOG),
        (HEAD, OFF, el("h3", "Activity log"), el("p", "On")),
        (HEAD, el("h3", LABEL), row(el("p", ABOUT), el("p", LABEL), switch("false")), el("h2", "Other"), el("p", "On")),
    ],
)
def test_what_stands_under_another_heading_is_not_said_of_the_control(inside: tuple[Part, ...]) -> None:
    """A table of teams, another setting without a control, a log of what has been: before it or after it."""
    assert shown(*inside) == "protects"


@pytest.mark.parametrize(
    "inside",
    [
        (HEAD, OFF, el("p", "On")),
        (HEAD, OFF, el("h3", "Note"), el("p", f"{LABEL} is on.")),
        (HEAD, OFF, el("h3", "Status"), el("p", "On")),
        (HEAD, OFF, el("h2", "Your setting"), el("p", "On")),
        (HEAD, OFF, el("h2", "What we learn from notes"), el("p", "On")),
        (HEAD, OFF, el("h3", "Last change"), el("p", f"You turned {LABEL.lower()} on.")),
        (el("h2", "Location"), el("p", f"You turned {LABEL.lower()} on."), HEAD, OFF),
        (HEAD, OFF, el("h2", "Your plan"), el("p", f"{LABEL} is on.")),
        (el("h2", "Current state"), el("p", "On"), HEAD, OFF),
        (HEAD, el("h3", "Opt out"), row(el("p", f"Opt out: {LABEL}")), OFF),
    ],
)
def test_what_may_be_said_of_the_control_counts_under_any_heading(inside: tuple[Part, ...]) -> None:
    """A note, its status, a heading in its own words, the last change of all, words that turn its label round."""
    assert shown(*inside).startswith("control.")


def whole(state: str, *beside: Part | str) -> Part:
    """A row that is one button: the label, the state and an arrow."""
    return el("button", el("span", LABEL), el("span", el("span", state), *beside), name=f"{LABEL} {state}")


@pytest.mark.parametrize(
    ("inside", "said"),
    [
        ((whole("Off", " ›"), row(el("span", "Location"), el("span", "On"))), "protects"),
        ((row(el("span", "Location"), el("span", "On")), whole("Off", " ›")), "protects"),
        ((whole("Off"), el("div", el("span", "Location"), el("span", "On"), el("span", "›"))), "protects"),
        ((whole("Off"), row(el("span", "Location"), el("a", "On", href="/l"))), "protects"),
        ((whole("Off"), row(el("span", "Location"), el("span", "On")), row(el("span", "News"), el("span", "On"))), "protects"),
        ((whole("Off"), row(el("span", "Status"), el("span", "On"))), "control.stateless"),
        ((whole("Off"), row(el("span", "Your choice"), el("span", "On"))), "control.stateless"),
        ((whole("Off"), row(el("span", "Learn"), el("span", "On"))), "control.stateless"),
        ((whole("Off"), el("span", "On")), "control.stateless"),
        ((el("button", LABEL, name=f"{LABEL} Off"), row(el("span", "Location"), el("span", "Off"))), "control.absent"),
    ],
)  # fmt: skip
def test_a_row_that_is_a_button_keeps_its_state_beside_other_rows(inside: tuple[Part, ...], said: str) -> None:
    """Each of both has a name and a state of its own; one that may speak of the setting is no other row."""
    assert read(page(el("main", el("div", HEAD, *inside))), SWITCH) == said
    assert read(page(el("main", el("div", HEAD, *inside))), BUTTON) in {said, "control.stateless"}


OVERVIEW = row(el("span", LABEL), el("span", "Off ›"))


def dialog(*inside: Part, title: str = "Notes") -> Part:
    """What an overview opens."""
    return el("div", el("h2", title), *inside, role="dialog", name=title)


@pytest.mark.parametrize(
    ("behind", "opened", "said"),
    [
        ((HEAD, OVERVIEW), dialog(OFF), "protects"),
        ((HEAD, OVERVIEW), dialog(OFF, row(el("p", "Include recordings"), switch("true"))), "protects"),
        ((HEAD, el("p", f"{LABEL}: Off")), dialog(OFF, el("button", "Done")), "protects"),
        ((HEAD, el("dl", el("dt", LABEL), el("dd", "Off"))), dialog(OFF), "protects"),
        ((el("div", HEAD, OVERVIEW, role="dialog", name="Settings"),), dialog(OFF), "protects"),
        ((HEAD, row(el("span", LABEL), el("span", "On ›"))), dialog(OFF), "control.contradicted"),
        ((el("h2", "Memory"), OVERVIEW), dialog(OFF), "control.misplaced"),
        ((HEAD, row(el("span", LABEL), el("span", "›"))), dialog(OFF), "control.misplaced"),
        ((HEAD, el("h3", "Examples"), OVERVIEW), dialog(OFF), "control.misplaced"),
        ((HEAD, OVERVIEW), dialog(OFF, title="Acme workspace"), "control.doubted"),
        ((HEAD, OVERVIEW), el("section", el("h2", "Memory"), OFF), "control.misplaced"),
    ],
)
def test_a_dialog_stands_where_the_page_behind_it_tells_the_same(
    behind: tuple[Part, ...], opened: Part, said: str
) -> None:
    """Its own title may say less than the section it was opened from; another state, or none, places nothing."""
    assert read(page(el("main", *behind), opened), SWITCH) == said


def test_a_list_and_a_pair_are_read_beside_others_tables() -> None:
    """As a switch is."""
    other = (el("h2", "Access by teams"), TEAMS, HEAD)
    pair = row(el("p", LABEL), el("div", pressed("On", "false"), pressed("Off", "true")))
    assert shown(*other, pair) == "protects"
    chosen = el("option", "Keep it near", role="option", aria_selected="true", shown=False)
    choice = row(el("p", LABEL), el("select", chosen, role="combobox", name=""))
    assert read(page(el("main", *other, choice)), LIST) == "protects"
