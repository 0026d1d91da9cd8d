"""What the list's own page carries outside its items, and an item's page therefore too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from automation.page import Node, PageView
from automation.reading.controls.by_label import is_plain_row
from automation.reading.lists.addresses import linked
from automation.reading.lists.messages import ENDS
from automation.reading.lists.rows import ROWS, handle_of, words_of
from automation.reading.lists.views import UNFOLDING
from automation.text.normalizing import fold

_MOST_WORDS_OF_A_CELL, MOST_WORDS_OF_A_TITLE, FEWEST_WORDS_OF_A_MESSAGE = 10, 14, 12


@dataclass(frozen=True, slots=True)
class Common:
    """What the list's own page carries outside its items."""

    texts: frozenset[str]
    links: frozenset[str]
    openers: frozenset[str] = frozenset()
    """Folded words of the rows that open items."""
    items: frozenset[str] = frozenset()
    """Addresses of the items."""
    among: frozenset[str] = frozenset()
    """Folded texts outside the items, but in the list: authors and dates beside them, which an item names, too."""
    chrome: frozenset[str] = frozenset()
    """Folded texts of the site's own frame on the list's page."""
    tabs: frozenset[str] = frozenset()
    """Names of the list's tabs."""
    homes: frozenset[str] = frozenset()
    """Paths of the list."""
    title: str = ""
    """First words of the row that opened the item."""
    before: frozenset[str] = frozenset()
    """Folded texts of the page on which that row was pressed."""

    def beside(self, view: PageView, own: str = "") -> frozenset[int]:
        """
        Nodes of what opens other items, where the list stands beside or around the one that is open.

        Args:
            view: the page with the open item.
            own: folded words of what opened it.
        """
        openers = [node for node in view.shown_nodes() if node.role in UNFOLDING or is_plain_row(view, node)]
        others = [node for node in openers if words_of(view, node) in self.openers - {own}]
        others = [*linked(view, [*self.items]), *others]
        opened = [node for node in openers if own and node.role in UNFOLDING and words_of(view, node) == own]
        heads = [_head_of(view, node) for node in others]
        tables = {head.parent for head in (*heads, *(_head_of(view, node) for node in opened))}
        alone = heads if len(tables) == 1 and len(heads) + len(opened) > 1 else others  # rows of one table
        return frozenset(inner.index for node in alone for inner in view.within(node.index))


def _head_of(view: PageView, opener: Node) -> Node:
    """
    The row of a table that holds what opens an item, a few words in each cell, and nothing else that can be used.

    Else the opener itself: a row may hold the message.
    """
    row = next((a for a in view.ancestors(opener.index) if a.role == "row" or a.tag == "TR"), None)
    if row is None:
        return opener
    own = all(n.index == opener.index for n in view.within(row.index) if n.role in {"button", "link"} and n.shown)
    cells = [view.text(cell) for cell in view.children.get(row.index, ())]
    few = all(len(cell.split()) <= _MOST_WORDS_OF_A_CELL and not cell.rstrip().endswith(ENDS[:3]) for cell in cells)
    return row if own and few else opener


def outside_of_items(view: PageView, links: Sequence[str], rows: Sequence[Node]) -> Common:
    """What the inbox's own page says outside its items: help, which proves nothing inside an item either."""
    ways = linked(view, links)
    outer = {n.index for part in (*rows, *ways) for n in view.within(part.index)}
    outer |= {a.index for way in ways for a in view.ancestors(way.index) if a.role in ROWS}
    texts = [b for b in view.blocks() if outer.isdisjoint((b.node, *(a.index for a in view.ancestors(b.node))))]
    openers = [*rows, *(handle for row in rows if (handle := handle_of(view, row)) is not None)]
    region = list_of(view, links)
    inner = {(block.node, block.text) for block in view.blocks()}
    return Common(
        frozenset(fold(b.text) for b in texts),
        frozenset(href for node, href in view.links() if node.index not in outer),
        frozenset(words_of(view, node) for node in openers),
        frozenset(links),
        frozenset(fold(b.text) for b in texts if b.node in region),
        frozenset(fold(b.text) for b in view.blocks(chrome=True) if (b.node, b.text) not in inner),
    )


def on_all_pages(commons: Sequence[Common]) -> Common:
    """What every page of a list carries; what opens items, or stands in the list, is that of any."""
    any_of, every = frozenset[str]().union, frozenset[str].intersection
    return Common(
        every(*(each.texts for each in commons)),
        every(*(each.links for each in commons)),
        any_of(*(each.openers for each in commons)),
        any_of(*(each.items for each in commons)),
        any_of(*(each.among for each in commons)),
        any_of(*(each.chrome for each in commons)),
        any_of(*(each.tabs for each in commons)),
        any_of(*(each.homes for each in commons)),
    )


def list_of(view: PageView, links: Sequence[str]) -> set[int]:
    """
    What stands in the smallest part of a page that holds the links to all items: their authors and dates, too.

    The harm: an author that a list names beside each item would be taken out of the item as text of every page. What is
    said of an objection there is noticed all the same.
    """
    lineages = [[a.index for a in view.ancestors(node.index)] for node in linked(view, links)]
    if len(lineages) < 2:
        return set()
    shared = set(lineages[0]).intersection(*lineages[1:])
    smallest = next((index for index in lineages[0] if index in shared), None)
    return set() if smallest is None else {n.index for n in view.within(smallest)}
