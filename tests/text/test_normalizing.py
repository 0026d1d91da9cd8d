"""Words are compared as a person would compare them."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automation.text.normalizing import base_language, canonical_locale, fold, fold_label, lines_apart, quote, sentences


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Centre de confidentialité", unicodedata.normalize("NFD", "Centre de confidentialité")),
        ("We’ve reviewed", "We've  reviewed"),
        ("l’IA chez Meta", "l'IA\u00a0chez\u202fMeta"),
        ("« oui »", '" oui "'),
    ],
)
def test_typography_makes_no_difference(one: str, other: str) -> None:
    """Accents composed or not, quotes of any kind and spaces of any width are the same words."""
    assert fold(one) == fold(other)


def test_marks_hung_on_a_label_make_no_difference() -> None:
    """A required mark, a colon or an ellipsis is no part of a label."""
    assert fold_label("Country *") == fold_label("country:") == fold_label("Country…")


@given(st.text(max_size=80))
def test_folding_twice_changes_nothing(text: str) -> None:
    """Folding is stable, so folded words can be compared with folded words."""
    assert fold(fold(text)) == fold(text)


def test_quotes_hide_addresses_and_numbers() -> None:
    """An excerpt in the evidence carries no e-mail address and no account or telephone number."""
    seen = quote("Write to jean.dupont+meta@example.org about 100080000000000 or 06 12 34 56 78")
    assert "example.org" not in seen
    assert "100080" not in seen
    assert "12 34" not in seen


def test_quotes_are_short() -> None:
    """An excerpt is at most 240 characters."""
    assert len(quote("word " * 500)) == 240


def test_a_paragraph_splits_into_sentences() -> None:
    """Sentences end at full stops and at blank lines, not at single line breaks."""
    assert sentences("One. Two\nthree!\n\nFour") == ["One.", "Two\nthree!", "Four"]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("fr_FR", "fr-FR"),
        ("EN", "en"),
        ("pt-br", "pt-BR"),
        ("zh_Hans_CN", "zh-Hans-CN"),
        ("not a language!", ""),
        ("", ""),
    ],
)
def test_a_page_language_is_spelt_one_way(written: str, meant: str) -> None:
    """`lang` attributes come in many spellings; nonsense is no language."""
    assert canonical_locale(written) == meant


def test_base_language() -> None:
    """The language without its region."""
    assert base_language("fr-CA") == base_language("fr_FR") == "fr"


def test_an_emoji_ends_a_sentence() -> None:
    """Letters put one where others put a full stop."""
    assert sentences("We honour it ✅ Your posts stay yours. 🙏\nBye") == [
        "We honour it",
        "Your posts stay yours.",
        "Bye",
    ]


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("Thanks,\nPrivacy Operations\nThis inbox takes no replies.", 3),
        ("We looked at what you\nwrote to us.", 1),
        ("We have looked at everything that was sent\nPrivacy matters to us, so we took our time.", 1),
        ("Status\nOutcome: refused", 2),
        ("It covers:\n* your posts\n* your comments", 3),
        ("We looked at your request\n- however late - and agree", 1),
    ],
)
def test_a_line_that_was_ended_on_purpose_is_a_piece_of_its_own(text: str, pieces: int) -> None:
    """A line that was full, or goes on in small letters, is not."""
    found = lines_apart(text)
    assert len(found) == pieces
    assert "\n".join(found) == text
