"""
Reading an inbox's list to its end: its tabs are opened, its pages turned, its foot scrolled to.

"See more" is pressed, "Next" is followed, until there is no more. Scrolling presses nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import urljoin

from automation.core.errors import CheckError
from automation.flow.manifest import Surface
from automation.page import Node, PageView
from automation.reading.controls.by_label import may_reveal
from automation.reading.lists.addresses import differs_in_page, is_of_the_list, item_links, linked
from automation.reading.lists.completeness import ListReads
from automation.reading.lists.looked import InboxList, ListPage
from automation.reading.lists.rows import further_of, item_rows, next_of, said_by_rows, same_row
from automation.reading.lists.views import closed_section, is_chosen, is_home, tab_named, tabs_to_read
from automation.visit.reader import Reader, ReadPage

_MOST_PAGES, _MOST_SECTIONS = 20, 8
_MAY_GO_ON_Y = 500
"""How far down a list must reach to be one that grows as it is scrolled: the end of a shorter one is in sight."""


async def read_tabs(reader: Reader, first: ReadPage, name: str, surface: Surface, reads: ListReads) -> InboxList:
    """
    Every page of every tab of a list; a list without tabs is all that there is.

    A list of which one tab is for all items is read under that one alone. Raises as the reader's verbs do where a
    visit ends.

    Args:
        reader: on the list's first page.
        first: that page.
        name: the inbox's surface in the manifest.
        surface: the same as declared.
        reads: what fills it.
    """
    first = await _unfolded(reader, first, name, surface)
    wanted = tabs_to_read(first.view, reader.words.locale)
    pages, at_end = await turn_pages(reader, ListPage(first), name, surface)
    for tab in wanted:
        opened = await _open_tab(reader, reader.page or first, tab, name, surface)
        if opened is None:
            return InboxList(name, surface, reads, pages, at_end=False, all_tabs=False)
        more, ended = await turn_pages(reader, ListPage(opened, tab), name, surface)
        pages, at_end = [*pages, *more], at_end and ended
    return InboxList(name, surface, reads, pages, at_end, all_tabs=bool(wanted))


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
    return is_home(page.view.url, surface) and node is not None and is_chosen(node)


async def _go_back(reader: Reader, page: ReadPage | None, name: str, surface: Surface) -> None:
    """To the inbox, where a control led away from it: what stands elsewhere is no item."""
    if page is not None and not is_home(page.view.url, surface):
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
    return item_links(view, surface), said_by_rows(view)


async def _turned_through(reader: Reader, first: ListPage, name: str, surface: Surface) -> tuple[list[ListPage], bool]:
    pages, seen, ended = [first], {first.view.url}, False
    for _ in range(_MOST_PAGES):
        page, node = pages[-1], next_of(pages[-1].view, reader.words)
        base = page.view.url
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
        if node is None:
            base, node = _further(pages, surface, seen)
        if node is None:
            return pages, True
        ended = False
        if not await _turn(reader, pages, seen, (base, node), name, surface, onward=onward):
            return pages, False
    return pages, False


def _further(pages: Sequence[ListPage], surface: Surface, seen: set[str]) -> tuple[str, Node | None]:
    """A link to another part, of the last page first: a list of sections is not shown beside them."""
    named = ((page.view.url, further_of(page.view, surface, seen)) for page in (pages[-1], *pages[:-1]))
    return next(((url, link) for url, link in named if link is not None), ("", None))


async def _turn(
    reader: Reader,
    pages: list[ListPage],
    seen: set[str],
    way: tuple[str, Node],
    name: str,
    surface: Surface,
    *,
    onward: bool,
) -> bool:
    """Follow a way to more of the list; whether that brought any. Adds to `pages` and `seen`."""
    page, node, target = pages[-1], way[1], _target(*way)
    try:
        if target and target not in seen and is_of_the_list(target, page.view, surface):
            seen.add(target)
            further = ListPage(await reader.open(name, url=target), url=target)
            if onward and any(_shown_of(p.view, surface) == _shown_of(further.view, surface) for p in pages):
                return False  # "Older" showed no older ones
            pages.append(further)
        else:
            after = await reader.reveal_node(node, name)
            if after is not None and _grew(page.view, after.view, surface):
                pages[-1] = replace(page, read=after)
            elif after is not None and _turned([p.view for p in pages], after.view, surface):
                pages.append(replace(page, read=after, turned=True))
            else:
                await _go_back(reader, after, name, surface)
                return False
        await reader.check_account()
    except CheckError as error:
        if error.ends_visit:
            raise
        return False
    return True


def _target(base: str, node: Node) -> str:
    """Where a control of a page leads by its address; empty where it has none."""
    href = node.attributes.get("href", "")
    return urljoin(base, href) if href else ""


def _grew(before: PageView, after: PageView, surface: Surface) -> bool:
    """Whether a list shows more than before, at the same place; anything else led away from it."""
    return keeps(before, after, surface) and before.fingerprint() != after.fingerprint()


def _turned(before: list[PageView], after: PageView, surface: Surface) -> bool:
    """Whether a list shows nothing but items that it did not show before, at the same place."""
    seen = {link for view in before for link in item_links(view, surface)}
    new = item_links(after, surface)
    return before[-1].path == after.path and bool(new) and bool(seen) and seen.isdisjoint(new)


# -- scrolling


async def scrolled(reader: Reader, page: ReadPage, surface: Surface) -> tuple[ReadPage | None, bool]:
    """
    The list scrolled to its last item, and whether that brought no more of them.

    A list that ends high up in the window is not scrolled. None where it does not stand still, or no longer shows what
    it showed before: of a list that draws only what is in sight, nothing tells what was passed over.
    """
    last = _last_item(page.view, surface)
    if last is None or last.box is None or last.box.y + last.box.height < _MAY_GO_ON_Y:
        return page, True
    after = await reader.read_around(last)
    await reader.check_account()
    if not after.settled or after.view.busy() or not keeps(page.view, after.view, surface):
        return None, False
    if Counter(said_by_rows(page.view)) - Counter(said_by_rows(after.view)):
        return None, False
    return after, _count(after.view, surface) == _count(page.view, surface)


def keeps(before: PageView, after: PageView, surface: Surface) -> bool:
    """Whether a list still shows, at the same place, all that it showed before."""
    links = set(item_links(before, surface))
    kept = links <= set(item_links(after, surface)) and len(item_rows(before)) <= len(item_rows(after))
    return before.path == after.path and kept


def _last_item(view: PageView, surface: Surface) -> Node | None:
    """The item of a list that stands lowest."""
    items = (*linked(view, item_links(view, surface)), *item_rows(view))
    drawn = [node for node in items if node.box is not None and node.shown]
    return max(drawn, key=lambda node: (node.box.y + node.box.height if node.box else 0, node.index), default=None)


def _count(view: PageView, surface: Surface) -> int:
    return len(item_links(view, surface)) + len(item_rows(view))
