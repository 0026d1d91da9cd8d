"""`temoin doctor`: is everything there that a check needs? Says exactly what is missing and how to get it."""

from __future__ import annotations

import json as form
from dataclasses import asdict
from functools import partial
from typing import Annotated

import typer

from automation.app.doctor import DoctorFinding, Surroundings, examine
from automation.browser.environment.machine import has_screen
from automation.cli.get_browser import TerminalShell, working
from automation.cli.get_browser import get_browsers as installed
from automation.cli.options import Config, Lang, as_json, words
from automation.cli.settings import load_environment, load_settings
from automation.text.language import Language

_TO_SIGN_IN = frozenset({"key", "screen", "window"})
"""Without these nobody can sign in on this machine."""
_MARKS = {"ok": "✓", "missing": "✗", "note": "!"}


def doctor(
    ctx: typer.Context,
    config: Config = None,
    get_browser: Annotated[
        bool, typer.Option("--get-browser", help="Offer to install a browser if none works; nothing else.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="With --get-browser: install without asking.")] = False,
    json: Annotated[bool, as_json("what was found")] = False,
    lang: Lang = None,
) -> None:
    """Say what is missing on this machine, and how to get it."""
    around = ctx.obj or Surroundings()
    if get_browser:
        settings = load_environment()
        said = words(lang, settings)
        start = partial(working, start=around.start)
        found = installed(settings.browser, around.machine, TerminalShell(said, yes=yes), check=start)
        typer.echo(said.gettext("A browser works: %(where)s", where=f"{found.path} ({found.version})"))
        if found.headless_only or not has_screen(around.machine):
            typer.echo(said.gettext("It checks; accounts cannot be signed in to here, because it can show no window."))
        return
    findings, said = examine(config, around, partial(load_settings, warns=False), partial(words, lang))
    if json:
        typer.echo(form.dumps({"findings": [asdict(f) for f in findings]}, ensure_ascii=False, indent=2))
    else:
        for finding in findings:
            typer.echo(f"{_MARKS[finding.state]} {said.said(finding.found)}")
            if finding.remedy:
                typer.echo(f"    → {said.said(finding.remedy)}")
        typer.echo(_closing(findings, said))
    if any(finding.state == "missing" for finding in findings):
        raise typer.Exit(2)


def _closing(findings: list[DoctorFinding], words: Language) -> str:
    missing = sum(finding.state == "missing" for finding in findings)
    if missing:
        return words.ngettext("%(num)s thing is missing.", "%(num)s things are missing.", missing, num=missing)
    lacking = [finding.name for finding in findings if finding.state == "note" and finding.name in _TO_SIGN_IN]
    if lacking:
        return words.gettext("The demo is ready. Accounts of yours need what is marked with ! first.")
    return words.gettext("Everything is ready.")
