"""How a fleet is kept: plain data from the settings, read by `enqueue`, `worker` and `fleet`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pydantic import SecretStr

USUAL_PER_HOUR = 60.0


@dataclass(frozen=True, slots=True)
class FleetSettings:
    """The `[fleet]` table of `temoin.toml`; every key also as `TEMOIN_FLEET__…`, the database only there."""

    database: SecretStr | None = field(default=None, repr=False)
    """Address of the PostgreSQL database; None where there is no fleet."""
    store: str | None = None
    """Where evidence goes: a folder, or a URL that fsspec knows, such as `s3://bucket/prefix`."""
    pool: str = "main"
    """The workers that hold the sessions of the same accounts."""
    every_hours: float = 24.0
    """From one visit of an account to the next."""
    visits_per_hour: Mapping[str, float] = field(default_factory=dict)
    """Service, such as `acme` → how many visits an hour it may get, from all workers together."""
    passwords: bool = False
    """Whether accounts that sign in by password are let in."""

    def per_hour(self, service: str) -> float:
        """The budget of a service."""
        return self.visits_per_hour.get(service, USUAL_PER_HOUR)
