"""The head of a message: its author, initials for a picture, whom it is to and the date, in an element of their own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from automation.reading.inbox.dates import find_date

if TYPE_CHECKING:
    from automation.page import PageView
    from automation.reading.inbox.lines import Line
    from automation.reading.inbox.speakers import Speakers

_MOST_LETTERS_OF_INITIALS = 3
_MOST_LINES_OF_A_HEAD = 4


def is_beside(text: str, speakers: Speakers) -> bool:
    """Whether a line stands beside the date at the head of a message: initials on a picture, or whom it is to."""
    return is_initials(text) or speakers.is_addressee(text)


def is_initials(text: str) -> bool:
    """Whether a text is as short as what stands on a picture of somebody."""
    return len(text.strip()) <= _MOST_LETTERS_OF_INITIALS


def with_dates(view: PageView, lines: Sequence[Line], speakers: Speakers) -> list[Line]:
    """
    The same lines; an author's has the date that stands in the same head.

    Without it a signature beneath the text would count as much as the author above it.
    """
    return [_dated(view, lines[n : n + _MOST_LINES_OF_A_HEAD], lines, speakers) for n in range(len(lines))]


def _dated(view: PageView, near: Sequence[Line], lines: Sequence[Line], speakers: Speakers) -> Line:
    line, *below = near
    mark = line.mark
    if mark is None or line.signs or mark.at is not None or not mark.bare or line.block.node < 0:
        return line
    date = next((each for each in below if not is_beside(each.block.text, speakers)), None)
    if date is None or not speakers.is_date(date.block.text):
        return line
    around = {line.block.node, *(a.index for a in view.ancestors(line.block.node))}
    head = next((a.index for a in view.ancestors(date.block.node) if a.index in around), -1)
    inside = [each for each in lines if each.block.node >= 0 and view.is_inside(each.block.node, head)]
    if any(each not in (line, date) and not is_beside(each.block.text, speakers) for each in inside):
        return line
    return replace(line, mark=replace(mark, at=find_date(date.block.text, speakers.locale).at, bare=False))
