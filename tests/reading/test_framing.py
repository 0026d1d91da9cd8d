"""What stands around the messages: in the frame of the page, on a badge or a button, or above the list of items."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from automation.domain.signals import SignalName
from automation.flow import Flow
from automation.reading.inbox.items import judge_item
from automation.reading.meanings import Meaning
from automation.text.labels import Labels
from automation.text.page_words import PageWords
from tests.check.test_whole_list import ASKED, HEAD, HONOURED, INBOX, ITEM, thread, way, whole
from tests.reading.outline import Part, el, page
from tests.reading.test_tabs_and_panes import TITLE, item

SHOWN = (el("h1", TITLE), ASKED, el("article", el("p", "Meta Support"), el("p", "We will honor your objection.")))
PLACES: list[Callable[[str], tuple[Part, ...]]] = [
    lambda said: (el("aside", el("p", said), role="complementary"), el("main", *SHOWN)),
    lambda said: (el("header", el("p", said), role="banner"), el("main", *SHOWN)),
    lambda said: (el("main", *SHOWN, el("footer", el("p", said), role="contentinfo")),),
    lambda said: (el("main", el("button", said), *SHOWN),),
    lambda said: (el("div", el("p", said)), el("main", *SHOWN)),
    lambda said: (el("main", el("h2", said), *SHOWN),),
    lambda said: (el("main", *SHOWN, el("ul", el("li", said, role="listitem"), role="list")),),
]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(
    "said", ["Your objection ended", "Your objection has ended.", "Objection ended on 3 June 2026", "Your objection is over",
             "Objection: inactive", "You ended your objection", "Your objection is no longer in effect"]
)  # fmt: skip
def test_an_objection_that_ended_is_none(
    meta_labels: Labels, place: Callable[[str], tuple[Part, ...]], said: str
) -> None:
    """Wherever it stands beside an acceptance."""
    words = PageWords.of(meta_labels, "en")
    assert judge_item(item(page(*place(said), url=f"{ITEM}4711008150015"), words), words).meanings == frozenset()


@pytest.mark.parametrize("place", PLACES[:4])
@pytest.mark.parametrize(
    "said", ["Withdraw my objection", "Remove objection", "Object to AI", "Your objection", "Objection closed", "Help",
             "Learn how to end your objection", "If you want to end your objection, write to us.", "Order cancelled"]
)  # fmt: skip
def test_what_one_may_do_about_an_objection_ends_none(
    meta_labels: Labels, place: Callable[[str], tuple[Part, ...]], said: str
) -> None:
    """A button, a link to help, and what happened to something else."""
    words = PageWords.of(meta_labels, "en")
    meanings = judge_item(item(page(*place(said), url=f"{ITEM}4711008150015"), words), words).meanings
    assert meanings == {Meaning.ACCEPTED}


DETAILS: list[Callable[[str], Part]] = [
    lambda state: el("p", f"Status: {state}"),
    lambda state: el("dl", el("dt", "Case"), el("dd", "5190"), el("dt", "Status"), el("dd", state)),
]


@pytest.mark.parametrize("details", DETAILS)
@pytest.mark.parametrize(
    ("state", "stands"),
    [("Withdrawn", False), ("Withdrawn by you", False), ("Declined", False), ("Under review", False), ("Reopened", False),
     ("No longer active", False), ("Not honored", False), ("Closed", True), ("Answered", True), ("Accepted", True),
     ("No further action needed", True), ("Open", True)],
)  # fmt: skip
def test_the_status_of_a_case_goes_with_its_answer(
    meta_labels: Labels, details: Callable[[str], Part], state: str, *, stands: bool
) -> None:
    """Above the messages or beside them a status is true now; another one than the answer's takes that away."""
    words = PageWords.of(meta_labels, "en")
    for parts in (
        (el("main", details(state), *SHOWN),),
        (el("main", *SHOWN), el("aside", el("h2", "Case details"), details(state), role="complementary")),
    ):
        answer = judge_item(item(page(*parts, url=f"{ITEM}4711008150015"), words), words)
        assert answer.meanings == ({Meaning.ACCEPTED} if stands else frozenset())


@pytest.mark.parametrize(
    ("line", "stands"),
    [("Declined", False), ("Your request is declined.", False), ("Under review", True), ("Closed", True)],
)
def test_the_opposite_of_an_answer_by_itself_takes_it_away(meta_labels: Labels, line: str, *, stands: bool) -> None:
    """It has no author and no date; a step on the way to the answer may stand there, too."""
    words = PageWords.of(meta_labels, "en")
    answer = judge_item(item(page(el("main", el("p", line), *SHOWN), url=f"{ITEM}4711008150015"), words), words)
    assert answer.meanings == ({Meaning.ACCEPTED} if stands else frozenset())


def test_the_status_of_another_item_is_none_of_this_one(meta_labels: Labels) -> None:
    """In the list beside it, in a link or a row."""
    words = PageWords.of(meta_labels, "en")
    other = el("a", el("div", "Copy of my information"), el("div", "Status: Declined"), href=f"{ITEM}1", role="link")
    rows = el("ul", el("li", other, role="listitem"), role="list")
    answer = judge_item(item(page(el("aside", rows), el("main", *SHOWN), url=f"{ITEM}2"), words), words)
    assert answer.meanings == {Meaning.ACCEPTED}


@pytest.mark.parametrize(("said", "clear"), [("Your objection to AI at Meta ended.", False), ("Your requests", True)])
async def test_a_line_above_the_list_may_end_what_an_item_grants(
    flows: dict[str, Flow], said: str, clear: bool
) -> None:
    """The list's own page counts beside an item that was accepted."""
    answer = thread("Your objection to AI at Meta", HONOURED, (ASKED,))
    listed = (el("main", HEAD, el("p", said), way(902814, "Your objection")),)
    read = await whole(flows["facebook.ai_objection"], {INBOX: listed, f"{ITEM}902814": answer})
    names = {signal.name for signal in read.signals}
    assert SignalName.REPLY_ACCEPTED in names
    assert (SignalName.REPLY_UNCLEAR not in names) is clear
