"""Messages that a thread shows by their author's line alone, and how long ago they were written, in words."""

from __future__ import annotations

import pytest

from automation.reading.lists.completeness import collapsed_messages
from automation.reading.threads.authors import Speaker
from automation.reading.threads.words import find_date
from tests.reading.outline import Part, el, page
from tests.reading.test_tabs_and_panes import HONOURED, SPEAKERS, TITLE

LINE = "Meta Support · a year ago"
TEXT = el("p", HONOURED)


@pytest.mark.parametrize(
    ("parts", "found"),
    [
        ((el("button", LINE, aria_expanded="false"),), 1),
        ((el("div", el("button", LINE)), el("div", el("button", "Ada Lovelace · 2 yrs"))), 2),
        ((el("div", el("button", el("span", "Meta Support"), " ", el("span", "last week"))),), 1),
        ((el("div", el("button", "You · 3 May 2026")), el("div", el("button", LINE), TEXT)), 1),
        ((el("article", el("button", LINE), TEXT),), 0),
        ((el("article", el("div", el("button", LINE)), TEXT),), 0),
        ((el("button", "Meta Support"),), 0),
        ((el("button", "Close your case from a year ago"),), 0),
        ((el("button", LINE, aria_expanded="true"), TEXT), 0),
        ((el("button", LINE, aria_haspopup="menu", aria_pressed="false"),), 0),
    ],
)
def test_an_authors_line_with_nothing_beneath_it_is_a_message(parts: tuple[Part, ...], found: int) -> None:
    """It is opened before anything is decided; the line above an open message, or a menu, is none."""
    view = page(el("main", el("h1", TITLE), *parts))
    assert len(collapsed_messages(view, SPEAKERS)) == found


@pytest.mark.parametrize(
    ("said", "locale"),
    [
        ("a year ago", "en"), ("last week", "en"), ("2 yrs", "en"), ("3 wks ago", "en"), ("6mo", "en"), ("an hour ago", "en"),
        ("a few minutes ago", "en"), ("over a year ago", "en"), ("il y a un an", "fr"), ("la semaine dernière", "fr"),
        ("vor einem Jahr", "de"), ("letzten Monat", "de"), ("hace un año", "es"), ("la semana pasada", "es"),
        ("un anno fa", "it"), ("il mese scorso", "it"),
    ],
)  # fmt: skip
def test_an_age_in_words_is_a_date(said: str, locale: str) -> None:
    """Beside an author it makes a line of theirs, and it gives no order."""
    found = find_date(said, locale)
    assert (found.dated, found.rest, found.at) == (True, "", None)


@pytest.mark.parametrize(
    "said", ["a year of use", "last in the list", "2 years to come", "We wrote weeks before", "las normas"]
)
def test_other_words_are_no_age(said: str) -> None:
    """They stay in the line."""
    assert not find_date(said, "en").dated


def test_an_age_stands_beside_an_author() -> None:
    """Both together name who writes."""
    mark = SPEAKERS.mark(LINE)
    assert mark is not None
    assert mark.speaker is Speaker.SERVICE
