"""
Threads and inboxes that somebody wrote who had not seen this code, from the sources alone: what is read from them.

Chat bubbles, quoted mail, case pages with the submitted fields, accordions, two panes, headings, tables of events. The
pages lie beside this file, with what a careful reader would answer. No rule may be fitted to one of them.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from automation.page import PageView
from automation.reading.inbox.items import Item, judge_item
from automation.reading.inbox.list_completeness import says_empty
from automation.reading.inbox.speakers import Speakers
from automation.reading.inbox.thread import read_thread
from automation.reading.inbox.turns import turns_of
from automation.text.labels import Labels
from automation.text.normalizing import fold
from automation.text.page_words import PageWords
from tests.conftest import Stage

pytestmark = pytest.mark.browser

HERE = Path(__file__).parent
THREADS = json.loads((HERE / "threads" / "expected.json").read_text(encoding="utf-8"))
INBOXES = json.loads((HERE / "inboxes" / "expected.json").read_text(encoding="utf-8"))
SERVICE = frozenset({"meta", "facebook", "instagram"})


def answer_of(view: PageView, holder: str, labels: Labels) -> str:
    """What an opened item of the inbox says: an answer, `none` about an objection, or `unclear`."""
    words = PageWords.of(labels, view.locale)
    names = SERVICE | set(words.with_english.names("speaker.service"))
    speakers = Speakers(view.locale, frozenset(names), frozenset({fold(holder)}))
    turns = turns_of(view, view.blocks(), speakers)
    judged = judge_item(Item("inbox", read_thread(turns, words), view, turns=turns, holder=speakers.holder), words)
    if judged.meanings:
        return min(judged.meanings).value
    return "unclear" if judged.signals or judged.missing else "none"


@pytest.mark.parametrize("layout", sorted({page["layout"] for page in THREADS}))
async def test_the_services_latest_answer_is_read_from_threads_of_any_layout(
    layout: str, stage: Stage, meta_labels: Labels
) -> None:
    """Never a wrong answer; and every answer that was reached before is still reached."""
    wrong, lost, found = [], [], []
    for page in (page for page in THREADS if page["layout"] == layout):
        markup = (HERE / "threads" / page["file"]).read_text(encoding="utf-8")
        answer = answer_of(await stage.show_document(markup), page["holder"], meta_labels)
        if answer in page["forbidden"]:
            wrong.append((page["file"], answer))
        if page["definite"] and page["reached"] and answer not in {page["best"], *page["also"]}:
            lost.append((page["file"], answer, page["best"]))
        if page["definite"] and not page["reached"] and answer == page["best"]:
            found.append(page["file"])
    assert wrong == []
    assert lost == []
    assert found == [], "these are read now: say so in expected.json"


def test_most_answers_that_a_careful_reader_gives_are_reached() -> None:
    """The share is counted where it can be looked up, and does not fall unnoticed."""
    definite = [page for page in THREADS if page["definite"]]
    assert len({page["layout"] for page in definite}) == 8
    assert sum(page["reached"] for page in definite) >= 0.66 * len(definite)
    assert Counter(page["best"] for page in definite if page["reached"]).keys() >= {
        "accepted", "refused", "pending", "more_information", "none",
    }  # fmt: skip


async def test_an_inbox_is_empty_only_where_it_says_so(stage: Stage) -> None:
    """Empty inboxes say it in many words; loading, errors, filters and searches without a hit do not."""
    for page in INBOXES:
        markup = (HERE / "inboxes" / page["file"]).read_text(encoding="utf-8")
        view = await stage.show_document(markup)
        assert says_empty(view, view.locale) is (page["says_empty"]), page["file"]
