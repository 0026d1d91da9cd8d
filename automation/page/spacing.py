"""Accessible names that a browser puts together from parts of one line, with nothing between them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from automation.page.node import Node

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
