"""The pages beside the accounts: the schedule, the mailbox, the language, the keys and their backup."""

from __future__ import annotations

from datetime import UTC, datetime

from starlette.responses import Response

from automation.app import schedulers
from automation.app.accounts import editing, fingerprint, key_file, set_variables
from automation.app.inbox import looked
from automation.app.keys import has_keys, sealed_keys
from automation.app.schedule import Every, Host, host_of, when_of
from automation.app.setup import data_folder, keys_of, vault_key
from automation.cli.settings import load_settings
from automation.config import Settings
from automation.core.errors import ConfigurationError, TemoinError
from automation.text.catalogue import LANGUAGES
from automation.text.language import Language
from automation.web import work
from automation.web.jobs import Job, JobKind
from automation.web.view import Form, View

_LONGEST_NAME = 40
"""Characters of a key that are shown whole."""


def schedule(view: View) -> Response:
    """What a schedule would be, as text, and whether one is installed."""
    every, here = _every(view.request.query_params.get("every", "")), view.desk.around.computer()
    way = next(iter(schedulers.ways(here)), None)
    ready = way is not None and bool(view.desk.settings().accounts)
    shown = {
        "every": every,
        "choices": tuple(Every),
        "way": way,
        "installed": schedulers.installed(here),
        "text": schedulers.text_of(way, _host(view, every)) if way and ready else "",
    }
    return view.page("schedule.j2", shown)


def _every(text: str) -> Every:
    return Every(text) if text in set(Every) else Every.WEEK


def _host(view: View, every: Every) -> Host:
    settings = load_settings(view.desk.config, for_signing_in=False)
    return host_of(settings, view.words.code, when_of(settings, every))


def install(view: View, form: Form) -> Response:
    """Install the schedule that the page showed."""
    here = view.desk.around.computer()
    way = next((way for way in schedulers.ways(here) if way.value == form["way"]), None)
    if way is None:
        raise ConfigurationError(view.words.gettext("This machine has no such schedule."))
    schedulers.install(way, _host(view, _every(form["every"])), here)
    return view.go("schedule", "installed")


def uninstall(view: View, _form: Form) -> Response:
    """Take the schedule away."""
    schedulers.remove(view.desk.around.computer())
    return view.go("schedule", "uninstalled")


def get_browser(view: View, form: Form) -> Response:
    """Offer a browser that can show windows, and install it after a yes."""
    job = Job(JobKind.INSTALL)
    shell = job.about = work.WindowShell(view.desk, view.words, job, form["back"])
    job = view.jobs.start(job, lambda _job: work.install_browser(view.desk, shell))
    return view.go(f"jobs/{job.id}")


def mailbox(view: View) -> Response:
    """Where the services' answers arrive; the password is never shown."""
    settings = view.desk.settings().mailbox
    shown = {
        "host": settings.host or "",
        "known": bool(settings.username and (settings.password or settings.token)),
        "seen": fingerprint(view.desk.config),
    }
    return view.page("mailbox.j2", shown)


def set_mailbox(view: View, form: Form) -> Response:
    """Say where the mailbox is: its server in the file, name and password in the `.env` beside it."""
    config = view.desk.config
    with editing(config, seen=form["seen"]) as draft:
        draft.set_in("mailbox", {"host": form["host"]})
    secrets = {f"TEMOIN_MAILBOX__{name.upper()}": form[name] for name in ("username", "password")}
    set_variables(key_file(config), {name: value for name, value in secrets.items() if value})
    return view.go("mailbox", "changed")


def look_into_mailbox(view: View, _form: Form) -> Response:
    """Look for the services' answers in the mailbox, changing nothing in it."""
    job = view.jobs.start(Job(JobKind.MAIL), lambda _job: looked(load_settings(view.desk.file), view.words))
    return view.go(f"jobs/{job.id}")


def settings(view: View) -> Response:
    """Language, folders, keys."""
    known = view.desk.settings()
    shown = {
        "chosen": known.lang,
        "config": view.desk.config.absolute(),
        "output": known.output.absolute(),
        "keys": _keys(known, view.words),
        "has_keys": has_keys(known),
        "seen": fingerprint(view.desk.config),
    }
    return view.page("settings.j2", shown)


def _keys(settings: Settings, words: Language) -> tuple[tuple[str, str], ...]:
    """What keys there are and where each is kept; never a key."""
    _ = words.gettext
    try:
        where = _("a file that only you may read") if settings.vault_key else _("the system's keyring")
        made = vault_key(settings).is_made()
        sessions = where if made else _("will be made in %(where)s", where=where)
    except TemoinError as error:
        sessions = words.said(error.message)
    try:
        signing = keys_of(settings).in_use() or ""
    except TemoinError as error:
        signing = words.said(error.message)
    own = settings.identity_key or (data_folder() / "identity.key").exists()
    none_yet = _("none yet: the first check makes it")
    return (
        (_("Signs the evidence"), f"{signing[:16]}…" if len(signing) > _LONGEST_NAME else signing or none_yet),
        (_("Seals the saved sessions"), sessions),
        (_("Stands for accounts in the evidence"), _("a file that only you may read") if own else none_yet),
    )


def set_language(view: View, form: Form) -> Response:
    """The language of reports and commands."""
    with editing(view.desk.config, seen=form["seen"]) as draft:
        draft.set_at_top("lang", form["lang"] if form["lang"] in LANGUAGES else None)
    return view.go("settings", "changed")


def backup(view: View, form: Form) -> Response:
    """Hand over every key of this machine in one file, sealed with a passphrase."""
    if form["passphrase"] != form["again"]:
        raise ConfigurationError(
            view.words.gettext("The two passphrases differ."), view.words.gettext("Type the same one twice.")
        )
    sealed = sealed_keys(view.desk.settings(), form["passphrase"])
    name = f"temoin-keys-{datetime.now(UTC):%Y-%m-%d}.age"
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(sealed, media_type="application/octet-stream", headers=headers)
