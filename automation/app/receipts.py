"""Receipts of guards around other people's browsers: signed with the installation's key, and opened again."""

from __future__ import annotations

import json
from typing import Any

from automation.core.errors import ConfigurationError
from automation.core.receipts import Receipt
from automation.evidence.formats import dsse
from automation.evidence.formats.signed import now
from automation.evidence.keys.signing import SigningKey
from automation.evidence.keys.trust import SignerTrust, Trust


def signed(receipt: Receipt, key: SigningKey) -> bytes:
    """The receipt in an envelope (DSSE) of this key."""
    return dsse.sign(receipt.text().encode(), dsse.RECEIPT, key)


def opened(data: bytes, trust: Trust) -> dict[str, Any]:
    """
    What an envelope of `signed` holds.

    Raises:
        ConfigurationError: it is none, was altered, or its signer is not believed today.
    """
    remedy = "Ask whoever made the receipt for it, and for a file of `temoin evidence key export-trust`."
    try:
        envelope = dsse.opened(data, dsse.RECEIPT)
    except dsse.NotAnEnvelope as error:
        raise ConfigurationError(f"this is no signed receipt: {error}", remedy) from None
    known = trust.find(envelope.key_id)
    if known is None or known.standing(now(), None) is not SignerTrust.GOOD:
        raise ConfigurationError("the signer of this receipt is not believed", remedy)
    if not envelope.signed_by(known.key()):
        raise ConfigurationError("this receipt is not as it was signed", remedy)
    document: dict[str, Any] = json.loads(envelope.payload)
    return document
