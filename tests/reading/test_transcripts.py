"""
Chats written down line by line, letters on paper's model, and what stands around a message on its page.

Pages are outlines. The twin of each asks for the worst: an answer taken from a line that somebody copied.
"""

from __future__ import annotations

import pytest

from automation.reading.inbox.items import Item, judge_item
from automation.reading.inbox.speakers import Speaker, Speakers
from automation.reading.inbox.thread import read_thread
from automation.reading.inbox.turns import turns_of
from automation.reading.meanings import Meaning
from automation.text.labels import Labels
from automation.text.page_words import PageWords
from tests.reading.outline import Part, el, page

OWN = "Leander Fitzhugh"
SPEAKERS = Speakers(
    "en",
    frozenset({"meta", "facebook", "privacy operations", "meta platforms ireland limited"}),
    frozenset({OWN.lower()}),
)
HONOURED = "We've reviewed your request and will honour your objection to your information being used for AI at Meta."
ASKED = "I object to my posts being used for AI."
CHAT = (
    f"10:02 Leander: {ASKED}",
    "10:03 Meta: One moment, please.",
    f"10:09 Meta: {HONOURED}",
    "10:10 Leander: Thanks!",
)
LETTER = (
    OWN,
    "Dublin, 21 May 2026",
    "Our ref. PO/0521",
    "Your objection of 20 May",
    "Dear Mr Fitzhugh,",
    HONOURED,
    "Privacy Operations",
)


def whose(*parts: Part) -> dict[str, Speaker]:
    """Whose each paragraph of a page is."""
    view = page(el("main", el("h1", "Your case"), *parts))
    return {b.text: turn.speaker for turn in turns_of(view, view.blocks(), SPEAKERS) for b in turn.blocks}


def said(labels: Labels, *parts: Part, above: tuple[Part, ...] = ()) -> set[Meaning]:
    """What an item's page says for certain."""
    words = PageWords.of(labels, "en")
    view = page(*above, el("main", el("h1", "Your case"), *parts))
    turns = turns_of(view, view.blocks(), SPEAKERS)
    return set(
        judge_item(Item("inbox", read_thread(turns, words), view, turns=turns, holder=SPEAKERS.holder), words).meanings
    )


def lines(*texts: str) -> tuple[Part, ...]:
    """Paragraphs."""
    return tuple(el("p", text) for text in texts)


def test_each_line_of_a_transcript_has_its_author(meta_labels: Labels) -> None:
    """By the time and the name before it, be it the first name alone."""
    found = whose(*lines(*CHAT))
    assert (found[ASKED], found[HONOURED]) == (Speaker.PERSON, Speaker.SERVICE)
    assert said(meta_labels, *lines(*CHAT)) == {Meaning.ACCEPTED}


def test_a_transcript_in_somebodys_message_is_theirs(meta_labels: Labels) -> None:
    """Where anything else says who speaks, its lines are what was copied."""
    copied = (
        el("article", el("p", "You"), *lines(*CHAT)),
        el("article", el("p", "Meta Support"), el("p", "Thank you.")),
    )
    assert Speaker.SERVICE not in {speaker for text, speaker in whose(*copied).items() if HONOURED in text}
    assert Meaning.ACCEPTED not in said(meta_labels, *copied)


def test_times_and_colons_alone_make_no_transcript() -> None:
    """One side alone may be a list of anything."""
    assert Speaker.SERVICE not in whose(*lines(f"10:02 Meta: {HONOURED}", "10:05 Rosa: Thanks!")).values()


@pytest.mark.parametrize("head", ["Meta Platforms Ireland Limited", "Privacy Operations"])
def test_a_letter_is_of_the_firm_above_the_name_of_whom_it_greets(meta_labels: Labels, head: str) -> None:
    """Neither that name nor a place beside the date is its author's."""
    letter = (el("div", head), *lines(*LETTER))
    assert whose(*letter)[HONOURED] is Speaker.SERVICE
    assert said(meta_labels, *letter) == {Meaning.ACCEPTED}


@pytest.mark.parametrize("head", [(), ("Fitzhugh & Sons, solicitors",)])
def test_a_letter_that_names_no_firm_is_nobodys(head: tuple[str, ...]) -> None:
    """The holder does not greet themselves, and who does is not told."""
    assert whose(*lines(*head, *LETTER))[HONOURED] is Speaker.UNKNOWN


def test_a_letter_that_is_not_signed_or_stands_in_the_persons_message_is_not_the_firms(meta_labels: Labels) -> None:
    """A friend may greet the holder beneath the site's name, and the holder may copy what somebody got."""
    unsigned = lines("Meta", OWN, "2 June 2026", "Hi Leander, I read that they wrote:", HONOURED, "Love, Rosa")
    copied = (el("article", el("p", "You"), el("p", "Meta Platforms Ireland Limited"), *lines(*LETTER)),)
    answered = (*copied, el("article", el("p", "Meta Support"), el("p", "Thank you for your message.")))
    assert whose(*unsigned)[HONOURED] is not Speaker.SERVICE
    assert said(meta_labels, *unsigned) == set()
    assert whose(*answered)[HONOURED] is not Speaker.SERVICE


def test_what_the_person_asks_to_undo_is_not_certain_where_no_day_is_told(meta_labels: Labels) -> None:
    """Nobody says what was done."""
    undone = ("10:12 Leander: Please undo my objection.", "10:13 Meta: Done.")
    assert said(meta_labels, *lines(*CHAT[:3], *undone)) == set()


def test_the_holder_who_greets_the_firm_has_written(meta_labels: Labels) -> None:
    """The same letter the other way round."""
    letter = lines("Meta", OWN, "Dublin, 21 May 2026", "Dear Meta,", HONOURED)
    assert whose(*letter)[HONOURED] is not Speaker.SERVICE
    assert said(meta_labels, *letter) == set()


HELP = el("a", "Why was my request declined?", href="/help/1")
WRITTEN = el("article", el("p", "You"), el("p", "Here you are."))


def test_questions_that_lead_to_help_are_nobodys_words(meta_labels: Labels) -> None:
    """Among links; one that is answered on the page is part of what it says."""
    more = el("a", "How we use information for AI at Meta", href="/help/2")
    answer = el("article", el("p", "Meta Support"), el("p", HONOURED))
    assert said(meta_labels, WRITTEN, answer, el("section", el("p", HELP), el("p", more))) == {Meaning.ACCEPTED}
    denied = el("p", el("a", "Is my objection final?", href="/help/3"))
    assert (
        said(meta_labels, el("article", el("p", "Meta Support"), *lines(HONOURED), denied, *lines("Not yet."))) == set()
    )


def test_a_notice_about_cookies_is_nobodys_word(meta_labels: Labels) -> None:
    """It stands over any page; the same words beneath an answer are of it."""
    notice = "Your cookie choice has been saved. You can change it at any time in your settings."
    thread = (el("h3", "Your message"), el("p", ASKED), el("h3", "Our reply"), el("p", HONOURED))
    assert said(meta_labels, *thread, el("div", notice, role="status")) == {Meaning.ACCEPTED}
    assert said(meta_labels, *thread, el("div", notice)) == set()


PLAIN = "We've reviewed your request and will honour your objection."


@pytest.mark.parametrize(
    ("around", "tied"),
    [
        ({"role": "banner"}, True),
        ({"role": "banner", "tag": "a"}, False),
        ({"role": "navigation"}, False),
    ],
)
def test_the_forms_own_title_in_the_sites_frame_says_what_an_item_is_about(
    meta_labels: Labels, around: dict[str, str], tied: bool
) -> None:
    """A link leads to the form, and a row may be another item's."""
    title = el(around.get("tag", "div"), "Object to your information being used for AI at Meta")
    shown = (WRITTEN, el("article", el("p", "Meta Support"), el("p", PLAIN)))
    assert (said(meta_labels, *shown, above=(el("div", title, role=around["role"]),)) != set()) is tied


@pytest.mark.parametrize(
    ("asked", "tied"),
    [
        ("Do not use my stuff for AI. Thanks.", True),
        ("I don't want my drawings to train your AI.", True),
        ("Stop feeding my posts to Meta AI.", True),
        ("I cannot find Meta AI. How do I use it?", False),
    ],
)
def test_people_object_in_words_of_their_own(meta_labels: Labels, asked: str, tied: bool) -> None:
    """They say what the case is about, and never how it was decided."""
    own = el("article", el("p", "You"), el("p", asked))
    shown = (own, el("article", el("p", "Meta Support"), el("p", PLAIN)))
    assert (said(meta_labels, *shown) == {Meaning.ACCEPTED}) is tied
