"""What the doctor looks at beyond the machine: the key, the sign-ins and the extras that a configuration needs."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

from automation.cli.doctor.findings import DoctorFinding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from automation.browser.environment.machine import Machine
    from automation.config import Settings

_EXTRAS = {"mailbox": ("imap_tools", "dkim", "dns"), "notify": ("apprise",)}
_KEYRING = {
    "linux": (
        "Debian, Ubuntu: sudo apt-get install gnome-keyring",
        "Debian, Ubuntu : sudo apt-get install gnome-keyring",
    ),
    "darwin": (
        "macOS: the Keychain is there; unlock it with: security unlock-keychain",
        "macOS : le trousseau est là ; déverrouillez-le : security unlock-keychain",
    ),
    "win32": (
        "Windows: the Credential Manager is there; start Témoin as the user who is logged in",
        "Windows : le gestionnaire d'identification est là ; lancez Témoin sous l'utilisateur connecté",
    ),
}


def means(settings: Settings, machine: Machine, *, french: bool) -> Iterator[DoctorFinding]:
    """One finding for each thing that this configuration needs; nothing for what it does not."""
    from automation.domain.accounts import SignInMethod

    waiting = [account.name for account in settings.accounts if account.sign_in is SignInMethod.SESSION]
    if waiting:
        key = _key(settings, machine, french=french)
        yield key
        if key.state != "missing":
            yield _sessions(waiting, french=french)
    if settings.mailbox.host:
        yield _extra("mailbox", french=french)
    if settings.notifications.urls:
        yield _extra("notify", french=french)


def _key(settings: Settings, machine: Machine, *, french: bool) -> DoctorFinding:
    """Whether the saved sessions can be sealed and opened."""
    from automation.errors import VaultError
    from automation.session.vault import open_key

    try:
        key = open_key(settings.vault_key)
        made = key.is_made()
    except VaultError as error:
        english, local = _KEYRING.get(machine.system, _KEYRING["linux"])
        remedy = f"{error.remedy}\n    {local if french else english}"
        return DoctorFinding("key", "missing", error.message.rstrip(), remedy)
    where = "TEMOIN_VAULT_KEY" if settings.vault_key else "le trousseau du système" if french else key.origin
    if french:
        return DoctorFinding(
            "key", "ok", f"Clé des sessions : {where}" if made else f"Clé des sessions : à créer dans {where}"
        )
    return DoctorFinding(
        "key", "ok", f"Key of the sessions: {where}" if made else f"Key of the sessions: will be made in {where}"
    )


def _sessions(accounts: list[str], *, french: bool) -> DoctorFinding:
    """Accounts that nobody has signed in yet."""
    from automation.cli.shared.common import data_folder

    folder = data_folder() / "sessions"
    absent = [name for name in accounts if not (folder / f"{name}.age").exists()]
    if not absent:
        count = len(accounts)
        return DoctorFinding(
            "sessions", "ok", f"{count} session(s) enregistrée(s)" if french else f"{count} saved session(s)"
        )
    listed = ", ".join(absent)
    found = f"Pas encore de session : {listed}" if french else f"Not signed in yet: {listed}"
    return DoctorFinding("sessions", "note", found, "\n    ".join(f"temoin login {name}" for name in absent))


def _extra(name: str, *, french: bool) -> DoctorFinding:
    """What is installed only when wanted."""
    from automation.config.installation import ways_to_add

    lacking = [module for module in _EXTRAS[name] if find_spec(module) is None]
    if not lacking:
        return DoctorFinding(name, "ok", f"temoin[{name}] est installé" if french else f"temoin[{name}] is installed")
    ways = "\n    ".join(ways_to_add(name))
    found = f"temoin[{name}] n'est pas installé" if french else f"temoin[{name}] is not installed"
    return DoctorFinding(name, "missing", found, ways)
