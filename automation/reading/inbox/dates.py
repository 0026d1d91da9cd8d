"""Old place of `automation.reading.threads.dates`."""

from automation.reading.threads.dates import NO_YEAR, FoundDate, date_patterns, find_date, in_order

__all__ = ["NO_YEAR", "FoundDate", "date_patterns", "find_date", "in_order"]
