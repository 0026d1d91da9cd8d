"""What a person filed, attended: who and when, and what left the machine. Never what they typed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class SentPart:
    """One text of a request that was let on, without the text."""

    name: str
    known: str
    """What was known of it (`automation.guard.submission.Known`)."""


@dataclass(frozen=True, slots=True)
class SentRequest:
    """A request that a person saw held and let on."""

    place: str
    """Method and address."""
    operation: str
    numbers: tuple[str, ...]
    """By which the service chooses the operation."""
    frame: str
    """Address of the document that sent it, without its query."""
    parts: tuple[SentPart, ...]
    body_sha256: str
    """Of the body as it was shown; whoever has the body can tell that it is this one."""


@dataclass(frozen=True, slots=True)
class Filing:
    """One objection that a person filed by the service's own button."""

    by: str
    """Who sat there, as they or their machine say."""
    released_at: datetime
    """When they typed the account's name; aware, UTC."""
    sent_at: datetime
    """When the request left; aware, UTC."""
    host: str
    form_id: str
    fields: tuple[str, ...]
    """Labels of the fields that were filled in."""
    requests: int = 1
    """How many were released and left, one by one: a service may want a code afterwards."""
    answered: bool = False
    """Whether the service's page went on after it."""
    reference: str = ""
    """Number of the case, as the page that followed gives it."""
    promise: str = ""
    """How long the service says that it will take."""
    let_on: tuple[SentRequest, ...] = ()
    """What they saw held and let on, oldest first."""
