"""
What there is to verify under a path: a bundle, a run, a whole evidence folder, or an archive of one.

Only the outermost ledger counts: a folder inside that has one of its own is a copy, or somebody's making, and lies
beside the evidence like any other file. What lies beside is counted and named, and nobody guesses what it could mean.
A part without any ledger is valid only as a single bundle, or as a run that carries the piece of the ledger about it.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from pathlib import Path
from typing import TypeVar

from automation.evidence.formats import names
from automation.evidence.formats.ledger_line import KeptHead
from automation.evidence.keys.trust import Trust
from automation.evidence.verify.bundle import verify_bundle
from automation.evidence.verify.chain import Chain, parted
from automation.evidence.verify.chain_reading import (
    files_of_ledger,
    has_ledger,
    outermost_above,
    read_chain,
    read_on,
    read_piece,
)
from automation.evidence.verify.findings import (
    BesideVerification,
    Fault,
    Finding,
    LedgerVerification,
    RunVerification,
    StepName,
    Verification,
    VerificationStep,
    Verified,
    VerifyCode,
)
from automation.evidence.verify.reading import ArchiveRefused, Budget, BudgetReached, Source, entries_of, unpacked
from automation.evidence.verify.runs import Open, RunFolder
from automation.storage.files import open_regular
from automation.text.redaction import Secrets

_DEEPEST = 20
_SIGNS = (names.BAGIT, names.MANIFEST, names.TAG_MANIFEST, "seal", names.RESULT, names.INBOX)
_MOST_LOOKS = 5
_MAC_FOLDER = "__macosx"
_LEFT_BY_DESKTOPS = {
    ".ds_store": rb"\x00\x00\x00\x01Bud1",
    "thumbs.db": rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    "desktop.ini": rb"(\xff\xfe|\xef\xbb\xbf)?[\r\n\0]*\[\0?(\.\0?S|V|L)",
    ".directory": rb"\[(Dolphin|Desktop Entry)\]",
}
"""What file managers leave behind: name, folded → how it begins."""
_OF_A_MAC = rb"\x00\x05\x16\x07"
"""How AppleDouble begins, which a Mac puts beside a file under `._` and its name. Source: RFC 1740, appendix B."""
_BEGINNING_BYTES = 64
_Found = TypeVar("_Found", Verification, RunVerification)


@dataclass(frozen=True, slots=True)
class Means:
    """With what evidence is verified."""

    trust: Trust | None
    """Whom to believe; None believes nobody."""
    secrets: Secrets | None = None
    """What to look for in step 8; None leaves it out."""
    open_run: Open | None = None
    """Reads the results of a run; None leaves out comparing them with the bundles."""
    heads: Sequence[KeptHead] = ()
    """Ends of the ledger that somebody kept."""
    is_strict: bool = False
    """Whether a file beside the evidence is a finding."""
    budget: Budget = field(default_factory=Budget)


def examine(
    path: Path,
    trust: Trust | None,
    secrets: Secrets | None = None,
    *,
    open_run: Open | None = None,
    heads: Sequence[KeptHead] = (),
    strict: bool = False,
    budget: Budget | None = None,
) -> Iterator[Verified]:
    """
    Verify everything under a path: bundles, each run after its bundles, ledgers, and last what lies beside them.

    Never raises for what it finds: a path that holds no evidence is a finding, too, and so is the end of the budget.
    """
    means = Means(trust, secrets, open_run, heads, strict, budget or Budget())
    try:
        kind = _kind(path)
        if kind == stat.S_IFDIR:
            yield from _Folder(path, means, str(path)).verified()
        elif kind == stat.S_IFREG:
            with unpacked(path, means.budget) as folder:
                yield from _Folder(folder, means, str(path), is_archive=True).verified()
        else:
            yield _nothing(str(path), Fault.NOTHING_HERE, str(path))
    except ArchiveRefused as refused:
        yield _nothing(str(path), Fault.ARCHIVE_REFUSED, refused.entry, refused.why)
    except BudgetReached as reached:
        yield _nothing(str(path), Fault.LIMIT_REACHED, str(path), reached.what)
    except (MemoryError, RecursionError):
        yield _nothing(str(path), Fault.LIMIT_REACHED, str(path), "memory")


def bundles_under(folder: Path) -> Iterator[Path]:
    """Every bundle in a folder, the folder itself among them; unfinished ones are left out."""
    if is_bundle(folder):
        yield folder
        return
    try:
        inside = sorted(name for name, state in entries_of(folder, Budget(ends=False)) if stat.S_ISDIR(state.st_mode))
    except OSError:
        return
    for name in inside:
        if not name.endswith(names.PARTIAL):
            yield from bundles_under(folder / name)


def is_bundle(folder: Path) -> bool:
    """Whether a folder is a bundle, whole or not, by its name or by what lies in it."""
    if folder.name.endswith(names.PARTIAL):
        return False
    try:
        return bool(names.BUNDLE.fullmatch(folder.name)) or any(os.path.lexists(folder / sign) for sign in _SIGNS)
    except OSError:
        return False


@dataclass(slots=True)
class _Folder:
    """One path while it is verified."""

    folder: Path
    means: Means
    shown: str
    is_archive: bool = False
    chains: list[Chain] = field(default_factory=list)
    beside: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    """What lies beside, and file managers leave behind."""
    found: int = 0
    """Bundles, runs and ledgers."""

    def verified(self) -> Iterator[Verified]:
        """Bundles as they are met, each run after its own; then the ledgers; then what is none of them."""
        above = None if self.is_archive or has_ledger(self.folder) else outermost_above(self.folder)
        chain = read_chain(above, self.means.trust, self.means.budget) if above is not None else None
        if chain is not None:
            self.chains.append(chain)
        if is_bundle(self.folder):
            yield from filter(
                None, (self._bundle(self.folder, chain or read_piece(self.folder.absolute().parent, self.means.trust)),)
            )
        else:
            yield from self._inside(self.folder, chain, 0)
        yield from self._ledgers(above)
        if not self.found:
            yield _nothing(self.shown, Fault.NOTHING_HERE, self.shown)
        elif self.beside or self.left:
            yield self._beside()

    def _inside(self, folder: Path, chain: Chain | None, depth: int) -> Iterator[Verified]:
        """Everything in a folder that is no bundle."""
        try:
            entries = self._modes(folder)
        except OSError as error:
            yield self._fault(folder, Fault.UNREADABLE_FOLDER, error.strerror or "")
            return
        files = {name for name, mode in entries if stat.S_ISREG(mode)}
        chain = self._chain_of(folder, chain)
        bundles: dict[str, Verification] = {}
        for name, mode in entries:
            inner = folder / name
            if stat.S_ISDIR(mode) and is_bundle(inner):
                if (found := self._bundle(inner, chain)) is not None:
                    bundles[name] = replace(found, steps=())  # a run may hold thousands
                    yield found
            elif stat.S_ISDIR(mode):
                yield from self._folder(inner, chain, depth)
            elif not stat.S_ISREG(mode):
                yield self._fault(inner, Fault.SYMLINK if stat.S_ISLNK(mode) else Fault.NOT_A_FILE)
        if names.RUN_DOCUMENT in files or (chain is None and bundles and not self._is_lone(folder, entries)):
            run = self._run(folder, chain, bundles)
            files -= run.own
            yield run
        if chain is not None and chain.root == folder.absolute() and chain.is_whole:
            files -= files_of_ledger(folder, self.means.trust)
        self._lie_beside(folder / name for name in sorted(files))

    def _lie_beside(self, paths: Iterable[Path]) -> None:
        for path in paths:
            (self.left if _is_left(path, self.means.budget) else self.beside).append(self._inner(path))

    def _modes(self, folder: Path) -> list[tuple[str, int]]:
        return [(name, state.st_mode) for name, state in entries_of(folder, self.means.budget)]

    def _folder(self, folder: Path, chain: Chain | None, depth: int) -> Iterator[Verified]:
        """A folder that is no bundle: gone into, unless it is unfinished, a desktop's, or a ledger inside another."""
        name = folder.name
        if name.endswith(names.PARTIAL) or (chain is not None and has_ledger(folder)):
            self.beside.append(f"{self._inner(folder)}/")
        elif name.casefold() == _MAC_FOLDER and _is_left(folder, self.means.budget):
            self.left.append(f"{self._inner(folder)}/")
        elif depth == _DEEPEST:
            yield self._fault(folder, Fault.TOO_LARGE, f"> {_DEEPEST}")
        else:
            yield from self._inside(folder, chain, depth + 1)

    def _chain_of(self, folder: Path, above: Chain | None) -> Chain | None:
        """The ledger that counts in a folder: its own, the one above, or the piece that the run carries."""
        whole = has_ledger(folder)
        if above is not None and not whole:
            return above
        read = read_chain if whole else read_piece
        chain = read(folder.absolute(), self.means.trust, self.means.budget)
        if chain is not None:
            self.found += whole
            self.chains.append(chain)
        return chain

    def _is_lone(self, folder: Path, entries: Sequence[tuple[str, int]]) -> bool:
        """Whether an archive holds one bundle and nothing else: that stands for itself."""
        return self.is_archive and folder == self.folder and len(entries) == 1

    def _bundle(self, folder: Path, chain: Chain | None) -> Verification | None:
        """A bundle; None where it was removed while one looked."""
        means = self.means
        found = self._settled(
            chain,
            lambda: verify_bundle(
                folder,
                means.trust,
                chain=chain,
                secrets=means.secrets,
                shown_as=self._named(folder),
                budget=means.budget,
            ),
        )
        if found.findings and not folder.exists():
            return None
        self.found += 1
        return found

    def _run(self, folder: Path, chain: Chain | None, bundles: dict[str, Verification]) -> RunVerification:
        means, source = self.means, Source(folder, self.means.budget)
        self.found += 1
        return self._settled(
            chain,
            lambda: RunFolder(source, chain, bundles, means.trust).verification(self._named(folder), means.open_run),
        )

    def _settled(self, chain: Chain | None, verify: Callable[[], _Found]) -> _Found:
        """What is found once nobody writes to the ledger between two looks: a check may be under way."""
        found = verify()
        for _ in range(_MOST_LOOKS):
            codes = {one.fault.code for one in found.findings} - {VerifyCode.NOT_STAMPED}
            if chain is None or not codes or not read_on(chain, self.means.trust, self.means.budget):
                break
            found = verify()
        return found

    def _ledgers(self, above: Path | None) -> Iterator[LedgerVerification]:
        for one, other in combinations((chain for chain in self.chains if chain.is_whole), 2):
            one.findings += filter(None, (parted(one, other),))
        for chain in self.chains:
            read_on(chain, self.means.trust, self.means.budget)
            chain.findings += filter(None, map(chain.differs, self.means.heads))
            under = None if is_bundle(self.folder) else "."
            if under and chain.root == above:
                under = chain.relative(self.folder)
            yield chain.verification(under=under)
        if sum(not chain.is_whole for chain in self.chains) > 1:
            between = Finding(Fault.NOT_PROVABLE, self.shown)  # one run proves nothing of those that were beside it
            yield LedgerVerification(self.shown, 0, 0, (between,))
        if self.means.heads and not self.chains:
            missing = Finding(Fault.LEDGER_MISSING, self.shown)
            yield LedgerVerification(self.shown, 0, 0, (missing,))

    def _beside(self) -> BesideVerification:
        findings = (Finding(Fault.FILE_ADDED, path) for path in self.beside if self.means.is_strict)
        return BesideVerification(self.shown, tuple(self.beside), tuple(self.left), tuple(findings))

    def _fault(self, path: Path, fault: Fault, detail: str = "") -> Verification:
        self.found += 1
        name = self._named(path)
        return _nothing(name, fault, name, detail)

    def _inner(self, path: Path) -> str:
        return path.relative_to(self.folder).as_posix()

    def _named(self, path: Path) -> str:
        inside = self._inner(path)
        return self.shown if inside == "." else f"{self.shown}/{inside}"


def _is_left(path: Path, budget: Budget) -> bool:
    """Whether a path is what a file manager leaves behind: a file by name and beginning, a folder by all in it."""
    name = path.name.casefold()
    begins = _OF_A_MAC if name.startswith("._") else _LEFT_BY_DESKTOPS.get(name)
    try:
        if path.is_dir() and not path.is_symlink():
            return all(_is_left(path / inner, budget) for inner, _ in entries_of(path, budget))
        with open_regular(path) as file:
            return begins is not None and re.match(begins, file.read(_BEGINNING_BYTES)) is not None
    except OSError:
        return False


def _kind(path: Path) -> int:
    """What a path leads to, as `stat.S_IFMT` gives it; 0 where nobody can tell."""
    try:
        return stat.S_IFMT(path.stat().st_mode)
    except OSError:
        return 0


def _nothing(path: str, fault: Fault, where: str, detail: str = "") -> Verification:
    return Verification(path, (VerificationStep(StepName.CLOSED_WORLD, (Finding(fault, where, detail),)),))
