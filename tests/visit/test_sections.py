"""Links of an inbox that name a section and no item: one that does not exist holds nothing. The reader is a stand-in."""

from __future__ import annotations

import pytest

from automation.flow import Flow
from automation.page import PageView
from automation.page.read_page import ReadPage
from automation.reading.lists.looked import ListPage
from automation.reading.threads.authors import Speakers
from automation.text.labels import Labels
from automation.text.page_words import PageWords
from tests.reading.outline import el, page
from tests.visit.listing import items_of

INBOX = "https://www.facebook.com/support/"


def read_page(view: PageView, url: str, status: int) -> ReadPage:
    """What was read there."""
    return ReadPage("support_inbox", url, url, (), status, view, settled=True, answers=(), locale="en", seconds=0.0)


class Reader:
    """Every address answers with the same status."""

    def __init__(self, words: PageWords, status: int) -> None:
        self.words, self.status = words, status
        self.page: ReadPage | None = None

    async def open(self, name: str, *, url: str | None = None, until: object = None) -> ReadPage:
        """Go there."""
        del name, until
        assert url is not None
        self.page = read_page(page(el("main", el("p", "This page isn't available.")), url=url), url, self.status)
        return self.page

    async def check_account(self) -> None:
        """The account is the right one."""

    def refuse_login(self) -> None:
        """No page asks to sign in."""

    def speakers(self, view: PageView) -> Speakers:
        """The names of both sides."""
        del view
        return Speakers("en")


@pytest.mark.parametrize(
    ("path", "called", "status", "unopened"),
    [
        ("account_status/", "Account status", 404, 0),
        ("account_status/", "Account status", 410, 0),
        ("account_status/", "Account status", 500, 1),
        ("view_details/?id=40584059095", "Account status", 404, 1),
        ("40584059095/", "Account status", 404, 1),
        ("cases/ai/", "Your objection to AI", 404, 1),
        ("cases/last/", "Closed on 9 October 2026", 404, 1),
    ],
)
async def test_a_section_that_is_not_there_hides_no_item(
    meta_labels: Labels, flows: dict[str, Flow], path: str, called: str, status: int, unopened: int
) -> None:
    """One that fails may hold items, and an item that is gone may have been the answer."""
    reader = Reader(PageWords.of(meta_labels, "en"), status)
    listed = ListPage(read_page(page(el("main", el("a", called, href=INBOX + path)), url=INBOX), INBOX, 200))
    surface = flows["facebook.ai_objection"].surfaces["support_inbox"]
    _, left = await items_of(reader, surface, listed)
    assert left == unopened
