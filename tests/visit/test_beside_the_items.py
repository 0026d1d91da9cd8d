"""Cards of a feed beside an inbox's items: somebody's day and advertisements are none, whatever they speak of."""

from __future__ import annotations

import pytest

from automation.core.ways import Way
from automation.flow import Flow
from tests.reading.outline import Part, el
from tests.visit.test_whole_list import HEAD, INBOX, ITEM, NAME, way, whole

MINE = el("div", way(902807, "Your name change"), role="article", name="")

TOLD = "Your objection to your information being used for AI at Meta ended."


def card(*lines: Part | str) -> Part:
    """An entry of a feed."""
    return el("div", *(el("div", line) for line in lines), role="article", name="")


def feed(*cards: Part) -> Part:
    """The part of a page that holds them."""
    return el("div", *cards, role="feed", name="")


def ad(*lines: Part | str, label: str = "Sponsored") -> Part:
    """An advertisement."""
    return el("aside", el("div", label), *(el("p", line) for line in lines), role="")


@pytest.mark.parametrize(
    "outline",
    [
        (feed(card("Li Na has a birthday today. Say something nice!", "Today"), MINE),),
        (feed(MINE, card("See your memories with Omar Haddad.", "3 d")),),
        (feed(MINE), ad("Boots", TOLD)),
        (ad(TOLD, el("button", "Shop now")), feed(MINE)),
        (feed(MINE), ad("Your objection to rain?", el("button", "Book"), label="Advertisement")),
    ],
)
async def test_a_birthday_or_an_advertisement_beside_the_items_is_none(
    flows: dict[str, Flow], outline: tuple[Part, ...]
) -> None:
    """Nothing in the one can be opened, and the other is nobody's answer."""
    for shown in ((HEAD, *outline), (el("main", HEAD, *outline),)):
        read = await whole(flows["facebook.ai_objection"], {INBOX: shown, f"{ITEM}902807": NAME})
        assert (read.items, read.complete) == (1, True)


@pytest.mark.parametrize(
    "beside",
    [
        card("Anniversary of your objection", "Today"),
        card("Your birthday request was answered", "Today"),
        card("Your birthday on the profile", "Case 902814"),
        el("div", "Li Na has a birthday today", role="article", name="", tabindex="0"),
        card("We wrote to you", "Today"),
        card("Sponsored", "Your request"),
    ],
)
async def test_a_card_that_may_be_a_case_is_an_item(flows: dict[str, Flow], beside: Part) -> None:
    """It tells of what happens to a case, bears its number, or may be opened."""
    read = await whole(flows["facebook.ai_objection"], {INBOX: (HEAD, feed(MINE, beside)), f"{ITEM}902807": NAME})
    assert not read.complete
    assert Way.ITEM_UNOPENED in {signal.how for signal in read.signals}


@pytest.mark.parametrize(
    "outline",
    [
        (feed(MINE), el("p", "Sponsored"), el("p", TOLD)),
        (feed(MINE), el("div", el("p", TOLD), el("div", "Sponsored"))),
        (feed(MINE), el("div", el("div", "Sponsored"), el("p", "Boots")), el("div", el("p", TOLD))),
        (el("div", el("div", "Sponsored"), feed(MINE), el("p", TOLD)),),
        (feed(MINE), ad("Boots " * 70, TOLD)),
        (feed(MINE), ad(TOLD, label="Your ad account")),
    ],
)
async def test_what_stands_outside_of_an_advertisement_is_heard(
    flows: dict[str, Flow], outline: tuple[Part, ...]
) -> None:
    """A word for advertising covers the card right beneath it, and neither the page nor its items."""
    for shown in ((HEAD, *outline), (el("main", HEAD, *outline),)):
        read = await whole(flows["facebook.ai_objection"], {INBOX: shown, f"{ITEM}902807": NAME})
        assert Way.LIST_CONCERNS in {signal.how for signal in read.signals}


async def test_a_button_beneath_the_items_may_load_more_beside_an_advertisement(flows: dict[str, Flow]) -> None:
    """It is no part of the advertisement."""
    shown = (HEAD, feed(MINE), ad("Boots"), el("button", "Nog 12"))
    assert not (await whole(flows["facebook.ai_objection"], {INBOX: shown, f"{ITEM}902807": NAME})).complete
