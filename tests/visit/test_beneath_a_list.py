"""Buttons beneath an inbox's list: one may load more of it, whatever it is called; one of a cookie notice does not."""

from __future__ import annotations

import pytest

from automation.flow import Flow
from tests.reading.outline import Part, el
from tests.visit.test_list_strays import MINE, rows
from tests.visit.test_whole_list import HEAD, INBOX, ITEM, NAME, whole

TOLD = el("p", "We use cookies to keep you signed in and to measure how the site is used.")
YES, NO = el("button", "Fine by me"), el("button", "Only what is needed")


def notice(*inside: Part | str, **named: str) -> Part:
    """A bar at the foot of the page, which is no dialog."""
    return el("div", *inside, **named)


@pytest.mark.parametrize(
    "bar",
    [
        notice(TOLD, YES, NO, role="region", aria_label="Cookies"),
        notice(TOLD, el("div", YES, NO)),
        notice(el("b", "Your privacy"), TOLD, el("p", el("a", "Cookie policy", href="/cookies/")), el("div", el("span", YES))),
        notice("Wir verwenden Cookies, damit du angemeldet bleibst. ", el("button", "Verstanden")),
    ],
)  # fmt: skip
async def test_a_cookie_notice_beneath_the_items_says_nothing_of_the_list(flows: dict[str, Flow], bar: Part) -> None:
    """Whatever its buttons are called: it speaks of cookies, and holds no item."""
    pages = {INBOX: (HEAD, rows(MINE), bar), f"{ITEM}902807": NAME}
    assert (await whole(flows["facebook.ai_objection"], pages)).complete


@pytest.mark.parametrize(
    "beneath",
    [
        (el("button", "Nog 12"),),
        (notice(el("p", "Nog 12 verzoeken"), el("button", "Verder")),),
        (notice(TOLD, YES), el("button", "Nog 12")),
        (notice(notice(TOLD, YES), el("button", "Nog 12")),),
        (notice(TOLD, el("button", "Show more")),),
        (notice(el("a", "Cookies", href="/cookies/"), el("button", "Nog 12")),),
        (notice("Cookies", el("button", "Nog 12")),),
    ],
)  # fmt: skip
async def test_any_other_button_beneath_the_items_may_load_more(
    flows: dict[str, Flow], beneath: tuple[Part, ...]
) -> None:
    """Beside a cookie notice, too, or where cookies are only named."""
    for outline in ((HEAD, rows(MINE), *beneath), (el("main", HEAD, rows(MINE), *beneath),)):
        read = await whole(flows["facebook.ai_objection"], {INBOX: outline, f"{ITEM}902807": NAME})
        assert not read.complete
    read = await whole(
        flows["facebook.ai_objection"], {INBOX: (notice(HEAD, rows(MINE), TOLD, *beneath),), f"{ITEM}902807": NAME}
    )
    assert not read.complete
