"""What a visit leaves behind: files with their digests, the guard's record, the environment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Artifact:
    """One file of evidence."""

    path: str
    """Relative to the bundle, with forward slashes."""
    kind: str
    """`picture`, `accessibility`, `text`, `observation`, `result`, `guard` …"""
    media_type: str
    sha256: str
    size_bytes: int
    taken_at: datetime
    """Aware, UTC."""


@dataclass(frozen=True, slots=True)
class BundleRef:
    """Where the evidence of one check lies."""

    path: str
    """Relative to the run's output folder where possible."""
    manifest_sha256: str
    """SHA-256 of `manifest-sha256.txt`, which lists every file."""


@dataclass(frozen=True, slots=True)
class RuleCount:
    """How many requests one rule let through or stopped."""

    phase: str
    rule: str
    count: int


@dataclass(frozen=True, slots=True)
class RequestRecord:
    """One request, without anything secret: no query, no body, no header."""

    phase: str
    method: str
    host: str
    path: str
    rule: str
    """The rule that let it through, or the reason why it was refused."""
    allowed: bool
    operation: str = ""
    count: int = 1


@dataclass(frozen=True, slots=True)
class GuardRecord:
    """What the guard saw during one check."""

    writes_let_through: int
    """Requests of the check phase other than reads that left. Anything but 0 is a breach."""
    sign_in_requests: int
    """Writes of the session phase that the sign-in needed."""
    allowed: tuple[RuleCount, ...]
    blocked: tuple[RuleCount, ...]
    requests: tuple[RequestRecord, ...] = ()
    """Every request, alike ones counted together; bounded."""
    truncated: bool = False
    self_test: str = ""
    """`passed`, or what went wrong."""
    phases: tuple[str, ...] = ()
    added_policy: str = ""
    """The header that the guard added to every document: the one thing it changes in what a page is served."""


@dataclass(frozen=True, slots=True)
class Environment:
    """On what the visit was made."""

    temoin: str
    python: str
    system: str
    browser: str
    """Product and version."""
    browser_path: str
    browser_source: str
    """Which of the places it was found in: `configured`, `playwright`, `channel:chrome`, `system`."""
    arguments: tuple[str, ...]
    sandbox: bool
    """False when started with --no-sandbox, which Chromium demands of root."""
    viewport: str
    time_zone: str
    proxy: str
    """The in-process tunnel, said plainly; `none` without one."""
    stand_in: bool
    """True when `browser.replica_map` pointed the hosts elsewhere: then this says nothing of the real service."""
    ci: bool = False
