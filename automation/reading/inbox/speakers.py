"""Who speaks: what a line above a message, or the accessible name around it, says of its author."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from automation.reading.inbox.ages import Age
from automation.reading.inbox.dates import find_date
from automation.reading.inbox.names import SEPARATED, is_of_a_sentence, is_short_for, is_written_as_a_name, trimmed
from automation.reading.inbox.speech import Speech, forwards, happenings_in, languages_of, speech_of
from automation.reading.letter import letter_in
from automation.text.normalizing import fold, spell_out

_MOST_LETTERS = 120
_MOST_WORDS_OF_A_NAME = 6
_FILLERS = re.compile(
    r"(?<!\w)(?:at|on|um|uhr|am|à|a las|alle|le|el|il|date|fecha|data|datum|dato"
    r"|sent|received|posted|created|submitted|envoyée?|reçue?|publiée?|gesendet|erhalten|erstellt|eingegangen"
    r"|enviad[oa]|recibid[oa]|inviat[oa]|ricevut[oa]|verzonden|ontvangen|wysłano|otrzymano|recebid[oa])(?!\w)"
)
_OFFICE_AFTER = re.compile(r"[\w .'-]{2,40}[(\[,] ?([\w -]+)[)\]]?")
_OFFICE_BEFORE = re.compile(r"([\w -]+?) ?[(\[][\w .'-]{2,40}[)\]]")
"""A person of the service with their office beside the name: "Marta (support)", "Agent (Marta)"."""
_FROM = re.compile(r"[\w'-]+(?: [\w.'-]+)? (?:from|at|de|von|bei|di|da|van|bij) (?P<who>[\w .'-]+)")
"""A person of the service with whom they work for: "Marta from Meta"."""
_BESIDE_A_NAME = re.compile(r"[\w .'-]{2,60} ?[(\[](?P<who>\w+)[)\]]")
"""The account's holder by name: "Nora Whitfield (you)"."""
_REFERENCE = re.compile(r"(?:^|[·|,–-])\s*#\d{3,}\b")
"""The number of a case beside a name and a date."""
_OF_A_DATE = re.compile(r" (?:of|dated|from|vom|du|del|dell'|de|van|z|z dnia)$")
_EMPTIED = re.compile(r"[(\[][\s,;·|-]*[)\]]")
"""Brackets in which only a date stood."""
_PREVIEW = re.compile(r"(?P<head>.{2,80}?)\s+[—–-]\s+\S.*…")
_PREVIEW_BEHIND_A_TIME = re.compile(r"(?P<head>.{2,80}?\d{1,2}[:.h]\d{2}(?: ?[AaPp]\.?[Mm]\.?)?)\s+\S.*…")
"""How a message begins, shown behind its head: "You 41 w — I object.…"."""
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
    age: Age | None = None
    """How long ago, where the line tells a time of day and no date."""


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
        return any(speech_of(language).columns.fullmatch(fold(heading)) for language in languages_of(self.locale))

    def is_date(self, line: str) -> bool:
        """Whether a line is a date, and no more."""
        found = find_date(line, self.locale)
        return found.dated and not _bare(found.rest)

    def names_recipients(self, label: str) -> bool:
        """Whether a label says that whom a message is to comes next: "To:"."""
        bare = fold(label).strip(" :")
        return any(speech_of(language).recipients.fullmatch(bare) for language in languages_of(self.locale))

    def is_addressee(self, line: str) -> bool:
        """Whether a line says to whom a message is: "to me", "To: Privacy Operations", "→ Nora Whitfield"."""
        label, _, who = line.strip().partition(" ")
        to = self.names_recipients(label) or label in _TOWARDS
        return to and 0 < len(who.split()) <= _MOST_WORDS_OF_A_NAME

    def is_holder(self, name: str) -> bool:
        """Whether a name is that of the account's holder, as pages shorten it."""
        return any(is_short_for(fold(name), own) for own in self.holder)

    def is_office(self, badge: str) -> bool:
        """Whether a badge beside a name is an office of the service: "Meta support"; a product alone is none."""
        words = set(fold(badge).split())
        speeches = [speech_of(language) for language in languages_of(self.locale)]
        return any(self._is_service(fold(badge), s) and not words.isdisjoint(s.roles | s.tags) for s in speeches)

    def is_begun_by(self, badge: str) -> bool:
        """Whether a badge beside a name says that whoever bears it began the thread: "Author"."""
        return any(speech_of(language).badges.fullmatch(fold(badge)) for language in languages_of(self.locale))

    def is_letterhead(self, label: str) -> bool:
        """Whether a label above a message says what comes next, and not who: "Date:", "Subject:"."""
        bare = fold(label).strip(" :")
        return any(speech_of(language).letterhead.fullmatch(bare) for language in languages_of(self.locale))

    def mark(self, line: str, *, label: bool = False) -> SpeakerMark | None:
        """
        What a whole line, or an accessible name, says about the speaker; None where it says nothing.

        Args:
            line: as the page shows it.
            label: the page marks it up as the label of a value (a term, a row's heading).
        """
        key = f"{label}{line}"
        if key not in self._known:
            mark = self._mark(line, label=label)
            unknown = mark is None or mark.speaker is Speaker.UNKNOWN
            self._known[key] = (self._unglued(line, label=label) if unknown else None) or mark
        return self._known[key]

    def letter(self, heading: str) -> SpeakerMark | None:
        """
        Whose letter a heading says that it stands above, with its day as a part of that: "Your letter of 19 January".

        Among a letter's references the same words say what it answers.
        """
        found = find_date(heading, self.locale)
        rest = found.rest.strip(" .,:")
        called = _OF_A_DATE.sub("", rest)
        marked = self._mark(called, label=False) if found.dated and called != rest else None
        return replace(marked, at=found.at) if marked is not None and not marked.bare else None

    def _unglued(self, line: str, *, label: bool) -> SpeakerMark | None:
        """What a line says whose words stand apart on the page and touch in its text: "Meta SupportMeta"."""
        apart = _TOUCHING.sub(" ", line)
        return self._mark(apart, label=label) if apart != line else None

    def _mark(self, line: str, *, label: bool) -> SpeakerMark | None:
        if not line.strip() or len(line) > _MOST_LETTERS or line.lstrip()[:1] in _TOWARDS:
            return None
        begun = _PREVIEW.fullmatch(line) or _PREVIEW_BEHIND_A_TIME.fullmatch(line)
        if begun is not None and find_date(begun["head"], self.locale).dated:
            return self._mark(begun["head"], label=label)
        first, *others = SEPARATED.split(line)
        author, _, who = first.partition(":")
        if others and who.strip() and self.names_authors(author.strip()):  # "From: Meta · To: you · 2 June 2025"
            written = self._mark(who, label=False)
            return replace(written, at=find_date(line, self.locale).at, bare=False) if written is not None else None
        step = self._author_of_a_step(first, others)
        if step is not None:
            return SpeakerMark(step)
        found = find_date(line, self.locale)
        colon = fold(line).rstrip().endswith(":")
        rest = _REFERENCE.sub(" ", found.rest) if found.dated else found.rest
        bare = _EMPTIED.sub(" ", _ADDRESS.sub(" ", rest))
        rest = trimmed(spell_out(" ".join(bare.replace(":", " ").split())))
        beside = _BESIDE_A_NAME.fullmatch(rest)
        for language in languages_of(self.locale):
            speech = speech_of(language)
            if beside is not None and speech.person.fullmatch(beside["who"]):
                return SpeakerMark(Speaker.PERSON, found.at, opens_quote=colon)
            if speech.fields.fullmatch(rest) and (colon or label):
                return SpeakerMark(Speaker.PERSON, found.at, is_field=True)
            for text in filter(None, dict.fromkeys((rest, _bare(rest)))):
                if speech.person.fullmatch(text) or (found.dated and _heads(text, self.holder, speech.person)):
                    return SpeakerMark(Speaker.PERSON, found.at, opens_quote=colon)
                if speech.service.fullmatch(text) or (found.dated and _heads(text, self.service, speech.service)):
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
        if found.dated and rest and self._may_be_a_name(rest) and self._names(line, rest, dated=found.at is not None):
            return SpeakerMark(Speaker.UNKNOWN, found.at)
        return None

    def _author_of_a_step(self, step: str, others: Sequence[str]) -> Speaker | None:
        """
        Who wrote, where a line names a step of the case and its author: "Request sent · You".

        A product behind a title is none. Neither is what hands another's words over.
        """
        words = fold(step).split()
        if len(others) != 1 or not 0 < len(words) <= _MOST_WORDS_OF_A_STEP or forwards(step) or words[-1] in _TO:
            return None
        who = trimmed(spell_out(fold(others[0])))
        speeches = [speech_of(language) for language in languages_of(self.locale)]
        if who in self.holder or any(" " not in who and speech.person.fullmatch(who) for speech in speeches):
            return Speaker.PERSON
        return Speaker.SERVICE if self.is_office(others[0]) else None

    def _told(self, rest: str, speech: Speech) -> Speaker | None:
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

    def _known_side(self, text: str, speech: Speech) -> Speaker | None:
        if " " not in text and speech.person.fullmatch(text):
            return Speaker.PERSON
        return self._named(text, speech)

    def _named(self, text: str, speech: Speech) -> Speaker | None:
        if any(is_short_for(text, name) for name in self.holder) or self._is_holder_with_a_badge(text, speech):
            return Speaker.PERSON
        before = _OFFICE_BEFORE.fullmatch(text)
        if before is not None and self._is_service(before[1], speech):  # "Meta (Marta)"
            return None if any(name and name in text for name in self.holder) else Speaker.SERVICE
        for office in (_OFFICE_AFTER.fullmatch(text), before):
            words = office[1].split() if office is not None else []
            first = " " not in text.partition(", ")[0] and letter_in(self.locale).part(text) is None
            named = text.endswith(")") or first  # "Dalia, Meta Support", and not "Hello, Meta Support"
            of_it = named and any(word in speech.roles for word in words)
            of_it = of_it and self._is_service(" ".join(words), speech)
            if words and (of_it or all(word in speech.roles for word in words)):
                # Whoever calls the holder "(legal)" is not the service.
                own = any(name and name in text for name in self.holder)
                return None if own else Speaker.SERVICE
        employer = _FROM.fullmatch(text)
        if employer is not None and self._is_service(employer["who"], speech):
            topic = happenings_in(self.locale).search(text) is not None  # "AI at Meta" works for nobody
            return None if topic else Speaker.SERVICE
        return Speaker.SERVICE if self._is_service(text, speech) else None

    def _is_holder_with_a_badge(self, text: str, speech: Speech) -> bool:
        """Whether a text is the holder's name and, behind it, what pages call them: "Renata Vale Account holder"."""
        words = text.split()
        heads = ((" ".join(words[:n]), " ".join(words[n:])) for n in range(2, len(words)))
        return any(
            (speech.person.fullmatch(badge) or speech.badges.fullmatch(badge)) and self.is_holder(name)
            for name, badge in heads
        )

    def _first_of(self, line: str) -> Speaker | None:
        """Who is named first in a line of several parts: "Meta · latest · 25 May 2025"."""
        first, *others = SEPARATED.split(line)
        if not others or len(" ".join(others).split()) > _MOST_WORDS_BESIDE_A_NAME:
            return None
        speeches = [speech_of(language) for language in languages_of(self.locale)]
        named = (self._named(trimmed(spell_out(fold(first))), speech) for speech in speeches)
        return next((speaker for speaker in named if speaker is not None), None)

    def _name(self, who: str, speech: Speech) -> Speaker:
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
            and not any(word.isdigit() for word in words)  # "Post 2 of 4"
            and letter.part(rest) is None
            and not (letter.undoing(rest) or letter.decides(rest))
            and happenings_in(self.locale).search(_bare(rest)) is None
        )

    def _names(self, line: str, rest: str, *, dated: bool) -> bool:
        """Whether what stands beside a date is written as the name of an author is."""
        return is_written_as_a_name(line, rest) and (dated or not is_of_a_sentence(line, rest))

    def _is_service(self, text: str, speech: Speech) -> bool:
        """Whether a name is made of the service's own names and words of its offices, and of nothing else."""
        rest, known = text, False
        for name in sorted(self.service, key=len, reverse=True):
            pattern = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)")
            known = known or bool(pattern.search(rest))
            rest = pattern.sub(" ", rest)
        words = re.findall(r"\w+(?:-\w+)*", rest)
        beside = speech.roles | speech.tags
        return known and len(words) <= _MOST_WORDS_OF_A_NAME and all(word in beside for word in words)


_TOUCHING = re.compile(r"(?<=[a-zà-öø-ÿ])(?=[A-ZÀ-Ö]|\d{1,2} [A-Z])")
_TO = frozenset({"to", "for", "with", "on", "an", "für", "à", "pour", "a", "para", "per"})
"""The last word of what names whom a case waits for or was given to: "Assigned to · Meta Support"."""
_TOWARDS = frozenset("→➝➜➔⟶⇒▸▶►")
"""Signs before the name of whom a message is to."""
_MOST_WORDS_BESIDE_A_NAME, _MOST_WORDS_OF_A_STEP = 8, 4


def _heads(text: str, names: Iterable[str], called: re.Pattern[str]) -> bool:
    """Whether a line names a side beside what it calls that side's words: "Your request Ada Lovelace"."""
    own = max((name for name in names if name and text.endswith(f" {name}")), key=len, default="")
    return bool(own) and called.fullmatch(trimmed(text.removesuffix(own))) is not None


def _bare(text: str) -> str:
    """A name without the small words that stand between it and a date."""
    return trimmed(" ".join(_FILLERS.sub(" ", text).split()))
