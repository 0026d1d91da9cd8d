"""Pages written as an outline: what Chromium would tell of them, without Chromium."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from automation.page import Box, Node, PageView

_INLINE = frozenset({"span", "b", "a", "em"})
ROLES = {
    "h1": "heading", "h2": "heading", "h3": "heading", "button": "button", "a": "link", "p": "paragraph", "main": "main",
    "nav": "navigation", "summary": "DisclosureTriangle",
}  # fmt: skip


@dataclass(frozen=True)
class Part:
    """One element or text of an outline."""

    tag: str
    inside: tuple[Part | str, ...] = ()
    role: str = ""
    name: str = ""
    shown: bool = True
    ticked: bool | None = None
    disabled: bool = False
    attributes: dict[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """All that it says."""
        return " ".join(part if isinstance(part, str) else part.text for part in self.inside).strip()


def el(
    tag: str,
    *inside: Part | str,
    role: str | None = None,
    name: str | None = None,
    shown: bool = True,
    ticked: bool | None = None,
    disabled: bool = False,
    **attributes: str,
) -> Part:
    """
    An element; `aria_label` stands for `aria-label`.

    Role and name are those of the element as written, where they are not given: `name=""` is an unnamed control.
    """
    raw = {key.replace("_", "-"): value for key, value in attributes.items()}
    told = raw.get("role", ROLES.get(tag, "")) if role is None else role
    part = Part(tag, inside, told, "", shown, ticked, disabled, raw)
    called = raw.get("aria-label", part.text if told not in {"main", "paragraph", ""} else "") if name is None else name
    return Part(tag, inside, told, called, shown, ticked, disabled, raw)


def page(*inside: Part | str, title: str = "", url: str = "https://www.example.org/settings") -> PageView:
    """The page of an outline, in English."""
    root = Part("html", (Part("body", inside),), attributes={"lang": "en"})
    nodes = tuple(_nodes(root, -1, iter(range(10_000))))
    return PageView(url, title, tuple(sorted(nodes, key=lambda node: node.index)))


def _nodes(part: Part | str, parent: int, numbers: Iterator[int], *, shown: bool = True) -> Iterator[Node]:
    index = next(numbers)
    box = Box(10, 10 + index * 20, 300, 18)
    if isinstance(part, str):
        yield Node(index, parent, 0, "#text", index, name=part, role="StaticText", text=part, box=box, shown=shown)
        return
    seen = shown and part.shown
    properties = {} if not part.disabled else {"disabled": True}
    if "tabindex" in part.attributes:
        properties["focusable"] = True
    for key in ("checked", "pressed"):
        if f"aria-{key}" in part.attributes:
            properties[key] = part.attributes[f"aria-{key}"] == "true"
    if part.ticked is not None:
        properties["checked"] = part.ticked
    yield Node(
        index, parent, 0, part.tag.upper(), index, part.attributes, part.role, part.name, properties,
        box=box if seen else None, shown=seen, block=part.tag not in _INLINE, ticked=part.ticked,
    )  # fmt: skip
    for inner in part.inside:
        yield from _nodes(inner, index, numbers, shown=seen)
