"""
A thread as turns: whose words each part of a page is, and from when.

Read before any sentence is: what the user wrote stands in every real thread and is neither for nor against. Who speaks
is taken from accessible names around a message, from lines above it (headings, author lines, "On … you wrote:", labels
of form fields that are echoed), and, where nothing is written, from the side on which messages stand.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise
from typing import TYPE_CHECKING

from automation.page import Block, Box
from automation.reading.inbox.dates import find_date
from automation.reading.inbox.speakers import Speaker, SpeakerMark, Speakers, forwards
from automation.reading.inbox.thread_text import lists_beside, own_blocks
from automation.text.normalizing import fold

if TYPE_CHECKING:
    from automation.page import Node, PageView

_NAMED = frozenset({"article", "listitem", "group", "region", "row", "comment", "figure", "treeitem", "generic"})
_LABELS = frozenset({"DT", "LABEL"})
_SIDE = 0.12
"""By what share of the width a message must be nearer to one side than to the other."""
_MOST_LETTERS_OF_A_DATE_LINE = 60
_MOST_WORDS_OF_A_CLOSING = 4


@dataclass(frozen=True, slots=True)
class Turn:
    """What one side said at one time."""

    speaker: Speaker
    blocks: tuple[Block, ...]
    at: datetime | None = None
    """As the page shows it, without a time zone."""
    marked: bool = False
    """Whether a name or line says who speaks; False for text outside every message."""
    named: bool = False
    """Whether a name or line says so, and not only the side on which the message stands."""
    title: str = ""
    """First heading of the thread."""


def turns_of(view: PageView, blocks: Sequence[Block], speakers: Speakers) -> tuple[Turn, ...]:
    """
    Cut the text of a thread into turns, in the order of the page.

    Args:
        view: the page.
        blocks: the thread's own paragraphs, in document order.
        speakers: the names of both sides.
    """
    lines = _with_marks(view, list(_lines(view, own_blocks(view, blocks), speakers)), speakers)
    beside = lists_beside(view, [line.block.node for line in lines if line.mark is not None and not line.signs])
    lines = [line for line in lines if line.block.node not in beside]
    owners = _owners(view, lines, speakers)
    turns: list[_Open] = []
    for line, owner in zip(lines, owners, strict=True):
        if not turns or turns[-1].owner is not owner:
            turns.append(_Open(owner))
        turns[-1].take(line)
    closed = [turn.closed(speakers.locale) for turn in turns]
    merged: list[Turn] = []
    for turn in closed:
        last = merged[-1] if merged else None
        if last is not None and not last.blocks and last.speaker is turn.speaker and turn.marked:
            merged[-1] = replace(turn, at=turn.at or last.at)  # its heading stands outside of the message
        else:
            merged.append(turn)
    title = next((line.block.text for line in lines if _is_heading(view, line.block.node)), "")
    return tuple(replace(turn, title=title) for turn in merged if turn.blocks or turn.marked)


def latest_first(turns: Sequence[Turn]) -> bool | None:
    """Whether the page shows the newest turn first; None where no two dates tell."""
    dated = [turn.at for turn in turns if turn.at is not None]
    ups = sum(later > earlier for earlier, later in pairwise(dated))
    downs = sum(later < earlier for earlier, later in pairwise(dated))
    return None if ups == downs else downs > ups


@dataclass(frozen=True, slots=True)
class _Line:
    block: Block
    mark: SpeakerMark | None = None
    signs: bool = False
    """Whether it is a name beneath a letter: it belongs to what stands above it."""
    hidden: bool = False
    """Read out by a screen reader, and not drawn."""
    first: bool = True
    """Of its paragraph."""
    gap: bool = False
    """Whether an empty line stands above it in its paragraph."""


@dataclass(frozen=True, eq=False)
class _Owner:
    """Whoever a run of lines belongs to."""

    mark: SpeakerMark | None = None
    side: Speaker | None = None

    @property
    def speaker(self) -> Speaker:
        return self.mark.speaker if self.mark is not None else self.side or Speaker.UNKNOWN


class _Open:
    """A turn while it is put together."""

    def __init__(self, owner: _Owner) -> None:
        self.owner = owner
        self.lines: list[_Line] = []
        self.speaker, self.at = owner.speaker, owner.mark.at if owner.mark else None

    def take(self, line: _Line) -> None:
        mark = line.mark
        if mark is not None and not line.signs:
            self.at = self.at or mark.at
            return
        if mark is not None and self.owner.mark is None and self.speaker is Speaker.UNKNOWN:
            self.speaker = mark.speaker
        if not line.hidden:
            self.lines.append(line)

    def closed(self, locale: str) -> Turn:
        """The finished turn; a line that is only a date gives the time where nothing else did."""
        at = self.at
        for line in (*self.lines[:2], *self.lines[-1:]):
            if at is None and len(line.block.text) < _MOST_LETTERS_OF_A_DATE_LINE:
                at = find_date(line.block.text, locale).at
        blocks = _joined(self.lines)
        if self.owner.mark is not None and self.owner.mark.opens_quote:
            # What is quoted is its author's own text once the page says who that is.
            blocks = [replace(block, quoted=False) for block in blocks]
        marked = self.owner.mark is not None or self.owner.side is not None
        named = self.speaker is not Speaker.UNKNOWN and self.owner.side is None
        return Turn(self.speaker, tuple(blocks), at, marked or self.speaker is not Speaker.UNKNOWN, named)


def _joined(lines: Sequence[_Line]) -> list[Block]:
    """Lines of one paragraph put together again, so that a sentence may run over several."""
    blocks: list[Block] = []
    for line in lines:
        last = blocks[-1] if blocks else None
        if last is not None and not line.first and (last.node, last.quoted) == (line.block.node, line.block.quoted):
            blocks[-1] = replace(last, text=f"{last.text}{chr(10) * (2 if line.gap else 1)}{line.block.text}")
        else:
            blocks.append(line.block)
    return blocks


def _lines(view: PageView, blocks: Sequence[Block], speakers: Speakers) -> Iterator[_Line]:
    """The paragraphs cut into lines, for any may say who speaks; `>` before a line is what mail quotes with."""
    unseen = list(_unseen(view, speakers))
    for block in blocks:
        while unseen and unseen[0].block.node < block.node:
            yield unseen.pop(0)
        gap = False
        for number, text in enumerate(block.text.split("\n")):
            bare = text.strip().lstrip("> ").strip()
            if bare:
                quoted = block.quoted or text.strip().startswith(">")
                yield _Line(Block(bare, quoted, block.node), first=number == 0, gap=gap)
            gap = not bare


def _unseen(view: PageView, speakers: Speakers) -> Iterator[_Line]:
    """Lines for screen readers that say who speaks; what else is not drawn is nobody's word."""
    for node in view.everything():
        if node.tag == "#text" and not node.shown and node.role == "StaticText" and node.text.strip():
            mark = speakers.mark(node.text)
            if mark is not None and not mark.bare:
                yield _Line(Block(node.text.strip(), quoted=False, node=node.parent), mark, hidden=True)


def _with_marks(view: PageView, lines: Sequence[_Line], speakers: Speakers) -> list[_Line]:
    found: list[_Line] = []
    authors = _author_cells(view, speakers)
    for number, line in enumerate(lines):
        node = line.block.node
        if node >= 0 and view.nodes[node].tag == "H1":
            mark = None  # the title of the page
        elif authors and any(index in authors for index in (node, *(a.index for a in view.ancestors(node)))):
            mark = speakers.author(line.block.text)
        else:
            mark = line.mark or speakers.mark(line.block.text, label=_is_label(view, node))
        before = lines[number - 1] if number else None
        if before is not None and forwards(before.block.text):
            mark = None  # who forwards a message answers for what stands in it
        signs = mark is not None and mark.bare and before is not None and _closes(before, line)
        found.append(replace(line, mark=mark, signs=signs))
    sides = {line.mark.speaker for line in found if line.mark is not None and not line.signs and not line.mark.is_field}
    kept = []
    for number, line in enumerate(found):
        near = [found[n].block.text for n in (number - 1, number + 1) if 0 <= n < len(found)]
        dated = any((date := find_date(text, speakers.locale)).dated and len(date.rest) <= 1 for text in near)
        lonely = {Speaker.PERSON, Speaker.SERVICE} - sides
        title = line.mark is not None and line.mark.bare and not line.signs and lonely and not dated
        kept.append(replace(line, mark=None) if title else line)  # a name and nothing beside it is a title
    return kept


def _closes(before: _Line, line: _Line) -> bool:
    """Whether a name stands where letters are signed: after "Thanks,", or beneath text of the same paragraph."""
    text = fold(before.block.text)
    closing = text.endswith(",") and len(text.split()) <= _MOST_WORDS_OF_A_CLOSING
    return before.mark is None and (closing or (not line.first and text.endswith((".", "!", "?"))))


def _is_label(view: PageView, node: int) -> bool:
    """Whether the page marks a text up as the label of a value."""
    if node < 0:
        return False
    tag = view.nodes[node].tag
    if tag != "TH":
        return tag in _LABELS
    return any(view.nodes[n].tag == "TD" for n in view.children.get(view.nodes[node].parent, ()))


def _author_cells(view: PageView, speakers: Speakers) -> frozenset[int]:
    """Cells of a table's column whose heading says that it names authors."""
    found: set[int] = set()
    for table in (node for node in view.shown_nodes() if node.tag == "TABLE"):
        rows = [node for node in view.within(table.index) if node.tag == "TR"]
        cells = [
            [view.nodes[n] for n in view.children.get(row.index, ()) if view.nodes[n].tag in {"TD", "TH"}]
            for row in rows
        ]
        heads = cells[0] if cells else []
        for column, head in enumerate(heads):
            if speakers.names_authors(view.text(head.index)):
                found |= {row[column].index for row in cells[1:] if len(row) == len(heads)}
    return frozenset(found)


def _owners(view: PageView, lines: Sequence[_Line], speakers: Speakers) -> list[_Owner]:
    """Whose each line is."""
    named = _named_containers(view, lines, speakers)
    leads = {
        n: line
        for n, line in enumerate(lines)
        if line.mark is not None and not line.signs and not _is_copied(line.mark, named[n])
    }
    scopes = _scopes(view, lines, leads)
    sides = {} if leads or any(named) else _sides(view, lines)
    by_mark = {number: _Owner(mark=line.mark) for number, line in leads.items()}
    by_name: dict[int, _Owner] = {}
    by_side = {side: _Owner(side=side) for side in (Speaker.PERSON, Speaker.SERVICE)}
    nobody, flat = _Owner(), _Owner()
    quoting: _Owner | None = None
    owners: list[_Owner] = []
    for number, line in enumerate(lines):
        holder = named[number]
        scope = next((n for n in scopes if _inside(view, line, scopes[n])), None)
        around = by_mark[scope] if scope is not None else flat
        if number in leads and _opens_quote(lines, number):
            # What the user quotes is as much the user's as the rest: nobody vouches for it.
            owner = quoting = around if around.speaker is Speaker.PERSON else by_mark[number]
        elif quoting is not None and line.block.quoted and number not in leads:
            owner = quoting
        elif scope is not None:
            owner, flat = by_mark[scope], nobody
        elif number in leads:
            owner = flat = by_mark[number]
        elif holder is not None:
            owner, flat = by_name.setdefault(holder[0], _Owner(mark=holder[1])), nobody
        elif number in sides:
            owner = by_side[sides[number]]
            if owners and owners[-1].side is not owner.side:
                owner = by_side[sides[number]] = _Owner(side=sides[number])
        else:
            if flat.speaker is Speaker.PERSON and _is_heading(view, line.block.node):
                flat = _Owner()  # a new section: nobody says that it is still the user's text
            owner = flat
        quoting = quoting if owner is quoting else None
        owners.append(owner)
    return owners


def _is_copied(mark: SpeakerMark, holder: tuple[int, SpeakerMark] | None) -> bool:
    """Whether a name stands within a message of somebody else, whom nobody knows: anybody may copy a signature."""
    stranger = holder is not None and holder[1].speaker is Speaker.UNKNOWN
    return stranger and mark.at is None and not mark.opens_quote


def _opens_quote(lines: Sequence[_Line], number: int) -> bool:
    """Whether a line says whose words are quoted right beneath it."""
    mark, below = lines[number].mark, lines[number + 1 : number + 2]
    return mark is not None and mark.opens_quote and bool(below) and below[0].block.quoted


def _inside(view: PageView, line: _Line, scope: int | None) -> bool:
    return scope is not None and line.block.node >= 0 and view.is_inside(line.block.node, scope)


def _is_heading(view: PageView, node: int) -> bool:
    return node >= 0 and any(n.role == "heading" for n in (view.nodes[node], *view.ancestors(node)))


def _named_containers(
    view: PageView, lines: Sequence[_Line], speakers: Speakers
) -> list[tuple[int, SpeakerMark] | None]:
    """
    For each line the nearest element around it whose accessible name says who speaks.

    One that holds everything names the page or the thread, not a message.
    """
    known: dict[int, SpeakerMark | None] = {}

    def said_by(node: Node) -> SpeakerMark | None:
        if node.index not in known:
            label = node.attributes.get("aria-label", "") or (node.name if node.role in _NAMED else "")
            mark = speakers.mark(label) if label else None
            known[node.index] = mark
        return known[node.index]

    found: list[tuple[int, SpeakerMark] | None] = []
    for line in lines:
        node = line.block.node
        nodes = [] if node < 0 else [view.nodes[node], *view.ancestors(node)]
        found.append(next(((n.index, mark) for n in nodes if (mark := said_by(n)) is not None), None))
    if len({hit[0] for hit in found if hit is not None}) <= 1 and sum(hit is None for hit in found) <= 1:
        return [None] * len(lines)
    return found


def _scopes(view: PageView, lines: Sequence[_Line], leads: dict[int, _Line]) -> dict[int, int]:
    """
    Mark → the largest element around it that holds no other mark, and more than the mark itself.

    A mark without one stands among the paragraphs that it is about: it reaches to the next mark.
    """
    inside: dict[int, int] = {}
    texts: dict[int, int] = {}
    for number, line in enumerate(lines):
        node = line.block.node
        for index in (node, *(a.index for a in view.ancestors(node))) if node >= 0 else ():
            texts[index] = texts.get(index, 0) + (not line.hidden)
            quotes = line.mark is not None and line.mark.opens_quote
            inside[index] = inside.get(index, 0) + (number in leads and not quotes)
    scopes: dict[int, int] = {}
    if len(leads) < 2:
        return scopes
    for number, line in leads.items():
        node = line.block.node
        if node < 0 or (line.mark is not None and (line.mark.is_field or line.mark.opens_quote)):
            continue
        own = texts.get(node, 0)
        for index in (node, *(a.index for a in view.ancestors(node))):
            if inside[index] > 1:
                break
            if texts[index] > own:
                scopes[number] = index
    return scopes


def _drawn(view: PageView, block: Block) -> Box | None:
    """Where the letters of a paragraph stand; its element may be as wide as the column."""
    boxes = [n.box for n in view.within(block.node) if n.tag == "#text" and n.shown and n.box is not None]
    if not boxes:
        return None
    left, top = min(b.x for b in boxes), min(b.y for b in boxes)
    right, bottom = max(b.x + b.width for b in boxes), max(b.y + b.height for b in boxes)
    return Box(left, top, right - left, bottom - top)


def _sides(view: PageView, lines: Sequence[_Line]) -> dict[int, Speaker]:
    """
    Line → speaker where messages stand at two sides of one column: the user's own at the end of the line.

    Only where both sides occur. Pages that are written from right to left mirror this and are left alone.
    """
    spans = {}
    for number, line in enumerate(lines):
        box = _drawn(view, line.block) if line.block.node >= 0 else None
        if box is not None and box.width > 1 and not line.hidden:
            spans[number] = box
    if not spans or any(n.tag == "HTML" and n.attributes.get("dir") == "rtl" for n in view.nodes[:10]):
        return {}
    left = min(box.x for box in spans.values())
    right = max(box.x + box.width for box in spans.values())
    width = max(right - left, 1.0)
    found: dict[int, Speaker] = {}
    for number, box in spans.items():
        before, after = (box.x - left) / width, (right - box.x - box.width) / width
        if before - after > _SIDE:
            found[number] = Speaker.PERSON
        elif after - before > _SIDE:
            found[number] = Speaker.SERVICE
    return found if {Speaker.PERSON, Speaker.SERVICE} <= set(found.values()) else {}
