"""
A scrubbed page as one HTML file that looks and reads like the page did: no script, nothing to fetch, no interaction.

Layout comes from computed styles, live states (a ticked box, a chosen option) become attributes. Pure but for
`styles_of`, which asks the browser.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from html import escape
from typing import TYPE_CHECKING

from automation.authoring.scrubbing import TEXT, TYPED, WORDED

if TYPE_CHECKING:
    from playwright.async_api import CDPSession

    from automation.page import Node, PageView

Styles = Mapping[int, Mapping[str, str]]
"""Backend id → computed styles; nodes without layout are not there."""

_PROPERTIES = (
    "display", "position", "top", "right", "bottom", "left", "float", "box-sizing", "width", "height",
    "margin-top", "margin-right", "margin-bottom", "margin-left", "padding-top", "padding-right", "padding-bottom",
    "padding-left", "overflow-x", "overflow-y", "visibility", "opacity", "z-index", "background-color", "color",
    "transform", "clip", "clip-path", "filter", "text-decoration-line", "text-indent", "font-size", "line-height",
    "flex-direction", "flex-wrap", "flex-grow", "flex-shrink", "justify-content", "align-items", "row-gap",
    "column-gap", "grid-template-columns",
)  # fmt: skip
_USUAL = {
    "position": "static", "float": "none", "opacity": "1", "transform": "none", "clip": "auto", "clip-path": "none",
    "filter": "none", "text-decoration-line": "none", "text-indent": "0px", "overflow-x": "visible",
    "overflow-y": "visible", "flex-direction": "row", "flex-wrap": "nowrap", "flex-grow": "0", "flex-shrink": "1",
    "justify-content": "normal", "align-items": "normal", "row-gap": "normal", "column-gap": "normal",
    "grid-template-columns": "none", "line-height": "normal",
}  # fmt: skip
_INHERITED = frozenset({"visibility", "color", "font-size", "line-height", "text-indent"})
_PLAIN = frozenset({"DIV", "SPAN", "P", "MAIN", "SECTION", "NAV", "HEADER", "FOOTER", "ARTICLE", "ASIDE"})
"""Elements to which the browser's own style sheet gives no more than `display`."""
_SIDES = ("top", "right", "bottom", "left")
_EMPTY = {"box-sizing": "content-box", "background-color": "rgba(0, 0, 0, 0)"} | {
    f"{what}-{side}": "0px" for what in ("margin", "padding") for side in _SIDES
}
_HARMLESS = re.compile(r"[\w\s.,()%#/+-]+")
_LEFT_OUT = frozenset({"SCRIPT", "STYLE", "NOSCRIPT", "TEMPLATE", "META", "LINK", "BASE", "HEAD", "SOURCE", "TRACK"})
_VOID = frozenset({"AREA", "BR", "COL", "EMBED", "HR", "IMG", "INPUT", "WBR"})
_UNPLACED = frozenset({"OPTION", "OPTGROUP", "BR", "WBR", "AREA", "COL", "HTML", "BODY"})
"""Elements that have no layout of their own while they are shown."""
_SHADOW_HOSTS = frozenset(
    {"ARTICLE", "ASIDE", "BLOCKQUOTE", "BODY", "DIV", "FOOTER", "H1", "H2", "H3", "H4", "H5", "H6", "HEADER", "MAIN",
     "NAV", "P", "SECTION", "SPAN"}
)  # fmt: skip
_FIELDS = frozenset({"textbox", "searchbox", "spinbutton", "combobox"})
_TAG = re.compile(r"[A-Z][A-Z0-9-]*")
_RENAMED = {"P": "div", "OBJECT": "div", "EMBED": "div", "FRAME": "div", "FRAMESET": "div"}
"""A paragraph would be ended by the parser at the first block inside it, which scripts may put there."""


async def styles_of(session: CDPSession) -> Styles:
    """
    Computed styles of everything that is laid out, by the browser's own node ids.

    Raises:
        playwright.async_api.Error: the page is gone.
    """
    snapshot = await session.send("DOMSnapshot.captureSnapshot", {"computedStyles": list(_PROPERTIES)})
    strings = snapshot["strings"]
    found: dict[int, Mapping[str, str]] = {}
    for document in snapshot["documents"]:
        ids = document["nodes"]["backendNodeId"]
        layout = document["layout"]
        for index, values in zip(layout["nodeIndex"], layout["styles"], strict=True):
            if values:
                named = zip(_PROPERTIES, (strings[value] if value >= 0 else "" for value in values), strict=True)
                found.setdefault(ids[index], dict(named))
    return found


def markup(view: PageView, styles: Styles, data: Mapping[str, object]) -> str:
    """The page, from `scrubbed`, as HTML; `data` is what its own data said of who is signed in, from `named_in`."""
    root = next((n for n in view.nodes if n.tag == "HTML" and n.document == 0), None)
    return (
        _Writer(view, styles).page(root, view.title, data) if root is not None else "<!DOCTYPE html>\n<html></html>\n"
    )


class _Writer:
    """One document; each frame inside it has a writer of its own."""

    def __init__(self, view: PageView, styles: Styles) -> None:
        self._view, self._styles = view, styles
        self._classes: dict[str, str] = {}
        self._around = {a.index for n in view.nodes if n.backend_id in styles for a in view.ancestors(n.index)}

    def page(self, root: Node, title: str, data: Mapping[str, object]) -> str:
        """The document from its root element, with a style sheet of its own."""
        body = "".join(self._inside(root))  # before the style sheet, which it fills
        rules = "\n".join(f".{name}{{{rule}}}" for rule, name in self._classes.items())
        said = json.dumps(data, ensure_ascii=False).replace("<", "\\u003c")
        carried = f'<script type="application/json">{said}</script>\n' if data else ""
        return (
            f'<!DOCTYPE html>\n<html{self._attributes(root)}>\n<head><meta charset="utf-8">'
            f"<title>{escape(title)}</title>\n<style>\n{rules}\n</style>\n{carried}</head>\n{body}\n</html>\n"
        )  # fmt: skip

    def _inside(self, node: Node) -> Iterator[str]:
        for index in self._view.children.get(node.index, ()):
            yield from self._node(self._view.nodes[index], node)

    def _node(self, node: Node, parent: Node) -> Iterator[str]:
        if node.tag == "#text":
            yield escape(re.sub(r"\s+", " ", node.text), quote=False)
        elif node.tag == "":
            yield from self._tree(node, parent)
        elif node.tag not in _LEFT_OUT and _TAG.fullmatch(node.tag) and not self._idle(node):
            yield from self._element(node)

    def _element(self, node: Node) -> Iterator[str]:
        tag = _RENAMED.get(node.tag, node.tag.lower())
        start = f"<{tag}{self._attributes(node)}"
        if node.block:
            yield "\n"
        if node.tag in _VOID and tag == node.tag.lower():
            yield f"{start}>"
            return
        if node.tag in {"IFRAME", "TEXTAREA"}:
            inner = self._frame(node) if node.tag == "IFRAME" else ""
            yield f'{start} srcdoc="{escape(inner)}"></iframe>' if inner else f"{start}></{tag}>"
            return
        yield f"{start}>"
        chosen = any(n.selected for n in self._view.within(node.index)) or "multiple" in node.attributes
        if node.tag == "SELECT" and not chosen:
            yield "<option selected hidden></option>"  # else the browser chooses the first one
        if node.tag == "SVG":  # what it draws is of no interest, what it is called is
            inside = (self._view.nodes[index] for index in self._view.children.get(node.index, ()))
            yield from (part for child in inside if child.tag == "TITLE" for part in self._element(child))
        else:
            yield from self._inside(node)
        yield f"</{tag}>"

    def _tree(self, node: Node, parent: Node) -> Iterator[str]:
        """A shadow tree of the page's own; those that the browser itself makes come back by themselves."""
        own = parent.tag in _SHADOW_HOSTS or "-" in parent.tag
        if own and self._view.children.get(node.index) and parent.tag not in _RENAMED:
            yield f'<template shadowrootmode="open">{"".join(self._inside(node))}</template>'

    def _frame(self, node: Node) -> str:
        for index in self._view.children.get(node.index, ()):
            for inner in self._view.children.get(index, ()):
                if self._view.nodes[inner].tag == "HTML":
                    return _Writer(self._view, self._styles).page(self._view.nodes[inner], "", {})
        return ""

    def _idle(self, node: Node) -> bool:
        """Whether nothing of it shows and no word in it is known, so that no reading can depend on it."""
        if (node.tag, node.attributes.get("type")) == ("INPUT", "hidden"):
            return True
        if (node.tag, node.attributes.get("aria-hidden")) == ("SVG", "true"):
            return True
        if node.backend_id in self._styles or node.index in self._around or node.tag in _UNPLACED or node.shadow:
            return False
        return not any(self._tells(inner) for inner in self._view.within(node.index))

    def _tells(self, node: Node) -> bool:
        if self._referred & {node.attributes.get("id", "")}:
            return True
        words = (node.text, *(node.attributes.get(name, "") for name in WORDED))
        return any(word.strip() not in {"", TEXT} for word in words)

    @cached_property
    def _around_modal(self) -> frozenset[int]:
        """A dialog that the browser itself made modal, and what holds it: all else is dead, which no attribute says."""
        modal = next((n for n in self._view.nodes if n.tag == "DIALOG" and n.properties.get("modal") is True), None)
        if modal is None:
            return frozenset()
        return frozenset({modal.index, *(a.index for a in self._view.ancestors(modal.index) if a.tag != "HTML")})

    @cached_property
    def _referred(self) -> frozenset[str]:
        """Ids of what names or describes something else."""
        names = ("aria-labelledby", "aria-describedby", "aria-owns")
        return frozenset(
            one for node in self._view.nodes for name in names for one in node.attributes.get(name, "").split()
        )

    def _attributes(self, node: Node) -> str:
        given = dict(node.attributes)
        if node.properties.get("modal") is True:
            given["aria-modal"] = "true"
        parent = self._view.nodes[node.parent] if node.parent >= 0 else node
        if node.index not in self._around_modal and parent.index in self._around_modal and parent.tag != "DIALOG":
            given["inert"] = ""
        if node.ticked is not None:
            given.pop("checked", None)
            if node.ticked:
                given["checked"] = ""
            if str(node.properties.get("checked")).lower() == "mixed":
                given["aria-checked"] = "mixed"  # markup has no other way to say that a box is neither
        if node.selected and node.tag == "OPTION":
            given["selected"] = ""
        if node.tag == "INPUT" and node.filled and node.role in _FIELDS:
            given["value"] = TYPED
        if rule := self._rule(node):
            given["class"] = self._classes.setdefault(rule, f"s{len(self._classes) + 1}")
        return "".join(f' {name}="{escape(value)}"' if value else f" {name}" for name, value in given.items())

    def _rule(self, node: Node) -> str:
        known = self._styles.get(node.backend_id)
        if known is None:
            if node.tag in _UNPLACED or node.shadow:
                return ""
            return "display:contents" if node.index in self._around else "display:none"
        around = self._styles.get(self._view.nodes[node.parent].backend_id, {}) if node.parent >= 0 else {}
        usual = dict(_USUAL)
        if node.tag in _PLAIN:
            usual |= _EMPTY | {name: around[name] for name in _INHERITED & around.keys()}
        told = {name: value for name, value in known.items() if value not in {"", "auto", usual.get(name)}}
        for what in ("margin", "padding"):
            sides = [told.get(f"{what}-{side}") for side in _SIDES]
            if all(sides):
                told = {name: value for name, value in told.items() if not name.startswith(what)}
                told[what] = " ".join(str(side) for side in (sides[:1] if len(set(sides)) == 1 else sides))
        return ";".join(f"{name}:{value}" for name, value in told.items() if _HARMLESS.fullmatch(value))
