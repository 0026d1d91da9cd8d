"""An objection on its way: filed by a person, and followed until the service accepts or refuses it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from automation.core.mail import AnswerKind, MailAnswer, MailDoubt
from automation.core.results import Result
from automation.core.verdicts import Verdict

SCHEMA = "temoin.case/1"
ANSWER_WITHIN = timedelta(days=30)
"""In which an answer is due: one month (GDPR, article 12(3)), taken as 30 days."""
OVERDUE = "overdue"
"""Names what to do about a case without a decision in time, as `Result.next_step` does."""


class CaseState(StrEnum):
    """How far it has come."""

    RELEASED = "released"
    """A person agreed, and nothing is known to have left: the window was closed, or the machine stopped."""
    FILED = "filed"
    ACKNOWLEDGED = "acknowledged"
    """The service says that it has it, and has not decided."""
    MORE_INFORMATION = "more_information"
    """The service wants to know more before it decides."""
    ACCEPTED = "accepted"
    REFUSED = "refused"

    @property
    def is_decided(self) -> bool:
        """Whether the service has answered."""
        return self in {CaseState.ACCEPTED, CaseState.REFUSED}

    @property
    def is_open(self) -> bool:
        """Whether an answer is waited for."""
        return self not in {CaseState.RELEASED, CaseState.ACCEPTED, CaseState.REFUSED}


class CaseSource(StrEnum):
    """By what a case moves; by nothing else."""

    FILING = "filing"
    CHECK = "check"
    INBOX = "inbox"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class CaseEvent:
    """One thing that happened to a case."""

    state: CaseState
    at: datetime
    """Aware, UTC."""
    source: CaseSource
    by: str = ""
    """Who did it or says so; empty where Témoin read it."""
    note: str = ""
    """What a person saw, in their words."""
    bundle: str = ""
    """The bundle that shows it, as a path; empty where none does."""
    seal: str = ""
    """SHA-256 of that bundle's seal."""


@dataclass(frozen=True, slots=True)
class Case:
    """One objection."""

    id: str
    """Eight hexadecimal digits."""
    account: str
    flow: str
    form_id: str
    events: tuple[CaseEvent, ...]
    """Oldest first; the first is the consent."""
    reference: str = ""
    """Number that the service gave it."""
    promise: str = ""
    """How long the service said that it would take."""

    @property
    def state(self) -> CaseState:
        """How far it has come."""
        return self.events[-1].state

    @property
    def by(self) -> str:
        """Who filed it."""
        return self.events[0].by

    @property
    def filed_at(self) -> datetime | None:
        """When the request left; None where none is known to have left."""
        return next((event.at for event in self.events if event.state is not CaseState.RELEASED), None)

    @property
    def due(self) -> datetime | None:
        """Until when the service has to answer; None where nothing is open."""
        filed = self.filed_at
        return filed + ANSWER_WITHIN if filed is not None and self.state.is_open else None

    def is_overdue(self, now: datetime) -> bool:
        """Whether the service has not answered in time: a finding."""
        return self.due is not None and now > self.due


_RANK = {state: number for number, state in enumerate(CaseState)}
_BY_VERDICT = {
    Verdict.OBJECTED: CaseState.ACCEPTED,
    Verdict.REFUSED: CaseState.REFUSED,
    Verdict.PENDING: CaseState.ACKNOWLEDGED,
}
_MORE = "more_information"
"""How the names of sentences end that say so."""


def newest(cases: Iterable[Case], account: str) -> Case | None:
    """The case of an account that was begun last, and of which something left."""
    found = [case for case in cases if case.account == account and case.filed_at is not None]
    return found[-1] if found else None


def overdue(cases: Iterable[Case], now: datetime) -> tuple[Case, ...]:
    """The cases without a decision in time, oldest first; a decision on a later case of the account settles them."""
    found: list[Case] = []
    for case in cases:
        if case.state.is_decided:
            found = [other for other in found if (other.account, other.flow) != (case.account, case.flow)]
        elif case.is_overdue(now):
            found.append(case)
    return tuple(found)


def overdue_after(cases: Iterable[Case], result: Result) -> tuple[Case, ...]:
    """The cases of a result's account without a decision in time when it was read, with what it says taken in."""
    theirs = [case for case in cases if case.account == result.account]
    last = newest(theirs, result.account)
    event = moved_by_check(last, result) if last is not None else None
    if last is not None and event is not None:
        theirs[theirs.index(last)] = replace(last, events=(*last.events, event))
    return overdue(theirs, result.finished_at)


def moved_by_check(case: Case, result: Result) -> CaseEvent | None:
    """What a check's answer makes of a case; None where it changes nothing, or was read before the case was filed."""
    state = _BY_VERDICT.get(result.verdict)
    if state is CaseState.ACKNOWLEDGED and result.because_key.endswith(_MORE):
        state = CaseState.MORE_INFORMATION
    if result.flow != case.flow or state is None:
        return None
    reference = result.bundle
    event = CaseEvent(
        state,
        result.finished_at,
        CaseSource.CHECK,
        bundle=reference.path if reference else "",
        seal=reference.envelope_sha256 if reference else "",
    )
    return event if _moves(case, event) else None


def moved_by_mail(case: Case, answer: MailAnswer, bundle: str, seal: str) -> CaseEvent | None:
    """What a message makes of a case; only one that is certainly the service's, to this account, and later."""
    if not answer.certain or answer.sent_at is None or answer.account != case.account:
        return None
    states = {
        AnswerKind.ACCEPTED: CaseState.ACCEPTED,
        AnswerKind.REFUSED: CaseState.REFUSED,
        AnswerKind.PENDING: CaseState.ACKNOWLEDGED,
    }
    state = states.get(answer.kind)
    if state is CaseState.ACKNOWLEDGED and answer.why is MailDoubt.ASKS_FOR_MORE:
        state = CaseState.MORE_INFORMATION
    if state is None:
        return None
    event = CaseEvent(state, answer.sent_at, CaseSource.INBOX, bundle=bundle, seal=seal)
    return event if _moves(case, event) else None


def _moves(case: Case, event: CaseEvent) -> bool:
    """
    Whether a word of the service is news to a case.

    It came after the case was filed. What says less than is known moves nothing: an old acknowledgement is read again
    at each check. A decision may be replaced by a later one.
    """
    filed = case.filed_at
    if filed is None or event.at < filed or event.state is case.state:
        return False
    if case.state.is_decided:
        return event.state.is_decided and event.at > case.events[-1].at
    return _RANK[event.state] > _RANK[case.state]
