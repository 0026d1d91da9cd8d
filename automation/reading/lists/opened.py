"""An opened item: whether it came when its row was pressed, and what of its page is its own and what the list's."""

from __future__ import annotations

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from urllib.parse import urljoin, urlsplit

from automation.page import Block, Node, PageView
from automation.reading.controls.rows import is_open, is_plain_row
from automation.reading.letters.answers import Item, blocks_around
from automation.reading.letters.sentences import DECISIONS, names_topic, read_blocks, read_sentence, split
from automation.reading.letters.thread import read_thread
from automation.reading.lists.addresses import (
    controls_in,
    item_keys,
    lines_in,
    linked,
    list_of,
    nodes_within,
    texts_in,
)
from automation.reading.lists.rows import ROWS, first_line, handle_of, item_rows, words_of
from automation.reading.lists.views import UNFOLDING, is_idle_state
from automation.reading.threads.authors import SEPARATED, Speakers
from automation.reading.threads.turns import Turn, turns_of
from automation.reading.threads.words import LANGUAGES, find_date, phrases
from automation.text.normalizing import fold, fold_label, fold_words
from automation.text.page_words import PageWords

_TELLING = ("objection.words", "object.words", "ai.words", "ai.subject")
_BACK = re.compile(r"\s*[‹«<←⟵]")
_ASIDE = frozenset(
    {"menu", "menubar", "menuitem", "menuitemcheckbox", "menuitemradio", "listbox", "tooltip", "alertdialog"}
)
ENDS = (".", "!", "?", "…", "。")
_MOST_WORDS_OF_A_WAY, _MOST_WORDS_OF_A_CONTROL, _MOST_WORDS_OF_A_CELL, _MOST_WORDS_OF_A_TITLE = 6, 4, 10, 14
_FEWEST_WORDS, _FEWEST_WORDS_OF_A_SENTENCE, _FEWEST_WORDS_OF_A_MESSAGE = 6, 3, 12
_SHOWN = ("aria-current", "aria-selected")

# -- what came when a row was pressed


def shows_a_message(before: PageView, after: PageView, row: Node, listed: AbstractSet[str] = frozenset()) -> bool:
    """
    Whether a press on a row of the page before brought an item: another page, or text that says something or is dated.

    A menu is a few words each, a row that is marked brings no text at all, and a question over the page ("Delete this
    conversation?") is neither dated nor called as the row. Nor are `listed` texts, folded, of rows that come as a list
    is scrolled. The harm: an item that was not read would be told as one that speaks of something else.
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
    if modal is not None and over and not _is_called(after, modal, first_line(before, row)):
        return dated
    return dated or any(_says_something(block.text) for block in fresh)


def stands_beside(view: PageView, row: Node) -> bool:
    """
    Whether the only row of a list is called as the heading of what is shown beside it, with text of its own.

    "Select a message to read it" has no such heading, and a part of the page that says it waits shows no item yet.
    """
    title = fold_words(first_line(view, row))
    heads = [n for n in view.headings() if fold_words(n.name) == title and not view.is_inside(n.index, row.index)]
    if len(heads) != 1 or not title or view.busy():
        return False
    beneath = [b for b in view.blocks() if b.node > heads[0].index and not view.is_inside(b.node, row.index)]
    return any(_says_something(block.text) for block in beneath if not _is_aside(view, block))


def _is_called(view: PageView, dialog: Node, title: str) -> bool:
    """Whether a dialog, or a heading in it, is called as the row that opened it."""
    names = (dialog.name, *(n.name for n in view.headings() if view.is_inside(n.index, dialog.index)))
    return fold_words(title) in map(fold_words, names)


def _is_aside(view: PageView, block: Block) -> bool:
    return block.node >= 0 and any(n.role in _ASIDE for n in (view.nodes[block.node], *view.ancestors(block.node)))


def _says_something(text: str) -> bool:
    words = len(text.split())
    return words >= _FEWEST_WORDS or (words >= _FEWEST_WORDS_OF_A_SENTENCE and text.rstrip().endswith(ENDS))


# -- what the list's pages carry, and an item's page therefore too


@dataclass(frozen=True, slots=True)
class Common:
    """What the list's own page carries outside its items."""

    texts: frozenset[str]
    links: frozenset[str]
    openers: frozenset[str] = frozenset()
    """Folded words of the rows that open items."""
    items: frozenset[str] = frozenset()
    """Addresses of the items."""
    among: frozenset[str] = frozenset()
    """Folded texts outside the items, but in the list: authors and dates beside them, which an item names, too."""
    chrome: frozenset[str] = frozenset()
    """Folded texts of the site's own frame on the list's page."""
    tabs: frozenset[str] = frozenset()
    """Names of the list's tabs."""
    homes: frozenset[str] = frozenset()
    """Paths of the list."""
    title: str = ""
    """First words of the row that opened the item."""
    before: frozenset[str] = frozenset()
    """Folded texts of the page on which that row was pressed."""

    def beside(self, view: PageView, own: str = "") -> frozenset[int]:
        """
        Nodes of what opens other items, where the list stands beside or around the one that is open.

        Of that one `own` are the folded words of what opened it.
        """
        openers = [node for node in view.shown_nodes() if node.role in UNFOLDING or is_plain_row(view, node)]
        others = [node for node in openers if words_of(view, node) in self.openers - {own}]
        others = [*linked(view, [*self.items]), *others]
        opened = [node for node in openers if own and node.role in UNFOLDING and words_of(view, node) == own]
        heads = [_head_of(view, node) for node in others]
        tables = {head.parent for head in (*heads, *(_head_of(view, node) for node in opened))}
        alone = heads if len(tables) == 1 and len(heads) + len(opened) > 1 else others  # rows of one table
        return frozenset(inner.index for node in alone for inner in view.within(node.index))


def _head_of(view: PageView, opener: Node) -> Node:
    """
    The row of a table that holds what opens an item, a few words in each cell, and nothing else that can be used.

    Else the opener itself: a row may hold the message.
    """
    row = next((a for a in view.ancestors(opener.index) if a.role == "row" or a.tag == "TR"), None)
    if row is None:
        return opener
    own = all(n.index == opener.index for n in view.within(row.index) if n.role in {"button", "link"} and n.shown)
    cells = [view.text(cell) for cell in view.children.get(row.index, ())]
    few = all(len(cell.split()) <= _MOST_WORDS_OF_A_CELL and not cell.rstrip().endswith(ENDS[:3]) for cell in cells)
    return row if own and few else opener


def outside_of_items(view: PageView, links: Sequence[str], rows: Sequence[Node]) -> Common:
    """What the inbox's own page says outside its items: help, which proves nothing inside an item either."""
    ways = linked(view, links)
    outer = {n.index for part in (*rows, *ways) for n in view.within(part.index)}
    outer |= {a.index for way in ways for a in view.ancestors(way.index) if a.role in ROWS}
    texts = [b for b in view.blocks() if outer.isdisjoint((b.node, *(a.index for a in view.ancestors(b.node))))]
    openers = [*rows, *(handle for row in rows if (handle := handle_of(view, row)) is not None)]
    region = list_of(view, links)
    inner = {(block.node, block.text) for block in view.blocks()}
    return Common(
        frozenset(fold(b.text) for b in texts),
        frozenset(href for node, href in view.links() if node.index not in outer),
        frozenset(words_of(view, node) for node in openers),
        frozenset(links),
        frozenset(fold(b.text) for b in texts if b.node in region),
        frozenset(fold(b.text) for b in view.blocks(chrome=True) if (b.node, b.text) not in inner),
    )


def on_all_pages(commons: Sequence[Common]) -> Common:
    """What every page of a list carries; what opens items, or stands in the list, is that of any."""
    any_of, every = frozenset[str]().union, frozenset[str].intersection
    return Common(
        every(*(each.texts for each in commons)),
        every(*(each.links for each in commons)),
        any_of(*(each.openers for each in commons)),
        any_of(*(each.items for each in commons)),
        any_of(*(each.among for each in commons)),
        any_of(*(each.chrome for each in commons)),
        any_of(*(each.tabs for each in commons)),
        any_of(*(each.homes for each in commons)),
    )


def shown_beside(view: PageView, links: Sequence[str]) -> str | None:
    """The address of the item that the list says it shows beside it; None where it says so of none, or of several."""
    marked = set()
    for node, href in view.links():
        rows = [a for a in view.ancestors(node.index) if a.role in ROWS]
        said = [each.attributes.get(key, "false") for each in (node, *rows) for key in _SHOWN]
        marked |= {urljoin(view.url, href)} if any(value != "false" for value in said) else set()
    own = marked & set(links)
    return own.pop() if len(own) == 1 else None


def may_tell(text: str, words: PageWords) -> bool:
    """Whether sourced words in a text beside the items, or without any item, may be about this objection."""
    known = words.also(*LANGUAGES)
    named = any(known.find_word(key, text) is not None for key in _TELLING)
    return named or any(read_sentence(sentence, words).meaning is not None for sentence in split(text))


# -- the item on its page


def item_on(
    view: PageView,
    name: str,
    words: PageWords,
    speakers: Speakers,
    common: Common | None = None,
    *,
    named: str = "",
    inline: bool = False,
    opener: str = "",
) -> Item:
    """
    A page's own text, read as a thread of messages.

    `name` is the inbox's surface in the manifest, `common` what the list's pages carry beside their items, `named` what
    the list says of the item, `opener` the folded words of what opened it; `inline` stands on the list's own page.
    """
    beside = common.beside(view, opener) if common else frozenset[int]()
    shared = common.texts - common.among if common else frozenset[str]()
    blocks = [b for b in _shown_blocks(view, common) if fold(b.text) not in shared and b.node not in beside]
    blocks = _without_ways_back(view, common.homes, blocks, words) if common else blocks
    blocks = [block for block in blocks if not _is_control(view, block, words)]
    blocks, title = _without_own_row(view, blocks, opener) if opener else (blocks, "")
    title = _as_title(title, blocks) or _as_title(named, blocks)
    turns = tuple(_titled(turn, title, words.locale) for turn in turns_of(view, blocks, speakers))
    decided = any(sentence.meaning in DECISIONS for turn in turns for sentence in read_blocks(turn.blocks, words))
    turns = tuple(_without_dates(turn, words.locale, decided=decided) for turn in turns)
    around = (
        () if inline or common is None else blocks_around(view, words, common.texts | common.chrome | common.before)
    )
    titles = titles_in(named, blocks, speakers, decided=decided)
    return Item(
        name,
        read_thread(turns, words, titles=titles, beside=around, holder=speakers.holder),
        view,
        common.links if common else frozenset[str](),
        "\n".join(titles),
        inline,
        turns=turns,
        holder=speakers.holder,
        beside=around,
    )


def _is_control(view: PageView, block: Block, words: PageWords) -> bool:
    """Whether a text is what a tab or button is called: "Messages", "Reply". One about an objection may be more."""
    if block.node < 0 or len(block.text.split()) > _MOST_WORDS_OF_A_CONTROL or names_topic(block.text, words):
        return False
    lineages = ((n, [*view.ancestors(n.index)]) for n in texts_in(view, view.nodes[block.node]))
    own = [
        up
        for n, up in lineages
        if n.text.strip() in block.text and next((a.index for a in up if a.block), -1) == block.node
    ]
    return bool(own) and all(any(a.role in {"tab", "button"} for a in up) for up in own)


def _titled(turn: Turn, title: str, locale: str) -> Turn:
    """A turn with a title without date and state: what the list calls the item, where its page has no heading."""
    named = turn.title or title
    pieces = [piece for each in SEPARATED.split(named) if (piece := _undated(each, locale))]
    bare = " · ".join(p for p in pieces if not is_idle_state(p, locale, decided=True)) or named
    blocks = (replace(b, text=bare) if named and fold(b.text) == fold(named) else b for b in turn.blocks)
    return replace(turn, title=bare, blocks=tuple(blocks))


def _without_dates(turn: Turn, locale: str, *, decided: bool) -> Turn:
    """A turn without lines of a date alone; above the messages with a state, too: "26 May 2025 · Closed"."""

    def is_date(line: str) -> bool:
        pieces = [*filter(None, (_undated(piece, locale) for piece in SEPARATED.split(line)))]
        if not pieces:
            return find_date(line, locale).dated
        idle = (_is_number(piece) or is_idle_state(piece, locale, decided=decided) for piece in pieces)
        return not turn.marked and all(idle)

    blocks = tuple(block for block in turn.blocks if not all(is_date(line) for line in block.text.split("\n")))
    return replace(turn, blocks=blocks)


def _undated(text: str, locale: str) -> str:
    found = find_date(text, locale)
    return (found.rest if found.dated else text).strip(" ,.·:–—-")


def _without_ways_back(
    view: PageView, homes: AbstractSet[str], blocks: Sequence[Block], words: PageWords
) -> list[Block]:
    """
    The text of an item without the links that lead back to its list, under one of `homes`: "‹ Back to your requests".

    One that is longer than a name stays, and one that may speak of an objection without an arrow in front of it.
    """
    ways: set[str] = set()
    for node, href in view.links():
        target = urlsplit(to := urljoin(view.url, href))
        here = target.hostname == view.host and target.path.rstrip("/") in homes and target.path != view.path
        ways |= {fold_words(view.text(node.index) or node.name)} if here and not item_keys(to) else set()

    def leads_back(text: str) -> bool:
        short = len(text.split()) <= _MOST_WORDS_OF_A_WAY
        return short and fold_words(text) in ways and (_BACK.match(text) is not None or not may_tell(text, words))

    return [block for block in blocks if not leads_back(block.text)]


def titles_in(named: str, blocks: Sequence[Block], speakers: Speakers, *, decided: bool) -> tuple[str, ...]:
    """
    What the list calls an item: without its date, number, author, a state that goes with any answer, and its beginning.

    `named` is all that the list says of it, by lines, `blocks` its own text, of which a part may have `decided`.
    """
    said = [fold_words(block.text) for block in blocks]

    def is_title(piece: str) -> bool:
        _, colon, after = piece.partition(": ")
        begun = {fold_words(text).rstrip(" .…") for text in (piece, *([after] if colon else ()))}
        idle = _is_number(piece) or is_idle_state(piece, speakers.locale, decided=decided)
        idle = idle or phrases("facts", speakers.locale).fullmatch(fold_label(piece)) is not None
        return not (idle or speakers.mark(piece) or any(text.startswith(one) for one in begun if one for text in said))

    pieces = (_undated(piece, speakers.locale) for line in named.split("\n") for piece in SEPARATED.split(line))
    return tuple(filter(is_title, filter(None, pieces)))


def _is_number(text: str) -> bool:
    return not any(letter.isalpha() for letter in text)


def said_of(view: PageView, row: Node, handle: Node) -> str:
    """What a row says of its item, by lines; not what other controls in it are called, or one that only opens it."""
    opens = (phrases("opening", view.locale), phrases("unfolded", view.locale))
    others = [
        n
        for n in controls_in(view, row)
        if n is not row
        if not (view.is_inside(handle.index, n.index) or view.is_inside(n.index, handle.index))
        or any(pattern.fullmatch(fold_label(n.name)) for pattern in opens)
    ]
    return lines_in(view, row, nodes_within(view, others))


def _as_title(named: str, blocks: Sequence[Block]) -> str:
    """
    What the list calls an item, where its own page has no heading.

    A preview of what was written in it is no title: a person's words would tell of which request the service speaks.
    """
    words, said = fold_words(named), [fold_words(block.text) for block in blocks]
    short = len(words.split()) <= _MOST_WORDS_OF_A_TITLE and not named.rstrip().endswith((*ENDS, "..."))
    begun = any(text.startswith(words) and text != words for text in said)
    return " ".join(named.split()) if short and ":" not in named and not begun else ""


def _without_own_row(view: PageView, blocks: Sequence[Block], own: str) -> tuple[list[Block], str]:
    """
    The text of an item that was unfolded in place, of its own row the first line only: its title, which comes with it.

    Who answers and when the row says for the list; as a message of its own it would come before or after all others.
    """
    openers = (node for node in view.shown_nodes() if node.role in UNFOLDING and is_open(node))
    row = {inner.index for node in openers if words_of(view, node) == own for inner in view.within(node.index)}
    inside = [block for block in blocks if block.node in row]
    title = [replace(block, text=block.text.split("\n", 1)[0]) for block in inside[:1]]
    at = blocks.index(inside[0]) if inside else 0
    rest = [*blocks[:at], *title, *(block for block in blocks[at:] if block.node not in row)]
    return rest, title[0].text if title else ""


def _shown_blocks(view: PageView, common: Common | None) -> list[Block]:
    """
    The text of a page where an item is open.

    Of a dialog alone that lies over the list and is called as the row that opened it, or that holds the list itself; of
    that row alone where all that has come stands in it and may be a message: what the other rows are called is theirs.
    "Selected" is no message; the item may stand beside the list from the start.
    """
    blocks = view.blocks()
    if common is None or not common.title:
        return blocks
    modal, rows = view.modal(), item_rows(view)
    if modal is not None:
        own = _is_called(view, modal, common.title) or any(view.is_inside(row.index, modal.index) for row in rows)
        return view.blocks(modal.index) if own else blocks
    fresh = [block for block in blocks if fold(block.text) not in common.before]
    much = sum(len(block.text.split()) for block in fresh) >= _FEWEST_WORDS_OF_A_MESSAGE
    called = [row for row in rows if fold(first_line(view, row)) == fold(common.title)]
    held = [row for row in called if much and all(view.is_inside(block.node, row.index) for block in fresh)]
    return view.blocks(held[0].index) if len(held) == 1 else blocks
