"""
Who wrote a message, by what stands above and beneath it: labels of mail, names beside "(you)", signatures, dates.

Pages are outlines. The twin of each asks for the worst: an answer of the service taken for what the person wrote.
"""

from __future__ import annotations

from datetime import datetime

import pytest

from automation.page import Block
from automation.reading.inbox.speakers import Speaker, Speakers
from automation.reading.inbox.thread import ThreadReading, read_thread
from automation.reading.inbox.turns import Turn, turns_of
from automation.reading.meanings import Meaning
from automation.text.labels import Labels
from automation.text.page_words import PageWords
from tests.reading.outline import Part, el, page

SPEAKERS = Speakers("en", frozenset({"meta", "facebook", "privacy operations"}), frozenset({"leander fitzhugh"}))
TITLE = el("h1", "Object to your information being used for AI at Meta")
OWN = "Leander Fitzhugh"
OFFICE = "Privacy Operations"
REFUSED = "We have rejected your objection to your information being used for AI at Meta."
RECEIVED = "We've received your objection and we're reviewing it."


def turns(*parts: Part) -> tuple[Turn, ...]:
    """The turns of a page."""
    view = page(el("main", TITLE, *parts))
    return turns_of(view, view.blocks(), SPEAKERS)


def thread(labels: Labels, *parts: Part) -> ThreadReading:
    """What a page says."""
    return read_thread(turns(*parts), PageWords.of(labels, "en-GB"))


def text(written: str) -> tuple[Block, ...]:
    """The text of a message in one paragraph."""
    return (Block(written, quoted=False, node=1),)


def head(author: str, to: str, at: str, *, colon: str = ":", subject: str = "") -> Part:
    """What stands above a message of mail."""
    cells = [(f"From{colon}", author), (f"To{colon}", to), (f"Date{colon}", at)]
    cells += [(f"Subject{colon}", subject)] if subject else []
    return el("dl", *(part for label, value in cells for part in (el("dt", label), el("dd", value))))


def mail(*, colon: str, subject: str) -> list[Part]:
    """Three messages one beneath the other, newest first, in one element."""
    return [
        head(OFFICE, OWN, "14 October 2026 at 17:45", colon=colon, subject=subject), el("p", REFUSED), el("p", OFFICE),
        head(OFFICE, OWN, "9 October 2026 at 10:00", colon=colon, subject=subject), el("p", RECEIVED), el("p", OFFICE),
        head(OWN, OFFICE, "8 October 2026 at 13:33", colon=colon, subject=subject), el("p", "I object."),
    ]  # fmt: skip


@pytest.mark.parametrize("colon", [":", ""])
@pytest.mark.parametrize("subject", ["", "Re: Object to your information being used for AI at Meta"])
@pytest.mark.parametrize("apart", [False, True], ids=["in one element", "each in its own"])
def test_who_gets_a_message_did_not_write_it(colon: str, subject: str, apart: bool, meta_labels: Labels) -> None:
    """A label "To" is followed by a name as "From" is; the refusal is the service's, and the latest."""
    parts = mail(colon=colon, subject=subject)
    if apart:
        parts = [el("section", *parts[:3]), el("section", *parts[3:6]), el("section", *parts[6:])]
    said = {turn.speaker: turn.blocks[-1].text for turn in reversed(turns(*parts)) if turn.blocks and turn.marked}
    assert said[Speaker.PERSON] == "I object."
    found = thread(meta_labels, *parts)
    assert [hit.meaning for hit in found.text.said] == [Meaning.REFUSED]
    assert found.at == datetime.fromisoformat("2026-10-14T17:45")


def test_what_the_service_signed_is_not_the_persons(meta_labels: Labels) -> None:
    """However a page is made: an answer with the service's signature is no request of the person's."""
    words = PageWords.of(meta_labels, "en-GB")
    said = {}
    for ends in ("", f"\n\n{OFFICE}"):
        odd = Turn(Speaker.PERSON, text(REFUSED + ends), datetime.fromisoformat("2026-10-14"), marked=True, named=True)
        received = Turn(Speaker.SERVICE, text(RECEIVED), datetime.fromisoformat("2026-10-09"), marked=True, named=True)
        said[ends] = read_thread([odd, received], words).text
    assert [hit.meaning for hit in said[""].said] == [Meaning.PENDING]
    assert not said[""].unclear
    assert said[f"\n\n{OFFICE}"].unclear


def test_a_decision_by_nobody_keeps_an_acknowledgement_back(meta_labels: Labels) -> None:
    """Words of acceptance that are not known, and nobody above them: "under review" would be wrong."""
    found = thread(
        meta_labels,
        el("div", el("p", f"{OFFICE}, 9 October 2026"), el("p", RECEIVED)),
        el("div", el("p", f"{OWN}, 8 October 2026"), el("p", "I object.")),
        el("section", el("p", "We have approved your objection to AI.")),
    )
    assert found.text.unclear


def test_a_head_of_name_and_date_and_a_signature_are_one_message() -> None:
    """The name stands once above and once beneath the words: one turn, with its date."""
    found = turns(
        el("div", el("div", el("div", OFFICE), el("div", "11 November 2026 at 09:18")), el("div", el("p", RECEIVED), el("p", OFFICE))),
        el("div", el("div", el("div", f"{OWN} (you)"), el("div", "10 November 2026 at 12:50")), el("div", el("p", "I object."))),
    )  # fmt: skip
    told = [(turn.speaker, turn.at, turn.blocks[-1].text) for turn in found if turn.marked]
    assert told == [
        (Speaker.SERVICE, datetime.fromisoformat("2026-11-11T09:18"), RECEIVED),
        (Speaker.PERSON, datetime.fromisoformat("2026-11-10T12:50"), "I object."),
    ]


@pytest.mark.parametrize(
    ("line", "speaker"),
    [
        ("Leander Fitzhugh (you)", Speaker.PERSON),
        ("Somebody Else (you)", Speaker.PERSON),
        ("Meta SupportMeta", Speaker.SERVICE),
        ("What we wrote", Speaker.SERVICE),
        ("What you wrote", Speaker.PERSON),
        ("Leander Fitzhugh (author)", None),
        ("Ana McDonald", None),
    ],
)
def test_whose_a_line_is(line: str, speaker: Speaker | None) -> None:
    """Names that touch, names with "(you)", and headings in whole sentences."""
    mark = SPEAKERS.mark(line)
    assert (mark.speaker if mark else None) is speaker


def comment(author: str, machine: str | None, said: str) -> Part:
    """A message that tells a person how long ago it was, and machines when."""
    at = el("time", "8 weeks ago", **({"datetime": machine} if machine else {}))
    return el("li", el("div", author), el("div", at), el("p", said), role="listitem")


def test_moments_for_machines_tell_the_order_where_people_read_none(meta_labels: Labels) -> None:
    """The refusal stands below the acceptance, and is older."""
    accepted = "We've reviewed your request and will honor your objection."
    newest_first = [
        comment(OFFICE, "2026-10-09T10:00:00+02:00", accepted), comment(OFFICE, "2026-10-02T10:00:00Z", REFUSED),
    ]  # fmt: skip
    said = thread(meta_labels, el("ul", *newest_first)).text
    assert ({one.meaning for one in said.said}, said.unclear) == ({Meaning.ACCEPTED}, ())
    assert thread(meta_labels, el("ul", *reversed(newest_first))).text.said == said.said


@pytest.mark.parametrize(
    ("foot", "told"), [("This inbox cannot accept incoming messages.", True), ("We've changed our decision.", False)]
)
def test_a_foot_beneath_a_signature_needs_no_moment(meta_labels: Labels, foot: str, told: bool) -> None:
    """A signature looks like an author; what says that nobody reads answers is no message."""
    accepted = "We've reviewed your request and will honor your objection."
    older, newer = comment(OFFICE, "2026-10-02T10:00:00Z", REFUSED), comment(OFFICE, "2026-10-09T10:00:00Z", accepted)
    signed = el("li", *newer.inside, el("p", OFFICE), role="listitem")
    text = thread(meta_labels, el("ul", older, signed), el("p", foot)).text
    assert ({one.meaning for one in text.said} == {Meaning.ACCEPTED} and not text.unclear) is told


@pytest.mark.parametrize("machine", [None, "soon"])
def test_without_a_moment_for_each_message_nothing_is_guessed(meta_labels: Labels, machine: str | None) -> None:
    """Two answers, and nothing says which came last."""
    accepted = "We've reviewed your request and will honor your objection."
    both = [comment(OFFICE, "2026-10-09T10:00:00Z", accepted), comment(OFFICE, machine, REFUSED)]
    assert thread(meta_labels, el("ul", *both)).text.unclear


@pytest.mark.parametrize(
    ("line", "speaker"),
    [
        ("Privacy Operations Employee", Speaker.SERVICE),
        ("Privacy Operations sent you this message on October 3, 2026 at 7:19 AM.", Speaker.SERVICE),
        ("You sent this message to Privacy Operations on October 2, 2026 at 7:19 AM.", Speaker.PERSON),
        ("Account holder", Speaker.PERSON),
        ("Leander Fitzhugh to Privacy Operations", Speaker.PERSON),
    ],
)
def test_authors_are_known_by_what_stands_beside_their_names(line: str, speaker: Speaker) -> None:
    """A word of office, a sentence that tells who sent it, the part that somebody has in a register."""
    mark = SPEAKERS.mark(line)
    assert mark is not None
    assert mark.speaker is speaker


@pytest.mark.parametrize(
    ("locale", "line"),
    [
        ("fr", "Privacy Operations vous a envoyé ce message le 8 novembre 2026 à 10:40."),
        ("de", "Privacy Operations hat dir diese Nachricht am 8. November 2026 gesendet."),
        ("es", "Privacy Operations te envió este mensaje el 8 de noviembre de 2026."),
        ("it", "Privacy Operations ti ha inviato questo messaggio il 8 novembre 2026."),
    ],
)
def test_the_same_in_other_languages(locale: str, line: str) -> None:
    """The service's own name in a sentence of the page."""
    mark = Speakers(locale, SPEAKERS.service, SPEAKERS.holder).mark(line)
    assert mark is not None
    assert mark.speaker is Speaker.SERVICE


def test_a_picture_an_addressee_and_a_date_are_the_head_of_what_follows(meta_labels: Labels) -> None:
    """Initials, "to me" and the date stand apart from the text; the text is from then, and the latest counts."""

    def message(author: str, initials: str, to: str, at: str, said: str) -> Part:
        top = el("div", el("div", initials), el("div", f"{author} <office@example.org>"), el("div", to), el("div", at))
        return el("div", top, el("div", f"{said}\n{author}"), role="listitem")

    parts = (
        message(OWN, "L", "to Privacy Operations", "Oct 8, 2026, 1:33 PM", "I object."),
        message(OFFICE, "PO", "to me", "Oct 9, 2026, 10:00 AM", "Please confirm your address by replying."),
        message(OFFICE, "PO", "to me", "Oct 14, 2026, 5:45 PM", REFUSED),
    )
    found = thread(meta_labels, el("div", *parts, role="list"))
    assert [hit.meaning for hit in found.text.said] == [Meaning.REFUSED]
    assert found.at == datetime.fromisoformat("2026-10-14T17:45")


@pytest.mark.parametrize(
    ("theirs", "own"),
    [
        ("Privacy Operations emailed you.", "Leander Fitzhugh created this case."),
        ("Meta replied", "You opened this request"),
        ("Marta from Meta · Oct 14, 2026", "You · Oct 8, 2026"),
    ],
)
def test_who_did_something_wrote_what_stands_beneath(meta_labels: Labels, theirs: str, own: str) -> None:
    """As lists of what happened to a case say it; the twin: who opened the case is not who refuses."""
    parts = (
        el("p", theirs),
        el("p", "Oct 14, 2026"),
        el("p", REFUSED),
        el("p", own),
        el("p", "Oct 8, 2026"),
        el("p", "I object."),
    )
    found = thread(meta_labels, *parts)
    assert [hit.meaning for hit in found.text.said] == [Meaning.REFUSED]
    assert found.by_service
    turned = (
        el("p", own),
        el("p", "Oct 14, 2026"),
        el("p", REFUSED),
        el("p", theirs),
        el("p", "Oct 8, 2026"),
        el("p", "Hello."),
    )
    assert not thread(meta_labels, *turned).text.said


def test_the_words_beneath_an_empty_subject_are_the_message() -> None:
    """What follows the label is no value of it where it is a sentence; it ends where the message's own element does."""
    received = el(
        "section", head(OFFICE, OWN, "9 October 2026 at 10:00"), el("dl", el("dt", "Subject:")), el("p", RECEIVED)
    )
    asked = el("section", head(OWN, OFFICE, "8 October 2026 at 13:33", subject="AI"), el("p", "I object."))
    pasted = el("section", el("h2", "Answers from the community"), el("p", REFUSED))
    told = turns(received, asked, pasted)
    assert [turn.speaker for turn in told if turn.marked] == [Speaker.SERVICE, Speaker.PERSON]
    assert told[-1].speaker is Speaker.UNKNOWN


ACCEPTED = "We've reviewed your request and will honour your objection."


def letter(author: str, at: str, *parts: Part) -> Part:
    """A message of mail with its author and its date in two lines of a head."""
    lines = (f"From: {author} <x@example.org>", "To: Somebody", f"Sent: {at}", "Subject: Re: My objection")
    return el("article", el("header", *(el("p", line) for line in lines), role=""), *parts, role="article")


@pytest.mark.parametrize("signed", [el("p", "Kind regards,", el("br"), OFFICE), el("p", OFFICE)])
@pytest.mark.parametrize(
    ("quoted", "then"),
    [
        ([], {Meaning.ACCEPTED}),
        ([el("p", f"On 24 August 2026 {OFFICE} wrote:"), el("blockquote", el("p", REFUSED))], {Meaning.ACCEPTED}),
        ([el("p", f"On 18 August 2026 {OWN} wrote:"), el("blockquote", el("p", "I object."))], {Meaning.ACCEPTED}),
    ],
)
def test_a_signature_beneath_a_labelled_author(
    meta_labels: Labels, signed: Part, quoted: list[Part], then: set[Meaning]
) -> None:
    """It signs the message and begins none, whatever is quoted beneath it."""
    parts = (
        letter(OFFICE, "2 September 2026 at 11:31", el("p", "Dear Leander,"), el("p", ACCEPTED), signed, *quoted),
        letter(OWN, "24 August 2026 at 19:22", el("p", "Please look again.")),
        letter(OFFICE, "24 August 2026 at 9:05", el("p", "Dear Leander,"), el("p", REFUSED), signed),
        letter(OWN, "18 August 2026 at 13:40", el("p", "I object to my data being used for AI.")),
    )
    reading = thread(meta_labels, *parts)
    assert {said.meaning for said in reading.text.said} == then
    assert not reading.text.unclear
    assert str(reading.at) == "2026-09-02 11:31:00"


@pytest.mark.parametrize("line", [f"From: {OFFICE}", f"From: {OFFICE} <a@meta.com>", f"Von: {OFFICE}", f"{OFFICE}:"])
def test_a_labelled_author_within_the_persons_message(meta_labels: Labels, line: str) -> None:
    """Who pastes an answer that somebody else got has none."""
    parts = (
        letter(OWN, "2 October 2026 at 11:31", el("p", "My friend got this:"), el("p", line), el("p", ACCEPTED)),
        letter(OFFICE, "24 August 2026 at 9:05", el("p", RECEIVED), el("p", OFFICE)),
    )
    assert {said.meaning for said in thread(meta_labels, *parts).text.said} != {Meaning.ACCEPTED}
