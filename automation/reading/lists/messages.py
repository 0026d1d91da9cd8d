"""What a press on a row or on a message's head brought: the message itself, or less."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from itertools import islice
from urllib.parse import urljoin

from automation.page import Block, Node, PageView
from automation.reading.controls.by_label import is_open, is_plain_row, may_reveal
from automation.reading.lists.passive import texts_in
from automation.reading.lists.rows import first_line
from automation.reading.lists.views import UNFOLDING
from automation.reading.threads.authors import Speakers
from automation.reading.threads.dates import find_date
from automation.reading.threads.text import preview_rows
from automation.reading.threads.words import phrases
from automation.text.normalizing import fold, fold_label, fold_words

_LANDMARKS = frozenset({"main", "navigation", "region", "banner", "complementary", "RootWebArea"})
_CHROME = frozenset({"banner", "navigation", "search", "contentinfo", "complementary"})
_ASIDE = frozenset(
    {"menu", "menubar", "menuitem", "menuitemcheckbox", "menuitemradio", "listbox", "tooltip", "alertdialog"}
)
ENDS = (".", "!", "?", "…", "。")
_FEWEST_WORDS, _FEWEST_WORDS_OF_A_SENTENCE = 6, 3
_MOST_WORDS_OF_A_HEAD, _FEWEST_WORDS_OF_A_BEGINNING, _LINES_OF_A_HEAD, _NEAR = 30, 12, 3, 3


def shows_a_message(before: PageView, after: PageView, row: Node, listed: AbstractSet[str] = frozenset()) -> bool:
    """
    Whether what came is an item: another page, or text that says something or bears a date.

    A menu is a few words each, a row that is marked brings no text at all, and a question over the page ("Delete this
    conversation?") is neither dated nor called as the row. The harm: an item that was not read would be told as one
    that speaks of something else.

    Args:
        before: the page with the list.
        after: the page once the row was pressed.
        row: of the list's page.
        listed: folded texts of all rows; of those `before` may show some only, and more come as it is scrolled.
    """
    if after.path != before.path:
        return True
    was, modal = before.modal(), after.modal()
    # By the browser's id: the dialog that holds the list is another snapshot once something in it has changed.
    over = modal is not None and (was is None or was.backend_id != modal.backend_id)
    known = {fold(block.text) for block in before.blocks()} | listed
    blocks = after.blocks(None if modal is None else modal.index)
    fresh = [b for b in blocks if fold(b.text) not in known and not _is_aside(after, b)]
    dated = any(find_date(block.text, after.locale).dated for block in fresh)
    if modal is not None and over and not is_called(after, modal, first_line(before, row)):
        return dated
    return dated or any(_says_something(block.text) for block in fresh)


def stands_beside(view: PageView, row: Node) -> bool:
    """
    Whether the only row of a list is called as the heading of what is shown beside it, with text of its own.

    "Select a message to read it" has no such heading. A part of the page that says it waits for what it shows, or shows
    the heading alone, is no item.
    """
    title = fold_words(first_line(view, row))
    heads = [n for n in view.headings() if fold_words(n.name) == title and not view.is_inside(n.index, row.index)]
    if len(heads) != 1 or not title or view.busy():
        return False
    beneath = [b for b in view.blocks() if b.node > heads[0].index and not view.is_inside(b.node, row.index)]
    return any(_says_something(block.text) for block in beneath if not _is_aside(view, block))


def unfolds_to(view: PageView, row: Node, links: Sequence[str]) -> tuple[str, tuple[str, ...]] | None:
    """
    The one item to which a row that is open shows the way beneath it, with the words beside that; else None.

    Whether they are that item's must be asked of it: what decides may stand there itself, beside a link to another one.
    """
    ways = {n.index: to for n, href in view.links() if (to := urljoin(view.url, href)) in links}
    around = next((a for a in view.ancestors(row.index) if any(view.is_inside(i, a.index) for i in ways)), None)
    if is_open(row) is not True or around is None or around.role in _LANDMARKS or around.tag in {"BODY", "MAIN"}:
        return None
    own = {index for index in ways if view.is_inside(index, around.index)}
    led_to, elsewhere = {ways[index] for index in own}, {ways[index] for index in ways.keys() - own}
    if len(led_to) != 1 or led_to & elsewhere or min(own) < row.index or not _is_alone(view, row, around):
        return None
    return led_to.pop(), tuple(_beside_links(view, around, own))


def _beside_links(view: PageView, around: Node, links: AbstractSet[int]) -> Iterator[str]:
    """The texts in a part of a page that are in none of its links, and no dates."""
    called = {n.index for index in links for n in view.within(index)}
    for text in texts_in(view, around):
        if text.index not in called and not find_date(text.text, view.locale).dated:
            yield text.text


def _is_alone(view: PageView, row: Node, around: Node) -> bool:
    """Whether nothing else in a part of a page unfolds, and no other heading stands in it."""
    held = list(view.within(around.index))
    headed = any(n.role == "heading" and not view.is_inside(row.index, n.index) for n in held)
    return not headed and {n.index for n in held if n.role in UNFOLDING and n.shown} == {row.index}


def is_called(view: PageView, dialog: Node, title: str) -> bool:
    """Whether a dialog, or a heading in it, is called as the row that opened it."""
    names = (dialog.name, *(n.name for n in view.headings() if view.is_inside(n.index, dialog.index)))
    return fold_words(title) in map(fold_words, names)


def _is_aside(view: PageView, block: Block) -> bool:
    return block.node >= 0 and any(n.role in _ASIDE for n in (view.nodes[block.node], *view.ancestors(block.node)))


def _says_something(text: str) -> bool:
    words = len(text.split())
    return words >= _FEWEST_WORDS or (words >= _FEWEST_WORDS_OF_A_SENTENCE and text.rstrip().endswith(ENDS))


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
    rows = [[*view.within(row.index)] for row in preview_rows(view)]
    listed = {node.index for row in rows for node in row}
    # A message that is folded to one line looks like a row of a list of threads, but says that it is closed.
    beside = {node.index for row in rows if not any("expanded" in n.properties for n in row) for node in row}
    found = [
        node
        for node in view.shown_nodes()
        if node.index not in beside and _may_open(view, node, others) and _heads(view, node, speakers, listed)
    ]
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
    called = phrases("collapsed", locale)
    heads = [head_of(view, node) for node in closed]
    dates = [find_date(head, locale).at for head in heads if not called.fullmatch(fold_label(head))]
    return any(date is None or at is None or date.year == 1 or date >= at for date in dates)


def _may_open(view: PageView, node: Node, others: AbstractSet[str]) -> bool:
    """Whether a control may open something of this thread: it is no frame, no menu, and no row of another thread."""
    state = is_open(node)
    if state is True or not (may_reveal(view, node) or (state is False and is_plain_row(view, node))):
        return False
    another = not {fold_words(head_of(view, node)), fold_words(node.name)}.isdisjoint(others)
    menu = node.properties.get("hasPopup") not in {None, False, "false"}
    return not (another or menu) and _CHROME.isdisjoint(a.role for a in view.ancestors(node.index))


def _heads(view: PageView, node: Node, speakers: Speakers, listed: AbstractSet[int]) -> bool:
    """Whether a control stands for a message that is not shown, or for the rest of one."""
    text = head_of(view, node)
    if phrases("collapsed", speakers.locale).fullmatch(fold_label(text)):
        return True
    if is_open(node) is False:
        found = find_date(text, speakers.locale)
        named = speakers.mark(text) is not None or (found.dated and bool(found.rest))
        return bool(text) and len(text.split()) <= _MOST_WORDS_OF_A_HEAD and named
    return node.role == "button" and (
        _shows_the_rest(view, node, text, speakers, listed) or _is_all_of_a_message(view, node, speakers)
    )


def _shows_the_rest(view: PageView, node: Node, text: str, speakers: Speakers, listed: AbstractSet[int]) -> bool:
    """Whether a button beneath a text with its author, and not beneath a list of threads, is called "See more"."""
    if phrases("unfolded", speakers.locale).fullmatch(fold_label(text)) is None:
        return False
    near = islice(view.ancestors(node.index), _NEAR)
    around = next((a for a in near if len(view.text(a.index).split()) >= _FEWEST_WORDS_OF_A_BEGINNING), None)
    if around is None or not listed.isdisjoint(inner.index for inner in view.within(around.index)):
        return False
    messages = (a for a in view.ancestors(around.index) if a.role in {"article", "listitem"})
    message = next(messages, around)  # its head holds the author
    lines = view.text(message.index).split("\n")
    return any(speakers.mark(line) is not None for line in (lines if message is around else lines[:_LINES_OF_A_HEAD]))


def _is_all_of_a_message(view: PageView, node: Node, speakers: Speakers) -> bool:
    """Whether a button bears a whole line of an author with a date, and what follows it is no text of theirs."""
    if not _is_authors_line(head_of(view, node), speakers):
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
