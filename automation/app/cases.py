"""
The cases: what the service's words make of them, and the complaint where no answer came.

Trouble with them costs no check: it is told, and the check goes on.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from automation.app.interrupts import run_async
from automation.app.notices import tell
from automation.app.setup import known_flows
from automation.config import Settings
from automation.core.accounts import Account
from automation.core.cases import OVERDUE, Case, CaseEvent, CaseState, moved_by_check, moved_by_mail, newest, overdue
from automation.core.errors import ConfigurationError, OutputError
from automation.core.mail import InboxDocument
from automation.core.results import RunDocument
from automation.reports.complaint import Authority, Complaint, complaint
from automation.reports.names import CASE_STEPS
from automation.storage.books import CaseBook
from automation.text.language import Language, language


def follow_check(document: RunDocument, evidence: Path, words: Language) -> None:
    """Move the cases by what a run has read, and tell each objection of its accounts without a decision in time."""
    results = {result.account: result for result in document.results}

    def events(case: Case) -> Iterable[CaseEvent | None]:
        result = results.get(case.account)
        return (moved_by_check(case, result),) if result is not None else ()

    for case in overdue(_follow(evidence, events), document.run.finished_at):
        if case.account in results:
            step = words.gettext(CASE_STEPS[OVERDUE], account=case.account)
            day = words.full_date(case.filed_at.date()) if case.filed_at else ""
            values = {"account": case.account, "day": day, "step": step}
            tell(words.gettext("%(account)s, objection filed on %(day)s: %(step)s", **values))


def follow_inbox(document: InboxDocument, evidence: Path) -> None:
    """Move the cases by what a mailbox holds: messages that are certainly the service's, to this account."""
    bundle = document.bundle
    where, seal = (bundle.path, bundle.envelope_sha256) if bundle else ("", "")
    answers = sorted((one for one in document.answers if one.sent_at is not None), key=lambda one: str(one.sent_at))
    _follow(evidence, lambda case: (moved_by_mail(case, answer, where, seal) for answer in answers))


def _follow(evidence: Path, events: Callable[[Case], Iterable[CaseEvent | None]]) -> tuple[Case, ...]:
    """Move the newest case of each account; all cases as they are then, none where they cannot be read."""
    book = CaseBook(evidence)
    try:
        cases = book.cases()
        for account in dict.fromkeys(case.account for case in cases):
            if (case := newest(cases, account)) is None:
                continue
            for event in events(case):
                if event is not None and event.state is not case.state:
                    book.move(case.id, event)
                    case = replace(case, events=(*case.events, event))
        return book.cases()
    except (ConfigurationError, OutputError) as error:
        tell(error.message, error.remedy)
        return ()


def complaint_of(
    cases: Sequence[Case], account: str, to: str, settings: Settings, words: Language | None, now: datetime
) -> Complaint:
    """
    Write the complaint of one account to an authority, spelt as in `Authority`; without `words` in its language.

    It is about the newest case that gives reason to complain. Raises ConfigurationError: no such authority, no case,
    or nothing to complain about yet.
    """
    if to not in {one.value for one in Authority}:
        raise ConfigurationError(f'"{to}" is no authority that a letter is known for', "Use --to cnil or --to dpc.")
    authority = Authority(to)
    words = words or language(authority.language)
    filed = [case for case in reversed(_cases_of(cases, account)) if case.filed_at is not None]
    if not filed or filed[0].state is CaseState.ACCEPTED:
        raise ConfigurationError(
            f"{account}: there is nothing to complain about", "`temoin object list` shows the case."
        )
    case = next((case for case in filed if can_complain(case, now)), filed[0])
    if case.due is not None and not case.is_overdue(now):
        day = words.full_date(case.due.date())
        raise ConfigurationError(
            f"{account}: the service has time to answer until {day}", "`temoin object list` shows it."
        )
    flow = known_flows(settings.flow_paths).flows.get(case.flow)
    service = flow.site.name if flow is not None else case.flow.partition(".")[0]
    return complaint(case, authority, service, now, words)


def can_complain(case: Case, now: datetime) -> bool:
    """Whether there is anything to complain about: it was refused, or had no decision in time."""
    return case.state is CaseState.REFUSED or case.is_overdue(now)


def as_pdf(letter: Complaint, settings: Settings) -> bytes:
    """Print a letter. Raises BrowserNotFound: there is no browser to print with; OutputError: it could not print."""
    from automation.browser.printing import print_page  # noqa: PLC0415 - loads the browser's driver

    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "letter.html"
        page.write_text(letter.as_html(), encoding="utf-8")
        return run_async(print_page(page, settings.browser))


def newest_case(book: CaseBook, account: str) -> Case:
    """The newest case of an account. Raises ConfigurationError: there is none."""
    return _cases_of(book.cases(), account)[-1]


def _cases_of(cases: Iterable[Case], account: str) -> list[Case]:
    if found := [case for case in cases if case.account == account]:
        return found
    raise ConfigurationError(f"{account}: there is no case", f"`temoin object file {account}` files an objection.")


def open_case_line(book: CaseBook, account: Account, words: Language) -> str:
    """That an objection of this account waits for an answer already; empty where none does."""
    case = newest(book.cases(), account.name)
    if case is None or case.filed_at is None or not case.state.is_open:
        return ""
    return words.gettext(
        "%(account)s: an objection was filed on %(day)s, and an answer is waited for. Filing again begins a "
        "second case.",
        account=account.name,
        day=words.full_date(case.filed_at.date()),
    )
