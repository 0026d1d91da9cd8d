"""What a verification finds: steps, faults, and the exit code that follows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum


class VerifyCode(IntEnum):
    """Exit codes of `temoin verify`; they are API."""

    VALID = 0
    ALTERED = 1
    """Altered or incomplete."""
    NOT_TRUSTED = 2
    """The signer is not trusted."""
    NOT_STAMPED = 3
    """A time stamp is missing or bad."""
    CHAIN_BROKEN = 4
    UNREADABLE = 5
    """Not readable, or of an unknown schema."""


_WORST_FIRST = (
    VerifyCode.ALTERED,
    VerifyCode.UNREADABLE,
    VerifyCode.NOT_TRUSTED,
    VerifyCode.CHAIN_BROKEN,
    VerifyCode.NOT_STAMPED,
)


class StepName(StrEnum):
    """The steps, in their order."""

    CLOSED_WORLD = "take_inventory"
    HASHES = "hashes"
    STATEMENT = "statement"
    SIGNATURE = "signature"
    TIME = "time"
    CHAIN = "chain"
    SCHEMA = "schema"
    SECRETS = "secrets"


class StepState(StrEnum):
    """How a step ended."""

    OK = "ok"
    FAILED = "failed"
    NOT_CHECKED = "not_checked"


class Fault(StrEnum):
    """Everything that can be wrong. A closed list; each has its words in both languages."""

    # 1 closed world
    UNREADABLE_FOLDER = "unreadable_folder"
    TOO_LARGE = "too_large"
    SYMLINK = "symlink"
    NOT_A_FILE = "not_a_file"
    FILE_ADDED = "file_added"
    FILE_MISSING = "file_missing"
    FOLDER_ADDED = "folder_added"
    MANIFEST_MALFORMED = "manifest_malformed"
    PATH_ESCAPES = "path_escapes"
    # 2 hashes
    FILE_ALTERED = "file_altered"
    FILE_UNREADABLE = "file_unreadable"
    # 3 statement
    ENVELOPE_MALFORMED = "envelope_malformed"
    STATEMENT_UNKNOWN = "statement_unknown"
    STATEMENT_DIFFERS = "statement_differs"
    SUBJECT_DIFFERS = "subject_differs"
    # 4 signature
    SIGNER_FILE_DIFFERS = "signer_file_differs"
    SIGNATURE_WRONG = "signature_wrong"
    NO_TRUST = "no_trust"
    SIGNER_UNKNOWN = "signer_unknown"
    SIGNER_NOT_YET = "signer_not_yet"
    SIGNER_ENDED = "signer_ended"
    SIGNER_REVOKED = "signer_revoked"
    # 5 time
    UNSTAMPED = "unstamped"
    NO_AUTHORITY = "no_authority"
    TOKEN_UNREADABLE = "token_unreadable"  # noqa: S105 - a token of time, no secret
    TOKEN_UNSORTED = "token_unsorted"  # noqa: S105
    TOKEN_REFUSED = "token_refused"  # noqa: S105
    TOKEN_OTHER_REQUEST = "token_other_request"  # noqa: S105
    TOKEN_OTHER_DATA = "token_other_data"  # noqa: S105
    TOKEN_NOT_TRUSTED = "token_not_trusted"  # noqa: S105
    TOKEN_OTHER_POLICY = "token_other_policy"  # noqa: S105
    OUTSIDE_WINDOW = "outside_window"
    # 6 chain
    LINK_DIFFERS = "link_differs"
    NOT_IN_LEDGER = "not_in_ledger"
    REMOVED_BUT_HERE = "removed_but_here"
    LEDGER_MISSING = "ledger_missing"
    LEDGER_MALFORMED = "ledger_malformed"
    LEDGER_GAP = "ledger_gap"
    LEDGER_LINK = "ledger_link"
    HEAD_MISSING = "head_missing"
    HEAD_DIFFERS = "head_differs"
    HEAD_NOT_TRUSTED = "head_not_trusted"
    BUNDLE_MISSING = "bundle_missing"
    CLOCK_SET_BACK = "clock_set_back"
    # 7 schema
    SCHEMA_UNKNOWN = "schema_unknown"
    SCHEMA_BROKEN = "schema_broken"
    # 8 secrets
    SECRET_FOUND = "secret_found"  # noqa: S105
    # a path that is no evidence
    NOTHING_HERE = "nothing_here"
    ARCHIVE_REFUSED = "archive_refused"

    @property
    def code(self) -> VerifyCode:
        """The exit code that it alone would give."""
        return _CODES.get(self, VerifyCode.ALTERED)


_CODES: Mapping[Fault, VerifyCode] = {
    **dict.fromkeys(
        (
            Fault.UNREADABLE_FOLDER,
            Fault.TOO_LARGE,
            Fault.FILE_UNREADABLE,
            Fault.STATEMENT_UNKNOWN,
            Fault.SCHEMA_UNKNOWN,
            Fault.SCHEMA_BROKEN,
            Fault.NOTHING_HERE,
            Fault.ARCHIVE_REFUSED,
        ),
        VerifyCode.UNREADABLE,
    ),
    **dict.fromkeys(
        (
            Fault.NO_TRUST,
            Fault.SIGNER_UNKNOWN,
            Fault.SIGNER_NOT_YET,
            Fault.SIGNER_ENDED,
            Fault.SIGNER_REVOKED,
            Fault.HEAD_NOT_TRUSTED,
        ),
        VerifyCode.NOT_TRUSTED,
    ),
    **dict.fromkeys(
        (
            Fault.UNSTAMPED,
            Fault.NO_AUTHORITY,
            Fault.TOKEN_UNREADABLE,
            Fault.TOKEN_UNSORTED,
            Fault.TOKEN_REFUSED,
            Fault.TOKEN_OTHER_REQUEST,
            Fault.TOKEN_OTHER_DATA,
            Fault.TOKEN_NOT_TRUSTED,
            Fault.TOKEN_OTHER_POLICY,
            Fault.OUTSIDE_WINDOW,
        ),
        VerifyCode.NOT_STAMPED,
    ),
    **dict.fromkeys(
        (
            Fault.LINK_DIFFERS,
            Fault.NOT_IN_LEDGER,
            Fault.REMOVED_BUT_HERE,
            Fault.LEDGER_MISSING,
            Fault.LEDGER_MALFORMED,
            Fault.LEDGER_GAP,
            Fault.LEDGER_LINK,
            Fault.HEAD_MISSING,
            Fault.HEAD_DIFFERS,
            Fault.BUNDLE_MISSING,
            Fault.CLOCK_SET_BACK,
        ),
        VerifyCode.CHAIN_BROKEN,
    ),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault and where it is."""

    fault: Fault
    where: str = ""
    """A file, a key, an authority or a line of the ledger; text of others, to be shown with care."""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class VerificationStep:
    """One step of a verification."""

    name: StepName
    findings: tuple[Finding, ...] = ()
    notes: tuple[str, ...] = ()
    """Names of sentences: why it was not checked, or what to know although it is in order."""
    checked: bool = True

    @property
    def state(self) -> StepState:
        """Failed where anything was found."""
        if self.findings:
            return StepState.FAILED
        return StepState.OK if self.checked else StepState.NOT_CHECKED


@dataclass(frozen=True, slots=True)
class Stamped:
    """One good closing token."""

    authority: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Verification:
    """What was found of one bundle."""

    path: str
    steps: tuple[VerificationStep, ...]
    account: str = ""
    kind: str = ""
    """`visit` or `inbox`, as the statement says; empty where it cannot be read."""
    sequence: int | None = None
    signer: str = ""
    """SHA-256 of the public key; empty where it is not known."""
    envelope_sha256: str = ""
    sealed_at: datetime | None = None
    """By the signer's own clock."""
    not_before: datetime | None = None
    """By the opening token."""
    not_after: tuple[Stamped, ...] = field(default=())
    """By the closing tokens."""

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Of all steps."""
        return tuple(finding for step in self.steps for finding in step.findings)

    @property
    def code(self) -> VerifyCode:
        """The exit code of this bundle."""
        return worst(finding.fault.code for finding in self.findings)


@dataclass(frozen=True, slots=True)
class LedgerVerification:
    """What was found of one ledger, apart from its bundles."""

    path: str
    lines: int
    removed: int
    findings: tuple[Finding, ...]
    head_at: datetime | None = None
    head_sha256: str = ""
    """The digest of the last line, to be compared with a copy of the head kept elsewhere."""

    @property
    def code(self) -> VerifyCode:
        """The exit code of the ledger."""
        return worst(finding.fault.code for finding in self.findings)


def worst(codes: Iterable[VerifyCode]) -> VerifyCode:
    """The code to end with: altered before unreadable, then the signer, the chain and the time."""
    found = set(codes)
    return next((code for code in _WORST_FIRST if code in found), VerifyCode.VALID)
