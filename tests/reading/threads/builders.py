"""Threads written as outlines, and who is read to have said what in them."""

from __future__ import annotations

from automation.reading.threads.authors import Speaker, Speakers
from automation.reading.threads.turns import Turn, turns_of
from tests.reading.outline import Part, el, page

OWN, OFFICE, FIRM = "Leander Fitzhugh", "Privacy Operations", "Meta Platforms Ireland Limited"
SPEAKERS = Speakers("en", frozenset({"meta", "facebook", OFFICE.lower(), FIRM.lower()}), frozenset({OWN.lower()}))
TITLE = "Object to your information being used for AI at Meta"
ASKED = "I object to my information being used for AI at Meta."
RECEIVED = "We've received your objection and we're reviewing it."
ACCEPTED = "We've reviewed your request and will honor your objection."
REFUSED = "We've reviewed your request and won't honor your objection."
SERVICE, PERSON, UNKNOWN = Speaker.SERVICE, Speaker.PERSON, Speaker.UNKNOWN


def turns(*parts: Part | str, speakers: Speakers = SPEAKERS, title: str = TITLE) -> tuple[Turn, ...]:
    """The turns of a page with a title."""
    view = page(el("main", el("h1", title), *parts))
    return turns_of(view, view.blocks(), speakers)


def whose(*parts: Part | str, speakers: Speakers = SPEAKERS) -> dict[str, Speaker]:
    """Whose each paragraph of a page is."""
    return {block.text: turn.speaker for turn in turns(*parts, speakers=speakers) for block in turn.blocks}


def said(*parts: Part | str) -> list[tuple[Speaker, str]]:
    """Who said what last, message by message."""
    return [(turn.speaker, turn.blocks[-1].text) for turn in turns(*parts) if turn.marked and turn.blocks]


def day(number: int) -> str:
    """A day of one month."""
    return f"{number} October 2026 at 9:00"


def message(author: str, at: str | Part, *texts: str) -> Part:
    """A message with its author and date above it."""
    return el("li", el("div", author), el("div", at), *lines(*texts), role="listitem")


def lines(*texts: str) -> tuple[Part, ...]:
    """Paragraphs."""
    return tuple(el("p", text) for text in texts)
