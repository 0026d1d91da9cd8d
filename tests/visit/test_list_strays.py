"""What stands beside an inbox's items: little of it is known to be no item, and anything else was not read."""

from __future__ import annotations

import pytest

from automation.core.signals import Way
from tests.reading.outline import Part, el
from tests.visit.listing import HEAD, INBOX, ITEM, MINE, NAME, Whole, way

TOLD = "Your objection to your information being used for AI at Meta ended."


def rows(*said: Part | str, tag: str = "ul", **named: str) -> Part:
    """A list with a row for each of what it says."""
    return el(tag, *(el("li", each, role="listitem", name="") for each in said), role="list", name="", **named)


def link(name: str, href: str) -> Part:
    """A link in a row."""
    return el("a", name, href=href)


def card(*lines: Part | str, **attributes: str) -> Part:
    """An entry of a feed."""
    return el("div", *(el("div", line) for line in lines), role="article", name="", **attributes)


def feed(*cards: Part) -> Part:
    """The part of a page that holds entries."""
    return el("div", *cards, role="feed", name="")


CRUMBS = (link("Home", "/"), link("Help", "/help/"))
ENTRY = card(MINE)


@pytest.mark.parametrize(
    "beside",
    [
        rows(*CRUMBS, el("span", "Support Inbox", aria_current="page"), tag="ol"),
        rows(*CRUMBS, "Support Inbox"),
        rows(link("Friends", "/friends/"), link("Your page", "/profile.php?id=100200300400")),
        el("aside", el("div", "Sponsored"), el("p", "Boots"), role=""),
    ],
)
async def test_what_opens_nothing_beside_the_items_is_none(whole: Whole, beside: Part) -> None:
    """The way to the page, the site's menu, and text that speaks of no objection."""
    for outline in ((HEAD, beside, MINE), (HEAD, MINE, beside)):
        read = await whole({INBOX: (el("main", *outline),), f"{ITEM}902807": NAME})
        assert (read.items, read.complete) == (1, True)


REAL = [
    "Privacyverzoek", "Bezwaar", "Wniosek o prywatność", "Sprzeciw", "Pedido de privacidade", "Oposição", "CS0310029",
    "Privacy request — Answered", "Privacy Request", "Data Deletion", "Jan Kowalski", "#4711", "Case 12", "Ticket geschlossen",
    "Verzoek van 3 mei", "Odpowiedź", "We wrote to you", "Received", "Meta Support",
]  # fmt: skip


@pytest.mark.parametrize("said", REAL)
async def test_an_item_that_nothing_leads_to_is_one(whole: Whole, said: str) -> None:
    """Without a link, a date or the focus, in whatever language: it was not read."""
    for beside in (rows(said), rows(said, "Li Na"), rows(el("b", said), el("a", "Help", href="/help/"))):
        read = await whole({INBOX: (el("main", HEAD, MINE, beside),), f"{ITEM}902807": NAME})
        assert not read.complete
        assert Way.ITEM_UNOPENED in {signal.how for signal in read.signals}


@pytest.mark.parametrize(
    "beside",
    [
        (rows(link("CS0310029", "/requests/CS0310029/")),),
        (rows(link("Bezwaar", "/requests/310029/")),),
        (rows(link("Your case", "/help/case/3100/")),),
        (rows(*CRUMBS, "Privacyverzoek"),),
        (rows("Support Inbox", "Bezwaar"),),
        (rows(link("Case", "/support/view_details/?id=902807"), link("4711", "/x/4711"), "Support Inbox"),),
        (el("h2", "Contacts"), rows("Li Na", "CS0310029")),
        (rows(el("div", el("img", role="img", name="Meta Support"), el("span", "Meta Support"))),),
        (rows("Open", "Answered", "Closed"),),
        (rows("Received", el("b", "In review", aria_current="step"), "Decision"),),
        (rows("Objection about your birthday", "Li Na has a birthday today"),),
        (feed(ENTRY, card("Your birthday request was answered", "Today")),),
        (feed(ENTRY, card("Your birthday on the profile", "Case 902814")),),
        (feed(ENTRY, card("Li Na has a birthday today", tabindex="0")),),
        (feed(ENTRY, card("Sponsored", "Your request")),),
    ],
)
async def test_what_looks_like_it_may_still_be_an_item(whole: Whole, beside: tuple[Part, ...]) -> None:
    """A number, a word for a case, a name, a state or somebody's day: no table knows that it is none."""
    assert not (await whole({INBOX: (el("main", HEAD, MINE, *beside),), f"{ITEM}902807": NAME})).complete


def cells(*inside: Part | str, role: str = "cell", **named: str) -> Part:
    """A row of a table."""
    return el("tr", *(el("td", each, role=role, name="") for each in inside), role="row", name="", **named)


ROW = cells("902807", el("a", "Your name change", href="/support/view_details/?id=902807"), "3 May 2026", "Closed")


@pytest.mark.parametrize(
    ("lines", "complete"),
    [
        ((cells("No.", "Subject", "Date", "Status", role="columnheader"), ROW), True),
        ((cells("No.", "Subject", "Date", "Status"), ROW), False),
        ((cells("902814", "Your objection", "9 May 2026", "Closed"), ROW), False),
        ((cells("New", "Your objection", "today", "Closed"), ROW), False),
        ((ROW, cells("New", "Your objection", "Updated", "Open")), False),
        ((cells("No.", "Subject", "Date", "Status"),), False),
    ],
)
async def test_a_row_without_a_way_is_an_item(whole: Whole, lines: tuple[Part, ...], complete: bool) -> None:
    """Unless the page says that it only names the columns."""
    table = el("table", el("tbody", *lines), role="table", name="")
    read = await whole({INBOX: (el("main", HEAD, table),), f"{ITEM}902807": NAME})
    assert (read.complete, read.items) == (complete, len(lines) - complete)


@pytest.mark.parametrize(
    "outline",
    [
        (feed(ENTRY), el("p", TOLD)),
        (feed(ENTRY), el("div", el("p", TOLD), el("div", "Sponsored"))),
        (el("div", el("div", "Sponsored"), feed(ENTRY), el("p", TOLD)),),
        (feed(ENTRY), el("aside", el("div", "Sponsored"), el("p", TOLD), role="")),
    ],
)
async def test_what_stands_beside_the_items_is_heard(whole: Whole, outline: tuple[Part, ...]) -> None:
    """Whoever speaks there."""
    for shown in ((HEAD, *outline), (el("main", HEAD, *outline),)):
        read = await whole({INBOX: shown, f"{ITEM}902807": NAME})
        assert Way.LIST_CONCERNS in {signal.how for signal in read.signals}


COOKIES = el("p", "We use cookies to keep you signed in and to measure how the site is used.")


@pytest.mark.parametrize(
    "beneath",
    [
        (el("button", "Nog 12"),),
        (el("div", el("p", "Nog 12 verzoeken"), el("button", "Verder")),),
        (el("div", COOKIES, el("button", "Fine by me")),),
        (el("div", COOKIES, el("button", "Show more")),),
        (el("aside", el("p", "Boots")), el("button", "Nog 12")),
    ],
)
async def test_a_button_beneath_the_items_may_load_more(whole: Whole, beneath: tuple[Part, ...]) -> None:
    """Whatever it is called, and whatever stands beside it."""
    parts = (HEAD, rows(MINE), *beneath)
    for outline in (parts, (el("main", *parts),), (el("div", *parts),)):
        assert not (await whole({INBOX: outline, f"{ITEM}902807": NAME})).complete


@pytest.mark.parametrize(
    ("path", "called"),
    [
        ("account_status/", "Account status"),
        ("view_details/?id=40584059095", "Status"),
        ("cases/ai/", "Your objection"),
    ],
)
async def test_what_cannot_be_opened_may_be_an_item(whole: Whole, path: str, called: str) -> None:
    """A section that is not there, too: the service says 404 of an item that is gone as well."""
    listed = el("main", HEAD, way(902807, "Your name change"), el("p", el("a", called, href=INBOX + path)))
    read = await whole({INBOX: (listed,), f"{ITEM}902807": NAME})
    assert not read.complete
    assert Way.ITEM_UNOPENED in {signal.how for signal in read.signals}
