"""
A signature around a payload: DSSE, with Ed25519.

Source: DSSE protocol and envelope, version 1.0.2 (secure-systems-lab/dsse). What is signed is not the payload but
`DSSEv1 <length of type> <type> <length of payload> <payload>`, so that a payload cannot pass as one of another type.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidSignature

from automation.evidence.formats.signed import NotCanonical, canonical, parsed

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    from automation.evidence.keys.signing import SigningKey

IN_TOTO = "application/vnd.in-toto+json"
LEDGER_HEAD = "application/vnd.temoin.ledger-head+json"
LEDGER_INTENT = "application/vnd.temoin.ledger-intent+json"
RUN = "application/vnd.temoin.run+json"
LOOKS = "application/vnd.temoin.looks+toml"
RECEIPT = "application/vnd.temoin.read-only+json"


class NotAnEnvelope(ValueError):
    """Bytes that are no DSSE envelope with exactly one signature."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """A payload with its one signature."""

    payload_type: str
    payload: bytes
    key_id: str
    """SHA-256 of the signer's public key; a hint that the signature must bear out."""
    signature: bytes

    def signed_by(self, key: Ed25519PublicKey) -> bool:
        """Whether this key made the signature."""
        try:
            key.verify(self.signature, pae(self.payload_type, self.payload))
        except InvalidSignature:
            return False
        return True


def pae(payload_type: str, payload: bytes) -> bytes:
    """The bytes that are signed: DSSE's pre-authentication encoding."""
    kind = payload_type.encode()
    return b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(payload), payload)


def sign(payload: bytes, payload_type: str, key: SigningKey) -> bytes:
    """The envelope, as canonical JSON."""
    signature = {"keyid": key.id, "sig": _text(key.sign(pae(payload_type, payload)))}
    return canonical({"payload": _text(payload), "payloadType": payload_type, "signatures": [signature]})


def opened(data: bytes, payload_type: str) -> Envelope:
    """
    Read an envelope; says nothing yet about its signature.

    Raises:
        NotAnEnvelope: it is none, of another payload type, or not in the canonical form.
    """
    try:
        match parsed(data):
            case {
                "payload": str(payload),
                "payloadType": str(kind),
                "signatures": [{"keyid": str(key_id), "sig": str(signature), **more}],
                **others,
            } if kind == payload_type and not more and not others:
                return Envelope(kind, _bytes(payload), key_id, _bytes(signature))
    except (NotCanonical, binascii.Error) as error:
        raise NotAnEnvelope(str(error)) from None
    raise NotAnEnvelope(f"not an envelope of {payload_type} with one signature")


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _bytes(text: str) -> bytes:
    data = base64.b64decode(text.encode("ascii", "replace"), validate=True)
    if _text(data) != text:  # the last character of Base64 has bits that decode to nothing
        raise NotAnEnvelope("Base64, but not in its canonical form")
    return data
