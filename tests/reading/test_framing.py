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
