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
        mark = speakers.letter(line)
        assert mark is not None
        assert (mark.speaker, mark.at is not None) == (speaker, True)
        assert speakers.mark(line) is None


@pytest.mark.parametrize("called", ["Your letter of 6 July 2026", "Your letter dated 6 July 2026"])
def test_a_reference_in_a_letter_is_no_head_of_another(called: str) -> None:
    """It says what is answered: the service's sentence beneath it is the service's."""
    letter = ours("8 July 2026", el("p", called), el("p", REFUSED))
    assert said(YOURS, letter) == [(Speaker.PERSON, ASKED), (Speaker.SERVICE, REFUSED)]


@pytest.mark.parametrize("called", ["Your letter of 6 July 2026", "Your message of 6 July 2026"])
@pytest.mark.parametrize("decision", [(), (el("h3", "Our decision"),)])
def test_a_heading_within_a_letter_is_no_head_of_another(called: str, decision: tuple[Part, ...]) -> None:
    """One further down in the outline of the page is of the letter in which it stands."""
    letter = ours("8 July 2026", el("h3", called), el("p", "We read it with care."), *decision, el("p", REFUSED))
    assert said(YOURS, letter) == [(Speaker.PERSON, ASKED), (Speaker.SERVICE, REFUSED)]


def test_the_title_of_a_page_heads_no_letter() -> None:
    """It names the thread: what stands beneath it has heads of its own."""
    view = page(el("main", el("h1", "Your letter of 6 July 2026"), YOURS, ours("8 July 2026", el("p", REFUSED))))
    turns = [turn for turn in turns_of(view, view.blocks(), SPEAKERS) if turn.marked]
    assert [turn.speaker for turn in turns] == [Speaker.PERSON, Speaker.SERVICE]


@pytest.mark.parametrize("place", [(), (el("p", "12 Mill Lane"), el("p", "Cork T12 X2K5"))])
@pytest.mark.parametrize("apart", [True, False])
def test_whom_a_letter_is_to_did_not_write_it(place: tuple[Part, ...], apart: bool) -> None:
    """Neither side's, and with its address; nor where all letters stand in one element."""
    to_them = (el("p", OWN), el("p", "Meta Platforms Ireland Limited"), *place, el("p", "Dear Meta,"), el("p", ASKED))
    to_us = (el("p", "Meta Platforms Ireland Limited"), el("p", OWN), *place, el("p", f"Dear {OWN},"), el("p", REFUSED))
    letters = [(el("h2", "Your letter of 6 July 2026"), *to_them), (el("h2", "Our letter of 8 July 2026"), *to_us)]
    for order in (letters, letters[::-1]):
        parts = [el("section", *letter) for letter in order] if apart else [part for letter in order for part in letter]
        assert sorted(said(*parts)) == [(Speaker.PERSON, ASKED), (Speaker.SERVICE, REFUSED)]


def test_what_a_form_was_filled_in_with_is_said_by_the_person() -> None:
    """The service's name after it is the author's, whomever it greets."""
    form = (el("h2", "You 6 July 2026"), el("p", "Email:"), el("p", "leander@example.org"))
    answer_to_it = (el("p", "Meta Platforms Ireland Limited"), el("p", "Dear Sir or Madam,"), el("p", REFUSED))
    assert said(*form, *answer_to_it)[-1] == (Speaker.SERVICE, REFUSED)


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
