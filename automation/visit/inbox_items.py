"""Opening the items of an inbox, each once: by its address, or from its row on a fresh list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from automation.core.errors import CheckError
from automation.page import Node, PageView
from automation.reading.controls.by_label import is_plain_row
from automation.reading.letters.answers import Item
from automation.reading.letters.topic import names_topic
from automation.reading.lists.addresses import all_in_navigation, linked, named_in_list
from automation.reading.lists.cards import titled_cards
from automation.reading.lists.common import Common, on_all_pages, outside_of_items
from automation.reading.lists.looked import InboxList, ListPage, at_home
from automation.reading.lists.messages import shows_a_message, stands_beside, unfolds_to
from automation.reading.lists.opened import frame_of, item_on, may_tell, said_of, shown_beside
from automation.reading.lists.passive import is_chip, is_of_menu
from automation.reading.lists.rows import first_line, handle_of, item_rows, same_row, words_of
from automation.reading.lists.views import tab_names
from automation.reading.threads.dates import find_date
from automation.text.normalizing import fold
from automation.text.page_words import PageWords
from automation.visit.inbox_list import show_again
from automation.visit.inbox_threads import read_item, with_further_pages, without_frame
from automation.visit.reader import Reader, ReadPage

_MOST_ITEMS = 60
_GONE = (404, 410)


async def read_items(reader: Reader, listed: InboxList) -> tuple[list[Item], int]:
    """Open every item of the list; what was read, and how many could not be."""
    links, views = listed.links(), [page.view for page in listed.pages]
    homes = frozenset(urlsplit(url).path.rstrip("/") for url in listed.surface.urls)
    commons = [
        replace(outside_of_items(view, links, item_rows(view)), tabs=tab_names(view), homes=homes) for view in views
    ]
    everywhere = on_all_pages(commons)
    visit = _Items(reader, listed, links, everywhere)
    inline = item_on(views[-1], listed.name, reader.words, reader.speakers(views[-1]), inline=True)
    opened, unopened = await visit.by_address()
    if visit.beside() is None and all_in_navigation(views[-1], links):
        around = replace(everywhere, texts=frozenset())
        beside = item_on(views[-1], listed.name, reader.words, reader.speakers(views[-1]), around, inline=True)
        if _tells(beside, reader.words):
            opened[""] = beside  # beside its list, of which it may be no part
    items = list(opened.values())
    rows = [(view, row) for view in views for row in item_rows(view)]
    if not all(map(_is_bare, links)):
        unopened += sum(not _is_accounted_for(view, row, links, opened) for view, row in rows)
    elif rows:
        for page, common in reversed([*zip(listed.pages, commons, strict=True)]):  # the last one is still shown
            more, left = await visit.by_rows(page, replace(common, openers=everywhere.openers, tabs=everywhere.tabs))
            items += more
            unopened += left
        if not items and all(is_plain_row(view, row) for view, row in rows):
            # Messages of a chat may take the focus as well, and pressing them shows nothing: the page is the item.
            return ([inline], 0) if _tells(inline, reader.words) else ([], unopened)
    elif _tells(inline, reader.words):
        items.append(inline)  # it may be the answer that stands there
    return without_frame(items, reader.words), unopened


def _tells(item: Item, words: PageWords) -> bool:
    """Whether what stands on the list's own page speaks of an objection: a help text there names requests, too."""
    return any(may_tell(block.text, words) for turn in item.turns for block in turn.blocks)


def _is_accounted_for(view: PageView, row: Node, links: Sequence[str], opened: Mapping[str, Item]) -> bool:
    """Whether a row is no item of its own beside those that have an address."""
    inside = {n.index for n in view.within(row.index)} | {a.index for a in view.ancestors(row.index)}
    held = any(node.index in inside for node in linked(view, links))
    return held or is_of_menu(view, row) or is_chip(view, row, links) or _is_begun_by(view, row, links, opened)


def _is_begun_by(view: PageView, row: Node, links: Sequence[str], opened: Mapping[str, Item]) -> bool:
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


@dataclass(frozen=True, slots=True)
class _Items:
    """The items of one list, and the reader that opens them."""

    reader: Reader
    listed: InboxList
    links: Sequence[str]
    everywhere: Common

    def beside(self) -> str | None:
        """The address of the item that the list shows beside it."""
        return next(filter(None, (shown_beside(page.view, self.links) for page in self.listed.pages)), None)

    async def by_address(self) -> tuple[dict[str, Item], int]:
        """The items that have an address, by that; and how many of them could not be read."""
        views = [page.view for page in self.listed.pages]
        beside = self.beside()
        opened: dict[str, Item] = {}
        unopened = max(0, len(self.links) - _MOST_ITEMS)
        for href in self.links[:_MOST_ITEMS]:
            named = next(filter(None, (named_in_list(view, href) for view in views)), "")
            around = self.everywhere
            if href == beside:  # its own text stands on the list's page, too
                framed = frozenset[str]().union(*(frame_of(view, self.links) for view in views))
                around = replace(around, texts=around.texts & framed, chrome=around.chrome & framed)
            item = await self._at(href, around, named)
            if item is not None:
                opened[href] = item
            elif not (_is_bare(href) and self._is_gone(href) and self._names_no_case(named)):
                unopened += 1
        return opened, unopened

    def _is_gone(self, href: str) -> bool:
        """Whether the service says that there is no such page: a section that it does not have holds nothing."""
        page = self.reader.page
        return page is not None and page.requested == href and page.status in _GONE

    def _names_no_case(self, named: str) -> bool:
        """Whether what the list calls it has no date, and may not be about an objection."""
        words = self.reader.words
        return not find_date(named, words.locale).dated and not names_topic(named, words)

    async def _at(self, href: str, common: Common, named: str) -> Item | None:
        async def read(url: str) -> Item | None:
            page = await self._open(url)
            return await read_item(self.reader, page, common, named if url == href else "") if page else None

        first = await read(href)
        return await with_further_pages(first, read, self.reader.words, common.items) if first is not None else None

    async def _open(self, url: str) -> ReadPage | None:
        """The page at an address of the inbox; None where it is not all there, or leads away."""
        try:
            page = await self.reader.open(self.listed.name, url=url)
            await self.reader.check_account()
        except CheckError as error:
            if error.ends_visit:
                raise
            return None
        self.reader.refuse_login()
        whole = not page.failed and page.settled and not page.view.busy() and at_home(page, self.listed.surface)
        return page if whole else None

    async def by_rows(self, listed: ListPage, common: Common) -> tuple[list[Item], int]:
        """Open the rows of one page of the list one by one, each from a fresh list; how many could not be opened."""
        count = len(item_rows(listed.view))
        read = [await self._by_row(listed, number, common) for number in range(min(count, _MOST_ITEMS))]
        opened = [item for item in read if item is not None]
        return opened, count - len(opened)

    async def _by_row(self, listed: ListPage, number: int, common: Common) -> Item | None:
        reader, name = self.reader, self.listed.name
        fresh = number == 0 and reader.page is listed.read
        page = reader.page if fresh else await show_again(reader, listed, number, name, self.listed.surface)
        row = same_row(listed.view, number, page.view) if page else None
        handle = handle_of(page.view, row) if page and row is not None else None
        if page is None or row is None or handle is None:
            return None
        after = await reader.reveal_node(handle, name, row=True)
        after, around = await self._came(listed, number, common, row, page, after) if after else (None, common)
        if after is None:
            return None
        await reader.check_account()
        before = frozenset(fold(block.text) for block in page.view.blocks())
        around = replace(around, title=first_line(page.view, row), before=before)
        item = await read_item(
            reader, after, around, named=said_of(page.view, row, handle), opener=words_of(page.view, handle)
        )
        whole = item is not None and (_is_message(item) or row not in titled_cards(page.view))
        return item if whole else None

    async def _came(
        self, listed: ListPage, number: int, common: Common, row: Node, page: ReadPage, after: ReadPage
    ) -> tuple[ReadPage | None, Common]:
        """The page with the item that a press on its row brought, or that it showed before; None where it did not."""
        count = len(item_rows(listed.view))
        came = shows_a_message(page.view, after.view, row, _texts_of_rows(listed.view))
        # The page may change though it is the one shown: what was unfolded in it is folded again, a mark is drawn.
        if count > 1 and after.view.path == page.view.path and not came:
            return await self._shown_already(listed, number, common)
        if count == 1 and _shows_the_only_one(page, after, row):
            return after, replace(common, texts=frozenset())
        return (after if after.settled and came else None), common

    async def _shown_already(self, listed: ListPage, number: int, common: Common) -> tuple[ReadPage | None, Common]:
        """
        An item that stands beside the list from the start, opened after another one; None where it cannot be.

        Also what every page of this list carries: its own text stood on the list's page, too.
        """
        before, around = self.reader.page, common
        for one in (0 if number else 1, number):
            row = same_row(listed.view, one, before.view) if before else None
            handle = handle_of(before.view, row) if before and row is not None else None
            after = await self.reader.reveal_node(handle, self.listed.name, row=True) if handle is not None else None
            if before is None or row is None or after is None:
                return None, common
            if not after.settled or not shows_a_message(before.view, after.view, row, _texts_of_rows(listed.view)):
                return None, common
            if one != number:
                others = outside_of_items(after.view, [], item_rows(after.view))
                around = replace(common, texts=common.texts & others.texts, links=common.links & others.links)
            before = after
        return before, around


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
