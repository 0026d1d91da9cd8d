"""`temoin fleet`: handing accounts over, visiting them, and where it all stands."""

from __future__ import annotations

import json as form
from dataclasses import asdict
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer
from pydantic import TypeAdapter
from rich.console import Console
from rich.table import Table

from automation.app.fleet import enrolled, exit_code, migrated, retired, status_of, worker_of
from automation.app.interrupts import run_async
from automation.cli.options import AccountNames, Config, Lang, SomeAccounts, as_json, words
from automation.cli.settings import load_settings
from automation.core.errors import ConfigurationError
from automation.text.language import Language, printable

if TYPE_CHECKING:
    from automation.fleet.status import FleetStatus


def status(config: Config = None, json: Annotated[bool, as_json("it")] = False, lang: Lang = None) -> None:
    """
    Show who works, what is due, what was lost, and where a person is needed.

    Ends with 0 where all is well, 3 where somebody is needed or nobody works, 4 where a guard was breached.
    """
    settings = load_settings(config, for_signing_in=False)
    found = status_of(settings)
    if json:
        typer.echo(TypeAdapter(type(found)).dump_json(found, indent=2).decode())
    else:
        show(found, words(lang, settings))
    raise typer.Exit(exit_code(found))


def migrate(config: Config = None, lang: Lang = None) -> None:
    """Make the fleet's tables, or bring them up to this version. Stop all workers before."""
    settings = load_settings(config, for_signing_in=False)
    place, applied = migrated(settings)
    said, count = words(lang, settings), len(applied)
    text = said.ngettext("%(num)s migration applied", "%(num)s migrations applied", count, num=count)
    text = text if applied else said.gettext("up to date")
    typer.echo(said.gettext("%(what)s: %(text)s", what=place, text=text))


def retire(accounts: SomeAccounts, config: Config = None, lang: Lang = None) -> None:
    """Take accounts out of the fleet; their past and their evidence stay."""
    settings = load_settings(config, for_signing_in=False)
    gone = retired(settings, accounts)
    typer.echo(words(lang, settings).gettext("Taken out: %(accounts)s", accounts=", ".join(gone)))


def enqueue(
    accounts: AccountNames = None,
    now: Annotated[
        bool, typer.Option("--now", help="Visit them at once, whatever they waited for or cooled down from.")
    ] = False,
    config: Config = None,
    json: Annotated[bool, as_json("what was done")] = False,
    lang: Lang = None,
) -> None:
    """Hand accounts over to a fleet of workers, or bring them up to date there."""
    settings = load_settings(config, tuple(accounts or ()), for_signing_in=False)
    done = enrolled(settings, at_once=now)
    if json:
        typer.echo(form.dumps({"schema": "temoin.enqueued/1", **asdict(done)}, indent=2))
        return
    said, new, known = words(lang, settings), len(done.new), len(done.known)
    handed_over = said.ngettext("%(num)s account handed over", "%(num)s accounts handed over", new, num=new)
    updated = said.ngettext("%(num)s brought up to date", "%(num)s brought up to date", known, num=known)
    typer.echo(f"{handed_over}, {updated}")


def worker(
    config: Config = None,
    upkeep_only: Annotated[
        bool, typer.Option("--upkeep-only", help="Hand out jobs and find lost ones; visit nobody.")
    ] = False,
    visits_only: Annotated[
        bool,
        typer.Option(
            "--visits-only", help="Only visit; leave handing out jobs and finding lost ones to other workers."
        ),
    ] = False,
) -> None:
    """Work for a fleet until SIGTERM: visits that were begun are finished then."""
    if upkeep_only and visits_only:
        raise ConfigurationError("--upkeep-only and --visits-only leave nothing to do", "Give at most one of them.")
    settings = load_settings(config, for_signing_in=False)
    run_async(worker_of(settings, words(None, settings), visits=not upkeep_only, upkeep=not visits_only).run())


_MOST_WAITING = 20


def show(found: FleetStatus, words: Language) -> None:
    """Print it: services, workers, the last day, and for whom a person is needed."""
    console, _ = Console(), words.gettext
    if found.services:
        console.print(_services(found, words))
    else:
        typer.echo(_("No account was handed over."))
    typer.echo()
    if found.workers:
        console.print(_workers(found, words))
    else:
        typer.echo(_("No worker is running."))
    typer.echo()
    counts = {"done": found.done, "failed": found.failed, "lost": found.lost}
    typer.echo(_("24 hours: %(done)s done, %(failed)s failed, %(lost)s lost", **counts))
    for service in (service for service in found.services if service.cools_until):
        values = {"service": service.name, "until": f"{service.cools_until:%Y-%m-%d %H:%M} UTC"}
        typer.echo("! " + _("%(service)s: wanted a pause and is left alone until %(until)s", **values))
    for one in found.waiting[:_MOST_WAITING]:
        account = f"{printable(one.account)} ({one.service})"
        typer.echo("! " + _("%(account)s: waits for a person (%(reason)s)", account=account, reason=one.waits_for))
    left = len(found.waiting) - _MOST_WAITING
    if left > 0:
        typer.echo(words.ngettext("… and %(num)s more: --json", "… and %(num)s more: --json", left, num=left))
    if found.waiting:
        typer.echo("  → " + _("temoin account login ACCOUNT, then temoin fleet enqueue ACCOUNT --now"))


def _table(heads: tuple[str, ...], numbers: frozenset[int]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for place, head in enumerate(heads):
        table.add_column(head, justify="right" if place in numbers else "left", overflow="fold")
    return table


def _services(found: FleetStatus, words: Language) -> Table:
    _ = words.gettext
    heads = (
        _("Service"), _("Accounts"), _("Due"), _("Longest wait"), _("Queued"), _("Now"), _("Cooling"), _("A person"),
        _("Last hour"),
    )  # fmt: skip
    table = _table(heads, frozenset(range(1, 9)))
    for one in found.services:
        table.add_row(
            one.name, str(one.accounts), str(one.due), _time(one.overdue_s) if one.due else "-",
            str(one.queued), str(one.visiting), str(one.cooling), str(one.waiting_for_a_person),
            f"{one.begun_last_hour}/{one.per_hour:g}",
        )  # fmt: skip
    return table


def _workers(found: FleetStatus, words: Language) -> Table:
    _ = words.gettext
    heads = (_("Worker"), _("Pool"), _("Side by side"), _("Version"), _("Clock"), _("Seen"))
    table = _table(heads, frozenset({2}))
    for one in found.workers:
        seen = _("%(time)s ago", time=_time(one.seen_s))
        if one.silent:
            seen = _("%(seen)s (silent)", seen=seen)
        pool = one.pool or _("upkeep only")
        table.add_row(one.name, pool, str(one.contexts), one.version, f"{one.ahead_s:+.1f} s", seen)
    return table


def _time(seconds: float) -> str:
    """A time as `0:00:12`, or with days before it."""
    return str(timedelta(seconds=round(seconds))).replace(" days, ", " d ").replace(" day, ", " d ")
