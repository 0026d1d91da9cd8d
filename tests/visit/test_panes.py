"""Items that open beside, beneath or over their list, and what turns its pages. The reader is a stand-in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest

from automation.core.signals import SignalName, Way
from automation.flow.manifest import Surface
from automation.page import Node
from automation.page.read_page import ReadPage
from automation.reading.letters.answers import Item, judge_item
from automation.reading.letters.sentences import Meaning
from automation.reading.lists.looked import ListPage
from automation.reading.lists.rows import cards, handle_of, item_rows, next_of
from automation.text.page_words import PageWords
from tests.reading.outline import Part, el, page
from tests.visit.listing import (
    HEAD,
    HONOURED,
    INBOX,
    OBJECTION,
    OFFICE,
    REFUSED,
    Pages,
    Whole,
    items_of,
)

Cases = Sequence[tuple[str, str]]
Draw = Callable[[Cases, int | None], Sequence[Part]]
"""The parts of a page with these cases, of which one is open; what opens one bears its number."""
ITEMS = [
    ("Objection to AI at Meta", HONOURED),
    ("Copy of my information", "Your copy is ready to download."),
    ("Report about a profile", "We've removed the profile."),
]


class Drawn(Pages):
    """A page that is drawn anew for each case that is opened in it; a dead one opens nothing."""

    def __init__(self, words: PageWords, cases: Cases, draw: Draw, begins: int | None = None, dead: int = -1) -> None:
        super().__init__(words)
        self.cases, self.draw, self.begins, self.dead, self.opened = cases, draw, begins, dead, begins
        self.drawn()

    def drawn(self) -> ReadPage:
        """The page as it is now."""
        return self.show(el("main", *self.draw(self.cases, self.opened)))

    async def open(self, name: str, *, url: str = INBOX, until: object = None) -> ReadPage:
        """The list anew."""
        self.opened = self.begins
        return self.drawn()

    async def reveal_node(self, node: Node, surface: str, *, row: bool = False) -> ReadPage:
        """Open what bears the number."""
        numbers = (n.attributes.get("data-n") for n in (node, *self.page.view.ancestors(node.index)))
        number = int(next(filter(None, numbers), "-1"))
        self.opened = number if number not in {-1, self.dead} else self.opened
        return self.drawn()


async def read(reader: Drawn, surface: Surface) -> tuple[list[Item], int]:
    """The items of the list, and how many could not be opened."""
    return await items_of(reader, surface, ListPage(reader.page))


def message(said: str, day: str = "2 October 2026 at 9:00") -> Part:
    """What the service wrote."""
    return el("div", el("div", OFFICE), el("div", day), el("p", said))


# -- beside the list


def beside(cases: Cases, opened: int | None) -> Sequence[Part]:
    """A list of buttons, and the item that is shown."""
    rows = [
        el("div", el("div", el("div", title), el("div", f"{n + 1} Oct 2026"), role="button", tabindex="0", data_n=str(n)), role="listitem")
        for n, (title, _) in enumerate(cases)
    ]  # fmt: skip
    title, said = cases[opened or 0]
    pane = el("section", el("h2", title), message(said), role="region", name="Conversation")
    return el("h1", "Inbox"), el("div", *rows, role="list"), pane


@pytest.mark.parametrize(("dead", "unopened"), [(-1, 0), (2, 1)])
async def test_the_item_that_is_shown_already_is_read_as_well(
    words: PageWords, surface: Surface, dead: int, unopened: int
) -> None:
    """Another one is opened before it; a row that shows nothing of its own stays unopened."""
    items, left = await read(Drawn(words, ITEMS, beside, begins=0, dead=dead), surface)
    assert (len(items), left) == (len(ITEMS) - unopened, unopened)
    assert [said for item in items if (said := judge_item(item, words).meanings)] == [{Meaning.ACCEPTED}]


class Folded(Drawn):
    """Its rows say which is shown; an earlier message beside them is unfolded, and folded again by its row."""

    unfolded = True

    def drawn(self) -> ReadPage:
        """The list as a box of choices, the item with a message that is shut."""
        rows = [
            el(
                "li", el("div", title), el("div", f"{n + 1} Oct 2026"), role="option", tabindex="0", data_n=str(n),
                aria_selected=str(n == self.opened).lower(),
            )
            for n, (title, _) in enumerate(self.cases)
        ]  # fmt: skip
        earlier = [el("p", "Thank you for writing to us.")] if self.unfolded else []
        shut = el("button", "1 October 2026", role="button", aria_expanded=str(self.unfolded).lower())
        title, said = self.cases[self.opened or 0]
        inside = (el("h2", title), el("div", shut, *earlier), message(said))
        pane = el("section", *inside, role="region", name="Conversation")
        return self.show(el("main", el("h1", "Inbox"), el("ul", *rows, role="listbox", name="Messages"), pane))

    async def open(self, name: str, *, url: str = INBOX, until: object = None) -> ReadPage:
        """The list anew, its first item unfolded as it was left."""
        self.unfolded = True
        return await super().open(name)

    async def reveal_node(self, node: Node, surface: str, *, row: bool = False) -> ReadPage:
        """Press a row, or the head of the earlier message."""
        self.unfolded = not row and not self.unfolded
        return await super().reveal_node(node, surface)


@pytest.mark.parametrize(("dead", "unopened"), [(-1, 0), (2, 1)])
async def test_an_item_whose_row_folds_what_was_unfolded_is_read(
    words: PageWords, surface: Surface, dead: int, unopened: int
) -> None:
    """Its page changes by the press, though it shows no other message: it is the one shown, as its row says."""
    items, left = await read(Folded(words, ITEMS, beside, begins=0, dead=dead), surface)
    assert (len(items), left) == (len(ITEMS) - unopened, unopened)
    assert [said for item in items if (said := judge_item(item, words).meanings)] == [{Meaning.ACCEPTED}]


class Headed(Drawn):
    """A header that stays lies over the message where the page is scrolled to its end."""

    async def read_at_end(self, steady_s: float) -> ReadPage:
        """Without the message."""
        title, _ = self.cases[self.opened or 0]
        self.page = replace(self.page, view=page(el("main", el("h1", "Inbox"), el("h2", title)), url=INBOX))
        return self.page

    async def read_taller(self) -> ReadPage:
        """All of it."""
        return self.drawn()


async def test_a_header_over_the_decision_does_not_take_it_away(words: PageWords, surface: Surface) -> None:
    """What was read at first is read again in a taller window."""
    items, left = await read(Headed(words, ITEMS, beside, begins=0), surface)
    assert left == 0
    assert {Meaning.ACCEPTED} in [judge_item(item, words).meanings for item in items]


# -- cards whose button opens a dialog over the list


def card(
    title: str, opener: Part | str = "View messages", *, at: str = "Last update: 3 May 2026", role: str = "region", n: int = 0
) -> Part:  # fmt: skip
    """A card."""
    button = el("button", opener, aria_haspopup="dialog") if isinstance(opener, str) else opener
    named = title if role else ""
    return el("section", el("h2", title), el("p", at), button, role=role, name=named, data_n=str(n))


@pytest.mark.parametrize("role", ["region", "", "article"])
@pytest.mark.parametrize("opener", ["View messages", "See details", "Read the reply", "View"])
def test_a_card_is_opened_by_its_button(role: str, opener: str) -> None:
    """Its title and date stand beside the button, and nothing says that it is a row of a list."""
    listed = (card(title, opener, role=role) for title in ("Name", "Photo"))
    view = page(el("main", el("h1", "Your requests"), el("div", *listed)))
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


def over(cases: Cases, opened: int | None, dialog: str = "") -> Sequence[Part]:
    """A list of cards, with the dialog where one is open."""
    listed = el("div", *(card(title, n=n) for n, (title, _) in enumerate(cases)))
    if opened is None:
        return el("h1", "Your requests"), listed
    called = dialog or cases[opened][0]
    said = [el("h2", called), el("p", OFFICE), el("p", "3 May 2026, 9:00"), el("p", cases[opened][1])]
    return el("h1", "Your requests"), listed, el("dialog", *said, role="dialog", name=called, aria_modal="true")


CHANGED = ("Your name change", "We've changed your name.")


@pytest.mark.parametrize(
    ("said", "expected"), [(HONOURED, SignalName.REPLY_ACCEPTED), (REFUSED, SignalName.REPLY_REFUSED)]
)
async def test_an_answer_in_a_dialog_is_its_cards(
    words: PageWords, surface: Surface, said: str, expected: SignalName
) -> None:
    """What the other cards are called stays behind the dialog, and is no part of it."""
    opened, left = await read(
        Drawn(words, [CHANGED, (OBJECTION, said), ("Your photo", "We removed it.")], over), surface
    )
    assert left == 0
    assert [item.thread.concerns for item in opened] == [False, True, False]
    assert expected in {signal.name for signal in judge_item(opened[1], words).signals}


async def test_a_dialog_of_another_name_may_be_anything(words: PageWords, surface: Surface) -> None:
    """Whatever stands behind it is read, too: the answer may."""
    draw: Draw = lambda cases, opened: over(cases, opened, "News for you")  # noqa: E731
    opened, _ = await read(Drawn(words, [(OBJECTION, HONOURED), CHANGED], draw), surface)
    assert all(item.thread.concerns for item in opened)


@pytest.mark.parametrize(
    ("title", "link", "known"),
    [
        ("Support", "Support", True), ("Support | Facebook", "Support", True), ("Support – Facebook", "Support", True),
        ("Facebook", "Support", False), ("Facebook – Support", "Support", False), ("Help", "Support", False),
    ],
)  # fmt: skip
async def test_a_page_is_known_by_its_title_as_the_sites_link_calls_it(
    whole: Whole, title: str, link: str, known: bool
) -> None:
    """Its heading may say something else."""
    body = el("main", el("h1", "Your requests"), el("p", "You have no requests."))
    told = await whole({INBOX: (el("nav", el("a", link, href="/support/")), body)}, title)
    assert (Way.INBOX_LINKED_AS in {signal.how for signal in told.signals}) is known
    assert told.complete is known


# -- rows that unfold in place


def folded(cases: Cases, opened: int | None) -> Sequence[Part]:
    """Rows of which one is unfolded, with its message beneath it."""
    parts = [HEAD]
    for n, (title, said) in enumerate(cases):
        inside = (el("b", title), " ", el("small", "5 February 2026"))
        button = el("button", *inside, aria_expanded=str(n == opened).lower(), data_n=str(n))
        own = [el("p", OFFICE), el("p", "5 February 2026"), el("p", said)] if n == opened else []
        parts.append(el("div", el("div", button), el("div", *own)))
    return parts


@pytest.mark.parametrize(
    ("title", "said", "concerns"),
    [
        ("Your photo", "We removed it.", False),
        ("Your request", "We've reviewed your request and will honor it.", True),
        (OBJECTION, "We've reviewed your request and will honor it.", True),
        ("Delete information about me", HONOURED, True),
    ],
)
async def test_the_row_that_unfolds_is_the_title_of_its_case(
    words: PageWords, surface: Surface, title: str, said: str, concerns: bool
) -> None:
    """It tells of which request "your request" speaks, as the heading of a page does; an objection is heard all the same."""
    opened, left = await read(Drawn(words, [(title, said), CHANGED], folded), surface)
    assert left == 0
    assert [item.thread.concerns for item in opened] == [concerns, False]
    assert bool(judge_item(opened[0], words).signals) is concerns


def articles(cases: Cases, opened: int | None, *, apart: bool = False) -> Sequence[Part]:
    """A feed whose buttons of one name show the rest: in the article, or `apart` at the end of the page."""
    said = el("section", el("p", f"{OFFICE} wrote, 3 May 2026, 9:00"), el("p", cases[opened or 0][1]))
    listed = []
    for n, (title, _) in enumerate(cases):
        inside = [said] if n == opened and not apart else []
        button = el("span", "See less" if n == opened else "See more", role="button", tabindex="0")
        parts = (el("div", title), el("div", "3 May · Closed"), *inside, button)
        listed.append(el("div", *parts, role="article", name="", data_n=str(n)))
    return HEAD, el("div", *listed, role="feed", name=""), *([said] if apart and opened is not None else [])


PHOTO = ("Your photo", "We removed the photo that you told us of.")
NAMED = ("Your name change", "We've changed your name, as you asked us to on Tuesday.")


@pytest.mark.parametrize(
    ("cases", "expected"),
    [
        ([NAMED, (OBJECTION, HONOURED), PHOTO], ["", "accepted", ""]),
        ([NAMED, (OBJECTION, REFUSED), PHOTO], ["", "refused", ""]),
        ([(OBJECTION, REFUSED), (OBJECTION, HONOURED)], ["refused", "accepted"]),
    ],
)
async def test_each_row_says_its_own(words: PageWords, surface: Surface, cases: Cases, expected: list[str]) -> None:
    """The others speak of no objection, or were decided in another way."""
    opened, left = await read(Drawn(words, cases, articles), surface)
    assert left == 0
    assert ["".join(m.value for m in judge_item(item, words).meanings) for item in opened] == expected
    assert [bool(judge_item(item, words).signals) for item in opened] == [bool(one) for one in expected]


async def test_what_opens_outside_of_its_row_is_read(words: PageWords, surface: Surface) -> None:
    """All of the page is then, for nothing says what belongs to whom."""
    draw: Draw = lambda cases, opened: articles(cases, opened, apart=True)  # noqa: E731
    opened, _ = await read(Drawn(words, [NAMED, ("Your request", HONOURED)], draw), surface)
    assert judge_item(opened[1], words).signals


# -- what turns the pages of a list


def turns(words: PageWords, *parts: Part) -> bool:
    """Whether something on a page shows more of its list."""
    return next_of(page(el("main", el("h1", "Inbox"), *parts), url=INBOX), words) is not None


@pytest.mark.parametrize(
    ("label", "found"), [("Older ›", True), ("Next »", True), ("→ Next", True), ("‹ Newer", False)]
)
def test_an_arrow_beside_the_words_is_no_word(words: PageWords, label: str, *, found: bool) -> None:
    """What turns the pages of a list often points where it leads."""
    assert turns(words, el("a", label, href="/support/?page=2")) is found


MORE, DAY = el("button", "Show more"), el("small", "3 May 2026")
NO_NAME: Mapping[str, Any] = {"role": "article", "name": ""}


@pytest.mark.parametrize(
    ("row", "more"),
    [
        (el("div", el("b", "Your case"), DAY, MORE, **NO_NAME), False),
        (el("div", el("b", "Your case"), DAY, el("button", "Load more"), **NO_NAME), True),
        (el("div", el("b", "Your case"), MORE, **NO_NAME), True),
        (el("div", el("small", "Older than 3 May 2026"), MORE, **NO_NAME), True),
        (el("div", MORE, **NO_NAME), True),
        (MORE, True),
    ],
)
def test_a_button_in_an_item_shows_more_of_that(words: PageWords, row: Part, more: bool) -> None:
    """Beside a title and a date, and called so; anything else may load more of the list."""
    first = el("div", el("a", "Your name change", href="/support/view_details/?id=902807"), **NO_NAME)
    assert turns(words, el("div", first, row, role="feed", name="")) is more
