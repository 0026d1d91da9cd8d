"""Why signing in stopped, in words, with a picture of what the service showed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from automation.core.errors import CheckError, SignInNeeded
from automation.core.records import Redaction
from automation.core.verdicts import ChallengeKind, Reason

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from automation.core.records import RequestRecord

WRONG_PASSWORD = "the service did not accept the name and password; they were tried once"  # noqa: S105 - a sentence
NO_CODE = (
    "the service asks for a code, and the account's TOTP_SECRET is not the Base32 text of one: "
    "copy the key that the service shows beside its QR code"
)
CODE_REFUSED = (
    "the service did not accept the code made from TOTP_SECRET; it was given once. "
    "Is the secret this account's, and the second factor an app?"
)
NO_CODE_BUTTON = "the code is filled in, and which button of the page sends it cannot be told"
ASKED: Mapping[ChallengeKind, str] = {
    ChallengeKind.TWO_STEP: "the service asks for a second factor that is not at hand",
    ChallengeKind.MAIL_CODE: "the service has sent a code by e-mail and asks for it",
    ChallengeKind.APPROVE: "the service wants the sign-in approved on another device",
    ChallengeKind.CAPTCHA: "the service shows a test that only people pass",
    ChallengeKind.CHECKPOINT: "the service wants a person to confirm something",
    ChallengeKind.AUTOMATED: "the service suspects that a program uses this account",
    ChallengeKind.CHOICE: "the service asks how the person wants to confirm who they are",
    ChallengeKind.CONSENT: "the service asks for a choice that is the account holder's own",
    ChallengeKind.RECOVERY: "the service offers to recover the account",
    ChallengeKind.REENTER_PASSWORD: "the service asks for the password again",
    ChallengeKind.RATE_LIMIT: "the service asks to wait",
    ChallengeKind.SUSPENDED: "the service has suspended or disabled the account",
}


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why signing in stopped, and its picture."""

    reason: Reason
    message: str
    picture: str | None
    url: str
    kind: ChallengeKind | None = None
    redaction: Redaction | None = None
    """What was hidden in the picture."""


class SignInStopped(SignInNeeded):
    """Signing in stopped; carries the picture of what the service showed."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble.message, reason=trouble.reason, kind=trouble.kind)
        self.trouble = trouble


def without_values(error: Exception) -> CheckError:
    """The cause without its text: Playwright's call log holds what was typed."""
    return CheckError(f"caused by {type(error).__name__}")


SIGN_IN = "sign_in"
"""The guard's rule for the writes that signing in needs."""
_EVERYDAY = frozenset({"telemetry", "socket", "locked", "preflight", "not_https"})
"""Refused in every visit; no sign-in waits for it."""
_OUTSIDE = frozenset(
    {"host_not_listed", "host_not_mapped", "no_upstream", "port_not_443", "plain_http", "unreadable_tls", "not_http"}
)


def left(records: Iterable[RequestRecord]) -> bool:
    """Whether one of the writes that signing in needs has left."""
    return any(record.allowed and record.rule == SIGN_IN for record in records)


def after_last_left(records: Sequence[RequestRecord]) -> Sequence[RequestRecord]:
    """The records after the last write that left for signing in; all where none did."""
    last = max((i for i, r in enumerate(records) if left([r])), default=-1)
    return records[last + 1 :]


def writes_refused(records: Iterable[RequestRecord]) -> tuple[str, ...]:
    """Refused requests to the service itself that signing in may have needed, each once."""
    refused = (r for r in records if not r.allowed and r.rule not in _EVERYDAY | _OUTSIDE and r.method != "CONNECT")
    return tuple(dict.fromkeys(described(record) for record in refused))


def hosts_refused(records: Iterable[RequestRecord]) -> tuple[str, ...]:
    """Hosts that are not the service's and were asked for, such as another company's CAPTCHA; each once."""
    return tuple(dict.fromkeys(r.host for r in records if not r.allowed and r.rule == "host_not_listed" and r.host))


def described(record: RequestRecord) -> str:
    """One request: method, host, path without its query, and the operation where it names one."""
    named = f" ({record.operation})" if record.operation else ""
    return f"{record.method} {record.host}{record.path}{named}"
