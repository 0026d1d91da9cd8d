"""The objections that were filed, as the pages show them; a book that cannot be read costs no page."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from automation.domain.cases import overdue
from automation.errors import ConfigurationError
from automation.storage.cases import CaseBook

if TYPE_CHECKING:
    from automation.config import Settings
    from automation.domain.cases import Case


def cases(settings: Settings) -> tuple[Case, ...]:
    """All cases, oldest first; none where their book cannot be read, which `temoin cases` explains."""
    try:
        return CaseBook(settings.output).cases()
    except ConfigurationError:
        return ()


def late_accounts(settings: Settings) -> frozenset[str]:
    """Accounts with an objection that has had no decision in time."""
    return frozenset(case.account for case in overdue(cases(settings), datetime.now(UTC)))
