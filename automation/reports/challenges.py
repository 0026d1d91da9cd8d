"""What a service asks of a person before it goes on, what that means, and what she does next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from automation.domain.verdicts import ChallengeKind
from automation.reports.messages import Message, message_for
from automation.reports.names import ActionOwner
from automation.text.language import N_

if TYPE_CHECKING:
    from collections.abc import Mapping

    from automation.domain.results import Result

_AGAIN = N_("Then run the check again: temoin check %(account)s")
_LOGIN = N_("Sign in again in the window that opens: temoin login %(account)s")
_ATTENDED = N_("Or let the check show its window and do it there: temoin check --attended %(account)s")

CHALLENGES: Mapping[ChallengeKind, Message] = {
    ChallengeKind.TWO_STEP: Message(
        N_("The service asks for the code of the second factor."),
        N_("give the code"),
        (
            N_("Have the phone or the code ready and sign in: temoin login %(account)s"),
            N_("For a test account, its TOTP secret can be set in the environment instead."),
            _AGAIN,
        ),
        ActionOwner.ACCOUNT_HOLDER,
    ),
    ChallengeKind.MAIL_CODE: Message(
        N_("The service has sent a code by e-mail or text message and asks for it."),
        N_("enter the sent code"),
        (N_("Have the mailbox and the phone at hand, and sign in: temoin login %(account)s"), _ATTENDED, _AGAIN),
        ActionOwner.ACCOUNT_HOLDER,
    ),
    ChallengeKind.APPROVE: Message(
        N_("The service wants the sign-in to be approved on another device."),
        N_("approve the sign-in"),
        (
            N_("Have the phone or computer ready on which this account is signed in already."),
            N_("Sign in and approve it there: temoin login %(account)s"),
            _AGAIN,
        ),
        ActionOwner.ACCOUNT_HOLDER,
    ),
    ChallengeKind.CAPTCHA: Message(
        N_("The service shows a test that only people pass. Témoin does not solve such tests."),
        N_("solve the captcha"),
        (
            _LOGIN,
            _ATTENDED,
            N_("If the window stays empty, the test comes from another company: pass it in your own browser first."),
            _AGAIN,
        ),
        ActionOwner.ACCOUNT_HOLDER,
    ),
    ChallengeKind.CHECKPOINT: Message(
        N_("The service has stopped the account at a security check until somebody confirms."),
        N_("pass the security check"),
        (N_("Sign in to this account in your own browser and pass the service's check."), _LOGIN, _AGAIN),
        ActionOwner.ACCOUNT_HOLDER,
    ),
    ChallengeKind.AUTOMATED: Message(
        N_("The service suspects that a program uses this account, and says so."),
        N_("answer the warning"),
        (
            N_("Sign in in your own browser, read the warning and answer it yourself."),
            N_("Check this account less often, and use it in your own browser in between."),
            _LOGIN,
            _AGAIN,
        ),
        ActionOwner.ACCOUNT_HOLDER,
    ),
    ChallengeKind.CHOICE: Message(
        N_("The service asks in which way the account's holder wants to confirm who she is."),
        N_("choose how to confirm"),
        (N_("Choose the way in the window that opens, and follow it: temoin login %(account)s"), _ATTENDED, _AGAIN),
        ActionOwner.ACCOUNT_HOLDER,
    ),
    ChallengeKind.CONSENT: Message(
        N_("The service wants a choice before anything else, such as one about advertising. It is the holder's own."),
        N_("make the choice"),
        (N_("Sign in in your own browser and make the choice that you want there."), _AGAIN),
        ActionOwner.ACCOUNT_HOLDER,
    ),
    ChallengeKind.RECOVERY: Message(
        N_("The service offers to recover the account instead of signing it in."),
        N_("check the password"),
        (
            N_("Sign in in your own browser; recover the account there only if you really lost the password."),
            _LOGIN,
            _AGAIN,
        ),
        ActionOwner.ACCOUNT_HOLDER,
    ),
    ChallengeKind.REENTER_PASSWORD: Message(
        N_("The service asks for the password once more before it shows this page."),
        N_("confirm the password"),
        (_ATTENDED, N_("Sign in again and confirm the password: temoin login %(account)s"), _AGAIN),
        ActionOwner.ACCOUNT_HOLDER,
    ),
    ChallengeKind.RATE_LIMIT: Message(
        N_("The service says that there were too many visits, and wants a pause."),
        N_("wait a day"),
        (
            N_("Leave this account alone for a day; do not sign in again and again."),
            N_("Use the account once in your own browser and see whether it opens as usual."),
            _AGAIN,
        ),
        ActionOwner.ACCOUNT_HOLDER,
    ),
    ChallengeKind.SUSPENDED: Message(
        N_("The service has suspended or disabled this account."),
        N_("get it unlocked"),
        (
            N_("Sign in in your own browser and follow what the service says about the account."),
            N_("Only when the account works again for you, sign in anew: temoin login %(account)s"),
            _AGAIN,
        ),
        ActionOwner.ACCOUNT_HOLDER,
    ),
}


def message_of(result: Result) -> Message:
    """What can be said of a result whatever the flow: of what the service asked for, else of reason or verdict."""
    return CHALLENGES[result.challenge] if result.challenge else message_for(result.verdict, result.reason)
