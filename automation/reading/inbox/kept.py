"""
Replies kept with the evidence, and read again: by today's words, and by sentences that a person confirmed.

A person who confirms a sentence has looked at one whole answer. So beside a confirmed sentence stands only what stood
there too, or a part that letters are known to have; anything else keeps the answer back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from automation.domain.observations import Observation
from automation.domain.replies import KeptTurn, Paragraph, Reply
from automation.domain.ways import Way
from automation.domain.wording import Wording
from automation.page import Block
from automation.reading.inbox.items import (
    REPLY_SIGNALS,
    Item,
    ItemAnswer,
    Setting,
    answer_of,
    judge_item,
    latest_of,
    setting_of,
    unclear,
)
from automation.reading.threads.authors import Speaker
from automation.reading.inbox.thread import read_thread
from automation.reading.threads.turns import Turn
from automation.reading.letter import letter_in
from automation.reading.particulars import HOLES, without_particulars
from automation.text.labels import Labels, whole_form
from automation.text.normalizing import sentences
from automation.text.page_words import PageWords

Hide = Callable[[str], str]
"""Takes out of a text what may not be shown of people."""
_MOST_WORDS_OF_A_NAME = 4
_MEANINGS = {signal: meaning for meaning, signal in REPLY_SIGNALS.items()}


def replies_of(items: Iterable[Item], words: PageWords, hide: Hide = str) -> list[Reply]:
    """
    The items that speak of an objection, each with what it proves; with its words where no source knows them.

    Args:
        items: opened.
        words: the service's, in the language of their pages.
        hide: takes out of a text what may not be shown of people.
    """
    judged = ((item, judge_item(item, words)) for item in items)
    return [
        kept_reply(answer, setting_of(item, words), item.turns, item.holder, words, picture=item.picture, hide=hide)
        for item, answer in judged
        if answer.signals or answer.missing
    ]


def kept_reply(
    answer: ItemAnswer,
    setting: Setting,
    turns: Sequence[Turn],
    holder: frozenset[str],
    words: PageWords,
    *,
    picture: str | None = None,
    hide: Hide = str,
) -> Reply:
    """
    One thread as it is kept: with its words, names and numbers taken out, only where they are not understood.

    Args:
        answer: what it proves by itself.
        setting: what stands around its words.
        turns: what was said in it.
        holder: names of the account's holder, folded.
        words: the service's, in the language of its page.
        picture: name of the picture that shows it.
        hide: takes out of a text what may not be shown of people.
    """
    reply = Reply(setting.surface, words.locale, answer.signals, answer.missing, answer.at, picture=picture)
    if answer.meanings:
        return reply
    return replace(
        reply,
        turns=tuple(_kept(turn, holder, words, hide) for turn in turns),
        about=setting.about,
        headed=setting.headed,
        objecting=setting.objecting,
    )


def latest_answers(replies: Sequence[Reply]) -> list[ItemAnswer]:
    """What the replies prove together; see `latest_of`."""
    return latest_of([_answer(reply) for reply in replies])


def with_confirmed(observation: Observation, labels: Labels) -> Observation:
    """
    An observation in which kept replies are read by words that hold confirmed sentences.

    Without a sentence that fits it is what it was.

    Args:
        observation: as it was read.
        labels: the flow's, with the confirmed sentences of its user.
    """
    again = [read_again(reply, labels) if reply.turns else _answer(reply) for reply in observation.replies]
    if not any(_confirmed(answer) for answer in again):
        return observation
    counting = latest_of(again)
    replies = {signal.name for reply in observation.replies for signal in reply.signals}
    missing = {key for reply in observation.replies for key in reply.missing}
    others = [signal for signal in observation.signals if signal.name not in replies]
    signals = [*others, *(signal for answer in counting for signal in answer.signals)]
    keys = [key for key in observation.missing if key not in missing]
    keys += [key for answer in counting for key in answer.missing]
    return replace(observation, signals=tuple(dict.fromkeys(signals)), missing=tuple(dict.fromkeys(keys)))


def read_again(reply: Reply, labels: Labels) -> ItemAnswer:
    """What a kept reply proves by these words; what it proved when it was read, where no confirmed sentence fits."""
    words = PageWords.of(labels, reply.locale)
    thread = read_thread([_turn(turn) for turn in reply.turns], words)
    if not any(said.phrase.wording is Wording.CONFIRMED for said in thread.text.said):
        return _answer(reply)
    setting = Setting(reply.surface, reply.about, reply.headed, reply.objecting)
    strange = next(_strangers(reply, words), None)
    answer = answer_of(thread, setting, words)
    if strange is not None:
        answer = ItemAnswer((unclear(reply.surface, Way.NOT_SEEN_BESIDE, strange),), reply.missing, answer.at)
    pictured = tuple(replace(signal, picture=signal.picture or reply.picture) for signal in answer.signals)
    return replace(answer, signals=pictured)


def spoken(reply: Reply) -> list[str]:
    """The sentences that stand in a kept reply, in the order of the page."""
    return [
        sentence
        for turn in reply.turns
        for paragraph in turn.paragraphs
        if not paragraph.quoted
        for sentence in sentences(paragraph.text)
    ]


def says_something(sentence: str) -> bool:
    """Whether anything is left of a sentence without names, dates and numbers."""
    bare = sentence
    for hole in HOLES:
        bare = bare.replace(hole, " ")
    return any(letter.isalpha() for letter in bare)


def _strangers(reply: Reply, words: PageWords) -> Iterator[str]:
    """Sentences that stand beside a confirmed one here, and did not where it was confirmed."""
    letter, near = letter_in(words.locale), words.with_english
    known = {whole_form(phrase.text) for key in ("reply.frame", "speaker.service") for phrase in near.phrases(key)}
    for sentence in spoken(reply):
        if not says_something(sentence) or whole_form(sentence) in known or letter.part(sentence) is not None:
            continue
        if not any(near.find_sentence(f"reply.{key}", sentence) for key in ("beside", *_MEANINGS.values())):
            yield sentence


def _confirmed(answer: ItemAnswer) -> bool:
    return any(signal.wording is Wording.CONFIRMED for signal in answer.signals) or any(
        signal.how == Way.NOT_SEEN_BESIDE for signal in answer.signals
    )


def _answer(reply: Reply) -> ItemAnswer:
    meanings = frozenset(_MEANINGS[signal.name] for signal in reply.signals if signal.name in _MEANINGS)
    return ItemAnswer(reply.signals, reply.missing, reply.at, meanings)


def _kept(turn: Turn, holder: frozenset[str], words: PageWords, hide: Hide) -> KeptTurn:
    def shorn(text: str) -> str:
        return without_particulars(hide(text), holder, words.locale)

    own = turn.speaker is Speaker.PERSON
    known = {whole_form(phrase.text) for phrase in words.with_english.phrases("reply.frame")}
    paragraphs = () if own else tuple(Paragraph(shorn(_unsigned(b.text, known)), b.quoted) for b in turn.blocks)
    title = "" if own else shorn(turn.title)
    return KeptTurn(turn.speaker.value, paragraphs, turn.at, turn.marked, turn.named, title)


def _unsigned(text: str, known: set[str]) -> str:
    """A paragraph without the name of whoever signs it: a short line of names after "Best regards,"."""
    lines = text.split("\n")
    for number in range(1, len(lines)):
        signs = lines[number - 1].rstrip().endswith(",") and whole_form(lines[number]) not in known
        named = all(word[:1].isupper() for word in lines[number].split())
        if signs and named and len(lines[number].split()) <= _MOST_WORDS_OF_A_NAME:
            lines[number] = "{name}"
    return "\n".join(lines)


def _turn(kept: KeptTurn) -> Turn:
    blocks = tuple(Block(paragraph.text, paragraph.quoted, node=-1) for paragraph in kept.paragraphs)
    return Turn(Speaker(kept.speaker), blocks, kept.at, kept.marked, kept.named, kept.title)
