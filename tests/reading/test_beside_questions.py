"""What the person asked beside the objection, and what is refused of a part: neither is the answer to all of it."""

from __future__ import annotations

import pytest

from automation.reading.inbox.items import Item, judge_item
from automation.reading.inbox.speakers import Speakers
from automation.reading.inbox.thread import read_thread
from automation.reading.inbox.turns import turns_of
from automation.reading.meanings import Meaning
from automation.text.labels import Labels
from automation.text.page_words import PageWords
from tests.reading.outline import el, page
from tests.reading.test_fooled import ACCEPTED, OFFICE, OWN, day, message, said

ASKED = message(OWN, day(1), "I object to the use of my posts for AI at Meta.")
ALSO = "You also asked whether information can be taken out of models that have already been trained."


@pytest.mark.parametrize(
    ("asked", "answer", "accepted"),
    [
        (ALSO, "That isn't possible for technical reasons, so we aren't able to help with this part.", True),
        ("You also asked for a copy of your information.", "We can't do that here.", True),
        ("You also asked whether your photos are included.", "That isn't possible.", False),
        ("You asked us to honour it for your other account.", "That isn't possible.", False),
    ],
)
def test_what_else_was_asked(meta_labels: Labels, asked: str, answer: str, accepted: bool) -> None:
    """A "no" to another wish leaves the acceptance alone, one to a part of the objection does not."""
    found = said(meta_labels, ASKED, message(OFFICE, day(2), ACCEPTED, f"{asked} {answer}"))
    assert (found == {Meaning.ACCEPTED}) is accepted


@pytest.mark.parametrize("rest", ["for these", "for this part", "on those"])
def test_a_refusal_of_a_part_is_none_of_all(meta_labels: Labels, rest: str) -> None:
    """It is half an answer, and which half counts nobody can tell."""
    half = f"We can honor your objection in part, and we don't honor your objection {rest}."
    assert said(meta_labels, ASKED, message(OFFICE, day(2), half)) == set()


def test_a_moment_that_leads_to_its_message_is_its_date(meta_labels: Labels) -> None:
    """The day beside an author's name is often a link: without it nobody knows which answer came last."""
    refused = "We're unable to honour your objection, because this account belongs to someone under 18."
    accepted = f"Please disregard our earlier message. {ACCEPTED}"
    asked, first, last = (el("div", day(number), role="link") for number in (1, 2, 4))
    thread = [message(OFFICE, last, accepted), message(OFFICE, first, refused), message(OWN, asked, "I object to AI.")]
    assert said(meta_labels, *thread) == {Meaning.ACCEPTED}


@pytest.mark.parametrize(
    ("sentence", "locale"),
    [
        (
            "Dein Widerspruch gegen die Verwendung deiner Informationen für KI bei Meta wurde geprüft. Wir geben ihm statt.",
            "de",
        ),
        ("Dein Widerspruch wurde bearbeitet.", "de"),
    ],
)
def test_what_was_reviewed_is_not_under_review(meta_labels: Labels, sentence: str, locale: str) -> None:
    """What came of it is told in words that nobody knows: that is no review that still goes on."""
    found = said(
        meta_labels, message(OWN, day(1), "Ich widerspreche."), message(OFFICE, day(2), sentence), locale=locale
    )
    assert Meaning.PENDING not in found


def test_a_step_that_will_tell_is_no_answer(meta_labels: Labels) -> None:
    """A list of steps names the last one before it is reached."""
    steps = el("ol", el("li", "Received"), el("li", "We tell you whether we will honour your objection"))
    reviewing = message(OFFICE, day(2), "Our team is reviewing your objection to AI at Meta at the moment.")
    assert said(meta_labels, steps, ASKED, reviewing) == {Meaning.PENDING}


@pytest.mark.parametrize(
    ("named", "expected"),
    [
        ("Object to your information being used for AI at Meta 20 October Open", {Meaning.PENDING}),
        ("Object to a post 20 October Open", set()),
        ("", set()),
    ],
)
def test_what_the_list_calls_it_ties_an_answer(meta_labels: Labels, named: str, expected: set[Meaning]) -> None:
    """A letter need not name AI where its row in the list is called as the form is."""
    words, speakers = PageWords.of(meta_labels, "en"), Speakers("en", frozenset({"meta"}), frozenset({OWN.lower()}))
    reviewing = message(OFFICE, day(2), "Hi,", "Your objection is currently being reviewed.")
    view = page(el("main", el("h1", "Case 4711"), el("ul", message(OWN, day(1), "I object."), reviewing)))
    turns = turns_of(view, view.blocks(), speakers)
    item = Item("inbox", read_thread(turns, words), view, named=named, turns=turns, holder=speakers.holder)
    assert set(judge_item(item, words).meanings) == expected


@pytest.mark.parametrize(
    ("title", "expected"),
    [("Your objection: we've reconsidered", {Meaning.ACCEPTED}), ("We've changed our decision to honour it", set())],
)
def test_a_title_in_the_words_of_the_answer_says_no_more(
    meta_labels: Labels, title: str, expected: set[Meaning]
) -> None:
    """What was undone is the refusal before it, as the answer itself says; any other title may undo the answer."""
    refused = message(OFFICE, day(2), "We've reviewed your request and won't be honouring your objection.")
    again = "We've reconsidered and will honour your objection to AI at Meta. Please disregard our earlier reply."
    assert said(meta_labels, ASKED, refused, message(OFFICE, day(9), again), title=title) == expected
