"""The entry of a site's menu that says which page is shown, and the ways back from an item to its list."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urljoin, urlsplit

from automation.reading.inbox.item_links import OF_AN_ITEM
from automation.reading.inbox.list_tabs import is_chosen
from automation.reading.letter import letter_in
from automation.reading.narrowing import takes_away
from automation.text.normalizing import fold_words

if TYPE_CHECKING:
    from automation.page import Block, Node, PageView

_MENUS = frozenset({"navigation", "list", "tablist", "menu", "menubar"})
_USED = frozenset({"link", "button", "tab", "menuitem"})
_MOST_WORDS_OF_A_WAY = 6


def leads_here(view: PageView, href: str) -> bool:
    """Whether a link leads to this very page: what it is called is the page's name, in whatever language."""
    target = urlsplit(urljoin(view.url, href))
    return target.hostname == view.host and target.path.rstrip("/") == view.path.rstrip("/") and not target.query


def current_entries(view: PageView) -> Iterator[str]:
    """
    What menus call the page that is shown: an entry that says that it is the current one, or the only one of no link.

    A link counts where it leads to this very page.
    """
    for node in view.shown_nodes():
        lineage = list(view.ancestors(node.index))
        menu = next((a for a in lineage if a.role in _MENUS), None)
        text = view.text(node.index, chrome=True).strip() or node.name
        if menu is None or not text:
            continue
        href = node.attributes.get("href")
        if is_chosen(node):
            if href is None or leads_here(view, href):
                yield text
        elif node.role not in _USED and _is_without_a_link(view, node, menu):
            yield text


def _is_without_a_link(view: PageView, node: Node, menu: Node) -> bool:
    """Whether a text stands among links and is the only one that is none."""
    linked = {n.index for link, _ in view.links() for n in view.within(link.index)}
    texts = {
        n.parent
        for n in view.within(menu.index)
        if n.tag == "#text" and n.shown and n.text.strip() and n.index not in linked
    }
    return texts == {node.index} and any(view.is_inside(link.index, menu.index) for link, _ in view.links())


def without_ways_back(view: PageView, homes: AbstractSet[str], blocks: Sequence[Block]) -> list[Block]:
    """
    The text of an item without the links that lead back to its list: "‹ Back to your objections".

    One that decides something, or is longer than a name, stays.

    Args:
        view: the item's page.
        homes: paths of the list.
        blocks: its text.
    """
    ways: set[str] = set()
    for node, href in view.links():
        target = urlsplit(urljoin(view.url, href))
        item = any(OF_AN_ITEM.fullmatch(key.casefold()) for key, _ in parse_qsl(target.query))
        if target.hostname == view.host and target.path.rstrip("/") in homes and not item and target.path != view.path:
            ways.add(fold_words(view.text(node.index) or node.name))
    letter = letter_in(view.locale)
    return [
        block
        for block in blocks
        if fold_words(block.text) not in ways
        or len(block.text.split()) > _MOST_WORDS_OF_A_WAY
        or letter.decides(block.text)
        or takes_away(block.text)
    ]
