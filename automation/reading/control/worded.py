"""
A state that stands in words: in the row, definition or line of a setting's label, where nothing is set.

What leads on from there agrees with it, or there is nothing of the kind. A line that names something else, a second
state, or anything that may be set there leaves it open.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import TYPE_CHECKING

from automation.page import Node
from automation.reading.control.caveats import has_caveat
from automation.reading.control.cells import heads_of_column, is_definition, table_row_of
from automation.reading.control.entry_controls import leads_on, may_be_its, may_be_set, right_behind, stand_together
from automation.reading.control.entry_lines import Line, heads_changes, is_day, lines_of, names_another, state_in
from automation.reading.control.introductions import stands_elsewhere
from automation.reading.control.rows import HIGHEST, explained_by, is_landmark, operable_in, qualifies

if TYPE_CHECKING:
    from automation.page import PageView
    from automation.reading.control.wanted import Wanted

_PARTS = frozenset({"listitem", "row", "region", "article", "group", "gridcell"})
_PARTS_BY_TAG = frozenset({"LI", "SECTION", "ARTICLE", "FIELDSET", "TR"})
_ITEMS = frozenset({"LI", "TR"})
_TERMS = frozenset({"DT", "TH", "rowheader", "term"})
_PAIR = 2
Told = list[tuple[Line, str | None]]
"""The lines of an element, each with the state that it tells; empty for none, None where it may be another's."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What a page says of one setting in words."""

    parts: tuple[int, ...]
    """Indexes of the elements that make it up: its row with what explains it, or a term and what is said of it."""
    said_by: Node
    """The text or picture that tells the state."""
    holder: Node
    """The element that does."""
    seen: Node
    """The smallest element in which a person sees label and state; of a list of terms, the state's own."""
    state: str
    labels: int
    """How many of its lines are the label."""
    controls: tuple[Node, ...]
    """What stands there that may lead on from it."""
    present: bool = True
    """Whether nothing around it says that it is an example, what is usual, or the like."""


def entry_of(view: PageView, wanted: Wanted, label: int) -> Entry | None:
    """
    The entry of a label, with its one state; None where there is none, or where anything leaves it open.

    It is the widest element around the label that names nothing else: what explains the state stands there too.
    """
    row, found = table_row_of(view, label), None
    for root in [row] if row is not None else (view.nodes[label], *view.ancestors(label))[:HIGHEST]:
        if is_landmark(root):
            break
        if not root.block and root.role != "link" and root.box is not None:
            continue  # a part of a line; what has no box of its own is laid out as what it holds
        parts = tuple(_term_of(view, root, label) or _in_turn(view, wanted, root, label) or [root.index])
        controls = tuple(n for part in parts for n in operable_in(view, part) if not wanted.tells_more(n.name))
        told = [(line, state_in(wanted, line)) for line in _read(view, wanted, parts, controls, label)]
        told_here = any(state for _, state in told)
        if not told_here and not (controls and any(state is None for _, state in told)):
            continue  # a label and its button, above what tells the state
        if found is not None and _begins_another(wanted, found, controls, told):
            break
        found = _entry(view, wanted, label, parts, controls, told)
        if found is None or not _is_plain(view, wanted, root, label, found):
            return None
        found = replace(found, present=not stands_elsewhere(view, wanted, root, found.said_by))
    return found if found is not None and _is_whole(view, label, found) else None


def _is_whole(view: PageView, label: int, entry: Entry) -> bool:
    """Whether no link goes on beyond an entry that stands in it: it leads to something else then."""
    links = [n for n in view.ancestors(label) if n.role == "link"]
    return all(any(view.is_inside(link.index, part) for part in entry.parts) for link in links)


def _term_of(view: PageView, root: Node, label: int) -> list[int]:
    """In a list of terms without elements for its rows: the one that holds a label, and what is said of it."""
    children = view.children.get(root.index, ()) if root.tag == "DL" else ()
    term = next((i for i in children if view.nodes[i].tag == "DT" and view.is_inside(label, i)), None)
    if term is None:
        return []
    said = takewhile(lambda i: view.nodes[i].tag != "DT", children[children.index(term) + 1 :])
    return [term, *said]


def _in_turn(view: PageView, wanted: Wanted, root: Node, label: int) -> list[int]:
    """Where names and states take turns from the first to the last, as in a grid: a label and the state behind it."""
    children = ((i, list(lines_of(view, [i], ()))) for i in view.children.get(root.index, ()))
    told = [(i, all(state_in(wanted, one) == one.text for one in lines)) for i, lines in children if lines]
    own = next((at for at, (i, _) in enumerate(told) if view.is_inside(label, i)), None)
    turns = all(is_state is bool(at % _PAIR) for at, (_, is_state) in enumerate(told))
    whole = len(told) > _PAIR and len(told) % _PAIR == 0
    return [i for i, _ in told[own : own + _PAIR]] if turns and whole and own is not None else []


def _read(
    view: PageView, wanted: Wanted, parts: tuple[int, ...], controls: Iterable[Node], label: int
) -> Iterator[Line]:
    """The lines of an entry but those that its columns' heads explain, and pictures that show no state."""
    links = [n for part in parts for n in view.within(part) if n.role == "link" and n.shown]
    more = [n for n in links if wanted.tells_more(n.name) or explained_by(view, n)]
    pressed = [n for n in controls if n.role != "link" or not view.is_inside(label, n.index)]
    left_out = {n.index for one in (*more, *pressed) for n in view.within(one.index)}
    row = table_row_of(view, label)
    for line in lines_of(view, parts, left_out):
        dated = row is not None and is_day(line.text) and _is_when_changed(view, row, line.nodes[0])
        told = line.nodes[0].tag == "#text" or line.may_be_chosen or state_in(wanted, line)
        if told and not dated and not _describes_label(view, wanted, label, line):
            yield line


def _describes_label(view: PageView, wanted: Wanted, label: int, line: Line) -> bool:
    """Whether a line stands behind the label in its own term or header cell: it says of what the label is."""
    term = next((a for a in (view.nodes[label], *view.ancestors(label)) if a.tag in _TERMS or a.role in _TERMS), None)
    if term is None or not view.is_inside(line.nodes[0].index, term.index) or wanted.heads(line.text) is not None:
        return False
    own = next((n.index for n in view.within(label) if n.tag == "#text" and wanted.heads(n.text) is not None), label)
    limited = qualifies(wanted, line.text) or has_caveat(wanted, line.text)
    return line.nodes[0].index > own and state_in(wanted, line) is None and not limited


def _is_when_changed(view: PageView, row: Node, text: Node) -> bool:
    """Whether the head of a text's column says that the days of the last changes stand there."""
    heads = heads_of_column(view, row, text)
    return bool(heads) and all(map(heads_changes, heads))


def _begins_another(wanted: Wanted, found: Entry, controls: Iterable[Node], told: Told) -> bool:
    """Whether a wider element than an entry's holds another one: a name, the label again, a control with a name."""
    named = any(state is None and names_another(wanted, line) for line, state in told)
    again = _labels(wanted, told) > found.labels
    return named or again or not all(may_be_its(wanted, one) for one in controls)


def _labels(wanted: Wanted, told: Told) -> int:
    return sum(wanted.heads(line.text) is not None for line, _ in told)


def _entry(
    view: PageView, wanted: Wanted, label: int, parts: tuple[int, ...], controls: tuple[Node, ...], told: Told
) -> Entry | None:
    """What the lines of an entry say together: one state, and nothing that may be another's."""
    states = [(line, state) for line, state in told if state]
    if any(state is None for _, state in told) or len({wanted.meaning(state) for _, state in states}) != 1:
        return None
    line, state = states[0]
    said_by = next((n for n, piece in zip(line.nodes, line.pieces, strict=True) if piece == state), line.nodes[-1])
    holder = view.nodes[said_by.parent] if said_by.tag == "#text" else said_by
    both = next(n for n in (holder, *view.ancestors(holder.index)) if view.is_inside(label, n.index))
    seen = holder if both.tag == "DL" or both.box is None else both
    return Entry(parts, said_by, holder, seen, state, _labels(wanted, told), controls)


def _is_plain(view: PageView, wanted: Wanted, root: Node, label: int, entry: Entry) -> bool:
    """Whether nothing that stands in an entry, or right behind it, may be set, or leaves its state open."""
    row = table_row_of(view, label)
    heads = heads_of_column(view, row, entry.said_by) if row is not None else []
    if not all(map(wanted.heads_state, heads)):
        return False
    controls = (*entry.controls, *right_behind(view, wanted, entry.parts))
    if row is not None and not (controls or heads or is_definition(view, row) or _is_of_states(view, wanted, row)):
        return False
    if any(_stands_apart(view, root, label, control) for control in entry.controls):
        return False
    if len(entry.controls) > 1 and not stand_together(view, entry.parts, entry.controls):
        return False
    tabled, headed = row is not None, bool(heads)
    if not all(leads_on(view, wanted, one, label, entry.state, tabled=tabled, headed=headed) for one in controls):
        return False
    item = root.tag in _ITEMS or root.role in {"listitem", "row"}
    in_order = entry.said_by.index > label or item or _line_of(view, label) == _line_of(view, entry.said_by.index)
    return in_order and not may_be_set(view, entry.parts)


def _is_of_states(view: PageView, wanted: Wanted, row: Node) -> bool:
    """Whether a table is a list of names, each with a state beside it, and has no heads."""
    table = next((a for a in view.ancestors(row.index) if a.tag == "TABLE"), None)
    rows = [n for n in view.within(table.index) if n.tag == "TR"] if table is not None else []
    cells = [[i for i in view.children.get(n.index, ()) if view.nodes[i].tag == "TD"] for n in rows]
    return len(rows) >= _PAIR and all(len(c) == _PAIR and wanted.tells(view.text(c[1]).strip()) for c in cells)


def _stands_apart(view: PageView, root: Node, label: int, control: Node) -> bool:
    """Whether a control stands in a section, item or row of its own, beside the one of the label."""
    between = takewhile(lambda a: a.index != root.index, view.ancestors(control.index))
    parts = (a for a in between if a.role in _PARTS or a.tag in _PARTS_BY_TAG)
    return any(not view.is_inside(label, part.index) for part in parts)


def _line_of(view: PageView, index: int) -> int:
    """The element that breaks the line around a node."""
    return next((a.index for a in (view.nodes[index], *view.ancestors(index)) if a.block), -1)
