"""`temoin fleet`: where a fleet stands; making its tables; taking accounts out of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from automation.cli.shared.common import Config, Lang
from automation.cli.shared.default_command import group_with_default

if TYPE_CHECKING:
    from automation.fleet.status import FleetStatus

INCOMPLETE, FAULT = 3, 4
app = typer.Typer(
    cls=group_with_default("status"),
    help="A fleet of workers: where it stands, its tables, its accounts. `temoin fleet` alone shows where it stands.",
    subcommand_metavar="[status | migrate | retire]",
)


@app.command("status")
def status(
    config: Config = None,
    json: Annotated[bool, typer.Option("--json", help="Print it as JSON, and nothing else.")] = False,
    lang: Lang = None,
) -> None:
    """
    Show who works, what is due, what was lost, and where a person is needed.

    Ends with 0 where all is well, 3 where somebody is needed or nobody works, 4 where a guard was breached.
    """
    from automation.cli.fleet.parts import place_of
    from automation.cli.shared.common import load_settings, words

    settings = load_settings(config, for_signing_in=False)
    place = place_of(settings)

    from automation.fleet.status import status as read
    from automation.storage.postgres import connect, explaining_errors, require_current

    with connect(place) as connection, explaining_errors(place):
        require_current(connection, place)
        found = read(connection)
    if json:
        from pydantic import TypeAdapter

        typer.echo(TypeAdapter(type(found)).dump_json(found, indent=2).decode())
    else:
        from automation.cli.fleet.standing import show

        show(found, words(lang, settings))
    raise typer.Exit(exit_code(found))


@app.command("migrate")
def migrate(config: Config = None, lang: Lang = None) -> None:
    """Make the fleet's tables, or bring them up to this version. Stop all workers before."""
    from automation.cli.fleet.parts import place_of
    from automation.cli.shared.common import load_settings, words

    settings = load_settings(config, for_signing_in=False)
    place = place_of(settings)

    from automation.storage.postgres import migrate as bring_up_to_date

    applied = bring_up_to_date(place)
    said, count = words(lang, settings), len(applied)
    text = (
        said.ngettext("%(num)s migration applied", "%(num)s migrations applied", count, num=count)
        if applied
        else said.gettext("up to date")
    )
    typer.echo(said.gettext("%(what)s: %(text)s", what=place, text=text))


@app.command("retire")
def retire(
    accounts: Annotated[list[str], typer.Argument(help="Accounts that the fleet is not to visit any more.")],
    config: Config = None,
    lang: Lang = None,
) -> None:
    """Take accounts out of the fleet; their past and their evidence stay."""
    from automation.cli.fleet.parts import place_of
    from automation.cli.shared.common import load_settings, words
    from automation.core.errors import ConfigurationError

    settings = load_settings(config, for_signing_in=False)
    place = place_of(settings)

    from automation.fleet.enrolling import retire as take_out
    from automation.storage.postgres import connect, explaining_errors, require_current

    with connect(place) as connection, explaining_errors(place):
        require_current(connection, place)
        gone = take_out(connection, accounts)
    missing = [name for name in accounts if name not in gone]
    if missing:
        raise ConfigurationError(f"the fleet has no account {', '.join(missing)}", "See `temoin fleet status --json`.")
    typer.echo(words(lang, settings).gettext("Taken out: %(accounts)s", accounts=", ".join(gone)))


def exit_code(found: FleetStatus) -> int:
    """A breach before all else; then whatever somebody has to look at."""
    if any(one.waits_for == "guard_blocked" for one in found.waiting):
        return FAULT
    nobody = any(service.accounts for service in found.services) and not any(
        worker.pool is not None and not worker.silent for worker in found.workers
    )
    return INCOMPLETE if found.waiting or found.lost or nobody else 0
