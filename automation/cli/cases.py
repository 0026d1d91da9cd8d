"""`temoin object list`: the objections that were filed, how far each has come, and what to do where no answer comes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import TypeAdapter

from automation.app.cases import as_pdf, complaint_of, newest_case
from automation.cli.options import AccountName, By, Config, Lang, Output, Seen, as_json, say
from automation.cli.settings import day, load_settings, settings_and_words
from automation.cli.terminal import speaker
from automation.core.cases import OVERDUE, Case, CaseEvent, CaseSource, CaseState, overdue
from automation.core.errors import ConfigurationError
from automation.core.policy import Statement, day_of
from automation.core.verdicts import Verdict
from automation.reports.names import CASE_NAMES, CASE_SOURCES, CASE_STEPS, event_name
from automation.reports.saying import Saying
from automation.storage.books import AnswerBook, CaseBook
from automation.storage.files import write_text, write_whole
from automation.text.catalogue import did_you_mean
from automation.text.language import Language, language, printable

_FINDING = 1


def list_cases(
    json: Annotated[bool, as_json("the cases")] = False, config: Config = None, output: Output = None, lang: Lang = None
) -> None:
    """List every case. Ends with 1 where an answer is overdue."""
    settings, said = settings_and_words(config, lang=lang, for_signing_in=False)
    cases, now = CaseBook(output or settings.output).cases(), datetime.now(UTC)
    lines = [line for case in cases for line in lines_of(case, now, said)]
    nothing = said.gettext("No case. `temoin object file` files an objection, and begins one.")
    _print(Case, "cases", cases, lines or [nothing], as_json=json)
    if overdue(cases, now):
        raise typer.Exit(_FINDING)


def _print(kind: Any, name: str, found: Sequence[object], lines: Sequence[str], *, as_json: bool) -> None:
    if as_json:
        lines = (TypeAdapter(dict[str, tuple[kind, ...]]).dump_json({name: tuple(found)}, indent=2).decode(),)
    for line in lines:
        typer.echo(line)


def lines_of(case: Case, now: datetime, words: Language) -> tuple[str, ...]:
    """One case for a terminal: how far it is, by when an answer is due, what to do, and its history."""
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


def confirm(
    account: AccountName,
    state: Annotated[str, typer.Argument(help="filed, acknowledged, more_information, accepted or refused.")],
    seen: Seen,
    by: By = None,
    config: Config = None,
    output: Output = None,
    lang: Lang = None,
) -> None:
    """Say how far a case has come, where Témoin could not read it."""
    settings, said = settings_and_words(config, (account,), lang=lang, for_signing_in=False)
    known = [one.value for one in CaseState if one is not CaseState.RELEASED]
    if state not in known:
        raise ConfigurationError(f'"{state}" is no state of a case', _use_one_of(known, state))
    if not seen.strip():
        raise ConfigurationError("--seen is empty", "Say what you saw.")
    book = CaseBook(output or settings.output)
    case = newest_case(book, account)
    now = datetime.now(UTC)
    book.move(case.id, CaseEvent(CaseState(state), now, CaseSource.PERSON, speaker(by, said), seen.strip()))
    for line in lines_of(newest_case(book, account), now, said):
        typer.echo(line)


def letter(
    account: AccountName,
    to: Annotated[str, typer.Option("--to", help="The authority: cnil (French) or dpc (English).")] = "cnil",
    file: Annotated[Path | None, typer.Option(help="Write it there, as .txt or .pdf; else it is printed.")] = None,
    config: Config = None,
    output: Output = None,
    lang: Lang = None,
) -> None:
    """Write the complaint to the authority, with the evidence listed. You complete and send it."""
    settings = load_settings(config, (account,), for_signing_in=False)
    cases, words = CaseBook(output or settings.output).cases(), language(lang) if lang else None
    made = complaint_of(cases, account, to, settings, words, datetime.now(UTC))
    if file is None:
        typer.echo(made.as_text())
    elif file.suffix.lower() == ".pdf":
        write_whole(file, as_pdf(made, settings))
    else:
        write_text(file, made.as_text())


def record(
    account: AccountName,
    answer: Annotated[str, typer.Argument(help="objected, not_objected, pending, refused or not_offered.")],
    seen: Seen,
    until: Annotated[str, typer.Option(help="Last day on which it may count: 2027-01-31.")],
    file: Annotated[Path | None, typer.Option(help="A screenshot or message; a copy is kept.")] = None,
    by: By = None,
    config: Config = None,
    output: Output = None,
    lang: Lang = None,
) -> None:
    """Record what a person saw."""
    settings, said = settings_and_words(config, (account,), lang=lang, for_signing_in=False)
    book = AnswerBook(output or settings.output)
    typer.echo(_line(recorded(book, account, answer, seen, until, by=speaker(by, said), file=file), book, said))
    if not settings.policy.answers_count:
        typer.echo(said.gettext("It will only be shown: [policy] has `answers = false`."))
    else:
        command = f"temoin check {account}"
        say(said.gettext("It settles what the next check leaves open: %(command)s", command=command))


def recorded(
    book: AnswerBook,
    account: str,
    answer: str,
    seen: str,
    until: str,
    *,
    by: str,
    file: Path | None = None,
) -> Statement:
    """
    Write an answer down as a person gave it.

    Raises ConfigurationError: it is no answer, `until` is no day, or it says nothing.
    """
    known = [verdict.value for verdict in Verdict if verdict.is_answer]
    if answer not in known:
        raise ConfigurationError(f'"{answer}" is no answer that a person can give', _use_one_of(known, answer))
    return book.add(account, Verdict(answer), seen=seen, by=by, until=day(until, "--until"), file=file)


def _use_one_of(known: list[str], given: str) -> str:
    return f"{did_you_mean(given, known)} Use one of {', '.join(known)}.".strip()


def list_answers(
    json: Annotated[bool, as_json("the answers")] = False,
    config: Config = None,
    output: Output = None,
    lang: Lang = None,
) -> None:
    """List every answer, those that were withdrawn or are past their last day too."""
    settings, said = settings_and_words(config, lang=lang, for_signing_in=False)
    book = AnswerBook(output or settings.output)
    answers = book.answers()
    lines = [_line(one, book, said) for one in answers] or [said.gettext("No answer is recorded.")]
    _print(Statement, "answers", answers, lines, as_json=json)


def withdraw(
    number: Annotated[str, typer.Argument(help="The answer's number, as `temoin answer list` shows it.")],
    by: By = None,
    config: Config = None,
    output: Output = None,
    lang: Lang = None,
) -> None:
    """Take an answer back. It stays on record, marked as withdrawn."""
    settings, said = settings_and_words(config, lang=lang, for_signing_in=False)
    book = AnswerBook(output or settings.output)
    typer.echo(_line(book.withdraw(number, by=speaker(by, said)), book, said))


def _line(answer: Statement, book: AnswerBook, words: Language) -> str:
    """One answer for a terminal: what, who, when, until when, and what has become of it."""
    _, verdict, text = words.gettext, Saying(words).verdict(answer.verdict), words.quoted(answer.seen)
    values = {"verdict": verdict, "name": answer.by, "day": words.full_date(answer.at.date()), "text": text}
    said = _("%(verdict)s, said by %(name)s on %(day)s: %(text)s", **values)
    parts = [f"{answer.id}  {answer.account}  {said}", _("counts until %(day)s", day=words.full_date(answer.until))]
    if answer.file:
        parts.append(f"{answer.file.name}, SHA-256 {answer.file.sha256}")
        if not book.is_intact(answer.file):
            parts.append(_("the file was changed or is missing"))
    if answer.withdrawn_at:
        on = words.full_date(answer.withdrawn_at.date())
        parts.append(_("withdrawn by %(name)s on %(day)s", name=answer.withdrawn_by, day=on))
    elif not answer.stands(day_of(datetime.now(UTC))):
        parts.append(_("expired"))
    return printable(words.clauses(parts))
