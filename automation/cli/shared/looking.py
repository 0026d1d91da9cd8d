"""With what looks are taken on this machine: what `temoin look` and the window share."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from automation.app.looks import Looks
    from automation.config import Settings
    from automation.core.results import Result, RunDocument
    from automation.evidence.write.sealer import Sealer
    from automation.text.language import Language


def looks_of(settings: Settings, words: Language) -> Looks:
    """
    The looks of a configuration.

    Raises:
        ConfigurationError: a folder of flows is not there, or what people filed cannot be read.
    """
    from automation.app.looks import Looks
    from automation.app.rejudging import LookMeans
    from automation.cli.shared.cases import follow_check
    from automation.cli.shared.editing import locked
    from automation.cli.shared.history import record
    from automation.cli.shared.known_flows import known_flows
    from automation.cli.shared.places import history_path

    def remember(document: RunDocument, root: Path) -> None:
        if history_path(settings, root).exists():  # where there is none, nobody kept the visits either
            record(document, settings, root)
        follow_check(document, root, words)

    return Looks(
        LookMeans(
            settings=settings,
            flows=known_flows(settings.flow_paths).flows,
            sealer=lambda root: _sealer(settings, root),
            locked=locked,
            ruled=lambda result, root: ruled(result, settings, root),
            remember=remember,
        )
    )


def for_evidence(settings: Settings, root: Path) -> Settings:
    """The configuration for an evidence folder: the demo's keeps its looks in itself."""
    if _demo_trust(root).is_file():
        return replace(settings, config=root / "temoin.toml", output=root)
    return settings


def ruled(result: Result, settings: Settings, root: Path) -> Result:
    """A result with what it is worth today, by the policy, by what people said and by the filed cases."""
    from datetime import UTC, datetime

    from automation.cli.shared.history import answers_in_force
    from automation.core.cases import OVERDUE
    from automation.core.policy import OutcomeReason, judge_outcome
    from automation.storage.cases import CaseBook

    today = datetime.now(UTC).date()
    answers, cases = answers_in_force(settings, root, today), CaseBook(root).cases()
    ruling = judge_outcome(result, settings.policy, today, answers, cases)
    late = ruling.why is OutcomeReason.OVERDUE
    return replace(result, outcome=ruling.outcome, next_step=OVERDUE if late else result.next_step)


def _demo_trust(root: Path) -> Path:
    """The trust file of the demo's own key, which lies beside its evidence."""
    return root.with_name(f"{root.name}-keys") / "trust.json"


def _sealer(settings: Settings, root: Path) -> Sealer:
    from automation.cli.demo.stage import sealer_in
    from automation.cli.shared.sealing import sealer_of

    return sealer_in(root) if _demo_trust(root).is_file() else sealer_of(settings, root)
