"""The top of a letter: the heading that says whose it is, and the name of whom it is to."""

from __future__ import annotations

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from itertools import takewhile
from typing import TYPE_CHECKING

from automation.reading.inbox.names import GREETING, parts_of
from automation.reading.inbox.speakers import Speaker, SpeakerMark
from automation.text.normalizing import fold

if TYPE_CHECKING:
    from automation.page import PageView
    from automation.reading.inbox.lines import Line
    from automation.reading.inbox.speakers import Speakers

_LEVEL_UNSAID = 2
"""Of a heading by its role alone (WAI-ARIA 1.2)."""
_MOST_LINES = 6
_MOST_WORDS_OF_A_REFERENCE = 8
_SUBJECT = re.compile(
    r"(?:re|ref|subject|reference|betreff|betrifft|objet|oggetto|asunto|onderwerp|dotyczy|assunto) ?:"
)
_OF_AN_OFFICE = frozenset({"sirs", "team"})
"""Whom nobody greets so but who writes to a firm."""


def letter_heads(view: PageView, lines: Sequence[Line], speakers: Speakers) -> dict[int, SpeakerMark]:
    """The lines that head a letter and say whose it is; a heading further down in the outline is of that letter."""
    found: dict[int, SpeakerMark] = {}
    top: int | None = None
    for number, line in enumerate(lines):
        level = _heading_level(view, line.block.node)
        head = level is not None and level > 1 and (top is None or level <= top)  # the first names the page
        mark = speakers.letter(line.block.text) if head else None
        if mark is not None:
            found[number], top = mark, level
    return found


def _heading_level(view: PageView, node: int) -> int | None:
    """How far down a heading stands in the outline of a page: 2 for an `h2`; None where it is none."""
    around = [] if node < 0 else [view.nodes[node], *view.ancestors(node)]
    heading = next((n for n in around if n.role == "heading"), None)
    if heading is None:
        return None
    said = heading.attributes.get("aria-level", heading.tag.removeprefix("H"))
    return int(said) if said.isdecimal() else _LEVEL_UNSAID


def is_of_a_mail_head(text: str, titles: AbstractSet[str], speakers: Speakers) -> bool:
    """
    Whether a line of a mail's head says to whom it is, or repeats the title as its subject: "Subject: Re: …".

    Args:
        text: of the line.
        titles: the page's headings, by `title_of`.
        speakers: the names of both sides.
    """
    label, colon, value = text.partition(":")
    if not colon or not value.strip():
        return False
    return speakers.is_addressee(text) or (speakers.is_letterhead(label) and title_of(value) in titles)


def title_of(text: str) -> str:
    """A heading or subject, folded, without "Re:"."""
    return _AGAIN.sub("", fold(text)).strip(" .:")


_AGAIN = re.compile(r"^(?:(?:re|fwd?|aw|wg|rép|réf|odp|antw|rif) ?: ?)+")


def greeting_to(lines: Sequence[Line], before: Sequence[Line], mark: SpeakerMark) -> int | None:
    """
    Place of the greeting, where a name is that of whom a letter is to; None where it is not.

    The name stands between the other side's own head and "Dear …" with that name. Nothing is said yet between the head
    and the name, nor between that and "Dear": dates, an address, a subject. The harm: the whole letter would be taken
    for what the other side wrote. The holder's may stand beneath a head that names nobody: nobody greets themselves.

    Args:
        lines: of the thread.
        before: those above the name, with what they say of who speaks.
        mark: what the name says.
    """
    above = [*takewhile(lambda each: each.mark is None, reversed(before))]
    head = before[len(before) - len(above) - 1].mark if len(above) < len(before) else None
    if not mark.bare or (head is None and mark.speaker is not Speaker.PERSON):
        return None
    if head is not None and (head.is_field or {head.speaker, mark.speaker} != _BOTH):
        return None
    if len(above) > _MOST_LINES or not all(_is_of_a_head(each.block.text) for each in above):
        return None
    name = lines[len(before)].block.text
    first = len(before) + 1
    for place, each in enumerate(lines[first : first + 1 + _MOST_LINES], first):
        greeting = GREETING.match(each.block.text.strip())
        if greeting is not None:
            called = set(parts_of(greeting[1]))
            office = mark.speaker is Speaker.SERVICE and bool(called & _OF_AN_OFFICE)
            return place if office or not called.isdisjoint(parts_of(name)) else None
        if not (_is_of_a_head(each.block.text) or _SUBJECT.match(fold(each.block.text))):
            return None
    return None


_BOTH = frozenset({Speaker.PERSON, Speaker.SERVICE})


def _is_of_a_head(text: str) -> bool:
    """Whether a line is a date, a reference or part of an address, and no sentence."""
    return len(text.split()) <= _MOST_WORDS_OF_A_REFERENCE and not text.rstrip().endswith((".", "!", "?", ","))
