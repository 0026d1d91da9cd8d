"""What a person said that a picture shows: every report says so beside the answer, and by whom."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from rich.console import Console

from automation.core.looks import Basis, LookedAt, Says
from automation.core.verdicts import Verdict
from automation.reports.as_ci import render_junit, render_sarif
from automation.reports.as_html import pieces
from automation.reports.as_json import to_json
from automation.reports.as_table import render_table, rows
from automation.reports.pictures import Source
from tests.builders import a_document, a_result

if TYPE_CHECKING:
    from automation.core.results import Result

LOOK = LookedAt("0a1b2c3d", Says.ACCEPTED, "Claire Dupont", datetime(2026, 12, 2, 9, tzinfo=UTC), "9f" * 32)


def looked(*looks: LookedAt, verdict: Verdict = Verdict.OBJECTED) -> Result:
    """An answer that rests on looks."""
    source = tuple(look.source for look in looks)
    return a_result(verdict=verdict, basis=Basis.LOOKED_AT, looks=looks, confirmed_words=source)


def shown(result: Result, form: str, lang: str) -> str:
    """A report of one answer."""
    document = a_document(result)
    if form == "table":
        out = io.StringIO()
        Console(file=out, width=120).print(render_table(document, {}, lang, width=120))
        return " ".join(out.getvalue().split())
    made = {
        "html": lambda: "".join(pieces(document, {}, lang, Source(""), other_languages={})),
        "junit": lambda: render_junit(document, {}, lang),
        "csv": lambda: "".join(rows(document.results, {}, lang)),
        "sarif": lambda: render_sarif(document, {}, lang, lines={}),
    }
    return made[form]()


@pytest.mark.parametrize("form", ["table", "html", "junit", "csv", "sarif"])
@pytest.mark.parametrize(("lang", "told"), [("en", "seen by Claire Dupont on"), ("fr", "vu par Claire Dupont le")])
def test_each_report_says_who_saw_it(form: str, lang: str, told: str) -> None:
    """The name beside the answer, in the reader's language; what a program reads has `looked_at`."""
    verdict = Verdict.REFUSED if form == "sarif" else Verdict.OBJECTED
    text = shown(looked(LOOK, verdict=verdict), form, lang).replace("\u00a0", " ")
    assert (told if (form, lang) != ("csv", "en") else "looked_at") in text
    assert told not in shown(a_result(verdict=verdict), form, lang)


def test_who_vouches_for_others_is_named_as_such() -> None:
    """An imported look says that its importer vouches for it."""
    imported = LookedAt("0a1b2c3d", Says.ACCEPTED, "Paul Weil", LOOK.at, LOOK.bundle, imported=True)
    assert "seen by others, for whom Paul Weil vouches" in shown(looked(imported), "junit", "en")


def test_the_json_holds_each_look() -> None:
    """Basis, and of each look its number, answer, person, moment and bundle."""
    text = to_json(a_document(looked(LOOK)))
    for part in ('"basis": "looked_at"', '"look": "0a1b2c3d"', '"says": "accepted"', '"by": "Claire Dupont"'):
        assert part in text
