"""Settings beside the accounts: language, mailbox, keys and their copy; as `temoin inbox` and `temoin keys`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from automation.config import Settings
    from automation.text.language import Language
    from automation.web.desk import Desk


def set_language(desk: Desk, code: str | None, seen: str) -> None:
    """The language of reports and messages, for the command line as well."""
    from automation.app.accounts import editing

    with editing(desk.config, seen=seen) as draft:
        draft.set_at_top("lang", code)


def mail(desk: Desk, words: Language) -> tuple[str, ...]:
    """
    Look for the services' answers in the mailbox, changing nothing in it; what was found, line by line.

    Raises:
        TemoinError: no mailbox is configured, or it cannot be read.
    """
    from automation.app.inbox import looked
    from automation.cli.settings import load_settings

    return looked(load_settings(desk.file), words)


def set_mailbox(desk: Desk, host: str, username: str, password: str, seen: str) -> None:
    """Say where the mailbox is: its server in the file, name and password in the `.env` beside it."""
    from automation.app.accounts import editing, set_variables

    with editing(desk.config, seen=seen) as draft:
        draft.set_in("mailbox", {"host": host})
    secrets = {"TEMOIN_MAILBOX__USERNAME": username, "TEMOIN_MAILBOX__PASSWORD": password}
    set_variables(desk.config.with_name(".env"), {name: value for name, value in secrets.items() if value})


def keys(settings: Settings, words: Language) -> tuple[tuple[str, str], ...]:
    """What keys there are and where each is kept; never a key."""
    from automation.app.setup import data_folder, keys_of
    from automation.core.errors import TemoinError
    from automation.session.vault_keys import open_key

    _, folder = words.gettext, data_folder()
    try:
        vault = open_key(settings.vault_key)
        kept = vault.is_made()
        where = "TEMOIN_VAULT_KEY" if settings.vault_key else _("the system's keyring")
        sessions = where if kept else _("will be made in %(where)s", where=where)
    except TemoinError as error:
        sessions = words.said(error.message)
    try:
        signing = keys_of(settings).in_use()
    except TemoinError as error:
        signing = words.said(error.message)
    own = folder / "identity.key"
    identity = "TEMOIN_IDENTITY_KEY" if settings.identity_key else str(own) if own.exists() else ""
    none_yet = _("none yet: the first check makes it")
    return (
        (_("Signs the evidence"), f"{signing[:16]}…" if signing and len(signing) > 40 else signing or none_yet),
        (_("Seals the saved sessions"), sessions),
        (_("Stands for accounts in the evidence"), identity or none_yet),
    )


def has_keys(settings: Settings) -> bool:
    """Whether there is any key to save a copy of."""
    from automation.app.keys import has_keys as there

    return there(settings)


def backup(desk: Desk, passphrase: str) -> bytes:
    """
    Every key of this machine, sealed with a passphrase.

    Raises:
        ConfigurationError: the passphrase is too short, or there is no key.
    """
    from automation.app.keys import sealed_keys

    return sealed_keys(desk.settings(), passphrase)
