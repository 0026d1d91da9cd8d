"""What the doctor looks at beyond the machine: the key, the sign-ins and the extras that a configuration needs."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from automation.cli.doctor.findings import DoctorFinding
from automation.messaging.mailbox.packages import MODULES as MAILBOX
from automation.text.catalogue import N_

if TYPE_CHECKING:
    from collections.abc import Iterator

    from automation.browser.environment.machine import Machine
    from automation.cli.doctor.surroundings import Surroundings
    from automation.config import Settings
    from automation.text.language import Language

_EXTRAS = {"mailbox": MAILBOX, "notify": ("apprise",)}
_KEYRING = {
    "linux": N_("Debian, Ubuntu: sudo apt-get install gnome-keyring"),
    "darwin": N_("macOS: the Keychain is there; unlock it with: security unlock-keychain"),
    "win32": N_("Windows: the Credential Manager is there; start Témoin as the user who is logged in"),
}


def means(settings: Settings, around: Surroundings, words: Language) -> Iterator[DoctorFinding]:
    """One finding for each thing that this configuration needs; nothing for what it does not."""
    from automation.cli.shared.places import data_folder
    from automation.core.accounts import SignInMethod

    waiting = [account.name for account in settings.accounts if account.sign_in is SignInMethod.SESSION]
    absent = [name for name in waiting if not (data_folder() / "sessions" / f"{name}.age").exists()]
    if waiting:
        key = _key(settings, around.machine, words)
        yield key
        if key.state != "missing":
            yield _sessions(waiting, absent, words)
    elif not settings.accounts:
        yield _before_accounts(_key(settings, around.machine, words), words)
    if absent or not settings.accounts:
        yield _screen(around.machine, words)
    if settings.mailbox.host:
        yield _extra("mailbox", around, words)
    if settings.notifications.urls:
        yield _extra("notify", around, words)


def _key(settings: Settings, machine: Machine, words: Language) -> DoctorFinding:
    """Whether the saved sessions can be sealed and opened."""
    from automation.core.errors import VaultError
    from automation.session.vault import open_key

    try:
        key = open_key(settings.vault_key)
        made = key.is_made()
    except VaultError as error:
        way = words.gettext(_KEYRING.get(machine.system, _KEYRING["linux"]))
        remedy = f"{error.remedy}\n    {way}"
        return DoctorFinding("key", "missing", error.message.rstrip(), remedy)
    where = "TEMOIN_VAULT_KEY" if settings.vault_key else words.gettext("the system's keyring")
    found = N_("Key of the sessions: %(where)s") if made else N_("Key of the sessions: will be made in %(where)s")
    return DoctorFinding("key", "ok", words.gettext(found, where=where))


def _before_accounts(key: DoctorFinding, words: Language) -> DoctorFinding:
    """The same where there is no account yet: the demo needs no key, and the first account may bring one."""
    if key.state == "ok":
        return key
    offered = words.gettext("`temoin ui` and `temoin init` ask, and make one in a private file.")
    return replace(key, state="note", remedy=f"{offered}\n    {key.remedy}")


def _screen(machine: Machine, words: Language) -> DoctorFinding:
    """Whether somebody can sign in here: a service's own window needs a screen."""
    from automation.core.errors import ConfigurationError
    from automation.session import require_screen

    try:
        require_screen(machine)
    except ConfigurationError as error:
        return DoctorFinding("screen", "note", error.message, error.remedy)
    return DoctorFinding("screen", "ok", words.gettext("A screen, for the window in which you sign in"))


def _sessions(accounts: list[str], absent: list[str], words: Language) -> DoctorFinding:
    """Accounts that nobody has signed in yet."""
    if not absent:
        count = len(accounts)
        saved = words.ngettext("%(num)s saved session", "%(num)s saved sessions", count, num=count)
        return DoctorFinding("sessions", "ok", saved)
    found = words.gettext("Not signed in yet: %(accounts)s", accounts=", ".join(absent))
    return DoctorFinding("sessions", "note", found, "\n    ".join(f"temoin login {name}" for name in absent))


def _extra(name: str, around: Surroundings, words: Language) -> DoctorFinding:
    """What is installed only when wanted."""
    from automation.config.installation import ways_to_add

    lacking = [module for module in _EXTRAS[name] if not around.has_module(module)]
    if not lacking:
        return DoctorFinding(name, "ok", words.gettext("%(what)s is installed", what=f"temoin[{name}]"))
    ways = "\n    ".join(ways_to_add(name))
    found = words.gettext("%(what)s is not installed", what=f"temoin[{name}]")
    return DoctorFinding(name, "missing", found, ways)
