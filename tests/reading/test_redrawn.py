"""
A setting keeps its words when its control is drawn anew: as a switch, a button, a pair, a list, a menu.

Pages are outlines, without a browser; each way of drawing has a twin that looks like it and tells nothing.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from automation.check.visit.control_signals import signals_of
from automation.flow.control_table import ControlTable
from automation.page import Node, PageView
from automation.reading.controls.by_label import revealing
from automation.reading.controls.sections import place_of
from automation.reading.controls.reading import read_page
from automation.reading.controls.rows import ticked
from automation.text.labels import parse_labels
from automation.text.page_words import PageWords
from tests.reading.outline import Part, el, page

LABEL, ABOUT = "Learn from my notes", "We use what you write to make our models better."


def words(*names: str) -> dict[str, Any]:
    """A key's words in English."""
    return {"en": [{"names": list(names), "source": "a test"}]}


LABELS = parse_labels(
    {
        "control": {"label": words(LABEL), "section": words("Privacy")},
        "value": {
            "on": {"en": [{"names": ["On"], "sentences": ["On since"], "source": "a test"}]}, "off": words("Off"), "far": words("Reach everybody"), "near": words("Keep it near")
        },
        "action": {"off": words("Turn off")},
    },
    "a test",
)  # fmt: skip
SURE = {"address": "H", "label": "H", "meaning": "H"}


def table(kind: str, **more: Any) -> ControlTable:
    """One setting as its flow declares it."""
    return ControlTable.model_validate(
        {"kind": kind, "surfaces": ["setting"], "confidence": SURE, "sources": ["a test"], **more}
    )


SWITCH = table("switch", on="trains")
BUTTON = table("state_button", values={"value.on": "trains", "value.off": "protects"})
MENU = table("menu_button", values={"value.on": "trains", "value.off": "protects"}, actions={"action.off": "trains"})
LIST = table("select", values={"value.far": "trains", "value.near": "protects"})
CHOICE = table("radio", values={"value.far": "trains", "value.near": "protects"})


def switch(state: str, **more: Any) -> Part:
    """A drawn switch without a name, unless one is given."""
    return el("button", **{"name": "", "role": "switch", "aria_checked": state, **more})


def pressed(name: str, state: str) -> Part:
    """One of a pair of buttons."""
    return el("button", name, aria_pressed=state)


def terms(*rows: tuple[str, str]) -> list[Part]:
    """Settings of a list of terms whose rows are no elements."""
    change = el("dd", el("a", "Change", href="/settings/x"))
    return [part for name, state in rows for part in (el("dt", name), el("dd", state), change)]


def card(*lines: str, ticked: bool) -> Part:
    """A choice that is a button with its value and what describes it."""
    checked = str(ticked).lower()
    return el("button", *(el("div", line) for line in lines), role="radio", name=" ".join(lines), aria_checked=checked)


def described(*lines: str, ticked: bool) -> Part:
    """A choice whose label goes on after its value."""
    said = (*lines, ABOUT)
    return el(
        "label", el("input", role="radio", name=" ".join(said), ticked=ticked), *(el("div", line) for line in said)
    )


def label_for(*inside: Part | str) -> Part:
    """A label of the control whose id is `s`."""
    return Part("label", inside, attributes={"for": "s"})


def searched(*beside: Part | str) -> Part:
    """A list made of a field in which one may search, and what is drawn beside it."""
    return el("div", el("div", *beside, el("input", role="combobox", name="", shown=False)), el("div"))


def row(*inside: Part | str) -> Part:
    """A row of the settings."""
    return el("div", *inside)


def box(called: str, *beside: Part, ticked: bool) -> Part:
    """A group that bears the label, with a box that is called as any could be."""
    field = el("input", type="checkbox", role="checkbox", name=called, ticked=ticked, id="box")
    label = el("label", called, role="LabelText", **{"for": "box"})
    return el(
        "fieldset", el("legend", LABEL), el("div", field, label, el("small", ABOUT)), *beside, role="group", name=LABEL
    )


HEAD = el("h2", "Privacy")
MANAGE, SAVE = el("a", "Manage", href="/settings/notes"), el("a", "Save", href="/settings/save")
COLUMN = el("div", el("p", LABEL), el("p", ABOUT), el("p", "Ask your parents first."))
OTHER = row(el("p", "Send me news"), switch("true"))

READ: list[tuple[str, ControlTable, tuple[Part, ...], str]] = [
    # what is drawn, how it is declared, the page below its heading, what is read: a meaning or the first fault
    ("label that holds its description", SWITCH, (el("label", el("div", LABEL), el("div", ABOUT), el("input", role="checkbox", name=f"{LABEL} {ABOUT}", ticked=True)),), "trains"),
    ("label and description in one line", SWITCH, (el("label", el("input", role="checkbox", name=f"{LABEL} {ABOUT}", ticked=False), el("b", LABEL), el("span", ABOUT)),), "protects"),
    ("label that goes on", SWITCH, (el("label", el("input", role="checkbox", name=f"{LABEL} on Sundays", ticked=False), el("b", LABEL), el("span", "on Sundays")),), "control.absent"),
    ("another label that begins alike", SWITCH, (el("label", el("div", f"{LABEL} abroad"), el("input", role="checkbox", name=f"{LABEL} abroad", ticked=False)),), "control.absent"),
    ("group of one box, on", SWITCH, (box("Enable", ticked=True),), "trains"),
    ("group of one box, off", SWITCH, (box("Enable", ticked=False),), "protects"),
    ("group of one box that is called by what it prevents", SWITCH, (box("Disable", ticked=True),), "control.absent"),
    ("group of one box beside another state", SWITCH, (box("Enable", el("p", "Status: Off"), ticked=True),), "control.doubted"),
    ("group of a box and a button", SWITCH, (box("Enable", el("button", "Enable"), ticked=True),), "control.absent"),
    ("button that is read out with the state beside it", SWITCH, (row(el("p", LABEL), el("span", "On"), el("button", "Change", aria_label=f"{LABEL}: On")),), "trains"),
    ("button that is read out with another state", SWITCH, (row(el("p", LABEL), el("span", "On"), el("button", "Change", aria_label=f"{LABEL}: Off")),), "control.absent"),
    ("name that reads its row out", SWITCH, (row(el("div", LABEL), el("div", ABOUT), switch("true", name=f"{LABEL}. {ABOUT}", aria_label=f"{LABEL}. {ABOUT}")),), "trains"),
    ("name that says more than a paragraph which holds its description", SWITCH, (row(el("div", el("span", LABEL), el("p", ABOUT)), switch("true", name=f"{LABEL} abroad", aria_label=f"{LABEL} abroad")),), "control.absent"),
    ("name that goes on with a part of a word", SWITCH, (row(el("div", LABEL), el("div", "Nothing is lost."), switch("true", name=f"{LABEL} not", aria_label=f"{LABEL} not")),), "control.absent"),
    ("name that says more than its row", SWITCH, (row(el("div", LABEL), switch("true", name=f"{LABEL}, not at all", aria_label=f"{LABEL}, not at all")),), "control.absent"),
    ("text that speaks of opting out", SWITCH, (row(el("h3", LABEL), el("p", f"We look at files. You can opt out of {LABEL.lower()} at any time."), switch("true")),), "trains"),
    ("sentence that turns it round", SWITCH, (row(el("h3", LABEL), el("p", f"Opt out of {LABEL.lower()}. We then keep away from your files."), switch("true")),), "control.stateless"),
    ("link that tells more", SWITCH, (row(el("h3", LABEL), el("p", ABOUT, " ", el("a", f"Learn more about {LABEL.lower()}", href="/help")), switch("true")),), "trains"),
    ("name that turns it round", SWITCH, (row(el("h3", LABEL), el("p", f"Opt out of {LABEL.lower()}"), switch("true")),), "control.absent"),
    ("column of texts beside its switch", SWITCH, (row(COLUMN, switch("false")),), "protects"),
    ("column of texts above a switch", SWITCH, (row(el("p", LABEL), el("p", "Ask first"), el("p", "Send me news"), switch("false")),), "control.absent"),
    ("pressed button", SWITCH, (el("button", LABEL, aria_pressed="true"),), "trains"),
    ("button that is not pressed", SWITCH, (el("button", LABEL, aria_pressed="false"),), "protects"),
    ("button that says nothing of being pressed", SWITCH, (el("button", LABEL),), "control.absent"),
    ("pair of buttons", SWITCH, (row(el("p", LABEL), el("div", pressed("On", "false"), pressed("Off", "true"))),), "protects"),
    ("pair of which both are pressed", SWITCH, (row(el("p", LABEL), el("div", pressed("On", "true"), pressed("Off", "true"))),), "control.stateless"),
    ("pair that does not say which", SWITCH, (row(el("p", LABEL), el("div", el("button", "On"), el("button", "Off"))),), "control.absent"),
    ("switch as a list", SWITCH, (row(el("p", LABEL), el("select", el("option", "On", role="option", shown=False), el("option", "Off", role="option", aria_selected="true", shown=False), role="combobox", name="")),), "protects"),
    ("button as a switch", BUTTON, (row(el("p", LABEL), switch("true")),), "trains"),
    ("button as a switch beside another word", BUTTON, (row(el("p", LABEL), switch("true"), el("span", "Off")),), "control.stateless"),
    ("button without the label in its name", BUTTON, (row(el("p", LABEL), el("button", "Off")), OTHER), "protects"),
    ("button of a name below the label", BUTTON, (row(el("p", LABEL), el("p", "Send me news"), el("button", "Off")),), "control.absent"),
    ("button below what describes the label", BUTTON, (row(el("p", LABEL), el("p", ABOUT), el("button", "Off")),), "protects"),
    ("pair of another name", SWITCH, (row(el("p", LABEL), el("div", el("p", "Send me news"), pressed("On", "false"), pressed("Off", "true"))),), "control.absent"),
    ("button of another row", BUTTON, (row(el("p", LABEL)), row(el("p", "Send me news"), el("button", "Off"))), "control.absent"),
    ("button of two lines", BUTTON, (el("button", el("div", LABEL), el("div", ABOUT), el("div", "On")),), "trains"),
    ("row that is a link", BUTTON, (el("a", el("span", LABEL), " ", el("span", "Off"), href="/settings/x"),), "protects"),
    ("button whose name says the opposite", BUTTON, (el("button", el("div", LABEL), el("div", "On"), aria_label=f"{LABEL} Off"),), "control.stateless"),
    ("button between others that stand otherwise", BUTTON, (el("div", el("div", el("button", el("span", "Location"), " ", el("span", "On"))), el("div", el("button", el("span", LABEL), " ", el("span", "Off"))), el("div", el("button", el("div", "History"), el("div", "On")))),), "protects"),
    ("link of that name beside the button", BUTTON, (el("a", LABEL, href="/help"), el("button", el("div", LABEL), el("div", "Off"))), "protects"),
    ("menu for more beside a switch", MENU, (row(el("p", LABEL), switch("true"), el("button", "", name="More", aria_haspopup="menu")),), "trains"),
    ("menu of details", MENU, (row(el("h3", LABEL), el("p", ABOUT), el("details", el("summary", "Off"), el("ul", el("li", "On"), el("li", "Off"), shown=False))),), "protects"),
    ("menu that offers to turn it off", MENU, (row(el("h3", LABEL), el("button", "Turn off", aria_haspopup="menu")),), "trains"),
    ("offer against the state beside it", MENU, (row(el("h3", LABEL), el("p", "Off"), el("button", "Turn off", aria_haspopup="menu")),), "control.stateless"),
    ("menu as a switch", MENU, (row(el("p", LABEL), switch("false", data_state="unchecked")),), "protects"),
    ("choice as a pair of buttons", CHOICE, (row(el("p", LABEL), el("div", pressed("Reach everybody", "true"), pressed("Keep it near", "false"))),), "trains"),
    ("choice as a button", CHOICE, (row(el("p", LABEL), el("button", "Keep it near", aria_haspopup="listbox")),), "protects"),
    ("choice as a switch, which cannot show it", CHOICE, (row(el("p", LABEL), switch("true")),), "control.absent"),
    ("field of a list and its value", LIST, (row(el("p", LABEL), searched(el("div", "Keep it near"))), row(el("p", "Colour"), searched(el("div", "Red")))), "protects"),
    ("field of a list with nothing chosen", LIST, (row(el("p", LABEL), searched(el("div", "Choose …"))),), "control.absent"),
    ("field of a list with several values", LIST, (row(el("p", LABEL), searched(el("div", "Keep it near"), el("div", "Reach everybody"))),), "control.stateless"),
    ("field of a list with nothing beside it", LIST, (row(el("p", LABEL), searched()),), "control.stateless"),
    ("field of a list far from a value", LIST, (row(el("p", LABEL), el("p", ABOUT), searched()), el("p", "Keep it near")), "control.stateless"),
    ("heading of a page and a button of a name far below", BUTTON, (el("h1", LABEL), el("div", el("div", "Send me news"), el("button", "Off"))), "control.absent"),
    ("heading of a page and what is held in one box", BUTTON, (el("div", el("h1", LABEL), el("div", "Send me news"), el("button", "Off")),), "control.absent"),
    ("box that a library keeps beside its switch", SWITCH, (row(el("p", LABEL), el("div", switch("false"), el("input", type="checkbox", role="", name="", ticked=False))),), "protects"),
    ("heading and its only control", SWITCH, (el("h3", LABEL), el("p", ABOUT), el("p", "Ask your parents first."), switch("true"), el("h3", "News"), OTHER), "trains"),
    ("heading that tells the state, above what is offered", MENU, (row(el("h3", f"{LABEL} is on"), el("p", ABOUT), el("button", "Turn off", aria_haspopup="menu")),), "trains"),
    ("heading that tells another state than what is offered", MENU, (row(el("h3", f"{LABEL} is off"), el("p", ABOUT), el("button", "Turn off", aria_haspopup="menu")),), "control.stateless"),
    ("line that tells the state of a switch", SWITCH, (row(el("p", f"{LABEL}: Off"), switch("false")),), "protects"),
    ("line that tells another state than its switch", SWITCH, (row(el("p", LABEL), el("p", f"{LABEL} is off."), switch("true")),), "control.stateless"),
    ("line that tells what is usual", SWITCH, (row(el("p", LABEL), el("p", f"{LABEL} is off by default."), switch("true")),), "trains"),
    ("name that any switch has", SWITCH, (row(el("p", LABEL), el("p", ABOUT), switch("true", name="Use setting")),), "trains"),
    ("name that turns a switch round", SWITCH, (row(el("p", LABEL), el("p", ABOUT), switch("true", name="Disable")),), "control.absent"),
    ("name that is the state and no more", SWITCH, (row(el("p", LABEL), switch("true", name="Toggle on")),), "control.absent"),
    ("track with both words, of which one is out of sight", SWITCH, (row(el("p", LABEL), el("button", el("span", "On"), el("span", "Off", shown=False), role="switch", name="On Off", aria_checked="true")),), "trains"),
    ("track that shows the other word", SWITCH, (row(el("p", LABEL), el("button", el("span", "On", shown=False), el("span", "Off"), role="switch", name="On Off", aria_checked="true")),), "control.stateless"),
    ("label of the track before that of the name", SWITCH, (row(el("input", role="switch", name=f"ON {LABEL}", ticked=True, id="s"), label_for("ON"), label_for(LABEL)),), "trains"),
    ("label of the track against the state", SWITCH, (row(el("input", role="switch", name=f"OFF {LABEL}", ticked=True, id="s"), label_for("OFF"), label_for(LABEL)),), "control.stateless"),
    ("label before that of the name which is no state", SWITCH, (row(el("input", role="switch", name=f"Never {LABEL}", ticked=True, id="s"), label_for("Never"), label_for(LABEL)),), "control.absent"),
    ("button out of sight that a label is for", SWITCH, (row(switch("false", name=LABEL, id="s", shown=False), label_for(el("span", LABEL), el("span", "Off"))),), "protects"),
    ("button out of sight that nothing is for", SWITCH, (row(switch("false", name=LABEL, id="s", shown=False), el("label", LABEL)),), "control.absent"),
    ("button out of sight beside its drawing", SWITCH, (row(el("p", ABOUT), el("div", el("span", LABEL), el("div", switch("false", name=LABEL, shown=False), el("div", el("span", "Off"), aria_hidden="true")))),), "protects"),
    ("button out of sight beside a drawing of the other state", SWITCH, (row(el("span", LABEL), el("div", switch("false", name=LABEL, shown=False), el("div", el("span", "On"), aria_hidden="true"))),), "control.stateless"),
    ("button out of sight beside what is read out", SWITCH, (row(el("span", LABEL), el("div", switch("false", name=LABEL, shown=False), el("div", el("span", "Off")))),), "control.absent"),
    ("menu of three dots beside the state", MENU, (row(el("div", el("div", LABEL), el("p", "On since 14 June")), el("span", "On"), el("button", "⋮", aria_haspopup="menu", aria_label=f"Options for {LABEL}")),), "trains"),
    ("menu that shows its state with the name of an icon", MENU, (row(el("h3", LABEL), el("button", el("span", "On"), el("i", "arrow_drop_down"), aria_haspopup="menu", aria_label="Turn off your notes setting")),), "trains"),
    ("menu above a line of another name that has a state of its own", MENU, (row(el("h3", LABEL), el("button", "On", aria_haspopup="menu"), el("div", "Auto-delete ", el("span", "Off"), " · older than 18 months")),), "trains"),
    ("menu above a line that speaks of it", MENU, (row(el("h3", LABEL), el("button", "On", aria_haspopup="menu"), el("div", "Your setting is ", el("span", "Off"), " · older than 18 months")),), "control.stateless"),
    ("menu above a state without a name", MENU, (row(el("h3", LABEL), el("button", "On", aria_haspopup="menu"), el("div", el("span", "Off"))),), "control.stateless"),
    ("sentence that says what a state brings about", SWITCH, (row(el("h3", LABEL), el("p", f"If you turn off {LABEL.lower()}, we keep away from your files."), switch("false")),), "protects"),
    ("menu of three dots beside two states", MENU, (row(el("div", el("div", LABEL), el("p", "On since 14 June")), el("span", "Off"), el("button", "⋮", aria_haspopup="menu", aria_label=f"Options for {LABEL}")),), "control.stateless"),
    ("menu beside the other state and its day", MENU, (row(el("div", el("div", LABEL), el("p", "Off since 14 June")), el("button", "Off", aria_haspopup="menu", aria_label=f"Turn on {LABEL}")),), "protects"),
    ("menu beside a state and another one's day", MENU, (row(el("div", el("div", LABEL), el("p", "Off since 14 June")), el("button", "On", aria_haspopup="menu", aria_label=f"Turn off {LABEL}")),), "control.stateless"),
    ("menu of three dots of something else", MENU, (row(el("div", LABEL), el("span", "On"), el("button", "⋮", aria_haspopup="menu", aria_label="Options for news")),), "control.stateless"),
    ("menu of three dots beside no state", MENU, (row(el("div", LABEL), el("button", "⋮", aria_haspopup="menu", aria_label="More options")),), "control.stateless"),
    ("choices that are described", CHOICE, (el("h3", LABEL), el("p", ABOUT), el("div", described("Reach everybody", ticked=False), described("Keep it near", ticked=True))), "protects"),
    ("choices with names that their labels do not give", CHOICE, (row(el("p", LABEL), el("div", *(el("label", el("input", role="radio", name=f"Stop: {value}", ticked=value == "Keep it near"), el("div", value), el("div", ABOUT)) for value in ("Reach everybody", "Keep it near")))),), "control.stateless"),
    ("choices that hold their description", CHOICE, (el("h3", LABEL), el("div", card("Reach everybody", ABOUT, ticked=False), card("Keep it near", ABOUT, ticked=True), role="radiogroup", name=LABEL)), "protects"),
    ("choices that hold what qualifies them", CHOICE, (el("h3", LABEL), el("div", card("Reach everybody", ABOUT, ticked=False), card("Keep it near", "Not available in your region.", ticked=True), role="radiogroup", name=LABEL)), "control.stateless"),
    ("choices that begin with the same word", CHOICE, (el("h3", LABEL), el("div", card("Keep it near", ABOUT, ticked=False), card("Keep it near", "For everything.", ticked=True), role="radiogroup", name=LABEL)), "control.stateless"),
    ("choices of which one is described by the other", CHOICE, (row(el("p", LABEL), el("div", described("Reach everybody", "Keep it near", ticked=False), described("Keep it near", ticked=True))),), "control.stateless"),
    ("heading and the control of a name below it", SWITCH, (el("h3", LABEL), el("p", "Send me news"), switch("true")), "control.absent"),
]  # fmt: skip


def read(view: PageView, declared: ControlTable) -> str:
    """The meaning, or the first fault."""
    reading = read_page(view, declared, PageWords.of(LABELS, "en"))
    return str(reading.faults[0] if reading.faults else reading.meaning)


@pytest.mark.parametrize(
    ("declared", "inside", "expected"), [case[1:] for case in READ], ids=[case[0] for case in READ]
)
def test_the_words_tell_however_the_control_is_drawn(
    declared: ControlTable, inside: tuple[Part, ...], expected: str
) -> None:
    """What a careful reader would say of the page; nothing where the words leave it open."""
    assert read(page(el("main", HEAD, *inside)), declared) == expected


def test_what_is_searched_for_in_a_field_is_not_its_value() -> None:
    """While something stands in the field of a list, what is drawn beside it may be no longer, or not yet, its value."""
    view = page(el("main", HEAD, row(el("p", LABEL), searched(el("div", "Keep it near")))))
    nodes = tuple(replace(node, filled=True) if node.role == "combobox" else node for node in view.nodes)
    assert read(view, LIST) == "protects"
    assert read(replace(view, nodes=nodes), LIST) == "control.stateless"


ROW = row(el("p", LABEL), switch("false"))
DIALOG = {"role": "dialog", "name": "Welcome", "aria_modal": "true"}


@pytest.mark.parametrize(
    ("view", "expected"),
    [
        (page(el("main", el("div", "Privacy"), OTHER, ROW)), "protects"),
        (page(el("main", el("div", "Privacy"), el("h2", "News"), ROW)), "control.misplaced"),
        (page(el("main", el("h2", "Privacy"), row(el("h2", LABEL), switch("false")))), "control.misplaced"),
        (page(el("main", ROW, el("div", "Privacy"))), "control.misplaced"),
        (page(el("main", el("a", el("div", "Privacy"), href="/privacy"), ROW)), "control.misplaced"),
        (page(el("main", el("section", el("div", "Privacy")), el("section", ROW))), "control.misplaced"),
        (page(el("main", el("ul", el("li", "Privacy"), el("li", ROW)))), "protects"),
        (page(el("main", el("ul", el("li", el("h3", "Privacy")), el("li", ROW)))), "protects"),
        (page(el("main", el("ul", el("li", "Privacy", el("p", "Who sees you")), el("li", ROW)))), "control.misplaced"),
        (page(el("main", el("ul", el("li", "Privacy")), el("ul", el("li", ROW)))), "control.misplaced"),
        (page(el("main", ROW), title="Privacy | Example"), "protects"),
        (page(el("main", ROW), title="Example: Privacy policy"), "control.misplaced"),
        (page(el("h1", "Example"), el("main", ROW), title="Privacy"), "protects"),
        (page(el("main", el("h2", "News"), ROW), title="Privacy"), "control.misplaced"),
        (page(el("main", el("div", ROW, **DIALOG)), title="Privacy | Example"), "control.misplaced"),
        (page(el("nav", el("a", "Privacy", href="/p", aria_current="page")), el("main", ROW)), "protects"),
        (page(el("nav", el("a", "Privacy", href="/p")), el("main", ROW)), "control.misplaced"),
        (page(el("button", "Privacy", role="tab", aria_selected="true"), el("main", ROW)), "protects"),
        (page(el("button", "Privacy", role="tab", aria_selected="false"), el("main", ROW)), "control.misplaced"),
    ],
)
def test_a_section_is_also_told_by_what_stands_in_a_headings_stead(view: PageView, expected: str) -> None:
    """A line alone above the control, the page's title, the tab or link that is marked as present; not a mere link."""
    assert read(view, SWITCH) == expected


def test_one_heading_is_not_both_label_and_section() -> None:
    """An old name of a card is the page's title too: it holds the card only where it stands there a second time."""
    control = switch("false")
    for inside, place in (
        ((el("h2", "Activity"), control), None),
        ((el("h1", "Activity"), el("h2", "Activity"), control), "activity"),
    ):
        view = page(el("main", *inside))
        index = next(node.index for node in view.nodes if node.role == "switch")
        assert place_of(view, index, {"activity"}, "activity") == place


def test_a_setting_that_stands_elsewhere_says_where() -> None:
    """Who repairs a flow reads the headings that were there instead of the known one."""
    reading = read_page(page(el("h1", "Settings"), el("h2", "News"), ROW), SWITCH, PageWords.of(LABELS, "en"))
    assert [(s.name, s.quote) for s in signals_of(reading, reading, SWITCH, "setting")] == [
        ("control.misplaced", f"{LABEL}: off; under: News, Settings")
    ]


def in_dialog(*inside: Part) -> PageView:
    """A dialog over a page that it hides from assistive technology."""
    return page(
        el("main", el("h1", "Home")), el("div", el("h2", "Privacy"), ROW, *inside, role="dialog", name="Privacy")
    )


@pytest.mark.parametrize(
    ("view", "expected"),
    [
        (in_dialog(el("button", "Close")), "protects"),
        (in_dialog(el("button", "Save and continue")), "control.doubted"),
        (in_dialog(el("button", "Accept")), "control.doubted"),
        (in_dialog(el("button", "Enregistrer")), "control.doubted"),
        (in_dialog(el("button", "Save", disabled=True)), "protects"),
    ],
)
def test_what_a_dialog_offers_is_not_what_is_stored(view: PageView, expected: str) -> None:
    """A dialog that still waits to be accepted shows its own proposal; one that saves at once shows the state."""
    assert read(view, SWITCH) == expected


def test_the_row_behind_a_dialog_counts_though_nobody_can_reach_it() -> None:
    """A switch without any name, hidden from assistive technology, is found by its row: then there are two."""
    behind = row(el("p", LABEL), Part("button", attributes={"role": "switch", "aria-checked": "true"}))
    over = el("div", el("h2", "Privacy"), ROW, role="dialog", name="Privacy", aria_modal="true")
    assert read(page(el("div", behind, aria_hidden="true"), over), SWITCH) == "control.twice"


@pytest.mark.parametrize(
    ("current", "expected"),
    [(("true", "false"), "trains"), (("false", "true"), "protects"), (("true", "true"), "control.stateless")],
)
def test_segments_say_which_of_them_is_current(current: tuple[str, str], expected: str) -> None:
    """As the segmented controls of some libraries do; a link to the present page says so too, and is no segment."""
    segments = [el("button", name, aria_current=state) for name, state in zip(("On", "Off"), current, strict=True)]
    assert read(page(el("main", HEAD, el("div", el("p", LABEL), el("div", *segments)))), SWITCH) == expected
    links = [el("a", name, href="/x", aria_current=state) for name, state in zip(("On", "Off"), current, strict=True)]
    assert read(page(el("main", HEAD, el("div", el("p", LABEL), el("div", *links)))), SWITCH) == "control.absent"


@pytest.mark.parametrize(
    ("value", "expected"), [("Off ›", "protects"), ("On \ue5cc", "trains"), ("Other ›", "control.absent")]
)
def test_an_arrow_behind_a_value_is_no_part_of_it(value: str, expected: str) -> None:
    """Rows that lead to a page of their own end with one, or with a sign of a font."""
    line = el("a", el("div", LABEL), el("div", value), href="/privacy/notes")
    assert read(page(el("main", HEAD, line)), SWITCH) == expected


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        ((el("h3", LABEL), el("p", "Off"), el("button", "Change")), "protects"),
        ((el("h3", LABEL), el("span", "On"), el("p", ABOUT), el("button", "Turn off")), "trains"),
        ((el("h3", LABEL), el("p", ABOUT), el("p", "On"), el("a", "Manage", href="/settings/notes")), "trains"),
        ((el("dt", LABEL), el("dd", "Off"), el("dd", el("button", f"Edit {LABEL}", aria_expanded="false"))), "protects"),
        ((el("dt", LABEL), el("dd", "Off"), el("dd", el("button", f"Edit {LABEL}", aria_pressed="false"))), "control.absent"),
        ((el("dl", *terms((LABEL, "On"), ("News", "Off"))),), "trains"),
        ((el("dl", *terms(("News", "Off"), (LABEL, "On"), ("Memory", "Off"))),), "trains"),
        ((el("dl", *terms(("News", "Off"), (LABEL, ""), ("Memory", "Off"))),), "control.absent"),
        ((el("h3", LABEL), el("p", "On"), el("a", "Turn off", href="/settings/notes")), "control.absent"),
        ((el("h3", LABEL), el("p", "On"), el("a", "Manage your data", href="/settings/notes")), "control.absent"),
        ((el("h3", LABEL), el("p", "Off"), el("p", "Default for new accounts."), MANAGE), "control.absent"),
        ((el("h3", LABEL), el("p", "Off"), el("p", "This setting isn't available in your region."), MANAGE), "control.absent"),
        ((el("h3", LABEL), el("p", "Off"), el("p", "Paused until 3 December."), MANAGE), "control.absent"),
        ((el("h3", LABEL), el("p", "Recommended"), el("p", "Off"), MANAGE), "control.absent"),
        ((el("h3", LABEL), el("p", "Off"), el("p", "It counts once saved. ", SAVE), MANAGE), "control.absent"),
        ((el("section", el("h3", LABEL), el("p", ABOUT)), el("section", el("p", "Off"), el("a", "Edit", href="/news"))), "control.absent"),
        ((el("div", LABEL, role="listitem"), el("div", "Off", el("button", "Edit"), role="listitem")), "control.absent"),
        ((el("h3", LABEL), el("p", "Off"), el("a", "Update", href="/app")), "control.absent"),
        ((el("h3", LABEL), el("span", "On"), el("button", "Turn on")), "control.absent"),
        ((el("h3", LABEL), el("span", "On"), el("button", "Delete")), "control.absent"),
        ((el("h3", LABEL), el("span", "On"), el("span", "Off"), el("button", "Change")), "control.absent"),
        ((el("h3", LABEL), el("p", "Memory"), el("p", "Off"), el("button", "Change")), "control.absent"),
        (
            (el("h3", LABEL), el("p", "Share with all of our partners"), el("p", "Off"), el("button", "Change")),
            "control.absent",
        ),
        ((el("h3", LABEL), el("p", "Off"), el("button", "Change"), el("button", "Change")), "control.absent"),
        ((el("h3", LABEL), el("p", "Off"), el("p", ABOUT), el("button", "Turn on"), el("button", "Manage")), "protects"),
        ((el("h3", LABEL), el("p", "Off"), el("p", ABOUT), el("button", "Turn on"), el("button", "Delete")), "control.absent"),
        ((el("h3", LABEL), el("p", "Off"), el("p", ABOUT), el("button", "Turn off"), el("button", "Manage")), "control.absent"),
        ((el("h3", LABEL), el("p", "Off"), el("button", "Change"), switch("true")), "control.absent"),
        ((el("h3", LABEL), el("p", "Turned off by your school."), el("button", "Change")), "control.absent"),
        ((el("h3", LABEL), el("p", ABOUT), el("p", "Status: ", el("b", "Off")), el("button", "Turn on")), "protects"),
        ((el("h3", LABEL), el("p", "Status: Off by default"), el("button", "Turn on")), "control.absent"),
        ((el("h3", LABEL), el("p", "Off"), el("p", "This has no effect on who can read them."), MANAGE), "protects"),
        ((el("h3", LABEL), el("p", "Off"), el("p", "This has no effect on what we use."), MANAGE), "control.absent"),
    ],
)  # fmt: skip
def test_a_state_in_words_beside_the_button_that_changes_it(inside: tuple[Part, ...], expected: str) -> None:
    """The one state of the label's row; a button that says something else, or another name there, leaves it open."""
    assert read(page(el("main", HEAD, el("section", *inside))), SWITCH) == expected


def test_a_component_that_states_on_without_an_attribute_is_on() -> None:
    """Custom elements tell the accessibility tree alone; "off" there is what a switch without any state is called."""
    for exposed, kept, expected in (("true", "", True), ("false", "", None), ("true", "unchecked", None)):
        attributes = {"data-state": kept} if kept else {}
        node = Node(1, 0, 0, "FW-SWITCH", 1, role="switch", properties={"checked": exposed}, attributes=attributes)
        assert ticked(node) is expected


def test_the_value_of_a_row_that_leads_on_contradicts_no_other() -> None:
    """A row of another setting that is no control has a name of its own, and an arrow behind its value."""
    line = el("button", el("div", LABEL), el("div", "On"))
    other = row(el("span", "Location"), el("span", "Off ›"))
    assert read(page(el("main", HEAD, el("div", line, other))), BUTTON) == "trains"


def test_an_entry_of_a_tree_is_followed_by_the_link_in_it() -> None:
    """Both are called alike and lead to one page."""
    entry = el("li", el("a", "Privacy", href="/setup/privacy"), role="treeitem", name="Privacy")
    found = revealing(page(el("div", entry, role="tree")), frozenset({"privacy"}))
    assert [node.role for node in found] == ["link"]


def test_a_tab_comes_before_a_link_of_the_same_name() -> None:
    """A menu may lead to a page of its own; the tab shows more of this one."""
    link = el("nav", el("a", "Preferences", href="/account/preferences"))
    tabs = el(
        "div", *(el("button", name, role="tab", type="button") for name in ("Account", "Preferences")), role="tablist"
    )
    found = revealing(page(link, el("main", tabs)), frozenset({"preferences"}))
    assert [node.role for node in found] == ["tab"]


@pytest.mark.parametrize(
    ("opener", "beside", "expected"),
    [
        ({"aria_haspopup": "dialog"}, el("button", "Close"), "trains"),
        ({"aria_haspopup": "dialog"}, el("button", "Save"), "control.doubted"),
        ({"aria_haspopup": "menu"}, el("button", "Close"), "control.misplaced"),
        ({}, el("button", "Close"), "control.misplaced"),
    ],
)
def test_a_dialog_stands_where_the_button_stands_that_opens_it(
    opener: dict[str, str], beside: Part, expected: str
) -> None:
    """One that waits to be accepted shows an offer; any other button of that name says of no dialog."""
    behind = el("main", HEAD, row(el("button", el("span", LABEL), name="", **opener)))
    shown = el("div", el("h2", LABEL), el("p", ABOUT), switch("true", name=LABEL), beside, role="dialog", name=LABEL)
    assert read(page(behind, shown), SWITCH) == expected


@pytest.mark.parametrize(
    ("called", "way", "expected"),
    [
        ("breadcrumb", ("Settings", "Privacy"), "trains"),
        ("Fil d'Ariane", ("Réglages", "Privacy"), "trains"),
        ("breadcrumb", ("Privacy", "Billing"), "control.misplaced"),
        ("Sections", ("Settings", "Privacy"), "control.misplaced"),
    ],
)
def test_a_breadcrumb_ends_with_the_page_that_is_shown(called: str, way: tuple[str, ...], expected: str) -> None:
    """What comes before leads there."""
    crumbs = el("ol", *(el("li", part, role="listitem") for part in way), role="list", name=called, aria_label=called)
    shown = el("main", crumbs, el("h1", "Notes"), row(el("p", LABEL), switch("true", name=LABEL)))
    assert read(page(shown), SWITCH) == expected
