"""Threads drawn as outlines, for tests about what stands around the messages, and what the reader says of them."""

from __future__ import annotations

from automation.reading.letters.answers import Item, judge_item
from automation.reading.letters.sentences import Meaning
from automation.reading.letters.thread import read_thread
from automation.reading.threads.authors import Speakers
from automation.reading.threads.turns import turns_of
from automation.text.labels import Labels
from automation.text.page_words import PageWords
from tests.corpus.cases import COMMON, OFFICE, OWN
from tests.reading.outline import Part, el, page

__all__ = ["ACCEPTED", "ASKED", "OFFICE", "OWN", "PENDING", "RECEIPT", "REFUSED", "TITLES", "day", "message", "said"]

TITLES: dict[str, str] = COMMON["titles"]
ACCEPTED, REFUSED, PENDING = (COMMON["answers"]["en"][name] for name in ("accepted", "refused", "pending"))
RECEIPT = "We've received your request and we're reviewing it."


def day(number: int) -> str:
    """A day of one month."""
    return f"{number} October 2026 at 9:00"


def message(author: str, at: str | Part, *texts: str | Part) -> Part:
    """A message with its author and date above it."""
    return el("li", el("div", author), el("div", at), *(el("p", text) for text in texts), role="listitem")


ASKED = message(OWN, day(1), "I object.")


def said(meta_labels: Labels, *messages: Part, locale: str = "en", title: str = "") -> set[Meaning]:
    """What a thread says for certain."""
    words = PageWords.of(meta_labels, locale)
    speakers = Speakers(
        locale, frozenset({"meta", "facebook", "instagram", "privacy operations"}), frozenset({OWN.lower()})
    )
    view = page(el("main", el("h1", title or TITLES[locale]), el("ul", *messages)))
    turns = turns_of(view, view.blocks(), speakers)
    item = Item("inbox", read_thread(turns, words), view, turns=turns, holder=speakers.holder)
    return set(judge_item(item, words).meanings)
