"""`temoin report`: stored results as a page, a document or data, without a visit."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, time
from enum import StrEnum
from itertools import chain
from pathlib import Path
from typing import Annotated

import typer

from automation.app.report import (
    ReportSubject,
    SchemaDocument,
    folders_by_owner,
    make_folder,
    open_runs,
    schema_of,
    subject_of,
    write_pages,
    write_pdf,
)
from automation.app.setup import known_flows
from automation.cli.options import Config, Lang, Trusted
from automation.cli.settings import day, settings_and_words
from automation.config import Settings
from automation.core.flows import FlowGuide
from automation.reports import as_ci, as_json, as_table
from automation.storage.files import write_text


class Format(StrEnum):
    """What can be written."""

    HTML = "html"
    PDF = "pdf"
    JSON = "json"
    JSONL = "jsonl"
    CSV = "csv"
    MARKDOWN = "markdown"
    JUNIT = "junit"
    SARIF = "sarif"


_IN_FULL = frozenset({Format.JSON, Format.JSONL})
_SUFFIXES = {Format.MARKDOWN: "md", Format.JUNIT: "xml"}
"""Of files, where it is not the format's name."""


def report(
    runs: Annotated[
        list[Path] | None, typer.Argument(metavar="[RUN]...", help="Folders of runs, or files with results; else all.")
    ] = None,
    form: Annotated[Format, typer.Option("--format", help="What to write.")] = Format.HTML,
    output: Annotated[
        Path | None, typer.Option(help="File to write; for html also a folder, for both languages. - is stdout.")
    ] = None,
    since: Annotated[
        str | None, typer.Option(help="Only runs of this day (UTC) or later; changes since then: 2026-11-25.")
    ] = None,
    embed: Annotated[bool, typer.Option(help="html: put the pictures into the page, to be sent on alone.")] = False,
    by_owner: Annotated[
        bool,
        typer.Option(
            "--by-owner", help="One report for each owner, without the others, in a folder of its own in --output."
        ),
    ] = False,
    trust: Trusted = None,
    config: Config = None,
    lang: Lang = None,
) -> None:
    """
    Write a report on the newest answer of each account, from what is stored. Nothing is visited.

    Without RUN: all runs of the evidence folder, for the accounts of the configuration.
    """
    settings, said = settings_and_words(config, lang=lang, for_signing_in=False)
    guides = {flow.id: flow.guide for flow in known_flows(settings.flow_paths).flows.values()}
    start = datetime.combine(day(since, "--since", "2026-11-25"), time(), UTC) if since else None
    stored = open_runs(runs or (), settings, start)
    wanted = None if runs or not settings.accounts else {account.name for account in settings.accounts}
    subject = subject_of(stored, wanted, settings, start, said, in_full=form in _IN_FULL, trust=trust)
    made = [(subject, output)]
    if by_owner:
        made = []
        for owner, folder in folders_by_owner(subject, output).items():
            theirs = {result.account for result in subject.document.results if result.owner == owner}
            theirs |= {account.name for account in settings.accounts if account.owner == owner}
            alone = subject_of(stored, theirs, settings, start, said, in_full=form in _IN_FULL, trust=trust)
            suffix = _SUFFIXES.get(form, form.value)
            made.append((alone, folder if form is Format.HTML else folder / f"report.{said.code}.{suffix}"))
            make_folder(folder)
    for one, target in made:
        if form is Format.HTML:
            typer.echo(write_pages(one, guides, said.code, target, embed=embed))
        elif form is Format.PDF:
            typer.echo(write_pdf(one, guides, said.code, target, settings))
        else:
            _write_text(_text(form, one, guides, said.code, settings), target, mark=form is Format.CSV)


def _text(
    form: Format, subject: ReportSubject, guides: Mapping[str, FlowGuide], lang: str, settings: Settings
) -> Iterable[str]:
    document, background = subject.document, subject.background
    if form is Format.JSON:
        return (*as_json.pieces(document.run, document.results), "\n")
    if form is Format.JSONL:
        return as_json.lines(document.results, background)
    if form is Format.CSV:
        return as_table.rows(document.results, guides, lang, background)
    if form is Format.MARKDOWN:
        return (as_ci.render_markdown(document, guides, lang, background),)
    if form is Format.JUNIT:
        return (as_ci.render_junit(document, guides, lang, background),)
    lines = {name: int(place.rpartition(":")[2]) for name, place in settings.places.items() if place[-1:].isdigit()}
    name = settings.config.as_posix() if settings.config and not settings.config.is_absolute() else "temoin.toml"
    return (as_ci.render_sarif(document, guides, lang, background, lines=lines, configuration=name),)


def _write_text(pieces: Iterable[str], output: Path | None, *, mark: bool) -> None:
    """To a file, or to stdout; with a mark before it where a spreadsheet would else take UTF-8 for something older."""
    if output is None or str(output) == "-":
        for piece in pieces:
            typer.echo(piece.encode("utf-8", "replace"), nl=False)
        return
    write_text(output, chain(("\ufeff",), pieces) if mark else pieces)
    typer.echo(str(output))


def schema(
    document: Annotated[
        SchemaDocument,
        typer.Argument(help="What `temoin check` (run), `temoin inbox` or `temoin history` print as JSON."),
    ] = SchemaDocument.RUN,
) -> None:
    """Print the JSON Schema (2020-12) of a document."""
    typer.echo(json.dumps(schema_of(document), ensure_ascii=False, indent=2))
