"""
Which control a person means by what they clicked, and what it is called: found with the reader's own rules.

What the reader could not find again by these words is not proposed at all. Pure, from a page's view.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from automation.core.wording import Wording
from automation.reading.controls.finding import candidates_of, find
from automation.reading.controls.rows import ticked
from automation.reading.controls.sections import holders
from automation.reading.controls.words import Wanted
from automation.text.labels import Phrase
from automation.text.normalizing import fold_label

if TYPE_CHECKING:
    from automation.page import Node, PageView

Kind = Literal["switch", "checkbox", "select", "radio", "menu_button", "state_button"]
_KINDS: tuple[Kind, ...] = ("switch", "radio", "select", "menu_button", "state_button")
_GLUE = " .:,-–—"
_LONGEST_LABEL = 200
_ABOVE = 4
"""How many elements above the one that was clicked its label may begin."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """One control as a flow would describe it, and as it stands now."""

    kind: Kind
    label: str
    description: str
    """Text that belongs to its name behind the label; empty where there is none."""
    sections: tuple[str, ...]
    """Names of the headings and landmarks that hold it, nearest first."""
    values: tuple[str, ...]
    """What it can be set to, as far as the page shows; empty for what is on or off."""
    shown: str
    """`on`, `off` or the value that is shown now; empty where none is stated."""
    style: str
    """How it is made, in the words of `replica.toml`."""

    @property
    def two_states(self) -> bool:
        """Whether it is on or off."""
        return self.kind in {"switch", "checkbox"}


def propose(view: PageView, backend_id: int) -> Proposal | None:
    """
    The control that an element names.

    Args:
        view: the page at rest.
        backend_id: the browser's id of the element, or of a text in it.

    Returns:
        None where the element's words name no control, more than one, or one that no heading or landmark holds.
    """
    picked = next((n for n in view.nodes if n.backend_id == backend_id), None)
    if picked is None:
        return None
    for text in dict.fromkeys(_texts(view, picked)):
        for kind in _KINDS:
            found = _proposal(view, kind, text)
            if found is not None:
                return found
    return None


def _texts(view: PageView, picked: Node) -> Iterator[str]:
    """What the element may be called, nearest first."""
    roots = [picked, *list(view.ancestors(picked.index))[:_ABOVE]]
    if picked.name and picked.tag != "#text":
        yield picked.name
    for root in roots:
        for node in view.within(root.index):
            if node.tag == "#text" and node.shown and node.text.strip():
                yield " ".join(node.text.split())
                break
        for block in view.blocks(root.index, chrome=True)[:1]:
            yield from (line.strip() for line in block.text.split("\n") if line.strip())
        if root.name and root.tag != "#text":
            yield root.name


def _proposal(view: PageView, kind: Kind, text: str) -> Proposal | None:
    if not text or len(text) > _LONGEST_LABEL:
        return None
    for description, value in _endings(view, kind, text):
        found = find(view, kind, _wanted(text, description, value))
        if len(found) == 1:
            node = found[0][0]
            sections = tuple(name for name in holders(view, node.index) if fold_label(name) != fold_label(text))
            if not sections:
                return None
            values = _values(view, kind, node, value)
            precise: Kind = "checkbox" if kind == "switch" and node.role == "checkbox" else kind
            return Proposal(
                precise, text, description, tuple(dict.fromkeys(sections)), values,
                _shown(view, kind, node, value), _style(kind, node),
            )  # fmt: skip
    return None


def _endings(view: PageView, kind: Kind, label: str) -> Iterator[tuple[str, str]]:
    """What may follow the label in the control's name: nothing, a description, or the value of a button."""
    if kind != "state_button":
        yield "", ""
    for node in candidates_of(view, kind):
        rest = _rest(node.name, label)
        if rest and kind == "state_button":
            yield "", rest
        elif rest and kind == "switch":
            yield rest, ""


def _rest(name: str, label: str) -> str:
    """The end of a name that begins with a label as a word; empty where it does not, or says no more."""
    words, first = name.split(), label.split()
    if fold_label(" ".join(words[: len(first)])) != fold_label(label):
        return ""
    return " ".join(words[len(first) :]).strip(_GLUE)


def _wanted(label: str, description: str, value: str) -> Wanted:
    phrase = Phrase(label, "", Wording.SOURCED, "", "names")
    return Wanted(
        labels={fold_label(label): phrase},
        descriptions={fold_label(description): replace(phrase, text=description)} if description else {},
        values={fold_label(value): "value.a"} if value else {},
        openings={},
        states={},
    )


def _values(view: PageView, kind: Kind, node: Node, value: str) -> tuple[str, ...]:
    if kind == "select":
        options = [n for n in view.within(node.index) if n.role == "option" or n.tag == "OPTION"]
        names = [n.name or "".join(t.text for t in view.within(n.index)).strip() for n in options]
        return tuple(dict.fromkeys(name.strip() for name in names if name.strip())) or _said(view, node)
    if kind == "radio":
        return tuple(n.name.strip() for n in view.within(node.index) if n.role == "radio")
    if kind == "menu_button":
        return _said(view, node)
    return (value,) if value else ()


def _said(view: PageView, node: Node) -> tuple[str, ...]:
    text = " ".join(line.strip() for block in view.blocks(node.index, chrome=True) for line in block.text.split("\n"))
    return (text,) if text else ()


def _shown(view: PageView, kind: Kind, node: Node, value: str) -> str:
    if kind == "switch":
        return {True: "on", False: "off", None: ""}[ticked(node)]
    if kind == "radio":
        chosen = [n.name.strip() for n in view.within(node.index) if n.role == "radio" and ticked(n)]
        return chosen[0] if len(chosen) == 1 else ""
    if kind == "select":
        chosen = [n.name.strip() for n in view.within(node.index) if n.tag == "OPTION" and n.selected]
        if chosen:
            return chosen[0] if len(chosen) == 1 else ""
        kind = "menu_button"
    return value or next(iter(_said(view, node)), "")


def _style(kind: Kind, node: Node) -> str:
    """The stand-in's nearest way of making such a control."""
    if kind != "switch":
        return kind
    if node.tag == "INPUT":
        return "input" if node.shown and node.role == "checkbox" else "styled"
    return "role" if node.name else "unnamed"
