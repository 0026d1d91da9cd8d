"""
Who wrote a message, by what pages draw around it: labels, badges, pictures, timelines, heads of letters, signatures.

Pages are outlines. The twin of each asks for the worst: anybody's words taken for the service's, or the service's for
what the person wrote.
"""

from __future__ import annotations

from itertools import product

import pytest

from automation.reading.threads.authors import Speaker, Speakers
from tests.reading.outline import Part, el
from tests.reading.threads.builders import (
    ACCEPTED,
    ASKED,
    FIRM,
    OFFICE,
    OWN,
    PERSON,
    RECEIVED,
    REFUSED,
    SERVICE,
    SPEAKERS,
    UNKNOWN,
    day,
    lines,
    message,
    turns,
    whose,
)

Cells = tuple[tuple[str, str | tuple[str, ...]], ...]
AT = "14 October 2026, 17:45"


def labelled(*cells: tuple[str, str | tuple[str, ...]]) -> Part:
    """A list of labels and values; a value of several lines is as many paragraphs."""
    values = ((label, (value,) if isinstance(value, str) else lines(*value)) for label, value in cells)
    return el("dl", *(part for label, value in values for part in (el("dt", label), el("dd", *value))))


@pytest.mark.parametrize(
    ("cells", "speaker"),
    [
        ((("From", OFFICE), ("Date", AT), ("Message", REFUSED)), SERVICE),
        ((("From:", f"{OFFICE}, Meta"), ("Date:", AT), ("Message:", REFUSED)), SERVICE),
        ((("Case", "4711"), ("Sender", OFFICE), ("Sent", AT), ("Subject", "Your case"), ("Text", REFUSED)), SERVICE),
        ((("From", OFFICE), ("To", OWN), ("Date", AT), ("Comment", ("Hi,", REFUSED, "Thanks,", OFFICE))), SERVICE),
        ((("From", OFFICE), ("Message", REFUSED)), SERVICE),
        ((("From", "You"), ("Date", AT), ("Message", REFUSED)), None),
        ((("Message", REFUSED),), None),
        ((("To", OFFICE), ("Date", AT), ("Message", REFUSED)), None),
        ((("Name", OFFICE), ("Date", AT), ("Message", REFUSED)), None),
        ((("Answered by", OFFICE), ("Date", AT), ("Message", REFUSED)), None),
        ((("From", OFFICE), ("Date", AT), ("Reason for your objection", REFUSED)), None),
        ((("From", OFFICE), ("Date", AT), ("Message", "We wrote to you."), ("Explanation", REFUSED)), None),
        ((("Account", OFFICE), ("Status", "Open"), ("Comment", REFUSED)), None),
    ],
)
def test_a_message_of_labels_and_values_is_whose_its_head_says(cells: Cells, speaker: Speaker | None) -> None:
    """The label "Message" heads what the user filled in, save where another label says whom it is from."""
    found = whose(labelled(*cells)).get(REFUSED)
    assert found is SERVICE if speaker is SERVICE else found is not SERVICE


def test_labels_of_another_language_say_the_same() -> None:
    """A page in German names its authors in German."""
    german = Speakers("de", SPEAKERS.service, SPEAKERS.holder)
    shown = labelled(("Von", OFFICE), ("Datum", "14. Oktober 2026"), ("Nachricht", "Wir lehnen ihn ab."))
    assert whose(shown, speakers=german)["Wir lehnen ihn ab."] is SERVICE


def head(author: str, to: str, at: str, *, colon: str = ":", subject: str = "") -> Part:
    """What stands above a message of mail."""
    cells = [("From", author), ("To", to), ("Date", at), *([("Subject", subject)] if subject else [])]
    return labelled(*((f"{label}{colon}", value) for label, value in cells))


@pytest.mark.parametrize(
    ("colon", "subject", "apart"), [*product([":", ""], ["", "Re: Object to your information"], [False, True])]
)
def test_who_gets_a_message_did_not_write_it(colon: str, subject: str, apart: bool) -> None:
    """A label "To" is followed by a name as "From" is; in one element or each in its own, with its date."""
    mails = [
        (head(OFFICE, OWN, day(14), colon=colon, subject=subject), *lines(REFUSED, OFFICE)),
        (head(OFFICE, OWN, day(9), colon=colon, subject=subject), *lines(RECEIVED, OFFICE)),
        (head(OWN, OFFICE, day(8), colon=colon, subject=subject), *lines(ASKED)),
    ]
    parts = [el("section", *mail) for mail in mails] if apart else [part for mail in mails for part in mail]
    found = {b.text: (t.speaker, t.at and t.at.day) for t in turns(*parts) if t.marked for b in t.blocks}
    assert [found[text] for text in (REFUSED, RECEIVED, ASKED)] == [(SERVICE, 14), (SERVICE, 9), (PERSON, 8)]


def test_the_words_beneath_an_empty_subject_are_the_message() -> None:
    """What follows the label is no value of it where it is a sentence; it ends where the message's own element does."""
    received = el("section", head(OFFICE, OWN, day(9)), el("dl", el("dt", "Subject:")), *lines(RECEIVED))
    asked = el("section", head(OWN, OFFICE, day(8), subject="AI"), *lines(ASKED))
    pasted = el("section", el("h2", "Answers from the community"), *lines(REFUSED))
    found = whose(received, asked, pasted)
    assert (found[RECEIVED], found[ASKED], found[REFUSED]) == (SERVICE, PERSON, UNKNOWN)


def mail(author: str, at: str, *parts: Part) -> Part:
    """A message of mail with its head in lines of an article."""
    top = (f"From: {author} <x@example.org>", "To: Somebody", f"Sent: {at}", "Subject: Re: My objection")
    return el("article", el("header", *lines(*top), role=""), *parts, role="article")


@pytest.mark.parametrize("line", [f"From: {OFFICE}", f"From: {OFFICE} <a@meta.com>", f"Von: {OFFICE}", f"{OFFICE}:"])
def test_a_labelled_author_within_the_persons_message(line: str) -> None:
    """Who pastes an answer that somebody else got has none."""
    pasted = mail(OWN, day(12), *lines("My friend got this:", line, ACCEPTED))
    assert whose(pasted, mail(OFFICE, day(2), *lines(RECEIVED, OFFICE)))[ACCEPTED] is not SERVICE


@pytest.mark.parametrize("signed", [el("p", "Kind regards,", el("br"), OFFICE), el("p", OFFICE)])
@pytest.mark.parametrize("quoted", [(), (el("p", f"On {day(1)} {OWN} wrote:"), el("blockquote", *lines(ASKED)))])
def test_a_signature_beneath_a_labelled_author(signed: Part, quoted: tuple[Part, ...]) -> None:
    """It signs the message and begins none, whatever is quoted beneath it."""
    parts = mail(OFFICE, day(9), *lines("Dear Leander,", ACCEPTED), signed, *quoted), mail(OWN, day(1), *lines(ASKED))
    first = next(turn for turn in turns(*parts) if turn.marked)
    assert (first.speaker, first.at and first.at.day) == (SERVICE, 9)
    assert ACCEPTED in {block.text for block in first.blocks}


def three(name: str, badge: str, at: str = AT) -> tuple[Part | str, ...]:
    """A head of three elements."""
    return el("b", name), " ", el("span", badge), " ", el("time", at)


@pytest.mark.parametrize(
    ("parts", "speaker"),
    [
        (three("Aled", "Meta support"), SERVICE),
        ((el("span", "A"), " ", *three("Aled", "Meta support")), SERVICE),
        (three(OWN, "Author"), PERSON),
        (three("Leander F.", "Author"), PERSON),
        (three("Nora Whitfield", "Original poster"), UNKNOWN),
        (three("Aled", "Author"), UNKNOWN),
        (three("Aled", "Facebook"), UNKNOWN),
        (three("Aled", "Support"), UNKNOWN),
        (three(OWN, "Meta support"), None),
        (three("Asked again, by telephone:", "Meta support"), None),
        ((el("b", "Aled"), f" Meta support {AT}"), None),
        ((el("b", "Aled"), " asked ", el("span", "Meta support"), " ", el("time", AT)), None),
    ],
)
def test_a_badge_says_whose_a_message_is(parts: tuple[Part | str, ...], speaker: Speaker | None) -> None:
    """A name that nobody knows with the service's office; a badge of nobody's, or a text that names one, is none."""
    asked = el("div", el("div", el("b", OWN), " ", el("time", day(1))), *lines(ASKED))
    found = whose(asked, el("div", el("div", *parts), *lines(REFUSED)))[REFUSED]
    assert found is speaker if speaker is not None else found is not SERVICE


@pytest.mark.parametrize(
    ("own", "theirs", "service"), [("You sent", "Meta", True), ("Rosa", "Meta", False), ("You sent", "Rosa", False)]
)
def test_names_that_are_read_out_beside_the_bubbles_of_both_sides(own: str, theirs: str, service: bool) -> None:
    """A mere name counts beside a message, where the other side is named in the same way."""

    def bubble(name: str, text: str) -> Part:
        return el("div", el("div", el("h5", name, shown=False), *lines(text), role="gridcell"), role="row")

    found = whose(el("div", bubble(own, ASKED), bubble(theirs, REFUSED), role="grid"))
    assert (found[REFUSED] is SERVICE) is service


def point(step: str, at: str, *texts: str, sign: str = "") -> Part:
    """One point of a timeline: its step and date, the words beneath."""
    inside = el("div", el("span", f"{sign}{step}"), *([el("time", at)] if at and not sign else []))
    return el("li", inside, *([el("time", at)] if at and sign else []), *lines(*texts), role="listitem")


@pytest.mark.parametrize("sign", ["", "● "])
@pytest.mark.parametrize(
    ("steps", "speakers"),
    [
        (("Request sent", "Received", "Decision made"), [PERSON, UNKNOWN, SERVICE]),
        (("You sent your objection", "In review", "We sent you a reply"), [PERSON, SERVICE, SERVICE]),
        (("Request sent", "In review", "Verdict"), []),
    ],
)
def test_each_point_says_whose_words_stand_beneath_it(steps: tuple[str, ...], speakers: list[str], sign: str) -> None:
    """Beneath a step that nobody knows anybody's words may stand: then no point says whose its words are."""
    texts = zip(steps, (ASKED, "A specialist looks at it.", ACCEPTED), strict=True)
    points = [point(step, day(n), text, sign=sign) for n, (step, text) in enumerate(texts, 1)]
    ahead = point("Not reached yet", "", REFUSED, sign=sign)
    found = turns(el("ol", *points, ahead))
    told = [turn for turn in found if turn.marked and turn.blocks]
    assert [turn.speaker for turn in told] == speakers
    assert all(turn.at is not None for turn in told)
    assert not speakers or REFUSED not in {block.text for turn in found for block in turn.blocks}


LETTER = (OWN, "Dublin, 21 May 2026", "Our ref. PO/0521", "Your objection of 20 May", "Dear Mr Fitzhugh,", ACCEPTED)


@pytest.mark.parametrize(
    ("parts", "service"),
    [
        ((el("div", FIRM), *lines(*LETTER, OFFICE)), True),
        ((el("div", OFFICE), *lines(*LETTER, OFFICE)), True),
        (lines(*LETTER, OFFICE), False),
        (lines("Fitzhugh & Sons, solicitors", *LETTER, OFFICE), False),
        (lines("Meta", OWN, "2 June 2026", "Hi Leander, I read that they wrote:", ACCEPTED, "Love, Rosa"), False),
        (lines("Meta", OWN, "Dublin, 21 May 2026", "Dear Meta,", ACCEPTED), False),
        ((el("article", *lines("You", FIRM, *LETTER, OFFICE)), el("article", *lines("Meta Support", "Hi."))), False),
        ((*lines(f"{FIRM} 8 July 2026", RECEIVED), *lines(OWN, "Dear Sirs,", ACCEPTED)), False),
        ((*lines(f"{FIRM} 8 July 2026", RECEIVED), *lines(f"{OWN} 9 July 2026", f"Dear {OWN},", ACCEPTED)), False),
    ],
)
def test_a_letter_is_of_the_firm_above_the_name_of_whom_it_greets(parts: tuple[Part, ...], service: bool) -> None:
    """Signed below; what the person copies into a message of their own is nobody's answer."""
    assert (whose(*parts)[ACCEPTED] is SERVICE) is service


@pytest.mark.parametrize("greeted", ["Leander", "Jonas"])
def test_a_signature_signs_what_stands_above_it(greeted: str) -> None:
    """Letters that name nobody above: what follows the person's is not theirs, whomever it greets."""
    asked = el("div", *lines(day(1), "Dear Privacy Operations,", ASKED, "Regards,", OWN))
    found = whose(asked, el("div", *lines(day(3), f"Dear {greeted},", ACCEPTED, OFFICE, "Meta")))
    assert (found[ASKED], found[ACCEPTED]) == (PERSON, UNKNOWN)


@pytest.mark.parametrize("author", ["Ana Pop", "Ana Pop (admin)", f"{OWN} (admin)", "Ana Pop, legal"])
def test_a_stranger_begins_a_message_of_their_own(author: str) -> None:
    """Nobody's answer; and the line is kept, for it may say what became of the case."""
    found = whose(message(OFFICE, day(2), RECEIVED), message(author, day(9), ACCEPTED))
    assert (found[RECEIVED], found[ACCEPTED]) == (SERVICE, UNKNOWN)
    event = whose(message(OFFICE, day(2), ACCEPTED), *lines("Reversed 9 October 2026"))
    assert event["Reversed 9 October 2026"] is UNKNOWN


@pytest.mark.parametrize(
    ("theirs", "own"),
    [
        ("Privacy Operations emailed you.", "Leander Fitzhugh created this case."),
        ("Meta replied", "You opened this request"),
        ("Marta from Meta · Oct 14, 2026", "You · Oct 8, 2026"),
    ],
)
def test_who_did_something_wrote_what_stands_beneath(theirs: str, own: str) -> None:
    """As lists of what happened to a case say it."""
    found = whose(*lines(theirs, "Oct 14, 2026", REFUSED, own, "Oct 8, 2026", ASKED))
    assert (found[REFUSED], found[ASKED]) == (SERVICE, PERSON)
