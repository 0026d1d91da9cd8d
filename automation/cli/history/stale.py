"""`temoin stale`: has every account a result that is new enough? For a machine beside the one that checks."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from automation.cli.shared.common import Lang, told

if TYPE_CHECKING:
    from automation.config import Settings
    from automation.reports.stored import StoredRun

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
    config: Annotated[Path | None, typer.Option(help="The configuration file.")] = None,
    lang: Lang = None,
) -> None:
    """
    Say which accounts have no result that is new enough. Visits nobody; says nothing where all is well.

    Exit code 3 where an account's last result is too old, or there is none.
    """
    from datetime import UTC

    from automation.cli.shared.common import load_settings, words
    from automation.core.errors import ConfigurationError

    age = age_of(older_than)
    settings = load_settings(config, for_signing_in=False)
    if not settings.accounts:
        raise ConfigurationError("no account is configured, so nothing could be too old", "Name one with --config.")
    newest = _newest(_stored(evidence or [settings.output]), settings, answered=answered)
    now = datetime.now(UTC)
    late = [account.name for account in settings.accounts if now - newest.get(account.name, _NEVER) > age]
    said = words(lang, settings)
    for name in late:
        if name not in newest:
            typer.echo(said.gettext("%(account)s: no result", account=name))
            continue
        when = said.date_and_time(newest[name])
        typer.echo(said.gettext("%(account)s: last result on %(when)s", account=name, when=when))
    if late:
        raise typer.Exit(_INCOMPLETE)


_NEVER = datetime.fromisoformat("0001-01-01T00:00:00+00:00")


def age_of(text: str) -> timedelta:
    """
    A length of time as a person writes it: 36h, 10d, 2w.

    Raises:
        ConfigurationError: it is none.
    """
    from automation.core.errors import ConfigurationError

    match = re.fullmatch(r"([1-9]\d{0,3})([hdw])", text.strip().lower())
    if not match:
        raise ConfigurationError(f'"{text}" is no length of time', "Write hours, days or weeks: 36h, 10d, 2w.")
    return timedelta(**{_UNITS[match[2]]: int(match[1])})


def _stored(places: list[Path]) -> list[StoredRun]:
    """
    The runs in these places; a file that cannot be read is said and passed over.

    Raises:
        ConfigurationError: a place is not there.
    """
    from automation.core.errors import ConfigurationError
    from automation.reports.stored import NAME, open_stored

    runs: list[StoredRun] = []
    for place in places:
        if not place.exists():
            raise ConfigurationError(f"{place}: there is nothing here", "Name the evidence folder, or a copy of it.")
        files = [place] if place.is_file() else sorted({*place.glob(NAME), *place.glob(f"*/{NAME}")})
        for file in files:
            try:
                runs.append(open_stored(file))
            except ConfigurationError as error:
                typer.echo(f"✗ {told(error.message)}", err=True)
    return runs


def _newest(runs: list[StoredRun], settings: Settings, *, answered: bool) -> dict[str, datetime]:
    """Account → when its newest result was made; results of stand-ins count only where the configuration has one."""
    from automation.core.errors import ConfigurationError

    newest: dict[str, datetime] = {}
    for stored in runs:
        if stored.run.stand_in != bool(settings.browser.replica_map):
            continue
        try:
            for result in stored.results():
                if not answered or result.verdict.is_answer:
                    newest[result.account] = max(newest.get(result.account, _NEVER), result.finished_at)
        except ConfigurationError as error:
            typer.echo(f"✗ {told(error.message)}", err=True)
    return newest
