"""Rows of an inbox that hold a menu beside the way to their item: the item is opened, and never the menu."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType
from typing import Any

import pytest

from automation.core.signals import SignalName, Way
from automation.flow import Flow
from automation.page import Node
from automation.page.read_page import ReadPage
from automation.reading.letters.answers import InboxReading
from automation.reading.lists.rows import handle_of, item_rows
from automation.text.page_words import PageWords
from tests.reading.outline import Part, el, page
from tests.visit.listing import ASKED, HEAD, HONOURED, INBOX, Pages, read_of

TITLE, BEGINNING, DAY = "Your request", "We …", "3 October 2026"
DOTS = el("div", "⋯", role="button", name="More options for Your request", tabindex="0", aria_haspopup="menu")
SAID = (el("div", el("span", TITLE)), el("div", el("span", BEGINNING), " · ", el("span", DAY)))


def a_row(*inside: Part | str, **attributes: Any) -> Part:
    """One row of a list."""
    return el("div", *inside, role=attributes.pop("role", "listitem"), name="", **attributes)


def a_list(*rows: Part) -> Part:
    """The list."""
    return el("main", HEAD, el("div", *rows, role="list", name=""))


def a_way(*inside: Part | str, role: str = "button") -> Part:
    """What a person would press to read the item."""
    return el("div", *inside, role=role, tabindex="0")


MAIN = el("div", "Mute", role="button", tabindex="0")
OPENED = [
    a_row(el("div", "M", aria_hidden="true"), a_way(*SAID, role="link"), DOTS),
    a_row(el("img", role="img", name="Meta"), a_way(*SAID), el("div", "•••", role="button", name="More")),
    a_row(a_way(*SAID), el("div", "Mute", role="button"), el("div", "Delete", role="button")),
    a_row(a_way(TITLE, role="link"), el("span", DAY), el("button", "⋮", aria_haspopup="true")),
    a_row(el("h3", a_way("Your request about a profile", role="link")), el("small", DAY), el("button", "Delete")),
    a_row(el("button", "…"), a_way(*SAID)),
    a_row(el("button", "Star", aria_pressed="false"), a_way(*SAID), el("button", "Archive")),
]
LEFT = [
    a_row(*SAID, DOTS),
    a_row(*SAID, el("button", "…")),
    a_row(*SAID, el("button", "Delete"), el("button", "Archive")),
    a_row(el("span", TITLE), el("button", "Delete this conversation for ever"), el("button", "Mute")),
    a_row(a_way("Meta Support", role="link"), a_way(TITLE), el("span", DAY)),
    a_row(a_way(TITLE, el("span", DAY)), a_way("Reply", el("span", DAY))),
    a_row(el("span", TITLE), el("a", "Delete this conversation"), el("button", "Mute")),
]


@pytest.mark.parametrize("row", OPENED)
def test_the_control_that_tells_of_the_item_is_the_way_to_it(row: Part) -> None:
    """It bears most of the row's words; what may be done with the item is called by a few."""
    view = page(a_list(row))
    handle = handle_of(view, item_rows(view)[0])
    assert handle is not None
    assert "Your request" in view.text(handle.index)


@pytest.mark.parametrize("row", LEFT)
def test_a_menu_or_what_may_act_is_never_pressed(row: Part) -> None:
    """A row whose way in is not known stays unread, which the answer tells."""
    view = page(a_list(row))
    assert handle_of(view, item_rows(view)[0]) is None


class Pressed(Pages):
    """An inbox of one page; what is pressed in it shows something else at the same address."""

    shows: Mapping[str, tuple[Part, ...]] = MappingProxyType({})

    async def reveal_node(self, node: Node, surface: str, *, row: bool = False) -> ReadPage:
        """What the pressed control shows, by its first word."""
        said = self.page.view.text(node.index) or node.name
        shown = next((parts for word, parts in self.shows.items() if word in said), None)
        if shown is not None:
            self.show(*shown)
        return self.page


Press = Callable[..., Awaitable[InboxReading]]


@pytest.fixture
def pressed(words: PageWords, facebook: Flow) -> Press:
    """Reads an inbox of these rows, each of which shows what its words lead to."""

    async def read(listed: Part, shows: Mapping[str, tuple[Part, ...]]) -> InboxReading:
        reader = Pressed(words, {INBOX: (listed,)})
        reader.shows = shows
        return await read_of(reader, facebook)

    return read


def a_thread(title: str, said: str) -> tuple[Part, ...]:
    """The item in the place of the list."""
    back = el("div", "‹", role="button", name="Back")
    return (el("main", back, el("h1", title), ASKED, el("article", el("p", "Meta Support"), el("p", said))),)


async def test_an_answer_counts_in_an_inbox_of_an_unknown_name(pressed: Press) -> None:
    """Its address is known; that nothing else lies there is not, so that no answer is none."""
    unknown = el("main", el("h1", "Your letters"), el("div", OPENED[1], role="list", name=""))
    for said, found in ((HONOURED, SignalName.REPLY_ACCEPTED), ("We've changed your name.", SignalName.INBOX_UNREAD)):
        read = await pressed(unknown, {"Your request": a_thread(TITLE, said)})
        assert {SignalName.INBOX_UNREAD, found} <= {signal.name for signal in read.signals}
        assert not read.complete


@pytest.mark.parametrize("row", OPENED)
async def test_the_answer_behind_such_a_row_is_read(pressed: Press, row: Part) -> None:
    """Whatever else stands in the row; one that is called otherwise than its page is asked about."""
    read = await pressed(a_list(row), {"Your request": a_thread(TITLE, HONOURED)})
    names = {signal.name for signal in read.signals}
    assert not names.isdisjoint({SignalName.REPLY_ACCEPTED, SignalName.REPLY_UNCLEAR})


MENU = el("div", el("div", "Mute", role="menuitem"), el("div", "Delete", role="menuitem"), role="menu")
BARE = el("div", el("div", "Mute"), el("div", "Delete"), el("div", "Mark as unread"))
LONG = el("div", el("div", "Report a problem with this conversation to us", role="menuitem"), role="menu")
QUESTION = el("div", el("p", "Delete this conversation? You can't undo this."), role="alertdialog", aria_modal="true")
DELETE = el("div", el("h2", "Delete?"), el("p", "You can't undo this."), role="dialog", aria_modal="true")
ASIDE = el("aside", el("p", "Tip: you can mute conversations that you don't need."), role="tooltip")


@pytest.mark.parametrize(
    "shown", [MENU, BARE, LONG, QUESTION, DELETE, ASIDE, el("p", "Loading…"), el("span", "Selected"), el("span")]
)
@pytest.mark.parametrize(
    "row", [a_row(*SAID, el("button", "Options")), a_row(*SAID, el("button", "More")), a_row(a_way(*SAID))]
)
async def test_a_menu_that_came_is_no_item(pressed: Press, row: Part, shown: Part) -> None:
    """What the item says is still unread, and no such inbox is told as read in full."""
    after = (el("main", HEAD, el("div", row, role="list", name=""), shown),)
    read = await pressed(a_list(row), {"Options": after, "More": after, "Your request": after})
    assert not read.complete
    assert Way.ITEM_UNOPENED in {signal.how for signal in read.signals}
