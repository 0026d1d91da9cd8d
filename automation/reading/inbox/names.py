"""Old place of `automation.reading.threads.authors`."""

from automation.reading.threads.authors import GREETING, SEPARATED, is_written_as_a_name, parts_of

__all__ = ["GREETING", "SEPARATED", "is_written_as_a_name", "parts_of"]
