"""
What counts as a write, decided by the replica alone.

The list of reads that a service sends as POST belongs to the replica's own data. It is written apart from
the guard's list on purpose: a mistake in one of them shows as a difference.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from fnmatch import fnmatchcase

SAFE_METHODS = frozenset({"GET", "HEAD"})


class WriteKind(StrEnum):
    """How a request is counted."""

    PAGE = "page"
    """A GET or HEAD that changes nothing."""
    READ = "read"
    """A read that the service sends as POST."""
    SIGN_IN = "sign_in"
    """What signing in needs, from someone who is not signed in yet, or the answer to a challenge."""
    WRITE = "write"
    """Everything else."""


@dataclass(frozen=True, slots=True)
class Write:
    """One request that may change something."""

    method: str
    """`WEBSOCKET` for an attempt to open one."""
    host: str
    path: str
    """Without its query."""
    operation: str = ""
    """Name of the operation, where the request says one."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Which requests a line of the replica's network list means."""

    path: str
    """Pattern as `fnmatch` reads it; a slash at the end does not matter."""
    operations: frozenset[str] = frozenset()
    """Names that are meant; empty means all."""
    query: str | None = None
    """A query key that must be there."""

    def fits(self, path: str, query: frozenset[str], operation: str) -> bool:
        """Whether a request is meant. `query` holds the keys only."""
        return (
            fnmatchcase(path.rstrip("/") or "/", self.path.rstrip("/") or "/")
            and (not self.operations or operation in self.operations)
            and (self.query is None or self.query in query)
        )


@dataclass(frozen=True, slots=True)
class Network:
    """The replica's own idea of which requests read, sign in or write."""

    reads: tuple[Rule, ...] = ()
    sign_in: tuple[Rule, ...] = ()
    writing_gets: tuple[Rule, ...] = ()
    challenges: tuple[Rule, ...] = ()
    """Answers to what the service asks for, from whoever it asks."""

    def kind(self, method: str, path: str, query: frozenset[str], operation: str, *, signed_in: bool) -> WriteKind:
        """Say how a request counts; what is on no list is a write unless its method is safe."""

        def listed(rules: tuple[Rule, ...]) -> bool:
            return any(rule.fits(path, query, operation) for rule in rules)

        if method in SAFE_METHODS:
            return WriteKind.WRITE if listed(self.writing_gets) else WriteKind.PAGE
        if listed(self.reads):
            return WriteKind.READ
        if listed(self.challenges) or (not signed_in and listed(self.sign_in)):
            return WriteKind.SIGN_IN
        return WriteKind.WRITE


@dataclass(slots=True)
class WriteLedger:
    """Everything that reached the replica."""

    writes: list[Write] = field(default_factory=list)
    sign_ins: list[Write] = field(default_factory=list)
    sign_in_tries: Counter[str] = field(default_factory=Counter)
    """How often a password was sent, per user name."""
    approved: set[str] = field(default_factory=set)
    """User names whose holder said yes on another device."""
    pages_served: Counter[str] = field(default_factory=Counter)
    """Documents, as `host/path`."""
    reads: Counter[str] = field(default_factory=Counter)
    """Reads sent as POST, by operation or path."""
    faults: list[str] = field(default_factory=list)
    """Pages that the replica itself could not make: a mistake in its data."""

    def note(self, kind: WriteKind, request: Write) -> None:
        """File one request."""
        if kind is WriteKind.WRITE:
            self.writes.append(request)
        elif kind is WriteKind.SIGN_IN:
            self.sign_ins.append(request)
        elif kind is WriteKind.READ:
            self.reads[request.operation or request.path] += 1
