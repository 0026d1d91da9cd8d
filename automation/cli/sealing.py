"""What commands share that seal evidence: the keys of this machine and the sealer of an evidence folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from automation.bundle.keys import Keys
    from automation.bundle.sealer import Sealer
    from automation.settings import Settings


def keys_of(settings: Settings) -> Keys:
    """
    The signing keys: the one from the environment, or those kept on this machine.

    Raises:
        ConfigurationError: the key from the environment is none.
    """
    from automation.bundle.keys import Keys, key_from_seed
    from automation.cli.common import data_folder

    given = key_from_seed(settings.signing_key.get_secret_value()) if settings.signing_key else None
    return Keys(data_folder() / "keys", given)


def sealer_of(settings: Settings, output: Path) -> Sealer:
    """
    What seals the bundles of an evidence folder; the authorities' roots are remembered for verifying.

    Raises:
        ConfigurationError: a key or a root certificate cannot be used.
        OutputError: the keys' folder cannot be written.
    """
    from automation.bundle.ledger import Ledger
    from automation.bundle.sealer import Sealer
    from automation.bundle.trust import pinned

    keys = keys_of(settings)
    keys.pin(pinned(authority) for authority in settings.time_stamps)
    return Sealer(keys, settings.time_stamps, Ledger(output))
