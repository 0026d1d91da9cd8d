"""Which control a label is of: the one in its row, where nothing else there may be what it sets."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from automation.page import DISCLOSURES
from automation.reading.control.rows import HIGHEST, SETTABLE, explains, is_landmark
from automation.reading.control.sections import under_heading
from automation.text.normalizing import fold_label

if TYPE_CHECKING:
    from automation.page import Node, PageView
    from automation.reading.control.wanted import Wanted

_MOST_BETWEEN, _FEW_WORDS = 1, 3
"""Paragraphs between a label and its control that has no name of its own: what describes it."""
_BUTTONS = frozenset({"button", "link"}) | DISCLOSURES


def nearest(view: PageView, holder: int, candidates: list[Node]) -> list[Node]:
    """
    The controls in the smallest element around a label that has any.

    Where none has, and the label is a heading: those that follow it up to the next heading of its level or above.
    """
    chosen = {n.index for n in candidates}
    for root in [view.nodes[holder], *view.ancestors(holder)][:HIGHEST]:
        if is_landmark(root):
            break
        inside = [n for n in view.within(root.index) if n.index in chosen]
        if inside:
            return inside
    return [n for n in under_heading(view, holder) if n.index in chosen]


def in_row(view: PageView, wanted: Wanted, holder: int, candidates: list[Node]) -> Node | None:
    """The one control in the smallest element around a label that has any; None where it is not clearly its own."""
    inside = nearest(view, holder, candidates)
    if len(inside) > 1:
        inside = _beside_in_cells(view, holder, inside)
    elif inside and below_another(view, wanted, holder, inside[0]):
        return None
    inside = [n for n in inside if not _labels_another(view, holder, n)]
    return inside[0] if len(inside) == 1 and is_own(view, wanted, holder, inside[0]) else None


def _labels_another(view: PageView, holder: int, control: Node) -> bool:
    """Whether a text stands in a label that is another control's: of the box in it, or of the one that it is for."""
    label = next((a for a in (view.nodes[holder], *view.ancestors(holder)) if a.tag == "LABEL"), None)
    if label is None or view.is_inside(control.index, label.index):
        return False
    named = label.attributes.get("for")
    of_it = [n for n in view.nodes if named and n.attributes.get("id") == named]
    held = view.within(label.index)
    return control.index not in {n.index for n in of_it} and any(_is_set(n) for n in (*of_it, *held))


def _is_set(node: Node) -> bool:
    return node.role in SETTABLE or node.tag in {"INPUT", "SELECT"}


def is_own(view: PageView, wanted: Wanted, holder: int, control: Node) -> bool:
    """
    Whether an unnamed control belongs to a label and not to another text that stands between or beside them.

    Not where a heading stands between, a text is nearer to the control, unless it is a sentence beneath it, or two
    paragraphs stand beside both: one describes, two may be the next setting. What stands with the label in a column of
    its own describes it. A heading may have something else of another name below it, and a button be that thing's:
    there, only whole sentences describe.
    """
    around = [view.nodes[holder], *view.ancestors(holder)]
    root = next(a.index for a in around if view.is_inside(control.index, a.index))
    inside = list(view.within(root))
    headings = (n for n in inside if n.role == "heading" and n.shown and holder < n.index < control.index)
    if any(not view.is_inside(holder, n.index) for n in headings):
        return False
    texts = [n for n in inside if n.tag == "#text" and n.shown and not view.is_inside(n.index, control.index)]
    names = {n.index for n in texts if not _known(wanted, n.text)}
    held = view.within(holder)
    if view.is_inside(control.index, holder):  # the label is a line of its row
        held = (
            n
            for n in held
            if n.tag == "#text" and (wanted.heads(n.text) or wanted.names(n.text) or _known(wanted, n.text))
        )
    own = {n.index for n in held}
    beneath = {n.index for n in texts if n.index > control.index and explains(view, _paragraph(view, n))}
    for near in view.ancestors(control.index):
        if near.index in {root, holder}:
            break
        there = {name for name in names - beneath if view.is_inside(name, near.index)}
        if there and own.isdisjoint(there):
            return False
    column = _column(view, root, holder, control)
    between = [n for n in texts if n.index not in own | column and holder < n.index < control.index]
    paragraph = {n.index: _paragraph(view, n) for n in between}
    described = {paragraph[n.index] for n in between if fold_label(n.text) in wanted.descriptions}
    unknown = {paragraph[n.index] for n in between if n.index in names} - described
    if control.role in _BUTTONS or any(a.role == "heading" for a in around):
        return not any(not explains(view, p) for p in unknown)
    if any(_is_titled(view, p) for p in unknown):
        return False
    return len(unknown) <= (0 if described else _MOST_BETWEEN)


def _paragraph(view: PageView, text: Node) -> int:
    return next((a.index for a in view.ancestors(text.index) if a.block), -1)


def below_another(view: PageView, wanted: Wanted, holder: int, control: Node) -> bool:
    """Whether another name stands above a control and the label beneath it: the control may be that name's."""
    if control.index > holder or view.is_inside(holder, control.index):
        return False
    around = [view.nodes[holder], *view.ancestors(holder)]
    root = next(a.index for a in around if view.is_inside(control.index, a.index))
    texts = (n for n in view.within(root) if n.tag == "#text" and n.shown and n.index < control.index)
    return any(_may_head(view, wanted, n) for n in texts)


def _may_head(view: PageView, wanted: Wanted, text: Node) -> bool:
    """Whether a text may be the name of what stands beneath it: no sentence, and not the section's name."""
    holder = _paragraph(view, text)
    return not (_known(wanted, text.text) or fold_label(text.text) in wanted.sections or explains(view, holder))


def _beside_in_cells(view: PageView, holder: int, controls: list[Node]) -> list[Node]:
    """
    The control of a label where rows are no elements of their own: names and controls take turns, as in a grid.

    Each name, with sentences that explain it, is followed by one control from the first to the last, or else follows
    one. Nothing where anything else that one can set stands among them.
    """
    around = [view.nodes[holder], *view.ancestors(holder)]
    root = next(a.index for a in around if view.is_inside(controls[0].index, a.index))
    shape, cells = "", []
    for child in view.children.get(root, ()):
        held = [n for n in controls if view.is_inside(n.index, child)]
        if len(held) > 1 or (not held and any(n.role in SETTABLE for n in view.within(child))):
            return []
        if not held and (not view.text(child).strip() or (shape and explains(view, child))):
            continue
        if not held and view.nodes[child].role == "heading" and not view.is_inside(holder, child):
            continue
        shape += "C" if held else "N"
        cells.append((child, held))
    after, before = re.fullmatch("(NC)+", shape), re.fullmatch("(CN)+", shape)
    at = next((i for i, (child, _) in enumerate(cells) if view.is_inside(holder, child)), None)
    if at is None or not (after or before):
        return []
    return cells[at + 1 if after else at - 1][1]


def _column(view: PageView, root: int, holder: int, control: Node) -> set[int]:
    """All that stands in the part of a row that begins with the label and does not hold the control."""
    part = next((a for a in [view.nodes[holder], *view.ancestors(holder)] if a.parent == root), None)
    if part is None or view.is_inside(control.index, part.index):
        return set()
    own = [n.index for n in view.within(part.index)]
    first = next(
        (i for i in own if view.nodes[i].tag == "#text" and view.nodes[i].shown and view.nodes[i].text.strip()), -1
    )
    return set(own) if view.is_inside(first, holder) else set()


def _is_titled(view: PageView, root: int) -> bool:
    """Whether a few words are written as the name of something: it may be another setting's, and the control its."""
    text = view.text(root).strip() if root >= 0 else ""
    return len(text.split()) <= _FEW_WORDS and text[:1].isupper() and not explains(view, root)


def _known(wanted: Wanted, text: str) -> bool:
    """Whether a text is no name: empty or a sign, a word for the state, or the description that is known."""
    folded = fold_label(text)
    return (
        not any(map(str.isalnum, folded))
        or wanted.tells(text)
        or wanted.value(text) is not None
        or folded in wanted.descriptions
    )
