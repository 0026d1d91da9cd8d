"""
One contribution: looks without personal data, a live verification of a flow, or what takes an earlier one back.

Each is a file of its own: a DSSE envelope with one signature, around the text of a `looks.toml` or around an in-toto
Statement. A file's name means nothing; what it says of itself counts once its signature does.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Literal

from pydantic import Field

from automation.core.errors import TemoinError
from automation.core.looks import Look, Says
from automation.evidence.formats import dsse
from automation.evidence.formats.signed import TYPE, Hex256, Record, Subject, sha256
from automation.evidence.keys.signing import SigningKey
from automation.evidence.keys.trust import SignerTrust, Trust
from automation.flow.looks import KeptLook, looks_text, parse_looks, personal_in
from automation.flow.manifest import VerifiedEntry
from automation.storage.files import open_regular

LARGEST_BYTES = 256_000
"""Of one contribution."""
COUNTS_FOR = timedelta(days=550)
"""After this long a contribution says nothing any more."""
_FLOW = re.compile(r"[a-z0-9_]+\.[a-z0-9_]+")
_LIVE: Literal["urn:temoin.live-verification:1"] = "urn:temoin.live-verification:1"
_BACK: Literal["urn:temoin.withdrawal:1"] = "urn:temoin.withdrawal:1"


class Refusal(StrEnum):
    """Why a file of a registry does not count, whoever else says the same."""

    UNREADABLE = "unreadable"
    """It is no file, or cannot be read."""
    TOO_LARGE = "too_large"
    NO_CONTRIBUTION = "no_contribution"
    """It is no envelope, or holds nothing that this version reads."""
    STRANGER = "stranger"
    """No contributor of the trust file has this key."""
    SIGNATURE = "signature"
    REVOKED = "revoked"
    """The key was revoked, or had given way to another by then."""
    EXPIRED = "expired"
    FUTURE = "future"
    PERSONAL = "personal"
    """It holds something that tells of a person, or counts for one account or for stand-ins alone."""
    WITHDRAWN = "withdrawn"


class LiveVerification(Record):
    """A person compared a flow with the live site, and both said the same. Holds a month, and no day."""

    locale: str = Field(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$", max_length=20)
    kind: str = Field(pattern=r"^[a-z_]+$", max_length=20)
    """Of the account."""
    month: str = Field(pattern=r"^20\d\d-(0[1-9]|1[0-2])$")
    revision: str = Field(pattern=r"^20\d\d-\d\d-\d\d$")
    """Of the flow."""

    @property
    def first_day(self) -> date:
        """The earliest day that is meant: no comparison is taken for newer than it is."""
        return date.fromisoformat(f"{self.month}-01")


class _Statement(Record):
    type_: Literal["https://in-toto.io/Statement/v1"] = Field(default=TYPE, alias="_type")
    subject: tuple[Subject, ...] = Field(min_length=1, max_length=1)


class _Live(_Statement):
    """Its subject is the flow, with the digest of the evidence that was compared (`seal/envelope.dsse.json`)."""

    predicate: LiveVerification
    predicate_type: Literal["urn:temoin.live-verification:1"] = Field(default=_LIVE, alias="predicateType")


class _Withdrawal(_Statement):
    """Its subject is a contribution, by the digest of its file."""

    predicate: Mapping[str, str] = Field(default_factory=dict, max_length=0)
    predicate_type: Literal["urn:temoin.withdrawal:1"] = Field(default=_BACK, alias="predicateType")


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one file says, and who says it."""

    file: str
    digest: str
    """SHA-256 of the file's bytes."""
    data: bytes
    signer: str = ""
    """Id of the key; empty before anything could be read."""
    person: str = ""
    """Who has the key, as the trust file notes it; two keys of one person are one voice."""
    looks: tuple[Look, ...] = ()
    live: tuple[str, LiveVerification] | None = None
    """Id of the flow, and what was compared."""
    withdraws: str = ""
    """Digest of the contribution that is taken back."""
    refusal: Refusal | None = None


def looks_envelope(looks: tuple[Look, ...], key: SigningKey) -> bytes:
    """Looks to share as a contribution."""
    text = looks_text(KeptLook(look) for look in looks)
    return dsse.sign(text.encode(), dsse.LOOKS, key)


def live_envelope(flow: str, entry: VerifiedEntry, key: SigningKey) -> bytes:
    """A comparison with the live site as a contribution; of its date the month alone."""
    said = LiveVerification(
        locale=entry.locale, kind=entry.kind, month=entry.date.strftime("%Y-%m"), revision=entry.revision
    )
    subject = Subject(name=flow, digest={"sha256": entry.evidence})
    return dsse.sign(_Live(subject=(subject,), predicate=said).encoded(), dsse.IN_TOTO, key)


def withdrawal_envelope(digest: Hex256, key: SigningKey) -> bytes:
    """What takes a contribution of the same key back."""
    subject = Subject(name="contribution", digest={"sha256": digest})
    return dsse.sign(_Withdrawal(subject=(subject,)).encoded(), dsse.IN_TOTO, key)


def payload_of(data: bytes) -> bytes:
    """What an envelope holds, for people to read before it leaves."""
    for kind in (dsse.LOOKS, dsse.IN_TOTO):
        try:
            return dsse.opened(data, kind).payload
        except dsse.NotAnEnvelope:
            continue
    return b""


def read_contribution(file: Path, trust: Trust, today: date) -> Contribution:
    """A file of a registry, whatever it is; by what it is refused stands in it, withdrawals apart."""
    try:
        with open_regular(file) as opened:
            data = opened.read(LARGEST_BYTES + 1)
    except OSError:
        return Contribution(file.name, "", b"", refusal=Refusal.UNREADABLE)
    if len(data) > LARGEST_BYTES:
        return Contribution(file.name, "", b"", refusal=Refusal.TOO_LARGE)
    bare = Contribution(file.name, sha256(data), data)
    try:
        envelope, said = _said(bare)
    except (ValueError, TemoinError, RecursionError):  # whatever a stranger wrote there
        return replace(bare, refusal=Refusal.NO_CONTRIBUTION)
    known = trust.find(envelope.key_id)
    said = replace(said, signer=envelope.key_id, person=known.note if known else "")
    if known is None:
        return replace(said, refusal=Refusal.STRANGER)
    if not envelope.signed_by(known.key()):
        return replace(said, refusal=Refusal.SIGNATURE)
    days = [look.at.date() for look in said.looks] + ([said.live[1].first_day] if said.live else [])
    for day in days:
        at = max(datetime(day.year, day.month, day.day, tzinfo=UTC), known.since)  # a key signs what was seen before it
        if known.standing(at, None) is not SignerTrust.GOOD:
            return replace(said, refusal=Refusal.REVOKED)
        if day > today:
            return replace(said, refusal=Refusal.FUTURE)
    if known.revoked is not None:
        return replace(said, refusal=Refusal.REVOKED)
    if days and max(days) + COUNTS_FOR < today:
        return replace(said, refusal=Refusal.EXPIRED)
    return replace(said, refusal=Refusal.PERSONAL) if any(map(_is_own, said.looks)) else said


def _is_own(look: Look) -> bool:
    """Whether a look is none for others: it counts for one account or at stand-ins, or tells of a person."""
    bound = look.subject or look.stand_in or look.by or look.files or look.says is Says.UNSURE
    return bool(bound) or personal_in(look) is not None


def _said(bare: Contribution) -> tuple[dsse.Envelope, Contribution]:
    """What the file says, not yet believed. Raises ValueError, FlowError: nothing that can be read."""
    try:
        envelope = dsse.opened(bare.data, dsse.LOOKS)
    except dsse.NotAnEnvelope:
        envelope = dsse.opened(bare.data, dsse.IN_TOTO)
    else:
        looks = parse_looks(envelope.payload.decode(), bare.file)
        if not looks or not all(kept.counts for kept in looks):
            raise ValueError(bare.file)
        return envelope, replace(bare, looks=tuple(kept.look for kept in looks))
    if _BACK.encode() in envelope.payload:
        back = _Withdrawal.decoded(envelope.payload)
        return envelope, replace(bare, withdraws=back.subject[0].digest["sha256"])
    live = _Live.decoded(envelope.payload)
    if not _FLOW.fullmatch(live.subject[0].name):
        raise ValueError(bare.file)
    return envelope, replace(bare, live=(live.subject[0].name, live.predicate))
