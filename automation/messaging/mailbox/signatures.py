"""
Who a message is really from: its DKIM signature (RFC 6376), or what the user's own mail server found on arrival.

A signature counts only if it is by the sender's own domain, covers the whole text and the header fields that decide
how a person reads it, and nothing stands twice that is signed once.
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from automation.config.installation import ways_to_add
from automation.domain.mail import Signature, SignatureReason, SignatureState
from automation.errors import ConfigurationError

if TYPE_CHECKING:
    from dkim import DKIM

TxtLookup = Callable[[str], bytes | None]
"""
A DNS name → the text of its TXT record, strings joined; None where there is none.

May raise `OSError` where no name server answers.
"""

_MOST_SIGNATURES = 10
_MUST_COVER = (b"from", b"subject", b"date", b"content-type")
"""Where the message has them. Without Content-Type the same bytes could be made to read as another text."""
_ONCE = (*_MUST_COVER, b"to", b"cc", b"mime-version", b"content-transfer-encoding")
_ORDER = (SignatureState.PASS, SignatureState.FAIL, SignatureState.UNAVAILABLE, SignatureState.NONE)
_MALFORMED = Signature(SignatureState.FAIL, SignatureReason.MALFORMED)
_silent = logging.Logger("dkim", logging.CRITICAL + 1)  # noqa: LOG001 - its errors are told by the result


def look_up_txt(name: str, timeout_s: float = 10.0) -> bytes | None:
    """
    Ask the machine's name servers for a TXT record.

    Raises:
        OSError: none answers.
    """
    from dns import exception, resolver  # noqa: PLC0415 - an extra, and slow to import

    try:
        answer = resolver.resolve(name, "TXT", lifetime=timeout_s)
    except (resolver.NXDOMAIN, resolver.NoAnswer):
        return None
    except exception.DNSException as error:
        raise OSError(f"no name server answers ({type(error).__name__})") from None
    return next((b"".join(record.strings) for record in answer), None)


def check_signature(
    raw: bytes, domain: str, *, look_up: TxtLookup = look_up_txt, trusted: Iterable[str] = ()
) -> Signature:
    """
    Check a message's signature.

    Args:
        raw: the message as the server holds it.
        domain: the sender's domain; empty where there is not exactly one sender.
        look_up: how keys are looked up.
        trusted: names under which the user's own server writes `Authentication-Results`; asked only where a
            signature cannot be checked here (any more). What any other name says is ignored, because whoever sends
            a message can write it in.

    Raises:
        ConfigurationError: the package that checks signatures is not installed.
    """
    try:
        from dkim import DKIM, DKIMException  # noqa: PLC0415 - an extra
    except ImportError:
        raise not_installed() from None
    if not domain:
        return Signature(SignatureState.FAIL, SignatureReason.SENDERS)
    try:
        headers = DKIM(raw, logger=_silent).headers
    except (DKIMException, IndexError):
        return _MALFORMED
    if _ambiguous(raw):
        return _MALFORMED
    count = sum(name.lower() == b"dkim-signature" for name, _ in headers)
    found = [_one(raw, number, domain, look_up) for number in range(min(count, _MOST_SIGNATURES))]
    found.sort(key=lambda signature: _ORDER.index(signature.state))
    best = found[0] if found else Signature(SignatureState.NONE, SignatureReason.NOT_SIGNED)
    if best.state is SignatureState.UNAVAILABLE:
        reported = _reported(headers, domain, {name.lower() for name in trusted})
        return replace(reported, covers_recipients=best.covers_recipients) if reported else best
    return best


def not_installed() -> ConfigurationError:
    """What to say where the extra is missing."""
    return ConfigurationError(
        "reading a mailbox needs packages that are not installed", f"Install them: {ways_to_add('mailbox')[0]}"
    )


def _ambiguous(raw: bytes) -> bool:
    """Whether two programs could take different lines for the header, one when signing and one when showing it."""
    header = re.split(rb"\r?\n\r?\n", raw, maxsplit=1)[0]
    return bool(re.search(rb"\r(?!\n)|\nFrom |\0", header))


def _one(raw: bytes, number: int, domain: str, look_up: TxtLookup) -> Signature:
    from dkim import DKIM, DKIMException  # noqa: PLC0415 - an extra
    from dkim.asn1 import ASN1FormatError  # noqa: PLC0415
    from dkim.util import InvalidTagValueList, parse_tag_value  # noqa: PLC0415

    message = DKIM(raw, logger=_silent)
    value = [value for name, value in message.headers if name.lower() == b"dkim-signature"][number]
    by = ""
    try:
        fields = parse_tag_value(value)
        by = fields[b"d"].decode("ascii").lower()
        signed = frozenset(part.strip().lower() for part in fields[b"h"].split(b":"))
        if not _speaks_for(by, domain):
            state, reason = SignatureState.NONE, SignatureReason.OTHER_DOMAIN
        else:
            state, reason = _flaw(message, fields, signed) or _verified(message, number, _Key(look_up))
    except (DKIMException, ASN1FormatError, InvalidTagValueList, ValueError, KeyError, IndexError, TypeError):
        # Whoever sent it may have written anything.
        return Signature(SignatureState.FAIL, SignatureReason.MALFORMED, by)
    return Signature(state, reason, by, covers_recipients=b"to" in signed)


def _verified(message: DKIM, number: int, key: _Key) -> tuple[SignatureState, SignatureReason]:
    from dkim import KeyFormatError, ValidationError  # noqa: PLC0415 - an extra

    message.verify_headerprep(number)  # raises for what is malformed, so that below only the text can be wrong
    try:
        passes = message.verify(number, dnsfunc=key)
    except ValidationError:
        passes = False
    except KeyFormatError:
        return SignatureState.FAIL, SignatureReason.WEAK
    if key.trouble is not None:
        return SignatureState.UNAVAILABLE, key.trouble
    if passes:
        return SignatureState.PASS, SignatureReason.VALID
    if getattr(message, "pk", None) is None and key.asked:
        return SignatureState.UNAVAILABLE, SignatureReason.NO_KEY
    return SignatureState.FAIL, SignatureReason.ALTERED


def _speaks_for(by: str, domain: str) -> bool:
    """Whether a signature by one domain speaks for a sender of another: the same, or one below it."""
    return "." in by and (domain == by or domain.endswith(f".{by}"))


def _flaw(
    message: DKIM, fields: Mapping[bytes, bytes], signed: frozenset[bytes]
) -> tuple[SignatureState, SignatureReason] | None:
    """Why a signature does not count, whatever its key says; None where nothing speaks against it."""
    present = [name.lower() for name, _ in message.headers]
    if any(present.count(name) > 1 for name in _ONCE):
        return SignatureState.FAIL, SignatureReason.REPEATED
    if fields[b"a"] == b"ed25519-sha256":  # the library checks it only with one more package
        return SignatureState.UNAVAILABLE, SignatureReason.WEAK
    if fields[b"a"] != b"rsa-sha256":
        return SignatureState.FAIL, SignatureReason.WEAK
    if b"x" in fields and int(fields[b"x"]) < time.time():
        return SignatureState.UNAVAILABLE, SignatureReason.EXPIRED
    if b"l" in fields or any(name in present and name not in signed for name in _MUST_COVER):
        return SignatureState.FAIL, SignatureReason.PARTIAL
    return None


class _Key:
    """Looks a key up and remembers why there was none: the library takes every lack for a bad signature."""

    def __init__(self, look_up: TxtLookup) -> None:
        self._look_up = look_up
        self.trouble: SignatureReason | None = None
        self.asked = False

    def __call__(self, name: bytes, timeout: float = 0) -> bytes | None:
        del timeout
        self.asked = True
        try:
            record = self._look_up(name.decode("ascii").rstrip("."))
        except OSError:
            self.trouble = SignatureReason.KEY_UNREACHABLE
            return None
        if not record:
            self.trouble = SignatureReason.NO_KEY
        return record


# -- Authentication-Results (RFC 8601)


def _reported(headers: Iterable[tuple[bytes, bytes]], domain: str, trusted: set[str]) -> Signature | None:
    """
    What the user's own server found, from its topmost field; None where it says nothing of use.

    Two fields under that name that do not agree are a sender's doing, or a server that lets them through.
    """
    said: list[tuple[str, frozenset[tuple[str, str]]]] = []
    for name, value in headers:
        if name.lower() == b"authentication-results":
            server, texts = _parsed(value.decode("utf-8", "replace"))
            if server in trusted:
                said.append((server, frozenset(_dkim_results(texts))))
    if not said or len({results for _, results in said}) > 1:
        return None
    server, results = said[0]
    for outcome, by in results:
        if outcome == "pass" and _speaks_for(by, domain):
            return Signature(SignatureState.PASS, SignatureReason.REPORTED, by, server)
    return None


def _parsed(value: str) -> tuple[str, list[str]]:
    plain = re.sub(r'"[^"]*"', "", value)
    while (without := re.sub(r"\([^()]*\)", " ", plain)) != plain:
        plain = without
    server, *results = (" ".join(part.split()) for part in plain.split(";"))
    return server.partition(" ")[0].lower(), results


def _dkim_results(results: Iterable[str]) -> Iterator[tuple[str, str]]:
    for result in results:
        match = re.match(r"dkim\s*=\s*(\w+)", result, re.IGNORECASE)
        by = re.search(r"header\.d\s*=\s*([\w.-]+)", result, re.IGNORECASE)
        if match:
            yield match[1].lower(), by[1].lower() if by else ""
