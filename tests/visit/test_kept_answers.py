"""Answers that fill a list, kept without their texts: what decides "nothing filed" can be judged again from them."""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from typing import Any

import pytest

from automation.browser.capture import Masks
from automation.flow.reads import ReadMark, ReadRules
from automation.flow.site import Masking
from automation.page import PageView
from automation.page.read_page import DataResponse, ReadPage
from automation.reading.lists.completeness import ListReads, has_errors
from automation.text.labels import Labels
from automation.visit.reader.visit_log import kept_answers

READS = ListReads(frozenset({"letters"}), ReadRules(answer="found", more=(ReadMark(key="next"),)))
RITA = {"id": 10001234567890, "title": "Rita Gallo", "text": "We refuse, Rita. rita@example.org", "open": True}


def _page(*answers: Any) -> ReadPage:
    """A page whose reads answered this."""
    responses = tuple(DataResponse("letters", 200, answer) for answer in answers)
    view = PageView("https://www.acme.example/letters", "", (), ())
    return ReadPage("inbox", "", "", (), 200, view, True, responses, "en", 0.1)  # noqa: FBT003


def _masks() -> Masks:
    return Masks(Masking(), Labels(), ids=["10001234567890"])


@pytest.mark.parametrize(
    "answer",
    [
        {"found": {"letters": []}},
        {"found": {"letters": [RITA]}},
        {"found": {"letters": [RITA, RITA], "next": "/letters?after=Rita"}},
        {"found": {"letters": [], "next": ""}},
        {"found": {"letters": [], "draft": None}},
        {"found": {"letters": [], "nextCursor": None}},
        {"found": {"letters": [], "pageInfo": {"hasNextPage": True, "endCursor": "cmVh"}}},
        {"found": {"letters": []}, "errors": [{"message": "Rita has no access"}]},
        {"found": None},
        {"found": {"letters": [], "hasNext": True}},
        {"found": {"__typename": "LetterList", "letters": [], "rita.gallo@example.org": {"count": 3}}},
        None,
    ],
    ids=str,
)
def test_what_is_kept_decides_as_the_answer_did(answer: Any) -> None:
    """Empty, whole, counted, gone on, failed: each comes out the same from the kept answer, which holds no text."""
    page = _page(answer)
    kept = list(kept_answers(page.surface, page.answers, (), _masks()))
    again = _page(*(one.data for one in kept))
    for question in (READS.are_empty, READS.have_more, READS.count):
        assert question(again) == question(page)
    assert [has_errors(one.data) for one in again.answers] == [has_errors(one.data) for one in page.answers]
    written = json.dumps([asdict(one) for one in kept])
    assert not re.search("rita|10001234567890|refuse|cmVh|after=|access", written, re.IGNORECASE)


def test_types_and_small_numbers_stay() -> None:
    """What a reader needs to follow the structure is as it came; an answer beyond all measure is cut, and says so."""
    data = {"__typename": "LetterList", "count": 3, "old": False, "share": 0.5, "letters": [{"__typename": "A b"}]}
    (one,) = kept_answers("inbox", (), [("letters", data)], _masks())
    assert one.data == {**data, "letters": [{"__typename": "[text]"}]}
    assert (one.embedded, one.cut) == (True, False)
    (large,) = kept_answers("inbox", (), [("letters", [[0] * 30_000])], _masks())
    assert large.cut
