"""An item whose messages stand behind a tab, and a list that shows one of its items beside it."""

from __future__ import annotations

import pytest

from automation.flow import Flow
from automation.page import PageView
from automation.reading.letters.answers import Item, judge_item
from automation.reading.lists.addresses import item_links
from automation.reading.lists.opened import item_on, shown_beside
from automation.reading.lists.rows import further_of
from automation.reading.lists.views import names_a_view, tabs_of_item
from automation.reading.threads.authors import Speakers
from automation.text.labels import Labels
from automation.text.page_words import PageWords
from automation.visit.inbox_threads import behind_tabs
from tests.reading.outline import Part, el, page

SPEAKERS = Speakers("en", frozenset({"meta", "meta support", "facebook"}), frozenset({"ada lovelace"}))
TITLE = "Your objection to your information being used for AI at Meta"
HONOURED, REFUSED = "We will honor your objection.", "We will not honor your objection."
INBOX = "https://www.facebook.com/support/"


def tab(name: str, *, shown: bool) -> Part:
    """One tab of a row."""
    return el("button", name, role="tab", aria_selected=str(shown).lower(), type="button")


def behind(shown: str, *inside: Part) -> PageView:
    """An item's page with one of its two tabs open."""
    tabs = el("div", *(tab(name, shown=name == shown) for name in ("Details", "Messages")), role="tablist")
    panel = el("div", *inside, role="tabpanel", name=shown)
    return page(el("main", el("h1", TITLE), tabs, panel), url=f"{INBOX}view_details/?id=4711008150015")


def details(status: str) -> PageView:
    """What a case says of itself."""
    return behind("Details", el("p", "Request number: 4711 0815"), el("p", f"Status: {status}"))


def messages(said: str, *, name: str = "Messages") -> PageView:
    """What was written: by the person, then by the service."""
    own = el("article", el("p", "You"), el("p", "I object to my information being used for AI at Meta."))
    return behind(name, own, el("article", el("p", "Meta Support"), el("p", said)))


def item(view: PageView, words: PageWords) -> Item:
    """One tab as it is read."""
    return item_on(view, "support_inbox", words, SPEAKERS)


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ([details("Closed"), messages(HONOURED)], "accepted"),
        ([messages(HONOURED), details("Closed")], "accepted"),
        ([details("Closed"), messages(REFUSED)], "refused"),
        ([details("Closed"), messages(HONOURED), messages(HONOURED)], "accepted"),
        ([details("Closed"), messages(HONOURED), messages(REFUSED)], ""),
        ([details("Closed"), details("Open")], ""),
        ([details("Accepted for photos only"), messages(HONOURED)], ""),
        ([details("In review"), messages(HONOURED)], ""),
        ([details("Withdrawn"), messages(HONOURED)], ""),
        ([details("In Bearbeitung"), messages(HONOURED)], ""),
        ([behind("Details", el("p", "Owner: Maria Lovelace")), messages(HONOURED)], ""),
        ([behind("Details", el("p", "Last updated"), el("p", "18 April 2026, 10:34"), el("p", "FB-4711/0815")), messages(HONOURED)], "accepted"),
        ([messages("We've received your objection and will review it."), behind("More", el("p", HONOURED))], ""),
        ([messages("We've received your objection and will review it."), behind("More", el("p", "Suggested reply"), el("p", HONOURED))], ""),
        ([messages("We've received your objection and will review it."), behind("More", el("p", "We found in your favour."))], ""),
        ([details("Closed"), messages("We are reviewing your objection.")], "pending"),
        ([behind("Details", el("h2", "Objection removed"), el("p", "9 June 2026")), messages(HONOURED)], ""),
        ([behind("Details", el("h2", "Request"), el("p", "9 June 2026")), messages(HONOURED)], "accepted"),
        ([behind("Sent", el("p", "You"), el("p", "I withdraw my objection to AI.")), messages(HONOURED)], ""),
    ],
)  # fmt: skip
def test_the_tabs_of_an_item_are_one_thread(meta_labels: Labels, parts: list[PageView], expected: str) -> None:
    """The messages decide, whichever tab stands first; two tabs that say different things decide nothing."""
    words = PageWords.of(meta_labels, "en")
    judged = judge_item(behind_tabs([item(part, words) for part in parts], words), words)
    assert "".join(meaning.value for meaning in judged.meanings) == expected


def test_tabs_of_an_item_are_told_from_those_of_the_list() -> None:
    """Only where the item says which one is shown; one that is off is none."""
    view = details("Closed")
    assert tabs_of_item(view, frozenset()) == ["messages"]
    assert tabs_of_item(view, frozenset({"details", "messages"})) == []
    away = el("a", "Account status", role="tab", href="/support/status/")
    assert tabs_of_item(page(el("main", tab("Details", shown=True), away)), frozenset()) == []
    off = page(el("main", tab("Details", shown=True), el("button", "Messages", role="tab", aria_disabled="true")))
    assert tabs_of_item(off, frozenset()) == []
    assert tabs_of_item(page(el("main", tab("Details", shown=False), tab("Messages", shown=False))), frozenset()) == []


def panes(*, chosen: bool, around: str = "nav") -> PageView:
    """A list in an element of its own, and beside it the text of its first item."""
    current = {"aria_current": "true"} if chosen else {}
    links = [
        el("li", el("a", "Your objection", href="/support/view_details/?id=100200300400", **current), role="listitem"),
        el("li", el("a", "Your post", href="/support/view_details/?id=100200300401"), role="listitem"),
    ]
    shown = el("main", el("h1", "Your objection"), el("p", "Meta Support"), el("p", HONOURED))
    return page(
        el(around, el("h2", "Support Inbox"), el("ul", *links, role="list"), role=_ROLE[around]), shown, url=INBOX
    )


_ROLE = {"nav": "navigation", "header": "banner", "div": ""}


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("/support/view_details/?id=100200300400", 1),
        ("/support/view_details/?id=902807", 1),
        ("/support/view_details/?id=100200300400&src=inbox", 1),
        ("/support/inbox/?selected=100200300400", 1),
        ("/support/inbox/?selected=all", 0),
        ("/support/view/?id=902807", 0),
        ("/support/view_details/?id=new", 0),
        ("/support/view_details/?id=100200300400&state=closed", 0),
        ("/support/close/?id=100200300400", 0),
        ("/support/view_details/?id=100200300400&action=close", 0),
        ("/support/withdraw/100200300400/", 0),
        ("/support/articles/1234567890/", 0),
    ],
)
def test_a_navigation_leads_to_an_item_or_does_something(flows: dict[str, Flow], address: str, found: int) -> None:
    """The guard lets every address through that is only fetched."""
    surface = flows["facebook.ai_objection"].surfaces["support_inbox"]
    view = page(el("nav", el("a", "Your post", href=address), role="navigation"), el("main", "Post"), url=INBOX)
    assert len(item_links(view, surface)) == found


@pytest.mark.parametrize(("around", "found"), [("nav", 2), ("div", 2), ("header", 0)])
def test_a_list_in_a_navigation_holds_items(flows: dict[str, Flow], around: str, found: int) -> None:
    """Each address names one thing of many; what the site's header leads to is no list."""
    surface = flows["facebook.ai_objection"].surfaces["support_inbox"]
    assert len(item_links(panes(chosen=True, around=around), surface)) == found


@pytest.mark.parametrize(("chosen", "shown"), [(True, "100200300400"), (False, "")])
def test_a_list_says_which_item_it_shows_beside_it(flows: dict[str, Flow], chosen: bool, shown: str) -> None:
    """Its text stands on the list's page and is no text of every page."""
    view = panes(chosen=chosen)
    links = item_links(view, flows["facebook.ai_objection"].surfaces["support_inbox"])
    assert (shown_beside(view, links) or "").rpartition("=")[2] == shown


@pytest.mark.parametrize(
    ("query", "followed"), [("cursor=20", True), ("after=AQB3", True), ("page_token=x", True), ("close=3", False)]
)
def test_a_numbered_link_is_followed_where_it_names_a_page(flows: dict[str, Flow], query: str, followed: bool) -> None:
    """Whichever name the page has in the address; anything else may act."""
    surface = flows["facebook.ai_objection"].surfaces["support_inbox"]
    view = page(
        el("main", el("h1", "Support Inbox")), el("nav", el("a", "Page 2", href=f"/support/?{query}")), url=INBOX
    )
    assert (further_of(view, surface, {view.url}) is not None) is followed


@pytest.mark.parametrize(
    ("name", "is_one"),
    [
        ("Your objection Answered · 02/21/2026", False),
        ("Answered (2)", True),
        ("Show closed requests", True),
        ("Closed cases since 21 May 2026", True),
        ("My closed cases 21 May 2026", True),
        ("My older requests closed · 21 May 2026", True),
    ],
)
def test_a_row_with_its_date_is_no_view_of_the_list(name: str, is_one: bool) -> None:
    """An item says its status in its name; a part of the list has no date."""
    assert names_a_view(name, "en-US") is is_one
