"""The tabs of a list or of an item, and which of them is shown."""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from automation.reading.inbox.speech import everything_in
from automation.text.normalizing import fold_label

if TYPE_CHECKING:
    from automation.page import Node, PageView

_FILTERS = frozenset({"tab", "combobox", "listbox", "radio", "menuitemradio"})
FRAME = frozenset({"banner", "search", "contentinfo"})
"""Roles of the site's own frame."""


def tabs_to_read(view: PageView, locale: str) -> list[str]:
    """
    Names of the tabs to open so that no item stays unseen: the one for all items, else every one not yet shown.

    None where the list has no tabs, or does not say which one it shows.
    """
    tabs = [node for node in filters_of(view) if node.role == "tab"]
    chosen = [node for node in tabs if is_chosen(node)]
    if len(chosen) != 1 or is_for_all(view, chosen[0], locale):
        return []
    for_all = [node for node in tabs if is_for_all(view, node, locale)]
    wanted = for_all[:1] or [node for node in tabs if node is not chosen[0]]
    return [tab_name(view, node) for node in wanted]


def tabs_of_item(view: PageView, listed: AbstractSet[str]) -> list[str]:
    """
    Names of the tabs behind which an item shows the rest of itself: its messages, say.

    None where it does not say which one it shows, none of the list's own, which stands beside it, and none that leads
    to another page.
    """
    tabs = [node for node in filters_of(view) if node.role == "tab" and tab_name(view, node) not in listed]
    tabs = [node for node in tabs if urlsplit(urljoin(view.url, node.attributes.get("href", ""))).path == view.path]
    if sum(map(is_chosen, tabs)) != 1:
        return []
    return [tab_name(view, node) for node in tabs if not is_chosen(node) and not is_disabled(node)]


def tab_names(view: PageView) -> frozenset[str]:
    """Names of all tabs of a list."""
    return frozenset(tab_name(view, node) for node in filters_of(view) if node.role == "tab")


def shown_tab(view: PageView) -> str:
    """Name of the tab that a list shows; empty where it has none, or shows several."""
    chosen = [tab_name(view, node) for node in filters_of(view) if node.role == "tab" and is_chosen(node)]
    return chosen[0] if len(chosen) == 1 else ""


def tab_named(view: PageView, name: str) -> Node | None:
    """The tab of a list by its name; None where it is gone."""
    return next((node for node in filters_of(view) if node.role == "tab" and tab_name(view, node) == name), None)


def tab_name(view: PageView, node: Node) -> str:
    """What a tab is called, without a count of its items."""
    return fold_label(re.sub(r"[(\d)]", "", view.text(node.index) or node.name))


def is_disabled(node: Node) -> bool:
    """Whether a control says that it does nothing now."""
    said = node.attributes.get("aria-disabled") == "true" or "disabled" in node.attributes
    return said or node.properties.get("disabled") is True


def is_chosen(node: Node) -> bool:
    """Whether a tab or choice says that it is the one shown."""
    states = (node.attributes.get(name) for name in ("aria-selected", "aria-checked", "aria-current", "aria-pressed"))
    return any(state not in {None, "", "false"} for state in states)


def filters_of(view: PageView) -> list[Node]:
    """Controls of a list whose role says that one of several things is shown."""
    return [
        node
        for node in view.shown_nodes(main_of(view))
        if node.role in _FILTERS and not any(a.role in FRAME for a in view.ancestors(node.index))
    ]


def is_for_all(view: PageView, node: Node, locale: str) -> bool:
    """Whether a tab or filter is called as the one for all items."""
    return everything_in(locale).fullmatch(tab_name(view, node)) is not None


def main_of(view: PageView) -> int | None:
    """Index of the page's main part; None where it says of none, or of several."""
    mains = [n.index for n in view.shown_nodes() if n.role == "main"]
    return mains[0] if len(mains) == 1 else None
