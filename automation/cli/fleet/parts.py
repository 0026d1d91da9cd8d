"""What the commands of a fleet share: its database, its store, and what to say where something for it is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from automation.config import Settings
    from automation.fleet.store import Store
    from automation.storage.postgres import DatabaseAddress


def place_of(settings: Settings) -> DatabaseAddress:
    """
    The fleet's database.

    Raises:
        ConfigurationError: none is configured, or what speaks to it is not installed.
    """
    from automation.core.errors import ConfigurationError

    if settings.fleet.database is None:
        raise ConfigurationError(
            "no database of a fleet is configured",
            "Set TEMOIN_FLEET__DATABASE=postgresql://user:password@host:5432/name in the environment or in .env.",
        )
    from automation.config.installation import ways_to_add

    try:
        from automation.storage.postgres import DatabaseAddress
    except ImportError:
        raise ConfigurationError(
            "a fleet needs packages that are not installed", f"Install them: {ways_to_add('fleet')[0]}"
        ) from None
    return DatabaseAddress(settings.fleet.database.get_secret_value())


def store_of(settings: Settings) -> Store:
    """
    Where the fleet's evidence goes.

    Raises:
        ConfigurationError: none is configured, or it cannot be used.
    """
    from automation.core.errors import ConfigurationError

    if settings.fleet.store is None:
        raise ConfigurationError(
            "no store for the fleet's evidence is configured",
            'Set store = "s3://bucket/prefix", or a folder that all workers share, in [fleet].',
        )
    from automation.fleet.store import Store

    return Store(settings.fleet.store)
