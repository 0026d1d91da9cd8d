"""From options and configuration to what a schedule is asked for."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from automation.cli.schedule.files.times import Every

if TYPE_CHECKING:
    from automation.cli.schedule.files import CiSchedule, Host, When
    from automation.config import Settings

_URL = re.compile(r"https://[A-Za-z0-9.-]+(:\d+)?(/[A-Za-z0-9._~/?&=-]*)?")


def service_of(
    config: Path | None,
    every: Every,
    at: str | None,
    evidence_for: list[str] | None,
    keep_days: int,
    heartbeat: str | None,
    even_in_public: bool,
    package: str | None,
    lang: str | None = None,
) -> CiSchedule:
    """
    A schedule at a CI service, from the options of its command.

    Raises:
        ConfigurationError: there is no account, or an option is wrong.
    """
    from automation import __version__
    from automation.cli.schedule.files import CiSchedule, Job
    from automation.cli.shared.common import language
    from automation.config import secret_variable
    from automation.core.accounts import SignInMethod
    from automation.session.vault import recipient_from

    settings = _settings(config)
    for recipient in evidence_for or ():
        recipient_from(recipient)
    if not evidence_for:
        _say_evidence_is_lost(settings)
    jobs = tuple(
        Job(
            account.name,
            tuple(secret_variable(account.name, part) for part in ("username", "password", "totp_secret"))
            if account.sign_in is SignInMethod.PASSWORD
            else (),
        )
        for account in settings.accounts
    )
    return CiSchedule(
        jobs=jobs,
        when=_when(settings, every, at),
        config=(config or Path("temoin.toml")).as_posix(),
        package=package or _usual_package(settings),
        version=__version__,
        evidence_for=tuple(evidence_for or ()),
        keep_days=keep_days,
        even_in_public=even_in_public,
        heartbeat=_address(heartbeat),
        lang=language(lang, settings),
    )


def _usual_package(settings: Settings) -> str:
    """This Témoin, from where it was installed; says what to fill in where nobody knows that."""
    from automation.cli.shared.common import words
    from automation.config.installation import UNKNOWN_PLACE, requirement

    package = requirement()
    if UNKNOWN_PLACE in package:
        said = words(None, settings).gettext(
            "Fill in %(place)s, or put a wheel (make build) into the repository:", place=UNKNOWN_PLACE
        )
        typer.echo(f"! {said}\n  → --package ./temoin-….whl", err=True)
    return package


def host_of(
    config: Path | None,
    every: Every,
    accounts: list[str] | None = None,
    at: str | None = None,
    heartbeat: str | None = None,
    lang: str | None = None,
) -> Host:
    """
    A schedule on this machine: of all accounts at their usual time, unless something else is said.

    Raises:
        ConfigurationError: there is no account, or an option is wrong.
    """
    import shutil
    import sys

    from automation import __version__
    from automation.cli.schedule.files import Host
    from automation.cli.shared.common import language

    settings = _settings(config, tuple(accounts or ()))
    path = (settings.config or Path("temoin.toml")).absolute()
    beside = (Path(sys.executable).with_name(name) for name in ("temoin", "temoin.exe"))
    program = next((str(path) for path in beside if path.is_file()), shutil.which("temoin") or "temoin")
    named = () if path.name == "temoin.toml" else ("--config", path.name)
    return Host(
        when=_when(settings, every, at),
        program=program,
        folder=str(path.parent),
        version=__version__,
        arguments=(*(accounts or ()), *named),
        heartbeat=_address(heartbeat),
        lang=language(lang, settings),
    )


def _settings(config: Path | None, accounts: tuple[str, ...] = ()) -> Settings:
    """
    The configuration, which must hold an account.

    Raises:
        ConfigurationError: it is wrong, missing, or empty: nothing would be checked.
    """
    from automation.cli.shared.common import load_settings
    from automation.core.errors import ConfigurationError

    settings = load_settings(config, accounts, for_signing_in=False)
    if not settings.accounts:
        raise ConfigurationError(
            f"{settings.config or 'temoin.toml'}: there is no account, so nothing would be checked",
            "Add the accounts first, with `temoin init` or `temoin ui`.",
        )
    return settings


def _when(settings: Settings, every: Every, at: str | None) -> When:
    from dataclasses import replace

    from automation.cli.schedule.files import usual_time
    from automation.core.errors import ConfigurationError

    when = usual_time(every, (account.name for account in settings.accounts))
    if at is None:
        return when
    match = re.fullmatch(r"([01]?\d|2[0-3]):([0-5]\d)", at)
    if not match:
        raise ConfigurationError(f'"{at}" is no time of day', "Write hour and minute: --at 06:17.")
    return replace(when, hour=int(match[1]), minute=int(match[2]))


def _address(heartbeat: str | None) -> str:
    from automation.core.errors import ConfigurationError

    if heartbeat and not _URL.fullmatch(heartbeat):
        raise ConfigurationError("--heartbeat: this is no plain https address", "Copy it whole; it begins https://.")
    return heartbeat or ""


def _say_evidence_is_lost(settings: Settings) -> None:
    from automation.cli.shared.common import words

    said = words(None, settings).gettext("Without --evidence-for the evidence ends with each run. Your public key:")
    typer.echo(f"! {said}\n  → temoin session recipient", err=True)
