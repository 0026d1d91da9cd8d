"""A case drawn as a line through time: points called by their steps, with what was written beneath each."""

from __future__ import annotations

import pytest

from automation.reading.inbox.speakers import Speaker
from automation.reading.meanings import Meaning
from automation.text.labels import Labels
from tests.reading.outline import Part, el
from tests.reading.test_fooled import ACCEPTED, OFFICE, REFUSED
from tests.reading.test_letterheads import thread, turns


def point(step: str, at: str, *texts: str) -> Part:
    """One point: its step and date in one line, the words beneath."""
    date = [el("time", at)] if at else []
    return el("li", el("div", el("span", step), *date, *(el("p", text) for text in texts)), role="listitem")


SENT = point("Request sent", "9 August 2026", "I object. You said: We will honor your objection.")
REVIEW = point("In review", "10 August 2026", "A specialist is looking at your request.")


def decided(answer: str, step: str = "Decision made") -> Part:
    """The last point, signed."""
    return point(step, "12 August 2026", "Hi Leander,", answer, OFFICE)


def test_each_point_says_whose_words_stand_beneath_it() -> None:
    """What was sent is the user's, a decision the service's; who wrote beneath "Received" nobody knows."""
    received = point("Received", "9 August 2026", "You get a confirmation by e-mail.")
    found = turns(el("ol", SENT, received, REVIEW, decided(ACCEPTED)))
    assert [turn.speaker for turn in found if turn.marked and turn.blocks] == [
        Speaker.PERSON,
        Speaker.UNKNOWN,
        Speaker.SERVICE,
        Speaker.SERVICE,
    ]
    assert all(turn.at is not None for turn in found if turn.marked and turn.blocks)


@pytest.mark.parametrize(
    ("points", "meaning"),
    [
        ((SENT, REVIEW, decided(ACCEPTED)), Meaning.ACCEPTED),
        ((decided(REFUSED), REVIEW, SENT), Meaning.REFUSED),
        ((SENT, REVIEW), Meaning.PENDING),
        ((SENT, REVIEW, point("Not reached yet", "", "We will honor your objection.")), Meaning.PENDING),
    ],
)
def test_the_last_point_counts(meta_labels: Labels, points: tuple[Part, ...], meaning: Meaning) -> None:
    """In whatever order they are drawn; what is ahead is no answer."""
    assert {said.meaning for said in thread(meta_labels, el("ol", *points)).text.said} == {meaning}


@pytest.mark.parametrize("step", ["Verdict", "Example of a decision"])
def test_a_step_that_nobody_knows_says_nothing(meta_labels: Labels, step: str) -> None:
    """Anybody's words may stand there: then no point of the line says whose its words are."""
    found = turns(el("ol", SENT, REVIEW, decided(ACCEPTED, step)))
    assert Speaker.PERSON not in {turn.speaker for turn in found if turn.blocks}


@pytest.mark.parametrize(
    ("first", "then"), [("We received your request", "We sent you a reply"), ("You sent your objection", "Reply sent")]
)
def test_points_that_are_sentences(meta_labels: Labels, first: str, then: str) -> None:
    """With a sign before each, its date in a line of its own, and a step at which nobody speaks."""

    def dotted(step: str, at: str, *texts: str) -> Part:
        step_line = el("div", el("span", "● "), el("b", step))
        return el("li", step_line, el("time", at), *(el("p", text) for text in texts), role="listitem")

    asked = dotted(first, "May 15, 2026, 9:09 AM", "Opt me out of AI training.")
    routed = dotted("Assigned to Privacy Operations", "May 15, 2026, 9:10 AM")
    line = el("ol", asked, routed, dotted(then, "May 16, 2026, 10:00 AM", ACCEPTED, OFFICE))
    assert [turn.speaker for turn in turns(line) if turn.marked and turn.blocks] == [Speaker.PERSON, Speaker.SERVICE]
    assert {said.meaning for said in thread(meta_labels, line).text.said} == {Meaning.ACCEPTED}
