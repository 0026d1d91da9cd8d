"""What counts as a change: every pair of standings, and every difference of a form. Pure functions, nothing faked."""

from __future__ import annotations

from datetime import timedelta
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from automation.core.observations import Form
from automation.core.results import Outcome
from automation.core.verdicts import Reason, Verdict
from automation.storage.changes import (
    ChangeKind,
    FormChange,
    FormChangeKind,
    Held,
    Standing,
    compare,
    follow,
    form_changes,
)
from tests.builders import A_MOMENT, a_field, a_form

OK, OPEN, FINDING = Outcome.OK, Outcome.INCOMPLETE, Outcome.FINDING


def at(day: int, verdict: Verdict, outcome: Outcome, reason: Reason | None = None) -> Standing:
    """A standing some days after the first."""
    return Standing(verdict, reason, outcome, A_MOMENT + timedelta(days=day), f"run-{day}")


OBJECTED, NOT_OBJECTED = at(0, Verdict.OBJECTED, OK), at(0, Verdict.NOT_OBJECTED, FINDING)
PENDING, UNKNOWN = at(0, Verdict.PENDING, OPEN), at(0, Verdict.UNKNOWN, OPEN, Reason.TIMEOUT)
WAIVED = at(0, Verdict.NOT_OBJECTED, OK)
LATER_UNKNOWN = at(1, Verdict.UNKNOWN, OPEN, Reason.TIMEOUT)


@pytest.mark.parametrize(
    ("now", "previous", "last_answer", "kind"),
    [
        (at(2, Verdict.OBJECTED, OK), None, None, ChangeKind.NEW),
        (at(2, Verdict.UNKNOWN, OPEN), None, None, ChangeKind.NEW),
        (at(2, Verdict.OBJECTED, OK), OBJECTED, OBJECTED, ChangeKind.STILL),
        (at(2, Verdict.OBJECTED, OK), NOT_OBJECTED, NOT_OBJECTED, ChangeKind.FIXED),
        (at(2, Verdict.OBJECTED, OK), PENDING, PENDING, ChangeKind.FIXED),
        (at(2, Verdict.NOT_OBJECTED, FINDING), OBJECTED, OBJECTED, ChangeKind.REGRESSED),
        (at(2, Verdict.REFUSED, FINDING), PENDING, PENDING, ChangeKind.REGRESSED),
        (at(2, Verdict.PENDING, OPEN), OBJECTED, OBJECTED, ChangeKind.REGRESSED),
        (at(2, Verdict.PENDING, OPEN), NOT_OBJECTED, NOT_OBJECTED, ChangeKind.CHANGED),
        (at(2, Verdict.REFUSED, FINDING), NOT_OBJECTED, NOT_OBJECTED, ChangeKind.CHANGED),
        (at(2, Verdict.UNKNOWN, OPEN), OBJECTED, OBJECTED, ChangeKind.BECAME_UNKNOWN),
        (at(2, Verdict.NEEDS_HUMAN, OPEN), NOT_OBJECTED, NOT_OBJECTED, ChangeKind.BECAME_UNKNOWN),
        (at(2, Verdict.UNKNOWN, OPEN), LATER_UNKNOWN, OBJECTED, ChangeKind.STILL),
        (at(2, Verdict.NEEDS_HUMAN, OPEN), LATER_UNKNOWN, OBJECTED, ChangeKind.CHANGED),
        (at(2, Verdict.OBJECTED, OK), LATER_UNKNOWN, OBJECTED, ChangeKind.RECOVERED),
        (at(2, Verdict.NOT_OBJECTED, FINDING), LATER_UNKNOWN, None, ChangeKind.RECOVERED),
        (at(2, Verdict.NOT_OBJECTED, FINDING), LATER_UNKNOWN, OBJECTED, ChangeKind.REGRESSED),
        (at(2, Verdict.OBJECTED, OK), LATER_UNKNOWN, NOT_OBJECTED, ChangeKind.FIXED),
        # the same verdict, and what is wanted has changed: an exception or a person's answer ran out, or began
        (at(2, Verdict.NOT_OBJECTED, FINDING), WAIVED, WAIVED, ChangeKind.REGRESSED),
        (at(2, Verdict.UNKNOWN, OPEN), at(0, Verdict.UNKNOWN, OK), None, ChangeKind.REGRESSED),
        (at(2, Verdict.UNKNOWN, OK), UNKNOWN, None, ChangeKind.CHANGED),
        (at(2, Verdict.NOT_OBJECTED, OK), NOT_OBJECTED, NOT_OBJECTED, ChangeKind.CHANGED),
    ],
)  # fmt: skip
def test_each_row_of_the_manual(
    now: Standing, previous: Standing | None, last_answer: Standing | None, kind: ChangeKind
) -> None:
    """Each sentence of docs/history.md about a kind of change holds."""
    assert compare(now, previous, last_answer) is kind


def test_the_manual_names_every_kind() -> None:
    """docs/history.md explains each kind of change, once."""
    manual = (Path(__file__).parents[3] / "docs" / "history.md").read_text(encoding="utf-8")
    assert {kind: manual.count(f"| `{kind}` |") for kind in ChangeKind} == dict.fromkeys(ChangeKind, 1)


EVERY = [at(day, v, o) for day, v, o in product((0,), Verdict, Outcome)]


def test_every_combination_has_exactly_one_kind() -> None:
    """The function is total: any result after any other, with any last answer, is named, and by these rules alone."""
    answers = [s for s in EVERY if s.verdict.is_answer]
    seen: set[ChangeKind] = set()
    for now, previous in product(
        [at(2, s.verdict, s.outcome) for s in EVERY], [at(1, s.verdict, s.outcome) for s in EVERY]
    ):
        for last in [previous] if previous.verdict.is_answer else [None, *answers]:
            kind = compare(now, previous, last)
            seen.add(kind)
            same = (now.verdict, now.outcome) == (previous.verdict, previous.outcome)
            assert (kind is ChangeKind.STILL) == (same and (previous.verdict.is_answer or not now.verdict.is_answer))
            if kind is ChangeKind.FIXED:
                assert now.outcome is OK
            if kind is ChangeKind.REGRESSED:
                assert now.outcome is not OK
            if kind is ChangeKind.BECAME_UNKNOWN:
                assert previous.verdict.is_answer
                assert not now.verdict.is_answer
            base = last if now.verdict.is_answer else previous
            if now.outcome is FINDING and now.verdict.is_answer and base and base.outcome is not FINDING:
                assert kind is ChangeKind.REGRESSED, "a new finding is never told as anything milder"
    assert seen == set(ChangeKind) - {ChangeKind.NEW}


def _line(*standings: Standing) -> list[Any]:
    changes: list[Any] = []
    previous = answer = None
    for now in standings:
        change = follow(now, previous, answer)
        changes.append(change)
        previous = Held(now, change.since)
        answer = previous if now.verdict.is_answer else answer
    return changes


def test_since_outlasts_a_week_of_timeouts() -> None:
    """An answer holds since it was first read, results without an answer in between or not; another answer ends it."""
    days = _line(
        at(0, Verdict.OBJECTED, OK), at(1, Verdict.UNKNOWN, OPEN), at(2, Verdict.UNKNOWN, OPEN),
        at(3, Verdict.OBJECTED, OK), at(4, Verdict.NOT_OBJECTED, FINDING), at(5, Verdict.OBJECTED, OK),
    )  # fmt: skip
    assert [(change.since - A_MOMENT).days for change in days] == [0, 1, 1, 0, 4, 5]
    assert days[3].kind is ChangeKind.RECOVERED
    assert days[4].last_answer == days[3].now


def test_only_what_is_wanted_has_changed() -> None:
    """Where the outcome moved and the service's answer did not, the change says so."""
    first, second = _line(at(0, Verdict.NOT_OBJECTED, OK), at(1, Verdict.NOT_OBJECTED, FINDING))
    assert second.kind is ChangeKind.REGRESSED
    assert second.since == first.now.at


EMAIL, WHY = a_field(), a_field("How this impacts you", kind="textarea", required=False, role="reason")


def _form(*fields: Any, fingerprint: str = "b", **changes: Any) -> Form:
    return a_form(fields=fields, fingerprint=fingerprint, **changes)


@pytest.mark.parametrize(
    ("now", "changes"),
    [
        (_form(EMAIL, WHY, a_field("Country", kind="select", role="country")),
         [FormChange(FormChangeKind.ADDED, "Country", required=True)]),
        (_form(EMAIL), [FormChange(FormChangeKind.REMOVED, "How this impacts you")]),
        (_form(EMAIL, a_field("How this impacts you", kind="textarea", required=True, role="reason")),
         [FormChange(FormChangeKind.REQUIRED, "How this impacts you", required=True)]),
        (_form(a_field(required=None), WHY), [FormChange(FormChangeKind.NOT_REQUIRED, "E-mail", required=None)]),
        (_form(a_field("Your address"), WHY),
         [FormChange(FormChangeKind.RELABELLED, "Your address", required=True, before="E-mail")]),
        (_form(EMAIL, a_field("How this impacts you", kind="text", required=False, role="reason")),
         [FormChange(FormChangeKind.RETYPED, "How this impacts you", required=False, before="textarea")]),
        (_form(a_field(options=("a",)), WHY), [FormChange(FormChangeKind.OPTIONS, "E-mail", required=True)]),
        (_form(WHY, EMAIL), [FormChange(FormChangeKind.REORDERED)]),
        (_form(EMAIL, WHY, submit="Send"), [FormChange(FormChangeKind.SUBMIT, "Send", before="Submit")]),
        (_form(a_field("E-mail *"), WHY), []),
        (_form(EMAIL, EMAIL, WHY), [FormChange(FormChangeKind.ADDED, "E-mail", required=True)]),
    ],
)  # fmt: skip
def test_each_difference_of_a_form_is_named(now: Form, changes: list[FormChange]) -> None:
    """Beside a form with an address and an optional reason, each difference is told once, by its kind."""
    assert list(form_changes(_form(EMAIL, WHY, fingerprint="a"), now)) == changes


fields = st.builds(
    a_field,
    st.sampled_from(["E-mail", "Why", "", "Country"]),
    kind=st.sampled_from(["email", "text", "select"]),
    required=st.sampled_from([True, False, None]),
    role=st.sampled_from(["email", "reason", "other", ""]),
    options=st.sampled_from([(), ("a",), ("a", "b")]),
)


@settings(max_examples=50)
@given(st.lists(fields, max_size=5), st.lists(fields, max_size=5))
def test_no_field_is_lost_between_two_forms(before: list[Any], now: list[Any]) -> None:
    """Whatever the fields: those that were added and removed account for the difference in number, and none is twice."""
    found = form_changes(_form(*before, fingerprint="a"), _form(*now))
    added = sum(change.kind is FormChangeKind.ADDED for change in found)
    removed = sum(change.kind is FormChangeKind.REMOVED for change in found)
    assert len(before) + added - removed == len(now)
    assert form_changes(_form(*now, fingerprint="a"), _form(*now)) == ()
