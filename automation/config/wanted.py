"""What is wanted and where the past is kept, as `temoin.toml` says it: `[policy]`, `[history]`, `[objection]`."""

from __future__ import annotations

import re
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field

from automation.config.parsing import ConfigTable, Wrong, not_blank
from automation.core.policy import Exemption, Policy
from automation.core.results import Outcome
from automation.core.verdicts import Verdict

_ISO = re.compile(r"\d{4}-\d\d-\d\d")


def _date(value: Any) -> date:
    """A date as TOML writes one, or the same in quotes; pydantic would also take a number of seconds."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        if isinstance(value, str) and _ISO.fullmatch(value):
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise Wrong(f'"{value}" is no date.', "Write year, month and day, such as 2027-01-31.")


class PolicyTable(ConfigTable):
    """`[policy]`: what each verdict is worth; described at `automation.core.policy.Policy`."""

    objected: Outcome | None = None
    not_objected: Outcome | None = None
    pending: Outcome | None = None
    refused: Outcome | None = None
    not_offered: Outcome | None = None
    needs_human: Outcome | None = None
    unknown: Outcome | None = None
    answers: bool = True


class ExceptionTable(ConfigTable):
    """One `[[exceptions]]`; each key is described at `automation.core.policy.Exemption`."""

    account: Annotated[str, AfterValidator(not_blank)]
    verdict: Verdict
    reason: Annotated[str, AfterValidator(not_blank)]
    owner: Annotated[str, AfterValidator(not_blank)]
    until: Annotated[date, BeforeValidator(_date)]


def _reasons(value: dict[str, str]) -> dict[str, str]:
    for language, text in value.items():
        if not re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})?", language):
            raise Wrong(f'"{language}" is no language.', 'Write its code, such as fr or pt-BR: reason = { fr = "…" }.')
        not_blank(text)
    return value


class ObjectionTable(ConfigTable):
    """`[objection]`: what `temoin object` puts into the form."""

    reason: Annotated[dict[str, str], AfterValidator(_reasons)] = Field(default_factory=dict)
    """Language of the form's page → the reason in your own words; without one that of the flow's guide is taken."""


class HistoryTable(ConfigTable):
    """`[history]`."""

    path: Path | None = None


def policy_of(table: PolicyTable, exceptions: tuple[ExceptionTable, ...]) -> Policy:
    """What both tables say, as the engine takes it."""
    worth = {verdict: getattr(table, verdict.value) for verdict in Verdict}
    return Policy(
        outcomes={verdict: outcome for verdict, outcome in worth.items() if outcome is not None},
        exemptions=tuple(Exemption(**dict(entry)) for entry in exceptions),
        answers_count=table.answers,
    )
