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

A bundle is untrusted input: whatever is in it, the answer is a finding and never an exception.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
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
    answer_digest,
    check_beside,
    moments,
    read_result,
)
from automation.evidence.formats.statement import SignedStatement
from automation.evidence.keys.trust import Trust
from automation.evidence.secrets.png import is_whole
from automation.evidence.secrets.scan import Unsearchable, first_hit
from automation.evidence.verify.agreement import bag_disagreements, disagreements
from automation.evidence.verify.chain import Chain
from automation.evidence.verify.faults import Fault, VerifyCode
from automation.evidence.verify.findings import Finding, StepName, Verification, VerificationStep
from automation.evidence.verify.inventory import Listing, Stop, hashes, read, take_inventory
from automation.evidence.verify.links import chain_step, position_of
from automation.evidence.verify.proofs import Sealed, Times, signature_step, statement_step, time_step, times
from automation.text.known_secrets import Secrets

_LARGEST_RESULT_BYTES = 32_000_000
_LARGEST_PICTURE_BYTES = 64_000_000
_REST = (StepName.STATEMENT, StepName.SIGNATURE, StepName.TIME, StepName.CHAIN, StepName.SCHEMA)
_NOT_YET_STAMPED = frozenset({Fault.UNSTAMPED, Fault.TOKEN_NOT_ACCOUNTED})
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
    said = sealed.statement if sealed else None
    if said is not None and not (first.findings or second.findings):
        third = replace(third, findings=(*third.findings, *bag_disagreements(folder, said, listing)))
    seventh, captures, answer_sha256 = _schema_step(folder, listing, said)
    eighth = _secrets_step(folder, secrets)
    if sealed is None:
        return Verification(
            path, (first, second, third, *(_unchecked(n, "no_statement") for n in _REST[1:4]), seventh, eighth)
        )
    found = times(folder, listing, sealed, trust)
    fourth = signature_step(folder, sealed, trust, found.proven_at)
    fifth = time_step(folder, listing, sealed, found, captures, position_of(sealed, chain))
    sixth = chain_step(folder, sealed, chain)
    steps = (first, second, third, fourth, fifth, sixth, seventh, eighth)
    return replace(_verification(path, steps, sealed, found), answer_sha256=answer_sha256)


def prove(folder: Path, trust: Trust) -> None:
    """
    Verify a bundle that was just sealed, before anybody gets to see it.

    That no authority answered, that this machine's clock is wrong, or that a picture is broken does not take the
    evidence away; it is said.

    Raises:
        BundleError: anything else is wrong with it.
    """
    verification = verify_bundle(folder, trust)
    for finding in verification.findings:
        what = " ".join(filter(None, (finding.fault.value, finding.where, finding.detail)))
        if finding.fault.code in _BLOCKING and finding.fault is not Fault.PICTURE_BROKEN:
            remedy = "Check again."
            if finding.fault is Fault.SIGNER_NOT_YET:
                remedy = f"This machine's clock says {now():%Y-%m-%d %H:%M} UTC. Set it, or run `temoin keys rotate`."
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


def _schema_step(
    folder: Path, listing: Listing, statement: SignedStatement | None
) -> tuple[VerificationStep, Captures, str]:
    """The step; when everything was captured; the digest of what the result says."""
    findings: list[Finding] = []
    captures: Captures = ()
    answer_sha256 = ""
    subject, kind = listing.subject, names.kind_of(listing.digests)
    try:
        data = read(folder, subject, _LARGEST_RESULT_BYTES)
        if kind is names.FileKind.INBOX:
            captures = look_moments(read_inbox(data))
        else:
            result = read_result(data)
            captures, answer_sha256 = moments(result), answer_digest(result)
            findings += disagreements(result, statement, listing)
            findings += _broken_pictures(folder, listing)
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
    return VerificationStep(StepName.SCHEMA, tuple(findings), notes), captures, answer_sha256


def _broken_pictures(folder: Path, listing: Listing) -> Iterator[Finding]:
    """Pictures that nobody can look at, or that hold more than is seen."""
    for path in sorted(path for path in listing.digests if path.endswith(".png")):
        try:
            whole = is_whole(read(folder, path, _LARGEST_PICTURE_BYTES))
        except Stop:
            continue  # steps 1 and 2 named it
        if not whole:
            yield Finding(Fault.PICTURE_BROKEN, path)


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
