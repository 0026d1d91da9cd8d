"""Where Témoin keeps what outlasts a run on this machine: keys, sessions, failed sign-ins, the history."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from automation.cli.shared.common import words

if TYPE_CHECKING:
    from automation.config import Settings
    from automation.session import Means
    from automation.session.phase import TellOf
    from automation.session.vault import Cooldown, Vault
    from automation.text.language import Language


def data_folder() -> Path:
    """Where Témoin keeps what must outlast a run."""
    import platformdirs

    return Path(platformdirs.user_data_dir("temoin"))


def identity_key(settings: Settings) -> bytes:
    """
    The key of the HMACs that stand for accounts on this machine.

    Raises:
        OutputError: the kept one cannot be read or written.
    """
    from automation.visit.identity_key import identity_key as configured_or_kept

    key = settings.identity_key.get_secret_value() if settings.identity_key else None
    return configured_or_kept(key, data_folder())


def history_path(settings: Settings, output: Path | None = None) -> Path:
    """
    Where the past results of an evidence folder are kept.

    Args:
        settings: a `path` in its `[history]` decides.
        output: the evidence folder, where it is another than the configured one.
    """
    from automation.storage.history.sqlite import NAME

    return settings.history_path or (output or settings.output) / NAME


def vault_of(settings: Settings) -> Vault:
    """
    The saved sessions of this machine.

    Raises:
        VaultError: TEMOIN_VAULT_KEY is no key.
    """
    from automation.session.vault import Vault, open_key

    return Vault(data_folder() / "sessions", open_key(settings.vault_key))


def cooldown() -> Cooldown:
    """The failed sign-ins of this machine."""
    from automation.session.vault import Cooldown

    return Cooldown(data_folder() / "cooldown")


def means_of(settings: Settings, attended: TellOf | None = None, said: Language | None = None) -> Means:
    """
    With what accounts are signed in on this machine.

    Args:
        settings: of the configuration.
        attended: told what a person at the window is waited for.
        said: of their language; None: as called and configured.

    Raises:
        VaultError: TEMOIN_VAULT_KEY is no key.
    """
    from automation.session import Means

    return Means(vault_of(settings), cooldown(), (said or words(None, settings)).gettext, attended)
