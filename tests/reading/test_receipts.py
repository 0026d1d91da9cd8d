"""What a service says when it has an objection and has not answered it, and what only begins like that."""

from __future__ import annotations

import pytest

from automation.reading.meanings import Meaning
from automation.text.labels import Labels
from tests.reading.test_fooled import ACCEPTED, OFFICE, OWN, REFUSED, day, message, said

ASKED = message(OWN, day(1), "I object.")
RECEIPTS = [
    "Thank you for submitting your objection.",
    "Your objection was submitted successfully.",
    "Receipt of your objection is confirmed.",
    "Request received",
    "Your form has arrived.",
    "We've logged your objection.",
    "We've opened a case for your objection.",
]
WAITING = [
    "It was received and is being reviewed.",
    "We have your objection and will look at it.",
    "It may take us a few days to review your objection.",
    "You will hear from us about your objection.",
]


@pytest.mark.parametrize("sentence", [*RECEIPTS, *WAITING])
@pytest.mark.parametrize("more", [(), ("We are reviewing your request.",)])
def test_a_receipt_waits(meta_labels: Labels, sentence: str, more: tuple[str, ...]) -> None:
    """Alone, and beside the sourced words of a review."""
    assert said(meta_labels, ASKED, message(OFFICE, day(2), sentence, *more)) == {Meaning.PENDING}


@pytest.mark.parametrize(
    ("locale", "sentence"),
    [
        ("fr", "Nous avons pris note de votre opposition et l'étudions."),
        ("fr", "Merci pour votre opposition. Elle est en cours d'examen."),
        ("de", "Wir bestätigen den Eingang deines Widerspruchs."),
    ],
)
def test_a_receipt_in_another_language(meta_labels: Labels, locale: str, sentence: str) -> None:
    """French and German."""
    assert said(meta_labels, ASKED, message(OFFICE, day(2), sentence), locale=locale) == {Meaning.PENDING}


@pytest.mark.parametrize("sentence", RECEIPTS)
def test_a_receipt_beside_a_decision(meta_labels: Labels, sentence: str) -> None:
    """It tells how that came about."""
    assert said(meta_labels, ASKED, message(OFFICE, day(2), sentence, ACCEPTED)) == {Meaning.ACCEPTED}
    assert said(meta_labels, ASKED, message(OFFICE, day(2), sentence, REFUSED)) == {Meaning.REFUSED}
    later = message(OFFICE, day(9), ACCEPTED)
    assert said(meta_labels, ASKED, message(OFFICE, day(2), sentence), later) == {Meaning.ACCEPTED}


@pytest.mark.parametrize(
    "sentence",
    [
        "Thank you for submitting your objection, which we accept.",
        "Thank you for submitting your objection. It has no merit.",
        "Thank you for submitting your objection to ads.",
        "Your objection was submitted successfully and now applies.",
        "Your objection was submitted and is effective immediately.",
        "Your objection was submitted but isn't valid.",
        "Your objection was submitted in error.",
        "Your objection was submitted by somebody else.",
        "Your request was submitted too late.",
        "Objection received and applied",
        "Objection received: declined",
        "Request received for account deletion",
        "Your form has arrived, but we can't process it.",
        "We've logged your objection and removed your posts from AI.",
        "We've opened a case for your objection and closed it.",
        "It may take us a few days to review your objection, and we have now done so.",
    ],
)
def test_what_begins_like_a_receipt(meta_labels: Labels, sentence: str) -> None:
    """It goes on with what came of it, or is about another thing."""
    assert said(meta_labels, ASKED, message(OFFICE, day(2), sentence)) <= {Meaning.REFUSED}
