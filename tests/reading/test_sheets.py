"""Letters that lie on sheets of their own and name no author above: the signature and the greeting say whose each is."""

from __future__ import annotations

import pytest

from automation.reading.inbox.speakers import Speaker
from automation.reading.meanings import Meaning
from automation.text.labels import Labels
from tests.reading.outline import Part, el
from tests.reading.test_fooled import ACCEPTED, OFFICE, OWN, REFUSED
from tests.reading.test_letterheads import thread, turns

ASKED = ("Dear Privacy Operations,", "I object to the use of my posts for AI at Meta.", "Regards,", OWN)
GRANTED = ("Dear Leander,", ACCEPTED, OFFICE, "Meta")


def sheet(at: str, *lines: str) -> Part:
    """A letter with its date above it."""
    return el("div", el("p", at), *(el("p", line) for line in lines))


def test_each_letter_is_its_signers() -> None:
    """With the date at its head; the user's own words are read neither for nor against."""
    asked, granted = turns(sheet("1 July 2026", *ASKED), sheet("3 July 2026", *GRANTED))[1:]
    assert (asked.speaker, granted.speaker) == (Speaker.PERSON, Speaker.SERVICE)
    assert asked.at is not None
    assert granted.at is not None
    assert asked.at < granted.at
    assert [block.text for block in granted.blocks if block.text == ACCEPTED]


@pytest.mark.parametrize(("answer", "meaning"), [(ACCEPTED, Meaning.ACCEPTED), (REFUSED, Meaning.REFUSED)])
def test_what_the_service_decided_is_read(meta_labels: Labels, answer: str, meaning: Meaning) -> None:
    """Acceptance and refusal alike."""
    letters = sheet("1 July 2026", *ASKED), sheet("3 July 2026", "Dear Leander,", answer, OFFICE, "Meta")
    assert {said.meaning for said in thread(meta_labels, *letters).text.said} == {meaning}


@pytest.mark.parametrize(
    "letter",
    [
        ("Dear Jonas,", ACCEPTED, OFFICE, "Meta"),
        (ACCEPTED, OFFICE, "Meta"),
        (
            "Dear Leander,",
            ACCEPTED,
            OFFICE,
            "Meta",
            "That is what my friend got, and I want the same.",
            "Regards,",
            OWN,
        ),
        ("Dear Leander,", ACCEPTED, "Best,", "Your neighbour"),
    ],
)
def test_nobody_knows_whose_another_sheet_is(meta_labels: Labels, letter: tuple[str, ...]) -> None:
    """One to somebody else, without greeting or signature, or copied into a letter of the user's own."""
    found = turns(sheet("1 July 2026", *ASKED), sheet("3 July 2026", *letter))
    told = [
        turn for turn in found if turn.speaker is Speaker.SERVICE for block in turn.blocks if block.text == ACCEPTED
    ]
    assert told == []
    assert thread(meta_labels, sheet("1 July 2026", *ASKED), sheet("3 July 2026", *letter)).text.said == ()
