"""What a page is made of: its elements and texts, the paragraphs that they make, and their accessible names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

DISCLOSURES = frozenset({"DisclosureTriangle", "DisclosureTriangleGrouped"})
"""Roles by which Chromium exposes the `summary` of a `details` element, the second where others of its group close."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in CSS pixels of its own document."""

    x: float
    y: float
    width: float
    height: float

    def holds(self, x: float, y: float) -> bool:
        """Whether the point is inside."""
        return self.x <= x <= self.x + self.width and self.y <= y <= self.y + self.height


@dataclass(frozen=True, slots=True)
class Node:
    """One element or text of the page."""

    index: int
    parent: int
    """Index of the parent; −1 for a document."""
    document: int
    """0 for the page itself, more for frames."""
    tag: str
    """Upper case; `#text` for text."""
    backend_id: int
    attributes: Mapping[str, str] = field(default_factory=dict)
    """Raw, as in the markup; what was typed is left out."""
    role: str = ""
    """Computed by the browser; empty where it exposes none."""
    name: str = ""
    """Accessible name, computed by the browser."""
    properties: Mapping[str, Any] = field(default_factory=dict)
    """Accessibility properties such as `required`, `disabled`, `expanded`, `modal`, `busy`."""
    text: str = ""
    """Of text nodes only."""
    box: Box | None = None
    """None where nothing is laid out."""
    shown: bool = False
    """Laid out, not hidden, not transparent, larger than a pixel."""
    opaque: bool = False
    """Whether it paints a background that hides what lies under it."""
    floats: bool = False
    """Positioned over what stands around it."""
    block: bool = False
    """Whether text before and after it belongs to other lines."""
    paint: int = 0
    """Paint order; higher is nearer to the person."""
    struck: bool = False
    """Whether a line goes through the text: taken back."""
    filled: bool | None = None
    """Whether a field holds something; the text itself is never kept."""
    ticked: bool | None = None
    """Checkbox and radio: the live property, not the attribute."""
    selected: bool = False
    """Option: the live property."""
    backdrop: str = ""
    """What it paints behind itself: `picture` from an address, `drawn` for a gradient; else empty."""
    round: bool = False
    """Whether its corners make it a circle or an ellipse."""
    breaks: bool = False
    """Whether line breaks in its text are drawn as such."""
    shadow: bool = False
    """Whether it stands in a shadow tree, which the document's own style sheets do not reach."""


@dataclass(frozen=True, slots=True)
class Block:
    """A run of text that a person sees as one paragraph."""

    text: str
    """White space folded; a line break of the page is kept as a newline."""
    quoted: bool
    """Somebody else's words, or struck through, in part at least."""
    node: int
    """Index of the element that holds it."""


_GLUED = re.compile(r"(?=([^\W\d_])[.!?…)\]]?([^\W\d_]))")
_FIELDS = frozenset({"INPUT", "SELECT"})


def with_blanks(nodes: Sequence[Node]) -> tuple[Node, ...]:
    """
    Put a blank between the parts of a name that stand in elements of their own: "Data sharingOff" is two texts.

    Only where the name is nothing but these texts, and a new one begins with a capital behind a small letter. The
    specification has blanks around blocks alone, and pages put a label and its state into one line.
    """
    glued = [node for node in nodes if node.role and _is_glued(node.name)]
    if not glued:
        return tuple(nodes)
    held = _held(nodes)
    ids = {node.attributes["id"]: node for node in reversed(nodes) if "id" in node.attributes}
    spaced = {node.index: name for node in glued if (name := _spaced(nodes, held, ids, node)) is not None}
    return tuple(replace(node, name=spaced[node.index]) if node.index in spaced else node for node in nodes)


def _is_glued(name: str) -> bool:
    return any(m[1].islower() and m[2].isupper() for m in _GLUED.finditer(name))


def _held(nodes: Sequence[Node]) -> Mapping[int, Sequence[int]]:
    held: dict[int, list[int]] = {}
    for node in nodes:
        held.setdefault(node.parent, []).append(node.index)
    return held


def _spaced(
    nodes: Sequence[Node], held: Mapping[int, Sequence[int]], ids: Mapping[str, Node], node: Node
) -> str | None:
    """The name, with a blank between the texts of whatever it was taken from; None where it is not made of those."""
    told = "".join(node.name.split())
    for root in _named_by(nodes, ids, node):
        texts = [text for one in root for text in _texts(nodes, held, one)]
        if "".join("".join(texts).split()) == told:
            return " ".join(" ".join(texts).split())
    return None


def _named_by(nodes: Sequence[Node], ids: Mapping[str, Node], node: Node) -> Iterator[list[Node]]:
    """What a control may have its name from: what it names as that, its label, itself."""
    labelled = [ids[one] for one in node.attributes.get("aria-labelledby", "").split() if one in ids]
    if labelled:
        yield labelled
    elif node.tag in _FIELDS:
        own, at = node.attributes.get("id"), node.parent
        yield from ([n] for n in nodes if own and n.tag == "LABEL" and n.attributes.get("for") == own)
        while at >= 0 and nodes[at].tag != "LABEL":
            at = nodes[at].parent
        if at >= 0:
            yield [nodes[at]]
    else:
        yield [node]


def _texts(nodes: Sequence[Node], held: Mapping[int, Sequence[int]], root: Node) -> Iterator[str]:
    if root.tag == "#text":
        yield root.text
    for index in held.get(root.index, ()):
        yield from _texts(nodes, held, nodes[index])
