"""
The lines of a thread and the marks on them that say who speaks.

Each finder looks at one thing that pages draw (a name, a label, a badge, a point of a timeline, a picture) and gives
marks; of those of a line the first one counts that names a side.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import takewhile

from automation.page import Block, PageView
from automation.reading.threads.authors import GREETING, Mark, Speaker, Speakers, Strength, parts_of
from automation.reading.threads.dates import find_date
from automation.reading.threads.lines import BOTH, Line, Thread, cut, points, title_of, with_unseen
from automation.reading.threads.text import around, is_heading
from automation.reading.threads.words import forwards, phrases
from automation.text.normalizing import fold, fold_label

_LABELS = frozenset({"DT", "LABEL"})
_MOST_LETTERS_OF_INITIALS, _MOST_LETTERS_OF_A_SUBJECT = 3, 120
_MOST_WORDS_OF_A_CLOSING = _MOST_WORDS_OF_A_STRANGER = 4
_MOST_WORDS_OF_A_REFERENCE = 8
_MOST_LINES_OF_A_HEAD, _MOST_LINES_OF_A_LETTERHEAD = 4, 6
_PARTS_OF_A_BADGED_HEAD = 3
_BEHIND_A_NAME = re.compile(r"[(\[·,|].*")
"""What may stand behind a name: an office, a role."""
_NAME = re.compile(r"[^\W\d_][\w.'’-]*(?: [^\W\d_][\w.'’-]*){0,3}")
_SUBJECT = re.compile(
    r"(?:re|ref|subject|reference|betreff|betrifft|objet|oggetto|asunto|onderwerp|dotyczy|assunto) ?:"
)
_OF_AN_OFFICE = frozenset({"sirs", "team"})
"""Whom nobody greets so but who writes to a firm."""


def marked_lines(view: PageView, blocks: Sequence[Block], speakers: Speakers) -> list[Line]:
    """The thread's paragraphs cut into lines, each with what it says of who speaks."""
    lines = with_unseen(view, [*cut(blocks)], speakers)
    lines = points(view, lines, speakers)
    lines = _without_titles(view, _resolved(Thread.of(view, lines, speakers)), speakers)
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


# -- one list of finders, and one resolver ---------------------------------------------------------------------------


def _given(thread: Thread, number: int) -> Mark | None:
    """What was found beside what is drawn: timelines, pictures, words that are only read out."""
    return thread.lines[number].mark


def _worded(thread: Thread, number: int) -> Mark | None:
    """What the line says by itself."""
    line = thread.lines[number]
    return thread.speakers.mark(line.block.text, label=_is_label(thread.view, line.block.node))


def _badged(thread: Thread, number: int) -> Mark | None:
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


FINDERS: tuple[Callable[[Thread, int], Mark | None], ...] = (_given, _worded, _badged)


def _resolved(thread: Thread) -> list[Line]:
    """The lines, each with the first mark that names a side; labels, subjects and addressees are set aside."""
    for number, line in enumerate(thread.lines):
        aside = _beside_the_author(thread, number)
        thread.found.append(aside if aside is not None else _with_mark(thread, number, line))
    return thread.found


def _beside_the_author(thread: Thread, number: int) -> Line | None:
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


def _with_mark(thread: Thread, number: int, line: Line) -> Line:
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


def _mark_of(thread: Thread, number: int) -> Mark | None:
    """The first mark that names a side, but for the name of whom a letter is to; the first one where none does."""
    node = thread.lines[number].block.node
    marks = [mark for find in FINDERS if node not in thread.facts and (mark := find(thread, number)) is not None]
    mark = next((m for m in marks if m.speaker is not Speaker.UNKNOWN), marks[0] if marks else None)
    greeting = None if mark is None or is_heading(thread.view, node) else _greeting_to(thread, number, mark)
    if mark is None or greeting is None:
        return mark
    thread.greeted = greeting
    return _of_the_letter(thread, greeting, mark)


def _is_of_a_mail_head(text: str, thread: Thread) -> bool:
    """Whether a line of a mail's head says to whom it is, or repeats the title as its subject: "Subject: Re: …"."""
    label, colon, value = text.partition(":")
    if not colon or not value.strip():
        return False
    subject = thread.speakers.calls("letterhead", label) and title_of(value) in thread.titles
    return thread.speakers.is_addressee(text) or subject


def _is_said(text: str) -> bool:
    """Whether a line is too long, or too much of a sentence, to be a subject or a date: beneath an empty "Subject:"."""
    return len(text) > _MOST_LETTERS_OF_A_SUBJECT or text.rstrip().endswith((".", "!", ","))


def _is_label(view: PageView, node: int) -> bool:
    """Whether the page marks a text up as the label of a value."""
    if node < 0 or view.nodes[node].tag != "TH":
        return node >= 0 and view.nodes[node].tag in _LABELS
    return any(view.nodes[n].tag == "TD" for n in view.children.get(view.nodes[node].parent, ()))


def _heads_the_text(thread: Thread) -> bool:
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


def _signs(thread: Thread, number: int, mark: Mark) -> bool:
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


def _greeting_to(thread: Thread, number: int, mark: Mark) -> int | None:
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


def _of_the_letter(thread: Thread, greeting: int, addressee: Mark) -> Mark | None:
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
