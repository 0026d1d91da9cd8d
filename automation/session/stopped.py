"""Why signing in stopped, in words, with a picture of what the service showed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from automation.core.errors import CheckError, SignInNeeded
from automation.core.records import Redaction
from automation.core.verdicts import ChallengeKind, Reason

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
