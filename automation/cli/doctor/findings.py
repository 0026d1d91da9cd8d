"""What the doctor says about one thing."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DoctorFinding:
    """One thing that was looked at."""

    name: str
    """`python`, `browser`, `fonts`, `output`, `configuration`; where needed `variables`, `key`, `sessions`,
    `screen`, `mailbox`, `notify`."""
    state: str
    """`ok`, `missing`, or `note`: works, but not as well as it could."""
    found: str
    remedy: str = ""
