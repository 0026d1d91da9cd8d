"""An inbox that only its entry in a menu names, and the ways that lead back to it from an item."""

from __future__ import annotations

import pytest

from automation.core.signals import SignalName, Way
from tests.reading.outline import Part, el
from tests.visit.listing import ASKED, HEAD, HONOURED, INBOX, ITEM, NAME, Whole, way

NONE = el("p", "You have no requests.")
HOME = el("li", el("a", "Home", href="/"), role="listitem")


def menu(*entries: Part) -> Part:
    """A navigation with a list of entries."""
    return el("nav", el("ul", HOME, *(el("li", entry, role="listitem") for entry in entries), role="list"))


@pytest.mark.parametrize(
    ("entry", "known"),
    [
        (el("a", "Support Inbox", href="/support/", aria_current="page"), True),
        (el("span", "Support Inbox", aria_current="page"), True),
        (el("b", "Support Inbox"), False),
        (el("button", "Support Inbox", aria_current="true"), True),
        (el("a", "Support Inbox", href="/support/"), False),
        (el("a", "Support Inbox", href="/support/old/", aria_current="page"), False),
        (el("span", "Account status", aria_current="page"), False),
        (el("b", "Help"), False),
        (el("button", "Support Inbox"), False),
    ],
)
async def test_an_inbox_is_known_by_its_current_entry(whole: Whole, entry: Part, known: bool) -> None:
    """Every page of the site has the menu; only the entry that is shown says which page it is."""
    for outline in ((menu(entry), el("main", NONE)), (el("main", menu(entry), NONE),)):
        read = await whole({INBOX: outline})
        assert (SignalName.INBOX_KNOWN in {signal.name for signal in read.signals}) is known
        assert read.complete is known


async def test_a_known_inbox_that_says_nothing_is_not_empty(whole: Whole) -> None:
    """Its name in the menu proves where the page is, and nothing about what it holds."""
    entry = menu(el("span", "Support Inbox", aria_current="page"))
    for said in ("Something went wrong.", "You have no open requests.", "Hello."):
        read = await whole({INBOX: (entry, el("main", el("p", said)))})
        assert not read.complete


WAYS = [
    el("a", "‹ Back to list", href="/support/"),
    el("a", "All requests", href="/support/"),
    el("a", "← Your objections to AI", href="/support/?tab=open"),
    el("button", "‹ Back to list"),
]


@pytest.mark.parametrize("back", WAYS)
async def test_a_way_back_is_no_sentence_of_an_item(whole: Whole, back: Part) -> None:
    """Neither before the messages nor behind them; what the item says is the same without it."""
    answer = (el("h1", "Your objection to AI at Meta"), ASKED, el("p", "Meta Support"), el("p", HONOURED))
    listed = (el("main", HEAD, way(902807, "Your objection")),)
    for item in ((el("main", el("p", back), *answer),), (el("main", *answer, el("p", back)),)):
        read = await whole({INBOX: listed, f"{ITEM}902807": item})
        names = {signal.name for signal in read.signals}
        assert SignalName.REPLY_ACCEPTED in names
        assert SignalName.REPLY_UNCLEAR not in names
    other = (el("main", el("p", back), el("h1", "Your name change"), el("p", "We've changed your name.")),)
    read = await whole(
        {INBOX: (el("main", HEAD, way(902807, "Your name change")),), f"{ITEM}902807": other},
    )
    assert read.complete


@pytest.mark.parametrize(
    "link",
    [
        el("a", "Your objection was refused", href="/support/"),
        el("a", "Your objection ended", href="/support/"),
        el("a", "Your objection to AI at Meta is in our hands now", href="/support/"),
        el("a", "Your objection", href="/support/?selected_item=100200300400"),
        el("a", "Your objection", href="/help/objection/"),
    ],
)
async def test_what_a_link_tells_is_heard(whole: Whole, link: Part) -> None:
    """It decides, ends, tells a story, or leads somewhere else."""
    other = (el("main", el("p", link), el("h1", "Your name change"), el("p", "We've changed your name.")),)
    listed = (el("main", HEAD, way(902807, "Your name change")),)
    read = await whole({INBOX: listed, f"{ITEM}902807": other})
    assert not read.complete


async def test_a_link_to_all_requests_is_followed(whole: Whole) -> None:
    """It is no item; the list behind it is the whole one."""
    every = el("a", "All requests", href="/support/requests/")
    pages = {
        INBOX: (el("main", HEAD, way(902807, "Your name change"), every),),
        f"{INBOX}requests/": (el("main", HEAD, way(902807, "Your name change"), way(902814, "Your photo")),),
    }
    pages |= {f"{ITEM}902807": NAME, f"{ITEM}902814": NAME}
    read = await whole(pages)
    assert (read.items, read.complete) == (2, True)
    assert Way.ITEM_UNOPENED not in {signal.how for signal in read.signals}
