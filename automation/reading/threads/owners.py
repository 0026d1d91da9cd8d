"""Whose each line of a thread is: by what names a message, by the line above it, or by the side on which it stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from automation.page import Box, Node, PageView
from automation.reading.threads.authors import Mark, Speaker, Speakers
from automation.reading.threads.lines import BOTH, Line, around, is_heading, is_initials, shown_texts
from automation.reading.threads.marks import article_of

_NAMED = frozenset({"article", "listitem", "group", "region", "row", "comment", "figure", "treeitem", "generic"})
_SAME_SIDE = 4
"""By how many pixels the words of two rows of one writer may begin apart."""
_MOST_WORDS_OF_A_NAME = 4
_SIDE = 0.12
"""By what share of the width a message must be nearer to one side than to the other."""


@dataclass(frozen=True, eq=False)
class Owner:
    """Whoever a run of lines belongs to."""

    mark: Mark | None = None
    side: Speaker | None = None

    @property
    def speaker(self) -> Speaker:
        """Who that is, by its mark before its side."""
        return self.mark.speaker if self.mark is not None else self.side or Speaker.UNKNOWN


def owners_of(view: PageView, lines: Sequence[Line], speakers: Speakers) -> list[Owner]:
    """Whose each line is: of the innermost message, of what is named around it, or of the last mark above."""
    named = _named_containers(view, lines, speakers)
    leads = {n: line for n, line in enumerate(lines) if _may_lead(line, named[n])}
    leads = {n: line for n, line in leads.items() if not _is_pasted(view, n, leads)}
    scopes = _scopes(view, lines, leads, speakers)
    # A mark in the element of a message that is surely its own writer's begins none itself.
    parts = {
        n
        for n, line in leads.items()
        if any(_is_part(line, leads[m]) and _inside(view, line, element) for m, element in scopes.items())
    }
    by_mark = {n: Owner(mark=line.mark) for n, line in leads.items() if n not in parts}
    rows = {element: by_mark[n] for n, element in scopes.items() if n not in parts}
    sides = {} if by_mark or any(named) else _sides(view, lines, speakers)
    reading = _Reading(view, by_mark, rows, {hit[0]: Owner(mark=hit[1]) for hit in named if hit is not None}, sides)
    for number, line in enumerate(lines):
        name = named[number]
        reading.take(number, line, lines[number + 1 : number + 2], name[0] if name is not None else -1)
    return _with_continued(view, lines, reading.owners, rows)


@dataclass
class _Reading:
    """The owners of a page's lines while they are read from above."""

    view: PageView
    by_mark: Mapping[int, Owner]
    rows: Mapping[int, Owner]
    """Element → whose message it holds."""
    by_name: Mapping[int, Owner]
    """Element → whom its accessible name names."""
    sides: Mapping[int, Speaker]
    owners: list[Owner] = field(default_factory=list)
    flat: Owner = field(default_factory=Owner)
    """Whose text goes on where no element holds a message."""
    quoting: Owner | None = None

    def take(self, number: int, line: Line, below: Sequence[Line], name: int) -> None:
        """Give a line its owner."""
        lead = self.by_mark.get(number)
        scope = next((owner for element, owner in self.rows.items() if _inside(self.view, line, element)), None)
        if lead is not None and lead.mark is not None and lead.mark.opens_quote and any(n.block.quoted for n in below):
            # What the user quotes is as much the user's as the rest: nobody vouches for it.
            around_it = scope or self.flat
            owner = self.quoting = around_it if around_it.speaker is Speaker.PERSON else lead
        elif self.quoting is not None and line.block.quoted and lead is None:
            owner = self.quoting
        else:
            owner = self._placed(number, line, scope, self.by_name.get(name))
        self.quoting = self.quoting if owner is self.quoting else None
        self.owners.append(owner)

    def _placed(self, number: int, line: Line, scope: Owner | None, name: Owner | None) -> Owner:
        lead, side = self.by_mark.get(number), self.sides.get(number)
        is_section = lead is not None and lead.mark is not None and lead.mark.is_section
        if scope is None and lead is not None and not (is_section and self.flat.speaker is Speaker.SERVICE):
            self.flat = lead
        elif scope is not None or name is not None:
            self.flat = Owner()
            return scope or name or self.flat
        elif side is not None:
            return self.owners[-1] if self.owners and self.owners[-1].side is side else Owner(side=side)
        elif self.flat.speaker is Speaker.PERSON and is_heading(self.view, line.block.node):
            self.flat = Owner()  # a new section: nobody says that it is still the user's text
        return self.flat


def _with_continued(
    view: PageView, lines: Sequence[Line], owners: Sequence[Owner], rows: dict[int, Owner]
) -> list[Owner]:
    """
    The owners, a row without a name given to the one above it: a chat names a writer once, and draws several rows.

    Both are rows of the same kind, one right beneath the other, whose words begin at the same distance from the side;
    those of the other side begin elsewhere.
    """
    whose = list(owners)
    starts = {element: _left_of(view, element) for element in rows}
    for number in range(1, len(lines)):
        last = whose[number - 1]
        above = next((element for element, owner in reversed(rows.items()) if owner is last), None)
        if owners[number].speaker is not Speaker.UNKNOWN or above is None:
            continue
        parent = view.nodes[above].parent
        row = next((n for n in around(view, lines[number].block.node) if n.parent == parent), None)
        if row is None or not _is_row_like(view, row, view.nodes[above]):
            continue
        left, beside = _left_of(view, row.index), starts[above]
        if left is None or beside is None or abs(left - beside) > _SAME_SIDE:
            continue
        others = (start for element, start in starts.items() if rows[element].speaker is not last.speaker)
        if any(start is not None and abs(start - beside) > _SAME_SIDE for start in others):
            whose[number], rows[row.index], starts[row.index] = last, last, left
    return whose


def _is_row_like(view: PageView, row: Node, above: Node) -> bool:
    """Whether a row is of the kind of another and holds no name: for screen readers only, or as its first few words."""
    texts = [n for n in view.within(row.index) if n.tag == "#text" and n.text.strip() and not is_initials(n.text)]
    drawn = [n for n in texts if n.shown and n.box is not None and n.box.width > 1]
    first = drawn[0].text.strip() if drawn else ""
    few = len(first.split()) <= _MOST_WORDS_OF_A_NAME and not first.endswith((".", "!", "?", "…"))
    named = len(drawn) < len(texts) or few or bool(row.attributes.get("aria-label"))
    return row.role in _NAMED and (row.tag, row.role) == (above.tag, above.role) and not named


def _left_of(view: PageView, element: int) -> float | None:
    """Where the words of a row begin, but for what stands on a picture; None where nothing is drawn."""
    boxes = (n.box for n in shown_texts(view, element) if not is_initials(n.text))
    return min((box.x for box in boxes if box is not None and box.width > 1), default=None)


def _is_pasted(view: PageView, number: int, leads: Mapping[int, Line]) -> bool:
    """
    Whether "From: …" stands within an article that the person's own "From: …" heads, beside other such messages.

    The harm: an answer that somebody else got, with its head, would be taken for one to the person.
    """
    heads = {n: article_of(view, line) for n, line in leads.items() if line.labelled}
    article = heads.get(number)
    if article is None or all(element == article for element in heads.values()):
        return False
    first = leads[min(n for n, element in heads.items() if element == article)].mark
    return first is not None and first is not leads[number].mark and first.speaker is Speaker.PERSON


def _is_part(line: Line, message: Line) -> bool:
    """Whether a heading or signature may be part of a message that another mark of the same writer heads."""
    mark = line.mark
    if mark is None or message.mark is None or mark.opens_quote or mark.is_field or line.firm:
        return False
    return message.firm and mark.speaker is message.mark.speaker


def _may_lead(line: Line, named: tuple[int, Mark] | None) -> bool:
    """
    Whether a mark begins a message: no signature, and no name within a message whose element says whose it is.

    Within a stranger's anybody may copy a signature; within a dated one of the same writer it is the head or the foot.
    """
    mark = line.mark
    if mark is None or line.signs:
        return False
    if named is None or mark.at is not None or mark.opens_quote:
        return True
    same = named[1].at is not None and named[1].speaker is mark.speaker and not mark.is_field
    return not (same or named[1].speaker is Speaker.UNKNOWN)


def _may_quote(line: Line) -> bool:
    """Whether a line may say in a message whose words it quotes; what only screen readers are told heads a message."""
    return line.mark is not None and line.mark.opens_quote and not line.hidden


def _inside(view: PageView, line: Line, scope: int) -> bool:
    return line.block.node >= 0 and view.is_inside(line.block.node, scope)


def _named_containers(view: PageView, lines: Sequence[Line], speakers: Speakers) -> list[tuple[int, Mark] | None]:
    """
    For each line the nearest element around it whose accessible name says who speaks.

    One that holds everything names the page or the thread, not a message.
    """

    def said_by(node: Node) -> Mark | None:
        label = node.attributes.get("aria-label", "") or (node.name if node.role in _NAMED else "")
        return speakers.mark(label) if label else None

    found = [
        next(((n.index, mark) for n in around(view, line.block.node) if (mark := said_by(n)) is not None), None)
        for line in lines
    ]
    one = len({hit[0] for hit in found if hit is not None}) <= 1 and sum(hit is None for hit in found) <= 1
    return [None] * len(lines) if one else found


def _scopes(view: PageView, lines: Sequence[Line], leads: Mapping[int, Line], speakers: Speakers) -> dict[int, int]:
    """
    Mark → the largest element around it that holds no other message's mark, and more than its own, a date, a subject.

    A mark without one stands among the paragraphs that it is about: it reaches to the next mark.
    """
    inside: dict[int, set[int]] = {}
    texts: dict[int, int] = {}
    for number, line in enumerate(lines):
        dates = number not in leads and speakers.is_date(line.block.text)
        for node in around(view, line.block.node):
            texts[node.index] = texts.get(node.index, 0) + (not (line.hidden or line.head or dates))
            held = inside.setdefault(node.index, set())
            if number in leads and not _may_quote(line):
                held.add(number)
    scopes: dict[int, int] = {}
    for number, line in leads.items() if len(leads) > 1 else ():
        if _may_quote(line) or (line.mark is not None and line.mark.is_field):
            continue
        for node in around(view, line.block.node):
            if any(n != number and not _is_part(leads[n], line) for n in inside[node.index]):
                break
            if texts[node.index] > texts[line.block.node]:
                scopes[number] = node.index
    return scopes


def _sides(view: PageView, lines: Sequence[Line], speakers: Speakers) -> dict[int, Speaker]:
    """
    Line → speaker where messages stand at two sides of one column: the user's own at the end of the line.

    Only where words stand at both sides: a date at the end of the line stands there beside any message. Pages that are
    written from right to left mirror this and are left alone.
    """
    drawn = {n: line.block.node for n, line in enumerate(lines) if line.block.node >= 0 and not line.hidden}
    boxes = {n: _drawn(view, node) for n, node in drawn.items()}
    spans = {number: box for number, box in boxes.items() if box is not None and box.width > 1}
    if not spans or any(n.tag == "HTML" and n.attributes.get("dir") == "rtl" for n in view.nodes[:10]):
        return {}
    left = min(box.x for box in spans.values())
    right = max(box.x + box.width for box in spans.values())
    found: dict[int, Speaker] = {}
    for number, box in spans.items():
        nearer = ((box.x - left) - (right - box.x - box.width)) / max(right - left, 1.0)
        if abs(nearer) > _SIDE:
            found[number] = Speaker.PERSON if nearer > 0 else Speaker.SERVICE
    told = {side for number, side in found.items() if not speakers.is_date(lines[number].block.text)}
    return found if told >= BOTH else {}


def _drawn(view: PageView, node: int) -> Box | None:
    """Where the letters of a paragraph stand; its element may be as wide as the column."""
    boxes = [n.box for n in shown_texts(view, node) if n.box is not None]
    if not boxes:
        return None
    left, top = min(b.x for b in boxes), min(b.y for b in boxes)
    right, bottom = max(b.x + b.width for b in boxes), max(b.y + b.height for b in boxes)
    return Box(left, top, right - left, bottom - top)
