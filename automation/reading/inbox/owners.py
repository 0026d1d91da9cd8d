"""Whose each line of a thread is: by what names a message, by the line above it, or by the side on which it stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from automation.page import Box
from automation.reading.inbox.heads import is_initials
from automation.reading.inbox.speakers import Speaker, SpeakerMark

if TYPE_CHECKING:
    from collections.abc import Sequence

    from automation.page import Block, Node, PageView
    from automation.reading.inbox.lines import Line
    from automation.reading.inbox.speakers import Speakers

_NAMED = frozenset({"article", "listitem", "group", "region", "row", "comment", "figure", "treeitem", "generic"})
_SAME_SIDE = 4
"""By how many pixels the words of two rows of one writer may begin apart."""
_MOST_WORDS_OF_A_NAME = 4
_SIDE = 0.12
"""By what share of the width a message must be nearer to one side than to the other."""


@dataclass(frozen=True, eq=False)
class Owner:
    """Whoever a run of lines belongs to."""

    mark: SpeakerMark | None = None
    side: Speaker | None = None

    @property
    def speaker(self) -> Speaker:
        """Who that is, by its mark before its side."""
        return self.mark.speaker if self.mark is not None else self.side or Speaker.UNKNOWN


def owners_of(view: PageView, lines: Sequence[Line], speakers: Speakers) -> list[Owner]:
    """Whose each line is."""
    named = _named_containers(view, lines, speakers)
    leads = {
        n: line
        for n, line in enumerate(lines)
        if line.mark is not None and not line.signs and not _belongs(line.mark, named[n])
    }
    leads = {n: line for n, line in leads.items() if not _is_pasted(view, n, leads)}
    scopes = _scopes(view, lines, leads, speakers)
    firm = {scopes[n]: leads[n] for n in scopes if _is_firm(leads[n])}
    leads = {n: line for n, line in leads.items() if not _stands_in(view, line, firm)}
    scopes = {n: element for n, element in scopes.items() if n in leads}
    sides = {} if leads or any(named) else _sides(view, lines, speakers)
    by_mark = {number: Owner(mark=line.mark) for number, line in leads.items()}
    by_name: dict[int, Owner] = {}
    by_side = {side: Owner(side=side) for side in (Speaker.PERSON, Speaker.SERVICE)}
    nobody, flat = Owner(), Owner()
    quoting: Owner | None = None
    owners: list[Owner] = []
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
        elif number in leads and not (_is_section(line) and flat.speaker is Speaker.SERVICE):
            owner = flat = by_mark[number]
        elif holder is not None:
            owner, flat = by_name.setdefault(holder[0], Owner(mark=holder[1])), nobody
        elif number in sides:
            owner = by_side[sides[number]]
            if owners and owners[-1].side is not owner.side:
                owner = by_side[sides[number]] = Owner(side=sides[number])
        else:
            if flat.speaker is Speaker.PERSON and is_heading(view, line.block.node):
                flat = Owner()  # a new section: nobody says that it is still the user's text
            owner = flat
        quoting = quoting if owner is quoting else None
        owners.append(owner)
    return _with_continued(view, lines, owners, {by_mark[number]: element for number, element in scopes.items()})


def _with_continued(
    view: PageView, lines: Sequence[Line], owners: Sequence[Owner], scopes: dict[Owner, int]
) -> list[Owner]:
    """
    The owners, a row without a name given to the one above it: a chat names a writer once, and draws several rows.

    Both are rows of the same kind, one right beneath the other, whose words begin at the same distance from the side;
    those of the other side begin elsewhere.
    """
    whose = list(owners)
    rows = {element: owner for owner, element in scopes.items()}
    starts = {element: _left_of(view, element) for element in rows}
    for number in range(1, len(lines)):
        last = whose[number - 1]
        above = next((element for element, owner in reversed(rows.items()) if owner is last), None)
        if owners[number].speaker is not Speaker.UNKNOWN or above is None:
            continue
        row = _beside(view, lines[number].block.node, above)
        if row is None or view.nodes[row].role not in _NAMED or _kind(view, row) != _kind(view, above):
            continue
        if _may_be_anothers(view, row):
            continue
        left, beside = _left_of(view, row), starts[above]
        if left is None or beside is None or abs(left - beside) > _SAME_SIDE:
            continue
        others = (start for element, start in starts.items() if rows[element].speaker is not last.speaker)
        if any(start is not None and abs(start - beside) > _SAME_SIDE for start in others):
            whose[number], rows[row], starts[row] = last, last, left
    return whose


def _beside(view: PageView, node: int, element: int) -> int | None:
    """The sibling of an element in which a node stands, or the element itself."""
    parent = view.nodes[element].parent
    around = () if node < 0 else (view.nodes[node], *view.ancestors(node))
    return next((n.index for n in around if n.parent == parent), None)


def _may_be_anothers(view: PageView, row: int) -> bool:
    """Whether a row holds what may be a name: for screen readers only, or as a few words that begin it."""
    texts = [n for n in view.within(row) if n.tag == "#text" and n.text.strip() and not is_initials(n.text)]
    drawn = [n for n in texts if n.shown and n.box is not None and n.box.width > 1]
    first = drawn[0].text.strip() if drawn else ""
    few = len(first.split()) <= _MOST_WORDS_OF_A_NAME and not first.endswith((".", "!", "?", "…"))
    return len(drawn) < len(texts) or few or bool(view.nodes[row].attributes.get("aria-label"))


def _kind(view: PageView, element: int) -> tuple[str, str]:
    return view.nodes[element].tag, view.nodes[element].role


def _left_of(view: PageView, element: int) -> float | None:
    """Where the words of a row begin, but for what stands on a picture; None where nothing is drawn."""
    boxes = [
        n.box
        for n in view.within(element)
        if n.tag == "#text" and n.shown and n.box is not None and n.box.width > 1 and not is_initials(n.text)
    ]
    return min((box.x for box in boxes), default=None)


def _is_section(line: Line) -> bool:
    return line.mark is not None and line.mark.is_section


def _is_firm(line: Line) -> bool:
    """Whether a mark heads a message for sure: it has a date or a label, or is a picture or for screen readers."""
    dated = line.mark is not None and not line.mark.is_section and (line.mark.at is not None or line.hidden)
    return dated or line.labelled


def _is_pasted(view: PageView, number: int, leads: dict[int, Line]) -> bool:
    """
    Whether "From: …" stands within an article that the person's own "From: …" heads, beside other such messages.

    The harm: an answer that somebody else got, with its head, would be taken for one to the person.
    """
    heads = {n: article_of(view, line) for n, line in leads.items() if line.labelled}
    around = heads.get(number)
    if around is None or all(element == around for element in heads.values()):
        return False
    first = leads[min(n for n, element in heads.items() if element == around)].mark
    return first is not None and first is not leads[number].mark and first.speaker is Speaker.PERSON


def article_of(view: PageView, line: Line) -> int | None:
    """The article in which a line stands."""
    around = view.ancestors(line.block.node) if line.block.node >= 0 else iter(())
    return next((a.index for a in around if a.role == "article" or a.tag == "ARTICLE"), None)


def _is_part(line: Line, message: Line) -> bool:
    """Whether a heading or signature may be part of a message that another mark of the same writer heads."""
    mark = line.mark
    if mark is None or message.mark is None or mark.opens_quote or mark.is_field or _is_firm(line):
        return False
    return _is_firm(message) and mark.speaker is message.mark.speaker


def _stands_in(view: PageView, line: Line, messages: dict[int, Line]) -> bool:
    """Whether a mark stands within a message that is its own writer's, and begins none itself."""
    return any(_is_part(line, message) and _inside(view, line, element) for element, message in messages.items())


def _belongs(mark: SpeakerMark, holder: tuple[int, SpeakerMark] | None) -> bool:
    """
    Whether a name within a message whose element says whose it is begins no message of its own.

    Within a stranger's anybody may copy a signature; within a dated one of the same writer it is the head or the foot.
    """
    if holder is None or mark.at is not None or mark.opens_quote:
        return False
    stranger = holder[1].speaker is Speaker.UNKNOWN
    return stranger or (holder[1].at is not None and holder[1].speaker is mark.speaker and not mark.is_field)


def _may_quote(line: Line) -> bool:
    """Whether a line may say in a message whose words it quotes; what only screen readers are told heads a message."""
    return line.mark is not None and line.mark.opens_quote and not line.hidden


def _opens_quote(lines: Sequence[Line], number: int) -> bool:
    """Whether a line says whose words are quoted right beneath it."""
    mark, below = lines[number].mark, lines[number + 1 : number + 2]
    return mark is not None and mark.opens_quote and bool(below) and below[0].block.quoted


def _inside(view: PageView, line: Line, scope: int | None) -> bool:
    return scope is not None and line.block.node >= 0 and view.is_inside(line.block.node, scope)


def is_heading(view: PageView, node: int) -> bool:
    """Whether a node is a heading, or stands in one."""
    return node >= 0 and any(n.role == "heading" for n in (view.nodes[node], *view.ancestors(node)))


def _named_containers(
    view: PageView, lines: Sequence[Line], speakers: Speakers
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


def _scopes(view: PageView, lines: Sequence[Line], leads: dict[int, Line], speakers: Speakers) -> dict[int, int]:
    """
    Mark → the largest element around it that holds no other message's mark, and more than its own, a date, a subject.

    A mark without one stands among the paragraphs that it is about: it reaches to the next mark.
    """
    inside: dict[int, set[int]] = {}
    texts: dict[int, int] = {}
    dates = [speakers.is_date(line.block.text) for line in lines]
    for number, line in enumerate(lines):
        node = line.block.node
        for index in (node, *(a.index for a in view.ancestors(node))) if node >= 0 else ():
            said = not line.hidden and not line.head and (number in leads or not dates[number])
            texts[index] = texts.get(index, 0) + said
            quotes = _may_quote(line)
            inside.setdefault(index, set()).update({number} if number in leads and not quotes else ())
    scopes: dict[int, int] = {}
    if len(leads) < 2:
        return scopes
    for number, line in leads.items():
        node = line.block.node
        if node < 0 or _may_quote(line) or (line.mark is not None and line.mark.is_field):
            continue
        own = texts.get(node, 0)
        for index in (node, *(a.index for a in view.ancestors(node))):
            if any(n != number and not _is_part(leads[n], line) for n in inside[index]):
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


def _sides(view: PageView, lines: Sequence[Line], speakers: Speakers) -> dict[int, Speaker]:
    """
    Line → speaker where messages stand at two sides of one column: the user's own at the end of the line.

    Only where words stand at both sides: a date at the end of the line stands there beside any message. Pages that are
    written from right to left mirror this and are left alone.
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
    told = {side for number, side in found.items() if not speakers.is_date(lines[number].block.text)}
    return found if {Speaker.PERSON, Speaker.SERVICE} <= told else {}
