"""
From an opened item of the inbox to signals: is it the service's answer to an objection to AI, and which?

An item that concerns an objection and is not understood stops every verdict.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from datetime import datetime
from fnmatch import fnmatchcase
from itertools import combinations
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from automation.domain.replies import Reply
from automation.domain.signals import Signal, SignalName
from automation.domain.ways import Way
from automation.domain.wording import Wording
from automation.page import PageView
from automation.reading.inbox.addressee import greets_another
from automation.reading.threads.dates import in_order
from automation.reading.inbox.framing import ended_around, line_against, status_against
from automation.reading.inbox.representing import is_for_another, names_another_holder
from automation.reading.inbox.thread import ThreadReading
from automation.reading.threads.turns import Turn
from automation.reading.letter import letter_in
from automation.reading.meanings import Meaning
from automation.reading.replies import ReplyReading
from automation.text.normalizing import fold_label, quote

if TYPE_CHECKING:
    from automation.text.labels import Phrase
    from automation.text.page_words import PageWords


_FRAME_ROLES = frozenset({"banner", "navigation", "search", "contentinfo", "complementary"})


@dataclass
class InboxReading:
    """What the inbox said."""

    signals: list[Signal] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    replies: list[Reply] = field(default_factory=list)
    items: int = 0
    complete: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that the inbox holds, opened."""

    surface: str
    thread: ThreadReading
    page: PageView
    elsewhere: frozenset[str] = frozenset()
    """Links that stand on the list's own page too, and so are no part of the item."""
    named: str = ""
    """What the list calls it."""
    inline: bool = False
    """Whether it stands on the inbox's own page, among whatever else stands there."""
    picture: str | None = None
    """Name of the picture that shows it; None where the inbox's own does."""
    turns: tuple[Turn, ...] = ()
    """What was said in it, as it was read."""
    holder: frozenset[str] = frozenset()
    """Names of the account's holder, folded."""
    closed: bool = False
    """Whether a message of it could not be opened."""
    closed_later: bool = False
    """Whether such a message may have been written after the others."""

    @property
    def text(self) -> ReplyReading:
        """What the service's words in it say."""
        return self.thread.text


REPLY_SIGNALS: Mapping[Meaning, SignalName] = {
    Meaning.ACCEPTED: SignalName.REPLY_ACCEPTED,
    Meaning.REFUSED: SignalName.REPLY_REFUSED,
    Meaning.PENDING: SignalName.REPLY_PENDING,
    Meaning.MORE_INFORMATION: SignalName.REPLY_MORE_INFORMATION,
}
"""The signal of what a sentence says, wherever an answer is read."""


@dataclass(frozen=True, slots=True)
class ItemAnswer:
    """What one item proves."""

    signals: tuple[Signal, ...] = ()
    missing: tuple[str, ...] = ()
    at: datetime | None = None
    """When its decisive turn was written, as far as the page says; without a time zone."""
    meanings: frozenset[Meaning] = frozenset()

    @property
    def decides(self) -> bool:
        """Whether the objection was accepted or refused in it."""
        return bool(self.meanings & {Meaning.ACCEPTED, Meaning.REFUSED})


def judge_item(item: Item, words: PageWords) -> ItemAnswer:
    """Turn one item into signals. An item that concerns an objection and is not understood stops every verdict."""
    service = words.with_english.names("speaker.service").keys()
    if not item.text.concerns:
        return ItemAnswer(at=item.thread.at)
    answer = answer_of(item.thread, setting_of(item, words), words)
    if answer.decides and item.closed_later:
        first = item.text.said[0].sentence
        answer = ItemAnswer((unclear(item.surface, Way.MESSAGE_CLOSED, first),), answer.missing, answer.at)
    if answer.decides and greets_another(item.turns, item.holder, service):
        first = item.text.said[0].sentence
        answer = ItemAnswer((unclear(item.surface, Way.ANOTHER_PERSON, first),), answer.missing, answer.at)
    other = _for_another(item, service) if answer.meanings else None
    if other is not None:
        answer = ItemAnswer((unclear(item.surface, Way.FOR_ANOTHER, other),), answer.missing, answer.at)
    ended = ended_around(item.page, words) if answer.decides else None
    if ended is None and answer.meanings:
        ended = status_against(item.page, item.turns, answer.meanings, words)
    if ended is None and answer.decides:
        ended = line_against(item.page, item.turns, answer.meanings, answer.at, words)
    if ended is not None:
        answer = ItemAnswer((unclear(item.surface, Way.NOT_PLAIN, ended),), answer.missing, answer.at)
    return replace(answer, signals=tuple(replace(signal, picture=item.picture) for signal in answer.signals))


def _for_another(item: Item, service: AbstractSet[str]) -> str | None:
    """Words that name somebody else as whose objection is answered."""
    said = (each.whole or each.sentence for each in item.text.said)
    named = (sentence for sentence in said if is_for_another(sentence, item.holder, service))
    return next(named, None) or names_another_holder(item.turns, item.holder, service)


def latest_of(answers: Sequence[ItemAnswer]) -> list[ItemAnswer]:
    """
    The items that count where an inbox holds several: the latest that was decided, and whatever may be later.

    A case that is still open, or not understood, does not undo one that was decided after it. One that was opened after
    a refusal does: the person has objected once more; and so may one that says that the decision is looked at again.
    """
    decided = [answer for answer in answers if answer.decides]
    if not decided:
        return list(answers)
    moments = {answer.at for answer in decided}
    if len(decided) > 1 and (None in moments or any(_before(a, b) is None for a, b in combinations(moments, 2))):
        return [answer for answer in answers if answer.decides or not answer.meanings]
    last = max(decided, key=lambda answer: answer.at or datetime.min)  # noqa: DTZ901 - naive like `at`
    same = [answer for answer in decided if answer.at == last.at]
    open_ones = [answer for answer in answers if not answer.meanings and answer.signals]
    later = [answer for answer in answers if answer.meanings and answer not in decided and _before(last.at, answer.at)]
    if later and all(answer.meanings == {Meaning.REFUSED} for answer in same):
        return [*later, *(answer for answer in open_ones if not _before(answer.at, last.at))]
    again = [answer for answer in later if any(letter_in(s.locale).reopens(s.quote) for s in answer.signals)]
    return [*same, *again, *(answer for answer in open_ones if not _before(answer.at, last.at))]


def _before(at: datetime | None, other: datetime | None) -> bool | None:
    """Whether a moment is before another one; None where that is not known."""
    return in_order(at, other) if at is not None and other is not None else None


_OF_OTHERS = frozenset({"link", "button", "tab", "listitem", "row", "option", "treeitem", "navigation"})
"""Roles around a title that may be another item's, or lead to the form."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What stands around a thread's words and tells what they are about; none of it says how it was decided."""

    surface: str
    about: Signal | None = None
    """What ties the thread to AI."""
    headed: Signal | None = None
    """What, beside its own words, shows that it is the service's answer."""
    objecting: bool = False
    """Whether its title or the user's request speaks of objecting; "your request" alone may be any."""


def answer_of(thread: ThreadReading, setting: Setting, words: PageWords) -> ItemAnswer:
    """Turn a thread that speaks of an objection into signals; what is not understood stops every verdict."""
    text, where = thread.text, setting.surface
    missing: tuple[str, ...] = ()
    if not text.said and not any(p.wording is Wording.SOURCED for p in words.phrases("reply.accepted")):
        # Whatever it says: in a language without sourced words of acceptance it could be one.
        missing = (f"{words.locale or 'und'}:reply.accepted",)
    if text.unclear or text.elsewhere is not None:
        what = text.unclear[0] if text.unclear else f"speaks of {text.elsewhere.text if text.elsewhere else ''}"
        return ItemAnswer((unclear(where, Way.NOT_PLAIN, what),), missing, thread.at)
    if not text.said:
        # Not the page's text: it holds names, the user's own words and those of whoever else wrote there.
        excerpt = text.open[0] if text.open else ""
        return ItemAnswer((SignalName.REPLY_UNCLASSIFIED.seen(where, quote=quote(excerpt)),), missing, thread.at)
    first = text.said[0].sentence
    if not all(setting.objecting or _speaks_of_objecting(said.whole or said.sentence, words) for said in text.said):
        return ItemAnswer((unclear(where, Way.ANOTHER_REQUEST, first),), missing, thread.at)
    frame = _frame(thread, setting)
    if setting.about is None or frame is None:
        why = Way.NO_TIE if setting.about is None else Way.NO_FRAME
        return ItemAnswer((unclear(where, why, first),), missing, thread.at)
    answers = [
        REPLY_SIGNALS[said.meaning].seen(where, quote=quote(said.sentence), words=said.phrase) for said in text.said
    ]
    meanings = frozenset(said.meaning for said in text.said)
    return ItemAnswer((setting.about, frame, *answers), missing, thread.at, meanings)


def setting_of(item: Item, words: PageWords) -> Setting:
    """What stands around an item's words on its page."""
    titles = (item.named, *(h.name for h in item.page.headings()))
    objecting = item.thread.request is not None or any(_speaks_of_objecting(text, words) for text in titles)
    objecting = objecting or _titled_as_the_form(item.page, words) is not None
    return Setting(item.surface, _tie(item.surface, item.text, item, words), _headed(item, words), objecting)


def _speaks_of_objecting(text: str, words: PageWords) -> bool:
    return words.with_english.find_word("objection.words", text) is not None


def unclear(where: str, why: Way, words: str) -> Signal:
    """Words that may be an answer and cannot be taken for one."""
    return SignalName.REPLY_UNCLEAR.seen(where, why, quote=quote(words))


def _tie(where: str, text: ReplyReading, item: Item, words: PageWords) -> Signal | None:
    """What says that a reply is about AI: a link to the service's page on it, or its name for it."""
    paths = [p.text for p in words.english.phrases("ai.paths")]
    page = item.page
    for node, href in page.links():
        if href in item.elsewhere or any(a.role in _FRAME_ROLES for a in page.ancestors(node.index)):
            continue
        path = urlsplit(urljoin(page.url, href)).path
        if any(fnmatchcase(path, pattern) for pattern in paths):
            return SignalName.REPLY_ABOUT_AI.seen(where, Way.LINK_IN_REPLY, quote=path)
    if text.names_ai is not None:
        return SignalName.REPLY_ABOUT_AI.seen(where, Way.WORDS_IN_REPLY, quote=text.names_ai.text, words=text.names_ai)
    request = item.thread.request
    if request is not None:
        return SignalName.REPLY_ABOUT_AI.seen(where, Way.ANSWERS_A_REQUEST, quote=request.text, words=request)
    title = _titled_as_the_form(page, words) or _called_as_the_form(item.named, words)
    if title is not None:
        return SignalName.REPLY_ABOUT_AI.seen(where, Way.ANSWERS_A_REQUEST, quote=title.text, words=title)
    return None


def _titled_as_the_form(page: PageView, words: PageWords) -> Phrase | None:
    """The form's own title where it stands on an item's page by itself, be it in the site's frame; no link, no row."""
    titles = words.wherever_known("form.title").names("form.title")
    for block in page.blocks(chrome=True):
        title = titles.get(fold_label(block.text))
        if title is None or block.node < 0:
            continue
        near = (page.nodes[block.node], *page.ancestors(block.node), *page.within(block.node))
        if not any(n.role in _OF_OTHERS for n in near):
            return title
    return None


def _called_as_the_form(named: str, words: PageWords) -> Phrase | None:
    """The form's own title where the list calls an item so; a day and a state may stand behind it."""
    titles, said = words.wherever_known("form.title").names("form.title"), fold_label(named)
    return next((phrase for title, phrase in titles.items() if said.startswith(title)), None)


def _frame(thread: ThreadReading, setting: Setting) -> Signal | None:
    """
    What shows that the words are the service's answer, and not help that stands beside it.

    A signature or heading that only answers carry; or, on an item's own page, a heading that speaks of objecting.
    """
    frame = thread.text.frame
    if frame is not None:
        return SignalName.REPLY_FRAME.seen(setting.surface, Way.SIGNATURE, quote=frame.text, words=frame)
    if thread.by_service:
        return SignalName.REPLY_FRAME.seen(setting.surface, Way.AUTHOR)  # the author may be a person: no name
    return setting.headed


def _headed(item: Item, words: PageWords) -> Signal | None:
    if item.inline:
        return None
    for heading in (*(h.name for h in item.page.headings()), item.named):
        word = words.with_english.find_word("objection.words", heading)
        if word is not None:
            return SignalName.REPLY_FRAME.seen(
                item.surface, Way.ITEM_HEADING, quote=quote(heading), locale=words.locale, source=word.source
            )
    return None
