"""What an answer can be: verdicts and reasons."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Self

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


_HOLDER, _AUTHOR, _TEMOIN = Owner
_PERSON, _OPEN = Verdict.NEEDS_HUMAN, Verdict.UNKNOWN


class Reason(StrEnum):
    """Why there is no answer. A closed list."""

    LOGIN_REQUIRED = "login_required", _HOLDER, _PERSON
    CHALLENGE = "challenge", _HOLDER, _PERSON
    TWO_FACTOR = "two_factor", _HOLDER, _PERSON
    REAUTH = "reauth", _HOLDER, _PERSON
    RATE_LIMITED = "rate_limited", _HOLDER, _PERSON
    BLOCKED = "blocked", _HOLDER, _PERSON
    WRONG_ACCOUNT = (
        "wrong_account", _HOLDER, _PERSON,
        "Another account was signed in than the one that was to be checked, so nothing was judged.",
    )  # fmt: skip
    IDENTITY_UNCONFIRMED = "identity_unconfirmed", _HOLDER, _PERSON
    """No page names the account, and nobody has said whose session it is."""
    ACTING_AS_PAGE = (
        "acting_as_page", _HOLDER, _PERSON,
        "The login acts as a Page, so the pages said nothing about the person.",
    )  # fmt: skip
    WRONG_REGION = "wrong_region", _HOLDER, _OPEN
    OBJECTS_UNREAD = (
        "objects_unread", _HOLDER, _OPEN,
        "Each blog, site or team has this setting of its own, and not all were read, so nothing was concluded.",
    )  # fmt: skip
    """The setting stands once for each blog, site or team, and some were not read."""
    NOT_RECOGNISED = (
        "not_recognised", _AUTHOR, _OPEN,
        "The pages did not show what this flow knows. The service may have changed them.",
    )  # fmt: skip
    AMBIGUOUS = (
        "ambiguous", _AUTHOR, _OPEN,
        "The pages said things that do not go together or are not clear, so nothing was concluded.",
    )  # fmt: skip
    CONTROL_STATE_MISSING = (
        "control_state_missing", _AUTHOR, _OPEN,
        "The setting was found, but the page does not say in which position it stands.",
    )  # fmt: skip
    LOCALE_UNCOVERED = (
        "locale_uncovered", _AUTHOR, _OPEN,
        "The account's language has words for which no source is known, and Témoin does not guess.",
    )  # fmt: skip
    STALE_FLOW = "stale_flow", _AUTHOR, _OPEN
    FLOW_BROKEN = "flow_broken", _AUTHOR, _OPEN
    GUARD_BLOCKED = "guard_blocked"
    TIMEOUT = (
        "timeout", _TEMOIN, _OPEN,
        "The service did not answer in time, or its pages did not come to rest.",
    )  # fmt: skip
    BROWSER_LOST = "browser_lost"
    INTERRUPTED = "interrupted"
    INTERNAL_ERROR = "internal_error"
    """A fault of Témoin's own: it says nothing about the account, nor about the pages."""

    owner: Owner
    """Who can do something about it."""
    verdict: Verdict
    """`needs_human` where a person can go on from here, else `unknown`."""
    sentence: str
    """What it means, in English, for the evidence; its name where whoever gives the reason says it better."""
    _value_: str

    def __new__(cls, name: str, owner: Owner = _TEMOIN, verdict: Verdict = _OPEN, sentence: str = "") -> Self:
        """A member that is its name and carries its row."""
        member = str.__new__(cls, name)
        member._value_, member.owner, member.verdict, member.sentence = name, owner, verdict, sentence or name
        return member

    @property
    def reads_nothing(self) -> bool:
        """Whether a visit that ended so, before it had read anything, leaves what was known before as it was."""
        return self in _READS_NOTHING

    @property
    def retryable(self) -> bool:
        """Whether one more try makes sense."""
        return self in {Reason.TIMEOUT, Reason.BROWSER_LOST}


_READS_NOTHING = frozenset(
    {
        Reason.LOGIN_REQUIRED, Reason.CHALLENGE, Reason.TWO_FACTOR, Reason.REAUTH, Reason.RATE_LIMITED, Reason.BLOCKED,
        Reason.WRONG_ACCOUNT, Reason.FLOW_BROKEN, Reason.TIMEOUT, Reason.BROWSER_LOST, Reason.INTERRUPTED,
        Reason.INTERNAL_ERROR,
    }
)  # fmt: skip
"""Not where the guard stopped something, which may have changed the account; nor where pages were read."""


class ChallengeKind(StrEnum):
    """What a service asks for before it goes on. A closed list; each kind belongs to one reason."""

    TWO_STEP = "two_step", Reason.TWO_FACTOR
    """The code of a second factor, from an app or a text message."""
    MAIL_CODE = "mail_code", Reason.TWO_FACTOR
    """A code that was sent by e-mail."""
    APPROVE = "approve", Reason.TWO_FACTOR
    """A yes on another device."""
    CAPTCHA = "captcha", Reason.CHALLENGE
    """A CAPTCHA."""
    CHECKPOINT = "checkpoint", Reason.CHALLENGE
    """A security check of another kind: the account waits until somebody confirms."""
    AUTOMATED = "automated", Reason.CHALLENGE
    """The service suspects that a program uses the account."""
    CHOICE = "choice", Reason.CHALLENGE
    """By which way the person wants to confirm themselves."""
    CONSENT = "consent", Reason.CHALLENGE
    """A choice that is the person's own, such as cookies or advertising."""
    RECOVERY = "recovery", Reason.CHALLENGE
    """An account is to be recovered."""
    REENTER_PASSWORD = "reenter_password", Reason.REAUTH
    """The password once more, of somebody who is signed in."""
    RATE_LIMIT = "rate_limit", Reason.RATE_LIMITED
    """Too many visits; a pause is wanted."""
    SUSPENDED = "suspended", Reason.BLOCKED
    """The account is suspended or disabled."""

    reason: Reason
    """The reason that it is a case of."""
    _value_: str

    def __new__(cls, name: str, reason: Reason) -> Self:
        """A member that is its name and carries its reason."""
        member = str.__new__(cls, name)
        member._value_, member.reason = name, reason
        return member

    @property
    def solvable(self) -> bool:
        """Whether a person at the window can go on from it at once."""
        return self not in {ChallengeKind.RATE_LIMIT, ChallengeKind.SUSPENDED}


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
