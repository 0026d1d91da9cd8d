"""What there is to verify under a path: a bundle, a run, a whole evidence folder, or an archive of one."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path

from automation.evidence.formats import names
from automation.evidence.formats.kept_head import KeptHead
from automation.evidence.formats.ledger import LOCK, PENDING
from automation.evidence.keys.trust import Trust
from automation.evidence.verify.archives import ArchiveRefused, unpacked
from automation.evidence.verify.beside import told_apart
from automation.evidence.verify.bundle import verify_bundle
from automation.evidence.verify.chain import Chain, parted
from automation.evidence.verify.chain_reading import LEVELS_UP, read_chain, read_on
from automation.evidence.verify.faults import Fault
from automation.evidence.verify.findings import (
    Finding,
    LedgerVerification,
    StepName,
    Verification,
    VerificationStep,
    Verified,
)
from automation.evidence.verify.links import Link, link_of, without_ledger
from automation.evidence.verify.places import Place, PlaceKind, has_ledger, is_bundle, places_in
from automation.evidence.verify.runs import Open, RunCheck, verify_run
from automation.text.known_secrets import Secrets


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


def examine(
    path: Path,
    trust: Trust | None,
    secrets: Secrets | None = None,
    *,
    open_run: Open | None = None,
    heads: Sequence[KeptHead] = (),
) -> Iterator[Verified]:
    """
    Verify everything under a path, one bundle after the other; each run after its bundles, the ledger last.

    Never raises for what it finds: a path that holds no evidence is a finding, too.
    """
    means = Means(trust, secrets, open_run, heads)
    kind = _kind(path)
    if kind == stat.S_IFDIR:
        yield from _Folder(path, means, outermost=Path(path.absolute().anchor), shown=str(path)).verified()
    elif kind == stat.S_IFREG:
        try:
            with unpacked(path) as folder:
                yield from _Folder(folder, means, outermost=folder, shown=str(path)).verified()
        except ArchiveRefused as refused:
            yield _nothing(str(path), Fault.ARCHIVE_REFUSED, refused.entry, refused.why)
    else:
        yield _nothing(str(path), Fault.NOTHING_HERE, str(path))


def bundles_under(folder: Path) -> Iterator[Path]:
    """Every bundle in a folder, the folder itself among them; unfinished ones are left out."""
    return (place.path for place in places_in(folder) if place.kind is PlaceKind.BUNDLE)


@dataclass(slots=True)
class _Folder:
    """One folder while it is verified."""

    folder: Path
    means: Means
    outermost: Path
    """No ledger is looked for above."""
    shown: str
    chains: dict[Path, Chain | None] = field(default_factory=dict)
    links: list[Link] = field(default_factory=list)
    """Of bundles without a ledger."""
    added: list[Finding] = field(default_factory=list)
    """Where there is no ledger: files that could be taken for evidence, and that no run tells of."""
    bundles: dict[Path, dict[str, RunCheck]] = field(default_factory=dict)
    """Of each folder that is being read: name → what was found of each bundle in it."""
    runs: set[Path] = field(default_factory=set)
    """Folders that were verified as a run."""

    def verified(self) -> Iterator[Verified]:
        """Bundles as they are met, each with the nearest ledger above it; each run after them; then the ledgers."""
        above = _ledger_above(self.folder, self.outermost)
        if above is not None:
            self.chains[above] = read_chain(above, self.means.trust)
        found = False
        for place in places_in(self.folder):
            if place.kind is PlaceKind.LEDGER:
                self.chains[place.path.absolute()] = read_chain(place.path.absolute(), self.means.trust)
                found = True
            elif place.kind is PlaceKind.END:
                self._end(place)
            elif place.kind is PlaceKind.RUN and self._is_root(place.path):
                continue  # the ledger tells what lies beside it; a run has a folder of its own
            else:
                found = found or place.kind is not PlaceKind.RUN or os.path.lexists(place.path / names.RUN_DOCUMENT)
                yield self._at(place)
        yield from self._ledgers(above)
        if not found:
            yield _nothing(self.shown, Fault.NOTHING_HERE, self.shown)

    def _at(self, place: Place) -> Verified:
        name = self._named(place.path)
        if place.fault is not None:
            return _nothing(name, place.fault, name, place.detail)
        chain = self._chain_of(place.path)
        sealed = place.path / names.RUN_DOCUMENT if place.kind is PlaceKind.RUN else place.path
        if chain is not None and not chain.names_it(chain.relative(sealed)):
            read_on(chain, self.means.trust)  # a check may be under way
        if place.kind is PlaceKind.RUN:
            self.runs.add(place.path)
            bundles = self.bundles.get(place.path, {})
            means = self.means
            return verify_run(
                place.path, place.loose, chain, bundles, shown=name, trust=means.trust, open_run=means.open_run
            )
        found = verify_bundle(place.path, self.means.trust, chain=chain, secrets=self.means.secrets, shown_as=name)
        check = RunCheck(found.account, found.kind, found.envelope_sha256, found.answer_sha256, found.authorities)
        self.bundles.setdefault(place.path.parent, {})[place.path.name] = check
        link = link_of(found, place.path) if chain is None and place.path != self.folder else None
        if link is not None:
            self.links.append(link)
        return found

    def _end(self, place: Place) -> None:
        """A folder was gone through: what lies loose in it is told, unless its run told it."""
        self.bundles.pop(place.path, None)
        chain = self._chain_of(place.path)
        if chain is not None and place.path not in self.runs:
            chain.beside(place.path, place.loose, is_empty=place.is_empty)
        elif place.path not in self.runs:
            self._without_ledger(place)

    def _without_ledger(self, place: Place) -> None:
        """What lies loose where no ledger is: beside the whole evidence, or beside a run that was handed on alone."""
        begun = {LOCK, PENDING}  # the first check of a folder died before its line
        added, unsealed = told_apart(place.path, (name for name in place.loose if name not in begun))
        here = place.path.absolute()
        inner = next((chain for root, chain in self.chains.items() if chain is not None and here in root.parents), None)
        if inner is not None:  # a printed report goes along with the folder of evidence, beside it
            unsealed += [name for name in added if name.casefold().endswith(".pdf")]
            inner.unsealed += [self._named(place.path / name) for name in sorted(unsealed)]
        wrong = [name for name in added if name not in unsealed]
        self.added += [Finding(Fault.FILE_ADDED, self._named(place.path / name)) for name in wrong]

    def _is_root(self, folder: Path) -> bool:
        """Whether a folder is that of its own ledger."""
        chain = self._chain_of(folder)
        return chain is not None and chain.root == folder.absolute()

    def _chain_of(self, path: Path) -> Chain | None:
        """The nearest ledger above a path, or at it."""
        return next((self.chains[parent] for parent in self._upwards(path) if parent in self.chains), None)

    def _ledgers(self, above: Path | None) -> Iterator[LedgerVerification]:
        chains = [chain for chain in self.chains.values() if chain is not None]
        for one, other in combinations(chains, 2):
            one.findings += filter(None, (parted(one, other),))
        copies = {id(one) for one in chains for other in chains if one.is_kept_copy_of(other)}
        for chain in chains:
            read_on(chain, self.means.trust)
            for head in self.means.heads:
                if finding := chain.differs(head):
                    chain.findings.append(finding)
            here = chain.relative(self.folder) if chain.root == above else "."
            all_here = not is_bundle(self.folder) and id(chain) not in copies
            yield chain.verification(under=here if all_here else None)
        if (found := without_ledger(self.shown, self.links, self.added)) is not None:
            yield found
        if self.means.heads and not any(self.chains.values()):
            missing = Finding(Fault.LEDGER_MISSING, self.shown)
            yield LedgerVerification(self.shown, 0, 0, (missing,))

    def _named(self, path: Path) -> str:
        inside = path.relative_to(self.folder).as_posix()
        return self.shown if inside == "." else f"{self.shown}/{inside}"

    @staticmethod
    def _upwards(path: Path) -> Sequence[Path]:
        return (path.absolute(), *path.absolute().parents)


def _kind(path: Path) -> int:
    """What a path leads to, as `stat.S_IFMT` gives it; 0 where nobody can tell."""
    try:
        return stat.S_IFMT(path.stat().st_mode)
    except OSError:
        return 0


def _ledger_above(folder: Path, outermost: Path) -> Path | None:
    """The folder with the ledger that this folder belongs to, among those that hold it."""
    here = folder.absolute()
    if here == outermost:
        return None
    for candidate in here.parents[:LEVELS_UP]:
        if has_ledger(candidate):
            return candidate
        if candidate == outermost:
            break
    return None


def _nothing(path: str, fault: Fault, where: str, detail: str = "") -> Verification:
    return Verification(path, (VerificationStep(StepName.CLOSED_WORLD, (Finding(fault, where, detail),)),))
