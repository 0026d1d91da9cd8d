"""A case as a line through time: each point is called by its step, and that says whose words stand beneath it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from automation.page import Block
from automation.reading.inbox.dates import find_date
from automation.reading.inbox.lines import Line
from automation.reading.inbox.names import trimmed
from automation.reading.inbox.speakers import Speaker, SpeakerMark
from automation.reading.inbox.speech import points_in
from automation.text.normalizing import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from automation.page import PageView
    from automation.reading.inbox.speakers import Speakers

_FEWEST_POINTS = 2
_WHOSE = {
    "asked": Speaker.PERSON,
    "told": Speaker.SERVICE,
    "routed": Speaker.UNKNOWN,
    "steps": Speaker.UNKNOWN,
    "states": Speaker.UNKNOWN,
}


def with_points(view: PageView, lines: Sequence[Line], speakers: Speakers) -> list[Line]:
    """
    The same lines, with one before each point of a timeline that says whose words follow; what is ahead is left out.

    Only where every item of the list begins with a step that is known, and with its date if it is reached, and nothing
    else in it says who speaks: under a step that nobody knows anybody's words may stand.
    """
    items: dict[int, list[int]] = {}
    for n, line in enumerate(lines):
        item = _item(view, line.block.node)
        if item is not None:
            items.setdefault(item, []).append(n)
    found, left_out = dict[int, SpeakerMark](), set[int]()
    for around in {view.nodes[item].parent for item in items}:
        own = {item: run for item, run in items.items() if view.nodes[item].parent == around}
        points = {run[0]: _point(view, lines, run, speakers) for run in own.values()}
        if len(points) < _FEWEST_POINTS or None in points.values():
            continue
        found |= {n: mark for n, mark in points.items() if isinstance(mark, SpeakerMark)}
        left_out |= {n for run in own.values() if points[run[0]] is _AHEAD for n in run}
        left_out |= {n for run in own.values() for n in run[1:2] if speakers.is_date(lines[n].block.text)}
    drawn: list[Line] = []
    for n, line in enumerate(lines):
        if n in found:
            drawn.append(Line(Block("", quoted=False, node=line.block.node), found[n], hidden=True))
            drawn.append(replace(line, hidden=True))
        else:
            drawn.append(replace(line, hidden=True) if n in left_out else line)
    return drawn


def _item(view: PageView, node: int) -> int | None:
    """The list's item in which a node stands."""
    around = (view.nodes[node], *view.ancestors(node)) if node >= 0 else ()
    return next((a.index for a in around if a.tag == "LI" or a.role == "listitem"), None)


_AHEAD = "ahead"


def _point(view: PageView, lines: Sequence[Line], run: Sequence[int], speakers: Speakers) -> SpeakerMark | str | None:
    """Who speaks beneath the step that an item begins with; `_AHEAD` where it is not reached; None for any other."""
    first, *others = (lines[n].block.text for n in run)
    marks = filter(None, map(speakers.mark, others))
    if any(mark.at is not None or mark.opens_quote or mark.is_field for mark in marks):
        return None
    item = _item(view, lines[run[0]].block.node)
    written = (n.text for n in view.within(item) if n.tag == "#text" and n.shown) if item is not None else iter(())
    called = trimmed(fold(next((text for text in written if any(map(str.isalnum, text))), "")))
    kind = next((kind for kind, step in points_in(speakers.locale).items() if step.fullmatch(called)), None)
    date = find_date(first, speakers.locale)
    if not date.dated and others and speakers.is_date(others[0]) and trimmed(fold(first)) == called:
        return SpeakerMark(_WHOSE[kind], find_date(others[0], speakers.locale).at) if kind in _WHOSE else None
    if kind == _AHEAD:
        return None if date.dated else _AHEAD
    reached = date.dated and trimmed(date.rest) == called
    return SpeakerMark(_WHOSE[kind], date.at) if kind is not None and reached else None
