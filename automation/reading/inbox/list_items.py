"""The items of an inbox's list: the rows that open them, and what stands outside of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from automation.page import DISCLOSURES
from automation.reading.controls.by_label import is_open, is_plain_row
from automation.reading.inbox.dates import find_date
from automation.reading.inbox.list_addresses import lead_to_parts
from automation.reading.inbox.list_cards import cards, titled_cards
from automation.reading.inbox.list_strays import is_bare, is_idle_notice, is_notice, names_columns, opens_nothing
from automation.reading.inbox.row_handles import handle_of
from automation.reading.inbox.speech import emptiness_in, states_in
from automation.text.normalizing import fold, fold_label, fold_words, sentences

if TYPE_CHECKING:
    from automation.page import Block, Node, PageView

_ROWS = frozenset({"listitem", "row", "article", "option", "treeitem"})
_LISTS = frozenset({"list", "listbox", "table", "grid", "feed", "tree", "rowgroup"})
_CELLS = frozenset({"columnheader", "rowheader", "cell", "gridcell"})
_ARTICLE = re.compile(r"(?<![a-z])(?:help|faq|articles?|polic(?:y|ies)|terms|legal|about|learn|blog|news)(?![a-z])")
_CASE = re.compile(r"contact|repl|request|case|ticket|messag|inbox|report|appeal|thread|conversation|submission|form")
_NUMBER = re.compile(r"\d{3}")
_MOST_WORDS_OF_A_LINK = 4
_MOST_WORDS_OF_A_CELL = 10
_ENDS = (".", "!", "?")
_MOST_STEPS = 6
_CHROME = frozenset({"banner", "navigation", "search", "contentinfo"})
_SHOWN = ("aria-current", "aria-selected")
_UNFOLDING = frozenset({"button"}) | DISCLOSURES
_BARE = frozenset(
    {"", "listitem", "ListMarker", "StaticText", "InlineTextBox", "generic", "paragraph", "strong", "emphasis"}
)
"""Roles of what cannot be used."""


def item_rows(view: PageView) -> list[Node]:
    """
    Items that are no links: rows of a list outside the site's own frame.

    None are heads of columns, rows that only say that nothing is there, and lists that lead away from the inbox, or to
    parts of it. Where
    the page is made of plain buttons: those that hold more than one piece of text (a title and a date, say); of boxes
    without any role, or links without an address: those that take the focus and hold a date. Beside rows, those of all
    that hold a date. Where none of all these is there: cards that unfold by their title.
    """
    rows: list[tuple[int, Node]] = []
    buttons: list[Node] = []
    boxes: list[Node] = []
    panes = _panes(view)
    for node in view.shown_nodes():
        lineage = list(view.ancestors(node.index))
        beside_it = not panes.isdisjoint(a.index for a in lineage)
        if is_plain_row(view, node) and (beside_it or not framed(view, node)) and _is_dated(view, node):
            boxes.append(node)
        placeless = node.role == "link" and "href" not in node.attributes and _is_dated(view, node)
        if not (placeless or node.role in _ROWS | _UNFOLDING) or (framed(view, node) and not beside_it):
            continue
        if node.role in _ROWS:
            lists = [a.index for a in lineage if a.role in _LISTS]
            outer = lists and not any(a.role in _ROWS for a in lineage)
            outer = outer and not (is_of_menu(view, node) and in_menu(view, node))
            if outer and not _is_head(view, node) and not _says_none(view, node):
                rows.append((lists[-1], node))
        elif not any(a.role in _UNFOLDING or a.tag == "FORM" for a in lineage) and _pieces(view, node) > 1:
            buttons.append(node)
    all_lists = {index for index, _ in rows}
    away = all_lists - {index for index, row in rows if not _leads_away(view, row)}
    away |= {index for index in all_lists if _shows_progress(view, index, rows)}
    for passive in (opens_nothing, lead_to_parts):
        away |= {index for index in all_lists if passive(view, [row for at, row in rows if at == index])}
    tables = ([row for at, row in rows if at == index] for index in all_lists - away)
    heads = {table[0].index for table in tables if names_columns(view, table)}
    items = [row for index, row in rows if index not in away and row.index not in heads]
    chosen = [row for row in items if not is_idle_notice(view, row)]
    inside = {node.index for row in chosen for node in view.within(row.index)}
    buttons, boxes = ([node for node in nodes if not is_notice(view, node)] for nodes in (buttons, boxes))
    beside = [node for node in (*buttons, *boxes) if node.index not in inside and _is_dated(view, node)]
    rows_found = [*chosen, *beside] if chosen else buttons or boxes
    within = {inner.index for row in rows_found for inner in view.within(row.index)}
    apart = [card for card in cards(view) if within.isdisjoint(n.index for n in view.within(card.index))]
    return [*rows_found, *apart] or titled_cards(view)


def same_row(before: PageView, number: int, after: PageView) -> Node | None:
    """
    A row of a list on a fresh copy of its page, by what it says and not by its place; None where it is not there.

    The harm: in a list that is in another order each time one row would be read twice, and another never.
    """
    said = [fold(before.text(row.index, chrome=True)) for row in item_rows(before)]
    rows = [row for row in item_rows(after) if fold(after.text(row.index, chrome=True)) == said[number]]
    place = said[:number].count(said[number])
    return rows[place] if len(rows) == said.count(said[number]) else None


def is_of_menu(view: PageView, row: Node) -> bool:
    """
    Whether a row is a link of a few words without date or number: what a site's menu is made of, where nothing says so.

    To be asked beside rows that are known to be items.
    """
    inside = [n for n in view.within(row.index) if n.shown]
    controls = [n for n in inside if n.role in {"link", "button"}]
    texts = {n.parent for n in inside if n.tag == "#text" and n.text.strip()}
    alone = len(controls) == 1 and controls[0].role == "link"
    within = {n.index for n in view.within(controls[0].index)} if alone else set()
    few = len(view.text(row.index).split()) <= _MOST_WORDS_OF_A_LINK
    place = urljoin(view.url, controls[0].attributes.get("href", "")) if alone else ""
    numbered = _NUMBER.search(view.text(row.index)) is not None
    case = _CASE.search(urlsplit(place).path) is not None and _NUMBER.search(urlsplit(place).path) is not None
    return alone and few and texts <= within and not (numbered or case or _is_dated(view, row))


def is_chip(view: PageView, row: Node, links: list[str]) -> bool:
    """
    Whether a row is the only one of a list right behind the link to an item, and says in a word how far that is.

    Nothing in it can be used: filters of a list are words of the same kind.
    """
    around = view.nodes[row.parent]
    siblings = view.children.get(around.parent, ())
    before = siblings[: siblings.index(around.index)] if around.index in siblings else ()
    ahead = {n.index for n in view.within(before[-1])} if before else set[int]()
    beside = any(node.index in ahead for node, href in view.links() if urljoin(view.url, href) in links)
    alone = around.role == "list" and row.role == "listitem" and len(view.children.get(around.index, ())) == 1
    bare = all(n.role in _BARE and not n.properties.get("focusable") for n in view.within(row.index))
    said = fold_label(view.text(row.index))
    named = fold_label(row.name) in {"", said}
    return beside and alone and bare and named and states_in(view.locale).fullmatch(said) is not None


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
        others = [node for node, href in view.links() if urljoin(view.url, href) in self.items]
        others += [
            node
            for node in view.shown_nodes()
            if (node.role in _UNFOLDING or is_plain_row(view, node)) and text_of(view, node) in self.openers - {own}
        ]
        opened = [n for n in view.shown_nodes() if own and n.role in _UNFOLDING and text_of(view, n) == own]
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
    few = all(len(cell.split()) <= _MOST_WORDS_OF_A_CELL and not cell.rstrip().endswith(_ENDS) for cell in cells)
    return row if own and few else opener


def text_of(view: PageView, node: Node) -> str:
    """The words of a row or control; an arrow in it may be drawn or covered."""
    return fold_words(view.text(node.index, chrome=True)) or fold_words(node.name)


def without_own_row(view: PageView, blocks: Sequence[Block], own: str) -> tuple[list[Block], str]:
    """
    The text of an item that was unfolded in place, of its own row the first line only: its title, which comes with it.

    Who answers and when the row says for the list; as a message of its own it would come before or after all others.
    """
    row = {
        inner.index
        for node in view.shown_nodes()
        if node.role in _UNFOLDING and is_open(node) and text_of(view, node) == own
        for inner in view.within(node.index)
    }
    inside = [block for block in blocks if block.node in row]
    title = [replace(block, text=block.text.split("\n", 1)[0]) for block in inside[:1]]
    at = blocks.index(inside[0]) if inside else 0
    rest = [*blocks[:at], *title, *(block for block in blocks[at:] if block.node not in row)]
    return rest, title[0].text if title else ""


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
    openers = frozenset(text_of(view, node) for pair in handles for node in pair if node is not None)
    region = _list_of(view, links)
    among = frozenset(fold(b.text) for b in texts if b.node in region)
    return Common(frozenset(fold(b.text) for b in texts), links_outside, openers, frozenset(links), among)


def shown_beside(view: PageView, links: list[str]) -> str | None:
    """The address of the item that the list says it shows beside it; None where it says so of none, or of several."""
    marked = set()
    for node, href in view.links():
        rows = [a for a in view.ancestors(node.index) if a.role in _ROWS]
        if any(each.attributes.get(key, "false") != "false" for each in (node, *rows) for key in _SHOWN):
            marked.add(urljoin(view.url, href))
    own = marked & set(links)
    return own.pop() if len(own) == 1 else None


def frame_of(view: PageView, links: list[str]) -> frozenset[str]:
    """Folded texts of the site's own frame and of the list, without what is shown beside it."""
    region = _list_of(view, links)
    return frozenset(
        fold(b.text) for b in view.blocks() if b.node >= 0 and (b.node in region or framed(view, view.nodes[b.node]))
    )


def _list_of(view: PageView, links: list[str]) -> set[int]:
    """
    What stands in the smallest part of a page that holds the links to all items: their authors and dates, too.

    The harm: an author that a list names beside each item would be taken out of the item as text of every page. What is
    said of an objection there is noticed all the same.
    """
    lineages = [
        [a.index for a in view.ancestors(node.index)] for node, href in view.links() if urljoin(view.url, href) in links
    ]
    if len(lineages) < 2:
        return set()
    shared = set(lineages[0]).intersection(*lineages[1:])
    smallest = next((index for index in lineages[0] if index in shared), None)
    return set() if smallest is None else {n.index for n in view.within(smallest)}


def framed(view: PageView, node: Node, *, within_main: bool = False, listed: bool = False) -> bool:
    """Whether a node stands in the site's own frame; a navigation `within_main`, or that lists items, is none."""
    lineage = [a.role for a in view.ancestors(node.index)]
    frame = _CHROME - {"navigation"} if listed or (within_main and "main" in lineage) else _CHROME
    return not frame.isdisjoint(lineage)


def in_menu(view: PageView, node: Node) -> bool:
    """Whether a node stands in a list that also leads to the very page: the site's menu, where nothing says so."""
    around = next((a for a in view.ancestors(node.index) if a.role == "list"), None)
    if around is None:
        return False
    inside = {n.index for n in view.within(around.index)}
    targets = (urlsplit(urljoin(view.url, href)) for link, href in view.links() if link.index in inside)
    return any(
        to.hostname == view.host and to.path.rstrip("/") == view.path.rstrip("/") and not to.query and not to.fragment
        for to in targets
    )


def _panes(view: PageView) -> set[int]:
    """
    Parts of navigations that list items beside the one that is shown: of buttons, not of links with an address.

    In a list one row has a date, and all its rows are items then, since a date may be written as a word that nobody
    knows here. Without a list, each button has one.
    """
    found = set[int]()
    for part in view.shown_nodes():
        around = {a.role for a in (part, *view.ancestors(part.index))} & _CHROME
        if around != {"navigation"} or part.role not in _LISTS | {"navigation"}:
            continue
        inside = [n for n in view.within(part.index) if n.shown]
        if any(n.role == "link" and not _is_placeless(n) for n in inside):
            continue
        rows = {n.index for n in inside if n.role in _ROWS}
        ways = [n for n in inside if n.role in {"button", "link"} or is_plain_row(view, n)]
        ways += [n for n in inside if n.index in rows and n.properties.get("focusable")]
        told = [_pieces(view, n) > 1 and _is_dated(view, n) for n in ways]
        if any(told) if part.role in _LISTS else (all(told) and told and not rows):
            found.add(part.index)
    return found


def _is_placeless(link: Node) -> bool:
    """Whether a link leads to no other page: `#3057877` is an item beside the list."""
    return link.attributes.get("href", "#").startswith("#")


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
    return bool(controls) and not _is_dated(view, row)


def _shows_progress(view: PageView, index: int, rows: Sequence[tuple[int, Node]]) -> bool:
    """
    Whether an ordered list shows how far a request is: "Received", "In review", "Decided".

    No row can be opened or says much, and in the same part of the page a list of dated rows follows that all can. What
    a step says of an objection is still noticed (`Way.LIST_CONCERNS`).
    """
    steps = [row for at, row in rows if at == index]
    parent = view.nodes[index].parent
    following = {at for at, _ in rows if at > index and view.nodes[at].parent == parent}
    opened = [row for at, row in rows if at in following]
    return (
        view.nodes[index].tag == "OL"
        and len(steps) <= _MOST_STEPS
        and all(is_bare(view, row) for row in steps)
        and bool(opened)
        and all(_is_dated(view, row) and handle_of(view, row) is not None for row in opened)
    )


def _says_none(view: PageView, row: Node) -> bool:
    """Whether a row holds no control and begins with words of emptiness: "No open requests"."""
    if any(n.role in {"button", "link"} for n in view.within(row.index)) or row.properties.get("focusable"):
        return False
    said = sentences(view.text(row.index))
    return bool(said) and emptiness_in(view.locale).match(fold(said[0])) is not None


def _is_dated(view: PageView, row: Node) -> bool:
    return find_date(view.text(row.index, chrome=True), view.locale).dated


def _pieces(view: PageView, node: Node) -> int:
    return sum(1 for n in view.within(node.index) if n.tag == "#text" and n.shown and n.text.strip())
