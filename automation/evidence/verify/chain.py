"""Step 6 of a verification: the ledger is one unbroken chain with a signed head, and the bundle is a link of it."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from automation.evidence.formats import dsse, names
from automation.evidence.formats.encoding import moment
from automation.evidence.formats.ledger import HEAD, LEDGER, REMOVED, BadLine, Head, Line, read_line
from automation.evidence.formats.statement import Previous
from automation.evidence.keys.trust import SignerTrust, Trust
from automation.evidence.verify.findings import Fault, Finding, LedgerVerification, StepName, VerificationStep
from automation.evidence.verify.proofs import Sealed
from automation.storage.files import open_regular

CLOCK_TOLERANCE_S = 300.0
"""By how much a machine's clock may be corrected backwards between two bundles."""
_LONGEST_LINE_BYTES = 5000
_LARGEST_HEAD_BYTES = 100_000
_SIGNS = frozenset({SignerTrust.GOOD, SignerTrust.ENDED})
"""A key that has given way meanwhile signed the head rightly; the next line gets a head by the new one."""


@dataclass(frozen=True, slots=True)
class LedgerPosition:
    """What the ledger says of one bundle."""

    bundle: str
    envelope_sha256: str
    previous_line_sha256: str | None
    previous_envelope_sha256: str | None


@dataclass(slots=True)
class Chain:
    """A ledger as it was read."""

    root: Path
    places: dict[int, LedgerPosition] = field(default_factory=dict)
    """Sequence → bundle; lines that tell of a removal have none."""
    removed: set[str] = field(default_factory=set)
    """Digests of the envelopes of bundles that were removed by intent."""
    lines: int = 0
    findings: list[Finding] = field(default_factory=list)
    head: Head | None = None

    def verification(self, *, with_bundles: bool) -> LedgerVerification:
        """
        What was found of the ledger.

        Args:
            with_bundles: also look whether every bundle that it names is there, as it must be in a whole folder.
        """
        missing = self._missing() if with_bundles else ()
        return LedgerVerification(
            path=str(self.root / LEDGER),
            lines=self.lines,
            removed=len(self.removed),
            findings=(*self.findings, *missing),
            head_at=self.head.at if self.head else None,
            head_sha256=self.head.line_sha256 if self.head else "",
        )

    def _missing(self) -> Iterator[Finding]:
        for sequence, place in self.places.items():
            if place.envelope_sha256 not in self.removed and not _is_folder(self.root / place.bundle):
                yield Finding(Fault.BUNDLE_MISSING, place.bundle, str(sequence))


def read_chain(root: Path, trust: Trust | None) -> Chain | None:
    """The ledger of a folder with everything that is wrong with it; None where there is none."""
    if not has_ledger(root):
        return None
    path = root / LEDGER
    chain = Chain(root)
    if not path.is_file():
        chain.findings.append(Finding(Fault.LEDGER_MISSING, LEDGER))
        return chain
    try:
        last = _read_lines(path, chain)
    except OSError as error:
        chain.findings.append(Finding(Fault.LEDGER_MALFORMED, LEDGER, error.strerror or ""))
        return chain
    _read_head(root / HEAD, chain, last, trust)
    return chain


def has_ledger(folder: Path) -> bool:
    """Whether a folder holds a ledger, or the head of one that is gone."""
    return (folder / LEDGER).is_file() or (folder / HEAD).is_file()


def chain_step(folder: Path, sealed: Sealed, chain: Chain | None) -> VerificationStep:
    """The bundle is in the ledger, at the place and after the bundle that its statement names."""
    if sealed.statement is None:
        return VerificationStep(StepName.CHAIN, notes=("no_statement",), checked=False)
    if chain is None:
        return VerificationStep(StepName.CHAIN, notes=("no_ledger",), checked=False)
    said = sealed.statement.predicate
    place = chain.places.get(said.sequence)
    if place is None or place.envelope_sha256 != sealed.envelope_sha256:
        return VerificationStep(StepName.CHAIN, (Finding(Fault.NOT_IN_LEDGER, folder.name, str(said.sequence)),))
    findings = []
    before = Previous(
        sequence=said.sequence - 1,
        line_sha256=place.previous_line_sha256,
        envelope_sha256=place.previous_envelope_sha256,
    )
    if said.previous != before:
        findings.append(Finding(Fault.LINK_DIFFERS, folder.name, str(said.sequence)))
    if place.envelope_sha256 in chain.removed:
        findings.append(Finding(Fault.REMOVED_BUT_HERE, folder.name))
    notes = () if folder.absolute().name == said.bundle else ("renamed",)
    return VerificationStep(StepName.CHAIN, tuple(findings), notes)


def _read_lines(path: Path, chain: Chain) -> Line | None:
    """Follow the chain to its end; the last line."""
    last: Line | None = None
    envelope: str | None = None
    with open_regular(path) as file:
        while raw := file.readline(_LONGEST_LINE_BYTES):
            chain.lines += 1
            try:
                if not raw.endswith(b"\n"):
                    raise BadLine("a line that is cut off")
                line = read_line(raw[:-1])
            except BadLine as error:
                chain.findings.append(Finding(Fault.LEDGER_MALFORMED, f"{LEDGER}:{chain.lines}", str(error)))
                return last
            chain.findings += _linked(line, last, chain.lines)
            if not names.is_plain(line.bundle):
                return last
            if line.outcome == REMOVED:
                chain.removed.add(line.envelope_sha256)
            else:
                chain.places[line.seq] = LedgerPosition(line.bundle, line.envelope_sha256, line.prev_sha256, envelope)
                envelope = line.envelope_sha256
            last = line
    return last


def _linked(line: Line, last: Line | None, number: int) -> Iterator[Finding]:
    where = f"{LEDGER}:{number}"
    expected = last.seq + 1 if last else 1
    if line.seq != expected:
        yield Finding(Fault.LEDGER_GAP, where, f"{expected} → {line.seq}")
    elif line.prev_sha256 != (last.digest if last else None):
        yield Finding(Fault.LEDGER_LINK, where)
    if not names.is_plain(line.bundle):
        yield Finding(Fault.PATH_ESCAPES, where, line.bundle)
    if last and line.at.timestamp() < last.at.timestamp() - CLOCK_TOLERANCE_S:
        yield Finding(Fault.CLOCK_SET_BACK, where, f"{moment(last.at)} → {moment(line.at)}")


def _read_head(path: Path, chain: Chain, last: Line | None, trust: Trust | None) -> None:
    if last is None:
        chain.findings += [Finding(Fault.HEAD_DIFFERS, HEAD)] if path.exists() else []
        return
    try:
        with open_regular(path) as file:
            envelope = dsse.opened(file.read(_LARGEST_HEAD_BYTES), dsse.LEDGER_HEAD)
        head = Head.decoded(envelope.payload)
    except OSError:
        chain.findings.append(Finding(Fault.HEAD_MISSING, HEAD))
        return
    except ValueError:
        chain.findings.append(Finding(Fault.HEAD_DIFFERS, HEAD))
        return
    known = trust.find(envelope.key_id) if trust else None
    if known is None or not envelope.signed_by(known.key()) or known.standing(head.at, None) not in _SIGNS:
        chain.findings.append(Finding(Fault.HEAD_NOT_TRUSTED, HEAD, envelope.key_id))
    if (head.sequence, head.line_sha256) != (last.seq, last.digest):
        chain.findings.append(Finding(Fault.HEAD_DIFFERS, HEAD, f"{last.seq} ≠ {head.sequence}"))
    chain.head = head


def _is_folder(path: Path) -> bool:
    """Whether it is a folder itself: behind a link, nothing is verified."""
    try:
        return stat.S_ISDIR(path.lstat().st_mode)
    except OSError:
        return False
