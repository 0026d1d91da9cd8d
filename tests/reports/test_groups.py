"""Who belongs together, and what may be said of a Page."""

from __future__ import annotations

import io
from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING

import pytest
from rich.console import Console

from automation.core.accounts import Account, AccountKind
from automation.core.verdicts import Reason, Verdict
from automation.reports.as_table import render_table
from automation.reports.background import Background
from automation.reports.entries import by_owner, most_urgent_first
from automation.text.language import language
from tests.builders import a_document, a_result
from tests.reports.pages import TakenApart, plain, render

if TYPE_CHECKING:
    from automation.core.results import Result

PAGE = {"kind": "page_admin", "page": "Atelier Dupont, luthier"}


def test_owners_stay_in_order_and_pages_come_first() -> None:
    """Owners appear as first met; in each, its Pages stand before its other accounts."""
    results = [
        a_result("b-1", owner="B"),
        a_result("a-1", owner="A"),
        a_result("b-2", owner="B", **PAGE),
        a_result("b-3", owner="B", **PAGE),
    ]
    households = by_owner(results)
    assert [household.owner for household in households] == ["B", "A"]
    pages = [(group.page, [r.account for r in group.members]) for group in households[0].groups]
    assert pages == [(PAGE["page"], ["b-2", "b-3"]), (None, ["b-1"])]


def test_a_page_of_the_same_name_elsewhere_is_another_page() -> None:
    """Authors on two services do not answer for each other, nor do those of two owners."""
    results = [
        a_result("one", **PAGE),
        a_result("two", flow="instagram.ai_objection", **PAGE),
        a_result("three", owner="Another", **PAGE),
    ]
    assert [[len(group.members) for group in household.groups] for household in by_owner(results)] == [[1, 1], [1]]


STRENGTH = [
    a_result("a", Verdict.NOT_OBJECTED),
    a_result("b", Verdict.REFUSED),
    a_result("c", Verdict.NOT_OFFERED),
    a_result("d", reason=Reason.TIMEOUT),
    a_result("e", reason=Reason.CHALLENGE),
    a_result("f", Verdict.PENDING),
    a_result("g", Verdict.OBJECTED),
]


@pytest.mark.parametrize(("weaker", "stronger"), list(combinations(STRENGTH, 2)))
def test_a_page_is_only_as_good_as_its_weakest_author(weaker: Result, stronger: Result) -> None:
    """Proven use outweighs doubt, doubt outweighs waiting, waiting outweighs an objection, in either order."""
    for pair in ([weaker, stronger], [stronger, weaker]):
        (household,) = by_owner([replace(result, **PAGE) for result in pair])
        assert household.groups[0].weakest.verdict is weaker.verdict


AUTHORS = [
    Account(name, "facebook.ai_objection", "Atelier Dupont", "1", AccountKind.PAGE_ADMIN, page)
    for name, page in (("one", PAGE["page"]), ("two", PAGE["page"]), ("three", "Another Page"))
]


@pytest.mark.parametrize(
    ("read", "of_the_page"),
    [
        (a_result("one", Verdict.OBJECTED), Verdict.UNKNOWN),
        (a_result("one", Verdict.PENDING), Verdict.UNKNOWN),
        (a_result("one", reason=Reason.TIMEOUT), Verdict.UNKNOWN),
        (a_result("one", Verdict.REFUSED), Verdict.REFUSED),
        (a_result("one", Verdict.NOT_OBJECTED), Verdict.NOT_OBJECTED),
    ],
)
def test_an_author_who_was_not_read_is_no_better_than_unknown(read: Result, of_the_page: Verdict) -> None:
    """A run over some of a Page's authors says nothing good of the Page, and names who is missing; nowhere else."""
    read = replace(read, owner="Atelier Dupont", **PAGE)
    (household,) = by_owner([read, a_result("own", Verdict.OBJECTED, owner="Atelier Dupont")], AUTHORS)
    page, own = household.groups
    assert (page.verdict, page.unread) == (of_the_page, ("two",))
    assert (own.verdict, own.unread) == (Verdict.OBJECTED, ())
    (whole,) = by_owner([read, replace(read, account="two")], AUTHORS)
    assert (whole.groups[0].verdict, whole.groups[0].unread) == (read.verdict, ())


@pytest.mark.parametrize(("lang", "says"), [("en", "not read here: two"), ("fr", "pas lu ici : two")])
def test_page_and_table_name_who_was_not_read(lang: str, says: str) -> None:
    """The line of a Page shows unknown instead of the one good answer, in the page and in the terminal."""
    document = a_document(replace(a_result("one", Verdict.OBJECTED), owner="Atelier Dupont", **PAGE))
    background = Background(authors=tuple(AUTHORS))
    words = language(lang).gettext
    page = TakenApart(render(document, {}, lang, background=background))
    (line,) = [e.words for e in page.all("span") if "weakest" in e.attributes.get("class", "")]
    assert words("Unknown") in line
    assert plain(says) in line
    assert words("Objected") not in line
    console = Console(width=80, file=io.StringIO(), record=True)
    console.print(render_table(document, {}, lang, width=80, authors=AUTHORS))
    text = plain(console.export_text())
    assert f"? {words('Unknown')} ({plain(says)})" in text


def test_what_needs_action_comes_first() -> None:
    """Findings, then open ones, then those as wanted; within each in the order given."""
    names = [
        r.account
        for r in most_urgent_first(
            [
                a_result("ok-1", Verdict.OBJECTED),
                a_result("open", Verdict.PENDING),
                a_result("bad-1", Verdict.REFUSED),
                a_result("ok-2", Verdict.OBJECTED),
                a_result("bad-2", Verdict.NOT_OBJECTED),
            ]
        )
    ]
    assert names == ["bad-1", "bad-2", "open", "ok-1", "ok-2"]
