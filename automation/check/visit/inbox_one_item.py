"""What an opened item of an inbox says: read until it stands still, with what it holds behind tabs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from automation.check.visit.inbox_messages import open_messages
from automation.check.visit.inbox_threads import behind_tabs
from automation.page import Block, Node, PageView
from automation.reading.controls.by_label import may_reveal
from automation.reading.inbox.collapsed import may_be_later
from automation.reading.inbox.list_completeness import promises_more
from automation.reading.inbox.list_items import Common, item_rows, without_own_row
from automation.reading.inbox.list_tabs import tab_named, tabs_of_item
from automation.reading.inbox.menu_entries import without_ways_back
from automation.reading.inbox.row_handles import first_line
from automation.reading.inbox.turns import turns_of
from automation.reading.letters.answers import Item
from automation.reading.letters.around import blocks_around
from automation.reading.letters.sentences import Meaning
from automation.reading.letters.thread import read_thread
from automation.text.normalizing import fold, fold_words

if TYPE_CHECKING:
    from automation.reader import Reader, ReadPage

_MOST_READINGS = 3
_MOST_TABS = 6
_MOST_WORDS_OF_A_TITLE = 14
_FEWEST_WORDS_OF_A_MESSAGE = 12
_STEADY_S = 3.0
"""How long an answer must stand unchanged before it is believed."""


async def read_item(reader: Reader, page: ReadPage, common: Common, named: str = "", opener: str = "") -> Item | None:
    """Read an opened item with what it holds behind tabs; None where it does not stand still."""
    tabs = tabs_of_item(page.view, common.tabs)
    if not tabs or len(tabs) > _MOST_TABS:
        return await _read_shown(reader, page, common, named, opener)
    parts, shown = [await _read_shown(reader, page, common, named, opener, alone=False)], reader.page or page
    for tab in tabs:
        node = tab_named(shown.view, tab)
        if node is None or not may_reveal(shown.view, node):
            return None
        after = await reader.reveal_node(node, page.surface)
        await reader.check_account()
        if after is None or not after.settled or after.view.path != page.view.path:
            return None
        parts.append(await _read_shown(reader, after, common, named, opener, alone=False))
        shown = reader.page or after
    read = [part for part in parts if part is not None]
    if len(read) < len(parts) or not (
        any(speaks(part) for part in read) or not any(promises_more(part.page, named, reader.words) for part in read)
    ):
        return None
    return behind_tabs(read)


async def _read_shown(
    reader: Reader, page: ReadPage, common: Common, named: str = "", opener: str = "", *, alone: bool = True
) -> Item | None:
    """
    Read what is shown of an opened item; None where it does not stand still.

    One that speaks of an objection, whosever, is read until two readings in a row agree: a letter's foot may come after
    its sentence. One that decided something else meanwhile says nothing. What does not stand `alone` has more behind
    tabs.
    """
    opened = await open_messages(reader, page, common.openers)
    page = opened.page
    item = item_on(reader, page.view, page.surface, common, named=named, opener=opener)
    if speaks(item):
        for _ in range(_MOST_READINGS):
            page = await reader.read_at_end(_STEADY_S)
            before, item = item, item_on(reader, page.view, page.surface, common, named=named, opener=opener)
            if before.thread.answers and _meanings(item) != _meanings(before):
                page = await reader.read_taller()  # at a page's end, the header that stays may lie over the decision
                item = item_on(reader, page.view, page.surface, common, named=named, opener=opener)
            if item.thread == before.thread and page.settled:
                break
            if before.thread.answers and _meanings(item) != _meanings(before):
                return None
        else:
            return None
    elif alone and promises_more(page.view, named, reader.words):
        return None
    step = await reader.capture(f"{page.surface}-item", how="link", focus=_said_in(page.view, item))
    later = may_be_later(page.view, opened.closed, reader.words.locale, item.thread.at)
    return replace(item, picture=step.picture, closed=bool(opened.closed), closed_later=later)


def speaks(item: Item) -> bool:
    """Whether it speaks of an objection, be it somebody else's."""
    return item.thread.concerns


def _meanings(item: Item) -> frozenset[Meaning]:
    """What it says, in whichever words: scrolled to its end, a header that stays may lie over some of them."""
    return item.thread.meanings


def item_on(
    reader: Reader,
    view: PageView,
    name: str,
    common: Common | None = None,
    *,
    named: str = "",
    inline: bool = False,
    opener: str = "",
) -> Item:
    """A page's own text, read as a thread of messages."""
    beside = common.beside(view, opener) if common else frozenset[int]()
    shared = common.texts - common.among if common else frozenset[str]()
    blocks = [b for b in _shown_blocks(view, common) if fold(b.text) not in shared and b.node not in beside]
    blocks = without_ways_back(view, common.homes, blocks) if common else blocks
    blocks, title = without_own_row(view, blocks, opener) if opener else (blocks, "")
    title = _as_title(title, blocks) or _as_title(named, blocks)
    called = common.title if common is not None and common.title else named
    speakers = reader.speakers(view)
    turns = tuple(replace(turn, title=turn.title or title) for turn in turns_of(view, blocks, speakers))
    around = (
        () if inline else blocks_around(view, reader.words, common.texts | common.openers if common else frozenset())
    )
    elsewhere = common.links if common else frozenset[str]()
    return Item(
        name,
        read_thread(turns, reader.words, titles=(called,), beside=around, holder=speakers.holder),
        view,
        elsewhere,
        named,
        inline,
        turns=turns,
        holder=speakers.holder,
        beside=around,
    )


def _as_title(named: str, blocks: Sequence[Block]) -> str:
    """
    What the list calls an item, where its own page has no heading.

    A preview of what was written in it is no title: a person's words would tell of which request the service speaks.
    """
    words, said = fold_words(named), [fold_words(block.text) for block in blocks]
    short = len(words.split()) <= _MOST_WORDS_OF_A_TITLE and not named.rstrip().endswith((".", "!", "?", "…", "..."))
    begun = any(text.startswith(words) and text != words for text in said)
    return named if short and ":" not in named and not begun else ""


def _shown_blocks(view: PageView, common: Common | None) -> list[Block]:
    """
    The text of a page where an item is open.

    Of a dialog alone that lies over the list and is called as the row that opened it; of that row alone where all that
    has come stands in it and may be a message: what the other rows are called is theirs. "Selected" is no message; the
    item may stand beside the list from the start.
    """
    blocks = view.blocks()
    if common is None or not common.title:
        return blocks
    modal = view.modal()
    if modal is not None:
        headings = [n.name for n in view.headings() if view.is_inside(n.index, modal.index)]
        named = fold_words(common.title) in map(fold_words, (modal.name, *headings))
        return view.blocks(modal.index) if named else blocks
    fresh = [block for block in blocks if fold(block.text) not in common.before]
    much = sum(len(block.text.split()) for block in fresh) >= _FEWEST_WORDS_OF_A_MESSAGE
    rows = [row for row in item_rows(view) if fold(first_line(view, row)) == fold(common.title)]
    own = [row for row in rows if much and all(view.is_inside(block.node, row.index) for block in fresh)]
    return view.blocks(own[0].index) if len(own) == 1 else blocks


def _said_in(view: PageView, item: Item) -> Node | None:
    """The paragraph that holds the first understood sentence, to be outlined in the picture."""
    if not item.thread.answers:
        return None
    sentence = fold(item.thread.answers[0].text)
    return next((view.nodes[b.node] for b in view.blocks() if b.node >= 0 and sentence in fold(b.text)), None)
