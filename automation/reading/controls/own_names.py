"""Whether a name is a control's own, and not its row's or its neighbour's."""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING

from automation.reading.controls.rows import (
    BUTTONS,
    around_both,
    block_of,
    explains,
    has_words,
    lineage,
    shown_texts,
)
from automation.reading.controls.words import Wanted
from automation.text.normalizing import fold_label

if TYPE_CHECKING:
    from automation.page import Node, PageView

_FEW_WORDS = 3
"""Of a paragraph between a label and its control; so few, with a capital, may be the name of another setting."""


def is_own(view: PageView, wanted: Wanted, holder: int, control: Node) -> bool:
    """
    Whether an unnamed control belongs to a label and not to another text that stands between or beside them.

    Not where a heading stands between, a text is nearer to the control, unless it is a sentence beneath it, or two
    paragraphs stand beside both: one describes, two may be the next setting. What stands with the label in a column of
    its own describes it. A heading may have something else of another name below it, and a button be that thing's:
    there, only whole sentences describe.
    """
    root = around_both(view, holder, control.index).index
    inside = [n for n in view.within(root) if n.shown and not view.is_inside(n.index, control.index)]
    between = [n for n in inside if holder < n.index < control.index]
    if any(n.role == "heading" and not view.is_inside(holder, n.index) for n in between):
        return False
    own = _texts_of_label(view, wanted, holder, control)
    if _is_nearer_to_another(view, wanted, control, [n for n in inside if n.tag == "#text"], own, {root, holder}):
        return False
    own |= _column(view, root, holder, control)
    texts = [n for n in between if n.tag == "#text" and n.index not in own]
    whole = control.role in BUTTONS or any(a.role == "heading" for a in lineage(view, holder))
    return _only_describe(view, wanted, texts, whole=whole)


def _only_describe(view: PageView, wanted: Wanted, texts: list[Node], *, whole: bool) -> bool:
    """Whether the paragraphs of some texts only describe what stands above: whole sentences, or one without a title."""
    paragraphs = {n.index: block_of(view, n.parent) for n in texts}
    described = {at for i, at in paragraphs.items() if fold_label(view.nodes[i].text) in wanted.descriptions}
    unknown = {at for i, at in paragraphs.items() if not known(wanted, view.nodes[i].text)} - described
    if whole:
        return all(explains(view, at) for at in unknown)
    return len(unknown) <= (0 if described else 1) and not any(_is_titled(view, at) for at in unknown)


def _texts_of_label(view: PageView, wanted: Wanted, holder: int, control: Node) -> set[int]:
    """All in the element of a label; where that holds the control, too, the label's own lines there."""
    if not view.is_inside(control.index, holder):
        return {n.index for n in view.within(holder)}
    held = (n for n in view.within(holder) if n.tag == "#text")
    return {n.index for n in held if wanted.heads(n.text) or wanted.names(n.text) or known(wanted, n.text)}


def _is_nearer_to_another(
    view: PageView, wanted: Wanted, control: Node, texts: list[Node], own: set[int], ends: set[int]
) -> bool:
    """Whether a name that is not the label's stands in an element around the control in which the label does not."""

    def explains_above(text: Node) -> bool:
        return text.index > control.index and explains(view, block_of(view, text.parent))

    names = {n.index for n in texts if not known(wanted, n.text) and not explains_above(n)}
    for near in takewhile(lambda near: near.index not in ends, view.ancestors(control.index)):
        there = {i for i in names if view.is_inside(i, near.index)}
        if there and own.isdisjoint(there):
            return True
    return False


def _is_titled(view: PageView, root: int) -> bool:
    """Whether a few words are written as the name of something: it may be another setting's, and the control its."""
    text = view.text(root).strip() if root >= 0 else ""
    return len(text.split()) <= _FEW_WORDS and text[:1].isupper() and not explains(view, root)


def _column(view: PageView, root: int, holder: int, control: Node) -> set[int]:
    """All that stands in the part of a row that begins with the label and does not hold the control."""
    part = next((a for a in lineage(view, holder) if a.parent == root), None)
    if part is None or view.is_inside(control.index, part.index):
        return set()
    texts = shown_texts(view, part.index)
    begins = bool(texts) and view.is_inside(texts[0].index, holder)
    return {n.index for n in view.within(part.index)} if begins else set()


def known(wanted: Wanted, text: str) -> bool:
    """Whether a text is no name: empty or a sign, a word for the state, or the description that is known."""
    said = wanted.tells(text) or wanted.value(text) is not None or fold_label(text) in wanted.descriptions
    return said or not has_words(text)
