"""
From an opened item of the inbox to signals: is it the service's answer to an objection to AI, and which?

An item that concerns an objection and is not understood stops every verdict.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from automation.domain.signals import Signal, SignalName, Way
from automation.domain.wording import Wording
from automation.page import PageView
from automation.reading.replies import Meaning, ReplyReading, Said
from automation.text.normalizing import quote

if TYPE_CHECKING:
    from automation.text.labels import Labels


_FRAME_ROLES = frozenset({"banner", "navigation", "search", "contentinfo", "complementary"})


@dataclass
class InboxReading:
    """What the inbox said."""

    signals: list[Signal] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    items: int = 0
    complete: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that the inbox holds, opened."""

    surface: str
    text: ReplyReading
    page: PageView
    elsewhere: frozenset[str] = frozenset()
    """Links that stand on the list's own page too, and so are no part of the item."""
    named: str = ""
    """What the list calls it."""
    inline: bool = False
    """Whether it stands on the inbox's own page, among whatever else stands there."""
    picture: str | None = None
    """Name of the picture that shows it; None where the inbox's own does."""


REPLY_SIGNALS: Mapping[Meaning, SignalName] = {
    Meaning.ACCEPTED: SignalName.REPLY_ACCEPTED,
    Meaning.REFUSED: SignalName.REPLY_REFUSED,
    Meaning.PENDING: SignalName.REPLY_PENDING,
    Meaning.MORE_INFORMATION: SignalName.REPLY_MORE_INFORMATION,
}
"""The signal of what a sentence says, wherever an answer is read."""


def judge_item(reading: InboxReading, item: Item, labels: Labels, locale: str) -> None:
    """Turn one item into signals. An item that concerns an objection and is not understood stops every verdict."""
    known = len(reading.signals)
    _judge(reading, item, labels, locale)
    reading.signals[known:] = [replace(signal, picture=item.picture) for signal in reading.signals[known:]]


def _judge(reading: InboxReading, item: Item, labels: Labels, locale: str) -> None:
    text, where = item.text, item.surface
    if not text.concerns:
        return
    if not text.said and not any(p.wording is Wording.SOURCED for p in labels.phrases("reply.accepted", locale)):
        # Whatever it says: in a language without sourced words of acceptance it could be one.
        reading.missing.append(f"{locale or 'und'}:reply.accepted")
    if text.unclear or text.elsewhere is not None:
        what = text.unclear[0] if text.unclear else f"speaks of {text.elsewhere.text if text.elsewhere else ''}"
        reading.signals.append(_unclear(where, Way.NOT_PLAIN, what))
        return
    if not text.said:
        excerpt = " ".join(item.page.text().split())
        reading.signals.append(SignalName.REPLY_UNCLASSIFIED.seen(where, quote=quote(excerpt)))
        return
    if not all(_about_objecting(said, item, labels, locale) for said in text.said):
        reading.signals.append(_unclear(where, Way.ANOTHER_REQUEST, text.said[0].sentence))
        return
    tie = _tie(where, text, item, labels) if text.speaks else None
    frame = _frame(item, labels, locale)
    if tie is None or frame is None:
        why = Way.NO_TIE if tie is None else Way.NO_FRAME
        reading.signals.append(_unclear(where, why, text.said[0].sentence))
        return
    reading.signals.extend((tie, frame))
    reading.signals.extend(
        REPLY_SIGNALS[said.meaning].seen(where, quote=quote(said.sentence), words=said.phrase) for said in text.said
    )


def _about_objecting(said: Said, item: Item, labels: Labels, locale: str) -> bool:
    """Whether a sentence, or what the item is called, speaks of objecting; "your request" alone may be any."""
    texts = (said.sentence, item.named, *(h.name for h in item.page.headings()))
    return any(labels.find_word("objection.words", loc, t) for t in texts for loc in dict.fromkeys([locale, "en"]))


def _unclear(where: str, why: Way, words: str) -> Signal:
    return SignalName.REPLY_UNCLEAR.seen(where, why, quote=quote(words))


def _tie(where: str, text: ReplyReading, item: Item, labels: Labels) -> Signal | None:
    """What says that a reply is about AI: a link to the service's page on it, or its name for it."""
    paths = [p.text for p in labels.phrases("ai.paths", "en")]
    page = item.page
    for node, href in page.links():
        if href in item.elsewhere or any(a.role in _FRAME_ROLES for a in page.ancestors(node.index)):
            continue
        path = urlsplit(urljoin(page.url, href)).path
        if any(fnmatchcase(path, pattern) for pattern in paths):
            return SignalName.REPLY_ABOUT_AI.seen(where, Way.LINK_IN_REPLY, quote=path)
    if text.names_ai is not None:
        return SignalName.REPLY_ABOUT_AI.seen(where, Way.WORDS_IN_REPLY, quote=text.names_ai.text, words=text.names_ai)
    return None


def _frame(item: Item, labels: Labels, locale: str) -> Signal | None:
    """
    What shows that the words are the service's answer, and not help that stands beside it.

    A signature or heading that only answers carry; or, on an item's own page, a heading that speaks of objecting.
    """
    frame = item.text.frame
    if frame is not None:
        return SignalName.REPLY_FRAME.seen(item.surface, Way.SIGNATURE, quote=frame.text, words=frame)
    if item.inline:
        return None
    for heading in (*(h.name for h in item.page.headings()), item.named):
        for loc in dict.fromkeys([locale, "en"]):
            word = labels.find_word("objection.words", loc, heading)
            if word is not None:
                return SignalName.REPLY_FRAME.seen(
                    item.surface, Way.ITEM_HEADING, quote=quote(heading), locale=locale, source=word.source
                )
    return None
