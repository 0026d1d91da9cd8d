"""What a verdict is worth: every rule of docs/policy.md, as a pure function and from `temoin.toml`."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from pathlib import Path

import pytest

from automation.config import load
from automation.core.cases import Case, CaseEvent, CaseSource, CaseState
from automation.core.errors import ConfigurationError
from automation.core.policy import Exemption, OutcomeReason, Policy, Ruling, Statement, judge_outcome
from automation.core.results import Outcome, outcome_of
from automation.core.verdicts import Reason, Verdict
from tests.builders import A_MOMENT, a_result

TODAY = date(2026, 11, 25)
OK, OPEN, FINDING = Outcome.OK, Outcome.INCOMPLETE, Outcome.FINDING
NAME = "atelier-facebook"
LIVE_WITH = Exemption(NAME, Verdict.REFUSED, "The complaint is under way.", "Lou Dupont", TODAY)


def an_answer(verdict: Verdict = Verdict.OBJECTED, **changes: object) -> Statement:
    """What Lou saw on her phone."""
    answer = Statement(
        "0a1b2c3d", NAME, verdict, "The mail of Meta", "Lou Dupont", A_MOMENT, TODAY + timedelta(days=90)
    )
    return replace(answer, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(("verdict", "expect"), [*product(Verdict, [None, *(v for v in Verdict if v.is_answer)])])
def test_without_a_policy_the_plain_rule_holds(verdict: Verdict, expect: Verdict | None) -> None:
    """For every verdict and expectation, no policy at all gives what `outcome_of` gives."""
    result = a_result(verdict=verdict, expect=expect)
    assert judge_outcome(result, Policy(), TODAY).outcome is outcome_of(verdict, expect)


@pytest.mark.parametrize(
    ("verdict", "expect", "why"),
    [
        (Verdict.OBJECTED, Verdict.OBJECTED, OutcomeReason.EXPECTED),
        (Verdict.REFUSED, Verdict.OBJECTED, OutcomeReason.NOT_EXPECTED),
        (Verdict.REFUSED, None, OutcomeReason.NOTHING_EXPECTED),
        (Verdict.UNKNOWN, Verdict.OBJECTED, OutcomeReason.NO_ANSWER),
    ],
)
def test_a_ruling_says_why(verdict: Verdict, expect: Verdict | None, why: OutcomeReason) -> None:
    """Each plain outcome names its rule."""
    assert judge_outcome(a_result(verdict=verdict, expect=expect), Policy(), TODAY).why is why


@pytest.mark.parametrize("outcome", Outcome)
@pytest.mark.parametrize("verdict", Verdict)
def test_the_policy_says_what_a_verdict_is_worth(verdict: Verdict, outcome: Outcome) -> None:
    """Any verdict can be given any worth, with an expectation or without; only the expected verdict stays as wanted."""
    policy = Policy({verdict: outcome})
    for expect in (None, Verdict.OBJECTED):
        ruling = judge_outcome(a_result(verdict=verdict, expect=expect), policy, TODAY)
        expected = verdict is expect
        assert ruling == (Ruling(OK, OutcomeReason.EXPECTED) if expected else Ruling(outcome, OutcomeReason.POLICY))


def test_an_exception_holds_through_its_last_day() -> None:
    """On the last day the finding is excused, the day after it is a finding that names the exception."""
    result, policy = a_result(verdict=Verdict.REFUSED), Policy(exemptions=(LIVE_WITH,))
    assert judge_outcome(result, policy, TODAY) == Ruling(OK, OutcomeReason.EXEMPT, exemption=LIVE_WITH)
    tomorrow = judge_outcome(result, policy, TODAY + timedelta(days=1))
    assert tomorrow == Ruling(FINDING, OutcomeReason.EXEMPTION_EXPIRED, exemption=LIVE_WITH)


@pytest.mark.parametrize("verdict", [v for v in Verdict if v not in {Verdict.OBJECTED, Verdict.REFUSED}])
def test_an_objection_without_a_decision_is_a_finding_whatever_is_wanted(verdict: Verdict) -> None:
    """Neither what is expected, nor `[policy]`, nor an exception, nor what a person said of the account excuses it."""
    filed = CaseEvent(CaseState.FILED, A_MOMENT - timedelta(days=31), CaseSource.FILING)
    case = Case("0011aabb", NAME, "facebook.ai_objection", "1", (filed,))
    policy = Policy(dict.fromkeys(Verdict, OK), (replace(LIVE_WITH, verdict=verdict),))
    for expect in (None, Verdict.OBJECTED, verdict if verdict.is_answer else None):
        result = a_result(verdict=verdict, expect=expect, finished_at=A_MOMENT)
        ruling = judge_outcome(result, policy, TODAY, [an_answer()], [case])
        assert ruling == Ruling(FINDING, OutcomeReason.OVERDUE)
        assert judge_outcome(replace(result, account="other"), policy, TODAY, (), [case]).outcome is OK
    breach = a_result(reason=Reason.GUARD_BLOCKED, finished_at=A_MOMENT)
    assert judge_outcome(breach, policy, TODAY, (), [case]).why is not OutcomeReason.OVERDUE


@pytest.mark.parametrize("changes", [{"account": "other"}, {"verdict": Verdict.NOT_OBJECTED}])
def test_an_exception_is_about_one_verdict_of_one_account(changes: dict[str, object]) -> None:
    """It excuses neither another account nor another verdict."""
    policy = Policy(exemptions=(replace(LIVE_WITH, **changes),))  # type: ignore[arg-type]
    assert judge_outcome(a_result(verdict=Verdict.REFUSED), policy, TODAY).outcome is FINDING


def test_an_expired_exception_is_a_finding_even_of_what_was_open() -> None:
    """What somebody promised to settle by a day and did not is no longer merely open."""
    policy = Policy(exemptions=(replace(LIVE_WITH, verdict=Verdict.UNKNOWN, until=TODAY - timedelta(days=1)),))
    assert judge_outcome(a_result(reason=Reason.TIMEOUT), policy, TODAY).outcome is FINDING


def test_an_exception_that_is_not_needed_says_nothing() -> None:
    """Where the verdict is as wanted anyway, an expired exception is no finding."""
    policy = Policy(exemptions=(replace(LIVE_WITH, verdict=Verdict.OBJECTED, until=date(2020, 1, 1)),))
    assert judge_outcome(a_result(verdict=Verdict.OBJECTED), policy, TODAY) == Ruling(OK, OutcomeReason.EXPECTED)


@pytest.mark.parametrize(
    ("said", "outcome"),
    [(Verdict.OBJECTED, OK), (Verdict.PENDING, OPEN), (Verdict.REFUSED, FINDING), (Verdict.NOT_OBJECTED, FINDING)],
)
def test_a_persons_answer_settles_what_was_open(said: Verdict, outcome: Outcome) -> None:
    """What a person saw is measured like what Témoin read, and the verdict beneath stays what it is."""
    result, answer = a_result(reason=Reason.CHALLENGE), an_answer(said)
    assert judge_outcome(result, Policy(), TODAY, [answer]) == Ruling(outcome, OutcomeReason.SAID, answer=answer)
    assert result.verdict is Verdict.NEEDS_HUMAN


@pytest.mark.parametrize("verdict", [Verdict.NOT_OBJECTED, Verdict.REFUSED, Verdict.NOT_OFFERED])
def test_a_persons_answer_never_outdoes_what_was_read(verdict: Verdict) -> None:
    """A finding stays a finding, whoever says that it is none."""
    assert judge_outcome(a_result(verdict=verdict), Policy(), TODAY, [an_answer()]).outcome is FINDING


def test_the_policy_may_leave_answers_out() -> None:
    """With `answers = false` they settle nothing."""
    policy = Policy(answers_count=False)
    assert judge_outcome(a_result(reason=Reason.CHALLENGE), policy, TODAY, [an_answer()]).outcome is OPEN


def test_the_newest_answer_of_the_account_counts() -> None:
    """Of several the last one given; those of other accounts are passed over."""
    later = an_answer(Verdict.REFUSED, id="1", at=A_MOMENT + timedelta(days=1))
    foreign = an_answer(id="2", account="other", at=A_MOMENT + timedelta(days=2))
    ruling = judge_outcome(a_result(reason=Reason.TIMEOUT), Policy(), TODAY, [later, an_answer(), foreign])
    assert ruling.answer is later


def test_nobody_excuses_a_breach() -> None:
    """Where the guard stopped the check, neither an exception nor a person makes it as wanted."""
    result = a_result(reason=Reason.GUARD_BLOCKED)
    policy = Policy(exemptions=(replace(LIVE_WITH, verdict=Verdict.UNKNOWN),))
    assert judge_outcome(result, policy, TODAY, [an_answer()]) == Ruling(OPEN, OutcomeReason.NO_ANSWER)


ACCOUNT = f"""
[[accounts]]
name = "{NAME}"
flow = "facebook.ai_objection"
identity = "100080000000000"
"""
EXCEPTION = f"""
[[exceptions]]
account = "{NAME}"
verdict = "refused"
reason = "The complaint is under way."
owner = "Lou Dupont"
until = 2026-11-25
"""


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where `temoin.toml` goes, on a machine without variables of ours."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("TEMOIN_")]:
        monkeypatch.delenv(name)
    return tmp_path / "temoin.toml"


def test_the_file_says_the_policy(written: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every key arrives, a date with quotes or without; a variable wins over the file."""
    written.write_text('[policy]\nnot_offered = "ok"\nrefused = "incomplete"\nanswers = false\n' + ACCOUNT + EXCEPTION)
    outcomes = {Verdict.NOT_OFFERED: OK, Verdict.REFUSED: OPEN}
    assert load().policy == Policy(outcomes, (LIVE_WITH,), answers_count=False)
    written.write_text(written.read_text().replace("2026-11-25", '"2026-11-25"'))
    assert load().policy.exemptions == (LIVE_WITH,)
    monkeypatch.setenv("TEMOIN_POLICY__REFUSED", "finding")
    assert load().policy.outcomes == {**outcomes, Verdict.REFUSED: FINDING}


def test_the_manuals_example_is_accepted(written: Path) -> None:
    """The configuration of docs/policy.md loads as it stands, and says what the page says of it."""
    manual = (Path(__file__).parents[2] / "docs" / "policy.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"^```toml\n(.*?)^```$", manual, re.MULTILINE | re.DOTALL)
    written.write_text(example)
    policy = load().policy
    assert policy.outcomes == {Verdict.NOT_OFFERED: OK, Verdict.NEEDS_HUMAN: FINDING}
    assert [(one.account, one.verdict, one.until) for one in policy.exemptions] == [
        (NAME, Verdict.REFUSED, date(2027, 1, 31))
    ]
    assert policy.answers_count


def test_the_history_lies_where_the_file_says(written: Path) -> None:
    """A path in `temoin.toml` starts at the folder of that file."""
    written.write_text('[history]\npath = "past/history.sqlite3"\n')
    assert load(written).history_path == written.parent / "past" / "history.sqlite3"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('[policy]\nrefused = "fine"', ["temoin.toml:2", 'unknown refused "fine"', "ok, finding, incomplete"]),
        ('[policy]\nrefusd = "ok"', ["temoin.toml:2", "unknown key `refusd`", 'Did you mean "refused"?']),
        (ACCOUNT + EXCEPTION.replace("2026-11-25", '"soon"'), ["temoin.toml:12", '"soon" is no date', "2027-01-31"]),
        (ACCOUNT + EXCEPTION.replace("2026-11-25", '"2026-02-30"'), ["temoin.toml:12", '"2026-02-30" is no date']),
        (ACCOUNT + EXCEPTION.replace("2026-11-25", "2026-02-30"), ["temoin.toml:12", "this is not TOML"]),
        (ACCOUNT + EXCEPTION.replace("2026-11-25", "1795600000"), ["temoin.toml:12", "is no date"]),
        (ACCOUNT + EXCEPTION.replace("2026-11-25", "2026-11-25T10:00:00"), ["temoin.toml:12", "is no date"]),
        (ACCOUNT + EXCEPTION.replace("until = 2026-11-25\n", ""), ["temoin.toml:7", "`until` is missing", "exception"]),
        (ACCOUNT + EXCEPTION.replace('"Lou Dupont"', '" "'), ["temoin.toml:11", "`owner`: this is empty"]),
        (ACCOUNT + EXCEPTION.replace('"refused"', '"no"'), ["temoin.toml:9", 'unknown verdict "no"', "needs_human"]),
        (ACCOUNT + EXCEPTION.replace(NAME, "atelier-facebok"), ["temoin.toml:8", f'Did you mean "{NAME}"?']),
        (ACCOUNT + EXCEPTION + EXCEPTION, ["temoin.toml:16", 'about "refused" of atelier-facebook too', "temoin.toml:9"]),
        ("exceptions = 3", ["temoin.toml:1", "`exceptions` is a list of tables", "[[exceptions]]"]),
        ("[[accounts]]\nuntil = 2026-11-25", ["temoin.toml:2", "unknown key `until`"]),
    ],
)  # fmt: skip
def test_each_mistake_is_one_clear_message(written: Path, text: str, words: list[str]) -> None:
    """A mistake in the policy is answered with its line, what is wrong, and what to do."""
    written.write_text(text)
    with pytest.raises(ConfigurationError) as caught:
        load()
    for word in words:
        assert word in str(caught.value)
