"""An objection to another use of one's information says nothing of AI, and one to AI is never taken for such a one."""

from __future__ import annotations

import pytest

from automation.page import Block
from automation.reading.inbox.speakers import Speaker
from automation.reading.inbox.thread import ThreadReading, read_thread
from automation.reading.inbox.turns import Turn
from automation.text.labels import Labels
from automation.text.page_words import PageWords

TITLE = "Object to the processing of your information"
ASKED = "I object to the use of my data for direct marketing and for personalised adverts."
GRANTED = "We've reviewed your request and will honour your objection to the processing of your information for direct marketing."
NOT_AI = "This request was not about AI at Meta."
ELSEWHERE = "There's a separate form for that."


def turn(speaker: Speaker, title: str, *texts: str) -> Turn:
    """One message."""
    blocks = tuple(Block(text, quoted=False, node=number) for number, text in enumerate(texts))
    return Turn(speaker, blocks, marked=True, named=True, title=title)


def read(labels: Labels, asked: tuple[str, ...], answered: tuple[str, ...], title: str = TITLE) -> ThreadReading:
    """A thread of what the person wrote and what the service answered."""
    turns = [turn(Speaker.PERSON, title, *asked)] if asked else []
    return read_thread(
        [*turns, turn(Speaker.SERVICE, title, *answered)], PageWords.of(labels, "en-GB"), listed_as=title
    )


@pytest.mark.parametrize(
    ("asked", "answered"),
    [
        ((ASKED,), ("Hello Ada,", GRANTED, "You’ll see the change within 30 days.", NOT_AI, ELSEWHERE)),
        ((ASKED,), (GRANTED,)),
        ((ASKED,), ("Unfortunately, we are unable to honour your objection to direct marketing.",)),
        ((ASKED,), ("Hello Ada,", "We've received your request and are reviewing it.")),
        ((), (GRANTED, NOT_AI)),
        (("I object.",), (GRANTED, NOT_AI, "To object to your information being used for AI at Meta, please use the other form.")),
        (("Hello,", "I object to my data being used for advertising.", "Ada"), ("We will honour your objection to the use of your information for advertising.",)),
        (("I object to direct marketing.",), (GRANTED, "Your objection does not cover AI at Meta.")),
        (("I oppose the processing of my personal information for targeted ads.",), ("We will honour your objection to targeted ads.",)),
    ],
)  # fmt: skip
def test_an_objection_to_another_use_is_none_here(
    meta_labels: Labels, asked: tuple[str, ...], answered: tuple[str, ...]
) -> None:
    """The person names that use alone, or the service says that AI is left out."""
    reading = read(meta_labels, asked, answered)
    assert not reading.text.concerns
    assert not reading.text.said


HONOURED = "We've reviewed your request and will honour your objection."


@pytest.mark.parametrize(
    ("asked", "answered"),
    [
        ((), (GRANTED,)),
        (("I object to ads and to AI.",), (GRANTED,)),
        (("I object to ads and to AI.",), (GRANTED, NOT_AI)),
        (("I object to the use of my data for direct marketing.", "I also object to everything else."), (GRANTED,)),
        (("I object to the use of my data for direct marketing and any other use.",), (GRANTED,)),
        (("I object to direct marketing.", "Don't let machines learn from my photos."), (GRANTED, NOT_AI)),
        ((ASKED,), (HONOURED,)),
        ((ASKED,), (HONOURED, NOT_AI)),
        ((ASKED,), (GRANTED, "Your other request was honoured as well.")),
        ((ASKED,), (GRANTED, "We will also honour your objection to AI at Meta.")),
        ((ASKED,), ("We will honour your objection to direct marketing and to AI at Meta.",)),
        ((ASKED,), (GRANTED, "This request was not only about AI at Meta.")),
        ((ASKED,), (GRANTED, "This request was not about AI at Meta, but your other one was.")),
        ((ASKED,), (GRANTED, "This objection does not cover AI at Meta any longer; it did.")),
        ((ASKED,), (GRANTED, "We don't use your posts for AI at Meta any more.")),
        ((ASKED,), (GRANTED, "To object to AI at Meta again, use the form.")),
        ((ASKED,), (GRANTED, "Please disregard this.")),
        ((ASKED,), (GRANTED, "Your posts will no longer be used to improve our products.")),
        ((), ("We've received your request and are reviewing it.",)),
        ((), (GRANTED, "Your objection to AI at Meta is not about marketing.")),
    ],
)
def test_whatever_else_may_be_about_ai(meta_labels: Labels, asked: tuple[str, ...], answered: tuple[str, ...]) -> None:
    """AI is named, or what feeds it, or a decision that names no use: the thread stays what it is."""
    assert read(meta_labels, asked, answered).text.concerns


def test_a_title_names_the_use_that_the_decision_does_not(meta_labels: Labels) -> None:
    """Where the service leaves AI out in words; under any other title the decision may be about it."""
    asked, title = ("I object to your using my activity for ads.",), "Objection to processing for ads"
    left_out = "This reply doesn't cover any other use of your information, for example for AI at Meta."
    signed = (HONOURED, left_out, "There is a separate form for that.", "Privacy Operations")
    assert not read(meta_labels, asked, signed, title).text.concerns
    assert read(meta_labels, asked, signed, "Your objection").text.concerns


def test_a_title_that_names_the_use_behind_a_mark(meta_labels: Labels) -> None:
    """Beside a decision that names none, where the person's own words do."""
    asked, signed = ("I object to my data being used for ads.",), (HONOURED, "Privacy Operations")
    assert not read(meta_labels, asked, signed, "Your objection: ads").text.concerns
    assert read(meta_labels, asked, signed, "Your objection: AI").text.concerns


@pytest.mark.parametrize(
    ("title", "answer", "concerns"),
    [
        ("Your objection: ads", "Both of your objections will be honoured.", True),
        ("Your objection: ads", "We will honour your objection to our models learning from your posts.", True),
        ("Your objection: AI and ads", HONOURED, True),
        ("Your objection: ads / AI", HONOURED, True),
        ("Your objection: ads", HONOURED, False),
        ("Your objection: AI and third-party information", HONOURED, True),
        ("Object to your information from third parties being used for AI at Meta", HONOURED, False),
    ],
)
def test_a_title_that_names_another_form_beside_an_answer_of_more(
    meta_labels: Labels, title: str, answer: str, concerns: bool
) -> None:
    """Several objections, what AI learns from, AI as one of two: nobody can say that none of it is this objection."""
    asked = ("I object to my data being used for ads.",)
    assert read(meta_labels, asked, (answer, "Privacy Operations"), title).text.concerns is concerns
    assert read(meta_labels, (), (answer, "Privacy Operations"), title).text.concerns is concerns


@pytest.mark.parametrize(("above", "concerns"), [(True, True), (False, False)])
def test_what_stands_beneath_the_messages_is_of_the_page(meta_labels: Labels, above: bool, concerns: bool) -> None:
    """Above them the page may say what the case is about."""
    beside = Turn(Speaker.UNKNOWN, (Block("Objection to AI at Meta", quoted=False, node=9),), title=TITLE)
    messages = [turn(Speaker.PERSON, TITLE, ASKED), turn(Speaker.SERVICE, TITLE, GRANTED, NOT_AI)]
    turns = [beside, *messages] if above else [*messages, beside]
    assert read_thread(turns, PageWords.of(meta_labels, "en-GB"), listed_as=TITLE).text.concerns is concerns


@pytest.mark.parametrize("title", ["Object to your information being used for AI at Meta", "Your AI objection"])
def test_under_a_title_that_names_ai_nothing_is_another_use(meta_labels: Labels, title: str) -> None:
    """Whatever the answer says of marketing."""
    assert read(meta_labels, (ASKED,), (GRANTED, NOT_AI), title).text.concerns
