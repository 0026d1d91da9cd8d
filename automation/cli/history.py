"""`temoin history`: what was answered before, what changed since, and the same made again from the evidence."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import nullcontext
from dataclasses import asdict
from datetime import UTC, datetime, time, timedelta
from json import dumps
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import TypeAdapter
from rich.console import Console
from rich.table import Table
from rich.text import Text

from automation.app.fleet import history_of
from automation.app.known import last_answers_of
from automation.app.session_ends import soon_ended
from automation.app.setup import history_path, known_keys
from automation.cli.options import Config, Lang, OneAccount, Output, Trusted, as_json, say, told, words
from automation.cli.settings import day, load_settings, settings_and_words
from automation.cli.terminal import counted
from automation.config import Settings
from automation.config.problems import known_accounts
from automation.core.errors import ConfigurationError, HistoryDamaged
from automation.core.results import Result
from automation.evidence.maintain.history_source import rebuild as from_evidence
from automation.evidence.verify.chain_reading import read_chain
from automation.evidence.verify.opened import Evidence, is_sealed_answer, open_evidence
from automation.reports.comparison import Compared, PixelBox, compare_answers, compare_pictures, compared_lines
from automation.reports.saying import Saying
from automation.reports.stored import NAME, StoredRun, open_all, open_stored
from automation.storage.files import write_whole
from automation.storage.history_rows import HistoryDocument, HistoryEntry
from automation.storage.sqlite import SqliteHistory, set_aside
from automation.text.catalogue import did_you_mean
from automation.text.language import Language, printable


def show(
    account: OneAccount = None,
    since: Annotated[str | None, typer.Option(help="Only results of this day (UTC) or later: 2026-11-25.")] = None,
    json: Annotated[bool, as_json("the entries")] = False,
    fleet: Annotated[bool, typer.Option("--fleet", help="The past of the fleet, from its database.")] = False,
    config: Config = None,
    output: Output = None,
    lang: Lang = None,
) -> None:
    """Show where each account stands, or all results of one account or since a day."""
    settings = load_settings(config, for_signing_in=False)
    start = datetime.combine(day(since, "--since"), time(), UTC) if since else None
    path = history_path(settings, output)
    opened = history_of(settings) if fleet else SqliteHistory(path) if path.exists() else nullcontext()
    with opened as history:
        if history is None:
            entries: tuple[HistoryEntry, ...] = ()
        elif account is not None:
            entries = history.timeline(account, start)
        else:
            entries = history.since(start) if start is not None else history.latest()
        if account is not None and not entries:
            _must_exist(account, settings, {entry.account for entry in history.latest()} if history else ())
    if not fleet:
        _compare(entries, settings, output)
    if json:
        typer.echo(TypeAdapter(HistoryDocument).dump_json(HistoryDocument(tuple(entries)), indent=2).decode())
    else:
        in_time = account is not None or start is not None
        unread = {one.account: one for one in entries if not (fleet or in_time or one.change.now.verdict.is_answer)}
        asked = {name: (one.flow, one.change.now.at) for name, one in unread.items()}
        known = last_answers_of(asked, output or settings.output, settings)
        _print(entries, known, words(lang, settings), in_time=in_time)


def rebuild(config: Config = None, output: Output = None, lang: Lang = None) -> None:
    """
    Make the history again from the evidence, which is the truth.

    A copy of what it was stays beside it (history.sqlite3.before); a damaged file is renamed, not removed.
    """
    settings, said = settings_and_words(config, lang=lang, for_signing_in=False)
    path, root = history_path(settings, output), output or settings.output
    if not root.is_dir():
        raise ConfigurationError(f"{root}: there is no such evidence folder", "Name it with --output.")
    try:
        history = SqliteHistory(path)
    except HistoryDamaged:
        aside = set_aside(path)
        say(said.gettext("Damaged file, kept: %(file)s", file=aside))
        history = SqliteHistory(path)
    with history, counted() as tell:
        rebuilt = from_evidence(history, root, open_stored, tell)
    for problem in rebuilt.problems:
        say(f"✗ {printable(said.said(problem))}")
    results = said.ngettext("%(num)s result", "%(num)s results", rebuilt.results, num=rebuilt.results)
    runs = said.ngettext("of %(num)s run", "of %(num)s runs", rebuilt.runs, num=rebuilt.runs)
    typer.echo(said.gettext("%(what)s: %(text)s", what=path, text=f"{results} {runs}"))
    if rebuilt.problems:
        raise typer.Exit(3)


def _must_exist(account: str, settings: Settings, recorded: Collection[str]) -> None:
    """Tell an account without results from a slip of the pen. Raises ConfigurationError: nothing is known of it."""
    names = sorted({*recorded, *(one.name for one in settings.accounts)})
    if account not in names:
        remedy = f"{did_you_mean(account, names)} {known_accounts(names)}".strip()
        raise ConfigurationError(f'there is no account "{account}", neither configured nor in the history', remedy)


def _compare(entries: Iterable[HistoryEntry], settings: Settings, output: Path | None) -> None:
    """
    Compare answers with what is sealed: the history is a file that anybody may have written to.

    Raises ConfigurationError: one says otherwise.
    """
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


def _print(entries: Iterable[HistoryEntry], known: Mapping[str, Result], words: Language, *, in_time: bool) -> None:
    """As a table: one line an account with what is known of it, or one line a result with what changed in the form."""
    _, say = words.gettext, Saying(words)
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column(_("Account"), overflow="fold", ratio=3)
    table.add_column(_("Answer"), overflow="fold", ratio=3)
    if not in_time:
        table.add_column(_("Since"), no_wrap=True)
    table.add_column(_("Change"), overflow="fold", ratio=4)
    table.add_column(_("Checked (UTC)"), no_wrap=True)
    for entry in entries:
        now, answer = entry.change.now, known.get(entry.account)
        changes = [say.kept(answer, entry.because_key, now.reason, now.at) if answer else say.change(entry.change)]
        account = _("%(account)s (stand-in)", account=entry.account) if entry.stand_in else entry.account
        if in_time:
            changes += [say.form_change(change).striptags() for change in entry.change.form_changes]
        cells = [
            account,
            f"{say.verdict((answer or now).verdict)}\n{say.stood(answer or now)}",
            *(
                ()
                if in_time
                else (words.short_date(answer.finished_at.date() if answer else entry.change.since.date()),)
            ),
            "\n".join(changes),
            f"{now.at:%Y-%m-%d %H:%M}" if in_time else f"{now.at:%Y-%m-%d}",
        ]
        table.add_row(*(Text(printable(cell)) for cell in cells))
    if table.rows:
        Console().print(table)
    else:
        typer.echo(_("No result is recorded."))


_OUTPUT = Path("temoin-diff")


def diff(
    before: Annotated[Path, typer.Argument(help="The earlier bundle.")],
    now: Annotated[Path, typer.Argument(help="The later bundle, of the same account.")],
    output: Annotated[Path, typer.Option(help="Folder for pictures of what differs; made when something does.")] = (
        _OUTPUT
    ),
    json: Annotated[bool, as_json("the differences")] = False,
    trust: Trusted = None,
    lang: Lang = None,
) -> None:
    """
    Compare two bundles: the answer, the form, switches, and the pictures of each step without what is masked.

    Exit codes: 0 no difference, 1 some.
    """
    believed = known_keys(None, trust)
    first, second = open_evidence(before, believed), open_evidence(now, believed)
    ours, theirs = _by_step(first), _by_step(second)
    pictures = {}
    for step in (step for step in ours if step in theirs):  # like with like: taken for the same time on its visit
        masks = [*_masks(first, ours[step]), *_masks(second, theirs[step])]
        pictures[step] = compare_pictures(first.read(ours[step]), second.read(theirs[step]), masks)
    files = {step: output / f"{step}.png" for step, one in pictures.items() if one.picture is not None}
    for step, path in files.items():
        output.mkdir(parents=True, exist_ok=True)
        write_whole(path, pictures[step].picture or b"", shared=True)
    only_in_one = tuple(sorted(ours.keys() ^ theirs.keys()))
    found = Compared(compare_answers(first.result, second.result), pictures, files, only_in_one)
    if json:
        typer.echo(_as_json(found))
    else:
        for line in compared_lines(found, words(lang, None)):
            typer.echo(line)
    raise typer.Exit(1 if found.differs else 0)


def _by_step(evidence: Evidence) -> dict[str, str]:
    """Name of a step (with a number from its second time on) → its picture."""
    found: dict[str, str] = {}
    for step in evidence.result.steps:
        if step.picture is not None:
            names = (step.name, *(f"{step.name}-{number}" for number in range(2, 100)))
            found[next(name for name in names if name not in found)] = step.picture
    return found


def _masks(evidence: Evidence, picture: str) -> Iterator[Any]:
    for redaction in evidence.redactions:
        if picture in redaction.pictures:
            for mask in redaction.masks:
                yield from (PixelBox(*box) for box in mask.boxes)


def _as_json(found: Compared) -> str:
    pictures = [
        {
            "step": step,
            "pixels": one.pixels,
            "of": one.of,
            "where": asdict(one.where) if one.where else None,
            "sizes": one.sizes,
            "file": str(found.files[step]) if step in found.files else None,
        }
        for step, one in found.pictures.items()
    ]
    answers = [asdict(one) for one in found.answers]
    document = {"answers": answers, "pictures": pictures, "only_in_one": found.only_in_one}
    return dumps(document, ensure_ascii=False, indent=2)


_INCOMPLETE = 3
_UNITS = {"h": "hours", "d": "days", "w": "weeks"}


def stale(
    evidence: Annotated[
        list[Path] | None, typer.Argument(help="Evidence folders or files with results; usual: the configured folder.")
    ] = None,
    older_than: Annotated[str, typer.Option(help="How old a result may be: 10d, 36h, 2w.")] = "10d",
    answered: Annotated[
        bool, typer.Option("--answered", help="Only answers count, not `unknown` or a person.")
    ] = False,
    json: Annotated[bool, as_json("the list")] = False,
    config: Config = None,
    lang: Lang = None,
) -> None:
    """
    Say which accounts have no result that is new enough, and whose session will soon end. Visits nobody.

    Says nothing where all is well.

    Exit code 3 where an account's last result is too old, or there is none.
    """
    age = age_of(older_than)
    settings = load_settings(config, for_signing_in=False)
    if not settings.accounts:
        raise ConfigurationError("no account is configured, so nothing could be too old", "Name one with --config.")
    newest = _newest(_stored(evidence or [settings.output]), settings, answered=answered)
    now = datetime.now(UTC)
    late = [account.name for account in settings.accounts if now - newest.get(account.name, _NEVER) > age]
    said = words(lang, settings)
    if json:
        last = {name: newest[name].isoformat() if name in newest else None for name in late}
        typer.echo(dumps({"stale": [{"account": name, "last_result": at} for name, at in last.items()]}, indent=2))
    for name in () if json else late:
        if name in newest:
            when = said.date_and_time(newest[name])
            typer.echo(said.gettext("%(account)s: last result on %(when)s", account=name, when=when))
        else:
            typer.echo(said.gettext("%(account)s: no result", account=name))
    for line in soon_ended(settings, said):
        typer.echo(line, err=json)
    if late:
        raise typer.Exit(_INCOMPLETE)


_NEVER = datetime.fromisoformat("0001-01-01T00:00:00+00:00")


def age_of(text: str) -> timedelta:
    """A length of time as a person writes it: 36h, 10d, 2w. Raises ConfigurationError: it is none."""
    match = re.fullmatch(r"([1-9]\d{0,3})([hdw])", text.strip().lower())
    if not match:
        raise ConfigurationError(f'"{text}" is no length of time', "Write hours, days or weeks: 36h, 10d, 2w.")
    return timedelta(**{_UNITS[match[2]]: int(match[1])})


def _stored(places: list[Path]) -> Iterator[StoredRun]:
    """The runs in these places; a file that cannot be read is told. Raises ConfigurationError: no such place."""
    for place in places:
        if not place.exists():
            raise ConfigurationError(f"{place}: there is nothing here", "Name the evidence folder, or a copy of it.")
        files = [place] if place.is_file() else sorted({*place.glob(NAME), *place.glob(f"*/{NAME}")})
        yield from open_all(files, lambda error: say(f"✗ {told(error.message)}"))


def _newest(runs: Iterable[StoredRun], settings: Settings, *, answered: bool) -> dict[str, datetime]:
    """Account → when its newest result was made; results of stand-ins count only where the configuration has one."""
    newest: dict[str, datetime] = {}
    for stored in runs:
        if stored.run.stand_in != bool(settings.browser.replica_map):
            continue
        try:
            for result in stored.results():
                if not answered or result.verdict.is_answer:
                    newest[result.account] = max(newest.get(result.account, _NEVER), result.finished_at)
        except ConfigurationError as error:
            say(f"✗ {told(error.message)}")
    return newest
