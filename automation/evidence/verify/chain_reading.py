"""Reading a ledger: line by line to its end, its signed head, and what writing keeps beside it."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from sys import intern

from automation.evidence.formats import dsse, names
from automation.evidence.formats.encoding import moment
from automation.evidence.formats.ledger import HEAD, LEDGER, LOCK, PENDING
from automation.evidence.formats.ledger_line import REMOVED, RUN, BadLine, Head, Line, read_line
from automation.evidence.keys.trust import Trust
from automation.evidence.verify.chain import CLOCK_TOLERANCE_S, Chain, LedgerPosition, signs
from automation.evidence.verify.faults import Fault
from automation.evidence.verify.findings import Finding
from automation.evidence.verify.places import has_ledger
from automation.storage.files import open_regular

_LONGEST_LINE_BYTES = 5000
_LARGEST_HEAD_BYTES = 100_000
_MOST_READINGS = 5
LEVELS_UP = 4
"""How far above a bundle or a run its ledger may lie."""


def read_chain(root: Path, trust: Trust | None) -> Chain | None:
    """
    The ledger of a folder with everything that is wrong with it; None where there is none.

    Somebody may write to it meanwhile: what changed while it was read is read once more. Where a writer died, its
    signed intent tells what it was about to write: an end that lacks nothing but the rest of that is no fault.
    """
    if not has_ledger(root):
        return None
    for _ in range(_MOST_READINGS):
        before = _state(root)
        chain = _read(root, trust)
        chain.state = before
        if _state(root) == before:
            break
    return chain


def chain_above(folder: Path) -> Chain | None:
    """The nearest ledger above a folder, without any trust; read anew when somebody wrote to it."""
    nearest = next((above for above in folder.absolute().parents[:LEVELS_UP] if has_ledger(above)), None)
    return _known(nearest, _state(nearest)) if nearest is not None else None


@lru_cache(maxsize=4)
def _known(root: Path, _as_it_is: object) -> Chain | None:
    return read_chain(root, None)


def read_on(chain: Chain, trust: Trust | None) -> None:
    """Take in what was written to a ledger since it was read."""
    if _state(chain.root) != chain.state and (later := read_chain(chain.root, trust)) is not None:
        chain.grow(later)


def _state(root: Path) -> tuple[tuple[int, int, int] | None, ...]:
    """By what one can tell that a ledger was written to."""
    return tuple(map(_state_of, (root / LEDGER, root / HEAD, root / PENDING)))


def _state_of(path: Path) -> tuple[int, int, int] | None:
    try:
        there = path.lstat()
    except OSError:
        return None
    return there.st_ino, there.st_size, there.st_mtime_ns


def _read(root: Path, trust: Trust | None) -> Chain:
    chain = Chain(root)
    findings, intent = _working_files(root, trust)
    reading = _Reading(chain, intent)
    try:
        last = reading.lines(root / LEDGER)
    except FileNotFoundError:
        chain.findings.append(Finding(Fault.LEDGER_MISSING, LEDGER))
        return chain
    except OSError as error:
        chain.findings.append(Finding(Fault.LEDGER_MALFORMED, LEDGER, error.strerror or ""))
        return chain
    _read_head(root / HEAD, chain, last, intent, trust)
    reading.about_to(last)
    chain.findings += findings
    chain.read_up_to = len(chain.digests)
    return chain


def _working_files(root: Path, trust: Trust | None) -> tuple[list[Finding], Line | None]:
    """What writing keeps beside the ledger: a lock holds no word, an intent a line that a trusted key signed."""
    findings: list[Finding] = []
    intent: Line | None = None
    for name in (PENDING, LOCK):
        try:
            with open_regular(root / name) as file:
                data = file.read(_LARGEST_HEAD_BYTES)
        except OSError:  # it is not there; whatever else it is, is said for itself
            continue
        try:
            envelope = dsse.opened(data, dsse.LEDGER_INTENT)
            line = Line.decoded(envelope.payload)
        except ValueError:
            findings += [Finding(Fault.FILE_ADDED, name)] if data else []
            continue
        known = trust.find(envelope.key_id) if trust else None
        if name == PENDING and known is not None and envelope.signed_by(known.key()):
            intent = line
        elif name == LOCK or trust is not None:
            findings.append(Finding(Fault.FILE_ADDED, name))
    return findings, intent


@dataclass(slots=True)
class _Reading:
    """What the lines so far came to."""

    chain: Chain
    intent: Line | None = None
    """What somebody is about to write, or was when they died."""
    envelope: str | None = None
    """Of the last bundle."""
    stamped: datetime | None = None
    there: dict[str, list[tuple[str, str]]] = field(default_factory=lambda: defaultdict(list))
    """Account → path and digest of each bundle that was not removed, oldest first."""

    def lines(self, path: Path) -> Line | None:
        """Follow the chain to its end; the last line."""
        chain, last = self.chain, None
        with open_regular(path) as file:
            while raw := file.readline(_LONGEST_LINE_BYTES):
                if not raw.endswith(b"\n") and self.intent is not None and self.intent.encoded().startswith(raw):
                    return last
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
                self.take(line)
                last = line
        return last

    def about_to(self, last: Line | None) -> None:
        """What was done already of an intent that follows the end counts as told; its line will be written."""
        line, end = self.intent, (last.seq, last.digest) if last else (0, None)
        if line is None or (line.seq - 1, line.prev_sha256) != end or not names.is_plain(line.bundle):
            return
        place = self.chain.root / line.bundle
        if place.exists() is (line.outcome != REMOVED):
            self.take(line)

    def take(self, line: Line) -> None:
        """One more line."""
        chain = self.chain
        chain.digests.append(bytes.fromhex(line.digest))
        if line.outcome == REMOVED:
            chain.findings += self._removed(line)
            chain.removed.add(line.envelope_sha256)
        elif line.outcome == RUN:
            if line.bundle in chain.runs:
                chain.findings.append(Finding(Fault.RUN_SEALED_AGAIN, f"{LEDGER}:{chain.lines}", line.bundle))
            chain.runs[line.bundle] = self._position(line)
        else:
            chain.places[line.seq] = self._position(line)
            chain.seals.add((line.bundle, line.envelope_sha256))
            chain.bundles.add(line.bundle)
            self.there[_account(line)].append((line.bundle, line.envelope_sha256))
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

    def _removed(self, line: Line) -> Iterator[Finding]:
        """A removal takes the oldest bundle of an account that is there, and leaves the newest."""
        where, there, gone = (
            f"{LEDGER}:{self.chain.lines}",
            self.there[_account(line)],
            (line.bundle, line.envelope_sha256),
        )
        if gone not in there:
            yield Finding(Fault.REMOVED_UNKNOWN, where, line.bundle)
            return
        if gone != there[0] or len(there) == 1:
            yield Finding(Fault.REMOVED_OUT_OF_ORDER, where, line.bundle)
        there.remove(gone)


def _account(line: Line) -> str:
    """Of whose visits a bundle is one, as its folder's name says."""
    match = names.BUNDLE.fullmatch(line.bundle.rpartition("/")[2])
    return match[1] if match else ""


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


def _read_head(path: Path, chain: Chain, last: Line | None, intent: Line | None, trust: Trust | None) -> None:
    if last is None:
        chain.findings += [Finding(Fault.HEAD_DIFFERS, HEAD)] if path.exists() else []
        return
    unsigned = intent is not None and intent.digest == last.digest  # the line is there, its head was not written yet
    if unsigned and last.seq == 1 and not os.path.lexists(path):
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
    ends = {(last.seq, last.digest), *({(last.seq - 1, last.prev_sha256)} if unsigned else ())}
    if (head.sequence, head.line_sha256) not in ends or (head.sequence == last.seq and _backdated(head, last)):
        chain.findings.append(Finding(Fault.HEAD_DIFFERS, HEAD, f"{last.seq} ≠ {head.sequence}"))
    chain.head = head


def _backdated(head: Head, last: Line) -> bool:
    """Whether a head says that it was signed before its line was written."""
    return head.at.timestamp() < last.at.timestamp() - CLOCK_TOLERANCE_S
