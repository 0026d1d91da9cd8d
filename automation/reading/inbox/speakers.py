"""Who speaks: what a line above a message, or the accessible name around it, says of its author."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files
from typing import Any

from automation.reading.inbox.dates import find_date
from automation.reading.letter import letter_in
from automation.text.normalizing import base_language, fold, spell_out
from automation.text.templates import anywhere, beginning, whole

_MOST_LETTERS = 120
_MOST_WORDS_OF_A_NAME = 6
_FILLERS = re.compile(
    r"(?<!\w)(?:at|on|um|uhr|am|à|a las|alle|le|el|il|date|fecha|data|datum|dato"
    r"|sent|received|posted|created|submitted|envoyée?|reçue?|publiée?|gesendet|erhalten|erstellt|eingegangen"
    r"|enviad[oa]|recibid[oa]|inviat[oa]|ricevut[oa]|verzonden|ontvangen|wysłano|otrzymano|recebid[oa])(?!\w)"
)
_HOLES = {"who": "(.{1,80}?)", "other": ".{1,80}?", "date": "(?:(?:at|um|à|a las|alle|[ ,])+)?"}
_OFFICE_AFTER = re.compile(r"[\w .'-]{2,40}[(\[,] ?([\w -]+)[)\]]?")
_OFFICE_BEFORE = re.compile(r"([\w -]+?) ?[(\[][\w .'-]{2,40}[)\]]")
"""A person of the service with their office beside the name: "Marta (support)", "Agent (Marta)"."""
_FROM = re.compile(r"[\w'-]+(?: [\w.'-]+)? (?:from|at|de|von|bei|di|da|van|bij) (?P<who>[\w .'-]+)")
"""A person of the service with whom they work for: "Marta from Meta"."""
_BESIDE_A_NAME = re.compile(r"[\w .'-]{2,60} ?[(\[](?P<who>\w+)[)\]]")
"""The account's holder by name: "Nora Whitfield (you)"."""
_REFERENCE = re.compile(r"(?:^|[·|,–-])\s*#\d{3,}\b")
"""The number of a case beside a name and a date."""
_EMPTIED = re.compile(r"[(\[][\s,;·|-]*[)\]]")
"""Brackets in which only a date stood."""
_ADDRESS = re.compile(r"<?[\w.+-]+@[\w.-]+>?")


class Speaker(StrEnum):
    """Whose words a turn holds."""

    SERVICE = "service"
    PERSON = "person"
    """The user, who holds the account."""
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class SpeakerMark:
    """A line that says whose words follow."""

    speaker: Speaker
    at: datetime | None = None
    opens_quote: bool = False
    """Whether quoted text follows ("On … you wrote:")."""
    is_field: bool = False
    """Whether it is the label of a form field that the user filled in."""
    bare: bool = False
    """Whether it is a mere name, which may be a title or a signature as well."""
    is_section: bool = False
    """Whether it is a heading within a service's own text."""


@dataclass(frozen=True)
class Speakers:
    """The names by which the two sides of a thread go."""

    locale: str
    service: frozenset[str] = frozenset()
    """The service's own names, folded: of its products, its company, the office that signs."""
    holder: frozenset[str] = frozenset()
    """Names of the account's holder, folded, where the page or the configuration gives them."""
    _known: dict[str, SpeakerMark | None] = field(default_factory=dict, compare=False, repr=False)

    def author(self, text: str) -> SpeakerMark | None:
        """What a cell of a column of authors says: any name there is somebody's."""
        mark = self.mark(text)
        return mark or (
            SpeakerMark(Speaker.UNKNOWN) if self._may_be_a_name(find_date(text, self.locale).rest) else None
        )

    def names_authors(self, heading: str) -> bool:
        """Whether the heading of a column says that its cells are authors."""
        return any(_speech(language).columns.fullmatch(fold(heading)) for language in _languages(self.locale))

    def is_date(self, line: str) -> bool:
        """Whether a line is a date, and no more."""
        found = find_date(line, self.locale)
        return found.dated and not _bare(found.rest)

    def names_recipients(self, label: str) -> bool:
        """Whether a label says that whom a message is to comes next: "To:"."""
        bare = fold(label).strip(" :")
        return any(_speech(language).recipients.fullmatch(bare) for language in _languages(self.locale))

    def is_addressee(self, line: str) -> bool:
        """Whether a line says to whom a message is: "to me", "To: Privacy Operations"."""
        label, _, who = line.strip().partition(" ")
        return self.names_recipients(label) and 0 < len(who.split()) <= _MOST_WORDS_OF_A_NAME

    def is_letterhead(self, label: str) -> bool:
        """Whether a label above a message says what comes next, and not who: "Date:", "Subject:"."""
        bare = fold(label).strip(" :")
        return any(_speech(language).letterhead.fullmatch(bare) for language in _languages(self.locale))

    def mark(self, line: str, *, label: bool = False) -> SpeakerMark | None:
        """
        What a whole line, or an accessible name, says about the speaker; None where it says nothing.

        Args:
            line: as the page shows it.
            label: the page marks it up as the label of a value (a term, a row's heading).
        """
        key = f"{label}{line}"
        if key not in self._known:
            self._known[key] = self._mark(line, label=label) or self._unglued(line, label=label)
        return self._known[key]

    def _unglued(self, line: str, *, label: bool) -> SpeakerMark | None:
        """What a line says whose words stand apart on the page and touch in its text: "Meta SupportMeta"."""
        apart = _TOUCHING.sub(" ", line)
        return self._mark(apart, label=label) if apart != line else None

    def _mark(self, line: str, *, label: bool) -> SpeakerMark | None:
        if not line.strip() or len(line) > _MOST_LETTERS:
            return None
        found = find_date(line, self.locale)
        colon = fold(line).rstrip().endswith(":")
        rest = _REFERENCE.sub(" ", found.rest) if found.dated else found.rest
        bare = _EMPTIED.sub(" ", _ADDRESS.sub(" ", rest))
        rest = _trimmed(spell_out(" ".join(bare.replace(":", " ").split())))
        beside = _BESIDE_A_NAME.fullmatch(rest)
        for language in _languages(self.locale):
            speech = _speech(language)
            if beside is not None and speech.person.fullmatch(beside["who"]):
                return SpeakerMark(Speaker.PERSON, found.at, opens_quote=colon)
            if speech.fields.fullmatch(rest) and (colon or label):
                return SpeakerMark(Speaker.PERSON, found.at, is_field=True)
            for text in filter(None, dict.fromkeys((rest, _bare(rest)))):
                if speech.person.fullmatch(text):
                    return SpeakerMark(Speaker.PERSON, found.at, opens_quote=colon)
                if speech.service.fullmatch(text):
                    return SpeakerMark(Speaker.SERVICE, found.at, opens_quote=colon)
                if speech.sections.fullmatch(text):
                    return SpeakerMark(Speaker.SERVICE, is_section=True)
            told = self._told(rest, speech)
            if told is not None:
                return SpeakerMark(told, found.at, opens_quote=colon)
            author = speech.author.fullmatch(rest)
            who = next((text for text in author.groups() if text), None) if author else None
            if who is not None:
                speaker = self._name(_bare(who), speech)
                if speaker is not Speaker.UNKNOWN or ((colon or found.dated) and self._may_be_a_name(who)):
                    return SpeakerMark(speaker, found.at, opens_quote=colon)
            for text in filter(None, dict.fromkeys((rest, _bare(rest)))):
                named = self._named(text, speech)
                if named is not None:
                    return SpeakerMark(named, found.at, opens_quote=colon, bare=not found.dated)
        if found.dated and (named := self._first_of(line)) is not None:
            return SpeakerMark(named, found.at)
        if found.dated and rest and self._may_be_a_name(rest) and (found.at or not _is_of_a_sentence(line, rest)):
            return SpeakerMark(Speaker.UNKNOWN, found.at)
        return None

    def _told(self, rest: str, speech: _Speech) -> Speaker | None:
        """
        Who wrote, where a line names both sides or says who sent what stands beneath it; None where either is unknown.

        "Your request to object has been declined" is no such line: a pronoun or a known name stands at both ends.
        """
        between = speech.between.fullmatch(rest)
        sides = [text for text in between.groups() if text] if between else []
        known = [self._known_side(_bare(side), speech) for side in sides]
        if len(known) > 1 and None not in known:
            return known[0]
        sent = speech.sent.fullmatch(rest.rstrip(" ."))
        who = next((text for text in sent.groups() if text), None) if sent else None
        return self._known_side(_bare(who), speech) if who is not None else None

    def _known_side(self, text: str, speech: _Speech) -> Speaker | None:
        if " " not in text and speech.person.fullmatch(text):
            return Speaker.PERSON
        return self._named(text, speech)

    def _named(self, text: str, speech: _Speech) -> Speaker | None:
        if any(_is_short_for(text, name) for name in self.holder):
            return Speaker.PERSON
        for office in (_OFFICE_AFTER.fullmatch(text), _OFFICE_BEFORE.fullmatch(text)):
            words = office[1].split() if office is not None else []
            of_it = text.endswith(")") and any(word in speech.roles for word in words)  # not "Hello, Meta"
            of_it = of_it and self._is_service(" ".join(words), speech)
            if words and (of_it or all(word in speech.roles for word in words)):
                # Whoever calls the holder "(legal)" is not the service.
                own = any(name and name in text for name in self.holder)
                return None if own else Speaker.SERVICE
        employer = _FROM.fullmatch(text)
        if employer is not None and self._is_service(employer["who"], speech):
            return Speaker.SERVICE
        return Speaker.SERVICE if self._is_service(text, speech) else None

    def _first_of(self, line: str) -> Speaker | None:
        """Who is named first in a line of several parts: "Meta · latest · 25 May 2025"."""
        first, *others = _SEPARATED.split(line)
        if not others or len(" ".join(others).split()) > _MOST_WORDS_BESIDE_A_NAME:
            return None
        speeches = [_speech(language) for language in _languages(self.locale)]
        named = (self._named(_trimmed(spell_out(fold(first))), speech) for speech in speeches)
        return next((speaker for speaker in named if speaker is not None), None)

    def _name(self, who: str, speech: _Speech) -> Speaker:
        if speech.person.fullmatch(who):
            return Speaker.PERSON
        if speech.service.fullmatch(who):
            return Speaker.SERVICE
        return self._named(who, speech) or Speaker.UNKNOWN

    def _may_be_a_name(self, rest: str) -> bool:
        """Whether what stands beside a date may be somebody's name, and is no part of a case's own data."""
        words, letter = _bare(rest).split(), letter_in(self.locale)
        return (
            0 < len(words) <= _MOST_WORDS_OF_A_NAME - 2
            and not words[0].isdigit()
            and letter.part(rest) is None
            and not (letter.undoing(rest) or letter.decides(rest))
        )

    def _is_service(self, text: str, speech: _Speech) -> bool:
        """Whether a name is made of the service's own names and words of its offices, and of nothing else."""
        rest, known = text, False
        for name in sorted(self.service, key=len, reverse=True):
            pattern = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)")
            known = known or bool(pattern.search(rest))
            rest = pattern.sub(" ", rest)
        words = re.findall(r"\w+(?:-\w+)*", rest)
        beside = speech.roles | speech.tags
        return known and len(words) <= _MOST_WORDS_OF_A_NAME and all(word in beside for word in words)


_TOUCHING = re.compile(r"(?<=[a-zà-öø-ÿ])(?=[A-ZÀ-Ö])")
_SEPARATED = re.compile(r"\s+[·•|–—-]\s+")
_MOST_WORDS_BESIDE_A_NAME = 8
_OF_SENTENCES = frozenset(
    ["from", "until", "after", "before", "since", "only", "not", "your", "posts", "photos", "than"]
)
"""Inferred: small words that a name does not hold, and a line that narrows an answer does."""


def _is_short_for(text: str, name: str) -> bool:
    """Whether a text is a name, one with initials ("Camille L."), or the name with its parts turned."""
    words, parts = text.replace(",", " ").split(), name.split()
    if not words or not parts or len(words) > len(parts):
        return False
    if sorted(words) == sorted(parts):
        return True
    return len(words) > 1 and all(
        word == part or (len(word.rstrip(".")) == 1 and part.startswith(word.rstrip(".")))
        for word, part in zip(words, parts, strict=False)
    )


def _is_of_a_sentence(line: str, rest: str) -> bool:
    """Whether what stands beside an age is part of a sentence, as no name is: "Your posts from 5 years ago"."""
    words = [_trimmed(fold(word)) for word in line.split()]
    return _SEPARATED.search(line) is None and any(word in _OF_SENTENCES for word in words if word in rest.split())


def _bare(text: str) -> str:
    """A name without the small words that stand between it and a date."""
    return _trimmed(" ".join(_FILLERS.sub(" ", text).split()))


def _trimmed(text: str) -> str:
    """A text without the signs and symbols around it."""
    return re.sub(r"^[^\w(]+|[^\w).]+$", "", text)


@dataclass(frozen=True, slots=True)
class _Speech:
    person: re.Pattern[str]
    service: re.Pattern[str]
    sections: re.Pattern[str]
    author: re.Pattern[str]
    between: re.Pattern[str]
    sent: re.Pattern[str]
    fields: re.Pattern[str]
    columns: re.Pattern[str]
    recipients: re.Pattern[str]
    letterhead: re.Pattern[str]
    roles: frozenset[str]
    tags: frozenset[str]


@lru_cache(maxsize=1)
def _tables() -> dict[str, dict[str, Any]]:
    return tomllib.loads((files("automation.reading.inbox") / "speech.toml").read_text(encoding="utf-8"))


def _languages(locale: str) -> list[str]:
    """The page's language first, then English, in which services answer too; all where the page names none."""
    own = base_language(locale)
    return list(dict.fromkeys([own, "en"])) if own in _tables() else list(dict.fromkeys(["en", *_tables()]))


@lru_cache(maxsize=16)
def _speech(language: str) -> _Speech:
    table = _tables()[language]
    return _Speech(
        whole(table["person"]),
        whole(table["service"]),
        whole(table["sections"]),
        whole(table["author"], _HOLES),
        whole(table["between"], _HOLES),
        whole(table["sent"], _HOLES),
        whole(table["fields"]),
        whole(table["columns"]),
        whole(table["recipients"]),
        whole(table["letterhead"]),
        frozenset(fold(word) for word in table["roles"]),
        frozenset(fold(word) for word in table["tags"]),
    )


def _listed(key: str, locale: str) -> list[str]:
    return [template for language in _languages(locale) for template in _tables()[language][key]]


@lru_cache(maxsize=64)
def emptiness_in(locale: str) -> re.Pattern[str]:
    """Sentences with which a list says that it is empty, in a page's language or in English."""
    return beginning(_listed("empty", locale))


@lru_cache(maxsize=64)
def partial_in(locale: str) -> re.Pattern[str]:
    """Words with which a page says that its list does not show everything, in its language or in English."""
    return anywhere(_listed("partial", locale))


@lru_cache(maxsize=64)
def everything_in(locale: str) -> re.Pattern[str]:
    """What the tab or filter for all items of a list is called."""
    return whole(_listed("everything", locale))


@lru_cache(maxsize=64)
def more_in(locale: str) -> re.Pattern[str]:
    """What a control that shows more of a list is called."""
    return whole(_listed("more", locale), {"count": r"(?:\+ ?)?(?:\d+ )?"})


@lru_cache(maxsize=64)
def turning_in(locale: str) -> re.Pattern[str]:
    """What a control is called that turns the pages of a thread."""
    return whole(_listed("turning", locale))


@lru_cache(maxsize=64)
def facts_in(locale: str) -> re.Pattern[str]:
    """What the lines of a case's own data are called, and how a case ends."""
    return whole(_listed("facts", locale))


@lru_cache(maxsize=64)
def states_in(locale: str) -> re.Pattern[str]:
    """What the chip beside an item of a list says of it: "Open"."""
    return whole(_listed("states", locale))


@lru_cache(maxsize=64)
def collapsed_in(locale: str) -> re.Pattern[str]:
    """What a control is called that opens messages of the thread that it stands in."""
    return whole(_listed("collapsed", locale), {"count": r"(?:\d+ )?", "number": r"(?: \(?\d+\)?)?"})


@lru_cache(maxsize=64)
def unfolded_in(locale: str) -> re.Pattern[str]:
    """What a control beneath the beginning of a message is called that shows the rest of it."""
    return whole(_listed("unfolded", locale))


def forwards(line: str) -> bool:
    """Whether a line says that a forwarded message follows."""
    return any(_forwarding(language).search(fold(line)) is not None for language in _tables())


@lru_cache(maxsize=16)
def _forwarding(language: str) -> re.Pattern[str]:
    return anywhere(_tables()[language]["forwarded"])
