"""The lines of a thread as they stand on the page, before anybody knows whose they are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from typing import Literal

from automation.page import Block, PageView
from automation.reading.threads.authors import Mark, Speaker, Speakers, Strength, trimmed
from automation.reading.threads.dates import find_date
from automation.reading.threads.text import around, is_heading
from automation.reading.threads.words import phrases
from automation.text.normalizing import fold, fold_label

BOTH = frozenset({Speaker.PERSON, Speaker.SERVICE})
_FEWEST_POINTS = 2
_AGAIN = re.compile(r"^(?:(?:re|fwd?|aw|wg|rép|réf|odp|antw|rif) ?: ?)+")
_POINTS = {
    "asked": Speaker.PERSON, "told": Speaker.SERVICE, "routed": Speaker.UNKNOWN, "ahead": None,
    "steps": Speaker.UNKNOWN, "states": Speaker.UNKNOWN,
}  # fmt: skip
"""What the points of a timeline are called, and whose words stand beneath each; `ahead` is not reached yet."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a paragraph, and who speaks from here on, if it says so."""

    block: Block
    mark: Mark | None = None
    signs: bool = False
    """Whether it is a name beneath a letter: it belongs to what stands above it."""
    hidden: bool = False
    """Not drawn, or a label: no words of a message."""
    first: bool = True
    """Of its paragraph."""
    gap: bool = False
    """Whether an empty line stands above it in its paragraph."""
    head: bool = False
    """Whether it is the value of a label at the head of a message: "Subject:", "Sent:"."""
    labelled: bool = False
    """Whether it names its author behind a label of its own, as mail does: "From: Meta"."""

    @property
    def firm(self) -> bool:
        """Whether its mark heads a message for sure: it has a date or a label, or is only read out."""
        mark = self.mark
        return self.labelled or (mark is not None and not mark.is_section and (mark.at is not None or self.hidden))


def cut(blocks: Sequence[Block]) -> Iterator[Line]:
    """The paragraphs cut into lines, for any may say who speaks; `>` before a line is what mail quotes with."""
    for block in blocks:
        gap = False
        for place, text in enumerate(block.text.split("\n")):
            bare = text.strip().lstrip("> ").strip()
            if bare:
                quoted = block.quoted or text.strip().startswith(">")
                yield Line(Block(bare, quoted, block.node), first=place == 0, gap=gap)
            gap = not bare


def with_unseen(view: PageView, lines: Sequence[Line], speakers: Speakers) -> list[Line]:
    """
    The lines, with those for screen readers and the pictures that say who speaks; what else is not drawn is nobody's.

    A mere name that is read out, and a picture, count beside a message, and where both sides are told so. One side
    alone may be anything: the account's own picture stands in the bar of every page.
    """
    texts = (n for n in view.everything() if n.tag == "#text" and not n.shown and n.role == "StaticText")
    images = (n for n in view.shown_nodes() if n.tag == "IMG")
    drawn = {line.block.node for line in lines}
    unseen = _unseen(view, ((n.text.strip(), n.parent) for n in texts), drawn, speakers, names_only=False)
    unseen += _unseen(view, ((n.name, n.index) for n in images), drawn, speakers, names_only=True)
    unseen.sort(key=lambda line: line.block.node)
    found: list[Line] = []
    for line in lines:
        while unseen and unseen[0].block.node < line.block.node:
            found.append(unseen.pop(0))
        found.append(line)
    return found + unseen


def _unseen(
    view: PageView, said: Iterable[tuple[str, int]], drawn: AbstractSet[int], speakers: Speakers, *, names_only: bool
) -> list[Line]:
    """Texts at their nodes, as lines that say who speaks; see `with_unseen` for those that count."""
    lines = [Line(Block(text, quoted=False, node=node), speakers.mark(text), hidden=True) for text, node in said]
    marked = [(line, line.mark, view.nodes[line.block.node].parent) for line in lines if line.mark is not None]
    beside = [line for line, _, parent in marked if any(n.index in drawn for n in view.within(parent))]
    counting = [line for line, _, _ in marked if line in beside] if names_only else [line for line, _, _ in marked]
    both = {line.mark.speaker for line in counting if line.mark is not None} >= BOTH
    return [line for line, mark, _ in marked if (both and line in beside) or not (names_only or mark.bare)]


def points(view: PageView, lines: Sequence[Line], speakers: Speakers) -> list[Line]:
    """
    The same lines; the step that heads each point of a timeline says whose words follow; what is ahead is set aside.

    Only where every item of the list begins with a step that is known, and with its date if it is reached, and nothing
    else in it says who speaks: under a step that nobody knows anybody's words may stand.
    """
    items: dict[int, list[int]] = {}
    for n, line in enumerate(lines):
        for item in [a.index for a in around(view, line.block.node) if a.tag == "LI" or a.role == "listitem"][:1]:
            items.setdefault(item, []).append(n)
    drawn = list(lines)
    for parent in {view.nodes[item].parent for item in items}:
        own = {item: run for item, run in items.items() if view.nodes[item].parent == parent}
        points = {item: _point(view, [lines[n].block.text for n in run], item, speakers) for item, run in own.items()}
        if len(points) < _FEWEST_POINTS or None in points.values():
            continue
        for item, (first, *rest) in own.items():
            mark = points[item] or None
            drawn[first] = replace(lines[first], mark=mark, hidden=True)
            for n in rest if mark is None else [n for n in rest[:1] if speakers.is_date(lines[n].block.text)]:
                drawn[n] = replace(lines[n], hidden=True)
    return drawn


def _point(view: PageView, texts: Sequence[str], item: int, speakers: Speakers) -> Mark | Literal[False] | None:
    """Who speaks beneath the step that an item begins with; False where it is not reached; None for any other."""
    first, *others = texts
    if any(mark.at or mark.opens_quote or mark.is_field for mark in _marks(others, speakers)):
        return None
    written = (n.text for n in view.within(item) if n.tag == "#text" and n.shown)
    called = next(filter(None, (trimmed(fold(text)) for text in written)), "")
    kind = next((kind for kind in _POINTS if phrases(kind, speakers.locale).fullmatch(called)), "")
    date = find_date(first, speakers.locale)
    if not date.dated and others and speakers.is_date(others[0]) and trimmed(fold(first)) == called:
        date = find_date(others[0], speakers.locale)
    elif kind == "ahead" and not date.dated:
        return False
    elif not date.dated or trimmed(date.rest) != called:
        return None
    whose = _POINTS.get(kind)
    return Mark(whose, Strength.DATED, date.at) if whose is not None else None


def _marks(texts: Iterable[str], speakers: Speakers) -> Iterator[Mark]:
    return filter(None, map(speakers.mark, texts))


@dataclass
class Thread:
    """The lines of a thread while they are read from above."""

    view: PageView
    lines: Sequence[Line]
    speakers: Speakers
    facts: frozenset[int]
    """Values of a case's own data, and the title of the page: they wrote nothing."""
    titles: frozenset[str]
    found: list[Line] = field(default_factory=list)
    to_whom: bool = False
    """Whether the line above is the label of whom a message is to."""
    of_head: bool = False
    """Whether it is another label of a message's head."""
    greeted: int = -1
    """The line with the greeting of the letter whose head is being read."""

    @classmethod
    def of(cls, view: PageView, lines: Sequence[Line], speakers: Speakers) -> Thread:
        """The lines of a page with what is known of them all together."""
        headings = [line.block for line in lines if is_heading(view, line.block.node)]
        titles = frozenset(title_of(block.text) for block in headings)
        facts = _facts_of_the_case(view, speakers) | {n.index for n in view.nodes if n.tag == "H1"}
        return cls(view, lines, speakers, facts, titles)


def title_of(text: str) -> str:
    """A heading or subject, folded, without "Re:"."""
    return _AGAIN.sub("", fold(text)).strip(" .:")


def _facts_of_the_case(view: PageView, speakers: Speakers) -> frozenset[int]:
    """Values of a case's own data, where a list of terms names them: its product, its account."""
    found, own = set[int](), False
    for node in view.everything():
        if node.tag == "DT":
            own = phrases("facts", speakers.locale).fullmatch(fold_label(view.text(node.index)).strip(" :")) is not None
        elif node.tag == "DD" and own:
            found.add(node.index)
            own = False
    return frozenset(found)
