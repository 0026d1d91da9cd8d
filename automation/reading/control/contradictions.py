"""What stands beside a control, or hangs on it, and tells another state than it has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from automation.reading.control.caveats import PICTURES
from automation.reading.control.neighbours import of_another_row, of_another_section
from automation.reading.control.statements import ANSWERS, stated
from automation.text.normalizing import fold_label

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from automation.flow.control_table import Meaning
    from automation.page import Block, Node, PageView
    from automation.reading.control.wanted import Wanted

_CHOICES = frozenset({"radio", "option", "menuitemradio"})


def told_against(
    view: PageView,
    wanted: Wanted,
    node: Node,
    meaning: Meaning | None,
    around: Collection[tuple[int, str]],
    *,
    choice: bool,
) -> bool:
    """
    Whether words in the row of a control, or what hangs on it, tell another state than it has.

    A tooltip and a picture that are called by a state count alone; so does a word for one beside a choice. Where one
    such word agrees, and another does not, both are drawn for whoever presses it.
    """
    if meaning is None:
        return False
    known = {*wanted.labels, *wanted.sections, *wanted.descriptions}
    own = [(at, text) for at, text in around if not in_a_choice(view, at) and fold_label(text) not in known]
    own = [(at, text) for at, text in own if not (_answers(view, at, text) or _is_choice_in(view, at, text))]
    own = [(at, text) for at, text in own if not of_another_row(view, wanted, node, at)]
    own = [(at, text) for at, text in own if not of_another_section(view, wanted, node, at)]
    if any(told is not meaning for text in _next_to(view, node, around) for told in stated(wanted, text)):
        return True
    if any(told is not meaning for _, text in own for told in stated(wanted, text)):
        return True
    words = [text for at, text in own if view.nodes[at].role in PICTURES or (choice and not _held(view, at, node))]
    alone = [text for text in (*words, *_hanging_on(view, node)) if fold_label(text) not in known]
    told = {*map(wanted.meaning, alone), *(one for text in alone for one in stated(wanted, text))} - {None}
    return bool(told) and meaning not in told


def _next_to(view: PageView, node: Node, around: Collection[tuple[int, str]]) -> Iterator[str]:
    """
    The paragraph right behind the row of a control, and the one right above it that stands below a heading.

    A row ends where the page's main part begins; what is said between it and the next name is said of it.
    """
    blocks, row = view.blocks(), {at for at, _ in around}
    within = [number for number, block in enumerate(blocks) if block.node in row]
    if not within:  # its label stands above it, and nothing holds both
        before = [block for block in blocks if block.node < node.index]
        after = [block for block in blocks if block.node > node.index]
        yield from (line for block in (*before[-1:], *after[:1]) for line in _said_in(view, block))
        return
    first, last = within[0], within[-1]
    if last + 1 < len(blocks):
        yield from _said_in(view, blocks[last + 1])
    if first > 1 and _is_heading(view, blocks[first - 2].node):
        yield from _said_in(view, blocks[first - 1])


def _said_in(view: PageView, block: Block) -> Iterator[str]:
    """The lines of a paragraph but for what answers a question, or may be chosen."""
    chosen = block.node >= 0 and (in_a_choice(view, block.node) or _is_choice_in(view, block.node, block.text))
    if not (chosen or _answers(view, block.node, block.text)):
        yield from block.text.split("\n")


def _answers(view: PageView, holder: int, text: str) -> bool:
    """Whether a text is the "Yes" of a button: it may answer whether the page was useful."""
    around = [view.nodes[holder], *view.ancestors(holder)] if holder >= 0 else []
    return fold_label(text) in ANSWERS and any(n.role == "button" for n in around)


def _is_heading(view: PageView, index: int) -> bool:
    return index >= 0 and any(n.role == "heading" for n in (view.nodes[index], *view.ancestors(index)))


def _held(view: PageView, holder: int, node: Node) -> bool:
    return holder == node.index or view.is_inside(holder, node.index)


def _hanging_on(view: PageView, node: Node) -> list[str]:
    """What a control says of itself beside its name: in a tooltip or in a description, be it an element's."""
    said = [node.attributes.get(key, "") for key in ("title", "aria-description", "aria-valuetext")]
    ids = node.attributes.get("aria-describedby", "").split()
    described = [view.text(n.index) for n in view.everything() if n.attributes.get("id") in ids] if ids else []
    return [text for text in (*said, *described) if text]


def in_a_choice(view: PageView, holder: int) -> bool:
    """Whether a text is what one of several choices is called."""
    lineage = [view.nodes[holder], *view.ancestors(holder)]
    return any(n.role in _CHOICES or n.tag == "OPTION" or _is_label_of_choice(view, n) for n in lineage)


def _is_choice_in(view: PageView, holder: int, text: str) -> bool:
    """Whether a text is the whole line of one choice, with its circle beside it."""
    held = [n for n in view.within(holder) if n.role in _CHOICES] if holder >= 0 else []
    return len(held) == 1 and fold_label(held[0].name) == fold_label(text)


def _is_label_of_choice(view: PageView, node: Node) -> bool:
    if node.tag != "LABEL":
        return False
    named = node.attributes.get("for")
    held = any(n.role in _CHOICES for n in view.within(node.index))
    return held or (
        named is not None and any(n.role in _CHOICES and n.attributes.get("id") == named for n in view.nodes)
    )
