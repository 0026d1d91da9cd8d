"""What a check needs of the past, and leaves to it. Trouble with the history costs no check: it is told and goes on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from automation.cli.shared.common import told

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from automation.config import Settings
    from automation.core.errors import HistoryError
    from automation.core.results import RunDocument
    from automation.core.statements import Statement
    from automation.storage.history import Change


def answers_in_force(settings: Settings, evidence: Path, today: date) -> tuple[Statement, ...]:
    """
    What people said that may still settle something; nothing where the history cannot tell what contradicts them.

    Args:
        settings: say where the history lies.
        evidence: the evidence folder.
        today: decides what has expired.

    Raises:
        ConfigurationError: the answers cannot be read.
    """
    from automation.cli.shared.places import history_path
    from automation.core.errors import HistoryError
    from automation.core.statements import in_force
    from automation.storage.history import SqliteHistory, last_answers
    from automation.storage.statements import AnswerBook

    answers = AnswerBook(evidence).answers()
    path = history_path(settings, evidence)
    if not answers or not path.exists():
        return in_force(answers, today, {})
    try:
        with SqliteHistory(path) as history:
            return in_force(answers, today, last_answers(history.latest()))
    except HistoryError as error:
        tell_trouble(error)
        return ()


def record(document: RunDocument, settings: Settings, evidence: Path) -> Mapping[str, Change]:
    """Keep a run's results in the history; account → what changed, nothing where that could not be done."""
    from automation.cli.shared.places import history_path
    from automation.core.errors import HistoryError
    from automation.storage.history import SqliteHistory

    try:
        with SqliteHistory(history_path(settings, evidence)) as history:
            return history.record(document)
    except HistoryError as error:
        tell_trouble(error)
        return {}


def tell_trouble(error: HistoryError) -> None:
    """Say what is wrong with the history; the check goes on without it."""
    typer.echo(f"! {told(error.message)}\n  → {told(error.remedy)}", err=True)
