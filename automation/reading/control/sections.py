"""What holds a place on a page: its headings, as a table of contents would have them, and its named landmarks."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from automation.page import Node, PageView

_SECTIONING = frozenset({"region", "group", "article", "tabpanel", "listitem", "radiogroup", "dialog", "alertdialog"})
_SECTION_TAGS = frozenset({"SECTION", "ARTICLE", "FIELDSET", "ASIDE", "DETAILS", "LI", "TR", "DIALOG"})
_NAMED = _SECTIONING | {"form", "main"}
_CHROME = frozenset({"banner", "navigation", "search", "contentinfo", "complementary"})
_USUAL_LEVEL = 2


def holders(view: PageView, index: int) -> list[str]:
    """
    Names of everything that holds a node: landmarks around it, then the headings above it, nearest first.

    A heading holds what follows it up to the next heading of its level or above, and nothing outside of the section
    in which it stands itself. Inside a dialog only the dialog's own headings count.
    """
    lineage = [view.nodes[index], *view.ancestors(index)]
    around = {node.index for node in lineage}
    dialog = next((n.index for n in lineage if n.role in {"dialog", "alertdialog"}), None)
    chrome = {n.index for n in lineage if n.role in _CHROME}
    names = [n.name for n in lineage[1:] if n.role in _NAMED and n.name]
    stack: list[Node] = []
    for node in view.everything():
        if node.index == index:
            break
        if node.role != "heading" or not node.shown or not node.name:
            continue
        above = list(view.ancestors(node.index))
        if dialog is not None and all(a.index != dialog for a in above):
            continue
        if any(a.role in _CHROME and a.index not in chrome for a in above):
            continue
        section = next((a for a in above if a.role in _SECTIONING or a.tag in _SECTION_TAGS), None)
        if section is not None and section.index not in around:
            continue
        while stack and _level(stack[-1]) >= _level(node):
            stack.pop()
        stack.append(node)
    return names + [node.name for node in reversed(stack)]


def _level(node: Node) -> int:
    written = re.fullmatch(r"H([1-6])", node.tag)
    level = node.attributes.get("aria-level") or (written[1] if written else "")
    return int(level) if level.isdigit() else _USUAL_LEVEL
