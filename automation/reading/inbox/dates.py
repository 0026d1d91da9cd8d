"""Dates as services write them beside a message, in the language of the page or in English."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.dates import format_timedelta, get_date_format, get_month_names

from automation.reading.inbox.ages import Age, age_in
from automation.text.normalizing import base_language, fold

_TIME = re.compile(
    r"(?<!\d)(\d{1,2})(?:[:.h]| h )(\d{2})(?::\d{2}(?:\.\d{1,6})?)?(?:[+-]\d{2}:\d{2}|\s*([ap])\.?m\.?)?(?!\d)"
)
_ISO = re.compile(r"(?<!\d)(\d{4})([-/.])(\d{2})\2(\d{2})(?:[t ]|(?!\d))")
_BEFORE_A_MONTH = re.compile(r"[^\W\d_a-zA-Z]+(?=MMMM)")
_DECEMBER, _HOURS, _MINUTES = 12, 24, 60
_NUMBERS = re.compile(r"(?<![\d.])(\d{1,2})([./-])(\d{1,2})\2(\d{4}|[2-4]\d)(?![\d.])")
_CENTURY = 2000
_ZONE = re.compile(r"(?<!\w)(?:utc|gmt|cet|cest|bst|est|edt|pst|pdt|z)(?:[+-]\d{1,2}(?::?\d{2})?)?(?!\w)")
_AT = re.compile(r"(?:,|(?<!\w)(?:at|um|à|a las?|alle(?: ore)?|om|às|as|kl\.?|o(?: godz\.?)?|v|ve|klo))\s*$")
"""What stands between a day and its time."""
_HOUR = re.compile(r"^\s*(?:uhr|hrs?|h|hod\.?)(?!\w)")
_AGES = (
    r"s|m|h|d|w|y|j|min|mins|hr|hrs|sec|secs|mos?|mths?|wks?|yrs?|std|tage?n?|jours?|semaines?|days?|weeks?|months?|hours?"
    r"|minutes?|sem\.?|wo\.?|tg\.?|sett\.?|gg"
)
_NEAR = (
    "the day before yesterday|avant-hier|vorgestern|anteayer|(?:l')?altro ieri"
    "|today|yesterday|just now|now|aujourd'hui|hier|heute|gestern|il y a|vor|hoy|ayer|oggi|ieri"
)
_IN_WORDS = re.compile(
    r"(?<!\w)(?:(?:(?:about|almost|nearly|over|more than) )?(?:an?|one|a few|a couple of|several|\d+)"
    r" (?:second|minute|hour|day|week|month|year|yr|wk|mo)s? ago"
    r"|last (?:week|month|year|night)"
    r"|il y a (?:(?:environ|presque|plus d[e']) ?)?(?:une?|quelques|\d+)"
    r" (?:seconde|minute|heure|jour|semaine|mois|an|année)s?"
    r"|(?:la semaine|le mois|l'année|l'an) derni(?:er|ère)"
    r"|vor (?:(?:etwa|über|fast) )?(?:eine[mr]?|einigen|wenigen|\d+) (?:sekunde|minute|stunde|tag|woche|monat|jahr)e?n?"
    r"|(?:letzte|vergangene|vorige)[ns]? (?:woche|monat|jahr|nacht)"
    r"|hace (?:(?:casi|más de) )?(?:una?|un[oa]s|algun[oa]s|\d+) (?:segundo|minuto|hora|día|semana|mes|año)(?:e?s)?"
    r"|(?:la semana|el mes|el año) pasad[oa]"
    r"|(?:(?:quasi|oltre) )?(?:un[oa]?|un'|alcun[ie]|qualche|\d+) ?(?:second|minut|or|giorn|settiman|mes|ann)[oaie] fa"
    r"|(?:la settimana|il mese|l'anno) scors[oa])(?!\w)"
)
"""How long ago something was, in words that a list of units does not give: "a year ago", "last week"."""
_RELATIVE = re.compile(rf"(?<!\w)(?:(?:hace )?\d+ ?(?:{_AGES})(?: ago| fa)?|{_NEAR})(?!\w)")
_IN_LETTERS = {
    "de": re.compile(r"(?<!\w)(?:vor )?\d+ ?[tj]\.?(?!\w)"),
    "it": re.compile(r"(?<!\w)\d+ ?g\.?(?: fa)?(?!\w)"),
}
"""Days and years by their first letter, which is a gram or a name elsewhere."""
_UNITS = tuple(timedelta(days=days) for days in (365, 30, 7, 1)) + tuple(timedelta(seconds=s) for s in (3600, 60, 1))
_NUMBERS_OF_EACH_FORM = (1, 2, 3, 5)
"""Of one unit there are not more than these: five months are no other unit, and languages know up to four forms."""
_EXACTLY = 1.0
_WIDELY_READ = ("en", "fr", "de", "es", "it", "nl", "pl", "pt", "cs", "sv")
"""A page may be in another language than it declares, so a date in these is taken for one everywhere."""
_ALSO = {"sept": 9, "aout": 8, "fevrier": 2, "decembre": 12, "mrz": 3, "jänner": 1}
"""Months as people write them who leave accents out, abbreviate otherwise, or live in Austria."""
_MONTH_FIRST = frozenset({"en", "en-us", "en-ph"})
"""Locales in which 03/06 is March the sixth (Unicode CLDR, short date pattern)."""


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


NO_YEAR = 1
_HALF_A_YEAR = 183


@lru_cache(maxsize=4096)
def find_date(line: str, locale: str) -> FoundDate:
    """
    Find the first date in a line.

    Args:
        line: as the page shows it.
        locale: the page's language; decides what 03/06/2025 means.
    """
    text = fold(line)
    rest, at = _named_month(text, locale)
    if at is None:
        rest, at = _numeric(text, locale)
    if at is None:
        bare = _RELATIVE.sub(" ", _ages(locale).sub(" ", _IN_WORDS.sub(" ", _TIME.sub(" ", text))))
        bare = letters.sub(" ", bare) if (letters := _IN_LETTERS.get(base_language(locale))) is not None else bare
        # Without a time, a short name of a day may be any word: "le tue informazioni".
        bare = _weekdays(locale, short=bare != text).sub(" ", bare)
        return FoundDate(None, " ".join(bare.split()), bare != text, age_in(text, locale))
    clock = _TIME.search(rest)
    if clock is not None:
        hour = int(clock[1]) % 12 + (12 if clock[3] == "p" else 0) if clock[3] else int(clock[1])
        if hour < _HOURS and int(clock[2]) < _MINUTES:
            at = at.replace(hour=hour, minute=int(clock[2]))
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


def _named_month(text: str, locale: str) -> tuple[str, datetime | None]:
    months, pattern = _months(locale)
    for match in pattern.finditer(text):
        day = int(match["day"] or match["day2"])
        year = int(match["year"] or 1) if match["short"] is None else _CENTURY + int(match["short"])
        at = _moment(year, months[match["month"] or match["month2"]], day)
        if at is not None:
            return text[: match.start()] + " " + text[match.end() :], at
    return text, None


def _numeric(text: str, locale: str) -> tuple[str, datetime | None]:
    iso = _ISO.search(text)
    if iso is not None:
        return text[: iso.start()] + " " + text[iso.end() :], _moment(int(iso[1]), int(iso[3]), int(iso[4]))
    match = _NUMBERS.search(text)
    if match is None:
        return text, None
    first, second = int(match[1]), int(match[3])
    month_first = match[2] == "/" and locale.casefold() in _MONTH_FIRST
    day, month = (second, first) if month_first else (first, second)
    if month > _DECEMBER:
        day, month = month, day
    year = int(match[4])
    at = _moment(year if year > _CENTURY else _CENTURY + year, month, day)
    return text[: match.start()] + " " + text[match.end() :], at


@lru_cache(maxsize=64)
def _ages(locale: str) -> re.Pattern[str]:
    """How long ago something was, as the page's language and English say it: "4 months ago", "il y a 2 ans"."""
    said = {
        re.sub(r"\d+", r"\\d+", re.escape(fold(_ago(number, unit, known))))
        for known in _locales(locale)
        for unit in _UNITS
        for number in _NUMBERS_OF_EACH_FORM
    }
    return re.compile(rf"(?<!\w)(?:{'|'.join(sorted(said, key=len, reverse=True))})(?!\w)")


def _ago(number: int, unit: timedelta, locale: Locale) -> str:
    return format_timedelta(-number * unit, threshold=_EXACTLY, add_direction=True, locale=locale)


def _moment(year: int, month: int, day: int) -> datetime | None:
    try:
        return datetime(year, month, day)  # noqa: DTZ001 - see `FoundDate.at`
    except ValueError:
        return None


def _locales(locale: str) -> list[Locale]:
    found = [Locale.parse("en")]
    with suppress(UnknownLocaleError, ValueError):
        found.insert(0, Locale.parse(locale.replace("-", "_")))
    return found


def _joined(locale: Locale) -> str:
    """What a language writes before a month without a space, as Hebrew does "in": by its own pattern of a date."""
    before = _BEFORE_A_MONTH.search(get_date_format("long", locale=locale).pattern)
    return before[0] if before is not None else ""


@lru_cache(maxsize=64)
def _months(locale: str) -> tuple[dict[str, int], re.Pattern[str]]:
    months: dict[str, int] = {}
    for known in _locales(locale):
        for width in ("wide", "abbreviated"):
            for context in ("format", "stand-alone"):
                for number, name in get_month_names(width, context=context, locale=known).items():
                    months.setdefault(fold(name).rstrip("."), number)
                    months.setdefault(_joined(known) + fold(name).rstrip("."), number)
    for name, number in _ALSO.items():
        months.setdefault(name, number)
    names = "|".join(sorted(map(re.escape, months), key=len, reverse=True))
    day, year, short = r"(?P<day{0}>\d{{1,2}})(?:\.|st|nd|rd|th|er)?", r"(?P<year>\d{4})", r"(?P<short>\d{2})(?!\d)"
    before = rf"{day.format('')} (?:de |of )?(?P<month>{names})(?!\w)\.?"
    after = rf"(?P<month2>{names})\.? {day.format('2')}(?![\w:])"
    return months, re.compile(rf"(?<!\w)(?:{before}|{after})(?:,? (?:(?:de )?{year}(?![\d:])|'{short}))?")


@lru_cache(maxsize=64)
def date_patterns(locale: str) -> tuple[re.Pattern[str], ...]:
    """Dates that name their month, in the language of a page and in those of `_WIDELY_READ`, as a page shows them."""
    known = dict.fromkeys((locale, *_WIDELY_READ))
    return tuple(re.compile(_months(each)[1].pattern, re.IGNORECASE) for each in known)


@lru_cache(maxsize=64)
def _weekdays(locale: str, *, short: bool = True) -> re.Pattern[str]:
    names = {
        fold(name).rstrip(".")
        for known in _locales(locale)
        for width in (("wide", "abbreviated") if short else ("wide",))
        for name in known.days["format"][width].values()
    }
    return re.compile(rf"(?<!\w)(?:{'|'.join(sorted(map(re.escape, names), key=len, reverse=True))})\.?(?!\w)")
