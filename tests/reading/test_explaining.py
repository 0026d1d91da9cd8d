"""What a service sends to everybody, and what only looks like it: an answer in words of which nobody can make a list."""

from __future__ import annotations

import pytest

from automation.reading.inbox.speakers import Speakers
from automation.reading.inbox.thread import read_thread
from automation.reading.inbox.turns import turns_of
from automation.text.labels import Labels
from automation.text.page_words import PageWords
from tests.reading.outline import el, page
from tests.reading.test_fooled import OWN, TITLES, day, message
from tests.reading.test_for_another import HELLO, read

SPEAKERS = Speakers("en", frozenset({"meta", "facebook", "privacy operations"}), frozenset({OWN.lower()}))
ACCEPTED = "We've reviewed your request and will honour your objection."
QUOTED = f'"{ACCEPTED} Your request will be applied going forward."'
IF_HONOURED = "If your objection is honoured, it will be applied going forward."
TERMS = "We're letting you know about changes to our Privacy Policy."
RIGHT = "You have the right to object to your information being used in this way."
TO_EVERYBODY = [
    (TERMS, RIGHT, IF_HONOURED),
    ("You asked for articles about privacy.", "An example of such a message:", QUOTED),
    ("What happens after you object?", "After you submit the form, we review it.", "For example:", QUOTED),
    ("You get our monthly newsletter.", "Our reply usually looks like this:", QUOTED, "Thanks for reading!"),
    (HELLO, "We've updated our terms.", "If you have already objected, you don't need to do so again."),
    ("AI at Meta is our collection of generative AI features.", TERMS, f"You can object. {IF_HONOURED}"),
    ("Our new policy takes effect on 16 December 2026.", "We will update our policy.", RIGHT, IF_HONOURED),
    ("How do we answer?", f"Here is an example of a message you may receive: {QUOTED}", "Read more: meta.com/privacy"),
    (TERMS, "If you object, we review your request and write to you.", "To object, use the form in the Help Centre."),
    ("You are receiving this newsletter.", "When you object, we review it.", f"Example: {QUOTED}", "The Privacy team"),
    ("Reference 3054812", "Help article: what happens after you object", "You get this newsletter.", IF_HONOURED),
    ("Here is this month's article.", "You haven't objected yet?", "You can do so here.", "Sample reply:", QUOTED),
]
MAY_BE_AN_ANSWER = [
    "You're all set.",
    "Your choice has been saved.",
    "Done: your posts stay out of our models.",
    "We took you off the list.",
    "AI will not learn from this account.",
    "Nothing is used any more.",
    "Consider it done.",
    "We will do so.",
    "So be it.",
    "Granted.",
    "Outcome: positive",
    "Opt-out: on",
    "Under review",
    "We need more information.",
    "Thanks for your objection.",
    "We'll be in touch.",
    "The same is true in your case.",
    "Yours reads the same.",
    "Your objection was one of them.",
    "You got that message on 3 June.",
    "If your objection is honoured, which is the case, it will be applied going forward.",
    "If your objection is honoured, it will be applied going forward, and yours is.",
    "If you object to this decision, write to us.",
    "Once your objection is reviewed, you'll get a message here.",
    "After you objected, we reviewed it.",
    "When you objected in May, we honoured it.",
    "You have the right to object, and we honour your objection.",
    "You have the right to object, which you used in May.",
    "You can see that we honour it.",
    "You can find your objection in your settings.",
    "To learn more about why we honour your objection, visit our Help Centre.",
    "We're letting you know about changes to our terms and that we honour your objection.",
    "We use your information to develop AI, but not any more.",
    "We're sorry, but no.",
    "A colleague took care of everything.",
    "Leander's posts stay private.",
    "This is our answer to you.",
    "We accept.",
    "What happens now: your posts are out of our models.",
    "How we decided: your objection counts.",
    "What we did for you",
    "Article: we honour your objection",
    "What you asked for is done.",
    "What we promised is done.",
    "Reference 3054812: accepted",
]
NO_EXAMPLES = [
    "Our answer:",
    "Here is our reply:",
    "This is what we decided:",
    "Our answer, for example:",
    "An example of the message we sent you:",
    "An example of the reply that you received on 3 June:",
    "Here is an example of your confirmation:",
    "The message reads:",
    "You received this message:",
    "In your case the reply may look like this:",
]


@pytest.mark.parametrize("texts", TO_EVERYBODY)
def test_what_is_sent_to_everybody_answers_nobody(meta_labels: Labels, texts: tuple[str, ...]) -> None:
    """Nothing in it is about its reader's objection."""
    assert not concerns(meta_labels, *texts)


@pytest.mark.parametrize("sentence", MAY_BE_AN_ANSWER)
def test_one_sentence_may_be_an_answer(meta_labels: Labels, sentence: str) -> None:
    """Among whatever else: before it or behind it."""
    for texts in ((TERMS, RIGHT, IF_HONOURED, sentence), (sentence, *TO_EVERYBODY[1])):
        assert concerns(meta_labels, *texts)


@pytest.mark.parametrize("lead", NO_EXAMPLES)
def test_what_is_quoted_and_is_no_example(meta_labels: Labels, lead: str) -> None:
    """It was said to the reader, or may have been."""
    assert concerns(meta_labels, "You asked for articles about privacy.", lead, QUOTED)


def test_an_example_and_an_answer(meta_labels: Labels) -> None:
    """The same words outside of the quotation are the service's own."""
    assert concerns(meta_labels, *TO_EVERYBODY[1], ACCEPTED)
    assert concerns(meta_labels, "An example of such a message:", f"{QUOTED} {ACCEPTED}")


def test_news_beneath_a_persons_request(meta_labels: Labels) -> None:
    """Where somebody asked, what comes is the answer, however general."""
    assert read(meta_labels, "I object to AI.", *TO_EVERYBODY[0])[0]


@pytest.mark.parametrize("title", [TITLES["en"], "Your objection request", "We accepted your request", "Your account"])
def test_news_under_the_title_of_a_request(meta_labels: Labels, title: str) -> None:
    """The title says that somebody asked."""
    assert concerns(meta_labels, *TO_EVERYBODY[0], title=title)


def test_a_letter_signed_by_who_answers(meta_labels: Labels) -> None:
    """Only answers to objections carry that signature."""
    assert concerns(meta_labels, *TO_EVERYBODY[0], "Privacy Operations")


def concerns(meta_labels: Labels, *texts: str, title: str = "How we use information for AI at Meta") -> bool:
    """Whether a message that the service sent of itself speaks of its reader's objection."""
    words = PageWords.of(meta_labels, "en")
    view = page(el("main", el("h1", title), el("ul", message("Meta", day(2), *texts))))
    return read_thread(turns_of(view, view.blocks(), SPEAKERS), words).text.concerns
