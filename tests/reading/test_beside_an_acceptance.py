"""What a service writes beside an acceptance that leaves it alone, and what only looks like it."""

from __future__ import annotations

import pytest

from automation.reading.meanings import Meaning
from automation.text.labels import Labels
from tests.reading.test_fooled import ACCEPTED, OFFICE, REFUSED, day, message, said

LEAVES_IT = [
    ("We know that how your information is used matters to you.",),
    ("We understand that how we use your information is important to you.",),
    ("We know how important it is to you how your information is used.",),
    ("We recognise that you care about how your information is used.",),
    ("What happens with your posts matters a lot.",),
    ("Effective date: 3 June 2026",),
    ("Effective date", "3 June 2026"),
    ("Effective: immediately",),
    ("This takes effect today.",),
    ("This replaces our reply of August 1.",),
    ("This message replaces our reply of August 1, 2026.",),
    ("This reply replaces the one we sent on August 1.",),
    ("It replaces our decision of 1 August.",),
    ("This supersedes our earlier reply.",),
    ("How did we do?", "Tell us in a short survey: it takes two minutes."),
    ("Tell us how we did.", "It takes two minutes and doesn't change our decision."),
    ("Your answers to this survey will not affect our decision.",),
    ("Were you satisfied with how we handled your objection?", "Not at all", "Somewhat", "Very"),
    ("Rate your experience with this reply from 1 to 5.",),
    ("You asked us not to use your posts for AI, and we know this matters to people who live by their work.",),
    ("Something to be aware of: if another person posts a photo of your work, that photo can still be used.",),
    (
        "Why do we write? Privacy laws in your region let you object to certain uses of your information, and we have to answer.",
    ),
    ("Going forward, your request applies to everything you've shared publicly.",),
    ("• Posts, photos and captions you've shared: included", "• What other people post of you: not included"),
    ("It's Privacy Operations.",),
]
TAKES_IT_BACK = [
    ("We know that how your information is used will not change.",),
    ("We know that how your information is used matters to you, but we will use it.",),
    ("We know that how your information is used is our decision.",),
    ("How your information is used matters to us more.",),
    ("We understand that what happens to your information is up to us.",),
    ("We know that how your information is used matters to you; it will be used for AI at Meta.",),
    ("Effective date: to be confirmed",),
    ("Effective date: none",),
    ("Effective until 3 June 2027",),
    ("Effective 3 June 2026 to 3 June 2027",),
    ("Expiry date: 3 June 2027",),
    ("Expires on 3 June 2027",),
    ("End date: 3 June 2027",),
    ("Our reply of August 1 replaces this one.",),
    ("This is replaced by our reply of August 1.",),
    ("This decision was replaced on August 1.",),
    ("Your answers to this survey may affect our decision.",),
    ("Your answers to this survey will not affect our decision, which is to use your posts.",),
    ("Please disregard this reply.",),
    ("You asked us not to use your posts for AI, and we know this matters to you, but we will.",),
    ("You asked us not to use your photos, and we know that this matters to those whose photos we still use.",),
    ("If another person posts your photo, we will use yours too.",),
    ("Something to be aware of: this holds until March.",),
    ("One more thing: your photos are still used.",),
    ("Privacy laws in your region let you object, but only once.",),
    ("Going forward, your request applies to everything but photos.",),
    ("• Your comments: included", "• Your photos: not included"),
    ("This does not cover photos.",),
    ("One more thing: none of this is in force before we hear from you.",),
    ("Your videos: covered until further notice",),
    ("Good to know: this doesn't apply to videos or reels.",),
]


@pytest.mark.parametrize("lines", LEAVES_IT)
def test_what_leaves_an_acceptance_alone(meta_labels: Labels, lines: tuple[str, ...]) -> None:
    """Behind it and before it."""
    for texts in ((ACCEPTED, *lines), (*lines, ACCEPTED)):
        assert said(meta_labels, message(OFFICE, day(2), *texts)) == {Meaning.ACCEPTED}


@pytest.mark.parametrize("lines", TAKES_IT_BACK)
def test_what_takes_an_acceptance_back(meta_labels: Labels, lines: tuple[str, ...]) -> None:
    """An end, no beginning, or another reply that counts instead."""
    assert said(meta_labels, message(OFFICE, day(2), ACCEPTED, *lines)) != {Meaning.ACCEPTED}


def test_a_caveat_in_a_message_of_its_own_is_about_nothing_else(meta_labels: Labels) -> None:
    """Bubbles are messages each; what points at the caveat is no part of it."""
    caveat = "Something to be aware of: if another person posts a photo of your work, that photo can still be used."
    asked = message("You", day(1), "I object to my pictures being used for AI.")
    thread = (asked, message(OFFICE, day(2), ACCEPTED), message(OFFICE, day(2), caveat))
    assert said(meta_labels, *thread) == {Meaning.ACCEPTED}


def test_this_objection_is_the_one_that_the_letter_names(meta_labels: Labels) -> None:
    """Its number may stand in the same breath."""
    texts = ("You've objected to the use of your information for AI at Meta. We will honour this objection.",)
    assert said(meta_labels, message(OFFICE, day(2), *texts)) == {Meaning.ACCEPTED}


@pytest.mark.parametrize(
    "asked", ["What does it mean when we honour your objection?", "What happens if we honour your objection?"]
)
def test_what_an_acceptance_would_mean_is_none(meta_labels: Labels, asked: str) -> None:
    """An explanation beneath "we are reviewing"; without the question it tells what is so."""
    pending = "We are reviewing your objection."
    answer = "It means that your request will be applied going forward and we don't use your public information for AI."
    assert said(meta_labels, message(OFFICE, day(2), pending, asked, answer)) == {Meaning.PENDING}
    assert said(meta_labels, message(OFFICE, day(2), pending, answer)) != {Meaning.PENDING}


def test_this_replaces_a_reply_and_says_another_thing(meta_labels: Labels) -> None:
    """Whichever counts, an acceptance alone is not what the letter says."""
    texts = (ACCEPTED, "This replaces our reply of August 1.", REFUSED)
    assert said(meta_labels, message(OFFICE, day(2), *texts)) != {Meaning.ACCEPTED}
    assert said(meta_labels, message(OFFICE, day(2), REFUSED), message(OFFICE, day(9), *texts[:2])) == {
        Meaning.ACCEPTED
    }
