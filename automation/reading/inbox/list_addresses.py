"""Addresses of the parts of an inbox's list: its pages, its categories; none of them is an item."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urljoin, urlsplit

from automation.reading.inbox.dates import find_date

if TYPE_CHECKING:
    from automation.page import Node, PageView

_A_PAGE = r"page|pg|p|page_?(?:no|num|number|index|token)|cursor|after|before|skip|offset|start|from"
_OF_A_PAGE = re.compile(_A_PAGE)
OF_A_VIEW = re.compile(rf"(?:{_A_PAGE}|tab|filter|folder|status|state|view|category|type|kind|show|list|box|section)")
"""Keys of a query that name which part of a list is shown."""
_OF_MANY = re.compile(r"\d{3}")
"""A number that names one thing of many."""
_COUNT = re.compile(r"[1-9]")
_CONTROLS = frozenset({"button", "link", "checkbox", "textbox", "switch", "combobox"})


def differs_in_view(url: str, target: str) -> bool:
    """Whether an address differs from another in one value of its query only, and that names a view or a page."""
    return OF_A_VIEW.fullmatch(_differing(url, target)[0].casefold()) is not None


def differs_in_page(url: str, target: str) -> bool:
    """Whether an address differs from another in a number only that names a page."""
    key, value = _differing(url, target)
    return _OF_A_PAGE.fullmatch(key.casefold()) is not None and value.isdecimal()


def _differing(url: str, target: str) -> tuple[str, str]:
    here, there = (dict(parse_qsl(urlsplit(each).query, keep_blank_values=True)) for each in (url, target))
    differing = [(key, value) for key, value in there.items() if here.get(key) != value]
    return differing[0] if len(differing) == 1 else ("", "")


def lead_to_parts(view: PageView, rows: Sequence[Node]) -> bool:
    """
    Whether rows of a list are the way to parts of it, as the categories of a menu are: "Privacy requests (1)".

    Each holds one control, a link to this very page with another word or small number for what names a part, and no two
    lead to the same one; one may be the part that is shown, and one all of them. What has a date is an item.
    """
    targets = [_part_of(view, row) for row in rows]
    dated = any(find_date(view.text(row.index, chrome=True), view.locale).dated for row in rows)
    apart = None not in targets and len(set(targets)) == len(targets)
    return apart and not dated and any(target and differs_in_view(view.url, target) for target in targets)


def rows_of_parts(view: PageView) -> list[Node]:
    """The rows of a page's lists that lead to parts of the inbox."""
    lists = [node for node in view.shown_nodes() if node.role == "list"]
    rows = [[n for n in view.within(each.index) if n.role == "listitem"] for each in lists]
    return [row for each in rows if lead_to_parts(view, each) for row in each]


def names_empty_parts(view: PageView) -> bool:
    """Whether a page lists parts of the inbox, and counts no item in any: each says for itself that it is empty."""
    parts = rows_of_parts(view)
    return bool(parts) and not any(_COUNT.search(view.text(row.index)) for row in parts)


def _part_of(view: PageView, row: Node) -> str | None:
    controls = [n for n in view.within(row.index) if n.shown and n.role in _CONTROLS]
    href = controls[0].attributes.get("href", "") if len(controls) == 1 and controls[0].role == "link" else ""
    target = urlsplit(url := urljoin(view.url, href).partition("#")[0])
    here, asked = urlsplit(view.url), dict(parse_qsl(target.query, keep_blank_values=True))
    if not href or (target.hostname, target.path.rstrip("/")) != (here.hostname, here.path.rstrip("/")):
        return None
    named = {key: value for key, value in asked.items() if OF_A_VIEW.fullmatch(key.casefold())}
    others = asked.items() - named.items() - dict(parse_qsl(here.query, keep_blank_values=True)).items()
    return url if not others and not any(map(_OF_MANY.search, named.values())) else None
