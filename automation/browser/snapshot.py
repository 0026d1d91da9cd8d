"""Taking a `PageView` from Chromium: accessibility tree and DOM snapshot, joined by the browser's own node ids."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from playwright.async_api import CDPSession, Error, Page

from automation.page import Node, PageView
from automation.page.node import with_blanks
from automation.page.visibility import STYLES, Visibility

if TYPE_CHECKING:
    from automation.browser.viewer_answers import ViewerAnswers

_TYPED = frozenset({"text", "email", "tel", "search", "url", "password", "number", ""})
_ELEMENT, _TEXT = 1, 3
_MAX_SCRIPT_CHARS = 4_000_000
_MAX_STORED_CHARS = 20_000
_MOST_STORED = 200
_Stored = tuple[tuple[str, str], ...]
"""Keys and values of a page's local storage."""


class Snapshots:
    """One page, described again and again: what the browser says unchanged is not worked out anew."""

    def __init__(
        self,
        page: Page,
        session: CDPSession,
        loading: tuple[tuple[str, str], ...] = (),
        viewer: ViewerAnswers | None = None,
    ) -> None:
        self._page, self._session, self._loading, self._viewer = page, session, loading, viewer
        self._latest: tuple[list[_Part], _Stored, PageView] | None = None

    async def take(self) -> PageView:
        """Describe the page as it is now; see `take`."""
        url = self._page.url
        parts, stored = await asyncio.gather(_parts(self._page, self._session), _stored(self._session, url))
        if self._latest is None or not self._is_of(self._latest[2]) or self._latest[:2] != (parts, stored):
            self._latest = parts, stored, _view(url, parts, self._loading, stored, _people(self._viewer))
        return self._latest[2]

    async def glance(self) -> PageView:
        """
        Describe the page as it is now, in a third of the time where nothing has changed.

        Where document, texts, layout and styles are all as they were, names and roles are not asked for again.
        Raises as `take`.
        """
        if self._latest is not None and self._is_of(self._latest[2]):
            parts = await _parts(self._page, self._session, names=False)
            if [part.look for part in parts] == [part.look for part in self._latest[0]]:
                return self._latest[2]
        return await self.take()

    def _is_of(self, view: PageView) -> bool:
        """Whether a view may be the present page's: of its address, and of the person whom it is told."""
        return view.url == self._page.url and view.viewer == _people(self._viewer)


async def take(page: Page, session: CDPSession, viewer: ViewerAnswers | None = None) -> PageView:
    """
    Describe the page as it is now, frames included.

    Frames of other sites live in processes of their own and are asked one by one; one that vanishes meanwhile
    is left out.

    Raises:
        playwright.async_api.Error: if the page is gone.
    """
    url = page.url
    parts, stored = await asyncio.gather(_parts(page, session), _stored(session, url))
    return _view(url, parts, (), stored, _people(viewer))


def _people(viewer: ViewerAnswers | None) -> tuple[Mapping[str, Any], ...]:
    return viewer.people if viewer else ()


async def _parts(page: Page, session: CDPSession, *, names: bool = True) -> list[_Part]:
    """Each process's part of the page; without `names`, no accessibility tree is asked for."""
    parts = [await _one(session, names=names)]
    if len(page.frames) > len(parts[0].documents):
        for frame in page.frames[1:]:
            try:
                other = await page.context.new_cdp_session(frame)
            except Error:
                continue  # a frame of the page's own process: already described
            try:
                parts.append(await _one(other, names=names))
                await other.detach()
            except Error:
                continue
    return parts


async def _stored(session: CDPSession, url: str) -> _Stored:
    """The local storage of the page's own origin, by key; large values are left out, and all where there is none."""
    address = urlsplit(url)
    if address.scheme != "https":
        return ()
    origin = {"securityOrigin": f"https://{address.netloc}", "isLocalStorage": True}
    try:
        answer = await session.send("DOMStorage.getDOMStorageItems", {"storageId": origin})
    except Error:  # the page is just changing, or its storage is shut
        return ()
    entries = sorted((str(key), str(value)) for key, value in answer["entries"])
    return tuple((key, value) for key, value in entries if len(value) <= _MAX_STORED_CHARS)[:_MOST_STORED]


def _view(
    url: str,
    parts: list[_Part],
    loading: tuple[tuple[str, str], ...] = (),
    stored: _Stored = (),
    viewer: tuple[Mapping[str, Any], ...] = (),
) -> PageView:
    builder = _Builder()
    for part in parts:
        builder.add(part)
    return PageView(
        url=url,
        title=parts[0].title,
        nodes=with_blanks(builder.nodes),
        scripts=tuple(builder.scripts),
        frames=tuple(builder.frames),
        loading=loading,
        storage=stored,
        viewer=viewer,
    )


@dataclass(slots=True)
class _Part:
    documents: list[dict[str, Any]]
    strings: list[str]
    accessibility: Mapping[int, Mapping[str, Any]]
    title: str

    @property
    def look(self) -> tuple[list[dict[str, Any]], list[str]]:
        """All but the accessibility tree."""
        return self.documents, self.strings


async def _one(session: CDPSession, *, names: bool = True) -> _Part:
    options = {"computedStyles": list(STYLES), "includePaintOrder": True}
    if names:
        snapshot, ax = await asyncio.gather(answer_of(session, "DOMSnapshot.captureSnapshot", options), _names(session))
    else:
        snapshot, ax = await answer_of(session, "DOMSnapshot.captureSnapshot", options), {}
    strings = snapshot["strings"]
    documents = snapshot["documents"]
    title = strings[documents[0]["title"]] if documents and documents[0]["title"] >= 0 else ""
    return _Part(documents, strings, ax, title)


async def _names(session: CDPSession) -> dict[int, Mapping[str, Any]]:
    """The browser's id of each node that its accessibility tree holds → what it says of it."""
    tree = await session.send("Page.getFrameTree")
    frames = _frame_ids(tree["frameTree"])
    asked = (answer_of(session, "Accessibility.getFullAXTree", {"frameId": frame}) for frame in frames)
    found: dict[int, Mapping[str, Any]] = {}
    for answer in await asyncio.gather(*asked):
        for node in answer["nodes"]:
            if not node.get("ignored") and "backendDOMNodeId" in node:
                found.setdefault(node["backendDOMNodeId"], node)
    return found


async def answer_of(session: CDPSession, method: str, options: dict[str, Any]) -> Any:
    """
    What the browser answers, as it came.

    Playwright's own `send` goes through every value of an answer in search of its own objects; on a large page that is
    half of all the time that a visit computes, and an answer of the browser holds none.
    """
    try:
        asked = session._impl_obj.send(method=method, params=options, timeout=None)  # noqa: SLF001
    except (AttributeError, TypeError):  # it is not public, and another version may have it otherwise
        asked = session.send(method, options)
    return await asked


def _frame_ids(tree: Mapping[str, Any]) -> list[str]:
    found = [tree["frame"]["id"]]
    for child in tree.get("childFrames", ()):
        found.extend(_frame_ids(child))
    return found


@dataclass(slots=True)
class _Builder:
    nodes: list[Node] = field(default_factory=list)
    scripts: list[str] = field(default_factory=list)
    frames: list[str] = field(default_factory=list)

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

        typed = _typed(raw, string)
        ticked = set(raw.get("inputChecked", {}).get("index", ()))
        selected = set(raw.get("optionSelected", {}).get("index", ()))
        shadow = set(raw.get("shadowRootType", {}).get("index", ()))
        seen = Visibility(document, strings, hidden_frame=owner >= 0 and not self.nodes[owner].shown)
        number = len(self.frames)
        self.frames.append(string(document["frameId"]))
        for index, parent in enumerate(raw["parentIndex"]):
            kind = raw["nodeType"][index]
            # The doctype is called `html` like the element; only elements get their name as a tag.
            tag = "#text" if kind == _TEXT else string(raw["nodeName"][index]).upper() if kind == _ELEMENT else ""
            attributes = _attributes(raw["attributes"][index], string) if kind == _ELEMENT else {}
            text = string(raw["nodeValue"][index]) if kind == _TEXT else ""
            parent_tag = string(raw["nodeName"][parent]).upper() if parent >= 0 else ""
            look = seen.look(index, parent, kind, tag)
            shown = look.shown
            if kind == _TEXT and parent_tag == "SCRIPT" and len(text) <= _MAX_SCRIPT_CHARS:
                self.scripts.append(text)
            if kind == _TEXT and parent_tag in {"TEXTAREA", "SCRIPT", "STYLE", "NOSCRIPT"}:
                text, shown = "", False  # what was typed is nobody's business, and code is no text
            input_type = attributes.get("type", "").lower() if tag == "INPUT" else None
            if input_type in _TYPED:
                attributes.pop("value", None)
            ax = part.accessibility.get(raw["backendNodeId"][index], {})
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
                    box=look.box,
                    shown=shown,
                    opaque=look.opaque,
                    block=look.block,
                    paint=look.paint,
                    struck=look.struck,
                    floats=look.floats,
                    backdrop=look.backdrop,
                    round=look.round,
                    breaks=look.breaks,
                    shadow=index in shadow,
                    filled=typed.get(index, False) if tag in {"INPUT", "TEXTAREA"} else None,
                    ticked=(index in ticked) if input_type in {"checkbox", "radio"} else None,
                    selected=index in selected,
                )
            )


def _typed(raw: dict[str, Any], string: Callable[[int], str]) -> dict[int, bool]:
    """Index of each field that the browser has a value for → whether it is more than white space."""
    return {
        index: bool(string(value).strip())
        for key in ("inputValue", "textValue")
        for index, value in zip(raw.get(key, {}).get("index", ()), raw.get(key, {}).get("value", ()), strict=True)
    }


def _attributes(pairs: list[int], string: Any) -> dict[str, str]:
    return {string(pairs[i]).lower(): string(pairs[i + 1]) for i in range(0, len(pairs), 2)}


def _role(ax: Mapping[str, Any], attributes: Mapping[str, str]) -> str:
    role = str(ax.get("role", {}).get("value", ""))
    if role in {"generic", "none", "GenericContainer"}:
        return ""
    return role or (attributes.get("role", "") if ax else "")


def _properties(ax: Mapping[str, Any]) -> dict[str, Any]:
    return {p["name"]: p["value"].get("value") for p in ax.get("properties", ())}
