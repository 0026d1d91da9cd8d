"""`temoin answer`: record what a person saw with their own eyes; shown as said by them, never as evidence."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from automation.cli.shared.common import By, Config, Lang, Output
from automation.cli.shared.default_command import group_with_default

if TYPE_CHECKING:
    from automation.core.statements import Statement
    from automation.core.verdicts import Verdict
    from automation.storage.statements import AnswerBook
    from automation.text.language import Language

app = typer.Typer(
    cls=group_with_default("record"),
    no_args_is_help=True,
    help="Record what a person saw, where Témoin could not read it: temoin answer NAME objected --seen … --until …",
    subcommand_metavar="ACCOUNT ANSWER | list | withdraw",
)


@app.callback()
def hint(lang: Lang = None) -> None:
    """Record what a person saw, where Témoin could not read it."""
    from automation.cli.shared.common import words

    said = words(lang, None)
    typer.echo(said.gettext("`temoin look` says what evidence shows, sealed; `temoin answer` will go."), err=True)


@app.command("record")
def record(
    account: Annotated[str, typer.Argument(help="The account.")],
    answer: Annotated[str, typer.Argument(help="objected, not_objected, pending, refused or not_offered.")],
    seen: Annotated[str, typer.Option(help="What you saw, in your words.")],
    until: Annotated[str, typer.Option(help="Last day on which it may count: 2027-01-31.")],
    file: Annotated[Path | None, typer.Option(help="A screenshot or message; a copy is kept.")] = None,
    by: By = None,
    config: Config = None,
    output: Output = None,
    lang: Lang = None,
) -> None:
    """Record what a person saw."""
    from automation.cli.shared.common import load_settings, words
    from automation.storage.statements import AnswerBook

    settings = load_settings(config, (account,), for_signing_in=False)
    said = words(lang, settings)
    book = AnswerBook(output or settings.output)
    typer.echo(_line(recorded(book, account, answer, seen, until, by=by, file=file), book, said))
    if not settings.policy.answers_count:
        typer.echo(said.gettext("It will only be shown: [policy] has `answers = false`."))
    else:
        command = f"temoin check {account}"
        typer.echo(said.gettext("It settles what the next check leaves open: %(command)s", command=command), err=True)


def recorded(
    book: AnswerBook,
    account: str,
    answer: str,
    seen: str,
    until: str,
    *,
    by: str | None = None,
    file: Path | None = None,
) -> Statement:
    """
    Write an answer down as a person gave it.

    Raises:
        ConfigurationError: it is no answer, `until` is no day, or it says nothing.
    """
    from automation.cli.shared.common import day, who_is_here

    return book.add(
        account, _verdict(answer), seen=seen, by=by or who_is_here(), until=day(until, "--until"), file=file
    )


@app.command("list")
def list_answers(
    json: Annotated[bool, typer.Option("--json", help="Print the answers as JSON, and nothing else.")] = False,
    config: Config = None,
    output: Output = None,
    lang: Lang = None,
) -> None:
    """List every answer, those that were withdrawn or are past their last day too."""
    from automation.cli.shared.common import load_settings, words
    from automation.storage.statements import AnswerBook

    settings = load_settings(config, for_signing_in=False)
    said = words(lang, settings)
    book = AnswerBook(output or settings.output)
    answers = book.answers()
    if json:
        from pydantic import TypeAdapter

        from automation.core.statements import Statement

        typer.echo(TypeAdapter(dict[str, tuple[Statement, ...]]).dump_json({"answers": answers}, indent=2).decode())
        return
    for one in answers:
        typer.echo(_line(one, book, said))
    if not answers:
        typer.echo(said.gettext("No answer is recorded."))


@app.command("withdraw")
def withdraw(
    number: Annotated[str, typer.Argument(help="The answer's number, as `temoin answer list` shows it.")],
    by: By = None,
    config: Config = None,
    output: Output = None,
    lang: Lang = None,
) -> None:
    """Take an answer back. It stays on record, marked as withdrawn."""
    from automation.cli.shared.common import load_settings, who_is_here, words
    from automation.storage.statements import AnswerBook

    settings = load_settings(config, for_signing_in=False)
    book = AnswerBook(output or settings.output)
    typer.echo(_line(book.withdraw(number, by=by or who_is_here()), book, words(lang, settings)))


def _verdict(text: str) -> Verdict:
    from automation.config.problems import did_you_mean
    from automation.core.errors import ConfigurationError
    from automation.core.verdicts import Verdict

    known = [verdict.value for verdict in Verdict if verdict.is_answer]
    if text not in known:
        remedy = f"{did_you_mean(text, known)} Use one of {', '.join(known)}.".strip()
        raise ConfigurationError(f'"{text}" is no answer that a person can give', remedy)
    return Verdict(text)


def _line(answer: Statement, book: AnswerBook, words: Language) -> str:
    """One answer for a terminal: what, who, when, until when, and what has become of it."""
    from datetime import UTC, datetime

    from automation.reports.saying import Saying
    from automation.text.language import printable

    _ = words.gettext
    said = _(
        "%(verdict)s, said by %(name)s on %(day)s: %(text)s",
        verdict=Saying(words).verdict(answer.verdict),
        name=answer.by,
        day=words.full_date(answer.at.date()),
        text=words.quoted(answer.seen),
    )
    parts = [
        f"{answer.id}  {answer.account}  {said}",
        _("counts until %(day)s", day=words.full_date(answer.until)),
    ]
    if answer.file:
        parts.append(f"{answer.file.name}, SHA-256 {answer.file.sha256}")
        if not book.is_intact(answer.file):
            parts.append(_("the file was changed or is missing"))
    if answer.withdrawn_at:
        on = words.full_date(answer.withdrawn_at.date())
        parts.append(_("withdrawn by %(name)s on %(day)s", name=answer.withdrawn_by, day=on))
    elif not answer.stands(datetime.now(UTC).date()):
        parts.append(_("expired"))
    return printable(words.clauses(parts))
