"""
The lines of a thread and the marks on them that say who speaks.

Each finder looks at one thing that pages draw (a name, a label, a badge, a point of a timeline, a picture) and gives
marks; of those of a line the first one counts that names a side.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from itertools import takewhile
from typing import Literal

from automation.page import Block, PageView
from automation.reading.threads.authors import GREETING, Mark, Speaker, Speakers, Strength, parts_of, trimmed
from automation.reading.threads.dates import find_date
from automation.reading.threads.text import around, is_heading
from automation.reading.threads.words import forwards, phrases
from automation.text.normalizing import fold, fold_label

BOTH = frozenset({Speaker.PERSON, Speaker.SERVICE})
_LABELS = frozenset({"DT", "LABEL"})
_MOST_LETTERS_OF_INITIALS, _MOST_LETTERS_OF_A_SUBJECT = 3, 120
_MOST_WORDS_OF_A_CLOSING = _MOST_WORDS_OF_A_STRANGER = 4
_MOST_WORDS_OF_A_REFERENCE = 8
_MOST_LINES_OF_A_HEAD, _MOST_LINES_OF_A_LETTERHEAD = 4, 6
_PARTS_OF_A_BADGED_HEAD = 3
_FEWEST_POINTS = 2
_BEHIND_A_NAME = re.compile(r"[(\[·,|].*")
"""What may stand behind a name: an office, a role."""
_NAME = re.compile(r"[^\W\d_][\w.'’-]*(?: [^\W\d_][\w.'’-]*){0,3}")
_SUBJECT = re.compile(
    r"(?:re|ref|subject|reference|betreff|betrifft|objet|oggetto|asunto|onderwerp|dotyczy|assunto) ?:"
)
_AGAIN = re.compile(r"^(?:(?:re|fwd?|aw|wg|rép|réf|odp|antw|rif) ?: ?)+")
_OF_AN_OFFICE = frozenset({"sirs", "team"})
"""Whom nobody greets so but who writes to a firm."""
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


def marked_lines(view: PageView, blocks: Sequence[Block], speakers: Speakers) -> list[Line]:
    """The thread's paragraphs cut into lines, each with what it says of who speaks."""
    lines = _with_unseen(view, [*_cut(blocks)], speakers)
    lines = _points(view, lines, speakers)
    lines = _without_titles(view, _resolved(_Thread.of(view, lines, speakers)), speakers)
    return [_with_date_below(view, lines, number, speakers) for number in range(len(lines))]


def is_initials(text: str) -> bool:
    """Whether a text is as short as what stands on a picture of somebody."""
    return len(text.strip()) <= _MOST_LETTERS_OF_INITIALS


def is_beside(text: str, speakers: Speakers) -> bool:
    """Whether a line stands beside the date at the head of a message: initials on a picture, or whom it is to."""
    return is_initials(text) or speakers.is_addressee(text)


def article_of(view: PageView, line: Line) -> int | None:
    """The article in which a line stands."""
    return next((n.index for n in around(view, line.block.node)[1:] if "article" in {n.role, n.tag.lower()}), None)


# -- lines, and those that say who speaks without being drawn --------------------------------------------------------


def _cut(blocks: Sequence[Block]) -> Iterator[Line]:
    """The paragraphs cut into lines, for any may say who speaks; `>` before a line is what mail quotes with."""
    for block in blocks:
        gap = False
        for place, text in enumerate(block.text.split("\n")):
            bare = text.strip().lstrip("> ").strip()
            if bare:
                quoted = block.quoted or text.strip().startswith(">")
                yield Line(Block(bare, quoted, block.node), first=place == 0, gap=gap)
            gap = not bare


def _with_unseen(view: PageView, lines: Sequence[Line], speakers: Speakers) -> list[Line]:
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
    """Texts at their nodes, as lines that say who speaks; see `_with_unseen` for those that count."""
    lines = [Line(Block(text, quoted=False, node=node), speakers.mark(text), hidden=True) for text, node in said]
    marked = [(line, line.mark, view.nodes[line.block.node].parent) for line in lines if line.mark is not None]
    beside = [line for line, _, parent in marked if any(n.index in drawn for n in view.within(parent))]
    counting = [line for line, _, _ in marked if line in beside] if names_only else [line for line, _, _ in marked]
    both = {line.mark.speaker for line in counting if line.mark is not None} >= BOTH
    return [line for line, mark, _ in marked if (both and line in beside) or not (names_only or mark.bare)]


def _points(view: PageView, lines: Sequence[Line], speakers: Speakers) -> list[Line]:
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


# -- one list of finders, and one resolver ---------------------------------------------------------------------------


@dataclass
class _Thread:
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
    def of(cls, view: PageView, lines: Sequence[Line], speakers: Speakers) -> _Thread:
        headings = [line.block for line in lines if is_heading(view, line.block.node)]
        titles = frozenset(_title_of(block.text) for block in headings)
        facts = _facts_of_the_case(view, speakers) | {n.index for n in view.nodes if n.tag == "H1"}
        return cls(view, lines, speakers, facts, titles)


def _given(thread: _Thread, number: int) -> Mark | None:
    """What was found beside what is drawn: timelines, pictures, words that are only read out."""
    return thread.lines[number].mark


def _worded(thread: _Thread, number: int) -> Mark | None:
    """What the line says by itself."""
    line = thread.lines[number]
    return thread.speakers.mark(line.block.text, label=_is_label(thread.view, line.block.node))


def _badged(thread: _Thread, number: int) -> Mark | None:
    """
    Who wrote, where a name, a badge and a date are elements of one line; None where any other thing stands there.

    The service's badge makes anybody's name that of one of its people, but for the holder's; beside another name the
    one of whoever began the thread says that it is neither side's. In a text all three are one: "Asked Meta support on
    28 May".
    """
    node, speakers = thread.lines[number].block.node, thread.speakers
    texts = [n for n in thread.view.within(node) if n.tag == "#text" and n.shown] if node >= 0 else []
    told = [n for n in texts if re.search(r"\w", n.text)]
    told = told[1:] if len(told) > _PARTS_OF_A_BADGED_HEAD and is_initials(told[0].text) else told
    if {len(told), len({n.parent for n in told})} != {_PARTS_OF_A_BADGED_HEAD}:
        return None
    name, badge, at = (" ".join(n.text.split()) for n in told)
    if not speakers.is_date(at) or _NAME.fullmatch(name) is None:
        return None
    own = speakers.is_holder(name)
    office = speakers.is_office(badge) and not own
    if not office and not speakers.calls("badges", badge):
        return None
    whose = Speaker.SERVICE if office else Speaker.PERSON if own else Speaker.UNKNOWN
    return Mark(whose, Strength.DATED, find_date(at, speakers.locale).at)


FINDERS: tuple[Callable[[_Thread, int], Mark | None], ...] = (_given, _worded, _badged)


def _resolved(thread: _Thread) -> list[Line]:
    """The lines, each with the first mark that names a side; labels, subjects and addressees are set aside."""
    for number, line in enumerate(thread.lines):
        aside = _beside_the_author(thread, number)
        thread.found.append(aside if aside is not None else _with_mark(thread, number, line))
    return thread.found


def _beside_the_author(thread: _Thread, number: int) -> Line | None:
    """A line of a message's head that names no author: whom it is to, a label, a subject, an address of a letter."""
    view, speakers, line, found = thread.view, thread.speakers, thread.lines[number], thread.found
    text = line.block.text
    recipients = speakers.calls("recipients", text)
    firm = text.rstrip().endswith(":") or _is_label(view, line.block.node)
    # A single letter without a colon may be somebody's initial, in place of a picture.
    label = firm or (len(text) > 1 and bool(found) and found[-1].mark is not None)
    if thread.to_whom or (label and (recipients or speakers.calls("letterhead", text))):
        # Who gets a message did not write it. The harm: the service's words would be taken for the person's.
        thread.of_head = firm and not (recipients or thread.to_whom)
        thread.to_whom = recipients and not thread.to_whom
        return replace(line, mark=None, hidden=True)
    above = found[-1] if found else None
    heads = above is not None and (above.mark is not None or above.hidden or speakers.is_date(above.block.text))
    if heads and _is_of_a_mail_head(text, thread):
        return replace(line, mark=None, hidden=True)
    return replace(line, mark=None, head=True) if number < thread.greeted else None  # "Dublin, 2 June" is no author


def _with_mark(thread: _Thread, number: int, line: Line) -> Line:
    """A line with what it says of who speaks, and how it does so."""
    speakers, text = thread.speakers, line.block.text
    of_head, thread.of_head = thread.of_head, False
    mark = _mark_of(thread, number)
    body = mark is not None and mark.is_field and phrases("bodies", speakers.locale).fullmatch(fold_label(text))
    if body and _heads_the_text(thread):
        return replace(line, mark=None, hidden=True)
    if number and forwards(thread.lines[number - 1].block.text):
        mark = None  # who forwards a message answers for what stands in it
    signs = mark is not None and number > 0 and _signs(thread, number, mark)
    head = of_head and mark is None and not _is_said(text)
    labelled = mark is not None and ":" in text and speakers.calls("columns", text.partition(":")[0])
    return replace(line, mark=mark, signs=signs, head=head, labelled=labelled)


def _mark_of(thread: _Thread, number: int) -> Mark | None:
    """The first mark that names a side, but for the name of whom a letter is to; the first one where none does."""
    node = thread.lines[number].block.node
    marks = [mark for find in FINDERS if node not in thread.facts and (mark := find(thread, number)) is not None]
    mark = next((m for m in marks if m.speaker is not Speaker.UNKNOWN), marks[0] if marks else None)
    greeting = None if mark is None or is_heading(thread.view, node) else _greeting_to(thread, number, mark)
    if mark is None or greeting is None:
        return mark
    thread.greeted = greeting
    return _of_the_letter(thread, greeting, mark)


def _is_of_a_mail_head(text: str, thread: _Thread) -> bool:
    """Whether a line of a mail's head says to whom it is, or repeats the title as its subject: "Subject: Re: …"."""
    label, colon, value = text.partition(":")
    if not colon or not value.strip():
        return False
    subject = thread.speakers.calls("letterhead", label) and _title_of(value) in thread.titles
    return thread.speakers.is_addressee(text) or subject


def _title_of(text: str) -> str:
    """A heading or subject, folded, without "Re:"."""
    return _AGAIN.sub("", fold(text)).strip(" .:")


def _is_said(text: str) -> bool:
    """Whether a line is too long, or too much of a sentence, to be a subject or a date: beneath an empty "Subject:"."""
    return len(text) > _MOST_LETTERS_OF_A_SUBJECT or text.rstrip().endswith((".", "!", ","))


def _is_label(view: PageView, node: int) -> bool:
    """Whether the page marks a text up as the label of a value."""
    if node < 0 or view.nodes[node].tag != "TH":
        return node >= 0 and view.nodes[node].tag in _LABELS
    return any(view.nodes[n].tag == "TD" for n in view.children.get(view.nodes[node].parent, ()))


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


def _heads_the_text(thread: _Thread) -> bool:
    """
    Whether a label follows the head of a message that names its author under a label: "From", "Date", "Message".

    Elsewhere "Message" stands above what the user filled in; here it is whose the head says.
    """
    head = [*takewhile(lambda line: line.hidden or line.head, reversed(thread.found))]
    label, author = ([None, None, *thread.found[: len(thread.found) - len(head)]])[-2:]
    named = author is not None and author.mark is not None and not author.mark.is_field
    return named and label is not None and _names_the_author(label, thread.speakers)


def _names_the_author(label: Line, speakers: Speakers) -> bool:
    """Whether a line is the label of whom a message is from."""
    return label.hidden and speakers.calls("columns", label.block.text)


def _without_titles(view: PageView, found: Sequence[Line], speakers: Speakers) -> list[Line]:
    """The same lines; a name and nothing beside it is a title, and a stranger's above a date is an author."""
    sides = {line.mark.speaker for line in found if line.mark is not None and not line.signs and not line.mark.is_field}
    kept = []
    for number, line in enumerate(found):
        near = [found[n].block.text for n in (number - 1, number + 1) if 0 <= n < len(found)]
        dated = any((date := find_date(text, speakers.locale)).dated and len(date.rest) <= 1 for text in near)
        from_whom = number > 0 and _names_the_author(found[number - 1], speakers)
        if line.mark is not None:
            title = line.mark.bare and not (line.signs or from_whom or dated) and not sides >= BOTH
            kept.append(replace(line, mark=None) if title else line)
        else:
            plain = not (line.hidden or line.head)
            stranger = plain and _heads_a_stranger(view, found[number : number + 2], speakers)
            kept.append(replace(line, mark=Mark(Speaker.UNKNOWN, Strength.STRANGER)) if stranger else line)
    return kept


def _heads_a_stranger(view: PageView, lines: Sequence[Line], speakers: Speakers) -> bool:
    """
    Whether a name that nobody knows stands alone right above a date: what follows is neither side's.

    The harm: another person's copy of an answer would run on as the service's.
    """
    if len(lines) < 2 or not speakers.is_date(lines[1].block.text):
        return False
    node, text = lines[0].block.node, lines[0].block.text
    words = _BEHIND_A_NAME.sub(" ", text).split()
    few = 1 < len(words) <= _MOST_WORDS_OF_A_STRANGER and len(text.split()) <= _MOST_WORDS_OF_A_STRANGER + 2
    named = few and all(word[0].isupper() for word in words) and ":" not in text
    whole = not text.rstrip().endswith((".", "!", "?"))
    return named and whole and node >= 0 and view.nodes[node].role != "heading"


def _signs(thread: _Thread, number: int, mark: Mark) -> bool:
    """
    Whether a name stands where letters are signed: after "Thanks,", or beneath text of the same paragraph.

    An office that is no mere name signs right beneath the closing, in the same element, with no date near it.
    """
    view, speakers, before, line = thread.view, thread.speakers, thread.lines[number - 1], thread.lines[number]
    text = fold(before.block.text)
    closing = text.endswith(",") and len(text.split()) <= _MOST_WORDS_OF_A_CLOSING
    if before.mark is not None or not (closing or (not line.first and text.endswith((".", "!", "?")))):
        return False
    beneath = thread.lines[number + 1 : number + 2]
    if mark.bare or mark.at is not None or mark.opens_quote or mark.is_field:
        return mark.bare
    nodes = [view.nodes[each.block.node] for each in (before, line) if each.block.node >= 0]
    beside = len(nodes) > 1 and (nodes[0].index == nodes[1].index or nodes[0].parent == nodes[1].parent)
    undated = not any(speakers.is_date(each.block.text) for each in beneath)
    return undated and beside and speakers.is_office(line.block.text) and not is_heading(view, line.block.node)


# -- letters on paper's model, and heads whose date stands apart ------------------------------------------------------


def _greeting_to(thread: _Thread, number: int, mark: Mark) -> int | None:
    """
    Place of the greeting, where a name is that of whom a letter is to; None where it is not.

    The name stands between the other side's own head and "Dear …" with that name. Nothing is said yet between the head
    and the name, nor between that and "Dear": dates, an address, a subject. The harm: the whole letter would be taken
    for what the other side wrote. The holder's may stand beneath a head that names nobody: nobody greets themselves.
    """
    above = [*takewhile(lambda each: each.mark is None, reversed(thread.found))]
    head = thread.found[-len(above) - 1].mark if len(above) < len(thread.found) else None
    if not mark.bare or (head is None and mark.speaker is not Speaker.PERSON):
        return None
    if head is not None and (head.is_field or {head.speaker, mark.speaker} != BOTH):
        return None
    if len(above) > _MOST_LINES_OF_A_LETTERHEAD or not all(_is_of_a_head(each.block.text) for each in above):
        return None
    name, first = thread.lines[number].block.text, number + 1
    for place, each in enumerate(thread.lines[first : first + 1 + _MOST_LINES_OF_A_LETTERHEAD], first):
        greeting = GREETING.match(each.block.text.strip())
        if greeting is not None:
            called = set(parts_of(greeting[1]))
            office = mark.speaker is Speaker.SERVICE and bool(called & _OF_AN_OFFICE)
            return place if office or not called.isdisjoint(parts_of(name)) else None
        if not (_is_of_a_head(each.block.text) or _SUBJECT.match(fold(each.block.text))):
            return None
    return None


def _is_of_a_head(text: str) -> bool:
    """Whether a line is a date, a reference or part of an address, and no sentence."""
    return len(text.split()) <= _MOST_WORDS_OF_A_REFERENCE and not text.rstrip().endswith((".", "!", "?", ","))


def _of_the_letter(thread: _Thread, greeting: int, addressee: Mark) -> Mark | None:
    """
    Whose a letter is: the holder's name beneath the service's, and its signature below, say that it is the service's.

    Not beneath anything of the person's: they may have copied a letter that somebody got; in one article with that it
    is nobody's.
    """
    heads = [(each, each.mark) for each in thread.found if each.mark is not None]
    if addressee.speaker is not Speaker.PERSON or not heads:
        return None
    if any(mark.speaker is not Speaker.SERVICE for _, mark in heads):
        article = article_of(thread.view, heads[-1][0])
        within = article is not None and any(article_of(thread.view, line) == article for line, _ in heads[:-1])
        return Mark(Speaker.UNKNOWN) if within else None
    marks = (thread.speakers.mark(line.block.text) for line in thread.lines[greeting + 1 :])
    signed = any(mark is not None and mark.speaker is Speaker.SERVICE for mark in marks)
    return replace(heads[-1][1], strength=max(heads[-1][1].strength, Strength.SAID)) if signed else None


def _with_date_below(view: PageView, lines: Sequence[Line], number: int, speakers: Speakers) -> Line:
    """
    A line; an author's with the date that stands in the same head.

    Without it a signature beneath the text would count as much as the author above it.
    """
    line, *below = lines[number : number + _MOST_LINES_OF_A_HEAD]
    mark, node = line.mark, line.block.node
    date = next((each for each in below if not is_beside(each.block.text, speakers)), None)
    if mark is None or line.signs or not mark.bare or node < 0:
        return line
    if date is None or not speakers.is_date(date.block.text):
        return line
    lineage = {n.index for n in around(view, node)}
    head = next((n.index for n in around(view, date.block.node) if n.index in lineage), -1)
    inside = (each for each in lines if each.block.node >= 0 and view.is_inside(each.block.node, head))
    if any(each not in (line, date) and not is_beside(each.block.text, speakers) for each in inside):
        return line
    at = find_date(date.block.text, speakers.locale).at
    return replace(line, mark=replace(mark, at=at, strength=Strength.DATED if at else Strength.SAID))
