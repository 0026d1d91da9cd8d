"""Messages of a thread that are shown by their head only: a person opens them to read the whole conversation."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from itertools import islice
from typing import TYPE_CHECKING

from automation.reading.controls.by_label import is_open, is_plain_row, may_reveal
from automation.reading.inbox.dates import find_date
from automation.reading.inbox.speech import collapsed_in, unfolded_in
from automation.reading.inbox.thread_text import preview_rows
from automation.text.normalizing import fold_label, fold_words

if TYPE_CHECKING:
    from datetime import datetime

    from automation.page import Node, PageView
    from automation.reading.inbox.speakers import Speakers

_CHROME = frozenset({"banner", "navigation", "search", "contentinfo", "complementary"})
_MOST_WORDS_OF_A_HEAD = 30
_FEWEST_WORDS_OF_A_BEGINNING = 12
_NEAR = 3
_LINES_OF_A_HEAD = 3
_MESSAGES = frozenset({"article", "listitem"})


def collapsed_messages(view: PageView, speakers: Speakers, others: AbstractSet[str] = frozenset()) -> list[Node]:
    """
    The controls that open a message of this thread, in the order of the page.

    A control that says it is closed and names an author or a date; one that names both, with nothing of a message
    beneath it; one that is called "1 previous message"; or one beneath the beginning of a message that is called
    "See more".

    Args:
        view: the page.
        speakers: the names of both sides.
        others: folded words of what opens other threads, which an inbox without addresses shows beside this one.
    """
    called = collapsed_in(speakers.locale)
    rows = [[*view.within(row.index)] for row in preview_rows(view)]
    listed = {node.index for row in rows for node in row}
    # A message that is folded to one line looks like a row of a list of threads, but says that it is closed.
    beside = {node.index for row in rows if not any("expanded" in n.properties for n in row) for node in row}
    found: list[Node] = []
    for node in view.shown_nodes():
        state = is_open(node)
        if state is True or node.index in beside or _is_frame(view, node):
            continue
        if not may_reveal(view, node) and not (state is False and is_plain_row(view, node)):
            continue
        text = head_of(view, node)
        other_thread = not {fold_words(text), fold_words(node.name)}.isdisjoint(others)
        if other_thread or node.properties.get("hasPopup") not in {None, False, "false"}:
            continue
        headed = state is False and _heads_a_message(text, speakers)
        cut = state is None and _shows_the_rest(view, node, text, speakers, listed)
        bare = state is None and _is_all_of_a_message(view, node, speakers)
        if called.fullmatch(fold_label(text)) or headed or cut or bare:
            found.append(node)
    outer = {node.index for node in found}
    return [node for node in found if not any(a.index in outer for a in view.ancestors(node.index))]


def head_of(view: PageView, node: Node) -> str:
    """What a control says, its lines in one."""
    return " ".join((view.text(node.index) or node.name).split())


def may_be_later(view: PageView, closed: Sequence[Node], locale: str, at: datetime | None) -> bool:
    """
    Whether a message that stays closed may have been written after a decision.

    The harm: a withdrawal in it would be missed. "1 previous message" is older by its own name.
    """
    called = collapsed_in(locale)
    heads = [head_of(view, node) for node in closed]
    dates = [find_date(head, locale).at for head in heads if not called.fullmatch(fold_label(head))]
    return any(date is None or at is None or date.year == 1 or date >= at for date in dates)


def _shows_the_rest(view: PageView, node: Node, text: str, speakers: Speakers, listed: AbstractSet[int]) -> bool:
    """Whether a button beneath a text with its author, and not beneath a list of threads, is called "See more"."""
    if node.role != "button" or unfolded_in(speakers.locale).fullmatch(fold_label(text)) is None:
        return False
    near = islice(view.ancestors(node.index), _NEAR)
    around = next((a for a in near if len(view.text(a.index).split()) >= _FEWEST_WORDS_OF_A_BEGINNING), None)
    if around is None or not listed.isdisjoint(inner.index for inner in view.within(around.index)):
        return False
    message = next(
        (a for a in view.ancestors(around.index) if a.role in _MESSAGES), around
    )  # its head holds the author
    lines = view.text(message.index).split("\n")
    return any(speakers.mark(line) is not None for line in (lines if message is around else lines[:_LINES_OF_A_HEAD]))


def _is_all_of_a_message(view: PageView, node: Node, speakers: Speakers) -> bool:
    """Whether a button bears a whole line of an author with a date, and what follows it is no text of theirs."""
    if node.role != "button" or not _is_authors_line(head_of(view, node), speakers):
        return False
    for around in islice((node, *view.ancestors(node.index)), _NEAR):
        siblings = view.children.get(around.parent, ())
        after = siblings[siblings.index(around.index) + 1 :] if around.index in siblings else ()
        said = next((index for index in after if view.text(index).strip()), None)
        if said is not None:
            first = next((n for n in view.within(said) if n.role == "button"), None)
            return first is not None and _is_authors_line(head_of(view, first), speakers)
        if around.parent < 0 or view.nodes[around.parent].role == "main":
            return True
    return True


def _is_authors_line(text: str, speakers: Speakers) -> bool:
    return find_date(text, speakers.locale).dated and speakers.mark(text) is not None


def _is_frame(view: PageView, node: Node) -> bool:
    return any(a.role in _CHROME for a in view.ancestors(node.index))


def _heads_a_message(text: str, speakers: Speakers) -> bool:
    if not text or len(text.split()) > _MOST_WORDS_OF_A_HEAD:
        return False
    found = find_date(text, speakers.locale)
    return speakers.mark(text) is not None or (found.dated and bool(found.rest))
