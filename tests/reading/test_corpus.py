"""
Never-answers of the corpus: what may not be read from a thread, before and after somebody looked at the honest letters.

How much is answered is a report and no promise: `make reading`. See `tests.corpus.cases` for what the corpus holds.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from automation.flow import Flow
from tests.conftest import Stage
from tests.corpus.cases import HERE, cases, pages
from tests.corpus.measure import believed, by_set, measure, sentences_never_passed_over
from tests.tiers import first

SETS = by_set(cases())
FLOW = "facebook.ai_objection"
PARTS = 40
"""Of the altered copies; a developer waits for the first."""
LONG = {"mails"}
MISREAD = {
    "sentences.11.0": "a signature alone in its paragraph is taken for an author; nothing else names what it is about",
    "explaining.3.2": "a letter about everybody's rights that was no answer counts as the same with one more of them",
}
"""Cases that are read wrongly, and why."""


def _named(name: str) -> object:
    return pytest.param(name, marks=[pytest.mark.thorough] if name in LONG else [])


@pytest.mark.parametrize("name", [_named(name) for name in SETS])
def test_nothing_is_believed_that_may_not_be(name: str, flows: dict[str, Flow]) -> None:
    """No set holds a case that is read wrongly, by itself or after a look at each honest letter of the set."""
    result = measure(name, [(case, case.view()) for case in SETS[name]], flows[FLOW])
    wrong = [(case.id, answer) for case, answer in (*result.wrong, *result.wrong_after)]
    assert [(case, answer) for case, answer in wrong if case not in MISREAD] == []


@pytest.mark.browser
async def test_nothing_is_believed_that_may_not_be_on_whole_pages(stage: Stage, flows: dict[str, Flow]) -> None:
    """Chat bubbles, quoted mail, case pages, accordions, panes and tables of events, as a browser draws them."""
    told = []
    for case in pages():
        view = await stage.show_document((HERE / "pages" / case.file).read_text(encoding="utf-8"))
        told.append((replace(case, language=view.locale), view))
    result = measure("pages", told, flows[FLOW])
    assert [(case.file, answer) for case, answer in (*result.wrong, *result.wrong_after)] == []


@pytest.mark.parametrize("part", first(*range(PARTS)))
def test_a_letter_that_was_altered_says_nothing_any_more(part: int, flows: dict[str, Flow]) -> None:
    """A sentence more, one word changed, a later message or a status beside it: before and after a look at the letter."""
    told = [case for group in SETS.values() for case in group]
    _, found = believed(told[part::PARTS], flows[FLOW], sentences_never_passed_over(told))
    assert [(copy.id, kind, when) for kind, copy, when in found] == []
