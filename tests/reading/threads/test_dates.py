"""Dates and ages beside messages, in the languages and orders in which services write them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from automation.reading.threads.words import age_in, find_date
from automation.text.normalizing import fold


@pytest.mark.parametrize(
    ("line", "locale", "at"),
    [
        ("3 June 2025 at 10:12", "en-GB", "2025-06-03T10:12"),
        ("Jun 3, 2025, 10:12 PM", "en-US", "2025-06-03T22:12"),
        ("03/06/2025", "en-GB", "2025-06-03T00:00"),
        ("03/06/2025", "en-US", "2025-03-06T00:00"),
        ("13/06/2025", "en-US", "2025-06-13T00:00"),
        ("2025-06-03T10:12:00.000+02:00", "en", "2025-06-03T10:12"),
        ("2025/06/03", "en", "2025-06-03T00:00"),
        ("le 3 juin 2025 à 10h12", "fr-FR", "2025-06-03T10:12"),
        ("Dienstag, 3. Juni 2025 um 10:12", "de-DE", "2025-06-03T10:12"),
        ("3 de junio de 2025", "es-ES", "2025-06-03T00:00"),
        ("3 ביוני 2025, 10:12", "he-IL", "2025-06-03T10:12"),
        ("Jun 3, 10:20 AM", "en-US", "0001-06-03T10:20"),
        ("3/6/25", "en-GB", "2025-06-03T00:00"),
        ("3 June '25", "en-GB", "2025-06-03T00:00"),
        ("3 aout 2025", "fr-FR", "2025-08-03T00:00"),
        ("3. Mrz. 2025", "de-DE", "2025-03-03T00:00"),
        ("3. Jänner 2025", "de-AT", "2025-01-03T00:00"),
        ("10.12.19.44", "en", None),
        ("Version 1.2.3", "en", None),
        ("31 February 2025", "en-GB", None),
        ("3d", "en", None),
    ],
)
def test_a_date_is_found_as_the_pages_language_writes_it(line: str, locale: str, at: str | None) -> None:
    """Day and month are told apart by the locale; a date without a year is of year 1."""
    found = find_date(line, locale).at
    assert (found and found.isoformat(timespec="minutes")) == at


@pytest.mark.parametrize(
    ("line", "locale"),
    [
        *(
            (line, "en-US")
            for line in ("3d", "Yesterday", "1 year ago", "last week", "Mon 2:14 PM", "Today at 9:14 AM")
        ),
        *((line, "fr") for line in ("il y a 2 ans", "il y a 2 sem.", "2 sem.", "avant-hier", "le mois dernier")),
        *((line, "de") for line in ("vor 3 Jahren", "2 Wo.", "vor 3 T.", "vorgestern")),
        *((line, "es") for line in ("hace 2 sem", "anteayer")),
        *((line, "it") for line in ("2 sett. fa", "3 g")),
        *((line, "pl") for line in ("11 miesięcy temu", "4 months ago")),
    ],
)
def test_an_age_counts_as_a_date_that_cannot_be_placed(line: str, locale: str) -> None:
    """It says that the line belongs to a message, and not when it was written."""
    found = find_date(line, locale)
    assert (found.at, found.rest.strip("at "), found.dated) == (None, "", True)


@pytest.mark.parametrize(
    ("older", "younger", "locale"),
    [
        ("3 w", "2 w", "en"),
        ("2 w", "3 d", "en"),
        ("a month ago", "yesterday", "en"),
        ("2 mo", "5 w", "en"),
        ("Yesterday at 9:14 AM", "Yesterday at 10:02 PM", "en"),
        ("Yesterday at 9:14", "Today at 8:02", "en"),
        ("the day before yesterday", "yesterday", "en"),
        ("2 sem.", "3 j", "fr"),
        ("avant-hier", "hier à 9 h 14", "fr"),
        ("vor einem Jahr", "vor 3 T.", "de"),
        ("hace 2 semanas", "ayer", "es"),
        ("un mese fa", "3 g", "it"),
    ],
)
def test_the_older_of_two_ages(older: str, younger: str, locale: str) -> None:
    """Smaller numbers of a unit, smaller units, and the time of one day."""
    one, other = age_in(fold(older), locale), age_in(fold(younger), locale)
    assert one is not None
    assert other is not None
    assert (one.is_older(other), other.is_older(one)) == (True, False)


@pytest.mark.parametrize(
    ("one", "other"), [("2 w", "2 w"), ("1 mo", "5 w"), ("2 w", "15 d"), ("1 d", "yesterday"), ("today", "3 h")]
)
def test_ages_that_rounding_may_turn_about(one: str, other: str) -> None:
    """Nobody knows whether a page rounds down or to the nearest."""
    first, then = age_in(one, "en"), age_in(other, "en")
    assert first is not None
    assert then is not None
    assert first.is_older(then) is then.is_older(first) is None


@pytest.mark.parametrize(
    "line", ["about 2 weeks ago", "more than a year ago", "3m", "Tuesday", "3 May 2026", "3 g", "un", "for and days"]
)
def test_what_is_no_age_that_counts(line: str) -> None:
    """One that is only about right, a unit that may be two, and words that only end like one."""
    assert age_in(fold(line), "en") is None


def test_a_span_in_a_sentence_is_its_number() -> None:
    """The "and" before it is no "an d"."""
    age = age_in(fold("We reviewed it and you can ask again within 30 days."), "en")
    assert age is not None
    assert (age.number, age.unit) == (30, timedelta(days=1))
