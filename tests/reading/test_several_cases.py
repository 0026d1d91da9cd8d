"""Several cases in one inbox: which of them counts."""

from __future__ import annotations

from datetime import datetime

import pytest

from automation.core.signals import SignalName
from automation.reading.letters.answers import ItemAnswer, latest_of
from automation.reading.letters.sentences import Meaning

OLD, NEW = datetime.fromisoformat("2024-05-25"), datetime.fromisoformat("2025-06-03")


def case(meaning: Meaning | None, at: datetime | None) -> ItemAnswer:
    """A case with an answer, or with text that is not understood."""
    name = SignalName.REPLY_UNCLEAR if meaning is None else SignalName.REPLY_ACCEPTED
    return ItemAnswer((name.seen("inbox"),), (), at, frozenset({meaning} if meaning else ()))


@pytest.mark.parametrize(
    ("cases", "counting"),
    [
        ([case(Meaning.REFUSED, OLD), case(Meaning.ACCEPTED, NEW)], [1]),
        ([case(Meaning.ACCEPTED, NEW), case(Meaning.REFUSED, OLD)], [0]),
        ([case(Meaning.PENDING, NEW), case(Meaning.ACCEPTED, OLD)], [1]),
        ([case(Meaning.REFUSED, OLD), case(Meaning.PENDING, NEW)], [1]),
        ([case(Meaning.REFUSED, NEW), case(Meaning.PENDING, OLD)], [0]),
        ([case(None, OLD), case(Meaning.ACCEPTED, NEW)], [1]),
        ([case(None, NEW), case(Meaning.ACCEPTED, OLD)], [0, 1]),
        ([case(None, None), case(Meaning.ACCEPTED, NEW)], [0, 1]),
        ([case(Meaning.REFUSED, None), case(Meaning.ACCEPTED, NEW)], [0, 1]),
        ([case(Meaning.PENDING, NEW)], [0]),
    ],
)
def test_the_latest_decided_case_counts(cases: list[ItemAnswer], counting: list[int]) -> None:
    """What is not understood keeps an answer back unless it is known to be older; a refusal may be objected to anew."""
    assert {id(answer) for answer in latest_of(cases)} == {id(cases[number]) for number in counting}
