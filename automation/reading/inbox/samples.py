"""A message shown as a sample: what an answer may look like, with places where a name would stand."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from automation.text.normalizing import fold

if TYPE_CHECKING:
    from automation.page import Node, PageView

_MESSAGE = r"(?:message|reply|answer|letter|e-?mail|response|confirmation)"
_MADE_UP = r"(?:preview|example|sample|template|specimen)"
_LABEL = re.compile(
    rf"{_MADE_UP} (?:of|for) (?:the|an?|our|such an?) (?:possible |future )?{_MESSAGE}"
    rf"(?:(?: that)? you (?:may|might|could) (?:receive|get|see))?(?: [(\[]?{_MADE_UP}[)\]]?)?"
    rf"|(?:{_MESSAGE} )?(?:template|sample|specimen)|(?:example|sample|specimen|template) {_MESSAGE}"
)
_PLACE = re.compile(
    r"[\[{<](?:(?:first|last|full|your|user|account|customer)[ _-]?)?(?:name|surname|date|signature|signed|sender|agent"
    r"|recipient|reference|number)[\]}>]",
    re.IGNORECASE,
)
"""Where something would be filled in: "Hi [first name],"."""
_BOXES = frozenset({"group", "region", "figure", "note", "blockquote", "complementary"})


def in_samples(view: PageView) -> frozenset[int]:
    """The nodes within every box that is called a sample of a message, and has places that nobody filled in."""
    return frozenset(
        node.index
        for box in view.shown_nodes()
        if box.role in _BOXES and _LABEL.fullmatch(_label(view, box)) and _PLACE.search(view.text(box.index))
        for node in view.within(box.index)
    )


def _label(view: PageView, box: Node) -> str:
    """What a box is called: by its own name, or by its first line."""
    said = (node.text for node in view.within(box.index) if node.tag == "#text" and node.shown and node.text.strip())
    return fold(box.attributes.get("aria-label", "") or next(said, "")).rstrip(" .:")
