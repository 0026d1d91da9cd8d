"""Dates beside messages, in the languages and orders in which services write them."""

from __future__ import annotations

import pytest

from automation.reading.threads.dates import find_date
from automation.reading.plain import plain, without_when


@pytest.mark.parametrize(
    ("line", "locale", "at"),
    [
        ("3 June 2025 at 10:12", "en-GB", "2025-06-03T10:12"),
        ("Jun 3, 2025, 10:12 PM", "en-US", "2025-06-03T22:12"),
        ("03/06/2025", "en-GB", "2025-06-03T00:00"),
        ("03/06/2025", "en-US", "2025-03-06T00:00"),
        ("13/06/2025", "en-US", "2025-06-13T00:00"),
        ("2025-06-03T10:12", "en", "2025-06-03T10:12"),
        ("le 3 juin 2025 à 10h12", "fr-FR", "2025-06-03T10:12"),
        ("Dienstag, 3. Juni 2025 um 10:12", "de-DE", "2025-06-03T10:12"),
        ("3 de junio de 2025", "es-ES", "2025-06-03T00:00"),
        ("3 ביוני 2025, 10:12", "he-IL", "2025-06-03T10:12"),
        ("Jun 3, 10:20 AM", "en-US", "0001-06-03T10:20"),
        ("3/6/25", "en-GB", "2025-06-03T00:00"),
        ("03.06.25", "de-DE", "2025-06-03T00:00"),
        ("3 June '25", "en-GB", "2025-06-03T00:00"),
        ("2025/06/03", "en", "2025-06-03T00:00"),
        ("2025-06-03T10:12:00.000+02:00", "en", "2025-06-03T10:12"),
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
            for line in ("3d", "Yesterday", "2 weeks ago", "1 year ago", "Mon 2:14 PM", "Today at 9:14 AM")
        ),
        ("il y a 2 ans", "fr"),
        ("vor 3 Jahren", "de"),
        ("il y a 2 sem.", "fr"),
        ("2 sem.", "fr"),
        ("avant-hier", "fr"),
        ("2 Wo.", "de"),
        ("vor 3 T.", "de"),
        ("vorgestern", "de"),
        ("hace 2 sem", "es"),
        ("anteayer", "es"),
        ("2 sett. fa", "it"),
        ("3 g", "it"),
        ("11 miesięcy temu", "pl"),
        ("4 months ago", "pl"),
    ],
)
def test_an_age_counts_as_a_date_that_cannot_be_placed(line: str, locale: str) -> None:
    """It says that the line belongs to a message, and not when it was written."""
    found = find_date(line, locale)
    assert (found.at, found.rest.strip("at "), found.dated) == (None, "", True)


@pytest.mark.parametrize(
    ("sentence", "read"),
    [
        ("Your objection of 2 May 2025 will be honoured.", "Your objection will be honoured."),
        ("The objection you submitted on 11/05 was declined.", "The objection you submitted was declined."),
        ("Hemos aceptado tu solicitud del 3 de junio de 2025.", "Hemos aceptado tu solicitud."),
        ("We may still use it.", "We may still use it."),
        ("It applies from 27 May.", "It applies from 27 maius."),
        ("Unfortunately, we must refuse; it is, therefore, closed.", "we must refuse; it is closed."),
    ],
)
def test_the_date_of_an_objection_stands_between_no_words(sentence: str, read: str) -> None:
    """And the month of May is no "may"."""
    assert plain(sentence) == read


def test_a_date_after_a_decision_is_no_subject_of_it() -> None:
    """It says when: "received on 2 June"; "received on the form for pages" says what."""
    assert without_when(" on 2 June 2025.") == "."
    assert without_when(" on the form for pages.") == " on the form for pages."
