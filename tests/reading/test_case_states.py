"""The state of a case beside an item: a bare word for it decides nothing, a labelled one may say that it waits."""

from __future__ import annotations

import pytest

from automation.reading.meanings import Meaning
from automation.text.labels import Labels
from tests.reading.outline import Part, el
from tests.reading.test_fooled import ACCEPTED, OFFICE, OWN, PENDING, REFUSED, day, message, said

ASKED = message(OWN, day(1), "I object.")
TITLE = "Your objection to AI at Meta"
DECIDED = [(ACCEPTED, Meaning.ACCEPTED), (REFUSED, Meaning.REFUSED), (PENDING, Meaning.PENDING)]


def _badged(badge: str, text: str, *, first: bool) -> Part:
    told = (el("span", badge), el("p", text)) if first else (el("p", text), el("span", badge))
    return el("li", el("div", OFFICE), el("div", day(2)), *told, role="listitem")


@pytest.mark.parametrize(
    "badge",
    [
        "Ended",
        "Closed",
        "Resolved",
        "Completed",
        "Done",
        "In review",
        "Awaiting reply",
        "Awaiting your reply",
        "Submitted",
        "Open",
        "Terminé",
        "Abgeschlossen",
        "Chiusa",
    ],
)
@pytest.mark.parametrize("first", [True, False])
def test_a_bare_badge_is_nothing(meta_labels: Labels, badge: str, first: bool) -> None:
    """It neither decides nor keeps a decision back."""
    for text, meaning in DECIDED:
        assert said(meta_labels, ASKED, _badged(badge, text, first=first)) == {meaning}
    assert said(meta_labels, el("li", el("p", badge)), title=TITLE) == set()


@pytest.mark.parametrize("badge", ["Cancelled", "Withdrawn", "Reopened", "Expired", "Status: Removed", "Status: Ended"])
def test_a_badge_that_takes_it_back(meta_labels: Labels, badge: str) -> None:
    """What a state says of the decision keeps it back."""
    for first in (True, False):
        assert said(meta_labels, ASKED, _badged(badge, ACCEPTED, first=first)) != {Meaning.ACCEPTED}


@pytest.mark.parametrize("value", ["In review", "Submitted", "Under review", "Awaiting review", "Received"])
def test_a_labelled_state_of_a_case_without_a_reply(meta_labels: Labels, value: str) -> None:
    """In one line or as label and value, above the person's own words or without them: the service has not answered."""
    in_a_line = el("li", el("p", f"Status: {value}"))
    in_cells = el("dl", el("dt", "Status"), el("dd", value), el("dt", "Number"), el("dd", "12345"))
    for state in (in_a_line, in_cells):
        assert said(meta_labels, state, title=TITLE) == {Meaning.PENDING}
        assert said(meta_labels, state, ASKED, title="Object to your information being used for AI at Meta") == {
            Meaning.PENDING
        }


@pytest.mark.parametrize(
    ("label", "value", "title"),
    [
        ("Status", "Closed", TITLE),
        ("Status", "Not in review", TITLE),
        ("Status", "In review", "Your report about a comment"),
        ("Status", "Submitted", "Your appeal"),
        ("Country", "In review", TITLE),
    ],
)
def test_a_state_that_says_nothing_of_an_objection(meta_labels: Labels, label: str, value: str, title: str) -> None:
    """A case that is over, or of another matter, is not one that waits."""
    assert said(meta_labels, el("dl", el("dt", label), el("dd", value)), title=title) == set()


@pytest.mark.parametrize(
    "outcome",
    [
        ("Decision", "Approved"),
        ("Outcome", "Objection applied"),
        ("Note", f"{TITLE} has been put into practice."),
    ],
)
def test_a_labelled_state_beside_an_outcome(meta_labels: Labels, outcome: tuple[str, str]) -> None:
    """What may be the decision, in words that nobody knows, is not passed over; nor where it begins like the title."""
    cells = el("dl", el("dt", "Status"), el("dd", "In review"), *(el("dd", text) for text in outcome))
    assert said(meta_labels, cells, title=TITLE) == set()


def test_a_decision_beside_a_state_that_says_it_was_sent(meta_labels: Labels) -> None:
    """How it came to be decided does not contradict it; that it is still being looked at does."""
    for value, kept in (("Submitted", True), ("In review", False)):
        cells = el("dl", el("dt", "Status"), el("dd", value))
        letter = el("li", el("div", OFFICE), el("div", day(2)), cells, el("p", ACCEPTED), role="listitem")
        assert (said(meta_labels, ASKED, letter) == {Meaning.ACCEPTED}) is kept
