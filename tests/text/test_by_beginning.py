"""Words and sentences of a table are found by how they begin, and no otherwise than by their whole expressions."""

from __future__ import annotations

import re

import pytest

from automation.text.templates import GAP, Templates, Word, beginnings, grouped, whole


def compiled(text: str) -> re.Pattern[str]:
    """From a template to what fits it."""
    return re.compile(grouped(text, lambda plain: re.escape(plain).replace("…", GAP)) + r"(?!\w)")


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("we agree", {"we agree"}),
        ("we (will|shall) agree", {"we "}),
        ("(we|they) agree", {"we agree", "they agree"}),
        ("(we |)agree", {"we agree", "agree"}),
        ("((we|i) will |)agree", {"we will agree", "i will agree", "agree"}),
        ("(|…) agreed", {" agreed", ""}),
        ("… agreed", {""}),
        ("agree|ment", {"agree|ment"}),
        ("agreed) and", {"agreed) and"}),
        ("(we|they", {"we", "they"}),
        ("", {""}),
    ],
)
def test_a_text_that_fits_begins_as_its_template_says(template: str, expected: set[str]) -> None:
    """Alternatives at the front are told apart, and what is left open is open."""
    assert beginnings(template) == expected


TEMPLATES = (
    "we (have|will) honour(ed|) your objection",
    "(we |)agree",
    "(your|this) … is closed",
    "… was refused",
    "c++",
    "(|not )so",
    "a(b|bc)",
)


@pytest.mark.parametrize(
    "text",
    [
        "we have honoured your objection.",
        "we will honour your objections",
        "agree, then",
        "agreed",
        "disagree",
        "and agree",
        "_agree",
        "your long case is closed",
        "this was refused",
        "what a day. it was refused",
        "c++ is it",
        "so it is",
        "also",
        "not so",
        "abc",
        "abcd",
        "",
        "é agree",
        "éagree",
    ],
)
def test_sentences_are_found_as_by_one_expression_of_all(text: str) -> None:
    """At the start and in the midst, the same templates fit as where all of them are tried."""
    table = Templates.of(TEMPLATES, str.casefold, compiled)
    one_by_one = [(one, match.end()) for one in TEMPLATES if (match := compiled(one).match(text))]
    assert [(one, match.end()) for one, match in table.at_start(text)] == one_by_one
    whole = re.compile(rf"(?<!\w)(?:{'|'.join(compiled(one).pattern for one in TEMPLATES)})")
    assert table.anywhere(text) == (whole.search(text) is not None)


@pytest.mark.parametrize(
    ("word", "text", "stands"),
    [
        (Word("object", begins=True, ends=True), "i object.", True),
        (Word("object", begins=True, ends=True), "an objection", False),
        (Word("object", begins=True, ends=False), "an objection", True),
        (Word("object", begins=True, ends=False), "superobject", False),
        (Word("object", begins=False, ends=True), "superobject", True),
        (Word("object", begins=True, ends=True), "objects, and object", True),
        (Word("object", begins=True, ends=True), "object_1", False),
        (Word("c++", begins=True, ends=True), "in c++", True),
    ],
)
def test_a_word_stands_where_no_letter_goes_on(word: Word, text: str, stands: bool) -> None:
    """As a word of its own, unless it is the beginning or the end of one; every place in the text is looked at."""
    assert word.stands_in(text) is stands


def test_alternatives_may_stand_within_one_another() -> None:
    """Of several that fit the longest counts: what is left over would narrow the answer."""
    pattern = whole(["we (will (not |never |)|may )(honor|honor it)"])
    assert pattern.fullmatch("we will never honor it")
    assert pattern.fullmatch("we may honor")
    assert not pattern.fullmatch("we not honor")
