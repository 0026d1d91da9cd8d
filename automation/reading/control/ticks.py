"""Whether a switch, checkbox or radio is on, as the page states it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from automation.reading.control.naming import is_segment

if TYPE_CHECKING:
    from automation.page import Node

_TRISTATE = {"true": True, "false": False}
_KEPT_STATE = {"checked": True, "unchecked": False, "on": True, "off": False}


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
    if kept is not None and stated:
        stated.append(kept)
    if not stated and exposed:
        return None if kept is False else True  # a component may keep its state where no attribute shows it
    if not stated or any(state is not stated[0] for state in stated) or exposed is not stated[0]:
        return None
    return stated[0]
