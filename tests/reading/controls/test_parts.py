"""Parts of reading a control that a page's answer alone does not show: places, marks, ways, and boxes by position."""

from __future__ import annotations

from dataclasses import replace

import pytest

from automation.page import Box, Node, PageView
from automation.page.node import with_blanks
from automation.reading.controls.reading import read_page
from automation.reading.controls.rows import revealing, ticked
from automation.reading.controls.sections import place_of
from automation.reading.controls.words import changed_by
from automation.reading.walls import signed_out
from automation.text.page_words import PageWords
from automation.visit.control import _is_of, signals_of
from tests.reading.controls.settings import ABOUT, HEAD, LABEL, LABELS, SETTINGS, SWITCH, outlined, read, row, switch
from tests.reading.outline import Part, el, page

ROW = row(el("p", LABEL), switch("false"))
ENGLISH = PageWords.of(LABELS, "en")


@pytest.mark.parametrize(
    ("html", "place"),
    [
        ("<h2>Activity</h2>{}", None),
        ("<h1>Activity</h1><h2>Activity</h2>{}", "activity"),
        ("<h2><button aria-expanded='true' aria-controls='p'>Activity</button></h2><div id='p'>{}</div>", None),
        ("<button aria-expanded='true' aria-controls='p'>Activity</button><div id='p' role='region' :name='Activity'>{}</div>", None),
    ],
)  # fmt: skip
def test_one_heading_is_not_both_label_and_section(html: str, place: str | None) -> None:
    """A label that is also the section's name holds the control only where it stands there a second time."""
    view = outlined(f"<main>{html.format('<button role=switch :name></button>')}</main>")
    index = next(node.index for node in view.nodes if node.role == "switch")
    assert place_of(view, index, {"activity"}, "activity") == place
    assert place_of(view, index, {"activity"}) == "activity"


def test_a_setting_that_stands_elsewhere_says_where() -> None:
    """Who repairs a flow reads the headings that were there instead of the known one."""
    reading = read_page(page(el("h1", "Settings"), el("h2", "News"), ROW), SWITCH, ENGLISH)
    assert [(s.name, s.quote) for s in signals_of(reading, reading, SWITCH, "setting")] == [
        ("control.misplaced", f"{LABEL}: off; under: News, Settings")
    ]


def test_a_component_that_states_on_without_an_attribute_is_on() -> None:
    """Custom elements tell the accessibility tree alone; "off" there is what a switch without any state is called."""
    for exposed, kept, expected in (("true", "", True), ("false", "", None), ("true", "unchecked", None)):
        attributes = {"data-state": kept} if kept else {}
        node = Node(1, 0, 0, "FW-SWITCH", 1, role="switch", properties={"checked": exposed}, attributes=attributes)
        assert ticked(node) is expected


@pytest.mark.parametrize(
    ("html", "name", "roles"),
    [
        (
            "<div role='tree'><li role='treeitem' :name='Privacy'><a href='/p'>Privacy</a></li></div>",
            "privacy",
            ["link"],
        ),
        (
            "<nav><a href='/account'>Notes</a></nav><div role='tablist'><button role='tab' type='button'>Notes</button></div>",
            "notes",
            ["tab"],
        ),
    ],
)
def test_the_right_one_of_two_of_a_name_is_followed(html: str, name: str, roles: list[str]) -> None:
    """The link in a tree's entry; a tab before a link, which may lead to a page of its own."""
    assert [node.role for node in revealing(outlined(html), frozenset({name}))] == roles


@pytest.mark.parametrize("name", ["Preview", "Viewer", "Overview", "Reviewed", "Ansehnlich"])
def test_a_name_that_only_begins_alike_leads_nowhere(name: str) -> None:
    """The whole word counts."""
    assert changed_by(name) is None


def test_the_value_of_a_button_is_quoted_as_the_page_writes_it() -> None:
    """And not as it is compared, without capitals and with its arrow read as a quotation mark."""
    line = el("button", el("span", LABEL), " ", el("span", "Off ›"))
    reading = read_page(page(el("main", HEAD, line)), SETTINGS["button"][0], ENGLISH)
    assert (reading.meaning, reading.value) == ("protects", "Off ›")


def test_what_is_searched_for_in_a_field_is_not_its_value() -> None:
    """While something stands in the field of a list, what is drawn beside it may be no longer, or not yet, its value."""
    field = el("div", el("div", el("div", "Keep it near"), el("input", role="combobox", name="", shown=False)))
    view = page(el("main", HEAD, row(el("p", LABEL), field)))
    nodes = tuple(replace(node, filled=True) if node.role == "combobox" else node for node in view.nodes)
    assert read(view, "list") == "protects"
    assert read(replace(view, nodes=nodes), "list") == "stateless"


def test_words_that_something_is_drawn_over_are_not_read() -> None:
    """As a control that is covered."""
    view = outlined(f"<main><h2>Privacy</h2><dl><dt>{LABEL}</dt><dd>Off</dd></dl></main>")
    told = next(node for node in view.nodes if node.text == "Off")
    box = Box(told.box.x, told.box.y, 30, 18) if told.box else None
    over = replace(view.nodes[1], index=len(view.nodes), parent=1, box=box, opaque=True, shown=True, paint=9)
    covered = (*view.nodes[: told.index], replace(told, box=box), *view.nodes[told.index + 1 :], over)
    assert read(view) == "protects"
    assert read(replace(view, nodes=covered)) != "protects"


@pytest.mark.parametrize(
    ("html", "tag"),
    [("<li><span>{}</span><span>Off</span></li>", "LI"), ("<dl><dt>{}</dt><dd>Off</dd></dl>", "DD"), ("<p>{}: Off</p>", "P")],
)  # fmt: skip
def test_the_picture_shows_the_words_with_their_label(html: str, tag: str) -> None:
    """The row or line; of a list of terms, what is said of the term. The reading says that words told it."""
    reading = read_page(outlined(f"<main><h2>Privacy</h2>{html.format(LABEL)}</main>"), SWITCH, ENGLISH)
    assert reading.worded
    assert reading.anchor is not None
    assert reading.anchor.tag == tag


TRACK = Box(700, 100, 40, 22)


def over_its_track(*, label: str = LABEL, at: Box = TRACK, words: str = "", second: bool = False) -> PageView:
    """A box without a label of its own, transparent, in a wrapper that takes no room, over a drawn track."""
    box = el("input", role="checkbox", name=label, ticked=False, type="checkbox", shown=False, id="box")
    other = [el("input", role="checkbox", name="", type="checkbox")] if second else []
    drawn = (el("span", box, *other, shown=False), el("span", *([words] if words else []), id="track"))
    view = page(el("main", HEAD, row(el("div", el("span", LABEL), el("p", ABOUT)), el("span", *drawn, id="switch"))))
    places = {"box": at, "track": TRACK, "switch": TRACK}
    nodes = (replace(n, box=places.get(n.attributes.get("id", ""), n.box)) for n in view.nodes)
    return replace(view, nodes=tuple(nodes))


@pytest.mark.parametrize(
    ("view", "expected"),
    [
        (over_its_track(), "protects"),
        (over_its_track(at=Box(10, 900, 40, 22)), "absent"),
        (over_its_track(at=Box(700, 100, 1, 1)), "absent"),
        (over_its_track(words="Ask me"), "absent"),
        (over_its_track(second=True), "absent"),
        (over_its_track(label=f"{LABEL} abroad"), "absent"),
    ],
)
def test_a_transparent_box_over_its_track_is_what_a_person_presses(view: PageView, expected: str) -> None:
    """The track is drawn where the box lies, and is nothing but a track; a box out of sight elsewhere is nobody's."""
    assert read(view) == expected


@pytest.mark.parametrize("line", ["Your session has expired.", "You've been signed out.", "Votre session a expiré."])
def test_a_session_that_has_ended(line: str) -> None:
    """What a page draws then are its own defaults."""
    notice: Part = el("div", el("p", line), role="alert")
    assert signed_out(page(notice, el("main", row(switch("false", name=LABEL))))) is not None


@pytest.mark.parametrize(
    ("shown", "its"),
    [
        ("https://www.example.com/team/111/settings/ai", True),
        ("https://eu.example.com/team/111", True),
        ("https://www.example.com/team/222/settings", False),
        ("https://www.example.com/files/recents", False),
    ],
)
def test_a_page_of_another_team(shown: str, its: bool) -> None:
    """Whoever may not see a team is led to the one that was used last."""
    assert _is_of(shown, "https://www.example.com/team/111/settings") is its


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
    parts = [Node(2 * n + 2, 1, 0, "SPAN", 2 * n + 2) for n in range(len(texts))]
    said = [Node(2 * n + 3, 2 * n + 2, 0, "#text", 2 * n + 3, text=text) for n, text in enumerate(texts)]
    nodes = (Node(0, -1, 0, "DIV", 0), Node(1, 0, 0, "BUTTON", 1, role="button", name=name), *parts, *said)
    assert with_blanks(sorted(nodes, key=lambda node: node.index))[1].name == called
