"""`temoin object`: to the last button and no further; a person presses it, and the proof is kept."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from automation.cli.shared.common import Lang

if TYPE_CHECKING:
    from automation.cli.object.asking import Lines
    from automation.config import Settings
    from automation.core.accounts import Account
    from automation.core.results import RunDocument
    from automation.session import News
    from automation.storage.cases import CaseBook
    from automation.text.language import Language
    from automation.visit.runner import RunPlan

_INCOMPLETE = 3
_PRECEDENCE = (4, 2, 1, 3, 0)


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
    from automation.cli.object.asking import Lines
    from automation.cli.object.keeping import plan_at_desk
    from automation.cli.shared.common import load_settings, words
    from automation.cli.shared.waiting import said
    from automation.core.errors import ConfigurationError
    from automation.storage.cases import CaseBook
    from automation.visit.attended.person import require_person

    if everyone == (account is not None):
        raise ConfigurationError("name one account, or say --all", "Such as `temoin object atelier-facebook`.")
    require_person()
    settings = load_settings(config, (account,) if account else ())
    told = words(lang, settings)

    def tell(name: str, service: str, news: News) -> None:
        typer.echo(f"{name}: {said(news, name, service, told)}", err=True)

    plan = plan_at_desk(settings, tell, told, output)
    book, lines = CaseBook(plan.output), Lines()
    usable = [each for each in plan.accounts if each.flow in plan.flows]
    codes = [_one(plan, each, settings, book, lines, told) for each in usable]
    if not codes:
        typer.echo(told.gettext("There is no account whose flow could be used."), err=True)
    raise typer.Exit(next((code for code in _PRECEDENCE if code in codes), _INCOMPLETE))


def _one(plan: RunPlan, account: Account, settings: Settings, book: CaseBook, lines: Lines, words: Language) -> int:
    """One account's filing, or the way to its setting; the exit code. It is always said whether something was sent."""
    from automation.cli.object.asking import Terminal
    from automation.cli.object.guided import AtTerminal, guide
    from automation.cli.object.keeping import filed
    from automation.cli.object.record import open_case_line, sent_line
    from automation.cli.shared.common import run_async, who_is_here
    from automation.cli.shared.interrupts import in_order
    from automation.core.errors import NotFiled
    from automation.core.verdicts import Verdict
    from automation.flow.filing import filing_table

    if filing_table(plan.flows[account.flow]) is None:
        typer.echo("", err=True)
        person = AtTerminal(lines, words)
        return guide(plan, account, settings, person, words, lambda work: run_async(in_order(work, words))).exit_code
    if line := open_case_line(book, account, words):
        typer.echo(line, err=True)
    desk = Terminal(account, settings.evidence.operator or who_is_here(), book, words, lines)
    try:
        document, report = filed(plan, account, settings, desk, words, run_async)
    except NotFiled as error:
        text = words.said(error.message)
        typer.echo(words.gettext("%(account)s: not filed: %(text)s", account=account.name, text=text), err=True)
        if error.remedy:
            typer.echo(f"  → {words.said(error.remedy)}", err=True)
        return _INCOMPLETE
    finally:  # also where Ctrl-C or a fault ended it
        typer.echo(sent_line(desk, words), err=True)
    _show(document, report, plan, words)
    code, result = document.run.exit_code, document.results[0]
    stands = result.filing is not None or result.verdict is Verdict.OBJECTED
    return code if stands else max(code, _INCOMPLETE)


def _show(document: RunDocument, report: str, plan: RunPlan, words: Language) -> None:
    from rich.console import Console

    from automation.reports.as_table import render_table

    console = Console(stderr=False)
    guides = {flow.id: flow.guide for flow in plan.flows.values()}
    console.print(render_table(document, guides, words.code, width=console.width))
    console.print(report, soft_wrap=True, highlight=False, markup=False)
