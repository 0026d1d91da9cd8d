"""
Sealing a folder of evidence, and a run: manifests, statement, signature, time stamps, its line in the ledger.

Order: before the visit, the opening tokens over a random number and the end of the ledger; after it, under the ledger's
lock, the manifests, the signed statement, the closing tokens over the envelope, the bundle's own verification, its name
and its line. All of it blocks; `bundle.bag` calls it from a thread.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from loguru import logger

from automation.core.records import Artifact, Authority, BundleRef
from automation.evidence.formats import dsse, names
from automation.evidence.formats.ledger_line import RUN, Tip
from automation.evidence.formats.names import bag_info, manifest
from automation.evidence.formats.signed import (
    Opening,
    Predicate,
    RunDocumentSeal,
    SignedStatement,
    Subject,
    now,
    sha256,
    sha256_of,
    tool,
)
from automation.evidence.keys.timestamps import BadStamp, Stamp, ask
from automation.evidence.keys.trust import pinned
from automation.evidence.verify.bundle import prove
from automation.storage.files import sync_folder, write_whole, writing

if TYPE_CHECKING:
    from automation.evidence.formats.ledger import Ledger
    from automation.evidence.keys.signing import Keys, SigningKey

ASK_S = 5.0
"""How long an authority may take; a visit must not wait long for one that is down."""


@dataclass(frozen=True, slots=True)
class Opened:
    """What was settled before the visit."""

    at: datetime
    files: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    """Path in the bundle → content: what was stamped, the requests and the tokens."""
    clock_offset_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Contents:
    """A folder that is complete but for its seal."""

    folder: Path
    """Where it lies now."""
    final: Path
    """The name that it gets."""
    account: str
    opened: Opened
    artifacts: Sequence[Artifact]
    original: bytes | None = field(default=None, repr=False)
    """The encrypted, unmasked copy."""
    kind: names.FileKind = names.FileKind.VISIT


@dataclass(frozen=True, slots=True)
class Summary:
    """What the statement says of the contents."""

    verdicts: Mapping[str, int]
    outcome: str
    masks: Mapping[str, int] = field(default_factory=dict)


class Sealer:
    """
    Seals bundles of one evidence folder.

    Args:
        keys: where the signing key comes from; asked at each seal, so that a rotated key is not used again.
        authorities: none, one or two.
        ledger: of the evidence folder.
        timeout_s: how long an authority may take.
    """

    def __init__(
        self, keys: Keys, authorities: Sequence[Authority], ledger: Ledger, *, timeout_s: float = ASK_S
    ) -> None:
        self.keys, self.authorities, self.ledger = keys, tuple(authorities), ledger
        self._timeout_s = timeout_s

    def open(self) -> Opened:
        """
        Settle what bounds the visit from below: tokens over a random number and the end of the ledger.

        Raises:
            BundleError: the ledger is damaged.
        """
        at = now()
        if not self.authorities:
            return Opened(at)
        opening = Opening(nonce=secrets.token_hex(16), at=at, previous=self.ledger.tip().previous).encoded()
        stamps = self.stamps(opening)
        files = {names.OPENING: opening, **token_files(stamps, names.opening_token)}
        return Opened(at, files if stamps else {}, stamps[0].clock_offset_ms if stamps else None)

    def stamps(self, data: bytes) -> tuple[Stamp, ...]:
        """Ask every authority at the same time; one that gives no good token is named in the log and left out."""
        if not self.authorities:
            return ()
        with ThreadPoolExecutor(len(self.authorities)) as pool:
            answers = list(pool.map(lambda authority: self._ask(authority, data), self.authorities))
        for authority, answer in zip(self.authorities, answers, strict=True):
            if isinstance(answer, BadStamp):
                logger.warning("time stamp: {} ({}): {}", authority.name, authority.url, answer)
        return tuple(answer for answer in answers if isinstance(answer, Stamp))

    def _ask(self, authority: Authority, data: bytes) -> Stamp | BadStamp:
        try:
            return ask(authority, data, timeout_s=self._timeout_s)
        except BadStamp as error:
            return error

    def seal(self, contents: Contents, summary: Summary) -> BundleRef:
        """
        Seal a folder, verify it, give it its name and write its line.

        Raises:
            OutputError: it cannot be written.
            BundleError: it does not verify, or the ledger is damaged. There is no evidence then.
        """
        with self.ledger.locked(self.keys) as tip:
            sealed_at = now()
            key = self.keys.signing()
            with writing(contents.folder):
                manifests = _write_manifests(contents)
                statement = self._statement(contents, summary, manifests, tip, sealed_at)
                envelope = _write_seal(contents, statement, key)
            closing = self.stamps(envelope)
            with writing(contents.folder):
                for path, data in token_files(closing, names.closing_token).items():
                    (contents.folder / path).write_bytes(data)
                _bring_to_disk(contents.folder)
            prove(contents.folder, self.keys.trust().pinning(map(pinned, self.authorities)))
            line = tip.next(
                self.ledger.relative(contents.final),
                sha256(envelope),
                summary.outcome,
                min((stamp.at for stamp in closing), default=None),
                {stamp.authority: sha256(stamp.response) for stamp in closing},
            )
            self.ledger.append(line, key, _naming(contents))
        return BundleRef(
            path=contents.final.name,
            manifest_sha256=manifests[names.MANIFEST],
            envelope_sha256=sha256(envelope),
            sequence=line.seq,
            sealed_at=sealed_at,
            stamped=tuple(stamp.authority for stamp in closing),
            signer=key.id,
        )

    def _statement(
        self, contents: Contents, summary: Summary, manifests: Mapping[str, str], tip: Tip, sealed_at: datetime
    ) -> SignedStatement:
        opened = contents.opened
        subject = next(a for a in contents.artifacts if a.path == names.SUBJECTS[contents.kind])
        predicate = Predicate(
            bundle=contents.final.name,
            run=self.ledger.relative(contents.final).split("/")[0],
            account=contents.account,
            kind=contents.kind,
            sequence=tip.previous.sequence + 1,
            previous=tip.previous,
            opening={path: sha256(data) for path, data in opened.files.items()},
            authorities=tuple(authority.name for authority in self.authorities),
            clock_offset_ms=opened.clock_offset_ms,
            opened_at=opened.at,
            sealed_at=sealed_at,
            verdicts=summary.verdicts,
            outcome=summary.outcome,
            masks=summary.masks,
            tool=tool(),
        )
        digests = {**manifests, subject.path: subject.sha256}
        return SignedStatement(
            subject=tuple(Subject(name=name, digest={"sha256": digest}) for name, digest in digests.items()),
            predicate=predicate,
        )


def token_files(stamps: Sequence[Stamp], name: Callable[[str, str], str]) -> dict[str, bytes]:
    """Path in the bundle → content, for tokens and their requests."""
    requests = {name(stamp.authority, "tsq"): stamp.request for stamp in stamps}
    return requests | {name(stamp.authority, "tsr"): stamp.response for stamp in stamps}


def _write_manifests(contents: Contents) -> dict[str, str]:
    """The small text files of BagIt; name → digest of both manifests."""
    payload = {artifact.path: artifact.sha256 for artifact in contents.artifacts}
    size_bytes = sum(artifact.size_bytes for artifact in contents.artifacts)
    tags = {
        names.BAGIT: names.BAGIT_TEXT,
        names.BAG_INFO: bag_info(contents.final.name, contents.opened.at, size_bytes, len(payload)),
        names.MANIFEST: manifest(payload),
    }
    for name, data in tags.items():
        (contents.folder / name).write_bytes(data)
    covered = tags if contents.original is None else {**tags, names.ORIGINAL: contents.original}
    tag_manifest = manifest({name: sha256(data) for name, data in covered.items()})
    (contents.folder / names.TAG_MANIFEST).write_bytes(tag_manifest)
    return {names.MANIFEST: sha256(tags[names.MANIFEST]), names.TAG_MANIFEST: sha256(tag_manifest)}


def _write_seal(contents: Contents, statement: SignedStatement, key: SigningKey) -> bytes:
    """The signed statement and what was settled before the visit; the envelope's bytes."""
    payload = statement.encoded()
    envelope = dsse.sign(payload, dsse.IN_TOTO, key)
    files = {
        names.STATEMENT: payload,
        names.ENVELOPE: envelope,
        names.SIGNER: key.public.encode(),
        **contents.opened.files,
    }
    for path, data in files.items():
        target = contents.folder / path
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(data)
    return envelope


def _naming(contents: Contents) -> Callable[[], None]:
    def act() -> None:
        with writing(contents.final):
            contents.folder.rename(contents.final)
            sync_folder(contents.final.parent)

    return act


def _bring_to_disk(folder: Path) -> None:
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_dir():
            sync_folder(path)
        else:
            with path.open("rb+") as file:
                os.fsync(file.fileno())
    sync_folder(folder)


def seal_run(folder: Path, sealer: Sealer, *, operator: str = "", case: str = "") -> Path:
    """
    Seal the results and reports of a run, and have the seal stamped where authorities are configured.

    The document names the end of the ledger, so that whoever stamps it has seen that, too. The piece of the ledger that
    tells of the run is put beside it: so the run can be handed on alone.

    Args:
        folder: the run's, inside the sealer's evidence folder, with everything written.
        sealer: of that evidence folder.
        operator: who made the run.
        case: number or name of the audit's case.

    Returns:
        The run document.

    Raises:
        OutputError: something cannot be read or written.
        BundleError: the ledger is damaged.
    """
    target = folder / names.RUN_DOCUMENT
    with sealer.ledger.locked(sealer.keys) as tip:
        key = sealer.keys.signing()
        with writing(folder):
            document = RunDocumentSeal(
                run=folder.name,
                operator=operator,
                case=case,
                files={name: sha256_of(path) for name, path in _sealed_files(folder).items()},
                bundles={path.name: sha256_of(path / names.ENVELOPE) for path in _bundles_in(folder)},
                sealed_at=now(),
                tool=tool(),
                previous=tip.previous,
                authorities=tuple(authority.name for authority in sealer.authorities),
            )
        envelope = dsse.sign(document.encoded(), dsse.RUN, key)
        stamps = sealer.stamps(envelope)
        line = tip.next(
            sealer.ledger.relative(target),
            sha256(envelope),
            RUN,
            min((stamp.at for stamp in stamps), default=None),
            {stamp.authority: sha256(stamp.response) for stamp in stamps},
        )
        files = {**token_files(stamps, names.run_token), names.RUN_DOCUMENT: envelope}
        sealer.ledger.append(line, key, lambda: _write_run(folder, files))
        for name, data in sealer.ledger.piece(folder.name).items():
            write_whole(folder / name, data)
    return target


def name_reports(folder: Path) -> None:
    """
    Give the reports of a run their names, which they have to wait for until they are sealed.

    Raises:
        OutputError: the folder cannot be written.
    """
    with writing(folder):
        for name, path in _waiting_reports(folder).items():
            path.replace(folder / name)


def _write_run(folder: Path, files: Mapping[str, bytes]) -> None:
    """The document last: once it is there, a crash leaves nothing to be added but its line."""
    name_reports(folder)
    for name, data in files.items():
        write_whole(folder / name, data)


def _sealed_files(folder: Path) -> dict[str, Path]:
    """What is to be sealed: name → where it lies now."""
    named = {path.name: path for path in folder.iterdir() if path.is_file()}
    sealed = {
        name: path
        for name, path in named.items()
        if name in {names.RESULTS, names.LOOKS} or names.REPORT.fullmatch(name) or names.SEEN.fullmatch(name)
    }
    return dict(sorted({**sealed, **_waiting_reports(folder)}.items()))


def _waiting_reports(folder: Path) -> dict[str, Path]:
    """Reports that were written and have no name yet."""
    found = {path.name[1:].removesuffix(names.PARTIAL): path for path in folder.glob(f".report.*{names.PARTIAL}")}
    return {name: path for name, path in found.items() if names.REPORT.fullmatch(name)}


def _bundles_in(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if names.BUNDLE.fullmatch(path.name) and (path / names.ENVELOPE).is_file():
            yield path
