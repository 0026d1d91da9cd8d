"""The answer for one account, and all answers of a run."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum

from automation.core.looks import Basis, LookedAt
from automation.core.observations import ExposureItem, Form, Probe, Step
from automation.core.records import Artifact, BundleRef, Environment, GuardRecord
from automation.core.signals import Signal, SignalName
from automation.core.verdicts import ChallengeKind, Reason, Verdict


@dataclass(frozen=True, slots=True)
class SentPart:
    """One text of a request that was let on, without the text."""

    name: str
    known: str
    """What was known of it (`automation.guard.submission.Known`)."""


@dataclass(frozen=True, slots=True)
class SentRequest:
    """A request that a person saw held and let on."""

    place: str
    """Method and address."""
    operation: str
    numbers: tuple[str, ...]
    """By which the service chooses the operation."""
    frame: str
    """Address of the document that sent it, without its query."""
    parts: tuple[SentPart, ...]
    body_sha256: str
    """Of the body as it was shown; whoever has the body can tell that it is this one."""


@dataclass(frozen=True, slots=True)
class Filing:
    """One objection that a person filed by the service's own button."""

    by: str
    """Who sat there, as they or their machine say."""
    released_at: datetime
    """When they typed the account's name; aware, UTC."""
    sent_at: datetime
    """When the request left; aware, UTC."""
    host: str
    form_id: str
    fields: tuple[str, ...]
    """Labels of the fields that were filled in."""
    requests: int = 1
    """How many were released and left, one by one: a service may want a code afterwards."""
    answered: bool = False
    """Whether the service's page went on after it."""
    reference: str = ""
    """Number of the case, as the page that followed gives it."""
    promise: str = ""
    """How long the service says that it will take."""
    let_on: tuple[SentRequest, ...] = ()
    """What they saw held and let on, oldest first."""


SCHEMA = "temoin.run/1"


class Outcome(StrEnum):
    """A verdict measured against what the account's owner expects."""

    OK = "ok"
    FINDING = "finding"
    INCOMPLETE = "incomplete"


class ExitCode(IntEnum):
    """Exit codes; they are API. Precedence: 4, 2, 1, 3, 0."""

    OK = 0
    """Everything as wanted."""
    FINDING = 1
    """A finding: an account stands otherwise than expected, or an objection has had no decision in time."""
    USAGE = 2
    """Usage or configuration: correct it and call again."""
    INCOMPLETE = 3
    """Incomplete: something is unknown or needs a person, or nothing was checked."""
    FAULT = 4
    """Internal fault or breach of the guard: trust none of this run's verdicts."""


@dataclass(frozen=True, slots=True)
class Verified:
    """When a person last compared the flow with the live site."""

    state: str
    """`never`, `current`, `shared` (only people of a registry say so) or `stale`."""
    date: str | None = None
    """ISO date of the newest matching entry."""
    max_age_days: int = 0


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds of wall clock that a part of the check took."""

    part: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Result:
    """The answer for one account in one run."""

    account: str
    owner: str
    kind: str
    page: str | None
    flow: str
    flow_revision: str
    flow_verified: Verified
    subject: str
    """HMAC of the account's identity."""
    verdict: Verdict
    reason: Reason | None
    because: str
    """One sentence for a person."""
    because_key: str
    """The same as a name, for translation."""
    assumed_words: bool
    """True when the verdict rests on words that no source gives."""
    missing: tuple[str, ...]
    """Label keys that the page's language lacks, as `locale:key`."""
    next_step: str
    """Name of the remedy that the flow or the reason gives."""
    expect: Verdict | None
    outcome: Outcome
    locale: str
    signals: tuple[Signal, ...]
    form: Form | None
    probes: tuple[Probe, ...]
    exposure: tuple[ExposureItem, ...]
    steps: tuple[Step, ...]
    guard: GuardRecord
    environment: Environment
    bundle: BundleRef | None
    evidence: tuple[Artifact, ...]
    timings: tuple[Timing, ...]
    started_at: datetime
    """Aware, UTC."""
    finished_at: datetime
    """Aware, UTC."""
    attempts: int = 1
    failed_step: str | None = None
    challenge: ChallengeKind | None = None
    """What the service asked for, where a person is needed and it is one of the known things."""
    confirmed_words: tuple[str, ...] = ()
    """The same as `looks`, a line each; of results of before there were looks, what alone says whose word it is."""
    region: str | None = None
    """Country in which the account's owner says it is, ISO 3166-1 alpha-2; needed to judge it again."""
    filing: Filing | None = None
    """What a person filed on this visit, attended; None in every check."""
    basis: Basis = Basis.SOURCED
    looks: tuple[LookedAt, ...] = ()
    """What people said that pictures show, and this answer rests on; never with `strict`."""
    judged_at: datetime | None = None
    """When the visit was judged again after a look; None for the answer of the visit itself. Aware, UTC."""

    @property
    def is_unmeasured(self) -> bool:
        """Whether it is an answer that nothing was expected of: neither as wanted nor otherwise, though no finding."""
        return self.outcome is Outcome.OK and self.expect is None and self.verdict.is_answer

    @property
    def is_settled(self) -> bool:
        """Whether people settled it: by itself the verdict is still open, and it counts as wanted all the same."""
        return self.outcome is Outcome.OK and outcome_of(self.verdict, self.expect) is Outcome.INCOMPLETE

    @property
    def guard_stopped_it(self) -> bool:
        """
        Whether the guard stopped a step of Témoin's own, which is a fault.

        That it refused what a page asked for by itself is none: the page may not have got its data, and no more.
        """
        by_page = any(s.name is SignalName.CONTROL_DATA_REFUSED for s in self.signals)
        return self.reason is Reason.GUARD_BLOCKED and not by_page


@dataclass(frozen=True, slots=True)
class Run:
    """One call of the program."""

    id: str
    started_at: datetime
    finished_at: datetime
    temoin: str
    strict: bool
    exit_code: int
    output: str
    """The folder that holds the evidence."""
    stand_in: bool
    operator: str = ""
    """Who made the run; empty where the configuration names nobody."""
    case: str = ""
    """Number or name of the audit's case; empty where the configuration names none."""
    ledger_end: str = ""
    """Short code of the ledger's end after the last bundle, to be kept elsewhere; empty where nothing was sealed."""


@dataclass(frozen=True, slots=True)
class RunDocument:
    """All answers of one run: what `temoin check --json` prints."""

    run: Run
    results: tuple[Result, ...]
    schema: str = field(default=SCHEMA)


def outcome_of(verdict: Verdict, expect: Verdict | None) -> Outcome:
    """
    Measure a verdict against what is expected.

    Without an expectation nothing is a finding; only an answer is complete.
    """
    if not verdict.is_answer:
        return Outcome.INCOMPLETE
    if expect is None or verdict is expect:
        return Outcome.OK
    if expect is Verdict.OBJECTED and verdict is Verdict.PENDING:
        return Outcome.INCOMPLETE
    return Outcome.FINDING


def exit_code_of(results: tuple[Result, ...], *, fault: bool = False) -> ExitCode:
    """
    The run's exit code from its results.

    Args:
        results: all results of the run; none at all is incomplete.
        fault: something failed inside Témoin, or the guard was breached.
    """
    if fault or any(r.guard_stopped_it or r.guard.writes_let_through for r in results):
        return ExitCode.FAULT
    if any(r.reason is Reason.FLOW_BROKEN for r in results):
        return ExitCode.USAGE
    outcomes = {r.outcome for r in results}
    if Outcome.FINDING in outcomes:
        return ExitCode.FINDING
    if not results or Outcome.INCOMPLETE in outcomes:
        return ExitCode.INCOMPLETE
    return ExitCode.OK
