"""Lists of an inbox that show more items as their end is scrolled to; scrolling presses nothing."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from automation.reading.inbox.item_links import item_links
from automation.reading.inbox.list_items import item_rows
from automation.text.normalizing import fold

if TYPE_CHECKING:
    from automation.flow.manifest import Surface
    from automation.page import Node, PageView
    from automation.page.read_page import ReadPage
    from automation.reader import Reader

_MAY_GO_ON_Y = 500
"""How far down a list must reach to be one that grows as it is scrolled: the end of a shorter one is in sight."""


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
    if _said(page.view) - _said(after.view):
        return None, False
    return after, _count(after.view, surface) == _count(page.view, surface)


def keeps(before: PageView, after: PageView, surface: Surface) -> bool:
    """Whether a list still shows, at the same place, all that it showed before."""
    links = set(item_links(before, surface))
    kept = links <= set(item_links(after, surface)) and len(item_rows(before)) <= len(item_rows(after))
    return before.path == after.path and kept


def _last_item(view: PageView, surface: Surface) -> Node | None:
    """The item of a list that stands lowest."""
    links = set(item_links(view, surface))
    linked = [node for node, href in view.links() if urljoin(view.url, href) in links]
    drawn = [node for node in (*linked, *item_rows(view)) if node.box is not None and node.shown]
    return max(drawn, key=lambda node: (node.box.y + node.box.height if node.box else 0, node.index), default=None)


def _said(view: PageView) -> Counter[str]:
    """What the rows of a list say, and how often."""
    return Counter(fold(view.text(row.index, chrome=True)) for row in item_rows(view))


def _count(view: PageView, surface: Surface) -> int:
    return len(item_links(view, surface)) + len(item_rows(view))
