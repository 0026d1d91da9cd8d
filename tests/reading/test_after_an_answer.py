"""
What comes after an answer, or beside it in the same thread, and may mean its opposite.

A person asks for something in words that nobody knows, and the service reports that it was done; two answers of one
day; a form that is only spoken of. Written by people who saw the facts only.
"""

from __future__ import annotations

import pytest

from automation.reading.meanings import Meaning
from automation.text.labels import Labels
from tests.reading.outline import el
from tests.reading.test_fooled import ACCEPTED, OFFICE, OWN, REFUSED, day, message, said

ASKED = message(OWN, day(1), "I object.")


@pytest.mark.parametrize(
    ("wish", "report"),
    [
        ("I've thought about it again and I take my objection back.", "Hi Leander, we've done as you asked."),
        ("Forget what I sent in May.", "All sorted for you, Leander. Have a nice day!"),
        ("Cancel it please.", "Request fulfilled"),
        ("My agent would rather that I stay in.", "That has been taken care of."),
        ("Where do I see that?", "In the list of accounts that take part."),
        ("Where do I see that?", "Under accounts whose posts are in the training set."),
        ("Thanks. Anything new?", "Since Monday the models learn from everybody, you included."),
        ("Are captions covered?", "Since the review captions go into the training material like everyone else's."),
        ("Are captions covered?", "Our letter was right when we sent it, but does not describe your account any more."),
        ("Thanks. Anything new?", "A colleague turned it round on Monday."),
    ],
)
def test_what_was_done_after_an_acceptance_nobody_says(meta_labels: Labels, wish: str, report: str) -> None:
    """Whatever the person wished: the acceptance may stand no more."""
    thread = [ASKED, message(OFFICE, day(2), ACCEPTED), message(OWN, day(9), wish)]
    assert Meaning.ACCEPTED not in said(meta_labels, *thread, message(OFFICE, day(10), report))


@pytest.mark.parametrize("order", [(ACCEPTED, REFUSED), (REFUSED, ACCEPTED)])
def test_two_answers_of_one_day_are_none(meta_labels: Labels, order: tuple[str, str]) -> None:
    """Where they stand on the page says not which came last; what takes the place of the other says so."""
    first, then = (message(OFFICE, "2 October 2026", answer) for answer in order)
    assert said(meta_labels, ASKED, first, then) == set()
    replaced = message(OFFICE, "2 October 2026", f"Our earlier answer no longer applies. {order[1]}")
    assert said(meta_labels, ASKED, first, replaced) != set()


def test_a_form_that_is_only_spoken_of_ties_nothing_to_ai(meta_labels: Labels) -> None:
    """In quotation marks under another title; "your objection" may be any then."""
    asked = (
        'Stop using my face. There\'s also an "Object to your information being used for AI at Meta" form, not this.'
    )
    title = "Restrict the use of my face for tag suggestions"
    thread = [message(OWN, day(1), asked), message(OFFICE, day(2), ACCEPTED)]
    assert said(meta_labels, *thread, title=title) == set()


def test_one_of_two_objections_is_not_told_apart(meta_labels: Labels) -> None:
    """A person asks for two things at once, and one is honoured."""
    asked = "I've two things open: the AI objection and the ad preferences objection."
    answer = "Good news on one: we will honour your objection."
    thread = [message(OWN, day(1), asked), message(OFFICE, day(2), answer)]
    assert said(meta_labels, *thread, title="Chat about two requests") == set()


@pytest.mark.parametrize(
    ("then", "meanings"),
    [
        ("That means we'll keep using what you share publicly to improve AI at Meta.", {Meaning.REFUSED}),
        ("We'll stop using what you share from now on.", set()),
        ("We'll keep using only what you shared before today.", set()),
    ],
)
def test_what_a_refusal_brings_about_is_no_doubt_of_it(meta_labels: Labels, then: str, meanings: set[Meaning]) -> None:
    """In a message of its own, as chats cut letters; not where it says that less is used."""
    assert said(meta_labels, ASKED, message(OFFICE, day(2), REFUSED), message(OFFICE, day(3), then)) == meanings


def test_the_head_of_a_mail_is_no_part_of_its_text(meta_labels: Labels) -> None:
    """To whom it is and the thread's own title as its subject, beneath the author and the date."""
    subject = "Subject: Re: Object to your information being used for AI at Meta"
    head = [el("div", line) for line in (OFFICE, day(2), f"To: {OWN}", subject)]
    mail = el("li", *head, el("p", "Hello Leander, we need more time to review your objection."))
    assert said(meta_labels, ASKED, mail) == {Meaning.PENDING}


def test_a_name_and_a_day_that_touch_are_read_apart(meta_labels: Labels) -> None:
    """Pages draw space between them that their text does not hold."""
    answer = el("div", el("div", f"{OFFICE}6 March 2026"), el("p", REFUSED))
    again = el("div", el("div", f"{OWN}7 March 2026"), el("p", "A reason is optional on your own form. Look again."))
    assert said(meta_labels, ASKED, answer, again) == {Meaning.REFUSED}


@pytest.mark.parametrize(
    ("then", "meanings"),
    [
        ("I've passed this to a colleague who will look at it again.", set()),
        ("We'll look at it once more and write to you.", set()),
        ("It shouldn't have been.", set()),
        ("That decision isn't final.", set()),
        ("Sorry, that was wrong. Give me a day.", set()),
        ("We continue to use your posts until a colleague has looked at it again.", set()),
        ("You can ask a colleague to look at it again.", {Meaning.REFUSED}),
        ("If you think that this was wrong, you can complain to the authority.", {Meaning.REFUSED}),
    ],
)
def test_a_refusal_that_is_looked_at_again_is_none(meta_labels: Labels, then: str, meanings: set[Meaning]) -> None:
    """Or that was wrong: in the same message and in a later one."""
    refused = "Your objection has been rejected."
    assert said(meta_labels, ASKED, message(OFFICE, day(2), refused, then)) == meanings
    assert said(meta_labels, ASKED, message(OFFICE, day(2), refused), message(OFFICE, day(3), then)) == meanings
