"""Old place of `automation.reading.threads.turns`."""

from automation.reading.threads.text import says_nobody_reads
from automation.reading.threads.turns import Turn, turns_of

__all__ = ["Turn", "says_nobody_reads", "turns_of"]
