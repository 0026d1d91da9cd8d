"""One PostgreSQL database for a fleet: connecting, its tables by numbered migrations, plain words for its faults."""

from automation.postgres.connecting import Place, connect, telling
from automation.postgres.migrations import migrate, require_current

__all__ = ["Place", "connect", "migrate", "require_current", "telling"]
