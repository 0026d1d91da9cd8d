"""What a person sees and presses to use a control that is hidden itself, or has no size."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from automation.reading.control.rows import is_landmark
from automation.reading.control.state_words import PLAIN_STATES
from automation.text.normalizing import fold_label

if TYPE_CHECKING:
    from automation.page import Node, PageView
    from automation.reading.control.wanted import Wanted

SWITCHES = frozenset({"switch", "checkbox", "menuitemcheckbox"})
_TELLING = re.compile(r"aria-(?!hidden).*|data-(?:on|off|state|checked|selected|value)|role|alt|href|title")
"""Attributes by which an element says something of its own."""
_LIVE = frozenset({"polite", "assertive"})
_DRAWN_AROUND = 3
"""How many elements above a transparent input may hold it together with its drawing."""


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
    own = any(n.tag in {"BUTTON", "INPUT"} or any(map(_TELLING.fullmatch, n.attributes)) for n in inside)
    words = [fold_label(n.text) for n in inside if n.tag == "#text" and n.shown and n.text.strip()]
    hidden = all(n.attributes.get("aria-hidden") == "true" for n in drawn)
    return bool(drawn) and hidden and not own and all(word in PLAIN_STATES for word in words)


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
    other = any(n.tag == "INPUT" or n.role in SWITCHES or (n.tag == "#text" and n.text.strip()) for n in inside)
    drawn = any(n.shown and n.box is not None and n.box.holds(x, y) for n in inside)
    return around if around.box.holds(x, y) and drawn and not other else None


def label_of(view: PageView, node: Node) -> Node | None:
    """The label that an input hangs on: the one around it, else the first shown one that names it."""
    around = next((a for a in view.ancestors(node.index) if a.tag == "LABEL"), None)
    own = node.attributes.get("id")
    if around is not None or not own:
        return around
    return next((n for n in view.shown_nodes() if n.tag == "LABEL" and n.attributes.get("for") == own), None)


def shows_its_state(view: PageView, wanted: Wanted, box: Node) -> bool:
    """
    Whether the word for a state in a box's name stands where the box says that its state is told.

    It describes the box, or says of itself that it changes; in "Messages disabled" it belongs to the name.
    """
    described = box.attributes.get("aria-describedby", "").split()
    label = label_of(view, box)
    if label is None:
        return False
    words = [n for n in view.within(label.index) if n.tag == "#text" and n.shown and wanted.tells(n.text)]
    places = (a for word in words for a in view.ancestors(word.index))
    return any(
        a.attributes.get("id") in described or a.attributes.get("aria-live") in _LIVE or a.role == "status"
        for a in places
    )
