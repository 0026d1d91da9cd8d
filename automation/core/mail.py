"""What a mailbox says about objections: frozen data, no I/O."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from automation.core.records import BundleRef
from automation.core.signals import Signal

SCHEMA = "temoin.inbox/1"


class AnswerKind(StrEnum):
    """What a message says, as far as its words are known."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    PENDING = "pending"
    """Under review, or more information is asked for."""
    UNCLASSIFIED = "unclassified"
    """An answer or something like it was received; what it says is for a person to read."""


class MailDoubt(StrEnum):
    """Why a message is what `AnswerKind` says. A closed list; each has a sentence in both languages."""

    KNOWN_WORDS = "known_words"
    ASKS_FOR_MORE = "asks_for_more"
    """More information is wanted before anything is decided."""
    WORDS_NOT_KNOWN = "words_not_known"
    """It speaks of objecting or of AI, in words whose meaning no source gives."""
    NOT_PLAIN = "not_plain"
    """Known words, and beside them something that may take them back, narrow them or make them depend."""
    ANOTHER_SUBJECT = "another_subject"
    """Known words, and others that belong to another kind of request."""
    NOT_ABOUT_OBJECTING = "not_about_objecting"
    NOT_ABOUT_AI = "not_about_ai"
    NO_FRAME = "no_frame"
    """Nothing shows that the words are the service's answer: no known signature, no title that speaks of objecting."""
    ASSUMED_ACCEPTANCE = "assumed_acceptance"
    """The words of the acceptance stand in no source."""
    VERSIONS_DIFFER = "versions_differ"
    """The formatted and the plain text of one message do not say the same."""
    FORWARDED = "forwarded"
    QUOTED = "quoted"
    """The words stand in what the message quotes."""
    UNREADABLE = "unreadable"
    """Too large, or without any text."""


class Origin(StrEnum):
    """How the words came into this mailbox."""

    DIRECT = "direct"
    FORWARDED = "forwarded"
    """Somebody passed a message on. Never the service's answer, whoever is said to have written it."""
    QUOTED = "quoted"
    """Somebody's own message, with the words in a quotation."""


class SenderTrust(StrEnum):
    """What is known of the sender's domain."""

    DECLARED = "declared"
    """The flow or the user's configuration says that the service writes from it."""
    OWN_HOST = "own_host"
    """It is one of the service's own web hosts."""
    RESEMBLING = "resembling"
    """It holds or imitates the service's name; no source says that it is the service's."""
    UNKNOWN = "unknown"

    @property
    def is_known(self) -> bool:
        """Whether a signature of this domain speaks for the service."""
        return self in {SenderTrust.DECLARED, SenderTrust.OWN_HOST}


class SignatureState(StrEnum):
    """What became of the message's DKIM signature."""

    PASS = "pass"  # noqa: S105 - an outcome, not a secret
    FAIL = "fail"
    NONE = "none"
    """There is none of the sender's domain."""
    UNAVAILABLE = "unavailable"
    """It could not be checked: no key to be had, or it has run out."""


class SignatureReason(StrEnum):
    """More about it. A closed list; each has a sentence in both languages."""

    VALID = "valid"
    REPORTED = "reported"
    """The user's own mail server found it valid on arrival; here it cannot be checked, or not to the end."""
    NOT_SIGNED = "not_signed"
    OTHER_DOMAIN = "other_domain"
    """Signed, and by another domain than the sender's."""
    SENDERS = "senders"
    """There is not exactly one sender, so it is not sure whom a signature would speak for."""
    ALTERED = "altered"
    """The message is not what was signed."""
    ALTERED_SINCE = "altered_since"
    """Neither, and the user's own mail server found it valid on arrival: somebody changed it after that."""
    REPEATED = "repeated"
    """A header field stands in it twice, and only one of them is signed."""
    PARTIAL = "partial"
    """The signature leaves out the end of the text, or a header field that matters."""
    WEAK = "weak"
    """It uses a method that no longer counts as safe, or one that is not known here."""
    EXPIRED = "expired"
    NO_KEY = "no_key"
    """The domain publishes no such key (any more)."""
    KEY_UNREACHABLE = "key_unreachable"
    MALFORMED = "malformed"
    NOT_FETCHED = "not_fetched"
    """The message is too large to be an answer, and only its header was read."""


@dataclass(frozen=True, slots=True)
class Signature:
    """The check of a message's signature."""

    state: SignatureState
    reason: SignatureReason
    domain: str = ""
    """The domain that signed."""
    by: str = "temoin"
    """Who checked it: `temoin`, or the name of the user's own mail server."""
    covers_recipients: bool = False
    """Whether the addresses it was written to are signed too, or it came straight."""
    straight: bool = False
    """Whether the user's own mail server says that the sender's own server handed it in: nobody had it in between."""


class MatchBasis(StrEnum):
    """What ties a message to an account."""

    ADDRESS = "address"
    DELIVERY = "delivery"
    """It names no recipient, and was delivered to the account's address."""
    NAME = "name"
    """The account's owner or Page is named in it."""
    PRODUCT = "product"
    """It names the service."""
    ONLY_ACCOUNT = "only_account"
    """No other account of that service is configured."""
    TIME = "time"
    """It came after the last check that found no objection."""


@dataclass(frozen=True, slots=True)
class Match:
    """Which accounts a message can concern."""

    accounts: tuple[str, ...] = ()
    """None: it fits no account. More than one: it cannot be told which."""
    by: tuple[MatchBasis, ...] = ()
    objection_after: datetime | None = None
    """When a check last found that the one account had no objection: what it answers was filed later. Aware."""

    @property
    def account(self) -> str | None:
        """The one account that it concerns."""
        return self.accounts[0] if len(self.accounts) == 1 else None


@dataclass(frozen=True, slots=True)
class Recipients:
    """To whom a message was really sent, told by account; addresses are not told."""

    written_to: tuple[str, ...] = ()
    """Accounts to whose address it was written (To and Cc)."""
    delivered_to: tuple[str, ...] = ()
    """Accounts to whose address the user's own mail server delivered it."""
    others: bool = False
    """Whether it was written to an address that was given for no account."""


class MailAdvice(StrEnum):
    """What a person can do about a message. A closed list; each has a sentence in both languages."""

    KEEP = "keep"
    """Keep it, and check the account."""
    OBJECT_AGAIN = "object_again"
    WAIT = "wait"
    ANSWER = "answer"
    READ = "read"
    """Read the original in the mailbox."""
    NAME_SENDER = "name_sender"
    """Compare the sender with what the service says, and configure it if it is right."""
    BEWARE = "beware"
    """Take it for a forgery; follow no link in it."""
    ASK_FOR_ORIGINAL = "ask_for_original"
    """Look for the original in the mailbox that it was sent to."""
    CHOOSE_ACCOUNT = "choose_account"
    """Say which address was given for which account."""
    ASK_THE_SERVICE = "ask_the_service"
    """Its signature is true and leaves something out, or it was changed after it had arrived: check the account."""
    CHECK_LATER = "check_later"
    """Try again when the key can be looked up."""


@dataclass(frozen=True, slots=True)
class MailAnswer:
    """One message that answers an objection, or may."""

    account: str | None
    match: Match
    flows: tuple[str, ...]
    """Flows of the accounts that it can concern."""
    kind: AnswerKind
    why: MailDoubt
    assumed_words: bool
    """Whether the kind rests on words that no source gives."""
    origin: Origin
    standing: SenderTrust
    sender_domain: str
    signature: Signature
    verified: bool
    """Direct, from a domain that speaks for the service, and its signature passes."""
    certain: bool
    """Verified, with known words, and its signature covers the one account's own address: an answer to that account."""
    advice: MailAdvice
    sent_at: datetime | None
    """What the message says of itself; aware, UTC."""
    folder: str
    subject: str
    """At most 240 characters, e-mail addresses and long numbers masked."""
    signals: tuple[Signal, ...]
    message_sha256: str
    """SHA-256 of the message as the server holds it; empty where it was not fetched whole."""
    file: str
    """The message, masked; path inside the bundle."""
    recipients: Recipients = field(default_factory=Recipients, kw_only=True)


@dataclass(frozen=True, slots=True)
class FolderLook:
    """How far a folder was looked at."""

    folder: str
    messages: int
    """How many messages of the time asked for it holds."""
    looked_at: int
    """Of how many the header was read: the newest."""
    candidates: int
    """How many of them may come from the service, or speak of an objection in their subject."""
    opened: int
    """How many of those were read whole: the newest."""

    @property
    def complete(self) -> bool:
        """Whether no message of that time was left out."""
        return self.messages == self.looked_at and self.candidates == self.opened


@dataclass(frozen=True, slots=True)
class InboxDocument:
    """What `temoin object mail --json` prints."""

    schema: str = field(default=SCHEMA, kw_only=True)
    id: str
    started_at: datetime
    finished_at: datetime
    temoin: str
    since: datetime
    accounts: tuple[str, ...]
    folders: tuple[FolderLook, ...]
    answers: tuple[MailAnswer, ...]
    unanswered: tuple[str, ...]
    """Accounts for which there is no certain answer."""
    exit_code: int
    output: str
    """The folder of this look, which holds its bundle; empty inside the bundle, which may be taken elsewhere."""
    bundle: BundleRef | None = None
    """Where the sealed copy of this document and the messages lies, masked; null inside the bundle itself."""
