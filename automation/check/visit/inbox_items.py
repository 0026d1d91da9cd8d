"""Opening the items of an inbox, each once: by its address, or from its row on a fresh list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from automation.check.visit.inbox_one_item import item_on, read_item
from automation.check.visit.inbox_pages import ListPage, show_again
from automation.check.visit.inbox_threads import with_further_pages
from automation.errors import CheckError
from automation.page import Node, PageView
from automation.reading.controls.by_label import is_plain_row
from automation.reading.inbox.dates import find_date
from automation.reading.inbox.item_links import all_in_navigation, holds_link, named_in_list, unfolds_to
from automation.reading.inbox.list_cards import titled_cards
from automation.reading.inbox.list_items import (
    Common,
    frame_of,
    is_chip,
    is_of_menu,
    item_rows,
    outside_of_items,
    same_row,
    shown_beside,
    text_of,
)
from automation.reading.inbox.list_tabs import tab_names
from automation.reading.inbox.row_handles import first_line, handle_of, shows_a_message, stands_beside
from automation.reading.letters.answers import Item
from automation.reading.letters.topic import names_topic, speaks_of_objecting
from automation.text.normalizing import fold

if TYPE_CHECKING:
    from automation.flow.manifest import Surface
    from automation.reader import Reader, ReadPage

_MOST_ITEMS = 60
_GONE = (404, 410)


async def read_items(
    reader: Reader, pages: list[ListPage], name: str, surface: Surface, links: list[str]
) -> tuple[list[Item], int]:
    """Open every item of the list; what was read, and how many could not be."""
    view = pages[-1].view
    commons = [outside_of_items(each.view, links, item_rows(each.view)) for each in pages]
    openers = frozenset[str]().union(*(common.openers for common in commons))
    everywhere = Common(
        frozenset.intersection(*(common.texts for common in commons)),
        frozenset.intersection(*(common.links for common in commons)),
        openers,
        frozenset(links),
        frozenset.union(*(common.among for common in commons)),
        frozenset[str]().union(*(tab_names(each.view) for each in pages)),
        frozenset(urlsplit(url).path.rstrip("/") for url in surface.urls),
    )
    inline = item_on(reader, view, name, inline=True)
    opened: list[Item] = []
    by_address: dict[str, Item] = {}
    unopened = max(0, len(links) - _MOST_ITEMS)
    beside = next(filter(None, (shown_beside(each.view, links) for each in pages)), None)
    for href in links[:_MOST_ITEMS]:
        named = next(filter(None, (named_in_list(each.view, href) for each in pages)), "")
        around = everywhere
        if href == beside:  # its own text stands on the list's page, too
            framed = frozenset[str]().union(*(frame_of(each.view, links) for each in pages))
            around = replace(everywhere, texts=everywhere.texts & framed)
        item = await _open_item(reader, name, surface, href, around, named)
        if item is not None:
            opened.append(item)
            by_address[href] = item
        elif not (_is_bare(href) and _is_gone(reader.page, href) and _names_no_case(named, reader)):
            unopened += 1
    rows = [row for each in pages for row in item_rows(each.view)]
    if beside is None and all_in_navigation(view, links):
        shown = item_on(reader, view, name, replace(everywhere, texts=frozenset()), inline=True)
        if _tells(shown, reader):
            opened.append(shown)  # beside its list, of which it may be no part
    if not all(map(_is_bare, links)):
        unopened += sum(
            not (
                holds_link(each.view, row, links)
                or is_of_menu(each.view, row)
                or is_chip(each.view, row, links)
                or _is_begun_by(each.view, row, links, by_address)
            )
            for each in pages
            for row in item_rows(each.view)
        )
    elif rows:
        for each, common in reversed([*zip(pages, commons, strict=True)]):  # the last one is still shown
            more, left = await _open_rows(
                reader,
                name,
                surface,
                each,
                replace(common, openers=openers, tabs=everywhere.tabs, homes=everywhere.homes),
            )
            opened.extend(more)
            unopened += left
        if not opened and all(is_plain_row(each.view, row) for each in pages for row in item_rows(each.view)):
            # Messages of a chat may take the focus as well, and pressing them shows nothing: the page is the item.
            return ([inline], 0) if _tells(inline, reader) else ([], unopened)
    elif _tells(inline, reader):
        opened.append(inline)  # it may be the answer that stands there
    return opened, unopened


def _tells(inline: Item, reader: Reader) -> bool:
    """Whether the list's own page speaks of objecting: "your requests" is what such a page is called."""
    texts = (block.text for turn in inline.turns for block in turn.blocks)
    return bool(inline.thread.answers) or any(speaks_of_objecting(text, reader.words) for text in texts)


def _is_begun_by(view: PageView, row: Node, links: list[str], opened: Mapping[str, Item]) -> bool:
    """Whether a row unfolds to the way to an item, and shows nothing but that item's own words."""
    way = unfolds_to(view, row, links)
    if way is None or way[0] not in opened:
        return False
    own = fold(opened[way[0]].page.text())
    return all(fold(text).rstrip(" .…") in own for text in way[1])


def _is_bare(href: str) -> bool:
    """Whether an address holds no number and no query: the page of a section, and of no item of many."""
    target = urlsplit(href)
    return not target.query and not any(letter.isdigit() for letter in target.path)


def _is_gone(page: ReadPage | None, href: str) -> bool:
    """Whether the service says that there is no such page: a section that it does not have holds nothing."""
    return page is not None and page.requested == href and page.status in _GONE


def _names_no_case(named: str, reader: Reader) -> bool:
    """Whether what the list calls it has no date and speaks of no objection, nor of AI."""
    return not find_date(named, reader.words.locale).dated and not names_topic(named, reader.words)


async def _open_item(reader: Reader, name: str, surface: Surface, href: str, common: Common, named: str) -> Item | None:
    async def read(url: str) -> Item | None:
        page = await _open(reader, name, surface, url)
        called = named if url == href else ""
        return await read_item(reader, page, common, called) if page is not None else None

    first = await read(href)
    return await with_further_pages(first, read, reader.words, common.items) if first is not None else None


async def _open(reader: Reader, name: str, surface: Surface, url: str) -> ReadPage | None:
    """The page at an address of the inbox; None where it is not all there, or leads away."""
    try:
        page = await reader.open(name, url=url)
        await reader.check_account()
    except CheckError as error:
        if error.ends_visit:
            raise
        return None
    reader.refuse_login()
    whole = not page.failed and page.settled and not page.view.busy() and at_home(page, surface)
    return page if whole else None


async def _open_rows(
    reader: Reader, name: str, surface: Surface, listed: ListPage, common: Common
) -> tuple[list[Item], int]:
    """Open the rows of one page of the list one by one, each from a fresh list; how many could not be opened."""
    opened: list[Item] = []
    count = len(item_rows(listed.view))
    left = max(0, count - _MOST_ITEMS)
    for number in range(min(count, _MOST_ITEMS)):
        fresh = number == 0 and reader.page is listed.read
        page = reader.page if fresh else await show_again(reader, listed, number, name, surface)
        row = same_row(listed.view, number, page.view) if page else None
        handle = handle_of(page.view, row) if page and row is not None else None
        if page is None or row is None or handle is None:
            left += 1
            continue
        around = common
        after = await reader.reveal_node(handle, name, row=True)
        came = after is not None and shows_a_message(page.view, after.view, row, _texts_of_rows(listed.view))
        # The page may change though it is the one shown: what was unfolded in it is folded again, a mark is drawn.
        if count > 1 and after is not None and after.view.path == page.view.path and not came:
            after, around = await _shown_already(reader, listed, number, name, common)
        elif after is not None and count == 1 and _shows_the_only_one(page, after, row):
            around = replace(common, texts=frozenset())
        elif after is not None and not (after.settled and came):
            after = None
        if after is None:
            left += 1
            continue
        await reader.check_account()
        around = replace(
            around, title=first_line(page.view, row), before=frozenset(fold(b.text) for b in page.view.blocks())
        )
        item = await read_item(reader, after, around, named=row.name, opener=text_of(page.view, handle))
        if item is None or not (_is_message(item) or row not in titled_cards(page.view)):
            left += 1
        else:
            opened.append(item)
    return opened, left


def _texts_of_rows(view: PageView) -> frozenset[str]:
    """Folded texts of all rows of a list."""
    return frozenset(fold(b.text) for row in item_rows(view) for b in view.blocks(row.index, chrome=True))


def _shows_the_only_one(page: ReadPage, after: ReadPage, row: Node) -> bool:
    """Whether the list's only item was shown beside it before it was pressed, and still is."""
    same = after.view.fingerprint() == page.view.fingerprint()
    return same and after.settled and stands_beside(page.view, row)


def _is_message(item: Item) -> bool:
    """Whether somebody wrote it, or it speaks of an objection; help about an inbox unfolds by its title, too."""
    return item.thread.concerns or any(turn.marked for turn in item.turns)


async def _shown_already(
    reader: Reader, listed: ListPage, number: int, name: str, common: Common
) -> tuple[ReadPage | None, Common]:
    """
    An item that stands beside the list from the start, opened after another one; None where it cannot be.

    Also what every page of this list carries: its own text stood on the list's page, too.
    """
    before, around = reader.page, common
    for one in (0 if number else 1, number):
        row = same_row(listed.view, one, before.view) if before else None
        handle = handle_of(before.view, row) if before and row is not None else None
        after = await reader.reveal_node(handle, name, row=True) if handle is not None else None
        if before is None or row is None or after is None:
            return None, common
        if not after.settled or not shows_a_message(before.view, after.view, row, _texts_of_rows(listed.view)):
            return None, common
        if one != number:
            others = outside_of_items(after.view, [], item_rows(after.view))
            around = replace(common, texts=common.texts & others.texts, links=common.links & others.links)
        before = after
    return before, around


def at_home(page: ReadPage, surface: Surface) -> bool:
    """Whether a page stands under one of the inbox's own addresses."""
    path = urlsplit(page.final).path
    own = {urlsplit(url).path.rstrip("/") for url in surface.urls}
    return path.rstrip("/") in own or any(fnmatchcase(path, pattern) for pattern in surface.paths)
