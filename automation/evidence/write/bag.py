"""Writing one check's evidence: into a folder that only gets its name when it is sealed and verifies."""

from __future__ import annotations

import asyncio
import hashlib
import io
import secrets
import shutil
import tarfile
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import pyrage

from automation.core.errors import ConfigurationError
from automation.core.records import Artifact, BundleRef
from automation.core.results import Outcome
from automation.core.verdicts import Verdict
from automation.evidence.formats import names
from automation.evidence.write.sealer import Contents, Opened, Sealer, Summary
from automation.storage.files import writing

_Answer = TypeVar("_Answer")
Scan = Callable[[Path], None]
"""Looks through a folder for secrets; raises a BundleError that names the file where it finds one."""


class BundleWriter:
    """
    Collects the files of one check in `NAME.partial` and publishes them, sealed, as `NAME`.

    A check that ends in the middle leaves at most the partial folder, which nothing takes for evidence.
    """

    def __init__(
        self, root: Path, account: str, sealer: Sealer, opened: Opened, kind: names.FileKind = names.FileKind.VISIT
    ) -> None:
        name = f"{opened.at:%Y-%m-%dT%H%M%SZ}_{account}_{secrets.token_hex(4)}"
        self._account, self._sealer, self._opened = account, sealer, opened
        self._kind = kind
        self._final = root / name
        self._partial = root / f"{name}{names.PARTIAL}"
        self._artifacts: dict[str, Artifact] = {}
        self._original: bytes | None = None
        sealer.ledger.make_root()
        with writing(self._partial):
            self._partial.mkdir(parents=True)

    @classmethod
    async def open(cls, root: Path, account: str, sealer: Sealer) -> BundleWriter:
        """
        Ask for the opening time stamps and make the folder; call it right before the visit.

        Args:
            root: the run's folder, inside the sealer's evidence folder.
            account: its name.
            sealer: seals it in the end.

        Raises:
            OutputError: the folder cannot be written.
            BundleError: the ledger is damaged.
        """
        return cls(root, account, sealer, await _in_thread(sealer.open))

    @classmethod
    def of_look(cls, root: Path, sealer: Sealer, opened: Opened) -> BundleWriter:
        """
        Make the folder for a look into a mailbox, which belongs to no single account.

        Args:
            root: the run's folder, inside the sealer's evidence folder.
            sealer: seals it in the end.
            opened: what was settled before the look, by `sealer.open()`.

        Raises:
            OutputError: the folder cannot be written.
        """
        return cls(root, names.MAILBOX, sealer, opened, names.FileKind.INBOX)

    @property
    def artifacts(self) -> tuple[Artifact, ...]:
        """What has been written so far; their paths are relative to the bundle, and begin with `data/`."""
        return tuple(self._artifacts.values())

    @property
    def clock_offset_ms(self) -> int | None:
        """What to add to this machine's clock to get the first authority's; None where none answered."""
        return self._opened.clock_offset_ms

    def add(self, path: str, data: bytes, kind: str, media_type: str) -> Artifact:
        """
        Write one file into the payload.

        Args:
            path: relative to `data/`, with forward slashes; new in this bundle.
            data: its content.
            kind: what it is, see `Artifact`.
            media_type: of the content.

        Raises:
            OutputError: the disk is full or the folder cannot be written.
            ValueError: the path leads elsewhere, or there is such a file already: evidence is not overwritten.
        """
        full = f"{names.PAYLOAD}/{path}"
        if not names.is_plain(full) or full.casefold() in map(str.casefold, self._artifacts):
            raise ValueError(f"{path}: no name for a file of evidence, or one that is taken")
        self._write(full, data)
        artifact = Artifact(
            path=full,
            kind=kind,
            media_type=media_type,
            sha256=hashlib.sha256(data).hexdigest(),
            size_bytes=len(data),
            taken_at=datetime.now(UTC),
        )
        self._artifacts[full] = artifact
        return artifact

    def add_original(self, data: bytes) -> None:
        """
        Add the unmasked copy, encrypted for the account holder (age). It is no part of the payload, but sealed.

        Raises:
            OutputError: it cannot be written.
        """
        self._write(names.ORIGINAL, data)
        self._original = data

    async def publish(
        self, *, verdict: Verdict, outcome: Outcome, masks: Mapping[str, int] | None = None, scan: Scan | None = None
    ) -> BundleRef:
        """
        Seal the bundle, verify it, and give it its name; `data/result.json` must be in it.

        Being cancelled does not stop a sealing that began: it is either complete or not there.

        Args:
            verdict: goes into the statement.
            outcome: goes into the statement and the ledger.
            masks: rule → how many places it hid.
            scan: looks for secrets in the complete payload first.

        Raises:
            OutputError: it cannot be written.
            BundleError: it holds a secret or does not verify, or the ledger is damaged. There is no evidence then.
        """
        summary = Summary({verdict.value: 1}, outcome.value, dict(masks or {}))
        return await _in_thread(lambda: self.seal(summary, scan))

    def seal(self, summary: Summary, scan: Scan | None = None) -> BundleRef:
        """The same, blocking, and of whatever kind the bundle is."""
        subject = names.SUBJECTS[self._kind]
        if subject not in self._artifacts:
            raise ValueError(f"{subject} is missing; the statement names it")
        contents = Contents(
            self._partial,
            self._final,
            self._account if self._kind is names.FileKind.VISIT else "",
            self._opened,
            tuple(self._artifacts.values()),
            self._original,
            self._kind,
        )
        if scan is not None:
            scan(self._partial)
        return self._sealer.seal(contents, summary)

    def discard(self) -> None:
        """Remove what was written; nothing happens to a published bundle."""
        shutil.rmtree(self._partial, ignore_errors=True)

    def _write(self, path: str, data: bytes) -> None:
        target = self._partial / path
        with writing(target):
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)


async def _in_thread(work: Callable[[], _Answer]) -> _Answer:
    """Run blocking work beside the event loop, and see it end even when the task is cancelled meanwhile."""
    future = asyncio.ensure_future(asyncio.to_thread(work))
    try:
        return await asyncio.shield(future)
    except asyncio.CancelledError:
        await asyncio.wait([future])
        if not future.cancelled():
            future.exception()  # looked at, so that asyncio does not complain that nobody did
        raise


class DiscardingSink:
    """Where the evidence of a trial goes: it takes files and keeps none."""

    def add(self, path: str, data: bytes, kind: str, media_type: str) -> Artifact:
        """Describe the file as if it were kept."""
        return Artifact(path, kind, media_type, hashlib.sha256(data).hexdigest(), len(data), datetime.now(UTC))


class OriginalCopy:
    """
    Collects unmasked files in memory and hands them out as one encrypted archive; nothing unmasked is ever written.

    Args:
        recipient: an age recipient, `age1…`.

    Raises:
        ConfigurationError: it is none.
    """

    def __init__(self, recipient: str) -> None:
        self._recipient = recipient_of(recipient)
        self._files: dict[str, bytes] = {}

    def add(self, path: str, data: bytes) -> None:
        """Keep one file."""
        self._files[path] = data

    @property
    def files(self) -> dict[str, bytes]:
        """What was kept, for the search for secrets; never for writing."""
        return dict(self._files)

    def sealed(self) -> bytes | None:
        """A tar archive, encrypted with age; None where nothing was kept."""
        if not self._files:
            return None
        buffer = io.BytesIO()
        with tarfile.open(fileobj=buffer, mode="w", format=tarfile.USTAR_FORMAT) as archive:
            for path, data in sorted(self._files.items()):
                entry = tarfile.TarInfo(path)
                entry.size = len(data)
                archive.addfile(entry, io.BytesIO(data))
        return bytes(pyrage.encrypt(buffer.getvalue(), [self._recipient]))


def recipient_of(text: str) -> pyrage.x25519.Recipient:
    """
    Read an age recipient.

    Raises:
        ConfigurationError: it is none.
    """
    try:
        return pyrage.x25519.Recipient.from_str(text.strip())
    except pyrage.RecipientError:
        raise ConfigurationError(
            "evidence.unmasked_for is no age recipient",
            "Write the public key that `age-keygen` prints; it begins with age1.",
        ) from None
