"""How long things may take in a fleet, and how long it waits after trouble. All in seconds."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rules:
    """The usual ones; tests and trials run the same fleet faster."""

    visit_s: float = 600.0
    """The longest visit, its second try included; the worker itself ends it then."""
    upload_s: float = 300.0
    """How long a worker tries to bring evidence into the store before it leaves that for later."""
    heartbeat_s: float = 10.0
    """How often a worker says that it is there."""
    silent_s: float = 45.0
    """After how long without a word a worker counts as gone."""
    dispatch_s: int = 5
    """How often due accounts become jobs and lost ones are looked for; a divisor of 60."""
    cooling_s: tuple[float, ...] = (3600.0, 21_600.0)
    """Waits of an account after its first lost visit, its second …; one loss more, and it waits for a person."""
    complaint_s: float = 900.0
    """Wait of a service after it complained; doubled with each complaint in a row, up to `complaint_most_s`."""
    complaint_most_s: float = 21_600.0
    skew_s: float = 30.0
    """How far a worker's clock may be off; times in evidence come from it."""
    margin_s: float = 60.0
    """What a lease holds beside visit and upload."""
    pending_s: float = 60.0
    """How often a worker looks for evidence on its disk that was never committed."""

    @property
    def lease_s(self) -> float:
        """For how long an account belongs to one visit, whatever becomes of its worker."""
        return self.visit_s + self.upload_s + self.margin_s

    def burst(self, per_hour: float) -> int:
        """How many visits of a service may begin at once: what a few rounds of the dispatcher bring, at least two."""
        return max(2, math.ceil(per_hour / 3600 * self.dispatch_s * 3))


VISIT = "visit"
"""Name of the task that visits one account; its only arguments are the account's and the service's names."""
UPKEEP = "upkeep"
"""Queue of the dispatcher and the reaper: never behind visits."""


def queue_of(pool: str) -> str:
    """The queue of a pool's visits."""
    return f"visits.{pool}"
