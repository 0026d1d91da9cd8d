"""The ledger as it was read: one unbroken chain with a signed head, and what it says of bundles and runs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from sys import intern

from automation.evidence.formats import dsse, names
from automation.evidence.formats.encoding import moment
from automation.evidence.formats.kept_head import KeptHead
from automation.evidence.formats.ledger import FILES, HEAD, LEDGER, LOCK, PENDING
from automation.evidence.formats.ledger_line import REMOVED, RUN, BadLine, Head, Line, read_line
from automation.evidence.formats.lookalikes import passes_for_a_part, passes_for_a_run
from automation.evidence.keys.trust import SignerTrust, Trust
from automation.evidence.verify.beside import told_apart
from automation.evidence.verify.faults import Fault
from automation.evidence.verify.findings import Finding, LedgerVerification
from automation.evidence.verify.places import has_ledger
from automation.storage.files import open_regular

CLOCK_TOLERANCE_S = 300.0
"""By how much a machine's clock may be corrected backwards between two bundles."""
_LONGEST_LINE_BYTES = 5000
_LARGEST_HEAD_BYTES = 100_000
_SEALING = timedelta(minutes=1)
"""How long a sealing may take that began before its key gave way to another."""


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
    digests: list[bytes] = field(default_factory=list)
    """Of each line, in order."""
    lines: int = 0
    findings: list[Finding] = field(default_factory=list)
    head: Head | None = None
    met: set[int] = field(default_factory=set)
    """Lines whose bundle or run document was verified at the place that they name."""
    unsealed: list[str] = field(default_factory=list)
    """Paths of files that belong to nothing that a line tells of."""

    def line_before(self, sequence: int) -> str | None:
        """Digest of the line before one; None for the first."""
        return self.digests[sequence - 2].hex() if 1 < sequence <= len(self.digests) + 1 else None

    def relative(self, folder: Path) -> str:
        """How the ledger would name a folder or file below it."""
        return folder.absolute().relative_to(self.root.absolute()).as_posix()

    def verification(self, *, under: str | None) -> LedgerVerification:
        """
        What was found of the ledger.

        Args:
            under: the folder that was verified, as the ledger would name it (`.` for all): every bundle that the ledger
                names there must have been met. None where a single bundle was verified.
        """
        missing = self._missing(under) if under is not None else ()
        return LedgerVerification(
            path=str(self.root / LEDGER),
            lines=self.lines,
            removed=len(self.removed),
            findings=(*self.findings, *missing),
            head_at=self.head.at if self.head else None,
            head_sha256=self.head.line_sha256 if self.head else "",
            unsealed=tuple(self.unsealed),
        )

    def _missing(self, under: str) -> Iterator[Finding]:
        for sequence, place in self.places.items():
            inside = under == "." or place.bundle.startswith(f"{under}/")
            if inside and sequence not in self.met and place.envelope_sha256 not in self.removed:
                yield Finding(Fault.BUNDLE_MISSING, place.bundle, str(sequence))
        for path, run in self.runs.items():
            inside = under == "." or path.startswith(f"{under}/")
            if inside and run.sequence not in self.met:
                yield Finding(Fault.RUN_DOCUMENT_MISSING, path, str(run.sequence))

    def tells_of(self, folder: str) -> bool:
        """Whether a line tells of anything in a folder, which is named as the ledger would."""
        paths = (*(path for path, _ in self.seals), *self.runs)
        return any(path.startswith(f"{folder}/") for path in paths)

    def beside(self, folder: Path, loose: Sequence[str], *, is_empty: bool) -> None:
        """Note what lies in a folder and is neither bundle nor run; what could be taken for evidence is a finding."""
        here = self.relative(folder)
        own = FILES if here == "." else ()
        added, unsealed = told_apart(folder, (name for name in loose if name not in own))
        path = "" if here == "." else f"{here}/"
        self.findings += [Finding(Fault.FILE_ADDED, path + name) for name in added]
        self.unsealed += [path + name for name in unsealed] or ([path] if path and is_empty else [])
        if path and passes_for_a_part(folder.name):
            self.findings.append(Finding(Fault.FOLDER_ADDED, here))
        elif any(map(_says_something, unsealed)) and passes_for_a_run(folder.name) and not self.tells_of(here):
            self.findings.append(Finding(Fault.RUN_NOT_IN_LEDGER, here))

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
        if kept.sequence > len(self.digests):
            return Finding(Fault.HEAD_BEYOND, where, str(len(self.digests)))
        if not kept.fits(self.digests[kept.sequence - 1]):
            return Finding(Fault.HEAD_OF_ANOTHER, where, self.digests[kept.sequence - 1].hex()[:16])
        return None


def _says_something(name: str) -> bool:
    """Whether a file or folder is more than what a dead check or a desktop leaves."""
    return not name.endswith("/") and not name.startswith(".") and name.casefold() not in {"thumbs.db", "desktop.ini"}


def parted(chain: Chain, other: Chain) -> Finding | None:
    """Where two ledgers begin with the same line and go on with different ones: two histories were written."""
    both = enumerate(zip(chain.digests, other.digests, strict=False), 1)
    first = next((number for number, (one, two) in both if one != two), None)
    if first is None or first == 1:
        return None
    return Finding(Fault.TWO_HISTORIES, str(first), str(other.root / LEDGER))


def read_chain(root: Path, trust: Trust | None) -> Chain | None:
    """The ledger of a folder with everything that is wrong with it; None where there is none."""
    if not has_ledger(root):
        return None
    path = root / LEDGER
    chain = Chain(root)
    try:
        last = _read_lines(path, chain)
    except FileNotFoundError:
        chain.findings.append(Finding(Fault.LEDGER_MISSING, LEDGER))
        return chain
    except OSError as error:
        chain.findings.append(Finding(Fault.LEDGER_MALFORMED, LEDGER, error.strerror or ""))
        return chain
    _read_head(root / HEAD, chain, last, trust)
    chain.findings += _working_files(root, trust)
    return chain


def _working_files(root: Path, trust: Trust | None) -> Iterator[Finding]:
    """What writing keeps beside the ledger: a lock holds no word, an intent a line that was signed."""
    for name in (PENDING, LOCK):
        try:
            with open_regular(root / name) as file:
                data = file.read(_LARGEST_HEAD_BYTES)
        except OSError:  # it is not there; whatever else it is, is said for itself
            continue
        if data and (name == LOCK or not _is_intent(data, trust)):
            yield Finding(Fault.FILE_ADDED, name)


def _is_intent(data: bytes, trust: Trust | None) -> bool:
    try:
        envelope = dsse.opened(data, dsse.LEDGER_INTENT)
        Line.decoded(envelope.payload)
    except ValueError:
        return False
    known = trust.find(envelope.key_id) if trust else None
    return trust is None or (known is not None and envelope.signed_by(known.key()))


def _read_lines(path: Path, chain: Chain) -> Line | None:
    """Follow the chain to its end; the last line."""
    last: Line | None = None
    reading = _Reading(chain)
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
            reading.take(line)
            last = line
    reading.end()
    return last


@dataclass(slots=True)
class _Reading:
    """What the lines so far came to."""

    chain: Chain
    envelope: str | None = None
    """Of the last bundle."""
    stamped: datetime | None = None
    removals: list[tuple[int, Line]] = field(default_factory=list)
    """With the numbers of their lines."""

    def take(self, line: Line) -> None:
        """One more line."""
        chain = self.chain
        chain.digests.append(bytes.fromhex(line.digest))
        if line.outcome == REMOVED:
            self.removals.append((chain.lines, line))
            chain.removed.add(line.envelope_sha256)
        elif line.outcome == RUN:
            if line.bundle in chain.runs:
                chain.findings.append(Finding(Fault.RUN_SEALED_AGAIN, f"{LEDGER}:{chain.lines}", line.bundle))
            chain.runs[line.bundle] = self._position(line)
        else:
            chain.places[line.seq] = self._position(line)
            chain.seals.add((line.bundle, line.envelope_sha256))
            self.envelope = line.envelope_sha256
        self.stamped = max(filter(None, (self.stamped, line.gen_time)), default=None)

    def _position(self, line: Line) -> LedgerPosition:
        return LedgerPosition(
            line.seq,
            line.bundle,
            line.envelope_sha256,
            self.envelope,
            intern(line.outcome),
            line.at,
            line.gen_time,
            tuple(line.tokens.items()),
            self.stamped,
        )

    def end(self) -> None:
        """All lines were read: what was removed must have been there."""
        for number, line in self.removals:
            if (line.bundle, line.envelope_sha256) not in self.chain.seals:
                self.chain.findings.append(Finding(Fault.REMOVED_UNKNOWN, f"{LEDGER}:{number}", line.bundle))


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
    # Whoever stole the key could sign a head, but not stamp the last bundle before the theft: that bundle is looked at.
    stamped = next(reversed(chain.places.values())).gen_time if chain.places else None
    if not signs(envelope, trust, head.at, stamped):
        chain.findings.append(Finding(Fault.HEAD_NOT_TRUSTED, HEAD, envelope.key_id))
    if (head.sequence, head.line_sha256) != (last.seq, last.digest) or _backdated(head, last):
        chain.findings.append(Finding(Fault.HEAD_DIFFERS, HEAD, f"{last.seq} ≠ {head.sequence}"))
    chain.head = head


def _backdated(head: Head, last: Line) -> bool:
    """Whether a head says that it was signed before its line was written."""
    return head.at.timestamp() < last.at.timestamp() - CLOCK_TOLERANCE_S


def signs(envelope: dsse.Envelope, trust: Trust | None, at: datetime, proven_at: datetime | None) -> bool:
    """
    Whether a trusted key signed a head or a run document, and was good then.

    Args:
        envelope: it.
        trust: whom to believe.
        at: when it says that it was signed.
        proven_at: when an authority saw it at the latest.
    """
    known = trust.find(envelope.key_id) if trust else None
    if known is None or not envelope.signed_by(known.key()):
        return False
    begun = at if known.until is None or at > known.until + _SEALING else min(at, known.until)
    return known.standing(begun, proven_at) is SignerTrust.GOOD
