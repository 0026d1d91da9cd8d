"""
A thread as turns: whose words each part of a page is, and from when.

Read before any sentence is: what the user wrote stands in every real thread and is neither for nor against. Who speaks
is taken from accessible names around a message, from lines above it (headings, author lines, "On … you wrote:", labels
of form fields that are echoed), and, where nothing is written, from the side on which messages stand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import pairwise

from automation.page import Block, PageView
from automation.reading.letters.sentences import part_of
from automation.reading.threads.authors import Speaker, Speakers, Strength
from automation.reading.threads.lines import Line, around, is_heading, is_initials, lists_beside, own_blocks
from automation.reading.threads.marks import is_beside, marked_lines
from automation.reading.threads.owners import Owner, owners_of
from automation.reading.threads.words import Age, FoundDate, find_date, phrases
from automation.text.normalizing import fold

_MOST_LETTERS_OF_A_DATE_LINE = 60
_MOST_WORDS_OF_A_DATE = 5
_MOST_WORDS_OF_A_STATUS = 4
_NUMBER = re.compile(r"#?(?:\b[a-z]{1,4}[-/])?\d[\d./-]*(?:[-/][a-z])?\b")


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
    """First heading of the thread; empty where that is a case's number."""
    age: Age | None = None
    """How long ago, where the page shows that in place of a date."""


def turns_of(view: PageView, blocks: Sequence[Block], speakers: Speakers) -> tuple[Turn, ...]:
    """Cut the paragraphs of a thread, in document order, into turns, in the order of the page."""
    lines = marked_lines(view, own_blocks(view, blocks), speakers)
    beside = lists_beside(view, [line.block.node for line in lines if line.mark is not None and not line.signs])
    lines = [line for line in lines if line.block.node not in beside]
    opened = _opened(lines, owners_of(view, lines, speakers), speakers)
    turns = _merged(_signed(opened, speakers), speakers)
    title = next((line.block.text for line in lines if is_heading(view, line.block.node)), "")
    title = "" if names_a_number(title, speakers.locale) else title
    dated = _by_the_clock(view, lines, turns, speakers) or _on_their_days(turns, speakers.locale)
    return tuple(replace(turn, title=title) for turn in dated if turn.blocks or turn.marked)


def names_a_number(text: str, locale: str) -> bool:
    """Whether a text is a number, or a case by its number alone: "Case 8149236" says nothing of what it is about."""
    rest, numbers = _NUMBER.subn(" ", fold(text))
    called = " ".join(rest.split()).strip(" .:#")
    return numbers > 0 and (not called or phrases("cases", locale).fullmatch(called) is not None)


def _opened(lines: Sequence[Line], owners: Sequence[Owner], speakers: Speakers) -> list[_Open]:
    """
    Runs of lines of one owner, as turns that are put together.

    A date that stands by itself between messages begins a new one. So does what follows a signature where nothing else
    says who speaks: it signs what stands above it.
    """
    apart, begin = _dates_apart(lines, owners, speakers)
    turns: list[_Open] = []
    since: FoundDate | None = None
    for number, (line, owner) in enumerate(zip(lines, owners, strict=True)):
        since = begin.get(number, since)
        if not turns or turns[-1].owner is not owner or turns[-1].signed or number - 1 in apart:
            turns.append(_Open(owner, since))
        if number not in apart:
            turns[-1].take(line)
    return turns


def _dates_apart(
    lines: Sequence[Line], owners: Sequence[Owner], speakers: Speakers
) -> tuple[AbstractSet[int], Mapping[int, FoundDate]]:
    """
    The dates between messages, as chats show them: their lines, and from which line on each holds.

    Each stands above those that it holds for, or each beneath its one message; none where it is neither throughout:
    there each is of the message in which it stands.
    """
    dates = _date_lines(lines, speakers)
    heads = [n for n, line in enumerate(lines) if line.mark is not None and not line.signs]
    if not dates or not heads or any(n - 1 in heads for n in dates):
        return frozenset(), {}
    begins = {n for n in dates if _begins_a_message(n, lines, owners, heads)}
    if min(dates) < heads[0]:
        return (dates.keys(), dates) if begins == dates.keys() else (frozenset(), {})
    ends = [[d for d in dates if head < d < after] for head, after in pairwise([*heads, len(lines)])]
    if any(len(each) != 1 for each in ends) or dates.keys() - begins != {*ends[-1]}:
        return frozenset(), {}
    return dates.keys(), {head: dates[each[0]] for head, each in zip(heads, ends, strict=True)}


def _date_lines(lines: Sequence[Line], speakers: Speakers) -> dict[int, FoundDate]:
    plain = {n: line.block.text for n, line in enumerate(lines) if line.mark is None and not line.hidden}
    return {n: find_date(text, speakers.locale) for n, text in plain.items() if speakers.is_date(text)}


def _begins_a_message(date: int, lines: Sequence[Line], owners: Sequence[Owner], heads: Sequence[int]) -> bool:
    """Whether the next line but for initials heads another message than the line above the date is of."""
    below = next((n for n in range(date + 1, len(lines)) if not is_initials(lines[n].block.text)), -1)
    return below in heads and owners[below] is not owners[max(date - 1, 0)]


def _signed(opened: Sequence[_Open], speakers: Speakers) -> list[Turn]:
    """
    The turns, closed; a name beneath a message that heads nothing is of the message's text as well: it signs it.

    The harm: "Privacy Operations", alone in its paragraph, may be all that tells what a letter is about.
    """
    turns = [turn.closed(speakers) for turn in opened]
    for number, (before, turn) in enumerate(pairwise(turns)):
        after = turns[number + 2].speaker if number + 2 < len(turns) else None
        heads = turn.blocks or turn.at is not None or turn.age is not None or turn.speaker is after
        if not heads and turn.speaker is before.speaker and before.blocks and not _is_head(before, speakers):
            signature = (line.block for line in opened[number + 1].heads if not line.hidden)
            turns[number] = replace(before, blocks=(*before.blocks, *signature))
    return turns


def _merged(turns: Sequence[Turn], speakers: Speakers) -> list[Turn]:
    """The turns, a heading that stands outside of its message joined to it."""
    merged: list[Turn] = []
    for turn in turns:
        last = merged[-1] if merged else None
        heads = last is not None and last.marked and (not last.blocks or (turn.at is None and _is_head(last, speakers)))
        if last is not None and heads and last.speaker is turn.speaker and turn.marked:
            merged[-1] = replace(turn, at=turn.at or last.at, age=turn.age or last.age)
        else:
            merged.append(turn)
    return merged


def _is_head(turn: Turn, speakers: Speakers) -> bool:
    """Whether a turn holds its date and nothing that is said: beside it initials on a picture, or whom it is to."""
    dated = turn.at is not None or any(speakers.is_date(block.text) for block in turn.blocks)
    return dated and all(speakers.is_date(b.text) or is_beside(b.text, speakers) for b in turn.blocks)


def _by_the_clock(view: PageView, lines: Sequence[Line], turns: Sequence[Turn], speakers: Speakers) -> list[Turn]:
    """
    The turns by what their `<time>` elements say to machines, where a person reads no date ("8 weeks ago").

    Empty where a person does read one, or a turn holds no such moment or more than one: those would not be alike.
    """

    def is_foot(turn: Turn) -> bool:
        """Whether it only says that nobody reads answers: the foot of a page beneath a signature."""
        service = turn.speaker is Speaker.SERVICE
        return service and all(part_of(block.text, speakers.locale) == "no_reply" for block in turn.blocks)

    marked = [turn for turn in turns if turn.marked and turn.blocks and not is_foot(turn)]
    if not marked or any(turn.at is not None for turn in marked):
        return []
    clocks = _clocks(view, lines, speakers)
    moments = [{at for block in turn.blocks for at in _moments(view, block.node, clocks)} for turn in marked]
    if any(len(found) != 1 or None in found for found in moments):
        return []
    known = {id(turn): found.pop() for turn, found in zip(marked, moments, strict=True)}
    return [replace(turn, at=known.get(id(turn), turn.at)) for turn in turns]


def _clocks(view: PageView, lines: Sequence[Line], speakers: Speakers) -> dict[int, datetime | None]:
    """
    Each `<time>` element with its moment.

    It has none unless it stands in a line of its own or beside an author: "You may reply until …" tells of another one.
    """
    heads = {line.block.node for line in lines if line.mark is not None or speakers.is_date(line.block.text)}
    found: dict[int, datetime | None] = {}
    for node in (n for n in view.everything() if n.tag == "TIME"):
        above = [node, *view.ancestors(node.index)]
        near = above[: next((n for n, a in enumerate(above[1:], 1) if a.block), len(above)) + 1]
        counts = node.shown and speakers.is_date(view.text(node.index)) and any(n.index in heads for n in near)
        found[node.index] = _parsed(node.attributes.get("datetime", "")) if counts else None
    return found


def _moments(view: PageView, node: int, clocks: Mapping[int, datetime | None]) -> set[datetime | None]:
    """What a paragraph's own `<time>` elements say, or those of the one row or section that it stands in."""
    held = ([n.index for n in view.within(place.index) if n.index in clocks] for place in around(view, node))
    return {clocks[index] for index in next(filter(None, held), ())}


def _parsed(written: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(written)
    except ValueError:
        return None
    return at.astimezone(UTC).replace(tzinfo=None) if at.tzinfo is not None else at


def _on_their_days(turns: Sequence[Turn], locale: str) -> Iterator[Turn]:
    """The turns, those without a date on the day that stands alone above them, as conversations separate their days."""
    day: FoundDate | None = None
    for turn in turns:
        if not turn.marked and turn.blocks:
            found = find_date(turn.blocks[-1].text, locale)
            day = found if found.dated and len(found.rest) <= 1 else None
        undated = turn.marked and turn.at is None and turn.age is None
        yield replace(turn, at=day.at, age=day.age) if undated and day is not None else turn


@dataclass
class _Open:
    """A turn while it is put together."""

    owner: Owner
    since: FoundDate | None
    """The date above it that stands between messages."""
    lines: list[Line] = field(default_factory=list)
    heads: list[Line] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.speaker = self.owner.speaker
        self.at = self.owner.mark.at if self.owner.mark else None
        self.signed = False

    def take(self, line: Line) -> None:
        """Add a line: to the head, which gives the date, or to what is said."""
        mark = line.mark
        if mark is not None and not line.signs and not (mark.opens_quote and mark.speaker is not self.speaker):
            self.at = self.at or mark.at
            self.heads.append(line)
            if mark.strength is Strength.STRANGER and not line.hidden:
                self.lines.append(line)  # nobody knows that it is a name: it may say what became of the case
            return
        # "You wrote to us:" in the midst of a message is of its text: what follows may be what it quotes.
        if mark is not None and self.owner.mark is None and self.speaker is Speaker.UNKNOWN:
            self.speaker, self.signed = mark.speaker, line.signs
        if not line.hidden:
            self.lines.append(line)

    def closed(self, speakers: Speakers) -> Turn:
        """The finished turn."""
        owned = self.owner.mark
        above = next((n for n, line in enumerate(self.lines) if not is_beside(line.block.text, speakers)), 0)
        at, age = self._when(speakers, (*self.lines[: above + 2], *self.lines[-1:]))
        # Whom a message is to is no subject of it: "to Privacy Operations".
        head = [line for line in self.lines[:above] if owned is not None and speakers.is_addressee(line.block.text)]
        blocks = _joined([line for line in self.lines if line not in head])
        if owned is not None and owned.opens_quote:
            # What is quoted is its author's own text once the page says who that is.
            blocks = [replace(block, quoted=False) for block in blocks]
        known = self.speaker is not Speaker.UNKNOWN
        named = known and self.owner.side is None
        return Turn(self.speaker, tuple(blocks), at, known or owned is not None, named, age=age)

    def _when(self, speakers: Speakers, near: Sequence[Line]) -> tuple[datetime | None, Age | None]:
        """By its head, a date between messages, or a line near its begin or end that is only a date."""
        at, ages = self.at, [find_date(line.block.text, speakers.locale).age for line in self.heads]
        if self.since is not None and self.owner.speaker is not Speaker.UNKNOWN and at is None:
            at = self.since.at
            ages.append(self.since.age)
        for text in (line.block.text for line in near):
            if at is None and len(text) < _MOST_LETTERS_OF_A_DATE_LINE and not _is_sentence(text):
                found = find_date(text, speakers.locale)
                at = found.at
                ages.append(found.age if speakers.is_date(text) else None)
        return at, next(filter(None, ages), None) if at is None else None


def _is_sentence(text: str) -> bool:
    """Whether a line is a sentence, such as one that says until when somebody may write."""
    return text.rstrip().endswith((".", ":", "!", "?")) and len(text.split()) > _MOST_WORDS_OF_A_DATE


def _joined(lines: Sequence[Line]) -> list[Block]:
    """Lines of one paragraph put together again, and "Status" with its value; a sentence may run over several."""
    blocks: list[Block] = []
    for line in lines:
        last = blocks[-1] if blocks else None
        if last is not None and _is_status(last.text, line.block.text):
            blocks[-1] = replace(line.block, text=f"{last.text.rstrip(' :')}: {line.block.text}")
        elif last is not None and not line.first and (last.node, last.quoted) == (line.block.node, line.block.quoted):
            blocks[-1] = replace(last, text=f"{last.text}{chr(10) * (2 if line.gap else 1)}{line.block.text}")
        else:
            blocks.append(line.block)
    return blocks


_STATUS = re.compile(
    r"\W*(?:(?:current|case|request) )?(?:status|statut|estado|stato)(?: (?:of|de|des?|del|della) [\w' ]{4,30})?\W*"
)


def _is_status(label: str, value: str) -> bool:
    """Whether a label and what stands behind it are the status of a case, as two cells or two lines tell it."""
    few = 0 < len(value.split()) <= _MOST_WORDS_OF_A_STATUS and not value.rstrip().endswith(":")
    return few and _STATUS.fullmatch(fold(label)) is not None
