"""
What a verdict is worth to its owner: expectations, the house's own rules, exceptions, what people said and filed.

Pure. Nothing here changes a verdict: an outcome is laid over it, and the ruling says why.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Protocol

from automation.core.cases import Case, overdue_after
from automation.core.results import Outcome, Result, outcome_of
from automation.core.verdicts import Verdict


@dataclass(frozen=True, slots=True)
class AnswerFile:
    """What a person handed in: a screenshot, an e-mail."""

    name: str
    """As it was called where it came from."""
    path: str
    """Inside the folder of answers."""
    sha256: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Statement:
    """What a person says that they saw."""

    id: str
    """Eight hexadecimal digits, to withdraw it by."""
    account: str
    verdict: Verdict
    """One that is an answer."""
    seen: str
    """In their own words."""
    by: str
    at: datetime
    """When it was recorded; aware, UTC."""
    until: date
    """Its last day."""
    file: AnswerFile | None = None
    withdrawn_at: datetime | None = None
    """Aware, UTC."""
    withdrawn_by: str = ""

    def stands(self, today: date) -> bool:
        """Whether it was neither withdrawn nor is past its last day."""
        return self.withdrawn_at is None and today <= self.until


def day_of(at: datetime) -> date:
    """
    The day by which last days are counted: that of UTC or that of this machine's place, whichever is later.

    So the day after its last, nothing counts any more, in whatever time zone it is read.
    """
    return max(at.astimezone(UTC).date(), at.astimezone().date())


class Read(Protocol):
    """An answer that Témoin read itself, such as a `Standing` of the history."""

    @property
    def verdict(self) -> Verdict:
        """What it was."""
        ...

    @property
    def at(self) -> datetime:
        """When the check finished; aware."""
        ...


def in_force(answers: Iterable[Statement], today: date, read: Mapping[str, Read]) -> tuple[Statement, ...]:
    """
    The answers that may still settle something; `read` holds the last that Témoin read at the real service, by account.

    Left out is what was withdrawn, what is past its last day, and what Témoin has contradicted since: it read another
    answer after the person had spoken. `pending` contradicts nothing, since the service's page may lag behind its mail.
    """

    def contradicted(answer: Statement) -> bool:
        last = read.get(answer.account)
        return last is not None and last.at > answer.at and last.verdict not in {answer.verdict, Verdict.PENDING}

    return tuple(answer for answer in answers if answer.stands(today) and not contradicted(answer))


@dataclass(frozen=True, slots=True)
class Exemption:
    """One `[[exceptions]]`: an answer that somebody decided to live with for a time."""

    account: str
    """Name of the account."""
    verdict: Verdict
    """The only one that it is about."""
    reason: str
    """Why it is lived with."""
    owner: str
    """Who decided it."""
    until: date
    """Its last day."""
    remediation_date: date | None = None
    """By when it is to be put right."""
    incorrect_result: bool = False
    """Whether its owner says that the answer itself is wrong."""

    def expired(self, today: date) -> bool:
        """Whether its last day is over."""
        return today > self.until

    def runs_out(self, today: date) -> bool:
        """Whether it counts, and will not within thirty days."""
        return not self.expired(today) and self.until - today <= _SOON


_SOON = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class ForeignReading:
    """What another program read of a company's tenant: named as its own, and no evidence of Témoin's."""

    tool: str
    """With its version, such as `ScubaGoggles 1.0.1`."""
    check: str
    """Its number or name there, as that tool's own report has it."""
    tenant: str
    outcome: Outcome
    said: str
    """The program's word for it, such as `Fail`, and its detail."""
    at: datetime
    """When it was read; aware, UTC."""
    sha256: str
    """Of the file that it came from."""


@dataclass(frozen=True, slots=True)
class Policy:
    """What is wanted, beyond what each account expects."""

    outcomes: Mapping[Verdict, Outcome] = field(default_factory=dict)
    """What a verdict is worth where it is not the very one that the account expects."""
    exemptions: tuple[Exemption, ...] = ()
    answers_count: bool = True
    """Whether what a person said settles what Témoin left open; else it is only shown."""


class OutcomeReason(StrEnum):
    """Which rule made an outcome. A closed list, in the order in which they are asked."""

    EXPECTED = "expected"
    """The account expects this very verdict."""
    POLICY = "policy"
    """`[policy]` says what this verdict is worth."""
    NOT_EXPECTED = "not_expected"
    """The account expects another verdict."""
    NOTHING_EXPECTED = "nothing_expected"
    """An answer, and the account expects none in particular."""
    NO_ANSWER = "no_answer"
    """`unknown` and `needs_human` settle nothing."""
    EXEMPT = "exempt"
    """An exception covers it."""
    EXEMPTION_EXPIRED = "exemption_expired"
    """An exception covered it, and its last day is over: a finding, whatever it was."""
    SAID = "said"
    """It was open, and a person said what they saw."""
    OVERDUE = "overdue"
    """An objection has had no decision in time: a finding, whatever is wanted."""


@dataclass(frozen=True, slots=True)
class Ruling:
    """An outcome, and what made it."""

    outcome: Outcome
    why: OutcomeReason
    exemption: Exemption | None = None
    """With `exempt` and `exemption_expired`."""
    answer: Statement | None = None
    """With `said`."""


def judge_outcome(
    result: Result, policy: Policy, today: date, answers: Iterable[Statement] = (), cases: Iterable[Case] = ()
) -> Ruling:
    """
    Measure a result against what is wanted.

    First what the account expects, then `[policy]`, then the plain rule of `outcome_of`. What is not as wanted may be
    exempt; what is still open may be settled by what a person said (`answers` in force), which is measured by the same
    rules. An objection without a decision in time (`cases` as before this result) comes before all of that. Answers
    and cases of other accounts are passed over.
    """
    plain = _of_verdict(result.verdict, result.expect, policy)
    if result.guard_stopped_it:  # a breach is not for anybody to excuse
        return plain
    if overdue_after(cases, result):
        return Ruling(Outcome.FINDING, OutcomeReason.OVERDUE)
    if plain.outcome is Outcome.OK:
        return plain
    # at most one, which the configuration sees to
    matching = (e for e in policy.exemptions if e.account == result.account and e.verdict is result.verdict)
    exemption = next(matching, None)
    if exemption is not None:
        if exemption.expired(today):
            return Ruling(Outcome.FINDING, OutcomeReason.EXEMPTION_EXPIRED, exemption=exemption)
        return Ruling(Outcome.OK, OutcomeReason.EXEMPT, exemption=exemption)
    if plain.outcome is Outcome.INCOMPLETE and policy.answers_count:
        said = max((a for a in answers if a.account == result.account), key=lambda a: a.at, default=None)
        if said is not None:
            return Ruling(_of_verdict(said.verdict, result.expect, policy).outcome, OutcomeReason.SAID, answer=said)
    return plain


def _of_verdict(verdict: Verdict, expect: Verdict | None, policy: Policy) -> Ruling:
    if verdict is expect:
        return Ruling(Outcome.OK, OutcomeReason.EXPECTED)
    if verdict in policy.outcomes:
        return Ruling(policy.outcomes[verdict], OutcomeReason.POLICY)
    outcome = outcome_of(verdict, expect)
    if not verdict.is_answer:
        return Ruling(outcome, OutcomeReason.NO_ANSWER)
    return Ruling(outcome, OutcomeReason.NOTHING_EXPECTED if expect is None else OutcomeReason.NOT_EXPECTED)
