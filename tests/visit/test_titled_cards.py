"""Items of an inbox that unfold by their title, with the date beside it, in no list: as custom elements draw them."""

from __future__ import annotations

from typing import Any

import pytest

from automation.core.signals import SignalName, Way
from automation.flow import Flow
from automation.page import Node
from automation.page.read_page import ReadPage
from automation.reading.letters.answers import InboxReading
from automation.reading.lists.rows import handle_of, item_rows, titled_cards
from automation.text.page_words import PageWords
from tests.reading.outline import Part, el, page
from tests.visit.listing import HEAD, INBOX, OBJECTION, Pages, read_of

NAME_CHANGE = "Your name change"
DAY = "3 May 2026"
HONOURED = "We've reviewed your request and will honour your objection."


def shut(title: str, **attributes: Any) -> Part:
    """A title that unfolds."""
    return el("button", title, type="button", aria_expanded=attributes.pop("aria_expanded", "false"), **attributes)


def element(title: str, *inside: Part, state: str = "false") -> Part:
    """A custom element: the title, the date, and what it unfolds to."""
    return el("support-case", shut(title, aria_expanded=state), el("div", DAY), el("div", *inside))


def headed(title: str, *inside: Part, state: str = "false") -> Part:
    """The title in a heading, and the date after a state."""
    return el(
        "section", el("h3", shut(title, aria_expanded=state)), el("p", f"Closed · {DAY} · 4711"), el("div", *inside)
    )


def dated(title: str, *inside: Part, state: str = "false") -> Part:
    """The date above the title, in a part of the page that says it is one."""
    return el(
        "article", el("small", DAY), shut(title, aria_expanded=state), el("div", *inside), role="article", name=""
    )


def one_text(title: str, *inside: Part, state: str = "false") -> Part:
    """Title and date in one text."""
    return el("div", el("h2", shut(f"{title}, {DAY}", aria_expanded=state)), el("div", *inside))


def nested(title: str, *inside: Part, state: str = "false") -> Part:
    """Elements in elements, as slots hold them."""
    button = el("case-toggle", el("slot", shut(title, aria_expanded=state)))
    head = el("case-head", button, el("slot", el("case-date", el("time", DAY))))
    return el("support-case", head, el("case-body", *inside))


KINDS = [element, headed, dated, one_text, nested]


@pytest.mark.parametrize("kind", KINDS)
def test_a_card_is_opened_by_its_title(kind: Any) -> None:
    """Each is an item of its own, shut or open."""
    view = page(el("main", HEAD, el("div", kind(OBJECTION), kind(NAME_CHANGE, state="true"))), url=INBOX)
    rows = item_rows(view)
    assert len(rows) == 2
    assert all(title in view.text(row.index) for title, row in zip((OBJECTION, NAME_CHANGE), rows, strict=True))
    assert all(handle_of(view, row) is not None for row in rows)


def test_what_stands_among_cards_is_one_of_them() -> None:
    """A date may be written as a word that nobody knows here, and a title as a question."""
    undated = el("support-case", shut("Why we removed it?"), el("div", "Some while back"))
    view = page(el("main", HEAD, el("div", element(NAME_CHANGE), undated, element(OBJECTION))), url=INBOX)
    assert len(item_rows(view)) == 3


@pytest.mark.parametrize(
    "inside",
    [
        el("div", shut("How long do we keep messages"), el("div")),
        el("div", shut("How long do we keep messages?"), el("div", DAY)),
        el("div", shut("How long we keep messages", aria_expanded="true"), el("p", f"Since {DAY} we keep every message for as long as you have an account here.")),
        el("div", shut("Date"), el("div", DAY)), el("div", shut("Newest first"), el("div", DAY)),
        el("div", shut("Closed (2)"), el("div", DAY)), el("div", shut("All messages"), el("div", DAY)),
        el("div", shut("Date range", aria_haspopup="listbox"), el("div", DAY)),
        el("div", el("button", "Your name change"), el("div", DAY)),
        el("nav", el("div", shut("Your name change"), el("div", DAY))),
        el("form", el("div", shut("Your name change"), el("div", DAY))),
        el("div", shut(NAME_CHANGE), shut(OBJECTION), el("div", DAY)),
        el("div", el("button", "Close this request", aria_expanded="false", type="submit"), el("div", DAY)),
    ],
)  # fmt: skip
def test_what_unfolds_and_is_no_item_is_none(inside: Part) -> None:
    """A question of a help page, a choice, a section, a menu, what may act, and one date for two."""
    assert titled_cards(page(el("main", HEAD, el("div", inside)), url=INBOX)) == []


def test_a_page_that_has_other_items_keeps_to_them() -> None:
    """Beside a list, what unfolds is help."""
    row = el("div", el("button", el("b", OBJECTION), el("small", DAY)), role="listitem")
    view = page(el("main", HEAD, el("div", row, role="list"), el("div", element("About this inbox"))), url=INBOX)
    assert [row.role for row in item_rows(view)] == ["listitem"]


@pytest.mark.parametrize("kind", KINDS)
def test_what_unfolds_beside_items_of_plain_boxes_is_none(kind: Any) -> None:
    """The page lists what nobody knows how to open; "nothing was filed" would be told of help about the inbox."""
    plain = el("div", el("div", "Your request"), el("div", "1 May 2026"))
    view = page(el("main", HEAD, plain, el("div", kind("About this inbox"))), url=INBOX)
    assert not item_rows(view)


class Unfolding(Pages):
    """An inbox of one page whose cards unfold in place, each to what is written in it."""

    def __init__(self, flow: Flow, kind: Any, cases: dict[str, str], *beneath: Part) -> None:
        super().__init__(PageWords.of(flow.labels, "en"))
        self.kind, self.cases, self.beneath = kind, cases, beneath

    def shown(self, opened: str = "") -> ReadPage:
        """The page with one card open."""
        cards = []
        for title, said in self.cases.items():
            own = el("article", el("h4", "You"), el("time", "2 May 2026 at 9:00"), el("p", "Please look at this."))
            answer = el("article", el("h4", "Privacy Operations"), el("time", "3 May 2026 at 9:00"), el("p", said))
            inside = (own, answer, *self.beneath)
            cards.append(self.kind(title, *inside, state="true") if title == opened else self.kind(title))
        return self.show(el("main", HEAD, el("div", *cards)))

    async def open(self, name: str, *, url: str = INBOX, until: Any = None) -> ReadPage:
        """The list anew, all of it shut."""
        return self.shown()

    async def reveal_node(self, node: Node, surface: str, *, row: bool = False) -> ReadPage:
        """Unfold a card."""
        name = self.page.view.text(node.index) or node.name
        opened = next((title for title in self.cases if title in name), None)
        return self.page if opened is None else self.shown(opened)


async def unfolded(flow: Flow, kind: Any, cases: dict[str, str], *beneath: Part) -> InboxReading:
    """What is read of such an inbox."""
    return await read_of(Unfolding(flow, kind, cases, *beneath), flow)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (HONOURED, SignalName.REPLY_ACCEPTED),
        ("Unfortunately, we will not honour your objection.", SignalName.REPLY_REFUSED),
        ("We are reviewing your objection.", SignalName.REPLY_PENDING),
    ],
)
async def test_the_answer_in_a_card_is_read(facebook: Flow, kind: Any, said: str, expected: SignalName) -> None:
    """Whatever else unfolds beside it."""
    cases = {NAME_CHANGE: "We've changed your name.", OBJECTION: said, "Your photo": "We removed the photo."}
    read = await unfolded(facebook, kind, cases)
    assert expected in {signal.name for signal in read.signals}
    assert Way.ITEM_UNOPENED not in {signal.how for signal in read.signals}


@pytest.mark.parametrize("kind", KINDS)
async def test_cards_about_other_matters_hold_no_answer(facebook: Flow, kind: Any) -> None:
    """All of them were read, and none speaks of an objection."""
    cases = {NAME_CHANGE: "We've changed your name.", "Your photo": "We removed the photo."}
    read = await unfolded(facebook, kind, cases)
    assert read.complete


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("called", ["Add a reply", "What we can do", "Share this answer"])
@pytest.mark.parametrize("others", [{}, {NAME_CHANGE: "We've changed your name."}])
async def test_what_unfolds_beneath_an_answer_is_no_item(
    facebook: Flow, kind: Any, called: str, others: dict[str, str]
) -> None:
    """It stands in the card that was opened; the answer above it is read, and the list is all there."""
    cases = {OBJECTION: HONOURED, **others}
    read = await unfolded(facebook, kind, cases, el("div", shut(called)))
    assert SignalName.REPLY_ACCEPTED in {signal.name for signal in read.signals}
    assert read.items == len(cases)


async def test_a_page_with_one_card_that_holds_no_thread_is_not_read(facebook: Flow) -> None:
    """An inbox that shows help about itself, and no message, was not read in full."""

    class Bare(Unfolding):
        """Its card unfolds to a sentence of help."""

        def shown(self, opened: str = "") -> ReadPage:
            """The page."""
            help_text = (el("p", "Messages are kept here for 90 days."),) if opened else ()
            return self.show(el("main", HEAD, self.kind("About this inbox", *help_text)))

    read = await read_of(Bare(facebook, element, {"About this inbox": ""}), facebook)
    assert not read.complete
