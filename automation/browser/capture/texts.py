"""A masked page as files: its nodes with their raw attributes, its outline as a screen reader has it, its text."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from automation.page import Node, PageView

SCHEMA = "temoin.page/1"
_PROPERTIES = frozenset(
    {
        "busy", "checked", "disabled", "editable", "expanded", "focusable", "hasPopup", "hidden", "invalid", "level",
        "live", "modal", "multiselectable", "pressed", "readonly", "required", "selected", "settable",
    }
)  # fmt: skip
"""Accessibility properties that are states; others repeat addresses and texts."""
_LEFT_OUT = frozenset({"SCRIPT", "STYLE", "NOSCRIPT", "TEMPLATE", ""})
_STATES = (
    "aria-checked", "aria-pressed", "aria-selected", "aria-expanded", "aria-disabled", "aria-required",
    "aria-invalid", "aria-hidden", "aria-current", "checked", "disabled", "required", "readonly", "type", "href",
)  # fmt: skip
"""Raw attributes that the outline shows beside a role: what is not there is not shown as "false"."""


def nodes_json(view: PageView) -> bytes:
    """
    All elements and texts as JSON: markup, accessibility and layout in one, ticked boxes by their live property.

    Keys are left out where they say nothing: `i` index, `p` parent, `d` document, `t` tag or `#text`, `a` raw
    attributes, `role`, `name`, `props` (accessibility), `text`, `box` (left, top, width, height), `shown`, `filled`,
    `ticked`, `selected`, `struck`.
    """
    nodes = [_as_dict(node) for node in _kept(view)]
    page = {"schema": SCHEMA, "url": view.url, "title": view.title, "locale": view.locale, "nodes": nodes}
    return json.dumps(page, ensure_ascii=False, separators=(",", ":")).encode()


def packed(data: bytes) -> bytes:
    """Compressed with gzip; the same data gives the same bytes."""
    return gzip.compress(data, compresslevel=6, mtime=0)


def outline(view: PageView) -> str:
    """
    The page's accessibility tree, one role a line, with the raw attributes that carry a state.

    A switch without a stated state has no attribute in its line; the browser's own tree would call it "off".
    """
    lines: list[str] = []
    depth: dict[int, int] = {-1: -1}
    for node in view.everything():
        above = depth.get(node.parent, -1)
        said = node.tag != "#text" and node.role and (node.shown or node.tag == "INPUT")
        depth[node.index] = above + 1 if said else above
        if said:
            states = [f"[{key}={node.attributes[key]}]" for key in _STATES if key in node.attributes]
            if node.ticked is not None:
                states.append(f"[ticked={str(node.ticked).lower()}]")
            if node.filled is not None:
                states.append(f"[filled={str(node.filled).lower()}]")
            name = [json.dumps(node.name, ensure_ascii=False)] if node.name else []
            lines.append("  " * depth[node.index] + " ".join([node.role, *name, *states]))
    return "\n".join(lines) + "\n"


def visible_text(view: PageView) -> str:
    """What a person can read, one paragraph a line, the site's own frame included."""
    return "\n".join(block.text for block in view.blocks(chrome=True)) + "\n"


def _kept(view: PageView) -> Iterator[Node]:
    out: set[int] = set()
    for node in view.everything():
        if node.parent in out or (node.tag in _LEFT_OUT and not (node.tag == "" and node.index in view.children)):
            out.add(node.index)
        elif node.tag != "#text" or node.text.strip():
            yield node


def _as_dict(node: Node) -> dict[str, Any]:
    found: dict[str, Any] = {"i": node.index, "p": node.parent, "t": node.tag}
    if node.document:
        found["d"] = node.document
    optional = {
        "a": dict(node.attributes),
        "role": node.role,
        "name": node.name,
        "props": {key: value for key, value in node.properties.items() if key in _PROPERTIES},
        "text": node.text,
        "shown": node.shown,
        "selected": node.selected,
        "struck": node.struck,
    }
    found |= {key: value for key, value in optional.items() if value}
    if node.box is not None and node.tag != "#text":
        found["box"] = [round(value) for value in (node.box.x, node.box.y, node.box.width, node.box.height)]
    found |= {key: value for key, value in (("filled", node.filled), ("ticked", node.ticked)) if value is not None}
    return found
