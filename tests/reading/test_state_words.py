"""
The words for on and off in a page's own language, and those that one of two choices may be called by.

Pages are outlines of one made-up setting whose label is known in each language; its words for a state are not.
"""

from __future__ import annotations

import pytest

from automation.reading.controls.reading import read_page
from automation.text.page_words import PageWords
from tests.reading.outline import Part, el, page
from tests.reading.test_redrawn import HEAD, LABEL, LABELS, SWITCH, row, switch


def shown(language: str, *inside: Part) -> str:
    """What is read of a page in a language: a meaning, or "nothing"."""
    view = page(el("main", HEAD, *inside))
    reading = read_page(view, SWITCH, PageWords.of(LABELS, language))
    return "nothing" if reading.faults else str(reading.meaning)


def pair(first: str, second: str, *, ticked: tuple[bool, bool] = (True, False), role: str = "radio") -> Part:
    """Two choices below the label."""
    named = zip((first, second), ticked, strict=True)
    boxes = (el("label", el("input", role=role, name=name, ticked=on, type=role), name) for name, on in named)
    return el("fieldset", el("legend", LABEL), *boxes, role="group", name=LABEL)


@pytest.mark.parametrize(
    ("language", "first", "second"),
    [
        ("de", "An", "Aus"),
        ("de-AT", "Ja", "Nein"),
        ("fr", "Activé", "Désactivé"),
        ("fr-CA", "Oui", "Non"),
        ("es", "Activado", "Desactivado"),
        ("it", "Sì", "No"),
        ("pt-BR", "Ativado", "Desativado"),
        ("en", "Yes", "No"),
        ("en", "● On", "○ Off"),
        ("de", "On", "Off"),
    ],
)
def test_a_pair_of_choices_in_the_words_of_the_page(language: str, first: str, second: str) -> None:
    """The one that is ticked counts; both or none say nothing."""
    assert shown(language, pair(first, second)) == "trains"
    assert shown(language, pair(first, second, ticked=(False, True))) == "protects"
    for ticked in ((True, True), (False, False)):
        assert shown(language, pair(first, second, ticked=ticked)) == "nothing"


@pytest.mark.parametrize(
    ("language", "first", "second"),
    [("en", "Ein", "Aus"), ("en", "Oui", "Non"), ("de", "An", "Nie"), ("en", "Yes", "Not yet"), ("fr", "On", "Aus")],
)
def test_words_of_another_language_tell_nothing(language: str, first: str, second: str) -> None:
    """Little words of one language are other words of another; an unknown second choice leaves the first open."""
    assert shown(language, pair(first, second)) == "nothing"


def test_an_answer_to_press_is_no_state() -> None:
    """A button that is called "No" answers a question; nobody knows what was answered before."""
    assert shown("en", row(el("p", LABEL), el("button", "No"))) == "nothing"
    assert shown("en", row(el("p", LABEL), el("p", "No"), el("button", "Change"))) == "nothing"


def test_a_word_of_the_pages_language_is_held_against_its_switch() -> None:
    """As "On" and "Off" are."""
    for state, said in (("true", "nothing"), ("false", "protects")):
        assert shown("de", row(el("p", LABEL), switch(state), el("span", "Aus"))) == said
    assert shown("de", row(el("p", LABEL), el("p", "Aus"), el("button", "Ändern"))) == "protects"
    assert shown("de", row(el("p", LABEL), el("p", "Schalten Sie es ", el("b", "aus")), switch("true"))) == "trains"


@pytest.mark.parametrize(("name", "said"), [("Sehen Sie es sich an", "nothing"), ("Standort Aus", "trains")])
def test_a_button_that_ends_with_a_little_word_ends_no_row(name: str, said: str) -> None:
    """What stands behind it in the row is said of the switch; one that shows a state begins a row of its own."""
    inside = el("div", row(el("p", LABEL), switch("true")), el("div", el("button", name), el("p", "Zustand: Aus")))
    assert shown("de", inside) == said
