"""What a page is made of: its elements and texts, where they are laid out, and the paragraphs that they make."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
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
