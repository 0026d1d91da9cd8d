"""
States that stand apart from their switch: in brackets, in a place of their own, behind a mark, with when they were set.

Pages are outlines, after pages by people who saw the documented facts only; each has a twin that tells nothing.
"""

from __future__ import annotations

import pytest

from automation.flow.control_table import ControlTable
from automation.page import PageView
from automation.reading.controls.reading import ControlReading, read_page
from automation.text.labels import parse_labels
from automation.text.page_words import PageWords
from tests.reading.outline import Part, el, page
from tests.reading.test_redrawn import ABOUT, CHOICE, LABEL, LABELS, SWITCH, switch, words

LOCKED = SWITCH.model_copy(update={"locked": "protects"})


def shown(*parts: Part | str) -> PageView:
    """A page of settings."""
    return page(el("main", el("h1", "Privacy"), *parts))


def told(*parts: Part | str, table: ControlTable = SWITCH) -> str | None:
    """What the page's state means; None where anything keeps it from being believed."""
    reading: ControlReading = read_page(shown(*parts), table, PageWords.of(LABELS, "en"))
    return None if reading.faults else reading.meaning


def row(said: str, state: str) -> Part:
    """A row with a line about its state and a switch."""
    text = el("div", el("div", LABEL, id="own"), el("div", ABOUT), el("div", said, role="status"))
    return el("div", text, switch(state, name=LABEL, aria_labelledby="own"))


@pytest.mark.parametrize(
    ("said", "state", "meaning"),
    [
        ("On – updated just now", "false", None),
        ("On – updated just now", "true", "trains"),
        ("Off · changed on 3 May", "true", None),
        ("On: we use what you write", "false", "protects"),
    ],
)
def test_a_state_with_when_it_was_set_must_agree(said: str, state: str, meaning: str | None) -> None:
    """A line that explains what a state would mean begins with it, too, and tells nothing."""
    assert told(row(said, state)) == meaning


def box(after: str, ticked: bool) -> Part:
    """A box in a label that writes the state behind its words."""
    name = f"{LABEL} {after}"
    return el("label", f"{LABEL} ", el("span", after), " ", el("input", role="checkbox", name=name, ticked=ticked))


@pytest.mark.parametrize(
    ("after", "ticked", "meaning"),
    [("(Off)", False, "protects"), ("(On)", True, "trains"), ("(Off)", True, None), ("(On)", False, None)],
)
def test_a_state_in_brackets_behind_the_words_of_a_box(after: str, ticked: bool, meaning: str | None) -> None:
    """It tells how the box stands; "disabled" without a mark may be what a tick means."""
    assert told(el("div", box(after, ticked))) == meaning


def test_words_of_a_box_without_a_mark_may_be_what_a_tick_means() -> None:
    """An unticked box called "… off"."""
    assert told(el("div", box("off", ticked=False))) is None


@pytest.mark.parametrize(
    ("tag", "role", "said", "meaning"),
    [
        ("output", "status", "On", "trains"),
        ("output", "status", "On for everybody", None),
        ("code", "code", "On", None),
        ("div", "alert", "On", None),
    ],
)
def test_a_place_for_a_state_in_the_row_shows_it(tag: str, role: str, said: str, meaning: str | None) -> None:
    """Which is all that it holds; a message or an example says more, or is none."""
    head = el("header", el("h3", LABEL), el("div", el(tag, said, role=role), el("a", "Edit", href="#x", role="button")))
    assert told(el("article", head, el("p", ABOUT))) == meaning


@pytest.mark.parametrize(("state", "meaning"), [("false", "protects"), ("true", None)])
def test_what_a_service_locks_for_sure(state: str, meaning: str | None) -> None:
    """Where a source says in which state it does so; any other that is greyed out proves nothing."""
    line = el("div", el("div", LABEL, id="own"), switch(state, name=LABEL, aria_labelledby="own", disabled=True))
    assert told(line, table=LOCKED) == meaning
    assert told(line) is None


def test_the_answers_of_a_survey_are_no_states() -> None:
    """What a button says beneath a row: "Yes" as a line of its own may be the state."""
    line = el("div", el("div", LABEL, id="own"), switch("false", name=LABEL, aria_labelledby="own"))
    survey = el("div", el("span", "Was this page useful?"), el("button", "Yes"), el("button", "No"))
    assert told(line, survey) == "protects"
    assert told(line, el("p", "Yes")) is None


@pytest.mark.parametrize(("inside", "meaning"), [("br", "protects"), ("b", None)])
def test_a_label_that_a_line_break_ends(inside: str, meaning: str | None) -> None:
    """What explains it follows in the same element; without a break it may go on."""
    more = "To make them better."
    words = el("span", f"{LABEL} ", el("a", "Learn more", href="/help"), el(inside), el("em", more), id="own")
    control = el("input", role="checkbox", name=f"{LABEL} Learn more {more}", ticked=False, aria_labelledby="own")
    assert told(el("p", words, control)) == meaning


DESCRIBED = SWITCH.model_copy(update={"description": "control.about"})
WORDED = parse_labels(
    {
        "control": {"label": words(LABEL), "section": words("Privacy"), "about": words(ABOUT.removesuffix("."))},
        "value": {"far": words("Reach everybody"), "near": words("Keep it near")},
    },
    "a test",
)


def under(*heads: Part, table: ControlTable, inside: Part) -> str | None:
    """What a control means beneath some headings, none of them its section."""
    reading = read_page(page(el("main", *heads, inside)), table, PageWords.of(WORDED, "en"))
    return None if reading.faults else reading.meaning


@pytest.mark.parametrize(
    ("heads", "about", "meaning"),
    [
        ((el("h1", "Acme"),), ABOUT, "protects"),
        ((el("h1", "Settings"), el("h2", "Account settings")), ABOUT, "protects"),
        ((), ABOUT, "protects"),
        ((el("h1", "Settings"), el("h2", "Newsletters")), ABOUT, None),
        ((el("h1", "Acme"),), "Something else.", None),
    ],
)
def test_a_known_description_stands_in_for_a_section_where_none_is_named(
    heads: tuple[Part, ...], about: str, meaning: str | None
) -> None:
    """The second thing that tells the setting from any other; in another section it may be another's."""
    text = el("div", el("div", LABEL, id="own"), el("div", about))
    line = el("div", text, switch("false", name=LABEL, aria_labelledby="own"))
    assert under(*heads, table=DESCRIBED, inside=line) == meaning


@pytest.mark.parametrize(("head", "meaning"), [("Settings", "protects"), ("Newsletters", None)])
def test_a_value_of_its_own_stands_in_for_a_section(head: str, meaning: str | None) -> None:
    """In words that are no other setting's; "On" and "Off" are any's."""
    chosen = el("input", role="radio", name="Keep it near", ticked=True)
    other = el("input", role="radio", name="Reach everybody", ticked=False)
    group = el("fieldset", el("legend", LABEL), el("label", chosen, "Keep it near"), el("label", other, "Reach everybody"),
               role="radiogroup", name=LABEL)  # fmt: skip
    assert under(el("h1", "Acme"), el("h2", head), table=CHOICE, inside=group) == meaning


def switched(*around: Part | str, label: tuple[Part | str, ...] = (LABEL,), state: str = "true") -> str | None:
    """What a switch means whose label goes on, or around which something stands."""
    name = " ".join(part if isinstance(part, str) else part.text for part in label)
    words_of_it = el("div", *label, id="own")
    return told(el("div", words_of_it, switch(state, name=name, aria_labelledby="own")), *around)


@pytest.mark.parametrize(
    ("second", "meaning"),
    [("– that I forbid", None), ("digest in my inbox each Monday", None), ("To make them better.", "trains")],
)
def test_a_label_that_goes_on_beneath_itself_is_another(second: str, meaning: str | None) -> None:
    """In small letters or behind a dash; a sentence of its own explains it."""
    assert switched(label=(el("span", LABEL), el("div", second))) == meaning


@pytest.mark.parametrize(
    ("line", "meaning"),
    [
        ("We couldn't store your last change.", None),
        ("Edited, not saved", None),
        ("You've changed 1 property", None),
        ("Your choice is saved at once.", "trains"),
    ],
)
def test_what_was_not_stored_is_not_shown(line: str, meaning: str | None) -> None:
    """Wherever the page says so."""
    assert switched(el("p", line)) == meaning


def test_a_switch_that_is_drawn_to_be_looked_at_shows_nothing() -> None:
    """In a figure, or under "What's new"."""
    line = el("div", el("div", LABEL, id="own"), switch("true", name=LABEL, aria_labelledby="own"))
    assert told(line) == "trains"
    assert told(el("figure", line)) is None
    assert told(el("div", el("b", "What's new: simpler controls"), el("p", "All on one screen:"), line)) is None


@pytest.mark.parametrize(("legend", "meaning"), [("Keep me out of what is ticked", None), ("Content", "trains")])
def test_a_group_that_keeps_out_what_is_ticked(legend: str, meaning: str | None) -> None:
    """It turns each of its boxes round."""
    line = el("div", el("div", LABEL, id="own"), switch("true", name=LABEL, aria_labelledby="own"))
    assert told(el("fieldset", el("legend", legend), line, role="group", name=legend)) == meaning
