"""What people said that they saw, as the pages show it today; a book that cannot be read costs no page."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from automation.core.errors import ConfigurationError
from automation.core.policy import judge_outcome

if TYPE_CHECKING:
    from collections.abc import Sequence

    from automation.config import Settings
    from automation.core.policy import Ruling, Statement
    from automation.core.results import Result


def answers_today(settings: Settings) -> tuple[Statement, ...]:
    """The answers that may settle something today; none where they cannot be read, which `temoin answer` explains."""
    from automation.app.check import answers_in_force

    try:
        return answers_in_force(settings, settings.output, datetime.now(UTC).date())
    except ConfigurationError:
        return ()


def ruling_today(settings: Settings, result: Result, answers: Sequence[Statement]) -> Ruling:
    """What would make a result's outcome if it were read today."""
    return judge_outcome(result, settings.policy, datetime.now(UTC).date(), answers)
