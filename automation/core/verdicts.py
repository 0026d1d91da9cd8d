"""What an answer can be: verdicts and reasons."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from automation.core.looks import LookedAt


class Verdict(StrEnum):
    """One spelling of each answer, in code, JSON, HTML and the terminal alike."""

    OBJECTED = "objected"
    """The setting stands, or the service said, so that content is not used for training."""
    NOT_OBJECTED = "not_objected"
    """Positive proof that it is used: the form is open and no earlier objection exists, or a switch is on."""
    PENDING = "pending"
    """An objection was filed and the service has not decided."""
    REFUSED = "refused"
    """The service said no."""
    NOT_OFFERED = "not_offered"
    """The service does not offer this to this account, and says so."""
    NEEDS_HUMAN = "needs_human"
    """The service asks for something that only a person may give."""
    UNKNOWN = "unknown"
    """Not proven either way; the reason says why."""

    @property
    def is_answer(self) -> bool:
        """Whether this says something about the setting."""
        return self not in {Verdict.NEEDS_HUMAN, Verdict.UNKNOWN}


class Owner(StrEnum):
    """Who can do something about a reason."""

    ACCOUNT_HOLDER = "account_holder"
    FLOW_AUTHOR = "flow_author"
    TEMOIN = "temoin"


class Reason(StrEnum):
    """Why there is no answer. A closed list."""

    LOGIN_REQUIRED = "login_required"
    CHALLENGE = "challenge"
    TWO_FACTOR = "two_factor"
    REAUTH = "reauth"
    RATE_LIMITED = "rate_limited"
    BLOCKED = "blocked"
    WRONG_ACCOUNT = "wrong_account"
    IDENTITY_UNCONFIRMED = "identity_unconfirmed"
    """No page names the account, and nobody has said whose session it is."""
    ACTING_AS_PAGE = "acting_as_page"
    WRONG_REGION = "wrong_region"
    OBJECTS_UNREAD = "objects_unread"
    """The setting stands once for each blog, site or team, and some were not read."""
    NOT_RECOGNISED = "not_recognised"
    AMBIGUOUS = "ambiguous"
    CONTROL_STATE_MISSING = "control_state_missing"
    LOCALE_UNCOVERED = "locale_uncovered"
    STALE_FLOW = "stale_flow"
    FLOW_BROKEN = "flow_broken"
    GUARD_BLOCKED = "guard_blocked"
    TIMEOUT = "timeout"
    BROWSER_LOST = "browser_lost"
    INTERRUPTED = "interrupted"
    INTERNAL_ERROR = "internal_error"
    """A fault of Témoin's own: it says nothing about the account, nor about the pages."""

    @property
    def owner(self) -> Owner:
        """Who can do something about it."""
        return _OWNERS[self]

    @property
    def sentence(self) -> str:
        """What it means, in English, for the evidence; its name where whoever gives the reason says it better."""
        return _SENTENCES.get(self, self.value)

    @property
    def retryable(self) -> bool:
        """Whether one more try makes sense."""
        return self in {Reason.TIMEOUT, Reason.BROWSER_LOST}

    @property
    def verdict(self) -> Verdict:
        """`needs_human` where a person can go on from here, else `unknown`."""
        return Verdict.NEEDS_HUMAN if self in _FOR_A_PERSON else Verdict.UNKNOWN


class ChallengeKind(StrEnum):
    """What a service asks for before it goes on. A closed list; each kind belongs to one reason."""

    TWO_STEP = "two_step"
    """The code of a second factor, from an app or a text message."""
    MAIL_CODE = "mail_code"
    """A code that was sent by e-mail."""
    APPROVE = "approve"
    """A yes on another device."""
    CAPTCHA = "captcha"
    """A CAPTCHA."""
    CHECKPOINT = "checkpoint"
    """A security check of another kind: the account waits until somebody confirms."""
    AUTOMATED = "automated"
    """The service suspects that a program uses the account."""
    CHOICE = "choice"
    """By which way the person wants to confirm themselves."""
    CONSENT = "consent"
    """A choice that is the person's own, such as cookies or advertising."""
    RECOVERY = "recovery"
    """An account is to be recovered."""
    REENTER_PASSWORD = "reenter_password"  # noqa: S105 - a name, not a secret
    """The password once more, of somebody who is signed in."""
    RATE_LIMIT = "rate_limit"
    """Too many visits; a pause is wanted."""
    SUSPENDED = "suspended"
    """The account is suspended or disabled."""

    @property
    def reason(self) -> Reason:
        """The reason that it is a case of."""
        return _REASON_OF[self]

    @property
    def solvable(self) -> bool:
        """Whether a person at the window can go on from it at once."""
        return self not in {ChallengeKind.RATE_LIMIT, ChallengeKind.SUSPENDED}


_REASON_OF = {
    ChallengeKind.TWO_STEP: Reason.TWO_FACTOR,
    ChallengeKind.MAIL_CODE: Reason.TWO_FACTOR,
    ChallengeKind.APPROVE: Reason.TWO_FACTOR,
    ChallengeKind.CAPTCHA: Reason.CHALLENGE,
    ChallengeKind.CHECKPOINT: Reason.CHALLENGE,
    ChallengeKind.AUTOMATED: Reason.CHALLENGE,
    ChallengeKind.CHOICE: Reason.CHALLENGE,
    ChallengeKind.CONSENT: Reason.CHALLENGE,
    ChallengeKind.RECOVERY: Reason.CHALLENGE,
    ChallengeKind.REENTER_PASSWORD: Reason.REAUTH,
    ChallengeKind.RATE_LIMIT: Reason.RATE_LIMITED,
    ChallengeKind.SUSPENDED: Reason.BLOCKED,
}

_FOR_A_PERSON = frozenset(
    {
        Reason.LOGIN_REQUIRED,
        Reason.CHALLENGE,
        Reason.TWO_FACTOR,
        Reason.REAUTH,
        Reason.RATE_LIMITED,
        Reason.BLOCKED,
        Reason.WRONG_ACCOUNT,
        Reason.ACTING_AS_PAGE,
        Reason.IDENTITY_UNCONFIRMED,
    }
)

_SENTENCES = {
    Reason.NOT_RECOGNISED: "The pages did not show what this flow knows. The service may have changed them.",
    Reason.AMBIGUOUS: "The pages said things that do not go together or are not clear, so nothing was concluded.",
    Reason.LOCALE_UNCOVERED: (
        "The account's language has words for which no source is known, and Témoin does not guess."
    ),
    Reason.WRONG_ACCOUNT: ("Another account was signed in than the one that was to be checked, so nothing was judged."),
    Reason.ACTING_AS_PAGE: "The login acts as a Page, so the pages said nothing about the person.",
    Reason.OBJECTS_UNREAD: (
        "Each blog, site or team has this setting of its own, and not all were read, so nothing was concluded."
    ),
    Reason.TIMEOUT: "The service did not answer in time, or its pages did not come to rest.",
    Reason.CONTROL_STATE_MISSING: "The setting was found, but the page does not say in which position it stands.",
}
"""Of the reasons that the judge gives; the reports say the same in every language."""

_OWNERS = {
    Reason.LOGIN_REQUIRED: Owner.ACCOUNT_HOLDER,
    Reason.CHALLENGE: Owner.ACCOUNT_HOLDER,
    Reason.TWO_FACTOR: Owner.ACCOUNT_HOLDER,
    Reason.REAUTH: Owner.ACCOUNT_HOLDER,
    Reason.RATE_LIMITED: Owner.ACCOUNT_HOLDER,
    Reason.BLOCKED: Owner.ACCOUNT_HOLDER,
    Reason.WRONG_ACCOUNT: Owner.ACCOUNT_HOLDER,
    Reason.IDENTITY_UNCONFIRMED: Owner.ACCOUNT_HOLDER,
    Reason.ACTING_AS_PAGE: Owner.ACCOUNT_HOLDER,
    Reason.WRONG_REGION: Owner.ACCOUNT_HOLDER,
    Reason.OBJECTS_UNREAD: Owner.ACCOUNT_HOLDER,
    Reason.NOT_RECOGNISED: Owner.FLOW_AUTHOR,
    Reason.AMBIGUOUS: Owner.FLOW_AUTHOR,
    Reason.CONTROL_STATE_MISSING: Owner.FLOW_AUTHOR,
    Reason.LOCALE_UNCOVERED: Owner.FLOW_AUTHOR,
    Reason.STALE_FLOW: Owner.FLOW_AUTHOR,
    Reason.FLOW_BROKEN: Owner.FLOW_AUTHOR,
    Reason.GUARD_BLOCKED: Owner.TEMOIN,
    Reason.TIMEOUT: Owner.TEMOIN,
    Reason.BROWSER_LOST: Owner.TEMOIN,
    Reason.INTERRUPTED: Owner.TEMOIN,
    Reason.INTERNAL_ERROR: Owner.TEMOIN,
}


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the judge made of an observation."""

    verdict: Verdict
    reason: Reason | None
    """Only with `needs_human` and `unknown`."""
    because: str
    """One English sentence for a person."""
    because_key: str
    """The same as a name, for translation."""
    missing: tuple[str, ...] = ()
    """Label keys that the page's language lacks, as `locale:key`."""
    assumed: bool = False
    """Whether it rests on words that no source gives."""
    looks: tuple[LookedAt, ...] = ()
    """What people said that pictures show, without which the answer would be another one."""


@dataclass(frozen=True, slots=True)
class Rejudged:
    """A stored visit judged by today's rules. Whatever differs is a change of the rules, not of the account."""

    before: Judgement
    """As it was answered then."""
    now: Judgement
    revisions: tuple[str, str]
    """The flow's revision then and now."""
    judged: bool
    """False where the visit had read nothing, so that there is nothing to judge."""

    @property
    def changed(self) -> bool:
        """Whether today's rules answer otherwise."""
        return (self.before.verdict, self.before.reason) != (self.now.verdict, self.now.reason)
