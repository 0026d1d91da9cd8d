"""
What a page shows around the messages, and heads that pages write in one line.

Links to articles, the way to a page, its foot; a chat whose agents have names; a name with what it is called. Written
after pages by people who saw the facts only; each has a twin that says something of the answer and must be heard.
"""

from __future__ import annotations

import pytest

from automation.reading.letters.sentences import Meaning
from automation.text.labels import Labels
from tests.reading.outline import el
from tests.reading.test_after_an_answer import ASKED
from tests.reading.test_fooled import ACCEPTED, OFFICE, OWN, REFUSED, day, message, said

ANSWERED = message(OFFICE, day(2), ACCEPTED)


@pytest.mark.parametrize(
    "line",
    [
        "Outcome recalled 4 October",
        "This letter was replaced",
        "The answer has since been superseded",
        "This decision is no longer current",
    ],
)
def test_a_letter_that_was_replaced_counts_no_more(meta_labels: Labels, line: str) -> None:
    """Wherever its page says so; that it replaces another one leaves it whole."""
    assert said(meta_labels, el("p", line), ASKED, ANSWERED) == set()
    assert said(meta_labels, el("p", "This letter replaces ours of 1 May."), ASKED, ANSWERED) <= {Meaning.ACCEPTED}


@pytest.mark.parametrize(
    ("point", "whole"), [("Oct 4 · Back in review", False), ("Oct 4 · Reopened", False), ("Oct 4 · Answered", True)]
)
def test_a_point_of_what_happened_is_heard_beneath_the_answer(meta_labels: Labels, point: str, whole: bool) -> None:
    """It stands in the same message, where the page draws its list there."""
    answer = message(OFFICE, day(2), ACCEPTED, "Oct 1 · Opened", point)
    assert (said(meta_labels, ASKED, answer) == {Meaning.ACCEPTED}) is whole


@pytest.mark.parametrize(
    ("apart", "whole"),
    [
        ("For AI at Meta there is a form of its own.", False),
        ("Objections to AI at Meta are handled separately.", False),
        ("Information from third parties used for AI has a separate form.", True),
        ("There is a separate form for deleting your account.", True),
    ],
)
def test_what_has_a_form_of_its_own_is_not_what_was_answered(meta_labels: Labels, apart: str, whole: bool) -> None:
    """Where the answer itself does not name AI."""
    assert (said(meta_labels, ASKED, message(OFFICE, day(2), ACCEPTED, apart)) == {Meaning.ACCEPTED}) is whole


TWO_THINGS = "Who can see your posts and whether they're used for AI are two separate things."


@pytest.mark.parametrize(
    ("asked", "answer", "whole"),
    [
        ("Do I have to make everything private as well?", TWO_THINGS, True),
        ("Do I have to make everything private as well?", "Your objection will end on 1 January.", False),
        ("Could I go back to how it was?", "You're where you were before May.", False),
        ("Does it reach my chats with the AI?", "Those are a separate product.", False),
        ("Where is the policy?", "It tells which photos we go on using.", False),
    ],
)
def test_how_something_is_leaves_an_answer_alone(meta_labels: Labels, asked: str, answer: str, whole: bool) -> None:
    """Asked beneath it about something else; not where a wish is granted, or the answer speaks of objections."""
    thread = (ASKED, ANSWERED, message(OWN, day(3), asked), message(OFFICE, day(4), answer))
    assert (said(meta_labels, *thread) == {Meaning.ACCEPTED}) is whole


@pytest.mark.parametrize(
    ("then", "meanings"),
    [
        ("If you can have them transferred, write to us. Until then there's no change.", {Meaning.REFUSED}),
        ("It is offered in certain regions only, and the answer for your account stays the same.", {Meaning.REFUSED}),
        ("Your objection will be honored now, and the answer for your account is not what it was.", set()),
    ],
)
def test_a_refusal_that_stays_is_one(meta_labels: Labels, then: str, meanings: set[Meaning]) -> None:
    """Said in a message after it."""
    assert said(meta_labels, ASKED, message(OFFICE, day(2), REFUSED), message(OFFICE, day(3), then)) == meanings


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        (
            "Am I on the list of people whose posts you leave alone then?",
            "You were until Friday. A clean-up took you off.",
        ),
        ("So my photos stay out of it, have I got that right?", "Not at the moment, I'm afraid. They go in as before."),
        ("Just to be sure, that's my captions, yes?", "Thanks for asking. No. What we noted is the stickers you send."),
    ],
)
def test_what_is_denied_when_somebody_asks_is_no_acceptance(meta_labels: Labels, asked: str, answer: str) -> None:
    """Whatever words follow; said with "yes" it stays one."""
    thread = (ASKED, ANSWERED, message(OWN, day(3), asked))
    assert said(meta_labels, *thread, message(OFFICE, day(4), answer)) == set()
    assert said(meta_labels, *thread, message(OFFICE, day(4), "Yes.")) == {Meaning.ACCEPTED}


@pytest.mark.parametrize("blank", ["Hi {{first_name}},", "Case [[CASE_ID]]", "Dear %NAME%,"])
def test_a_letter_with_blanks_is_to_nobody(meta_labels: Labels, blank: str) -> None:
    """A template that went out by an error."""
    assert said(meta_labels, ASKED, message(OFFICE, day(2), blank, ACCEPTED)) == set()


def test_a_case_that_ended_undecided_does_not_wait(meta_labels: Labels) -> None:
    """Closed for a reason of its own; where it only says that nothing is decided yet, it waits."""
    open_still = message(OFFICE, day(2), "We haven't decided on your objection.")
    assert said(meta_labels, ASKED, open_still) == {Meaning.PENDING}
    closed = "We've closed this case because your email address wasn't confirmed in time."
    assert said(meta_labels, ASKED, message(OFFICE, day(2), closed, "We haven't decided on your objection.")) == set()


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("We found no reason to decline your request and will honor your objection.", True),
        ("We found no reason to decline your request and will tell you whether we honor your objection.", False),
        (f"{ACCEPTED} It starts today: your request will be applied going forward.", True),
        (f"{ACCEPTED} It starts today: your request will be applied to photos.", False),
    ],
)
def test_more_that_leaves_an_acceptance_whole(meta_labels: Labels, text: str, whole: bool) -> None:
    """No reason for the contrary before it, and when it begins behind it."""
    assert (said(meta_labels, ASKED, message(OFFICE, day(2), text)) == {Meaning.ACCEPTED}) is whole
