"""
Reading an inbox's list to its end: its tabs are opened, its pages turned, its foot scrolled to.

"See more" is pressed, "Next" is followed, until there is no more. Scrolling presses nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urljoin

from loguru import logger

from automation.core.errors import CheckError
from automation.flow.manifest import Surface
from automation.page import Node, PageView
from automation.reading.controls.rows import may_reveal
from automation.reading.lists.addresses import differs_in_page, is_of_the_list, item_links, linked
from automation.reading.lists.completeness import ListReads
from automation.reading.lists.looked import InboxList, ListPage
from automation.reading.lists.rows import further_of, item_rows, next_of, said_by_rows, same_row
from automation.reading.lists.views import closed_section, is_chosen, is_home, tabs_in, tabs_to_read
from automation.visit.reader import Reader, ReadPage

_MOST_PAGES, _MOST_SECTIONS = 20, 8
_MAY_GO_ON_Y = 500
"""How far down a list must reach to be one that grows as it is scrolled: the end of a shorter one is in sight."""


async def attempt(
    reader: Reader, step: Awaitable[ReadPage | None], brings: Callable[[PageView], object] = lambda _: True
) -> ReadPage | None:
    """
    The page to which a step of the reader leads; None where it leads to none. Raises where the visit ends.

    The account is checked but where a page came that brings nothing.
    """
    try:
        page = await step
        if page is None or brings(page.view):
            await reader.check_account()
    except CheckError as error:
        if error.ends_visit:
            raise
        logger.debug("a part of the inbox stays closed: {}", error.message)
        return None
    return page


@dataclass(frozen=True, slots=True)
class ListReader:
    """Reads the list of one inbox; raises as the reader's verbs do where a visit ends."""

    reader: Reader
    name: str
    """Of the inbox's surface in the manifest."""
    surface: Surface

    async def read(self, first: ReadPage, reads: ListReads) -> InboxList:
        """
        Every page of every tab of the list, from its first page on; one without tabs is all that there is.

        A list of which one tab is for all items is read under that one alone.
        """
        first = await self._unfolded(first)
        wanted = tabs_to_read(first.view, self.reader.words.locale)
        pages, at_end = await self._all_pages(ListPage(first))
        for tab in wanted:
            opened = await self._open_tab(self.reader.page or first, tab)
            if opened is None:
                return InboxList(self.name, self.surface, reads, pages, at_end=False, all_tabs=False)
            more, ended = await self._all_pages(ListPage(opened, tab))
            pages, at_end = [*pages, *more], at_end and ended
        return InboxList(self.name, self.surface, reads, pages, at_end, all_tabs=bool(wanted))

    async def show_again(self, page: ListPage, number: int) -> ReadPage | None:
        """
        Go to a page of the list once more, as it was reached before; None where it cannot be reached, or shows less.

        One that grows as it is scrolled is scrolled until the row of that number is there.
        """
        rows = 1 if page.scrolled else len(item_rows(page.view))
        if page.turned:
            return None
        again: ReadPage | None = await self.reader.open(
            self.name, url=page.url, until=lambda view: len(item_rows(view)) >= rows or closed_section(view) is not None
        )
        again = await self._unfolded(again) if again else None
        if again is not None and page.tab is not None:
            again = await self._open_tab(again, page.tab)
        if again is not None and page.scrolled:
            while again is not None and same_row(page.view, number, again.view) is None:
                again, at_end = await self._scrolled(again)
                if at_end:
                    return None
            return again
        if again is not None and len(item_rows(again.view)) < rows:
            grown, _ = await self._all_pages(replace(page, read=again))
            again = grown[0].read
        return again if again is not None and len(item_rows(again.view)) >= rows else None

    async def _unfolded(self, page: ReadPage) -> ReadPage:
        """The list with its parts open that are shut at first; one that does not open leaves the list incomplete."""
        tried: set[int] = set()
        while len(tried) < _MOST_SECTIONS and (node := closed_section(page.view, tried)) is not None:
            tried.add(node.backend_id)
            if may_reveal(page.view, node):
                after = await attempt(self.reader, self.reader.reveal_node(node, self.name))
                page = after if after is not None and self._keeps(page.view, after.view) else page
        return page

    async def _open_tab(self, page: ReadPage, tab: str) -> ReadPage | None:
        """Open a tab of the list; None, and back to the list, where it does not open."""
        node, opened = tabs_in(page.view).get(tab), None
        if node is not None and may_reveal(page.view, node):
            opened = await attempt(self.reader, self.reader.reveal_node(node, self.name))
        shown = tabs_in(opened.view).get(tab) if opened is not None else None
        if opened is not None and is_home(opened.view.url, self.surface) and shown is not None and is_chosen(shown):
            return opened
        await self._go_back(opened)
        return None

    async def _go_back(self, page: ReadPage | None) -> None:
        """To the inbox, where a control led away from it: what stands elsewhere is no item."""
        if page is not None and not is_home(page.view.url, self.surface):
            await self.reader.open(self.name)

    async def _all_pages(self, first: ListPage) -> tuple[list[ListPage], bool]:
        """
        Every page of a list once, and whether the last one was reached.

        A page that grows in place stands for what it was before; one that is turned in place is a further one; one that
        shows the items of an earlier one is that, as "Newer" leads from the second page to the first by its number.
        """
        pages, at_end = await self._turned_through(first)
        once: list[ListPage] = []
        for page in pages:
            shown = self._items_of(page.view)
            same = next((n for n, each in enumerate(once) if any(shown) and self._items_of(each.view) == shown), None)
            if same is None:
                once.append(page)
            else:
                once[same] = replace(once[same], also=once[same].also | {page.view.url})
        return once, at_end

    def _items_of(self, view: PageView) -> tuple[tuple[str, ...], list[str]]:
        """What tells pages of a list apart: addresses of its items, and what the others say."""
        return item_links(view, self.surface), said_by_rows(view)

    async def _turned_through(self, first: ListPage) -> tuple[list[ListPage], bool]:
        pages, seen, ended = [first], {first.view.url}, False
        for _ in range(_MOST_PAGES):
            page, node = pages[-1], next_of(pages[-1].view, self.reader.words)
            base = page.view.url
            if node is not None and _target(base, node) in seen:
                node = None  # the first page was come to once more, by its number
            onward = node is not None and differs_in_page(base, _target(base, node))
            if node is None and not ended:
                # It may go on beneath its last item, before another page or section is looked at.
                grown, ended = await self._scrolled(page.read)
                if grown is None:
                    return pages, False
                if not ended:
                    pages[-1] = replace(page, read=grown, scrolled=True)
                    continue
            if node is None:
                base, node = self._further(pages, seen)
            if node is None:
                return pages, True
            ended = False
            if not await self._turn(pages, seen, base, node, onward=onward):
                return pages, False
        return pages, False

    def _further(self, pages: Sequence[ListPage], seen: set[str]) -> tuple[str, Node | None]:
        """A link to another part, of the last page first: a list of sections is not shown beside them."""
        named = ((page.view.url, further_of(page.view, self.surface, seen)) for page in (pages[-1], *pages[:-1]))
        return next(((url, link) for url, link in named if link is not None), ("", None))

    async def _turn(self, pages: list[ListPage], seen: set[str], base: str, node: Node, *, onward: bool) -> bool:
        """Follow a way to more of the list; whether that brought any. Adds to `pages` and `seen`."""
        page, target = pages[-1], _target(base, node)
        if target and target not in seen and is_of_the_list(target, page.view, self.surface):
            seen.add(target)
            read = await attempt(self.reader, self.reader.open(self.name, url=target))
            if read is None or (onward and self._items_of(read.view) in [self._items_of(p.view) for p in pages]):
                return False  # "Older" showed no older ones
            pages.append(ListPage(read, url=target))
            return True
        after = await attempt(
            self.reader, self.reader.reveal_node(node, self.name), lambda view: self._more_in(pages, view)
        )
        more = self._more_in(pages, after.view) if after is not None else None
        if after is None or more is None:
            await self._go_back(after)
            return False
        pages[-1:] = [*([] if more is page else [page]), replace(more, read=after)]
        return True

    def _more_in(self, pages: Sequence[ListPage], after: PageView) -> ListPage | None:
        """The last page of a list where it grew in place, or turned to items that none showed before; else None."""
        before = pages[-1].view
        if self._keeps(before, after):
            return pages[-1] if before.fingerprint() != after.fingerprint() else None
        known = {link for each in pages for link in item_links(each.view, self.surface)}
        new = item_links(after, self.surface)
        turned = before.path == after.path and new and known and known.isdisjoint(new)
        return replace(pages[-1], turned=True) if turned else None

    async def _scrolled(self, page: ReadPage) -> tuple[ReadPage | None, bool]:
        """
        The list scrolled to its last item, and whether that brought no more of them.

        A list that ends high up in the window is not scrolled. None where it does not stand still, or no longer shows
        what it showed before: of a list that draws only what is in sight, nothing tells what was passed over.
        """
        view, rows = page.view, item_rows(page.view)
        ends = [
            (node.box.y + node.box.height, node.index, node)
            for node in (*linked(view, item_links(view, self.surface)), *rows)
            if node.box is not None and node.shown
        ]
        bottom, _, last = max(ends, key=lambda end: end[:2], default=(0.0, 0, None))
        if last is None or bottom < _MAY_GO_ON_Y:
            return page, True
        after = await self.reader.read_around(last)
        await self.reader.check_account()
        if not after.settled or after.view.busy() or not self._keeps(view, after.view):
            return None, False
        if Counter(said_by_rows(view)) - Counter(said_by_rows(after.view)):
            return None, False
        (links, said), (more, saying) = self._items_of(view), self._items_of(after.view)
        return after, len(links) + len(said) == len(more) + len(saying)

    def _keeps(self, before: PageView, after: PageView) -> bool:
        """Whether a list still shows, at the same place, all that it showed before."""
        kept = set(item_links(before, self.surface)) <= set(item_links(after, self.surface))
        return before.path == after.path and kept and len(item_rows(before)) <= len(item_rows(after))


def _target(base: str, node: Node) -> str:
    """Where a control of a page leads by its address; empty where it has none."""
    href = node.attributes.get("href", "")
    return urljoin(base, href) if href else ""
