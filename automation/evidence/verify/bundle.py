"""
Verifying a bundle, without any network.

1. Closed world: every file is in a manifest or in the fixed list of `seal/`; no link, no way out, no other folder.
2. Hashes of payload and tag files, always of the whole content.
3. The statement is what was signed, and names the digests of the manifests, the result and the opening.
4. The signature, by a key that the trust file holds as good for that time.
5. Closing and opening tokens, that none was taken away, and that what was captured lies between them.
6. The place in the ledger and the link to the bundle before.
7. The schema of the result (or of the look into a mailbox) and of what lies beside it; and that they agree.
8. The search for secrets, again, where those who verify know them.

A bundle is untrusted input: whatever is in it, the answer is a finding and never an exception. Signature before
contents: where it is not good, steps 2, 7 and 8 are left out.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from loguru import logger

from automation.core.errors import BundleError
from automation.evidence.formats.signed import Previous, now
from automation.evidence.verify.contents import bag_disagreements, hashes, schema_step, take_inventory
from automation.evidence.verify.findings import (
    Fault,
    Finding,
    StepName,
    Verification,
    VerificationStep,
    VerifyCode,
)
from automation.evidence.verify.proofs import Sealed, Times, signature_step, statement_step, time_step, times
from automation.evidence.verify.reading import Budget, Source
from automation.evidence.write.secret_scan import Unsearchable, first_hit

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from automation.evidence.formats.result_file import Captures
    from automation.evidence.keys.trust import Trust
    from automation.evidence.verify.chain import Chain, LedgerPosition
    from automation.text.redaction import Secrets

_NOT_YET_STAMPED = frozenset({Fault.UNSTAMPED, Fault.TOKEN_NOT_ACCOUNTED})
_BLOCKING = frozenset({VerifyCode.ALTERED, VerifyCode.UNREADABLE, VerifyCode.NOT_TRUSTED})
_NOT_SIGNED = frozenset({Fault.SIGNATURE_WRONG, Fault.SIGNER_UNKNOWN, Fault.SIGNER_FILE_DIFFERS})


def verify_bundle(
    folder: Path,
    trust: Trust | None,
    *,
    chain: Chain | None = None,
    secrets: Secrets | None = None,
    shown_as: str | None = None,
    budget: Budget | None = None,
) -> Verification:
    """
    Take all steps for one bundle.

    Args:
        folder: the bundle.
        trust: whom to believe; None believes nobody.
        chain: the ledger that it should be in; None where there is none.
        secrets: what to look for in step 8; None leaves it out.
        shown_as: the path to name it by, where that is another than where it lies.
        budget: what may be read; None for that of one call.

    Raises:
        BudgetReached: there is more than that.
    """
    source = Source(folder, budget or Budget())
    path = shown_as if shown_as is not None else str(folder)
    steps: dict[StepName, VerificationStep] = {}
    steps[StepName.CLOSED_WORLD], listing = take_inventory(source)
    if listing is None:
        return Verification(path, _in_order(steps, "not_listed"))
    steps[StepName.STATEMENT], sealed = statement_step(source, listing)
    if sealed is None:
        return Verification(path, _in_order(steps, "no_statement"))
    found = times(source, listing, sealed, trust)
    signature = steps[StepName.SIGNATURE] = signature_step(source, sealed, trust, found.proven_at)
    said, answer_sha256 = sealed.statement, ""
    captures: Captures = ()
    if said is not None and not any(one.fault in _NOT_SIGNED for one in signature.findings):
        if not signature.findings:
            source.budget.proven()
        steps[StepName.HASHES] = hashes(source, listing)
        if not (steps[StepName.CLOSED_WORLD].findings or steps[StepName.HASHES].findings):
            third = steps[StepName.STATEMENT]
            more = tuple(bag_disagreements(source, said, listing))
            steps[StepName.STATEMENT] = replace(third, findings=(*third.findings, *more))
        steps[StepName.SCHEMA], captures, answer_sha256 = schema_step(source, listing, said)
        steps[StepName.SECRETS] = _secrets_step(folder, secrets)
    steps[StepName.TIME] = time_step(source, listing, sealed, found, captures, position_of(sealed, chain))
    steps[StepName.CHAIN] = chain_step(folder, sealed, chain)
    verification = _verification(path, _in_order(steps, "not_signed"), sealed, found)
    return replace(verification, answer_sha256=answer_sha256)


def _in_order(steps: dict[StepName, VerificationStep], why_not: str) -> tuple[VerificationStep, ...]:
    return tuple(steps.get(name) or _unchecked(name, why_not) for name in StepName)


def prove(folder: Path, trust: Trust) -> None:
    """
    Verify a bundle that was just sealed, before anybody gets to see it.

    That no authority answered, that this machine's clock is wrong, or that a picture is broken does not take the
    evidence away; it is said.

    Raises:
        BundleError: anything else is wrong with it.
    """
    verification = verify_bundle(folder, trust, budget=Budget(ends=False))
    for finding in verification.findings:
        what = " ".join(filter(None, (finding.fault.value, finding.where, finding.detail)))
        if finding.fault.code in _BLOCKING and finding.fault is not Fault.PICTURE_BROKEN:
            remedy = "Check again."
            if finding.fault is Fault.SIGNER_NOT_YET:
                remedy = (
                    f"This machine's clock says {now():%Y-%m-%d %H:%M} UTC. "
                    "Set it, or run `temoin evidence key rotate`."
                )
            raise BundleError(f"{folder.name}: the sealed evidence does not verify: {what}", remedy)
        if finding.fault not in _NOT_YET_STAMPED:
            logger.warning("sealed evidence: {}", what)


def _verification(path: str, steps: tuple[VerificationStep, ...], sealed: Sealed, found: Times) -> Verification:
    said = sealed.statement.predicate if sealed.statement else None
    return Verification(
        path=path,
        steps=steps,
        account=said.account if said else "",
        kind=said.kind.value if said else "",
        sequence=said.sequence if said else None,
        signer=sealed.envelope.key_id,
        envelope_sha256=sealed.envelope_sha256,
        sealed_at=said.sealed_at if said else None,
        not_before=found.not_before,
        not_after=found.not_after,
        clock_offset_ms=said.clock_offset_ms if said else None,
        authorities=said.authorities if said else (),
        sealed_as=said.bundle if said else "",
        run=said.run if said else "",
        previous_sha256=(said.previous.envelope_sha256 or "") if said else "",
    )


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
    envelope = place.previous_envelope_sha256
    before = Previous(
        sequence=said.sequence - 1,
        line_sha256=chain.line_before(place.sequence),
        envelope_sha256=envelope if envelope or chain.is_whole else said.previous.envelope_sha256,
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


def _secrets_step(folder: Path, secrets: Secrets | None) -> VerificationStep:
    if secrets is None or not secrets.needles:
        return _unchecked(StepName.SECRETS, "no_secrets_known")
    try:
        hit = first_hit(folder, secrets)
    except (Unsearchable, OSError):
        return _unchecked(StepName.SECRETS, "unsearchable")
    return VerificationStep(StepName.SECRETS, () if hit is None else (Finding(Fault.SECRET_FOUND, hit),))


def _unchecked(name: StepName, why: str) -> VerificationStep:
    return VerificationStep(name, notes=(why,), checked=False)
