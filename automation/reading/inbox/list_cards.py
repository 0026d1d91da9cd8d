"""Items of an inbox that are cards: a title, a date and a button that shows what was written, in no list."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from automation.reading.controls.by_label import is_open, may_reveal
from automation.reading.inbox.dates import find_date
from automation.reading.inbox.list_tabs import main_of
from automation.reading.inbox.list_views import names_a_view
from automation.reading.inbox.speech import arranging_in, opening_in
from automation.text.normalizing import fold_label

if TYPE_CHECKING:
    from automation.page import Node, PageView

_NEAR = 5
_CARDS = frozenset({"region", "article", "group"})
_WHOLE = frozenset({"main", "form", "dialog"})
_FRAME = frozenset({"banner", "navigation", "search", "contentinfo"})
_FEWEST_WORDS_OF_A_TITLE = 2
_MOST_WORDS_OF_A_LINE = 12


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


def titled_cards(view: PageView) -> list[Node]:
    """
    The cards of a page that unfold by their title: a button that says whether it is open, and a date beside it.

    To be asked where nothing else on the page is an item. The date stands in a line of its own, with a state or number
    at most: a question of a help page unfolds, too, and what it shows may tell a date in a sentence. What stands beside
    such cards as one of them is one as well, since a date may be written as a word that nobody knows here. A date
    elsewhere may be that of an item, and what unfolds is no item then.
    """
    openers = [
        node
        for node in view.shown_nodes()
        if node.role == "button"
        and is_open(node) is not None
        and node.attributes.get("aria-haspopup", "false") == "false"
        and may_reveal(view, node)
        and _FRAME.isdisjoint(a.role for a in view.ancestors(node.index))
    ]
    found = [
        card
        for opener in openers
        if _is_title(view, opener) and (card := _card_of(view, opener, openers)) is not None
        if _is_dated_in_a_line(view, card, opener)
    ]
    level = {card.parent for card in found}
    lineages = [(opener, *view.ancestors(opener.index)) for opener in openers]
    beside = [next((part for part in lineage if part.parent in level), None) for lineage in lineages]
    chosen = {part.index: part for part in beside if part is not None}
    held = {node.index for index in chosen for node in view.within(index)}
    apart = (block.text for block in view.blocks(main_of(view)) if block.node not in held)
    return [] if any(find_date(text, view.locale).dated for text in apart) else list(chosen.values())


def _is_title(view: PageView, opener: Node) -> bool:
    told = view.text(opener.index) or opener.name
    few = len(told.split()) < _FEWEST_WORDS_OF_A_TITLE or told.rstrip().endswith("?")
    return not (few or names_a_view(told, view.locale) or arranging_in(view.locale).fullmatch(fold_label(told)))


def _is_dated_in_a_line(view: PageView, card: Node, opener: Node) -> bool:
    beside = [b for b in view.blocks(card.index) if not view.is_inside(b.node, opener.index)]
    lines = (line for block in beside for line in block.text.split("\n") if len(line.split()) <= _MOST_WORDS_OF_A_LINE)
    own = view.text(opener.index)
    return any(find_date(line, view.locale).dated for line in (own, *lines))


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
