"""The views of an inbox's list: "not filed" is said only where all of its items were shown, however a view is drawn."""

from __future__ import annotations

import pytest

from automation.core.signals import SignalName
from automation.reading.lists.views import names_a_part, names_a_view
from tests.reading.outline import Part, el, page
from tests.visit.listing import HEAD, HONOURED, INBOX, ITEM, MINE, NAME, Whole, thread, way


def pressed(name: str, *, state: bool | None = None, **attributes: str) -> Part:
    """A button; one of several views says whether it is the one shown."""
    said = {} if state is None else {"aria_pressed": str(state).lower()}
    return el("button", name, **said, **attributes)


def radio(name: str, *, ticked: bool) -> Part:
    """A choice with its label around it."""
    return el("label", el("input", role="radio", name=name, ticked=ticked), name)


def select(label: str, chosen: str) -> Part:
    """A drop-down that is shut."""
    return el(
        "select", el("option", chosen, role="option", shown=False, aria_selected="true"), role="combobox", name=label
    )


BY_ADDRESS = (el("a", "Open", href="/support/"), el("a", "Closed", href="/support/closed/"))
BY_BOXES = (el("div", "Open (0)", tabindex="0"), el("div", "Closed (2)", tabindex="0"))
HIDING = [
    (pressed("Open", state=True), pressed("Closed", state=False)),
    (pressed("Open (0)", state=True), pressed("Closed (2)", state=False)),
    (pressed("Mine", state=True), pressed("Others", state=False)),
    (pressed("Everything", state=False), pressed("Unread", state=True)),
    (pressed("Open"), pressed("Closed")),
    (pressed("All"), pressed("Open"), pressed("Closed")),
    (pressed("Status: Open", aria_haspopup="menu"),),
    (pressed("Open ▾", aria_haspopup="listbox"),),
    (pressed("Closed (2)"),),
    (pressed("Geschlossene anzeigen"),),
    (el("span", "Open"), el("span", "Closed")),
    BY_BOXES,
    (el("p", "Open | Closed | All"),),
    (el("div", el("div", "Offen")), el("div", el("div", "Erledigt (3)"))),
    (el("a", "Ouvertes", href="#o"), el("a", "Fermées", href="#f")),
    BY_ADDRESS,
    (el("a", "View archive", href="/support/archive"), el("a", "Archive", href="/support/archive")),
    (el("a", "Closed requests", href="/help/requests/closed/"),),
    (el("a", "All requests", href="/support/requests/"),),
    (radio("Open", ticked=True), radio("Closed", ticked=False)),
    (radio("Posts", ticked=True), radio("Comments", ticked=False)),
    (select("Status", "Open"),),
    (el("ul", *(el("li", el("a", name, href="#"), role="listitem") for name in ("Open", "Closed")), role="list"),),
    (el("ul", *(el("li", pressed(name), role="listitem") for name in ("Open", "Closed")), role="list"),),
    (el("ul", el("li", "Open", role="listitem"), el("li", "Closed", role="listitem"), role="list"),),
    (select("Product", "All"), select("Status", "Open")),
    (pressed("All", state=True), el("div", pressed("Open ▾", aria_haspopup="menu"))),
    (pressed("Newest first", state=True), pressed("Open"), pressed("Closed")),
    (el("a", "Open", href="/support/#open", aria_current="true"), el("a", "Closed", href="/support/#closed")),
    (el("input", role="checkbox", name="Show closed requests", ticked=False),),
    (el("input", role="switch", name="Only open", ticked=True),),
    (el("p", "Showing: open requests"),),
    (el("a", "Open", href="javascript:void(0)"), el("a", "Closed", href="javascript:void(0)")),
    (el("span", "Current"), el("span", "Past")),
    (pressed("Filter: Open"),),
    (pressed("Inbox"), pressed("Archive")),
    (el("div", "Open", role="menuitemradio", aria_checked="true"),),
]
WHOLE = [
    (pressed("All", state=True), pressed("Open", state=False), pressed("Closed", state=False)),
    (pressed("All requests (1)", state=True), pressed("Closed (0)", state=False)),
    (pressed("Newest first", state=True), pressed("Oldest first", state=False)),
    (el("p", "Was this page useful?"), pressed("Yes", state=False), pressed("No", state=False)),
    (radio("All", ticked=True), radio("Closed", ticked=False)),
    (select("Status", "All"),),
    (select("Sort by", "Newest first"),),
    (pressed("All ▾", aria_haspopup="menu"),),
    (el("input", role="checkbox", name="Show closed requests", ticked=True),),
    (pressed("Open a request"),),
    (pressed("Mark all as read"),),
    (el("span", "All", aria_current="true"), el("span", "Closed")),
    (el("p", "Closed requests stay in this list."),),
    (el("p", "Open requests are shown first."),),
    (el("h2", "Open"), el("h2", "Closed"), el("p", "You have no closed requests.")),
    (el("a", "Support Inbox", href="/support/"), el("a", "Help Centre", href="/help/")),
]  # fmt: skip


@pytest.mark.parametrize("complete", [False, True])
@pytest.mark.parametrize("number", range(max(len(HIDING), len(WHOLE))))
async def test_a_view_of_a_part_hides_the_rest(whole: Whole, number: int, complete: bool) -> None:
    """Closed cases that were not shown may hold the answer; where everything is shown, nothing is kept back."""
    views = WHOLE if complete else HIDING
    drawn = el("div", *views[number % len(views)])
    read = await whole({INBOX: (el("main", HEAD, drawn, MINE),), f"{ITEM}902807": NAME})
    assert read.complete is complete


@pytest.mark.parametrize(
    "outline",
    [
        (el("div", *HIDING[0]), el("main", HEAD, MINE)),
        (el("nav", *HIDING[0]), el("main", HEAD, MINE)),
        (el("nav", *BY_ADDRESS), el("main", HEAD, MINE)),
        (el("main", HEAD, *HIDING[0], MINE),),
        (el("main", HEAD, el("div", *HIDING[4], MINE)),),
        (el("main", HEAD, el("div", el("div", *HIDING[0]), el("p", "You have no open requests."))),),
        (el("main", HEAD, el("div", el("div", *BY_BOXES), el("p", "You have no requests."))),),
    ],
)
async def test_views_stand_anywhere(whole: Whole, outline: tuple[Part, ...]) -> None:
    """Beside the list, above it without a box of their own, or above nothing at all."""
    assert not (await whole({INBOX: outline, f"{ITEM}902807": NAME})).complete


@pytest.mark.parametrize(
    "card",
    [
        el("div", MINE, el("span", "Closed")),
        el("div", MINE, el("span", "Open · Updated")),
        el("div", way(902807, "Your name change"), pressed("Open")),
    ],
)
async def test_what_an_item_says_of_itself_is_no_view(whole: Whole, card: Part) -> None:
    """Its status, and what opens it."""
    other = el("div", way(902808, "Your photo"), el("span", "Open"))
    pages = {INBOX: (el("main", HEAD, card, other),), f"{ITEM}902807": NAME, f"{ITEM}902808": NAME}
    assert (await whole(pages)).complete


CURRENT = [
    (el("span", "Open", aria_current="page"), el("a", "Closed", href="/support/?status=closed")),
    (el("span", "Open"), " | ", el("a", "Closed", href="/support/?status=closed")),
    ("Open · ", el("a", "Closed (1)", href="/support/?status=closed")),
    (el("a", "Open", href="/support/", aria_current="page"), el("a", "Closed", href="/support/closed/")),
    (el("b", "Open"), el("a", "Closed requests", href="/support/closed/")),
]


@pytest.mark.parametrize("found", [True, False])
@pytest.mark.parametrize("views", CURRENT)
async def test_a_view_beside_the_current_one_is_read(whole: Whole, views: tuple[Part | str, ...], found: bool) -> None:
    """The current one may be no link; what the other one holds is read like the rest."""
    answer = thread("Your objection to AI at Meta", HONOURED) if found else NAME
    closed = (el("main", HEAD, way(902814, "Your objection" if found else "Your photo")),)
    pages = {INBOX: (el("main", HEAD, el("div", *views), MINE),), f"{ITEM}902807": NAME, f"{ITEM}902814": answer}
    pages |= {f"{INBOX}?status=closed": closed, f"{INBOX}closed/": closed}
    read = await whole(pages)
    assert read.items == 2
    assert read.complete is not found
    assert (SignalName.REPLY_ACCEPTED in {signal.name for signal in read.signals}) is found


@pytest.mark.parametrize(
    "views",
    [
        (el("a", "Close", href="/support/?close=902807"), el("span", "Open")),
        (el("span", "Posts"), el("a", "Comments", href="/support/?status=comments")),
        (el("span", "Open"), el("a", "Closed", href="/support/close/?id=902807")),
        (el("span", "Open"), el("a", "Closed", href="/support/?status=closed&action=close")),
    ],
)
async def test_what_is_no_view_is_not_followed(whole: Whole, views: tuple[Part, ...]) -> None:
    """It may act, and the list is not said to be whole."""
    pages = {INBOX: (el("main", HEAD, el("div", *views), MINE),), f"{ITEM}902807": NAME}
    read = await whole(pages)
    assert read.items == 1


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("Closed", True), ("Closed (3)", True), ("Closed 3", True), ("Status: Open", True), ("Show resolved", True),
        ("Open requests", True), ("Archived", True), ("Unread", True), ("Geschlossen", True), ("Abgeschlossene Anfragen", True),
        ("Demandes fermées", True), ("Fechados", True), ("Chiuse", True), ("Cerradas (2)", True),
        ("Open a request", False), ("Open chat", False), ("Close", False), ("Mark as closed", False), ("Previous", False),
        ("Previous page", False), ("Show older", False), ("New request", False), ("Your closed account was restored to you", False),
        ("All", False), ("", False), ("3", False),
    ],
)  # fmt: skip
def test_the_name_of_a_view(name: str, part: bool) -> None:
    """It says which of the items it holds; a command begins with a verb, and a pager has no other items."""
    view = page(el("main", name))
    assert names_a_part(name, view.locale) is part
    assert names_a_view("All (12)", "en")
