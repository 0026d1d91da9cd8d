"""
Whom a verifier believes: public keys with the time for which each is good, and the roots of time-stamp authorities.

A trust file holds nothing secret. It convinces only if it came another way than the evidence it is to judge.
"""

from __future__ import annotations

import hashlib
import json
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Literal, Self

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key
from pydantic import Field, ValidationError, model_validator

from automation.core.errors import ConfigurationError
from automation.evidence.formats.signed import Hex256, Moment, Record
from automation.storage.files import open_regular
from automation.text.catalogue import rule_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from automation.core.records import Authority

SCHEMA: Literal["temoin.trust/1"] = "temoin.trust/1"
_LARGEST_BYTES = 4_000_000
_SKEW = timedelta(minutes=1)
"""A key may be made while a sealing that will use it has begun, and clocks are corrected."""


class SignerTrust(StrEnum):
    """What a trust file says of a key at a moment."""

    GOOD = "good"
    NOT_YET = "not_yet"
    ENDED = "ended"
    REVOKED = "revoked"


class TrustedKey(Record):
    """One public key and when it is good."""

    id: Hex256
    """SHA-256 of the key's SubjectPublicKeyInfo in DER."""
    public_key: str
    """PEM."""
    since: Moment = Field(alias="from")
    until: Moment | None = None
    """When it gave way to another; what it signed before stands."""
    revoked: Moment | None = None
    """From when on somebody else may have had it."""
    note: str = Field(default="", max_length=500)

    @model_validator(mode="after")
    def _is_that_key(self) -> Self:
        if key_id(self.key()) != self.id:
            raise ValueError("the id is not that of the public key")
        return self

    def key(self) -> Ed25519PublicKey:
        """The key itself."""
        return public_key(self.public_key)

    def standing(self, signed_at: datetime, proven_at: datetime | None) -> SignerTrust:
        """
        Whether a signature of this key counts.

        Args:
            signed_at: when the signer says that it signed.
            proven_at: when an authority saw the signature at the latest; None where none did. Only this counts
                against a revocation, because a thief can write any date.
        """
        if signed_at < self.since - _SKEW:
            return SignerTrust.NOT_YET
        if self.revoked is not None and (proven_at is None or proven_at >= self.revoked):
            return SignerTrust.REVOKED
        if self.until is not None and signed_at > self.until:
            return SignerTrust.ENDED
        return SignerTrust.GOOD


class PinnedAuthority(Record):
    """A time-stamp authority whose root is believed."""

    name: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40)
    root: str
    """PEM of the root certificate."""
    policy: str | None = None
    """The policy (object identifier) that its tokens must name; None accepts any."""

    @model_validator(mode="after")
    def _is_a_certificate(self) -> Self:
        certificate(self.root)
        return self


class Trust(Record):
    """What a trust file says."""

    keys: tuple[TrustedKey, ...] = ()
    authorities: tuple[PinnedAuthority, ...] = ()
    schema_: Literal["temoin.trust/1"] = Field(default=SCHEMA, alias="schema")

    @model_validator(mode="after")
    def _each_key_once(self) -> Self:
        if len({known.id for known in self.keys}) != len(self.keys):
            raise ValueError("a key stands twice, and nothing says which entry counts")
        return self

    def find(self, key: str) -> TrustedKey | None:
        """The key of this id."""
        return next((known for known in self.keys if known.id == key), None)

    def called(self, authority: str) -> tuple[PinnedAuthority, ...]:
        """The authorities of this name: a token stands for the one that its file is named after, and for no other."""
        return tuple(known for known in self.authorities if known.name == authority)

    def pinning(self, authorities: Iterable[PinnedAuthority]) -> Trust:
        """The same with these authorities as well; one that is already there stays once."""
        return self.model_copy(update={"authorities": tuple(dict.fromkeys((*self.authorities, *authorities)))})

    def with_key(self, key: TrustedKey) -> Trust:
        """The same with this key added, or put in the place of its earlier entry."""
        known = {k.id: k for k in self.keys} | {key.id: key}
        return self.model_copy(update={"keys": tuple(known.values())})

    def text(self) -> str:
        """The file, indented for people."""
        return json.dumps(self.model_dump(mode="json", by_alias=True), ensure_ascii=False, indent=2) + "\n"


def read_trust(path: Path) -> Trust:
    """
    Read a trust file.

    Raises:
        ConfigurationError: it is missing, or no trust file.
    """
    remedy = "Name a file that `temoin evidence key export-trust` wrote."
    try:
        with open_regular(path.resolve()) as file:
            data = file.read(_LARGEST_BYTES + 1)
        if len(data) > _LARGEST_BYTES:
            raise ConfigurationError(f"{path}: larger than any trust file", remedy)
        plain = json.loads(data, object_pairs_hook=_once)
        if isinstance(plain, dict) and plain.get("schema") != SCHEMA:
            raise ConfigurationError(f"{path}: no trust file: its schema is not {SCHEMA}", remedy)
        return Trust.model_validate(plain)
    except OSError as error:
        raise ConfigurationError(f"{path}: cannot be read ({error.strerror or error})", remedy) from None
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise ConfigurationError(f"{path}: no trust file: {where}: {rule_of(first)}", remedy) from None
    except (ValueError, RecursionError):
        raise ConfigurationError(f"{path}: no trust file: this is not JSON", remedy) from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A mapping in which no key stands twice: readers differ in which they would take."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError(len(pairs))  # read_trust says what it is not
    return found


def pinned(authority: Authority) -> PinnedAuthority:
    """
    The authority as a trust file holds it.

    Raises:
        ConfigurationError: its root is no certificate.
    """
    try:
        return PinnedAuthority(name=authority.name, root=authority.root, policy=authority.policy)
    except ValidationError:
        raise ConfigurationError(
            f"the root certificate of the time-stamp authority {authority.name} cannot be read",
            "Name the file with its root certificate in PEM; the authority publishes it.",
        ) from None


def public_key(pem: str) -> Ed25519PublicKey:
    """
    The Ed25519 key of a PEM text.

    Raises:
        ValueError: it is none.
    """
    try:
        key = load_pem_public_key(pem.encode())
    except (ValueError, UnsupportedAlgorithm):
        raise ValueError("not a public key in PEM") from None
    if not isinstance(key, Ed25519PublicKey):
        raise ValueError("not an Ed25519 key")  # noqa: TRY004 - pydantic takes ValueErrors
    return key


def public_pem(key: Ed25519PublicKey) -> str:
    """The key as PEM."""
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def key_id(key: Ed25519PublicKey) -> str:
    """SHA-256 of the key's SubjectPublicKeyInfo, in hex."""
    return hashlib.sha256(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).hexdigest()


def certificate(pem: str) -> x509.Certificate:
    """
    The certificate of a PEM text.

    Raises:
        ValueError: it is none.
    """
    try:
        return x509.load_pem_x509_certificate(pem.encode())
    except (ValueError, UnsupportedAlgorithm, x509.InvalidVersion):
        raise ValueError("not a certificate in PEM") from None
