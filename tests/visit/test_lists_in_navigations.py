"""Lists of items that stand in a navigation beside the item that is shown, and open by buttons. The reader is a stand-in."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType
from typing import Any

import pytest

from automation.core.signals import SignalName
from automation.flow import Flow
from automation.page import Node
from automation.page.read_page import ReadPage
from automation.reading.letters.answers import InboxReading
from automation.reading.lists.rows import item_rows
from automation.text.page_words import PageWords
from tests.reading.outline import Part, el, page
from tests.visit.listing import HEAD, HONOURED, INBOX, OBJECTION, Pages, read_of

CASES = {"Your photo": "We removed the photo that you reported.", "Your name": "We've changed your name."}


def a_way(title: str, day: str = "3 Oct 2026", *, tag: str = "button", **attributes: str) -> Part:
    """What opens an item."""
    return el(tag, el("strong", title), el("br"), "Meta: We …", el("br"), el("small", day), **attributes)


def a_row(inside: Part) -> Part:
    """A row of a list."""
    return el("li", inside, role="listitem", name="")


def in_a_list(*ways: Part) -> Part:
    """A list in a navigation."""
    return el("nav", HEAD, el("ul", *map(a_row, ways), role="list", name=""))


def buttons(*ways: Part) -> Part:
    """Buttons in a navigation."""
    return el("nav", *ways)


def boxes(*ways: Part) -> Part:
    """Boxes that take the focus."""
    return el("nav", *(el("div", *way.inside, tabindex="0") for way in ways))


def nested(*ways: Part) -> Part:
    """A list of boxes, with headings in them."""
    rows = (el("div", el("div", el("h3", way)), role="listitem", name="") for way in ways)
    return el("div", el("div", el("div", *rows, role="list", name="")), role="navigation", name="Messages")


def aside(*ways: Part) -> Part:
    """A list in another part of the page's frame."""
    return el("aside", el("ul", *map(a_row, ways), role="list", name=""), role="complementary")


def fragments(*ways: Part) -> Part:
    """A list of links to parts of the page."""
    return in_a_list(*(el("a", *way.inside, href=f"#30578{n}") for n, way in enumerate(ways)))


BUILDS = [in_a_list, buttons, boxes, nested, aside, fragments]


class Beside(Pages):
    """A list beside the item that is shown; pressing a row shows another one, the first at first."""

    build: Any = in_a_list
    cases: Mapping[str, str] = MappingProxyType({})
    begins: bool = True
    first: str | None = None
    dead: str = ""

    async def open(self, name: str, *, url: str = INBOX, until: Any = None) -> ReadPage:
        """The list anew."""
        self.first = next(iter(self.cases)) if self.begins else None
        return self.drawn()

    def drawn(self) -> ReadPage:
        """The list, and the item that is shown."""
        lists = self.build(*(a_way(title, f"{n} Oct 2026") for n, title in enumerate(self.cases, 2)))
        said: list[Part] = [el("p", "Select a message to read it.")]
        if self.first is not None:
            author = el("header", el("b", "Meta Support"), " ", el("time", "5 October 2026 at 10:00"))
            said = [el("h2", self.first), el("article", author, el("p", self.cases[self.first]))]
        pane = el("section", *said, role="region", name="Selected message")
        return self.show(el("main", HEAD, lists, pane))

    async def reveal_node(self, node: Node, surface: str, *, row: bool = False) -> ReadPage:
        """Show an item."""
        said = self.page.view.text(node.index, chrome=True)
        self.first = next((t for t in self.cases if t in said and t != self.dead), self.first)
        return self.drawn()


Read = Callable[..., Awaitable[InboxReading]]


@pytest.fixture
def beside(words: PageWords, facebook: Flow) -> Read:
    """Reads such an inbox."""

    async def read(build: Any, cases: Mapping[str, str], *, begins: bool = True, dead: str = "") -> InboxReading:
        reader = Beside(words)
        reader.build, reader.cases, reader.begins, reader.dead = build, cases, begins, dead
        return await read_of(reader, facebook)

    return read


@pytest.mark.parametrize("begins", [True, False])
@pytest.mark.parametrize("build", BUILDS)
async def test_every_item_of_a_list_beside_is_read(beside: Read, build: Any, *, begins: bool) -> None:
    """The answer as well as the others, whichever one the page shows at first."""
    read = await beside(build, CASES | {OBJECTION: HONOURED}, begins=begins)
    assert SignalName.REPLY_ACCEPTED in {signal.name for signal in read.signals}
    assert read.items == len(CASES) + 1
    assert (await beside(build, CASES, begins=begins)).complete


@pytest.mark.parametrize("build", BUILDS)
async def test_the_only_item_is_the_one_that_is_shown(beside: Read, build: Any) -> None:
    """Pressing it brings nothing; its title stands above its text."""
    read = await beside(build, {OBJECTION: HONOURED})
    assert SignalName.REPLY_ACCEPTED in {signal.name for signal in read.signals}
    assert (await beside(build, {"Your name": CASES["Your name"]})).complete


@pytest.mark.parametrize("begins", [True, False])
@pytest.mark.parametrize("build", BUILDS)
@pytest.mark.parametrize("cases", [CASES, {"Your name": CASES["Your name"]}])
async def test_an_item_that_does_not_come_is_unread(
    beside: Read, build: Any, cases: dict[str, str], *, begins: bool
) -> None:
    """The item that is shown all the time is not that one."""
    read = await beside(build, cases | {"Your request": "…"}, begins=begins, dead="Your request")
    assert not read.complete


@pytest.mark.parametrize(
    ("part", "found"),
    [
        (el("nav", el("ul", a_row(el("button", "Home")), a_row(el("button", "Help")), role="list", name="")), 0),
        (el("nav", el("button", "Home"), a_way("Your photo")), 0),
        (el("nav", el("ul", a_row(el("button", "Home")), a_row(a_way("Your photo")), role="list", name="")), 2),
        (el("header", in_a_list(a_way("Your photo")), role="banner"), 0),
        (el("footer", in_a_list(a_way("Your photo")), role="contentinfo"), 0),
        (in_a_list(el("a", el("b", "News of 3 May 2026"), " Read", href="/news/")), 0),
    ],
)  # fmt: skip
def test_a_menu_holds_no_items(part: Part, found: int) -> None:
    """Its entries bear no date; beside a dated row any other may be an item as well."""
    assert len(item_rows(page(el("main", HEAD, part), url=INBOX))) == found
