"""`temoin enqueue`: hand accounts over to a fleet, which visits each in its turn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from automation.cli.shared.common import Config, Lang

if TYPE_CHECKING:
    from automation.config import Settings
    from automation.fleet.enrolling import Enrolled


def enqueue(
    accounts: Annotated[list[str] | None, typer.Argument(help="Accounts to hand over; all when none is named.")] = None,
    now: Annotated[
        bool, typer.Option("--now", help="Visit them at once, whatever they waited for or cooled down from.")
    ] = False,
    config: Config = None,
    json: Annotated[bool, typer.Option("--json", help="Print what was done as JSON, and nothing else.")] = False,
    lang: Lang = None,
) -> None:
    """Hand accounts over to a fleet of workers, or bring them up to date there."""
    from dataclasses import asdict

    from automation.cli.shared.common import load_settings, words

    settings = load_settings(config, tuple(accounts or ()), for_signing_in=False)
    done = _enroll(settings, at_once=now)
    if json:
        import json as form

        typer.echo(form.dumps({"schema": "temoin.enqueued/1", **asdict(done)}, indent=2))
        return
    said, new, known = words(lang, settings), len(done.new), len(done.known)
    handed_over = said.ngettext("%(num)s account handed over", "%(num)s accounts handed over", new, num=new)
    updated = said.ngettext("%(num)s brought up to date", "%(num)s brought up to date", known, num=known)
    typer.echo(f"{handed_over}, {updated}")


def _enroll(settings: Settings, *, at_once: bool) -> Enrolled:
    from datetime import timedelta

    from automation.cli.fleet.parts import place_of
    from automation.cli.shared.known_flows import flows_for
    from automation.core.errors import ConfigurationError

    if not settings.accounts:
        raise ConfigurationError("there is no account to hand over", "Add one with `temoin init` or `temoin ui`.")
    flows_for(settings)
    place = place_of(settings)

    from automation.fleet.enrolling import Enrolment, enroll
    from automation.storage.postgres import connect, explaining_errors, require_current

    fleet = settings.fleet
    enrolment = Enrolment(timedelta(hours=fleet.every_hours), fleet.pool, at_once, fleet.passwords)
    budgets = {account.service: fleet.per_hour(account.service) for account in settings.accounts}
    with connect(place) as connection, explaining_errors(place):
        require_current(connection, place)
        return enroll(connection, settings.accounts, enrolment, budgets)
