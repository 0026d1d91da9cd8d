"""Turning the pages of an inbox's list: "See more" is pressed, "Next" is followed, until there is no more."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from automation.errors import CheckError
from automation.page.read_page import ReadPage
from automation.reading.control.by_label import may_reveal
from automation.reading.inbox.list_completeness import is_chosen, tab_named, tabs_to_read
from automation.reading.inbox.list_items import item_links, item_rows
from automation.reading.inbox.speakers import more_in
from automation.text.normalizing import fold_label

if TYPE_CHECKING:
    from automation.flow.manifest import Surface
    from automation.page import Node, PageView
    from automation.reader import Reader
    from automation.text.page_words import PageWords

_MOST_PAGES = 20
_NUMBERED = re.compile(r"(?:\w+ )?\d{1,3}")
"""What a link to another page of a list is called: "2", "Page 2"."""
_CHROME = frozenset({"banner", "navigation", "search", "contentinfo"})


@dataclass(frozen=True, slots=True)
class ReadTabs:
    """The pages of a list, and whether they are all."""

    pages: list[ReadPage]
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
    wanted = tabs_to_read(first.view, reader.words.locale)
    pages, at_end = await turn_pages(reader, first, name, surface)
    for tab in wanted:
        page = reader.page or first
        node = tab_named(page.view, tab)
        try:
            opened = await reader.reveal_node(node, name) if node is not None and may_reveal(page.view, node) else None
            await reader.check_account()
        except CheckError as error:
            if error.ends_visit:
                raise
            opened = None
        if opened is None or not _shows_tab(opened, tab, surface):
            await _go_back(reader, opened, name, surface)
            return ReadTabs(pages, at_end=False, all_tabs=False)
        more, ended = await turn_pages(reader, opened, name, surface)
        pages, at_end = [*pages, *more], at_end and ended
    return ReadTabs(pages, at_end, all_tabs=bool(wanted))


def _shows_tab(page: ReadPage, tab: str, surface: Surface) -> bool:
    node = tab_named(page.view, tab)
    return urlsplit(page.view.url).path.rstrip("/") in _paths(surface) and node is not None and is_chosen(node)


async def _go_back(reader: Reader, page: ReadPage | None, name: str, surface: Surface) -> None:
    """To the inbox, where a control led away from it: what stands elsewhere is no item."""
    if page is not None and urlsplit(page.view.url).path.rstrip("/") not in _paths(surface):
        await reader.open(name)


async def turn_pages(reader: Reader, first: ReadPage, name: str, surface: Surface) -> tuple[list[ReadPage], bool]:
    """
    Every page of a list, and whether the last one was reached.

    A page that grows in place stands for what it was before; one that is turned in place is a further one. Raises as
    the reader's verbs do where a visit ends.

    Args:
        reader: on the list's first page.
        first: that page.
        name: the inbox's surface in the manifest.
        surface: the same as declared.
    """
    pages, seen = [first], {first.view.url}
    for _ in range(_MOST_PAGES):
        page = pages[-1]
        node = next_of(page.view, reader.words) or numbered_of(page.view, surface, seen)
        if node is None:
            return pages, True
        target = urljoin(page.view.url, node.attributes.get("href", "")) if node.attributes.get("href") else ""
        try:
            if target and target not in seen and urlsplit(target).path.rstrip("/") in _paths(surface):
                seen.add(target)
                pages.append(await reader.open(name, url=target))
            else:
                after = await reader.reveal_node(node, name)
                if after is not None and _grew(page.view, after.view, surface):
                    pages[-1] = after
                elif after is not None and _turned([p.view for p in pages], after.view, surface):
                    pages.append(after)
                else:
                    await _go_back(reader, after, name, surface)
                    return pages, False
            await reader.check_account()
        except CheckError as error:
            if error.ends_visit:
                raise
            return pages, False
    return pages, False


def _grew(before: PageView, after: PageView, surface: Surface) -> bool:
    """Whether a list shows more than before, at the same place; anything else led away from it."""
    links = set(item_links(before, surface))
    kept = links <= set(item_links(after, surface)) and len(item_rows(before)) <= len(item_rows(after))
    return before.path == after.path and kept and before.fingerprint() != after.fingerprint()


def _turned(before: list[PageView], after: PageView, surface: Surface) -> bool:
    """Whether a list shows nothing but items that it did not show before, at the same place."""
    seen = {link for view in before for link in item_links(view, surface)}
    new = item_links(after, surface)
    return before[-1].path == after.path and bool(new) and bool(seen) and seen.isdisjoint(new)


def numbered_of(view: PageView, surface: Surface, seen: set[str]) -> Node | None:
    """The first link by number to a page of the list that was not read yet; None where there is none."""
    for node, href in view.links():
        target = urlsplit(urljoin(view.url, href))
        if target.hostname != view.host or target.path.rstrip("/") not in _paths(surface) or not target.query:
            continue
        if _NUMBERED.fullmatch(fold_label(node.name)) and target.geturl() not in seen and not is_chosen(node):
            return node
    return None


def next_of(view: PageView, words: PageWords) -> Node | None:
    """The control that shows more of the list, or its next page; None on the last one."""
    names, more = words.with_english.names("inbox.more"), more_in(words.locale)
    for node in view.shown_nodes():
        disabled = node.properties.get("disabled") is True or node.attributes.get("aria-disabled") == "true"
        name = fold_label(node.name)
        if node.role not in {"button", "link"} or disabled or (name not in names and not more.fullmatch(name)):
            continue
        if may_reveal(view, node) and not any(a.role in _CHROME for a in view.ancestors(node.index)):
            return node
    return None


def _paths(surface: Surface) -> frozenset[str]:
    return frozenset(urlsplit(url).path.rstrip("/") for url in surface.urls)
