"""`temoin check`: look at the accounts of a configuration and say where each stands."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from automation.cli.shared.common import STRICT, Lang

if TYPE_CHECKING:
    from automation.config import Settings
    from automation.core.guides import FlowGuide
    from automation.core.results import RunDocument
    from automation.evidence.write.sealer import Sealer
    from automation.reports.background import Background
    from automation.reports.result_spool import ResultSpool
    from automation.session import News
    from automation.session.phase import TellOf
    from automation.text.language import Language


def check(
    accounts: Annotated[list[str] | None, typer.Argument(help="Accounts to check; all when none is named.")] = None,
    config: Annotated[Path | None, typer.Option(help="The configuration file.")] = None,
    output: Annotated[Path | None, typer.Option(help="Folder for the evidence and the report.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print the results as JSON, and nothing else.")] = False,
    strict: Annotated[bool, typer.Option(help=STRICT)] = False,
    headed: Annotated[bool, typer.Option(help="Show the browser's window.")] = False,
    attended: Annotated[
        bool, typer.Option("--attended", help="Show the window, and let you do there what the service asks for.")
    ] = False,
    lang: Lang = None,
) -> None:
    """Check accounts, read-only, and keep the evidence."""
    from automation.cli.shared.common import load_settings, words
    from automation.cli.shared.sealing import sealer_of, unstamped_notice
    from automation.reports.result_spool import ResultSpool

    settings = load_settings(config, tuple(accounts or ()))
    if settings.config is None:
        from automation.core.errors import ConfigurationError

        raise ConfigurationError(
            "there is no temoin.toml in this folder",
            "Make one with `temoin init` or `temoin ui`, or name another with --config.",
        )
    said, tell = words(lang, settings), None
    if attended:
        _require_a_person()
        tell = _telling(said)
    spool = ResultSpool(len(settings.accounts))
    document, guides = _run(
        settings, said, output=output, strict=strict, headed=headed, quiet=json, attended=tell, spool=spool
    )
    background = remembered(document, settings, output or settings.output, said, spool)
    notice = unstamped_notice(document, said, asked=bool(settings.time_stamps))
    sealer = sealer_of(settings, output or settings.output)
    finish(document, guides, said.code, as_json=json, background=background, closing=notice, sealer=sealer)


def remembered(
    document: RunDocument, settings: Settings, evidence: Path, words: Language, spool: ResultSpool
) -> Background | None:
    """
    Keep the results, move the cases and tell whoever wants to know of changes; what is known beside the results.

    What goes wrong here costs no check: it is told, and the results are written all the same.
    """
    from automation.cli.shared.cases import follow_check
    from automation.cli.shared.common import run_async, write_results
    from automation.cli.shared.history import record, tell_trouble
    from automation.cli.shared.stored_runs import background_of
    from automation.core.errors import HistoryError
    from automation.messaging.notifications import notify

    write_results(document, spool)
    follow_check(document, evidence, words)
    changes = record(document, settings, evidence)
    for trouble in run_async(notify(settings.notifications, document, changes, words.code)):
        typer.echo(f"! {trouble}", err=True)
    try:
        return background_of(document, settings)
    except HistoryError as error:
        tell_trouble(error)
        return None


def _require_a_person() -> None:
    """
    A window can be shown and, as far as can be told, somebody sits before it.

    Raises:
        ConfigurationError: there is no screen, or this is a job of a CI service.
    """
    from automation.browser.environment.machine import ThisMachine
    from automation.browser.environment.record import ci_of
    from automation.core.errors import ConfigurationError
    from automation.session import require_screen

    require_screen(ThisMachine())
    if service := ci_of():
        raise ConfigurationError(
            f"--attended needs a person at the window, and this is a job of {service}",
            "Leave it out here. At your desk `temoin login` signs in, and `temoin session export` takes it to the job.",
        )


def _telling(words: Language) -> TellOf:
    from automation.cli.shared.waiting import said

    def tell(account: str, service: str, news: News) -> None:
        typer.echo(f"{account}: {said(news, account, service, words)}", err=True)

    return tell


def _run(
    settings: Settings,
    words: Language,
    *,
    output: Path | None,
    strict: bool,
    headed: bool,
    quiet: bool,
    attended: TellOf | None,
    spool: ResultSpool,
) -> tuple[RunDocument, dict[str, FlowGuide]]:
    from dataclasses import replace

    from automation.cli.shared.common import run_async
    from automation.cli.shared.interrupts import in_order
    from automation.cli.shared.plans import plan_of
    from automation.cli.shared.progress import shown
    from automation.visit import runner

    browser = replace(settings.browser, headless=False) if headed or attended else settings.browser
    if attended:  # one person, one window at a time
        browser = replace(browser, concurrency=1)
    plan = plan_of(settings, browser, output=output, strict=strict, attended=attended)
    guides = {flow.id: flow.guide for flow in plan.flows.values()}
    told = {account.name: guides[account.flow] for account in plan.accounts if account.flow in guides}
    with shown(len(plan.accounts), words, quiet=quiet or attended is not None, guides=told) as tell:
        document = run_async(in_order(lambda stop: runner.run(plan, tell, stop, keep=spool.keep), words))
    return document, guides


def finish(
    document: RunDocument,
    guides: dict[str, FlowGuide],
    lang: str,
    *,
    as_json: bool,
    closing: tuple[str, ...] = (),
    code: int | None = None,
    background: Background | None = None,
    sealer: Sealer | None = None,
) -> None:
    """
    Write the reports beside the evidence, seal them with the results, tell where, and end with the run's exit code.

    Args:
        document: the run.
        guides: by flow.
        lang: of what is shown.
        as_json: print the results as JSON.
        closing: lines for the end.
        code: another exit code than the run's.
        background: what is known beside the results.
        sealer: of the evidence folder; None leaves results and reports unsealed.
    """
    from automation.cli.shared.common import write_reports
    from automation.cli.shared.sealing import seal_documents
    from automation.reports.stored import NAME

    report = write_reports(document, guides, lang, background)
    seal_documents(document, sealer)
    if as_json:
        typer.echo((Path(document.run.output) / NAME).read_text(encoding="utf-8"))
    else:
        from rich.console import Console

        from automation.reports.as_table import render_table

        console, authors = Console(stderr=False), background.authors if background else ()
        console.print(render_table(document, guides, lang, width=console.width, authors=authors))
        for line in (*closing, report):
            console.print(line, soft_wrap=True, highlight=False, markup=False)
    raise typer.Exit(document.run.exit_code if code is None else code)
