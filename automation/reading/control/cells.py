"""Rows and columns of a table in which a setting stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from automation.reading.control.wanted import SENTENCE_ENDS

if TYPE_CHECKING:
    from automation.page import Node, PageView

_TABLES = frozenset({"table", "grid", "treegrid"})
_PAIR = 2
_CELLS = frozenset({"cell", "gridcell", "columnheader", "rowheader"})


def table_row_of(view: PageView, index: int) -> Node | None:
    """The row of a table around a node."""
    return next((a for a in view.ancestors(index) if a.tag == "TR" or a.role == "row"), None)


def heads_of_column(view: PageView, row: Node, inside: Node) -> list[str]:
    """
    What stands in the header cells of a table at the place of a row's cell, as far as it has any.

    Of a header whose cells are not those of the row, everything: which of them stands above the cell is not known.
    """
    table = next((a for a in view.ancestors(row.index) if a.tag == "TABLE" or a.role in _TABLES), None)
    own, at = _cells(view, row), _cell_of(view, row, inside)
    if table is None or at is None:
        return []
    rows = [n for n in view.within(table.index) if (n.tag == "TR" or n.role == "row") and n.index != row.index]
    headers = [cells for cells in (_cells(view, n) for n in rows) if all(_is_header(view.nodes[i]) for i in cells)]
    headers = [cells for cells in headers if len(cells) > 1 or len(own) == 1]  # one cell names the rows, no column
    heads = [i for cells in headers for i in (cells[at : at + 1] if len(cells) == len(own) else cells)]
    return [text for head in heads if (text := view.text(head).strip())]


def is_definition(view: PageView, row: Node) -> bool:
    """Whether a row is one header cell and what is said of it, in a table whose columns have no heads."""
    cells = [view.nodes[i] for i in _cells(view, row)]
    heads = cells[:1] and (cells[0].tag == "TH" or cells[0].role == "rowheader")
    return len(cells) == _PAIR and bool(heads) and not _is_header(cells[1]) and not heads_of_column(view, row, cells[1])


def names_of_table(view: PageView, row: Node) -> list[str]:
    """What the table around a row is called, by its name or its caption, and its rows, by lines of one cell."""
    table = next((a for a in view.ancestors(row.index) if a.tag == "TABLE" or a.role in _TABLES), None)
    if table is None:
        return []
    captions = (n for n in view.within(table.index) if n.tag == "CAPTION")
    names = [table.name, *(view.text(n.index).strip() for n in (*captions, *_lines_above(view, table, row)))]
    return [name for name in names if name]


def _lines_above(view: PageView, table: Node, row: Node) -> list[Node]:
    """The names among a table's rows of one cell: the last one above a row, and those with which the table begins."""
    if len(_cells(view, row)) == 1:
        return []
    above = [n for n in view.within(table.index) if (n.tag == "TR" or n.role == "row") and n.index < row.index]
    alone = [len(_cells(view, n)) == 1 for n in above]
    begin = alone.index(False) if False in alone else len(above)
    last = [n for n, one in zip(above[begin:], alone[begin:], strict=True) if one][-1:]
    return [n for n in (*above[:begin], *last) if not view.text(n.index).rstrip().endswith(SENTENCE_ENDS)]


def _cell_of(view: PageView, row: Node, inside: Node) -> int | None:
    """The place in a row of the cell that holds a node."""
    return next((i for i, cell in enumerate(_cells(view, row)) if view.is_inside(inside.index, cell)), None)


def _cells(view: PageView, row: Node) -> list[int]:
    children = view.children.get(row.index, ())
    return [i for i in children if view.nodes[i].tag in {"TD", "TH"} or view.nodes[i].role in _CELLS]


def _is_header(cell: Node) -> bool:
    return cell.tag == "TH" or cell.role == "columnheader"
