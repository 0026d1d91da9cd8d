"""`temoin report`: stored results as a page, a document or data, without a visit."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from enum import StrEnum
from itertools import chain
from pathlib import Path
from typing import Annotated

import typer

from automation.app.check import evidence_of
from automation.app.clients import Client, clients_in, write_first_page
from automation.app.report import (
    ReportSubject,
    SchemaDocument,
    folders_by_owner,
    make_folder,
    name_of,
    open_runs,
    schema_of,
    subject_of,
    write_pages,
    write_pdf,
)
from automation.app.setup import known_flows
from automation.cli.options import Config, Lang, Trusted
from automation.cli.settings import day, settings_and_words
from automation.compliance import ocsf, oscal
from automation.compliance.foreign import Tool, readings_in
from automation.compliance.pages import case_rows, plan_of, plan_page, plan_rows
from automation.config import Settings, load_policy
from automation.core.errors import ConfigurationError
from automation.core.flows import FlowGuide
from automation.core.policy import Policy
from automation.reports import as_ci, as_json, as_table
from automation.reports.stored import StoredRun
from automation.storage.books import ForeignBook, GivenBook
from automation.storage.files import write_text
from automation.text.language import Language


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
    OCSF = "ocsf"
    OSCAL = "oscal"
    PLAN = "plan"
    """Who has to do what until when: CSV, or a page where the file's name ends in .html."""
    CASES = "cases"


_IN_FULL = frozenset({Format.JSON, Format.JSONL})
_SPREADSHEETS = frozenset({Format.CSV, Format.PLAN, Format.CASES})
_SUFFIXES = {
    Format.MARKDOWN: "md",
    Format.JUNIT: "xml",
    Format.OCSF: "ocsf.json",
    Format.OSCAL: "oscal.json",
    Format.PLAN: "plan.csv",
    Format.CASES: "cases.csv",
}
"""Of files, where it is not the format's name."""


def report(
    runs: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[RUN|FOLDER]...",
            help="Folders of runs, or files with results; or a folder for each client; else all.",
        ),
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
    policy: Annotated[
        Path | None, typer.Option(help="File with [policy] and [[exceptions]] to measure all answers by.")
    ] = None,
    given_to: Annotated[
        str | None,
        typer.Option(metavar="CLIENT", help="Remember that CLIENT gets it; changes since their last one."),
    ] = None,
    exit_code: Annotated[bool, typer.Option("--exit-code", help="End as a check with these answers would.")] = False,
    trust: Trusted = None,
    config: Config = None,
    lang: Lang = None,
) -> None:
    """
    Write a report on the newest answer of each account, from what is stored. Nothing is visited.

    Without RUN: all runs of the evidence folder, for the accounts of the configuration. With a FOLDER for each
    client: a report for each, and a page that lists them. Exceptions count as of today.
    """
    settings, said = settings_and_words(config, lang=lang, for_signing_in=False)
    guides = {flow.id: flow.guide for flow in known_flows(settings.flow_paths).flows.values()}
    start = datetime.combine(day(since, "--since", "2026-11-25"), time(), UTC) if since else None
    wished = _Wished(form, guides, said, start, given_to, trust, load_policy(policy) if policy else None, embed)
    clients = clients_in(runs or (), settings)
    made = wished.made(clients, runs or (), settings, output, by_owner=by_owner)
    written = [wished.write(*one) for one in made]
    if len(clients) == len(made) and output and form in {Format.HTML, Format.PDF}:
        results = {client.name: one[0].document.results for client, one in zip(clients, made, strict=True)}
        reports = {client.name: Path(path) for client, path in zip(clients, written, strict=True)}
        typer.echo(write_first_page(results, reports, output, said))
    if exit_code:
        raise typer.Exit(min((one.document.run.exit_code for one, _, _ in made), key=_PRECEDENCE.index))


_PRECEDENCE = (4, 2, 1, 3, 0)
"""Of exit codes, as `automation.core.results.ExitCode` has it."""


def _folder_of(client: Client, output: Path | None) -> Path:
    if output is None or str(output) == "-":
        raise ConfigurationError("several clients get several reports", "Name a folder for them with --output.")
    make_folder(output / client.name)
    return output / client.name


@dataclass(frozen=True, slots=True)
class _Wished:
    """What one call asks for, whoever's report it is."""

    form: Format
    guides: Mapping[str, FlowGuide]
    words: Language
    start: datetime | None
    given_to: str | None
    trust: Path | None
    policy: Policy | None
    embed: bool

    def subject(self, stored: Sequence[StoredRun], wanted: set[str] | None, settings: Settings) -> ReportSubject:
        """What the report on these runs is about; changes since a day, else since what was given before."""
        given = GivenBook(evidence_of(stored[0].path.parent, settings))
        return subject_of(
            stored,
            wanted,
            settings,
            self.start or (given.last(self.given_to) if self.given_to else None),
            self.words,
            in_full=self.form in _IN_FULL,
            trust=self.trust,
            policy=self.policy,
        )

    def made(
        self,
        clients: Sequence[Client],
        runs: Sequence[Path],
        settings: Settings,
        output: Path | None,
        *,
        by_owner: bool,
    ) -> list[tuple[ReportSubject, Path | None, Settings]]:
        """Each report, where it goes, and whose configuration it is by."""
        found: list[tuple[ReportSubject, Path | None, Settings]] = []
        for client in clients or (Client("", settings),):
            folder = _folder_of(client, output) if len(clients) > 1 else output
            stored = open_runs(() if clients else runs, client.settings, self.start)
            wanted = None if runs and not clients else {one.name for one in client.settings.accounts} or None
            subject = self.subject(stored, wanted, client.settings)
            if by_owner:
                found += self._by_owner(subject, stored, client.settings, folder)
            else:
                found.append((subject, folder, client.settings))
        return found

    def _by_owner(
        self, subject: ReportSubject, stored: Sequence[StoredRun], settings: Settings, output: Path | None
    ) -> list[tuple[ReportSubject, Path | None, Settings]]:
        """The same for each owner alone."""
        made: list[tuple[ReportSubject, Path | None, Settings]] = []
        for owner, folder in folders_by_owner(subject, output).items():
            theirs = {result.account for result in subject.document.results if result.owner == owner}
            theirs |= {account.name for account in settings.accounts if account.owner == owner}
            made.append((self.subject(stored, theirs, settings), folder, settings))
            make_folder(folder)
        return made

    def write(self, subject: ReportSubject, output: Path | None, settings: Settings) -> str:
        """Write it, and say where; the path, empty for stdout. In a folder it is named by client and day."""
        path = self._written(subject, output, settings)
        if self.given_to:
            given = GivenBook(evidence_of(subject.root, settings))
            given.add(self.given_to, subject.document.run.finished_at)
        return path

    def _written(self, subject: ReportSubject, output: Path | None, settings: Settings) -> str:
        form, code, target = self.form, self.words.code, output
        if target is not None and target.is_dir() and form is not Format.HTML:
            target /= f"{name_of(subject)}.{_SUFFIXES.get(form, form.value)}"
        if form is Format.HTML:
            path = write_pages(subject, self.guides, code, target, embed=self.embed)
        elif form is Format.PDF:
            path = write_pdf(subject, self.guides, code, target, settings)
        else:
            pieces = _text(
                form, subject, self.guides, self.words, settings, page=target is not None and target.suffix == ".html"
            )
            return _write_text(pieces, target, mark=form in _SPREADSHEETS)
        typer.echo(path)
        return path


def _text(
    form: Format,
    subject: ReportSubject,
    guides: Mapping[str, FlowGuide],
    words: Language,
    settings: Settings,
    *,
    page: bool,
) -> Iterable[str]:
    document, background, lang = subject.document, subject.background, words.code
    if form in {Format.OCSF, Format.OSCAL}:
        return ((ocsf if form is Format.OCSF else oscal).render(document, guides, lang, background),)
    if form is Format.PLAN:
        steps = plan_of(document, guides, words, background)
        title = words.gettext("What there is to do: %(name)s", name=name_of(subject))
        return (plan_page(steps, title, words),) if page else plan_rows(steps, words)
    if form is Format.CASES:
        return case_rows(chain.from_iterable(background.cases.values()), words)
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


def _write_text(pieces: Iterable[str], output: Path | None, *, mark: bool) -> str:
    """To a file, or to stdout; with a mark before it where a spreadsheet would else take UTF-8 for something older."""
    if output is None or str(output) == "-":
        for piece in pieces:
            typer.echo(piece.encode("utf-8", "replace"), nl=False)
        return ""
    write_text(output, chain(("\ufeff",), pieces) if mark else pieces)
    typer.echo(str(output))
    return str(output)


def take_in(
    tool: Annotated[Tool, typer.Argument(help="The program that wrote it.")],
    file: Annotated[Path, typer.Argument(help="ScubaResults….json of ScubaGoggles, ….ocsf.json of Prowler.")],
    config: Config = None,
    lang: Lang = None,
) -> None:
    """Take in what another program read of a tenant's AI data use; reports name it as that program's own word."""
    settings, said = settings_and_words(config, lang=lang, for_signing_in=False)
    readings = readings_in(tool, file)
    ForeignBook(settings.output).add(readings)
    for one in readings:
        typer.echo(said.gettext("Read by %(tool)s: %(check)s, %(said)s", tool=one.tool, check=one.check, said=one.said))


def schema(
    document: Annotated[
        SchemaDocument,
        typer.Argument(
            help="What `temoin check` (run), `temoin object mail` or `temoin history` print; a guard's receipt."
        ),
    ] = SchemaDocument.RUN,
) -> None:
    """Print the JSON Schema (2020-12) of a document."""
    typer.echo(json.dumps(schema_of(document), ensure_ascii=False, indent=2))
