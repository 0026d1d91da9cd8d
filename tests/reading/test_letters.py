"""
Letters as a page prints them: headings that say whose letter it is, a letterhead, whom it is to, a subject.

The twin of each asks for the worst: the service's letter taken for what the person wrote, or the other way round.
"""

from __future__ import annotations

import pytest

from automation.domain.signals import SignalName
from automation.reading.inbox.items import Item, judge_item
from automation.reading.inbox.speakers import Speaker, Speakers
from automation.reading.inbox.thread import read_thread
from automation.reading.inbox.turns import turns_of
from automation.text.labels import Labels
from automation.text.page_words import PageWords
from tests.reading.outline import Part, el, page

SPEAKERS = Speakers("en", frozenset({"meta", "meta platforms ireland limited"}), frozenset({"leander fitzhugh"}))
OWN = "Leander Fitzhugh"
HEAD = el("h1", "Object to your information being used for AI at Meta")
ASKED = "I object to my information being used for AI at Meta."
REFUSED = "We will not honour your objection to your information being used for AI at Meta."
ACCEPTED = "We will honour your objection to your information being used for AI at Meta."
LETTERHEAD = (
    el("address", "Meta Platforms Ireland Limited"),
    el("p", "Our reference: 8158183"),
    el("p", OWN),
    el("p", el("b", "Re: Object to your information being used for AI at Meta")),
)
YOURS = el("section", el("h2", "Your letter of 6 July 2026"), el("p", ASKED))


def ours(day: str, *inside: Part) -> Part:
    """A letter of the service's."""
    return el("section", el("h2", f"Our letter of {day}"), *inside)


def said(*parts: Part) -> list[tuple[Speaker, str]]:
    """Who said what last, turn by turn."""
    view = page(el("main", HEAD, *parts))
    turns = turns_of(view, view.blocks(), SPEAKERS)
    return [(turn.speaker, turn.blocks[-1].text) for turn in turns if turn.marked and turn.blocks]


def answer(labels: Labels, *parts: Part) -> set[SignalName]:
    """What a page of letters proves."""
    view, words = page(el("main", HEAD, *parts)), PageWords.of(labels, "en-GB")
    turns = turns_of(view, view.blocks(), SPEAKERS)
    thread = read_thread(turns, words, holder=SPEAKERS.holder)
    item = Item("support_inbox", thread, view, turns=turns, holder=SPEAKERS.holder)
    return {signal.name for signal in judge_item(item, words).signals}


@pytest.mark.parametrize("head", [(), LETTERHEAD])
@pytest.mark.parametrize("dear", [(), (el("p", f"Dear {OWN},"),), (el("p", "Dear Leander,"),)])
def test_a_heading_says_whose_letter_it_is(head: tuple[Part, ...], dear: tuple[Part, ...]) -> None:
    """With the day as a part of it; whom the letter is to did not write it."""
    if head and not dear:
        head = head[:2]
    letter = ours("8 July 2026", *head, *dear, el("p", REFUSED))
    assert said(YOURS, letter) == [(Speaker.PERSON, ASKED), (Speaker.SERVICE, REFUSED)]


@pytest.mark.parametrize(
    ("locale", "theirs", "own"),
    [
        ("fr", "Votre lettre du 6 juillet 2026", "Notre lettre du 8 juillet 2026"),
        ("de", "Ihr Schreiben vom 6. Juli 2026", "Unser Schreiben vom 8. Juli 2026"),
        ("es", "Su carta del 6 de julio de 2026", "Nuestra carta del 8 de julio de 2026"),
        ("it", "La sua lettera del 6 luglio 2026", "La nostra lettera dell'8 luglio 2026"),
    ],
)
def test_the_same_in_other_languages(locale: str, theirs: str, own: str) -> None:
    """Where the page marks it up as a heading; in a line of text it says what is answered."""
    speakers = Speakers(locale)
    for line, speaker in ((theirs, Speaker.PERSON), (own, Speaker.SERVICE)):
        mark = speakers.mark(line, heads=True)
        assert mark is not None
        assert (mark.speaker, mark.at is not None) == (speaker, True)
        assert speakers.mark(line) is None


@pytest.mark.parametrize("called", ["Your letter of 6 July 2026", "Your letter dated 6 July 2026"])
def test_a_reference_in_a_letter_is_no_head_of_another(called: str) -> None:
    """It says what is answered: the service's sentence beneath it is the service's."""
    letter = ours("8 July 2026", el("p", called), el("p", REFUSED))
    assert said(YOURS, letter) == [(Speaker.PERSON, ASKED), (Speaker.SERVICE, REFUSED)]


@pytest.mark.parametrize(
    "beneath",
    [
        (el("p", OWN), el("p", ACCEPTED)),  # nobody is greeted
        (el("p", OWN), el("p", "Dear Sirs,"), el("p", ACCEPTED)),
        (el("p", OWN), el("p", "I have it in writing:"), el("p", f"Dear {OWN},"), el("p", ACCEPTED)),
        (el("h2", OWN), el("p", f"Dear {OWN},"), el("p", ACCEPTED)),
        (el("p", f"{OWN} 9 July 2026"), el("p", f"Dear {OWN},"), el("p", ACCEPTED)),
    ],
)
def test_a_name_that_may_head_a_message_is_its_authors(beneath: tuple[Part, ...]) -> None:
    """What the person copies into a message of their own is nobody's answer."""
    first = (el("p", "Meta Platforms Ireland Limited 8 July 2026"), el("p", "We've received it."))
    for before in (first, (el("p", "Meta Platforms Ireland Limited"), el("p", "We've received it."))):
        told = said(*before, *beneath)
        assert (Speaker.SERVICE, ACCEPTED) not in told


def test_letters_are_answered_by_the_latest_of_them(meta_labels: Labels) -> None:
    """An acknowledgement first, then the refusal; and a refusal that an acceptance follows."""
    dear = el("p", f"Dear {OWN},")
    received = ours("8 July 2026", *LETTERHEAD, dear, el("p", "We are reviewing your objection."))
    refused = ours("5 August 2026", *LETTERHEAD, dear, el("p", REFUSED))
    accepted = ours("9 September 2026", *LETTERHEAD, dear, el("p", ACCEPTED))
    assert SignalName.REPLY_REFUSED in answer(meta_labels, YOURS, received, refused)
    assert SignalName.REPLY_ACCEPTED in answer(meta_labels, YOURS, received, refused, accepted)
    again = el("section", el("h2", "Your letter of 1 October 2026"), el("p", "Please undo my objection."))
    done = ours("2 October 2026", *LETTERHEAD, dear, el("p", "As you wish, it has been cancelled."))
    undone = answer(meta_labels, YOURS, accepted, again, done)
    assert SignalName.REPLY_ACCEPTED not in undone
