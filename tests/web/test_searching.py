"""A service is found as people type it, and what is not there is not made up."""

from __future__ import annotations

import pytest

import flows as shipped
from automation.reports.advice import title_of
from automation.text.language import language
from automation.web.adding import matching


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    """Flow → what it is found by in French."""
    words = language("fr")
    known = shipped.find(()).flows
    return {name: f"{flow.guide.service} {name} {title_of(flow.guide, name, words)}" for name, flow in known.items()}


@pytest.mark.parametrize(
    ("sought", "first"),
    [
        ("facebook", "facebook.ai_objection"),
        ("Facebok", "facebook.ai_objection"),
        ("facebbok", "facebook.ai_objection"),
        ("fasebook", "facebook.ai_objection"),
        ("instagrame", "instagram.ai_objection"),
        ("insta", "instagram.ai_objection"),
        ("Instragram", "instagram.ai_objection"),
        ("opposition instagram", "instagram.ai_objection"),
        ("instagram opposition", "instagram.ai_objection"),
        ("mon compte Instagram", "instagram.ai_objection"),
        ("linkdin", "linkedin.ai_training"),
        ("Linked In", "linkedin.ai_training"),
        ("chat gpt", "chatgpt.ai_training"),
        ("entrainement linkedin", "linkedin.ai_training"),
        ("ENTRAÎNEMENT LinkedIn", "linkedin.ai_training"),
    ],
)
def test_what_people_type(sought: str, first: str, texts: dict[str, str]) -> None:
    """Misspelt, in another order, without accents, with words too many: the one that is meant stands first."""
    assert matching(list(texts), sought, texts.__getitem__)[0] == first


@pytest.mark.parametrize("sought", ["zzzz", "qqxy wvut", "??"])
def test_what_nobody_has(sought: str, texts: dict[str, str]) -> None:
    """No letters in common: nothing is offered; without a letter at all, everything is."""
    found = matching(list(texts), sought, texts.__getitem__)
    assert len(found) == (len(texts) if sought == "??" else 0)


def test_an_exact_name_hides_the_near_ones(texts: dict[str, str]) -> None:
    """Where a word stands as typed, what is only like it is not shown beside it."""
    assert set(matching(list(texts), "facebook", texts.__getitem__)) == {"facebook.ai_objection"}
