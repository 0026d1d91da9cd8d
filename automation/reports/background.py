"""What is known of accounts beside the results of one run: their past, and what people decided or said about them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from automation.history.changes import Change
from automation.history.entries import DayStanding


@dataclass(frozen=True, slots=True)
class Waiver:
    """An answer that somebody decided to live with for a time. The verdict beneath it stays what it is."""

    because: str
    by: str
    until: date
    """Its last day."""
    expired: bool
    """Whether the run came after that."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a person says that she saw. Never evidence of the program's own."""

    what: str
    """The verdict that she gives."""
    seen: str
    """In her own words."""
    by: str
    on: date
    until: date | None
    file: str = ""
    """Name of the file that she handed in, and its digest below."""
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Background:
    """By account, and over all. Every part may be missing: a report says only what it knows."""

    changes: Mapping[str, Change] = field(default_factory=dict)
    timelines: Mapping[str, tuple[Change, ...]] = field(default_factory=dict)
    """Oldest first, the present result last."""
    days: tuple[DayStanding, ...] = ()
    """Oldest first; days on which nothing was checked are left out."""
    waivers: Mapping[str, Waiver] = field(default_factory=dict)
    said: Mapping[str, tuple[Said, ...]] = field(default_factory=dict)

    def is_news(self, account: str) -> bool:
        """Whether the account's answer differs from the one before it."""
        change = self.changes.get(account)
        return change is not None and change.previous is not None and change.kind.is_news


NOTHING = Background()
