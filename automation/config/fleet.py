"""The table `[fleet]`."""

from __future__ import annotations

import re
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr

from automation.config.parsing import ConfigTable, Wrong, not_blank

_POOL = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def _pool(value: str) -> str:
    if not _POOL.fullmatch(value) or len(value) > 40:
        raise Wrong(
            f'"{value}" is no name for a pool of workers.',
            "Use at most 40 lower-case letters and digits, with single hyphens between.",
        )
    return value


def _store(value: str) -> str:
    parts = urlsplit(not_blank(value))
    if parts.username or parts.password:
        raise Wrong(
            "this address holds a password, and temoin.toml is no place for one.",
            "Leave it out, and give it to the store's own variables, such as AWS_ACCESS_KEY_ID.",
        )
    return value.strip()


class FleetTable(ConfigTable):
    """`[fleet]`; each key is described at `automation.core.settings.FleetSettings`."""

    database: SecretStr | None = None
    store: Annotated[str, AfterValidator(_store)] | None = None
    pool: Annotated[str, AfterValidator(_pool)] = "main"
    every_hours: float = Field(default=24.0, ge=1, le=24 * 366, allow_inf_nan=False)
    visits_per_hour: dict[str, Annotated[float, Field(gt=0, le=36_000, allow_inf_nan=False)]] = Field(
        default_factory=dict
    )
    passwords: bool = False


ONLY_IN_ENVIRONMENT = frozenset({("fleet", "database")})
"""Keys of the table that are secrets."""


def passwords_in(database: SecretStr | None) -> tuple[SecretStr, ...]:
    """What is secret in the database's address, apart from the whole: a driver may repeat a part of it."""
    try:
        password = urlsplit(database.get_secret_value()).password if database else None
    except ValueError:
        return ()
    return (SecretStr(password),) if password else ()
