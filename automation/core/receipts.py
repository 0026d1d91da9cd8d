"""What a guard around somebody else's browser says at its end: `temoin.read_only/1`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from enum import StrEnum

from automation.core.records import RequestRecord, RuleCount

SCHEMA = "temoin.read_only/1"


class Mode(StrEnum):
    """What may leave beside reads by GET."""

    READS_ONLY = "reads_only"
    POSTS_BY_NAME = "posts_by_name"
    """POSTs that the policy names as reads."""


class Found(StrEnum):
    """What became of a way out, as it was tried at the beginning."""

    STOPPED = "stopped"
    OPEN = "open"
    """It leads past the guard in this browser."""
    NOT_SEEN = "not_seen"
    """Nothing came out, and nothing was seen to be stopped; or it cannot be tried in a moment."""


@dataclass(frozen=True, slots=True)
class Way:
    """One way out that a guard without its own browser may not hold."""

    name: str
    found: Found
    about: str
    """What goes this way."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a guard let through and what it stopped, and how far that can be relied on."""

    schema: str = field(default=SCHEMA, kw_only=True)
    temoin: str
    """Version."""
    browser: str
    """Version of the browser, as it says itself."""
    begun_at: datetime
    ended_at: datetime | None
    """Null while the guard is still up."""
    mode: Mode
    policy_sha256: str
    """Of the file; or of the keys given in a program, as JSON without blanks, keys sorted."""
    hosts: tuple[str, ...]
    """Those that may be read."""
    self_test: str
    """`passed`, perhaps earlier in this process; or why the guard does not hold."""
    writes_let_through: int
    """Anything but 0 is a breach."""
    allowed: tuple[RuleCount, ...]
    blocked: tuple[RuleCount, ...]
    let_through_by_name: tuple[RequestRecord, ...]
    """Every request but GET and HEAD that left, by the rule that names it; alike ones counted together."""
    stopped: tuple[RequestRecord, ...]
    truncated: bool
    """Whether there were more kinds of requests than are kept; they are counted all the same."""
    ways: tuple[Way, ...]
    """The limits: what was measured in this browser, before anything else."""
    before: Mapping[str, int]
    """What the browser had open before, by DevTools' word for it (`page`, `service_worker`); what it sent is gone."""
    pages_left_open: int
    """At the end: what they send afterwards is not in here."""
    added_policy: str
    """The header that was added to documents and workers; it refuses sockets, which are not counted."""

    def text(self) -> str:
        """The document as JSON, in one form: no blanks, keys sorted, moments in UTC."""
        return json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":"), sort_keys=True, default=_plain)


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    raise TypeError(type(value).__name__)
