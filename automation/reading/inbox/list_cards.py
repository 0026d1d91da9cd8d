"""Items of an inbox that are cards: a title, a date and a button that shows what was written, in no list."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from automation.reading.control.by_label import may_reveal
from automation.reading.inbox.dates import find_date
from automation.reading.inbox.speech import opening_in
from automation.text.normalizing import fold_label

if TYPE_CHECKING:
    from automation.page import Node, PageView

_NEAR = 5
_CARDS = frozenset({"region", "article", "group"})
_WHOLE = frozenset({"main", "form", "dialog"})
_FRAME = frozenset({"banner", "navigation", "search", "contentinfo"})


def cards(view: PageView) -> list[Node]:
    """
    The cards of a page, each with the one button in it that is called "View messages".

    A card holds a date, and no other such button; the nearest part of the page that says it is one, else the nearest
    that holds the date.
    """
    called = opening_in(view.locale)
    openers = [
        node
        for node in view.shown_nodes()
        if node.role == "button"
        and called.fullmatch(fold_label(node.name or view.text(node.index)))
        and may_reveal(view, node)
        and _FRAME.isdisjoint(a.role for a in view.ancestors(node.index))
    ]
    found = (_card_of(view, opener, openers) for opener in openers)
    return [card for card in found if card is not None]


def _card_of(view: PageView, opener: Node, openers: list[Node]) -> Node | None:
    around: Node | None = None
    for part in islice(view.ancestors(opener.index), _NEAR):
        if part.role in _WHOLE or part.tag in {"BODY", "MAIN"}:
            break
        if sum(view.is_inside(other.index, part.index) for other in openers) > 1:
            break
        dated = find_date(view.text(part.index), view.locale).dated
        if dated and part.role in _CARDS:
            return part
        around = around or (part if dated else None)
    return around
