"""
Rows that are no elements of their own, and names that say no more than the label: what a careful reader takes for one.

Pages are outlines; each way has a twin that looks like it and leaves open what the control is for.
"""

from __future__ import annotations

import pytest

from automation.domain.signals import SignalName
from automation.reading.controls.sections import place_of
from automation.reading.controls.reading import read_page
from automation.text.labels import parse_labels
from automation.text.page_words import PageWords
from tests.reading.outline import Part, el, page
from tests.reading.test_redrawn import ABOUT, BUTTON, HEAD, LABEL, LABELS, SWITCH, read, row, switch, table, words


def component(state: str, inner: bool) -> Part:
    """A component that bears the role itself and holds a real box."""
    return el("ion-toggle", LABEL, el("input", role="", name="", ticked=inner, type="checkbox"), role="switch", aria_checked=state)  # fmt: skip


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (f"Toggle {LABEL.lower()}", "trains"),
        (f"Enable {LABEL.lower()}", "trains"),
        (f"Enable or disable {LABEL.lower()}", "trains"),
        (f"{LABEL} switch", "trains"),
        ("learn_from-my-notes", "trains"),
        (f"{LABEL} (beta)", "trains"),
        (f"Disable {LABEL.lower()}", "control.absent"),
        (f"Off {LABEL.lower()}", "control.absent"),
        (f"Turn off {LABEL.lower()}", "control.absent"),
        (f"Do not {LABEL.lower()}", "control.absent"),
        (f"{LABEL} of others", "control.absent"),
        (f"Toggle {LABEL.lower()} of others", "control.absent"),
    ],
)
def test_a_name_may_add_what_the_control_is_and_nothing_else(name: str, expected: str) -> None:
    """Libraries call a switch "Toggle …"; any other word may make it another setting, or turn it round."""
    assert read(page(el("main", HEAD, row(el("p", LABEL), switch("true", name=name)))), SWITCH) == expected


@pytest.mark.parametrize("role", ["button", "link"])
@pytest.mark.parametrize(
    ("text", "said"), [("off", False), ("Off", True), (": off", True), (" is off", True), (" – off", True)]
)
def test_a_button_that_asks_for_a_state_shows_none(text: str, said: bool, role: str) -> None:
    """One presses "Keep activity on" to have it so; a mark, a verb or the word's own capital tells what is so."""
    button = el("button", f"{LABEL}{text}" if text[0] in " :" else f"{LABEL} {text}", role=role)
    assert (read(page(el("main", HEAD, button)), BUTTON) == "protects") is said
    assert (read(page(el("main", HEAD, button)), SWITCH) == "protects") is said


@pytest.mark.parametrize("language", ["fr", ""])
def test_english_words_on_a_page_of_another_language_count(language: str) -> None:
    """Services leave new settings in English; where the page shows other words, those that are missing are named."""
    known = PageWords.of(LABELS, language)
    shown = read_page(page(el("main", HEAD, row(el("p", LABEL), switch("false")))), SWITCH, known)
    assert (shown.faults, shown.meaning) == ((), "protects")
    other = read_page(page(el("main", HEAD, row(el("p", "Apprendre de mes notes"), switch("false")))), SWITCH, known)
    assert other.faults == (SignalName.CONTROL_ABSENT,)
    assert other.missing == tuple(f"{language or 'none'}:control.{key}" for key in ("label", "section"))


OTHER, ASKS = el("dt", "Send me news"), el("dd", el("input", role="textbox", name=""))
NAME, EXPLAINED = el("dt", LABEL), el("dd", ABOUT)


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ((NAME, switch("true"), OTHER, switch("false")), "trains"),
        ((OTHER, switch("false"), NAME, switch("true")), "trains"),
        ((NAME, EXPLAINED, switch("true"), OTHER, switch("false")), "trains"),
        ((switch("true"), NAME, switch("false"), OTHER), "trains"),
        ((switch("false"), OTHER, switch("true"), NAME), "trains"),
        ((NAME, OTHER, switch("true"), switch("false")), "control.absent"),
        ((NAME, switch("true"), switch("false"), OTHER), "control.absent"),
        ((NAME, OTHER, switch("true"), el("dt", "Tell me"), switch("false")), "control.absent"),
        ((NAME, ASKS, OTHER, switch("true"), el("dt", "Tell me"), switch("false")), "control.absent"),
    ],
)
def test_names_and_controls_that_take_turns_are_rows(cells: tuple[Part, ...], expected: str) -> None:
    """In a grid or a list of terms nothing holds a row; where the turns are not clear, no control is the label's."""
    assert read(page(el("main", HEAD, el("dl", *cells))), SWITCH) == expected


def test_a_button_of_the_next_row_is_not_the_labels() -> None:
    """Buttons that show a state take turns with names too."""
    cells = (NAME, el("button", "Off"), OTHER, el("button", "On"))
    assert read(page(el("main", HEAD, el("dl", *cells))), BUTTON) == "protects"
    assert read(page(el("main", HEAD, el("dl", NAME, OTHER, el("button", "On"), el("button", "Off")))), BUTTON) == (
        "control.absent"
    )


@pytest.mark.parametrize(
    ("state", "inner", "expected"),
    [("true", True, "trains"), ("false", False, "protects"), ("false", True, "control.stateless")],
)
def test_a_component_and_the_box_in_it_are_one_control(state: str, inner: bool, expected: str) -> None:
    """Both are called the same and set alike; where they are not, nothing is said."""
    assert read(page(el("main", HEAD, component(state, inner))), SWITCH) == expected


def test_a_hidden_copy_of_a_row_is_no_second_control() -> None:
    """Sites keep a copy for small screens, ids and all: it is not laid out, and the label is not its own."""
    copy = Part("button", shown=False, attributes={"role": "switch", "id": "s", "aria-checked": "true"})
    shown = row(Part("label", (LABEL,), attributes={"for": "s"}), switch("false", name=LABEL, id="s"))
    assert read(page(el("main", HEAD, el("div", el("label", LABEL), copy, shown=False), shown)), SWITCH) == "protects"


ROW, NEWS = row(el("p", LABEL), switch("false")), row(el("p", "Send me news"), switch("true"))
OPEN, SHUT = {"aria_expanded": "true"}, {"aria_expanded": "false"}


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        ((el("div", el("button", "Privacy", **OPEN), el("div", NEWS, ROW)),), "protects"),
        ((el("button", "Privacy", aria_controls="p", **OPEN), el("p", "News"), el("div", ROW, id="p")), "protects"),
        ((el("div", el("button", "Privacy", **SHUT), el("div", ROW)),), "control.misplaced"),
        ((el("div", el("button", "Privacy", **OPEN), el("div", NEWS)), el("div", ROW)), "control.misplaced"),
        ((el("button", "Privacy", aria_controls="other", **OPEN), el("div", ROW, id="p")), "control.misplaced"),
        ((el("h2", "Privacy", el("span", "New"), name="Privacy New"), ROW), "protects"),
        ((el("h2", "Privacy", el("a", "#", href="#p"), name="Privacy #"), ROW), "protects"),
        ((el("h2", "Privacy", el("span", "of others"), name="Privacy of others"), ROW), "control.misplaced"),
        ((el("nav", el("span", "Privacy", role="", aria_current="page")), ROW), "protects"),
        ((el("header", el("h1", "Privacy"), role="banner"), ROW), "protects"),
        ((el("header", el("h1", "Privacy"), role="banner"), el("h2", "News"), ROW), "control.misplaced"),
        ((el("section", el("h1", "Privacy")), ROW), "control.misplaced"),
    ],
)
def test_a_section_is_told_by_what_unfolds_it_and_by_a_heading_with_extras(
    inside: tuple[Part, ...], expected: str
) -> None:
    """An open accordion, a heading with a badge or a link to itself, the frame's own heading; not what lies beside."""
    assert read(page(*inside), SWITCH) == expected


def test_an_accordions_button_is_not_its_section_twice() -> None:
    """A label that is also the section's name counts as its section where it stands a second time, not once as two."""
    head = el("h2", el("button", "Privacy", aria_controls="p", **OPEN))
    for inside in (
        (head, el("div", switch("false"), id="p")),
        (
            el("button", "Privacy", aria_controls="p", **OPEN),
            el("div", switch("false"), id="p", role="region", name="Privacy"),
        ),
    ):
        view = page(el("main", *inside))
        index = next(node.index for node in view.nodes if node.role == "switch")
        assert place_of(view, index, {"privacy"}, "privacy") is None
        assert place_of(view, index, {"privacy"}) == "privacy"


def test_a_label_that_names_a_blog_is_shown_with_that_name() -> None:
    """What the evidence quotes is what the page says, and not the place for the name in the flow's words."""
    labels = parse_labels({"control": {"label": words("Share {object}"), "section": words("Privacy")}}, "a test")
    view = page(el("main", HEAD, row(el("p", "Share moss-and-lichen"), switch("false"))))
    for name, label in (("moss-and-lichen", "Share moss-and-lichen"), ("another", None)):
        reading = read_page(view, table("switch", on="trains", objects={}), PageWords.of(labels, "en"), name)
        assert (reading.label.text if reading.label else None) == label
