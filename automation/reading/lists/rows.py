"""The items of an inbox's list that are no links: rows, cards, plain boxes; what opens each, and what shows more."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from itertools import islice
from urllib.parse import urljoin, urlsplit

from automation.flow.manifest import Surface
from automation.page import Node, PageView, once_a_page
from automation.reading.controls.rows import is_disabled, is_open, is_plain_row, may_choose, may_reveal
from automation.reading.lists.addresses import (
    CHROME,
    controls_in,
    differs_in_page,
    differs_in_view,
    framed,
    in_menu,
    is_dated,
    is_of_menu,
    is_way_here,
    item_links,
    lead_to_parts,
    leads_away,
    nodes_within,
    rows_of_parts,
    texts_in,
)
from automation.reading.lists.views import (
    UNFOLDING,
    is_chosen,
    is_for_all,
    is_home,
    is_of_view,
    main_of,
    names_a_view,
    stands_beside_view,
)
from automation.reading.threads.words import find_date, phrases
from automation.text.normalizing import fold, fold_label, fold_words, sentences
from automation.text.page_words import PageWords

ROWS = frozenset({"listitem", "row", "article", "option", "treeitem"})
"""Roles of the rows of a list."""
_MAY_BE_ITEMS = ROWS | UNFOLDING | {"link", ""}
_LISTS = frozenset({"list", "listbox", "table", "grid", "feed", "tree", "rowgroup"})
_MENUS = frozenset({"menu", "true", "listbox", "tree", "grid"})
_DOTS = re.compile(r"[.…⋯⋮⋰︙·•∙●○\s]+")
"""What a control that opens a menu is drawn as."""
_WORD = re.compile(r"\w{3}")
_NUMBERED = re.compile(r"(?:\w+ )?\d{1,3}")
"""What a link to another page of a list is called: "2", "Page 2"."""
_ARROWS = " \"'‹›«»<>←→↓▸▶▾▼"
"""What stands beside the words of a control that turns pages: "Older ›"; folded, an arrow of that kind is a quote."""
_CELLS = frozenset({"columnheader", "rowheader", "cell", "gridcell"})
_CARDS, _WHOLE = frozenset({"region", "article", "group"}), frozenset({"main", "form", "dialog"})
_NEAR, _FEWEST_WORDS_OF_A_TITLE, _MOST_WORDS_OF_A_LINE = 5, 2, 12


@once_a_page
def item_rows(view: PageView) -> tuple[Node, ...]:
    """
    Items that are no links: rows of a list outside the site's own frame.

    None are heads of columns, rows that only say that nothing is there, and lists that lead away from the inbox, or to
    parts of it. Where the page is made of plain buttons: those that hold more than one piece of text (a title and a
    date, say); of boxes without any role, or links without an address: those that take the focus and hold a date.
    Beside rows, those of all that hold a date. Where none of all these is there: cards that unfold by their title. Of
    an inbox that is a dialog over another page, only what stands in it.
    """
    lists, others = _candidates(view)
    listed = {row.index for rows in lists.values() if _holds_items(view, rows) for row in rows}
    chosen = [row for row in view.everything() if row.index in listed]
    inside = nodes_within(view, chosen)
    found = [*chosen, *(node for node in others if node.index not in inside and is_dated(view, node))]
    if not chosen:
        found = [node for node in others if node.role] or others
    inside = nodes_within(view, found)
    found += [card for card in cards(view) if inside.isdisjoint(nodes_within(view, [card]))]
    found = found or titled_cards(view)
    modal = view.modal()
    over = [row for row in found if modal is not None and view.is_inside(row.index, modal.index)]
    return tuple(over or found)


def _candidates(view: PageView) -> tuple[dict[int, list[Node]], list[Node]]:
    """What may be an item: rows of each list by its index; and buttons with several texts, then boxes with a date."""
    rows: dict[int, list[Node]] = {}
    others: dict[bool, list[Node]] = {False: [], True: []}
    panes = _panes(view)
    for node in view.shown_nodes():
        lineage = list(view.ancestors(node.index)) if node.role in _MAY_BE_ITEMS else []
        if not lineage or (framed(view, node) and panes.isdisjoint(a.index for a in lineage)):
            continue
        lists, inner = [a.index for a in lineage if a.role in _LISTS], {a.role for a in lineage}
        if node.role not in ROWS:
            if _may_stand_alone(view, node, lineage):
                others[not node.role].append(node)
        elif lists and ROWS.isdisjoint(inner) and _may_be_an_item(view, node):
            rows.setdefault(lists[-1], []).append(node)
    return rows, [*others[False], *others[True]]


def _may_stand_alone(view: PageView, node: Node, lineage: Sequence[Node]) -> bool:
    """Whether what is no row may be an item: a box with a date, a button or placeless link with several texts."""
    if not node.role:
        return is_plain_row(view, node) and is_dated(view, node)
    placeless = node.role == "link" and "href" not in node.attributes and is_dated(view, node)
    inner = any(a.role in UNFOLDING or a.tag == "FORM" for a in lineage)
    return (node.role in UNFOLDING or placeless) and len(texts_in(view, node)) > 1 and not inner


def _may_be_an_item(view: PageView, row: Node) -> bool:
    """Whether a row is neither an entry of the site's menu, nor the head of a table, nor says that nothing is there."""
    if is_of_menu(view, row) and in_menu(view, row):
        return False
    inside = list(view.within(row.index))
    cells = {node.role for node in inside} & _CELLS
    if cells == {"columnheader"}:
        return False
    used = row.properties.get("focusable") or any(n.role in {"button", "link"} for n in inside)
    said = sentences(view.text(row.index))
    return bool(used) or not said or phrases("empty", view.locale).match(fold(said[0])) is None


def _holds_items(view: PageView, rows: Sequence[Node]) -> bool:
    away = all(leads_away(view, row) for row in rows) or is_way_here(view, rows)
    return not (away or lead_to_parts(view, rows))


def _panes(view: PageView) -> set[int]:
    """
    Parts of navigations that list items beside the one that is shown: of buttons, not of links with an address.

    In a list one row has a date, and all its rows are items then, since a date may be written as a word that nobody
    knows here. Without a list, each button has one.
    """
    parts = (part for part in view.shown_nodes() if part.role in _LISTS | {"navigation"})
    return {part.index for part in parts if _is_pane(view, part)}


def _is_pane(view: PageView, part: Node) -> bool:
    if {a.role for a in (part, *view.ancestors(part.index))} & CHROME != {"navigation"}:
        return False
    inside = [n for n in view.within(part.index) if n.shown]
    # `#3057877` is an item beside the list; any other address is another page.
    if any(n.role == "link" and not n.attributes.get("href", "#").startswith("#") for n in inside):
        return False
    rows = [n for n in inside if n.role in ROWS]
    ways = [n for n in inside if n.role in {"button", "link"} or is_plain_row(view, n)]
    ways += [n for n in rows if n.properties.get("focusable")]
    told = [len(texts_in(view, n)) > 1 and is_dated(view, n) for n in ways]
    return any(told) if part.role in _LISTS else bool(told) and all(told) and not rows


def same_row(before: PageView, number: int, after: PageView) -> Node | None:
    """
    A row of a list on a fresh copy of its page, by what it says and not by its place; None where it is not there.

    The harm: in a list that is in another order each time one row would be read twice, and another never.
    """
    said = said_by_rows(before)
    rows = [row for row in item_rows(after) if fold(after.text(row.index, chrome=True)) == said[number]]
    place = said[:number].count(said[number])
    return rows[place] if len(rows) == said.count(said[number]) else None


def said_by_rows(view: PageView) -> list[str]:
    """What each row of a page says, folded."""
    return [fold(view.text(row.index, chrome=True)) for row in item_rows(view)]


def first_line(view: PageView, row: Node) -> str:
    """The first line of a row: what it is called."""
    return view.text(row.index, chrome=True).partition("\n")[0]


def words_of(view: PageView, node: Node) -> str:
    """The words of a row or control; an arrow in it may be drawn or covered."""
    return fold_words(view.text(node.index, chrome=True)) or fold_words(node.name)


# -- cards


def cards(view: PageView) -> list[Node]:
    """
    The cards of a page, each with the one button in it that is called "View messages".

    A card holds a date, and no other such button; the nearest part of the page that says it is one, else the nearest
    that holds the date.
    """
    called = phrases("opening", view.locale)
    buttons = (node for node in view.shown_nodes() if node.role == "button")
    named = (node for node in buttons if called.fullmatch(fold_label(node.name or view.text(node.index))))
    openers = [node for node in named if may_reveal(view, node) and not framed(view, node)]
    return [card for opener in openers if (card := _card_of(view, opener, openers)) is not None]


def titled_cards(view: PageView) -> list[Node]:
    """
    The cards of a page that unfold by their title: a button that says whether it is open, and a date beside it.

    To be asked where nothing else on the page is an item. The date stands in a line of its own, with a state or number
    at most: a question of a help page unfolds, too, and what it shows may tell a date in a sentence. What stands beside
    such cards as one of them is one as well, since a date may be written as a word that nobody knows here. A date
    elsewhere may be that of an item, and what unfolds is no item then.
    """
    openers = [node for node in view.shown_nodes() if node.role == "button" and _unfolds(view, node)]
    cards = {n.index: card for n in openers if _is_title(view, n) and (card := _card_of(view, n, openers)) is not None}
    level = {card.parent for index, card in cards.items() if _is_dated_in_a_line(view, card, view.nodes[index])}
    lineages = [(opener, *view.ancestors(opener.index)) for opener in openers]
    beside = [next((part for part in lineage if part.parent in level), None) for lineage in lineages]
    chosen = {part.index: part for part in beside if part is not None}
    held = nodes_within(view, [*chosen.values()])
    apart = (block.text for block in view.blocks(main_of(view)) if block.node not in held)
    return [] if any(find_date(text, view.locale).dated for text in apart) else list(chosen.values())


def _unfolds(view: PageView, node: Node) -> bool:
    plain = is_open(node) is not None and node.attributes.get("aria-haspopup", "false") == "false"
    return plain and may_reveal(view, node) and not framed(view, node)


def _is_title(view: PageView, opener: Node) -> bool:
    told = view.text(opener.index) or opener.name
    few = len(told.split()) < _FEWEST_WORDS_OF_A_TITLE or told.rstrip().endswith("?")
    return not (few or names_a_view(told, view.locale) or phrases("arranging", view.locale).fullmatch(fold_label(told)))


def _is_dated_in_a_line(view: PageView, card: Node, opener: Node) -> bool:
    beside = [b for b in view.blocks(card.index) if not view.is_inside(b.node, opener.index)]
    lines = (line for block in beside for line in block.text.split("\n") if len(line.split()) <= _MOST_WORDS_OF_A_LINE)
    return any(find_date(line, view.locale).dated for line in (view.text(opener.index), *lines))


def _card_of(view: PageView, opener: Node, openers: Sequence[Node]) -> Node | None:
    """The element that holds one item with all that belongs to it, and no other item."""
    around: Node | None = None
    for part in islice(view.ancestors(opener.index), _NEAR):
        if part.role in _WHOLE or part.tag in {"BODY", "MAIN"}:
            break
        if sum(view.is_inside(other.index, part.index) for other in openers) > 1:
            break
        dated = find_date(view.text(part.index), view.locale).dated
        if dated and part.role in _CARDS:
            return part
        around = around or (part if dated else None)
    return around


# -- what opens a row


def handle_of(view: PageView, row: Node) -> Node | None:
    """What a person would click to open a row: the row itself or the one control in it."""
    controls = controls_in(view, row)
    outer = [n for n in controls if not any(view.is_inside(n.index, o.index) and o is not n for o in controls)]
    outer = [n for n in outer if n is row or not _opens_menu(n)]
    outer = _ways_among(view, row, outer) if len(outer) > 1 else outer
    if len(outer) == 1:
        only = outer[0]
        # One that says that it is pressed is an item by its date: "Notifications, off" is none.
        return only if may_reveal(view, only) or (may_choose(view, only) and is_dated(view, row)) else None
    reveals = is_plain_row(view, row) or (may_reveal(view, row) and row.properties.get("focusable"))
    return row if not outer and reveals else None


def _ways_among(view: PageView, row: Node, controls: list[Node]) -> list[Node]:
    """Beside stars and flags that may be set, the one link; of several buttons any may act."""
    ways = [n for n in controls if "aria-pressed" not in n.attributes]
    own = [n for n in ways if _bears_row(view, row, n, ways)]
    return ways if [n.role for n in ways] == ["link"] else own or controls


def _opens_menu(node: Node) -> bool:
    """Whether a control says that it opens a menu: of what may be done with an item, and none of its words."""
    says = node.attributes.get("aria-haspopup", "").casefold()
    return says in _MENUS or (not says and _DOTS.fullmatch(node.name.strip()) is not None)


def _bears_row(view: PageView, row: Node, control: Node, others: Sequence[Node]) -> bool:
    """
    Whether one of several controls is the way to what a row tells of: it bears most of its words, and a date.

    What acts is called by a few words. A link may bear the title alone, at the beginning of the row. None where another
    one is dated, too.
    """
    texts = [n for n in texts_in(view, row) if _WORD.search(n.text)]
    own = [n for n in texts if view.is_inside(n.index, control.index)]
    most = 2 * sum(len(n.text.split()) for n in own) > sum(len(n.text.split()) for n in texts)
    alone = not any(is_dated(view, node) for node in others if node is not control)
    titled = control.role == "link" and texts[:1] == own[:1]
    return most and alone and (titled or (len(own) > 1 and is_dated(view, control)))


def unfolding_of(view: PageView, row: Node) -> Node | None:
    """The button "See more" of an item with a title and a date: it shows more of that, and not of the list."""
    handle = handle_of(view, row)
    if (
        handle is None
        or handle.role != "button"
        or not phrases("unfolded", view.locale).fullmatch(fold_label(handle.name))
    ):
        return None
    own = [n for n in texts_in(view, row) if not view.is_inside(n.index, handle.index)]
    return handle if len(own) > 1 and is_dated(view, row) else None


# -- what leads on


def next_of(view: PageView, words: PageWords) -> Node | None:
    """The control that shows more of the list, or its next page; None on the last one."""
    names, more, of_rows = words.with_english.names("inbox.more"), phrases("more", words.locale), _of_rows(view)
    for node in view.shown_nodes():
        if node.role not in {"button", "link"} or is_disabled(node) or node.index in of_rows:
            continue
        name = fold_label(node.name).strip(_ARROWS)
        called = name in names or more.fullmatch(name)
        if called and may_reveal(view, node) and not framed(view, node, within_main=True):
            return node
    return None


def _of_rows(view: PageView) -> set[int]:
    """Controls that belong to an item: beside the way to it, as "More" in each row is, or unfolding what it shows."""
    found = set[int]()
    called: Counter[str] = Counter()
    others: list[Node] = []
    for row in item_rows(view):
        handle = handle_of(view, row)
        inside = [n for n in view.within(row.index) if n.role in {"button", "link"} and n.shown]
        beside = [n for n in inside if handle is not None and not view.is_inside(n.index, handle.index)]
        unfolding = unfolding_of(view, row)
        found |= {n.index for n in (*beside, *([unfolding] if unfolding is not None else []))}
        alone = [n for n in inside if n not in beside]
        called.update({fold_label(n.name) for n in alone})
        others += alone
    return found | {n.index for n in others if called[fold_label(n.name)] > 1}


def further_of(view: PageView, surface: Surface, seen: AbstractSet[str]) -> Node | None:
    """
    The first link to another page or view of the list that was not read yet; None where there is none.

    Links by number, in their name or address, those beside one that says that it is the view shown ("Open", "Closed"),
    those of a list of sections, and of a page that lists nothing else. Of the query of the address only what names a
    view or a page may differ: "?close=3" acts, and the guard cannot know.
    """
    bare = not item_links(view, surface) and not item_rows(view)
    parts = {node.index for row in rows_of_parts(view) for node in view.within(row.index)}
    shown = _around_current(view, surface)
    for node in _own_links(view, surface):
        target, of_view = urljoin(view.url, node.attributes.get("href", "")), is_of_view(view, node, surface)
        if target in seen or is_chosen(node) or not (of_view or differs_in_view(view.url, target)):
            continue
        lineage = list(view.ancestors(node.index))
        section = (bare or node.index in parts) and "main" in {a.role for a in lineage}
        paged = differs_in_page(view.url, target) and not framed(view, node, within_main=True)
        whole = of_view and is_for_all(view, node, view.locale)
        beside = not shown.isdisjoint(a.index for a in lineage[:2]) or stands_beside_view(view, node)
        if any((whole, section, paged, beside)) or _NUMBERED.fullmatch(fold_label(node.name)):
            return node
    return None


def _own_links(view: PageView, surface: Surface) -> list[Node]:
    """The links of a page that lead to the list, or to a view of it."""
    found = []
    for node, href in view.links():
        target = urljoin(view.url, href)
        here = is_home(target, surface) and urlsplit(target).hostname == view.host
        if here or is_of_view(view, node, surface):
            found.append(node)
    return found


def _around_current(view: PageView, surface: Surface) -> set[int]:
    """What holds the entry that says that it is the view shown."""
    own = {node.index for node in _own_links(view, surface)}
    others = {node.index for node, _ in view.links()} - own
    current = [n for n in view.shown_nodes() if is_chosen(n) and (n.index in own or "aria-current" in n.attributes)]
    shown = {node.parent for node in current if node.index not in others}
    return shown | {view.nodes[i].parent for i in shown if i >= 0 and view.nodes[i].role in {"listitem", "tab"}}
