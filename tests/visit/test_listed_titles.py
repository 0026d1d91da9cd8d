"""Items whose own page has no heading: what the list calls them is their title."""

from __future__ import annotations

import pytest

from automation.core.signals import SignalName
from tests.reading.outline import el
from tests.visit.listing import HEAD, HONOURED, INBOX, ITEM, Whole, way

WAITING = "We don't automatically fulfil requests, and we review them consistent with your local laws."
GRANTED = "We've reviewed your request and will honor it."


WROTE = "Delete information about me and leave it out of what your AI is made of"


@pytest.mark.parametrize("called", ["Delete information about me", f"You: {WROTE}", "Delete information about me …"])
async def test_a_preview_of_what_was_written_is_no_title(whole: Whole, called: str) -> None:
    """What the person asked for first is not all that the service honours."""
    lines = ("You 3 February 2026", WROTE, "Privacy Operations 5 February 2026", GRANTED)
    item = (el("main", *(el("p", line) for line in lines)),)
    pages = {INBOX: (el("main", HEAD, way(902807, called)),), f"{ITEM}902807": item}
    assert not (await whole(pages)).complete


@pytest.mark.parametrize(
    ("called", "said", "complete"),
    [
        ("Delete information about me", GRANTED, False),
        ("Data subject rights for third-party information used for AI at Meta", WAITING, False),
        ("Your request", GRANTED, False),
        ("Object to your information being used for AI at Meta", GRANTED, False),
        ("Delete information about me", HONOURED, False),
        ("You asked us to delete information about you. We've reviewed it.", HONOURED, False),
    ],
)
async def test_an_item_without_a_heading_is_called_as_in_the_list(
    whole: Whole, called: str, said: str, complete: bool
) -> None:
    """It tells of which request "your request" speaks; an objection is heard whatever the list says."""
    item = (el("main", el("p", "Privacy Operations 5 February 2026"), el("p", said)),)
    pages = {INBOX: (el("main", HEAD, way(902807, called)),), f"{ITEM}902807": item}
    read = await whole(pages)
    assert read.complete is complete
    if said is HONOURED:
        assert {signal.name for signal in read.signals} & {SignalName.REPLY_ACCEPTED, SignalName.REPLY_UNCLEAR}


@pytest.mark.parametrize(
    "number", ["Case 8149236", "Case no. 8149236", "#8149236", "Ticket: AB-8149236", "Request 8149236"]
)
@pytest.mark.parametrize(
    ("called", "said", "complete"),
    [
        ("Delete information about me", GRANTED, False),
        ("Your request", GRANTED, False),
        ("Object to your information being used for AI at Meta", GRANTED, False),
        ("Delete information about me", HONOURED, False),
    ],
)
async def test_a_number_is_no_title(whole: Whole, number: str, called: str, said: str, complete: bool) -> None:
    """Neither as the heading of the item's page nor as the first of two links to it."""
    item = (el("main", el("h1", number), el("p", "Privacy Operations 5 February 2026"), el("p", said)),)
    listed = el("main", HEAD, way(902807, "8149236"), way(902807, called))
    read = await whole({INBOX: (listed,), f"{ITEM}902807": item})
    assert read.complete is complete


@pytest.mark.parametrize(
    "heading", ["Objection 8149236", "AI objection no. 8149236", "Case 8149236: your objection to AI"]
)
async def test_a_heading_that_says_more_than_a_number_is_the_title(whole: Whole, heading: str) -> None:
    """Whatever else the list calls the item."""
    item = (el("main", el("h1", heading), el("p", "Privacy Operations 5 February 2026"), el("p", GRANTED)),)
    pages = {INBOX: (el("main", HEAD, way(902807, "Delete information about me")),), f"{ITEM}902807": item}
    assert not (await whole(pages)).complete
