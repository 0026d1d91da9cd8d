"""Reading a ledger, or the piece of one that a run carries: line by line to its end, and its signed head."""

from __future__ import annotations

import os
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from sys import intern
from typing import TYPE_CHECKING

from automation.evidence.formats import dsse, names
from automation.evidence.formats.ledger import GIT, GIT_TEXT, HEAD, LEDGER, LOCK, PENDING
from automation.evidence.formats.ledger_line import (
    LONGEST_LINE_BYTES,
    REMOVED,
    RUN,
    BadLine,
    Head,
    Line,
    read_line,
)
from automation.evidence.formats.signed import moment
from automation.evidence.keys.trust import Trust
from automation.evidence.verify.chain import CLOCK_TOLERANCE_S, Chain, LedgerPosition, in_the_future, signs
from automation.evidence.verify.findings import DecidedRemoval, Fault, Finding
from automation.evidence.verify.reading import Budget
from automation.storage.files import open_regular

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_LARGEST_HEAD_BYTES = 100_000
_MOST_READINGS = 5
LEVELS_UP = 4
"""How far above a bundle or a run its ledger may lie."""


def read_chain(root: Path, trust: Trust | None, budget: Budget | None = None) -> Chain | None:
    """
    The ledger of a folder with everything that is wrong with it; None where there is none.

    Somebody may write to it meanwhile: what changed while it was read is read once more. Where a writer died, its
    signed intent tells what it was about to write: an end that lacks nothing but the rest of that is no fault.
    """
    if not has_ledger(root):
        return None
    for _ in range(_MOST_READINGS):
        before = _state(root)
        chain = _read(root, trust, budget or Budget(ends=False))
        chain.state = before
        if _state(root) == before:
            break
    return chain


def read_piece(folder: Path, trust: Trust | None, budget: Budget | None = None) -> Chain | None:
    """The piece of a ledger that a run carries, with everything that is wrong with it; None where it carries none."""
    if not all(os.path.lexists(folder / name) for name in (names.RUN_LEDGER, names.RUN_HEAD)):
        return None
    chain = Chain(folder, run=folder.absolute().name)
    try:
        last = _Reading(chain, budget or Budget(ends=False)).lines(folder / names.RUN_LEDGER)
    except OSError as error:
        chain.findings.append(Finding(Fault.LEDGER_MALFORMED, names.RUN_LEDGER, error.strerror or ""))
        return chain
    _read_head(folder / names.RUN_HEAD, chain, last, None, trust)
    chain.read_up_to = chain.end
    return chain


def has_ledger(folder: Path) -> bool:
    """Whether a folder holds a ledger, the head of one that is gone, or what is about to be the first line."""
    return any(os.path.lexists(folder / name) for name in (LEDGER, HEAD, PENDING))


def files_of_ledger(root: Path, trust: Trust | None) -> set[str]:
    """Names of what a ledger keeps in its folder: a lock, say, into which somebody wrote lies beside the evidence."""
    own = {LEDGER, HEAD} | ({PENDING} if _intent(root, trust) else set())
    for name, text in ((LOCK, b""), (GIT, GIT_TEXT)):
        with suppress(OSError), open_regular(root / name) as file:
            own |= {name} if file.read(len(text) + 1) == text else set()
    return own


def outermost_above(folder: Path) -> Path | None:
    """The outermost folder with a ledger above a folder: one that somebody put further inside counts for nothing."""
    return next((above for above in reversed(folder.absolute().parents[:LEVELS_UP]) if has_ledger(above)), None)


def chain_above(folder: Path, trust: Trust | None) -> Chain | None:
    """The outermost ledger above a folder, or the piece that its run carries; read anew when somebody wrote to it."""
    outermost = outermost_above(folder)
    if outermost is None:
        return read_piece(folder.absolute().parent, trust)
    return _known(outermost, _state(outermost), trust.text() if trust else "")


@lru_cache(maxsize=4)
def _known(root: Path, _as_it_is: object, trust: str) -> Chain | None:
    return read_chain(root, Trust.model_validate_json(trust) if trust else None)


def read_on(chain: Chain, trust: Trust | None, budget: Budget | None = None) -> bool:
    """Take in what was written to a ledger since it was read; whether there was anything."""
    if not chain.is_whole or _state(chain.root) == chain.state:
        return False
    if (later := read_chain(chain.root, trust, budget)) is not None:
        chain.grow(later)
    return True


def _state(root: Path) -> tuple[tuple[int, int, int] | None, ...]:
    """By what one can tell that a ledger was written to."""
    return tuple(map(_state_of, (root / LEDGER, root / HEAD, root / PENDING)))


def _state_of(path: Path) -> tuple[int, int, int] | None:
    try:
        there = path.lstat()
    except OSError:
        return None
    return there.st_ino, there.st_size, there.st_mtime_ns


def _read(root: Path, trust: Trust | None, budget: Budget) -> Chain:
    chain, intent = Chain(root), _intent(root, trust)
    reading = _Reading(chain, budget, intent)
    try:
        last = reading.lines(root / LEDGER)
    except FileNotFoundError:
        if intent is not None and intent.seq == 1:  # the first sealing of all is under way, or died
            reading.about_to(None)
            return chain
        chain.findings.append(Finding(Fault.LEDGER_MISSING, LEDGER))
        return chain
    except OSError as error:
        chain.findings.append(Finding(Fault.LEDGER_MALFORMED, LEDGER, error.strerror or ""))
        return chain
    _read_head(root / HEAD, chain, last, intent, trust)
    reading.about_to(last)
    chain.read_up_to = len(chain.digests)
    return chain


def _intent(root: Path, trust: Trust | None) -> Line | None:
    """What somebody is about to write, or was when they died: where a trusted key signed it."""
    try:
        with open_regular(root / PENDING) as file:
            envelope = dsse.opened(file.read(_LARGEST_HEAD_BYTES), dsse.LEDGER_INTENT)
        line = Line.decoded(envelope.payload)
    except (OSError, ValueError):
        return None
    known = trust.find(envelope.key_id) if trust else None
    return line if known is not None and envelope.signed_by(known.key()) else None


@dataclass(slots=True)
class _Reading:
    """What the lines so far came to."""

    chain: Chain
    budget: Budget
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
            while raw := file.readline(LONGEST_LINE_BYTES + 2):
                self.budget.spend("lines")
                if not raw.endswith(b"\n") and self.intent is not None and self.intent.encoded().startswith(raw):
                    return last
                chain.lines += 1
                where = f"{path.name}:{chain.lines}"
                if raw.endswith(b"\r\n"):
                    chain.findings.append(Finding(Fault.LINE_ENDS, path.name))
                    return last
                try:
                    if not raw.endswith(b"\n"):
                        raise BadLine("a line that is cut off")
                    line = read_line(raw[:-1])
                except BadLine as error:
                    chain.findings.append(Finding(Fault.LEDGER_MALFORMED, where, str(error)))
                    return last
                if last is None and chain.run:
                    chain.first, chain.before_first = line.seq, line.prev_sha256
                    chain.run = line.bundle.partition("/")[0] or chain.run  # others may follow: runs go on side by side
                chain.findings += self._linked(line, last, where)
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
        """
        A removal takes the oldest bundle of an account that is there and leaves the newest; unless somebody decided it.

        What the lines before a run's piece tell of is not known.
        """
        where, there = f"{LEDGER}:{self.chain.lines}", self.there[_account(line)]
        gone = (line.bundle, line.envelope_sha256)
        run = self.chain.runs.get(line.bundle)
        if run is not None and run.envelope_sha256 == line.envelope_sha256 and line.removal is not None:
            pass  # the results and reports of a run
        elif gone not in there:
            if self.chain.is_whole:
                yield Finding(Fault.REMOVED_UNKNOWN, where, line.bundle)
            return
        else:
            oldest_of_several = gone == there[0] and len(there) > 1
            if line.removal is None and not oldest_of_several and self.chain.is_whole:
                yield Finding(Fault.REMOVED_OUT_OF_ORDER, where, line.bundle)
            there.remove(gone)
        if (why := line.removal) is not None:
            self.chain.removals.append(DecidedRemoval(line.bundle, why.reason, why.person, why.day))

    def _linked(self, line: Line, last: Line | None, where: str) -> Iterator[Finding]:
        expected = last.seq + 1 if last else self.chain.first
        if line.seq != expected:
            yield Finding(Fault.LEDGER_GAP, where, f"{expected} → {line.seq}")
        elif line.prev_sha256 != (last.digest if last else self.chain.before_first):
            yield Finding(Fault.LEDGER_LINK, where)
        if not names.is_plain(line.bundle):
            yield Finding(Fault.PATH_ESCAPES, where, line.bundle)
        if last and line.at.timestamp() < last.at.timestamp() - CLOCK_TOLERANCE_S:
            yield Finding(Fault.CLOCK_SET_BACK, where, f"{moment(last.at)} → {moment(line.at)}")


def _account(line: Line) -> str:
    """Of whose visits a bundle is one, as its folder's name says."""
    match = names.BUNDLE.fullmatch(line.bundle.rpartition("/")[2])
    return match[1] if match else ""


def _read_head(path: Path, chain: Chain, last: Line | None, intent: Line | None, trust: Trust | None) -> None:
    if last is None:
        chain.findings += [Finding(Fault.HEAD_DIFFERS, path.name)] if path.exists() else []
        return
    unsigned = intent is not None and intent.digest == last.digest  # the line is there, its head was not written yet
    if unsigned and last.seq == 1 and not os.path.lexists(path):
        return
    try:
        with open_regular(path) as file:
            envelope = dsse.opened(file.read(_LARGEST_HEAD_BYTES), dsse.LEDGER_HEAD)
        head = Head.decoded(envelope.payload)
    except OSError:
        chain.findings.append(Finding(Fault.HEAD_MISSING, path.name))
        return
    except ValueError:
        chain.findings.append(Finding(Fault.HEAD_DIFFERS, path.name))
        return
    # Whoever stole the key could sign a head, but not stamp the last bundle before the theft: that bundle is looked at.
    stamped = next(reversed(chain.places.values())).gen_time if chain.places else None
    if not signs(envelope, trust, head.at, stamped):
        chain.findings.append(Finding(Fault.HEAD_NOT_TRUSTED, path.name, envelope.key_id))
    ends = {(last.seq, last.digest), *({(last.seq - 1, last.prev_sha256)} if unsigned else ())}
    backdated = head.sequence == last.seq and head.at.timestamp() < last.at.timestamp() - CLOCK_TOLERANCE_S
    if (head.sequence, head.line_sha256) not in ends or backdated:
        chain.findings.append(Finding(Fault.HEAD_DIFFERS, path.name, f"{last.seq} ≠ {head.sequence}"))
    chain.findings += in_the_future(path.name, head.at)
    chain.head = head
