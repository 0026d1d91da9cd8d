"""Items that are drawn as cards with a title."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from automation.page import Node, PageView
from automation.reading.controls.by_label import is_open, may_reveal
from automation.reading.lists.addresses import (
    framed,
)
from automation.reading.lists.view_names import names_a_view
from automation.reading.lists.views import (
    main_of,
)
from automation.reading.threads.dates import find_date
from automation.reading.threads.words import phrases
from automation.text.normalizing import fold_label

_CARDS, _WHOLE = frozenset({"region", "article", "group"}), frozenset({"main", "form", "dialog"})
_NEAR, _FEWEST_WORDS_OF_A_TITLE, _MOST_WORDS_OF_A_LINE = 5, 2, 12


def nodes_within(view: PageView, nodes: Sequence[Node]) -> set[int]:
    """Indexes of all that stands in some nodes."""
    return {inner.index for node in nodes for inner in view.within(node.index)}


def titled_cards(view: PageView) -> list[Node]:
    """
    The cards of a page that unfold by their title: a button that says whether it is open, and a date beside it.

    To be asked where nothing else on the page is an item. The date stands in a line of its own, with a state or number
    at most: a question of a help page unfolds, too, and what it shows may tell a date in a sentence. What stands beside
    such cards as one of them is one as well, since a date may be written as a word that nobody knows here. A date
    elsewhere may be that of an item, and what unfolds is no item then.
    """
    openers = [node for node in view.shown_nodes() if node.role == "button" and _unfolds(view, node)]
    found = [
        card
        for opener in openers
        if _is_title(view, opener) and (card := card_of(view, opener, openers)) is not None
        if _is_dated_in_a_line(view, card, opener)
    ]
    level = {card.parent for card in found}
    lineages = [(opener, *view.ancestors(opener.index)) for opener in openers]
    beside = [next((part for part in lineage if part.parent in level), None) for lineage in lineages]
    chosen = {part.index: part for part in beside if part is not None}
    held = nodes_within(view, [*chosen.values()])
    apart = (block.text for block in view.blocks(main_of(view)) if block.node not in held)
    return [] if any(find_date(text, view.locale).dated for text in apart) else list(chosen.values())


def _unfolds(view: PageView, node: Node) -> bool:
    plain = is_open(node) is not None and node.attributes.get("aria-haspopup", "false") == "false"
    return plain and may_reveal(view, node) and not framed(view, node)


def _is_title(view: PageView, opener: Node) -> bool:
    told = view.text(opener.index) or opener.name
    few = len(told.split()) < _FEWEST_WORDS_OF_A_TITLE or told.rstrip().endswith("?")
    return not (few or names_a_view(told, view.locale) or phrases("arranging", view.locale).fullmatch(fold_label(told)))


def _is_dated_in_a_line(view: PageView, card: Node, opener: Node) -> bool:
    beside = [b for b in view.blocks(card.index) if not view.is_inside(b.node, opener.index)]
    lines = (line for block in beside for line in block.text.split("\n") if len(line.split()) <= _MOST_WORDS_OF_A_LINE)
    return any(find_date(line, view.locale).dated for line in (view.text(opener.index), *lines))


def card_of(view: PageView, opener: Node, openers: Sequence[Node]) -> Node | None:
    """The element that holds one item with all that belongs to it, and no other item."""
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
