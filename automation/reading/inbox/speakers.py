"""Old place of `automation.reading.threads.authors`."""

from automation.reading.threads.authors import Speaker, Speakers

__all__ = ["Speaker", "Speakers"]
