"""The pages beside the accounts: the schedule, the mailbox, the language, the keys and their backup."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from starlette.responses import Response

from automation.app import schedulers
from automation.app.accounts import fingerprint
from automation.app.schedule import Every
from automation.app.schedulers import ThisComputer
from automation.core.errors import ConfigurationError
from automation.messaging.imap import require_packages
from automation.text.catalogue import LANGUAGES
from automation.web import preferences
from automation.web.jobs import Job, JobKind
from automation.web.view import Form, View

if TYPE_CHECKING:
    from automation.app.schedule import Host


def schedule(view: View) -> Response:
    """What a schedule would be, as text, and whether one is installed."""
    every = _every(view.request.query_params.get("every", ""))
    has_accounts = bool(view.desk.settings().accounts)
    here = ThisComputer()
    ways = schedulers.ways(here)
    return view.page(
        "schedule.j2",
        {
            "every": every,
            "choices": tuple(Every),
            "ways": ways,
            "installed": schedulers.installed(here),
            "texts": {way: schedulers.text_of(way, _host(view, every)) for way in ways} if has_accounts else {},
        },
    )


def _every(text: str) -> Every:
    return Every(text) if text in set(Every) else Every.WEEK


def _host(view: View, every: Every) -> Host:
    from automation.app.schedule import host_of, when_of
    from automation.cli.settings import load_settings

    settings = load_settings(view.desk.config, for_signing_in=False)
    return host_of(settings, view.words.code, when_of(settings, every))


def install(view: View, form: Form) -> Response:
    """Install the schedule that the page showed."""
    here = ThisComputer()
    way = next((way for way in schedulers.ways(here) if way.value == form["way"]), None)
    if way is None:
        raise ConfigurationError(view.words.gettext("This machine has no such schedule."))
    schedulers.install(way, _host(view, _every(form["every"])), here)
    return view.go("schedule", "installed")


def uninstall(view: View, form: Form) -> Response:
    """Take the schedule away."""
    del form
    schedulers.remove(ThisComputer())
    return view.go("schedule", "uninstalled")


def mailbox(view: View) -> Response:
    """Where the services' answers arrive; the password is never shown."""
    settings = view.desk.settings().mailbox
    try:
        require_packages(view.desk.around.has_module)
        lacking = ""
    except ConfigurationError as error:
        lacking = view.said(f"{error.message}. {error.remedy}")
    return view.page(
        "mailbox.j2",
        {
            "lacking": lacking,
            "host": settings.host or "",
            "known": bool(settings.username and (settings.password or settings.token)),
            "seen": fingerprint(view.desk.config),
        },
    )


def set_mailbox(view: View, form: Form) -> Response:
    """Say where the mailbox is."""
    preferences.set_mailbox(view.desk, form["host"], form["username"], form["password"], form["seen"])
    return view.go("mailbox", "changed")


def look_into_mailbox(view: View, form: Form) -> Response:
    """Look for the services' answers."""
    del form
    job = view.jobs.start(Job(JobKind.MAIL), lambda _job: preferences.mail(view.desk, view.words))
    return view.go(f"jobs/{job.id}")


def settings(view: View) -> Response:
    """Language, folders, keys."""
    known = view.desk.settings()
    return view.page(
        "settings.j2",
        {
            "chosen": known.lang,
            "config": view.desk.config.absolute(),
            "output": known.output.absolute(),
            "keys": preferences.keys(known, view.words),
            "has_keys": preferences.has_keys(known),
            "seen": fingerprint(view.desk.config),
        },
    )


def set_language(view: View, form: Form) -> Response:
    """The language of reports and commands."""
    preferences.set_language(view.desk, form["lang"] if form["lang"] in LANGUAGES else None, form["seen"])
    return view.go("settings", "changed")


def backup(view: View, form: Form) -> Response:
    """Hand over every key of this machine in one file, sealed with a passphrase."""
    if form["passphrase"] != form["again"]:
        raise ConfigurationError(
            view.words.gettext("The two passphrases differ."), view.words.gettext("Type the same one twice.")
        )
    sealed = preferences.backup(view.desk, form["passphrase"])
    name = f"temoin-keys-{datetime.now(UTC):%Y-%m-%d}.age"
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(sealed, media_type="application/octet-stream", headers=headers)
