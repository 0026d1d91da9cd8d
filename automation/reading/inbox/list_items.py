"""The items of an inbox's list: links to them, rows that open them, and what stands outside of them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from automation.reading.control.by_label import may_choose, may_reveal
from automation.reading.inbox.dates import find_date
from automation.reading.inbox.speakers import emptiness_in
from automation.text.normalizing import fold, sentences

if TYPE_CHECKING:
    from automation.flow.manifest import Surface
    from automation.page import Node, PageView

_ROWS = frozenset({"listitem", "row", "article", "option", "treeitem"})
_LISTS = frozenset({"list", "listbox", "table", "grid", "feed", "tree", "rowgroup"})
_CELLS = frozenset({"columnheader", "rowheader", "cell", "gridcell"})
_ARTICLE = re.compile(r"(?<![a-z])(?:help|faq|articles?|polic(?:y|ies)|terms|legal|about|learn|blog|news)(?![a-z])")
_CASE = re.compile(r"contact|repl|request|case|ticket|messag|inbox|report|appeal|thread|conversation|submission|form")
_CHROME = frozenset({"banner", "navigation", "search", "contentinfo"})


def item_links(view: PageView, surface: Surface) -> list[str]:
    """Addresses of the items that are links under the inbox's own paths."""
    own = {urlsplit(url).path.rstrip("/") for url in surface.urls}
    found = []
    for node, href in view.links():
        target = urljoin(view.url, href)
        path = urlsplit(target).path
        if path.rstrip("/") in own or _framed(view, node):
            continue
        if urlsplit(target).hostname == view.host and any(fnmatchcase(path, p) for p in surface.paths):
            found.append(target)
    return list(dict.fromkeys(found))


def item_rows(view: PageView) -> list[Node]:
    """
    Items that are no links: rows of a list outside the site's own frame.

    None are heads of columns, rows that only say that nothing is there, and lists that lead away from the inbox. Where
    the page is made of plain buttons: those that hold more than one piece of text (a title and a date, say).
    """
    rows: list[tuple[int, Node]] = []
    buttons: list[Node] = []
    for node in view.shown_nodes():
        if node.role not in _ROWS | {"button"} or _framed(view, node):
            continue
        lineage = list(view.ancestors(node.index))
        if node.role in _ROWS:
            lists = [a.index for a in lineage if a.role in _LISTS]
            outer = lists and not any(a.role in _ROWS for a in lineage)
            if outer and not _is_head(view, node) and not _says_none(view, node):
                rows.append((lists[-1], node))
        elif not any(a.role == "button" or a.tag == "FORM" for a in lineage) and _pieces(view, node) > 1:
            buttons.append(node)
    away = {index for index, _ in rows} - {index for index, row in rows if not _leads_away(view, row)}
    return [row for index, row in rows if index not in away] or buttons


def same_row(before: PageView, number: int, after: PageView) -> Node | None:
    """
    A row of a list on a fresh copy of its page, by what it says and not by its place; None where it is not there.

    The harm: in a list that is in another order each time one row would be read twice, and another never.
    """
    said = [fold(before.text(row.index)) for row in item_rows(before)]
    rows = [row for row in item_rows(after) if fold(after.text(row.index)) == said[number]]
    place = said[:number].count(said[number])
    return rows[place] if len(rows) == said.count(said[number]) else None


def handle_of(view: PageView, row: Node) -> Node | None:
    """What a person would click to open a row: the row itself or the one control in it."""
    controls = [n for n in view.within(row.index) if n.role in {"button", "link"} and n.shown]
    outer = [n for n in controls if not any(view.is_inside(n.index, o.index) and o is not n for o in controls)]
    if len(outer) == 1 and may_reveal(view, outer[0]):
        return outer[0]
    # One that says that it is pressed is an item by its date: "Notifications, off" is none.
    if len(outer) == 1 and may_choose(view, outer[0]) and find_date(view.text(row.index), view.locale).dated:
        return outer[0]
    return row if not outer and may_reveal(view, row) and row.properties.get("focusable") else None


def named_in_list(view: PageView, href: str) -> str:
    """What the list says of the item behind an address; empty where it is another page of the list that has it."""
    texts = (view.text(node.index) or node.name for node, link in view.links() if urljoin(view.url, link) == href)
    return " ".join(next((text for text in texts if text.strip()), "").split())


def holds_link(view: PageView, row: Node, links: list[str]) -> bool:
    """Whether a row holds one of these links, or stands in it."""
    inside = {n.index for n in view.within(row.index)} | {a.index for a in view.ancestors(row.index)}
    return any(node.index in inside for node, href in view.links() if urljoin(view.url, href) in links)


@dataclass(frozen=True, slots=True)
class Common:
    """What the list's own page carries outside its items."""

    texts: frozenset[str]
    links: frozenset[str]
    openers: frozenset[str] = frozenset()
    """Folded texts of the rows that open items."""


def outside_of_items(view: PageView, links: list[str], rows: list[Node]) -> Common:
    """What the inbox's own page says outside its items: help, which proves nothing inside an item either."""
    outer = {n.index for row in rows for n in view.within(row.index)}
    for node, href in view.links():
        if urljoin(view.url, href) in links:
            outer |= {n.index for n in view.within(node.index)}
            outer |= {a.index for a in view.ancestors(node.index) if a.role in _ROWS}
    texts = [
        b for b in view.blocks() if b.node not in outer and not any(a.index in outer for a in view.ancestors(b.node))
    ]
    links_outside = frozenset(href for node, href in view.links() if node.index not in outer)
    handles = ((row, handle_of(view, row)) for row in rows)
    openers = (fold(" ".join(view.text(n.index).split()) or n.name) for pair in handles for n in pair if n is not None)
    return Common(frozenset(fold(b.text) for b in texts), links_outside, frozenset(openers))


def _framed(view: PageView, node: Node) -> bool:
    return any(a.role in _CHROME for a in view.ancestors(node.index))


def _is_head(view: PageView, row: Node) -> bool:
    """Whether a row only names the columns of its table."""
    cells = [node.role for node in view.within(row.index) if node.role in _CELLS]
    return bool(cells) and all(role == "columnheader" for role in cells)


def _leads_away(view: PageView, row: Node) -> bool:
    """
    Whether a row is no item: links to articles and terms by their address, and no date, as under "Related articles".

    All rows of a list must be so; a request may be kept anywhere else. What such a list says of an objection is still
    noticed (`Way.LIST_CONCERNS`).
    """
    controls = [node for node in view.within(row.index) if node.role in {"button", "link"} and node.shown]
    for node in controls:
        target = urlsplit(urljoin(view.url, node.attributes.get("href", "")))
        place = f"{target.hostname}{target.path}".casefold()
        if node.role != "link" or not _ARTICLE.search(place) or _CASE.search(place):
            return False
    return bool(controls) and not find_date(view.text(row.index), view.locale).dated


def _says_none(view: PageView, row: Node) -> bool:
    """Whether a row holds no control and begins with words of emptiness: "No open requests"."""
    if any(n.role in {"button", "link"} for n in view.within(row.index)) or row.properties.get("focusable"):
        return False
    said = sentences(view.text(row.index))
    return bool(said) and emptiness_in(view.locale).match(fold(said[0])) is not None


def _pieces(view: PageView, node: Node) -> int:
    return sum(1 for n in view.within(node.index) if n.tag == "#text" and n.shown and n.text.strip())
