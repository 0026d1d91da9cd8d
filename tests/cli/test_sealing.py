"""What a check says of its seal, without a browser."""

from __future__ import annotations

from dataclasses import replace

import pytest

from automation.app.check import unstamped
from automation.core.records import BundleRef
from automation.text.language import language
from tests.builders import a_document, a_result

REFERENCE = BundleRef("a", "0" * 64)


@pytest.mark.parametrize(
    ("stamped", "asked", "words"),
    [
        ((("alpha",), ("alpha",)), True, ()),
        ((("alpha",), ()), True, ("for want of an answer: 1 of 2", "faute de réponse\u00a0: 1 sur 2")),
        (((), ()), False, ("only this machine’s clock", "seule l’horloge de cette machine")),
    ],
    ids=["all stamped", "no answer", "nobody asked"],
)
def test_what_nobody_stamped_is_said(stamped: tuple[tuple[str, ...], ...], asked: bool, words: tuple[str, ...]) -> None:
    """One line that fits 100 columns, where evidence rests on this machine's clock, with what to do; else none."""
    bundles = [replace(REFERENCE, stamped=names) for names in stamped]
    document = a_document(
        *(a_result(f"account-{n}", bundle=one) for n, one in enumerate(bundles)), a_result(bundle=None)
    )
    said = [unstamped(document, language(lang), asked=asked) for lang in ("en", "fr")]
    assert [len(lines) for lines in said] == [bool(words)] * 2
    for lines, expected in zip(said, words, strict=False):
        assert expected in lines[0]
        assert len(lines[0]) <= 100
