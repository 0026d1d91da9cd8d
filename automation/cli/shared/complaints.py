"""The complaint about an account's objection: which case it is about, whether it is time, and as a PDF."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from automation.config import Settings
    from automation.core.cases import Case
    from automation.reports.complaint import Complaint
    from automation.text.language import Language


def complaint_of(
    cases: Sequence[Case], account: str, to: str, settings: Settings, words: Language | None, now: datetime
) -> Complaint:
    """
    Write the complaint of one account.

    Args:
        cases: of the evidence folder.
        account: whose objection.
        to: the authority, as `Authority` is spelt.
        settings: of the configuration.
        words: of the letter's language; None: of the authority's.
        now: the day of the letter.

    Raises:
        ConfigurationError: no such authority, no case, or nothing to complain about yet.
    """
    from automation.core.errors import ConfigurationError
    from automation.reports.complaint import Authority, complaint
    from automation.text.language import language

    if to not in {one.value for one in Authority}:
        raise ConfigurationError(f'"{to}" is no authority that a letter is known for', "Use --to cnil or --to dpc.")
    authority = Authority(to)
    words = words or language(authority.language)
    case = _case(cases, account, now)
    if case.due is not None and not case.is_overdue(now):
        day = words.full_date(case.due.date())
        raise ConfigurationError(f"{account}: the service has time to answer until {day}", "`temoin cases` shows it.")
    return complaint(case, authority, _service(case, settings), now, words)


def can_complain(case: Case, now: datetime) -> bool:
    """Whether there is anything to complain about: it was refused, or had no decision in time."""
    from automation.core.cases import CaseState

    return case.state is CaseState.REFUSED or case.is_overdue(now)


def _case(cases: Sequence[Case], account: str, now: datetime) -> Case:
    """
    The newest case that there is something to complain about; without one, the newest that was filed.

    Raises:
        ConfigurationError: there is none, or it was accepted.
    """
    from automation.core.cases import CaseState
    from automation.core.errors import ConfigurationError

    of_account = [case for case in cases if case.account == account]
    if not of_account:
        raise ConfigurationError(f"{account}: there is no case", f"`temoin object {account}` files an objection.")
    filed = [case for case in reversed(of_account) if case.filed_at is not None]
    if not filed or filed[0].state is CaseState.ACCEPTED:
        raise ConfigurationError(f"{account}: there is nothing to complain about", "`temoin cases` shows the case.")
    return next((case for case in filed if can_complain(case, now)), filed[0])


def _service(case: Case, settings: Settings) -> str:
    """The service as a person writes it."""
    from automation.cli.shared.known_flows import known_flows

    flow = known_flows(settings.flow_paths).flows.get(case.flow)
    return flow.site.name if flow is not None else case.flow.partition(".")[0]


def as_pdf(letter: Complaint, settings: Settings) -> bytes:
    """
    Print a letter.

    Raises:
        BrowserNotFound: there is no browser to print with.
        OutputError: it could not print.
    """
    import tempfile
    from pathlib import Path

    from automation.browser.printing import print_page
    from automation.cli.shared.common import run_async

    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "letter.html"
        page.write_text(letter.as_html(), encoding="utf-8")
        return run_async(print_page(page, settings.browser))
