"""An entry of the way to a setting that only the menu of one's account holds."""

from __future__ import annotations

from typing import Any

import pytest

from automation.check.visit.control_way import reach
from automation.flow.control_table import ControlTable
from automation.page import Node
from automation.page.read_page import ReadPage
from automation.reading.control.by_label import account_menu, revealing
from automation.text.labels import parse_labels
from automation.text.page_words import PageWords
from tests.reading.outline import Part, el, page
from tests.reading.test_redrawn import HEAD, LABEL, row, switch, table, words

TABLE = table("switch", on="trains", reveal=["way.settings"])
LABELS = parse_labels(
    {"control": {"label": words(LABEL), "section": words("Privacy")}, "way": {"settings": words("Settings")}}, "a test"
)
URL = "https://www.example.org/"
AVATAR = el("button", name="user options menu", aria_haspopup="true", aria_expanded="false")
OPENED = el("div", el("a", "Settings", href="/settings", role="menuitem"), role="menu")
FEED = el("main", el("h1", "What is new"))


class Pages:
    """A reader of three pages: the front, the same with its menu open, and the settings."""

    locale = "en"
    words = PageWords.of(LABELS, "en")

    def __init__(self, *front: Part) -> None:
        self.front = front
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
        if node.name == "Settings":
            return self._show(el("main", HEAD, row(el("p", LABEL), switch("false", name=LABEL))))
        return self._show(*self.front, OPENED)

    async def read_at_end(self, _quiet_s: float) -> ReadPage:
        """The same page."""
        return self.page


async def pressed(*front: Part, declared: ControlTable = TABLE) -> tuple[list[str], bool]:
    """What is pressed on the way from a front page, and whether the control is there at its end."""
    reader: Any = Pages(*front)
    at_end, _ = await reach(reader, declared, "", "setting", URL, fresh=False)
    return reader.pressed, any(node.role == "switch" for node in at_end.view.nodes)


async def test_the_menu_is_opened_for_what_the_page_does_not_show() -> None:
    """The menu first, and then its entry."""
    assert await pressed(AVATAR, FEED) == (["user options menu", "Settings"], True)


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
    "name", ["Open user navigation menu", "Your profile", "Menu du compte", "Benutzermenü", "Mi cuenta"]
)
def test_what_the_menu_of_an_account_is_called(name: str) -> None:
    """In the languages of the settings' own words."""
    assert account_menu(page(el("button", name=name, aria_haspopup="menu"), FEED)) is not None


def test_an_arrow_that_a_style_draws_is_no_part_of_a_name() -> None:
    """Browsers read it out behind the name."""
    shown = page(el("nav", el("button", name="Settings ▸", aria_expanded="false")), FEED)
    assert [node.name for node in revealing(shown, frozenset({"settings"}))] == ["Settings ▸"]
