"""The items of an inbox's list that are no links: rows, cards, plain boxes; what opens each, and what shows more."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from urllib.parse import urljoin, urlsplit

from automation.flow.manifest import Surface
from automation.page import Node, PageView
from automation.reading.controls.by_label import is_plain_row, may_choose, may_reveal
from automation.reading.lists.addresses import (
    CHROME,
    differs_in_page,
    differs_in_view,
    framed,
    in_menu,
    item_links,
    lead_to_parts,
    rows_of_parts,
)
from automation.reading.lists.cards import card_of, nodes_within, titled_cards
from automation.reading.lists.passive import (
    are_steps_above,
    controls_in,
    is_dated,
    is_head,
    is_idle_notice,
    is_notice,
    is_of_menu,
    leads_away,
    names_columns,
    opens_nothing,
    says_none,
    texts_in,
)
from automation.reading.lists.views import (
    UNFOLDING,
    is_chosen,
    is_disabled,
    is_for_all,
    is_home,
    is_of_view,
    stands_beside_view,
)
from automation.reading.threads.words import phrases
from automation.text.normalizing import fold, fold_label, fold_words
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


def item_rows(view: PageView) -> list[Node]:
    """
    Items that are no links: rows of a list outside the site's own frame.

    None are heads of columns, rows that only say that nothing is there, and lists that lead away from the inbox, or to
    parts of it. Where the page is made of plain buttons: those that hold more than one piece of text (a title and a
    date, say); of boxes without any role, or links without an address: those that take the focus and hold a date.
    Beside rows, those of all that hold a date. Where none of all these is there: cards that unfold by their title. Of
    an inbox that is a dialog over another page, only what stands in it.
    """
    found = _rows_in(view)
    modal = view.modal()
    over = [row for row in found if modal is not None and view.is_inside(row.index, modal.index)]
    return over or found


def _rows_in(view: PageView) -> list[Node]:
    rows, buttons, boxes = _candidates(view)
    holding = {index for index in rows if _holds_items(view, index, rows)}
    heads = {rows[index][0].index for index in holding if names_columns(view, rows[index])}
    listed = {row.index for index in holding for row in rows[index]} - heads
    chosen = [row for row in view.everything() if row.index in listed and not is_idle_notice(view, row)]
    found = [*chosen, *_beside(view, chosen, [*buttons, *boxes])] if chosen else buttons or boxes
    within = nodes_within(view, found)
    apart = [card for card in cards(view) if within.isdisjoint(nodes_within(view, [card]))]
    return [*found, *apart] or titled_cards(view)


def _beside(view: PageView, rows: Sequence[Node], others: Sequence[Node]) -> list[Node]:
    inside = nodes_within(view, rows)
    return [node for node in others if node.index not in inside and is_dated(view, node)]


def _candidates(view: PageView) -> tuple[dict[int, list[Node]], list[Node], list[Node]]:
    """What may be an item: rows of each list by its index, buttons with several texts, boxes that take the focus."""
    rows: dict[int, list[Node]] = {}
    buttons: list[Node] = []
    boxes: list[Node] = []
    panes = _panes(view)
    for node in view.shown_nodes():
        lineage = list(view.ancestors(node.index)) if node.role in _MAY_BE_ITEMS else []
        if not lineage or (framed(view, node) and panes.isdisjoint(a.index for a in lineage)):
            continue
        around = {a.role for a in lineage}
        if node.role in ROWS:
            if not _LISTS.isdisjoint(around) and ROWS.isdisjoint(around) and _may_be_an_item(view, node):
                outermost = [a.index for a in lineage if a.role in _LISTS][-1]
                rows.setdefault(outermost, []).append(node)
        elif not node.role and _may_be_a_box(view, node):
            boxes.append(node)
        elif _may_be_a_button(view, node) and UNFOLDING.isdisjoint(around) and all(a.tag != "FORM" for a in lineage):
            buttons.append(node)
    return rows, buttons, boxes


def _may_be_a_box(view: PageView, node: Node) -> bool:
    return is_plain_row(view, node) and is_dated(view, node) and not is_notice(view, node)


def _may_be_a_button(view: PageView, node: Node) -> bool:
    placeless = node.role == "link" and "href" not in node.attributes and is_dated(view, node)
    return (node.role in UNFOLDING or placeless) and len(texts_in(view, node)) > 1 and not is_notice(view, node)


def _may_be_an_item(view: PageView, row: Node) -> bool:
    menu = is_of_menu(view, row) and in_menu(view, row)
    return not (menu or is_head(view, row) or says_none(view, row))


def _holds_items(view: PageView, index: int, rows: dict[int, list[Node]]) -> bool:
    own = rows[index]
    away = all(leads_away(view, row) for row in own) or opens_nothing(view, own)
    return not (away or lead_to_parts(view, own) or _shows_progress(view, index, rows))


def _shows_progress(view: PageView, index: int, rows: dict[int, list[Node]]) -> bool:
    """
    Whether an ordered list shows how far a request is: "Received", "In review", "Decided".

    No row can be opened or says much, and in the same part of the page a list of dated rows follows that all can. What
    a step says of an objection is still noticed (`Way.LIST_CONCERNS`).
    """
    if not are_steps_above(view, view.nodes[index], rows[index]):
        return False
    parent = view.nodes[index].parent
    following = [row for at, each in rows.items() if at > index and view.nodes[at].parent == parent for row in each]
    return bool(following) and all(is_dated(view, row) and handle_of(view, row) is not None for row in following)


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
    return [card for opener in openers if (card := card_of(view, opener, openers)) is not None]


# -- what opens a row


def handle_of(view: PageView, row: Node) -> Node | None:
    """What a person would click to open a row: the row itself or the one control in it."""
    controls = controls_in(view, row)
    outer = [n for n in controls if not any(view.is_inside(n.index, o.index) and o is not n for o in controls)]
    outer = [n for n in outer if n is row or not opens_menu(n)]
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


def opens_menu(node: Node) -> bool:
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
