"""Lists beside an open item, and what turns their pages. The reader is a stand-in."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from automation.flow import Flow
from automation.page import Node
from automation.page.read_page import ReadPage
from automation.reading.letters.answers import judge_item
from automation.reading.letters.sentences import Meaning
from automation.reading.lists.looked import ListPage
from automation.reading.lists.rows import next_of
from automation.reading.threads.authors import Speakers
from automation.text.labels import Labels
from automation.text.page_words import PageWords
from tests.reading.outline import el, page
from tests.visit.listing import items_of
from tests.visit.test_sections import INBOX, Reader, read_page

OWN, OFFICE = "Leander Fitzhugh", "Privacy Operations"
ITEMS = {
    "Objection to AI at Meta": "We've reviewed your request and will honor your objection.",
    "Copy of my information": "Your copy is ready to download.",
    "Report about a profile": "We've removed the profile.",
}


class Panes(Reader):
    """Shows one item beside the list; pressing its row shows the same."""

    def __init__(self, words: PageWords, dead: str = "") -> None:
        super().__init__(words, 200)
        self.dead, self.shown = dead, next(iter(ITEMS))

    def read(self) -> ReadPage:
        """The list, and the item that is shown."""
        rows = [
            el("div", el("div", el("div", title), el("div", f"{day} Oct 2026"), role="button", tabindex="0"), role="listitem")
            for day, title in enumerate(ITEMS, 1)
        ]  # fmt: skip
        message = el("div", el("div", OFFICE), el("div", "2 October 2026 at 9:00"), el("p", ITEMS[self.shown]))
        pane = el("section", el("h2", self.shown), message, role="region", name="Conversation")
        self.page = read_page(
            page(el("main", el("h1", "Inbox"), el("div", *rows, role="list"), pane), url=INBOX), INBOX, 200
        )
        return self.page  # fmt: skip

    async def open(self, name: str, *, url: str | None = None, until: object = None) -> ReadPage:
        """The list anew, with its first item."""
        del name, url, until
        self.shown = next(iter(ITEMS))
        return self.read()

    async def reveal_node(self, node: Node, name: str, *, row: bool) -> ReadPage:
        """Press a row."""
        del name, row
        assert self.page is not None
        pressed = self.page.view.text(node.index) or node.name
        self.shown = next((t for t in ITEMS if t in pressed and t != self.dead), self.shown)
        return self.read()

    async def read_at_end(self, within_s: float) -> ReadPage:
        """The page as it stands."""
        del within_s
        return self.read()

    async def capture(self, name: str, **_: Any) -> Any:
        """No picture."""
        del name
        return SimpleNamespace(picture=None)

    def speakers(self, view: Any) -> Speakers:
        """The names of both sides."""
        del view
        return Speakers("en", frozenset({"meta", OFFICE.lower()}), frozenset({OWN.lower()}))


@pytest.mark.parametrize(("dead", "unopened"), [("", 0), ("Report about a profile", 1)])
async def test_the_item_that_is_shown_already_is_read_as_well(
    meta_labels: Labels, flows: dict[str, Flow], dead: str, unopened: int
) -> None:
    """Another one is opened before it; a row that shows nothing of its own stays unopened."""
    reader = Panes(PageWords.of(meta_labels, "en"), dead)
    surface = flows["facebook.ai_objection"].surfaces["support_inbox"]
    listed = ListPage(reader.read())
    items, left = await items_of(reader, surface, listed)
    said = [judge_item(item, reader.words).meanings for item in items]
    assert (len(items), left) == (len(ITEMS) - unopened, unopened)
    assert [meanings for meanings in said if meanings] == [{Meaning.ACCEPTED}]


class Folded(Panes):
    """Its rows say which is shown; an earlier message beside them is unfolded, and folded again by its row."""

    def __init__(self, words: PageWords, dead: str = "") -> None:
        super().__init__(words, dead)
        self.unfolded = False

    def read(self) -> ReadPage:
        """The list as a box of choices, the item with a message that is shut."""
        rows = [
            el(
                "li", el("div", title), el("div", f"{day} Oct 2026"),
                role="option", tabindex="0", aria_selected=str(title == self.shown).lower(),
            )
            for day, title in enumerate(ITEMS, 1)
        ]  # fmt: skip
        earlier = [el("p", "Thank you for writing to us.")] if self.unfolded else []
        shut = el("button", "1 October 2026", role="button", aria_expanded=str(self.unfolded).lower())
        message = el("div", el("div", OFFICE), el("div", "2 October 2026 at 9:00"), el("p", ITEMS[self.shown]))
        pane = el(
            "section", el("h2", self.shown), el("div", shut, *earlier), message, role="region", name="Conversation"
        )
        boxes = el("ul", *rows, role="listbox", name="Messages")
        self.page = read_page(page(el("main", el("h1", "Inbox"), boxes, pane), url=INBOX), INBOX, 200)
        return self.page

    async def open(self, name: str, *, url: str | None = None, until: object = None) -> ReadPage:
        """The list anew, its first item unfolded as it was left."""
        self.unfolded = True
        return await super().open(name, url=url, until=until)

    async def reveal_node(self, node: Node, name: str, *, row: bool = False) -> ReadPage:
        """Press a row, or the head of the earlier message."""
        assert self.page is not None
        self.unfolded = not row and not self.unfolded
        return await super().reveal_node(node, name, row=row) if row else self.read()


@pytest.mark.parametrize(("dead", "unopened"), [("", 0), ("Report about a profile", 1)])
async def test_an_item_whose_row_folds_what_was_unfolded_is_read(
    meta_labels: Labels, flows: dict[str, Flow], dead: str, unopened: int
) -> None:
    """Its page changes by the press, though it shows no other message: it is the one shown, as its row says."""
    reader = Folded(PageWords.of(meta_labels, "en"), dead)
    surface = flows["facebook.ai_objection"].surfaces["support_inbox"]
    reader.unfolded = True
    items, left = await items_of(reader, surface, ListPage(reader.read()))
    said = [judge_item(item, reader.words).meanings for item in items]
    assert (len(items), left) == (len(ITEMS) - unopened, unopened)
    assert [meanings for meanings in said if meanings] == [{Meaning.ACCEPTED}]


class Headed(Panes):
    """A header that stays lies over the message where the page is scrolled to its end."""

    async def read_at_end(self, within_s: float) -> ReadPage:
        """Without the message."""
        whole = await super().read_at_end(within_s)
        self.page = replace(whole, view=page(el("main", el("h1", "Inbox"), el("h2", self.shown)), url=INBOX))
        return self.page

    async def read_taller(self) -> ReadPage:
        """All of it."""
        return self.read()


async def test_a_header_over_the_decision_does_not_take_it_away(meta_labels: Labels, flows: dict[str, Flow]) -> None:
    """What was read at first is read again in a taller window."""
    reader = Headed(PageWords.of(meta_labels, "en"))
    surface = flows["facebook.ai_objection"].surfaces["support_inbox"]
    items, left = await items_of(reader, surface, ListPage(reader.read()))
    assert left == 0
    assert {Meaning.ACCEPTED} in [judge_item(item, reader.words).meanings for item in items]


@pytest.mark.parametrize(
    ("label", "turns"), [("Older ›", True), ("Next »", True), ("→ Next", True), ("‹ Newer", False)]
)
def test_an_arrow_beside_the_words_is_no_word(meta_labels: Labels, label: str, *, turns: bool) -> None:
    """What turns the pages of a list often points where it leads."""
    view = page(el("main", el("h1", "Inbox"), el("a", label, href="/support/?page=2")), url=INBOX)
    assert (next_of(view, PageWords.of(meta_labels, "en")) is not None) is turns
