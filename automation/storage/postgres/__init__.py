"""One PostgreSQL database for a fleet: connecting, its tables by numbered migrations, plain words for its faults."""

from automation.storage.postgres.connecting import DatabaseAddress, connect, explaining_errors
from automation.storage.postgres.migrations import migrate, require_current

__all__ = ["DatabaseAddress", "connect", "explaining_errors", "migrate", "require_current"]
