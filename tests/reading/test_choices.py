"""
Choices whose value is followed by what describes it, and the button that leads on from a state in words.

Pages are outlines; each way to read has a twin that looks like it and tells nothing.
"""

from __future__ import annotations

import pytest

from automation.flow.control_table import ControlTable
from automation.reading.controls.words import changed_by
from automation.reading.controls.reading import read_page
from automation.text.page_words import PageWords
from tests.reading.outline import Part, el, page
from tests.reading.test_redrawn import ABOUT, BUTTON, HEAD, LABEL, LABELS, SWITCH, read, table

ABOVE = el("span", ABOUT)


def choice(*said: Part | str, ticked: bool) -> Part:
    """A radio in its label, with the texts behind it in one line."""
    texts = [part if isinstance(part, str) else part.text for part in said]
    return el("label", el("input", role="radio", name=" ".join(texts), ticked=ticked), *said)


def pair(*on: Part | str, off: tuple[Part | str, ...] = ("Off",), ticked: bool = True) -> Part:
    """Two choices under the label."""
    return el("fieldset", choice(*on, ticked=ticked), choice(*off, ticked=not ticked), role="group", name=LABEL)


@pytest.mark.parametrize(
    ("drawn", "said"),
    [
        (pair("On", ABOVE), "trains"),
        (pair("On", ABOVE, ticked=False), "protects"),
        (pair("On", ABOVE, off=("Off", el("span", "We leave your notes alone."))), "trains"),
        (pair(el("b", "On"), ABOVE), "trains"),
        (pair("On", el("span", "Recommended")), "trains"),
        (pair("On", el("span", "(Recommended)"), ABOVE, ticked=False), "protects"),
        (pair("On", el("span", "Recommended for new notes")), "control.stateless"),
        (pair("On", el("span", "for new notes")), "control.stateless"),
        (pair("On", el("span", "Until 3 May")), "control.stateless"),
        (pair("On", el("span", "By default for new notes.")), "control.stateless"),
        (pair("On", off=("Off", el("span", "Paused until 3 May"))), "control.stateless"),
        (pair("On", el("span", ABOUT), el("span", "Off")), "control.stateless"),
        (pair("On", ABOVE, off=("Off", el("span", "Sundays")), ticked=False), "control.stateless"),
        (pair("On", ABOVE, off=("Off", el("span", "Except for notes that you share")), ticked=False), "control.stateless"),
        (pair("On", ABOVE, off=("Off", el("span", "Only for notes of last year.")), ticked=False), "control.stateless"),
        (pair("On", ABOVE, off=("Off", el("span", "Your notes are still used to train.")), ticked=False), "control.stateless"),
        (pair("On", ABOVE, off=("Off", el("span", "Managed by your organization")), ticked=False), "control.stateless"),
        (pair("On and nothing else"), "control.stateless"),
        (pair("Only On", ABOVE), "control.stateless"),
    ],
)  # fmt: skip
def test_a_value_may_be_described_in_its_own_line(drawn: Part, said: str) -> None:
    """By an element of its own that begins anew; what goes on with it, or limits it, makes it no known value."""
    assert read(page(el("main", HEAD, drawn)), SWITCH) == said


@pytest.mark.parametrize(
    ("button", "said"),
    [
        (el("button", "Review"), "protects"),
        (el("button", f"Review {LABEL}"), "protects"),
        (el("a", "View", href="/settings/notes"), "protects"),
        (el("button", "Configure this setting"), "protects"),
        (el("button", "Review changes"), "control.absent"),
        (el("button", "View other accounts"), "control.absent"),
        (el("button", "Review", aria_pressed="true"), "control.absent"),
    ],
)
def test_the_button_beside_a_state_may_lead_to_see_it(button: Part, said: str) -> None:
    """It says nothing of the state; what it leads to is the setting, or it does not say what."""
    assert read(page(el("main", HEAD, el("div", el("h3", LABEL), el("span", "Off"), button))), SWITCH) == said


@pytest.mark.parametrize("name", ["Preview", "Viewer", "Overview", "Reviewed", "Ansehnlich"])
def test_a_name_that_only_begins_alike_leads_nowhere(name: str) -> None:
    """The whole word counts."""
    assert changed_by(name) is None


def test_the_value_of_a_button_is_quoted_as_the_page_writes_it() -> None:
    """And not as it is compared, without capitals and with its arrow read as a quotation mark."""
    line = el("button", el("span", LABEL), " ", el("span", "Off ›"))
    reading = read_page(page(el("main", HEAD, line)), BUTTON, PageWords.of(LABELS, "en"))
    assert (reading.meaning, reading.value) == ("protects", "Off ›")


@pytest.mark.parametrize(
    ("chosen", "other", "declared", "said"),
    [
        ("Allow", "Disallow", SWITCH, "trains"),
        ("Don't allow", "Allow", SWITCH, "protects"),
        (f"Disallow {LABEL.lower()}", f"Allow {LABEL.lower()}", SWITCH, "protects"),
        ("Allow", "Ask me", SWITCH, "control.absent"),
        ("Allow", "Disallow", table("switch", on="protects"), "control.absent"),
    ],
)
def test_what_is_allowed_is_on_where_the_label_names_the_use(
    chosen: str, other: str, declared: ControlTable, said: str
) -> None:
    """Of a setting that prevents it the same words would leave open what is allowed."""
    boxes = [el("label", el("input", role="radio", name=name, ticked=name == chosen), name) for name in (chosen, other)]
    group = el("fieldset", el("legend", LABEL), *boxes, role="group", name=LABEL)
    found = read(page(el("main", HEAD, group)), declared)
    assert found == said or (said == "control.absent" and found.startswith("control."))
