"""
Chats that write a day above the messages that it holds for, and the name of a writer once for several rows.

Real: Chromium's layout, which tells the rows of one side from those of the other. After pages by people who saw the
documented facts only.
"""

from __future__ import annotations

from datetime import datetime

import pytest

from automation.reading.inbox.speakers import Speaker, Speakers
from automation.reading.inbox.turns import Turn, turns_of
from tests.conftest import Stage

SPEAKERS = Speakers("en", frozenset({"meta", "privacy operations"}), frozenset({"leander fitzhugh"}))
STYLE = """<style>
.unseen{position:absolute;clip:rect(0 0 0 0);width:1px;height:1px;overflow:hidden}
.row{display:flex;margin:4px 0}.own{justify-content:flex-end}.row>p{max-width:60%;margin:0;padding:8px}
</style>"""


def day(text: str) -> str:
    """A day by itself, above what was written then."""
    return f"<div style='text-align:center'>{text}</div>"


def own(text: str, name: str = "You:") -> str:
    """A row of the person's, at the end of the line."""
    return f"<div role=row class='row own'><span class=unseen>{name} </span><p>{text}</p></div>"


def theirs(text: str, name: str = "Privacy Operations", *, kind: str = "row") -> str:
    """A row of the service's."""
    head = f"<span class=unseen>{name}</span>" if name else ""
    return f"<div role={kind} class=row>{head}<p>{text}</p></div>"


async def turns(stage: Stage, *rows: str) -> list[Turn]:
    """The messages of a page."""
    view = await stage.show(f"{STYLE}<main><h1>AI at Meta</h1>{''.join(rows)}</main>")
    return [turn for turn in turns_of(view, view.blocks(), SPEAKERS) if turn.speaker is not Speaker.UNKNOWN]


ASKED, RECEIVED, HONOURED = "I object.", "We received it.", "We will honor your objection."


async def test_a_day_above_messages_holds_until_the_next(stage: Stage) -> None:
    """Also for a message beneath which the next day stands."""
    found = await turns(
        stage, day("1 May 2026 at 14:05"), own(ASKED), day("1 May 2026 at 14:09"), theirs(RECEIVED), own("Thanks."),
        day("3 May 2026 at 9:00"), theirs(HONOURED),
    )  # fmt: skip
    moments = [turn.at.day if turn.at else None for turn in found], [turn.at and turn.at.hour for turn in found]
    assert moments == ([1, 1, 1, 3], [14, 14, 14, 9])
    assert found[1].at == datetime(2026, 5, 1, 14, 9)  # noqa: DTZ001 - a page shows no time zone
    assert [block.text for turn in found for block in turn.blocks] == [ASKED, RECEIVED, "Thanks.", HONOURED]


async def test_a_day_beneath_each_message_is_its_own(stage: Stage) -> None:
    """The last one ends with its day, too."""
    found = await turns(stage, own(ASKED), day("1 May 2026 at 14:05"), theirs(HONOURED), day("2 May 2026 at 9:00"))
    assert [turn.at and turn.at.day for turn in found] == [1, 2]


@pytest.mark.parametrize(
    ("row", "whose"),
    [
        (theirs("It takes in your bio.", ""), "service"),
        (own("It takes in my bio.", ""), "nobody"),
        (theirs("It takes in your bio.", "", kind="note"), "nobody"),
        (theirs("It takes in your bio.", "Nova Quill"), "nobody"),
        (theirs("<b>Nova Quill</b><br>It takes in your bio.", ""), "nobody"),
    ],
)
async def test_a_row_without_a_name_continues_the_one_above_it(stage: Stage, row: str, whose: str) -> None:
    """At the same side and of the same kind; not where another name stands there."""
    found = await turns(stage, own(ASKED), theirs(HONOURED), row)
    said = [block.text for turn in found if turn.speaker is Speaker.SERVICE for block in turn.blocks]
    assert ("It takes in your bio." in said) is (whose == "service")
    assert HONOURED in said


async def test_a_name_with_a_colon_that_is_only_read_out_heads_its_message(stage: Stage) -> None:
    """It quotes nobody: with one message of each side, the other side's must not reach over it."""
    found = await turns(stage, own(ASKED), theirs(HONOURED))
    assert [(turn.speaker, [block.text for block in turn.blocks]) for turn in found] == [
        (Speaker.PERSON, [ASKED]), (Speaker.SERVICE, [HONOURED]),
    ]  # fmt: skip
