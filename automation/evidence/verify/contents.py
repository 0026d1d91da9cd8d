"""
Steps 1, 2 and 7 of a verification: what a bundle holds.

Nothing is there that is not listed, all that is listed is as it was, and the files agree with each other.
"""

from __future__ import annotations

import stat
from dataclasses import dataclass
from typing import TYPE_CHECKING

from automation.evidence.formats import names
from automation.evidence.formats.names import BadManifest, bag_info, read_manifest
from automation.evidence.formats.result_file import (
    BESIDE,
    BrokenSchema,
    Captures,
    UnknownSchema,
    answer_digest,
    check_beside,
    look_moments,
    moments,
    read_inbox,
    read_result,
)
from automation.evidence.formats.signed import sha256
from automation.evidence.verify.findings import Fault, Finding, StepName, VerificationStep
from automation.evidence.verify.reading import LARGEST_RESULT_BYTES, Budget, Source, Stop, entries_of
from automation.evidence.write.secret_scan import is_whole

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from automation.core.results import Result
    from automation.evidence.formats.signed import SignedStatement

_MOST_FILES = 10_000
_DEEPEST = 12
_LARGEST_PICTURE_BYTES = 64_000_000
_TAGS = frozenset({names.BAGIT, names.BAG_INFO, names.MANIFEST})
_SEAL = frozenset({names.STATEMENT, names.ENVELOPE, names.SIGNER})
_NAMED_ALREADY = frozenset({Fault.FILE_MISSING, Fault.FILE_UNREADABLE, Fault.TOO_LARGE})
"""What the first two steps tell of a file; once is enough."""


@dataclass(frozen=True, slots=True)
class Listing:
    """What the manifests say, and what is in `seal/`."""

    digests: dict[str, str]
    """Every file that a manifest lists → its SHA-256."""
    seal: frozenset[str]
    """Paths in `seal/`."""
    manifests: dict[str, str]
    """Both manifests → their own SHA-256."""
    payload_bytes: int

    @property
    def subject(self) -> str:
        """Path of the file that says what came of it all."""
        return names.SUBJECTS[names.kind_of(self.digests)]


def take_inventory(source: Source) -> tuple[VerificationStep, Listing | None]:
    """Every file is listed in a manifest or belongs in `seal/`; no link, no way out, no other folder."""
    try:
        files, folders, findings = _walk(source.folder, source.budget)
        listing = _listing(source, files)
    except Stop as stop:
        return VerificationStep(StepName.CLOSED_WORLD, (stop.finding,)), None
    there = files.keys()
    expected = {*listing.digests, names.TAG_MANIFEST, *_SEAL, listing.subject}
    allowed = expected | listing.seal
    findings += [Finding(Fault.FILE_MISSING, path) for path in sorted(expected - there)]
    findings += [Finding(Fault.FILE_ADDED, path) for path in sorted(there - allowed)]
    findings += [Finding(Fault.FILE_MISSING, path) for path in sorted(_partners(listing.seal) - there)]
    needed = {parent for path in allowed for parent in _parents(path)}
    findings += [Finding(Fault.FOLDER_ADDED, path) for path in sorted(folders - needed)]
    return VerificationStep(StepName.CLOSED_WORLD, tuple(findings)), listing


def hashes(source: Source, listing: Listing) -> VerificationStep:
    """Every listed file is read to its end and has the digest that its manifest gives."""
    findings: list[Finding] = []
    for path, digest in sorted(listing.digests.items()):
        try:
            findings += filter(None, (source.differs(path, digest),))
        except Stop as stop:
            if stop.finding.fault is not Fault.FILE_MISSING:  # step 1 named it
                findings.append(stop.finding)
    return VerificationStep(StepName.HASHES, tuple(findings))


def _walk(folder: Path, budget: Budget) -> tuple[dict[str, int], set[str], list[Finding]]:
    """All regular files with their sizes in bytes, all folders, and what is neither."""
    files: dict[str, int] = {}
    folders: set[str] = set()
    findings: list[Finding] = []
    for path, state in _entries(folder, "", 1, budget):
        if stat.S_ISDIR(state.st_mode):
            folders.add(path)
        elif stat.S_ISREG(state.st_mode):
            files[path] = state.st_size
        else:
            findings.append(Finding(Fault.SYMLINK if stat.S_ISLNK(state.st_mode) else Fault.NOT_A_FILE, path))
        if len(files) + len(folders) + len(findings) > _MOST_FILES:
            raise Stop(Fault.TOO_LARGE, path, f"> {_MOST_FILES}")
    return files, folders, findings


def _entries(folder: Path, prefix: str, depth: int, budget: Budget) -> Iterator[tuple[str, os.stat_result]]:
    if depth > _DEEPEST:
        raise Stop(Fault.TOO_LARGE, prefix.rstrip("/"), f"> {_DEEPEST}")
    try:
        found = list(entries_of(folder, budget))
    except OSError as error:
        raise Stop(Fault.UNREADABLE_FOLDER, prefix.rstrip("/") or ".", error.strerror or "") from None
    for name, state in found:
        yield prefix + name, state
        if stat.S_ISDIR(state.st_mode):
            yield from _entries(folder / name, f"{prefix}{name}/", depth + 1, budget)


def _listing(source: Source, files: Mapping[str, int]) -> Listing:
    """
    What both manifests list.

    Raises:
        Stop: one is missing or malformed, or lists what it may not.
    """
    digests: dict[str, str] = {}
    manifests: dict[str, str] = {}
    for name in (names.TAG_MANIFEST, names.MANIFEST):
        if name not in files:
            raise Stop(Fault.FILE_MISSING, name)
        try:
            data = source.read(name)
            listed = read_manifest(data)
        except BadManifest as error:
            if _is_good_but_for_line_ends(data):
                raise Stop(Fault.LINE_ENDS, name) from None
            if error.path:
                raise Stop(Fault.PATH_ESCAPES, f"{name}:{error.line}", error.path) from None
            raise Stop(Fault.MANIFEST_MALFORMED, f"{name}:{error.line}") from None
        payload = name == names.MANIFEST
        for path in listed:
            if path.startswith(f"{names.PAYLOAD}/") is not payload or not (payload or path in _TAGS | {names.ORIGINAL}):
                raise Stop(Fault.MANIFEST_MALFORMED, name, path)
        if not payload and (missing := sorted(_TAGS - listed.keys())):
            raise Stop(Fault.MANIFEST_MALFORMED, name, missing[0])
        digests |= listed
        manifests[name] = sha256(data)
    seal = {path for path in files if path in _SEAL | {names.OPENING} or names.TOKEN.fullmatch(path)}
    payload_bytes = sum(files.get(path, 0) for path in digests if path.startswith(f"{names.PAYLOAD}/"))
    return Listing(digests, frozenset(seal), manifests, payload_bytes)


def _partners(seal: frozenset[str]) -> set[str]:
    """For each token its request, and for each request its token."""
    matches = [match for path in seal if (match := names.TOKEN.fullmatch(path))]
    return {f"seal/{m[1]}-{m[2]}.{'tsr' if m[3] == 'tsq' else 'tsq'}" for m in matches}


def _parents(path: str) -> Iterator[str]:
    while "/" in path:
        path = path.rpartition("/")[0]
        yield path


def _is_good_but_for_line_ends(data: bytes) -> bool:
    try:
        read_manifest(data.replace(b"\r\n", b"\n"))
    except BadManifest:
        return False
    return b"\r\n" in data


def disagreements(result: Result, statement: SignedStatement | None, listing: Listing) -> Iterator[Finding]:
    """Where the result of a visit says otherwise than the statement that seals it, or than the files beside it."""
    if statement is not None:
        named = names.BUNDLE.fullmatch(statement.predicate.bundle)
        said = statement.predicate
        pairs = (
            ("account", result.account, said.account),
            ("verdict", {result.verdict.value: 1}, dict(said.verdicts)),
            ("outcome", result.outcome.value, said.outcome),
            ("folder", result.account, named[1] if named else ""),
        )
        for name, told, sealed in pairs:
            if told != sealed:
                yield Finding(Fault.RESULT_DIFFERS, name, f"{_shown(told)} ≠ {_shown(sealed)}")
    payload = {path: digest for path, digest in listing.digests.items() if path.startswith(f"{names.PAYLOAD}/")}
    payload.pop(names.RESULT, None)
    listed = {artifact.path: artifact.sha256 for artifact in result.evidence}
    for path in sorted(payload.keys() | listed.keys()):
        if payload.get(path) != listed.get(path):
            yield Finding(Fault.LIST_DIFFERS, path)
    shown = {step.picture for step in result.steps if step.picture}
    shown |= {signal.picture for signal in result.signals if signal.picture}
    for path in sorted(shown - payload.keys()):
        yield Finding(Fault.LIST_DIFFERS, path)


def bag_disagreements(source: Source, statement: SignedStatement, listing: Listing) -> Iterator[Finding]:
    """Where BagIt's own files, which are as they were listed, say otherwise than the statement, or than the payload."""
    said = statement.predicate
    count = sum(path.startswith(f"{names.PAYLOAD}/") for path in listing.digests)
    try:
        info, bagit = source.read(names.BAG_INFO), source.read(names.BAGIT)
    except Stop:  # it was there a moment ago
        yield Finding(Fault.FILE_UNREADABLE, names.BAG_INFO)
        return
    told = bag_info(said.bundle, said.opened_at, listing.payload_bytes, count).splitlines()[1:]
    for path, same in ((names.BAG_INFO, info.splitlines()[1:] == told), (names.BAGIT, bagit == names.BAGIT_TEXT)):
        if not same:
            yield Finding(Fault.SUBJECT_DIFFERS, path)


def _shown(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, dict) else str(value)


def schema_step(
    source: Source, listing: Listing, statement: SignedStatement | None
) -> tuple[VerificationStep, Captures, str]:
    """The step; when everything was captured; the digest of what the result says."""
    findings: list[Finding] = []
    captures: Captures = ()
    answer_sha256 = ""
    subject, kind = listing.subject, names.kind_of(listing.digests)
    try:
        data = source.read(subject, LARGEST_RESULT_BYTES)
        if kind is names.FileKind.INBOX:
            captures = look_moments(read_inbox(data))
        else:
            result = read_result(data)
            captures, answer_sha256 = moments(result), answer_digest(result)
            findings += disagreements(result, statement, listing)
            findings += _broken_pictures(source, listing)
    except Stop as stop:
        if stop.finding.fault not in _NAMED_ALREADY:
            findings.append(stop.finding)
    except UnknownSchema as error:
        findings.append(Finding(Fault.SCHEMA_UNKNOWN, subject, str(error)))
    except BrokenSchema as error:
        findings.append(Finding(Fault.SCHEMA_BROKEN, subject, str(error)))
    for path in sorted(BESIDE.keys() & listing.digests.keys()):
        try:
            captures = (*captures, *check_beside(path, source.read(path, LARGEST_RESULT_BYTES)))
        except Stop as stop:
            if stop.finding.fault not in _NAMED_ALREADY:
                findings.append(stop.finding)
        except BrokenSchema as error:
            findings.append(Finding(Fault.SCHEMA_BROKEN, path, str(error)))
    notes = ("look_into_mailbox",) if kind is names.FileKind.INBOX else ()
    return VerificationStep(StepName.SCHEMA, tuple(findings), notes), captures, answer_sha256


def _broken_pictures(source: Source, listing: Listing) -> Iterator[Finding]:
    """Pictures that nobody can look at, or that hold more than is seen."""
    for path in sorted(path for path in listing.digests if path.endswith(".png")):
        try:
            whole = is_whole(source.read(path, _LARGEST_PICTURE_BYTES))
        except Stop:
            continue  # steps 1 and 2 named it
        if not whole:
            yield Finding(Fault.PICTURE_BROKEN, path)
