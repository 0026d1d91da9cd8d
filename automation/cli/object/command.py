"""`temoin object`: to the last button and no further; a person presses it, and the proof is kept."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from automation.cli.shared.common import Lang

if TYPE_CHECKING:
    from datetime import datetime

    from automation.check.runner import RunPlan
    from automation.cli.object.asking import Lines
    from automation.config import Settings
    from automation.domain.accounts import Account
    from automation.domain.results import RunDocument
    from automation.storage.cases import CaseBook
    from automation.text.language import Language

_INCOMPLETE = 3


def object_to(
    account: Annotated[str | None, typer.Argument(help="The account to file the objection for.")] = None,
    everyone: Annotated[
        bool, typer.Option("--all", help="All accounts, one after the other, each with its own consent.")
    ] = False,
    config: Annotated[Path | None, typer.Option(help="The configuration file.")] = None,
    output: Annotated[Path | None, typer.Option(help="Folder for the evidence and the report.")] = None,
    lang: Lang = None,
) -> None:
    """
    File an objection yourself: the form is filled in, you press its button.

    Needs a terminal and a window. Nothing is sent before you have typed the account's name, and then one request.
    """
    from automation.attended.person import require_person, with_window
    from automation.cli.object.asking import Lines
    from automation.cli.shared.common import load_settings, words
    from automation.cli.shared.plans import plan_of
    from automation.cli.shared.waiting import said
    from automation.errors import ConfigurationError
    from automation.storage.cases import CaseBook

    if everyone == (account is not None):
        raise ConfigurationError("name one account, or say --all", "Such as `temoin object atelier-facebook`.")
    require_person()
    settings = load_settings(config, (account,) if account else ())
    told = words(lang, settings)
    plan = plan_of(
        settings,
        with_window(settings.browser),
        output=output,
        attended=lambda name, service, news: typer.echo(f"{name}: {said(news, name, service, told)}", err=True),
    )
    book, lines = CaseBook(plan.output), Lines()
    codes = [_one(plan, each, settings, book, lines, told) for each in _chosen(plan, asked=account is not None)]
    if not codes:
        typer.echo(told.gettext("No account has a form that could be filed here."), err=True)
    raise typer.Exit(max(codes, default=_INCOMPLETE))


def _chosen(plan: RunPlan, *, asked: bool) -> tuple[Account, ...]:
    """The accounts to go through; of all accounts those whose flow has a form."""
    from automation.flow.objection_table import ObjectionTable

    usable = [account for account in plan.accounts if account.flow in plan.flows]
    if asked:
        return tuple(usable)
    return tuple(account for account in usable if isinstance(plan.flows[account.flow].rule, ObjectionTable))


def _one(plan: RunPlan, account: Account, settings: Settings, book: CaseBook, lines: Lines, words: Language) -> int:
    """One account's filing; its exit code. Whatever ends it, it is said whether something was sent."""
    from automation.attended.filing import ObjectionAtDesk
    from automation.attended.run import file_objection
    from automation.cli.object.asking import Terminal
    from automation.cli.shared.common import run_async, who_is_here
    from automation.errors import NotFiled

    _tell_open_case(book, account, words)
    desk = Terminal(account, settings.evidence.operator or who_is_here(), book, words, lines)
    try:
        document = run_async(file_objection(plan, account, ObjectionAtDesk(desk, settings.reasons)))
    except NotFiled as error:
        text = words.said(error.message)
        typer.echo(words.gettext("%(account)s: not filed: %(text)s", account=account.name, text=text), err=True)
        if error.remedy:
            typer.echo(f"  → {words.said(error.remedy)}", err=True)
        return _INCOMPLETE
    finally:  # also where Ctrl-C or a fault ended it
        _tell_sent(desk.sent_at, account, words)
    (result,) = document.results
    if result.filing is not None and result.bundle is not None:
        desk.sealed(result.bundle)
    code = _keep(document, plan, settings, words)
    return code if result.filing is not None else max(code, _INCOMPLETE)


def _tell_open_case(book: CaseBook, account: Account, words: Language) -> None:
    from automation.domain.cases import newest

    case = newest(book.cases(), account.name)
    if case is not None and case.filed_at is not None and case.state.is_open:
        typer.echo(
            words.gettext(
                "%(account)s: an objection was filed on %(day)s, and an answer is waited for. Filing again begins a "
                "second case.",
                account=account.name,
                day=words.full_date(case.filed_at.date()),
            ),
            err=True,
        )


def _tell_sent(at: datetime | None, account: Account, words: Language) -> None:
    """Whether something left this machine, and when."""
    if at is None:
        typer.echo(words.gettext("%(account)s: nothing was sent.", account=account.name), err=True)
        return
    typer.echo(
        words.gettext(
            "%(account)s: the objection was sent on %(day)s at %(time)s (UTC). `temoin cases` follows it.",
            account=account.name,
            day=words.full_date(at.date()),
            time=f"{at:%H:%M:%S}",
        ),
        err=True,
    )


def _keep(document: RunDocument, plan: RunPlan, settings: Settings, words: Language) -> int:
    """Cases, results, history and reports, as after a check; the run's exit code."""
    from rich.console import Console

    from automation.cli.check.command import remembered
    from automation.cli.shared.cases import settled
    from automation.cli.shared.common import write_reports
    from automation.cli.shared.sealing import seal_documents
    from automation.reports.as_table import render_table
    from automation.reports.result_spool import ResultSpool

    document = settled(document, plan.output, words)
    spool = ResultSpool(len(document.results))  # one account's results are few: they are whole in the document
    background = remembered(document, settings, plan.output, words, spool)
    guides = {flow.id: flow.guide for flow in plan.flows.values()}
    report = write_reports(document, guides, words.code, background)
    seal_documents(document, plan.sealer)
    console = Console(stderr=False)
    console.print(render_table(document, guides, words.code, width=console.width))
    console.print(report, soft_wrap=True, highlight=False, markup=False)
    return document.run.exit_code
