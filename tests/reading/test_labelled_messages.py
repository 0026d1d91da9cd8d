"""
Messages written as labels and values: "From", "Date", "Message".

"Message" names what the user filled in, save in a message whose head says under a label whom it is from.
"""

from __future__ import annotations

from datetime import datetime

import pytest

from automation.reading.inbox.speakers import Speaker, Speakers
from automation.reading.inbox.thread import read_thread
from automation.reading.inbox.turns import turns_of
from automation.reading.meanings import Meaning
from automation.text.labels import Labels
from automation.text.page_words import PageWords
from tests.reading.outline import Part, el, page
from tests.reading.test_letterheads import OFFICE, OWN, RECEIVED, REFUSED, SPEAKERS, turns

AT = "14 October 2026, 17:45"


def labelled(*cells: tuple[str, str | tuple[str, ...]]) -> Part:
    """A list of labels and values; a value of several lines is as many paragraphs."""
    parts: list[Part] = []
    for label, value in cells:
        inside = (value,) if isinstance(value, str) else tuple(el("p", line) for line in value)
        parts += [el("dt", label), el("dd", *inside)]
    return el("dl", *parts)


def said_by(*parts: Part, speakers: Speakers = SPEAKERS) -> dict[str, Speaker]:
    """Whose each paragraph of a page is."""
    if speakers is SPEAKERS:
        found = turns(*parts)
    else:
        view = page(el("main", *parts))
        found = turns_of(view, view.blocks(), speakers)
    return {block.text: turn.speaker for turn in found for block in turn.blocks}


@pytest.mark.parametrize(
    "cells",
    [
        (("From", OFFICE), ("Date", AT), ("Message", REFUSED)),
        (("From:", f"{OFFICE}, Meta"), ("Date:", AT), ("Message:", REFUSED)),
        (("Case", "4711"), ("Sender", OFFICE), ("Sent", AT), ("Subject", "Your case"), ("Text", REFUSED)),
        (("From", OFFICE), ("To", OWN), ("Date", AT), ("Comment", ("Hi Leander,", REFUSED, "Thanks,", OFFICE))),
        (("From", OFFICE), ("Message", REFUSED)),
    ],
)
def test_a_message_is_whose_its_head_says(cells: tuple[tuple[str, str | tuple[str, ...]], ...]) -> None:
    """Whatever stands between its author and its text, which a label heads as well."""
    assert said_by(labelled(*cells))[REFUSED] is Speaker.SERVICE


def test_each_message_of_a_list_has_its_author_and_date(meta_labels: Labels) -> None:
    """The person's, and two of the service, of which the later counts."""
    shown = labelled(
        ("From", "You"), ("Date", "8 October 2026, 13:33"), ("Message", ("I object.",)),
        ("From", OFFICE), ("Date", AT), ("Message", ("Hi Leander,", REFUSED, "Thanks,", OFFICE)),
        ("From", OFFICE), ("Date", "9 October 2026, 10:00"), ("Message", (RECEIVED, OFFICE)),
    )  # fmt: skip
    assert said_by(shown)["I object."] is Speaker.PERSON
    found = read_thread(turns(shown), PageWords.of(meta_labels, "en-GB"))
    assert [hit.meaning for hit in found.text.said] == [Meaning.REFUSED]
    assert (found.by_service, found.at) == (True, datetime.fromisoformat("2026-10-14T17:45"))


def test_labels_of_another_language_say_the_same() -> None:
    """A page in German names its authors in German."""
    shown = labelled(("Von", OFFICE), ("Datum", "14. Oktober 2026"), ("Nachricht", "Wir lehnen deinen Widerspruch ab."))
    german = Speakers("de", SPEAKERS.service, SPEAKERS.holder)
    assert said_by(shown, speakers=german)["Wir lehnen deinen Widerspruch ab."] is Speaker.SERVICE


ACCEPTED = "We've reviewed your request and will honor your objection to AI at Meta."


@pytest.mark.parametrize(
    "cells",
    [
        (("From", "You"), ("Date", AT), ("Message", ACCEPTED)),
        (("Sender", OWN), ("Date", AT), ("Message", ACCEPTED)),
        (("Message", ACCEPTED),),
        (("To", OFFICE), ("Date", AT), ("Message", ACCEPTED)),
        (("Name", OFFICE), ("Date", AT), ("Message", ACCEPTED)),
        (("Answered by", OFFICE), ("Date", AT), ("Message", ACCEPTED)),
        (("From", OFFICE), ("Date", AT), ("Reason for your objection", ACCEPTED)),
        (("From", OFFICE), ("Date", AT), ("Message", "We wrote to you."), ("Explanation", ACCEPTED)),
        (("From", OFFICE), ("Date", AT), ("Message", ("We wrote to you.", OFFICE)), ("Reason", ACCEPTED)),
    ],
)
def test_what_the_person_filled_in_is_theirs(
    cells: tuple[tuple[str, str | tuple[str, ...]], ...], meta_labels: Labels
) -> None:
    """However much it sounds like an answer: nothing says that the service wrote it."""
    shown = labelled(*cells)
    assert said_by(shown).get(ACCEPTED) is not Speaker.SERVICE
    found = read_thread(turns(shown), PageWords.of(meta_labels, "en-GB"))
    assert not (found.text.said and found.by_service)


def test_a_line_that_opens_a_quotation_within_anothers_message_is_of_its_text() -> None:
    """Nothing marks what "You wrote:" quotes there, so whoever reads the message has to see that line."""
    own = el("li", el("div", OWN), el("div", AT), el("p", "I object."), role="listitem")
    office = el("li", el("div", OFFICE), el("div", AT), el("p", "You wrote:"), el("p", REFUSED), role="listitem")
    view = page(el("main", el("ul", own, office)))
    texts = [block.text for turn in turns_of(view, view.blocks(), SPEAKERS)[1:] for block in turn.blocks]
    assert texts[-2:] == ["You wrote:", REFUSED]
