"""Patterns mean what their readers think."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automation.guard.spelling import Patterns, most_specific


@pytest.mark.parametrize(
    ("pattern", "text", "fits"),
    [
        ("*.example.org", "a.example.org", True),
        ("*.example.org", "a.b.example.org", True),
        ("*.example.org", "example.org", False),
        ("*.example.org", "aexample.org", False),
        ("*.example.org", "a.example.org.evil.net", False),
        ("*.example.org", "a.exampleXorg", False),
        ("/login/*", "/login/", True),
        ("/login/*", "/loginx/", False),
        ("/a?b", "/axb", False),
        ("[ab]", "a", False),
        ("*Query", "AQuery\n", False),
        ("*Query", "A\nQuery", True),
    ],
)
def test_a_star_is_the_only_wildcard(pattern: str, text: str, *, fits: bool) -> None:
    """`*` stands for anything, all else for itself, and the whole text has to fit."""
    assert Patterns((pattern,)).fit(text) is fits


@given(st.text())
def test_an_empty_list_fits_nothing(text: str) -> None:
    """No pattern means no, never everything."""
    assert not Patterns().fit(text)


@given(st.text(alphabet="ab.", min_size=1))
def test_a_pattern_without_star_fits_itself_alone(text: str) -> None:
    """A dot is a dot."""
    assert Patterns((text,)).fit(text)
    assert not Patterns((text,)).fit(text + "a")


def test_a_host_itself_wins_over_wildcards() -> None:
    """A map may send one host elsewhere than its siblings."""
    patterns = ["*.example.org", "a.example.org", "*.b.example.org"]
    assert most_specific(patterns, "a.example.org") == "a.example.org"
    assert most_specific(patterns, "x.b.example.org") == "*.b.example.org"
    assert most_specific(patterns, "c.example.org") == "*.example.org"
    assert most_specific(patterns, "example.org") is None
