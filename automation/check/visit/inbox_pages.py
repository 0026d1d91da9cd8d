"""Turning the pages of an inbox's list: "See more" is pressed, "Next" is followed, until there is no more."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urljoin, urlsplit

from automation.check.visit.inbox_scrolling import keeps, scrolled
from automation.errors import CheckError
from automation.page.read_page import ReadPage
from automation.reading.controls.by_label import may_reveal
from automation.reading.inbox.item_links import acts, item_links, names_an_item
from automation.reading.inbox.list_addresses import OF_A_VIEW, differs_in_page, differs_in_view, rows_of_parts
from automation.reading.inbox.list_items import framed, item_rows, same_row
from automation.reading.inbox.list_tabs import is_chosen, is_disabled, is_for_all, tab_named, tabs_to_read
from automation.reading.inbox.list_views import closed_section, is_of_view, stands_beside_view
from automation.reading.inbox.row_handles import handle_of, unfolding_of
from automation.reading.inbox.speech import more_in
from automation.text.normalizing import fold, fold_label

if TYPE_CHECKING:
    from automation.flow.manifest import Surface
    from automation.page import Node, PageView
    from automation.reader import Reader
    from automation.text.page_words import PageWords

_MOST_PAGES = 20
_MOST_SECTIONS = 8
_NUMBERED = re.compile(r"(?:\w+ )?\d{1,3}")
"""What a link to another page of a list is called: "2", "Page 2"."""
_CHROME = frozenset({"banner", "navigation", "search", "contentinfo"})


@dataclass(frozen=True, slots=True)
class ListPage:
    """A page of a list, and the way back to it."""

    read: ReadPage
    tab: str | None = None
    """Name of the tab under which it stands; None for the one that the list shows by itself."""
    url: str | None = None
    """Its own address; None where it has that of the list."""
    also: frozenset[str] = frozenset()
    """Other addresses at which it was read once more."""
    turned: bool = False
    """Whether it was turned to in place, so that nothing leads back to it but turning again."""
    scrolled: bool = False
    """Whether some of its items came only when their end was scrolled to."""

    @property
    def view(self) -> PageView:
        """As it was read."""
        return self.read.view


@dataclass(frozen=True, slots=True)
class ReadTabs:
    """The pages of a list, and whether they are all."""

    pages: list[ListPage]
    at_end: bool
    all_tabs: bool
    """Whether it has tabs and each was read that could hold an item."""


async def read_tabs(reader: Reader, first: ReadPage, name: str, surface: Surface) -> ReadTabs:
    """
    Every page of every tab of a list; a list without tabs is all that there is.

    A list of which one tab is for all items is read under that one alone. Raises as the reader's verbs do where a
    visit ends.

    Args:
        reader: on the list's first page.
        first: that page.
        name: the inbox's surface in the manifest.
        surface: the same as declared.
    """
    first = await _unfolded(reader, first, name, surface)
    wanted = tabs_to_read(first.view, reader.words.locale)
    pages, at_end = await turn_pages(reader, ListPage(first), name, surface)
    for tab in wanted:
        opened = await _open_tab(reader, reader.page or first, tab, name, surface)
        if opened is None:
            return ReadTabs(pages, at_end=False, all_tabs=False)
        more, ended = await turn_pages(reader, ListPage(opened, tab), name, surface)
        pages, at_end = [*pages, *more], at_end and ended
    return ReadTabs(pages, at_end, all_tabs=bool(wanted))


async def show_again(reader: Reader, page: ListPage, number: int, name: str, surface: Surface) -> ReadPage | None:
    """
    Go to a page of the list once more, as it was reached before; None where it cannot be reached, or shows less.

    One that grows as it is scrolled is scrolled until the row of that number is there.
    """
    rows = 1 if page.scrolled else len(item_rows(page.view))
    if page.turned:
        return None
    again = await reader.open(
        name, url=page.url, until=lambda view: len(item_rows(view)) >= rows or closed_section(view) is not None
    )
    again = await _unfolded(reader, again, name, surface)
    if page.tab is not None:
        opened = await _open_tab(reader, again, page.tab, name, surface)
        if opened is None:
            return None
        again = opened
    if page.scrolled:
        while same_row(page.view, number, again.view) is None:
            grown, at_end = await scrolled(reader, again, surface)
            if at_end or grown is None:
                return None
            again = grown
        return again
    if len(item_rows(again.view)) < rows:
        grown_pages, _ = await turn_pages(reader, replace(page, read=again), name, surface)
        again = grown_pages[0].read
    return again if len(item_rows(again.view)) >= rows else None


async def _unfolded(reader: Reader, page: ReadPage, name: str, surface: Surface) -> ReadPage:
    """The list with its parts open that are shut at first; one that does not open leaves the list incomplete."""
    tried: set[int] = set()
    while len(tried) < _MOST_SECTIONS and (node := closed_section(page.view, tried)) is not None:
        tried.add(node.backend_id)
        if not may_reveal(page.view, node):
            continue
        try:
            after = await reader.reveal_node(node, name)
            await reader.check_account()
        except CheckError as error:
            if error.ends_visit:
                raise
            continue
        if after is not None and keeps(page.view, after.view, surface):
            page = after
    return page


async def _open_tab(reader: Reader, page: ReadPage, tab: str, name: str, surface: Surface) -> ReadPage | None:
    """Open a tab of the list; None, and back to the list, where it does not open."""
    node = tab_named(page.view, tab)
    try:
        opened = await reader.reveal_node(node, name) if node is not None and may_reveal(page.view, node) else None
        await reader.check_account()
    except CheckError as error:
        if error.ends_visit:
            raise
        opened = None
    if opened is not None and _shows_tab(opened, tab, surface):
        return opened
    await _go_back(reader, opened, name, surface)
    return None


def _shows_tab(page: ReadPage, tab: str, surface: Surface) -> bool:
    node = tab_named(page.view, tab)
    return urlsplit(page.view.url).path.rstrip("/") in _paths(surface) and node is not None and is_chosen(node)


async def _go_back(reader: Reader, page: ReadPage | None, name: str, surface: Surface) -> None:
    """To the inbox, where a control led away from it: what stands elsewhere is no item."""
    if page is not None and urlsplit(page.view.url).path.rstrip("/") not in _paths(surface):
        await reader.open(name)


async def turn_pages(reader: Reader, first: ListPage, name: str, surface: Surface) -> tuple[list[ListPage], bool]:
    """
    Every page of a list once, and whether the last one was reached.

    A page that grows in place stands for what it was before; one that is turned in place is a further one; one that
    shows the items of an earlier one is that, as "Newer" leads from the second page to the first by its number. Raises
    as the reader's verbs do where a visit ends.

    Args:
        reader: on the list's first page.
        first: that page.
        name: the inbox's surface in the manifest.
        surface: the same as declared.
    """
    pages, at_end = await _turned_through(reader, first, name, surface)
    once: list[ListPage] = []
    for page in pages:
        shown = _shown_of(page.view, surface)
        same = next((n for n, each in enumerate(once) if any(shown) and _shown_of(each.view, surface) == shown), None)
        if same is None:
            once.append(page)
        else:
            once[same] = replace(once[same], also=once[same].also | {page.view.url})
    return once, at_end


def _shown_of(view: PageView, surface: Surface) -> tuple[list[str], list[str]]:
    """What tells pages of a list apart: its items."""
    return item_links(view, surface), [fold(view.text(row.index, chrome=True)) for row in item_rows(view)]


async def _turned_through(reader: Reader, first: ListPage, name: str, surface: Surface) -> tuple[list[ListPage], bool]:
    pages, seen = [first], {first.view.url}
    ended = False
    for _ in range(_MOST_PAGES):
        page = pages[-1]
        base, node = page.view.url, next_of(page.view, reader.words)
        if node is not None and _target(base, node) in seen:
            node = None  # the first page was come to once more, by its number
        onward = node is not None and differs_in_page(base, _target(base, node))
        if node is None and not ended:
            # It may go on beneath its last item, before another page or section is looked at.
            grown, ended = await scrolled(reader, page.read, surface)
            if grown is None:
                return pages, False
            if not ended:
                pages[-1] = replace(page, read=grown, scrolled=True)
                continue
        node = node or further_of(page.view, surface, seen)
        if node is None:
            # A list of sections is not shown beside them: on to the next one of those that an earlier page names.
            named = ((p.view.url, further_of(p.view, surface, seen)) for p in pages[:-1])
            base, node = next(((url, link) for url, link in named if link is not None), ("", None))
        if node is None:
            return pages, True
        target, ended = _target(base, node), False
        try:
            if target and target not in seen and _is_of_the_list(target, page.view, surface):
                seen.add(target)
                further = ListPage(await reader.open(name, url=target), url=target)
                if onward and any(_shown_of(p.view, surface) == _shown_of(further.view, surface) for p in pages):
                    return pages, False  # "Older" showed no older ones
                pages.append(further)
            else:
                after = await reader.reveal_node(node, name)
                if after is not None and _grew(page.view, after.view, surface):
                    pages[-1] = replace(page, read=after)
                elif after is not None and _turned([p.view for p in pages], after.view, surface):
                    pages.append(replace(page, read=after, turned=True))
                else:
                    await _go_back(reader, after, name, surface)
                    return pages, False
            await reader.check_account()
        except CheckError as error:
            if error.ends_visit:
                raise
            return pages, False
    return pages, False


def _target(base: str, node: Node) -> str:
    """Where a control of a page leads by its address; empty where it has none."""
    href = node.attributes.get("href", "")
    return urljoin(base, href) if href else ""


def _is_of_the_list(target: str, view: PageView, surface: Surface) -> bool:
    """Whether an address shows the list, or all of it where the inbox's own page shows the latest items only."""
    parts = urlsplit(target)
    if parts.path.rstrip("/") in _paths(surface):
        return True
    keys = (key.casefold() for key, _ in parse_qsl(parts.query))
    under = parts.hostname == view.host and any(fnmatchcase(parts.path, path) for path in surface.paths)
    return under and not (names_an_item(target) or acts(target)) and all(map(OF_A_VIEW.fullmatch, keys))


def _grew(before: PageView, after: PageView, surface: Surface) -> bool:
    """Whether a list shows more than before, at the same place; anything else led away from it."""
    return keeps(before, after, surface) and before.fingerprint() != after.fingerprint()


def _turned(before: list[PageView], after: PageView, surface: Surface) -> bool:
    """Whether a list shows nothing but items that it did not show before, at the same place."""
    seen = {link for view in before for link in item_links(view, surface)}
    new = item_links(after, surface)
    return before[-1].path == after.path and bool(new) and bool(seen) and seen.isdisjoint(new)


def further_of(view: PageView, surface: Surface, seen: set[str]) -> Node | None:
    """
    The first link to another page or view of the list that was not read yet; None where there is none.

    Links by number, in their name or address, those beside one that says that it is the view shown ("Open", "Closed"),
    those of a list of sections, and of a page that lists nothing else. Of the query of the address only what names a
    view or a page may differ: "?close=3" acts, and the guard cannot know.
    """
    bare = not item_links(view, surface) and not item_rows(view)
    parts = {node.index for row in rows_of_parts(view) for node in view.within(row.index)}
    own = [node for node, href in view.links() if _is_of_list(view, href, surface) or is_of_view(view, node, surface)]
    linked = {node.index for node, _ in view.links()}
    current = {n.index for n in own if is_chosen(n)} | {
        n.index for n in view.shown_nodes() if is_chosen(n) and "aria-current" in n.attributes and n.index not in linked
    }
    shown = {view.nodes[index].parent for index in current}
    shown |= {
        view.nodes[index].parent for index in shown if index >= 0 and view.nodes[index].role in {"listitem", "tab"}
    }
    for node in own:
        target = urljoin(view.url, node.attributes.get("href", ""))
        near = list(view.ancestors(node.index))[:2]
        beside = any(a.index in shown for a in near) or stands_beside_view(view, node)
        beside = beside or (is_of_view(view, node, surface) and is_for_all(view, node, view.locale))
        viewed = differs_in_view(view.url, target) or is_of_view(view, node, surface)
        if target in seen or is_chosen(node) or not viewed:
            continue
        section = (bare or node.index in parts) and "main" in {a.role for a in view.ancestors(node.index)}
        paged = differs_in_page(view.url, target) and not framed(view, node, within_main=True)
        if beside or section or paged or _NUMBERED.fullmatch(fold_label(node.name)):
            return node
    return None


def _is_of_list(view: PageView, href: str, surface: Surface) -> bool:
    target = urlsplit(urljoin(view.url, href))
    return target.hostname == view.host and target.path.rstrip("/") in _paths(surface)


_ARROWS = " \"'‹›«»<>←→↓▸▶▾▼"
"""What stands beside the words of a control that turns pages: "Older ›"; folded, an arrow of that kind is a quote."""


def next_of(view: PageView, words: PageWords) -> Node | None:
    """The control that shows more of the list, or its next page; None on the last one."""
    names, more = words.with_english.names("inbox.more"), more_in(words.locale)
    of_rows = _of_rows(view)
    for node in view.shown_nodes():
        name = fold_label(node.name).strip(_ARROWS)
        if node.role not in {"button", "link"} or is_disabled(node) or (name not in names and not more.fullmatch(name)):
            continue
        if node.index in of_rows:
            continue
        lineage = [a.role for a in view.ancestors(node.index)]
        chrome = _CHROME - {"navigation"} if "main" in lineage else _CHROME
        if may_reveal(view, node) and chrome.isdisjoint(lineage):
            return node
    return None


def _of_rows(view: PageView) -> set[int]:
    """Controls that belong to an item: beside the way to it, as "More" in each row is, or unfolding what it shows."""
    found = set[int]()
    called: Counter[str] = Counter()
    others: list[Node] = []
    for row in item_rows(view):
        handle = handle_of(view, row)
        inside = [n for n in view.within(row.index) if n.role in {"button", "link"} and n.shown]
        beside = [n for n in inside if handle is not None and not view.is_inside(n.index, handle.index)]
        unfolding = unfolding_of(view, row)
        found |= {n.index for n in (*beside, *([unfolding] if unfolding is not None else []))}
        alone = [n for n in inside if n not in beside]
        called.update({fold_label(n.name) for n in alone})
        others += alone
    return found | {n.index for n in others if called[fold_label(n.name)] > 1}


def _paths(surface: Surface) -> frozenset[str]:
    return frozenset(urlsplit(url).path.rstrip("/") for url in surface.urls)
