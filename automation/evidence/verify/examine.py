"""What there is to verify under a path: a bundle, a run, a whole evidence folder, or an archive of one."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from automation.evidence.formats import names
from automation.evidence.formats.ledger import LEDGER
from automation.evidence.keys.trust import Trust
from automation.evidence.verify.archives import ArchiveRefused, unpacked
from automation.evidence.verify.bundle import verify_bundle
from automation.evidence.verify.chain import has_ledger, read_chain
from automation.evidence.verify.findings import (
    Fault,
    Finding,
    LedgerVerification,
    StepName,
    Verification,
    VerificationStep,
)
from automation.text.known_secrets import Secrets

_DEEPEST = 5
_LEVELS_UP = 4
_SIGNS = (names.BAGIT, names.MANIFEST, names.TAG_MANIFEST, "seal")


def examine(
    path: Path, trust: Trust | None, secrets: Secrets | None = None
) -> Iterator[Verification | LedgerVerification]:
    """
    Verify everything under a path, one bundle after the other; the ledger last, where there is one.

    Never raises for what it finds: a path that holds no evidence is a finding, too.
    """
    if path.is_dir():
        yield from _folder(path, trust, secrets, outermost=Path(path.absolute().anchor), shown=str(path))
    elif path.is_file():
        try:
            with unpacked(path) as folder:
                yield from _folder(folder, trust, secrets, outermost=folder, shown=str(path))
        except ArchiveRefused as refused:
            yield _nothing(str(path), Fault.ARCHIVE_REFUSED, refused.entry, refused.why)
    else:
        yield _nothing(str(path), Fault.NOTHING_HERE, str(path))


def bundles_under(folder: Path) -> Iterator[Path]:
    """Every bundle in a folder, the folder itself among them; unfinished ones are left out."""
    return (found for found in _found(folder, 0) if found.name != LEDGER)


def _folder(
    folder: Path, trust: Trust | None, secrets: Secrets | None, *, outermost: Path, shown: str
) -> Iterator[Verification | LedgerVerification]:
    """Bundles as they are met, each with the nearest ledger above it; then the ledgers."""
    above = _ledger_above(folder, outermost)
    chains = {} if above is None else {above: read_chain(above, trust)}
    found = False
    for path in _found(folder, 0):
        found = True
        if path.name == LEDGER:
            chains[path.parent.absolute()] = read_chain(path.parent.absolute(), trust)
            continue
        inside = path.relative_to(folder).as_posix()
        chain = next((chains[parent] for parent in path.absolute().parents if parent in chains), None)
        name = shown if inside == "." else f"{shown}/{inside}"
        yield verify_bundle(path, trust, chain=chain, secrets=secrets, shown_as=name)
    for root, chain in chains.items():
        if chain is not None:
            yield chain.verification(with_bundles=root.is_relative_to(folder.absolute()))
    if not found:
        yield _nothing(shown, Fault.NOTHING_HERE, shown)


def _ledger_above(folder: Path, outermost: Path) -> Path | None:
    """The folder with the ledger that this folder belongs to, among those that hold it."""
    here = folder.absolute()
    if here == outermost:
        return None
    for candidate in here.parents[:_LEVELS_UP]:
        if has_ledger(candidate):
            return candidate
        if candidate == outermost:
            break
    return None


def _found(folder: Path, depth: int) -> Iterator[Path]:
    """Bundles, and each ledger before the bundles beside it."""
    if folder.name.endswith(names.PARTIAL):
        return
    if names.BUNDLE.fullmatch(folder.name) or any(os.path.lexists(folder / sign) for sign in _SIGNS):
        yield folder
        return
    if has_ledger(folder):
        yield folder / LEDGER
    if depth == _DEEPEST:
        return
    try:
        with os.scandir(folder) as entries:
            inner = sorted(entry.name for entry in entries if entry.is_dir(follow_symlinks=False))
    except OSError:
        return  # the ledger names what should be in there
    for name in inner:
        yield from _found(folder / name, depth + 1)


def _nothing(path: str, fault: Fault, where: str, detail: str = "") -> Verification:
    return Verification(path, (VerificationStep(StepName.CLOSED_WORLD, (Finding(fault, where, detail),)),))
