"""
What a message says about an objection: read by the same rules as a thread in a service's own inbox.

A message is a thread of one turn: the sender's, and below it what it quotes, which counts neither for nor against. A
quotation or a forwarded message is never the service's answer, and what is not known whole is not classified.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, ValidationError

from automation.core.errors import FlowError
from automation.core.mail import AnswerKind, MailDoubt, Origin, SenderTrust
from automation.core.signals import Signal, SignalName, Way, Wording
from automation.reading.letters.answers import REPLY_SIGNALS, ItemAnswer, Setting, answer_of
from automation.reading.letters.sentences import Meaning, Sentence, names_topic, read_blocks
from automation.reading.letters.thread import ThreadReading, read_thread
from automation.reading.threads.authors import Speaker
from automation.reading.threads.turns import Turn
from automation.text.catalogue import rule_of
from automation.text.labels import Labels
from automation.text.normalizing import fold, quote
from automation.text.page_words import PageWords

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from automation.flow.site import Site
    from automation.messaging.letters import Letter, Version
    from automation.page import Block

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
    Way.NOT_KNOWN: MailDoubt.NOT_PLAIN,
    Way.SEVERAL_ANSWERS: MailDoubt.NOT_PLAIN,
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
    words = service.words(version.locale or letter.locale)
    own = Turn(Speaker.SERVICE, version.own, marked=True, named=True)
    thread = replace(read_thread([own], words, titles=[letter.subject]), by_service=False)  # its signature tells
    below = tuple(sentence for sentence in read_blocks(version.quoted, words) if sentence.meaning is not None)
    titled = speaks_of_objecting(letter.subject, words)
    spoken = any(names_topic(block.text, words) for block in version.own)
    quoted = bool(below) or any(speaks_of_objecting(block.text, words) for block in version.quoted)
    if letter.forwarded:
        concerns = thread.concerns or quoted or titled
        heard = _heard((*thread.answers, *below))
        return _unclassified(MailDoubt.FORWARDED, Origin.FORWARDED, heard) if concerns else None
    if not thread.answers and not spoken and quoted:
        return _unclassified(MailDoubt.QUOTED, Origin.QUOTED, _heard(below))
    if not (spoken or titled or thread.answers):
        return None
    return _said(thread, _setting(letter, version, thread, words, service), version, words)


def _said(thread: ThreadReading, setting: Setting, version: Version, words: PageWords) -> Understood:
    """What a thread of one message amounts to; see `answer_of` for what it takes."""
    answer = answer_of(thread, setting, words)
    if answer.meanings:
        assumed = any(said.phrase is not None and said.phrase.wording is Wording.ASSUMED for said in thread.answers)
        if assumed and Meaning.ACCEPTED in answer.meanings:
            return _unclassified(MailDoubt.ASSUMED_ACCEPTANCE, Origin.DIRECT, _heard(thread.answers))
        kind, why = _KINDS[next(iter(answer.meanings))]
        return Understood(kind, why, Origin.DIRECT, (*_heard(thread.answers), *_around(answer)))
    way = next((Way(signal.how) for signal in answer.signals if signal.name is SignalName.REPLY_UNCLEAR), None)
    if way is None:
        excerpt = _words(SignalName.REPLY_UNCLASSIFIED, _excerpt(version.own))
        return _unclassified(MailDoubt.WORDS_NOT_KNOWN, Origin.DIRECT, [excerpt])
    if _WHY[way] is MailDoubt.NOT_PLAIN:
        return _unclassified(MailDoubt.NOT_PLAIN, Origin.DIRECT, [_words(SignalName.REPLY_UNCLEAR, thread.doubts[0])])
    return _unclassified(_WHY[way], Origin.DIRECT, _heard(thread.answers))


def _around(answer: ItemAnswer) -> Iterator[Signal]:
    """What ties an answer to AI, and what shows that it is one."""
    return (s for s in answer.signals if s.name in {SignalName.REPLY_ABOUT_AI, SignalName.REPLY_FRAME})


def _setting(
    letter: Letter, version: Version, thread: ThreadReading, words: PageWords, service: Correspondent
) -> Setting:
    """
    What stands around the words: what ties them to AI, and what shows that they are the service's answer.

    A sender's name proves nothing; who believes an answer asks for the signature of the sender's domain as well.
    """
    word = words.with_english.find_word("objection.words", letter.subject)
    headed = None
    if word is not None:
        headed = SignalName.REPLY_FRAME.seen(
            _SURFACE, Way.MAIL_SUBJECT, quote=quote(letter.subject), locale=words.locale, source=word.source
        )
    elif service.standing(letter.domain) is not SenderTrust.UNKNOWN:
        headed = SignalName.REPLY_FRAME.seen(_SURFACE, Way.AUTHOR, quote=letter.domain)
    return Setting(_SURFACE, _tie(thread, version.links, service), headed, objecting=word is not None)


def _tie(thread: ThreadReading, links: Sequence[str], service: Correspondent) -> Signal | None:
    """What says that an answer is about AI: a link to the service's page on it, or its name for it."""
    patterns = [phrase.text for phrase in service.words().english.phrases("ai.paths")]
    for link in links:
        parts = urlsplit(link) if link.isascii() else urlsplit("")
        own = parts.scheme == "https" and any(fnmatchcase(parts.hostname or "", host) for host in service.hosts)
        if own and any(fnmatchcase(parts.path, pattern) for pattern in patterns):
            return SignalName.REPLY_ABOUT_AI.seen(_SURFACE, Way.LINK_IN_REPLY, quote=parts.path)
    named = thread.about_ai
    if named is not None:
        return SignalName.REPLY_ABOUT_AI.seen(_SURFACE, Way.WORDS_IN_REPLY, quote=named.text, words=named)
    return None


def _heard(answers: Sequence[Sentence]) -> list[Signal]:
    """The understood sentences, as signals."""
    return [
        REPLY_SIGNALS[said.meaning].seen(_SURFACE, quote=quote(said.text), words=said.phrase)
        for said in answers
        if said.meaning is not None
    ]


def _words(name: SignalName, words: str) -> Signal:
    return name.seen(_SURFACE, Way.MAIL_WORDS, quote=quote(words))


def _excerpt(blocks: Sequence[Block]) -> str:
    return " ".join(block.text for block in blocks)


class _MailTable(BaseModel):
    """`[mail]` in a service's `site.toml`."""

    model_config = ConfigDict(extra="forbid")
    senders: tuple[str, ...] = ()
    """Domains from which the service is known to write."""


@dataclass(frozen=True, slots=True)
class Correspondent:
    """A service that may write."""

    id: str
    """The folder in `flows/`."""
    name: str
    """As a person writes it."""
    hosts: tuple[str, ...]
    """Patterns of its web hosts."""
    senders: tuple[str, ...]
    """Domains from which it is known to write; their subdomains count too."""
    labels: Labels

    @classmethod
    def of(cls, site: Site, labels: Labels, senders: Iterable[str] = ()) -> Correspondent:
        """
        A service from its files.

        Args:
            site: its `site.toml`, with an optional table `[mail]`.
            labels: the words of the flow whose answers are looked for.
            senders: domains that the user's configuration adds.

        Raises:
            FlowError: the table `[mail]` is wrong.
        """
        try:
            table = _MailTable.model_validate(site.tables.get("mail", {}))
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(map(str, ("mail", *first["loc"])))
            raise FlowError(f"site.toml of {site.id}: {place}: {rule_of(first)}", "Correct that key.") from None
        known = tuple(dict.fromkeys(domain.lower() for domain in (*table.senders, *senders)))
        return cls(site.id, site.name, site.hosts, known, labels)

    def words(self, locale: str = "") -> PageWords:
        """Its words in the language of a message; without one, what it leaves untranslated everywhere."""
        return PageWords.of(self.labels, locale)

    def standing(self, domain: str) -> SenderTrust:
        """What is known of a sender's domain."""
        if any(domain == known or domain.endswith(f".{known}") for known in self.senders):
            return SenderTrust.DECLARED
        if any(fnmatchcase(domain, pattern) for pattern in self.hosts):
            return SenderTrust.OWN_HOST
        return SenderTrust.RESEMBLING if self._resembles(domain) else SenderTrust.UNKNOWN

    def names_itself(self, text: str) -> bool:
        """Whether a text holds the service's name as a word."""
        return f" {fold(self.name)} " in f" {_words_only(text)} "

    def _resembles(self, domain: str) -> bool:
        """Whether a domain holds the service's name or a spelling that looks like it; a short one only as a part."""
        name, seen = _skeleton(self.id), _skeleton(domain)
        return name in (seen if len(self.id) >= _LONG_NAME else seen.split("."))


_LONG_NAME = 5
_LOOKS_LIKE = str.maketrans(
    {
        "0": "o", "1": "i", "3": "e", "5": "s", "l": "i", "ı": "i", "ɑ": "a", "ο": "o",
        "а": "a", "е": "e", "о": "o", "с": "c", "к": "k", "і": "i", "ѕ": "s", "т": "t", "г": "r", "м": "m",
        "-": "", "_": "",
    }
)  # fmt: skip
"""What is put in place of Latin letters to imitate a name; enough to warn, nothing is decided by it."""


def _skeleton(domain: str) -> str:
    try:
        readable = domain.encode("ascii").decode("idna") if "xn--" in domain else domain
    except UnicodeError:
        readable = domain
    return readable.casefold().translate(_LOOKS_LIKE).replace("rn", "m")


def _words_only(text: str) -> str:
    return " ".join("".join(c if c.isalnum() else " " for c in fold(text)).split())
