"""What the service's words make of the cases. Trouble with them costs no check: it is told and goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from automation.cli.shared.common import told

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from automation.core.cases import Case, CaseEvent
    from automation.core.mail import InboxDocument
    from automation.core.results import RunDocument
    from automation.text.language import Language


def follow_check(document: RunDocument, evidence: Path, words: Language) -> None:
    """
    Move the cases by what a run has read, and tell each objection of its accounts without a decision in time.

    Args:
        document: the run.
        evidence: the folder of the cases.
        words: in which it is told, with what to do.
    """
    from automation.core.cases import moved_by_check, overdue

    results = {result.account: result for result in document.results}

    def events(case: Case) -> Iterable[CaseEvent | None]:
        result = results.get(case.account)
        return (moved_by_check(case, result),) if result is not None else ()

    for case in overdue(_follow(evidence, events), document.run.finished_at):
        if case.account in results:
            typer.echo(f"! {overdue_line(case, words)}", err=True)


def overdue_line(case: Case, words: Language) -> str:
    """Which objection has had no decision in time, and what to do."""
    from automation.core.cases import OVERDUE
    from automation.reports.case_names import CASE_STEPS

    filed = case.filed_at
    day = words.full_date(filed.date()) if filed else ""
    return words.gettext(
        "%(account)s, objection filed on %(day)s: %(step)s",
        account=case.account,
        day=day,
        step=words.gettext(CASE_STEPS[OVERDUE], account=case.account),
    )


def follow_inbox(document: InboxDocument, evidence: Path) -> None:
    """Move the cases by what a mailbox holds: messages that are certainly the service's, to this account."""
    from automation.core.cases import moved_by_mail

    bundle = document.bundle
    where, seal = (bundle.path, bundle.envelope_sha256) if bundle else ("", "")
    answers = sorted((one for one in document.answers if one.sent_at is not None), key=lambda one: str(one.sent_at))

    def events(case: Case) -> Iterable[CaseEvent | None]:
        return (moved_by_mail(case, answer, where, seal) for answer in answers)

    _follow(evidence, events)


def _follow(evidence: Path, events: Callable[[Case], Iterable[CaseEvent | None]]) -> tuple[Case, ...]:
    """Move the newest case of each account; all cases as they are then, none where they cannot be read."""
    from dataclasses import replace

    from automation.core.cases import newest
    from automation.core.errors import ConfigurationError, OutputError
    from automation.storage.cases import CaseBook

    book = CaseBook(evidence)
    try:
        cases = book.cases()
        for account in dict.fromkeys(case.account for case in cases):
            case = newest(cases, account)
            if case is None:
                continue
            for event in events(case):
                if event is not None and event.state is not case.state:
                    book.move(case.id, event)
                    case = replace(case, events=(*case.events, event))
        return book.cases()
    except (ConfigurationError, OutputError) as error:
        typer.echo(f"! {told(error.message)}\n  → {told(error.remedy)}", err=True)
        return ()
