"""
The place where a service answers an objection: opened, scrolled, its items opened; what they mean `reading` decides.

Each item is opened once: by its address, or from its row on a fresh list. The inbox is read twice: as it loads, and as
it has stood open in a tab of its own while other pages were read. A visit of one tab reads it twice, one after the
other.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from loguru import logger

from automation.core.errors import CheckError
from automation.core.looks import Shown
from automation.core.observations import Reply
from automation.core.signals import Signal, SignalName, Way
from automation.flow.manifest import Surface
from automation.reading.controls.rows import is_plain_row
from automation.reading.letters.answers import InboxReading, Item
from automation.reading.lists.addresses import (
    all_in_navigation,
    frame_of,
    is_of_menu,
    item_links,
    linked,
    named_in_list,
)
from automation.reading.lists.completeness import ListReads
from automation.reading.lists.looked import InboxList, ListPage, at_home, not_the_inbox, read_list
from automation.reading.lists.opened import (
    Common,
    item_on,
    may_tell,
    on_all_pages,
    outside_of_items,
    said_of,
    shown_beside,
    shows_a_message,
    stands_beside,
)
from automation.reading.lists.rows import (
    first_line,
    further_of,
    handle_of,
    item_rows,
    same_row,
    titled_cards,
    words_of,
)
from automation.reading.lists.views import tabs_in
from automation.text.normalizing import fold
from automation.visit.inbox_list import ListReader, attempt
from automation.visit.inbox_threads import read_item, with_further_pages, without_frame
from automation.visit.reader import Reader, ReadPage

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from automation.page import Node, PageView
    from automation.page.source import Sought
    from automation.text.page_words import PageWords

_MOST_ITEMS = 60
_LATE_S = 5.0
"""How long an inbox that shows nothing must go on showing nothing."""


async def read_inbox(
    reader: Reader,
    name: str,
    surface: Surface,
    reads: ListReads,
    *,
    arrive: Callable[[Sought], Awaitable[ReadPage]] | None = None,
) -> InboxReading:
    """
    Read every item of the inbox: the `surface` of that name, under whose `paths` items may be followed.

    `reads` fill it; `arrive` leads there, where it is not just opened.
    """

    def arrived(view: PageView) -> bool:
        shown = item_links(view, surface) or item_rows(view) or further_of(view, surface, set())
        return bool(shown or reads.lists_in(reader.answers, view))

    page = await arrive(arrived) if arrive else await reader.open(name, until=arrived)
    await reader.check_account()
    step = await reader.capture(name)
    reader.refuse_login()
    if page.failed or not at_home(page, surface):
        reading = not_the_inbox(name)
    else:
        words, listed = reader.words, await ListReader(reader, name, surface).read(page, reads)
        for each in listed.pages:
            reader.keep_answers(each.read, reads.embedded(each.view))
        holder = reader.speakers(listed.pages[-1].view).holder
        opened, unopened = await read_items(reader, listed)
        reading = read_list(listed, opened, unopened, words, holder=holder, is_own=reader.is_own, hide=reader.masked)
    reading.signals = [each if each.picture else replace(each, picture=step.picture) for each in reading.signals]
    reading.replies = [each if each.picture else replace(each, picture=step.picture) for each in reading.replies]
    reading.shown = [replace(each, picture=step.picture) for each in reading.shown]
    return reading


@dataclass
class InboxTwice:
    """
    Both readings of one inbox; an answer that arrives late, or is shown only sometimes, must not be taken for none.

    Raises from every method: `CheckError` where reading cannot go on: a challenge, another account, a lost browser.
    """

    name: str
    """Of its surface."""
    surface: Surface
    reads: ListReads
    """What fills it."""
    signals: list[Signal] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    replies: list[Reply] = field(default_factory=list)
    shown: list[Shown] = field(default_factory=list)
    _tab: Reader | None = None
    _first: InboxReading | None = None

    async def load(self, reader: Reader) -> None:
        """Open it in a background tab, and let it load."""
        tab = self._tab = await reader.open_background_tab()
        if tab is None:
            return
        try:
            await tab.load_behind(self.name)
        except CheckError as error:
            if error.ends_visit:
                raise
            logger.debug("the inbox does not load in the background: {}", error.message)  # reading it says so, too
        await reader.bring_to_front()

    async def scroll_to_end(self, reader: Reader) -> None:
        """Scroll it to its end, where it stands, and go on with the reader."""
        if self._tab is not None:
            await self._tab.scroll_for_later(self.name)
            await reader.bring_to_front()

    async def read(self, reader: Reader) -> None:
        """Read it afresh."""
        try:
            self._first = await read_inbox(reader, self.name, self.surface, self.reads)
        except CheckError as error:
            self._unread(error)
            return
        self._add(self._first)
        self.missing.extend(self._first.missing)

    async def read_again(self, reader: Reader) -> None:
        """Where it showed no answer, read it as it has stood open; both readings must agree."""
        tab, first = self._tab, self._first
        if first is None or not _shows_none(first):
            return

        async def arrive(until: Sought) -> ReadPage:
            if tab is not None:
                return await tab.read_later(self.name, _LATE_S, until=until)
            await reader.open(self.name, until=until)
            return await reader.read_at_end(_LATE_S)

        front = tab or reader
        try:
            again = await read_inbox(front, self.name, self.surface, self.reads, arrive=arrive)
        except CheckError as error:
            self._unread(error)
            return
        if (_shows_none(again), again.complete, again.items) != (True, first.complete, first.items):
            self.signals.append(SignalName.INBOX_UNREAD.seen(self.name, Way.INBOX_CHANGED))
            self._add(again)
        await reader.bring_to_front()

    def _add(self, reading: InboxReading) -> None:
        self.signals.extend(reading.signals)
        self.replies.extend(reading.replies)
        self.shown.extend(reading.shown)

    def _unread(self, error: CheckError) -> None:
        if error.ends_visit:
            raise error
        self.signals.append(SignalName.INBOX_UNREAD.seen(self.name, how=error.message))


def _shows_none(reading: InboxReading) -> bool:
    """Whether all of it was read and holds no answer that is understood."""
    return any(signal.name in {SignalName.INBOX_NOTHING, SignalName.INBOX_WHOLE} for signal in reading.signals)


# -- its items


async def read_items(reader: Reader, listed: InboxList) -> tuple[list[Item], int]:
    """Open every item of the list; what was read, and how many could not be."""
    links, views = listed.links(), [page.view for page in listed.pages]
    homes = frozenset(urlsplit(url).path.rstrip("/") for url in listed.surface.urls)
    commons = [
        replace(outside_of_items(view, links, item_rows(view)), tabs=frozenset(tabs_in(view)), homes=homes)
        for view in views
    ]
    visit = _Items(reader, listed, on_all_pages(commons))
    speakers = reader.speakers(views[-1])
    inline = item_on(views[-1], listed.name, reader.words, speakers, inline=True)
    items, unopened = await visit.by_address(links)
    if all_in_navigation(views[-1], links) and not any(shown_beside(view, links) for view in views):
        around = replace(visit.everywhere, texts=frozenset())
        beside = item_on(views[-1], listed.name, reader.words, speakers, around, inline=True)
        items += [beside] if _tells(beside, reader.words) else []  # beside its list, of which it may be no part
    rows = [(view, row) for view in views for row in item_rows(view)]
    if not all(map(_is_bare, links)):
        unopened += sum(not _is_accounted_for(view, row, links) for view, row in rows)
    elif rows:
        for page, common in reversed([*zip(listed.pages, commons, strict=True)]):  # the last one is still shown
            more, left = await visit.by_rows(page, common)
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


def _is_accounted_for(view: PageView, row: Node, links: Sequence[str]) -> bool:
    """Whether a row is no item of its own beside those that have an address."""
    inside = {n.index for n in view.within(row.index)} | {a.index for a in view.ancestors(row.index)}
    return is_of_menu(view, row) or any(node.index in inside for node in linked(view, links))


def _is_bare(href: str) -> bool:
    """Whether an address holds no number and no query: the page of a section, and of no item of many."""
    target = urlsplit(href)
    return not target.query and not any(letter.isdigit() for letter in target.path)


@dataclass(frozen=True, slots=True)
class _Items:
    """The items of one list, and the reader that opens them."""

    reader: Reader
    listed: InboxList
    everywhere: Common
    """What all pages of the list carry."""

    async def by_address(self, links: Sequence[str]) -> tuple[list[Item], int]:
        """The items that have an address, and how many of them could not be read."""
        views = [page.view for page in self.listed.pages]
        beside = next(filter(None, (shown_beside(view, links) for view in views)), None)
        opened: list[Item] = []
        for href in links[:_MOST_ITEMS]:
            named = next(filter(None, (named_in_list(view, href) for view in views)), "")
            around = self.everywhere
            if href == beside:  # its own text stands on the list's page, too
                framed = frozenset[str]().union(*(frame_of(view, links) for view in views))
                around = replace(around, texts=around.texts & framed, chrome=around.chrome & framed)
            item = await self._at(href, around, named)
            opened += [item] if item is not None else []
        return opened, len(links) - len(opened)

    async def _at(self, href: str, common: Common, named: str) -> Item | None:
        async def read(url: str) -> Item | None:
            page = await attempt(self.reader, self.reader.open(self.listed.name, url=url))
            if page is None:
                return None
            self.reader.refuse_login()
            if page.failed or not page.settled or page.view.busy() or not at_home(page, self.listed.surface):
                return None  # it is not all there, or leads away
            return await read_item(self.reader, page, common, named if url == href else "")

        first = await read(href)
        return await with_further_pages(first, read, self.reader.words, common.items) if first is not None else None

    async def by_rows(self, listed: ListPage, common: Common) -> tuple[list[Item], int]:
        """Open the rows of one page of the list one by one; how many could not be opened."""
        common = replace(common, openers=self.everywhere.openers, tabs=self.everywhere.tabs)
        count = len(item_rows(listed.view))
        read = [await self._by_row(listed, number, common) for number in range(min(count, _MOST_ITEMS))]
        opened = [item for item in read if item is not None]
        return opened, count - len(opened)

    async def _by_row(self, listed: ListPage, number: int, common: Common) -> Item | None:
        """Open a row of one page of the list, from a fresh list; None where it could not be opened."""
        reader, name = self.reader, self.listed.name
        fresh = number == 0 and reader.page is listed.read
        again = ListReader(reader, name, self.listed.surface)
        page = reader.page if fresh else await again.show_again(listed, number)
        row = same_row(listed.view, number, page.view) if page else None
        handle = handle_of(page.view, row) if page and row is not None else None
        if page is None or row is None or handle is None:
            return None
        after = await reader.reveal_node(handle, name, row=True)
        after, around = await self._came(listed, number, common, row, page, after) if after else (None, common)
        if after is None or (after.view.path != page.view.path and not at_home(after, self.listed.surface)):
            return None  # what stands elsewhere is no item
        await reader.check_account()
        before = frozenset(fold(block.text) for block in page.view.blocks())
        around = replace(around, title=first_line(page.view, row), before=before)
        item = await read_item(
            reader, after, around, named=said_of(page.view, row, handle), opener=words_of(page.view, handle)
        )
        if item is None or item.thread.concerns or any(turn.marked for turn in item.turns):
            return item
        # Somebody wrote it, or it speaks of an objection; help about an inbox unfolds by its title, too.
        return item if row not in titled_cards(page.view) else None

    async def _came(
        self, listed: ListPage, number: int, common: Common, row: Node, page: ReadPage, after: ReadPage
    ) -> tuple[ReadPage | None, Common]:
        """The page with the item that a press on its row brought, or that it showed before; None where it did not."""
        count = len(item_rows(listed.view))
        came = shows_a_message(page.view, after.view, row, _texts_of_rows(listed.view))
        # The page may change though it is the one shown: what was unfolded in it is folded again, a mark is drawn.
        if count > 1 and after.view.path == page.view.path and not came:
            return await self._shown_already(listed, number, common)
        same = after.view.fingerprint() == page.view.fingerprint()
        if count == 1 and same and after.settled and stands_beside(page.view, row):
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
            if before is None or row is None or after is None or not after.settled:
                return None, common
            if not shows_a_message(before.view, after.view, row, _texts_of_rows(listed.view)):
                return None, common
            if one != number:
                others = outside_of_items(after.view, [], item_rows(after.view))
                around = replace(common, texts=common.texts & others.texts, links=common.links & others.links)
            before = after
        return before, around


def _texts_of_rows(view: PageView) -> frozenset[str]:
    """Folded texts of all rows of a list."""
    return frozenset(fold(b.text) for row in item_rows(view) for b in view.blocks(row.index, chrome=True))
