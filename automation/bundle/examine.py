"""What there is to verify under a path: a bundle, a run, a whole evidence folder, or an archive of one."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from automation.bundle import names
from automation.bundle.archives import ArchiveRefused, unpacked
from automation.bundle.chain import read_chain
from automation.bundle.findings import Fault, Finding, LedgerVerification, Step, StepName, Verification
from automation.bundle.ledger import LEDGER
from automation.bundle.trust import Trust
from automation.bundle.verify import Search, verify_bundle

_DEEPEST = 5
_LEVELS_UP = 4
_SIGNS = (names.BAGIT, names.MANIFEST, names.TAG_MANIFEST, "seal")


def examine(
    path: Path, trust: Trust | None, search: Search | None = None
) -> Iterator[Verification | LedgerVerification]:
    """
    Verify everything under a path, one bundle after the other; the ledger last, where there is one.

    Never raises for what it finds: a path that holds no evidence is a finding, too.
    """
    if path.is_dir():
        yield from _folder(path, trust, search, outermost=Path(path.absolute().anchor), shown=str(path))
    elif path.is_file():
        try:
            with unpacked(path) as folder:
                yield from _folder(folder, trust, search, outermost=folder, shown=str(path))
        except ArchiveRefused as refused:
            yield _nothing(str(path), Fault.ARCHIVE_REFUSED, refused.entry, refused.why)
    else:
        yield _nothing(str(path), Fault.NOTHING_HERE, str(path))


def bundles_under(folder: Path) -> Iterator[Path]:
    """Every bundle in a folder, the folder itself among them; unfinished ones are left out."""
    yield from _bundles(folder, 0)


def ledger_above(folder: Path, outermost: Path) -> Path | None:
    """The folder with the ledger: this one, or one of those that hold it."""
    here = folder.absolute()
    for candidate in (here, *here.parents[:_LEVELS_UP]):
        if (candidate / LEDGER).is_file():
            return candidate
        if candidate == outermost:
            break
    return None


def _folder(
    folder: Path, trust: Trust | None, search: Search | None, *, outermost: Path, shown: str
) -> Iterator[Verification | LedgerVerification]:
    root = ledger_above(folder, outermost)
    chain = read_chain(root, trust) if root else None
    found = False
    for bundle in bundles_under(folder):
        found = True
        inside = bundle.relative_to(folder).as_posix()
        name = shown if inside == "." else f"{shown}/{inside}"
        yield verify_bundle(bundle, trust, chain=chain, search=search, shown_as=name)
    if chain is not None:
        yield chain.verification(with_bundles=root == folder.absolute())
    elif not found:
        yield _nothing(shown, Fault.NOTHING_HERE, shown)


def _bundles(folder: Path, depth: int) -> Iterator[Path]:
    if folder.name.endswith(names.PARTIAL):
        return
    if names.BUNDLE.fullmatch(folder.name) or any(os.path.lexists(folder / sign) for sign in _SIGNS):
        yield folder
        return
    if depth == _DEEPEST:
        return
    try:
        with os.scandir(folder) as entries:
            inner = sorted(entry.name for entry in entries if entry.is_dir(follow_symlinks=False))
    except OSError:
        return  # the ledger names what should be in there
    for name in inner:
        yield from _bundles(folder / name, depth + 1)


def _nothing(path: str, fault: Fault, where: str, detail: str = "") -> Verification:
    return Verification(path, (Step(StepName.CLOSED_WORLD, (Finding(fault, where, detail),)),))
