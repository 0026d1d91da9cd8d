"""Step 6 of a verification: the bundle is a link of the chain, at its own place; by its ledger, or without one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from automation.evidence.formats.ledger import LEDGER
from automation.evidence.formats.statement import Previous
from automation.evidence.verify.chain import Chain, LedgerPosition
from automation.evidence.verify.faults import Fault
from automation.evidence.verify.findings import Finding, LedgerVerification, StepName, Verification, VerificationStep
from automation.evidence.verify.proofs import Sealed


def position_of(sealed: Sealed, chain: Chain | None) -> LedgerPosition | None:
    """What the ledger says of this very seal; None where it says nothing."""
    if chain is None or sealed.statement is None:
        return None
    place = chain.places.get(sealed.statement.predicate.sequence)
    return place if place is not None and place.envelope_sha256 == sealed.envelope_sha256 else None


def chain_step(folder: Path, sealed: Sealed, chain: Chain | None) -> VerificationStep:
    """The bundle is in the ledger, in the folder, at the place and after the bundle that its statement names."""
    if sealed.statement is None:
        return VerificationStep(StepName.CHAIN, notes=("no_statement",), checked=False)
    said = sealed.statement.predicate
    renamed = () if folder.absolute().name == said.bundle else ("renamed",)
    if chain is None:
        return VerificationStep(StepName.CHAIN, notes=("no_ledger", *renamed), checked=False)
    here = chain.relative(folder)
    place = position_of(sealed, chain)
    if place is None:
        # It is there, though another: said once is enough.
        chain.met |= {sequence for sequence, one in chain.places.items() if one.bundle == here}
        return VerificationStep(StepName.CHAIN, (Finding(Fault.NOT_IN_LEDGER, folder.name, str(said.sequence)),))
    return VerificationStep(StepName.CHAIN, tuple(_at(here, place, sealed, chain)))


def _at(here: str, place: LedgerPosition, sealed: Sealed, chain: Chain) -> Iterator[Finding]:
    assert sealed.statement is not None  # noqa: S101 - its position says so
    said, name = sealed.statement.predicate, here.rpartition("/")[2]
    before = Previous(
        sequence=said.sequence - 1,
        line_sha256=chain.line_before(place.sequence),
        envelope_sha256=place.previous_envelope_sha256,
    )
    if said.previous != before:
        yield Finding(Fault.LINK_DIFFERS, name, str(said.sequence))
    if place.bundle != here or (said.run, said.bundle) != (here.split("/", maxsplit=1)[0], name):
        yield Finding(Fault.BUNDLE_ELSEWHERE, here, place.bundle)
    if place.bundle == here:
        chain.met.add(place.sequence)
    if place.outcome != said.outcome:
        yield Finding(Fault.OUTCOME_DIFFERS, name, f"{place.outcome} ≠ {said.outcome}")
    if place.envelope_sha256 in chain.removed:
        yield Finding(Fault.REMOVED_BUT_HERE, name)


@dataclass(frozen=True, slots=True)
class Link:
    """What a bundle's signed statement says of its place, where no ledger does."""

    path: str
    name: str
    """Of its folder."""
    sealed_as: str
    """The folder's name when it was sealed."""
    run: str
    sequence: int
    envelope_sha256: str
    previous_sha256: str


def link_of(found: Verification, folder: Path) -> Link | None:
    """The link of a bundle; None where its statement cannot be read."""
    if found.sequence is None:
        return None
    return Link(
        found.path,
        folder.absolute().name,
        found.sealed_as,
        found.run,
        found.sequence,
        found.envelope_sha256,
        found.previous_sha256,
    )


def without_ledger(shown: str, links: Iterable[Link], added: Iterable[Finding]) -> LedgerVerification | None:
    """
    Whether the bundles of a folder without a ledger are one chain by their statements alone; None where they are.

    Args:
        shown: the folder, as it is named.
        links: of its bundles.
        added: what else was found in it.

    Where a chain begins is not looked at: a single run may be handed on. Those of several runs never stand without a
    ledger, unless somebody took it away.
    """
    ordered = sorted(links, key=lambda link: link.sequence)
    findings = [*added]
    if len({link.run for link in ordered}) > 1:
        findings.append(Finding(Fault.LEDGER_GONE, LEDGER))
    there = {link.envelope_sha256 for link in ordered}
    last = None
    for link in ordered:
        if link.name != link.sealed_as:
            findings.append(Finding(Fault.BUNDLE_ELSEWHERE, link.path, link.sealed_as))
        if link.sequence == last:
            findings.append(Finding(Fault.BUNDLE_TWICE, link.path, str(link.sequence)))
        elif last is not None and link.previous_sha256 not in there:
            findings.append(Finding(Fault.BUNDLE_BEFORE_MISSING, link.path, str(link.sequence)))
        last = link.sequence
    return LedgerVerification(f"{shown}/{LEDGER}", 0, 0, tuple(findings)) if findings else None
