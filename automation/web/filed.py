"""The objections that were filed, as the pages show them; a book that cannot be read costs no page."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from automation.core.cases import OVERDUE, CaseState, overdue
from automation.core.errors import ConfigurationError
from automation.reports.names import CASE_IN_SHORT
from automation.storage.books import CaseBook
from automation.text.catalogue import N_

if TYPE_CHECKING:
    from collections.abc import Mapping

    from automation.config import Settings
    from automation.core.cases import Case
    from automation.text.language import Language


_STEPS: Mapping[CaseState, str] = {
    CaseState.RELEASED: N_("Look into the inbox of the service, or check the account, before you file again."),
    CaseState.FILED: N_("Check the account, or look into the mailbox, for the answer."),
    CaseState.ACKNOWLEDGED: N_("Check the account, or look into the mailbox, for the answer."),
    CaseState.MORE_INFORMATION: N_("Answer the service yourself; Témoin writes nothing to it."),
    CaseState.REFUSED: N_("You may complain to the authority."),
}


def step(case: Case, now: datetime, words: Language) -> str:
    """What to do next about a case; empty where there is nothing to do."""
    text = CASE_IN_SHORT[OVERDUE] if case.is_overdue(now) else _STEPS.get(case.state)
    return words.gettext(text) if text else ""


def cases(settings: Settings) -> tuple[Case, ...]:
    """All cases, oldest first; none where their book cannot be read, which `temoin cases` explains."""
    try:
        return CaseBook(settings.output).cases()
    except ConfigurationError:
        return ()


def late_accounts(settings: Settings) -> frozenset[str]:
    """Accounts with an objection that has had no decision in time."""
    return frozenset(case.account for case in overdue(cases(settings), datetime.now(UTC)))
