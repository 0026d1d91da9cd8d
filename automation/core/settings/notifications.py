"""Whom to tell about changes: plain data from the settings."""

from __future__ import annotations

from dataclasses import dataclass, field

from pydantic import SecretStr


@dataclass(frozen=True, slots=True)
class NotificationSettings:
    """The `[notifications]` table of `temoin.toml`; every key also as `TEMOIN_NOTIFICATIONS__…`, `urls` only there."""

    urls: tuple[SecretStr, ...] = field(default=(), repr=False)
    """Where to: Apprise URLs, which hold passwords and tokens."""
    names: bool = False
    """Whether a message may name accounts; without, it only counts."""
