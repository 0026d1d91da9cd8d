"""`temoin cases`: the objections that were filed, how far each has come, and what to do where no answer comes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from automation.cli.shared.common import By, Config, Lang, Output
from automation.cli.shared.default_command import group_with_default

if TYPE_CHECKING:
    from datetime import datetime

    from automation.core.cases import Case
    from automation.storage.cases import CaseBook
    from automation.text.language import Language

app = typer.Typer(
    cls=group_with_default("list"),
    help="The objections that were filed with `temoin object`, and how far each has come.",
    subcommand_metavar="[list] | confirm | letter",
)
_FINDING = 1


@app.command("list")
def list_cases(
    json: Annotated[bool, typer.Option("--json", help="Print the cases as JSON, and nothing else.")] = False,
    config: Config = None,
    output: Output = None,
    lang: Lang = None,
) -> None:
    """List every case. Ends with 1 where an answer is overdue."""
    from datetime import UTC, datetime

    from automation.cli.shared.common import load_settings, words
    from automation.core.cases import overdue
    from automation.storage.cases import CaseBook

    settings = load_settings(config, for_signing_in=False)
    said = words(lang, settings)
    cases, now = CaseBook(output or settings.output).cases(), datetime.now(UTC)
    if json:
        from pydantic import TypeAdapter

        from automation.core.cases import Case

        typer.echo(TypeAdapter(dict[str, tuple[Case, ...]]).dump_json({"cases": cases}, indent=2).decode())
    else:
        for case in cases:
            for line in lines_of(case, now, said):
                typer.echo(line)
        if not cases:
            typer.echo(said.gettext("No case. `temoin object` files an objection, and begins one."))
    if overdue(cases, now):
        raise typer.Exit(_FINDING)


def lines_of(case: Case, now: datetime, words: Language) -> tuple[str, ...]:
    """One case for a terminal: how far it is, by when an answer is due, what to do, and its history."""
    from automation.core.cases import OVERDUE
    from automation.reports.case_names import CASE_NAMES, CASE_SOURCES, CASE_STEPS, event_name
    from automation.text.language import printable

    _ = words.gettext
    parts = [_(CASE_NAMES[case.state])]
    if case.due is not None:
        parts.append(_("answer due by %(day)s", day=words.full_date(case.due.date())))
    if case.reference:
        parts.append(_("number %(reference)s", reference=case.reference))
    lines = [f"{case.id}  {case.account}  {words.clauses(parts)}"]
    for event in case.events:
        who = event.by or _(CASE_SOURCES[event.source])
        note = f" {words.quoted(event.note)}" if event.note else ""
        lines.append(f"    {words.full_date(event.at.date())}  {_(event_name(case, event))} ({who}){note}")
    step = OVERDUE if case.is_overdue(now) else case.state.value
    if step in CASE_STEPS:
        lines.append(f"  → {_(CASE_STEPS[step], account=case.account)}")
    return tuple(map(printable, lines))


@app.command("confirm")
def confirm(
    account: Annotated[str, typer.Argument(help="The account.")],
    state: Annotated[str, typer.Argument(help="filed, acknowledged, more_information, accepted or refused.")],
    seen: Annotated[str, typer.Option(help="What you saw, in your words.")],
    by: By = None,
    config: Config = None,
    output: Output = None,
    lang: Lang = None,
) -> None:
    """Say how far a case has come, where Témoin could not read it."""
    from datetime import UTC, datetime

    from automation.cli.shared.common import load_settings, who_is_here, words
    from automation.config.problems import did_you_mean
    from automation.core.cases import CaseEvent, CaseSource, CaseState
    from automation.core.errors import ConfigurationError
    from automation.storage.cases import CaseBook

    settings = load_settings(config, (account,), for_signing_in=False)
    known = [one.value for one in CaseState if one is not CaseState.RELEASED]
    if state not in known:
        remedy = f"{did_you_mean(state, known)} Use one of {', '.join(known)}.".strip()
        raise ConfigurationError(f'"{state}" is no state of a case', remedy)
    if not seen.strip():
        raise ConfigurationError("--seen is empty", "Say what you saw.")
    book = CaseBook(output or settings.output)
    case = _case_of(book, account)
    now = datetime.now(UTC)
    book.move(case.id, CaseEvent(CaseState(state), now, CaseSource.PERSON, by or who_is_here(), seen.strip()))
    for line in lines_of(_case_of(book, account), now, words(lang, settings)):
        typer.echo(line)


@app.command("letter")
def letter(
    account: Annotated[str, typer.Argument(help="The account.")],
    to: Annotated[str, typer.Option("--to", help="The authority: cnil (French) or dpc (English).")] = "cnil",
    file: Annotated[Path | None, typer.Option(help="Write it there, as .txt or .pdf; else it is printed.")] = None,
    config: Config = None,
    output: Output = None,
    lang: Lang = None,
) -> None:
    """Write the complaint to the authority, with the evidence listed. You complete and send it."""
    from datetime import UTC, datetime

    from automation.cli.shared.common import load_settings
    from automation.cli.shared.complaints import as_pdf, complaint_of
    from automation.storage.cases import CaseBook
    from automation.storage.files import write_text, write_whole
    from automation.text.language import language

    settings = load_settings(config, (account,), for_signing_in=False)
    cases, words = CaseBook(output or settings.output).cases(), language(lang) if lang else None
    made = complaint_of(cases, account, to, settings, words, datetime.now(UTC))
    if file is None:
        typer.echo(made.as_text())
    elif file.suffix.lower() == ".pdf":
        write_whole(file, as_pdf(made, settings))
    else:
        write_text(file, made.as_text())


def _case_of(book: CaseBook, account: str) -> Case:
    """
    The newest case of an account.

    Raises:
        ConfigurationError: there is none.
    """
    from automation.core.errors import ConfigurationError

    found = [case for case in book.cases() if case.account == account]
    if not found:
        raise ConfigurationError(f"{account}: there is no case", f"`temoin object {account}` files an objection.")
    return found[-1]
