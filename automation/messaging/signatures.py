"""
Who a message is really from: its DKIM signature (RFC 6376), or what the user's own mail server found on arrival.

A signature counts only if it is by the sender's own domain, covers the whole text and the header fields that decide
how a person reads it, and nothing stands twice that is signed once.
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from automation.core.mail import Signature, SignatureReason, SignatureState
from automation.messaging.arrival import reads_one_way, report_of, speaks_for

if TYPE_CHECKING:
    from dkim import DKIM
    from dns.resolver import Resolver

    from automation.messaging.arrival import ServerReport

TxtLookup = Callable[[str], bytes | None]
"""
A DNS name → the text of its TXT record, strings joined; None where there is none.

May raise `OSError` where no name server answers.
"""

_MOST_SIGNATURES = 10
_MUST_COVER = (b"from", b"subject", b"date", b"content-type")
"""Where the message has them. Without Content-Type the same bytes could be made to read as another text."""
_ONCE = (*_MUST_COVER, b"to", b"cc", b"mime-version", b"content-transfer-encoding")
_SUBJECT_TAG = re.compile(
    rb"(?i)(^subject:[ \t]*)(?:\[[^]\r\n]{1,40}\]|\*{2,3}[^*\r\n]{1,40}\*{2,3})[ \t]*", re.MULTILINE
)
_ORDER = (SignatureState.PASS, SignatureState.FAIL, SignatureState.UNAVAILABLE, SignatureState.NONE)
_MALFORMED = Signature(SignatureState.FAIL, SignatureReason.MALFORMED)
_silent = logging.Logger("dkim", logging.CRITICAL + 1)  # noqa: LOG001 - its errors are told by the result


def look_up_txt(name: str, timeout_s: float = 10.0, resolver: Resolver | None = None) -> bytes | None:
    """
    Ask the machine's name servers, or those of a resolver, for a TXT record.

    Raises:
        OSError: none answers.
    """
    from dns import exception  # noqa: PLC0415 - slow to import
    from dns.resolver import NXDOMAIN, NoAnswer, get_default_resolver  # noqa: PLC0415

    try:
        answer = (resolver or get_default_resolver()).resolve(name, "TXT", lifetime=timeout_s)
    except (NXDOMAIN, NoAnswer):
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
        trusted: names under which the user's own server writes `Authentication-Results`; asked where a signature
            cannot be checked here (any more), leaves something out or is missing. What any other name says is ignored,
            because whoever sends a message can write it in.
    """
    from dkim import DKIM, DKIMException  # noqa: PLC0415 - slow to import

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
    found.sort(key=lambda checked: _ORDER.index(checked.signature.state))
    best = found[0] if found else _Checked(Signature(SignatureState.NONE, SignatureReason.NOT_SIGNED))
    report = report_of(headers, {name.lower() for name in trusted})
    return best.signature if report is None else _with_report(best, report, domain, raw)


@dataclass(frozen=True, slots=True)
class _Checked:
    """One signature, as it was checked here."""

    signature: Signature
    only_kind_unsigned: bool = False
    """Whether it is true, and all that it leaves out of what matters is the kind of text."""
    without_tag: bool = False
    """Whether it is true of the message without the mark before its subject, such as `[EXTERN]`."""


def _with_report(checked: _Checked, report: ServerReport, domain: str, raw: bytes) -> Signature:
    """
    What was found here, with what the user's own server found on arrival.

    The report never makes a message true that was altered, nor one that says that it was signed and is not.
    """
    here = checked.signature
    straight = report.came_straight(domain)
    covered = here.covers_recipients or straight
    passed, reason = SignatureState.PASS, SignatureReason.REPORTED
    reported = Signature(passed, reason, here.domain or domain, report.server, covered, straight)
    if here.state is SignatureState.PASS:
        return replace(here, covers_recipients=covered, straight=straight)
    if here.state is SignatureState.NONE:
        return replace(reported, domain=domain) if straight else here
    vouched = report.vouches(domain)
    if here.state is SignatureState.UNAVAILABLE:
        return reported if vouched or straight else here
    if here.reason is SignatureReason.PARTIAL:
        read_as_signed = vouched and checked.only_kind_unsigned and reads_one_way(raw)
        return reported if straight or read_as_signed else here
    if here.reason is SignatureReason.ALTERED and (vouched or straight):
        if checked.without_tag:
            return reported
        return replace(here, reason=SignatureReason.ALTERED_SINCE, by=report.server)
    return here


def _ambiguous(raw: bytes) -> bool:
    """Whether two programs could take different lines for the header, one when signing and one when showing it."""
    header = re.split(rb"\r?\n\r?\n", raw, maxsplit=1)[0]
    return bool(re.search(rb"\r(?!\n)|\nFrom |\0", header))


def _one(raw: bytes, number: int, domain: str, look_up: TxtLookup) -> _Checked:
    from dkim import DKIM, DKIMException  # noqa: PLC0415 - slow to import
    from dkim.asn1 import ASN1FormatError  # noqa: PLC0415
    from dkim.util import InvalidTagValueList, parse_tag_value  # noqa: PLC0415

    message = DKIM(raw, logger=_silent)
    value = [value for name, value in message.headers if name.lower() == b"dkim-signature"][number]
    by = ""
    try:
        fields = parse_tag_value(value)
        by = fields[b"d"].decode("ascii").lower()
        signed = frozenset(part.strip().lower() for part in fields[b"h"].split(b":"))
        if not speaks_for(by, domain):
            return _Checked(Signature(SignatureState.NONE, SignatureReason.OTHER_DOMAIN, by))
        left_out = _left_out(message, fields, signed)
        state, reason = _flaw(message, fields) or _verified(message, number, _Key(look_up))
    except (DKIMException, ASN1FormatError, InvalidTagValueList, ValueError, KeyError, IndexError, TypeError):
        # Whoever sent it may have written anything.
        return _Checked(Signature(SignatureState.FAIL, SignatureReason.MALFORMED, by))
    if left_out and state is SignatureState.PASS:
        state, reason = SignatureState.FAIL, SignatureReason.PARTIAL
    found = Signature(state, reason, by, covers_recipients=_recipients_signed(message, signed))
    marked = reason is SignatureReason.ALTERED and not left_out and _true_without_tag(raw, number, look_up)
    return _Checked(found, only_kind_unsigned=left_out == {b"content-type"}, without_tag=marked)


def _true_without_tag(raw: bytes, number: int, look_up: TxtLookup) -> bool:
    """Whether a signature is true of the message without the mark that a mail server put before its subject."""
    from dkim import DKIM  # noqa: PLC0415 - slow to import

    bare, marks = _SUBJECT_TAG.subn(rb"\1", raw, count=1)
    if not marks:
        return False
    state, _ = _verified(DKIM(bare, logger=_silent), number, _Key(look_up))
    return state is SignatureState.PASS


def _recipients_signed(message: DKIM, signed: frozenset[bytes]) -> bool:
    """Whether nobody but the signer can have said to whom the message goes: a copy to more people is added easily."""
    copied = any(name.lower() == b"cc" for name, _ in message.headers)
    return b"to" in signed and (not copied or b"cc" in signed)


def _verified(message: DKIM, number: int, key: _Key) -> tuple[SignatureState, SignatureReason]:
    from dkim import KeyFormatError, ValidationError  # noqa: PLC0415 - slow to import

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


def _flaw(message: DKIM, fields: Mapping[bytes, bytes]) -> tuple[SignatureState, SignatureReason] | None:
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
    return None


def _left_out(message: DKIM, fields: Mapping[bytes, bytes], signed: frozenset[bytes]) -> set[bytes]:
    """What of a message's text and of the header fields that matter a signature does not cover."""
    present = {name.lower() for name, _ in message.headers}
    left_out = {name for name in _MUST_COVER if name in present and name not in signed}
    return left_out | ({b"body"} if b"l" in fields else set())


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
