"""What a verification finds, step by step; everything that can be wrong, and the exit codes that follow."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Self


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
    NOT_PROVABLE = 6
    """A part of evidence without what would prove that nothing was taken out of it."""
    UNFINISHED = 7
    """Larger than a call looks at, or slower."""


_WORST_FIRST = (
    VerifyCode.ALTERED,
    VerifyCode.UNREADABLE,
    VerifyCode.NOT_TRUSTED,
    VerifyCode.CHAIN_BROKEN,
    VerifyCode.NOT_PROVABLE,
    VerifyCode.UNFINISHED,
    VerifyCode.NOT_STAMPED,
)


class Fault(StrEnum):
    """Everything that can be wrong. A closed list; each has its words in both languages."""

    code: VerifyCode
    """The exit code that it alone would give: unless it says so, that of what was altered or is incomplete."""

    def __new__(cls, value: str, code: VerifyCode = VerifyCode.ALTERED) -> Self:
        """A fault with its code."""
        made = str.__new__(cls, value)
        made._value_, made.code = value, code
        return made

    # 1 closed world
    UNREADABLE_FOLDER = "unreadable_folder", VerifyCode.UNREADABLE
    TOO_LARGE = "too_large", VerifyCode.UNREADABLE
    SYMLINK = "symlink"
    NOT_A_FILE = "not_a_file"
    FILE_ADDED = "file_added"
    FILE_MISSING = "file_missing"
    FOLDER_ADDED = "folder_added"
    MANIFEST_MALFORMED = "manifest_malformed"
    PATH_ESCAPES = "path_escapes"
    # 2 hashes
    FILE_ALTERED = "file_altered"
    LINE_ENDS = "line_ends"
    FILE_UNREADABLE = "file_unreadable", VerifyCode.UNREADABLE
    # 3 statement
    ENVELOPE_MALFORMED = "envelope_malformed"
    STATEMENT_UNKNOWN = "statement_unknown", VerifyCode.UNREADABLE
    STATEMENT_DIFFERS = "statement_differs"
    SUBJECT_DIFFERS = "subject_differs"
    # 4 signature
    SIGNER_FILE_DIFFERS = "signer_file_differs"
    SIGNATURE_WRONG = "signature_wrong"
    NO_TRUST = "no_trust", VerifyCode.NOT_TRUSTED
    SIGNER_UNKNOWN = "signer_unknown", VerifyCode.NOT_TRUSTED
    SIGNER_NOT_YET = "signer_not_yet", VerifyCode.NOT_TRUSTED
    SIGNER_ENDED = "signer_ended", VerifyCode.NOT_TRUSTED
    SIGNER_REVOKED = "signer_revoked", VerifyCode.NOT_TRUSTED
    # 5 time
    UNSTAMPED = "unstamped", VerifyCode.NOT_STAMPED
    NO_AUTHORITY = "no_authority", VerifyCode.NOT_STAMPED
    TOKEN_UNREADABLE = "token_unreadable", VerifyCode.NOT_STAMPED
    TOKEN_UNSORTED = "token_unsorted", VerifyCode.NOT_STAMPED
    TOKEN_REFUSED = "token_refused", VerifyCode.NOT_STAMPED
    TOKEN_OTHER_REQUEST = "token_other_request", VerifyCode.NOT_STAMPED
    TOKEN_OTHER_DATA = "token_other_data", VerifyCode.NOT_STAMPED
    TOKEN_NOT_TRUSTED = "token_not_trusted", VerifyCode.NOT_STAMPED
    TOKEN_OTHER_POLICY = "token_other_policy", VerifyCode.NOT_STAMPED
    TOKEN_TAKEN_AWAY = "token_taken_away", VerifyCode.NOT_STAMPED
    TOKEN_EXCHANGED = "token_exchanged", VerifyCode.NOT_STAMPED
    TOKEN_NOT_ACCOUNTED = "token_not_accounted", VerifyCode.NOT_STAMPED
    CLOCK_FAR_OFF = "clock_far_off", VerifyCode.NOT_STAMPED
    OUTSIDE_WINDOW = "outside_window", VerifyCode.NOT_STAMPED
    IN_THE_FUTURE = "in_the_future", VerifyCode.NOT_STAMPED
    # 6 chain
    LINK_DIFFERS = "link_differs", VerifyCode.CHAIN_BROKEN
    NOT_IN_LEDGER = "not_in_ledger", VerifyCode.CHAIN_BROKEN
    REMOVED_BUT_HERE = "removed_but_here", VerifyCode.CHAIN_BROKEN
    LEDGER_MISSING = "ledger_missing", VerifyCode.CHAIN_BROKEN
    LEDGER_MALFORMED = "ledger_malformed", VerifyCode.CHAIN_BROKEN
    LEDGER_GAP = "ledger_gap", VerifyCode.CHAIN_BROKEN
    LEDGER_LINK = "ledger_link", VerifyCode.CHAIN_BROKEN
    HEAD_MISSING = "head_missing", VerifyCode.CHAIN_BROKEN
    HEAD_DIFFERS = "head_differs", VerifyCode.CHAIN_BROKEN
    HEAD_NOT_TRUSTED = "head_not_trusted", VerifyCode.NOT_TRUSTED
    BUNDLE_MISSING = "bundle_missing", VerifyCode.CHAIN_BROKEN
    CLOCK_SET_BACK = "clock_set_back", VerifyCode.CHAIN_BROKEN
    BUNDLE_ELSEWHERE = "bundle_elsewhere", VerifyCode.CHAIN_BROKEN
    OUTCOME_DIFFERS = "outcome_differs", VerifyCode.CHAIN_BROKEN
    REMOVED_UNKNOWN = "removed_unknown", VerifyCode.CHAIN_BROKEN
    REMOVED_OUT_OF_ORDER = "removed_out_of_order", VerifyCode.CHAIN_BROKEN
    HEAD_BEYOND = "head_beyond", VerifyCode.CHAIN_BROKEN
    HEAD_OF_ANOTHER = "head_of_another", VerifyCode.CHAIN_BROKEN
    TWO_HISTORIES = "two_histories", VerifyCode.CHAIN_BROKEN
    RUN_SEALED_AGAIN = "run_sealed_again", VerifyCode.CHAIN_BROKEN
    # 7 schema
    SCHEMA_UNKNOWN = "schema_unknown", VerifyCode.UNREADABLE
    SCHEMA_BROKEN = "schema_broken", VerifyCode.UNREADABLE
    RESULT_DIFFERS = "result_differs"
    LIST_DIFFERS = "list_differs"
    PICTURE_BROKEN = "picture_broken", VerifyCode.UNREADABLE
    # 8 secrets
    SECRET_FOUND = "secret_found"  # noqa: S105
    # a run as a whole
    RUN_DOCUMENT_MISSING = "run_document_missing", VerifyCode.CHAIN_BROKEN
    RUN_DOCUMENT_MALFORMED = "run_document_malformed", VerifyCode.UNREADABLE
    RUN_DOCUMENT_DIFFERS = "run_document_differs", VerifyCode.CHAIN_BROKEN
    RUN_NOT_TRUSTED = "run_not_trusted", VerifyCode.NOT_TRUSTED
    RESULTS_DIFFER = "results_differ"
    REPORT_DIFFERS = "report_differs"
    BUNDLE_NOT_OF_RUN = "bundle_not_of_run", VerifyCode.CHAIN_BROKEN
    NOT_PROVABLE = "not_provable", VerifyCode.NOT_PROVABLE
    # a path that is no evidence, or too much of it
    NOTHING_HERE = "nothing_here", VerifyCode.UNREADABLE
    ARCHIVE_REFUSED = "archive_refused", VerifyCode.UNREADABLE
    LIMIT_REACHED = "limit_reached", VerifyCode.UNFINISHED


def worst(codes: Iterable[VerifyCode]) -> VerifyCode:
    """The code to end with: altered before unreadable, then the signer, the chain and the time."""
    found = set(codes)
    return next((code for code in _WORST_FIRST if code in found), VerifyCode.VALID)


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


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault and where it is."""

    fault: Fault
    where: str = ""
    """A file, a key, an authority or a line of the ledger; text of others, to be shown with care."""
    detail: str = ""


class _Coded:
    """What was found of one thing, with the exit code that follows."""

    __slots__ = ()
    findings: tuple[Finding, ...]

    @property
    def code(self) -> VerifyCode:
        """The exit code of it alone."""
        return worst(finding.fault.code for finding in self.findings)


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
    clock_offset_ms: int | None = None
    """How far this machine's clock was ahead of the first authority's, as the statement says."""
    authorities: tuple[str, ...] = ()
    """Those that were to stamp it, as the statement says."""
    sealed_as: str = ""
    """Name of the folder when it was sealed."""
    run: str = ""
    previous_sha256: str = ""
    """The envelope's digest of the bundle sealed before; empty for the first."""
    answer_sha256: str = ""
    """Over what the result says; the results of the run must say the same. Empty where there is none to read."""

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Of all steps."""
        return tuple(finding for step in self.steps for finding in step.findings)

    @property
    def code(self) -> VerifyCode:
        """The exit code of this bundle."""
        return worst(finding.fault.code for finding in self.findings)


@dataclass(frozen=True, slots=True)
class DecidedRemoval:
    """A bundle, or a run's results and reports, that somebody had removed."""

    path: str
    reason: str
    person: str
    day: str
    """When it was decided, `2026-11-24`."""


@dataclass(frozen=True, slots=True)
class LedgerVerification(_Coded):
    """What was found of one ledger, apart from its bundles."""

    path: str
    lines: int
    removed: int
    findings: tuple[Finding, ...]
    head_at: datetime | None = None
    head_sha256: str = ""
    """The digest of the last line, to be compared with a copy of the head kept elsewhere."""
    removed_bundles: tuple[str, ...] = ()
    """Paths of those that were removed because they were old."""
    removals: tuple[DecidedRemoval, ...] = ()
    """Those that were removed by somebody's decision."""


@dataclass(frozen=True, slots=True)
class RunVerification(_Coded):
    """What was found of one run's own documents: the results and the reports beside the bundles."""

    path: str
    run: str
    findings: tuple[Finding, ...]
    notes: tuple[str, ...] = ()
    """Names of sentences, as in a step."""
    signer: str = ""
    sealed_at: datetime | None = None
    """By the signer's own clock; None where nothing seals the run."""
    head_at: datetime | None = None
    """When an authority saw the run's end, and with it the ledger's as it was then; None where none did."""
    own: frozenset[str] = field(default=frozenset(), repr=False)
    """Names of the files in its folder that are evidence; all others lie beside it."""


@dataclass(frozen=True, slots=True)
class BesideVerification(_Coded):
    """What lies in a folder of evidence and is none; said last. Nothing was verified of it."""

    path: str
    files: tuple[str, ...] = ()
    """Files, and folders (with a slash) that were not gone into, by path."""
    left_by_desktop: tuple[str, ...] = ()
    """What file managers leave behind, by path."""
    findings: tuple[Finding, ...] = ()
    """One for each of the files where that was asked for."""


Verified = Verification | LedgerVerification | RunVerification | BesideVerification
"""One thing that was verified."""
