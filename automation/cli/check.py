"""`temoin check`: look at the accounts and say where each stands; `temoin rejudge`: judge stored visits again."""

from __future__ import annotations

import json as form
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

import flows
from automation.app import check as checks
from automation.app.check import CheckDone
from automation.app.interrupts import in_order, run_async
from automation.app.login import news_line
from automation.app.setup import for_evidence, known_keys, looks_that_count, with_looks
from automation.browser.environment.machine import ThisMachine
from automation.browser.environment.record import ci_of
from automation.cli.options import STRICT, Lang, Trusted, words
from automation.cli.progress import shown
from automation.cli.settings import configured, load_settings
from automation.config import Settings
from automation.core.errors import ConfigurationError
from automation.core.guides import FlowGuide
from automation.core.verdicts import Rejudged
from automation.evidence.formats.names import FileKind, kind_at
from automation.evidence.keys.trust import Trust
from automation.evidence.verify.examine import bundles_under
from automation.evidence.verify.opened import Evidence, open_evidence
from automation.reports.as_lines import rejudged_lines
from automation.reports.as_table import render_table
from automation.reports.stored import NAME
from automation.session import News, require_screen
from automation.session.phase import TellOf
from automation.text.language import Language
from automation.visit.conclusion import rejudge as judge_again
from flows import Found


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

    Raises:
        ConfigurationError: there is no screen, or this is a job of a CI service.
    """
    require_screen(ThisMachine())
    if service := ci_of():
        raise ConfigurationError(
            f"--attended needs a person at the window, and this is a job of {service}",
            "Leave it out here. At your desk `temoin login` signs in, and `temoin session export` takes it to the job.",
        )


def telling(words: Language) -> TellOf:
    """Says on standard error what a person at the window is waited for."""

    def tell(account: str, service: str, news: News) -> None:
        typer.echo(f"{account}: {news_line(news, account, service, words)}", err=True)

    return tell


def show(
    done: CheckDone, guides: Mapping[str, FlowGuide], lang: str, *, as_json: bool = False, code: int | None = None
) -> None:
    """
    Print the results and where the report is, and end with the run's exit code.

    Args:
        done: the run.
        guides: by flow.
        lang: of what is shown.
        as_json: print the results as JSON, and nothing else.
        code: another exit code than the run's.
    """
    document, background = done.document, done.background
    if as_json:
        typer.echo((Path(document.run.output) / NAME).read_text(encoding="utf-8"))
    else:
        from rich.console import Console  # noqa: PLC0415 - not before the browser is asked for

        console, authors = Console(stderr=False), background.authors if background else ()
        console.print(render_table(document, guides, lang, width=console.width, authors=authors))
        for line in (*done.notices, done.report):
            console.print(line, soft_wrap=True, highlight=False, markup=False)
    raise typer.Exit(document.run.exit_code if code is None else code)


def rejudge(
    paths: Annotated[list[Path], typer.Argument(help="Bundles, or folders that hold some.")],
    strict: Annotated[bool, typer.Option(help=STRICT)] = False,
    config: Annotated[Path | None, typer.Option(help="The configuration file, for flows of your own.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print the answers as JSON, and nothing else.")] = False,
    trust: Trusted = None,
    lang: Lang = None,
) -> None:
    """
    Judge stored visits again by today's rules. The evidence stays as it is.

    Exit codes: 0 the same answers, 1 today's rules answer otherwise.
    """
    settings = load_settings(config, for_signing_in=False)
    said = words(lang, settings)
    opened = _evidence(paths, said, known_keys(settings, trust))
    known = _flows(settings, paths)
    found = [(evidence, _rejudged(evidence, known, strict=strict)) for evidence in opened]
    if json:
        typer.echo(form.dumps([_plain(*one) for one in found], ensure_ascii=False, indent=2))
    else:
        for evidence, answer in found:
            typer.echo("\n".join(rejudged_lines(evidence.result, answer, said)))
    raise typer.Exit(1 if any(answer.changed for _, answer in found) else 0)


def _evidence(paths: list[Path], words: Language, trust: Trust | None) -> list[Evidence]:
    found = [bundle for path in paths for bundle in bundles_under(path)]
    bundles = [bundle for bundle in found if bundle in paths or kind_at(bundle) is FileKind.VISIT]
    if left_out := len(found) - len(bundles):
        said = words.ngettext(
            "Left out: %(num)s look into a mailbox, which is no visit.",
            "Left out: %(num)s looks into a mailbox, which are no visits.",
            left_out,
            num=left_out,
        )
        typer.echo(said, err=True)
    if not bundles:
        raise ConfigurationError(
            f"{', '.join(map(str, paths))}: there is no bundle of a check here",
            "Name a bundle, or the folder of a run.",
        )
    return [open_evidence(bundle, trust) for bundle in bundles]


def _flows(settings: Settings, paths: list[Path]) -> Found:
    """All flows, with the looks beside the configuration; of the demo's evidence with those in its own folder."""
    roots = {folder for path in paths for folder in (path.absolute(), *path.absolute().parents[:2])}
    demo = next((root for root in sorted(roots) if for_evidence(settings, root) is not settings), None)
    looks = looks_that_count(for_evidence(settings, demo) if demo else settings)
    return with_looks(flows.find(settings.flow_paths), looks)


def _rejudged(evidence: Evidence, found: Found, *, strict: bool) -> Rejudged:
    if broken := found.broken.get(evidence.result.flow):
        raise broken
    flow = found.flows.get(evidence.result.flow)
    if flow is None:
        raise ConfigurationError(
            f"{evidence.folder}: there is no flow {evidence.result.flow} here",
            "Name its folder in `flow_paths`, or use the version of Témoin that has it.",
        )
    return judge_again(evidence.result, evidence.observation, flow, datetime.now(UTC).date(), strict=strict)


def _plain(evidence: Evidence, answer: Rejudged) -> dict[str, Any]:
    return {
        "bundle": str(evidence.folder),
        "account": evidence.result.account,
        "flow": evidence.result.flow,
        "visited_at": evidence.result.finished_at.isoformat(),
        "judged": answer.judged,
        "changed": answer.changed,
        "revision": {"then": answer.revisions[0], "now": answer.revisions[1]},
        "then": {"verdict": answer.before.verdict, "reason": answer.before.reason, "because": answer.before.because},
        "now": {"verdict": answer.now.verdict, "reason": answer.now.reason, "because": answer.now.because},
        "basis": "looked_at" if answer.now.looks and answer.now.verdict.is_answer else "sourced",
        "looks": [look.source for look in answer.now.looks],
    }
