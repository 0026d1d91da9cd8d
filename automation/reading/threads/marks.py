"""
The marks on a thread's lines that say who speaks from there on.

Of what pages draw (a name, a label, a badge, a point of a timeline, a picture) the first mark counts that names a side.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import takewhile

from automation.page import Block, PageView
from automation.reading.threads.authors import Mark, Speaker, Speakers, Strength, parts_of
from automation.reading.threads.lines import (
    BOTH,
    Line,
    around,
    cut,
    is_heading,
    is_initials,
    points,
    shown_texts,
    with_unseen,
)
from automation.reading.threads.words import find_date, forwards, phrases
from automation.text.normalizing import fold, fold_label

_MOST_LETTERS_OF_A_SUBJECT = 120
_MOST_WORDS_OF_A_CLOSING = _MOST_WORDS_OF_A_STRANGER = 4
_MOST_WORDS_OF_A_REFERENCE = 8
_MOST_LINES_OF_A_HEAD, _MOST_LINES_OF_A_LETTERHEAD = 4, 6
_PARTS_OF_A_BADGED_HEAD = 3
_AGAIN = re.compile(r"^(?:(?:re|fwd?|aw|wg|rép|réf|odp|antw|rif) ?: ?)+")
_BEHIND_A_NAME = re.compile(r"[(\[·,|].*")
"""What may stand behind a name: an office, a role."""
_NAME = re.compile(r"[^\W\d_][\w.'’-]*(?: [^\W\d_][\w.'’-]*){0,3}")
_SUBJECT = re.compile(
    r"(?:re|ref|subject|reference|betreff|betrifft|objet|oggetto|asunto|onderwerp|dotyczy|assunto) ?:"
)
_OF_AN_OFFICE = frozenset({"sirs", "team"})
"""Whom nobody greets so but who writes to a firm."""
_GREETING = re.compile(
    r"(?:hi|hello|hey|dear|good (?:morning|afternoon|evening)|bonjour|bonsoir|salut|ch[eè]re?|hallo|liebe[rs]?"
    r"|guten tag|sehr geehrte[rs]?|hola|estimad[oa]|ciao|gentile|car[oa]|beste)"
    r" ((?:(?:mrs?|ms|mx|dr|prof|mme|m|sra?)\. )?[^,!.:;?\n]{2,40})\s*[,!:\n]",
    re.IGNORECASE,
)
"""A line that greets, and whom."""


def marked_lines(view: PageView, blocks: Sequence[Block], speakers: Speakers) -> list[Line]:
    """The thread's paragraphs cut into lines, each with what it says of who speaks."""
    lines = points(view, with_unseen(view, [*cut(blocks)], speakers), speakers)
    lines = _without_titles(view, _Marking(view, lines, speakers).read(), speakers)
    return [_with_date_below(view, lines, number, speakers) for number in range(len(lines))]


def is_beside(text: str, speakers: Speakers) -> bool:
    """Whether a line stands beside the date at the head of a message: initials on a picture, or whom it is to."""
    return is_initials(text) or speakers.is_addressee(text)


def article_of(view: PageView, line: Line) -> int | None:
    """The article in which a line stands."""
    return next((n.index for n in around(view, line.block.node)[1:] if "article" in {n.role, n.tag.lower()}), None)


class _Marking:
    """The lines of a thread while they are read from above; labels, subjects and addressees are set aside."""

    def __init__(self, view: PageView, lines: Sequence[Line], speakers: Speakers) -> None:
        self.view, self.lines, self.speakers = view, lines, speakers
        self.titles = {_title_of(line.block.text) for line in lines if is_heading(view, line.block.node)}
        self.facts = {*_facts_of_the_case(view, speakers), *(n.index for n in view.nodes if n.tag == "H1")}
        """Values of a case's own data, and the title of the page: they wrote nothing."""
        self.found: list[Line] = []
        self.to_whom = False
        """Whether the line above is the label of whom a message is to."""
        self.of_head = False
        """Whether it is another label of a message's head."""
        self.greeted = -1
        """The line with the greeting of the letter whose head is being read."""

    def read(self) -> list[Line]:
        """The lines, each with the first mark that names a side."""
        for number in range(len(self.lines)):
            self.found.append(self._beside_the_author(number) or self._with_mark(number))
        return self.found

    def _beside_the_author(self, number: int) -> Line | None:
        """A line of a message's head that names no author: whom it is to, a label, a subject, an address."""
        speakers, line = self.speakers, self.lines[number]
        text, above = line.block.text, self.found[-1] if self.found else None
        recipients = speakers.calls("recipients", text)
        firm = text.rstrip().endswith(":") or _is_label(self.view, line.block.node)
        # A single letter without a colon may be somebody's initial, in place of a picture.
        label = firm or (len(text) > 1 and above is not None and above.mark is not None)
        if self.to_whom or (label and (recipients or speakers.calls("letterhead", text))):
            # Who gets a message did not write it. The harm: the service's words would be taken for the person's.
            self.of_head = firm and not (recipients or self.to_whom)
            self.to_whom = recipients and not self.to_whom
            return replace(line, mark=None, hidden=True)
        heads = above is not None and (above.mark is not None or above.hidden or speakers.is_date(above.block.text))
        if heads and self._is_of_a_mail_head(text):
            return replace(line, mark=None, hidden=True)
        return replace(line, mark=None, head=True) if number < self.greeted else None  # "Dublin, 2 June" is no author

    def _is_of_a_mail_head(self, text: str) -> bool:
        """Whether a line of a mail's head says to whom it is, or repeats the title as its subject: "Subject: Re: …"."""
        label, _, value = text.partition(":")
        if not value.strip():
            return False
        again = _title_of(value) in self.titles and self.speakers.calls("letterhead", label)
        return again or self.speakers.is_addressee(text)

    def _with_mark(self, number: int) -> Line:
        """A line with what it says of who speaks, and how it does so."""
        speakers, line = self.speakers, self.lines[number]
        text, of_head = line.block.text, self.of_head
        self.of_head = False
        mark = self._mark_of(number)
        if mark is not None and mark.is_field and self._heads_the_text(text):
            return replace(line, mark=None, hidden=True)
        if number and forwards(self.lines[number - 1].block.text):
            mark = None  # who forwards a message answers for what stands in it
        # Too long, or too much of a sentence, to be a subject or a date: beneath an empty "Subject:".
        said = len(text) > _MOST_LETTERS_OF_A_SUBJECT or text.rstrip().endswith((".", "!", ","))
        if mark is None:
            return replace(line, mark=None, head=of_head and not said)
        labelled = ":" in text and speakers.calls("columns", text.partition(":")[0])
        return replace(line, mark=mark, signs=number > 0 and self._signs(number, mark), labelled=labelled)

    def _mark_of(self, number: int) -> Mark | None:
        """The first mark that names a side, but for the name of whom a letter is to; the first one where none does."""
        line = self.lines[number]
        node = line.block.node
        if node in self.facts:
            return None
        worded = self.speakers.mark(line.block.text, label=_is_label(self.view, node))
        marks = [mark for mark in (line.mark, worded, self._badged(node)) if mark is not None]
        mark = next((m for m in marks if m.speaker is not Speaker.UNKNOWN), marks[0] if marks else None)
        greeting = None if mark is None or is_heading(self.view, node) else self._greeting_to(number, mark)
        if mark is None or greeting is None:
            return mark
        self.greeted = greeting
        return self._of_the_letter(greeting, mark)

    def _badged(self, node: int) -> Mark | None:
        """
        Who wrote, where a name, a badge and a date are elements of one line; None where any other thing stands there.

        The service's badge makes anybody's name that of one of its people, but for the holder's; beside another name
        the one of whoever began the thread says that it is neither side's. In a text all three are one: "Asked Meta
        support on 28 May".
        """
        speakers = self.speakers
        told = [n for n in shown_texts(self.view, node) if re.search(r"\w", n.text)]
        told = told[1:] if len(told) > _PARTS_OF_A_BADGED_HEAD and is_initials(told[0].text) else told
        if {len(told), len({n.parent for n in told})} != {_PARTS_OF_A_BADGED_HEAD}:
            return None
        name, badge, at = (" ".join(n.text.split()) for n in told)
        own = speakers.is_holder(name)
        office = not own and speakers.is_office(badge)
        if not speakers.is_date(at) or not _NAME.fullmatch(name) or not (office or speakers.calls("badges", badge)):
            return None
        whose = Speaker.SERVICE if office else Speaker.PERSON if own else Speaker.UNKNOWN
        return Mark(whose, Strength.DATED, find_date(at, speakers.locale).at)

    def _heads_the_text(self, text: str) -> bool:
        """
        Whether a label follows the head of a message that names its author under a label: "From", "Date", "Message".

        Elsewhere "Message" stands above what the user filled in; here it is whose the head says.
        """
        if not phrases("bodies", self.speakers.locale).fullmatch(fold_label(text)):
            return False
        head = [*takewhile(lambda line: line.hidden or line.head, reversed(self.found))]
        label, author = ([None, None, *self.found[: len(self.found) - len(head)]])[-2:]
        named = author is not None and author.mark is not None and not author.mark.is_field
        return named and label is not None and _names_the_author(label, self.speakers)

    def _signs(self, number: int, mark: Mark) -> bool:
        """
        Whether a name stands where letters are signed: after "Thanks,", or beneath text of the same paragraph.

        An office that is no mere name signs right beneath the closing, in the same element, with no date near it.
        """
        before, line, *beneath = self.lines[number - 1 : number + 2]
        text = fold(before.block.text)
        closing = text.endswith(",") and len(text.split()) <= _MOST_WORDS_OF_A_CLOSING
        if before.mark is not None or not (closing or (not line.first and text.endswith((".", "!", "?")))):
            return False
        if mark.bare or mark.at is not None or mark.opens_quote or mark.is_field:
            return mark.bare
        nodes = [self.view.nodes[each.block.node] for each in (before, line) if each.block.node >= 0]
        beside = len(nodes) > 1 and (nodes[0].index == nodes[1].index or nodes[0].parent == nodes[1].parent)
        undated = not any(self.speakers.is_date(each.block.text) for each in beneath)
        office = beside and undated and self.speakers.is_office(line.block.text)
        return office and not is_heading(self.view, line.block.node)

    def _greeting_to(self, number: int, mark: Mark) -> int | None:
        """
        Place of the greeting, where a name is that of whom a letter is to; None where it is not.

        The name stands between the other side's own head and "Dear …" with that name. Nothing is said yet between the
        head and the name, nor between that and "Dear": dates, an address, a subject. The harm: the whole letter would
        be taken for what the other side wrote. The holder's may stand beneath a head that names nobody: nobody greets
        themselves.
        """
        above = [*takewhile(lambda each: each.mark is None, reversed(self.found))]
        head = self.found[-len(above) - 1].mark if len(above) < len(self.found) else None
        if not mark.bare or (head is None and mark.speaker is not Speaker.PERSON):
            return None
        if head is not None and (head.is_field or {head.speaker, mark.speaker} != BOTH):
            return None
        if len(above) > _MOST_LINES_OF_A_LETTERHEAD or not all(_is_of_a_head(each.block.text) for each in above):
            return None
        name, first = self.lines[number].block.text, number + 1
        for place, each in enumerate(self.lines[first : first + 1 + _MOST_LINES_OF_A_LETTERHEAD], first):
            greeting = _GREETING.match(each.block.text.strip())
            if greeting is not None:
                called = set(parts_of(greeting[1]))
                office = mark.speaker is Speaker.SERVICE and bool(called & _OF_AN_OFFICE)
                return place if office or not called.isdisjoint(parts_of(name)) else None
            if not (_is_of_a_head(each.block.text) or _SUBJECT.match(fold(each.block.text))):
                return None
        return None

    def _of_the_letter(self, greeting: int, addressee: Mark) -> Mark | None:
        """
        Whose a letter is: the service's, where the holder's name stands beneath its own and it signs below.

        Not beneath anything of the person's: they may have copied a letter that somebody got; in one article with that
        it is nobody's.
        """
        heads = [(each, each.mark) for each in self.found if each.mark is not None]
        if addressee.speaker is not Speaker.PERSON or not heads:
            return None
        if any(mark.speaker is not Speaker.SERVICE for _, mark in heads):
            article = article_of(self.view, heads[-1][0])
            within = article is not None and any(article_of(self.view, line) == article for line, _ in heads[:-1])
            return Mark(Speaker.UNKNOWN) if within else None
        marks = (self.speakers.mark(line.block.text) for line in self.lines[greeting + 1 :])
        signed = any(mark is not None and mark.speaker is Speaker.SERVICE for mark in marks)
        return replace(heads[-1][1], strength=max(heads[-1][1].strength, Strength.SAID)) if signed else None


def _title_of(text: str) -> str:
    """A heading or subject, folded, without "Re:"."""
    return _AGAIN.sub("", fold(text)).strip(" .:")


def _facts_of_the_case(view: PageView, speakers: Speakers) -> Iterator[int]:
    """Values of a case's own data, where a list of terms names them: its product, its account."""
    own = False
    for node in view.everything():
        if node.tag == "DT":
            own = speakers.calls("facts", fold_label(view.text(node.index)))
        elif node.tag == "DD" and own:
            yield node.index
            own = False


def _is_label(view: PageView, node: int) -> bool:
    """Whether the page marks a text up as the label of a value."""
    if node < 0 or view.nodes[node].tag != "TH":
        return node >= 0 and view.nodes[node].tag in {"DT", "LABEL"}
    return any(view.nodes[n].tag == "TD" for n in view.children.get(view.nodes[node].parent, ()))


def _is_of_a_head(text: str) -> bool:
    """Whether a line is a date, a reference or part of an address, and no sentence."""
    return len(text.split()) <= _MOST_WORDS_OF_A_REFERENCE and not text.rstrip().endswith((".", "!", "?", ","))


def _names_the_author(label: Line, speakers: Speakers) -> bool:
    """Whether a line is the label of whom a message is from."""
    return label.hidden and speakers.calls("columns", label.block.text)


# -- marks that hang on what stands near -------------------------------------------------------------------------------


def _without_titles(view: PageView, found: Sequence[Line], speakers: Speakers) -> list[Line]:
    """The same lines; a name and nothing beside it is a title, and a stranger's above a date is an author."""
    authors = (line.mark for line in found if not line.signs)
    both = {mark.speaker for mark in authors if mark is not None and not mark.is_field} >= BOTH
    kept = []
    for number, line in enumerate(found):
        mark = line.mark
        if mark is None:
            stranger = not (line.hidden or line.head) and _heads_a_stranger(view, found[number : number + 2], speakers)
            mark = Mark(Speaker.UNKNOWN, Strength.STRANGER) if stranger else None
        elif mark.bare and not (line.signs or both or _is_authors(found, number, speakers)):
            mark = None
        kept.append(line if mark is line.mark else replace(line, mark=mark))
    return kept


def _is_authors(found: Sequence[Line], number: int, speakers: Speakers) -> bool:
    """Whether a name stands beneath the label of an author, or beside a date."""
    near = (found[n].block.text for n in (number - 1, number + 1) if 0 <= n < len(found))
    dates = (find_date(text, speakers.locale) for text in near)
    from_whom = number > 0 and _names_the_author(found[number - 1], speakers)
    return from_whom or any(date.dated and len(date.rest) <= 1 for date in dates)


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


def _with_date_below(view: PageView, lines: Sequence[Line], number: int, speakers: Speakers) -> Line:
    """
    A line; an author's with the date that stands in the same head.

    Without it a signature beneath the text would count as much as the author above it.
    """
    line, *below = lines[number : number + _MOST_LINES_OF_A_HEAD]
    mark, node = line.mark, line.block.node
    if mark is None or line.signs or not mark.bare or node < 0:
        return line
    date = next((each for each in below if not is_beside(each.block.text, speakers)), None)
    if date is None or not speakers.is_date(date.block.text):
        return line
    lineage = {n.index for n in around(view, node)}
    head = next((n.index for n in around(view, date.block.node) if n.index in lineage), -1)
    inside = (each for each in lines if each.block.node >= 0 and view.is_inside(each.block.node, head))
    if any(each not in (line, date) and not is_beside(each.block.text, speakers) for each in inside):
        return line
    at = find_date(date.block.text, speakers.locale).at
    return replace(line, mark=replace(mark, at=at, strength=Strength.DATED if at else Strength.SAID))
