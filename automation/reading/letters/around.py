"""
What stands around the messages on an item's page: in a column beside them, in a bar above them, on a badge.

By landmark and place, not by words: what stands on the list's own page too is the site's frame; navigation and search
are; a link leads elsewhere. Everything else may say what became of the answer.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet

from automation.page import Block, PageView
from automation.reading.letters.topic import names_topic
from automation.text.normalizing import fold
from automation.text.page_words import PageWords

_SITE = frozenset({"navigation", "search"})
_LEADS_ON = frozenset({"link", "tab", "menuitem", "option", "treeitem"})


def blocks_around(view: PageView, words: PageWords, shared: AbstractSet[str] = frozenset()) -> tuple[Block, ...]:
    """
    The texts around the messages that may speak of the answer.

    Args:
        view: the item's page.
        words: the service's.
        shared: texts that stand on the list's own page too, folded.

    Returns:
        Of buttons and of the site's foot only what names what this is about: "Objection ended" may be a button.
    """
    inner = {(block.node, block.text) for block in view.blocks()}
    found = []
    for block in view.blocks(chrome=True):
        lineage = (view.nodes[block.node], *view.ancestors(block.node)) if block.node >= 0 else ()
        roles = {node.role for node in lineage}
        if fold(block.text) in shared or roles & (_SITE | _LEADS_ON):
            continue
        if roles & {"button", "contentinfo"}:
            if names_topic(block.text, words):
                found.append(block)
        elif (block.node, block.text) not in inner:
            found.append(block)
    return tuple(found)
