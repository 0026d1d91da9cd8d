"""
Names of people in a text: where they stand, however they are written and whatever they are glued to.

A name must not stand in evidence, and a short one must not shred it: `Al` is the start of many sentences in Spanish,
`May` a month, `Grace` a word on buttons. So a name counts the more freely the less it can be anything else:

- a full name in any case, and within other letters too where it is long enough to be there by no chance;
- a part of four letters and more as a word of its own, in any case;
- a part of three letters, or one that the pages also write small, only as it is written;
- a part of two letters, or one that is an ordinary word, only in the full name, after a greeting, or alone.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from functools import lru_cache
from typing import Self

from automation.text.labels import Labels
from automation.text.named_accounts import named_accounts

_LONG = 8
"""A full name with that many letters stands within other letters by no chance."""
_PART, _SHORT = 4, 3
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_INITIAL = re.compile(r"[^\W\d_]\.")
_SMALL = re.compile(r"(?<![\w.@/#-])[^\W\d_]{3,}(?![\w@/-]|\.\w)")
_PARTICLES = frozenset(
    (
        "al", "bin", "da", "de", "del", "della", "den", "der", "di", "do", "dos", "du", "el", "la", "le", "ten", "ter",
        "van", "von", "y", "zu",
    )
)  # fmt: skip
_GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss"})
_JOINTS = (" ", ".", "-", "_", "", "+", "\u00a0", "%20")
_CAPITAL = r"(?-i:[^\W\d_a-zß-öø-ÿ])[\w'’.-]*"
_GREETING = re.compile(
    r"(?:(?<=[\n.!?…»”\"])|^)\s*(?:hi|hello|hey|dear|welcome(?: back)?|bonjour|bonsoir|salut|bienvenue|ch[eè]re?|"
    r"hallo|guten tag|sehr geehrte[rs]?(?: herr| frau)?|liebe[rs]?|willkommen|hola|estimad[oa]|querid[oa]|"
    r"bienvenid[oa]|ciao|salve|gentile|car[oa]|benvenut[oa]|ol[áa]|prezad[oa]|bem-vind[oa]|hoi|beste|geachte|welkom|cześć|witaj|"
    r"dzień dobry|ahoj|dobrý den|hej|good (?:morning|afternoon|evening)|guten (?:morgen|abend)|"
    r"buen[oa]s (?:d[ií]as|tardes|noches)|buon(?:giorno|asera)|bom dia|boa (?:tarde|noite)|"
    r"goede(?:morgen|middag|navond)|"
    r"(?:continue|log ?in|sign in) as|continuer en tant que|weiter als|"
    r"continuar como|continua come|doorgaan als)"
    rf"[,]?[^\S\n]+(?P<name>{_CAPITAL}(?:[^\S\n]+{_CAPITAL}){{0,3}})(?=\s*(?:[,!:;.…?–—\n]|$))",
    re.IGNORECASE | re.MULTILINE,
)
"""What addresses the reader by name, in the languages in which services write; it decides nothing."""

CAPITALS = rf"{_CAPITAL}(?:[^\S\n]+(?:(?:{'|'.join(sorted(_PARTICLES))})[^\S\n]+){{0,2}}{_CAPITAL}){{0,4}}"
"""One to five words with capitals, as the source of a pattern: what may be a name."""
_TITLED = re.compile(r"\b(?:herr|frau)\s+$", re.IGNORECASE)
"""What makes even an ordinary word that follows it somebody's name: "Frau Kunde"."""
ANYBODY = frozenset(
    (
        "customer", "customers", "user", "users", "member", "members", "client", "clients", "subscriber", "subscribers",
        "follower", "followers", "reader", "readers", "guest", "owner", "holder", "applicant", "requester",
        "complainant", "visitor", "account", "profile", "valued", "esteemed", "friend", "friends", "everyone",
        "everybody", "all", "community", "team", "cliente", "clientes", "clienta", "usuario", "usuaria", "usuarios",
        "usuarias", "miembro", "miembros", "suscriptor", "suscriptora", "titular", "utente", "utenti", "membro",
        "membri", "iscritto", "iscritta", "abbonato", "abbonata", "titolare", "usuário", "usuária", "utilizador",
        "utilizadora", "utilisateur", "utilisatrice", "utilisateurs", "utilisatrices", "membre", "membres", "abonné",
        "abonnée", "abonnés", "titulaire", "internaute", "kunde", "kundin", "kunden", "kundinnen", "nutzer", "nutzerin",
        "nutzerinnen", "benutzer", "benutzerin", "benutzerinnen", "mitglied", "mitglieder", "kontoinhaber",
        "kontoinhaberin", "leser", "leserin", "abonnent", "abonnentin", "klant", "klanten", "gebruiker", "gebruikers",
        "lid", "leden",
    )
)  # fmt: skip
"""Words, folded, with which a letter greets whoever reads it: "Dear Customer" names nobody."""

_MENTION = re.compile(
    rf"\b(?:by|from|von|par|por|da|door|przez)[^\S\n]+(?P<name>{_CAPITAL}(?:[^\S\n]+{_CAPITAL}){{1,3}})"
)
"""Whom a sentence names as the author of something; only where no word of the name is an ordinary one."""


class _Kind(IntEnum):
    """How free a spelling is; the freest counts where one has several."""

    ALONE = 0
    """Two letters, or an ordinary word."""
    WRITTEN_SMALL = 1
    """A part that the pages also write small."""
    SHORT = 2
    EXACT = 3
    """A full name of nothing but words."""
    PART = 4
    FULL = 5
    LONG = 6


@dataclass(slots=True)
class Names:
    """Known names of one visit; they become more on the way."""

    ordinary: Container[str] = frozenset()
    """Folded words that services and calendars use: a name that is one of them is treated as such."""
    full: set[str] = field(default_factory=set)
    greeted: set[str] = field(default_factory=set)
    """Whom pages greet: as they write it, for it may be no name."""
    others: set[str] = field(default_factory=set)
    """Of whom only the full name is looked for."""
    small: set[str] = field(default_factory=set)
    """Words that pages write small."""
    _kinds: Mapping[str, tuple[_Kind, frozenset[str]]] = field(default_factory=dict)
    """Spelling in small letters → how free it is, and as it is written."""
    _starting: Mapping[str, list[str]] = field(default_factory=dict)
    """First two letters → spellings, longest first: pages are long, and names are many."""
    _made_of: tuple[int, ...] = ()

    @classmethod
    def beside(cls, labels: Labels) -> Self:
        """Of nobody yet; words that a service uses, and those of dates, are no names."""
        return cls(labels.vocabulary | ANYBODY | calendar_words(("en", *labels.languages())))

    def add(self, names: Iterable[str], *, whole: bool = False) -> None:
        """
        Take note of names.

        Args:
            names: as a page or a person writes them.
            whole: look for none of their parts: of others than the account's holder.
        """
        found = {" ".join(unicodedata.normalize("NFC", name).split()) for name in names}
        (self.others if whole else self.full).update(name for name in found if any(c.isalpha() for c in name))

    def written(self, text: str) -> None:
        """Take note of whom a text greets, and of the words that it writes small: whoever has them, they are words."""
        rest = list(text)
        for start, end in self._known(text, least=_Kind.FULL):
            rest[start:end] = "\0" * (end - start)
        self.small |= {word for word in _SMALL.findall("".join(rest)) if word.islower()}
        self.greeted |= {text[start:end] for start, end in self._greeted(text) if end - start >= _SHORT}

    def told(self, text: str) -> None:
        """Take note of whose accounts a text speaks of; called once its pages' small words are known."""
        spans = named_accounts(text, self.is_word)
        self.add((text[start:end] for start, end in spans if end - start >= _PART), whole=True)

    def include(self, other: Names) -> None:
        """Take over what another visit learnt."""
        self.full |= other.full
        self.greeted |= other.greeted
        self.others |= other.others
        self.small |= other.small

    def is_ordinary(self, name: str) -> bool:
        """Whether a name is made of nothing but ordinary words."""
        words = _WORD.findall(name)
        return all(word.casefold() in self.ordinary for word in words)

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Where names stand in a text: starts and ends, in order, without overlap."""
        accounts = named_accounts(text, self.is_word)
        found = sorted([*self._known(text), *self._greeted(text), *self._mentioned(text), *accounts])
        merged: list[tuple[int, int]] = []
        for start, end in found:
            if merged and start < merged[-1][1]:
                merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
            else:
                merged.append((start, end))
        return merged

    def is_word(self, word: str) -> bool:
        """Whether a word is an ordinary one, or one that the pages write small."""
        return word.casefold() in self.ordinary or word.casefold() in self.small

    # -- looking --------------------------------------------------------------------------------------------

    def _greeted(self, text: str) -> Iterator[tuple[int, int]]:
        """Whoever a text greets, known or not."""
        for match in _GREETING.finditer(text):
            start, end = match.span("name")
            titled = _TITLED.search(text[: match.start("name")]) is not None
            if titled or not self.is_ordinary(match["name"]) or _lowered(match["name"]) in self._kinds:
                yield start, end - (len(match["name"]) - len(match["name"].rstrip(".")))

    def _mentioned(self, text: str) -> Iterator[tuple[int, int]]:
        for match in _MENTION.finditer(text):
            words = [word.casefold() for word in _WORD.findall(match["name"])]
            if len(words) > 1 and not any(word in self.ordinary or word in self.small for word in words):
                start, end = match.span("name")
                yield start, end - (len(match["name"]) - len(match["name"].rstrip(".'’-")))

    def _known(self, text: str, least: _Kind = _Kind.ALONE) -> Iterator[tuple[int, int]]:
        self._prepare()
        small, free = _lowered(text), 0
        for start in range(len(small) - 1):
            if start < free:
                continue
            for spelling in self._starting.get(small[start : start + 2], ()):
                end = start + len(spelling)
                if small.startswith(spelling, start) and self._counts(text, start, spelling, least):
                    yield start, end
                    free = end
                    break

    def _counts(self, text: str, start: int, spelling: str, least: _Kind) -> bool:
        """Whether a spelling that stands there is a name there."""
        end = start + len(spelling)
        found, before, after = text[start:end], text[:start], text[end:]
        kind, written = self._kinds[spelling]
        kind, exact = self._kind_here(kind, found), found in written
        if kind < least:
            return False
        bounded = not before[-1:].isalpha() and not after[:1].isalpha()
        if kind is _Kind.LONG:
            return True
        if kind is _Kind.FULL:
            return exact or bounded
        if kind is _Kind.EXACT:
            return exact and bounded
        glued = exact and _glued(found, before[-1:], after[:1])
        bounded_or_glued = bounded or glued
        if kind is _Kind.SHORT:
            return exact and bounded_or_glued
        if kind is _Kind.PART:
            return bounded_or_glued or _owns(before[-1:], after[:2])
        alone = text.strip() == found and found.casefold() not in self.ordinary
        if kind is _Kind.WRITTEN_SMALL and exact and bounded:
            return alone or not _starts_a_sentence(before)
        return glued or alone

    def _kind_here(self, kind: _Kind, found: str) -> _Kind:
        """The kind of a spelling, now that the pages have been seen: what they write small is a word."""
        if kind in {_Kind.ALONE, _Kind.EXACT} or not self.small:
            return kind
        words = [word.casefold() for word in _WORD.findall(found)]
        if not words or not all(word in self.small or word in self.ordinary for word in words):
            return kind
        return _Kind.EXACT if kind in {_Kind.FULL, _Kind.LONG} else _Kind.WRITTEN_SMALL

    # -- preparing ------------------------------------------------------------------------------------------

    def _prepare(self) -> None:
        made_of = (len(self.full), len(self.others), len(self.greeted))
        if made_of == self._made_of:
            return
        kinds: dict[str, tuple[_Kind, frozenset[str]]] = {}

        def add(spellings: Iterable[str], kind: _Kind) -> None:
            for spelling in spellings:
                if len(spelling) > 1:
                    old, written = kinds.get(_lowered(spelling), (kind, frozenset()))
                    kinds[_lowered(spelling)] = (max(kind, old), written | {spelling})

        for name in self.full | self.others:
            add(_spellings(name), self._kind_of_full(name))
        for part in {part for name in self.full for part in _WORD.findall(name) if _names_somebody(part)}:
            add(_variants(part), self._kind_of_part(part))
        for part in {part for name in self.greeted for part in _WORD.findall(name) if _names_somebody(part)}:
            add([part], min(self._kind_of_part(part), _Kind.SHORT))
        starting: dict[str, list[str]] = {}
        for spelling in sorted(kinds, key=len, reverse=True):
            starting.setdefault(spelling[:2], []).append(spelling)
        self._kinds, self._starting, self._made_of = kinds, starting, made_of

    def _kind_of_full(self, name: str) -> _Kind:
        words = _WORD.findall(name)
        if len(words) < 2 and name == "".join(words):
            return self._kind_of_part(name)
        if self.is_ordinary(name):
            return _Kind.EXACT
        return _Kind.LONG if sum(c.isalnum() for c in name) >= _LONG else _Kind.FULL

    def _kind_of_part(self, part: str) -> _Kind:
        if not _has_case(part):
            return _Kind.LONG
        if len(part) < _SHORT or part.casefold() in self.ordinary:
            return _Kind.ALONE
        return _Kind.PART if len(part) >= _PART else _Kind.SHORT


@lru_cache(maxsize=64)
def calendar_words(languages: tuple[str, ...]) -> frozenset[str]:
    """Names of months and days, folded, long and short, in languages given as BCP-47: dates are evidence."""
    from babel import Locale, UnknownLocaleError  # noqa: PLC0415 - loads its data only where names are looked for

    found: set[str] = set()
    for language in languages:
        try:
            locale = Locale.parse(language, sep="-")
        except (UnknownLocaleError, ValueError):
            continue
        for table in (locale.months, locale.days):
            for width in ("wide", "abbreviated"):
                found |= {name.rstrip(".").casefold() for use in table.values() for name in use.get(width, {}).values()}
    return frozenset(found)


def looks_like_a_name(text: str) -> bool:
    """Whether a short text could be somebody's full name: two to five words, capitals first, no digits."""
    words = text.split()
    if not 2 <= len(words) <= 5 or len(text) > 60 or any(c.isdigit() for c in text):
        return False
    ended = (word for word in words if word[-1] in ".:!?…" and not _INITIAL.fullmatch(word))
    return not any(ended) and all(word.casefold() in _PARTICLES or word[0].isupper() for word in words)


def may_name_somebody(text: str, names: Names) -> bool:
    """Whether an entry of a menu could be a name: no running text, and not made of ordinary words."""
    words = _WORD.findall(text)
    if any(len(word) > 1 and word.islower() and word not in _PARTICLES for word in words) and " " in text.strip():
        return False
    return bool(words) and not names.is_ordinary(text)


def _lowered(text: str) -> str:
    """In small letters, each letter where it was: a few have a small form that is longer."""
    lowered = text.lower()
    return lowered if len(lowered) == len(text) else "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


def _glued(word: str, before: str, after: str) -> bool:
    """Whether a capitalised word begins and ends within other letters as two texts do that were put together."""
    starts, ends = not before.isalpha() or before.islower(), not after.isalpha() or after.isupper()
    return len(word) >= _SHORT and starts and ends and (before.isalpha() or after.isalpha())


def _owns(before: str, after: str) -> bool:
    """Whether a word ends with the `s` of what is somebody's."""
    return not before.isalpha() and after[:1] == "s" and not after[1:].isalpha()


def _starts_a_sentence(before: str) -> bool:
    return not re.search(r"[\w,;'’)][^\S\n]+$", before)


def _names_somebody(part: str) -> bool:
    return len(part) > 1 and part.casefold() not in _PARTICLES - {"al"} and (part[0].isupper() or not _has_case(part))


def _has_case(text: str) -> bool:
    return text.upper() != text.lower()


def _variants(text: str) -> set[str]:
    """A word as it is, decomposed, without its accents, and as German writes it without umlauts."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    found = {text, unicodedata.normalize("NFD", text), text.translate(_GERMAN)}
    return found | {plain} if len(plain) == len(text) else found


def _spellings(name: str) -> set[str]:
    """A name as pages and addresses write it: `Claire Moreau`, `claire.moreau`, `claire-moreau` and so on."""
    words = re.findall(r"[\w'’]+", name)
    found = {name}
    if len(words) > 1:
        found |= {joint.join(words) for joint in _JOINTS}
        found |= {f"{words[-1]}{joint}{' '.join(words[:-1])}" for joint in (", ", " ")}
    return {variant for text in found for variant in _variants(text)}
