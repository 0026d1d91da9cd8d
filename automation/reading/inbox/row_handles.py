"""What opens a row of an inbox, and what came when it was pressed: an item to be read, a menu, a question."""

from __future__ import annotations

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING

from automation.reading.controls.by_label import is_plain_row, may_choose, may_reveal
from automation.reading.inbox.dates import find_date
from automation.reading.inbox.speech import unfolded_in
from automation.text.normalizing import fold, fold_label, fold_words

if TYPE_CHECKING:
    from automation.page import Block, Node, PageView

_MENUS = frozenset({"menu", "true", "listbox", "tree", "grid"})
_DOTS = re.compile(r"[.…⋯⋮⋰︙·•∙●○\s]+")
"""What a control that opens a menu is drawn as."""
_WORD = re.compile(r"\w{3}")
_ASIDE = frozenset(
    {"menu", "menubar", "menuitem", "menuitemcheckbox", "menuitemradio", "listbox", "tooltip", "alertdialog"}
)
_FEWEST_WORDS = 6
_FEWEST_WORDS_OF_A_SENTENCE = 3
_ENDS = (".", "!", "?", "…", "。")


def handle_of(view: PageView, row: Node) -> Node | None:
    """What a person would click to open a row: the row itself or the one control in it."""
    controls = [n for n in view.within(row.index) if n.role in {"button", "link"} and n.shown]
    outer = [n for n in controls if not any(view.is_inside(n.index, o.index) and o is not n for o in controls)]
    outer = [n for n in outer if n is row or not opens_menu(n)]
    if len(outer) > 1:
        # Beside stars and flags that may be set, the one link; of several buttons any may act.
        ways = [n for n in outer if "aria-pressed" not in n.attributes]
        own = [n for n in ways if _bears_row(view, row, n, ways)]
        outer = ways if [n.role for n in ways] == ["link"] else own or outer
    if len(outer) == 1 and may_reveal(view, outer[0]):
        return outer[0]
    # One that says that it is pressed is an item by its date: "Notifications, off" is none.
    if len(outer) == 1 and may_choose(view, outer[0]) and _is_dated(view, row):
        return outer[0]
    if not outer and is_plain_row(view, row):
        return row
    return row if not outer and may_reveal(view, row) and row.properties.get("focusable") else None


def opens_menu(node: Node) -> bool:
    """Whether a control says that it opens a menu: of what may be done with an item, and none of its words."""
    says = node.attributes.get("aria-haspopup", "").casefold()
    return says in _MENUS or (not says and _DOTS.fullmatch(node.name.strip()) is not None)


def _bears_row(view: PageView, row: Node, control: Node, others: Sequence[Node]) -> bool:
    """
    Whether one of several controls is the way to what a row tells of: it bears most of its words, and a date.

    What acts is called by a few words. A link may bear the title alone, at the beginning of the row. None where another
    one is dated, too.
    """
    texts = [n for n in view.within(row.index) if n.tag == "#text" and n.shown and _WORD.search(n.text)]
    own = [n for n in texts if view.is_inside(n.index, control.index)]
    most = 2 * _words(own) > _words(texts)
    alone = not any(_is_dated(view, node) for node in others if node is not control)
    titled = control.role == "link" and texts[:1] == own[:1]
    return most and alone and (titled or (len(own) > 1 and _is_dated(view, control)))


def _words(texts: Sequence[Node]) -> int:
    return sum(len(n.text.split()) for n in texts)


def unfolding_of(view: PageView, row: Node) -> Node | None:
    """The button "See more" of an item with a title and a date: it shows more of that, and not of the list."""
    handle = handle_of(view, row)
    if handle is None or handle.role != "button" or not unfolded_in(view.locale).fullmatch(fold_label(handle.name)):
        return None
    own = [
        n
        for n in view.within(row.index)
        if n.tag == "#text" and n.shown and n.text.strip() and not view.is_inside(n.index, handle.index)
    ]
    return handle if len(own) > 1 and _is_dated(view, row) else None


def first_line(view: PageView, row: Node) -> str:
    """The first line of a row: what it is called."""
    return view.text(row.index, chrome=True).partition("\n")[0]


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
    modal = after.modal()
    known = {fold(block.text) for block in before.blocks()} | listed
    inside = None if modal is None else modal.index
    fresh = [b for b in after.blocks(inside) if fold(b.text) not in known and not _is_aside(after, b)]
    dated = any(find_date(block.text, after.locale).dated for block in fresh)
    if modal is not None and modal != before.modal() and not _is_called(after, modal, first_line(before, row)):
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


def _is_called(view: PageView, dialog: Node, title: str) -> bool:
    names = (dialog.name, *(n.name for n in view.headings() if view.is_inside(n.index, dialog.index)))
    return fold_words(title) in map(fold_words, names)


def _is_aside(view: PageView, block: Block) -> bool:
    return block.node >= 0 and any(
        node.role in _ASIDE for node in (view.nodes[block.node], *view.ancestors(block.node))
    )


def _says_something(text: str) -> bool:
    words = len(text.split())
    return words >= _FEWEST_WORDS or (words >= _FEWEST_WORDS_OF_A_SENTENCE and text.rstrip().endswith(_ENDS))


def _is_dated(view: PageView, row: Node) -> bool:
    return find_date(view.text(row.index, chrome=True), view.locale).dated
