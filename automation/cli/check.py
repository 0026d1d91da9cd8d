"""`temoin check`: look at the accounts and say where each stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from automation.app import check as checks
from automation.app.check import CheckDone
from automation.app.interrupts import in_order, run_async
from automation.browser.environment.machine import ThisMachine
from automation.browser.environment.record import ci_of
from automation.cli.options import AccountNames, Config, Lang, NewEvidence, Strict, as_json, say, words
from automation.cli.settings import configured, load_settings
from automation.cli.terminal import shown
from automation.core.errors import ConfigurationError
from automation.core.flows import FlowGuide
from automation.reports.stored import NAME
from automation.session.means import News, TellOf
from automation.session.signing_browser import require_screen
from automation.text.language import Language, language


def check(
    accounts: AccountNames = None,
    config: Config = None,
    output: NewEvidence = None,
    json: Annotated[bool, as_json("the results")] = False,
    strict: Strict = False,
    headed: Annotated[bool, typer.Option(help="Show the browser's window.")] = False,
    attended: Annotated[
        bool, typer.Option("--attended", help="Show the window, and let you do there what the service asks for.")
    ] = False,
    lang: Lang = None,
) -> None:
    """Check accounts, read-only, and keep the evidence."""
    settings = configured(load_settings(config, tuple(accounts or ())))
    said, browser, tell = words(lang, settings), settings.browser, None
    if attended:
        _require_a_person()
        tell = telling(said)
        browser = replace(browser, concurrency=1)  # one person, one window at a time
    if headed or attended:
        browser = replace(browser, headless=False)
    plan = checks.plan_of(settings, said, browser, output=output, strict=strict, attended=tell)
    guides = checks.guides_of(plan)
    pages = {account.name: guides[account.flow] for account in plan.accounts if account.flow in guides}
    with shown(len(plan.accounts), said, quiet=json or attended, guides=pages) as progress:
        visited = checks.visited(plan, lambda work: run_async(in_order(work, said)), progress)
    show(checks.keep(*visited, plan, settings, said), guides, said.code, as_json=json)


def _require_a_person() -> None:
    """
    A window can be shown and, as far as can be told, somebody sits before it.

    Raises ConfigurationError: there is no screen, or this is a job of a CI service.
    """
    require_screen(ThisMachine())
    if service := ci_of():
        raise ConfigurationError(
            f"--attended needs a person at the window, and this is a job of {service}",
            "Leave it out here. At your desk `temoin account login` signs in, and `temoin account export` takes it to "
            "the job.",
        )


def telling(words: Language) -> TellOf:
    """Says on standard error what a person at the window is waited for."""
    from automation.app.login import news_line  # noqa: PLC0415 - loads the browser's driver

    def tell(account: str, service: str, news: News) -> None:
        say(f"{account}: {news_line(news, account, service, words)}")

    return tell


def show(
    done: CheckDone, guides: Mapping[str, FlowGuide], lang: str, *, as_json: bool = False, code: int | None = None
) -> None:
    """Print the results and where the report is, and end with the run's exit code, or another `code`."""
    document, background = done.document, done.background
    if as_json:
        typer.echo((Path(document.run.output) / NAME).read_text(encoding="utf-8"))
    else:
        from rich.console import Console  # noqa: PLC0415 - it takes a tenth of a second, and is needed at the end alone

        from automation.reports.as_table import render_table  # noqa: PLC0415
        from automation.reports.background import NOTHING  # noqa: PLC0415

        console = Console(stderr=False)
        console.print(render_table(document, guides, lang, width=console.width, background=background or NOTHING))
        said = language(lang)
        for result in document.results:
            for unmet in background.unmet.get(result.account, ()) if background else ():
                line = unmet.line(said, guides.get(result.flow))
                console.print(f"{result.account}: {line}", soft_wrap=True, highlight=False, markup=False)
        for line in (*done.notices, done.report):
            console.print(line, soft_wrap=True, highlight=False, markup=False)
    raise typer.Exit(document.run.exit_code if code is None else code)
