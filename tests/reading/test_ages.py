"""Messages that say how long ago they were written: which came first, and where that cannot be told."""

from __future__ import annotations

import pytest

from automation.reading.threads.dates import age_in
from automation.reading.meanings import Meaning
from automation.text.labels import Labels
from automation.text.normalizing import fold
from tests.reading.outline import Part, el
from tests.reading.test_fooled import ACCEPTED, OFFICE, OWN, REFUSED, message, said


@pytest.mark.parametrize(
    ("older", "younger", "locale"),
    [
        ("3 w", "2 w", "en"),
        ("2 w", "3 d", "en"),
        ("2 weeks ago", "3 days ago", "en"),
        ("a month ago", "yesterday", "en"),
        ("2 mo", "5 w", "en"),
        ("Yesterday at 9:14 AM", "Yesterday at 10:02 PM", "en"),
        ("Yesterday at 9:14", "Today at 8:02", "en"),
        ("2 sem.", "3 j", "fr"),
        ("avant-hier", "hier à 9 h 14", "fr"),
        ("vor 2 Wo.", "gestern", "de"),
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
    "line", ["about 2 weeks ago", "more than a year ago", "3m", "Tuesday", "3 May 2026", "3 g", "un"]
)
def test_what_is_no_age_that_counts(line: str) -> None:
    """One that is only about right, a unit that may be two, and words that only end like one."""
    assert age_in(fold(line), "en") is None


@pytest.mark.parametrize(
    ("first", "then"), [("2 w", "3 d"), ("Yesterday at 9:14", "Yesterday at 10:02"), ("2mo", "2d")]
)
def test_the_answer_that_came_last_counts(meta_labels: Labels, first: str, then: str) -> None:
    """In whatever order the page shows both."""
    for old, new, meaning in ((REFUSED, ACCEPTED, Meaning.ACCEPTED), (ACCEPTED, REFUSED, Meaning.REFUSED)):
        turns = [message(OWN, "3 mo", "I object."), message(OFFICE, first, old), message(OFFICE, then, new)]
        assert said(meta_labels, *turns) == {meaning}
        assert said(meta_labels, *reversed(turns)) == {meaning}


@pytest.mark.parametrize(("first", "then"), [("about 2 weeks ago", "3 d"), ("2 w", "3 May 2026"), ("1 mo", "5 w")])
def test_two_answers_that_nothing_puts_in_order(meta_labels: Labels, first: str, then: str) -> None:
    """An age beside a date says nothing without today's."""
    assert said(meta_labels, message(OFFICE, first, REFUSED), message(OFFICE, then, ACCEPTED)) == set()


def _headed(head: str, text: str) -> Part:
    return el("li", el("div", f"{OFFICE} · {head}"), el("p", text), role="listitem")


def test_an_age_beside_the_author_and_a_day_above_the_messages(meta_labels: Labels) -> None:
    """Where a date would stand, in the author's line or between days, an age does."""
    pair = [_headed("3 d", ACCEPTED), _headed("2 w", REFUSED)]
    assert said(meta_labels, *pair) == said(meta_labels, *reversed(pair)) == {Meaning.ACCEPTED}
    days = [el("p", "Today"), message(OFFICE, "", REFUSED), el("p", "Yesterday"), message(OFFICE, "", ACCEPTED)]
    assert said(meta_labels, *days) == {Meaning.REFUSED}


@pytest.mark.parametrize(
    "wish", ["Please undo my objection.", "I've changed my mind.", "I no longer object.", "Please opt me back in."]
)
def test_an_acceptance_that_its_holder_takes_back(meta_labels: Labels, wish: str) -> None:
    """What the service then did, nobody knows; without its answer the acceptance stands."""
    turns = [message(OFFICE, "2 w", ACCEPTED), message(OWN, "3 d", wish)]
    assert said(meta_labels, *turns) == {Meaning.ACCEPTED}
    assert said(meta_labels, *turns, message(OFFICE, "1 d", "Done.")) == set()
