"""The page at one moment: its nodes as a tree, and what a person sees of them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, wraps
from typing import Any, Concatenate, ParamSpec, TypeVar
from urllib.parse import urlsplit

from automation.page.json_values import assigned, walk
from automation.page.node import Block, Node
from automation.text.normalizing import canonical_locale, fold, fold_label

_HEADINGS = frozenset({"heading"})
_DIALOGS = frozenset({"dialog", "alertdialog"})
_QUOTING = frozenset({"BLOCKQUOTE", "Q", "CITE", "DEL", "S", "STRIKE"})
_QUOTING_ROLES = frozenset({"blockquote", "deletion"})
_CHROME = frozenset({"banner", "navigation", "search", "contentinfo", "complementary"})
_MAX_JSON_CHARS = 4_000_000
_ROWS = frozenset({"row", "listitem", "option", "article", "treeitem"})
_GOING = re.compile(
    r"\s*(?:(?:window|document|self|top)\.)?location(?:\.href)?\s*(?:=|\.assign\()\s*"
    r"(?P<mark>['\"])(?P<to>[^'\"\\]+)(?P=mark)\s*\)?\s*;?\s*(?:return false;?)?\s*"
)
"""A handler of a click that goes to an address, and does nothing else."""
_BLOCK_TAGS = frozenset({"HR", "LI", "TR", "OPTION"})


@dataclass(frozen=True)
class PageView:
    """The page at one moment, with all its frames."""

    url: str
    title: str
    nodes: tuple[Node, ...]
    scripts: tuple[str, ...] = ()
    """Text of inline scripts, for embedded data only."""
    frames: tuple[str, ...] = ()
    """The browser's id of the frame that shows each document, by the document's number."""
    loading: tuple[tuple[str, str], ...] = ()
    """Attributes and values that the service's elements carry while they load."""
    storage: tuple[tuple[str, str], ...] = ()
    """Keys and values of the local storage of the page's own origin, as far as they are read."""
    viewer: tuple[Mapping[str, Any], ...] = ()
    """What the service answered when the page asked it who is signed in."""

    @cached_property
    def children(self) -> Mapping[int, tuple[int, ...]]:
        """Index → indexes of the children, in document order."""
        found: dict[int, list[int]] = {}
        for node in self.nodes:
            found.setdefault(node.parent, []).append(node.index)
        return {parent: tuple(kids) for parent, kids in found.items()}

    @cached_property
    def locale(self) -> str:
        """The language that the page itself declares, BCP-47; empty where it declares none."""
        for node in self.nodes:
            if node.tag == "HTML" and node.document == 0:
                return canonical_locale(node.attributes.get("lang", "") or node.attributes.get("xml:lang", ""))
        return ""

    @cached_property
    def path(self) -> str:
        """Path of the address, without query and fragment."""
        return urlsplit(self.url).path or "/"

    @cached_property
    def host(self) -> str:
        """Host of the address."""
        return urlsplit(self.url).hostname or ""

    def ancestors(self, index: int) -> Iterator[Node]:
        """All ancestors of a node, nearest first."""
        parent = self.nodes[index].parent
        while parent >= 0:
            node = self.nodes[parent]
            yield node
            parent = node.parent

    def within(self, index: int) -> Iterator[Node]:
        """The node and everything in it, in document order."""
        start, end = self._spans[index]
        return iter(self._in_order[start:end])

    def everything(self) -> Iterator[Node]:
        """All nodes of all frames, in document order."""
        return iter(self._in_order)

    @cached_property
    def _in_order(self) -> tuple[Node, ...]:
        """All nodes in document order; the index of a node says when it was found, and a frame's are found later."""
        found, stack = list[Node](), [*reversed(self.children.get(-1, ()))]
        while stack:
            current = stack.pop()
            found.append(self.nodes[current])
            stack.extend(reversed(self.children.get(current, ())))
        return tuple(found)

    @cached_property
    def _spans(self) -> Mapping[int, tuple[int, int]]:
        """Index → where a node and everything in it begins and ends among all."""
        ends: dict[int, int] = {}
        starts = {node.index: place for place, node in enumerate(self._in_order)}
        for node in reversed(self._in_order):
            last = self.children.get(node.index, ())
            ends[node.index] = ends[last[-1]] if last else starts[node.index] + 1
        return {index: (start, ends[index]) for index, start in starts.items()}

    def shown_nodes(self, root: int | None = None) -> Iterator[Node]:
        """Elements that a person can see."""
        nodes = self.everything() if root is None else self.within(root)
        return (node for node in nodes if node.shown and node.tag != "#text")

    def blocks(self, root: int | None = None, *, chrome: bool = False) -> list[Block]:
        """
        The text that a person sees, paragraph by paragraph.

        Args:
            root: only inside this node.
            chrome: with the site's own frame (banner, navigation, search, footer), which is left out otherwise.
        """
        if (root, chrome) not in self._blocks:
            self._blocks[root, chrome] = tuple(self._read_blocks(root, chrome=chrome))
        return [*self._blocks[root, chrome]]

    @cached_property
    def _blocks(self) -> dict[tuple[int | None, bool], tuple[Block, ...]]:
        """What was read of this page, by node and with or without its frame: readers ask for the same again."""
        return {}

    def _read_blocks(self, root: int | None, *, chrome: bool) -> list[Block]:
        blocks: list[Block] = []
        line: list[str] = []
        holder, quoted = -1, False

        def flush() -> None:
            text = re.sub(r" *\n *", "\n", re.sub(r"[^\S\n]+", " ", "".join(line))).strip()
            if text:
                blocks.append(Block(text, quoted, holder))
            line.clear()

        for node in self.everything() if root is None else self.within(root):
            if node.tag == "BR":
                line.append("\n")
            elif node.tag in _BLOCK_TAGS:
                flush()
            elif node.tag == "#text" and node.shown and node.text and not self._under_cover(node):
                framed, around, quoting = self._standing[node.parent]
                if framed and not chrome:
                    continue
                if around != holder:
                    flush()
                    holder, quoted = around, False
                quoted = quoted or node.struck or quoting
                line.append(node.text if node.breaks else node.text.replace("\n", " "))
        flush()
        return blocks

    @cached_property
    def _standing(self) -> Mapping[int, tuple[bool, int, bool]]:
        """Element → whether it is of the frame, which element is the block of its text, and whether it quotes."""
        found = {-1: (False, -1, False)}
        for node in self._in_order:
            framed, block, quoting = found[node.parent]
            standing = framed or node.role in _CHROME, node.index if node.block else block, quoting or _quotes(node)
            found[node.index] = standing
        return found

    @cached_property
    def _covers(self) -> tuple[Node, ...]:
        """What is laid over the page and hides what lies under it."""
        return tuple(n for n in self.nodes if n.opaque and n.shown and n.box is not None and n.box.width > 1)

    def _under_cover(self, node: Node) -> bool:
        """Whether something opaque that floats over the page hides the middle of a text."""
        if node.box is None or not self._covers:
            return False
        x, y = node.box.x + node.box.width / 2, node.box.y + node.box.height / 2
        over = (c for c in self._covers if c.paint > node.paint and c.document == node.document)
        return any(c.box and c.box.holds(x, y) and not self.is_inside(node.index, c.index) for c in over)

    def text(self, root: int | None = None, *, chrome: bool = False) -> str:
        """All visible text, one block a line."""
        return "\n".join(block.text for block in self.blocks(root, chrome=chrome))

    def headings(self) -> tuple[Node, ...]:
        """What is shown as a heading, dialogs' names included."""
        return self._headings

    @cached_property
    def _headings(self) -> tuple[Node, ...]:
        return tuple(n for n in self.shown_nodes() if (n.role in _HEADINGS or n.role in _DIALOGS) and n.name)

    def modal(self) -> Node | None:
        """The dialog nearest to the person that keeps them from the rest of the page."""
        return self._modal

    @cached_property
    def _modal(self) -> Node | None:
        modal = [
            n
            for n in self.shown_nodes()
            if (n.role in _DIALOGS or n.tag == "DIALOG" or n.attributes.get("aria-modal") == "true")
            and (n.attributes.get("aria-modal") == "true" or n.properties.get("modal") is True)
        ]
        return max(modal, key=lambda n: (n.paint, n.index), default=None)

    def is_inside(self, index: int, outer: int) -> bool:
        """Whether a node is in another one (or is it)."""
        return index == outer or any(a.index == outer for a in self.ancestors(index))

    def covered(self, index: int) -> bool:
        """Whether something opaque lies over the middle of a node, or a modal dialog shuts it out."""
        node = self.nodes[index]
        modal = self.modal()
        if modal is not None and not self.is_inside(index, modal.index):
            return True
        if node.box is None:
            return True
        x, y = node.box.x + node.box.width / 2, node.box.y + node.box.height / 2
        inside = {a.index for a in self.ancestors(index)} | {n.index for n in self.within(index)}
        return any(
            other.opaque
            and other.shown
            and other.paint > node.paint
            and other.document == node.document
            and other.box is not None
            and other.box.holds(x, y)
            and other.index not in inside
            for other in self.nodes
        )

    def busy(self) -> bool:
        """Whether the page says that it is still loading."""
        return self._busy

    @cached_property
    def _busy(self) -> bool:
        return any(
            n.attributes.get("aria-busy") == "true"
            or (n.role == "progressbar" and not _measures(n))
            or any(n.attributes.get(name) == value for name, value in self.loading)
            for n in self.shown_nodes()
        )

    def links(self) -> tuple[tuple[Node, str], ...]:
        """
        Visible links with their targets as written; one whose box is its content's (`display: contents`), too.

        Also rows of a list whose markup says to which address a click leads, and nothing else.
        """
        return self._links

    @cached_property
    def _links(self) -> tuple[tuple[Node, str], ...]:
        return tuple(
            (node, target)
            for node in self.everything()
            if (target := _target(node))
            and (node.shown or (node.box is None and any(inner.shown for inner in self.within(node.index))))
        )

    def by_name(self, names: frozenset[str], roles: frozenset[str]) -> list[Node]:
        """Visible controls of these roles whose folded name is one of these."""
        return [n for n in self.shown_nodes() if n.role in roles and fold_label(n.name) in names]

    @cached_property
    def embedded(self) -> tuple[Any, ...]:
        """Everything that inline scripts carry as JSON; broken pieces are left out."""
        found = []
        for text in self.scripts:
            stripped = text.strip()
            if stripped[:1] not in {"{", "["} or len(stripped) > _MAX_JSON_CHARS:
                continue
            try:
                found.append(json.loads(stripped))
            except (json.JSONDecodeError, RecursionError):
                continue
        return tuple(found)

    @cached_property
    def handed_over(self) -> tuple[Any, ...]:
        """
        All data that the page carries: `embedded`, and what is beside it.

        Scripts that assign JSON give `{name: value}`, the `<meta>` tags `{"meta": {name: content}}`, the local storage
        `{"storage": {key: value}}`, its values read as JSON where they are, and what the service answered to the page's
        question who is signed in `{"viewer": {key: value}}`.
        """
        found: list[Any] = list(self.embedded)
        for text in self.scripts:
            if text.strip()[:1] not in {"{", "["} and len(text) <= _MAX_JSON_CHARS:
                found.extend({name: value} for name, value in assigned(text))
        meta = {
            name: node.attributes.get("content", "")
            for node in self.nodes
            if node.tag == "META"
            and node.document == 0
            and (name := node.attributes.get("name") or node.attributes.get("property", ""))
        }
        found.extend({"meta": part} for part in (meta,) if part)
        stored = {key: _as_json(value) for key, value in self.storage}
        found.extend({"storage": part} for part in (stored,) if part)
        found.extend({"viewer": part} for part in self.viewer)
        return tuple(found)

    @cached_property
    def handed_objects(self) -> Mapping[str, tuple[Mapping[str, Any], ...]]:
        """Name → every object in `handed_over` that bears it as a key, or stands beside it in a list, however deep."""
        found: dict[str, list[Mapping[str, Any]]] = {}
        for value in (value for piece in self.handed_over for value in walk(piece)):
            if isinstance(value, dict):
                for name, inner in value.items():
                    if isinstance(inner, dict):
                        found.setdefault(name, []).append(inner)
            elif isinstance(value, list) and (named := [name for name in value if isinstance(name, str)]):
                for name in named:
                    found.setdefault(name, []).extend(inner for inner in value if isinstance(inner, dict))
        return {name: tuple(objects) for name, objects in found.items()}

    @cached_property
    def kept(self) -> dict[Any, Any]:
        """What `once_a_page` keeps."""
        return {}

    def fingerprint(self) -> int:
        """A number that changes when what is shown changes; for waiting only."""
        return self._fingerprint

    @cached_property
    def _fingerprint(self) -> int:
        return hash(tuple((n.role, n.name, n.text, n.shown) for n in self.nodes if n.shown))

    def says(self, phrase: str) -> bool:
        """Whether the visible text holds the phrase, folded."""
        return fold(phrase) in fold(self.text())


_Given = ParamSpec("_Given")
_Found = TypeVar("_Found")


def once_a_page(
    read: Callable[Concatenate[PageView, _Given], _Found],
) -> Callable[Concatenate[PageView, _Given], _Found]:
    """A reader that keeps what it found with the page, which never changes: a visit asks for the same many times."""

    @wraps(read)
    def kept(view: PageView, /, *given: _Given.args, **named: _Given.kwargs) -> _Found:
        key = (read, *given, *named.items())
        if key not in view.kept:
            view.kept[key] = read(view, *given, **named)
        found: _Found = view.kept[key]
        return found

    return kept


def _quotes(node: Node) -> bool:
    return node.tag in _QUOTING or node.role in _QUOTING_ROLES


def _as_json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


_LOADING = re.compile(r"load|wait|charg|patient|lad(?:en|e)\b|warten|carg|caric|attend|esper")
"""Inferred: how a bar is called that shows how far a page has come."""


def _measures(bar: Node) -> bool:
    """
    Whether a progress bar shows how much of something there is, and not that the page loads: "12 of 50 requests used".

    Its value is known, and it is called something or is an element of its own kind; one that moves is a change anyway.
    """
    if bar.tag == "PROGRESS":
        return "value" in bar.attributes
    called = fold(bar.name)
    return "aria-valuenow" in bar.attributes and called != "" and _LOADING.search(called) is None


def _target(node: Node) -> str:
    """The address to which a link or the row of a list leads by its markup; empty where it says of none."""
    if node.tag == "A":
        return node.attributes.get("href", "")
    if node.role not in _ROWS:
        return ""
    going = _GOING.fullmatch(node.attributes.get("onclick", ""))
    return going["to"] if going else ""
