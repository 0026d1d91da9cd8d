"""Old place of `automation.reading.threads.text`."""

from automation.reading.threads.text import preview_rows

__all__ = ["preview_rows"]
