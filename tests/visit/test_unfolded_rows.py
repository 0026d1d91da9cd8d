"""Rows that unfold in themselves, each by a button of the same name: what the others are called is no part of one."""

from __future__ import annotations

import pytest

from automation.core.signals import SignalName
from automation.flow import Flow
from automation.page import Node
from automation.page.read_page import ReadPage
from automation.reading.letters.answers import judge_item
from automation.reading.lists.looked import ListPage
from automation.reading.lists.rows import next_of
from automation.text.labels import Labels
from automation.text.page_words import PageWords
from tests.reading.outline import Part, el, page
from tests.visit.listing import items_of
from tests.visit.test_panes import OFFICE, Panes
from tests.visit.test_sections import INBOX, read_page

NAME = ("Your name change", "We've changed your name, as you asked us to on Tuesday.")
HONOURED = (
    "Object to your information being used for AI at Meta",
    "We've reviewed your request and will honor your objection.",
)
REFUSED = (
    "Object to your information being used for AI at Meta",
    "We will not honour your objection.",
)


class Feed(Panes):
    """A feed of articles, each with a button that shows the rest of it."""

    def __init__(self, words: PageWords, cases: list[tuple[str, str]], *, apart: bool = False) -> None:
        super().__init__(words)
        self.cases, self.apart, self.open_one = cases, apart, -1

    def read(self) -> ReadPage:
        """The feed, with the text of the one that is open: in it, or `apart` at the end of the page."""
        feed = el("div", *map(self.card, range(len(self.cases))), role="feed", name="")
        apart = [self.said(self.open_one)] if self.apart and self.open_one >= 0 else []
        self.page = read_page(page(el("main", el("h1", "Support Inbox"), feed, *apart), url=INBOX), INBOX, 200)
        return self.page

    def said(self, number: int) -> Part:
        """The message of a case."""
        return el("section", el("p", f"{OFFICE} wrote, 3 May 2026, 9:00"), el("p", self.cases[number][1]))

    def card(self, number: int) -> Part:
        """An article."""
        opened = number == self.open_one
        inside = [self.said(number)] if opened and not self.apart else []
        button = el("span", "See less" if opened else "See more", role="button", tabindex="0")
        return el(
            "div",
            el("div", self.cases[number][0]),
            el("div", "3 May · Closed"),
            *inside,
            button,
            role="article",
            name="",
        )

    async def open(self, name: str, *, url: str | None = None, until: object = None) -> ReadPage:
        """The feed anew."""
        del name, url, until
        self.open_one = -1
        return self.read()

    async def reveal_node(self, node: Node, name: str, *, row: bool) -> ReadPage:
        """Press a button."""
        del name, row
        assert self.page is not None
        articles = [n.index for n in self.page.view.shown_nodes() if n.role == "article"]
        self.open_one = next(n for n, index in enumerate(articles) if self.page.view.is_inside(node.index, index))
        return self.read()


async def concerning(
    flows: dict[str, Flow], labels: Labels, cases: list[tuple[str, str]], *, apart: bool = False
) -> list[set[SignalName]]:
    """What each item of a feed proves."""
    reader = Feed(PageWords.of(labels, "en"), cases, apart=apart)
    surface = flows["facebook.ai_objection"].surfaces["support_inbox"]
    opened, left = await items_of(reader, surface, ListPage(reader.read()))
    assert left == 0
    return [{signal.name for signal in judge_item(item, reader.words).signals} for item in opened]


@pytest.mark.parametrize("answer", [HONOURED, REFUSED])
async def test_each_row_says_its_own(flows: dict[str, Flow], meta_labels: Labels, answer: tuple[str, str]) -> None:
    """The answer stands in one of three, and the others speak of no objection."""
    first, second, third = await concerning(
        flows, meta_labels, [NAME, answer, ("Your photo", "We removed the photo that you told us of.")]
    )
    assert (first, third) == (set(), set())
    assert second & {SignalName.REPLY_ACCEPTED, SignalName.REPLY_REFUSED}


async def test_two_rows_of_one_name_are_told_apart(flows: dict[str, Flow], meta_labels: Labels) -> None:
    """First refused, then accepted."""
    refused, accepted = await concerning(flows, meta_labels, [REFUSED, HONOURED])
    assert SignalName.REPLY_REFUSED in refused
    assert SignalName.REPLY_ACCEPTED not in refused
    assert SignalName.REPLY_ACCEPTED in accepted


async def test_what_opens_outside_of_its_row_is_read(flows: dict[str, Flow], meta_labels: Labels) -> None:
    """All of the page is then, for nothing says what belongs to whom."""
    found = await concerning(flows, meta_labels, [NAME, ("Your request", HONOURED[1])], apart=True)
    assert found[1]


MORE = el("button", "Show more")


@pytest.mark.parametrize(
    ("row", "more"),
    [
        (el("div", el("b", "Your case"), el("small", "3 May 2026"), MORE, role="article", name=""), False),
        (
            el(
                "div",
                el("b", "Your case"),
                el("small", "3 May 2026"),
                el("button", "Load more"),
                role="article",
                name="",
            ),
            True,
        ),
        (el("div", el("b", "Your case"), MORE, role="article", name=""), True),
        (el("div", el("small", "Older than 3 May 2026"), MORE, role="article", name=""), True),
        (el("div", MORE, role="article", name=""), True),
        (MORE, True),
    ],
)
def test_a_button_in_an_item_shows_more_of_that(meta_labels: Labels, row: Part, more: bool) -> None:
    """Beside a title and a date, and called so; anything else may load more of the list."""
    first = el("div", el("a", "Your name change", href="/support/view_details/?id=902807"), role="article", name="")
    view = page(el("main", el("h1", "Inbox"), el("div", first, row, role="feed", name="")), url=INBOX)
    assert (next_of(view, PageWords.of(meta_labels, "en")) is not None) is more
