"""An opened item: what came when a row was pressed, what of its page is the list's, and which messages stay folded."""

from __future__ import annotations

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from urllib.parse import urljoin, urlsplit

from automation.page import Block, Node, PageView
from automation.reading.controls.by_label import is_open
from automation.reading.letters.answers import Item
from automation.reading.letters.around import blocks_around
from automation.reading.letters.sentences import DECISIONS, LETTER_LANGUAGES, read_blocks, read_sentence, split
from automation.reading.letters.thread import read_thread
from automation.reading.letters.topic import names_topic
from automation.reading.lists.addresses import framed, item_keys
from automation.reading.lists.common import FEWEST_WORDS_OF_A_MESSAGE, MOST_WORDS_OF_A_TITLE, Common, list_of
from automation.reading.lists.messages import ENDS, is_called
from automation.reading.lists.passive import texts_in
from automation.reading.lists.rows import ROWS, first_line, item_rows, words_of
from automation.reading.lists.views import UNFOLDING, is_idle_state, lines_in
from automation.reading.threads.authors import SEPARATED, Speakers
from automation.reading.threads.dates import find_date
from automation.reading.threads.turns import Turn, turns_of
from automation.reading.threads.words import phrases
from automation.text.normalizing import fold, fold_label, fold_words
from automation.text.page_words import PageWords

_TELLING = ("objection.words", "object.words", "ai.words", "ai.subject")
_BACK = re.compile(r"\s*[‹«<←⟵]")
_MOST_WORDS_OF_A_WAY, _MOST_WORDS_OF_A_CONTROL = 6, 4
_SHOWN = ("aria-current", "aria-selected")


# -- what the list's page carries


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
    region = list_of(view, links)
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
    short = len(words.split()) <= MOST_WORDS_OF_A_TITLE and not named.rstrip().endswith((*ENDS, "..."))
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
        own = is_called(view, modal, common.title) or any(view.is_inside(row.index, modal.index) for row in rows)
        return view.blocks(modal.index) if own else blocks
    fresh = [block for block in blocks if fold(block.text) not in common.before]
    much = sum(len(block.text.split()) for block in fresh) >= FEWEST_WORDS_OF_A_MESSAGE
    called = [row for row in rows if fold(first_line(view, row)) == fold(common.title)]
    held = [row for row in called if much and all(view.is_inside(block.node, row.index) for block in fresh)]
    return view.blocks(held[0].index) if len(held) == 1 else blocks


# -- what came when a row was pressed


# -- messages that are shown by their head only
