"""With what looks are taken on this machine: what `temoin look` and the window share."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from automation.app.accounts import locked
from automation.app.cases import follow_check
from automation.app.check import answers_in_force, record
from automation.app.looks import Looks
from automation.app.rejudging import LookMeans
from automation.app.setup import demo_sealer, history_path, is_demo, known_flows, sealer_of
from automation.config import Settings
from automation.core.cases import OVERDUE
from automation.core.policy import OutcomeReason, judge_outcome
from automation.core.results import Result, RunDocument
from automation.storage.cases import CaseBook
from automation.text.language import Language


def looks_of(settings: Settings, words: Language) -> Looks:
    """
    The looks of a configuration.

    Raises ConfigurationError: a folder of flows is not there, or what people filed cannot be read.
    """

    def remember(document: RunDocument, root: Path) -> None:
        if history_path(settings, root).exists():  # where there is none, nobody kept the visits either
            record(document, settings, root)
        follow_check(document, root, words)

    return Looks(
        LookMeans(
            settings=settings,
            flows=known_flows(settings.flow_paths).flows,
            sealer=lambda root: demo_sealer(root) if is_demo(root) else sealer_of(settings, root),
            locked=locked,
            ruled=lambda result, root: ruled(result, settings, root),
            remember=remember,
        )
    )


def ruled(result: Result, settings: Settings, root: Path) -> Result:
    """A result with what it is worth today, by the policy, by what people said and by the filed cases."""
    today = datetime.now(UTC).date()
    answers, cases = answers_in_force(settings, root, today), CaseBook(root).cases()
    ruling = judge_outcome(result, settings.policy, today, answers, cases)
    late = ruling.why is OutcomeReason.OVERDUE
    return replace(result, outcome=ruling.outcome, next_step=OVERDUE if late else result.next_step)
