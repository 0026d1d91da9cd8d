"""Letters on sheets of their own: whose each is, its signature says, and the name that it greets."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from automation.page import Block
from automation.reading.inbox.dates import find_date
from automation.reading.inbox.lines import Line
from automation.reading.inbox.names import GREETING, parts_of
from automation.reading.inbox.speakers import Speaker, SpeakerMark

if TYPE_CHECKING:
    from collections.abc import Sequence

    from automation.page import PageView
    from automation.reading.inbox.speakers import Speakers

_FEWEST_LINES = 3
_MOST_LINES_OF_A_FOOT = 3
_MOST_LINES_OF_A_HEAD = 4
_BOTH = frozenset({Speaker.PERSON, Speaker.SERVICE})


def with_sheets(view: PageView, lines: Sequence[Line], speakers: Speakers) -> list[Line]:
    """
    The same lines, with one before each letter that says whose it is.

    Only where each sheet holds one whole letter, both sides sign theirs at the foot, and nothing else on the page says
    who speaks. The service's must greet the holder by name: the person may have copied what somebody else got.
    """
    marks = [line.mark or speakers.mark(line.block.text) for line in lines]
    signed = {n: mark for n, mark in enumerate(marks) if mark is not None and not mark.is_section}
    heads = any(mark.at is not None or mark.opens_quote or mark.is_field for mark in signed.values())
    if heads or {mark.speaker for mark in signed.values()} != _BOTH or any(line.block.node < 0 for line in lines):
        return list(lines)
    paths = [_path(view, line.block.node) for line in lines]
    depth = _shared([paths[n] for n in signed])
    sheets = [[*run] for _, run in groupby(range(len(lines)), key=lambda n: paths[n][: depth + 1])]
    letters = [sheet for sheet in sheets if len(sheet) >= _FEWEST_LINES]
    writers = {sheet[0]: _writer(lines, sheet, signed, speakers) for sheet in letters}
    loose = any(n in signed for sheet in sheets if sheet not in letters for n in sheet)
    if loose or None in writers.values() or {mark.speaker for mark in writers.values() if mark} != _BOTH:
        return list(lines)
    found: list[Line] = []
    for n, line in enumerate(lines):
        mark = writers.get(n)
        if mark is not None:
            found.append(Line(Block("", quoted=False, node=line.block.node), mark, hidden=True))
        found.append(line)
    return found


def _path(view: PageView, node: int) -> list[int]:
    """From the root of the page down to a node."""
    return [*reversed([node, *(a.index for a in view.ancestors(node))])]


def _shared(paths: Sequence[Sequence[int]]) -> int:
    """How many elements all of some paths have in common."""
    return next((n for n, step in enumerate(zip(*paths, strict=False)) if len(set(step)) > 1), min(map(len, paths)))


def _writer(
    lines: Sequence[Line], sheet: Sequence[int], signed: dict[int, SpeakerMark], speakers: Speakers
) -> SpeakerMark | None:
    """Who wrote one letter, and when; None where its signature and its greeting do not say so."""
    sides = {signed[n].speaker for n in sheet if n in signed}
    foot = any(n in signed for n in sheet[-_MOST_LINES_OF_A_FOOT:])
    if len(sides) != 1 or not foot or any(n in signed for n in sheet[:1]):
        return None
    greeted = [match[1] for n in sheet if (match := GREETING.match(f"{lines[n].block.text.strip()}\n")) is not None]
    first = [match for n in sheet[:_MOST_LINES_OF_A_HEAD] if (match := GREETING.match(f"{lines[n].block.text}\n"))]
    known = {part for name in speakers.holder for part in parts_of(name)}
    to_holder = [not known.isdisjoint(parts_of(name)) for name in greeted]
    (side,) = sides
    if side is Speaker.SERVICE and not (first and all(to_holder)):
        return None
    if side is Speaker.PERSON and any(to_holder):
        return None
    dates = [find_date(lines[n].block.text, speakers.locale) for n in sheet if speakers.is_date(lines[n].block.text)]
    return SpeakerMark(side, dates[0].at if len(dates) == 1 else None)
