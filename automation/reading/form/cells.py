"""The label of a field that only its place tells: in the cell or the term before it, or in the row above."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from automation.page import Node, PageView

_CELLS = frozenset({"cell", "gridcell", "rowheader", "columnheader"})
_MOST_LETTERS = 160
"""Longer texts are instructions."""


def label_before(view: PageView, node: Node, is_field: Callable[[Node], bool]) -> str:
    """
    What stands as a field's label in the nearest table or list of definitions around it that has one; else empty.

    A cell, or a row, that holds another field labels that one. Tables within cells are climbed out of.

    Args:
        view: the page.
        node: the field.
        is_field: whether a node is a field.
    """

    def holds(index: int) -> bool:
        return any(is_field(inner) for inner in view.within(index))

    for around in view.ancestors(node.index):
        if around.tag == "FORM":
            return ""
        found: str | None = None
        if around.tag == "DD" or around.role == "definition":
            found = _term(view, around, holds)
        elif _is_cell(around):
            found = _in_row(view, around, holds)
        if found is None:
            continue
        if found or sum(map(is_field, view.within(around.index))) > 1:
            return found
    return ""


def _term(view: PageView, definition: Node, holds: Callable[[int], bool]) -> str:
    for index in reversed(_before(view, definition)):
        if holds(index):
            return ""
        if view.nodes[index].tag == "DT" or view.nodes[index].role == "term":
            return _text(view, index)
    return ""


def _in_row(view: PageView, cell: Node, holds: Callable[[int], bool]) -> str:
    """The cell before this one in its row; else what stands above it, in a row that holds no field."""
    row = view.nodes[cell.parent]
    cells = [index for index in view.children.get(row.index, ()) if _is_cell(view.nodes[index])]
    place = cells.index(cell.index) if cell.index in cells else 0
    marks = ""
    for index in reversed(cells[:place]):
        if holds(index):
            break
        text = _text(view, index)
        if any(map(str.isalnum, text)):
            return f"{text} {marks}".strip()
        marks = text or marks  # "*" in a cell of its own
    above = next((i for i in reversed(_before(view, row)) if _text(view, i) or holds(i)), None)
    if above is None or holds(above):
        return ""
    heads = [index for index in view.children.get(above, ()) if _is_cell(view.nodes[index])]
    if len(heads) == len(cells):
        return _text(view, heads[place])
    return _text(view, heads[0]) if len(heads) == 1 and not any(map(holds, cells[:place])) else ""


def _before(view: PageView, node: Node) -> Sequence[int]:
    """The elements before one in what holds both."""
    children = view.children.get(node.parent, ())
    return children[: children.index(node.index)] if node.index in children else ()


def _is_cell(node: Node) -> bool:
    return node.tag in {"TD", "TH"} or node.role in _CELLS


def _text(view: PageView, index: int) -> str:
    text = " ".join(view.text(index).split())
    return text if len(text) <= _MOST_LETTERS else ""
