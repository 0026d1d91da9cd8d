"""A list that code could not settle is shown to a person, and what they say of it counts while it shows the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, cast

import pytest
from pydantic import TypeAdapter

from automation.core.looks import Look, Says, Shown, ShownKind
from automation.core.observations import Observation
from automation.core.signals import SignalName, Way, Wording
from automation.core.verdicts import Verdict
from automation.evidence.verify.opened import parse_observation
from automation.flow import Flow
from automation.page import Node, PageView
from automation.page.read_page import ReadPage
from automation.reading.letters.answers import InboxReading
from automation.reading.lists.looked import with_list_looks
from automation.reading.lists.opened import shows_a_message
from automation.reading.lists.rows import item_rows
from automation.text.page_words import PageWords
from automation.visit.conclusion import judge
from tests.reading.outline import Part, el, page
from tests.visit.listing import ASKED, HEAD, HONOURED, INBOX, ITEM, NAME, OBJECTION, Pages, Whole, read_of, thread, way

LISTED = el("main", HEAD, way(902807, "Your name change, 3 May 2026"), way(902814, "Your photo, 9 May 2026"))
FAILED = {INBOX: (LISTED,), f"{ITEM}902807": NAME}
"""One of its items cannot be opened."""


def a_look(shown: Shown, says: Says) -> Look:
    """What somebody said of a list."""
    moment = datetime(2026, 12, 2, tzinfo=UTC)
    lines = (shown.lines,)
    return Look(ShownKind.LIST, says, "f", "en", lines, "Ada", moment, "0" * 64, subject="me", state=shown.state)


def test_an_unopened_item_withholds_in_evidence_of_before_that_was_noted() -> None:
    """Of an observation that only says that an item was not opened, the item may be newer than the answer."""
    unread = SignalName.INBOX_UNREAD.seen("support_inbox", Way.ITEM_UNOPENED)
    old = Observation("f", "1", "me", "en", signals=(unread,))
    read = parse_observation(TypeAdapter(Observation).dump_json(old))
    assert read.names() == {SignalName.INBOX_UNREAD, SignalName.INBOX_LATER}
    assert parse_observation(TypeAdapter(Observation).dump_json(read)) == read


def observed(read: InboxReading) -> Observation:
    """A visit that read no more than its inbox."""
    return Observation("f", "1", "me", "en", tuple(read.signals), shown=tuple(read.shown))


async def test_a_list_that_is_not_settled_is_shown(whole: Whole) -> None:
    """By its lines, without dates and numbers; its newest date is kept beside them."""
    (shown,) = (await whole(FAILED)).shown
    assert shown.kind is ShownKind.LIST
    assert [line for line in shown.lines if "Your" in line] == [
        "Your name change, {later date}",
        "Your photo, {later date}",
    ]
    assert shown.at == datetime(2026, 5, 9)  # noqa: DTZ001 - as pages show it


@pytest.mark.parametrize("pages", [FAILED | {f"{ITEM}902814": thread("Your photo", "We removed the photo.")}])
async def test_a_list_that_is_settled_asks_nobody(whole: Whole, pages: dict[str, tuple[Part, ...]]) -> None:
    """No answer is in it, and that is known."""
    read = await whole(pages)
    assert (read.complete, read.shown) == (True, [])


@pytest.mark.parametrize(
    ("says", "names"),
    [
        (Says.NOTHING, {SignalName.INBOX_KNOWN, SignalName.INBOX_NOTHING}),
        (Says.ACCEPTED, {SignalName.REPLY_ABOUT_AI, SignalName.REPLY_FRAME, SignalName.REPLY_ACCEPTED}),
        (Says.REFUSED, {SignalName.REPLY_ABOUT_AI, SignalName.REPLY_FRAME, SignalName.REPLY_REFUSED}),
        (Says.UNSURE, {SignalName.INBOX_UNREAD}),
    ],
)
async def test_what_a_person_says_of_a_list_counts(whole: Whole, says: Says, names: set[SignalName]) -> None:
    """In place of that it was not read, with whose word it is."""
    before = observed(await whole(FAILED))
    after = with_list_looks(before, [a_look(before.shown[0], says)])
    assert names <= {signal.name for signal in after.signals}
    assert (SignalName.INBOX_UNREAD in {signal.name for signal in after.signals}) is (says is Says.UNSURE)
    told = [signal for signal in after.signals if signal not in before.signals]
    assert all(signal.wording is Wording.CONFIRMED and "Ada" in signal.source for signal in told)


@pytest.mark.parametrize(
    "changed",
    [
        lambda shown: replace(shown, lines=(*shown.lines, "Your objection")),
        lambda shown: replace(shown, lines=shown.lines[:-1]),
        lambda shown: replace(shown, state="2026-06-01T00:00:00"),
    ],
)
async def test_a_look_ends_with_what_was_shown(whole: Whole, changed: object) -> None:
    """A line more, a line less, or the same lines with a newer date."""
    before = observed(await whole(FAILED))
    look = a_look(before.shown[0], Says.NOTHING)
    later = replace(before, shown=(changed(before.shown[0]),))  # type: ignore[operator]
    assert with_list_looks(later, [look]) == later
    assert with_list_looks(before, [replace(look, subject="another")]) == before
    assert with_list_looks(before, [look, replace(look, says=Says.REFUSED, by="Grace")]) == before


@pytest.mark.parametrize(
    ("says", "verdict"),
    [
        (None, Verdict.UNKNOWN),
        (Says.UNSURE, Verdict.UNKNOWN),
        (Says.REFUSED, Verdict.UNKNOWN),
        (Says.NOTHING, Verdict.OBJECTED),
        (Says.ACCEPTED, Verdict.OBJECTED),
    ],
)
async def test_an_acceptance_waits_for_an_item_that_could_not_be_opened(
    whole: Whole, facebook: Flow, says: Says | None, verdict: Verdict
) -> None:
    """It may be newer and take it back; whoever looks through the list and finds no other answer settles it."""
    listed = el("main", HEAD, way(902807, OBJECTION), way(902814, "Your photo, 9 May 2026"))
    before = observed(await whole({INBOX: (listed,), f"{ITEM}902807": thread(OBJECTION, HONOURED, (ASKED,))}))
    before = replace(before, signals=(SignalName.IDENTITY_SAME.seen("home"), *before.signals))
    after = with_list_looks(before, [a_look(before.shown[0], says)] if says else [])
    assert judge(after, facebook.states).verdict is verdict
    answers = {SignalName.REPLY_ACCEPTED, SignalName.REPLY_REFUSED}
    assert answers & {signal.name for signal in after.signals} == {SignalName.REPLY_ACCEPTED}


# -- an inbox in a dialog with two panes


def in_dialog(pane: tuple[Part, ...]) -> PageView:
    """A feed, and over it a dialog with a list and what is shown beside it."""
    rows = [
        el("li", el("button", el("span", title), el("small", day)), role="listitem", name="")
        for title, day in (("Your objection", "9 May 2026"), ("Your name change", "3 May 2026"))
    ]
    feed = el("article", el("p", "Somebody's post"), el("small", "1 May 2026"), el("button", "Like"))
    over = el("div", el("h2", "Support Inbox"), el("ul", *rows, role="list", name=""), el("div", *pane))
    dialog = el("div", over, role="dialog", name="Support Inbox", aria_modal="true")
    return page(el("main", el("div", feed, role="feed", name="")), dialog, url=INBOX)


def test_an_inbox_in_a_dialog_holds_its_own_rows() -> None:
    """What lies behind it is no item."""
    view = in_dialog((el("p", "Select a message."),))
    assert [view.text(row.index, chrome=True).split("\n")[0] for row in item_rows(view)]
    assert len(item_rows(view)) == 2


def test_a_thread_beside_its_list_in_a_dialog_is_a_message() -> None:
    """The dialog is the same one, though what it shows has changed."""
    before = in_dialog((el("p", "Select a message."),))
    after = in_dialog((el("p", "Meta Support"), el("p", "We have read what you wrote to us, and thank you for it.")))
    assert shows_a_message(before, after, item_rows(before)[0])
    assert not shows_a_message(before, in_dialog((el("p", "Select a message."),)), item_rows(before)[0])


class InDialog(Pages):
    """An inbox in a dialog; a press on a row fetches its thread."""

    said = "We removed the photo."
    page: Any

    async def open(self, name: str, *, url: str = INBOX, until: Any = None) -> ReadPage:
        """The dialog, with nothing chosen."""
        read = await super().open(name, url=url)
        self.page = shown = replace(read, view=in_dialog((el("p", "Select a message."),)), status=200)
        return shown

    async def reveal_node(self, node: Node, surface: str, *, row: bool = False) -> ReadPage:
        """The thread beside the list."""
        first = "Your objection" in self.page.view.text(node.index, chrome=True)
        title, said = ("Your objection", self.said) if first else ("Your name change", "We've changed your name.")
        asked = (el("p", "You"), el("p", "I object to my information being used for AI at Meta.")) if first else ()
        pane = (el("h3", title), *asked, el("p", "Meta Support"), el("p", said))
        self.page = shown = replace(cast("ReadPage", self.page), view=in_dialog(pane))
        return shown


async def test_the_answer_in_a_dialogs_pane_is_read(facebook: Flow) -> None:
    """Every row is opened, and the list is whole."""
    reader = InDialog(PageWords.of(facebook.labels, "en"), {INBOX: (el("main"),)})
    reader.said = "We will honour your objection."
    read = await read_of(reader, facebook)
    names = {signal.name for signal in read.signals}
    assert read.items == 2
    assert SignalName.REPLY_ACCEPTED in names
    assert SignalName.INBOX_UNREAD not in names
