"""An opened item: what came when a row was pressed, what of its page is the list's, and which messages stay folded."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from urllib.parse import urljoin, urlsplit

from automation.page import Block, Node, PageView
from automation.reading.controls.by_label import is_open, is_plain_row, may_reveal
from automation.reading.letters.answers import Item
from automation.reading.letters.around import blocks_around
from automation.reading.letters.sentences import DECISIONS, LETTER_LANGUAGES, read_blocks, read_sentence, split
from automation.reading.letters.thread import read_thread
from automation.reading.letters.topic import names_topic
from automation.reading.lists.addresses import framed, item_keys, linked
from automation.reading.lists.passive import texts_in
from automation.reading.lists.rows import ROWS, first_line, handle_of, item_rows, words_of
from automation.reading.lists.views import UNFOLDING, is_idle_state, lines_in
from automation.reading.threads.authors import SEPARATED, Speakers
from automation.reading.threads.dates import find_date
from automation.reading.threads.text import preview_rows
from automation.reading.threads.turns import Turn, turns_of
from automation.reading.threads.words import phrases
from automation.text.normalizing import fold, fold_label, fold_words
from automation.text.page_words import PageWords

_TELLING = ("objection.words", "object.words", "ai.words", "ai.subject")
_BACK = re.compile(r"\s*[‹«<←⟵]")
_MOST_WORDS_OF_A_WAY, _MOST_WORDS_OF_A_CONTROL = 6, 4
_SHOWN = ("aria-current", "aria-selected")
_LANDMARKS = frozenset({"main", "navigation", "region", "banner", "complementary", "RootWebArea"})
_CHROME = frozenset({"banner", "navigation", "search", "contentinfo", "complementary"})
_ASIDE = frozenset(
    {"menu", "menubar", "menuitem", "menuitemcheckbox", "menuitemradio", "listbox", "tooltip", "alertdialog"}
)
_ENDS = (".", "!", "?", "…", "。")
_MOST_WORDS_OF_A_CELL, _MOST_WORDS_OF_A_TITLE, _FEWEST_WORDS_OF_A_MESSAGE = 10, 14, 12
_FEWEST_WORDS, _FEWEST_WORDS_OF_A_SENTENCE = 6, 3
_MOST_WORDS_OF_A_HEAD, _FEWEST_WORDS_OF_A_BEGINNING, _LINES_OF_A_HEAD, _NEAR = 30, 12, 3, 3


# -- what the list's page carries


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

        Args:
            view: the page with the open item.
            own: folded words of what opened it.
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
    few = all(len(cell.split()) <= _MOST_WORDS_OF_A_CELL and not cell.rstrip().endswith(_ENDS[:3]) for cell in cells)
    return row if own and few else opener


def outside_of_items(view: PageView, links: Sequence[str], rows: Sequence[Node]) -> Common:
    """What the inbox's own page says outside its items: help, which proves nothing inside an item either."""
    ways = linked(view, links)
    outer = {n.index for part in (*rows, *ways) for n in view.within(part.index)}
    outer |= {a.index for way in ways for a in view.ancestors(way.index) if a.role in ROWS}
    texts = [b for b in view.blocks() if outer.isdisjoint((b.node, *(a.index for a in view.ancestors(b.node))))]
    openers = [*rows, *(handle for row in rows if (handle := handle_of(view, row)) is not None)]
    region = _list_of(view, links)
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


def _list_of(view: PageView, links: Sequence[str]) -> set[int]:
    """
    What stands in the smallest part of a page that holds the links to all items: their authors and dates, too.

    The harm: an author that a list names beside each item would be taken out of the item as text of every page. What is
    said of an objection there is noticed all the same.
    """
    lineages = [[a.index for a in view.ancestors(node.index)] for node in linked(view, links)]
    if len(lineages) < 2:
        return set()
    shared = set(lineages[0]).intersection(*lineages[1:])
    smallest = next((index for index in lineages[0] if index in shared), None)
    return set() if smallest is None else {n.index for n in view.within(smallest)}


def shown_beside(view: PageView, links: Sequence[str]) -> str | None:
    """The address of the item that the list says it shows beside it; None where it says so of none, or of several."""
    marked = set()
    for node, href in view.links():
        rows = [a for a in view.ancestors(node.index) if a.role in ROWS]
        if any(each.attributes.get(key, "false") != "false" for each in (node, *rows) for key in _SHOWN):
            marked.add(urljoin(view.url, href))
    own = marked & set(links)
    return own.pop() if len(own) == 1 else None


def frame_of(view: PageView, links: Sequence[str]) -> frozenset[str]:
    """Folded texts of the site's own frame and of the list, without what is shown beside it."""
    region = _list_of(view, links)
    return frozenset(
        fold(b.text) for b in view.blocks() if b.node >= 0 and (b.node in region or framed(view, view.nodes[b.node]))
    )


def may_tell(text: str, words: PageWords) -> bool:
    """Whether sourced words in a text beside the items, or without any item, may be about this objection."""
    known = words.also(*LETTER_LANGUAGES)
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

    Args:
        view: the page on which the item is open.
        name: the inbox's surface in the manifest.
        words: the service's, in the language of the page.
        speakers: the names of both sides.
        common: what the list's pages carry beside their items.
        named: what the list says of it.
        inline: whether it stands on the list's own page.
        opener: folded words of what opened it.
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
    own = [up for n, up in lineages if n.text.strip() in block.text and _holder(up) == block.node]
    return bool(own) and all(any(a.role in {"tab", "button"} for a in up) for up in own)


def _holder(lineage: Sequence[Node]) -> int:
    return next((a.index for a in lineage if a.block), -1)


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
    The text of an item without the links that lead back to its list: "‹ Back to your objections".

    One that is longer than a name stays, and one that may speak of an objection without an arrow in front of it.

    Args:
        view: the item's page.
        homes: paths of the list.
        blocks: its text.
        words: the service's.
    """
    ways: set[str] = set()
    for node, href in view.links():
        target = urlsplit(to := urljoin(view.url, href))
        here = target.hostname == view.host and target.path.rstrip("/") in homes and target.path != view.path
        if here and not item_keys(to):
            ways.add(fold_words(view.text(node.index) or node.name))
    return [
        block
        for block in blocks
        if fold_words(block.text) not in ways
        or len(block.text.split()) > _MOST_WORDS_OF_A_WAY
        or (may_tell(block.text, words) and _BACK.match(block.text) is None)
    ]


def titles_in(named: str, blocks: Sequence[Block], speakers: Speakers, *, decided: bool) -> tuple[str, ...]:
    """
    What the list calls an item: without its date, number, author, a state that goes with any answer, and its beginning.

    Args:
        named: all that the list says of it, by lines.
        blocks: the item's own text.
        speakers: the names of both sides.
        decided: whether anything in it accepts or refuses.
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
    controls = [n for n in view.within(row.index) if n.role in {"button", "link"} and n.shown and n is not row]
    opens = (phrases("opening", view.locale), phrases("unfolded", view.locale))
    others = [
        n
        for n in controls
        if (not view.is_inside(handle.index, n.index) and not view.is_inside(n.index, handle.index))
        or any(pattern.fullmatch(fold_label(n.name)) for pattern in opens)
    ]
    return lines_in(view, row, {inner.index for node in others for inner in view.within(node.index)})


def _as_title(named: str, blocks: Sequence[Block]) -> str:
    """
    What the list calls an item, where its own page has no heading.

    A preview of what was written in it is no title: a person's words would tell of which request the service speaks.
    """
    words, said = fold_words(named), [fold_words(block.text) for block in blocks]
    short = len(words.split()) <= _MOST_WORDS_OF_A_TITLE and not named.rstrip().endswith((*_ENDS, "..."))
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


# -- what came when a row was pressed


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
    if modal is not None and over and not _is_called(after, modal, first_line(before, row)):
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


def _is_called(view: PageView, dialog: Node, title: str) -> bool:
    names = (dialog.name, *(n.name for n in view.headings() if view.is_inside(n.index, dialog.index)))
    return fold_words(title) in map(fold_words, names)


def _is_aside(view: PageView, block: Block) -> bool:
    return block.node >= 0 and any(n.role in _ASIDE for n in (view.nodes[block.node], *view.ancestors(block.node)))


def _says_something(text: str) -> bool:
    words = len(text.split())
    return words >= _FEWEST_WORDS or (words >= _FEWEST_WORDS_OF_A_SENTENCE and text.rstrip().endswith(_ENDS))


# -- messages that are shown by their head only


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
