"""One account's filing from the open window to results, history and reports; the terminal and the page share it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from pathlib import Path

    from automation.cli.object.record import RecordingDesk
    from automation.config import Settings
    from automation.core.accounts import Account
    from automation.core.results import RunDocument
    from automation.session.phase import TellOf
    from automation.text.language import Language
    from automation.visit.runner import RunPlan


def plan_at_desk(settings: Settings, tell: TellOf, words: Language, output: Path | None = None) -> RunPlan:
    """
    What is to be done, in a browser with a window.

    Args:
        settings: of the configuration.
        tell: told what a person at the window is waited for.
        words: of their language.
        output: another evidence folder than the configured one.
    """
    from automation.cli.shared.plans import plan_of
    from automation.visit.attended.person import with_window

    return plan_of(settings, with_window(settings.browser), output=output, attended=tell, words=words)


def filed(
    plan: RunPlan,
    account: Account,
    settings: Settings,
    desk: RecordingDesk,
    words: Language,
    run: Callable[[Coroutine[Any, Any, RunDocument]], RunDocument],
) -> tuple[RunDocument, str]:
    """
    Let a person file, and keep cases, results, history and reports as after a check.

    Args:
        plan: made by `plan_at_desk`.
        account: whose form.
        settings: of the configuration.
        desk: the person.
        words: of their language.
        run: runs the engine.

    Returns:
        The run, and where its report lies.

    Raises:
        TemoinError: it could not be done; `desk.sent_at` says whether something was sent.
    """
    from automation.visit.attended.filing import ObjectionAtDesk
    from automation.visit.attended.run import file_objection

    document = run(file_objection(plan, account, ObjectionAtDesk(desk, settings.reasons)))
    (result,) = document.results
    if result.filing is not None and result.bundle is not None:
        desk.sealed(result.bundle)
    return kept(document, plan, settings, words)


def kept(document: RunDocument, plan: RunPlan, settings: Settings, words: Language) -> tuple[RunDocument, str]:
    """Keep what one account's visit gave, as a check does; the run as it counts, and where its report lies."""
    from automation.cli.check.command import remembered
    from automation.cli.shared.common import write_reports
    from automation.cli.shared.sealing import seal_documents
    from automation.reports.result_spool import ResultSpool

    spool = ResultSpool(len(document.results))  # one account's results are few: they are whole in the document
    background = remembered(document, settings, plan.output, words, spool)
    report = write_reports(document, {flow.id: flow.guide for flow in plan.flows.values()}, words.code, background)
    seal_documents(document, plan.sealer)
    return document, report
