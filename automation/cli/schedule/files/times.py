"""When a schedule runs: at a minute of its own, so that not everybody comes at the full hour."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

_MINUTES = tuple(minute for minute in range(1, 60, 2) if minute % 5)
"""Odd, and none that a person would choose."""
_HOURS = (3, 4, 5, 6)
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri")


class Every(StrEnum):
    """How often. An objection stands still for months, and each visit is one more that a service may wonder about."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class When:
    """A time that comes back."""

    every: Every
    hour: int
    minute: int
    weekday: int
    """From 1, Monday, to 7, Sunday; counts for `week`."""
    day: int
    """Of the month, from 1 to 28; counts for `month`."""

    @property
    def crontab(self) -> str:
        """The five fields of cron."""
        day = str(self.day) if self.every is Every.MONTH else "*"
        weekday = str(self.weekday % 7) if self.every is Every.WEEK else "*"
        return f"{self.minute} {self.hour} {day} * {weekday}"

    @property
    def calendar(self) -> str:
        """As systemd's `OnCalendar=` writes it."""
        time = f"{self.hour:02}:{self.minute:02}:00"
        if self.every is Every.WEEK:
            return f"{(*_DAYS, 'Sat', 'Sun')[self.weekday - 1]} *-*-* {time}"
        return f"*-*-{self.day:02} {time}" if self.every is Every.MONTH else f"*-*-* {time}"


def usual_time(every: Every, names: Iterable[str]) -> When:
    """
    A time early in the morning of a working day; the same for the same accounts, another for others.

    Args:
        every: how often.
        names: of the accounts.
    """
    seed = int.from_bytes(hashlib.sha256("\n".join(sorted(names)).encode()).digest())
    seed, minute = divmod(seed, len(_MINUTES))
    seed, hour = divmod(seed, len(_HOURS))
    seed, weekday = divmod(seed, len(_DAYS))
    return When(every, _HOURS[hour], _MINUTES[minute], weekday + 1, seed % 28 + 1)
