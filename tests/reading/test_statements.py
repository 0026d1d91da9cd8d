"""
A state that is said in words beside a control: it counts against the control where it is the setting's own.

Pages are outlines of one made-up setting. What is said of another setting, or in help, silences no clear switch.
"""

from __future__ import annotations

import pytest

from automation.flow.control_table import ControlTable
from tests.reading.outline import Part, el, page
from tests.reading.test_redrawn import ABOUT, BUTTON, HEAD, LABEL, MENU, SWITCH, read, row, switch, table

PROTECTING = table("switch", on="protects")
ON = switch("true")


def shown(*inside: Part, declared: ControlTable = SWITCH) -> str:
    """What is read of a page: a meaning, or "nothing"."""
    said = read(page(el("main", HEAD, *inside)), declared)
    return "nothing" if said.startswith("control.") else said


@pytest.mark.parametrize(
    "line",
    [
        "Status: inactive", "Status – Off", "Present status: Off", "Currently off", "It's off.", "(currently off)",
        "You turned this off", "You've turned this off on 3 May", "Off since 3 May", "● Off", "Not active", "Off for now",
        "Your choice: No", "Your current choice: not allowed", "Permission: denied", "Disabled for your account",
        "You're currently opted out", "Status: off. You can change this at any time.", "Learning: Off", "AI notes: Off",
        "Statut actuel : Désactivé", "Vous avez désactivé ce réglage le 3 mai 2026", "Vous l'avez désactivé",
        "Aktueller Zustand: Aus", "Derzeit deaktiviert", "Estado actual: desactivado", "Stato: disattivato",
        "Estado atual: desativado", "Setting is off",
        "Ce réglage n'est pas activé.", "Stato: non attivo", "Esta opção está desativada no momento.",
        "Derzeit ist diese Einstellung ausgeschaltet.", "Model training: inactive", "Status: Off since 3 May",
    ],
)  # fmt: skip
def test_a_line_that_says_off_beside_a_switch_that_is_on(line: str) -> None:
    """However it is said, one of the two is not true; beside a switch that is off it agrees."""
    assert shown(row(el("p", LABEL), switch("true", name=LABEL), el("p", line))) == "nothing"
    assert shown(row(el("p", LABEL), switch("false", name=LABEL), el("p", line))) == "protects"


@pytest.mark.parametrize(
    "line",
    [
        "Status: active",
        "Currently on",
        "You turned this on for your account",
        "Status: On since 3 May",
        "Este ajuste está activado.",
        "On right now",
        "Derzeit aktiviert",
    ],
)
def test_a_line_that_says_on_beside_a_switch_that_is_off(line: str) -> None:
    """The same the other way round."""
    assert shown(row(el("p", LABEL), switch("false", name=LABEL), el("p", line))) == "nothing"
    assert shown(row(el("p", LABEL), switch("true", name=LABEL), el("p", line))) == "trains"


@pytest.mark.parametrize(
    "inside",
    [
        row(el("p", LABEL), ON, el("div", el("div", "Present status"), el("div", "Off"))),
        el("section", row(el("p", LABEL), ON), row(el("span", "Your status"), el("span", "Off"))),
        el("li", el("div", el("div", el("div", el("div", ON)))), el("div", el("p", LABEL), el("p", "Status: Off"))),
        row(el("p", LABEL), ON, el("button", "Status: Off")),
        row(el("p", LABEL), ON, el("span", "Off ›")),
        row(el("p", LABEL), ON, el("img", role="img", name="Off")),
        row(el("p", LABEL), el("button", el("img", role="img", name="Off"), role="switch", aria_checked="true", name="")),
        row(el("p", LABEL), switch("true", title="Off")),
        row(el("p", LABEL), switch("true", aria_description="Currently off")),
        el("div", row(el("p", LABEL), switch("true", aria_describedby="d")), el("h3", "More"), el("p", "Now off", id="d")),
    ],
)  # fmt: skip
def test_wherever_the_state_is_said_again(inside: Part) -> None:
    """In lines of their own, behind wrappers, on a button, by a picture, in a tooltip or what describes the switch."""
    assert shown(inside) == "nothing"


@pytest.mark.parametrize(
    "line",
    [
        ABOUT, "Auto-delete: Off", "How long we keep it: Auto-delete (Off)", "Personalization is off.", "When this is off, we do not use your notes.",
        "Off means that we forget them.", "By default this is off for new accounts in Europe.",
        "You can turn this off at any time.", "Turn this setting off to stop us.", "This was off until May.",
        "Your private messages are not used.", "Is this off?", "On / Off",
    ],
)  # fmt: skip
def test_help_and_other_settings_in_a_line_silence_no_switch(line: str) -> None:
    """Another name, a condition, another time, a question: none of them is the present state of this setting."""
    assert shown(row(el("p", LABEL), ON, el("p", line))) == "trains"


def test_a_word_that_is_set_off_in_a_sentence_silences_no_switch() -> None:
    """Bold in help, it is no line of its own; where it ends a line on the setting itself, it is its state."""
    helping = el("p", "If you turn it ", el("b", "off"), ", we forget your notes.")
    assert shown(row(el("h3", LABEL), helping, ON)) == "trains"
    assert shown(row(el("h3", LABEL), el("p", "Your setting is ", el("b", "Off"), "."), ON)) == "nothing"


OFF = el("span", "Off")


@pytest.mark.parametrize(
    ("beside", "said"),
    [
        (row(el("span", "Location"), OFF), "trains"),
        (row(el("span", "Location"), el("p", "Status: Off")), "trains"),
        (row(el("span", "Location"), el("button", "Off")), "trains"),
        (row(el("span", "Location"), el("button", "Status: Off")), "trains"),
        (el("a", el("span", "Share notes with partners"), el("span", "Off ›"), href="/x"), "trains"),
        (row(el("span", "Your ads"), OFF, el("button", "Change")), "trains"),
        (row(el("span", "AI participation"), OFF), "nothing"),
        (row(el("span", "Your contribution"), OFF), "nothing"),
        (row(el("span", "Notes for models"), OFF), "nothing"),
        (row(el("span", "Your ads"), OFF), "nothing"),
        (el("section", el("span", "Location"), OFF), "nothing"),
        (row(el("p", ABOUT), OFF), "nothing"),
        (row(OFF), "nothing"),
    ],
)
def test_the_row_of_another_setting_beside_a_switch(beside: Part, said: str) -> None:
    """It has a name without a word of this one's and is drawn alike, or leads to its own change; else it may be this."""
    assert shown(el("section", row(el("p", LABEL), ON), beside)) == said


@pytest.mark.parametrize(
    ("inside", "said"),
    [
        ((row(el("p", LABEL), ON), el("p", "Status: Off")), "nothing"),
        ((el("p", "Status: Off"), row(el("p", LABEL), ON)), "nothing"),
        ((row(el("p", LABEL), ON), el("p", "Status: On")), "trains"),
        ((el("h3", LABEL, el("span", " (off)")), ON), "nothing"),
        ((el("h3", LABEL), ON, el("p", "Status: Off")), "nothing"),
        ((el("h3", LABEL), ON, el("p", "Status: On")), "trains"),
        ((row(el("p", LABEL), ON), el("p", "Location"), el("p", "Status: Off")), "trains"),
        ((row(el("p", LABEL), ON), el("h3", "Location"), el("p", "Status: Off")), "trains"),
        ((el("p", "Location"), el("p", "Status: Off"), row(el("p", LABEL), ON)), "trains"),
        ((row(el("p", LABEL), ON), el("p", "When this is off, we forget your notes.")), "trains"),
    ],
)
def test_a_paragraph_right_beside_the_row(inside: tuple[Part, ...], said: str) -> None:
    """In a page's main part it is said of the row that it follows, or that follows it below one heading."""
    assert shown(*inside) == said


def test_a_further_cell_of_the_same_row_is_no_other_setting() -> None:
    """Only what lies beside label and switch together has a row of its own."""
    cells = (row(el("p", LABEL)), row(ON), row(el("span", "Location"), OFF))
    assert shown(row(*cells)) == "nothing"


def pair(*beside: Part) -> Part:
    """A pair of which "On" is chosen."""
    choices = (("On", True), ("Off", False))
    boxes = (el("label", el("input", role="radio", name=name, ticked=ticked), name) for name, ticked in choices)
    return row(el("p", LABEL), el("div", *boxes), *beside)


@pytest.mark.parametrize(
    ("inside", "declared", "said"),
    [
        (pair(), SWITCH, "trains"),
        (pair(el("p", "Off")), SWITCH, "nothing"),
        (pair(el("p", "Status: Off")), SWITCH, "nothing"),
        (el("section", pair(), row(el("p", "Location"), el("p", "Off"))), SWITCH, "trains"),
        (row(el("h3", LABEL), el("p", "On"), el("p", "Currently off"), el("button", "Change")), SWITCH, "nothing"),
        (row(el("button", el("div", LABEL), el("div", "On")), el("p", "Present status: Off")), BUTTON, "nothing"),
        (row(el("h3", LABEL), el("button", "On", aria_haspopup="menu"), el("p", "Off since 3 May")), MENU, "nothing"),
        (row(el("p", LABEL), ON, el("p", "Status: Off")), PROTECTING, "nothing"),
        (row(el("p", LABEL), ON, el("p", "Status: On")), PROTECTING, "protects"),
        (row(el("p", LABEL), ON, el("p", "You are opted in")), PROTECTING, "nothing"),
        (row(el("p", LABEL), ON, el("p", "You are opted out")), PROTECTING, "protects"),
    ],
)
def test_controls_of_other_kinds(inside: Part, declared: ControlTable, said: str) -> None:
    """Pairs, buttons, menus and words are contradicted alike; "opted out" is what it is, whatever the switch means."""
    assert shown(inside, declared=declared) == said
