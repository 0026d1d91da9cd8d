"""What stands in an entry that tells a state in words, or right behind it: what leads on, and what may be set."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import takewhile
from typing import TYPE_CHECKING

from automation.reading.control.caveats import PICTURES
from automation.reading.control.rows import SETTABLE, is_landmark
from automation.reading.control.state_words import TURNING
from automation.text.normalizing import fold_label

if TYPE_CHECKING:
    from automation.page import Node, PageView
    from automation.reading.control.wanted import Wanted

_STATED = frozenset({"aria-pressed", "aria-checked", "aria-current", "aria-selected"})
"""Attributes of a control that has a state of its own."""
_FIELDS = frozenset({"INPUT", "SELECT", "TEXTAREA"})
_NO_FIELDS = frozenset({"hidden", "button", "submit", "reset", "image"})
"""Types of an input in which nothing is set."""
_ICONS = frozenset({"SVG", "IMG"})
_SIGNS = frozenset("✎✏🖉🖊›»>❯▸▶→⋮…⚙ \ufe0f")
"""Letters by which a button is drawn that leads on; a cross takes something away."""


def leads_on(
    view: PageView, wanted: Wanted, control: Node, label: int, state: str, *, tabled: bool, headed: bool
) -> bool:
    """
    Whether a button or link leaves the state beside it as it is: it leads to the setting, or offers the other state.

    A button that is called as the setting may be what has the state, and hide it: only in a table it leads there.

    Args:
        view: the page.
        wanted: the words.
        control: the button or link.
        label: index of what holds the label; a link around it leads to the setting by that.
        state: what stands there.
        tabled: whether all stand in a row of a table.
        headed: whether the column says that the present states stand there; then any icon will do.
    """
    if control.role not in {"button", "link"} or _STATED.intersection(control.attributes):
        return False
    ending = wanted.ending(control.name)
    if ending and wanted.meaning(ending) != wanted.meaning(state):
        return False
    if control.role == "link" and view.is_inside(label, control.index):
        return True
    if not _has_words(control.name):
        drawn = not control.name and any(n.tag in _ICONS for n in view.within(control.index))
        return headed or drawn or (control.name != "" and _SIGNS.issuperset(control.name))
    if control.role == "button":
        named = ending != "" and wanted.changes(view.text(control.index))  # read out as "…: On", drawn as "Change"
        return named or wanted.goes_with(control.name, state) or (tabled and wanted.leads_to(control.name))
    return wanted.leads_to(control.name)


def right_behind(view: PageView, wanted: Wanted, parts: tuple[int, ...]) -> Iterator[Node]:
    """What can be set right behind an entry and has no name of its own: it may be what the entry speaks of."""
    last = max(n.index for part in parts for n in view.within(part))
    main = next((a for a in view.ancestors(parts[0]) if is_landmark(a)), None)
    for node in view.within(main.index) if main is not None else ():
        if node.index <= last or not (node.shown or node.tag in _FIELDS) or _in_shut_dialog(view, node):
            continue
        if node.tag == "#text" and node.text.strip():
            return
        if node.role in SETTABLE or node.tag in _FIELDS:
            apart = takewhile(lambda a: not view.is_inside(parts[0], a.index), view.ancestors(node.index))
            if may_be_its(wanted, node) and not any(view.text(a.index) for a in apart):
                yield node
            return


def _in_shut_dialog(view: PageView, node: Node) -> bool:
    return not node.shown and any(a.tag == "DIALOG" and not a.shown for a in view.ancestors(node.index))


def may_be_its(wanted: Wanted, control: Node) -> bool:
    """Whether a control may be an entry's own: it has no name, or one that says no more than what it does."""
    name = control.name
    own = wanted.leads_to(name) or wanted.says_nothing(name) or wanted.beginning(name) is not None
    return not _has_words(name) or own or fold_label(name) in TURNING


def stand_together(view: PageView, parts: Collection[int], controls: Collection[Node]) -> bool:
    """
    Whether several buttons belong to one state: each has another name, and no text stands between or beneath them.

    The harm: a row with its own "Manage" would be read by the state and button of the setting below it.
    """
    inside = {n.index for control in controls for n in view.within(control.index)}
    first = min(control.index for control in controls)
    texts = (n for part in parts for n in view.within(part) if n.tag == "#text" and n.shown and n.text.strip())
    beneath = any(n.index > first and n.index not in inside for n in texts)
    return len({fold_label(control.name) for control in controls}) == len(controls) and not beneath


def may_be_set(view: PageView, parts: Collection[int]) -> bool:
    """Whether an entry holds what has a state of its own, even hidden, or what is pressed and says nothing."""
    nodes = (n for part in parts for n in view.within(part) if n.tag != "#text")
    labelled = {n.attributes.get("id", "") for n in view.nodes if _has_state(n)} - {""}
    return any(
        _has_state(n)
        or (_is_pressed(n) and not _says_something(view, n))
        or (n.tag == "LABEL" and n.attributes.get("for") in labelled)
        for n in nodes
    )


def _has_state(node: Node) -> bool:
    field = node.tag in _FIELDS and node.attributes.get("type", "").lower() not in _NO_FIELDS
    roles = {node.role, node.attributes.get("role", "")} & (SETTABLE - {"button"})
    return field or bool(roles) or bool(_STATED.intersection(node.attributes))


def _is_pressed(node: Node) -> bool:
    """Whether a press is expected of an element that is neither button nor link."""
    told = "onclick" in node.attributes or node.attributes.get("tabindex", "").isdigit()
    return told and node.role not in {"button", "link"}


def _says_something(view: PageView, node: Node) -> bool:
    return bool(view.text(node.index)) or (node.role in PICTURES and _has_words(node.name))


def _has_words(text: str) -> bool:
    return any(letter.isalnum() for letter in text)
