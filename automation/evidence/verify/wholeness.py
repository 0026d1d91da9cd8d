"""Whether evidence is as it was sealed, before anything is made of it; whom to trust is for verifying to say."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from automation.evidence.verify.bundle import verify_bundle
from automation.evidence.verify.chain import Chain
from automation.evidence.verify.chain_reading import chain_above
from automation.evidence.verify.faults import Fault, VerifyCode
from automation.evidence.verify.findings import Finding

_ALTERED = frozenset({VerifyCode.ALTERED, VerifyCode.UNREADABLE})
_OF_ITS_PLACE = frozenset({Fault.NOT_IN_LEDGER, Fault.BUNDLE_ELSEWHERE})


def not_as_sealed(folder: Path) -> Iterator[Finding]:
    """
    What is wrong with a bundle, or with the ledger above it; a bundle that stands alone is compared with itself.

    A stranger can seal a folder anew with a key of their own; the ledger names the seal that was here.
    """
    chain = chain_above(folder)
    if chain is not None:
        yield from broken(chain)
    for found in verify_bundle(folder, None, chain=chain).findings:
        if found.fault.code in _ALTERED or found.fault in _OF_ITS_PLACE:
            yield found


def broken(chain: Chain) -> Iterator[Finding]:
    """What is wrong with a ledger, apart from whose key signed its end."""
    return (found for found in chain.findings if found.fault is not Fault.HEAD_NOT_TRUSTED)
