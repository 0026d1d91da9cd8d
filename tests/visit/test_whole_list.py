"""An inbox from its list to its last item, on pages that are outlines: what the whole of it says; the reader is a stand-in."""

from __future__ import annotations

import pytest

from automation.core.signals import SignalName, Way
from tests.reading.outline import Part, el
from tests.visit.listing import (
    ASKED,
    FOOT,
    HEAD,
    HELP,
    HONOURED,
    INBOX,
    ITEM,
    NAME,
    OBJECTION,
    REFUSED,
    Whole,
    case,
    thread,
    way,
)


def unfolded(title: str, *inside: Part) -> Part:
    """A row of a list that says that it is open, with what it shows beneath it."""
    button = el("button", el("span", title), " ", el("small", "21 October 2026"), aria_expanded="true")
    return el("div", el("h3", button), *inside)


@pytest.mark.parametrize(
    "rows",
    [
        (unfolded("Your name change", el("p", "We've changed …"), way(902807)),),
        (unfolded("Your name change", way(902807)), unfolded("Your request", el("p", "Hello."))),
        (unfolded("Your objection", el("p", "It doesn't meet our criteria."), way(902807, "Your name change")),),
    ],
)
async def test_a_row_that_unfolds_to_a_link_may_hold_more(whole: Whole, rows: tuple[Part, ...]) -> None:
    """Whatever unfolds there may hold an answer of its own."""
    read = await whole({INBOX: (el("main", HEAD, *rows),), f"{ITEM}902807": NAME})
    assert not read.complete
    assert any(signal.how == Way.ITEM_UNOPENED for signal in read.signals)


@pytest.mark.parametrize("number", [902807, 910100200300])
async def test_what_stands_beside_a_navigation_of_items_is_read(whole: Whole, number: int) -> None:
    """It may be one of them or none, and the list does not say."""
    beside = el("nav", way(number, "Your name change"))
    shown = thread("Support Inbox", REFUSED, (ASKED,))
    read = await whole({INBOX: (beside, *shown), f"{ITEM}{number}": NAME})
    assert SignalName.REPLY_REFUSED in {signal.name for signal in read.signals}
    assert not read.complete


async def test_a_navigation_beside_nothing_is_the_list(whole: Whole) -> None:
    """A pane that asks to choose one holds no message."""
    beside, empty = el("nav", way(902807, "Your name change")), el("main", HEAD, el("p", "Choose a message."))
    read = await whole({INBOX: (beside, empty), f"{ITEM}902807": NAME})
    assert read.complete


@pytest.mark.parametrize("beneath", [(HELP, FOOT), (HELP,)])
async def test_what_stands_beneath_every_item_is_no_part_of_one(whole: Whole, beneath: tuple[Part, ...]) -> None:
    """The answer is read without it, be it in the turn of the person."""
    other = case(("Meta Support 3 May 2026", "We've changed your name."), beneath=beneath)
    mine = case(
        ("Privacy Operations 15 January 2026", "We are reviewing your objection."),
        ("You 14 January 2026", "I object to my information being used for AI at Meta."),
    )
    listed = el("main", HEAD, way(902807, "Your name change"), way(902814, "Your objection"))
    pages = {INBOX: (listed,), f"{ITEM}902807": other, f"{ITEM}902814": mine}
    names = {signal.name for signal in (await whole(pages)).signals}
    assert SignalName.REPLY_PENDING in names
    assert SignalName.REPLY_UNCLEAR not in names


async def test_help_beneath_every_item_speaks_of_none(whole: Whole) -> None:
    """It names AI, and each item is about something else."""
    texts = {902807: "We've changed your name.", 902814: "Your comment goes against our Community Standards."}
    pages = {f"{ITEM}{n}": case(("Meta Support 3 May 2026", text), beneath=(HELP,)) for n, text in texts.items()}
    listed = el("main", HEAD, way(902807, "Your name change"), way(902814, "Your comment"))
    assert (await whole({INBOX: (listed,), **pages})).complete


async def test_an_answer_that_two_items_share_stays(whole: Whole) -> None:
    """Two requests may have been answered with the same words."""
    pages = {f"{ITEM}{n}": case(("Meta Support 3 May 2026", HONOURED)) for n in (902807, 902814)}
    listed = el("main", HEAD, way(902807, "Your objection"), way(902814, "Your second objection"))
    read = await whole({INBOX: (listed,), **pages})
    assert not {s.name for s in read.signals}.isdisjoint({SignalName.REPLY_ACCEPTED, SignalName.REPLY_UNCLEAR})
    assert not read.complete


@pytest.mark.parametrize(
    ("said", "beneath"),
    [
        (HONOURED, "This only covers photos"),
        ("Your request was answered.", "Read our answer about AI at Meta"),
        ("Your request was answered.", "How we decided about your objection to AI at Meta"),
        ("Your request was answered.", "How AI at Meta uses information except yours"),
    ],
)
async def test_a_link_that_narrows_or_tells_is_no_help(whole: Whole, said: str, beneath: str) -> None:
    """Two requests may have been answered alike, with the condition or the answer itself in a link."""
    link = el("p", el("a", beneath, href="/help/genai/"))
    pages = {f"{ITEM}{n}": case(("Meta Support 3 May 2026", said), beneath=(link,)) for n in (902807, 902814)}
    listed = el("main", HEAD, way(902807, "Your request of May"), way(902814, "Your request of June"))
    read = await whole({INBOX: (listed,), **pages})
    kinds = {signal.name for signal in read.signals}
    assert not read.complete
    assert kinds & {SignalName.REPLY_UNCLEAR, SignalName.REPLY_UNCLASSIFIED}


@pytest.mark.parametrize(
    "rows",
    [
        (el("ul", el("li", "Open", role="listitem"), el("li", "Closed", role="listitem"), role="list"), way(902807)),
        (way(902807), el("ul", el("li", "Open", role="listitem"), el("li", "Closed", role="listitem"), role="list")),
        (way(902807), el("ul", el("li", "Open", role="listitem"), role="list")),
        (way(902807), unfolded("Privacy request", el("p", "We wrote to you by e-mail."))),
    ],
)
async def test_filters_states_and_rows_without_a_way_leave_the_list_open(whole: Whole, rows: tuple[Part, ...]) -> None:
    """What they would show was not seen."""
    read = await whole({INBOX: (el("main", HEAD, *rows),), f"{ITEM}902807": NAME})
    assert not read.complete


async def test_a_frame_that_may_lead_to_items_leaves_the_list_open(whole: Whole) -> None:
    """Its number is too short to be sure; what is behind it was not read."""
    beside = el("nav", el("a", "Your request", href="/support/view_details/case/?id=902814"))
    listed = el("main", HEAD, way(902807, "Your name change"))
    read = await whole({INBOX: (beside, listed), f"{ITEM}902807": NAME})
    assert not read.complete


@pytest.mark.parametrize(
    ("lines", "complete"),
    [
        (("Objection received · 3 May 2026", "Closed · 9 May 2026"), False),
        (("Objection sent 3 May 2026",), False),
        (("AI at Meta · 3 May 2026", "Status: Closed"), False),
        (("We've reviewed your request. It will be applied going forward.",), False),
        (("We will no longer use your public posts to train our models.",), False),
    ],
)
async def test_an_item_that_tells_of_an_objection_in_few_words(
    whole: Whole, lines: tuple[str, ...], complete: bool
) -> None:
    """A line with a date is no author's name alone, and what a decision brings about needs no word for objecting."""
    told = (el("main", el("h1", "Your request"), *(el("p", line) for line in lines)),)
    listed = el("main", HEAD, way(902807, "Your name change"), way(902814, "Your request"))
    pages = {INBOX: (listed,), f"{ITEM}902807": NAME, f"{ITEM}902814": told}
    assert (await whole(pages)).complete is complete


async def test_a_link_beneath_every_item_ties_none_to_ai(whole: Whole) -> None:
    """Whoever objected to something else got an answer above the same link as everybody."""
    help_ = el("p", el("a", "How Meta uses information for generative AI models", href="/privacy/guide/generative-ai/"))
    mine = case(
        ("Privacy Operations 15 January 2026", "We've reviewed your request and will honor your objection."),
        ("You 14 January 2026", "I object to my data being used to personalise my feed."),
        beneath=(help_, FOOT),
    )
    other = case(("Meta Support 3 May 2026", "We've changed your name."), beneath=(help_, FOOT))
    listed = el("main", HEAD, way(902807, "Your name change"), way(902814, "Your objection"))
    pages = {INBOX: (listed,), f"{ITEM}902807": other, f"{ITEM}902814": mine}
    read = await whole(pages)
    assert SignalName.REPLY_ACCEPTED not in {signal.name for signal in read.signals}


def numbered(shown: int, *items: int) -> tuple[Part, ...]:
    """A page of a list of three, with links to the others by their number, and to the next."""
    numbers = [
        el("span", str(n), aria_current="page") if n == shown else el("a", str(n), href=f"/support/?page={n}")
        for n in (1, 2, 3)
    ]
    following = [el("a", "Next", href=f"/support/?page={shown + 1}", rel="next")] if shown < 3 else []
    return (el("main", HEAD, *(way(n, "Your name change") for n in items), el("nav", *numbers, *following)),)


async def test_a_list_names_its_first_page_by_a_number(whole: Whole) -> None:
    """It is reached without one, and again with it: both are the same, and the last page ends the list."""
    pages = {
        INBOX: numbered(1, 902807, 902808),
        f"{INBOX}?page=2": numbered(2, 902809),
        f"{INBOX}?page=3": numbered(3, 902810),
    }
    pages |= {f"{INBOX}?page=1": pages[INBOX], **{f"{ITEM}{n}": NAME for n in range(902807, 902811)}}
    read = await whole(pages)
    assert (read.items, read.complete) == (4, True)


async def test_the_inbox_shows_the_latest_and_a_link_to_all(whole: Whole) -> None:
    """The answer is in the list behind the link, which is no item."""
    everything = el("p", el("a", "See all requests (3)", href="/support/inbox/?view=all"))
    older = thread("Your objection to AI at Meta", HONOURED, (ASKED,))
    pages = {
        INBOX: (el("main", HEAD, way(902807, "Your name change"), everything),),
        f"{INBOX}inbox/?view=all": (el("main", el("h1", "All requests"), way(902807), way(902814, "Your objection")),),
        f"{ITEM}902807": NAME,
        f"{ITEM}902814": older,
    }
    read = await whole(pages)
    assert read.items == 2
    assert SignalName.REPLY_ACCEPTED in {signal.name for signal in read.signals}


async def test_a_link_that_acts_is_no_item(whole: Whole) -> None:
    """It is not followed, and the list is whole without it."""
    closing = el("a", "Mark as closed", href="/support/mark_closed/?id=902807")
    pages = {INBOX: (el("main", HEAD, el("div", way(902807, "Your name change"), closing)),), f"{ITEM}902807": NAME}
    read = await whole(pages)
    assert (read.items, read.complete) == (1, True)


@pytest.mark.parametrize(
    "beside", [el("details", el("summary", "Your privacy request ", el("small", "21 October 2026")))]
)
async def test_an_older_case_that_is_folded_away_is_an_item(whole: Whole, beside: Part) -> None:
    """Beside an item with a chip, and in no list of its own."""
    chip = el("ul", el("li", "Open"))
    listed = el("main", HEAD, el("div", way(902807, "Your name change"), chip), beside)
    assert not (await whole({INBOX: (listed,), f"{ITEM}902807": NAME})).complete


@pytest.mark.parametrize(("below", "complete"), [("21 October 2026", False), ("How we keep you safe", True)])
async def test_a_link_without_an_address_is_an_item_by_its_date(whole: Whole, below: str, complete: bool) -> None:
    """Scripts lead from it; one that was not opened may hold the answer, and a card of help is none."""
    row = el("div", el("div", "Your privacy request"), el("div", below), role="link", tabindex="0")
    listed = el("main", HEAD, way(902807, "Your name change"), row)
    assert (await whole({INBOX: (listed,), f"{ITEM}902807": NAME})).complete is complete


MARKETING = "We've reviewed your request and will honour your objection to the processing of your information for direct marketing."
NOT_AI = "This request was not about AI at Meta. There's a separate form for that."


GRANTED = "We've reviewed your request and will honor it."
WROTE = "Delete information about me and leave it out of what your AI is made of"
NUMBERS = ("Case 8149236", "Case no. 8149236", "Ticket: AB-8149236", "AI objection no. 8149236")


@pytest.mark.parametrize(
    ("called", "lines"),
    [
        *((called, (("Privacy Operations 5 February 2026", GRANTED), ("You 3 February 2026", WROTE)))
          for called in ("Delete information about me", f"You: {WROTE}", "Delete information about me …")),
        *((called, (("Privacy Operations 5 February 2026", said),))
          for called in ("Delete information about me", "Your request", OBJECTION) for said in (GRANTED, HONOURED)),
    ],
)  # fmt: skip
async def test_an_item_is_called_as_in_the_list(whole: Whole, called: str, lines: tuple[tuple[str, str], ...]) -> None:
    """Where its page has no heading, or a number; it tells of which request "yours" is, and no preview of it does."""
    for heading in ((), *((el("h1", number),) for number in NUMBERS)):
        item = (el("main", *heading, *(el("p", line) for message in lines for line in message)),)
        listed = el("main", HEAD, way(902807, "8149236"), way(902807, called))
        read = await whole({INBOX: (listed,), f"{ITEM}902807": item})
        names = {signal.name for signal in read.signals}
        assert not read.complete
        assert lines[0][1] is not HONOURED or names & {SignalName.REPLY_ACCEPTED, SignalName.REPLY_UNCLEAR}
