"""
Heads of messages with a badge beside the name: the service's people by the office they bear, the holder as author.

The twin of each asks for the worst: anybody's words taken for the service's.
"""

from __future__ import annotations

import pytest

from automation.reading.inbox.speakers import Speaker, Speakers
from automation.reading.inbox.turns import turns_of
from tests.reading.outline import Part, el, page

SPEAKERS = Speakers("en", frozenset({"meta", "facebook", "privacy operations"}), frozenset({"leander fitzhugh"}))
OWN, AT = "Leander Fitzhugh", "28 May 2026, 15:02"
SAID = "We have declined your objection to your information being used for AI at Meta."
ASKED = el("div", el("div", el("b", OWN), " ", el("time", "27 May 2026, 10:31")), el("p", "I object to this."))


def whose(*head: Part | str) -> Speaker:
    """Who said what stands beneath a head, in a thread that the holder began."""
    view = page(el("main", el("h1", "Your case"), ASKED, el("div", el("div", *head), el("p", SAID))))
    turns = turns_of(view, view.blocks(), SPEAKERS)
    return next(turn.speaker for turn in turns if SAID in (block.text for block in turn.blocks))


def head(name: str, badge: str, at: str = AT) -> tuple[Part | str, ...]:
    """A head of three elements."""
    return (el("b", name), " ", el("span", badge), " ", el("time", at))


@pytest.mark.parametrize(
    ("parts", "speaker"),
    [
        (head("Aled", "Meta support"), Speaker.SERVICE),
        (head("Maud O'Hara", "Privacy Operations"), Speaker.SERVICE),
        ((el("span", "A"), " ", *head("Aled", "Meta support")), Speaker.SERVICE),
        ((el("b", "Aled"), " ", el("span", "Meta support"), " · ", el("time", AT)), Speaker.SERVICE),
        (head(OWN, "Author"), Speaker.PERSON),
        (head("Leander F.", "Author"), Speaker.PERSON),
    ],
)
def test_a_badge_says_whose_a_message_is(parts: tuple[Part | str, ...], speaker: Speaker) -> None:
    """A name that nobody knows, with the service's office; the holder's, with that of whoever began the thread."""
    assert whose(*parts) is speaker


@pytest.mark.parametrize(
    "parts",
    [
        head("Aled", "Author"),  # whoever that is
        head("Aled", "Facebook"),  # where it was written
        head("Aled", "Meta"),
        head("Aled", "Helpful"),
        head("Aled", "Support"),  # whose?
        head(OWN, "Meta support"),
        head("Asked again, by telephone:", "Meta support"),
        (f"Aled Meta support {AT}",),
        (el("b", "Aled"), f" Meta support {AT}"),
        (el("b", "Aled"), " asked ", el("span", "Meta support"), " ", el("time", AT)),
        (el("b", "Aled"), " ", el("span", "Meta support"), " ", el("time", "soon")),
    ],
)
def test_any_other_head_makes_no_words_the_services(parts: tuple[Part | str, ...]) -> None:
    """A badge of nobody's, one beside the holder's name, and a text that names an office."""
    assert whose(*parts) is not Speaker.SERVICE


@pytest.mark.parametrize("badge", ["Author", "Original poster"])
def test_another_person_is_not_the_holder(badge: str) -> None:
    """Whoever bears the badge of an author may have shared a case of their own."""
    assert whose(*head("Nora Whitfield", badge)) is Speaker.UNKNOWN


def bubble(name: str, text: str) -> Part:
    """A message whose author only a screen reader reads out."""
    return el("div", el("div", el("h5", name, shown=False), el("p", text), role="gridcell"), role="row")


@pytest.mark.parametrize(
    ("own", "theirs", "service"), [("You sent", "Meta", True), ("Rosa", "Meta", False), ("You sent", "Rosa", False)]
)
def test_names_that_are_read_out_beside_the_bubbles_of_both_sides(own: str, theirs: str, service: bool) -> None:
    """A mere name counts beside a message, where the other side is named in the same way."""
    view = page(
        el("main", el("h2", "Your case"), el("div", bubble(own, "I object."), bubble(theirs, SAID), role="grid"))
    )
    found = {block.text: turn.speaker for turn in turns_of(view, view.blocks(), SPEAKERS) for block in turn.blocks}
    assert (found[SAID] is Speaker.SERVICE) is service
