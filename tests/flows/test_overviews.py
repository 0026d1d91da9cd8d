"""
An overview of settings whose row shows the value of one: read there, and in no row that only leads to it.

Pages are outlines with the shipped words.
"""

from __future__ import annotations

import pytest

from automation.flow import ControlTable, Flow
from automation.reading.controls.reading import read_page
from automation.text.page_words import PageWords
from tests.reading.outline import Part, el, page

TITLE, LABEL = "Data for Generative AI Improvement", "Use my data for training content creation AI models"
ABOVE = el("h2", "How LinkedIn uses your data")


def line(name: str, value: str) -> Part:
    """A row that leads to a page of its own."""
    return el("a", el("div", name), el("div", value), href="/mypreferences/d/settings/x")


def switch(state: str, name: str = "") -> Part:
    """A drawn switch."""
    return el("button", role="switch", aria_checked=state, name=name)


@pytest.mark.parametrize(
    ("inside", "said"),
    [
        ((ABOVE, line("Salary insights", "On"), line(TITLE, "Off"), line("Job seeking", "On")), "protects"),
        ((ABOVE, line("Salary insights", "Off"), line(TITLE, "On ❯")), "trains"),
        ((ABOVE, line("Salary insights", "Off"), line(TITLE, "")), "nothing"),
        ((ABOVE, el("div", TITLE), el("div", el("span", "Salary insights"), switch("false"))), "nothing"),
        ((el("h2", "Recommended settings"), line(TITLE, "Off")), "nothing"),
        ((el("h1", TITLE), el("div", el("p", LABEL), switch("true", LABEL))), "trains"),
        ((el("h1", TITLE), el("div", el("p", "Salary insights"), switch("false"))), "nothing"),
        ((line(TITLE, "Off"), el("h1", TITLE), el("div", el("p", LABEL), switch("true", LABEL))), "nothing"),
    ],
)
def test_linkedins_overview_shows_the_state(flows: dict[str, Flow], inside: tuple[Part, ...], said: str) -> None:
    """Beside the name of the setting's page; a switch of another name there is none of its own."""
    flow = flows["linkedin.ai_training"]
    assert isinstance(flow.rule, ControlTable)
    reading = read_page(page(el("main", *inside)), flow.rule, PageWords.of(flow.labels, "en"))
    assert ("nothing" if reading.faults else reading.meaning) == said
