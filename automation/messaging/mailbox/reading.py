"""
What a message says about an objection: read by the same rules as a thread in a service's own inbox.

A message is a thread of one turn: the sender's, and below it what it quotes, which counts neither for nor against. A
quotation or a forwarded message is never the service's answer, and what is not understood whole is not classified.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from urllib.parse import urlsplit

from automation.domain.mail import AnswerKind, MailDoubt, Origin, SenderTrust
from automation.domain.signals import Signal, SignalName
from automation.domain.ways import Way
from automation.domain.wording import Wording
from automation.messaging.mailbox.letters import Letter, Version
from automation.messaging.mailbox.services import Correspondent
from automation.page import Block
from automation.reading.inbox.items import REPLY_SIGNALS, ItemAnswer, Setting, answer_of
from automation.reading.inbox.speakers import Speaker
from automation.reading.inbox.thread import ThreadReading, read_thread
from automation.reading.inbox.turns import Turn
from automation.reading.meanings import Meaning
from automation.reading.replies import ReplyReading, read_text
from automation.text.labels import Phrase
from automation.text.normalizing import base_language, quote
from automation.text.page_words import PageWords

_KINDS: Mapping[Meaning, tuple[AnswerKind, MailDoubt]] = {
    Meaning.ACCEPTED: (AnswerKind.ACCEPTED, MailDoubt.KNOWN_WORDS),
    Meaning.REFUSED: (AnswerKind.REFUSED, MailDoubt.KNOWN_WORDS),
    Meaning.PENDING: (AnswerKind.PENDING, MailDoubt.KNOWN_WORDS),
    Meaning.MORE_INFORMATION: (AnswerKind.PENDING, MailDoubt.ASKS_FOR_MORE),
}
_WHY: Mapping[Way, MailDoubt] = {
    Way.ANOTHER_REQUEST: MailDoubt.NOT_ABOUT_OBJECTING,
    Way.NO_TIE: MailDoubt.NOT_ABOUT_AI,
    Way.NO_FRAME: MailDoubt.NO_FRAME,
}
_SURFACE = "mail"


@dataclass(frozen=True, slots=True)
class Understood:
    """What one message says."""

    kind: AnswerKind
    why: MailDoubt
    origin: Origin
    signals: tuple[Signal, ...] = ()

    @property
    def assumed(self) -> bool:
        """Whether it rests on words that no source gives."""
        return self.kind is not AnswerKind.UNCLASSIFIED and any(
            signal.wording is Wording.ASSUMED for signal in self.signals
        )


def speaks_of_objecting(text: str, words: PageWords) -> bool:
    """Whether a short text, such as a subject, speaks of objecting in any language, or of AI at the service."""
    return words.with_english.find_word("objection.words", text) is not None or any(
        words.wherever_known(key).find_word(key, text) for key in ("object.words", "ai.topic", "reply.frame")
    )


def names_subject(letter: Letter, service: Correspondent) -> bool:
    """Whether a message anywhere names the service, or AI at it."""
    texts = [letter.subject, letter.sender_name]
    texts += [block.text for version in letter.versions for block in (*version.own, *version.quoted)]
    words = service.words()
    return any(
        service.names_itself(text)
        or any(words.wherever_known(key).find_word(key, text) for key in ("ai.topic", "reply.frame"))
        for text in texts
    )


def understand(letter: Letter, service: Correspondent) -> Understood | None:
    """
    Read a message with the words of one service; None where it does not concern an objection at all.

    Where the formatted and the plain text do not say the same, neither is believed.
    """
    if not letter.versions:
        concerns = speaks_of_objecting(letter.subject, service.words())
        return _unclassified(MailDoubt.UNREADABLE, _origin(letter)) if concerns else None
    read = [_version(letter, version, service) for version in letter.versions]
    concerning = [understood for understood in read if understood is not None]
    if not concerning:
        return None
    if len({(u.kind, u.origin) for u in concerning}) > 1 or len(concerning) < len(read):
        return _unclassified(MailDoubt.VERSIONS_DIFFER, _origin(letter))
    return concerning[0]


def _origin(letter: Letter) -> Origin:
    return Origin.FORWARDED if letter.forwarded else Origin.DIRECT


def _unclassified(why: MailDoubt, origin: Origin, signals: Sequence[Signal] = ()) -> Understood:
    return Understood(AnswerKind.UNCLASSIFIED, why, origin, tuple(signals))


def _version(letter: Letter, version: Version, service: Correspondent) -> Understood | None:
    declared = service.words(version.locale or letter.locale)
    reading = _read(letter, version, declared)
    text, words = reading.thread.text, reading.words
    below = read_text(version.quoted, declared)
    titled = speaks_of_objecting(letter.subject, words)
    if letter.forwarded:
        concerns = text.concerns or below.concerns or titled
        return _unclassified(MailDoubt.FORWARDED, Origin.FORWARDED, _heard(text, below)) if concerns else None
    if not text.said and not text.unclear and not reading.speaks and (below.said or below.speaks):
        return _unclassified(MailDoubt.QUOTED, Origin.QUOTED, _heard(below))
    if not (text.concerns or titled):
        return None
    if reading.contradicted or _takes_sides({said.meaning for said in text.said}):
        return _unclassified(MailDoubt.NOT_PLAIN, Origin.DIRECT, _heard(text))
    return _said(reading, _setting(letter, version, reading, service), version)


def _takes_sides(meanings: AbstractSet[Meaning]) -> bool:
    """Whether one message says both of two answers."""
    return len(meanings) > 1


def _said(reading: _Reading, setting: Setting, version: Version) -> Understood:
    """What a thread of one message amounts to; see `answer_of` for what it takes."""
    text = reading.thread.text
    answer = answer_of(reading.thread, setting, reading.words)
    if answer.meanings:
        assumed = any(said.phrase.wording is Wording.ASSUMED for said in text.said)
        if assumed and Meaning.ACCEPTED in answer.meanings:
            return _unclassified(MailDoubt.ASSUMED_ACCEPTANCE, Origin.DIRECT, _heard(text))
        kind, why = _KINDS[text.said[0].meaning]
        return Understood(kind, why, Origin.DIRECT, (*_heard(text), *_around(answer)))
    if text.elsewhere is not None and not text.unclear:
        signals = [_words(SignalName.REPLY_UNCLEAR, text.elsewhere.text), *_heard(text)]
        return _unclassified(MailDoubt.ANOTHER_SUBJECT, Origin.DIRECT, signals)
    way = next((Way(signal.how) for signal in answer.signals if signal.name is SignalName.REPLY_UNCLEAR), None)
    if way is None:
        excerpt = _words(SignalName.REPLY_UNCLASSIFIED, _excerpt(version.own))
        return _unclassified(MailDoubt.WORDS_NOT_KNOWN, Origin.DIRECT, [excerpt])
    if way is Way.NOT_PLAIN:
        return _unclassified(MailDoubt.NOT_PLAIN, Origin.DIRECT, [_words(SignalName.REPLY_UNCLEAR, text.unclear[0])])
    return _unclassified(_WHY[way], Origin.DIRECT, _heard(text))


def _around(answer: ItemAnswer) -> Iterator[Signal]:
    """What ties an answer to AI, and what shows that it is one."""
    return (s for s in answer.signals if s.name in {SignalName.REPLY_ABOUT_AI, SignalName.REPLY_FRAME})


# -- one message as a thread


@dataclass(frozen=True, slots=True)
class _Reading:
    """A message, read in one language."""

    thread: ThreadReading
    words: PageWords
    speaks: bool
    """Whether the sender's own text speaks of objecting."""
    contradicted: bool = False
    """Whether it says something else in another language."""


def _read(letter: Letter, version: Version, declared: PageWords) -> _Reading:
    """
    Read a message in the language that it says it is in, or in the one whose words were found.

    A message seldom says its language; what takes an answer back is looked for in that language and in English only.
    Where it says one and its words are of another, what either reading doubts is doubtful.
    """
    reading = _read_in(letter, version, declared)
    spoken = _spoken(reading)
    if base_language(declared.locale) in spoken:
        return reading
    answers = {near for meaning in Meaning for near in declared.labels.languages(f"reply.{meaning}")}
    again = {language: _read_in(letter, version, declared.in_language(language)) for language in sorted(answers)}
    telling = {language: found for language, found in again.items() if language in (spoken or _spoken(found))}
    chosen = next((telling[language] for language in sorted(telling) if telling[language].thread.text.said), None)
    if chosen is None:
        doubting = (found for found in again.values() if found.thread.text.unclear)
        return reading if reading.thread.text.unclear else next(doubting, reading)
    meanings = {said.meaning for found in again.values() for said in found.thread.text.said}
    if base_language(declared.locale) not in {"", "en"}:
        text = chosen.thread.text
        doubts = tuple(dict.fromkeys((*text.unclear, *reading.thread.text.unclear)))
        chosen = replace(chosen, thread=replace(chosen.thread, text=replace(text, unclear=doubts)))
    return replace(chosen, contradicted=_takes_sides(meanings))


def _spoken(reading: _Reading) -> set[str]:
    return {base_language(said.phrase.locale) for said in reading.thread.text.said}


def _read_in(letter: Letter, version: Version, words: PageWords) -> _Reading:
    own = Turn(Speaker.SERVICE, version.own, marked=True, named=True, title=letter.subject)
    below = Turn(Speaker.PERSON, version.quoted, marked=True, named=True)
    thread = read_thread([own, below] if version.quoted else [own], words)
    thread = replace(thread, by_service=False)  # who wrote it is for its signature to say, not for its words
    alone = read_text(version.own, words)
    if not thread.text.concerns and alone.concerns:  # its title names another form, and a person is told so
        other = _another_form(f"{letter.subject}\n{_excerpt(version.own)}", words)
        text = replace(thread.text, concerns=True, said=(), elsewhere=thread.text.elsewhere or other)
        thread = replace(thread, text=text)
    return _Reading(thread, words, alone.speaks)


def _another_form(text: str, words: PageWords) -> Phrase | None:
    keys = ("elsewhere.words", "lookalike.words", "another.words")
    return next((hit for key in keys if (hit := words.with_english.find_word(key, text))), None)


def _setting(letter: Letter, version: Version, reading: _Reading, service: Correspondent) -> Setting:
    """
    What stands around the words: what ties them to AI, and what shows that they are the service's answer.

    A sender's name proves nothing; who believes an answer asks for the signature of the sender's domain as well.
    """
    words = reading.words.with_english
    word = words.find_word("objection.words", letter.subject)
    headed = None
    if word is not None:
        headed = SignalName.REPLY_FRAME.seen(
            _SURFACE, Way.MAIL_SUBJECT, quote=quote(letter.subject), locale=reading.words.locale, source=word.source
        )
    elif service.standing(letter.domain) is not SenderTrust.UNKNOWN:
        headed = SignalName.REPLY_FRAME.seen(_SURFACE, Way.AUTHOR, quote=letter.domain)
    objecting = word is not None or reading.thread.request is not None
    return Setting(_SURFACE, _tie(reading, version.links, service), headed, objecting)


def _tie(reading: _Reading, links: Sequence[str], service: Correspondent) -> Signal | None:
    """What says that an answer is about AI: a link to the service's page on it, its name for it, or the request."""
    patterns = [phrase.text for phrase in service.words().english.phrases("ai.paths")]
    for link in links:
        parts = urlsplit(link) if link.isascii() else urlsplit("")
        own = parts.scheme == "https" and any(fnmatchcase(parts.hostname or "", host) for host in service.hosts)
        if own and any(fnmatchcase(parts.path, pattern) for pattern in patterns):
            return SignalName.REPLY_ABOUT_AI.seen(_SURFACE, Way.LINK_IN_REPLY, quote=parts.path)
    named, request = reading.thread.text.names_ai, reading.thread.request
    if named is not None:
        return SignalName.REPLY_ABOUT_AI.seen(_SURFACE, Way.WORDS_IN_REPLY, quote=named.text, words=named)
    if request is not None:
        return SignalName.REPLY_ABOUT_AI.seen(_SURFACE, Way.ANSWERS_A_REQUEST, quote=request.text, words=request)
    return None


def _heard(*readings: ReplyReading) -> list[Signal]:
    """The understood sentences, as signals."""
    return [
        REPLY_SIGNALS[said.meaning].seen(_SURFACE, quote=quote(said.sentence), words=said.phrase)
        for reading in readings
        for said in reading.said
    ]


def _words(name: SignalName, words: str) -> Signal:
    return name.seen(_SURFACE, Way.MAIL_WORDS, quote=quote(words))


def _excerpt(blocks: Sequence[Block]) -> str:
    return " ".join(block.text for block in blocks)
