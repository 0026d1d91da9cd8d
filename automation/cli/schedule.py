"""`temoin schedule`: a ready file that lets a CI service or a machine check on its own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from automation.app import schedule, schedulers
from automation.app.schedule import CiSchedule, Every, Host, host_of, service_of, when_of
from automation.app.schedulers import ThisComputer
from automation.cli.history import age_of
from automation.cli.options import AccountNames, Config, Lang, language, say, words, words_before_configuration
from automation.cli.settings import load_settings
from automation.cli.terminal import agrees
from automation.storage.files import write_text

app = typer.Typer(no_args_is_help=True, help="Print a ready file that checks on a schedule, or install it.")
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
Public = Annotated[
    bool, typer.Option("--even-in-public", help="Check even in a public repository, where everybody can read the log.")
]
Package = Annotated[str | None, typer.Option(help="What pip installs there: an address, or a wheel in the repository.")]


def _host(
    config: Path | None,
    every: Every,
    accounts: list[str] | None = None,
    at: str | None = None,
    heartbeat: str | None = None,
    lang: str | None = None,
) -> Host:
    settings = load_settings(config, tuple(accounts or ()), for_signing_in=False)
    return host_of(settings, language(lang, settings), when_of(settings, every, at), accounts or (), heartbeat)


def _ci_command(name: str, text: Callable[[CiSchedule], str], about: str) -> None:
    """Add the command of a CI service, which prints a file for it."""

    @app.command(name, help=about)
    def print_file(
        config: Config = None,
        every: HowOften = Every.WEEK,
        at: At = None,
        evidence_for: EvidenceFor = None,
        keep_days: KeepDays = 7,
        heartbeat: Heartbeat = None,
        even_in_public: Public = False,
        package: Package = None,
        lang: Lang = None,
    ) -> None:
        settings = load_settings(config, for_signing_in=False)
        job = service_of(
            settings,
            words(lang, settings),
            when_of(settings, every, at),
            evidence_for=evidence_for or (),
            keep_days=keep_days,
            heartbeat=heartbeat,
            even_in_public=even_in_public,
            package=package,
        )
        typer.echo(text(job), nl=False)


_ci_command("github", schedule.github, "Print a workflow for GitHub: .github/workflows/temoin.yml.")
_ci_command("gitlab", schedule.gitlab, "Print a file for GitLab: .gitlab-ci.yml.")


def _host_command(name: str, text: Callable[[Host], str], about: str) -> None:
    """Add the command of a machine's scheduler, which prints what it reads."""

    @app.command(name, help=about)
    def print_text(
        accounts: AccountNames = None,
        config: Config = None,
        every: HowOften = Every.WEEK,
        at: At = None,
        heartbeat: Heartbeat = None,
        lang: Lang = None,
    ) -> None:
        typer.echo(text(_host(config, every, accounts, at, heartbeat, lang)), nl=False)
        _say_untried(schedulers.Way(name))


_host_command("cron", schedule.cron, "Print a line for this machine's crontab.")


@app.command("systemd")
def systemd(
    accounts: AccountNames = None,
    config: Config = None,
    every: HowOften = Every.WEEK,
    at: At = None,
    heartbeat: Heartbeat = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Write both units into this folder, as ~/.config/systemd/user."),
    ] = None,
    lang: Lang = None,
) -> None:
    """Print a service and its timer for systemd, or write them into a folder."""
    units = schedule.systemd(_host(config, every, accounts, at, heartbeat, lang))
    if output is None:
        typer.echo("\n".join(units.values()), nl=False)
        return
    output.mkdir(parents=True, exist_ok=True)
    for name, text in units.items():
        write_text(output / name, text)
        typer.echo(output / name)


_host_command("launchd", schedule.launchd, "Print an agent for launchd on macOS.")


@app.command("task-scheduler")
def task_scheduler(
    accounts: AccountNames = None, config: Config = None, every: HowOften = Every.WEEK, at: At = None, lang: Lang = None
) -> None:
    """Print a task for Task Scheduler on Windows."""
    typer.echo(schedule.task_scheduler(_host(config, every, accounts, at, lang=lang)), nl=False)
    _say_untried(schedulers.Way.TASK_SCHEDULER)


def _say_untried(way: schedulers.Way) -> None:
    if not way.is_tried:
        said = words_before_configuration()
        hint = said.gettext("Made from the documentation of %(way)s and never run there; look at it.", way=way.value)
        say(f"! {hint}")


@app.command("install")
def install(
    way: Annotated[
        schedulers.Way | None,
        typer.Option("--with", help="Which of this machine's schedulers; without it, the first that is here."),
    ] = None,
    every: HowOften = Every.WEEK,
    config: Config = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Install without asking.")] = False,
    lang: Lang = None,
) -> None:
    """Install a schedule for all accounts on this machine, after a yes; `remove` takes it away."""
    host = _host(config, every, lang=lang)
    said = words(lang, None) if lang else words_before_configuration()
    here = ThisComputer()
    chosen = schedulers.chosen_way(way, here)
    typer.echo(schedulers.text_of(chosen, host))
    _say_untried(chosen)
    if not yes and not agrees(said.gettext("Install this on this machine?"), said):
        raise typer.Exit(2)
    schedulers.install(chosen, host, here)
    say(said.gettext("The schedule is installed."))


@app.command("remove")
def remove(lang: Lang = None) -> None:
    """Take away the schedule that `install` put there."""
    gone = schedulers.remove(ThisComputer())
    said = words(lang, None)
    say(said.gettext("The schedule is off.") if gone else said.gettext("No schedule is installed."))


@app.command("alarm")
def alarm(
    older_than: Annotated[str, typer.Option(help="How old a result may be: 10d, 36h.")] = "10d",
    config: Config = None,
    at: At = None,
    lang: Lang = None,
) -> None:
    """Print a crontab line for another machine, which raises the alarm when results stop coming."""
    age_of(older_than)
    typer.echo(schedule.alarm(_host(config, Every.DAY, at=at, lang=lang), older_than), nl=False)
