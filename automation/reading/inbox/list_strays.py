"""What stands in or beside an inbox's list and opens nothing: crumbs, steps, people, notices, heads of columns."""

from __future__ import annotations

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from automation.reading.inbox.dates import find_date
from automation.reading.inbox.speech import (
    advertising_in,
    dates_in,
    first_step_in,
    happenings_in,
    notices_in,
    people_in,
    roles_in,
    states_in,
)
from automation.text.normalizing import fold, fold_label, fold_words

if TYPE_CHECKING:
    from automation.page import Node, PageView

_MOST_STEPS, _MOST_WORDS_OF_A_STEP, _FEWEST_STEPS = 6, 8, 3
_MOST_CRUMBS = 6
_MOST_WORDS_OF_A_COLUMN = 3
_MOST_WORDS_OF_AN_ADVERTISEMENT = 60
_USED = frozenset({"tabindex", "onclick"})
_MOST_WORDS_OF_A_NAME = 4
_LETTERS_OF_A_ROLE = 4
_NAME = re.compile(r"[^\W\d_]+(?:[ .'’-]+[^\W\d_]+)*\.?")


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


def names_columns(view: PageView, rows: Sequence[Node]) -> bool:
    """
    Whether the first row of a table names its columns, where the page does not say so: "No.", "Subject", "Date".

    Nothing in it can be used or bears a number, and each of the others has as many cells, something to open it, and a
    date beneath a word for dates.
    """
    head, *others = ([view.nodes[n] for n in view.children.get(row.index, ()) if view.nodes[n].shown] for row in rows)
    told = [view.text(cell.index).strip() for cell in head]
    same = bool(others) and len(head) > 1 and all(len(cells) == len(head) for cells in others)
    bare = not _controls(view, rows[0]) and not _is_used(rows[0])
    named = all(told) and all(len(t.split()) <= _MOST_WORDS_OF_A_COLUMN and not any(map(str.isdigit, t)) for t in told)
    if not (same and bare and named and all(_controls(view, row) for row in rows[1:])):
        return False
    dated = (n for n, name in enumerate(told) if dates_in(view.locale).fullmatch(fold_label(name).strip(" .")))
    return any(all(_is_date(view, cells[n]) for cells in others) for n in dated)


def _is_date(view: PageView, cell: Node) -> bool:
    found = find_date(view.text(cell.index), view.locale)
    return found.dated and not found.rest.strip(" ,.:·-")


def strays(view: PageView) -> set[int]:
    """Indexes of all that stands in lists whose entries open nothing."""
    found = set[int]()
    for around in (node for node in view.shown_nodes() if node.role == "list"):
        rows = [n for n in view.within(around.index) if n.role == "listitem" and n.shown]
        if opens_nothing(view, rows):
            found |= {n.index for n in view.within(around.index)}
    return found


def advertisements(view: PageView, items: AbstractSet[int]) -> set[int]:
    """
    Indexes of all that stands in a card which says above its text that it is an advertisement, and holds no item.

    Args:
        view: the list's page.
        items: indexes of what stands in the items.
    """
    found = set[int]()
    label = advertising_in(view.locale)
    for text in (n for n in view.nodes if n.tag == "#text" and n.shown and label.fullmatch(fold_label(n.text))):
        card = next((a for a in view.ancestors(text.index) if len(_texts(view, a.index)) > 1), None)
        if card is None or card.role == "main" or card.tag in {"BODY", "HTML"}:
            continue
        held = {n.index for n in view.within(card.index)}
        first = _texts(view, card.index)[0] is text
        few = len(view.text(card.index).split()) <= _MOST_WORDS_OF_AN_ADVERTISEMENT
        if first and few and held.isdisjoint(items):
            found |= held
    return found


def is_idle_notice(view: PageView, row: Node) -> bool:
    """The same of a row among items in which nothing can be used."""
    return is_notice(view, row) and not _controls(view, row) and not _is_used(row)


def is_notice(view: PageView, row: Node) -> bool:
    """Whether a row tells of somebody's day, and of nothing that happens to a case: "Li Na has a birthday today"."""
    said = fold(view.text(row.index))
    rest = notices_in(view.locale).sub(" ", said)
    return rest != said and happenings_in(view.locale).search(rest) is None and re.search(r"\d{3}", rest) is None


def _is_way_here(view: PageView, rows: Sequence[Node]) -> bool:
    """Whether rows lead step by step to the page: links to sections, and at the end the page's own name."""
    *before, last = rows
    names = {fold_label(n.name) for n in view.headings()} | {fold_label(view.title.partition(" | ")[0])}
    own = fold_label(view.text(last.index)) in names
    own = own or any(n.attributes.get("aria-current") == "page" for n in view.within(last.index))
    own = own and not _controls(view, last)
    return own and 0 < len(before) < _MOST_CRUMBS and all(_leads_to_a_section(view, row) for row in before)


def _leads_to_a_section(view: PageView, row: Node) -> bool:
    controls = _controls(view, row)
    target = urlsplit(urljoin(view.url, controls[0].attributes.get("href", ""))) if len(controls) == 1 else None
    plain = target is not None and not target.query and not any(map(str.isdigit, target.path))
    return plain and controls[0].role == "link" and not _dated(view, row)


def _are_steps(view: PageView, rows: Sequence[Node]) -> bool:
    """Whether rows show how far one request is: one says that it is the step, or they begin with its coming in."""
    if not 1 < len(rows) <= _MOST_STEPS or any(not is_bare(view, row) for row in rows):
        return False
    said = [find_date(view.text(row.index), view.locale).rest.strip(" :·–—-✓") for row in rows]
    current = [row for row in rows if any(n.attributes.get("aria-current") == "step" for n in view.within(row.index))]
    first, state = first_step_in(view.locale), states_in(view.locale)
    known = len(rows) >= _FEWEST_STEPS and first.fullmatch(said[0]) is not None
    known = known and all(first.fullmatch(each) or state.fullmatch(each) for each in said[1:])
    return len(current) == 1 or known


def is_bare(view: PageView, row: Node) -> bool:
    """Whether a row is a few words, and nothing in it can be used."""
    few = len(view.text(row.index).split()) <= _MOST_WORDS_OF_A_STEP
    return few and not _controls(view, row) and not row.properties.get("focusable")


def _are_people(view: PageView, rows: Sequence[Node]) -> bool:
    """Whether rows are names and nothing else: each beside a picture that is called so, or all under "Contacts"."""
    texts = [" ".join(view.text(row.index).split()) for row in rows]
    if any(
        _NAME.fullmatch(text) is None
        or len(text.split()) > _MOST_WORDS_OF_A_NAME
        or text[:1].casefold() == text[:1]
        or happenings_in(view.locale).search(fold(text))
        or any(len(word) >= _LETTERS_OF_A_ROLE and word in roles_in(view.locale) for word in fold_words(text).split())
        for text in texts
    ):
        return False
    return all(map(_is_pictured, (view,) * len(rows), rows)) or _is_headed(view, rows[0])


def _is_pictured(view: PageView, row: Node) -> bool:
    said = fold_label(view.text(row.index))
    return any(n.role in {"img", "image"} and fold_label(n.name) == said for n in view.within(row.index))


def _is_headed(view: PageView, row: Node) -> bool:
    """Whether the heading right above a list, or the list's own name, says that people stand in it."""
    people = people_in(view.locale)
    around = view.nodes[row.parent]
    above = [n for n in view.headings() if n.index < around.index][-1:]
    above = [n for n in above if not any(o.role == "list" and n.index < o.index < around.index for o in view.nodes)]
    return any(people.fullmatch(fold_label(name)) for name in (around.name, *(n.name for n in above)))


def _controls(view: PageView, row: Node) -> list[Node]:
    return [n for n in view.within(row.index) if n.role in {"button", "link"} and n.shown]


def _texts(view: PageView, root: int) -> list[Node]:
    return [n for n in view.within(root) if n.tag == "#text" and n.shown and n.text.strip()]


def _is_used(row: Node) -> bool:
    return bool(row.properties.get("focusable")) or not _USED.isdisjoint(row.attributes)


def _dated(view: PageView, row: Node) -> bool:
    return find_date(view.text(row.index), view.locale).dated
