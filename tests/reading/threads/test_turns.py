"""Turns of a page: their dates, runs of rows of one writer, days between messages, quotations and statuses."""

from __future__ import annotations

from datetime import datetime

import pytest

from automation.reading.threads.turns import Turn, names_a_number, turns_of
from tests.conftest import Stage
from tests.reading.outline import Part, el
from tests.reading.threads.builders import (
    ACCEPTED,
    ASKED,
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

STYLE = """<style>
.unseen{position:absolute;clip:rect(0 0 0 0);width:1px;height:1px;overflow:hidden}
.row{display:flex;margin:4px 0}.own{justify-content:flex-end}.row>p{max-width:60%;margin:0;padding:8px}
</style>"""


def between(text: str) -> str:
    """A day by itself, above what was written then."""
    return f"<div style='text-align:center'>{text}</div>"


def own(text: str, name: str = "You:") -> str:
    """A row of the person's, at the end of the line."""
    return f"<div role=row class='row own'><span class=unseen>{name} </span><p>{text}</p></div>"


def theirs(text: str, name: str = OFFICE, *, kind: str = "row") -> str:
    """A row of the service's."""
    head = f"<span class=unseen>{name}</span>" if name else ""
    return f"<div role={kind} class=row>{head}<p>{text}</p></div>"


async def chat(stage: Stage, *rows: str) -> list[Turn]:
    """The messages of a page that Chromium lays out."""
    view = await stage.show(f"{STYLE}<main><h1>AI at Meta</h1>{''.join(rows)}</main>")
    return [turn for turn in turns_of(view, view.blocks(), SPEAKERS) if turn.speaker is not UNKNOWN]


async def test_a_day_above_messages_holds_until_the_next(stage: Stage) -> None:
    """Also for a message beneath which the next day stands."""
    found = await chat(
        stage, between("1 May 2026 at 14:05"), own(ASKED), between("1 May 2026 at 14:09"), theirs(RECEIVED),
        own("Thanks."), between("3 May 2026 at 9:00"), theirs(ACCEPTED),
    )  # fmt: skip
    assert [(turn.at.day, turn.at.hour) for turn in found if turn.at] == [(1, 14), (1, 14), (1, 14), (3, 9)]
    assert [block.text for turn in found for block in turn.blocks] == [ASKED, RECEIVED, "Thanks.", ACCEPTED]


async def test_a_day_beneath_each_message_is_its_own(stage: Stage) -> None:
    """The last one ends with its day, too."""
    rows = own(ASKED), between("1 May 2026 at 14:05"), theirs(ACCEPTED), between("2 May 2026 at 9:00")
    assert [turn.at and turn.at.day for turn in await chat(stage, *rows)] == [1, 2]


@pytest.mark.parametrize(
    ("row", "service"),
    [
        (theirs("It takes in your bio.", ""), True),
        (own("It takes in your bio.", ""), False),
        (theirs("It takes in your bio.", "", kind="note"), False),
        (theirs("It takes in your bio.", "Nova Quill"), False),
        (theirs("<b>Nova Quill</b><br>It takes in your bio.", ""), False),
    ],
)
async def test_a_row_without_a_name_continues_the_one_above_it(stage: Stage, row: str, service: bool) -> None:
    """At the same side and of the same kind; not where another name stands there."""
    found = await chat(stage, own(ASKED), theirs(ACCEPTED), row)
    told = [block.text for turn in found if turn.speaker is SERVICE for block in turn.blocks]
    assert ("It takes in your bio." in told) is service
    assert ACCEPTED in told


async def test_messages_at_two_sides_without_a_name(stage: Stage) -> None:
    """The person's own at the end of the line; nothing written says so."""
    rows = (f"<div class='row {side}'><p>{text}</p></div>" for side, text in (("own", ASKED), ("", ACCEPTED)))
    found = [turn for turn in await chat(stage, *rows) if turn.blocks[0].text in {ASKED, ACCEPTED}]
    assert [(turn.speaker, turn.named) for turn in found] == [(PERSON, False), (SERVICE, False)]


def test_a_head_of_name_and_date_and_a_signature_are_one_message() -> None:
    """The name stands once above and once beneath the words: one turn, with its date."""

    def headed(author: str, at: str, *texts: str) -> Part:
        return el("div", el("div", el("div", author), el("div", at)), el("div", *lines(*texts)))

    found = turns(headed(OFFICE, day(11), RECEIVED, OFFICE), headed(f"{OWN} (you)", day(10), ASKED))
    told = [(turn.speaker, turn.at and turn.at.day, turn.blocks[-1].text) for turn in found if turn.marked]
    assert told == [(SERVICE, 11, RECEIVED), (PERSON, 10, ASKED)]


def test_a_picture_an_addressee_and_a_date_are_the_head_of_what_follows() -> None:
    """Initials, "to me" and the date stand apart from the text; a name beneath it signs it."""

    def mail(author: str, initials: str, to: str, at: str, text: str) -> Part:
        head = el("div", *(el("div", line) for line in (initials, f"{author} <office@example.org>", to, at)))
        return el("div", head, el("div", f"{text}\n{author}"), role="listitem")

    parts = (
        mail(OWN, "L", "to Privacy Operations", "Oct 8, 2026, 1:33 PM", ASKED),
        mail(OFFICE, "PO", "to me", "Oct 14, 2026, 5:45 PM", REFUSED),
    )
    found = [turn for turn in turns(el("div", *parts, role="list")) if turn.marked and turn.blocks]
    assert [(turn.speaker, turn.at) for turn in found] == [
        (PERSON, datetime.fromisoformat("2026-10-08T13:33")), (SERVICE, datetime.fromisoformat("2026-10-14T17:45")),
    ]  # fmt: skip


def comment(author: str, machine: str | None, text: str, *beneath: Part) -> Part:
    """A message that tells a person how long ago it was, and machines when."""
    at = el("time", "8 weeks ago", **({"datetime": machine} if machine else {}))
    return el("li", el("div", author), el("div", at), *lines(text), *beneath, role="listitem")


@pytest.mark.parametrize(
    ("machine", "beneath", "days"),
    [
        ("2026-10-02T10:00:00Z", (), [9, 2]),
        (None, (), [None, None]),
        ("soon", (), [None, None]),
        ("2026-10-02T10:00:00Z", lines("This inbox cannot accept incoming messages."), [9, 2]),
    ],
)
def test_moments_for_machines_where_people_read_none(
    machine: str | None, beneath: tuple[Part, ...], days: list[int | None]
) -> None:
    """Each message must have one; a foot that says that nobody reads answers needs none."""
    both = comment(OFFICE, "2026-10-09T10:00:00+02:00", ACCEPTED), comment(OFFICE, machine, REFUSED)
    found = [turn for turn in turns(el("ul", *both), *beneath) if turn.marked and len(turn.blocks) > 1]
    assert [turn.at and turn.at.day for turn in found] == days


@pytest.mark.parametrize("before", ["Reply possible until ", "Edited "])
def test_a_moment_of_something_else_is_not_when_it_was_sent(before: str) -> None:
    """Of two answers the one with the later deadline is not the later one."""
    late = message(OFFICE, el("div", before, el("time", "recently", datetime="2026-11-30T10:00:00Z")), ACCEPTED)
    early = message(OFFICE, el("div", "Sent ", el("time", "recently", datetime="2026-10-20T10:00:00Z")), REFUSED)
    assert all(turn.at is None for turn in turns(el("ul", late, early)))


def test_an_age_beside_the_author_and_a_day_above_the_messages() -> None:
    """Where a date would stand, in the author's line or between days, an age does."""
    beside = el(
        "ul", el("li", el("div", f"{OFFICE} · 3 d"), *lines(ACCEPTED), role="listitem"), message(OWN, "2 w", ASKED)
    )
    days = lines("Yesterday", f"{OFFICE}:", ACCEPTED)
    for parts in ((beside,), days):
        told = next(turn for turn in turns(*parts) if turn.speaker is SERVICE)
        assert told.age is not None


def test_a_line_that_opens_a_quotation_within_anothers_message_is_of_its_text() -> None:
    """Nothing marks what "You wrote:" quotes there, so whoever reads the message has to see that line."""
    found = turns(el("ul", message(OWN, day(1), ASKED), message(OFFICE, day(2), "You wrote:", REFUSED)))
    assert [block.text for turn in found for block in turn.blocks][-2:] == ["You wrote:", REFUSED]


def test_what_is_quoted_is_its_authors_where_the_page_says_who_that_is() -> None:
    """What the user quotes is as much the user's as the rest: nobody vouches for it."""
    quote = el("p", f"On 3 May 2026 {OFFICE} wrote:"), el("blockquote", *lines(ACCEPTED))
    assert whose(message(OFFICE, day(5), RECEIVED), el("div", *quote))[ACCEPTED] is SERVICE
    own = el("li", el("div", OWN), el("div", day(1)), *quote, role="listitem")
    assert whose(el("ul", message(OFFICE, day(5), RECEIVED), own))[ACCEPTED] is PERSON


@pytest.mark.parametrize(
    ("cells", "text"), [(("Status", "Withdrawn"), "Status: Withdrawn"), (("Statut :", "Retiré"), "Statut: Retiré")]
)
def test_a_status_and_its_value_are_one_paragraph(cells: tuple[str, str], text: str) -> None:
    """As two cells or two lines tell it."""
    assert text in whose(message(OFFICE, day(1), ACCEPTED), *lines(*cells))


@pytest.mark.parametrize(("title", "number"), [("Case 8149236", True), ("#12-34", True), ("AI at Meta", False)])
def test_a_title_that_is_a_number_names_nothing(title: str, number: bool) -> None:
    """It says nothing of what the case is about, and is no title of a turn."""
    assert names_a_number(title, "en") is number
    assert turns(*lines(ASKED), title=title)[0].title == ("" if number else title)
