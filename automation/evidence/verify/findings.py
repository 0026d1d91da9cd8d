"""What a verification finds, step by step; everything that can be wrong, and the exit codes that follow."""

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
    LINE_ENDS = "line_ends"
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
    TOKEN_TAKEN_AWAY = "token_taken_away"  # noqa: S105
    TOKEN_EXCHANGED = "token_exchanged"  # noqa: S105
    TOKEN_NOT_ACCOUNTED = "token_not_accounted"  # noqa: S105
    CLOCK_FAR_OFF = "clock_far_off"
    OUTSIDE_WINDOW = "outside_window"
    IN_THE_FUTURE = "in_the_future"
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
    BUNDLE_ELSEWHERE = "bundle_elsewhere"
    OUTCOME_DIFFERS = "outcome_differs"
    REMOVED_UNKNOWN = "removed_unknown"
    REMOVED_OUT_OF_ORDER = "removed_out_of_order"
    HEAD_BEYOND = "head_beyond"
    HEAD_OF_ANOTHER = "head_of_another"
    TWO_HISTORIES = "two_histories"
    RUN_SEALED_AGAIN = "run_sealed_again"
    # 7 schema
    SCHEMA_UNKNOWN = "schema_unknown"
    SCHEMA_BROKEN = "schema_broken"
    RESULT_DIFFERS = "result_differs"
    LIST_DIFFERS = "list_differs"
    PICTURE_BROKEN = "picture_broken"
    # 8 secrets
    SECRET_FOUND = "secret_found"  # noqa: S105
    # a run as a whole
    RUN_DOCUMENT_MISSING = "run_document_missing"
    RUN_DOCUMENT_MALFORMED = "run_document_malformed"
    RUN_DOCUMENT_DIFFERS = "run_document_differs"
    RUN_NOT_TRUSTED = "run_not_trusted"
    RESULTS_DIFFER = "results_differ"
    REPORT_DIFFERS = "report_differs"
    BUNDLE_NOT_OF_RUN = "bundle_not_of_run"
    NOT_PROVABLE = "not_provable"
    # a path that is no evidence, or too much of it
    NOTHING_HERE = "nothing_here"
    ARCHIVE_REFUSED = "archive_refused"
    LIMIT_REACHED = "limit_reached"

    @property
    def code(self) -> VerifyCode:
        """The exit code that it alone would give."""
        return _CODES.get(self, VerifyCode.ALTERED)


_OF_CODE: Mapping[VerifyCode, frozenset[Fault]] = {
    VerifyCode.UNREADABLE: frozenset({
        Fault.UNREADABLE_FOLDER, Fault.TOO_LARGE, Fault.FILE_UNREADABLE, Fault.STATEMENT_UNKNOWN,
        Fault.SCHEMA_UNKNOWN, Fault.SCHEMA_BROKEN, Fault.PICTURE_BROKEN, Fault.RUN_DOCUMENT_MALFORMED,
        Fault.NOTHING_HERE, Fault.ARCHIVE_REFUSED,
    }),
    VerifyCode.NOT_TRUSTED: frozenset({
        Fault.NO_TRUST, Fault.SIGNER_UNKNOWN, Fault.SIGNER_NOT_YET, Fault.SIGNER_ENDED, Fault.SIGNER_REVOKED,
        Fault.HEAD_NOT_TRUSTED, Fault.RUN_NOT_TRUSTED,
    }),
    VerifyCode.NOT_STAMPED: frozenset({
        Fault.UNSTAMPED, Fault.NO_AUTHORITY, Fault.TOKEN_UNREADABLE, Fault.TOKEN_UNSORTED, Fault.TOKEN_REFUSED,
        Fault.TOKEN_OTHER_REQUEST, Fault.TOKEN_OTHER_DATA, Fault.TOKEN_NOT_TRUSTED, Fault.TOKEN_OTHER_POLICY,
        Fault.TOKEN_TAKEN_AWAY, Fault.TOKEN_EXCHANGED, Fault.TOKEN_NOT_ACCOUNTED, Fault.CLOCK_FAR_OFF,
        Fault.OUTSIDE_WINDOW, Fault.IN_THE_FUTURE,
    }),
    VerifyCode.CHAIN_BROKEN: frozenset({
        Fault.LINK_DIFFERS, Fault.NOT_IN_LEDGER, Fault.REMOVED_BUT_HERE, Fault.LEDGER_MISSING,
        Fault.LEDGER_MALFORMED, Fault.LEDGER_GAP, Fault.LEDGER_LINK, Fault.HEAD_MISSING, Fault.HEAD_DIFFERS,
        Fault.BUNDLE_MISSING, Fault.CLOCK_SET_BACK, Fault.BUNDLE_ELSEWHERE, Fault.OUTCOME_DIFFERS,
        Fault.REMOVED_UNKNOWN, Fault.REMOVED_OUT_OF_ORDER, Fault.HEAD_BEYOND, Fault.HEAD_OF_ANOTHER,
        Fault.TWO_HISTORIES, Fault.RUN_SEALED_AGAIN, Fault.RUN_DOCUMENT_MISSING, Fault.RUN_DOCUMENT_DIFFERS,
        Fault.BUNDLE_NOT_OF_RUN,
    }),
    VerifyCode.NOT_PROVABLE: frozenset({Fault.NOT_PROVABLE}),
    VerifyCode.UNFINISHED: frozenset({Fault.LIMIT_REACHED}),
}  # fmt: skip
"""All others are of what was altered or is incomplete."""
_CODES = {fault: code for code, faults in _OF_CODE.items() for fault in faults}


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
class LedgerVerification:
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

    @property
    def code(self) -> VerifyCode:
        """The exit code of the ledger."""
        return worst(finding.fault.code for finding in self.findings)


@dataclass(frozen=True, slots=True)
class RunVerification:
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

    @property
    def code(self) -> VerifyCode:
        """The exit code of the run."""
        return worst(finding.fault.code for finding in self.findings)


@dataclass(frozen=True, slots=True)
class BesideVerification:
    """What lies in a folder of evidence and is none; said last. Nothing was verified of it."""

    path: str
    files: tuple[str, ...] = ()
    """Files, and folders (with a slash) that were not gone into, by path."""
    left_by_desktop: tuple[str, ...] = ()
    """What file managers leave behind, by path."""
    findings: tuple[Finding, ...] = ()
    """One for each of the files where that was asked for."""

    @property
    def code(self) -> VerifyCode:
        """The exit code of it."""
        return worst(finding.fault.code for finding in self.findings)


Verified = Verification | LedgerVerification | RunVerification | BesideVerification
"""One thing that was verified."""
