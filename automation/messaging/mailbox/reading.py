"""
What a message says about an objection: the same narrow rules as for answers in a service's own inbox.

A quotation or a forwarded message is never the service's answer, and what is not understood whole is not classified.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from urllib.parse import urlsplit

from automation.domain.mail import AnswerKind, MailDoubt, Origin
from automation.domain.signals import Signal, SignalName
from automation.domain.ways import Way
from automation.domain.wording import Wording
from automation.messaging.mailbox.letters import Letter, Version
from automation.messaging.mailbox.services import Correspondent
from automation.page import Block
from automation.reading.inbox.items import REPLY_SIGNALS
from automation.reading.replies import Meaning, ReplyReading, Said, read_text
from automation.text.labels import Phrase
from automation.text.normalizing import base_language, quote
from automation.text.page_words import PageWords

_KINDS: Mapping[Meaning, tuple[AnswerKind, MailDoubt]] = {
    Meaning.ACCEPTED: (AnswerKind.ACCEPTED, MailDoubt.KNOWN_WORDS),
    Meaning.REFUSED: (AnswerKind.REFUSED, MailDoubt.KNOWN_WORDS),
    Meaning.PENDING: (AnswerKind.PENDING, MailDoubt.KNOWN_WORDS),
    Meaning.MORE_INFORMATION: (AnswerKind.PENDING, MailDoubt.ASKS_FOR_MORE),
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
    text, words = _read(version.own, declared)
    below, _ = _read(version.quoted, declared)
    titled = speaks_of_objecting(letter.subject, words)
    if letter.forwarded:
        concerns = text.concerns or below.concerns or titled
        return _unclassified(MailDoubt.FORWARDED, Origin.FORWARDED, _heard(text, below)) if concerns else None
    if not text.said and (below.said or below.speaks):
        return _unclassified(MailDoubt.QUOTED, Origin.QUOTED, _heard(below))
    if not (text.concerns or titled):
        return None
    if text.unclear:
        return _unclassified(MailDoubt.NOT_PLAIN, Origin.DIRECT, [_words(SignalName.REPLY_UNCLEAR, text.unclear[0])])
    if text.elsewhere is not None:
        return _unclassified(
            MailDoubt.ANOTHER_SUBJECT,
            Origin.DIRECT,
            [_words(SignalName.REPLY_UNCLEAR, text.elsewhere.text), *_heard(text)],
        )
    if not text.said:
        return _unclassified(
            MailDoubt.WORDS_NOT_KNOWN,
            Origin.DIRECT,
            [_words(SignalName.REPLY_UNCLASSIFIED, _excerpt(version.own))],
        )
    return _said(letter, version, text, service, words)


def _said(letter: Letter, version: Version, text: ReplyReading, service: Correspondent, words: PageWords) -> Understood:
    """What known words amount to: they must speak of objecting, be tied to AI, and stand in an answer."""
    heard = _heard(text)
    meanings = {said.meaning for said in text.said}
    if len(meanings) > 1:
        return _unclassified(MailDoubt.NOT_PLAIN, Origin.DIRECT, heard)
    if not all(_about_objecting(said, letter.subject, words) for said in text.said):
        return _unclassified(MailDoubt.NOT_ABOUT_OBJECTING, Origin.DIRECT, heard)
    tie = _tie(text, version.links, service) if text.speaks else None
    if tie is None:
        return _unclassified(MailDoubt.NOT_ABOUT_AI, Origin.DIRECT, heard)
    frame = _frame(letter.subject, text, words)
    if frame is None:
        return _unclassified(MailDoubt.NO_FRAME, Origin.DIRECT, heard)
    if Meaning.ACCEPTED in meanings and any(said.phrase.wording is not Wording.SOURCED for said in text.said):
        return _unclassified(MailDoubt.ASSUMED_ACCEPTANCE, Origin.DIRECT, heard)
    kind, why = _KINDS[text.said[0].meaning]
    return Understood(kind, why, Origin.DIRECT, (*heard, tie, frame))


def _read(blocks: Sequence[Block], declared: PageWords) -> tuple[ReplyReading, PageWords]:
    """
    Read a text in the language that it says it is in, or in the one whose words were found; and those words.

    A message seldom says its language, and the words that take an answer back are looked for in that language and in
    English only. Where it says one and its words are of another, what either reading doubts is doubtful.
    """
    reading, labels = read_text(blocks, declared), declared.labels
    spoken = {base_language(said.phrase.locale) for said in reading.said}
    if base_language(declared.locale) in spoken:
        return reading, declared
    others = sorted(spoken or {near for meaning in Meaning for near in labels.languages(f"reply.{meaning}")})
    for language in others:
        words = declared.in_language(language)
        again = read_text(blocks, words)
        if again.said:
            if base_language(declared.locale) not in {"", "en"}:
                again = replace(again, unclear=tuple(dict.fromkeys((*again.unclear, *reading.unclear))))
            return again, words
    return reading, declared


def _about_objecting(said: Said, subject: str, words: PageWords) -> bool:
    """Whether a sentence, or the subject, speaks of objecting; "your request" alone may be any."""
    return any(words.with_english.find_word("objection.words", text) for text in (said.sentence, subject))


def _tie(text: ReplyReading, links: Sequence[str], service: Correspondent) -> Signal | None:
    """What says that an answer is about AI: a link to the service's page on it, or its name for it."""
    patterns = [phrase.text for phrase in service.words().english.phrases("ai.paths")]
    for link in links:
        parts = urlsplit(link) if link.isascii() else urlsplit("")
        own = parts.scheme == "https" and any(fnmatchcase(parts.hostname or "", host) for host in service.hosts)
        if own and any(fnmatchcase(parts.path, pattern) for pattern in patterns):
            return SignalName.REPLY_ABOUT_AI.seen(_SURFACE, Way.LINK_IN_REPLY, quote=parts.path)
    if text.names_ai is not None:
        return _of_phrase(SignalName.REPLY_ABOUT_AI, Way.WORDS_IN_REPLY, text.names_ai)
    return None


def _frame(subject: str, text: ReplyReading, words: PageWords) -> Signal | None:
    """What shows that the words are an answer: a signature that only answers carry, or a subject that speaks of it."""
    if text.frame is not None:
        return _of_phrase(SignalName.REPLY_FRAME, Way.SIGNATURE, text.frame)
    word = words.with_english.find_word("objection.words", subject)
    if word is None:
        return None
    return SignalName.REPLY_FRAME.seen(
        _SURFACE, Way.MAIL_SUBJECT, quote=quote(subject), locale=words.locale, source=word.source
    )


def _of_phrase(name: SignalName, way: Way, phrase: Phrase) -> Signal:
    return name.seen(_SURFACE, way, quote=phrase.text, words=phrase)


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
