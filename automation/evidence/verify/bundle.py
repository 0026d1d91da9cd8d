"""
Verifying a bundle, without any network.

1. Closed world: every file is in a manifest or in the fixed list of `seal/`; no link, no way out, no other folder.
2. Hashes of payload and tag files, always of the whole content.
3. The statement is what was signed, and names the digests of the manifests, the result and the opening.
4. The signature, by a key that the trust file holds as good for that time.
5. Closing and opening tokens, and that what was captured lies between them.
6. The place in the ledger and the link to the bundle before.
7. The schema of the result (or of the look into a mailbox) and of what lies beside it.
8. The search for secrets, again, where those who verify know them.

A bundle is untrusted input: whatever is in it, the answer is a finding and never an exception.
"""

from __future__ import annotations

from pathlib import Path

from loguru import logger

from automation.errors import BundleError
from automation.evidence.formats import names
from automation.evidence.formats.encoding import now
from automation.evidence.formats.inbox_file import look_moments, read_inbox
from automation.evidence.formats.result_file import (
    BESIDE,
    BrokenSchema,
    Captures,
    UnknownSchema,
    check_beside,
    moments,
    read_result,
)
from automation.evidence.keys.trust import Trust
from automation.evidence.secrets.scan import Unsearchable, first_hit
from automation.evidence.verify.chain import Chain, chain_step
from automation.evidence.verify.findings import Fault, Finding, StepName, Verification, VerificationStep, VerifyCode
from automation.evidence.verify.inventory import Listing, Stop, hashes, read, take_inventory
from automation.evidence.verify.proofs import Sealed, Times, signature_step, statement_step, time_step, times
from automation.text.known_secrets import Secrets

_LARGEST_RESULT_BYTES = 32_000_000
_REST = (StepName.STATEMENT, StepName.SIGNATURE, StepName.TIME, StepName.CHAIN, StepName.SCHEMA)
_BLOCKING = frozenset({VerifyCode.ALTERED, VerifyCode.UNREADABLE, VerifyCode.NOT_TRUSTED})


def verify_bundle(
    folder: Path,
    trust: Trust | None,
    *,
    chain: Chain | None = None,
    secrets: Secrets | None = None,
    shown_as: str | None = None,
) -> Verification:
    """
    Take all steps for one bundle.

    Args:
        folder: the bundle.
        trust: whom to believe; None believes nobody.
        chain: the ledger that it should be in; None where there is none.
        secrets: what to look for in step 8; None leaves it out.
        shown_as: the path to name it by, where that is another than where it lies.
    """
    path = shown_as if shown_as is not None else str(folder)
    first, listing = take_inventory(folder)
    if listing is None:
        rest = (StepName.HASHES, *_REST, StepName.SECRETS)
        return Verification(path, (first, *(_unchecked(name, "not_listed") for name in rest)))
    second = hashes(folder, listing)
    third, sealed = statement_step(folder, listing)
    seventh, captures = _schema_step(folder, listing)
    eighth = _secrets_step(folder, secrets)
    if sealed is None:
        return Verification(
            path, (first, second, third, *(_unchecked(n, "no_statement") for n in _REST[1:4]), seventh, eighth)
        )
    found = times(folder, listing, sealed, trust)
    fourth = signature_step(folder, sealed, trust, found.proven_at)
    fifth = time_step(folder, listing, sealed, found, captures)
    sixth = chain_step(folder, sealed, chain)
    return _verification(path, (first, second, third, fourth, fifth, sixth, seventh, eighth), sealed, found)


def prove(folder: Path, trust: Trust) -> None:
    """
    Verify a bundle that was just sealed, before anybody gets to see it.

    That no authority answered, or that this machine's clock is wrong, does not take the evidence away; it is said.

    Raises:
        BundleError: anything else is wrong with it.
    """
    verification = verify_bundle(folder, trust)
    for finding in verification.findings:
        what = " ".join(filter(None, (finding.fault.value, finding.where, finding.detail)))
        if finding.fault.code in _BLOCKING:
            remedy = "Check again."
            if finding.fault is Fault.SIGNER_NOT_YET:
                remedy = f"This machine's clock says {now():%Y-%m-%d %H:%M} UTC. Set it, or run `temoin keys rotate`."
            raise BundleError(f"{folder.name}: the sealed evidence does not verify: {what}", remedy)
        if finding.fault is not Fault.UNSTAMPED:
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
    )


def _captures(kind: names.FileKind, data: bytes) -> Captures:
    """Read the file that says what came of it, and say when what it tells of was captured."""
    if kind is names.FileKind.INBOX:
        return look_moments(read_inbox(data))
    return moments(read_result(data))


def _schema_step(folder: Path, listing: Listing) -> tuple[VerificationStep, Captures]:
    findings = []
    captures: Captures = ()
    subject, kind = listing.subject, names.kind_of(listing.digests)
    try:
        captures = _captures(kind, read(folder, subject, _LARGEST_RESULT_BYTES))
    except Stop as stop:
        if stop.finding.fault is not Fault.FILE_MISSING:  # step 1 named that
            findings.append(stop.finding)
    except UnknownSchema as error:
        findings.append(Finding(Fault.SCHEMA_UNKNOWN, subject, str(error)))
    except BrokenSchema as error:
        findings.append(Finding(Fault.SCHEMA_BROKEN, subject, str(error)))
    for path in sorted(BESIDE.keys() & listing.digests.keys()):
        try:
            captures = (*captures, *check_beside(path, read(folder, path, _LARGEST_RESULT_BYTES)))
        except Stop as stop:
            if stop.finding.fault is not Fault.FILE_MISSING:
                findings.append(stop.finding)
        except BrokenSchema as error:
            findings.append(Finding(Fault.SCHEMA_BROKEN, path, str(error)))
    notes = ("look_into_mailbox",) if kind is names.FileKind.INBOX else ()
    return VerificationStep(StepName.SCHEMA, tuple(findings), notes), captures


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
