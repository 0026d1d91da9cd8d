"""A label that ends in a link to what explains it is the label; one that goes on is another setting's."""

from __future__ import annotations

import pytest

from tests.reading.outline import Part, el, page
from tests.reading.test_redrawn import HEAD, LABEL, SWITCH, read, row, switch


def linked(words: str, tag: str = "a") -> Part:
    """A label with a link in its line, and a switch that takes its name from both."""
    return row(el("p", LABEL, " ", el(tag, words, href="/help/x")), switch("false", name=f"{LABEL} {words}"))


@pytest.mark.parametrize(
    "words",
    [
        "Learn more", "Learn more.", "Learn more ↗", "Learn more (opens in a new tab)", "(Learn more)", "· Find out more",
        "More information", "En savoir plus", "Mehr erfahren", "Más información", "Scopri di più",
    ],
)  # fmt: skip
def test_a_link_to_an_explanation_adds_nothing(words: str) -> None:
    """Whether it is a link, a button or only a part of the control's name."""
    for tag in ("a", "button"):
        assert read(page(el("main", HEAD, linked(words, tag))), SWITCH) == "protects"
    named = row(el("p", LABEL), switch("false", name=f"{LABEL} {words}"))
    assert read(page(el("main", HEAD, named)), SWITCH) == "protects"


@pytest.mark.parametrize(
    "words",
    ["of others", "except my notes", "Turn off", "information", "details", "more", "of others Learn more",
     "Learn more about others", "Opt out. Learn more", "Learn more from others", "in a new tab"],
)  # fmt: skip
def test_what_else_stands_behind_a_label_makes_it_another(words: str) -> None:
    """Also where an explanation follows."""
    assert read(page(el("main", HEAD, linked(words))), SWITCH) == "control.absent"


def test_the_link_is_not_the_settings_state() -> None:
    """A switch that is on stays on."""
    on = row(el("p", LABEL, " ", el("a", "Learn more", href="/help/x")), switch("true", name=f"{LABEL} Learn more"))
    assert read(page(el("main", HEAD, on)), SWITCH) == "trains"
