"""
The ledger as it was read: one unbroken chain with a signed head, and what it says of bundles and runs.

A run that was handed on alone carries a piece of it: the lines from its first bundle on, with the head of then. They
are read alike; what lies before them is not known.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from automation.evidence.formats import dsse, names
from automation.evidence.formats.ledger import LEDGER
from automation.evidence.formats.ledger_line import Head, KeptHead
from automation.evidence.formats.signed import moment, now
from automation.evidence.keys.trust import SignerTrust, Trust
from automation.evidence.verify.findings import DecidedRemoval, Fault, Finding, LedgerVerification

if TYPE_CHECKING:
    from collections.abc import Iterator

CLOCK_TOLERANCE_S = 300.0
"""By how much a machine's clock may be corrected backwards between two bundles."""
_SEALING = timedelta(minutes=1)
"""How long a sealing may take that began before its key gave way to another."""
_AHEAD = timedelta(days=1)
"""How far ahead of the verifier's own clock a moment may lie."""


@dataclass(frozen=True, slots=True)
class LedgerPosition:
    """What the ledger says of one bundle, or of one run document."""

    sequence: int
    bundle: str
    """Its path; of a run, that of its document."""
    envelope_sha256: str
    previous_envelope_sha256: str | None
    outcome: str
    at: datetime
    """When the line was written, by the clock of the machine that sealed."""
    gen_time: datetime | None
    """The earliest closing token's time; None where none answered when it was sealed."""
    tokens: tuple[tuple[str, str], ...]
    """Authority and digest of each closing token of then."""
    stamped_before: datetime | None
    """The latest closing token's time in the lines before: the bundle was sealed after it."""


@dataclass(slots=True)
class Chain:
    """A ledger as it was read."""

    root: Path
    places: dict[int, LedgerPosition] = field(default_factory=dict)
    """Sequence → bundle; lines that tell of a removal or a run have none."""
    removed: set[str] = field(default_factory=set)
    """Digests of the envelopes of bundles that were removed by intent."""
    runs: dict[str, LedgerPosition] = field(default_factory=dict)
    """Path of a run document → what its line says; the last line counts."""
    seals: set[tuple[str, str]] = field(default_factory=set)
    """Path and envelope's digest of every bundle that a line tells of."""
    bundles: set[str] = field(default_factory=set)
    """Path of every bundle that a line tells of."""
    digests: list[bytes] = field(default_factory=list)
    """Of each line, in order."""
    lines: int = 0
    findings: list[Finding] = field(default_factory=list)
    head: Head | None = None
    met: set[int] = field(default_factory=set)
    """Lines whose bundle or run document was verified at the place that they name."""
    read_up_to: int = 0
    """The last line that was there when the ledger was first read: what came later need not have been met."""
    state: object = None
    """By what one can tell whether it was written to since."""
    run: str = ""
    """Of the piece that a run carries: the run's name in the ledger, whatever its folder is called now."""
    before_first: str | None = None
    """Of a piece: digest of the line before its first."""
    first: int = 1
    """The first line's number; more than one for a piece."""
    removals: list[DecidedRemoval] = field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        """Whether it is a ledger from its beginning, and not the piece that a run carries."""
        return not self.run

    @property
    def end(self) -> int:
        """Number of the last line."""
        return self.first + len(self.digests) - 1

    def line_before(self, sequence: int) -> str | None:
        """Digest of the line before one; None for the first of all."""
        at = sequence - 1 - self.first
        return self.digests[at].hex() if 0 <= at < len(self.digests) else self.before_first

    def relative(self, folder: Path) -> str:
        """How the ledger would name a folder or file below it."""
        inside = folder.absolute().relative_to(self.root.absolute()).as_posix()
        return f"{self.run}/{inside}" if self.run else inside

    def verification(self, *, under: str | None) -> LedgerVerification:
        """
        What was found of the ledger.

        Args:
            under: the folder that was verified, as the ledger would name it (`.` for all): every bundle that the ledger
                names there must have been met. None where a single bundle was verified.
        """
        missing = self._missing(self.run or under) if under is not None else ()
        decided = {one.path for one in self.removals}
        return LedgerVerification(
            path=str(self.root / (LEDGER if self.is_whole else names.RUN_LEDGER)),
            lines=self.lines,
            removed=len(self.removed) - len(self.removals),
            findings=(*self.findings, *missing),
            head_at=self.head.at if self.head else None,
            head_sha256=self.head.line_sha256 if self.head else "",
            removed_bundles=tuple(
                one.bundle
                for one in self.places.values()
                if one.envelope_sha256 in self.removed and one.bundle not in decided
            ),
            removals=tuple(self.removals),
        )

    def missing(self) -> int:
        """How many bundles are not where the ledger says, and were not removed by intent."""
        kept = (place.bundle for place in self.places.values() if place.envelope_sha256 not in self.removed)
        own = (path.removeprefix(f"{self.run}/") for path in kept if not self.run or path.startswith(f"{self.run}/"))
        return sum(not (self.root / path / names.ENVELOPE).is_file() for path in own)

    def _missing(self, under: str) -> Iterator[Finding]:
        for place in (*self.places.values(), *self.runs.values()):
            inside = place.sequence <= self.read_up_to and (under == "." or place.bundle.startswith(f"{under}/"))
            if inside and place.sequence not in self.met and place.envelope_sha256 not in self.removed:
                fault = Fault.RUN_DOCUMENT_MISSING if place.bundle in self.runs else Fault.BUNDLE_MISSING
                yield Finding(fault, place.bundle, str(place.sequence))

    def grow(self, later: Chain) -> None:
        """Take in the lines that came since; nothing where the later one does not go on from this one."""
        if later.digests[: len(self.digests)] == self.digests:
            self.places |= later.places
            self.runs = later.runs | self.runs
            self.seals |= later.seals
            self.bundles |= later.bundles
            self.removed |= later.removed
            self.removals = later.removals
            self.digests, self.lines, self.head, self.state = later.digests, later.lines, later.head, later.state

    def proven_at(self, sequence: int) -> datetime | None:
        """
        When an authority saw a line at the latest: with the first stamped bundle or run after it.

        What is stamped holds the digest of the line before it, and so of every line before it.
        """
        places = (*self.places.values(), *self.runs.values())
        times = (place.gen_time for place in places if place.sequence > sequence)
        return min((at for at in times if at is not None), default=None)

    def differs(self, kept: KeptHead) -> Finding | None:
        """Whether this ledger is another than the one that a kept head is of, or was cut since."""
        where = str(kept.sequence)
        if kept.sequence > self.end:
            return Finding(Fault.HEAD_BEYOND, where, str(self.end))
        digest = self.line_before(kept.sequence + 1)
        if digest is not None and kept.sequence >= self.first - 1 and not kept.fits(bytes.fromhex(digest)):
            return Finding(Fault.HEAD_OF_ANOTHER, where, digest[:16])
        return None


def parted(chain: Chain, other: Chain) -> Finding | None:
    """Where two ledgers begin with the same line and go on with different ones: two histories were written."""
    both = enumerate(zip(chain.digests, other.digests, strict=False), 1)
    first = next((number for number, (one, two) in both if one != two), None)
    if first is None or first == 1:
        return None
    return Finding(Fault.TWO_HISTORIES, str(first), str(other.root / LEDGER))


def signs(envelope: dsse.Envelope, trust: Trust | None, at: datetime, proven_at: datetime | None) -> bool:
    """Whether a trusted key signed a head or a run document `at` that moment, as it says, and was good then."""
    known = trust.find(envelope.key_id) if trust else None
    if known is None or not envelope.signed_by(known.key()):
        return False
    begun = at if known.until is None or at > known.until + _SEALING else min(at, known.until)
    return known.standing(begun, proven_at) is SignerTrust.GOOD


def in_the_future(name: str, at: datetime) -> Iterator[Finding]:
    """A moment that has not come yet where evidence is verified: nobody can have sealed anything then."""
    if at > now() + _AHEAD:
        yield Finding(Fault.IN_THE_FUTURE, name, moment(at))
