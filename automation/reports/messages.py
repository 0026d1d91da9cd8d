"""What verdicts and reasons mean to a person, and what they do next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from automation.core.cases import OVERDUE
from automation.core.looks import NEXT_STEP
from automation.core.verdicts import ChallengeKind, Reason, Verdict
from automation.text.catalogue import N_

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Message:
    """What can be said whatever the flow. All texts are English, to be translated."""

    meaning: str
    in_short: str
    """What to do, in at most 24 characters in every language, for a line of a table."""
    steps: tuple[str, ...]
    """What to do, for when the flow itself gives nothing; `%(account)s` is the account's name."""


AGAIN = N_("Then run the check again: temoin check %(account)s")
LOOK = N_("Look at the picture and say what it shows, once: temoin look")
LOGIN = N_("Sign in again in the window that opens: temoin account login %(account)s")
ATTENDED = N_("Or let the check show its window and do it there: temoin check --attended %(account)s")
_LOOK = N_("Look at the pictures of the visit: they show what the service showed.")
_BY_HAND = N_("Open the form yourself at the address below and see what it says.")
_TELL = N_(
    "Make a parcel for Témoin's authors, who can adapt it: `temoin evidence parcel %(account)s` shows all of it first."
)

VERDICTS: Mapping[Verdict, Message] = {
    Verdict.OBJECTED: Message(
        N_("The service treats this account's content as not to be used for training AI."),
        N_("check the account later"),
        (
            N_("Nothing to do now. Keep the evidence folder and the service's confirmation."),
            N_("Check again regularly: new terms can call for a new objection."),
        ),
    ),
    Verdict.NOT_OBJECTED: Message(
        N_("The service shows no objection of this account, and so may use its public content to train AI."),
        N_("file the objection"),
        (
            N_("Sign in with this account and open the form or the setting at the address below."),
            N_("Object there yourself, and keep the service's confirmation."),
            AGAIN,
        ),
    ),
    Verdict.PENDING: Message(
        N_("An objection was filed and the service has not decided."),
        N_("wait for the answer"),
        (
            N_("Wait for the service's answer by e-mail or as a notification."),
            N_("Check again in a few days. If a month passes without an answer, write to the service."),
        ),
    ),
    Verdict.REFUSED: Message(
        N_("The service refused the objection."),
        N_("repeat the objection"),
        (
            N_("Keep the service's answer: the evidence folder holds its picture."),
            N_("Object again with a more detailed reason, or complain to your data protection authority."),
            N_("Until then, limit what this account shows publicly."),
        ),
    ),
    Verdict.NOT_OFFERED: Message(
        N_("The service says that it does not offer an objection to this account."),
        N_("limit what is public"),
        (
            N_("Compare the account's country, age and kind with what the service asks for."),
            N_("If they are right, limit what this account shows publicly."),
        ),
    ),
    Verdict.NEEDS_HUMAN: Message(
        N_("The service asks for something that only a person may give."),
        N_("sign in to the account"),
        (N_("Sign in to this account in your own browser and do what the service asks."), AGAIN),
    ),
    Verdict.UNKNOWN: Message(
        N_("Nothing was proven, neither that an objection is in force nor that none is."),
        N_("open the page and look"),
        (_LOOK, _BY_HAND),
    ),
}

REASONS: Mapping[Reason, Message] = {
    Reason.LOGIN_REQUIRED: Message(
        N_("The service did not accept the saved sign-in and asks who is there."),
        N_("renew the sign-in"),
        (LOGIN, AGAIN),
    ),
    Reason.CHALLENGE: Message(
        N_("The service wants proof that a person is there. Témoin does not solve such checks."),
        N_("pass the service's check"),
        (N_("Sign in to this account in your own browser and pass the service's check."), LOGIN, AGAIN),
    ),
    Reason.TWO_FACTOR: Message(
        N_("The service asks for the second factor."),
        N_("enter the code"),
        (
            N_("Have the phone or the code ready and sign in: temoin account login %(account)s"),
            N_("For a test account, its TOTP secret can be set in the environment instead."),
            AGAIN,
        ),
    ),
    Reason.REAUTH: Message(
        N_("The service asks for the password once more before it shows this page."),
        N_("confirm the password"),
        (N_("Sign in again and confirm the password: temoin account login %(account)s"), AGAIN),
    ),
    Reason.RATE_LIMITED: Message(
        N_("The service says that there were too many visits, and wants a pause."),
        N_("wait a day"),
        (
            N_("Leave this account alone for a day; do not sign in again and again."),
            N_("Use the account once in your own browser and see whether it opens as usual."),
            AGAIN,
        ),
    ),
    Reason.BLOCKED: Message(
        N_("The service has suspended or locked this account."),
        N_("unlock the account"),
        (
            N_("Sign in in your own browser and follow what the service says about the account."),
            N_("Only when the account works again for you, sign in anew: temoin account login %(account)s"),
            AGAIN,
        ),
    ),
    Reason.WRONG_ACCOUNT: Message(
        N_("Another account was signed in than the one that was to be checked, so nothing was judged."),
        N_("use the right account"),
        (
            N_("Compare the identity given for this account in temoin.toml with the account's own page."),
            N_("Sign in with the right account: temoin account login %(account)s"),
            AGAIN,
        ),
    ),
    Reason.IDENTITY_UNCONFIRMED: Message(
        N_("No page names the account, and nobody has confirmed whose session this is."),
        N_("confirm the account"),
        (
            N_("Sign in once in the window and say that it is this account: temoin account login %(account)s"),
            N_("For a session that was imported: temoin account confirm %(account)s"),
            AGAIN,
        ),
    ),
    Reason.ACTING_AS_PAGE: Message(
        N_("The login acts as a Page, so the pages said nothing about the person."),
        N_("switch back to profile"),
        (N_("Switch back to the personal profile in the service's own menu."), AGAIN),
    ),
    Reason.WRONG_REGION: Message(
        N_("The service treats this account as belonging to another country than the one given for it."),
        N_("compare the country"),
        (
            N_("Compare the country given in temoin.toml with the one in the account's settings."),
            N_("Run the check from the country where the holder lives; a VPN changes what the service shows."),
            AGAIN,
        ),
    ),
    Reason.OBJECTS_UNREAD: Message(
        N_("Each blog, site or team has this setting of its own, and not all were read, so nothing was concluded."),
        N_("name what is yours"),
        (
            N_(
                "List the blogs, sites or teams of this account under `objects` in temoin.toml: their names, or the "
                "addresses of their settings pages where the service has no other way."
            ),
            AGAIN,
        ),
    ),
    Reason.NOT_RECOGNISED: Message(
        N_("The pages did not show what this flow knows. The service may have changed them."),
        N_("look at the pictures"),
        (_LOOK, _BY_HAND, _TELL),
    ),
    Reason.AMBIGUOUS: Message(
        N_("The pages said things that do not go together or are not clear, so nothing was concluded."),
        N_("read the answer"),
        (_LOOK, N_("Read the service's answer yourself, in its e-mail or its support inbox."), _TELL),
    ),
    Reason.CONTROL_STATE_MISSING: Message(
        N_("The setting was found, but the page does not say in which position it stands."),
        N_("look at the setting"),
        (_LOOK, N_("Open the setting yourself at the address below and see how it stands.")),
    ),
    Reason.LOCALE_UNCOVERED: Message(
        N_("The account's language has words for which no source is known, and Témoin does not guess."),
        N_("confirm the words"),
        (
            _LOOK,
            _BY_HAND,
            N_("Tell Témoin's authors which words the service uses; the missing ones are named below."),
        ),
    ),
    Reason.STALE_FLOW: Message(
        N_("Nobody has compared this flow with the live site recently enough, and the run was strict about it."),
        N_("have the flow verified"),
        (
            N_("Have a person compare the flow with the live site and enter it in the flow's manifest."),
            N_("Or run the check without --strict: the answer then says how old the comparison is."),
        ),
    ),
    Reason.FLOW_BROKEN: Message(
        N_("A file of this account's flow is wrong, so that nothing was visited. The result names the file."),
        N_("correct the flow"),
        (N_("Correct the file that the result names, and look at all of them with: temoin flow check"), AGAIN),
    ),
    Reason.GUARD_BLOCKED: Message(
        N_("The write guard stopped what it does not know to be reading only. Nothing was changed on the account."),
        N_("look at the request"),
        (
            N_(
                "Where the result names a request of the page: who knows that it only reads lists it in the service's "
                "site.toml; docs/guard.md says how. Until then look at the setting yourself."
            ),
            N_("Else send the guard's record of the visit to Témoin's authors; it holds no query, body or header."),
        ),
    ),
    Reason.TIMEOUT: Message(
        N_("The service did not answer in time, or its pages did not come to rest."),
        N_("check the account later"),
        (N_("See whether the service opens in your own browser, from the same network."), AGAIN),
    ),
    Reason.BROWSER_LOST: Message(
        N_("The browser stopped during the visit."),
        N_("run the check again"),
        (N_("Look for missing memory or a browser update on this machine: temoin doctor"), AGAIN),
    ),
    Reason.INTERRUPTED: Message(
        N_("The run was ended by hand before this account was looked at to the end."),
        N_("run the check again"),
        (N_("Check this account again: temoin check %(account)s"),),
    ),
    Reason.INTERNAL_ERROR: Message(
        N_("Témoin itself failed. That says nothing about the account, and nothing about the service's pages."),
        N_("report the fault"),
        (N_("Run the check again with -v and put its last lines into your report of the fault."), AGAIN),
    ),
}

OF_CONTROLS: Mapping[Verdict, Message] = {
    Verdict.NOT_OBJECTED: Message(
        N_("The setting stands so that the content of this account may be used to train AI."),
        N_("change the setting"),
        (N_("Sign in with this account, open the setting at the address below and change it yourself."), AGAIN),
    )
}
"""Instead of the verdict's, where the setting is one control and nothing is filed."""

BEFORE_A_VISIT: Mapping[str, Message] = {
    "no_session": Message(
        N_("Nobody has signed in to this account here yet, so the service was not asked."),
        N_("sign in, once"),
        (N_("Sign in, once, in the window that opens: temoin account login %(account)s"), AGAIN),
    ),
    "session_unusable": Message(
        N_("The saved sign-in cannot be used on this machine, so the service was not asked."),
        N_("renew the sign-in"),
        (LOGIN, AGAIN),
    ),
}
"""Of what stops a check before the service is asked, by the result's `because_key`; instead of the reason's."""

IN_SHORT: Mapping[str, str] = {
    "reply_more_information": N_("answer the service"),
    OVERDUE: N_("remind the service"),
    NEXT_STEP: N_("say it: temoin look"),
}
"""Names of remedies for which a line of a table says something else than for their verdict."""

BY_PEOPLE_IN_SHORT = N_("nothing to do now")
"""Where people settled what was not read."""


CHALLENGES: Mapping[ChallengeKind, Message] = {
    ChallengeKind.TWO_STEP: Message(
        N_("The service asks for the code of the second factor."),
        N_("enter the app's code"),
        REASONS[Reason.TWO_FACTOR].steps,
    ),
    ChallengeKind.MAIL_CODE: Message(
        N_("The service has sent a code by e-mail or text message and asks for it."),
        N_("enter the code sent"),
        (N_("Have the mailbox and the phone at hand, and sign in: temoin account login %(account)s"), ATTENDED, AGAIN),
    ),
    ChallengeKind.APPROVE: Message(
        N_("The service wants the sign-in to be approved on another device."),
        N_("approve the sign-in"),
        (
            N_("Have the phone or computer ready on which this account is signed in already."),
            N_("Sign in and approve it there: temoin account login %(account)s"),
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
        (
            N_("Choose the way in the window that opens, and follow it: temoin account login %(account)s"),
            ATTENDED,
            AGAIN,
        ),
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
