"""What it means to a person that a service asks for something, and what they do next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from automation.core.verdicts import ChallengeKind, Reason
from automation.reports.messages import AGAIN, ATTENDED, LOGIN, REASONS, Message
from automation.text.catalogue import N_

if TYPE_CHECKING:
    from collections.abc import Mapping

CHALLENGES: Mapping[ChallengeKind, Message] = {
    ChallengeKind.TWO_STEP: Message(
        N_("The service asks for the code of the second factor."),
        N_("enter the app's code"),
        REASONS[Reason.TWO_FACTOR].steps,
    ),
    ChallengeKind.MAIL_CODE: Message(
        N_("The service has sent a code by e-mail or text message and asks for it."),
        N_("enter the code sent"),
        (N_("Have the mailbox and the phone at hand, and sign in: temoin login %(account)s"), ATTENDED, AGAIN),
    ),
    ChallengeKind.APPROVE: Message(
        N_("The service wants the sign-in to be approved on another device."),
        N_("approve the sign-in"),
        (
            N_("Have the phone or computer ready on which this account is signed in already."),
            N_("Sign in and approve it there: temoin login %(account)s"),
            AGAIN,
        ),
    ),
    ChallengeKind.CAPTCHA: Message(
        N_("The service shows a test that only people pass. Témoin does not solve such tests."),
        N_("solve the captcha"),
        (
            LOGIN,
            ATTENDED,
            N_("If the window stays empty, the test comes from another company: pass it in your own browser first."),
            AGAIN,
        ),
    ),
    ChallengeKind.CHECKPOINT: Message(
        N_("The service has stopped the account at a security check until somebody confirms."),
        N_("pass the security check"),
        REASONS[Reason.CHALLENGE].steps,
    ),
    ChallengeKind.AUTOMATED: Message(
        N_("The service suspects that a program uses this account, and says so."),
        N_("answer the warning"),
        (
            N_("Sign in in your own browser, read the warning and answer it yourself."),
            N_("Check this account less often, and use it in your own browser in between."),
            LOGIN,
            AGAIN,
        ),
    ),
    ChallengeKind.CHOICE: Message(
        N_("The service asks in which way the account's holder wants to confirm who they are."),
        N_("choose how to confirm"),
        (N_("Choose the way in the window that opens, and follow it: temoin login %(account)s"), ATTENDED, AGAIN),
    ),
    ChallengeKind.CONSENT: Message(
        N_("The service wants a choice before anything else, such as one about advertising. It is the holder's own."),
        N_("make the choice asked"),
        (N_("Sign in in your own browser and make the choice that you want there."), AGAIN),
    ),
    ChallengeKind.RECOVERY: Message(
        N_("The service offers to recover the account instead of signing it in."),
        N_("check the password"),
        (
            N_("Sign in in your own browser; recover the account there only if you really lost the password."),
            LOGIN,
            AGAIN,
        ),
    ),
    ChallengeKind.REENTER_PASSWORD: Message(
        REASONS[Reason.REAUTH].meaning, REASONS[Reason.REAUTH].in_short, (ATTENDED, *REASONS[Reason.REAUTH].steps)
    ),
    ChallengeKind.RATE_LIMIT: REASONS[Reason.RATE_LIMITED],
    ChallengeKind.SUSPENDED: Message(
        N_("The service has suspended or disabled this account."),
        N_("unlock the account"),
        REASONS[Reason.BLOCKED].steps,
    ),
}
"""What a service asks of a person before it goes on."""
