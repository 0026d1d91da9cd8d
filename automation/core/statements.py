"""What people say that they saw: shown as said by them, never taken for evidence. `answer_book` keeps it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

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
    The answers that may still settle something.

    Left out is what was withdrawn, what is past its last day, and what Témoin has contradicted since: it read another
    answer after the person had spoken. `pending` contradicts nothing, since the service's page may lag behind its mail.

    Args:
        answers: all that are known.
        today: decides what has expired.
        read: account → the last answer that Témoin read at the real service.
    """

    def contradicted(answer: Statement) -> bool:
        last = read.get(answer.account)
        return last is not None and last.at > answer.at and last.verdict not in {answer.verdict, Verdict.PENDING}

    return tuple(answer for answer in answers if answer.stands(today) and not contradicted(answer))
