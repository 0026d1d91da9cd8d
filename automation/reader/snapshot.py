"""Taking a `PageView` from Chromium: accessibility tree and DOM snapshot, joined by the browser's own node ids."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from playwright.async_api import CDPSession, Error, Page

from automation.view import Box, Node, PageView

_STYLES = ["display", "visibility", "opacity", "background-color", "position"]
_INLINE = frozenset({"inline", "contents", "none", ""})
_TYPED = frozenset({"text", "email", "tel", "search", "url", "password", "number", ""})
_CLEAR = frozenset({"", "transparent", "rgba(0, 0, 0, 0)"})
_UNSTYLED = ["", "", "", "", ""]
_ELEMENT, _TEXT = 1, 3
_MAX_SCRIPT_CHARS = 4_000_000


async def take(page: Page, session: CDPSession) -> PageView:
    """
    Describe the page as it is now, frames included.

    Frames of other sites live in processes of their own and are asked one by one; one that vanishes meanwhile
    is left out.

    Raises:
        playwright.async_api.Error: if the page is gone.
    """
    parts = [await _one(session)]
    if len(page.frames) > len(parts[0].documents):
        for frame in page.frames[1:]:
            try:
                other = await page.context.new_cdp_session(frame)
            except Error:
                continue  # a frame of the page's own process: already described
            try:
                parts.append(await _one(other))
                await other.detach()
            except Error:
                continue
    builder = _Builder()
    for part in parts:
        builder.add(part)
    return PageView(
        url=page.url,
        title=parts[0].title,
        nodes=tuple(builder.nodes),
        scripts=tuple(builder.scripts),
    )


@dataclass(slots=True)
class _Part:
    documents: list[dict[str, Any]]
    strings: list[str]
    accessibility: Mapping[int, Mapping[str, Any]]
    title: str


async def _one(session: CDPSession) -> _Part:
    snapshot = await session.send("DOMSnapshot.captureSnapshot", {"computedStyles": _STYLES, "includePaintOrder": True})
    tree = await session.send("Page.getFrameTree")
    ax: dict[int, Mapping[str, Any]] = {}
    for frame_id in _frame_ids(tree["frameTree"]):
        answer = await session.send("Accessibility.getFullAXTree", {"frameId": frame_id})
        for node in answer["nodes"]:
            if not node.get("ignored") and "backendDOMNodeId" in node:
                ax.setdefault(node["backendDOMNodeId"], node)
    strings = snapshot["strings"]
    documents = snapshot["documents"]
    title = strings[documents[0]["title"]] if documents and documents[0]["title"] >= 0 else ""
    return _Part(documents, strings, ax, title)


def _frame_ids(tree: Mapping[str, Any]) -> list[str]:
    found = [tree["frame"]["id"]]
    for child in tree.get("childFrames", ()):
        found.extend(_frame_ids(child))
    return found


@dataclass(slots=True)
class _Builder:
    nodes: list[Node] = field(default_factory=list)
    scripts: list[str] = field(default_factory=list)
    documents: int = 0

    def add(self, part: _Part) -> None:
        """Append one process's documents; each frame hangs under the element that holds it."""
        bases: list[int] = []
        base = len(self.nodes)
        for document in part.documents:
            bases.append(base)
            base += len(document["nodes"]["parentIndex"])
        owners: dict[int, int] = {}
        for number, document in enumerate(part.documents):
            content = document["nodes"].get("contentDocumentIndex", {"index": [], "value": []})
            for index, child in zip(content["index"], content["value"], strict=True):
                owners[child] = bases[number] + index
        for number, document in enumerate(part.documents):
            self._document(part, document, bases[number], owners.get(number, -1))

    def _document(self, part: _Part, document: dict[str, Any], base: int, owner: int) -> None:
        raw, strings = document["nodes"], part.strings

        def string(index: int) -> str:
            return strings[index] if index >= 0 else ""

        layout = document["layout"]
        boxes: dict[int, tuple[Box, list[str], int]] = {}
        paints = layout.get("paintOrders") or [0] * len(layout["nodeIndex"])
        for at, styles, bounds, paint in zip(
            layout["nodeIndex"], layout["styles"], layout["bounds"], paints, strict=True
        ):
            boxes.setdefault(at, (Box(*bounds), [string(s) for s in styles] or _UNSTYLED, paint))
        typed = set(raw.get("inputValue", {}).get("index", ())) | set(raw.get("textValue", {}).get("index", ()))
        values = {
            index: string(value)
            for key in ("inputValue", "textValue")
            for index, value in zip(raw.get(key, {}).get("index", ()), raw.get(key, {}).get("value", ()), strict=True)
        }
        ticked = set(raw.get("inputChecked", {}).get("index", ()))
        selected = set(raw.get("optionSelected", {}).get("index", ()))
        invisible: set[int] = set()  # transparent, with all that is inside
        concealed: set[int] = set()  # visibility: hidden; what is inside may say otherwise
        number = self.documents
        self.documents += 1
        for index, parent in enumerate(raw["parentIndex"]):
            kind = raw["nodeType"][index]
            # The doctype is called `html` like the element; only elements get their name as a tag.
            tag = "#text" if kind == _TEXT else string(raw["nodeName"][index]).upper() if kind == _ELEMENT else ""
            attributes = _attributes(raw["attributes"][index], string) if kind == _ELEMENT else {}
            box, styles, paint = boxes.get(index, (None, _UNSTYLED, 0))
            opacity = styles[2]
            if parent in invisible or (opacity and float(opacity) < 0.05):
                invisible.add(index)
            if styles[1] in {"hidden", "collapse"} or (kind == _TEXT and parent in concealed):
                concealed.add(index)
            text = string(raw["nodeValue"][index]) if kind == _TEXT else ""
            parent_tag = string(raw["nodeName"][parent]).upper() if parent >= 0 else ""
            if kind == _TEXT and parent_tag == "SCRIPT" and len(text) <= _MAX_SCRIPT_CHARS:
                self.scripts.append(text)
            ax = part.accessibility.get(raw["backendNodeId"][index], {})
            filled = None
            if index in typed or tag in {"INPUT", "TEXTAREA"}:
                filled = bool(values.get(index, "").strip())
            if tag == "INPUT" and attributes.get("type", "").lower() in _TYPED:
                attributes.pop("value", None)
            is_box_input = tag == "INPUT" and attributes.get("type", "").lower() in {"checkbox", "radio"}
            shown = (
                box is not None
                and index not in invisible
                and index not in concealed
                and box.width > 1
                and box.height > 1
                and box.x + box.width > 0
                and box.y + box.height > 0
            )
            if kind == _TEXT and parent_tag == "TEXTAREA":
                text, shown = "", False  # what was typed is nobody's business
            self.nodes.append(
                Node(
                    index=base + index,
                    parent=base + parent if parent >= 0 else owner,
                    document=number,
                    tag=tag,
                    backend_id=raw["backendNodeId"][index],
                    attributes=attributes,
                    role=_role(ax, attributes),
                    name=str(ax.get("name", {}).get("value", "")),
                    properties=_properties(ax),
                    text=text,
                    box=box,
                    shown=shown,
                    opaque=kind == _ELEMENT and styles[3] not in _CLEAR and not styles[3].endswith(", 0)"),
                    block=kind == _ELEMENT and styles[0] not in _INLINE,
                    paint=paint,
                    filled=filled,
                    ticked=(index in ticked) if is_box_input else None,
                    selected=index in selected,
                )
            )


def _attributes(pairs: list[int], string: Any) -> dict[str, str]:
    return {string(pairs[i]).lower(): string(pairs[i + 1]) for i in range(0, len(pairs), 2)}


def _role(ax: Mapping[str, Any], attributes: Mapping[str, str]) -> str:
    role = str(ax.get("role", {}).get("value", ""))
    if role in {"generic", "none", "GenericContainer"}:
        return ""
    return role or (attributes.get("role", "") if ax else "")


def _properties(ax: Mapping[str, Any]) -> dict[str, Any]:
    return {p["name"]: p["value"].get("value") for p in ax.get("properties", ())}
