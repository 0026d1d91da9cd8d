"""
The words that message lists share: the rows of `words.toml`, and dates and ages as services write them.

In the language of the page or in English.
"""

from __future__ import annotations

import re
import tomllib
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from importlib.resources import files
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.dates import format_timedelta, get_date_format, get_month_names

from automation.text.normalizing import base_language, fold
from automation.text.templates import anywhere, beginning, whole

LANGUAGES = ("en", "fr", "de", "es", "it")
"""Languages whose words are known. Of letters all are looked up, whatever the page says: services mix them."""

_BEGINNING, _ANYWHERE = frozenset({"empty"}), frozenset({"forwarded", "happenings", "partial"})
_WHO = {"who": "(.{1,80}?)"}
_HOLES = {
    "author": _WHO | {"date": "(?:(?:at|um|à|a las|alle|[ ,])+)?"},
    "between": _WHO,
    "sent": _WHO,
    "more": {"count": r"(?:\+ ?)?(?:\d+ )?"},
    "collapsed": {"count": r"(?:\d+ )?", "number": r"(?: \(?\d+\)?)?"},
}

_TIME = re.compile(
    r"(?<!\d)(\d{1,2})(?:[:.h]| h )(\d{2})(?::\d{2}(?:\.\d{1,6})?)?(?:[+-]\d{2}:\d{2}|\s*([ap])\.?m\.?)?(?!\d)"
)
_ISO = re.compile(r"(?<!\d)(\d{4})([-/.])(\d{2})\2(\d{2})(?:[t ]|(?!\d))")
_NUMBERS = re.compile(r"(?<![\d.])(\d{1,2})([./-])(\d{1,2})\2(\d{4}|[2-4]\d)(?![\d.])")
_BEFORE_A_MONTH = re.compile(r"[^\W\d_a-zA-Z]+(?=MMMM)")
_DECEMBER, _HOURS, _MINUTES, _CENTURY = 12, 24, 60, 2000
_ZONE = re.compile(r"(?<!\w)(?:utc|gmt|cet|cest|bst|est|edt|pst|pdt|z)(?:[+-]\d{1,2}(?::?\d{2})?)?(?!\w)")
_AT = re.compile(r"(?:,|(?<!\w)(?:at|um|à|a las?|alle(?: ore)?|om|às|as|kl\.?|o(?: godz\.?)?|v|ve|klo))\s*$")
"""What stands between a day and its time."""
_HOUR = re.compile(r"^\s*(?:uhr|hrs?|h|hod\.?)(?!\w)")
_ALSO = {"sept": 9, "aout": 8, "fevrier": 2, "decembre": 12, "mrz": 3, "jänner": 1}
"""Months as people write them who leave accents out, abbreviate otherwise, or live in Austria."""
_MONTH_FIRST = frozenset({"en", "en-us", "en-ph"})
"""Locales in which 03/06 is March the sixth (Unicode CLDR, short date pattern)."""
_WIDELY_READ = ("en", "fr", "de", "es", "it", "nl", "pl", "pt", "cs", "sv")
"""A page may be in another language than it declares, so a date in these is taken for one everywhere."""

_UNITS = {
    timedelta(seconds=1): "s|secs?|seconds?|secondes?|sekunden?|segundos?|second[oi]",
    timedelta(minutes=1): "min|mins|minutes?|minuten?|minutos?|minut[oi]",
    timedelta(hours=1): "h|hrs?|hours?|heures?|std|stunden?|horas?|or[ae]",
    timedelta(days=1): "d|days?|jours?|tg|tage?n?|días?|giorn[oi]|gg",
    timedelta(weeks=1): "w|wks?|weeks?|sem|semaines?|wo|wochen?|semanas?|sett|settiman[ae]",
    timedelta(days=30): "mos?|mths?|months?|mois|monate?n?|mes(?:es)?|mes[ei]",
    timedelta(days=365): "y|yrs?|years?|ans?|années?|jahre?n?|años?|ann[oi]",
}
"""A bare "m" is minutes on one page and months on another: it makes a date, and no age."""
_OF_ONE_LANGUAGE = {
    "fr": {"j": timedelta(days=1)},
    "de": {"t": timedelta(days=1), "j": timedelta(days=365)},
    "it": {"g": timedelta(days=1)},
}
"""Units by a letter that is a gram or a name elsewhere."""
_ONE = "an?|one|une?|eine[mr]?|ein|una|uno|un'"
_FEW = rf"{_ONE}|a few|a couple of|several|quelques|einigen|wenigen|un[oa]s|algun[oa]s|alcun[ie]|qualche"
_ROUGHLY = (
    "about|less than|more than|over|almost|nearly|environ|presque|plus de?|etwa|über|fast|casi|más de|quasi|oltre"
)
_ABOUT = re.compile(rf"(?<!\w)(?:{_ROUGHLY})(?!\w)")
_NUMBERED = re.compile(rf"(?<!\w)(?:(?P<number>\d{{1,3}}) ?|(?:{_ONE})(?:(?<=')| ))(?P<unit>[^\W\d_]+)(?!\w)")
_DAYS = ("today|aujourd'hui|heute|hoy|oggi", "yesterday|hier|gestern|ayer|ieri",
    "the day before yesterday|avant-hier|vorgestern|anteayer|(?:l')?altro ieri",
)  # fmt: skip
_THE_DAY_BEFORE = re.compile(rf"(?<!\w)(?:{_DAYS[2]})(?!\w)")
_NEAR_DAYS = tuple(re.compile(rf"(?<![\w-])(?:{day})(?!\w)") for day in _DAYS[:2])
_LAST = (
    "last (?:week|month|year|night)|(?:la semaine|le mois|l'année|l'an) derni(?:er|ère)"
    "|(?:letzte|vergangene|vorige)[ns]? (?:woche|monat|jahr|nacht)|(?:la semana|el mes|el año) pasad[oa]"
    "|(?:la settimana|il mese|l'anno) scors[oa]"
)
_NUMBERS_OF_EACH_FORM = (1, 2, 3, 5)
"""Of one unit there are not more than these: five months are no other unit, and languages know up to four forms."""
NO_YEAR, _HALF_A_YEAR = 1, 183


@lru_cache(maxsize=1)
def _tables() -> dict[str, dict[str, Any]]:
    return tomllib.loads((files("automation.reading.threads") / "words.toml").read_text(encoding="utf-8"))


def languages_of(locale: str) -> list[str]:
    """The page's language first, then English, in which services answer too; all where the page names none."""
    own = base_language(locale)
    return list(dict.fromkeys((own, "en"))) if own in LANGUAGES else [*LANGUAGES]


@lru_cache(maxsize=512)
def phrases(key: str, locale: str, *, alone: bool = False) -> re.Pattern[str]:
    """
    The rows of a key in a page's language and in English, as one pattern for folded text.

    Args:
        key: as `words.toml` explains it. Most are to be matched whole, `empty` at the beginning of a text; those of
            what is mentioned (`forwarded`, `happenings`, `partial`) are to be searched for.
        locale: of the page, BCP-47; every language counts where it is not known.
        alone: only this language, one of `LANGUAGES`.
    """
    rows = [row for language in ([locale] if alone else languages_of(locale)) for row in _tables()[key][language]]
    if key in _BEGINNING:
        return beginning(rows)
    return anywhere(rows) if key in _ANYWHERE else whole(rows, _HOLES.get(key))


@lru_cache(maxsize=128)
def word_list(key: str, locale: str) -> frozenset[str]:
    """The single words of a key (`roles`, `tags`), folded."""
    rows = (row for language in languages_of(locale) for row in _tables()[key][language])
    return frozenset(fold(word) for row in rows for word in row.strip("()").split("|"))


def forwards(line: str) -> bool:
    """Whether a line says, in any language, that a forwarded message follows."""
    return phrases("forwarded", "").search(fold(line)) is not None


# -- dates and ages ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Age:
    """So many days, weeks … ago; how a page rounds is not known, only that it does so alike everywhere."""

    number: int
    unit: timedelta
    clock: int | None = None
    """Minutes since midnight, of "yesterday at 9:14"."""

    def is_older(self, other: Age) -> bool | None:
        """Whether this was before the other; None where rounding may hide it."""
        if self.unit == other.unit:
            if self.number != other.number:
                return self.number > other.number
            if self.clock is None or other.clock is None or self.clock == other.clock:
                return None
            return self.clock < other.clock
        if self._least() >= other._most():
            return True
        return False if other._least() >= self._most() else None

    def _least(self) -> timedelta:
        return (self.number - 0.5) * self.unit

    def _most(self) -> timedelta:
        return (self.number + 1) * self.unit * (1 + (self.unit > timedelta(weeks=1)) * 0.1)


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A date in a line, and the line without it."""

    at: datetime | None
    """Without a time zone: the dates of one page are only compared with each other. Year 1 where none is written."""
    rest: str
    """The folded line without date and time."""
    dated: bool = False
    """Whether there was a date or time at all, also one such as "yesterday" or "3d"."""
    age: Age | None = None
    """How long ago, where no date is written."""


@lru_cache(maxsize=4096)
def find_date(line: str, locale: str) -> FoundDate:
    """Find the first date in a line; the page's language decides what 03/06/2025 means."""
    text = fold(line)
    rest, at = _written_day(text, locale)
    if at is None:
        bare = _ago(locale).sub(" ", _TIME.sub(" ", text))
        # Without a time, a short name of a day may be any word: "le tue informazioni".
        bare = _weekdays(locale, short=bare != text).sub(" ", bare)
        return FoundDate(None, " ".join(bare.split()), bare != text, age_in(text, locale))
    clock = _TIME.search(rest)
    if clock is not None:
        hour, minute = divmod(_minutes(clock), 60)
        if hour < _HOURS and int(clock[2]) < _MINUTES:
            at = at.replace(hour=hour, minute=minute)
            rest = _AT.sub(" ", rest[: clock.start()]) + " " + _HOUR.sub(" ", rest[clock.end() :])
    rest = _weekdays(locale).sub(" ", _ZONE.sub(" ", rest))
    return FoundDate(at, " ".join(rest.split()), dated=True)


def in_order(one: datetime, other: datetime) -> bool | None:
    """
    Whether one moment is before another one; None where that cannot be told.

    A date without a year is compared with its like only, and within half a year: between December and January a year
    turns that nobody wrote down.
    """
    if (one.year == NO_YEAR) != (other.year == NO_YEAR) or one == other:
        return None
    if one.year == NO_YEAR and abs((one - other).days) > _HALF_A_YEAR:
        return None
    return one < other


def age_in(folded: str, locale: str) -> Age | None:
    """The first age in a folded line; None where it has none, or one that is only about right."""
    if _ABOUT.search(folded):
        return None
    clock = _TIME.search(folded)
    rest, days = _THE_DAY_BEFORE.subn(" ", folded)
    for number, found in enumerate((*(day.search(rest) for day in _NEAR_DAYS), days)):
        if found:
            return Age(number, timedelta(days=1), _minutes(clock) if clock is not None else None)
    own = _OF_ONE_LANGUAGE.get(base_language(locale), {})
    for match in _NUMBERED.finditer(folded):
        unit = own.get(match["unit"]) or next((u for u in _UNITS if re.fullmatch(_UNITS[u], match["unit"])), None)
        if unit is not None:
            return Age(int(match["number"] or 1), unit)
    return None


@lru_cache(maxsize=64)
def date_patterns(locale: str) -> tuple[re.Pattern[str], ...]:
    """Dates that name their month, in the language of a page and in those of `_WIDELY_READ`, as a page shows them."""
    known = dict.fromkeys((locale, *_WIDELY_READ))
    return tuple(re.compile(_months(each)[1].pattern, re.IGNORECASE) for each in known)


def _minutes(clock: re.Match[str]) -> int:
    """Minutes since midnight, of a time that `_TIME` found."""
    hour = int(clock[1]) % 12 + 12 * (clock[3] == "p") if clock[3] else int(clock[1])
    return 60 * hour + int(clock[2])


def _written_day(text: str, locale: str) -> tuple[str, datetime | None]:
    """The first day that names its month, or the first in numbers; and the text without it."""
    months, pattern = _months(locale)
    for match in pattern.finditer(text):
        year = int(match["year"] or NO_YEAR) if match["short"] is None else _CENTURY + int(match["short"])
        at = _moment(year, months[match["month"] or match["month2"]], int(match["day"] or match["day2"]))
        if at is not None:
            return f"{text[: match.start()]} {text[match.end() :]}", at
    iso = _ISO.search(text)
    found = iso or _NUMBERS.search(text)
    if found is None:
        return text, None
    if iso is not None:
        year, month, day = int(iso[1]), int(iso[3]), int(iso[4])
    else:
        day, month, year = int(found[1]), int(found[3]), int(found[4])
        year += 0 if year > _CENTURY else _CENTURY
        if month > _DECEMBER or (found[2] == "/" and locale.casefold() in _MONTH_FIRST and day <= _DECEMBER):
            day, month = month, day
    return f"{text[: found.start()]} {text[found.end() :]}", _moment(year, month, day)


def _moment(year: int, month: int, day: int) -> datetime | None:
    try:
        return datetime(year, month, day)  # noqa: DTZ001 - see `FoundDate.at`
    except ValueError:
        return None


@lru_cache(maxsize=64)
def _ago(locale: str) -> re.Pattern[str]:
    """How long ago something was, in the languages of `_UNITS`, and as the page's own writes it: "4 months ago"."""
    said = {
        re.sub(
            r"\d+", r"\\d+", re.escape(fold(format_timedelta(-n * unit, threshold=1, add_direction=True, locale=known)))
        )
        for known in _locales(locale)
        for unit in _UNITS
        for n in _NUMBERS_OF_EACH_FORM
    }
    *shorter, years = _UNITS.values()
    own = _OF_ONE_LANGUAGE.get(base_language(locale), ())
    unit = "|".join((*shorter, years, "m|j", *own))
    alone = "|".join((*shorter, "y|yrs?|m|j", *own))  # "2 years to come" is no age
    many, roughly = rf"(?:\d+|{_FEW}) ?(?:{unit})\.?", f"(?:(?:{_ROUGHLY})[' ])?"
    said_in = (
        *sorted(said, key=len, reverse=True),
        rf"(?:il y a|vor|hace) {roughly}{many}",
        rf"{roughly}{many} (?:ago|fa)",
        rf"{roughly}\d+ ?(?:{alone})\.?",
        *(_LAST, *reversed(_DAYS), "just now|now|il y a|vor"),
    )
    return re.compile(rf"(?<!\w)(?:{'|'.join(said_in)})(?!\w)")


def _locales(locale: str) -> list[Locale]:
    found = [Locale.parse("en")]
    with suppress(UnknownLocaleError, ValueError):
        found.insert(0, Locale.parse(locale.replace("-", "_")))
    return found


@lru_cache(maxsize=64)
def _months(locale: str) -> tuple[dict[str, int], re.Pattern[str]]:
    months: dict[str, int] = {}
    for known in _locales(locale):
        # What a language writes before a month without a space, as Hebrew does "in", by its own pattern of a date.
        before = _BEFORE_A_MONTH.search(get_date_format("long", locale=known).pattern)
        for width in ("wide", "abbreviated"):
            for context in ("format", "stand-alone"):
                for number, name in get_month_names(width, context=context, locale=known).items():
                    months.setdefault(fold(name).rstrip("."), number)
                    months.setdefault((before[0] if before else "") + fold(name).rstrip("."), number)
    for name, number in _ALSO.items():
        months.setdefault(name, number)
    names = "|".join(sorted(map(re.escape, months), key=len, reverse=True))
    day, year, short = r"(?P<day{0}>\d{{1,2}})(?:\.|st|nd|rd|th|er)?", r"(?P<year>\d{4})", r"(?P<short>\d{2})(?!\d)"
    before_it = rf"{day.format('')} (?:de |of )?(?P<month>{names})(?!\w)\.?"
    after_it = rf"(?P<month2>{names})\.? {day.format('2')}(?![\w:])"
    return months, re.compile(rf"(?<!\w)(?:{before_it}|{after_it})(?:,? (?:(?:de )?{year}(?![\d:])|'{short}))?")


@lru_cache(maxsize=64)
def _weekdays(locale: str, *, short: bool = True) -> re.Pattern[str]:
    names = {
        fold(name).rstrip(".")
        for known in _locales(locale)
        for width in (("wide", "abbreviated") if short else ("wide",))
        for name in known.days["format"][width].values()
    }
    return re.compile(rf"(?<!\w)(?:{'|'.join(sorted(map(re.escape, names), key=len, reverse=True))})\.?(?!\w)")
