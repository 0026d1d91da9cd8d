"""
Turning the pages and tabs of an inbox, and opening the messages of a thread.

Real: Chromium, its clicks and the pages' own scripts. Not real: the pages, and the reader, of which only the verbs that
are needed are written out here; the guard is not there, and what it refuses is a request that fails.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import datetime
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, Route

from automation.browser.snapshot import take
from automation.flow.manifest import Surface
from automation.page import Node, PageView
from automation.page.read_page import ReadPage
from automation.reading.controls.rows import may_choose, may_reveal
from automation.reading.lists.addresses import item_links
from automation.reading.lists.completeness import complete, failed_to_load, may_be_later
from automation.reading.lists.looked import InboxList
from automation.reading.lists.opened import Common, outside_of_items
from automation.reading.lists.rows import handle_of, item_rows, same_row, words_of
from automation.reading.threads.authors import Speakers
from automation.text.labels import Labels
from automation.text.page_words import PageWords
from automation.visit.inbox_list import ListReader
from automation.visit.inbox_threads import open_messages
from tests.visit.listing import NO_READS

pytestmark = pytest.mark.browser

HOST = "https://www.facebook.com"
INBOX = "/support/"
SPEAKERS = Speakers("en", frozenset({"meta", "facebook"}), frozenset({"nora whitfield"}))


class Tab:
    """A page and the verbs of a reader on it."""

    def __init__(self, page: Page, labels: Labels) -> None:
        self._tab, self.words = page, PageWords.of(labels, "en")
        self.written: dict[str, str] = {}
        self.page: ReadPage | None = None
        self.opened: list[str] = []

    async def answer(self, route: Route) -> None:
        """Serve what the test wrote."""
        path = route.request.url.removeprefix(HOST)
        body = self.written.get(path) or self.written.get(path.partition("?")[0])
        if body is not None:
            await route.fulfill(body=body, content_type="text/html; charset=utf-8")
        else:
            await route.abort()

    async def _read(self) -> ReadPage:
        session = await self._tab.context.new_cdp_session(self._tab)
        view = await take(self._tab, session)
        self._session = session
        self.page = ReadPage(
            "support_inbox", view.url, view.url, (), 200, view, settled=True, answers=(), locale="en", seconds=0.0
        )
        return self.page

    async def open(self, name: str, *, url: str | None = None, until: Any = None) -> ReadPage:
        """Go there."""
        del until
        self.opened.append(url or name)
        await self._tab.goto(url or HOST + INBOX)
        return await self._read()

    async def show(self, body: str) -> PageView:
        """Show this in the main part of the inbox's page."""
        self.written = {INBOX: document(body)}
        return (await self.open("support_inbox")).view

    async def reveal_node(self, node: Node, surface: str, *, row: bool = False) -> ReadPage | None:
        """Click it."""
        assert self.page is not None
        assert may_reveal(self.page.view, node) or (row and may_choose(self.page.view, node))
        box = await self._session.send("DOM.getContentQuads", {"backendNodeId": node.backend_id})
        quad = box["quads"][0]
        async with AsyncExitStack() as until:
            if "location=" in node.attributes.get("onclick", ""):
                await until.enter_async_context(self._tab.expect_navigation())
            await self._tab.mouse.click((quad[0] + quad[4]) / 2, (quad[1] + quad[5]) / 2)
        return await self._read()

    async def clicks(self) -> int:
        """How often the page was clicked, as it counts itself."""
        return int(await self._tab.evaluate("window.clicks || 0"))

    async def check_account(self) -> None:
        """The account is the right one."""

    def speakers(self, view: PageView) -> Speakers:
        """The names of both sides."""
        del view
        return SPEAKERS


@pytest_asyncio.fixture(loop_scope="session")
async def tab(a_browser: Browser, meta_labels: Labels) -> AsyncIterator[Tab]:
    """An empty tab whose pages the test writes."""
    page = await a_browser.new_page()
    tab = Tab(page, meta_labels)
    await page.route("**/*", tab.answer)
    yield tab
    await page.close()


async def listed(tab: Any, surface: Surface) -> InboxList:
    """The list of the inbox, read to its end."""
    return await ListReader(tab, "support_inbox", surface).read(await tab.open("support_inbox"), NO_READS)


def numbers(read: InboxList) -> list[int]:
    """The items that were found, by their number."""
    return sorted(int(link.partition("id=")[2]) for link in read.links())


def document(body: str) -> str:
    """A whole page."""
    return f'<!doctype html><html lang="en"><body><main>{body}</main></body></html>'


def items(*numbers: int) -> str:
    """Links to items of the inbox."""
    links = (f'<li><a href="/support/view_details/?id={n}">Case {n}</a></li>' for n in numbers)
    return f"<h1>Support Inbox</h1><ul>{''.join(links)}</ul>"


async def test_a_control_that_leads_away_ends_the_list_and_the_reader_goes_back(tab: Tab, surface: Surface) -> None:
    """A "See all" that opens another page shows no more of this list: it is not whole, and nothing there is an item."""
    tab.written = {
        INBOX: document(
            items(1, 2) + "<div role=button tabindex=0 onclick=\"location='/notifications/'\">See all</div>"
        ),
        "/notifications/": document(items(7, 8, 9)),
    }
    read = await listed(tab, surface)
    assert read.at_end is False
    assert [[*item_links(page.view, surface)] for page in read.pages] == [
        [f"{HOST}/support/view_details/?id={n}" for n in (1, 2)]
    ]
    assert tab.opened == ["support_inbox", "support_inbox"]
    assert tab.page is not None
    assert tab.page.view.path == INBOX


TABS = """<div role=tablist>{tabs}</div><div id=list>{first}</div>
<script>const lists = {lists}; document.querySelectorAll('[role=tab]').forEach((tab, n) => tab.onclick = () => {{
document.querySelectorAll('[role=tab]').forEach((t, m) => t.setAttribute('aria-selected', m === n));
document.getElementById('list').innerHTML = lists[n]; }});</script>"""


def with_tabs(names: tuple[str, ...], lists: tuple[str, ...]) -> str:
    """A list under tabs, the first one chosen."""
    tabs = "".join(
        f"<div role=tab tabindex=0 aria-selected={'true' if n == 0 else 'false'}>{name}</div>"
        for n, name in enumerate(names)
    )
    return document("<h1>Support Inbox</h1>" + TABS.format(tabs=tabs, first=lists[0], lists=json.dumps(lists)))


@pytest.mark.parametrize(
    ("names", "lists", "found"),
    [
        (("Open", "Closed"), (items(1), items(2, 3)), [1, 2, 3]),
        (("Open (1)", "Closed (2)"), (items(1), items(2, 3)), [1, 2, 3]),
        (("Open", "All"), (items(1), items(1, 2, 3)), [1, 2, 3]),
        (("All", "Open"), (items(1, 2, 3), items(1)), [1, 2, 3]),
    ],
)
async def test_items_under_other_tabs_are_found(
    tab: Tab, surface: Surface, names: tuple[str, ...], lists: tuple[str, ...], found: list[int]
) -> None:
    """Each tab is opened, or the one for all; only then the list counts as whole."""
    tab.written = {INBOX: with_tabs(names, lists)}
    read = await listed(tab, surface)
    assert numbers(read) == [*found]
    assert read.at_end
    assert read.all_tabs is (names[0] != "All")


async def test_a_tab_that_does_not_open_leaves_the_list_incomplete(tab: Tab, surface: Surface) -> None:
    """A tab that stays unchosen after a click hides what it holds."""
    tab.written = {INBOX: with_tabs(("Open", "Closed"), (items(1), items(2))).replace("tab.onclick", "tab.never")}
    read = await listed(tab, surface)
    assert not read.at_end


PAGER = "<nav aria-label=Pages>{links}</nav>"


def numbered(*, here: int, last: int) -> str:
    """Links to the pages of a list by number; the one shown is marked."""
    marks = {here: " aria-current=page"}
    return PAGER.format(
        links="".join(f'<a href="{INBOX}?page={n}"{marks.get(n, "")}>{n}</a>' for n in range(1, last + 1))
    )


async def test_pages_by_number_are_turned(tab: Tab, surface: Surface) -> None:
    """Each is opened by its address, the first once more where its number has another address than the list."""
    tab.written = {INBOX: document(items(1, 2) + numbered(here=1, last=3))}
    for page in (2, 3):
        tab.written[f"{INBOX}?page={page}"] = document(items(2 * page) + numbered(here=page, last=3))
    tab.written[f"{INBOX}?page=1"] = tab.written[INBOX]
    read = await listed(tab, surface)
    assert numbers(read) == [*(1, 2, 4, 6)]
    assert read.at_end


@pytest.mark.parametrize(("second", "at_end"), [((3, 4), True), ((2, 3), False)])
async def test_a_page_turned_in_place_is_a_further_one(
    tab: Tab, surface: Surface, second: tuple[int, ...], at_end: bool
) -> None:
    """Only where all its items are new; where some stay and others go, nobody knows what was left out."""
    turn = f"list.innerHTML = {json.dumps(items(*second))}; this.remove()".replace('"', "&quot;")
    button = f'<div role=button tabindex=0 onclick="const list = document.getElementById(&quot;list&quot;); {turn}">Next</div>'
    tab.written = {INBOX: document(f"<div id=list>{items(1, 2)}</div>{button}")}
    read = await listed(tab, surface)
    assert read.at_end is at_end
    if at_end:
        links = {link for page in read.pages for link in item_links(page.view, surface)}
        assert links == {f"{HOST}/support/view_details/?id={n}" for n in (1, 2, 3, 4)}


async def test_a_link_that_acts_is_not_followed_wherever_it_stands(tab: Tab, surface: Surface) -> None:
    """Beside the view shown only other views are opened, and by number only pages: a GET may act, too."""
    queries = ("?mark_all_read=1", "?archive=all", "?tab=closed&close=3", "?reopen=3", "?status=open&clear=1")
    acts = "".join(f'<a href="{INBOX}{query}">{name}</a>' for query, name in zip(queries, "ABC3D", strict=True))
    views = f'<nav><a href="{INBOX}" aria-current=page>Open</a><a href="{INBOX}?tab=closed">Closed</a>{acts}</nav>'
    tab.written = {INBOX: document(items(1) + views)}
    await listed(tab, surface)
    assert [url for url in tab.opened if "?" in url] == [f"{HOST}{INBOX}?tab=closed"]


async def test_items_beside_their_thread_have_addresses_of_the_list(tab: Tab, surface: Surface) -> None:
    """What names an item and nothing that acts is followed, also in a navigation of the page's main part."""
    links = (
        "?page=1&selected_item=204411223344", "?case_id=204411223345", "?page=2", "?close=204411223346",
        "?id=204411223347&action=close", "?selected_item=new",
    )  # fmt: skip
    body = "<h1>Support Inbox</h1><nav>" + "".join(f'<a href="/support/{link}">{link}</a>' for link in links) + "</nav>"
    view = await tab.show(body)
    assert [*item_links(view, surface)] == [f"{HOST}{INBOX}{link}" for link in links[:2]]
    common = outside_of_items(view, item_links(view, surface), [])
    beside = common.beside(view)
    assert {block.text for block in view.blocks() if block.node in beside} <= set(links[:2])


async def test_what_stands_in_a_list_is_noticed_and_frames_no_item(tab: Tab, surface: Surface) -> None:
    """An author beside an item is no text of every page; what a line between two items says of an objection still counts."""
    row = '<div><div>Privacy Operations</div><a href="/support/view_details/?id={0}">Case {0}</a></div>'
    told = "<p>We received your objection.</p>"
    view = await tab.show(f"<p>Help</p><div>{row.format(11)}{told}{row.format(12)}</div>")
    common = outside_of_items(view, item_links(view, surface), [])
    assert {"help", "privacy operations", "we received your objection."} <= common.texts
    assert {"privacy operations", "we received your objection."} <= common.among
    assert "help" not in common.among


async def test_messages_of_one_name_are_each_opened_once(tab: Tab) -> None:
    """Several are called "Read message"; a page that draws its control anew after each click is not followed for ever."""
    message = '<article><button type=button aria-expanded=false onclick="{0}">Read message</button></article>'
    shown = "this.outerHTML = '<p>Words of a message.</p>'"
    tab.written = {INBOX: document(message.format(shown) * 2)}
    opened = await open_messages(tab, await tab.open("support_inbox"))
    assert opened.page.view.text().count("Words of a message.") == 2
    assert not opened.closed
    again = "clicks = (window.clicks || 0) + 1; this.replaceWith(this.cloneNode(true))"
    tab.written = {INBOX: document(message.format(again))}
    opened = await open_messages(tab, await tab.open("support_inbox"))
    assert opened.closed
    assert await tab.clicks() == 1


async def test_parts_that_unfold_are_items_and_hide_each_other(tab: Tab) -> None:
    """Of a page made of `details` each head is an item; the heads of the others are no text of the one that is open."""
    parts = ("Your objection", "A copy of your data")
    view = await tab.show(
        "<h1>Support Inbox</h1>"
        + "".join(
            f'<details name="cases"><summary>{name} <span>2 days ago</span></summary><p>Of {name}.</p></details>'
            for name in parts
        )
    )
    rows = item_rows(view)
    common = outside_of_items(view, [], rows)
    assert [row.tag for row in rows] == ["SUMMARY", "SUMMARY"]
    own = handle_of(view, rows[0])
    assert own is not None
    opened = await tab.reveal_node(own, "support_inbox")
    assert opened is not None
    beside = common.beside(opened.view, words_of(view, own))
    texts = " ".join(block.text for block in opened.view.blocks() if block.node not in beside)
    assert "Of Your objection." in texts
    assert "A copy of your data" not in texts


async def test_a_navigation_of_the_list_turns_its_page(tab: Tab, surface: Surface) -> None:
    """A "Next" within the main part belongs to the list, and in the site's own frame it does not."""
    turn = '<nav><a href="/support/?page=2">Next</a></nav>'
    tab.written = {INBOX: document(items(1) + turn), INBOX + "?page=2": document(items(2))}
    read = await listed(tab, surface)
    assert len(read.pages) == 2
    tab.written[INBOX] = turn + document(items(1))
    read = await listed(tab, surface)
    assert len(read.pages) == 1


async def test_a_list_of_sections_is_read_section_by_section(tab: Tab, surface: Surface) -> None:
    """The page lists no item, and no section lists the others; a link that acts is no section."""
    sections = "".join(f'<a href="/support/?section={name}">{name}</a>' for name in ("reports", "requests"))
    acts = '<a href="/support/?close=all">Close all</a>'
    tab.written = {
        INBOX: document(f"<h1>Support Inbox</h1>{sections}{acts}"),
        INBOX + "?section=reports": document(items(1)),
        INBOX + "?section=requests": document(items(2, 3)),
    }
    read = await listed(tab, surface)
    assert read.at_end
    found = [link for page in read.pages for link in item_links(page.view, surface)]
    assert [link.partition("id=")[2] for link in found] == ["1", "2", "3"]
    assert not any("close" in address for address in tab.opened)


async def test_a_menu_that_leads_to_the_inbox_holds_no_items(tab: Tab, surface: Surface) -> None:
    """Where no landmark says that it is the site's menu; a list of items does not lead to the page it stands on."""
    places = {"/support/": "Support Inbox", "/support/account_status/": "Account status", "/help/": "Help"}
    menu = "".join(f'<li><a href="{to}">{name}</a></li>' for to, name in places.items())
    view = await tab.show(f"<ul>{menu}</ul>{items(1, 2)}")
    assert [link.partition("id=")[2] for link in item_links(view, surface)] == ["1", "2"]
    assert [view.text(row.index).strip() for row in item_rows(view)] == ["Case 1", "Case 2"]
    whole = '<li><a href="/support/">All</a></li>'
    view = await tab.show(items(1, 2).replace("<ul>", f"<ul>{whole}"))
    assert len(item_links(view, surface)) == 2, "a list of items that also leads to the whole list"


async def test_a_row_is_found_again_by_what_it_says(tab: Tab) -> None:
    """In another order, too, and one of two that say the same by its place among them; never another instead."""
    rows = "<ul>{}</ul>".format
    one, two, twin = "<li>Case 1</li>", "<li>Case 2</li>", "<li>Case 2 </li>"
    before = await tab.show(rows(one + two + twin))
    after = await tab.show(rows(two + one + twin))
    found = [same_row(before, number, after) for number in range(3)]
    assert [after.text(row.index).split()[-1] for row in found if row is not None] == ["1", "2", "2"]
    assert found[1] is not found[2]
    tab.written = {INBOX: document(rows(one + two))}
    assert same_row(before, 1, (await tab.open("support_inbox")).view) is None


@pytest.mark.parametrize(
    ("key", "names"),
    [
        ("c", True),
        ("ref", True),
        ("msg", True),
        ("report_id", True),
        ("report", False),
        ("close", False),
        ("archive", False),
        ("done", False),
    ],
)
async def test_nouns_of_an_address_name_an_item_and_verbs_do_not(
    tab: Tab, surface: Surface, key: str, names: bool
) -> None:
    """A link that acts looks the same but for its word."""
    link = f"/support/?{key}=204411223344"
    view = await tab.show(f'<h1>Support Inbox</h1><ul><li><a href="{link}">Your request</a></li></ul>')
    assert [*item_links(view, surface)] == ([f"{HOST}{link}"] if names else [])


@pytest.mark.parametrize(
    ("flag", "way", "opened"),
    [("aria-pressed=false", "link", True), ("", "link", False), ("aria-pressed=false", "button", False)],
)
async def test_a_row_with_a_star_is_opened_by_its_one_link(tab: Tab, flag: str, way: str, opened: bool) -> None:
    """What may be set is no way in; beside a second way in none is chosen, and a button may as well delete."""
    row = f"<li><button {flag}>Star</button><span role={way} tabindex=-1>Your request</span> 2 May 2026</li>"
    view = await tab.show(f"<h1>Support Inbox</h1><ul>{row}{row}</ul>")
    handles = [handle_of(view, row) for row in item_rows(view)]
    assert [node is not None and node.name == "Your request" for node in handles] == [opened] * 2


BOX = "<div tabindex=0 {}><span>{}</span> <span>{}</span></div>"


async def test_boxes_that_take_the_focus_are_items_by_their_date(tab: Tab) -> None:
    """A page made of boxes has no other rows; a box without a date, with a control, or in a form is none."""
    control = BOX.format("", "Case 3 <button>Delete</button>", "June 5, 2025")
    view = await tab.show(
        "<h1>Support Inbox</h1>"
        + BOX.format("onclick=\"this.insertAdjacentText('afterend', 'Words')\"", "Case 1", "June 3, 2025")
        + BOX.format("", "Notifications", "Off")
        + control
        + f"<form>{BOX.format('', 'Case 4', 'June 6, 2025')}</form>"
    )
    [row] = item_rows(view)
    assert view.text(row.index).startswith("Case 1")
    own = handle_of(view, row)
    assert own is not None
    opened = await tab.reveal_node(own, "support_inbox", row=True)
    assert opened is not None
    assert "Words" in opened.view.text()


async def test_messages_in_boxes_that_say_they_are_closed_are_opened(tab: Tab) -> None:
    """What a plain box says of itself is all that tells: one that says nothing is left alone."""
    shown = (
        "aria-expanded=false onclick=\"this.setAttribute('aria-expanded', 'true'); this.append('We will honor it.')\""
    )
    silent = 'onclick="window.sent = true"'
    tab.written = {
        INBOX: document(BOX.format(shown, "Meta", "June 3, 2025") + BOX.format(silent, "Meta", "June 4, 2025"))
    }
    opened = await open_messages(tab, await tab.open("support_inbox"))  # type: ignore[arg-type]
    assert "We will honor it." in opened.page.view.text()
    assert not opened.closed
    assert await tab._tab.evaluate("window.sent === undefined")


async def test_a_pressed_row_without_a_date_is_not_opened(tab: Tab) -> None:
    """It may be a switch; one with a date is an item shown beside the list."""
    row = "<ul><li><button aria-pressed=false><b>{}</b> <i>{}</i></button></li></ul>"
    for name, beside, may in (("Notifications", "Off", False), ("Case 1", "June 3, 2025", True)):
        view = await tab.show(row.format(name, beside))
        assert (handle_of(view, item_rows(view)[0]) is not None) is may


async def test_a_control_that_is_off_turns_nothing(tab: Tab, surface: Surface) -> None:
    """Beneath the only page of a list "Next" is there, and does nothing."""
    tab.written = {INBOX: document(items(1, 2) + "<button type=button disabled>Next</button>")}
    read = await listed(tab, surface)
    assert read.at_end


async def test_a_list_of_articles_holds_no_items_and_any_other_does(tab: Tab) -> None:
    """Links to help and terms without a date are none; cases on another path are, whatever stands above them."""
    rows = "<h2>Related</h2><ul><li><a href='/help/1/'>Keep safe</a></li><li><a href='{href}'>{name}</a></li></ul>"
    for href, name, count in (
        ("/help/2/", "Get a copy", 0),
        ("/help/2/", "June 3, 2025", 2),
        ("/help/contact/3", "Get a copy", 2),
        ("/privacy/requests/4", "Case 48213", 2),
    ):
        tab.written = {INBOX: document(rows.format(href=href, name=name))}
        assert len(item_rows((await tab.open("support_inbox")).view)) == count


async def test_a_link_without_a_box_of_its_own_leads_to_an_item(tab: Tab, surface: Surface) -> None:
    """Its box is what it holds; where that is hidden, so is the link."""
    row = (
        "<div role=row><a href='/support/view_details/?id={}' style='display: contents'><span {}>Case</span></a></div>"
    )
    view = await tab.show(f"<div role=grid>{row.format(1, '')}{row.format(2, 'hidden')}</div>")
    assert [link.partition("id=")[2] for link in item_links(view, surface)] == ["1"]


@pytest.mark.parametrize(
    ("around", "opened"),
    [
        ("<article><b>Meta</b> <time>June 3, 2025</time><p>{text}</p>{more}</article>", True),
        ("<div><p>{text}</p>{more}</div>", False),
        ("<aside><b>Meta</b><p>{text}</p>{more}</aside>", False),
    ],
)
async def test_the_rest_of_a_message_is_shown(tab: Tab, around: str, opened: bool) -> None:
    """Beneath a text with its author; what else is called "See more" may show anything."""
    text = "Thank you for writing to us and for your patience while we looked into all of it."
    more = "<button type=button onclick=\"this.replaceWith('We will honor it.')\">See more</button>"
    tab.written = {INBOX: document(around.format(text=text, more=more))}
    thread = await open_messages(tab, await tab.open("support_inbox"))  # type: ignore[arg-type]
    assert ("We will honor it." in thread.page.view.text()) is opened


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("Your messages with us appear here.", True),
        ("Messages are kept here for 30 days.", False),
        ("Some of your older messages may not show up yet.", False),
        ("Replies to requests are no longer shown here.", False),
    ],
)
async def test_a_page_that_says_that_its_list_is_not_all_is_believed(
    tab: Tab, surface: Surface, text: str, whole: bool
) -> None:
    """What it says outside of its items counts."""
    view = await tab.show(items(1) + f"<p>{text}</p>")
    links = item_links(view, surface)
    assert complete(view, surface, links, 0, tab.words, frozenset({view.url})) is whole


async def test_a_row_that_says_that_there_is_none_is_no_item(tab: Tab) -> None:
    """Words of emptiness in a list are no item; any other row is, whether it can be opened or not."""
    tab.written = {INBOX: document("<ul><li>No open requests</li><li>No closed requests</li></ul>")}
    assert not item_rows((await tab.open("support_inbox")).view)
    tab.written = {INBOX: document("<ul><li>No open requests</li><li>Your objection</li></ul>")}
    assert len(item_rows((await tab.open("support_inbox")).view)) == 1


THREAD = """<h1>Your objection</h1>
<details><summary>Nora Whitfield, June 1, 2025</summary><p>I object to AI at Meta.</p></details>
<div role=button tabindex=0 onclick="document.getElementById('old').hidden = false; this.remove()">1 previous message</div>
<div id=old hidden><p>Meta, June 2, 2025</p><p>We are reviewing it.</p></div>
<div role=button tabindex=0 aria-expanded=false aria-haspopup=menu>Options, June 2, 2025</div>
<div role=button tabindex=0 aria-expanded=false onclick="window.sent = true">See Options</div>
<div><p>Meta, June 3, 2025</p><p>We will honor your objection.</p></div>"""


async def test_collapsed_messages_are_opened_and_nothing_else(tab: Tab) -> None:
    """Heads with an author or a date, and "1 previous message"; a menu and a button of another name stay as they are."""
    tab.written = {INBOX: document(THREAD)}
    opened = await open_messages(tab, await tab.open("support_inbox"))  # type: ignore[arg-type]
    text = opened.page.view.text()
    assert "I object to AI at Meta." in text
    assert "We are reviewing it." in text
    assert opened.closed == ()
    assert await tab._tab.evaluate("window.sent === undefined")


async def test_a_message_that_stays_closed_is_said(tab: Tab) -> None:
    """One whose head says June 9 may undo what was decided on June 3; one of June 1 may not."""
    head = "<div role=button tabindex=0 aria-expanded=false>Meta, June {day}, 2025</div>"
    for day, later in ((1, False), (9, True)):
        tab.written = {INBOX: document(head.format(day=day) + "<p>Meta, June 3, 2025</p><p>We will honor it.</p>")}
        opened = await open_messages(tab, await tab.open("support_inbox"))  # type: ignore[arg-type]
        assert len(opened.closed) == 1
        at = datetime.fromisoformat("2025-06-03")
        assert may_be_later(opened.page.view, opened.closed, "en", at) is later


@pytest.mark.parametrize(
    ("body", "failed"),
    [
        ("<h1>Sorry, something went wrong</h1>", True),
        ("<h1>Sorry, something went wrong</h1><p>Try again later.</p>", True),
        ("<h1>Your report</h1><p>We removed the comment that you reported.</p>", False),
        ("<h1>Your ads</h1><p>We changed your ad topics.</p>", False),
    ],
)
async def test_a_page_that_did_not_load_is_no_message(tab: Tab, body: str, failed: bool) -> None:
    """A page that only says that something failed is not taken for read."""
    view = await tab.show(body)
    assert failed_to_load(view, tab.words) is failed


SHUT = """<h1>Support Inbox</h1><h3><button type=button aria-expanded=true>Open (0)</button></h3>
<h3><button type=button aria-expanded=false onclick="{does}">{name}</button></h3><ul id=more hidden>{items}</ul>
<h3><button type=button aria-expanded=false onclick="clicks = 1">How do I report something?</button></h3>"""
OPENS = "this.setAttribute('aria-expanded', 'true'); more.hidden = false"


@pytest.mark.parametrize(
    ("name", "does", "found", "whole"),
    [
        ("Closed (2)", OPENS, 2, True),
        ("Past requests", OPENS, 2, True),
        ("Closed (2)", "", 0, False),
        ("Closed (2)", OPENS + "; first.remove()", 1, False),
    ],
)
async def test_parts_of_a_list_that_are_shut_are_opened(
    tab: Tab, surface: Surface, name: str, does: str, found: int, whole: bool
) -> None:
    """An answer may stand among the closed cases; what does not open leaves the list incomplete, and help stays shut."""
    shown = f"<div id=first>{items(3)}</div>" if "first" in does else ""  # gone once the other part is open
    tab.written = {INBOX: document(SHUT.format(name=name, does=does, items=items(1, 2)) + shown)}
    read = await listed(tab, surface)
    view = read.pages[-1].view
    links = item_links(view, surface)
    assert len(links) == found
    assert complete(view, surface, links, 0, tab.words) is whole
    assert await tab.clicks() == 0


@pytest.mark.parametrize(
    "head", ["<td>Objection to AI at Meta</td>", "<td>Objection to AI at Meta <a href=/x>Help</a></td>"]
)
async def test_the_rows_of_other_items_are_no_text_of_the_one_that_is_open(tab: Tab, head: str) -> None:
    """A table opens a row of text beneath the row of its button; what the other rows are called is theirs."""
    row = (
        "<tr><td><button type=button aria-expanded={open} aria-label='Show messages: {name}'></button></td>{cell}</tr>"
    )
    body = (
        row.format(open="false", name="one", cell=head)
        + row.format(open="true", name="two", cell="<td>Your post</td>")
        + "<tr><td colspan=2><p>We have put your post back.</p></td></tr>"
    )
    view = await tab.show(f"<table>{body}</table>")
    openers = frozenset(words_of(view, n) for n in view.shown_nodes() if n.role == "button")
    common = Common(frozenset(), frozenset(), openers)
    beside = common.beside(view, words_of(view, next(n for n in view.shown_nodes() if n.name.endswith("two"))))
    told = " ".join(block.text for block in view.blocks() if block.node not in beside)
    assert ("Objection" in told) is ("href" in head)
    assert "put your post back" in told
