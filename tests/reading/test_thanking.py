"""Thanks for a correction before a decision, and corrections of the decision."""

from __future__ import annotations

import pytest

from automation.reading.meanings import Meaning
from automation.text.labels import Labels
from tests.reading.test_fooled import ACCEPTED, OFFICE, OWN, REFUSED, day, message, said

HOW_IT_CAME = [
    "Thank you for the correction.",
    "Thanks for correcting your e-mail address.",
    "Many thanks for your quick correction!",
    "Thank you very much for sending us the corrected form.",
    "Thanks for the correction of your e-mail address.",
    "Thank you for pointing out the mistake in your form.",
    "Thanks for pointing out our mistake.",
    "Thank you for correcting that.",
    "Thanks for letting us know about the error.",
    "Thank you for the correction, Leander.",
]
OF_THE_DECISION = [
    "Thank you for the correction of your objection.",
    "Thank you for the correction: you do not object.",
    "Thank you for correcting your objection.",
    "Thank you for the cancellation.",
    "Thank you for the corrected withdrawal.",
    "Thank you for correcting us: your posts may be used.",
    "Thank you for the correction, we'll leave it as it was.",
    "This is a correction.",
    "A correction follows.",
    "Thank you for changing your objection.",
    "Thanks for reconsidering your request.",
    "Many thanks for ending the objection.",
    "Thank you so much for changing your mind.",
    "Thank you for the correction of our decision.",
]


@pytest.mark.parametrize("thanks", HOW_IT_CAME)
def test_thanks_before_a_decision(meta_labels: Labels, thanks: str) -> None:
    """They tell how it came about, in one paragraph with it or above it, after a refusal or without one."""
    refused = [message(OWN, day(1), "I object."), message(OFFICE, day(2), REFUSED)]
    again = message(OWN, day(3), "The address was wrong. Please look again.")
    for thread in ([*refused, again], [message(OWN, day(1), "I object.")]):
        for texts in ((f"{thanks} {ACCEPTED}",), (thanks, ACCEPTED)):
            assert said(meta_labels, *thread, message(OFFICE, day(9), "Hi Leander,", *texts)) == {Meaning.ACCEPTED}


@pytest.mark.parametrize("thanks", [HOW_IT_CAME[0], HOW_IT_CAME[2], HOW_IT_CAME[9]])
def test_thanks_after_a_decision(meta_labels: Labels, thanks: str) -> None:
    """What was put right may be that the person objects at all."""
    decided = [message(OWN, day(1), "I object."), message(OFFICE, day(2), ACCEPTED)]
    wrote = message(OWN, day(3), "That was a misunderstanding. AI is fine with me.")
    assert not said(meta_labels, *decided, wrote, message(OFFICE, day(9), thanks))
    assert not said(meta_labels, *decided[:1], message(OFFICE, day(2), ACCEPTED, thanks))


@pytest.mark.parametrize("sentence", OF_THE_DECISION)
def test_what_is_no_thanks_for_a_correction(meta_labels: Labels, sentence: str) -> None:
    """It may correct the decision, wherever it stands."""
    for texts in ((ACCEPTED, sentence), (sentence, ACCEPTED)):
        assert not said(meta_labels, message(OFFICE, day(2), "Hi Leander,", *texts))


@pytest.mark.parametrize(
    "thanks",
    [
        "Thank you for submitting your objection.",
        "Thanks for sending us your request.",
        "Thank you for explaining your objection.",
        "Thank you for making this request.",
        "Thanks for contacting us about your objection.",
    ],
)
def test_thanks_for_the_objection(meta_labels: Labels, thanks: str) -> None:
    """They leave the decision alone."""
    assert said(meta_labels, message(OFFICE, day(2), "Hi Leander,", thanks, ACCEPTED)) == {Meaning.ACCEPTED}
