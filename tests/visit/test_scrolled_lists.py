"""Lists of an inbox that show more items as their end is scrolled to. The reader is a stand-in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import pytest

from automation.core.signals import SignalName
from automation.flow import Flow
from automation.page import Node
from automation.page.read_page import ReadPage
from automation.reading.letters.answers import InboxReading
from automation.reading.lists.rows import next_of
from automation.text.page_words import PageWords
from tests.reading.outline import Part, el, page
from tests.visit.listing import HEAD, HONOURED, INBOX, ITEM, OBJECTION, Pages, read_of, read_page, thread

OTHERS = {f"Your photo {n}": f"We removed the photo {n} that you reported." for n in range(1, 14)}
MORE = el("div", "•••", role="button", name="More", tabindex="0")


def buttons(number: int, title: str) -> Part:
    """A card with a menu."""
    way = el("div", el("div", title), el("div", "We …"), el("div", "3 Oct 2026"), role="button", tabindex="0")
    return el("div", el("img", role="img", name="Meta"), way, MORE, role="article", name=title)


def links(number: int, title: str) -> Part:
    """A link with an address."""
    return el("li", el("a", title, href=f"{ITEM}30578{number:02}"), el("small", "3 Oct 2026"), role="listitem", name="")


class Growing(Pages):
    """A list that begins with some items and shows as many more each time it is scrolled."""

    build: Any = buttons
    cases: Mapping[str, str] = MappingProxyType({})
    at_once, shown, first, dead, scrolls = 6, 6, 0, "", 0
    forgets = restless = tiny = False

    async def open(self, name: str, *, url: str = INBOX, until: Any = None) -> ReadPage:
        """The list anew, or an item at its address."""
        self.shown, self.first = self.at_once, 0
        numbers = {f"{ITEM}30578{n:02}": title for n, title in enumerate(self.cases)}
        if url in numbers:
            self._outlines = {url: thread(numbers[url], self.cases[numbers[url]])}
            return await super().open(name, url=url)
        return self.list()

    def list(self, beside: Part | None = None) -> ReadPage:
        """The list as it is now."""
        listed = [*enumerate(self.cases)][self.first : self.shown]
        feed = el("div", *(self.build(n, title) for n, title in listed), role="feed", name="Support Inbox")
        view = page(el("main", HEAD, feed, *([beside] if beside else [])), url=INBOX)
        if self.tiny:
            nodes = (replace(n, box=n.box and replace(n.box, y=n.box.y / 20)) for n in view.nodes)
            view = replace(view, nodes=tuple(nodes))
        settled = not (self.restless and self.shown > self.at_once)
        self.page = read_page(view, settled=settled)
        return self.page

    async def read_around(self, node: Node) -> ReadPage:
        """Show more."""
        self.scrolls += 1
        if self.forgets and self.shown < len(self.cases):
            self.first = self.shown
        self.shown = min(len(self.cases), self.shown + self.at_once)
        return self.list()

    async def reveal_node(self, node: Node, surface: str, *, row: bool = False) -> ReadPage:
        """Show an item over the list; pressing near its end brings more of the list, too."""
        said = self.page.view.text(node.index)
        title = next((t for t in self.cases if t == said.partition("\n")[0]), None)
        self.shown = min(len(self.cases), self.shown + self.at_once)
        if title is None or title == self.dead:
            return self.list()
        author = el("div", el("b", "Meta Support"), " ", el("span", "5 October 2026 at 10:00"))
        inside = (el("div", "×", role="button", name="Close"), el("h2", title), author, el("p", self.cases[title]))
        return self.list(el("div", *inside, role="dialog", name=title, aria_modal="true"))


async def grown(flow: Flow, cases: Mapping[str, str], build: Any = buttons, **how: Any) -> tuple[InboxReading, Growing]:
    """What is read of such an inbox."""
    reader = Growing(PageWords.of(flow.labels, "en"))
    reader.build, reader.cases = build, cases
    for key, value in how.items():
        setattr(reader, key, value)
    return await read_of(reader, flow), reader


@pytest.mark.parametrize("build", [buttons, links])
@pytest.mark.parametrize("at_once", [6, 9])
async def test_an_item_that_comes_as_the_list_is_scrolled_is_read(facebook: Flow, build: Any, at_once: int) -> None:
    """However many come at once; of others alone the whole list is told as read."""
    read, _ = await grown(facebook, OTHERS | {OBJECTION: HONOURED}, build, at_once=at_once)
    assert read.items == len(OTHERS) + 1
    assert SignalName.REPLY_ACCEPTED in {signal.name for signal in read.signals}
    read, _ = await grown(facebook, OTHERS, build, at_once=at_once)
    assert read.complete
    assert read.items == len(OTHERS)


@pytest.mark.parametrize("how", [{"forgets": True}, {"restless": True}])
@pytest.mark.parametrize("build", [buttons, links])
async def test_a_list_that_drops_or_does_not_stand_still_is_not_whole(
    facebook: Flow, build: Any, how: dict[str, bool]
) -> None:
    """Of what it showed in between nothing is known."""
    read, _ = await grown(facebook, OTHERS, build, **how)
    assert not read.complete


async def test_rows_that_come_are_no_item_that_was_opened(facebook: Flow) -> None:
    """Pressing a row may bring more of the list while its item does not come."""
    for dead in ("Your photo 9", "Your photo 13"):
        read, _ = await grown(facebook, OTHERS, dead=dead)
        assert not read.complete


async def test_a_short_list_is_not_scrolled(facebook: Flow) -> None:
    """Its end is in sight."""
    read, reader = await grown(facebook, dict([*OTHERS.items()][:3]), tiny=True)
    assert read.complete
    assert reader.scrolls == 0


@pytest.mark.parametrize(
    ("parts", "turns"),
    [
        ([buttons(1, "Your photo"), buttons(2, "Your name")], False),
        ([buttons(1, "Your photo")], False),
        ([buttons(1, "Your photo"), el("button", "More")], True),
        ([buttons(1, "Your photo"), el("div", el("button", "More"), role="article", name="")], True),
    ],
)
def test_a_control_of_a_row_turns_no_page(facebook: Flow, parts: list[Part], *, turns: bool) -> None:
    """Each item may have its own menu, called as what shows more of the list."""
    words = PageWords.of(facebook.labels, "en")
    view = page(el("main", HEAD, el("div", *parts, role="feed", name="Support Inbox")), url=INBOX)
    assert (next_of(view, words) is not None) is turns
