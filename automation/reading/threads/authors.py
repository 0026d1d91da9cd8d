"""Who speaks: what a line above a message, or the accessible name around it, says of its author."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import IntEnum, StrEnum

from automation.reading.letters.sentences import part_of
from automation.reading.threads.words import FoundDate, find_date, forwards, languages_of, phrases, word_list
from automation.text.normalizing import fold, spell_out

_MOST_LETTERS = 120
_MOST_WORDS_OF_A_NAME, _MOST_WORDS_OF_A_STRANGER = 6, 4
_MOST_WORDS_BESIDE_A_NAME, _MOST_WORDS_OF_A_STEP = 8, 4
SEPARATED = re.compile(r"\s+[·•|–—-]\s+")
"""Between the parts of a line: "Meta · latest · 25 May 2025"."""
_FILLERS = re.compile(
    r"(?<!\w)(?:at|on|um|uhr|am|à|a las|alle|le|el|il|date|fecha|data|datum|dato"
    r"|sent|received|posted|created|submitted|envoyée?|reçue?|publiée?|gesendet|erhalten|erstellt|eingegangen"
    r"|enviad[oa]|recibid[oa]|inviat[oa]|ricevut[oa]|verzonden|ontvangen|wysłano|otrzymano|recebid[oa])(?!\w)"
)
"""Small words between a name and a date."""
_OFFICE_AFTER = re.compile(r"[\w .'-]{2,40}[(\[,] ?([\w -]+)[)\]]?")
_OFFICE_BEFORE = re.compile(r"([\w -]+?) ?[(\[][\w .'-]{2,40}[)\]]")
"""A person of the service with their office beside the name: "Marta (support)", "Agent (Marta)"."""
_FROM = re.compile(r"[\w'-]+(?: [\w.'-]+)? (?:from|at|de|von|bei|di|da|van|bij) (?P<who>[\w .'-]+)")
"""A person of the service with whom they work for: "Marta from Meta"."""
_BESIDE_A_NAME = re.compile(r"[\w .'-]{2,60} ?[(\[](?P<who>\w+)[)\]]")
"""The account's holder by name: "Nora Whitfield (you)"."""
_CASE = re.compile(r"(?:^|[·|,–-])\s*#\d{3,}\b")
"""The number of a case beside a name and a date."""
_ADDRESS, _EMPTIED = re.compile(r"<?[\w.+-]+@[\w.-]+>?"), re.compile(r"[(\[][\s,;·|-]*[)\]]")
"""An address behind a name, and brackets in which only a date stood."""
_PREVIEW = re.compile(
    r"(?P<head>.{2,80}?)\s+[—–-]\s+\S.*…|(?P<timed>.{2,80}?\d{1,2}[:.h]\d{2}(?: ?[AaPp]\.?[Mm]\.?)?)\s+\S.*…"
)
"""How a message begins, shown behind its head: "You 41 w — I object.…"."""
_TOUCHING = re.compile(r"(?<=[a-zà-öø-ÿ])(?=[A-ZÀ-Ö]|\d{1,2} [A-Z])")
"""Where words touch that stand apart on the page: "Meta SupportMeta"."""
_TO = frozenset({"to", "for", "with", "on", "an", "für", "à", "pour", "a", "para", "per"})
"""The last word of what names whom a case waits for or was given to: "Assigned to · Meta Support"."""
_TOWARDS = frozenset("→➝➜➔⟶⇒▸▶►")
"""Signs before the name of whom a message is to."""
_SMALL = frozenset((
    "and", "d'", "da", "de", "del", "della", "den", "der", "des", "di", "do", "dos", "du", "e", "el", "et", "la", "le",
    "of", "van", "von", "y", "zu", "al", "bin", "ibn", "the",
))  # fmt: skip
"""Words of a name that no capital begins."""
_AROUND = re.compile(r"^[^\w(]+|[^\w).]+$")
_WORD = re.compile(r"[^\W\d_][\w.'’-]*")


class Speaker(StrEnum):
    """Whose words a turn holds."""

    SERVICE = "service"
    PERSON = "person"
    """The user, who holds the account."""
    UNKNOWN = "unknown"


_SIDES = ((Speaker.PERSON, "person"), (Speaker.SERVICE, "service"))
"""Each side, and the key of what pages call its words."""


class Strength(IntEnum):
    """How surely a mark heads a message; of two that contradict each other the stronger one is believed."""

    SECTION = 0
    """A heading that stands within a service's own text as well: "What happens next"."""
    STRANGER = 1
    """Something beside a date that nobody knows: it may be a name, and it may be a line of the text."""
    NAME = 2
    """A mere name, which may be a title or a signature as well."""
    SAID = 3
    """Words that say whose message follows: "You wrote", "Meta, 2 weeks ago"."""
    DATED = 4
    """The same with a date."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What a line, a name or a picture says about who speaks."""

    speaker: Speaker
    strength: Strength = Strength.SAID
    at: datetime | None = None
    opens_quote: bool = False
    """Whether quoted text follows ("On … you wrote:")."""
    is_field: bool = False
    """Whether it is the label of a form field that the user filled in."""

    @property
    def bare(self) -> bool:
        """Whether it is a mere name."""
        return self.strength is Strength.NAME

    @property
    def is_section(self) -> bool:
        """Whether it is a heading within a service's own text."""
        return self.strength is Strength.SECTION


@dataclass(frozen=True, slots=True)
class _Head:
    """A line taken apart: its date, and what is left of it."""

    line: str
    label: bool
    found: FoundDate
    rest: str
    """Folded, without date, signs, addresses and numbers of cases."""

    @property
    def quotes(self) -> bool:
        """Whether what it says follows."""
        return self.line.rstrip().endswith(":")

    @property
    def forms(self) -> list[str]:
        """The rest, and the same without the small words between a name and a date."""
        return [*filter(None, dict.fromkeys((self.rest, _bare(self.rest))))]

    def mark(self, speaker: Speaker, *, name: bool = False) -> Mark:
        """A mark of this line: as strong as its date makes it."""
        weak = Strength.NAME if name and not self.found.dated else Strength.SAID
        return Mark(speaker, Strength.DATED if self.found.at else weak, self.found.at, opens_quote=self.quotes)


@dataclass(frozen=True)
class Speakers:
    """The names by which the two sides of a thread go."""

    locale: str
    service: frozenset[str] = frozenset()
    """The service's own names, folded: of its products, its company, the office that signs."""
    holder: frozenset[str] = frozenset()
    """Names of the account's holder, folded, where the page or the configuration gives them."""
    _known: dict[tuple[str, bool], Mark | None] = field(default_factory=dict, compare=False, repr=False)
    _names: dict[str, Speaker | None] = field(default_factory=dict, compare=False, repr=False)

    def mark(self, line: str, *, label: bool = False) -> Mark | None:
        """
        What a whole line, or an accessible name, says about the speaker; None where it says nothing.

        A `label` is one of a value by the page's markup: a term, a row's heading.
        """
        if (line, label) not in self._known:
            mark = self._mark(line, label=label)
            if mark is None or mark.speaker is Speaker.UNKNOWN:
                apart = _TOUCHING.sub(" ", line)
                mark = (self._mark(apart, label=label) if apart != line else None) or mark
            self._known[line, label] = mark
        return self._known[line, label]

    def calls(self, key: str, text: str, language: str = "") -> bool:
        """Whether a label is one of the rows of a key: `columns` of authors, `recipients`, `letterhead`, `badges`."""
        pattern = phrases(key, language or self.locale, alone=bool(language))
        return pattern.fullmatch(fold(text).strip(" :")) is not None

    def is_date(self, line: str) -> bool:
        """Whether a line is a date, and no more."""
        found = find_date(line, self.locale)
        return found.dated and not _bare(found.rest)

    def is_addressee(self, line: str) -> bool:
        """Whether a line says to whom a message is: "to me", "To: Privacy Operations", "→ Nora Whitfield"."""
        label, _, who = line.strip().partition(" ")
        few = 0 < len(who.split()) <= _MOST_WORDS_OF_A_NAME
        return few and (label in _TOWARDS or self.calls("recipients", label))

    def is_holder(self, name: str) -> bool:
        """Whether a name is that of the account's holder, as pages shorten it."""
        return any(_is_short_for(fold(name), own) for own in self.holder)

    def is_office(self, badge: str) -> bool:
        """Whether a badge beside a name is an office of the service: "Meta support"; a product alone is none."""
        return self._is_service(fold(badge)) and not self._offices.isdisjoint(fold(badge).split())

    @property
    def _offices(self) -> frozenset[str]:
        return word_list("roles", self.locale) | word_list("tags", self.locale)

    def _mark(self, line: str, *, label: bool) -> Mark | None:
        if not line.strip() or len(line) > _MOST_LETTERS or line.lstrip()[:1] in _TOWARDS:
            return None
        begun = _PREVIEW.fullmatch(line)
        if begun is not None and find_date(begun["head"] or begun["timed"], self.locale).dated:
            return self._mark(begun["head"] or begun["timed"], label=label)
        found = find_date(line, self.locale)
        first, *others = SEPARATED.split(line)
        author, _, who = first.partition(":")
        if others and who.strip() and self.calls("columns", author):  # "From: Meta · To: you · 2 June 2025"
            written = self._mark(who, label=False)
            strength = Strength.DATED if found.at else Strength.SAID
            return replace(written, at=found.at, strength=strength) if written else None
        step = self._author_of_a_step(first, others)
        if step is not None:
            return Mark(step)
        rest = _ADDRESS.sub(" ", _CASE.sub(" ", found.rest) if found.dated else found.rest)
        rest = trimmed(spell_out(" ".join(_EMPTIED.sub(" ", rest).replace(":", " ").split())))
        text = _Head(line, label, found, rest)
        for language in languages_of(self.locale):
            mark = self._by_phrase(text, language) or self._by_sentence(text, language) or self._by_name(text)
            if mark is not None:
                return mark
        return self._by_a_stranger(text)

    def _by_a_stranger(self, text: _Head) -> Mark | None:
        """By what may be the name of somebody else; "Objection removed · 2 days ago" names nobody."""
        dated, rest = text.found.dated, text.rest
        named = dated and rest and self._may_be_a_name(rest) and is_written_as_a_name(text.line, rest)
        return Mark(Speaker.UNKNOWN, Strength.STRANGER, text.found.at) if named else None

    def _author_of_a_step(self, step: str, others: Sequence[str]) -> Speaker | None:
        """
        Who wrote, where a line names a step of the case and its author: "Request sent · You".

        A product behind a title is none. Neither is what hands another's words over.
        """
        words = fold(step).split()
        if len(others) != 1 or not 0 < len(words) <= _MOST_WORDS_OF_A_STEP or forwards(step) or words[-1] in _TO:
            return None
        who = trimmed(spell_out(fold(others[0])))
        if who in self.holder or (" " not in who and self.calls("person", who)):
            return Speaker.PERSON
        return Speaker.SERVICE if self.is_office(others[0]) else None

    def _by_phrase(self, text: _Head, language: str) -> Mark | None:
        """By what pages call either side's words, or a field that is echoed: "Your message", "Our reply", "Reason:"."""
        beside = _BESIDE_A_NAME.fullmatch(text.rest)
        if beside is not None and self.calls("person", beside["who"], language):
            return text.mark(Speaker.PERSON)
        if (text.quotes or text.label) and self.calls("fields", text.rest, language):
            return Mark(Speaker.PERSON, at=text.found.at, is_field=True)
        for rest in text.forms:
            for speaker, key in _SIDES:
                names = self.holder if speaker is Speaker.PERSON else self.service
                # "Your request Ada Lovelace", beside a date
                named = [name for name in names if text.found.dated and name and rest.endswith(f" {name}")]
                called = trimmed(rest.removesuffix(max(named, key=len, default="")))
                if self.calls(key, rest, language) or (named and self.calls(key, called, language)):
                    return text.mark(speaker)
            if self.calls("sections", rest, language):
                return Mark(Speaker.SERVICE, Strength.SECTION)
        return None

    def _by_sentence(self, text: _Head, language: str) -> Mark | None:
        """
        By a line that names both sides, says who sent what stands beneath it, or who wrote.

        "Your request to object has been declined" names no sides: a pronoun or a known name stands at both ends.
        """

        def held(key: str, said: str) -> list[str]:
            found = phrases(key, language, alone=True).fullmatch(said)
            return [_bare(who) for who in found.groups() if who] if found is not None else []

        def side(who: str) -> Speaker | None:
            return Speaker.PERSON if " " not in who and self.calls("person", who) else self._named(who)

        sides = [*map(side, held("between", text.rest))]
        sent = next(map(side, held("sent", text.rest.rstrip(" ."))), None)
        whose = sides[0] if len(sides) > 1 and None not in sides else sent
        if whose is not None:
            return text.mark(whose)
        for who in held("author", text.rest)[:1]:
            whose = next((speaker for speaker, key in _SIDES if self.calls(key, who, language)), self._named(who))
            if whose is not None or ((text.quotes or text.found.dated) and self._may_be_a_name(who)):
                return text.mark(whose or Speaker.UNKNOWN)
        return None

    def _by_name(self, text: _Head) -> Mark | None:
        """By a name of either side, alone, beside a date, or as the first of several parts of a line."""
        for rest in text.forms:
            named = self._named(rest)
            if named is not None:
                return text.mark(named, name=True)
        first, *others = SEPARATED.split(text.line)
        few = 0 < len(" ".join(others).split()) <= _MOST_WORDS_BESIDE_A_NAME
        named = self._named(trimmed(spell_out(fold(first)))) if text.found.dated and few else None
        return replace(text.mark(named), opens_quote=False) if named is not None else None

    def _named(self, text: str) -> Speaker | None:
        """Whose name a text is, alone or with an office or a badge beside it."""
        if text not in self._names:
            self._names[text] = self._find_name(text)
        return self._names[text]

    def _find_name(self, text: str) -> Speaker | None:
        words = text.split()
        heads = ((" ".join(words[:n]), " ".join(words[n:])) for n in range(2, len(words)))
        if self.is_holder(text) or any(  # "Renata Vale Account holder"
            self.is_holder(name) and (self.calls("person", badge) or self.calls("badges", badge))
            for name, badge in heads
        ):
            return Speaker.PERSON
        before, after = _OFFICE_BEFORE.fullmatch(text), _OFFICE_AFTER.fullmatch(text)
        of_it = before is not None and self._is_service(before[1])  # "Meta (Marta)"
        if of_it or any(self._is_office_of(found[1], text) for found in (after, before) if found):
            # Whoever calls the holder an office is not one.
            return None if any(name and name in text for name in self.holder) else Speaker.SERVICE
        employer = _FROM.fullmatch(text)
        if employer is not None and self._is_service(employer["who"]):
            topic = phrases("happenings", self.locale).search(text) is not None  # "AI at Meta" works for nobody
            return None if topic else Speaker.SERVICE
        return Speaker.SERVICE if self._is_service(text) else None

    def _is_office_of(self, office: str, text: str) -> bool:
        """Whether an office stands beside a name: "Dalia, Meta Support", and not "Hello, Meta Support"."""
        first, words = text.partition(", ")[0], office.split()
        roles = word_list("roles", self.locale)
        if not words or roles.issuperset(words):
            return bool(words)
        beside = text.endswith(")") or (" " not in first and part_of(first, self.locale) is None)
        return beside and not roles.isdisjoint(words) and self._is_service(" ".join(words))

    def _may_be_a_name(self, rest: str) -> bool:
        """Whether what stands beside a date may be somebody's name, and is no part of a case's own data."""
        bare = _bare(rest)
        few = 0 < len(bare.split()) <= _MOST_WORDS_OF_A_STRANGER and not any(map(str.isdigit, bare.split()))
        of_a_case = few and any(self.calls(key, bare) for key in ("states", "facts"))
        return few and not of_a_case and phrases("happenings", self.locale).search(bare) is None

    def _is_service(self, text: str) -> bool:
        """Whether a name is made of the service's own names and words of its offices, and of nothing else."""
        rest, known = text, False
        for name in sorted((name for name in self.service if name in text), key=len, reverse=True):
            rest, times = re.subn(rf"(?<!\w){re.escape(name)}(?!\w)", " ", rest)
            known = known or times > 0
        words = re.findall(r"\w+(?:-\w+)*", rest) if known else []
        return known and len(words) <= _MOST_WORDS_OF_A_NAME and self._offices.issuperset(words)


def parts_of(name: str) -> list[str]:
    """The words of a name, folded, without initials."""
    return [part for part in re.split(r"[\s.,_@-]+", fold(name)) if len(part) > 1]


def is_written_as_a_name(line: str, rest: str) -> bool:
    """
    Whether what stands beside a date is written as a name is: one word, or with capitals; `rest` is it, folded.

    "Objection removed · 2 days ago" is no author, and "Valid until 1 June" is none.
    """
    parts = set(re.findall(r"\w+", rest))
    words = [word for word in _WORD.findall(line) if parts & set(re.findall(r"\w+", fold(word)))]
    return len(words) < 2 or all(not word[0].islower() or fold(word) in _SMALL for word in words)


def trimmed(text: str) -> str:
    """A text without the signs and symbols around it."""
    return _AROUND.sub("", text)


def _bare(text: str) -> str:
    """A name without the small words that stand between it and a date."""
    return trimmed(" ".join(_FILLERS.sub(" ", text).split()))


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
