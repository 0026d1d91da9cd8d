"""What is assumed of visits, machines and people in the simulation of a fleet; nothing of it was measured."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from random import Random

from automation.core.verdicts import Reason

DAY_S = 86_400.0
ENDS: tuple[tuple[float, Reason], ...] = (
    (0.004, Reason.BROWSER_LOST),
    (0.006, Reason.TIMEOUT),
    (0.003, Reason.NOT_RECOGNISED),
    (0.0015, Reason.LOGIN_REQUIRED),
    (0.001, Reason.CHALLENGE),
    (0.0005, Reason.TWO_FACTOR),
    (0.0001, Reason.RATE_LIMITED),
)
"""How often a visit ends without an answer, and why; assumed, not measured at any service."""
FAILS = 0.001
"""How often a visit ends without evidence, such as on a full disk."""
SUSPICION = 0.02
"""Of the challenges, how many say that a program uses the account."""
MACHINE_LIVES_S, MACHINE_AWAY_S = 10 * DAY_S, 600.0
SEALED = 0.3
"""Of the visits of a machine that died, how many had been sealed, and are brought in when it is back."""
PERSON_S = DAY_S
"""A person helps within this time on average, and twice of it at most."""


@dataclass(frozen=True, slots=True)
class Given:
    """How large the fleet is."""

    workers: int
    contexts: int
    days: float
    random: Random
    at_most_s: float
    """Real seconds after which the month is broken off."""


@dataclass
class Counts:
    """What happened."""

    begun: int = 0
    deaths: int = 0
    waited: int = 0
    ended: Counter[str] = field(default_factory=Counter)
