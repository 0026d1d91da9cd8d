"""Cases that unfold in place: what the row is called is their title. The reader is a stand-in."""

from __future__ import annotations

import pytest

from automation.flow import Flow
from automation.page import Node
from automation.page.read_page import ReadPage
from automation.reading.letters.answers import judge_item
from automation.reading.lists.looked import ListPage
from automation.text.labels import Labels
from automation.text.page_words import PageWords
from tests.reading.outline import Part, el, page
from tests.visit.listing import items_of
from tests.visit.test_panes import OFFICE, Panes
from tests.visit.test_sections import INBOX, read_page


class Folded(Panes):
    """A list whose rows are folded; pressing one unfolds its message beneath it."""

    def __init__(self, words: PageWords, cases: dict[str, str]) -> None:
        super().__init__(words)
        self.cases, self.shown = cases, ""

    def read(self) -> ReadPage:
        """The list, with the message of the case that is open."""
        view = page(el("main", el("h1", "Support Inbox"), *map(self.part, self.cases)), url=INBOX)
        self.page = read_page(view, INBOX, 200)
        return self.page

    def part(self, title: str) -> Part:
        """A row, and its message where it is open."""
        button = el(
            "button",
            el("b", title),
            " ",
            el("small", "5 February 2026"),
            aria_expanded=str(title == self.shown).lower(),
        )
        said = [el("p", OFFICE), el("p", "5 February 2026"), el("p", self.cases[title])] if title == self.shown else []
        return el("div", el("div", button), el("div", *said))  # fmt: skip

    async def open(self, name: str, *, url: str | None = None, until: object = None) -> ReadPage:
        """The list anew, with every row folded."""
        del name, url, until
        self.shown = ""
        return self.read()

    async def reveal_node(self, node: Node, name: str, *, row: bool) -> ReadPage:
        """Unfold a row."""
        del name, row
        assert self.page is not None
        pressed = self.page.view.text(node.index) or node.name
        self.shown = next((title for title in self.cases if title in pressed), self.shown)
        return self.read()


HONOURED = "We've reviewed your request and will honor it."
OBJECTION = "We've reviewed your request and will honor your objection."


@pytest.mark.parametrize(
    ("title", "said", "concerns"),
    [
        ("Your photo", "We removed it.", False),
        ("Your request", HONOURED, True),
        ("Object to your information being used for AI at Meta", HONOURED, True),
        ("Delete information about me", OBJECTION, True),
    ],
)
async def test_the_row_that_unfolds_is_the_title_of_its_case(
    flows: dict[str, Flow], meta_labels: Labels, title: str, said: str, concerns: bool
) -> None:
    """It tells of which request "your request" speaks, as the heading of a page does; an objection is heard all the same."""
    reader = Folded(PageWords.of(meta_labels, "en"), {title: said, "Your name change": "We've changed your name."})
    listed = ListPage(reader.read())
    opened, left = await items_of(reader, flows["facebook.ai_objection"].surfaces["support_inbox"], listed)
    assert left == 0
    assert [item.thread.concerns for item in opened] == [concerns, False]
    if concerns:
        assert judge_item(opened[0], reader.words).signals
