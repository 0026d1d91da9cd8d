"""Items of an inbox that are cards with a button, and open in a dialog over the list. The reader is a stand-in."""

from __future__ import annotations

from typing import Any

import pytest

from automation.core.signals import SignalName
from automation.core.ways import Way
from automation.flow import Flow
from automation.page import Node
from automation.page.read_page import ReadPage
from automation.reading.letters.answers import judge_item
from automation.reading.lists.looked import ListPage
from automation.reading.lists.rows import cards, handle_of, item_rows
from automation.text.labels import Labels
from automation.text.page_words import PageWords
from tests.reading.outline import Part, el, page
from tests.visit.listing import items_of
from tests.visit.test_panes import OFFICE, Panes
from tests.visit.test_sections import INBOX, read_page
from tests.visit.test_whole_list import whole

HONOURED = "We've reviewed your request and will honor your objection."
OBJECTION = "Object to your information being used for AI at Meta"


def card(
    title: str, opener: Part | str = "View messages", *, at: str = "Last update: 3 May 2026", role: str = "region"
) -> Part:
    """A card."""
    button = el("button", opener, aria_haspopup="dialog") if isinstance(opener, str) else opener
    return el("section", el("h2", title), el("p", at), button, role=role, name=title if role else "")


@pytest.mark.parametrize("role", ["region", "", "article"])
@pytest.mark.parametrize("opener", ["View messages", "See details", "Read the reply", "View"])
def test_a_card_is_opened_by_its_button(role: str, opener: str) -> None:
    """Its title and date stand beside the button, and nothing says that it is a row of a list."""
    view = page(
        el(
            "main",
            el("h1", "Your requests"),
            el("div", card("Name", opener, role=role), card("Photo", opener, role=role)),
        )
    )
    assert [view.text(row.index).split("\n")[0] for row in item_rows(view)] == ["Name", "Photo"]
    assert all((handle := handle_of(view, row)) is not None and handle.role == "button" for row in item_rows(view))


@pytest.mark.parametrize(
    "one",
    [
        card("Name", "Delete request"), card("Name", "Open a request"), card("Name", "New message"), card("Name", "Withdraw"),
        card("Name", at="A few words"), card("Name", el("button", "View messages", type="submit")),
        card("Name", el("button", "View messages", aria_pressed="false")), card("Name", el("form", el("button", "View messages"))),
    ],
)  # fmt: skip
def test_a_button_that_may_do_anything_else_is_never_pressed(one: Part) -> None:
    """It is no item either; whether the list is all there, its words or data must say."""
    assert cards(page(el("main", el("h1", "Your requests"), one))) == []


class Cards(Panes):
    """A list of cards; pressing a button opens a dialog over them."""

    def __init__(self, words: PageWords, cases: dict[str, str], dialog: str = "") -> None:
        super().__init__(words)
        self.cases, self.dialog, self.shown = cases, dialog, ""

    def read(self) -> ReadPage:
        """The list, with the dialog where one is open."""
        parts = [el("h1", "Your requests"), el("div", *map(card, self.cases))]
        if self.shown:
            called = self.dialog or self.shown
            said = [el("h2", called), el("p", OFFICE), el("p", "3 May 2026, 9:00"), el("p", self.cases[self.shown])]
            parts.append(el("dialog", *said, role="dialog", name=called, aria_modal="true"))
        self.page = read_page(page(el("main", *parts), url=INBOX), INBOX, 200)
        return self.page

    async def open(self, name: str, *, url: str | None = None, until: object = None) -> ReadPage:
        """The list anew."""
        del name, url, until
        self.shown = ""
        return self.read()

    async def reveal_node(self, node: Node, name: str, *, row: bool) -> ReadPage:
        """Press a button."""
        del name, row
        assert self.page is not None
        around = next(a for a in self.page.view.ancestors(node.index) if a.role == "region")
        self.shown = around.name
        return self.read()


@pytest.mark.parametrize(
    ("said", "dialog", "expected"),
    [
        (HONOURED, "", {SignalName.REPLY_ACCEPTED}),
        ("We will not honour your objection.", "", {SignalName.REPLY_REFUSED}),
    ],
)
async def test_an_answer_in_a_dialog_is_its_cards(
    flows: dict[str, Flow], meta_labels: Labels, said: str, dialog: str, expected: set[SignalName]
) -> None:
    """What the other cards are called stays behind the dialog, and is no part of it."""
    cases = {"Your name change": "We've changed your name.", OBJECTION: said, "Your photo": "We removed it."}
    reader = Cards(PageWords.of(meta_labels, "en"), cases, dialog)
    opened, left = await read(reader, flows)
    assert left == 0
    assert [item.thread.concerns for item in opened] == [False, True, False]
    assert expected <= {signal.name for signal in judge_item(opened[1], reader.words).signals}


async def test_a_dialog_of_another_name_may_be_anything(flows: dict[str, Flow], meta_labels: Labels) -> None:
    """Whatever stands behind it is read, too: the answer may."""
    reader = Cards(
        PageWords.of(meta_labels, "en"), {OBJECTION: HONOURED, "Your name change": "We've changed it."}, "News for you"
    )
    opened, _ = await read(reader, flows)
    assert all(item.thread.concerns for item in opened)


async def read(reader: Cards, flows: dict[str, Flow]) -> Any:
    """The items of the list."""
    listed = ListPage(reader.read())
    surface = flows["facebook.ai_objection"].surfaces["support_inbox"]
    return await items_of(reader, surface, listed)


@pytest.mark.parametrize(
    ("title", "link", "known"),
    [
        ("Support", "Support", True), ("Support | Facebook", "Support", True), ("Support – Facebook", "Support", True),
        ("Facebook", "Support", False), ("Facebook – Support", "Support", False), ("Help", "Support", False),
    ],
)  # fmt: skip
async def test_a_page_is_known_by_its_title_as_the_sites_link_calls_it(
    flows: dict[str, Flow], title: str, link: str, known: bool
) -> None:
    """Its heading may say something else."""
    outline = (
        el("nav", el("a", link, href="/support/")),
        el("main", el("h1", "Your requests"), el("p", "You have no requests.")),
    )
    read_list = await whole(flows["facebook.ai_objection"], {INBOX: outline}, title=title)
    assert (Way.INBOX_LINKED_AS in {signal.how for signal in read_list.signals}) is known
    assert read_list.complete is known
