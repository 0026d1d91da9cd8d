"""Which text of a page belongs to its thread: not the labels of buttons, nor a list of other threads beside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from automation.reading.inbox.samples import in_samples

if TYPE_CHECKING:
    from automation.page import Block, Node, PageView

_ROWS = frozenset({"listitem", "row", "option", "treeitem", "tab"})
_LISTS = frozenset({"list", "listbox", "table", "grid", "feed", "tree", "tablist"})
_OPENERS = frozenset({"link", "button", "option", "tab", "treeitem"})
_MOST_WORDS_OF_A_COMMAND = 5


def own_blocks(view: PageView, blocks: Sequence[Block]) -> list[Block]:
    """The paragraphs without labels of buttons, without a list of threads beside this one, and without samples."""
    beside = {node.index for row in preview_rows(view) for node in view.within(row.index)} | in_samples(view)
    return [block for block in blocks if block.node not in beside and not _is_command(view, block)]


def preview_rows(view: PageView) -> list[Node]:
    """Rows of a list of threads: all that a person sees of each is one link or button that opens it."""
    rows = []
    for node in view.shown_nodes():
        if node.role not in _ROWS or not any(a.role in _LISTS for a in view.ancestors(node.index)):
            continue
        opener = next((n for n in view.within(node.index) if n.role in _OPENERS and n.shown), None)
        texts = [n for n in view.within(node.index) if n.tag == "#text" and n.shown and n.text.strip()]
        if opener is not None and len(texts) > 1 and all(view.is_inside(n.index, opener.index) for n in texts):
            rows.append(node)
    return rows if len(rows) > 1 else []


def lists_beside(view: PageView, marked: Sequence[int]) -> frozenset[int]:
    """What stands in a list at the side of the messages: the list of threads in a page of two panes."""
    lineages = [[n, *(a.index for a in view.ancestors(n))] for n in marked if n >= 0]
    if len(lineages) < 2:
        return frozenset()
    shared = set(lineages[0]).intersection(*lineages[1:])
    region = view.nodes[next(index for index in lineages[0] if index in shared)]
    found: set[int] = set()
    for node in view.shown_nodes():
        if node.role in _LISTS and node.box is not None and region.box is not None:
            left, right = node.box.x + node.box.width, region.box.x + region.box.width
            if left <= region.box.x or node.box.x >= right:
                found |= {n.index for n in view.within(node.index)}
    return frozenset(found)


def _is_command(view: PageView, block: Block) -> bool:
    """Whether a text is what a control says, not what somebody wrote; the head of a section may name an author."""
    if block.node < 0:
        return False
    nodes = [n for n in (view.nodes[block.node], *view.ancestors(block.node)) if "expanded" not in n.properties]
    short = len(block.text.split()) <= _MOST_WORDS_OF_A_COMMAND
    return any(n.role in {"button", "menuitem"} or (n.role == "link" and short) for n in nodes)
