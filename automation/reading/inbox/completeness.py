"""
Is a list all that there is? "Nothing was filed" stands or falls with it.

Whatever on the list's own page might show more (a tab, a folder, a button of unknown meaning, a number larger
than the list) makes the list incomplete. On a page that no one has compared with the live site yet that is often
so, and then the honest answer is `unknown`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urljoin, urlsplit

from automation.page import Node, PageView

if TYPE_CHECKING:
    from automation.flow.manifest import Surface
    from automation.text.labels import Labels

_COMMANDS = frozenset({"tab", "button", "combobox", "listbox", "menuitem", "radio", "switch", "menubar", "slider"})
_FRAME = frozenset({"banner", "search", "contentinfo"})
_COUNT = re.compile(r"(?<![\d.,/:-])(\d{1,3})(?![\d.,/:-])")
_MONTHS_NEAR = re.compile(r"\d{4}|\d{1,2}[:.]\d{2}")


def complete(
    view: PageView, surface: Surface, links: Sequence[str], rows: Sequence[Node], labels: Labels, locale: str
) -> bool:
    """Whether nothing on the list's page hints at items that it does not show."""
    inside = {n.index for row in rows for n in view.within(row.index)}
    for node, href in view.links():
        if urljoin(view.url, href) in links:
            inside |= {n.index for n in view.within(node.index)}
            inside |= {
                n.index
                for a in view.ancestors(node.index)
                if a.role in {"listitem", "row"}
                for n in view.within(a.index)
            }
    return not (
        _commands(view, inside)
        or _further_addresses(view, surface, links)
        or _larger_count(view, inside, max(len(links), len(rows)))
        or _trouble(view, labels, locale)
    )


def _main(view: PageView) -> int | None:
    mains = [n.index for n in view.shown_nodes() if n.role == "main"]
    return mains[0] if len(mains) == 1 else None


def _commands(view: PageView, inside: set[int]) -> bool:
    """A tab, folder, filter or button of the list's own page, outside its items."""
    for node in view.shown_nodes(_main(view)):
        if node.index in inside or node.role not in _COMMANDS:
            continue
        if not any(a.role in _FRAME for a in view.ancestors(node.index)):
            return True
    return False


def _further_addresses(view: PageView, surface: Surface, links: Sequence[str]) -> bool:
    """A link to the same list with a query: another folder or page of it. One that acts is no page."""
    own = {urlsplit(url).path.rstrip("/") for url in surface.urls}
    for _, href in view.links():
        target = urljoin(view.url, href)
        parts = urlsplit(target)
        if parts.path.rstrip("/") not in own or target in links or parts.hostname != view.host:
            continue
        if any(key != "action" for key, _ in parse_qsl(parts.query)):
            return True
    return False


def _larger_count(view: PageView, inside: set[int], shown: int) -> bool:
    """A number in the page's own text that is larger than the list; dates and times are none."""
    main = _main(view)
    for block in view.blocks(main):
        if block.node in inside or any(a.index in inside for a in view.ancestors(block.node)):
            continue
        text = _MONTHS_NEAR.sub(" ", block.text)
        if block.text != text and len(block.text) < 60:
            continue
        if any(int(number) > shown for number in _COUNT.findall(text)):
            return True
    return False


def _trouble(view: PageView, labels: Labels, locale: str) -> bool:
    """An alert, or words of something that did not work."""
    if any(n.role == "alert" and view.text(n.index) for n in view.shown_nodes()):
        return True
    text = view.text(_main(view))
    return any(labels.find_word("inbox.trouble", loc, text) for loc in dict.fromkeys([locale, "en"]))
