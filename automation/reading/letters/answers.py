"""
From an opened item of an inbox to signals: is it the service's answer to an objection to AI, and which?

An item that may be about an objection and is not known whole stops every verdict, until a person looked at it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from datetime import datetime
from fnmatch import fnmatchcase
from hashlib import sha256
from itertools import combinations
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from automation.core.looks import Shown
from automation.core.observations import KeptTurn, Paragraph, Reply
from automation.core.signals import Signal, SignalName, Way, Wording
from automation.page import Block, PageView
from automation.reading.letters.sentences import DECISIONS, Meaning, names_topic, without_particulars
from automation.reading.letters.thread import SEVERAL, ThreadReading, by_time, latest_first
from automation.reading.threads.authors import Speaker
from automation.reading.threads.lines import around
from automation.reading.threads.turns import Turn
from automation.reading.threads.words import in_order
from automation.text.normalizing import fold, fold_label, quote

if TYPE_CHECKING:
    from automation.text.labels import Phrase
    from automation.text.page_words import PageWords

Hide = Callable[[str], str]
"""Takes out of a text what may not be shown of people."""
REVISION = 1
"""Of `Reply`: see there."""
REPLY_SIGNALS: Mapping[Meaning, SignalName] = {
    Meaning.ACCEPTED: SignalName.REPLY_ACCEPTED,
    Meaning.REFUSED: SignalName.REPLY_REFUSED,
    Meaning.PENDING: SignalName.REPLY_PENDING,
    Meaning.MORE_INFORMATION: SignalName.REPLY_MORE_INFORMATION,
}
"""The signal of what a sentence says, wherever an answer is read."""
_MEANINGS = {signal: meaning for meaning, signal in REPLY_SIGNALS.items()}
_FRAME_ROLES = frozenset({"banner", "navigation", "search", "contentinfo", "complementary"})
_OF_OTHERS = frozenset({"link", "button", "tab", "listitem", "row", "option", "treeitem", "navigation"})
"""Roles around a title that may be another item's, or lead to the form."""
_SITE, _LEADS_ON = frozenset({"navigation", "search"}), frozenset({"link", "tab", "menuitem", "option", "treeitem"})


@dataclass
class InboxReading:
    """What the inbox said."""

    signals: list[Signal] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    replies: list[Reply] = field(default_factory=list)
    shown: list[Shown] = field(default_factory=list)
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
    """Whether it stands on the list's own page."""
    picture: str | None = None
    turns: tuple[Turn, ...] = ()
    holder: frozenset[str] = frozenset()
    """Names of the account's holder, folded."""
    closed: bool = False
    """Whether it has messages that could not be opened."""
    closed_later: bool = False
    """Whether such a message may have been written after the others."""
    beside: tuple[Block, ...] = ()
    """What stands beside the messages on its page."""


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
        return bool(self.meanings & DECISIONS)

    @property
    def goes_on(self) -> bool:
        """Whether it says something and decides nothing: the case goes on."""
        return bool(self.meanings) and not self.decides

    @property
    def is_open(self) -> bool:
        """Whether it may be about an objection and is not understood."""
        return bool(self.signals) and not self.meanings


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


def judge_item(item: Item, words: PageWords) -> ItemAnswer:
    """Turn one item into signals. An item that concerns an objection and is not understood stops every verdict."""
    if not item.thread.concerns:
        return ItemAnswer(at=item.thread.at)
    answer = answer_of(item.thread, setting_of(item, words), words)
    if answer.meanings and item.closed_later:
        closed = _unclear(item.surface, Way.MESSAGE_CLOSED, item.thread.answers[0].text)
        answer = ItemAnswer((closed,), answer.missing, answer.at)
    return replace(answer, signals=tuple(replace(signal, picture=item.picture) for signal in answer.signals))


def answer_of(thread: ThreadReading, setting: Setting, words: PageWords) -> ItemAnswer:
    """Turn a thread that may be about an objection into signals; what is not understood stops every verdict."""
    where, at = setting.surface, thread.at
    if not thread.answers:
        missing: tuple[str, ...] = ()
        if not any(p.wording is Wording.SOURCED for p in words.phrases("reply.accepted")):
            # Whatever it says: in a language without sourced words of acceptance it could be one.
            missing = (f"{words.locale or 'und'}:reply.accepted",)
        # Not the page's text: it holds names, the user's own words and those of whoever else wrote there.
        excerpt = thread.doubts[0] if thread.doubts else ""
        return ItemAnswer((SignalName.REPLY_UNCLASSIFIED.seen(where, quote=quote(excerpt)),), missing, at)
    first = thread.answers[0].text
    if thread.doubts:
        several = SEVERAL in thread.doubts
        way, told = (Way.SEVERAL_ANSWERS, first) if several else (Way.NOT_KNOWN, thread.doubts[0])
        return ItemAnswer((_unclear(where, way, told),), (), at)
    frame = _frame(thread, setting)
    if not (setting.objecting or thread.objecting):
        return ItemAnswer((_unclear(where, Way.ANOTHER_REQUEST, first),), (), at)
    if setting.about is None or frame is None:
        return ItemAnswer((_unclear(where, Way.NO_TIE if setting.about is None else Way.NO_FRAME, first),), (), at)
    answers = [
        REPLY_SIGNALS[said.meaning].seen(where, quote=quote(said.text), words=said.phrase)
        for said in thread.answers
        if said.meaning is not None
    ]
    return ItemAnswer((setting.about, frame, *answers), (), at, thread.meanings)


def setting_of(item: Item, words: PageWords) -> Setting:
    """What stands around an item's words on its page."""
    titles = (*(h.name for h in item.page.headings()), item.named)
    near = ((text, words.with_english.find_word("objection.words", text)) for text in titles)
    heading, word = next(((text, word) for text, word in near if word is not None), ("", None))
    headed = None
    if word is not None and not item.inline:
        headed = SignalName.REPLY_FRAME.seen(
            item.surface, Way.ITEM_HEADING, quote=quote(heading), locale=words.locale, source=word.source
        )
    objecting = word is not None or _titled_as_the_form(item.page, words) is not None
    return Setting(item.surface, _tie(item, words), headed, objecting)


def _unclear(where: str, why: Way, words: str) -> Signal:
    """Words that may be an answer and cannot be taken for one."""
    return SignalName.REPLY_UNCLEAR.seen(where, why, quote=quote(words))


def _tie(item: Item, words: PageWords) -> Signal | None:
    """What says that a reply is about AI: a link to the service's page on it, or its name for it."""
    paths = [p.text for p in words.english.phrases("ai.paths")]
    page, where, thread = item.page, item.surface, item.thread
    for node, href in page.links():
        if href in item.elsewhere or any(a.role in _FRAME_ROLES for a in page.ancestors(node.index)):
            continue
        path = urlsplit(urljoin(page.url, href)).path
        if any(fnmatchcase(path, pattern) for pattern in paths):
            return SignalName.REPLY_ABOUT_AI.seen(where, Way.LINK_IN_REPLY, quote=path)
    if thread.about_ai is not None:
        way = Way.ANSWERS_A_REQUEST if thread.in_request else Way.WORDS_IN_REPLY
        return SignalName.REPLY_ABOUT_AI.seen(where, way, quote=thread.about_ai.text, words=thread.about_ai)
    said = fold_label(item.named)  # where the list calls it so, a day and a state may stand behind it
    known = words.wherever_known("form.title").names("form.title")
    called = next((phrase for title, phrase in known.items() if said.startswith(title)), None)
    title = _titled_as_the_form(page, words) or called
    if title is None:
        return None
    return SignalName.REPLY_ABOUT_AI.seen(where, Way.ANSWERS_A_REQUEST, quote=title.text, words=title)


def _titled_as_the_form(page: PageView, words: PageWords) -> Phrase | None:
    """The form's own title where it stands on an item's page by itself, be it in the site's frame; no link, no row."""
    titles = words.wherever_known("form.title").names("form.title")
    for block in page.blocks(chrome=True):
        title = titles.get(fold_label(block.text))
        if title is None or block.node < 0:
            continue
        if not any(n.role in _OF_OTHERS for n in (*around(page, block.node), *page.within(block.node))):
            return title
    return None


def _frame(thread: ThreadReading, setting: Setting) -> Signal | None:
    """
    What shows that the words are the service's answer, and not help that stands beside it.

    A signature or heading that only answers carry; or, on an item's own page, a heading that speaks of objecting.
    """
    frame = thread.frame
    if frame is not None:
        return SignalName.REPLY_FRAME.seen(setting.surface, Way.SIGNATURE, quote=frame.text, words=frame)
    if thread.by_service:
        return SignalName.REPLY_FRAME.seen(setting.surface, Way.AUTHOR)  # the author may be a person: no name
    return setting.headed


# -- several items


def latest_of(answers: Sequence[ItemAnswer]) -> list[ItemAnswer]:
    """
    The items that count where an inbox holds several: the latest that was decided, and whatever may be later.

    A case that is still open, or not understood, does not undo one that was decided after it. One that was opened after
    a refusal does: the person has objected once more.
    """
    decided = [answer for answer in answers if answer.decides]
    if not decided:
        return list(answers)
    if not _in_known_order(decided):
        return [answer for answer in answers if answer.decides or not answer.meanings]
    last = max(decided, key=lambda answer: answer.at or datetime.min)  # noqa: DTZ901 - naive like `at`
    same = [answer for answer in decided if answer.at == last.at]
    unsettled = [answer for answer in answers if answer.is_open and not _before(answer.at, last.at)]
    later = [answer for answer in answers if answer.goes_on and _before(last.at, answer.at)]
    anew = all(answer.meanings == {Meaning.REFUSED} for answer in same)
    return [*(later if anew and later else same), *unsettled]


def _in_known_order(decided: Sequence[ItemAnswer]) -> bool:
    moments = {answer.at for answer in decided}
    undated = None in moments and len(decided) > 1
    return not undated and all(_before(one, other) is not None for one, other in combinations(moments, 2))


def _before(at: datetime | None, other: datetime | None) -> bool | None:
    """Whether a moment is before another one; None where that is not known."""
    return in_order(at, other) if at is not None and other is not None else None


# -- what stands around the messages -----------------------------------------------------------------------------------


def blocks_around(view: PageView, words: PageWords, shared: AbstractSet[str] = frozenset()) -> tuple[Block, ...]:
    """
    The texts around the messages that may speak of the answer: in a column, in a bar above them, on a badge.

    By landmark and place, not by words: what stands on the list's own page too (`shared`, folded) is the site's frame,
    navigation and search are, and a link leads elsewhere. Of buttons and of the site's foot only what names what this
    is about: "Objection ended" may be a button.
    """
    inner = {(block.node, block.text) for block in view.blocks()}
    found = []
    for block in view.blocks(chrome=True):
        roles = {node.role for node in around(view, block.node)}
        if fold(block.text) in shared or roles & (_SITE | _LEADS_ON):
            continue
        named = names_topic(block.text, words) if roles & {"button", "contentinfo"} else None
        if named or (named is None and (block.node, block.text) not in inner):
            found.append(block)
    return tuple(found)


# -- kept with the evidence


def replies_of(items: Iterable[Item], words: PageWords, hide: Hide = str) -> list[Reply]:
    """
    The opened items that may be about an objection, each with what it proves and its words.

    `hide` takes out of a text what may not be shown of people.
    """
    judged = ((item, judge_item(item, words)) for item in items)
    return [kept_reply(item, answer, words, hide) for item, answer in judged if answer.signals or answer.missing]


def kept_reply(item: Item, answer: ItemAnswer, words: PageWords, hide: Hide = str) -> Reply:
    """One thread as it is kept: names and numbers taken out, of the person's own turns nothing but their time."""
    setting, thread = setting_of(item, words), item.thread

    def kept(text: str, at: datetime | None) -> str:
        return without_particulars(hide(text), item.holder, words.locale, at)

    def paragraph(block: Block, at: datetime | None) -> Paragraph:
        """Of what is quoted only that it is the same: it may be the person's own words."""
        text = f"{{quote}} {_digest(block.text)}" if block.quoted else kept(block.text, at)
        return Paragraph(text, quoted=block.quoted)

    def kept_turn(turn: Turn) -> KeptTurn:
        """Of the person's only that it is the same: a page may give a part of a letter to the person."""
        own = turn.speaker is Speaker.PERSON
        told = Paragraph(f"{{own}} {_digest(' '.join(block.text for block in turn.blocks))}", quoted=True)
        paragraphs = (told,) if own else tuple(paragraph(block, turn.at) for block in turn.blocks)
        title = "" if own else kept(turn.title, turn.at)
        return KeptTurn(turn.speaker.value, paragraphs, turn.at, turn.marked, turn.named, title)

    ordered = by_time(item.turns, latest_first(item.turns))
    titles = dict.fromkeys(filter(None, (*(turn.title for turn in item.turns[:1]), item.named)))
    beside = (*(Block(title, quoted=False, node=-1) for title in titles), *item.beside)
    return Reply(
        item.surface,
        words.locale,
        answer.signals,
        answer.missing,
        answer.at,
        turns=tuple(map(kept_turn, item.turns if ordered is None else ordered)),
        about=setting.about,
        headed=setting.headed,
        objecting=setting.objecting or thread.objecting,
        around=tuple(paragraph(block, thread.at) for block in beside),
        own=thread.asks_between or thread.greets_another or item.closed_later,
        ordered=ordered is not None,
        revision=REVISION,
        picture=item.picture,
    )


def _digest(text: str) -> str:
    return sha256(fold(text).encode()).hexdigest()[:12]


def latest_answers(replies: Sequence[Reply]) -> list[ItemAnswer]:
    """What the replies prove together; see `latest_of`."""
    return latest_of([answer_in(reply) for reply in replies])


def answer_in(reply: Reply) -> ItemAnswer:
    """What a kept reply proved when it was read."""
    meanings = frozenset(_MEANINGS[signal.name] for signal in reply.signals if signal.name in _MEANINGS)
    return ItemAnswer(reply.signals, reply.missing, reply.at, meanings)
