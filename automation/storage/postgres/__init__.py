"""One PostgreSQL database for a fleet: connecting, its tables by numbered migrations, plain words for its faults."""

from automation.storage.postgres.connecting import DatabaseAddress, connect, telling
from automation.storage.postgres.migrations import migrate, require_current

__all__ = ["DatabaseAddress", "connect", "migrate", "require_current", "telling"]
