"""A later message that says that the objection still counts, or counts there as well: it leaves the acceptance alone."""

from __future__ import annotations

import pytest

from automation.reading.meanings import Meaning
from automation.text.labels import Labels
from tests.reading.test_fooled import ACCEPTED, OFFICE, OWN, day, message, said

STILL_COUNTS = """
Your objection remains in place.
Yes: your Instagram account is in the same Accounts Centre, so your objection is honoured there too.
Nothing changes for your own account: your objection remains in place.
Your objection stays in place for as long as you have the account, unless you tell us otherwise.
Yours is still valid and we continue to honour it.
Your objection still counts if you change your audience from Friends to Public.
Your objection has been recorded on your account and we honour it across the systems we use for AI training.
We continue to honour your objection.
If your Instagram account is in the same Accounts Centre, then yes, the objection is honoured there too.
Our teams will apply your request going forward.
It doesn't run out.
This doesn't affect the objection that we've honoured.
"""
SAYS_MORE = """
Your objection is honoured there too, but not for photos.
Your objection stays in place until June.
It is honoured there too, except for comments.
Your objection is still valid, though we will look at it again.
Your objection remains in place for your old account.
For photos, your objection is honoured.
Your objection is honoured there if you confirm your email address.
Your objection is honoured for now.
Your objection is in place, and will end when you move.
We continue to use your posts, so your objection counts as withdrawn.
Your objection remains under review.
It stands for a year.
Your objection is honoured there too, as an act of goodwill.
Your objection stays in place at our discretion.
It counts as refused.
This doesn't affect the objection that we've honoured, for photos.
Until then we'll keep applying it to comments.
Your objection is active and your posts are used.
Your objection is honoured by mistake.
If you stay in the EU, your objection is honoured.
Your objection stays in place unless we tell you otherwise.
As long as the court has not ruled, your objection is honoured.
The ruling has since been turned round.
We see this differently now, so your objection is in force only for text.
Your friend's account is in the same Accounts Centre, so your objection is honoured there.
"""


def _asked_and_told(labels: Labels, sentence: str) -> set[Meaning]:
    asked = message(OWN, day(4), "Thanks! Does that last, and does it include my Instagram?")
    return said(labels, message(OFFICE, day(2), ACCEPTED), asked, message(OFFICE, day(9), sentence))


@pytest.mark.parametrize("sentence", STILL_COUNTS.strip().splitlines())
def test_what_still_counts_is_still_read(meta_labels: Labels, sentence: str) -> None:
    """The acceptance before it stands, whether the sentence comes later or in the same letter."""
    assert _asked_and_told(meta_labels, sentence) == {Meaning.ACCEPTED}
    assert said(meta_labels, message(OFFICE, day(2), ACCEPTED, sentence)) == {Meaning.ACCEPTED}


@pytest.mark.parametrize("sentence", SAYS_MORE.strip().splitlines())
def test_what_says_more_keeps_it_back(meta_labels: Labels, sentence: str) -> None:
    """A limit, an end, a condition or a change beside the words that it counts is no affirmation."""
    assert _asked_and_told(meta_labels, sentence) != {Meaning.ACCEPTED}


@pytest.mark.parametrize("sentence", [one for one in STILL_COUNTS.strip().splitlines() if "We continue" not in one])
def test_what_still_counts_accepts_nothing_by_itself(meta_labels: Labels, sentence: str) -> None:
    """After a refusal, or with nothing before it, it is no acceptance."""
    refused = message(OFFICE, day(2), "We've reviewed your request and won't honor your objection.")
    assert said(meta_labels, refused, message(OFFICE, day(9), sentence)) != {Meaning.ACCEPTED}
    assert Meaning.ACCEPTED not in said(meta_labels, message(OFFICE, day(9), sentence))


@pytest.mark.parametrize(
    "sentence",
    [
        "Back in 2024 the reply that most people got was: 'We've reviewed your request and will honor your objection.'",
        "As regards cookies on other websites, we've reviewed your request and will honour your objection.",
        "For photos, your objection is honoured.",
        "For the old album: we will honour your objection.",
        "Per l'album: la tua richiesta verrà applicata d'ora in avanti.",
        "As long as the court has not ruled, your objection is honoured.",
    ],
)
def test_what_stands_before_an_acceptance_limits_it(meta_labels: Labels, sentence: str) -> None:
    """Words of another time, another matter, a part or a condition: nothing is accepted."""
    assert Meaning.ACCEPTED not in said(meta_labels, message(OFFICE, day(2), sentence))


CHANGED_LATER = """
From next month on, requests made before the update no longer count.
On 1 January all objections made under the old process, including yours, will end.
Our records show that you haven't objected to AI at Meta.
The administrator has since switched the use of content for AI back on.
Your public posts remain in our data set.
I can't tell you which of the two is right.
"""
OF_OTHER_THINGS = """
We read all the feedback that we get.
We don't send letters by post.
You can print it from your Support Inbox.
Please go to the page, select the three dots and choose Report Page.
Our team answers from Monday to Friday.
"""


@pytest.mark.parametrize("sentence", CHANGED_LATER.strip().splitlines())
def test_a_change_that_is_told_later(meta_labels: Labels, sentence: str) -> None:
    """Of this objection, or of all: the acceptance no longer stands for certain, asked for or not."""
    assert _asked_and_told(meta_labels, sentence) != {Meaning.ACCEPTED}
    assert said(meta_labels, message(OFFICE, day(2), ACCEPTED), message(OFFICE, day(9), sentence)) != {Meaning.ACCEPTED}


@pytest.mark.parametrize("sentence", OF_OTHER_THINGS.strip().splitlines())
def test_what_else_is_told_later(meta_labels: Labels, sentence: str) -> None:
    """An answer to another question says nothing of the decision."""
    asked = message(OWN, day(4), "Thanks. I also have a remark, and could I have that on paper?")
    thread = message(OFFICE, day(2), ACCEPTED), asked, message(OFFICE, day(9), sentence)
    assert said(meta_labels, *thread) == {Meaning.ACCEPTED}


@pytest.mark.parametrize(
    "text",
    [
        (
            "You asked us to stop others from reusing your reels. We've reviewed your request and will honor your objection. "
            "Objections to the use of information for training AI are handled on a different form."
        ),
        (
            "You don't want ads chosen by what you write to Meta AI. We've reviewed your request and will honor your "
            "objection. This choice is about ads. It doesn't change how your information is used to develop AI at Meta."
        ),
    ],
)
def test_an_answer_to_another_form(meta_labels: Labels, text: str) -> None:
    """AI is named to leave it out: nothing ties what was accepted to it."""
    assert Meaning.ACCEPTED not in said(meta_labels, message(OFFICE, day(2), text), title="Your request")


def test_what_one_will_see_is_no_answer(meta_labels: Labels) -> None:
    """A message that shows how an answer usually looks."""
    shown = message(OFFICE, day(2), "You will get a message. It usually looks like this:", ACCEPTED)
    assert Meaning.ACCEPTED not in said(meta_labels, shown)


def test_what_the_person_has_to_do_first(meta_labels: Labels) -> None:
    """An acceptance that is promised for later is none."""
    text = "As soon as you turn 18 you can fill in the form, and we will honour your objection for your public information."
    assert Meaning.ACCEPTED not in said(meta_labels, message(OFFICE, day(2), text))


def test_an_objection_that_went_with_an_account(meta_labels: Labels) -> None:
    """Another account has none, and an invitation to object asks nothing of an objection that is there."""
    asked = message(OWN, day(4), "I deleted that account and opened this one. Am I still covered?")
    answer = (
        "The objection belonged to the account that you deleted. There's no objection on your present account. "
        "Please fill in the form again if you want to object."
    )
    assert said(meta_labels, message(OFFICE, day(2), ACCEPTED), asked, message(OFFICE, day(9), answer)) == set()


def test_a_person_who_takes_it_back_while_it_waits(meta_labels: Labels) -> None:
    """It is no longer under review for certain."""
    back = message(OWN, day(4), "Forget it, I clicked by mistake. I don't object.")
    assert (
        said(meta_labels, message(OFFICE, day(2), "We've received your objection and are reviewing it."), back) == set()
    )
