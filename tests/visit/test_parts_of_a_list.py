"""Parts of an inbox's list at addresses of their own: categories, and pages to which later ones lead back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from automation.core.signals import SignalName
from automation.flow import Flow
from automation.page import Node
from automation.page.read_page import ReadPage
from automation.text.page_words import PageWords
from tests.reading.outline import Part, el, page
from tests.visit.listing import ASKED, HEAD, INBOX, ITEM, NAME, REFUSED, Pages, Whole, read_of, thread

REPORTS, PRIVACY = f"{INBOX}?category=reports", f"{INBOX}?category=privacy"
NOTHING = el("p", "You have no messages.")


def entry(called: str, href: str, said: str = "") -> Part:
    """A row of a list that is a link."""
    return el("li", el("a", el("span", called), el("small", said), href=href), role="listitem", name="")


def listed(*rows: Part, title: str = "Support Inbox", beneath: tuple[Part, ...] = ()) -> tuple[Part, ...]:
    """A page with a list."""
    return (el("main", el("h1", title), el("ul", *rows, role="list", name=""), *beneath),)


def item(number: int, called: str = "Your name change") -> Part:
    """A row that leads to an item."""
    return entry(called, f"/support/view_details/?id={number}", "3 May 2026")


def menu(*counts: str) -> tuple[Part, ...]:
    """An inbox that lists its categories."""
    hrefs = ("/support/?category=reports", "/support/?category=privacy")
    return listed(*(entry(called, to, n) for called, to, n in zip(("Reports", "Privacy"), hrefs, counts, strict=True)))


def turned(href: str, called: str) -> Part:
    """A control that turns the pages of a list."""
    return el("p", el("a", called, href=href))


ANSWERS = {SignalName.REPLY_REFUSED, SignalName.REPLY_UNCLEAR}
"""Of an answer that the list calls otherwise."""
EMPTY = (el("main", el("h1", "Privacy"), NOTHING),)
CATEGORIES = {
    INBOX: menu("1 ›", "1 ›"),
    REPORTS: listed(item(902807), title="Reports"),
    PRIVACY: listed(item(902814, "Your photo"), title="Privacy"),
    f"{ITEM}902807": NAME,
    f"{ITEM}902814": thread("Your photo", "We removed the photo."),
}


async def test_the_items_of_every_category_are_read(whole: Whole) -> None:
    """A category is no item: what its page lists is."""
    read = await whole(CATEGORIES)
    assert (read.items, read.complete) == (2, True)


async def test_an_answer_in_a_category_is_read(whole: Whole) -> None:
    """As one of a list that is not divided."""
    answer = thread("Your objection to AI at Meta", REFUSED, (ASKED,))
    read = await whole({**CATEGORIES, f"{ITEM}902814": answer})
    assert not ANSWERS.isdisjoint(signal.name for signal in read.signals)
    assert not read.complete


@pytest.mark.parametrize(
    ("changed", "items", "complete"),
    [
        ({PRIVACY: ()}, 1, False),  # it could not be read
        ({f"{ITEM}902814": ()}, 2, False),
        ({INBOX: menu("1 ›", "0 ›"), PRIVACY: EMPTY}, 1, True),
        ({INBOX: menu("0 ›", "0 ›"), REPORTS: EMPTY, PRIVACY: EMPTY}, 0, True),
        ({INBOX: menu("", ""), REPORTS: EMPTY, PRIVACY: EMPTY}, 0, True),
        ({INBOX: menu("0 ›", "2 ›"), REPORTS: EMPTY, PRIVACY: EMPTY}, 0, False),  # they do not agree
        ({INBOX: menu("0 ›", "0 ›"), REPORTS: EMPTY, PRIVACY: (el("main", el("h1", "Privacy")),)}, 0, False),
        ({INBOX: listed(*(entry(n, f"/support/?view={n}", "3 May 2026") for n in "ab"))}, 2, False),
        ({INBOX: listed(*(entry(n, "/support/?category=reports") for n in "ab"))}, 2, False),
        ({INBOX: listed(*(entry(n, f"/support/?show={n}", "3 May") for n in ("90", "91")))}, 2, False),
    ],
)
async def test_a_category_holds_nothing_only_where_it_says_so(
    whole: Whole, changed: dict[str, tuple[Part, ...]], items: int, complete: bool
) -> None:
    """One that does not open may hold the answer; a row with a date is an item, whatever its address names."""
    read = await whole({**CATEGORIES, **changed})
    assert (read.items, read.complete) == (items, complete)


def beside(shown: str, *rows: Part) -> tuple[Part, ...]:
    """A page with the menu of all categories above what one of them holds."""
    hrefs = {"All": "/support/", "Reports": "/support/?category=reports", "Privacy": "/support/?category=privacy"}
    entries = (
        el("li", el("a", called, href=to, **({"aria_current": "page"} if called == shown else {})), role="listitem")
        for called, to in hrefs.items()
    )
    items = el("ul", *rows, role="list", name="") if rows else NOTHING
    return (el("main", HEAD, el("ul", *entries, role="list", name=""), items),)


@pytest.mark.parametrize("lists_all", [True, False])
@pytest.mark.parametrize("empty", [True, False])
async def test_categories_beside_their_items_are_followed(whole: Whole, lists_all: bool, empty: bool) -> None:
    """Whether the first page shows the latest items or all of them, the category may hold others."""
    first = (item(902807), item(902814)) if lists_all else (item(902807),)
    pages = {
        **CATEGORIES,
        INBOX: beside("All", *first),
        REPORTS: beside("Reports", item(902807)),
        PRIVACY: beside("Privacy", item(902814)),
    }
    if empty:
        pages |= {INBOX: beside("All", item(902807)), PRIVACY: beside("Privacy")}
    read = await whole(pages)
    assert (read.items, read.complete) == (1 if empty else 2, True)
    answer = thread("Your objection to AI at Meta", REFUSED, (ASKED,))
    told = await whole({**pages, f"{ITEM}902814": answer})
    assert ANSWERS.isdisjoint(signal.name for signal in told.signals) is empty


@pytest.mark.parametrize("pages", [{PRIVACY: ()}, {REPORTS: (), PRIVACY: ()}])
async def test_a_category_beside_items_that_does_not_open_may_hold_the_answer(
    whole: Whole, pages: dict[str, tuple[Part, ...]]
) -> None:
    """The first page may show the latest items only."""
    shown = {INBOX: beside("All", item(902807)), REPORTS: beside("Reports", item(902807))}
    read = await whole({**CATEGORIES, **shown, **pages})
    assert not read.complete


async def test_a_category_of_several_pages_is_read_to_its_end(whole: Whole) -> None:
    """And then the next one."""
    more = f"{REPORTS}&start=1"
    pages = {
        **CATEGORIES,
        REPORTS: listed(item(902807), beneath=(turned("/support/?category=reports&start=1", "See older"),)),
        more: listed(item(902808), beneath=(turned("/support/?category=reports&start=0", "See newer"),)),
        f"{REPORTS}&start=0": listed(
            item(902807), beneath=(turned("/support/?category=reports&start=1", "See older"),)
        ),
        f"{ITEM}902808": NAME,
    }
    read = await whole(pages)
    assert (read.items, read.complete) == (3, True)


class Growing(Pages):
    """A category shows one item more as it is scrolled to its end."""

    def __init__(self, flow: Flow, outlines: dict[str, tuple[Part, ...]], more: tuple[Part, ...]) -> None:
        super().__init__(PageWords.of(flow.labels, "en"), outlines)
        self._more = more

    async def read_around(self, node: Node) -> ReadPage:
        """More comes, in one category."""
        if self.page.final == REPORTS:
            self.page = replace(self.page, view=page(*self._more, url=REPORTS))
        return self.page


async def test_a_category_that_grows_as_it_is_scrolled_is_read_to_its_end(facebook: Flow) -> None:
    """Before the next one is opened: a list further on says nothing of it."""
    numbers = [*range(902820, 902832)]
    pages = {**CATEGORIES, **{f"{ITEM}{n}": NAME for n in numbers}}
    pages[REPORTS] = listed(*map(item, numbers[:-1]))
    read = await read_of(Growing(facebook, pages, listed(*map(item, numbers))), facebook)
    assert (read.items, read.complete) == (len(numbers) + 1, True)


def _pages(first: tuple[int, ...], back: tuple[int, ...], last: tuple[int, ...]) -> dict[str, tuple[Part, ...]]:
    """A list of two pages, and what stands where the second one leads back to."""
    older, newer = turned("/support/?start=2", "See older"), turned("/support/?start=0", "See newer")
    numbers = {*first, *back, *last}
    return {
        INBOX: (el("main", HEAD, *(el("p", item(n)) for n in first), older),),
        f"{INBOX}?start=2": (el("main", HEAD, *(el("p", item(n)) for n in last), newer),),
        f"{INBOX}?start=0": (el("main", HEAD, *(el("p", item(n)) for n in back), older),),
        **{f"{ITEM}{n}": NAME for n in numbers},
    }


@pytest.mark.parametrize(
    ("pages", "items", "complete"),
    [
        (_pages((902801, 902802), (902801, 902802), (902803,)), 3, True),
        (_pages((902801, 902802), (902804, 902805), (902803,)), 5, True),  # the list began before what was shown first
        (_pages((902801, 902802), (), (902803,)), 3, True),
        (_pages((902801, 902802), (902801, 902802), (902801, 902802)), 2, False),  # "Older" shows no older ones
        ({**_pages((902801,), (902801,), (902803,)), f"{INBOX}?start=0": ()}, 2, False),
    ],
)
async def test_a_later_page_leads_back_to_the_first_by_its_number(
    whole: Whole, pages: dict[str, tuple[Part, ...]], items: int, complete: bool
) -> None:
    """It is read once more there, and is no further part of the list where it shows the same."""
    read = await whole(pages)
    assert (read.items, read.complete) == (items, complete)
