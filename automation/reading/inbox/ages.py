"""How long ago something was, as pages write it in place of a date: "2 w", "yesterday", "il y a 3 jours"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from automation.text.normalizing import fold

_UNITS = {
    timedelta(seconds=1): "s|secs?|seconds?|secondes?|sekunden?|segundos?|second[oi]",
    timedelta(minutes=1): "min|mins|minutes?|minuten?|minutos?|minut[oi]",
    timedelta(hours=1): "h|hrs?|hours?|heures?|std|stunden?|horas?|or[ae]",
    timedelta(days=1): "d|days?|jours?|tg|tage?n?|días?|giorn[oi]|gg",
    timedelta(weeks=1): "w|wks?|weeks?|sem|semaines?|wo|wochen?|semanas?|sett|settiman[ae]",
    timedelta(days=30): "mos?|mths?|months?|mois|monate?n?|mes(?:es)?|mes[ei]",
    timedelta(days=365): "y|yrs?|years?|ans?|années?|jahre?n?|años?|ann[oi]",
}
"""A bare "m" is minutes on one page and months on another."""
_OF_ONE_LANGUAGE = {"fr": {"j": timedelta(days=1)}, "de": {"t": timedelta(days=1), "j": timedelta(days=365)}}
_OF_ONE_LANGUAGE["it"] = {"g": timedelta(days=1)}
_ONE = "an?|one|une?|eine[mr]?|ein|una|uno|un'"
_NUMBERED = re.compile(
    rf"(?<!\w)(?:(?:il y a|vor|hace) )?(?P<number>\d{{1,3}}|{_ONE}) ?(?P<unit>[^\W\d_]+)\.?(?: (?:ago|fa))?(?!\w)"
)
_DAYS = (
    re.compile(r"(?<!\w)(?:today|aujourd'hui|heute|hoy|oggi)(?!\w)"),
    re.compile(r"(?<![\w-])(?<!before )(?<!altro )(?:yesterday|hier|gestern|ayer|ieri)(?!\w)"),
    re.compile(r"(?<!\w)(?:the day before yesterday|avant-hier|vorgestern|anteayer|(?:l')?altro ieri)(?!\w)"),
)
_CLOCK = re.compile(r"(?<!\d)(\d{1,2})(?::|h| h )(\d{2})(?:\s*([ap])\.?m\.?)?(?!\d)")
_ABOUT = re.compile(r"\b(?:less than|more than|over|almost|nearly|about|plus d|environ|presque|über|fast|etwa|casi)\b")
_HALF = 0.5


@dataclass(frozen=True, slots=True)
class Age:
    """So many days, weeks … ago; how a page rounds is not known, only that it does so alike everywhere."""

    number: int
    unit: timedelta
    clock: int | None = None
    """Minutes since midnight, of "yesterday at 9:14"."""

    def is_older(self, other: Age) -> bool | None:
        """Whether this was before the other; None where rounding may hide it."""
        if self.unit == other.unit and self.number != other.number:
            return self.number > other.number
        if self == other or (self.number == other.number and self.unit == other.unit and self._clocks(other) is None):
            return None
        if self.unit == other.unit:
            return self._clocks(other)
        if self._least() >= other._most():
            return True
        return False if other._least() >= self._most() else None

    def _clocks(self, other: Age) -> bool | None:
        if self.clock is None or other.clock is None or self.clock == other.clock:
            return None
        return self.clock < other.clock

    def _least(self) -> timedelta:
        return (self.number - _HALF) * self.unit

    def _most(self) -> timedelta:
        return (self.number + 1) * self.unit * (1 + (self.unit > timedelta(weeks=1)) * 0.1)


def age_in(folded: str, locale: str) -> Age | None:
    """The first age in a folded line; None where it has none, or one that is only about right."""
    if _ABOUT.search(folded):
        return None
    for number, day in enumerate(_DAYS):
        if day.search(folded):
            return Age(number, timedelta(days=1), _minutes(folded))
    for match in _NUMBERED.finditer(folded):
        unit = _unit(match["unit"], locale)
        if unit is not None:
            return Age(int(match["number"]) if match["number"].isdigit() else 1, unit)
    return None


def on_one_day(clocks: Sequence[str]) -> list[Age] | None:
    """The times of day of lines that follow one another, as ages; None where they do not grow: then midnight passed."""
    minutes = [_minutes(fold(clock)) for clock in clocks]
    known = [each for each in minutes if each is not None]
    if len(known) < len(minutes) or known != sorted(known):
        return None
    return [Age(0, timedelta(days=1), each) for each in known]


def _unit(name: str, locale: str) -> timedelta | None:
    own = _OF_ONE_LANGUAGE.get(locale.casefold()[:2], {})
    if name in own:
        return own[name]
    return next((unit for unit, names in _UNITS.items() if re.fullmatch(names, name)), None)


def _minutes(folded: str) -> int | None:
    clock = _CLOCK.search(folded)
    if clock is None:
        return None
    hour = int(clock[1]) % 12 + 12 * (clock[3] == "p") if clock[3] else int(clock[1])
    return 60 * hour + int(clock[2])
