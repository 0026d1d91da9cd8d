"""Rows of an inbox's list that are no links, and whose markup says where a click leads."""

from __future__ import annotations

import pytest

from automation.core.signals import SignalName
from tests.reading.outline import Part, el
from tests.visit.listing import HEAD, INBOX, ITEM, NAME, REFUSED, Whole, case

THERE = "/support/view_details/?id="


def row(onclick: str, *inside: Part | str, role: str = "row", tag: str = "div") -> Part:
    """A row that takes no focus."""
    return el(
        tag,
        *(inside or (el("span", "Your name change"), el("span", "3 May 2026"))),
        role=role,
        name="",
        onclick=onclick,
    )


def listed(*rows: Part, role: str = "table") -> Part:
    """The list of an inbox."""
    return el("main", HEAD, el("div", *rows, role=role, name=""))


@pytest.mark.parametrize(
    ("outline", "read_items"),
    [
        (listed(row(f"location.href='{THERE}902807'")), 1),
        (listed(row(f'window.location = "{THERE}902807"; return false;', tag="tr")), 1),
        (listed(row(f"document.location.assign('{ITEM}902807')", role="listitem"), role="list"), 1),
        (listed(row(f"location='{THERE}902807'", el("a", "Your name change", href=f"{THERE}902807"), el("span", "3 May 2026"))), 1),
        (listed(row(f"location.href='{THERE}902807'"), row(f"location.href='{THERE}902808'")), 2),
    ],
)  # fmt: skip
async def test_a_row_is_read_at_the_address_to_which_it_leads(whole: Whole, outline: Part, read_items: int) -> None:
    """A person presses it wherever they like; its address is opened as any link's is."""
    pages = {INBOX: (outline,), f"{ITEM}902807": NAME, f"{ITEM}902808": NAME}
    read = await whole(pages)
    assert (read.items, read.complete) == (read_items, True)


async def test_the_answer_behind_such_a_row_is_read(whole: Whole) -> None:
    """Beside one that is about something else."""
    objection = row(
        f"location.href='{THERE}902814'", el("span", "Your objection to AI at Meta"), el("span", "9 May 2026")
    )
    asked = ("You 2 May 2026", "I object to my information being used for AI at Meta.")
    pages = {INBOX: (listed(row(f"location.href='{THERE}902807'"), objection),), f"{ITEM}902807": NAME}
    pages[f"{ITEM}902814"] = case(("Meta Support 9 May 2026", REFUSED), asked)
    read = await whole(pages)
    assert SignalName.REPLY_REFUSED in {signal.name for signal in read.signals}
    assert not read.complete


@pytest.mark.parametrize(
    "onclick",
    [
        "show(902814)",
        f"if (confirm('Close?')) location.href='{THERE}902814'",
        f"archive(902814); location.href='{THERE}902814'",
        f"location.href='{THERE}' + this.id",
        "location.href='/support/mark_closed/?id=902814'",
        "location.href='https://elsewhere.example.org/support/view_details/?id=902814'",
        "location.href='/settings/?id=902814'",
        f"location.reload(); location.href='{THERE}902814'",
    ],
)
async def test_a_row_that_does_anything_else_is_left_alone(whole: Whole, onclick: str) -> None:
    """What it leads to was not read, and the list is not all there."""
    pages = {INBOX: (listed(row(f"location.href='{THERE}902807'"), row(onclick)),), f"{ITEM}902807": NAME}
    pages[f"{ITEM}902814"] = NAME
    read = await whole(pages)
    assert (read.items, read.complete) == (2, False)


async def test_a_box_that_is_no_row_leads_nowhere(whole: Whole) -> None:
    """Anything on a page may have such a handler; only what a list holds is an item."""
    box = el("div", "Advertising", onclick=f"location.href='{THERE}902814'")
    pages = {INBOX: (el("main", HEAD, box, el("p", el("a", "Name", href=f"{THERE}902807"))),), f"{ITEM}902807": NAME}
    read = await whole(pages)
    assert (read.items, read.complete) == (1, True)
