"""
Time stamps of RFC 3161: asking an authority for one, and checking one without any network.

A token says: whoever signed this saw the digest of these bytes at that time. It is checked at its own time, so it stays
good after the authority's certificate has ended.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from cryptography.x509 import ObjectIdentifier
from rfc3161_client import (
    HashAlgorithm,
    TimestampRequestBuilder,
    TimeStampResponse,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)
from rfc3161_client._rust import parse_timestamp_request  # the only reader of requests that it has

from automation.core.records import Authority
from automation.evidence.keys.trust import PinnedAuthority, certificate, pinned
from automation.text.catalogue import N_

LARGEST_TOKEN_BYTES = 64_000
_SHA256 = ObjectIdentifier("2.16.840.1.101.3.4.2.1")


class Flaw(StrEnum):
    """What can be wrong with a token."""

    UNREACHABLE = "unreachable"
    """The authority did not answer, or not with a token."""
    REFUSED = "refused"
    """The authority answered that it will not stamp."""
    UNREADABLE = "unreadable"
    UNSORTED = "unsorted"
    """
    Its certificates are not in the order that DER prescribes. OpenSSL writes and accepts such tokens; a strict reader
    cannot, and it is better refused when it is asked for than doubted later.
    """
    OTHER_REQUEST = "other_request"
    """The request beside it is not the one that it answers."""
    OTHER_DATA = "other_data"
    """It stamps other bytes."""
    NOT_TRUSTED = "not_trusted"
    """No pinned root stands behind it, or a certificate was not good at its time, or not made for stamping."""
    OTHER_POLICY = "other_policy"


class BadStamp(ValueError):
    """A token that proves nothing, with the reason."""

    def __init__(self, flaw: Flaw, detail: str) -> None:
        super().__init__(f"{flaw}: {detail}")
        self.flaw = flaw
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Stamp:
    """A token with the request that it answers."""

    authority: str
    request: bytes
    """DER of the TimeStampReq, the `.tsq` file."""
    response: bytes
    """DER of the TimeStampResp, the `.tsr` file."""
    at: datetime
    """The authority's time, aware, UTC."""
    clock_offset_ms: int = 0
    """How far this machine's clock was ahead of the authority's; its travel time is halved."""


def ask(authority: Authority, data: bytes, *, timeout_s: float) -> Stamp:
    """
    Ask an authority to stamp these bytes, and check what it answers. Blocks.

    Raises:
        BadStamp: it did not answer within the time, or its answer proves nothing.
    """
    request = TimestampRequestBuilder().data(data).hash_algorithm(HashAlgorithm.SHA256).build().as_bytes()
    before = datetime.now(UTC)
    response = _post(authority.url, request, timeout_s)
    between = before + (datetime.now(UTC) - before) / 2
    at = check(data, request, response, [pinned(authority)])
    return Stamp(authority.name, request, response, at, round((between - at).total_seconds() * 1000))


def check(data: bytes, request: bytes, response: bytes, authorities: Sequence[PinnedAuthority]) -> datetime:
    """
    The time at which one of these authorities saw the data.

    Raises:
        BadStamp: the token does not prove that.
    """
    token = _decoded(response)
    _answers(token, request)
    flaw = BadStamp(Flaw.NOT_TRUSTED, "no authority is pinned")
    for authority in authorities:
        try:
            _verify(token, data, authority)
        except BadStamp as error:
            flaw = error
            if error.flaw is not Flaw.NOT_TRUSTED:
                break
        else:
            return token.tst_info.gen_time.astimezone(UTC)
    raise flaw


def _post(url: str, request: bytes, timeout_s: float) -> bytes:
    import httpx  # noqa: PLC0415 - verifying uses no network, and need not wait for its library

    deadline = time.monotonic() + timeout_s
    headers = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}
    answer = bytearray()
    try:
        with httpx.stream("POST", url, content=request, headers=headers, timeout=timeout_s) as response:
            if response.status_code != httpx.codes.OK:
                raise BadStamp(Flaw.UNREACHABLE, f"HTTP status {response.status_code}")
            for piece in response.iter_bytes():
                answer += piece
                if len(answer) > LARGEST_TOKEN_BYTES or time.monotonic() > deadline:
                    raise BadStamp(Flaw.UNREACHABLE, "its answer is too long or too slow")
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise BadStamp(Flaw.UNREACHABLE, str(error) or type(error).__name__) from None
    return bytes(answer)


def _decoded(response: bytes) -> TimeStampResponse:
    try:
        token = decode_timestamp_response(response)
    except ValueError as error:
        if "InvalidSetOrdering" in str(error):  # the parser tells by its words alone
            raise BadStamp(Flaw.UNSORTED, "its certificates are not in DER's order") from None
        raise BadStamp(Flaw.UNREADABLE, "no answer in DER that RFC 3161 knows") from None
    if token.status != 0:
        raise BadStamp(Flaw.REFUSED, "; ".join(token.status_string) or f"status {token.status}")
    return token


def _answers(token: TimeStampResponse, request: bytes) -> None:
    try:
        asked = parse_timestamp_request(request)
        answered = token.tst_info
        same = (
            asked.nonce == answered.nonce
            and asked.message_imprint.message == answered.message_imprint.message
            and asked.message_imprint.hash_algorithm == answered.message_imprint.hash_algorithm == _SHA256
            and asked.as_bytes() == request
        )
    except ValueError:
        raise BadStamp(Flaw.UNREADABLE, "no request or no token in DER that RFC 3161 knows") from None
    if not same:
        raise BadStamp(Flaw.OTHER_REQUEST, "digest or nonce differ from the request")


_ROOT = N_("its root is not one of the trusted ones")
_PURPOSE = N_("a certificate was not made for time stamps")
_OTHER = N_("its certificates do not hold")
_WORDS = {
    "expired": N_("a certificate had ended"),
    "not yet valid": N_("a certificate was not good yet"),  # untold: OpenSSL's words, as the keys below
    "unable to get": _ROOT,  # untold: the same
    "self-signed": _ROOT,
    "self signed": _ROOT,
    "purpose": _PURPOSE,
    "key usage": _PURPOSE,
}
"""Part of what the library says → the same for people. It tells by words alone, with OpenSSL's stack in them."""
DETAILS = frozenset({*_WORDS.values(), _OTHER})
"""What is said of a token that is not trusted; English, to be translated."""


def _plainly(said: str) -> str:
    return next((words for part, words in _WORDS.items() if part in said.lower()), _OTHER)


def _verify(token: TimeStampResponse, data: bytes, authority: PinnedAuthority) -> None:
    verifier = VerifierBuilder(roots=[certificate(authority.root)]).build()
    try:
        verifier.verify_message(token, data)
    except VerificationError as error:
        if "Mismatch between messages" in str(error):
            raise BadStamp(Flaw.OTHER_DATA, "it stamps other bytes") from None
        raise BadStamp(Flaw.NOT_TRUSTED, _plainly(str(error))) from None
    except ValueError as error:  # certificates inside the token that cannot be read
        raise BadStamp(Flaw.UNREADABLE, str(error)) from None
    policy = token.tst_info.policy.dotted_string
    if authority.policy is not None and policy != authority.policy:
        raise BadStamp(Flaw.OTHER_POLICY, policy)
