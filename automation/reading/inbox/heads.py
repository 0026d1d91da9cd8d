"""The head of a message: its author, initials for a picture, whom it is to and the date, in an element of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from automation.reading.inbox.dates import FoundDate, find_date

if TYPE_CHECKING:
    from automation.page import PageView
    from automation.reading.inbox.lines import Line
    from automation.reading.inbox.owners import Owner
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
    own = (view.nodes[date.block.node], *view.ancestors(date.block.node)) if date.block.node >= 0 else ()
    head = next((a.index for a in own if a.index in around), -1)
    inside = [each for each in lines if each.block.node >= 0 and view.is_inside(each.block.node, head)]
    if any(each not in (line, date) and not is_beside(each.block.text, speakers) for each in inside):
        return line
    return replace(line, mark=replace(mark, at=find_date(date.block.text, speakers.locale).at, bare=False))


@dataclass(frozen=True, slots=True)
class ApartDates:
    """Dates that stand by themselves between messages, as chats show them."""

    lines: frozenset[int] = frozenset()
    """Numbers of the lines that are such dates."""
    begin: Mapping[int, FoundDate] = field(default_factory=dict)
    """Number of a line → the date that holds for it and what follows it, up to the next."""


def dates_apart(lines: Sequence[Line], owners: Sequence[Owner], speakers: Speakers) -> ApartDates:
    """
    The dates between messages: each above those that it holds for, or each beneath its one message.

    None where it is neither throughout: there each is of the message in which it stands.
    """
    dates = {n: find_date(line.block.text, speakers.locale) for n, line in enumerate(lines) if _is_date(line, speakers)}
    heads = [n for n, line in enumerate(lines) if line.mark is not None and not line.signs]
    if not dates or not heads or any(n - 1 in heads for n in dates):
        return ApartDates()
    below = {n: next((m for m in range(n + 1, len(lines)) if not is_initials(lines[m].block.text)), -1) for n in dates}
    begins = {n for n, m in below.items() if m in heads and owners[m] is not owners[max(n - 1, 0)]}
    if min(dates) < heads[0]:
        return ApartDates(frozenset(dates), dates) if begins == set(dates) else ApartDates()
    ends = [[d for d in dates if d > head and not any(head < h < d for h in heads)] for head in heads]
    if any(len(each) != 1 for each in ends) or set(dates) - begins != {ends[-1][0]}:
        return ApartDates()
    return ApartDates(frozenset(dates), {head: dates[each[0]] for head, each in zip(heads, ends, strict=True)})


def _is_date(line: Line, speakers: Speakers) -> bool:
    return line.mark is None and not line.hidden and speakers.is_date(line.block.text)
