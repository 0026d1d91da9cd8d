"""What stands in or beside an inbox's list and opens nothing: crumbs, steps, people, notices, heads of columns."""

from __future__ import annotations

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from urllib.parse import urljoin, urlsplit

from automation.page import Node, PageView
from automation.reading.lists.addresses import linked
from automation.reading.threads.dates import find_date
from automation.reading.threads.words import phrases, word_list
from automation.text.normalizing import fold, fold_label, fold_words, sentences

_MOST_STEPS, _MOST_WORDS_OF_A_STEP, _FEWEST_STEPS = 6, 8, 3
_MOST_CRUMBS, _MOST_WORDS_OF_A_COLUMN, _MOST_WORDS_OF_A_LINK = 6, 3, 4
_MOST_WORDS_OF_AN_ADVERTISEMENT, _MOST_WORDS_OF_A_NAME, _LETTERS_OF_A_ROLE = 60, 4, 4
_NAME = re.compile(r"[^\W\d_]+(?:[ .'’-]+[^\W\d_]+)*\.?")
_NUMBER = re.compile(r"\d{3}")
_ARTICLE = re.compile(r"(?<![a-z])(?:help|faq|articles?|polic(?:y|ies)|terms|legal|about|learn|blog|news)(?![a-z])")
_CASE = re.compile(r"contact|repl|request|case|ticket|messag|inbox|report|appeal|thread|conversation|submission|form")
_CELLS = frozenset({"columnheader", "rowheader", "cell", "gridcell"})
_USED = frozenset({"tabindex", "onclick"})
_BARE = frozenset(
    {"", "listitem", "ListMarker", "StaticText", "InlineTextBox", "generic", "paragraph", "strong", "emphasis"}
)
"""Roles of what cannot be used."""


def is_dated(view: PageView, node: Node) -> bool:
    """Whether a part of a page tells a date."""
    return find_date(view.text(node.index, chrome=True), view.locale).dated


def controls_in(view: PageView, node: Node) -> list[Node]:
    """The buttons and links in a part of a page, itself among them."""
    return [n for n in view.within(node.index) if n.role in {"button", "link"} and n.shown]


def texts_in(view: PageView, node: Node) -> list[Node]:
    """The pieces of text in a part of a page."""
    return [n for n in view.within(node.index) if n.tag == "#text" and n.shown and n.text.strip()]


# -- lists whose rows are no items


def opens_nothing(view: PageView, rows: Sequence[Node]) -> bool:
    """
    Whether all rows of a list are known to be no items; anything else may be one whose way is not seen.

    What they say of an objection is still noticed (`Way.LIST_CONCERNS`).
    """
    return bool(rows) and (
        _is_way_here(view, rows)
        or _are_steps(view, rows)
        or _are_people(view, rows)
        or all(is_notice(view, row) for row in rows)
    )


def strays(view: PageView) -> set[int]:
    """Indexes of all that stands in lists whose entries open nothing."""
    found = set[int]()
    for around in (node for node in view.shown_nodes() if node.role == "list"):
        rows = [n for n in view.within(around.index) if n.role == "listitem" and n.shown]
        if opens_nothing(view, rows):
            found |= {n.index for n in view.within(around.index)}
    return found


def leads_away(view: PageView, row: Node) -> bool:
    """
    Whether a row is no item: links to articles and terms by their address, and no date, as under "Related articles".

    All rows of a list must be so; a request may be kept anywhere else.
    """
    controls = controls_in(view, row)
    for node in controls:
        target = urlsplit(urljoin(view.url, node.attributes.get("href", "")))
        place = f"{target.hostname}{target.path}".casefold()
        if node.role != "link" or not _ARTICLE.search(place) or _CASE.search(place):
            return False
    return bool(controls) and not is_dated(view, row)


def _is_way_here(view: PageView, rows: Sequence[Node]) -> bool:
    """Whether rows lead step by step to the page: links to sections, and at the end the page's own name."""
    *before, last = rows
    names = {fold_label(n.name) for n in view.headings()} | {fold_label(view.title.partition(" | ")[0])}
    own = fold_label(view.text(last.index)) in names
    own = own or any(n.attributes.get("aria-current") == "page" for n in view.within(last.index))
    own = own and not controls_in(view, last)
    return own and 0 < len(before) < _MOST_CRUMBS and all(_leads_to_a_section(view, row) for row in before)


def _leads_to_a_section(view: PageView, row: Node) -> bool:
    controls = controls_in(view, row)
    target = urlsplit(urljoin(view.url, controls[0].attributes.get("href", ""))) if len(controls) == 1 else None
    plain = target is not None and not target.query and not any(map(str.isdigit, target.path))
    return plain and controls[0].role == "link" and not is_dated(view, row)


def _are_steps(view: PageView, rows: Sequence[Node]) -> bool:
    """Whether rows show how far one request is: one says that it is the step, or they begin with its coming in."""
    if not 1 < len(rows) <= _MOST_STEPS or any(not is_bare(view, row) for row in rows):
        return False
    said = [find_date(view.text(row.index), view.locale).rest.strip(" :·–—-✓") for row in rows]
    current = [row for row in rows if any(n.attributes.get("aria-current") == "step" for n in view.within(row.index))]
    first, state = phrases("steps", view.locale), phrases("states", view.locale)
    known = len(rows) >= _FEWEST_STEPS and first.fullmatch(said[0]) is not None
    known = known and all(first.fullmatch(each) or state.fullmatch(each) for each in said[1:])
    return len(current) == 1 or known


def are_steps_above(view: PageView, around: Node, rows: Sequence[Node]) -> bool:
    """Whether rows are an ordered list that may show how far a request is: few, and nothing in them can be used."""
    return around.tag == "OL" and len(rows) <= _MOST_STEPS and all(is_bare(view, row) for row in rows)


def is_bare(view: PageView, row: Node) -> bool:
    """Whether a row is a few words, and nothing in it can be used."""
    few = len(view.text(row.index).split()) <= _MOST_WORDS_OF_A_STEP
    return few and not controls_in(view, row) and not row.properties.get("focusable")


def _are_people(view: PageView, rows: Sequence[Node]) -> bool:
    """Whether rows are names and nothing else: each beside a picture that is called so, or all under "Contacts"."""
    if not all(_may_be_a_name(" ".join(view.text(row.index).split()), view.locale) for row in rows):
        return False
    return all(_is_pictured(view, row) for row in rows) or _is_headed(view, rows[0])


def _may_be_a_name(text: str, locale: str) -> bool:
    words = fold_words(text).split()
    named = _NAME.fullmatch(text) is not None and len(text.split()) <= _MOST_WORDS_OF_A_NAME
    role = any(len(word) >= _LETTERS_OF_A_ROLE and word in word_list("roles", locale) for word in words)
    return (
        named and text[:1].casefold() != text[:1] and not phrases("happenings", locale).search(fold(text)) and not role
    )


def _is_pictured(view: PageView, row: Node) -> bool:
    said = fold_label(view.text(row.index))
    return any(n.role in {"img", "image"} and fold_label(n.name) == said for n in view.within(row.index))


def _is_headed(view: PageView, row: Node) -> bool:
    """Whether the heading right above a list, or the list's own name, says that people stand in it."""
    around = view.nodes[row.parent]
    above = [n for n in view.headings() if n.index < around.index][-1:]
    above = [n for n in above if not any(o.role == "list" and n.index < o.index < around.index for o in view.nodes)]
    return any(phrases("people", view.locale).fullmatch(fold_label(n.name)) for n in (around, *above))


# -- single rows that are no items


def names_columns(view: PageView, rows: Sequence[Node]) -> bool:
    """
    Whether the first row of a table names its columns, where the page does not say so: "No.", "Subject", "Date".

    Nothing in it can be used or bears a number, and each of the others has as many cells, something to open it, and a
    date beneath a word for dates.
    """
    head, *others = ([view.nodes[n] for n in view.children.get(row.index, ()) if view.nodes[n].shown] for row in rows)
    told = [view.text(cell.index).strip() for cell in head]
    same = bool(others) and len(head) > 1 and {len(cells) for cells in others} == {len(head)}
    bare = not controls_in(view, rows[0]) and not _is_used(rows[0])
    if not (same and bare and all(map(_names_a_column, told)) and all(controls_in(view, row) for row in rows[1:])):
        return False
    dated = (n for n, name in enumerate(told) if phrases("dates", view.locale).fullmatch(fold_label(name).strip(" .")))
    return any(all(_is_date(view, cells[n]) for cells in others) for n in dated)


def _names_a_column(text: str) -> bool:
    return 0 < len(text.split()) <= _MOST_WORDS_OF_A_COLUMN and not any(map(str.isdigit, text))


def _is_date(view: PageView, cell: Node) -> bool:
    found = find_date(view.text(cell.index), view.locale)
    return found.dated and not found.rest.strip(" ,.:·-")


def is_head(view: PageView, row: Node) -> bool:
    """Whether a row only names the columns of its table, and the page says so."""
    cells = [node.role for node in view.within(row.index) if node.role in _CELLS]
    return bool(cells) and all(role == "columnheader" for role in cells)


def says_none(view: PageView, row: Node) -> bool:
    """Whether a row holds no control and begins with words of emptiness: "No open requests"."""
    if any(n.role in {"button", "link"} for n in view.within(row.index)) or row.properties.get("focusable"):
        return False
    said = sentences(view.text(row.index))
    return bool(said) and phrases("empty", view.locale).match(fold(said[0])) is not None


def is_notice(view: PageView, row: Node) -> bool:
    """Whether a row tells of somebody's day, and of nothing that happens to a case: "Li Na has a birthday today"."""
    said = fold(view.text(row.index))
    rest = phrases("notices", view.locale).sub(" ", said)
    return rest != said and phrases("happenings", view.locale).search(rest) is None and _NUMBER.search(rest) is None


def is_idle_notice(view: PageView, row: Node) -> bool:
    """The same of a row among items in which nothing can be used."""
    return is_notice(view, row) and not controls_in(view, row) and not _is_used(row)


def is_of_menu(view: PageView, row: Node) -> bool:
    """
    Whether a row is a link of a few words without date or number: what a site's menu is made of, where nothing says so.

    To be asked beside rows that are known to be items.
    """
    controls = controls_in(view, row)
    if len(controls) != 1 or controls[0].role != "link":
        return False
    alone = all(view.is_inside(n.index, controls[0].index) for n in texts_in(view, row))
    few = len(view.text(row.index).split()) <= _MOST_WORDS_OF_A_LINK
    path = urlsplit(urljoin(view.url, controls[0].attributes.get("href", ""))).path
    numbered = _NUMBER.search(view.text(row.index)) or (_CASE.search(path) and _NUMBER.search(path))
    return alone and few and not numbered and not is_dated(view, row)


def is_chip(view: PageView, row: Node, links: Sequence[str]) -> bool:
    """
    Whether a row is the only one of a list right behind the link to an item, and says in a word how far that is.

    Nothing in it can be used: filters of a list are words of the same kind.
    """
    around = view.nodes[row.parent]
    siblings = view.children.get(around.parent, ())
    before = siblings[: siblings.index(around.index)] if around.index in siblings else ()
    beside = any(view.is_inside(node.index, before[-1]) for node in linked(view, links)) if before else False
    alone = around.role == "list" and row.role == "listitem" and len(view.children.get(around.index, ())) == 1
    bare = all(n.role in _BARE and not n.properties.get("focusable") for n in view.within(row.index))
    said = fold_label(view.text(row.index))
    named = fold_label(row.name) in {"", said}
    return beside and alone and bare and named and phrases("states", view.locale).fullmatch(said) is not None


def advertisements(view: PageView, items: AbstractSet[int]) -> set[int]:
    """
    Indexes of all that stands in a card which says above its text that it is an advertisement, and holds no item.

    Args:
        view: the list's page.
        items: indexes of what stands in the items.
    """
    found = set[int]()
    label = phrases("advertising", view.locale)
    for text in (n for n in view.nodes if n.tag == "#text" and n.shown and label.fullmatch(fold_label(n.text))):
        card = next((a for a in view.ancestors(text.index) if len(texts_in(view, a)) > 1), None)
        if card is None or card.role == "main" or card.tag in {"BODY", "HTML"}:
            continue
        held = {n.index for n in view.within(card.index)}
        first = texts_in(view, card)[0] is text
        if first and len(view.text(card.index).split()) <= _MOST_WORDS_OF_AN_ADVERTISEMENT and held.isdisjoint(items):
            found |= held
    return found


def _is_used(row: Node) -> bool:
    return bool(row.properties.get("focusable")) or not _USED.isdisjoint(row.attributes)
