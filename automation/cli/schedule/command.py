"""`temoin schedule`: a ready file that lets a CI service or a machine check on its own."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from automation.cli.schedule import installing
from automation.cli.schedule.files.times import Every
from automation.cli.shared.common import Lang

if TYPE_CHECKING:
    from automation.cli.schedule.files import CiSchedule, Host, When
    from automation.config import Settings

app = typer.Typer(no_args_is_help=True, help="Print a ready file that checks on a schedule: for CI, cron or systemd.")

Config = Annotated[Path | None, typer.Option(help="The configuration file.")]
HowOften = Annotated[Every, typer.Option("--every", help="How often.")]
At = Annotated[
    str | None, typer.Option(help="Hour and minute, 06:17; without it, a quiet one of its own for these accounts.")
]
Heartbeat = Annotated[
    str | None, typer.Option(help="An https address to ask for after each run with a result; it raises the alarm.")
]
EvidenceFor = Annotated[
    list[str] | None, typer.Option("--evidence-for", help="Keep the evidence, encrypted for age1… or 'ssh-ed25519 …'.")
]
KeepDays = Annotated[int, typer.Option(min=1, max=90, help="How many days the service keeps the encrypted evidence.")]
Public = Annotated[bool, typer.Option("--even-in-public", help="Do not refuse where everybody can look.")]
Package = Annotated[str | None, typer.Option(help="What pip installs there: an address, or a wheel in the repository.")]
_URL = re.compile(r"https://[A-Za-z0-9.-]+(:\d+)?(/[A-Za-z0-9._~/?&=-]*)?")


@app.command("github")
def github(
    config: Config = None,
    every: HowOften = Every.WEEK,
    at: At = None,
    evidence_for: EvidenceFor = None,
    keep_days: KeepDays = 7,
    heartbeat: Heartbeat = None,
    even_in_public: Public = False,
    package: Package = None,
) -> None:
    """Print a workflow for GitHub: .github/workflows/temoin.yml."""
    from automation.cli.schedule import files as schedule

    typer.echo(
        schedule.github(_service(config, every, at, evidence_for, keep_days, heartbeat, even_in_public, package)),
        nl=False,
    )


@app.command("gitlab")
def gitlab(
    config: Config = None,
    every: HowOften = Every.WEEK,
    at: At = None,
    evidence_for: EvidenceFor = None,
    keep_days: KeepDays = 7,
    heartbeat: Heartbeat = None,
    even_in_public: Public = False,
    package: Package = None,
) -> None:
    """Print a file for GitLab: .gitlab-ci.yml."""
    from automation.cli.schedule import files as schedule

    typer.echo(
        schedule.gitlab(_service(config, every, at, evidence_for, keep_days, heartbeat, even_in_public, package)),
        nl=False,
    )


@app.command("cron")
def cron(
    accounts: Annotated[list[str] | None, typer.Argument(help="Accounts; all when none is named.")] = None,
    config: Config = None,
    every: HowOften = Every.WEEK,
    at: At = None,
    heartbeat: Heartbeat = None,
) -> None:
    """Print a line for this machine's crontab."""
    from automation.cli.schedule import files as schedule

    typer.echo(schedule.cron(_host(config, accounts, every, at, heartbeat)), nl=False)


@app.command("systemd")
def systemd(
    accounts: Annotated[list[str] | None, typer.Argument(help="Accounts; all when none is named.")] = None,
    config: Config = None,
    every: HowOften = Every.WEEK,
    at: At = None,
    heartbeat: Heartbeat = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Write both units into this folder, as ~/.config/systemd/user."),
    ] = None,
) -> None:
    """Print a service and its timer for systemd, or write them into a folder."""
    from automation.cli.schedule import files as schedule
    from automation.storage.files import write_text

    units = schedule.systemd(_host(config, accounts, every, at, heartbeat))
    if output is None:
        typer.echo("\n".join(units.values()), nl=False)
        return
    output.mkdir(parents=True, exist_ok=True)
    for name, text in units.items():
        write_text(output / name, text)
        typer.echo(output / name)


@app.command("install")
def install(
    way: Annotated[
        installing.Way | None, typer.Option("--with", help="systemd or cron; without it, the first that is here.")
    ] = None,
    every: HowOften = Every.WEEK,
    config: Config = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Install without asking.")] = False,
    lang: Lang = None,
) -> None:
    """Install a schedule for all accounts on this machine, after a yes; `remove` takes it away."""
    from automation.cli.shared.common import words

    said = words(lang, None)
    chosen = way or next(iter(installing.ways()), None)
    if chosen is None:
        installing.refuse()
    host = host_of(config, every)
    typer.echo(installing.text_of(chosen, host))
    if not yes and not typer.confirm(said.gettext("Install this on this machine?"), err=True):
        raise typer.Exit(2)
    installing.install(chosen, host)
    typer.echo(said.gettext("The schedule is installed."), err=True)


@app.command("remove")
def remove(lang: Lang = None) -> None:
    """Take away the schedule that `install` put there."""
    from automation.cli.shared.common import words

    gone = installing.remove()
    said = words(lang, None)
    typer.echo(said.gettext("The schedule is off.") if gone else said.gettext("No schedule is installed."), err=True)


@app.command("alarm")
def alarm(
    older_than: Annotated[str, typer.Option(help="How old a result may be: 10d, 36h.")] = "10d",
    config: Config = None,
    at: At = None,
) -> None:
    """Print a crontab line for another machine, which raises the alarm when results stop coming."""
    from automation.cli.history.stale import age_of
    from automation.cli.schedule import files as schedule

    age_of(older_than)
    typer.echo(schedule.alarm(_host(config, None, Every.DAY, at, None), older_than), nl=False)


def _service(
    config: Path | None,
    every: Every,
    at: str | None,
    evidence_for: list[str] | None,
    keep_days: int,
    heartbeat: str | None,
    even_in_public: bool,
    package: str | None,
) -> CiSchedule:
    from automation import __version__
    from automation.cli.schedule.files import CiSchedule, Job
    from automation.config import secret_variable
    from automation.domain.accounts import SignInMethod
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


def host_of(config: Path | None, every: Every) -> Host:
    """
    The schedule of all accounts on this machine, at their usual time.

    Raises:
        ConfigurationError: there is no account.
    """
    return _host(config, None, every, None, None)


def _host(config: Path | None, accounts: list[str] | None, every: Every, at: str | None, heartbeat: str | None) -> Host:
    import shutil
    import sys

    from automation import __version__
    from automation.cli.schedule.files import Host

    settings = _settings(config, tuple(accounts or ()))
    path = (settings.config or Path("temoin.toml")).absolute()
    beside = Path(sys.executable).with_name("temoin")
    program = str(beside) if beside.is_file() else shutil.which("temoin") or "temoin"
    named = () if path.name == "temoin.toml" else ("--config", path.name)
    return Host(
        when=_when(settings, every, at),
        program=program,
        folder=str(path.parent),
        version=__version__,
        arguments=(*(accounts or ()), *named),
        heartbeat=_address(heartbeat),
    )


def _settings(config: Path | None, accounts: tuple[str, ...] = ()) -> Settings:
    """
    The configuration, which must hold an account.

    Raises:
        ConfigurationError: it is wrong, missing, or empty: nothing would be checked.
    """
    from automation.cli.shared.common import load_settings
    from automation.errors import ConfigurationError

    settings = load_settings(config, accounts, for_signing_in=False)
    if not settings.accounts:
        raise ConfigurationError(
            f"{settings.config or 'temoin.toml'}: there is no account, so nothing would be checked",
            "Write down the accounts first; README.md shows how.",
        )
    return settings


def _when(settings: Settings, every: Every, at: str | None) -> When:
    from dataclasses import replace

    from automation.cli.schedule.files import usual_time
    from automation.errors import ConfigurationError

    when = usual_time(every, (account.name for account in settings.accounts))
    if at is None:
        return when
    match = re.fullmatch(r"([01]?\d|2[0-3]):([0-5]\d)", at)
    if not match:
        raise ConfigurationError(f'"{at}" is no time of day', "Write hour and minute: --at 06:17.")
    return replace(when, hour=int(match[1]), minute=int(match[2]))


def _address(heartbeat: str | None) -> str:
    from automation.errors import ConfigurationError

    if heartbeat and not _URL.fullmatch(heartbeat):
        raise ConfigurationError("--heartbeat: this is no plain https address", "Copy it whole; it begins https://.")
    return heartbeat or ""


def _say_evidence_is_lost(settings: Settings) -> None:
    from automation.cli.shared.common import words

    said = words(None, settings).gettext("Without --evidence-for the evidence ends with each run. Your public key:")
    typer.echo(f"! {said}\n  → temoin session recipient", err=True)
