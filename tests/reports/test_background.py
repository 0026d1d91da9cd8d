"""What the page says about the past, from a real history: since when, what changed, and how it went over time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from automation.core.observations import Field
from automation.core.results import Outcome, Result, outcome_of
from automation.core.verdicts import Reason, Verdict
from automation.reports.background import FULL_UP_TO, HEIGHT, NOTHING, WIDTH, Background, areas_of, past_of, strip_of
from automation.storage.changes import ChangeKind
from automation.text.catalogue import LANGUAGES
from automation.text.language import language
from tests.builders import A_MOMENT, a_document, a_form, a_result
from tests.reports.pages import TakenApart, a_page, a_run_of, plain, recorded


def known(folder: Path, runs: Mapping[int, Sequence[Result]], **options: object) -> tuple[Background, TakenApart]:
    """What the history knows of the newest of these runs, and the page that says it."""
    document = a_run_of(min(runs), *runs[min(runs)])
    with recorded(folder / "history.sqlite3", runs) as history:
        options = {"stand_in": False, "lines_up_to": FULL_UP_TO, **options}
        background = past_of(history, document.results, **options)  # type: ignore[arg-type]
    return background, a_page(document, background=background)


def classes(page: TakenApart, name: str) -> list[str]:
    """Texts of all elements of a class."""
    return [e.words for e in page.elements if name in e.attributes.get("class", "").split()]


def answers(**verdicts: Verdict | Reason) -> list[Result]:
    """One result an account."""
    return [
        a_result(name, reason=given) if isinstance(given, Reason) else a_result(name, given)
        for name, given in verdicts.items()
    ]


def test_the_page_says_since_when_and_what_changed(tmp_path: Path) -> None:
    """The first day of the present answer, what it was before, and the worst news first."""
    runs = {
        20: answers(steady=Verdict.OBJECTED, gone=Verdict.OBJECTED, won=Verdict.PENDING),
        10: answers(steady=Verdict.OBJECTED, gone=Reason.TIMEOUT, won=Verdict.PENDING),
        0: answers(steady=Verdict.OBJECTED, gone=Verdict.REFUSED, won=Verdict.OBJECTED),
    }
    _, page = known(tmp_path, runs)
    rows = {
        row.children[0].words.split("Facebook")[0]: row for row in page.all("tr") if "data-outcome" in row.attributes
    }
    assert "Objected since 5 Nov 2026" in rows["steady"].words.replace("Objectedsince", "Objected since")
    assert "As before" in rows["steady"].words
    assert "Worsebefore: Objected" in rows["gone"].words, "a week of timeouts hides no loss"
    assert "Put rightbefore: Pending" in rows["won"].words
    (news,) = classes(page, "news")
    assert news.index("gone") < news.index("won")
    assert "steady" not in news


def test_nothing_changed_is_said(tmp_path: Path) -> None:
    """Where everything stands as before, one sentence says so; without a past nothing is claimed."""
    same = answers(a=Verdict.OBJECTED)
    _, page = known(tmp_path, {5: same, 0: same})
    assert classes(page, "news") == ["What changed Nothing: every account stands as it did at the check before."]
    bare = a_page(a_document(*same))
    assert not classes(bare, "news")
    assert not classes(bare, "change")
    assert "since " not in bare.words()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_field_that_the_form_gained_is_told_with_its_day(tmp_path: Path, lang: str) -> None:
    """A new required field is named as the page names it, with the day on which it was first seen."""
    grown = a_form(
        fields=(*a_form().fields, Field("Motif <b>", "textarea", required=True, filled=False)), fingerprint="f" * 64
    )
    before, after = answers(a=Verdict.NOT_OBJECTED), [a_result("a", form=grown)]
    runs = {9: before, 4: after, 0: after}
    background, _ = known(tmp_path, runs)
    page = a_page(a_run_of(0, *after), lang, background=background)
    say = language(lang)
    told = plain(say.gettext("the form gained a required field: %(field)s") % {"field": say.quoted("Motif <b>")})
    assert f"{plain(say.full_date((A_MOMENT - timedelta(days=4)).date()))} {told}" in page.words()
    assert page.faults == []
    assert any("changed" in e.attributes.get("class", "") for e in page.all("line")), "marked on the strip"


def test_changes_can_be_measured_from_a_day(tmp_path: Path) -> None:
    """With a day given, the page compares with where each account stood then, and its past begins there."""
    runs = {
        30: answers(a=Verdict.NOT_OBJECTED),
        20: answers(a=Verdict.PENDING),
        5: answers(a=Verdict.OBJECTED),
        0: answers(a=Verdict.OBJECTED),
    }
    usual, _ = known(tmp_path, runs)
    assert usual.changes["a"].kind is ChangeKind.STILL
    background, page = known(tmp_path, runs, since=A_MOMENT - timedelta(days=25))
    change = background.changes["a"]
    assert (change.kind, change.previous and change.previous.verdict) == (ChangeKind.FIXED, Verdict.NOT_OBJECTED)
    assert [seen.now.run for seen in background.timelines["a"]] == ["run-20", "run-5", "run-0"]
    assert "Put right" in classes(page, "news")[0]
    assert background.days[0].day == (A_MOMENT - timedelta(days=20)).date()


def test_an_older_run_is_told_as_it_was(tmp_path: Path) -> None:
    """A report over an earlier run knows nothing of what came later, and one that is not recorded has no past."""
    runs = {9: answers(a=Verdict.PENDING), 4: answers(a=Verdict.OBJECTED), 0: answers(a=Verdict.REFUSED)}
    with recorded(tmp_path / "history.sqlite3", runs) as history:
        options = {"stand_in": False, "lines_up_to": 10}
        then = past_of(history, a_run_of(4, *runs[4]).results, **options)  # type: ignore[arg-type]
        assert then.changes["a"].kind is ChangeKind.FIXED
        assert [seen.now.run for seen in then.timelines["a"]] == ["run-9", "run-4"]
        assert then.days[-1].day == (A_MOMENT - timedelta(days=4)).date()
        assert past_of(history, a_run_of(3, *runs[4]).results, **options) is NOTHING  # type: ignore[arg-type]


def test_of_thousands_only_the_change_is_asked_for(tmp_path: Path) -> None:
    """Above the limit the history is asked once, not once an account; the changes are the same."""
    runs = {7: answers(a=Verdict.PENDING, b=Verdict.OBJECTED), 0: answers(a=Verdict.OBJECTED, b=Verdict.OBJECTED)}
    in_full, _ = known(tmp_path, runs)
    short, _ = known(tmp_path, runs, lines_up_to=1)
    assert short.changes == in_full.changes
    assert {len(line) for line in short.timelines.values()} == {1}


def test_a_strip_shows_each_answer_for_its_time(tmp_path: Path) -> None:
    """Spans follow one another over the whole width, long times are wide, and no answer is too narrow to be seen."""
    given = {
        40: Verdict.NOT_OBJECTED,
        39: Verdict.PENDING,
        10: Verdict.PENDING,
        3: Verdict.OBJECTED,
        0: Verdict.OBJECTED,
    }
    background, _ = known(tmp_path, {day: answers(a=verdict) for day, verdict in given.items()})
    strip = strip_of(background.timelines["a"])
    assert strip is not None
    assert [span.verdict for span in strip.spans] == [Verdict.NOT_OBJECTED, Verdict.PENDING, Verdict.OBJECTED]
    assert strip.spans[0].x == 0
    for span, following in zip(strip.spans, strip.spans[1:], strict=False):
        assert span.x + span.width == pytest.approx(following.x, abs=0.02)
    assert strip.spans[-1].x + strip.spans[-1].width == pytest.approx(WIDTH, abs=0.05)
    assert strip.spans[1].width > 10 * strip.spans[0].width > 50
    assert strip_of(background.timelines["a"][:1]) is None, "one answer makes no line"


def test_areas_add_up(tmp_path: Path) -> None:
    """On every day the areas of all outcomes, one upon another, reach from the bottom to the number of accounts."""
    runs = {
        9: answers(a=Verdict.REFUSED, b=Verdict.PENDING, c=Verdict.OBJECTED),
        4: answers(a=Verdict.PENDING, b=Verdict.OBJECTED),
        0: answers(a=Verdict.OBJECTED, b=Verdict.OBJECTED, c=Verdict.OBJECTED),
    }
    background, page = known(tmp_path, runs)
    assert [dict(day.outcomes) for day in background.days][-1] == {Outcome.OK: 3}
    areas = areas_of(background.days)
    assert areas is not None
    assert areas.most == 3
    corners = {area.outcome: [tuple(map(float, p.split(","))) for p in area.points.split()] for area in areas.areas}
    assert sorted({x for points in corners.values() for x, _ in points}) == pytest.approx(
        [0, WIDTH * 5 / 9, WIDTH], abs=0.01
    )
    assert (WIDTH, 0) in corners[Outcome.OK], "all three at the end"
    assert [y for _, y in corners[Outcome.FINDING][:2]] == pytest.approx([HEIGHT * 2 / 3] * 2, abs=0.01), (
        "holds until counted anew"
    )
    assert all(0 <= y <= HEIGHT for points in corners.values() for _, y in points)
    assert min(y for _, y in corners[Outcome.OK]) == 0
    table = [[cell.words for cell in row.children] for row in page.all("tr") if row.inside("figure")]
    assert table[1] == ["25 November 2026", "3", "0", "0"]
    assert areas_of(background.days[:1]) is None, "one day makes no line"


def test_very_many_days_are_drawn_as_few(tmp_path: Path) -> None:
    """A thousand days make a drawing of a bounded size that still ends with today."""
    day = known(tmp_path, {1: answers(a=Verdict.PENDING), 0: answers(a=Verdict.PENDING)})[0].days[-1]
    many = [replace(day, day=day.day - timedelta(days=number)) for number in reversed(range(1000))]
    areas = areas_of(many)
    assert areas is not None
    assert len(areas.days) <= 180
    assert areas.days[-1] == many[-1]


def test_what_to_do_is_gathered(tmp_path: Path) -> None:
    """Accounts that need the same are one item, findings before what is open; what is as wanted is not there."""
    runs = {
        0: answers(
            one=Verdict.NOT_OBJECTED,
            two=Verdict.NOT_OBJECTED,
            wait=Verdict.PENDING,
            fine=Verdict.OBJECTED,
            no=Verdict.REFUSED,
        )
    }
    _, page = known(tmp_path, runs)
    (todo,) = [e for e in page.all("section") if e.attributes.get("class") == "todo"]
    items = [
        item.children[0].words + ": " + item.children[1].words.split(": ")[1] for item in todo.children[1].children
    ]
    assert items == [
        "file the objection (Facebook): one, two",
        "repeat the objection (Facebook): no",
        "wait for the answer (Facebook): wait",
    ]
    assert "Who acts: The person whose account it is" in todo.words
    assert all(outcome_of(r.verdict, r.expect) is not Outcome.OK for r in runs[0] if r.account in todo.words.split())
