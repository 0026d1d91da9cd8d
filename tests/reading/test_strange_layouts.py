"""
Settings as pages by other hands drew them, and were not read: each beside a twin that looks like it and tells nothing.

Pages are outlines, after pages by people who saw the documented facts only.
"""

from __future__ import annotations

import pytest

from automation.flow.control_table import ControlTable
from automation.page import Node
from automation.page.spacing import with_blanks
from automation.reading.controls.reading import read_page
from automation.text.labels import Labels, parse_labels
from automation.text.page_words import PageWords
from tests.reading.outline import Part, el, page
from tests.reading.test_redrawn import ABOUT, BUTTON, CHOICE, LABEL, LABELS, MENU, SWITCH, described, switch, words

LONG = "Let us learn from my notes"
OTHERS = parse_labels(
    {
        "control": {
            "label": words(LABEL, "Note analysis"), "section": words("Privacy", "Manage note settings"),
            "older": words("Notes for learning")
        },
        "value": {"far": words("Reach everybody"), "near": words("Keep it near")},
    },
    "a test",
)  # fmt: skip
WHOLE = parse_labels({"control": {"label": words(LONG), "section": words("Privacy")}}, "a test")


def told(
    *parts: Part | str, table: ControlTable = SWITCH, labels: Labels = LABELS, head: str = "Privacy", title: str = ""
) -> str | None:
    """What a page of settings says; None where anything keeps it from being believed."""
    view = page(el("main", el("h1", head), *parts), title=title)
    reading = read_page(view, table, PageWords.of(labels, "en"))
    return None if reading.faults else reading.meaning


def row(*parts: Part | str) -> Part:
    """One row."""
    return el("div", *parts)


# -- where it stands -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("label", "head", "above", "meaning"),
    [
        (LONG, "Settings", (), "protects"),
        (LONG, "Acme", (el("h2", "Data and privacy"),), "protects"),
        (LONG, "Acme", (el("h2", "Newsletters"),), None),
        (LABEL, "Settings", (), None),
    ],
)
def test_a_label_that_is_a_whole_phrase_needs_no_section(
    label: str, head: str, above: tuple[Part, ...], meaning: str | None
) -> None:
    """Nothing else is called so; in a section of another name it may be another's."""
    labels = WHOLE if label == LONG else LABELS
    assert told(*above, row(el("p", label), switch("false")), labels=labels, head=head) == meaning


@pytest.mark.parametrize(("heading", "meaning"), [("Note settings", "protects"), ("News settings", None)])
def test_a_section_is_titled_without_the_verb_of_the_button_that_opens_it(heading: str, meaning: str | None) -> None:
    """What "Manage note settings" opens is called "Note settings"."""
    dialog = el("div", el("h2", heading), row(el("p", LABEL), switch("false")), role="dialog", name=heading)
    assert told(dialog, head="Acme", labels=OTHERS) == meaning


@pytest.mark.parametrize(("button", "meaning"), [("Manage note settings", "protects"), ("Manage members", None)])
def test_the_button_beside_a_state_names_the_section(button: str, meaning: str | None) -> None:
    """It leads there, so the row is of it."""
    assert told(row(el("div", LABEL), el("div", "Off"), el("button", button)), head="Acme", labels=OTHERS) == meaning


@pytest.mark.parametrize(
    ("head", "title", "meaning"),
    [("Privacy", "Settings", "protects"), ("Lena's privacy", "", None), ("Privacy", "Supervised accounts", None),
     ("What's private", "", "protects"), ("Privacy", "Child profile", None), ("Example's AI", "", "protects")],
)  # fmt: skip
def test_the_settings_of_somebody_else(head: str, title: str, meaning: str | None) -> None:
    """Of a child, or of whoever is named; the section of the person's own is known."""
    assert told(row(el("p", LONG), switch("false")), head=head, title=title, labels=WHOLE) == meaning


@pytest.mark.parametrize(
    ("notice", "meaning"),
    [("Demo account: nothing here is yours.", None), ("Practice portal", None), ("Book a demo.", "protects")],
)
def test_an_example_account_tells_nothing(notice: str, meaning: str | None) -> None:
    """Whatever its settings are."""
    assert told(el("p", notice), row(el("p", LABEL), switch("false"))) == meaning


# -- what bears the label --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "meaning"),
    [("Mila (age 7)", None), ("Template: Client team", None), ("Nothing here is kept.", None),
     ("Draft, shared with two people", None), ("It should then look like this:", None),
     ("What the other plan would give you:", None), ("Settings as of 3 May 2024", None), ("Lou's account", None), ("Version 3, not yet published", None), ("Step 2 of 3", None),
     ("These will go with the team once you press Create.", None), ("Vorschau: so sehen es andere", None),
     ("Viewing as lou@atelier.example", None), ("Your friend will see this when they join:", None), ("Bakers (a group you write for, run by Lou Berg)", None),
     ("You choose what we learn from.", "protects"), ("We ask everyone.", "protects")],
)  # fmt: skip
def test_a_line_above_says_whose_it_is(line: str, meaning: str | None) -> None:
    """What explains the setting stands there, too."""
    assert told(el("p", line), row(el("p", LABEL), switch("false"))) == meaning


@pytest.mark.parametrize(("heading", "meaning"), [("News by mail", None), ("Topics", None), ("Learning", "protects")])
def test_a_heading_of_what_one_subscribes_to(heading: str, meaning: str | None) -> None:
    """Beneath it, the name is that of a subject one reads about."""
    assert told(el("h3", heading), row(el("p", LABEL), switch("false"))) == meaning


@pytest.mark.parametrize(
    ("name", "meaning"),
    [("Allow my notes to be analyzed", "trains"), ("Do not allow my notes to be analyzed", None),
     ("Allow my photos to be analyzed", None), ("Never use note analysis", None), ("Share note analysis with my team", None),
        ("Allow colleagues to see note analysis", None)],
)  # fmt: skip
def test_a_switch_that_says_at_length_what_its_heading_says(name: str, meaning: str | None) -> None:
    """It is the only one beneath the heading, allows something, and has the heading's words."""
    beneath = (el("h2", "Note analysis"), el("p", ABOUT), switch("true", name=name))
    assert told(*beneath, labels=OTHERS) == meaning
    assert told(*beneath, switch("true", name="Send me news"), labels=OTHERS) is None


@pytest.mark.parametrize(("tag", "meaning"), [("small", "protects"), ("b", None)])
def test_small_print_in_a_label_explains(tag: str, meaning: str | None) -> None:
    """What is printed in bold may go on with the name."""
    name = f"{LABEL} {ABOUT}"
    assert told(el("label", LABEL, el(tag, ABOUT), el("input", role="checkbox", name=name, ticked=False))) == meaning


@pytest.mark.parametrize(("beneath", "meaning"), [(ABOUT, "trains"), ("Send me news", None)])
def test_a_sentence_beneath_a_switch_is_no_other_name(beneath: str, meaning: str | None) -> None:
    """It stands nearer to the switch than the label does, and explains it."""
    assert told(row(el("b", LABEL), el("div", el("div", switch("true")), el("p", beneath)))) == meaning


def test_a_control_of_the_opposite_meaning_is_read_where_it_stands_alone() -> None:
    """A service drew its setting the other way round before; a page's own title is no such control."""
    older = SWITCH.model_copy(update={"unlike": "control.older"})
    old, new = row(el("p", "Notes for learning"), switch("true")), row(el("p", LABEL), switch("true"))
    assert told(old, table=older, labels=OTHERS) == "protects"
    assert told(new, table=older, labels=OTHERS) == "trains"
    assert told(old, new, table=older, labels=OTHERS) is None
    titled = SWITCH.model_copy(update={"unlike": "control.section"})
    assert told(row(el("p", "Privacy"), switch("true")), table=titled, labels=OTHERS) is None


@pytest.mark.parametrize(("after", "meaning"), [(ABOUT, "protects"), ("sheets by mail each Monday", None)])
def test_a_label_that_is_broken_into_two_lines(after: str, meaning: str | None) -> None:
    """What explains it is a sentence; else it goes on."""
    words = el("div", LABEL, el("br"), after, id="own")
    assert told(row(words, switch("false", name=f"{LABEL} {after}", aria_labelledby="own"))) == meaning


@pytest.mark.parametrize(
    ("heading", "meaning"),
    [("Security and privacy", "protects"), ("Your privacy", "protects"), ("Security and news", None)],
)
def test_a_heading_of_two_things_holds_what_is_of_either(heading: str, meaning: str | None) -> None:
    """The section by itself is one of them; whose it is says no more."""
    assert told(el("h2", heading), row(el("p", LABEL), switch("false")), head="Acme") == meaning


@pytest.mark.parametrize(
    ("heading", "meaning"), [("How Acme uses your data", "protects"), ("How Acme sends you news", None)]
)
def test_a_heading_on_the_use_of_data_is_no_section_of_another_name(heading: str, meaning: str | None) -> None:
    """It is where such a setting stands."""
    assert told(el("h2", heading), row(el("p", LONG), switch("false")), labels=WHOLE, head="Acme") == meaning


# -- how the state is told -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "meaning"),
    [("Turned off", "protects"), ("Turned off since 3 May 2026", "protects"), ("On for all devices", "trains"),
     ("Off everywhere", "protects"), ("Off for new devices", None), ("Off since the last update", None),
     ("ALWAYS ON", "trains"), ("On for all guests", None)],
)  # fmt: skip
def test_a_state_since_a_day_or_everywhere(state: str, meaning: str | None) -> None:
    """A day and the whole leave it as it is; anything else may limit it."""
    assert told(row(el("p", LABEL), el("p", state), el("a", "Manage", href="#notes"))) == meaning


@pytest.mark.parametrize(("shown", "meaning"), [("Off", "protects"), ("On", None)])
def test_a_button_that_shows_the_state_and_offers_the_other(shown: str, meaning: str | None) -> None:
    """Read out as what it does; where both say the same, one of them is wrong."""
    button = el("button", shown, aria_label=f"Turn on your {LABEL} setting")
    menu = el("button", shown, aria_label=f"Turn on your {LABEL} setting", aria_haspopup="menu")
    assert told(row(el("h2", LABEL), button), table=BUTTON) == meaning
    assert told(row(el("div", f"My {LABEL}"), el("p", "Nothing is kept"), menu), table=MENU) == meaning


@pytest.mark.parametrize(
    ("name", "meaning"), [(f"{LABEL}, off", "protects"), (f"{LABEL}: Off", "protects"), (f"{LABEL} off", None)]
)
def test_a_button_without_any_text_that_is_called_by_label_and_state(name: str, meaning: str | None) -> None:
    """A mark sets the two apart; in one breath they are what a press does."""
    assert told(row(el("p", "Notes"), el("button", el("i"), aria_label=name)), table=BUTTON) == meaning


@pytest.mark.parametrize(("last", "meaning"), [("Change", "protects"), ("Never", None)])
def test_a_button_of_label_value_and_what_it_does(last: str, meaning: str | None) -> None:
    """In one line."""
    name = f"{LABEL} Keep it near {last}"
    button = el("button", el("span", LABEL), el("span", "Keep it near"), el("span", last), name=name)
    assert told(row(button), table=CHOICE) == meaning


def choice(first: str, second: str) -> Part:
    """Two choices, of which the second is ticked."""
    radios = (el("label", el("input", role="radio", name=n, ticked=n == second), n) for n in (first, second))
    return el("fieldset", el("legend", LABEL), *radios, role="group", name=LABEL)


@pytest.mark.parametrize(
    ("first", "second", "meaning"),
    [
        ("On – we learn from notes", "Off – nothing is learnt", "protects"),
        ("On – we learn from notes", "Off – for shared notes", None),
        ("Allow people to read along", "Don't allow", "protects"),
        ("Allow people to read along", "Allow nobody", None),
        ("Allow people to read along", "Don't allow, except on Sundays", None),
    ],
)
def test_choices_that_go_on_behind_their_state(first: str, second: str, meaning: str | None) -> None:
    """They say what it brings about; what limits it makes it another one."""
    assert told(choice(first, second)) == meaning


@pytest.mark.parametrize(("live", "meaning"), [("polite", "protects"), ("", None)])
def test_the_place_of_a_state_in_the_label_of_a_box(live: str, meaning: str | None) -> None:
    """A box called "… disabled" may mean that a tick disables; what says of itself that it changes is the state."""
    state = el("span", "Disabled", **({"aria_live": live} if live else {}))
    box = el("input", role="checkbox", name=f"{LABEL} Disabled", ticked=False)
    assert told(el("label", el("span", LABEL), box, state)) == meaning


@pytest.mark.parametrize(("kind", "meaning"), [("button", "protects"), ("text", None)])
def test_the_button_of_a_row_may_be_an_input(kind: str, meaning: str | None) -> None:
    """A field that can be filled may be what the row sets."""
    edit = el("input", role="button" if kind == "button" else "textbox", name="Edit", type=kind)
    assert told(el("table", el("tr", el("td", LABEL), el("td", "Disabled"), el("td", edit)))) == meaning


@pytest.mark.parametrize(
    ("beneath", "meaning"), [("Text, pictures and links", "protects"), ("Off for new notes", None), ("On", None)]
)
def test_what_stands_in_the_cell_of_a_label_describes_it(beneath: str, meaning: str | None) -> None:
    """It need be no sentence; what speaks of the state leaves it open."""
    name = el("th", LABEL, el("div", beneath), role="rowheader")
    change = el("td", el("button", "Edit", aria_label=f"Edit {LABEL.lower()}"))
    head = el("tr", *(el("th", said, role="columnheader") for said in ("Setting", "Status", "")))
    assert told(el("table", head, el("tr", name, el("td", "Off"), change, role="row"))) == meaning
    term = (el("dt", el("b", LABEL), el("div", beneath)), el("dd", "Off – ", el("button", "Change")))
    assert told(el("dl", *term)) == meaning


@pytest.mark.parametrize(
    ("after", "meaning"), [("for this site", "protects"), ("for my team", None), ("for Sundays", None)]
)
def test_a_label_that_says_where_it_holds(after: str, meaning: str | None) -> None:
    """On the person's own blog or account it is the same one."""
    assert (
        told(el("label", el("input", role="checkbox", name=f"{LABEL} {after}", ticked=False), f"{LABEL} {after}"))
        == meaning
    )


@pytest.mark.parametrize(("said", "meaning"), [("Your", "protects"), ("Less", None)])
def test_whose_the_label_is_turns_nothing_round(said: str, meaning: str | None) -> None:
    """A sentence about it begins so."""
    assert told(row(el("h3", LABEL), el("p", f"{said} {LABEL.lower()} is kept."), switch("false"))) == meaning


@pytest.mark.parametrize(("about", "meaning"), [("Notes train our models.", "protects"), ("Notes help us.", None)])
def test_a_sentence_on_training_tells_a_short_label_from_others(about: str, meaning: str | None) -> None:
    """Where no section does; in one of another name both may be another's."""
    line = row(el("div", el("div", LABEL), el("p", about)), switch("false", name=LABEL))
    assert told(line, head="Settings") == meaning
    assert told(el("h2", "Newsletters"), line, head="Settings") is None


@pytest.mark.parametrize("track", [("On", "Off"), ("ON", "OFF")])
def test_both_words_on_a_track_tell_nothing(track: tuple[str, str]) -> None:
    """They are drawn for whoever presses it."""
    drawn = switch("false", name=LABEL)
    drawn = Part(drawn.tag, tuple(el("span", word) for word in track), drawn.role, LABEL, attributes=drawn.attributes)
    assert told(row(el("p", LABEL), drawn)) == "protects"


@pytest.mark.parametrize(
    ("options", "meaning"),
    [(("Allowed", "Not allowed"), "protects"), (("Allowed", "Not allowed", "Ask"), None), (("Yes", "No"), "protects")],
)
def test_a_list_of_two_answers(options: tuple[str, ...], meaning: str | None) -> None:
    """They are opposites; of three, each may mean something of its own."""
    entries = (el("option", one, role="option", shown=False, aria_selected=str(at == 1).lower())
               for at, one in enumerate(options))  # fmt: skip
    assert told(row(el("p", LABEL), el("select", *entries, role="combobox", name=""))) == meaning


@pytest.mark.parametrize(
    ("other", "meaning"), [(("News", "On"), "protects"), (("News", "Monthly"), None), (("News", "On", "Off"), None)]
)
def test_a_table_of_names_and_states_needs_no_heads(other: tuple[str, ...], meaning: str | None) -> None:
    """Where every row is one name and one state."""
    rows = (el("tr", *(el("td", cell) for cell in cells)) for cells in ((LABEL, "Off"), other))
    assert told(el("table", *rows)) == meaning


@pytest.mark.parametrize(
    ("about", "meaning"), [("No exceptions", "protects"), ("Except for drafts", None), ("Only for drafts", None)]
)
def test_a_choice_that_is_described_on_a_line_of_its_own(about: str, meaning: str | None) -> None:
    """A few words will do there, which do not limit it."""
    cards = [
        el("div", el("p", value), el("p", said), role="radio", name=f"{value} {said}", aria_checked=str(on).lower())
        for value, said, on in (("Reach everybody", ABOUT, False), ("Keep it near", about, True))
    ]
    assert told(el("h3", LABEL), el("div", *cards, role="radiogroup", name=LABEL), table=CHOICE) == meaning


@pytest.mark.parametrize(("checked", "meaning"), [("Off", "protects"), ("On", None)])
def test_an_open_menu_shows_what_else_might_be_chosen(checked: str, meaning: str | None) -> None:
    """Only the entry that says that it is the chosen one tells something."""
    entries = (
        el("button", one, role="menuitemradio", aria_checked=str(one == checked).lower()) for one in ("On", "Off")
    )
    menu = el("details", el("summary", "Off"), el("div", *entries, role="menu"))
    assert told(row(el("h3", LABEL), menu), table=BUTTON) == meaning


@pytest.mark.parametrize(("said", "meaning"), [("Allow", "trains"), ("Opt out of", None)])
def test_what_allows_what_the_label_names_does_not_turn_it_round(said: str, meaning: str | None) -> None:
    """A sentence with a word or two before the label."""
    line = el("p", f"{said} {LABEL.lower()}. It makes them better.")
    assert told(row(el("h3", LABEL), line, switch("true"))) == meaning


@pytest.mark.parametrize(("ticked", "meaning"), [("far", "trains"), ("near", "protects")])
def test_a_choice_says_no_more_of_itself_than_its_name(ticked: str, meaning: str) -> None:
    """What a choice is called is one of the setting's values, and no second label that keeps out."""
    radios = [
        described("Reach everybody", ticked=ticked == "far"),
        described("Keep it near", ticked=ticked == "near"),
    ]
    assert told(el("h3", LABEL), el("div", *radios), table=CHOICE) == meaning


# -- names -----------------------------------------------------------------------------------------------------


def named(name: str, *texts: str, tag: str = "BUTTON") -> str:
    """What a control of some texts, each in an element, is called when blanks are put between them."""
    parts = [Node(2 * n + 2, 1, 0, "SPAN", 2 * n + 2) for n in range(len(texts))]
    said = [Node(2 * n + 3, 2 * n + 2, 0, "#text", 2 * n + 3, text=text) for n, text in enumerate(texts)]
    nodes = (Node(0, -1, 0, "DIV", 0), Node(1, 0, 0, tag, 1, role="button", name=name), *parts, *said)
    return with_blanks(sorted(nodes, key=lambda node: node.index))[1].name


@pytest.mark.parametrize(
    ("name", "texts", "called"),
    [
        ("Data sharingOff", ("Data sharing", "Off"), "Data sharing Off"),
        ("Off.Change", ("Off.", "Change"), "Off. Change"),
        ("iPhone data", ("iPhone data",), "iPhone data"),
        ("Turn offData sharing", ("Data sharing", "Off"), "Turn offData sharing"),
    ],
)
def test_parts_of_a_name_are_set_apart(name: str, texts: tuple[str, ...], called: str) -> None:
    """Where the name is made of them and of nothing else."""
    assert named(name, *texts) == called


@pytest.mark.parametrize(("chosen", "meaning"), [("On", "trains"), ("Off", "protects")])
def test_what_was_not_chosen_tells_nothing(chosen: str, meaning: str) -> None:
    """Be its circle in the line and not in its label."""
    lines = (
        el("div", el("input", role="radio", name=one, ticked=one == chosen, id=one), el("label", one, **{"for": one}))
        for one in ("On", "Off")
    )
    assert told(el("fieldset", el("legend", LABEL), el("p", ABOUT), *lines, role="group", name=LABEL)) == meaning


@pytest.mark.parametrize(("opened", "meaning"), [(False, "protects"), (True, None)])
def test_a_dialog_that_is_shut_is_not_right_behind_a_row(opened: bool, meaning: str | None) -> None:
    """The row's button opens it; what it would change stands in the row."""
    dialog = el("dialog", el("input", type="radio", name="", shown=opened), shown=opened)
    assert told(row(el("strong", LABEL), el("span", "Off"), el("button", "Edit")), dialog) == meaning


def test_a_disclosure_may_only_show_the_control_of_its_name() -> None:
    """An accordion whose heading is the label, with a list of the same label in it."""
    options = [
        el("option", one, role="option", shown=False, aria_selected=str(one == "Off").lower()) for one in ("On", "Off")
    ]
    listed = el("select", *options, role="combobox", name=LABEL)
    assert told(el("details", el("summary", LABEL), el("p", ABOUT), listed)) == "protects"
