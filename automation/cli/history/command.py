"""`temoin history`: what was answered before, what changed since, and the same made again from the evidence."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from automation.cli.shared.common import Config, Lang, Output
from automation.cli.shared.default_command import group_with_default

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import datetime

    from automation.config import Settings
    from automation.storage.history import History, HistoryEntry
    from automation.text.language import Language

app = typer.Typer(
    cls=group_with_default("show"),
    help="What was answered before, and what changed since. `temoin history` alone shows where each account stands.",
    subcommand_metavar="[ACCOUNT | rebuild]",
)


@app.command("show")
def show(
    account: Annotated[str | None, typer.Argument(help="Show all results of this account.")] = None,
    since: Annotated[str | None, typer.Option(help="Only results of this day (UTC) or later: 2026-11-25.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print the entries as JSON, and nothing else.")] = False,
    fleet: Annotated[bool, typer.Option("--fleet", help="The past of the fleet, from its database.")] = False,
    config: Config = None,
    output: Output = None,
    lang: Lang = None,
) -> None:
    """Show where each account stands, or all results of one account or since a day."""
    from datetime import UTC, datetime, time

    from automation.cli.shared.common import day, load_settings, words

    settings = load_settings(config, for_signing_in=False)
    start = datetime.combine(day(since, "--since"), time(), UTC) if since else None
    opened = _of_fleet(settings) if fleet else _of_folder(settings, output)
    entries: tuple[HistoryEntry, ...] = ()
    if opened is not None:
        with opened as history:
            entries = _entries(history, account, start)
            if account is not None and not entries:
                _must_exist(account, settings, {entry.account for entry in history.latest()})
    elif account is not None:
        _must_exist(account, settings, ())
    if not fleet:
        _compare(entries, settings, output)
    if json:
        typer.echo(_as_json(entries))
    else:
        _print(entries, words(lang, settings), in_time=account is not None or start is not None)


@app.command("rebuild")
def rebuild(config: Config = None, output: Output = None, lang: Lang = None) -> None:
    """
    Make the history again from the evidence, which is the truth.

    A copy of what it was stays beside it (history.sqlite3.before); a damaged file is renamed, not removed.
    """
    from automation.cli.shared.common import load_settings, words
    from automation.cli.shared.places import history_path
    from automation.cli.shared.progress import counted
    from automation.core.errors import ConfigurationError, HistoryDamaged
    from automation.evidence.maintain.history_source import rebuild as from_evidence
    from automation.reports.stored import open_stored
    from automation.storage.history import SqliteHistory
    from automation.storage.history.database import set_aside
    from automation.text.language import printable

    settings = load_settings(config, for_signing_in=False)
    said = words(lang, settings)
    path, root = history_path(settings, output), output or settings.output
    if not root.is_dir():
        raise ConfigurationError(f"{root}: there is no such evidence folder", "Name it with --output.")
    try:
        history = SqliteHistory(path)
    except HistoryDamaged:
        aside = set_aside(path)
        typer.echo(said.gettext("Damaged file, kept: %(file)s", file=aside), err=True)
        history = SqliteHistory(path)
    with history, counted() as tell:
        rebuilt = from_evidence(history, root, open_stored, tell)
    for problem in rebuilt.problems:
        typer.echo(f"✗ {printable(said.said(problem))}", err=True)
    results = said.ngettext("%(num)s result", "%(num)s results", rebuilt.results, num=rebuilt.results)
    runs = said.ngettext("of %(num)s run", "of %(num)s runs", rebuilt.runs, num=rebuilt.runs)
    typer.echo(said.gettext("%(what)s: %(text)s", what=path, text=f"{results} {runs}"))
    if rebuilt.problems:
        raise typer.Exit(3)


def _of_folder(settings: Settings, output: Path | None) -> History | None:
    """The history of an evidence folder; None where nothing was ever recorded."""
    from automation.cli.shared.places import history_path
    from automation.storage.history import SqliteHistory

    path = history_path(settings, output)
    return SqliteHistory(path) if path.exists() else None


def _of_fleet(settings: Settings) -> History:
    """The history that a fleet's workers share."""
    from automation.cli.fleet.parts import place_of

    place = place_of(settings)

    from automation.storage.history.postgres import PostgresHistory

    return PostgresHistory(place)


def _entries(history: History, account: str | None, start: datetime | None) -> tuple[HistoryEntry, ...]:
    if account is not None:
        return history.timeline(account, start)
    return history.since(start) if start is not None else history.latest()


def _must_exist(account: str, settings: Settings, recorded: Collection[str]) -> None:
    """
    Tell an account without results from a slip of the pen.

    Raises:
        ConfigurationError: nothing is known of such an account.
    """
    from automation.config.problems import did_you_mean, known_accounts
    from automation.core.errors import ConfigurationError

    names = sorted({*recorded, *(one.name for one in settings.accounts)})
    if account not in names:
        remedy = f"{did_you_mean(account, names)} {known_accounts(names)}".strip()
        raise ConfigurationError(f'there is no account "{account}", neither configured nor in the history', remedy)


def _compare(entries: Iterable[HistoryEntry], settings: Settings, output: Path | None) -> None:
    """
    Compare answers with what is sealed: the history is a file that anybody may have written to.

    Raises:
        ConfigurationError: one says otherwise.
    """
    from automation.cli.shared.sealing import known_keys
    from automation.core.errors import ConfigurationError
    from automation.evidence.verify.chain_reading import read_chain
    from automation.evidence.verify.opened import is_sealed_answer

    root = output or settings.output
    chain = read_chain(root.absolute(), known_keys(settings))
    for entry in entries:
        now = entry.change.now
        if entry.bundle and not is_sealed_answer(root, entry.bundle, now.run, entry.account, now.verdict.value, chain):
            raise ConfigurationError(
                f"{entry.account}: the history says {now.verdict.value} on {now.at:%Y-%m-%d}, "
                "and its evidence does not",
                "Run `temoin verify` on the evidence folder, then `temoin history rebuild`.",
            )


def _as_json(entries: Sequence[HistoryEntry]) -> str:
    from pydantic import TypeAdapter

    from automation.storage.history.entries import HistoryDocument

    return TypeAdapter(HistoryDocument).dump_json(HistoryDocument(tuple(entries)), indent=2).decode()


def _print(entries: Iterable[HistoryEntry], words: Language, *, in_time: bool) -> None:
    """As a table: one line an account, or one line a result with what changed in the form below it."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from automation.reports.saying import Saying
    from automation.text.language import printable

    _, say = words.gettext, Saying(words)
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column(_("Account"), overflow="fold", ratio=3)
    table.add_column(_("Answer"), overflow="fold", ratio=3)
    if not in_time:
        table.add_column(_("Since"), no_wrap=True)
    table.add_column(_("Change"), overflow="fold", ratio=4)
    table.add_column(_("Checked (UTC)"), no_wrap=True)
    for entry in entries:
        now, changes = entry.change.now, [say.change(entry.change)]
        account = _("%(account)s (stand-in)", account=entry.account) if entry.stand_in else entry.account
        if in_time:
            changes += [say.form_change(change).striptags() for change in entry.change.form_changes]
        cells = [
            account,
            f"{say.verdict(now.verdict)}\n{say.stood(now)}",
            *(() if in_time else (words.short_date(entry.change.since.date()),)),
            "\n".join(changes),
            f"{now.at:%Y-%m-%d %H:%M}" if in_time else f"{now.at:%Y-%m-%d}",
        ]
        table.add_row(*(Text(printable(cell)) for cell in cells))
    if table.rows:
        Console().print(table)
    else:
        typer.echo(_("No result is recorded."))
