"""Rows of settings: how wide one is, what a person reads and presses in it, and where it stands in a table."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from automation.page import DISCLOSURES
from automation.reading.controls.words import BADGES, PLAIN_STATES, SENTENCE_ENDS
from automation.text.normalizing import fold_label, sentences

if TYPE_CHECKING:
    from automation.page import Node, PageView

HIGHEST = 5
"""How many elements above its label a control may stand and still be in the label's row."""
SWITCHES = frozenset({"switch", "checkbox", "menuitemcheckbox"})
SETTABLE = SWITCHES | {"radio", "combobox", "listbox", "textbox", "slider", "spinbutton", "button"}
BUTTONS = frozenset({"button"}) | DISCLOSURES
CHOICES = frozenset({"radio", "option", "menuitemradio"})
PICTURES = frozenset({"img", "image"})
QUOTING = frozenset({"BLOCKQUOTE", "Q", "CITE"})
_WORDED_STEPS = 2
"""How often what is around a control may gain words: by its label, and by what stands beneath both."""
_LANDMARKS = frozenset({"main", "dialog", "alertdialog", "form", "RootWebArea", "document"})
_TELLING = re.compile(r"aria-(?!hidden).*|data-(?:on|off|state|checked|selected|value)|role|alt|href|title")
"""Attributes by which an element says something of its own."""
_DRAWN_AROUND = 3
"""How many elements above a transparent input may hold it together with its drawing."""
_TRISTATE = {"true": True, "false": False}
_KEPT_STATE = {"checked": True, "unchecked": False, "on": True, "off": False}
_TABLES = frozenset({"table", "grid", "treegrid"})
_CELLS = frozenset({"cell", "gridcell", "columnheader", "rowheader"})


# -- texts ---------------------------------------------------------------------------------------------------


def lineage(view: PageView, index: int) -> list[Node]:
    """A node and all that is around it, nearest first."""
    return [view.nodes[index], *view.ancestors(index)]


def around_both(view: PageView, index: int, other: int) -> Node:
    """The smallest element that holds two nodes, or is one of them and holds the other."""
    return next(a for a in lineage(view, index) if view.is_inside(other, a.index))


def is_landmark(node: Node) -> bool:
    """Whether an element is too wide to be a row."""
    return node.role in _LANDMARKS or node.tag in {"BODY", "MAIN", "HTML"}


def shown_texts(view: PageView, root: int) -> list[Node]:
    """The single texts in an element that a person sees."""
    return [n for n in view.within(root) if n.tag == "#text" and n.shown and n.text.strip()]


def lines_in(view: PageView, root: int) -> list[str]:
    """The lines of text in an element, without what is quoted."""
    return [line.strip() for block in view.blocks(root) for line in block.text.split("\n") if not block.quoted]


def texts_in(view: PageView, root: int | None = None) -> Iterator[tuple[int, str]]:
    """
    Everything that a person reads as one piece, with the element that holds it.

    Whole lines, and the single texts of which lines are made: `label` and `On` may share one.
    """
    for block in view.blocks(root):
        if not block.quoted and block.node >= 0:
            yield from ((block.node, line.strip()) for line in block.text.split("\n"))
    for node in view.everything() if root is None else view.within(root):
        if node.tag != "#text" or not node.shown or not node.text.strip() or node.struck:
            continue
        if not any(a.tag in QUOTING for a in view.ancestors(node.index)):
            yield node.parent, node.text.strip()


def said_in(view: PageView, roots: Iterable[int]) -> list[tuple[int, str]]:
    """The lines of text in some elements, each with what holds it, and what pictures there are called."""
    roots = tuple(roots)
    pictures = (n for root in roots for n in view.shown_nodes(root) if n.role in PICTURES and n.name.strip())
    texts = (text for root in roots for text in texts_in(view, root))
    return list(dict.fromkeys((*texts, *((n.index, n.name.strip()) for n in pictures))))


def described_by(view: PageView, node: Node) -> list[str]:
    """The texts of the elements that a control names as describing it."""
    ids = node.attributes.get("aria-describedby", "").split()
    return [view.text(n.index) for n in view.everything() if n.attributes.get("id") in ids] if ids else []


def block_of(view: PageView, index: int) -> int:
    """The paragraph around a node, or another element that breaks the line; -1 without one."""
    return next((a.index for a in lineage(view, index) if a.block), -1)


def has_words(text: str) -> bool:
    """Whether a text holds more than signs."""
    return any(map(str.isalnum, text))


def is_a_name(text: str) -> bool:
    """Whether a text is no sentence, and so may be the name of another setting."""
    return not text.rstrip().endswith(SENTENCE_ENDS) and fold_label(text) not in BADGES


def explains(view: PageView, root: int) -> bool:
    """Whether a paragraph is made of whole sentences; a name is not."""
    text = view.text(root).strip() if root >= 0 else ""
    return text.endswith(SENTENCE_ENDS) or len(sentences(text)) > 1


# -- rows and what is pressed in them --------------------------------------------------------------------------


def row_of(view: PageView, node: Node, others: Iterable[Node]) -> int | None:
    """
    The widest element around a control that holds no other control; None where it has none.

    Elements that only wrap the control or what is around it, and add no words, are no step on the way.
    """
    chosen = {n.index for n in others if n.index != node.index}
    row: int | None = None
    steps, said = 0, view.text(node.index)
    for number, root in enumerate(view.ancestors(node.index)):
        text = view.text(root.index)
        steps, said = steps + (text != said), text
        too_wide = is_landmark(root) or (number >= HIGHEST - 2 and steps > _WORDED_STEPS)
        if too_wide or any(n.index in chosen for n in view.within(root.index)):
            break
        row = root.index
    return row


def operable_in(view: PageView, root: int) -> list[Node]:
    """What can be set or followed within an element."""
    return [n for n in view.within(root) if n.shown and (n.role in SETTABLE or n.role == "link")]


def is_segment(node: Node) -> bool:
    """Whether a button says that it is the current one of several or not, as segmented controls do."""
    return node.role == "button" and node.attributes.get("aria-current") in {"true", "false"}


def ticked(node: Node) -> bool | None:
    """
    Whether a switch, checkbox or radio is on; None where that is not stated, or two statements disagree.

    The accessibility tree calls a switch without any state "off" as well, so its "off" counts only against; so does
    the state that some libraries keep in `data-state`.
    """
    attribute = node.attributes.get("aria-checked", node.attributes.get("aria-pressed"))
    if attribute is None and is_segment(node):  # the accessibility tree says nothing of which segment is current
        return node.attributes["aria-current"] == "true"
    stated: list[bool | None] = [] if attribute is None else [_TRISTATE.get(attribute)]
    if node.ticked is not None:
        stated.append(node.ticked)
    word = node.properties.get("checked", node.properties.get("pressed"))
    exposed = None if word is None else _TRISTATE.get(str(word).lower())
    kept = _KEPT_STATE.get(node.attributes.get("data-state", ""))
    if not stated:
        return True if exposed and kept is not False else None  # a component may keep its state in no attribute
    if kept is not None:
        stated.append(kept)
    return stated[0] if all(state is stated[0] for state in (*stated, exposed)) else None


def label_of(view: PageView, node: Node) -> Node | None:
    """The label that an input hangs on: the one around it, else the first shown one that names it."""
    around = next((a for a in view.ancestors(node.index) if a.tag == "LABEL"), None)
    own = node.attributes.get("id")
    if around is not None or not own:
        return around
    return next((n for n in view.shown_nodes() if n.tag == "LABEL" and n.attributes.get("for") == own), None)


def operable_by(view: PageView, node: Node) -> Node | None:
    """
    What a person sees and presses to use a control: itself, or the label that a hidden input hangs on.

    Sites hide the real checkbox or button and draw their own, around it or right under it; a hidden copy of a whole row
    has nothing to press.
    """
    if node.shown:
        return node
    if node.tag != "INPUT" and not (node.tag == "BUTTON" and node.role):  # one that is not laid out has no role
        return None
    label = label_of(view, node)
    if label is not None:
        return label if label.shown else None
    parent = view.nodes[node.parent] if node.parent >= 0 else None
    if parent is None or parent.tag in {"BODY", "MAIN"}:
        return None
    if node.tag != "INPUT":
        return parent if parent.shown and _drawn_beside(view, parent, node) else None
    return parent if parent.shown else _drawn_under(view, node)


def _drawn_beside(view: PageView, parent: Node, button: Node) -> bool:
    """
    Whether all that is shown beside a hidden button is its drawing: what `aria-hidden` keeps from being read out.

    It has no state of its own and no words but those for one, which are compared with the button's.
    """
    beside = [view.nodes[i] for i in view.children.get(parent.index, ()) if i != button.index]
    drawn = [n for n in beside if n.shown and n.tag != "#text"]
    inside = [n for root in drawn for n in view.within(root.index)]
    if any(n.tag in {"BUTTON", "INPUT"} or any(map(_TELLING.fullmatch, n.attributes)) for n in inside):
        return False
    words = (fold_label(n.text) for root in drawn for n in shown_texts(view, root.index))
    hidden = all(n.attributes.get("aria-hidden") == "true" for n in drawn)
    return bool(drawn) and hidden and all(word in PLAIN_STATES for word in words)


def _drawn_under(view: PageView, box: Node) -> Node | None:
    """
    The drawing under a transparent input, where nothing around the input takes any room.

    It is the smallest shown element around both, at the input's place, and holds neither words nor another input.
    """
    if box.box is None or min(box.box.width, box.box.height) <= 1:
        return None
    around = next((a for a in list(view.ancestors(box.index))[:_DRAWN_AROUND] if a.shown), None)
    if around is None or around.box is None or is_landmark(around):
        return None
    x, y = box.box.x + box.box.width / 2, box.box.y + box.box.height / 2
    inside = [n for n in view.within(around.index) if n.index != box.index]
    if any(n.tag == "INPUT" or n.role in SWITCHES or (n.tag == "#text" and n.text.strip()) for n in inside):
        return None
    drawn = any(n.shown and n.box is not None and n.box.holds(x, y) for n in inside)
    return around if around.box.holds(x, y) and drawn else None


# -- tables ----------------------------------------------------------------------------------------------------


def table_row_of(view: PageView, index: int) -> Node | None:
    """The row of a table around a node."""
    return next((a for a in view.ancestors(index) if a.tag == "TR" or a.role == "row"), None)


def heads_of_column(view: PageView, row: Node | None, inside: Node) -> list[str]:
    """
    What stands in the header cells of a table at the place of a row's cell, as far as it has any.

    Of a header whose cells are not those of the row, everything: which of them stands above the cell is not known.
    """
    table = _table_of(view, row)
    own = _cells(view, row) if row is not None else []
    at = next((i for i, cell in enumerate(own) if view.is_inside(inside.index, cell)), None)
    if table is None or row is None or at is None:
        return []
    rows = (_cells(view, n) for n in _rows(view, table) if n.index != row.index)
    headers = [cells for cells in rows if all(_is_header(view.nodes[i]) for i in cells)]
    headers = [cells for cells in headers if len(cells) > 1 or len(own) == 1]  # one cell names the rows, no column
    heads = [i for cells in headers for i in (cells[at : at + 1] if len(cells) == len(own) else cells)]
    return list(filter(None, (view.text(head).strip() for head in heads)))


def names_of_table(view: PageView, row: Node | None) -> list[str]:
    """
    What the table around a row is called, by its name or its caption, and its rows, by lines of one cell.

    Of these the last one above the row counts, and those with which the table begins.
    """
    table = _table_of(view, row)
    if table is None or row is None:
        return []
    above = [n for n in _rows(view, table) if n.index < row.index] if len(_cells(view, row)) > 1 else []
    alone = [len(_cells(view, n)) == 1 for n in above]
    begin = alone.index(False) if False in alone else len(above)
    last = [n for n, one in zip(above[begin:], alone[begin:], strict=True) if one][-1:]
    lines = (n for n in (*above[:begin], *last) if not view.text(n.index).rstrip().endswith(SENTENCE_ENDS))
    captions = (n for n in view.within(table.index) if n.tag == "CAPTION")
    return list(filter(None, (table.name, *(view.text(n.index).strip() for n in (*captions, *lines)))))


def is_definition(view: PageView, row: Node) -> bool:
    """Whether a row is one header cell and what is said of it, in a table whose columns have no heads."""
    cells = [view.nodes[i] for i in _cells(view, row)]
    if len(cells) != 2 or not (cells[0].tag == "TH" or cells[0].role == "rowheader"):
        return False
    return not _is_header(cells[1]) and not heads_of_column(view, row, cells[1])


def cells_of_rows(view: PageView, row: Node) -> list[list[str]]:
    """The texts of a table's body, row by row."""
    table = _table_of(view, row)
    rows = [n for n in view.within(table.index) if n.tag == "TR"] if table is not None else []
    return [[view.text(i).strip() for i in view.children.get(n.index, ()) if view.nodes[i].tag == "TD"] for n in rows]


def _table_of(view: PageView, row: Node | None) -> Node | None:
    if row is None:
        return None
    return next((a for a in view.ancestors(row.index) if a.tag == "TABLE" or a.role in _TABLES), None)


def _rows(view: PageView, table: Node) -> list[Node]:
    return [n for n in view.within(table.index) if n.tag == "TR" or n.role == "row"]


def _cells(view: PageView, row: Node) -> list[int]:
    children = view.children.get(row.index, ())
    return [i for i in children if view.nodes[i].tag in {"TD", "TH"} or view.nodes[i].role in _CELLS]


def _is_header(cell: Node) -> bool:
    return cell.tag == "TH" or cell.role == "columnheader"
