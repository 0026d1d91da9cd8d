"""
The ledger: one line for every bundle and every run ever sealed below a folder, and for every bundle removed by intent.

Each line holds the digest of the line before it, and the head is the last line's digest, signed. So a bundle that is
gone leaves a hole, and what a line says cannot be changed afterwards. A cut tail shows only to somebody who kept a
copy of the head.

A line is written under a lock, in steps that a crash may cut anywhere: the intent (`ledger.pending.json`), the bundle's
own name, the line, the head; then the intent goes. Whoever takes the lock next finishes what was begun.

Whoever can write into the folder could put an intent or another end there, and the next line would make it genuine. So
an intent is signed, and nothing is written after an end that no key of this machine signed.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from itertools import pairwise
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout
from loguru import logger

from automation.core.errors import BundleError, OutputError
from automation.evidence.formats import dsse
from automation.evidence.formats.ledger_line import NO_BUNDLE, REMOVED, RUN, BadLine, Head, Line, Tip, read_line
from automation.evidence.formats.names import BUNDLE, ENVELOPE, RUN_DOCUMENT, RUN_HEAD, RUN_LEDGER
from automation.evidence.formats.signed import Previous, now, sha256, sha256_of
from automation.storage.files import append_line, open_regular, write_whole, writing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from automation.evidence.keys.signing import Keys, SigningKey

LEDGER = "ledger.jsonl"
HEAD = "ledger.head.dsse.json"
PENDING = "ledger.pending.json"
LOCK = "ledger.lock"
GIT = ".gitattributes"
GIT_TEXT = b"# Evidence is kept byte by byte.\n* -text\n"
"""Else git changes line ends where `core.autocrlf` says so, and nothing is as it was sealed."""
_WAIT_S = 120.0


class Ledger:
    """
    The ledger of one evidence folder. Many processes and threads may write to it at once.

    Args:
        root: the folder that holds all runs.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.path = root / LEDGER
        self.head = root / HEAD
        self._pending = root / PENDING

    def make_root(self) -> None:
        """
        Make the evidence folder, for its owner's eyes alone, where it is not there yet.

        Raises:
            OutputError: it cannot be made.
        """
        with writing(self.root):
            if not self.root.exists():
                self.root.parent.mkdir(parents=True, exist_ok=True)
                self.root.mkdir(mode=0o700, exist_ok=True)

    def relative(self, folder: Path) -> str:
        """How a line names a bundle's folder."""
        return folder.relative_to(self.root).as_posix()

    def tip(self) -> Tip:
        """
        The end of the ledger as it stands.

        Raises:
            BundleError: its last line is no line of a ledger.
        """
        lines = _whole_lines(self.path)
        if not lines:
            return Tip()
        for before, after in pairwise(lines):
            if f'"prev_sha256":"{sha256(before)}"'.encode() not in after:
                raise self._damaged("a line does not follow the one before")
        last = self._line(lines[-1])
        sealed = (line for raw in reversed(lines) if (line := self._line(raw)).outcome not in NO_BUNDLE)
        envelope = next((line.envelope_sha256 for line in sealed), None)
        return Tip(Previous(sequence=last.seq, envelope_sha256=envelope, line_sha256=last.digest), last.at)

    @contextmanager
    def locked(self, keys: Keys) -> Iterator[Tip]:
        """
        Hold the ledger and get its end, after finishing what a crash left undone.

        Args:
            keys: sign the head; know those that signed it before.

        Raises:
            OutputError: somebody else held it too long, or it cannot be written.
            BundleError: it is damaged, or it does not end as its signed head says.
        """
        self.make_root()
        try:
            with FileLock(self.root / LOCK, timeout=_WAIT_S):
                if not os.path.lexists(self.root / GIT):
                    write_whole(self.root / GIT, GIT_TEXT)
                self._recover(keys)
                tip = self.tip()
                self._check_end(tip, keys)
                if not tip.previous.sequence:
                    self._check_beginning()
                yield tip
        except Timeout:
            raise OutputError(
                f"{self.path}: another process has held the ledger for {_WAIT_S:g} s",
                "Wait until it has ended; a process that died holds nothing.",
            ) from None

    def finish(self, keys: Keys) -> None:
        """Finish what a crash left undone, where it left something; raises what `locked` does."""
        if self._pending.exists():
            with self.locked(keys):
                pass

    def append(self, line: Line, key: SigningKey, act: Callable[[], None]) -> None:
        """
        Do what a line tells of, and write the line. Only while `locked`.

        Args:
            line: from `Tip.next`.
            key: signs the head.
            act: gives the bundle its name, or takes it away.
        """
        write_whole(self._pending, dsse.sign(line.encoded(), dsse.LEDGER_INTENT, key))
        act()
        self._write(line, key)
        self._pending.unlink()

    def piece(self, run: str) -> dict[str, bytes]:
        """
        The lines from the first that tells of a run to the end, with the head: what proves the run where it is alone.

        Returns:
            Name in the run's folder → content; nothing where no line tells of the run.

        Raises:
            OutputError: the ledger cannot be read.
        """
        lines = _whole_lines(self.path)
        first = next((at for at, raw in enumerate(lines) if self._line(raw).bundle.startswith(f"{run}/")), None)
        if first is None:
            return {}
        with writing(self.head):
            head = _content(self.head)
        return {RUN_LEDGER: b"".join(raw + b"\n" for raw in lines[first:]), RUN_HEAD: head}

    def _write(self, line: Line, key: SigningKey) -> None:
        append_line(self.path, line.encoded())
        self._sign(line, key)

    def _sign(self, line: Line, key: SigningKey) -> None:
        head = Head(sequence=line.seq, line_sha256=line.digest, at=now())
        write_whole(self.head, dsse.sign(head.encoded(), dsse.LEDGER_HEAD, key))

    def _recover(self, keys: Keys) -> None:
        """Finish or undo what a crash cut: a bundle without its line, a line without its end or its head."""
        if not self._pending.exists():
            return
        line = self._intent(keys)
        tip = self.tip()
        if line is None:
            logger.warning("ledger: {} is not of this machine's making; nothing is done about it", self._pending)
        elif tip.previous.line_sha256 == line.digest:
            logger.warning("ledger: line {} was written before a crash; its head is signed now", line.seq)
            self._sign(line, keys.signing())
        elif tip.follows(line) and self._happened(line):
            logger.warning("ledger: {} was left without its line by a crash; the line is written now", line.bundle)
            self._check_end(tip, keys)
            self._write(line, keys.signing())
        else:
            logger.warning("ledger: sealing {} was cut off by a crash; it is not evidence", line.bundle)
        self._pending.unlink()

    def _intent(self, keys: Keys) -> Line | None:
        """What a crash left undone; None where no key of this machine signed it."""
        try:
            envelope = dsse.opened(_content(self._pending), dsse.LEDGER_INTENT)
            line = Line.decoded(envelope.payload)
        except (OSError, ValueError):
            return None
        return line if _signed_by_us(envelope, keys) else None

    def _check_end(self, tip: Tip, keys: Keys) -> None:
        """
        Nothing is written after an end that this machine did not sign: the next head would make it genuine.

        Raises:
            BundleError: lines or head were changed, or are another machine's.
        """
        if not tip.previous.sequence and not os.path.lexists(self.head):
            return
        try:
            envelope = dsse.opened(_content(self.head), dsse.LEDGER_HEAD)
            head = Head.decoded(envelope.payload)
            ours = _signed_by_us(envelope, keys)
        except (OSError, ValueError):
            ours = False
        if not ours or (head.sequence, head.line_sha256) != (tip.previous.sequence, tip.previous.line_sha256):
            raise BundleError(
                f"{self.path}: the ledger does not end as this machine left it",
                "Run `temoin verify` on this folder; put ledger and head back from a copy, or begin a new evidence "
                "folder.",
            )

    def _check_beginning(self) -> None:
        """
        No ledger begins beside evidence that was sealed: its own was taken away.

        Raises:
            BundleError: there is some.
        """
        sealed = (path.parent.parent.name for path in self.root.glob(f"*/*/{ENVELOPE}"))
        if any(self.root.glob(f"*/{RUN_DOCUMENT}")) or any(map(BUNDLE.fullmatch, sealed)):
            raise BundleError(
                f"{self.path}: there is sealed evidence here, and no ledger",
                "Put the ledger and its head back from a copy, or begin a new evidence folder.",
            )

    def _happened(self, line: Line) -> bool:
        """Whether what an intent tells of was done before the crash."""
        folder = self.root / line.bundle
        if line.outcome == REMOVED:
            return not folder.exists()
        envelope = folder if line.outcome == RUN else folder / ENVELOPE
        return envelope.is_file() and sha256_of(envelope) == line.envelope_sha256

    def _line(self, raw: bytes) -> Line:
        try:
            return read_line(raw)
        except BadLine as error:
            raise self._damaged(str(error)) from None

    def _damaged(self, why: str) -> BundleError:
        return BundleError(
            f"{self.path}: the ledger is damaged ({why})",
            "Run `temoin verify` on this folder; put the ledger back from a copy, or begin a new evidence folder.",
        )


def _signed_by_us(envelope: dsse.Envelope, keys: Keys) -> bool:
    known = keys.trust().find(envelope.key_id)
    return known is not None and envelope.signed_by(known.key())


def _whole_lines(path: Path) -> list[bytes]:
    """All lines that end with a line break."""
    with writing(path):
        data = _content(path) if os.path.lexists(path) else b""
    return data.split(b"\n")[:-1]


def _content(path: Path) -> bytes:
    with open_regular(path) as file:
        return file.read()
