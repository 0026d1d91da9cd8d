"""Steps 1 and 2 of a verification: nothing is there that is not listed, and all that is listed is as it was."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from automation.evidence.formats import names
from automation.evidence.formats.manifests import BadManifest, read_manifest
from automation.evidence.verify.faults import Fault
from automation.evidence.verify.findings import Finding, StepName, VerificationStep
from automation.storage.files import NotRegular, open_regular

_MOST_FILES = 10_000
_DEEPEST = 12
_LARGEST_BYTES = 4_000_000
_LARGEST_LISTED_BYTES = 1_000_000_000
"""A file with a hole can claim any size; to read it to its end would take days."""
_TAGS = frozenset({names.BAGIT, names.BAG_INFO, names.MANIFEST})
_SEAL = frozenset({names.STATEMENT, names.ENVELOPE, names.SIGNER})


class Stop(Exception):
    """A step cannot go on; carries what it found."""

    def __init__(self, fault: Fault, where: str = "", detail: str = "") -> None:
        super().__init__(fault)
        self.finding = Finding(fault, where, detail)


@dataclass(frozen=True, slots=True)
class Listing:
    """What the manifests say, and what is in `seal/`."""

    digests: dict[str, str]
    """Every file that a manifest lists → its SHA-256."""
    seal: frozenset[str]
    """Paths in `seal/`."""

    @property
    def subject(self) -> str:
        """Path of the file that says what came of it all."""
        return names.SUBJECTS[names.kind_of(self.digests)]


def read(folder: Path, path: str, largest_bytes: int = _LARGEST_BYTES) -> bytes:
    """
    Read a file of a bundle whole.

    Raises:
        Stop: it is missing, too large or cannot be read.
    """
    try:
        with open_regular(folder / path) as opened:
            size_bytes = os.fstat(opened.fileno()).st_size
            data = opened.read() if size_bytes <= largest_bytes else b""
    except (FileNotFoundError, NotADirectoryError, NotRegular):
        raise Stop(Fault.FILE_MISSING, path) from None
    except OSError as error:
        raise Stop(Fault.FILE_UNREADABLE, path, error.strerror or "") from None
    if size_bytes > largest_bytes:
        raise Stop(Fault.TOO_LARGE, path, f"> {largest_bytes} B")
    return data


def take_inventory(folder: Path) -> tuple[VerificationStep, Listing | None]:
    """Every file is listed in a manifest or belongs in `seal/`; no link, no way out, no other folder."""
    try:
        files, folders, findings = _walk(folder)
        listing = _listing(folder, files)
    except Stop as stop:
        return VerificationStep(StepName.CLOSED_WORLD, (stop.finding,)), None
    expected = {*listing.digests, names.TAG_MANIFEST, *_SEAL, listing.subject}
    allowed = expected | listing.seal
    findings += [Finding(Fault.FILE_MISSING, path) for path in sorted(expected - files)]
    findings += [Finding(Fault.FILE_ADDED, path) for path in sorted(files - allowed)]
    findings += [Finding(Fault.FILE_MISSING, path) for path in sorted(_partners(listing.seal) - files)]
    needed = {parent for path in allowed for parent in _parents(path)}
    findings += [Finding(Fault.FOLDER_ADDED, path) for path in sorted(folders - needed)]
    return VerificationStep(StepName.CLOSED_WORLD, tuple(findings)), listing


def hashes(folder: Path, listing: Listing) -> VerificationStep:
    """Every listed file is read to its end and has the digest that its manifest gives."""
    findings = []
    for path, digest in sorted(listing.digests.items()):
        try:
            with open_regular(folder / path) as file:
                if os.fstat(file.fileno()).st_size > _LARGEST_LISTED_BYTES:
                    findings.append(Finding(Fault.TOO_LARGE, path, f"> {_LARGEST_LISTED_BYTES} B"))
                elif hashlib.file_digest(file, "sha256").hexdigest() != digest:
                    findings.append(Finding(Fault.FILE_ALTERED, path))
        except (FileNotFoundError, NotADirectoryError, NotRegular):
            continue  # step 1 named it
        except OSError as error:
            findings.append(Finding(Fault.FILE_UNREADABLE, path, error.strerror or ""))
    return VerificationStep(StepName.HASHES, tuple(findings))


def _walk(folder: Path) -> tuple[set[str], set[str], list[Finding]]:
    """Paths of all regular files and all folders, and what is neither."""
    files: set[str] = set()
    folders: set[str] = set()
    findings: list[Finding] = []
    for path, mode in _entries(folder, "", 1):
        if stat.S_ISDIR(mode):
            folders.add(path)
        elif stat.S_ISREG(mode):
            files.add(path)
        else:
            findings.append(Finding(Fault.SYMLINK if stat.S_ISLNK(mode) else Fault.NOT_A_FILE, path))
        if len(files) + len(folders) + len(findings) > _MOST_FILES:
            raise Stop(Fault.TOO_LARGE, path, f"> {_MOST_FILES}")
    return files, folders, findings


def _entries(folder: Path, prefix: str, depth: int) -> Iterator[tuple[str, int]]:
    if depth > _DEEPEST:
        raise Stop(Fault.TOO_LARGE, prefix.rstrip("/"), f"> {_DEEPEST}")
    try:
        with os.scandir(folder) as entries:
            found = sorted((entry.name, entry.stat(follow_symlinks=False).st_mode) for entry in entries)
    except OSError as error:
        raise Stop(Fault.UNREADABLE_FOLDER, prefix.rstrip("/") or ".", error.strerror or "") from None
    for name, mode in found:
        yield prefix + name, mode
        if stat.S_ISDIR(mode):
            yield from _entries(folder / name, f"{prefix}{name}/", depth + 1)


def _listing(folder: Path, files: set[str]) -> Listing:
    """
    What both manifests list.

    Raises:
        Stop: one is missing or malformed, or lists what it may not.
    """
    digests: dict[str, str] = {}
    for name in (names.TAG_MANIFEST, names.MANIFEST):
        if name not in files:
            raise Stop(Fault.FILE_MISSING, name)
        try:
            listed = read_manifest(read(folder, name))
        except BadManifest as error:
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
    seal = {path for path in files if path in _SEAL | {names.OPENING} or names.TOKEN.fullmatch(path)}
    return Listing(digests, frozenset(seal))


def _partners(seal: frozenset[str]) -> set[str]:
    """For each token its request, and for each request its token."""
    matches = [match for path in seal if (match := names.TOKEN.fullmatch(path))]
    return {f"seal/{m[1]}-{m[2]}.{'tsr' if m[3] == 'tsq' else 'tsq'}" for m in matches}


def _parents(path: str) -> Iterator[str]:
    while "/" in path:
        path = path.rpartition("/")[0]
        yield path
