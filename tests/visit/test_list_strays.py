"""Lists beside an inbox's items that hold none, and items that nothing leads to: the one is passed over, the other never."""

from __future__ import annotations

import pytest

from automation.core.ways import Way
from automation.flow import Flow
from tests.reading.outline import Part, el
from tests.visit.test_whole_list import HEAD, INBOX, ITEM, NAME, way, whole

MINE = way(902807, "Your name change")


def rows(*said: Part | str, tag: str = "ul", **named: str) -> Part:
    """A list with a row for each of what it says."""
    return el(tag, *(el("li", each, role="listitem", name="") for each in said), role="list", name="", **named)


def link(name: str, href: str) -> Part:
    """A link in a row."""
    return el("a", name, href=href)


def person(name: str) -> Part:
    """A picture with the name of whom it shows, and the name."""
    return el("div", el("img", role="img", name=name), el("span", name))


CRUMBS = (link("Home", "/"), link("Help", "/help/"))


@pytest.mark.parametrize(
    "beside",
    [
        (rows(*CRUMBS, el("span", "Support Inbox", aria_current="page"), tag="ol"),),
        (rows(*CRUMBS, "Support Inbox"),),
        (rows(person("Li Na"), person("Omar Haddad")),),
        (el("h2", "Contacts"), rows("Li Na", "Omar Haddad", "Zoë O’Brien")),
        (el("h2", "Contacts"), rows("Li Na")),
        (rows("Received", el("b", "In review", aria_current="step"), "We tell you"),),
        (rows("Received", "In review", "Decision"),),
        (rows("Submitted 3 May 2026", "Under review", "Closed", tag="ol"),),
        (rows("Li Na has a birthday today"),),
        (rows(el("a", "Omar Haddad has a birthday today", href="/events/birthdays/")),),
        (el("div", el("div", "Memories"), el("div", "You and Li Na, 3 years ago"), tabindex="0"),),
        (rows(link("Friends", "/friends/"), link("Your page", "/profile.php?id=100200300400")),),
    ],
)
async def test_what_opens_nothing_beside_the_items_is_none(flows: dict[str, Flow], beside: tuple[Part, ...]) -> None:
    """The way to the page, names of people, how far a request is, and somebody's birthday."""
    for outline in ((HEAD, *beside, MINE), (HEAD, MINE, *beside)):
        read = await whole(flows["facebook.ai_objection"], {INBOX: (el("main", *outline),), f"{ITEM}902807": NAME})
        assert (read.items, read.complete) == (1, True)


REAL = [
    "Privacyverzoek", "Bezwaar", "Wniosek o prywatność", "Sprzeciw", "Pedido de privacidade", "Oposição", "CS0310029",
    "Privacy request — Answered", "Privacy Request", "Data Deletion", "Jan Kowalski", "#4711", "Case 12", "Ticket geschlossen",
    "Verzoek van 3 mei", "Odpowiedź", "We wrote to you", "Received", "Meta Support",
]  # fmt: skip


@pytest.mark.parametrize("said", REAL)
async def test_an_item_that_nothing_leads_to_is_one(flows: dict[str, Flow], said: str) -> None:
    """Without a link, a date or the focus, in whatever language: it was not read."""
    for beside in (rows(said), rows(said, "Li Na"), rows(el("b", said), el("a", "Help", href="/help/"))):
        read = await whole(
            flows["facebook.ai_objection"], {INBOX: (el("main", HEAD, MINE, beside),), f"{ITEM}902807": NAME}
        )
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
        (el("h2", "Contacts"), rows("Privacy Operations")),
        (el("h2", "Contacts"), rows("Li Na"), rows("Bezwaar")),
        (el("h2", "Contacts"), rows("Li Na", "Request received")),
        (el("h2", "Requests"), rows("Li Na", "Omar Haddad")),
        (rows(person("Meta Support")),),
        (rows(person("Privacy request")),),
        (rows(person("CS0310029")),),
        (rows("Open", "Answered", "Closed"),),
        (rows("Received", "In review", "Bezwaar"),),
        (rows("Received", "In review"),),
        (rows("Objection about your birthday", "Li Na has a birthday today"),),
        (rows("Your request of 3 May about a birthday"),),
        (rows("Birthday 310029"),),
    ],
)
async def test_what_looks_like_it_may_still_be_an_item(flows: dict[str, Flow], beside: tuple[Part, ...]) -> None:
    """A number, a word for a case, another heading, or one row that is not like the others."""
    pages = {INBOX: (el("main", HEAD, MINE, *beside),), f"{ITEM}902807": NAME}
    assert not (await whole(flows["facebook.ai_objection"], pages)).complete


def cells(*inside: Part | str, **named: str) -> Part:
    """A row of a table without a head."""
    return el("tr", *(el("td", each, role="cell", name="") for each in inside), role="row", name="", **named)


def table(*lines: Part) -> Part:
    """A table of items, which says of no row that it names the columns."""
    return el("table", el("tbody", *lines), role="table", name="")


ROW = cells("902807", el("a", "Your name change", href="/support/view_details/?id=902807"), "3 May 2026", "Closed")


@pytest.mark.parametrize(
    "head",
    [
        cells("No.", "Subject", "Date", "Status"),
        cells("CASE", "TITLE", "LAST UPDATE", "STATE"),
        cells("Number", "About", el("b", "Opened on:"), "How far"),
    ],
)
async def test_a_row_that_names_the_columns_is_no_item(flows: dict[str, Flow], head: Part) -> None:
    """In a table that says so with a thicker letter only."""
    pages = {INBOX: (el("main", HEAD, table(head, ROW)),), f"{ITEM}902807": NAME}
    read = await whole(flows["facebook.ai_objection"], pages)
    assert (read.items, read.complete) == (1, True)


@pytest.mark.parametrize(
    "lines",
    [
        (cells("902814", "Your objection", "9 May 2026", "Closed"), ROW),
        (cells("New", "Your objection", "today", "Closed"), ROW),
        (cells("New", "Your objection", "Open", "Closed"), ROW),
        (cells("New", "Your objection", "Updated", "Open"), ROW),
        (ROW, cells("No.", "Subject", "Date", "Status")),
        (cells("No.", "Subject", "Date"), ROW),
        (cells("No.", "Subject", "Date", "4 of 12"), ROW),
        (cells("No.", "Subject", "Date", "Status", tabindex="0"), ROW),
        (cells("No.", "Subject", "Date", "Status"), ROW, cells("902814", "Your objection", "9 May 2026", "Closed")),
        (cells("No.", "Date", "Subject", "Status"), ROW),
        (cells("No.", "Subject", "Date", "Status"),),
    ],
)
async def test_any_other_row_without_a_way_is_an_item(flows: dict[str, Flow], lines: tuple[Part, ...]) -> None:
    """It has a date or a number, stands elsewhere, or beside rows that nothing opens either."""
    pages = {INBOX: (el("main", HEAD, table(*lines)),), f"{ITEM}902807": NAME}
    read = await whole(flows["facebook.ai_objection"], pages)
    assert not read.complete
