"""Everything that can be wrong with evidence, and the exit codes that follow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
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
    TOKEN_TAKEN_AWAY = "token_taken_away"  # noqa: S105
    TOKEN_EXCHANGED = "token_exchanged"  # noqa: S105
    TOKEN_NOT_ACCOUNTED = "token_not_accounted"  # noqa: S105
    CLOCK_FAR_OFF = "clock_far_off"
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
    BUNDLE_ELSEWHERE = "bundle_elsewhere"
    BUNDLE_TWICE = "bundle_twice"
    BUNDLE_BEFORE_MISSING = "bundle_before_missing"
    LEDGER_GONE = "ledger_gone"
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
    RUN_NOT_IN_LEDGER = "run_not_in_ledger"
    RESULTS_DIFFER = "results_differ"
    BUNDLE_NOT_OF_RUN = "bundle_not_of_run"
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
            Fault.PICTURE_BROKEN,
            Fault.RUN_DOCUMENT_MALFORMED,
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
            Fault.RUN_NOT_TRUSTED,
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
            Fault.TOKEN_TAKEN_AWAY,
            Fault.TOKEN_EXCHANGED,
            Fault.TOKEN_NOT_ACCOUNTED,
            Fault.CLOCK_FAR_OFF,
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
            Fault.BUNDLE_ELSEWHERE,
            Fault.BUNDLE_TWICE,
            Fault.BUNDLE_BEFORE_MISSING,
            Fault.LEDGER_GONE,
            Fault.OUTCOME_DIFFERS,
            Fault.REMOVED_UNKNOWN,
            Fault.REMOVED_OUT_OF_ORDER,
            Fault.HEAD_BEYOND,
            Fault.HEAD_OF_ANOTHER,
            Fault.TWO_HISTORIES,
            Fault.RUN_SEALED_AGAIN,
            Fault.RUN_NOT_IN_LEDGER,
            Fault.RUN_DOCUMENT_MISSING,
            Fault.RUN_DOCUMENT_DIFFERS,
            Fault.BUNDLE_NOT_OF_RUN,
        ),
        VerifyCode.CHAIN_BROKEN,
    ),
}


def worst(codes: Iterable[VerifyCode]) -> VerifyCode:
    """The code to end with: altered before unreadable, then the signer, the chain and the time."""
    found = set(codes)
    return next((code for code in _WORST_FIRST if code in found), VerifyCode.VALID)
