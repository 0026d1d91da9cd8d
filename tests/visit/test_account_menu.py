"""An entry of the way to a setting that only the menu of one's account holds."""

from __future__ import annotations

from typing import Any

import pytest

from automation.flow.control_table import ControlTable
from automation.page import Node
from automation.page.read_page import ReadPage
from automation.reading.controls.rows import account_menu, revealing
from automation.text.labels import parse_labels
from automation.text.page_words import PageWords
from automation.visit.control_way import reach
from tests.reading.controls.settings import HEAD, LABEL, row, switch, table, words
from tests.reading.outline import Part, el, page

TABLE = table("switch", on="trains", reveal=["way.settings"])
STEPS = table("switch", on="trains", reveal=["way.profile", "way.data"])
LABELS = parse_labels(
    {
        "control": {"label": words(LABEL), "section": words("Privacy")},
        "way": {"settings": words("Settings"), "profile": words("Profile"), "data": words("Data use")},
    },
    "a test",
)
URL = "https://www.example.org/"
AVATAR = el("button", name="user options menu", aria_haspopup="true", aria_expanded="false")
OPENED = el("div", el("a", "Settings", href="/settings", role="menuitem"), role="menu")
TABS = el("main", el("h1", "Settings"), el("button", "Data use", role="tab", aria_selected="false", type="button"))
FEED = el("main", el("h1", "What is new"))


class Pages:
    """A reader of three pages: the front, the same with its menu open, and the settings."""

    locale = "en"
    words = PageWords.of(LABELS, "en")

    def __init__(self, *front: Part, steps: bool = False) -> None:
        self.front = front
        self.steps = steps
        self.pressed: list[str] = []

    def _show(self, *parts: Part) -> ReadPage:
        self.page = ReadPage(
            "setting", URL, URL, (), 200, page(*parts, url=URL), settled=True, answers=(), locale="en", seconds=0.0
        )
        return self.page

    async def open(self, _surface: str, **_: Any) -> ReadPage:
        """The front page."""
        return self._show(*self.front)

    async def check_account(self) -> None:
        """Nobody else is signed in."""

    async def reveal(self, key: str, surface: str, **_: Any) -> ReadPage | None:
        """Follow what is called so."""
        found = revealing(self.page.view, frozenset(self.words.names(key)))
        return await self.reveal_node(found[0], surface) if len(found) == 1 else None

    async def reveal_node(self, node: Node, _surface: str, **_: Any) -> ReadPage:
        """Open the menu, or what it holds."""
        self.pressed.append(node.name)
        if node.name == "Settings" and self.steps:
            return self._show(TABS)
        if node.name in {"Settings", "Data use", "Atelier Berg"}:
            return self._show(el("main", HEAD, row(el("p", LABEL), switch("false", name=LABEL))))
        return self._show(*self.front, OPENED)

    async def read_at_end(self, _quiet_s: float) -> ReadPage:
        """The same page."""
        return self.page


async def pressed(*front: Part, declared: ControlTable = TABLE) -> tuple[list[str], bool]:
    """What is pressed on the way from a front page, and whether the control is there at its end."""
    reader: Any = Pages(*front, steps=declared is STEPS)
    at_end, _ = await reach(reader, declared, "", "setting", URL, fresh=False)
    return reader.pressed, any(node.role == "switch" for node in at_end.view.nodes)


async def test_the_menu_is_opened_for_what_the_page_does_not_show() -> None:
    """The menu first, and then its entry."""
    assert await pressed(AVATAR, FEED) == (["user options menu", "Settings"], True)


async def test_what_the_menu_calls_settings_leads_to_what_it_does_not_hold() -> None:
    """A menu of one's account seldom holds the page of one setting."""
    assert await pressed(AVATAR, FEED, declared=STEPS) == (["user options menu", "Settings", "Data use"], True)


def chosen(*entries: Part, beside: tuple[Part, ...] = ()) -> tuple[Part, ...]:
    """A page that asks which of one's organisations to go on with."""
    listed = el("ul", *(el("li", entry, role="listitem") for entry in entries), role="list")
    return (el("nav", el("a", "Help", href="/help")), el("main", el("h1", "Your organizations"), listed, *beside))


ATELIER, OTHER = el("a", "Atelier Berg", href="/o/1"), el("a", "Verein Tal", href="/o/2")


@pytest.mark.parametrize(
    ("front", "followed"),
    [
        (chosen(ATELIER), ["Atelier Berg"]),
        (chosen(ATELIER, OTHER), []),
        (chosen(el("a", "Atelier Berg", href="/o/1/leave")), []),
        (chosen(el("a", "Atelier Berg", href="/o?leave=1")), []),
        ((el("main", el("h1", "News"), el("ul", el("li", ATELIER, role="listitem"))),), []),
        (chosen(ATELIER, beside=(el("button", "Create"),)), []),
        ((el("main", el("p", el("a", "Atelier Berg", href="/o/1"))),), []),
        ((*chosen(ATELIER), el("nav", el("a", "Settings", href="/settings"))), ["Settings"]),
    ],
)
async def test_the_only_one_to_choose_from_is_chosen(front: tuple[Part, ...], followed: list[str]) -> None:
    """In a list of one, on a page that holds nothing else; what leads on to the setting comes first."""
    assert await pressed(*front) == (followed, bool(followed))


async def test_an_entry_that_the_page_shows_needs_no_menu() -> None:
    """A person would press it, too."""
    assert await pressed(AVATAR, el("nav", el("a", "Settings", href="/settings")), FEED) == (["Settings"], True)


@pytest.mark.parametrize(
    "front",
    [
        (el("button", name="notifications", aria_haspopup="true", aria_expanded="false"), FEED),
        (el("button", name="user options menu"), FEED),
        (el("main", AVATAR),),
        (el("form", AVATAR, role="form"), FEED),
        (AVATAR, el("button", name="Account", aria_haspopup="menu"), FEED),
        (el("button", name="account", aria_pressed="false", aria_haspopup="menu"), FEED),
    ],
)
async def test_nothing_else_is_opened(front: tuple[Part, ...]) -> None:
    """Another menu, a button that says of no menu, one among the page's own content, and two of them."""
    assert await pressed(*front) == ([], False)


@pytest.mark.parametrize(
    "name",
    [
        "Open user navigation menu",
        "Your profile",
        "Menu du compte",
        "Benutzermenü",
        "Mi cuenta",
        "Profile and settings",
        "Account: lou@atelier.example",
        "Your account (Lou Berg)",
    ],
)
def test_what_the_menu_of_an_account_is_called(name: str) -> None:
    """In the languages of the settings' own words."""
    assert account_menu(page(el("button", name=name, aria_haspopup="menu"), FEED)) is not None


@pytest.mark.parametrize(("name", "found"), [("Reading settings", True), ("Reading list", False)])
def test_a_page_of_settings_is_called_by_its_subject(name: str, found: bool) -> None:
    """Where it is not called by that alone."""
    shown = page(el("main", el("a", name, href="/settings/reading")))
    assert bool(revealing(shown, frozenset({"reading"}))) is found


def test_an_arrow_that_a_style_draws_is_no_part_of_a_name() -> None:
    """Browsers read it out behind the name."""
    shown = page(el("nav", el("button", name="Settings ▸", aria_expanded="false")), FEED)
    assert [node.name for node in revealing(shown, frozenset({"settings"}))] == ["Settings ▸"]
