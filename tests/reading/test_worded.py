"""
A state that stands in words, where no control is: what a careful reader tells from it, and what deceives a hasty one.

Pages are outlines of one made-up setting. Each way to mislead has a counterpart that is read.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from automation.flow.control_table import ControlTable
from automation.page import Box, PageView
from automation.reading.controls.reading import read_page
from automation.text.page_words import PageWords
from tests.reading.outline import Part, el, page
from tests.reading.test_redrawn import (
    ABOUT,
    BUTTON,
    CHOICE,
    HEAD,
    LABEL,
    LABELS,
    LIST,
    MENU,
    SWITCH,
    read,
    row,
    switch,
    table,
)
from tests.reading.test_tables import cells, heads

ON, OFF = el("span", "On"), el("span", "Off")
NAME = el("span", LABEL)
ENTRY = el("li", NAME, OFF)
PROTECTING = table("switch", on="protects")


def shown(*inside: Part, declared: ControlTable = SWITCH, head: Part = HEAD) -> str:
    """What is read of a page: a meaning, or "nothing"."""
    said = read(page(el("main", head, *inside)), declared)
    return "nothing" if said.startswith("control.") else said


def icon(name: str, **more: str) -> Part:
    """A drawing that is read out."""
    return el("svg", role="img", name=name, **more)


def terms(*rows: tuple[str, str | Part]) -> Part:
    """A list of terms whose rows are no elements."""
    return el("dl", *(part for name, said in rows for part in (el("dt", name), el("dd", said))))


def grid(*told: str) -> Part:
    """Names and states without rows."""
    return el("div", *(el("div", one) for one in told))


def settings(*rows: Part) -> Part:
    """A table of settings."""
    return el("table", *rows, role="table", name="")


def defined(name: str, state: str) -> Part:
    """A row of a table whose names are heads, and whose columns have none."""
    return el("tr", el("th", name, role="rowheader"), el("td", state), role="row")


def group(name: str | Part) -> Part:
    """A row of one cell, which names those that follow."""
    return el("tr", name if isinstance(name, Part) else el("th", name, role="rowheader"), role="row")


def signed(sign: str, name: str) -> Part:
    """A picture that is drawn by a letter."""
    return el("i", sign, role="img", name=name, title=name)


GROUP = group("Artificial intelligence")
EDIT, EDIT_NEWS = (el("button", "✎", aria_label=f"Edit {name}") for name in (LABEL, "News"))
STATUS = heads("Setting", "Status", "")
TITLED = Part("svg", (Part("title", ("Off",), shown=False),))


@pytest.mark.parametrize(
    "inside",
    [
        terms((LABEL, "Off")),
        terms(("News", "On"), (LABEL, "Off"), ("Memory", "On")),
        terms(("News", "On"), (LABEL, icon("Off"))),
        el("dl", row(el("dt", "News"), el("dd", "On")), row(el("dt", LABEL), el("dd", "Off"))),
        el("dl", el("dt", LABEL), el("dd", "Off"), el("dd", ABOUT), el("dd", "Last changed: 11 May 2026")),
        settings(STATUS, cells("News", "On", el("button", "✎")), cells(LABEL, "Off", el("button", "✎"))),
        settings(STATUS, cells(LABEL, "Off", el("button", el("svg"), name=""))),
        settings(heads("Setting", "Status"), cells("News", "On"), cells(LABEL, icon("Off"))),
        settings(defined("News", "On"), defined(LABEL, "Off")),
        el("ul", el("li", el("span", "News"), ON), ENTRY),
        el("ul", el("li", "News: On"), el("li", f"{LABEL}: Off")),
        el("p", el("b", f"{LABEL}:"), " Off"),
        el("p", f"{LABEL} is off"),
        el("p", f"{LABEL} – Off"),
        el("p", LABEL, " ", el("b", "Off")),
        grid("News", "On", LABEL, "Off"),
        row(row(el("div", "News"), el("div", "On")), row(el("div", LABEL), el("p", ABOUT), el("div", "● Off"))),
        row(row(el("b", "News"), el("span", ABOUT), ON), row(el("div", LABEL), el("div", "Off"))),
        el("section", el("h3", LABEL), el("dl", el("dt", "Status"), el("dd", "Off"))),
        el("section", el("h3", LABEL, el("span", "New")), el("p", ABOUT), el("p", "Currently: Off")),
        terms((LABEL, "Off. We do not read what you write.")),
        row(el("a", LABEL, href="/settings/notes"), OFF),
        el("a", NAME, icon("Off"), el("div", "›"), href="/settings/notes", name=f"{LABEL} Off"),
        row(el("p", LABEL), icon("Off"), el("button", "Change")),
        el("li", NAME, icon("Info"), OFF, el("a", "Learn more", href="/help/notes")),
        el("li", icon("Off"), NAME),
        el("li", NAME, el("img", alt="Off", role="img", name="Off")),
        el("li", NAME, el("i", title="Off")),
        el("li", NAME, TITLED),
        el("li", NAME, OFF, icon("Off")),
        el("li", NAME, OFF, el("button", "Turn on")),
        el("li", NAME, OFF, el("button", "Change", aria_label=f"Change: {LABEL}")),
        el("li", NAME, OFF, el("button", "Change", aria_label=f"{LABEL}: change")),
        el("li", NAME, OFF, el("button", f"Edit “{LABEL}”")),
        el("li", NAME, OFF, el("button", f"{LABEL} (edit)")),
        el("li", NAME, OFF, el("a", "Edit", aria_label="Edit privacy", href="/settings/edit")),
        el("li", NAME, OFF, el("a", "Change this setting", href="/settings/edit")),
        el("dl", el("dt", LABEL), el("dd", OFF), el("dd", el("button", "Change", aria_label=f"Change: {LABEL}"))),
        settings(STATUS, GROUP, cells("News", "On", EDIT_NEWS), cells(LABEL, "Off", EDIT)),
        settings(STATUS, cells("News", "On", EDIT_NEWS), GROUP, cells(LABEL, "Off", EDIT)),
        settings(STATUS, group(el("td", "Privacy")), cells(LABEL, "Off", EDIT), group("Ads"), cells("News", "On", EDIT_NEWS)),
        settings(heads("Settings"), STATUS, group("Recommended settings"), cells("News", "On"), GROUP, cells(LABEL, "Off", EDIT)),
        el("li", NAME, signed("◯", "Off")),
        el("li", NAME, signed("●", "Off"), el("a", "Edit", href="/settings/edit")),
        el("li", NAME, signed("☐", "Off")),
        el("li", NAME, signed("✘", "Off")),
        el("li", NAME, signed("⛔", "Off")),
        row(el("div", LABEL), signed("○", "Off"), el("a", "Edit", href="/settings/edit")),
    ],
)  # fmt: skip
@pytest.mark.parametrize("declared", [SWITCH, table("checkbox", on="trains"), BUTTON, MENU])
def test_a_state_in_the_row_definition_or_line_of_its_label(inside: Part, declared: ControlTable) -> None:
    """In its words or by a picture's name; whatever leads on from there agrees with it."""
    assert shown(inside, declared=declared) == "protects"


@pytest.mark.parametrize(
    ("inside", "declared", "said"),
    [
        (ENTRY, PROTECTING, "trains"),
        (el("li", NAME, ON), PROTECTING, "protects"),
        (terms((LABEL, "Keep it near")), CHOICE, "protects"),
        (terms((LABEL, "Reach everybody")), LIST, "trains"),
        (terms((LABEL, "On")), CHOICE, "nothing"),
        (terms((LABEL, "On since 14 January")), BUTTON, "trains"),
        (terms((LABEL, "On since you moved")), BUTTON, "nothing"),
        (terms((LABEL, "Turn off")), MENU, "nothing"),
        (terms((LABEL, "No")), SWITCH, "nothing"),
        (terms((LABEL, "Aus")), SWITCH, "nothing"),
    ],
)
def test_a_state_is_told_by_known_words_alone(inside: Part, declared: ControlTable, said: str) -> None:
    """Those of the flow, and for on and off; what a button would do is no state, and neither is an answer."""
    assert shown(inside, declared=declared) == said


@pytest.mark.parametrize(
    ("language", "state", "said"),
    [
        ("fr", "Désactivé", "protects"),
        ("fr-CA", "Activée", "trains"),
        ("de", "Aus", "protects"),
        ("es", "Activado", "trains"),
        ("de", "Désactivé", "control.absent"),
        ("en", "Aus", "control.absent"),
    ],
)
def test_the_words_are_those_of_the_pages_language(language: str, state: str, said: str) -> None:
    """English ones count everywhere; those of another language tell nothing."""
    for told in (state, "Off" if said == "protects" else "On" if said == "trains" else state):
        view = page(el("main", HEAD, el("p", f"{LABEL} : {told}")))
        reading = read_page(view, SWITCH, PageWords.of(LABELS, language))
        assert str(reading.faults[0] if reading.faults else reading.meaning) == said


@pytest.mark.parametrize(
    "inside",
    [
        el("li", NAME, ON, OFF),
        el("li", NAME, OFF, icon("On")),
        el("li", NAME, icon("On", title="Off")),
        el("li", NAME, el("div", "☐ Off")),
        el("li", NAME, el("div", "☐"), el("div", "Off")),
        el("li", NAME, el("span", " ○ "), OFF),
        el("li", NAME, el("del", "Off")),
        el("li", NAME, el("p", "Off until 3 May")),
        el("li", NAME, el("p", "Off. Paused until 3 May.")),
        el("li", NAME, el("p", "Off. On for new notes.")),
        el("li", NAME, el("p", "Off. Keep out")),
        el("li", NAME, el("p", "Off, unless you ask us.")),
        el("li", NAME, OFF, el("p", "Off by default for new accounts.")),
        el("li", el("span", f"{LABEL} for my team"), OFF),
        el("li", f"{LABEL} for my team: Off"),
        el("li", f"{LABEL}: On hold"),
        el("p", f"{LABEL} off"),
        el("p", f"Example: {LABEL}: Off"),
        el("p", f"{LABEL}: Off means that we forget them."),
        el("p", "If ", el("b", LABEL), " is ", el("b", "off"), ", we forget them."),
        el("p", el("b", LABEL), " ", el("b", "off"), " keeps them private."),
        el("p", "With ", el("b", f"{LABEL}: Off"), " we forget them."),
        el("li", el("b", "11 May 2026"), " ", el("b", f"{LABEL}: Off")),
        el("dl", el("dt", LABEL), el("dd", "Off"), el("dd", "11 May 2026")),
        el("dl", el("dt", LABEL), el("dt", "News"), el("dd", "Off")),
        el("dl", el("dt", LABEL), el("dd", el("p", "Location"), el("p", "Off"))),
        row(row(el("p", LABEL)), row(row(el("b", "Location"), el("i", "We know where.")), el("p", "Off"))),
        row(row(el("h3", "Location"), el("p", "Off")), row(el("h3", LABEL))),
        el("section", el("h3", LABEL), row(el("span", "On the web"), OFF)),
        grid("Off", "News", "On", LABEL),
        grid("News", LABEL, "Off", "On"),
        settings(heads("Feature", "Free", "Business"), cells(LABEL, "Off", "On")),
        settings(heads("Setting", "Changed to"), cells(LABEL, "Off")),
        settings(heads("Setting", "Before"), cells(LABEL, "Off")),
        settings(heads("Member", LABEL), cells("Anna", "Off")),
        settings(STATUS, group("Defaults for new members"), cells(LABEL, "Off", EDIT)),
        settings(STATUS, group(el("td", "Recommended settings")), cells("News", "On", EDIT_NEWS), cells(LABEL, "Off", EDIT)),
        settings(group("Example"), STATUS, GROUP, cells(LABEL, "Off", EDIT)),
        settings(heads("Setting", "Default", ""), GROUP, cells(LABEL, "Off", EDIT)),
        el("li", NAME, signed("◉", "Off")),
        el("li", NAME, signed("◯", "On")),
        el("li", NAME, signed("☑", "Off")),
        el("li", NAME, signed("✅", "Off")),
        el("li", NAME, signed("✘", "On")),
        el("li", NAME, signed("✓", "Off"), OFF),
        el("li", NAME, OFF, signed("☑", "Off")),
        el("li", NAME, OFF, signed("☐", "Memory")),
        el("li", NAME, el("i", "◯", title="Off")),
        el("li", NAME, signed("◯", "Off"), signed("◉", "On")),
        el("li", NAME, el("i", "On", role="img", name="Off")),
        el("li", NAME, OFF, el("button", "Change", aria_label="Change: Location")),
        el("li", NAME, OFF, el("button", "Change", aria_label="Location: change")),
        el("li", NAME, OFF, el("button", f"Edit {LABEL} of my team")),
        el("li", NAME, OFF, el("button", f"Delete: {LABEL}")),
        el("li", NAME, OFF, el("button", "Update")),
        settings(el("tr", el("th", LABEL), el("th", "Status")), defined("Anna", "Off")),
    ],
)  # fmt: skip
def test_words_that_tell_no_state_of_this_setting(inside: Part) -> None:
    """Two states, another name, another time, a sentence, a log, a comparison, somebody else's: all leave it open."""
    assert shown(inside) == "nothing"


BOX = Part("input", shown=False, attributes={"type": "checkbox"})


@pytest.mark.parametrize(
    "inside",
    [
        row(el("li", NAME, OFF, BOX)),
        row(el("li", NAME, OFF, el("span", tabindex="0"))),
        row(el("li", NAME, OFF, el("button", role="switch", name="", shown=False))),
        row(el("li", NAME, el("label", "Off", **{"for": "x"})), Part("input", shown=False, attributes={"id": "x"})),
        row(row(el("li", NAME, OFF)), switch("true")),
        row(el("li", NAME, OFF), el("button", "Turn off")),
        row(row(row(NAME, OFF)), el("button", "Turn off")),
        row(el("li", NAME, OFF, el("button", "Turn off"))),
        row(el("li", NAME, OFF, el("button", "Delete"))),
        row(el("li", el("span", f"{LABEL}: Off"), el("button", "×"))),
        row(el("li", NAME, OFF, el("button", f"{LABEL} on"))),
        row(row(el("button", LABEL), el("div", "Off"))),
        row(el("a", NAME, icon("Off"), href="/n", name=f"{LABEL} On")),
        row(el("button", NAME, icon("Off"), name=f"{LABEL} Off")),
        row(el("li", NAME, OFF), el("div", role="switch", name=LABEL, tabindex="0")),
    ],
)
def test_what_can_be_set_beside_the_words_may_be_what_they_speak_of(inside: Part) -> None:
    """A field out of sight, a switch that says nothing, a button that offers the same state or does something else."""
    assert shown(inside) == "nothing"


@pytest.mark.parametrize(
    "inside",
    [
        (el("h3", "Defaults for new members"), ENTRY),
        (el("h3", "Recent changes"), ENTRY),
        (el("h3", "What happens to my notes?"), ENTRY),
        (el("h3", "Can you use your notes to train models?"), ENTRY),
        (el("p", "Can you use your copy of my notes?"), ENTRY),
        (el("p", "Can I stop you from using your copy of my notes?"), ENTRY),
        (el("p", "What if we use your notes to train models?"), ENTRY),
        (el("p", "Can we use your notes? Not by default?"), ENTRY),
        (el("p", "Can we use your notes? For example:"), ENTRY),
        (el("p", "Can people see your notes?"), ENTRY),
        (el("h3", "Acme workspace"), ENTRY),
        (el("p", "By default:"), el("ul", ENTRY)),
        (el("p", "In the free version:"), el("ul", el("li", el("span", "News"), ON), ENTRY)),
        (el("p", "Here is an example of a team."), el("ul", ENTRY)),
        (row(el("div", "Recommended settings"), row(el("div", "News"), el("div", "On")), ENTRY),),
        (row(ENTRY, el("p", "Managed by your organization")),),
        (row(el("div", ENTRY), el("p", "Paused until 3 December")),),
        (el("div", ENTRY, role="status"),),
        (el("div", ENTRY, aria_live="polite"),),
        (el("div", ENTRY, role="tooltip"),),
        (el("figure", ENTRY),),
        (el("pre", ENTRY),),
        (el("nav", ENTRY),),
        (el("footer", ENTRY, role="contentinfo"),),
        (settings(el("caption", "Change log"), STATUS, cells(LABEL, "Off", "")),),
        (el("ul", el("li", el("p", f"{LABEL}: Off"), el("p", "11 May 2026"))),),
        (el("ul", el("li", el("p", "2 hours ago"), el("p", f"{LABEL}: Off"))),),
        (el("p", "Yesterday"), el("ul", ENTRY)),
        (el("h3", "If you upgrade"), ENTRY),
        (el("label", el("div", "Strict"), el("ul", ENTRY)),),
        (el("button", el("div", "Strict"), el("ul", ENTRY), name="Strict"),),
        (el("div", el("div", "Strict"), el("ul", ENTRY), role="radio", name="Strict"),),
        (el("a", el("h3", "How to keep out"), el("ul", ENTRY), href="/help/out"),),
        (Part("svg", (Part("text", (LABEL,)), Part("text", ("Off",)))),),
        (el("div", el("ul", ENTRY), role="img", name="What it looks like"),),
        (el("p", "You have unsaved changes"), ENTRY),
        (el("div", ENTRY, aria_busy="true"),),
        (el("div", el("h2", "Privacy"), ENTRY, el("button", "Save"), role="dialog", name="Privacy"),),
    ],
)
def test_what_stands_above_or_below_makes_it_no_present_state(inside: tuple[Part, ...]) -> None:
    """What is usual, was once, is an example, somebody else's, told in passing, or not yet saved."""
    assert shown(*inside) == "nothing"


@pytest.mark.parametrize(
    "inside",
    [
        (el("h3", "AI and your data"), ENTRY),
        (el("p", "Can Acme and its affiliates use the notes that you write to train models, and your files?"), ENTRY),
        (el("p", "May we learn from your notes?"), el("ul", ENTRY)),
        (el("p", "Do you want us to use your notes to improve what we make?"), ENTRY),
        (el("p", "Pouvons-nous utiliser vos notes pour entraîner nos modèles ?"), ENTRY),
        (el("p", "Dürfen wir Ihre Notizen zum Trainieren verwenden?"), ENTRY),
        (el("p", "Your current settings:"), el("ul", ENTRY)),
        (el("p", "You decide what we may do with what you write."), el("ul", ENTRY)),
        (el("ul", el("li", el("span", "Show recommended posts"), ON), ENTRY),),
        (el("ul", ENTRY, el("li", el("span", "Show recommended posts"), ON)),),
        (terms(("Default view", "On"), (LABEL, "Off")),),
        (row(el("p", "News"), switch("true")), row(NAME, OFF), row(el("p", "Memory"), switch("true"))),
        (el("div", el("h2", "Privacy"), ENTRY, el("button", "Close"), role="dialog", name="Privacy"),),
        (el("div", el("h3", "Your notes"), ENTRY, aria_live="polite"),),
    ],
)
def test_harmless_words_around_silence_nothing(inside: tuple[Part, ...]) -> None:
    """Introductions, and the rows of other settings, be they called as they like."""
    assert shown(*inside) == "protects"


@pytest.mark.parametrize(
    ("inside", "said"),
    [
        ((ENTRY, row(el("p", LABEL), switch("true"))), "control.contradicted"),
        ((ENTRY, row(el("p", LABEL), switch("false"))), "protects"),
        ((el("h3", "Examples"), ENTRY, el("h3", "Yours"), row(el("p", LABEL), switch("true"))), "trains"),
        ((el("ul", ENTRY), el("ul", el("li", NAME, ON))), "control.twice"),
        ((el("ul", ENTRY, ENTRY),), "control.twice"),
        ((el("h3", "Examples"), el("ul", el("li", NAME, ON)), el("h3", "Yours"), el("ul", ENTRY)), "protects"),
        ((el("h2", "News"), ENTRY), "control.misplaced"),
    ],
)
def test_a_second_statement_of_the_same_setting(inside: tuple[Part, ...], said: str) -> None:
    """A control comes first, and must agree; two entries are nobody's; an example speaks neither for nor against."""
    assert read(page(el("main", HEAD, *inside)), SWITCH) == said


def test_an_entry_of_the_label_that_means_the_opposite() -> None:
    """Where a setting's words have swapped their meaning, an entry by the other ones leaves the state open."""
    unlike = table("switch", on="trains", unlike="value.far")
    assert shown(ENTRY, declared=unlike) == "protects"
    assert shown(ENTRY, el("li", el("span", "Reach everybody"), ON), declared=unlike) == "nothing"


SHARED = table("switch", on="trains", objects={})


@pytest.mark.parametrize(
    ("line", "declared", "said"),
    [
        ("Applies immediately to your organization.", SHARED, "protects"),
        ("This applies to everyone in your workspace.", SHARED, "protects"),
        ("Applies immediately to your organization.", SWITCH, "nothing"),
        ("Managed by your organization.", SHARED, "nothing"),
        ("Your organization decides.", SHARED, "nothing"),
        ("Default for everyone in your organization.", SHARED, "nothing"),
        ("Turned off for your organization until 3 May.", SHARED, "nothing"),
        ("Applies to new teams in your organization.", SHARED, "nothing"),
    ],
)
def test_an_organisation_is_the_scope_of_its_own_setting(line: str, declared: ControlTable, said: str) -> None:
    """And a limit of a person's; who decides, what is usual and until when are limits of both."""
    assert shown(el("li", NAME, OFF, el("p", line)), declared=declared) == said


def _covered(view: PageView) -> PageView:
    """The page with something drawn over the state."""
    told = next(node for node in view.nodes if node.text == "Off")
    box = Box(told.box.x, told.box.y, 30, 18) if told.box else None
    over = replace(view.nodes[1], index=len(view.nodes), parent=1, box=box, opaque=True, shown=True, paint=9)
    small = replace(told, box=box)
    return replace(view, nodes=(*view.nodes[: told.index], small, *view.nodes[told.index + 1 :], over))


def test_words_that_something_is_drawn_over_are_not_read() -> None:
    """As a control that is covered."""
    view = page(el("main", HEAD, terms((LABEL, "Off"))))
    assert read(view, SWITCH) == "protects"
    assert read(_covered(view), SWITCH) != "protects"


@pytest.mark.parametrize(
    ("inside", "tag"), [(ENTRY, "LI"), (terms((LABEL, "Off")), "DD"), (el("p", f"{LABEL}: Off"), "P")]
)
def test_the_picture_shows_the_words_with_their_label(inside: Part, tag: str) -> None:
    """The row or line; of a list of terms, what is said of the term. The reading says that words told it."""
    reading = read_page(page(el("main", HEAD, inside)), SWITCH, PageWords.of(LABELS, "en"))
    assert reading.worded
    assert reading.anchor is not None
    assert reading.anchor.tag == tag


@pytest.mark.parametrize(
    ("about", "said"),
    [
        ("It lets us use your searches to improve our models. Turn this setting off if you mind.", "trains"),
        ("This setting doesn't apply to content that is processed on your device.", "trains"),
        ("This setting doesn't apply to accounts in your region.", "nothing"),
        ("That was on until you objected, and is off now.", "nothing"),
        ("Off from 1 January.", "nothing"),
        ("Default for new accounts in the country.", "nothing"),
        ("Location", "nothing"),
    ],
)
def test_sentences_in_the_line_of_a_state_explain_it(about: str, said: str) -> None:
    """Behind the label and the state, each an element; what may be another state or name leaves it open."""
    assert shown(el("li", NAME, " ", ON, " ", el("span", about))) == said
