"""`temoin report`: stored results as a page, a document or data, without a visit."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from automation.cli.shared.common import Lang, Trusted
from automation.text.catalogue import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from automation.cli.shared.stored_runs import ReportSubject
    from automation.config import Settings
    from automation.core.guides import FlowGuide
    from automation.reports.pictures import Find, Source


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
    config: Annotated[Path | None, typer.Option(help="The configuration file.")] = None,
    lang: Lang = None,
) -> None:
    """
    Write a report on the newest answer of each account, from what is stored. Nothing is visited.

    Without RUN: all runs of the evidence folder, for the accounts of the configuration.
    """
    from automation.cli.shared.common import language, load_settings
    from automation.cli.shared.known_flows import known_flows
    from automation.cli.shared.stored_runs import day, open_runs, subject_of

    settings = load_settings(config, for_signing_in=False)
    words = language(lang, settings)
    guides = {flow.id: flow.guide for flow in known_flows(settings.flow_paths).flows.values()}
    start = day(since)
    stored = open_runs(runs or (), settings, start)
    wanted = None if runs or not settings.accounts else {account.name for account in settings.accounts}
    subject = subject_of(stored, wanted, settings, start, in_full=form in _IN_FULL, trust=trust)
    if not by_owner:
        _write(form, subject, guides, words, output, settings, embed=embed)
        return
    for owner, folder in _folders(subject, output).items():
        theirs = {result.account for result in subject.document.results if result.owner == owner}
        theirs |= {account.name for account in settings.accounts if account.owner == owner}
        alone = subject_of(stored, theirs, settings, start, in_full=form in _IN_FULL, trust=trust)
        target = folder if form is Format.HTML else folder / f"report.{words}.{_SUFFIXES.get(form, form.value)}"
        _make(folder)
        _write(form, alone, guides, words, target, settings, embed=embed)


def _folders(subject: ReportSubject, output: Path | None) -> dict[str, Path]:
    """
    Owner → the folder of their report, each with a name of its own.

    Raises:
        ConfigurationError: nobody said where these folders go.
    """
    import re
    import unicodedata

    from automation.core.errors import ConfigurationError

    if output is None or str(output) == "-":
        raise ConfigurationError("--by-owner writes several reports", "Name a folder for them with --output.")
    found: dict[str, Path] = {}
    for owner in dict.fromkeys(result.owner for result in subject.document.results):
        plain = unicodedata.normalize("NFKD", owner).encode("ascii", "ignore").decode().lower()
        name = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60] or "owner"
        taken = set(found.values())
        numbered = (output / (name if number == 1 else f"{name}-{number}") for number in range(1, len(taken) + 2))
        found[owner] = next(folder for folder in numbered if folder not in taken)
    return found


def _write(
    form: Format,
    subject: ReportSubject,
    guides: Mapping[str, FlowGuide],
    lang: str,
    output: Path | None,
    settings: Settings,
    *,
    embed: bool,
) -> None:
    if form is Format.HTML:
        typer.echo(_write_pages(subject, guides, lang, output, embed=embed))
    elif form is Format.PDF:
        typer.echo(write_pdf(subject, guides, lang, output, settings))
    else:
        _write_text(_text(form, subject, guides, lang, settings), output, mark=form is Format.CSV)


def _text(
    form: Format, subject: ReportSubject, guides: Mapping[str, FlowGuide], lang: str, settings: Settings
) -> Iterable[str]:
    from automation.reports import as_csv, as_json, as_jsonl, as_junit, as_markdown, as_sarif

    document, background = subject.document, subject.background
    if form is Format.JSON:
        return (*as_json.pieces(document.run, document.results), "\n")
    if form is Format.JSONL:
        return as_jsonl.lines(document.results, background)
    if form is Format.CSV:
        return as_csv.rows(document.results, guides, lang, background)
    if form is Format.MARKDOWN:
        return (as_markdown.render_markdown(document, guides, lang, background),)
    if form is Format.JUNIT:
        return (as_junit.render_junit(document, guides, lang, background),)
    lines = {name: int(place.rpartition(":")[2]) for name, place in settings.places.items() if place[-1:].isdigit()}
    name = settings.config.as_posix() if settings.config and not settings.config.is_absolute() else "temoin.toml"
    return (as_sarif.render_sarif(document, guides, lang, background, lines=lines, configuration=name),)


def _write_text(pieces: Iterable[str], output: Path | None, *, mark: bool) -> None:
    """To a file, or to stdout; with a mark before it where a spreadsheet would else take UTF-8 for something older."""
    from itertools import chain

    from automation.storage.files import write_text

    if output is None or str(output) == "-":
        for piece in pieces:
            typer.echo(piece.encode("utf-8", "replace"), nl=False)
        return
    write_text(output, chain(("\ufeff",), pieces) if mark else pieces)
    typer.echo(str(output))


def _write_pages(
    subject: ReportSubject, guides: Mapping[str, FlowGuide], lang: str, output: Path | None, *, embed: bool
) -> str:
    """The page, in both languages where it goes into a folder; the path of the chosen one."""
    from automation.reports.as_html import pieces
    from automation.storage.files import write_text

    target = output or _beside(subject.root)
    folder = target if target.is_dir() or target.suffix == "" or output is None else None
    place = folder or target.parent
    names = {code: f"report.{code}.html" for code in LANGUAGES} if folder else {lang: target.name}
    _make(place)
    source = _source(subject, place, embed=embed)
    for code, name in names.items():
        others = {other: file for other, file in names.items() if other != code}
        page = pieces(subject.document, guides, code, source, other_languages=others, background=subject.background)
        write_text(place / name, page)
    return str(place / names[lang])


def write_pdf(
    subject: ReportSubject, guides: Mapping[str, FlowGuide], lang: str, output: Path | None, settings: Settings
) -> str:
    """The page for paper; it names no folder of this machine."""
    import tempfile

    from automation.browser.printing import print_page
    from automation.cli.shared.common import run_async
    from automation.reports.as_html import pieces
    from automation.reports.pictures import Source
    from automation.storage.files import write_text, write_whole

    target = output or _beside(subject.root) / f"report.{lang}.pdf"
    _make(target.parent)
    root = subject.root.absolute()
    source = Source(find=_finder(root, Path.as_uri), linked=False)
    with tempfile.TemporaryDirectory(prefix="temoin-") as folder:
        page = Path(folder) / "report.html"
        written = pieces(
            subject.document, guides, lang, source, other_languages={}, background=subject.background, printed=True
        )
        write_text(page, written)
        write_whole(target, run_async(print_page(page, settings.browser)), shared=True)
    return str(target)


def _source(subject: ReportSubject, place: Path, *, embed: bool) -> Source:
    import os

    from automation.reports.pictures import Source, folder_of, path_of

    root = subject.root.absolute()
    if embed:
        return Source(find=_finder(root, _as_data), linked=False)
    relative = "" if root == place.absolute() else Path(os.path.relpath(root, place.absolute())).as_posix()

    def linked(file: Path) -> str:
        return folder_of(relative, file.parent.relative_to(root).as_posix()) + path_of(file.name)

    return Source(relative, _finder(root, linked))


def _beside(root: Path) -> Path:
    """Where a report goes that was made again: beside the sealed evidence, in which only sealed ones may lie."""
    sealed = _sealed_folder(root)
    if sealed is None:
        return root
    return sealed.with_name(f"{sealed.name}-reports") / root.absolute().relative_to(sealed)


def _sealed_folder(folder: Path) -> Path | None:
    """The folder of sealed evidence that a folder is, or lies in; None outside of any."""
    from automation.evidence.formats.names import RUN_DOCUMENT
    from automation.evidence.verify.chain_reading import has_ledger

    here = folder.absolute()
    above = [one for one in (here, *here.parents) if has_ledger(one)]
    return above[-1] if above else here if (here / RUN_DOCUMENT).exists() else None


def _finder(root: Path, address: Callable[[Path], str]) -> Find:
    """Finds pictures in the evidence; what is gone, or would lie outside of it, is not found."""

    def find(folder: str, picture: str) -> str | None:
        file = root / folder / picture
        try:
            inside = file.resolve().is_relative_to((root / folder).resolve())
            return address(file) if inside and file.is_file() else None
        except OSError:
            return None

    return find


def _as_data(file: Path) -> str:
    import base64

    kind = "image/png" if file.suffix == ".png" else "image/jpeg"
    return f"data:{kind};base64,{base64.b64encode(file.read_bytes()).decode()}"


def _make(folder: Path) -> None:
    from automation.core.errors import OutputError

    _outside(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(
            f"{folder}: cannot be made ({error.strerror or error})", "Choose another place with --output."
        ) from None


def _outside(folder: Path) -> None:
    """
    Refuse a folder in which only sealed reports may lie.

    Raises:
        ConfigurationError: it is one.
    """
    from automation.core.errors import ConfigurationError

    if (sealed := _sealed_folder(folder)) is not None:
        raise ConfigurationError(
            f"{folder}: a report in {sealed} would be one that nothing seals, and `temoin verify` would name it",
            "Name a place outside of the evidence with --output.",
        )
