"""A case moves by the service's word and a person's, only forward, and only by what came after it was filed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from automation.core.cases import (
    ANSWER_WITHIN,
    Case,
    CaseEvent,
    CaseSource,
    CaseState,
    moved_by_check,
    moved_by_mail,
    newest,
    overdue_after,
)
from automation.core.mail import (
    AnswerKind,
    MailAdvice,
    MailAnswer,
    MailDoubt,
    Match,
    Origin,
    SenderTrust,
    Signature,
    SignatureReason,
    SignatureState,
)
from automation.core.verdicts import Verdict
from tests.builders import a_result

FILED = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
LATER = FILED + timedelta(days=3)


def a_case(*states: CaseState, account: str = "atelier-facebook", at: datetime = FILED) -> Case:
    """A case that was filed and came so far, a day at a time."""
    events = [
        CaseEvent(CaseState.RELEASED, at, CaseSource.FILING, "anne"),
        CaseEvent(CaseState.FILED, at, CaseSource.FILING),
    ]
    events += [
        CaseEvent(state, at + timedelta(days=number), CaseSource.CHECK) for number, state in enumerate(states, 1)
    ]
    return Case("0011aabb", account, "facebook.ai_objection", "6359191084165019", tuple(events))


def a_mail(kind: AnswerKind, **changes: Any) -> MailAnswer:
    """A message that is certainly the service's, to this account."""
    known = MailAnswer(
        account="atelier-facebook",
        match=Match(("atelier-facebook",)),
        flows=("facebook.ai_objection",),
        kind=kind,
        why=MailDoubt.KNOWN_WORDS,
        assumed_words=False,
        origin=Origin.DIRECT,
        standing=SenderTrust.DECLARED,
        sender_domain="facebookmail.com",
        signature=Signature(SignatureState.PASS, SignatureReason.VALID),
        verified=True,
        certain=True,
        advice=MailAdvice.KEEP,
        sent_at=LATER,
        folder="INBOX",
        subject="",
        signals=(),
        message_sha256="",
        file="",
    )
    return replace(known, **changes)


@pytest.mark.parametrize(
    ("verdict", "key", "state"),
    [
        (Verdict.OBJECTED, "reply_accepted", CaseState.ACCEPTED),
        (Verdict.REFUSED, "reply_refused", CaseState.REFUSED),
        (Verdict.PENDING, "reply_pending", CaseState.ACKNOWLEDGED),
        (Verdict.PENDING, "reply_more_information", CaseState.MORE_INFORMATION),
    ],
)
def test_a_check_moves_a_case_by_the_services_answer(verdict: Verdict, key: str, state: CaseState) -> None:
    """Each answer about the objection makes its state of the case; the bundle that shows it goes with it."""
    event = moved_by_check(a_case(), a_result(verdict=verdict, because_key=key, finished_at=LATER))
    assert event is not None
    assert (event.state, event.source, event.at) == (state, CaseSource.CHECK, LATER)


@pytest.mark.parametrize("verdict", [Verdict.NOT_OBJECTED, Verdict.UNKNOWN, Verdict.NEEDS_HUMAN, Verdict.NOT_OFFERED])
def test_what_is_no_answer_to_it_moves_nothing(verdict: Verdict) -> None:
    """An open form, or a check that could not finish, says nothing of a case."""
    assert moved_by_check(a_case(), a_result(verdict=verdict, finished_at=LATER)) is None


def test_only_what_came_afterwards_and_is_news_moves_a_case() -> None:
    """Neither an answer from before, nor of another setting, nor one that says less than is known, nor the same again."""
    accepted = a_result(verdict=Verdict.OBJECTED, finished_at=LATER)
    assert moved_by_check(a_case(at=LATER + timedelta(days=1)), accepted) is None
    assert moved_by_check(a_case(), replace(accepted, flow="instagram.ai_objection")) is None
    assert moved_by_check(a_case(CaseState.ACCEPTED), accepted) is None
    pending = a_result(verdict=Verdict.PENDING, because_key="reply_pending", finished_at=LATER)
    assert moved_by_check(a_case(CaseState.MORE_INFORMATION), pending) is None
    assert moved_by_check(a_case(CaseState.REFUSED), pending) is None


def test_a_later_decision_replaces_an_earlier_one() -> None:
    """A service may refuse and then accept; the case follows."""
    event = moved_by_check(a_case(CaseState.REFUSED), a_result(verdict=Verdict.OBJECTED, finished_at=LATER))
    assert event is not None
    assert event.state is CaseState.ACCEPTED


def test_a_released_case_of_which_nothing_left_does_not_move() -> None:
    """A consent alone is no filing: the service's words cannot be an answer to it."""
    case = replace(a_case(), events=a_case().events[:1])
    assert moved_by_check(case, a_result(verdict=Verdict.OBJECTED, finished_at=LATER)) is None
    assert newest([case], "atelier-facebook") is None


def test_mail_moves_a_case_only_where_it_is_certain() -> None:
    """The service's own, signed, to this account, and later; a request for more is told from an acknowledgement."""
    event = moved_by_mail(a_case(), a_mail(AnswerKind.PENDING, why=MailDoubt.ASKS_FOR_MORE), "inbox/1", "ab")
    assert event is not None
    assert (event.state, event.bundle) == (CaseState.MORE_INFORMATION, "inbox/1")
    for changes in (
        {"certain": False},
        {"account": "studio"},
        {"sent_at": FILED - timedelta(days=1)},
        {"sent_at": None},
    ):
        assert moved_by_mail(a_case(), a_mail(AnswerKind.ACCEPTED, **changes), "", "") is None
    assert moved_by_mail(a_case(), a_mail(AnswerKind.UNCLASSIFIED), "", "") is None


def test_no_answer_within_thirty_days_is_overdue() -> None:
    """An open case is a finding after 30 days; a decided one never, nor one of which nothing left."""
    after = FILED + ANSWER_WITHIN + timedelta(seconds=1)
    assert a_case().is_overdue(after)
    assert a_case(CaseState.ACKNOWLEDGED).is_overdue(after)
    assert not a_case().is_overdue(FILED + ANSWER_WITHIN)
    assert not a_case(CaseState.ACCEPTED).is_overdue(after)
    assert not replace(a_case(), events=a_case().events[:1]).is_overdue(after)


@pytest.mark.parametrize(
    ("verdict", "key", "late"),
    [
        (Verdict.PENDING, "reply_pending", True),
        (Verdict.NOT_OBJECTED, "form_open_nothing_filed", True),
        (Verdict.UNKNOWN, "unknown", True),
        (Verdict.OBJECTED, "reply_accepted", False),
        (Verdict.REFUSED, "reply_refused", False),
    ],
)
def test_a_result_settles_what_it_decides_and_nothing_else(verdict: Verdict, key: str, late: bool) -> None:
    """What a check reads after the time is over counts at once: a decision ends it, everything else leaves it late."""
    result = a_result(verdict=verdict, because_key=key, finished_at=FILED + ANSWER_WITHIN + timedelta(days=1))
    assert bool(overdue_after([a_case()], result)) is late
    assert overdue_after([a_case(account="studio")], result) == ()
