"""
One language of the program: its words, dates and numbers, all from Babel; and finished English sentences in it.

Errors and log lines are written in English where they happen, as `f"there is no {path}"`. The catalogue holds them as
`there is no %(path)s`; `SaidSentences` finds the entry of a finished sentence again, and puts its values into the
translation.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any, TypeVar

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_datetime, format_time, format_timedelta
from babel.lists import format_list
from babel.numbers import format_decimal, format_percent
from babel.units import format_unit

from automation.core.errors import ConfigurationError
from automation.text.catalogue import LANGUAGES, read_catalogue, read_sentences

_VALUE = re.compile(r"%\((\w+)\)s")
_LEAD = re.compile(r"\s*(?:[→✗!-]\s+)?")
_END = re.compile(r"(?<=[.?!]) ")
_PLACE = re.compile(r"(?:\S+: )+")
"""Where something is wrong, in front of what: `temoin.toml:12: `, "`key`: "."""
_LEAST = 5
"""Letters of its own that an entry with values needs; one such as `%(name)s: %(text)s` would fit everything."""
_DEEPEST = 4
"""How deep a sentence may stand in another, as its value."""


@dataclass(frozen=True, slots=True)
class _Entry:
    pattern: re.Pattern[str]
    translation: str
    literal: tuple[int, int]
    """Letters that are no value, and characters: of two entries that fit, the one with more is meant."""


class SaidSentences:
    """Finds finished sentences in a catalogue."""

    def __init__(self, sentences: Iterable[tuple[str, str]], typeset: Callable[[str], str]) -> None:
        self._whole: dict[str, str] = {}
        entries = []
        for sentence, translation in sentences:
            self._whole[sentence.replace("%%", "%")] = typeset(translation.replace("%%", "%"))
            bare = _VALUE.sub("", sentence)
            literal = sum(letter.isalpha() for letter in bare)
            if literal >= _LEAST and _VALUE.search(sentence):
                entries.append(_Entry(_pattern(sentence), typeset(translation), (literal, len(bare))))
        self._entries = sorted(entries, key=lambda entry: entry.literal, reverse=True)

    def __call__(self, text: str) -> str:
        """The text in the other language; what the catalogue does not know stays as it is."""
        return self._text(text, _DEEPEST)

    def _text(self, text: str, depth: int) -> str:
        """Line by line where each line is known; else as a whole, which a value of several lines may need."""
        if whole := self._whole.get(text):
            return whole
        lines = text.split("\n")
        told = [self._line(line, depth) for line in lines]
        whole = None if all(told) or len(lines) == 1 else self._with_values(text, depth)
        return whole or "\n".join(one or line for one, line in zip(told, lines, strict=True))

    def _line(self, line: str, depth: int) -> str | None:
        lead = _LEAD.match(line)
        start = lead.end() if lead else 0
        said = self._sentence(line[start:], depth)
        return line[:start] + said if said else None

    def _sentence(self, text: str, depth: int) -> str | None:
        """The translation of a text: as a whole, with values, after a place, or sentence by sentence."""
        if known := self._known(text):
            return known
        if not text or depth == 0:
            return None
        if (place := _PLACE.match(text)) and (rest := self._known(text[place.end() :])):
            return self._value(place[0], depth) + rest
        return self._with_values(text, depth) or self._after_place(text, depth) or self._one_by_one(text, depth)

    def _known(self, text: str) -> str | None:
        """A text without values in it, whatever the full stop."""
        bare = text.rstrip(". ")
        forms = ((text, ""), (bare, text[len(bare) :]), (f"{bare}.", ""))
        return next((self._whole[known] + ending for known, ending in forms if known in self._whole), None)

    def _with_values(self, text: str, depth: int) -> str | None:
        bare = text.rstrip(".")
        for entry in self._entries:
            for candidate, ending in ((text, ""), (bare, text[len(bare) :])):
                if match := entry.pattern.fullmatch(candidate):
                    found = match.groupdict(default="")
                    values = {name: self._value(value, depth) for name, value in found.items()}
                    return (entry.translation % values).lstrip() + ending
        return None

    def _value(self, value: str, depth: int) -> str:
        return self._text(value, depth - 1) if " " in value else value

    def _after_place(self, text: str, depth: int) -> str | None:
        """`temoin.toml:12: a sentence`."""
        place, separator, rest = text.partition(": ")
        said = self._sentence(rest, depth - 1) if separator else None
        return f"{self._value(place, depth)}{separator}{said}" if said else None

    def _one_by_one(self, text: str, depth: int) -> str | None:
        first, *others = _END.split(text, maxsplit=1)
        if not others:
            return None
        one, rest = self._sentence(first, depth - 1), self._sentence(others[0], depth - 1)
        return f"{one or first} {rest or others[0]}" if one or rest else None


def _pattern(sentence: str) -> re.Pattern[str]:
    parts = _VALUE.split(sentence)
    pattern = ""
    seen: set[str] = set()
    if len(parts) > 3 and not parts[0] and parts[2].startswith(" "):
        # `Did you mean …? Known accounts: …`: what stands first may be nothing, and the blank behind it goes with it
        seen.add(parts[1])
        parts[:3] = [parts[2][1:]]
        pattern = f"(?:(?P<{next(iter(seen))}>.*?) )?"
    for number, part in enumerate(parts):
        if number % 2 == 0:
            pattern += re.escape(part.replace("%%", "%"))
        else:
            pattern += f"(?P={part})" if part in seen else f"(?P<{part}>.*?)"
            seen.add(part)
    return re.compile(pattern, re.DOTALL)


_BEFORE_MARK = re.compile(r"(?<=\S) (?=[:;?!»])")
_AFTER_MARK = re.compile(r"« ")
_FIRST = re.compile(r"^1 (?=[^\W\d_])")
_APOSTROPHE = re.compile(r"(?<=\w)'(?=\w)")
_NO_BREAK = "\u00a0"
_CONTROL = "\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff"
_DIRECTION = "\u202a-\u202e\u2066-\u2069"
_UNWRITABLE = re.compile(f"[{_CONTROL}]")
_UNPRINTABLE = re.compile(f"[{_CONTROL}{_DIRECTION}]")

_JOINED = {"fr": re.compile(r"\b([Dd])e (?=%\((\w+)\)s)")}
"""Language → what joins the value after it where that begins with a vowel: « de Lyon », « d’Angers »."""
_VOWEL = re.compile(r"(?:<[^>]*>)*[aeiouyœæàâäéèêëîïôöùûü]", re.IGNORECASE)

Value = TypeVar("Value")


class _JoiningText(str):
    """A sentence with places for values, one of which a word in front of it may join."""

    __slots__ = ()
    joins: re.Pattern[str] = _JOINED["fr"]

    def __mod__(self, values: Any) -> str:
        """The sentence with its values."""
        return str(self.fitted(values) % values)

    def fitted(self, values: Mapping[str, object]) -> str:
        """The sentence as it is to be filled with these values, with its places still in it."""

        def joined(found: re.Match[str]) -> str:
            return f"{found[1]}’" if _VOWEL.match(str(values[found[2]])) else found[0]

        return self.joins.sub(joined, str(self))


def fitted(sentence: str, values: Mapping[str, object]) -> str:
    """A sentence of the catalogue as it is to be filled with these values; for whoever fills it without `gettext`."""
    return sentence.fitted(values) if isinstance(sentence, _JoiningText) else sentence


class Language:
    """Words, dates and numbers of one language. Get one from `language`."""

    def __init__(self, code: str) -> None:
        self.code = code
        self._locale = Locale.parse({"en": "en_GB"}.get(code, code))
        self._words = read_catalogue(code)
        self._said: dict[str, str] = {}
        self._sentences: SaidSentences | None = None

    @property
    def translates(self) -> bool:
        """Whether it is another language than the one in which the program is written."""
        return self.code != LANGUAGES[0]

    def gettext(self, sentence: str, **values: object) -> str:
        """A sentence of the catalogue in this language; values fill its `%(name)s`."""
        if sentence not in self._said:
            self._said[sentence] = self.typeset(self._words.gettext(sentence)) if sentence else ""
        said = self._said[sentence]
        return said % values if values else said

    def ngettext(self, one: str, many: str, number: int, **values: object) -> str:
        """The form of a sentence that goes with a number; values fill its `%(name)s`."""
        said = self.typeset(self._words.ngettext(one, many, number))
        return said % values if values else said

    def pgettext(self, context: str, sentence: str) -> str:
        """A sentence that needs its context to be translated."""
        return self.typeset(str(self._words.pgettext(context, sentence)))

    def said(self, text: str) -> str:
        """A text that was written in English where it happened, such as an error's, in this language."""
        if not self.translates or not text:
            return text
        if self._sentences is None:
            self._sentences = SaidSentences(read_sentences(self.code), self.typeset)
        return self._sentences(text)

    def script(self, code: str) -> str:
        """The name of a writing system by its ISO 15924 code, such as `Deva`; the code where there is no name."""
        return str(self._locale.scripts.get(code, code))

    def knows(self, sentence: str) -> bool:
        """Whether the sentence can be said in this language."""
        return self.code == "en" or self._words.gettext(sentence) != sentence

    def typeset(self, text: str) -> str:
        """Set a sentence as a printer would: curved apostrophes, and in French the spaces that may not break."""
        text = _APOSTROPHE.sub("’", text)
        if self.code != "fr":
            return text
        text = _AFTER_MARK.sub("«" + _NO_BREAK, _BEFORE_MARK.sub(_NO_BREAK, text))
        return _JoiningText(text) if _JoiningText.joins.search(text) else text

    def moment(self, when: datetime) -> str:
        """A date and time of day, in UTC and saying so."""
        day = self.full_date(when.astimezone(UTC))
        return self.gettext("%(day)s at %(time)s") % {"day": day, "time": self.time(when)}

    def time(self, when: datetime) -> str:
        """A time of day, in UTC and saying so."""
        return f"{format_time(when.astimezone(UTC), 'HH:mm:ss', tzinfo=UTC, locale=self._locale)} UTC"

    def day(self, iso: str) -> str:
        """A day given as `2026-11-25`; other text comes back as it is."""
        try:
            return self.full_date(date.fromisoformat(iso))
        except ValueError:
            return iso

    def date_and_time(self, when: datetime) -> str:
        """A date and the hour and minute, in UTC and saying so, for narrow places."""
        shown = format_datetime(when.astimezone(UTC), "d MMM y, HH:mm", locale=self._locale)
        return f"{self._first_of_a_month(shown)} UTC"

    def ago(self, time: timedelta) -> str:
        """How long ago something was, in words, for a negative time; from now for a positive one."""
        return format_timedelta(time, add_direction=True, locale=self._locale)

    def number(self, value: float) -> str:
        """A number with this language's separators."""
        return format_decimal(value, locale=self._locale)

    def percent(self, share: float) -> str:
        """A share from 0 to 1, with at most two decimals; one that would be shown as nothing is `< 0.01 %`."""
        shown = format_percent(max(share, 0.0001), "#,##0.##%", locale=self._locale)
        return f"< {shown}" if 0 < share < 0.0001 else shown

    def seconds(self, value: float) -> str:
        """A duration in seconds, one decimal."""
        return format_unit(round(value, 1), "second", "short", locale=self._locale)

    def days(self, number: int) -> str:
        """A number of days in words."""
        return format_unit(number, "day", "long", locale=self._locale)

    def full_date(self, when: date) -> str:
        """A day with the month in full."""
        return self._first_of_a_month(format_date(when, "long", locale=self._locale))

    def short_date(self, when: date) -> str:
        """A day with the month cut short, for narrow places."""
        return self._first_of_a_month(format_date(when, "medium", locale=self._locale))

    def _first_of_a_month(self, shown: str) -> str:
        """A date as French writes the first day of a month, "1er décembre"; CLDR has no pattern for it."""
        return _FIRST.sub("1er ", shown) if self.code == "fr" else shown

    def size(self, size_bytes: int) -> str:
        """A file size in bytes, kB, MB or GB of 1,000."""
        if size_bytes < 1000:
            return format_unit(size_bytes, "byte", "short", locale=self._locale)
        units = {"kilobyte": 1_000, "megabyte": 1_000_000, "gigabyte": 1_000_000_000}
        unit = max((name for name, size in units.items() if size <= size_bytes), key=units.__getitem__)
        return format_unit(round(size_bytes / units[unit], 1), unit, "short", locale=self._locale)

    def listing(self, items: Sequence[str]) -> str:
        """Items as a sentence lists them."""
        return format_list(list(items), locale=self._locale)

    def clauses(self, parts: Iterable[str]) -> str:
        """Parts of one sentence with semicolons between."""
        return (f"{_NO_BREAK}; " if self.code == "fr" else "; ").join(parts)

    def quoted(self, text: str) -> str:
        """A title inside a sentence, in this language's quotation marks."""
        return f"«{_NO_BREAK}{text}{_NO_BREAK}»" if self.code == "fr" else f"“{text}”"

    def name_of(self, locale: str) -> str:
        """What this language calls another one, given as BCP-47; the code itself where Babel does not know it."""
        try:
            found = Locale.parse(locale, sep="-" if "-" in locale else "_")
        except (ValueError, UnknownLocaleError):
            return locale
        return found.get_display_name(self._locale) or locale


@lru_cache(maxsize=len(LANGUAGES))
def _of(code: str) -> Language:
    return Language(code)


def language(code: str) -> Language:
    """The language for a code such as `fr`, `fr-CA` or `fr_FR.UTF-8`; ConfigurationError for any other than ours."""
    base = re.split(r"[-_.@]", code.strip().lower())[0]
    if base not in LANGUAGES:
        raise ConfigurationError(
            f"there is no report in the language '{printable(code)}'", f"Choose one of: {', '.join(LANGUAGES)}."
        )
    return _of(base)


def in_locale(table: Mapping[str, Value], locale: str) -> tuple[str, Value] | None:
    """
    The entry of a table by locale that fits best, with its key; None where there is none.

    Best is the locale itself, then its language, then another country's variety of that language.
    """
    wanted = locale.replace("_", "-").lower()
    if not wanted:
        return None
    base = wanted.split("-")[0]
    by_code = {key.replace("_", "-").lower(): key for key in table}
    for code in (wanted, base, *(c for c in by_code if c.split("-")[0] == base)):
        if code in by_code:
            key = by_code[code]
            return key, table[key]
    return None


def printable(text: str) -> str:
    """Text that can steer no terminal and turn nothing around: `�` stands for each character that could."""
    return _UNPRINTABLE.sub("\ufffd", text)


def one_line(text: str) -> str:
    """The same on one line: a name with a line break in it must not write a line of its own."""
    return printable("\ufffd".join(text.splitlines()))


def writable(text: str) -> str:
    """Text that every file and page can hold: `�` stands for control characters and half surrogate pairs."""
    return _UNWRITABLE.sub("\ufffd", text)
