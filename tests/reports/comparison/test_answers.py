"""What two results say differently is told, and only of one account and one setting."""

from __future__ import annotations

from dataclasses import replace

import pytest

from automation.core.signals import SignalName
from automation.core.verdicts import Reason, Verdict
from automation.reports.comparison import Difference, DifferenceKind, NotAlike, compare_answers
from tests.builders import a_field, a_form, a_result, a_signal, an_exposure


def test_the_same_twice_differs_in_nothing() -> None:
    """A result beside itself has no difference, whatever it holds."""
    result = a_result(form=a_form(), signals=(a_signal(),), exposure=(an_exposure(),))
    assert compare_answers(result, result) == ()


def test_the_verdict_comes_first() -> None:
    """What matters most stands first: the verdict, its reason, then what led to it."""
    before = a_result(verdict=Verdict.NOT_OBJECTED, signals=(a_signal(SignalName.INBOX_NOTHING),))
    now = replace(
        before, verdict=Verdict.UNKNOWN, reason=Reason.AMBIGUOUS, signals=(a_signal(SignalName.PAGE_UNCLEAR),)
    )
    found = compare_answers(before, now)
    assert found[:2] == (
        Difference(DifferenceKind.VERDICT, "", "not_objected", "unknown"),
        Difference(DifferenceKind.REASON, "", None, "ambiguous"),
    )
    assert {(d.what, d.before is None, d.now is None) for d in found if d.kind is DifferenceKind.SIGNAL} == {
        ("inbox.nothing", False, True),
        ("page.unclear", True, False),
    }


def test_a_switch_that_turned_is_named_with_both_states() -> None:
    """The state of a control before and now, not only that something moved."""
    on = a_signal(SignalName.CONTROL_TRAINS, quote="on")
    before, now = a_result(signals=(on,)), a_result(signals=(replace(on, quote="off"),))
    assert compare_answers(before, now) == (Difference(DifferenceKind.CONTROL, "control.trains", "on", "off"),)


def test_what_the_form_gained_and_lost() -> None:
    """A field that is new, one that is gone and a changed submit control are told by their labels."""
    before = a_result(form=a_form())
    fields = (a_field(), a_field("Country", kind="select", role="country", filled=False))
    now = a_result(form=a_form(fields=fields, submit="Send", fingerprint="0" * 64))
    told = {(d.detail, d.before, d.now) for d in compare_answers(before, now) if d.kind is DifferenceKind.FORM}
    assert told == {("added", None, "Country"), ("removed", "How this impacts you", None), ("submit", "Submit", "Send")}


def test_a_form_that_is_gone_is_a_difference() -> None:
    """A form in one and none in the other is told, both ways."""
    with_form, without = a_result(form=a_form()), a_result(form=None)
    assert [(d.kind, d.detail) for d in compare_answers(with_form, without)] == [(DifferenceKind.FORM, "removed")]
    assert [(d.kind, d.detail) for d in compare_answers(without, with_form)] == [(DifferenceKind.FORM, "added")]


def test_other_rules_are_said() -> None:
    """A flow of another revision is named, as the answer may differ because of it."""
    before = a_result()
    (found,) = compare_answers(before, replace(before, flow_revision="another"))
    assert (found.kind, found.what, found.now) == (DifferenceKind.RULES, before.flow, "another")


@pytest.mark.parametrize("changes", [{"flow": "instagram.ai_objection"}, {"subject": "f" * 64}])
def test_two_accounts_or_settings_are_refused(changes: dict[str, str]) -> None:
    """What belongs to two accounts or settings is not compared: every difference would mislead."""
    before = a_result(subject="a" * 64)
    with pytest.raises(NotAlike) as caught:
        compare_answers(before, replace(before, **changes))
    assert caught.value.remedy
