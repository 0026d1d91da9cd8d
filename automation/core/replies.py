"""
What a service wrote about an objection, as it was read: kept so that a person can say later what it means.

Stored with the evidence. Names and numbers are taken out, and what the user wrote is not kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from automation.core.signals import Signal


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph, with `{name}`, `{date}`, `{number}`, `{address}` and `{link}` in place of what was taken out."""

    text: str
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class KeptTurn:
    """What one side said at one time; of the user's own turns only the time."""

    speaker: str
    """`service`, `person` or `unknown`."""
    paragraphs: tuple[Paragraph, ...]
    at: datetime | None
    """As the page shows it, without a time zone."""
    marked: bool
    """Whether something on the page says who speaks."""
    named: bool
    """Whether a name or line says so."""
    title: str = ""
    """Of the thread."""


@dataclass(frozen=True, slots=True)
class Reply:
    """One thread that speaks of an objection, and what it proves by itself."""

    surface: str
    locale: str
    """As its page says, BCP-47; empty where it does not."""
    signals: tuple[Signal, ...]
    missing: tuple[str, ...]
    at: datetime | None
    """When its decisive turn was written; without a time zone."""
    turns: tuple[KeptTurn, ...] = ()
    """Empty where its words are understood without a person."""
    about: Signal | None = None
    """What ties it to AI."""
    headed: Signal | None = None
    """What, beside its own words, shows that it is the service's answer."""
    objecting: bool = False
    """Whether its title or the user's request speaks of objecting."""
    around: tuple[Paragraph, ...] = ()
    """What stands above the messages and beside them: titles, statuses, a case's data."""
    own: bool = False
    """Whether its meaning hangs on more than the service's words, so that a look at it holds for this account only."""
    ordered: bool = True
    """Whether the turns are known to stand oldest first; otherwise they stand as on the page."""
    revision: int = 0
    """1 where `{later date}` tells a day after the letter's own, and short numbers stand as they were written."""
    picture: str | None = None
    """Name of the picture that shows it."""
