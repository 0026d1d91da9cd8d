"""Steps 3 to 5 of a verification: the statement fits the files, its signer is trusted, and its time is witnessed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from automation.evidence.formats import dsse, names
from automation.evidence.formats.signed import (
    SignedStatement,
    UnknownStatement,
    moment,
    read_opening,
    read_statement,
    sha256,
)
from automation.evidence.keys.timestamps import BadStamp, Flaw, check
from automation.evidence.keys.trust import SignerTrust, Trust, key_id, public_key, public_pem
from automation.evidence.verify.chain import LedgerPosition, in_the_future
from automation.evidence.verify.findings import Fault, Finding, Stamped, StepName, VerificationStep
from automation.evidence.verify.reading import Source, Stop

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    from automation.evidence.formats.result_file import Captures
    from automation.evidence.verify.contents import Listing

TOLERANCE_S = 10.0
"""The uncertainty of a moment against a token: two clocks that were compared, and tokens that count whole seconds."""
FURTHEST_OFF_S = 300.0
"""How far off a machine's clock may be: what it says is put right by so much, and no more."""
SEALING_S = 60.0
"""How long after the statement the closing tokens may be asked for and come."""
_FLAWS = {
    Flaw.UNREADABLE: Fault.TOKEN_UNREADABLE,
    Flaw.UNSORTED: Fault.TOKEN_UNSORTED,
    Flaw.REFUSED: Fault.TOKEN_REFUSED,
    Flaw.OTHER_REQUEST: Fault.TOKEN_OTHER_REQUEST,
    Flaw.OTHER_DATA: Fault.TOKEN_OTHER_DATA,
    Flaw.NOT_TRUSTED: Fault.TOKEN_NOT_TRUSTED,
    Flaw.OTHER_POLICY: Fault.TOKEN_OTHER_POLICY,
}
_STANDINGS = {
    SignerTrust.NOT_YET: Fault.SIGNER_NOT_YET,
    SignerTrust.ENDED: Fault.SIGNER_ENDED,
    SignerTrust.REVOKED: Fault.SIGNER_REVOKED,
}


@dataclass(frozen=True, slots=True)
class Sealed:
    """What the seal says, as far as it can be read."""

    envelope: dsse.Envelope
    envelope_bytes: bytes
    statement: SignedStatement | None

    @property
    def envelope_sha256(self) -> str:
        """The one number that stands for the bundle."""
        return sha256(self.envelope_bytes)


@dataclass(frozen=True, slots=True)
class Times:
    """What the tokens prove."""

    not_before: datetime | None
    not_after: tuple[Stamped, ...]
    findings: tuple[Finding, ...]

    @property
    def proven_at(self) -> datetime | None:
        """The earliest time at which an authority saw the seal."""
        return min((stamp.at for stamp in self.not_after), default=None)


def statement_step(source: Source, listing: Listing) -> tuple[VerificationStep, Sealed | None]:
    """The statement is what was signed, and names the digests of the manifests, the result and the opening."""
    try:
        plain, data = source.read(names.STATEMENT), source.read(names.ENVELOPE)
        envelope = dsse.opened(data, dsse.IN_TOTO)
    except Stop as stop:
        return VerificationStep(StepName.STATEMENT, (stop.finding,)), None
    except dsse.NotAnEnvelope as error:
        return VerificationStep(
            StepName.STATEMENT, (Finding(Fault.ENVELOPE_MALFORMED, names.ENVELOPE, str(error)),)
        ), None
    if envelope.payload != plain:
        finding = Finding(Fault.STATEMENT_DIFFERS, names.STATEMENT)
        return VerificationStep(StepName.STATEMENT, (finding,)), Sealed(envelope, data, None)
    try:
        statement = read_statement(plain)
    except UnknownStatement as error:
        finding = Finding(Fault.STATEMENT_UNKNOWN, names.STATEMENT, str(error))
        return VerificationStep(StepName.STATEMENT, (finding,)), Sealed(envelope, data, None)
    findings = tuple(_differing(source, listing, statement))
    return VerificationStep(StepName.STATEMENT, findings), Sealed(envelope, data, statement)


def _differing(source: Source, listing: Listing, statement: SignedStatement) -> Iterator[Finding]:
    said = {**statement.digests(), **statement.predicate.opening}
    opening = {
        path for path in listing.seal if path == names.OPENING or path.startswith(names.opening_token("", "")[:-1])
    }
    subject = names.SUBJECTS[statement.predicate.kind]
    there = {names.MANIFEST, names.TAG_MANIFEST, subject, listing.subject, *opening}
    known = {**listing.manifests, subject: listing.digests.get(subject, "")}
    for path in sorted(said.keys() | there):
        try:
            found = known[path] if path in known else sha256(source.read(path))
        except Stop:
            found = ""
        if path not in there or path not in said or found != said[path]:
            yield Finding(Fault.SUBJECT_DIFFERS, path)


@lru_cache(maxsize=100)
def _signer(pem: bytes) -> tuple[Ed25519PublicKey, str, bytes]:
    """A public key, its id, and how its file is written. Raises ValueError: it is none."""
    key = public_key(pem.decode())
    return key, key_id(key), public_pem(key).encode()


def signature_step(source: Source, sealed: Sealed, trust: Trust | None, proven_at: datetime | None) -> VerificationStep:
    """The signature is right, and its key is trusted for the time at which it was made."""
    try:
        pem = source.read(names.SIGNER)
        key, signer, usual = _signer(pem)
    except Stop as stop:
        return VerificationStep(StepName.SIGNATURE, (stop.finding,))
    except ValueError:
        return VerificationStep(StepName.SIGNATURE, (Finding(Fault.SIGNER_FILE_DIFFERS, names.SIGNER),))
    findings = []
    if signer != sealed.envelope.key_id or usual != pem:
        findings.append(Finding(Fault.SIGNER_FILE_DIFFERS, names.SIGNER))
    if not sealed.envelope.signed_by(key):
        findings.append(Finding(Fault.SIGNATURE_WRONG, signer))
    known = trust.find(signer) if trust else None
    if trust is None:
        findings.append(Finding(Fault.NO_TRUST, signer))
    elif known is None:
        findings.append(Finding(Fault.SIGNER_UNKNOWN, signer))
    elif sealed.statement is not None:
        standing = known.standing(sealed.statement.predicate.sealed_at, proven_at)
        if standing is not SignerTrust.GOOD:
            limit = {SignerTrust.NOT_YET: known.since, SignerTrust.ENDED: known.until}.get(standing, known.revoked)
            findings.append(Finding(_STANDINGS[standing], signer, moment(limit) if limit else ""))
    return VerificationStep(StepName.SIGNATURE, tuple(findings))


def times(source: Source, listing: Listing, sealed: Sealed, trust: Trust | None) -> Times:
    """What each token proves; the closing ones over the envelope, the opening ones over `seal/opening.json`."""
    findings: list[Finding] = []
    before: list[datetime] = []
    after: list[Stamped] = []
    for path in sorted(listing.seal):
        match = names.TOKEN.fullmatch(path)
        if match is None or match[3] != "tsr":
            continue
        try:
            opening = match[1] == "open"
            data = source.read(names.OPENING) if opening else sealed.envelope_bytes
            pinned = trust.called(match[2]) if trust else ()
            at = check(data, source.read(path[:-1] + "q"), source.read(path), pinned)
            if opening:
                before.append(at)
            else:
                after.append(Stamped(match[2], at))
        except Stop as stop:
            findings.append(stop.finding)
        except BadStamp as error:
            findings.append(Finding(fault_of(error, trust), path, error.detail))
    return Times(max(before, default=None), tuple(after), tuple(findings))


def fault_of(error: BadStamp, trust: Trust | None) -> Fault:
    """What is wrong with a token; or with the trust file, where that names no authority at all."""
    pinned = trust is not None and trust.authorities
    return _FLAWS[error.flaw] if pinned or error.flaw is not Flaw.NOT_TRUSTED else Fault.NO_AUTHORITY


def time_step(
    source: Source,
    listing: Listing,
    sealed: Sealed,
    found: Times,
    captures: Captures,
    position: LedgerPosition | None = None,
) -> VerificationStep:
    """An authority saw the seal; nothing of that was taken away; what was captured lies between opening and closing."""
    findings = list(found.findings)
    notes = []
    statement = sealed.statement
    there = {match[2] for path in listing.seal if (match := names.TOKEN.fullmatch(path)) and match[1] == "close"}
    findings += taken_away(source, names.closing_token, found, position)
    asked = statement is not None and bool(statement.predicate.authorities)
    if position is None and statement is not None:
        lacking = sorted(set(statement.predicate.authorities) - there)
        findings += [Finding(Fault.TOKEN_NOT_ACCOUNTED, names.closing_token(name, "tsr")) for name in lacking]
    if not there and not findings:
        findings.append(Finding(Fault.UNSTAMPED))
        if asked and position is not None:
            notes.append("authorities_did_not_answer")
        if not asked and statement is not None:
            notes.append("no_authority_configured")
    if found.not_before is None:
        notes.append("no_opening_token")
    if statement is not None:
        offset_ms = statement.predicate.clock_offset_ms or 0
        if abs(offset_ms) > FURTHEST_OFF_S * 1000:
            findings.append(Finding(Fault.CLOCK_FAR_OFF, "clock_offset_ms", f"{offset_ms / 1000:+.0f} s"))
        findings += _outside(source, statement, found, captures)
        findings += _apart_from_its_line(statement, position)
        findings += in_the_future("sealed_at", statement.predicate.sealed_at)
    return VerificationStep(StepName.TIME, tuple(findings), tuple(notes))


def taken_away(
    source: Source, name: Callable[[str, str], str], found: Times, position: LedgerPosition | None
) -> Iterator[Finding]:
    """
    Tokens that the ledger saw at the sealing, and that are gone or other ones now.

    Args:
        source: the folder of the bundle or run.
        name: of a token there, from its authority and `tsr`.
        found: what the tokens that are there prove.
        position: what the ledger says.
    """
    if position is None:
        return
    for authority, digest in position.tokens:
        path = name(authority, "tsr")
        try:
            if sha256(source.read(path)) != digest:
                yield Finding(Fault.TOKEN_EXCHANGED, path)
        except Stop:
            yield Finding(Fault.TOKEN_TAKEN_AWAY, path)
    there = found.not_after or found.findings
    if position.gen_time is not None and not position.tokens and not there:  # a line of before tokens were named
        yield Finding(Fault.TOKEN_TAKEN_AWAY, name("*", "tsr"))
    known = {stamp.authority for stamp in found.not_after}
    proven = known.issuperset(authority for authority, _ in position.tokens) and not found.findings
    if proven and position.gen_time is not None and found.proven_at not in {None, position.gen_time}:
        yield Finding(Fault.TOKEN_EXCHANGED, "gen_time", moment(position.gen_time))


def _apart_from_its_line(statement: SignedStatement, position: LedgerPosition | None) -> Iterator[Finding]:
    """
    A seal that says that it was made at another time than the ledger shows.

    Its tokens were asked for right after it; its line was written then, by the same clock; and it names the line
    before, which tells of tokens, too.
    """
    if position is None:
        return
    said = statement.predicate
    sealed_s = said.sealed_at.timestamp() - (said.clock_offset_ms or 0) / 1000
    bounds = ((position.gen_time, SEALING_S), (position.stamped_before, FURTHEST_OFF_S))
    written = (position.at - said.sealed_at).total_seconds()
    at_its_line = -TOLERANCE_S <= written <= FURTHEST_OFF_S
    if not at_its_line or any(
        at is not None and sealed_s < at.timestamp() - TOLERANCE_S - allowed_s for at, allowed_s in bounds
    ):
        yield Finding(Fault.OUTSIDE_WINDOW, "sealed_at", moment(said.sealed_at))


def _outside(source: Source, statement: SignedStatement, found: Times, captures: Captures) -> Iterator[Finding]:
    """
    Moments outside the window.

    By this machine's own clock first, so that a clock set back during a visit shows even without a token; then by the
    authorities', after taking off by how much the signed statement says that the own clock was ahead.
    """
    predicate = statement.predicate
    first, last = found.not_before, found.proven_at
    ahead_s = (predicate.clock_offset_ms or 0) / 1000
    earliest_s = max(predicate.opened_at.timestamp(), first.timestamp() + ahead_s if first else 0) - TOLERANCE_S
    ends_s = (predicate.sealed_at.timestamp(), *((last.timestamp() + ahead_s,) if last else ()))
    latest_s = min(ends_s) + TOLERANCE_S
    for name, at in (("opened_at", predicate.opened_at), *captures, ("sealed_at", predicate.sealed_at)):
        if not earliest_s <= at.timestamp() <= latest_s:
            yield Finding(Fault.OUTSIDE_WINDOW, name, moment(at))
    if first and last and first > last:
        yield Finding(Fault.OUTSIDE_WINDOW, names.OPENING, moment(first))
    if predicate.opening:
        try:
            opening = read_opening(source.read(names.OPENING))
        except (Stop, UnknownStatement):
            yield Finding(Fault.STATEMENT_UNKNOWN, names.OPENING)
        else:
            if opening.at != predicate.opened_at or opening.previous.sequence > predicate.previous.sequence:
                yield Finding(Fault.LINK_DIFFERS, names.OPENING)
