"""What `temoin verify` says. All texts are English, to be translated."""

from __future__ import annotations

from collections.abc import Mapping

from automation.evidence.verify.findings import Fault, StepName, VerifyCode
from automation.text.catalogue import N_

STEPS: Mapping[StepName, str] = {
    StepName.CLOSED_WORLD: N_("nothing missing, nothing added"),
    StepName.HASHES: N_("every file as it was"),
    StepName.STATEMENT: N_("the statement fits the files"),
    StepName.SIGNATURE: N_("signature, by a trusted key"),
    StepName.TIME: N_("time, confirmed by an authority"),
    StepName.CHAIN: N_("its place in the ledger"),
    StepName.SCHEMA: N_("the result can be read"),
    StepName.SECRETS: N_("no known secret inside"),
}
CODES: Mapping[VerifyCode, str] = {
    VerifyCode.VALID: N_("valid"),
    VerifyCode.ALTERED: N_("altered or incomplete"),
    VerifyCode.NOT_TRUSTED: N_("the signer is not trusted"),
    VerifyCode.NOT_STAMPED: N_("time stamp missing or bad"),
    VerifyCode.CHAIN_BROKEN: N_("the chain is broken"),
    VerifyCode.UNREADABLE: N_("unreadable or of an unknown schema"),
    VerifyCode.NOT_PROVABLE: N_("not provable alone"),
    VerifyCode.UNFINISHED: N_("not looked at to its end"),
}
FAULTS: Mapping[Fault, str] = {
    Fault.UNREADABLE_FOLDER: N_("the folder %(where)s cannot be read (%(detail)s)"),
    Fault.TOO_LARGE: N_("larger than any evidence: %(where)s (%(detail)s)"),
    Fault.SYMLINK: N_("a link instead of a file: %(where)s"),
    Fault.NOT_A_FILE: N_("neither file nor folder: %(where)s"),
    Fault.FILE_ADDED: N_("no seal covers this file: %(where)s"),
    Fault.FILE_MISSING: N_("a file is missing: %(where)s"),
    Fault.FOLDER_ADDED: N_("a folder that does not belong here: %(where)s"),
    Fault.MANIFEST_MALFORMED: N_("not a manifest: %(where)s %(detail)s"),
    Fault.PATH_ESCAPES: N_("a path that leads out, or stands twice: %(where)s %(detail)s"),
    Fault.FILE_ALTERED: N_("altered: %(where)s"),
    Fault.LINE_ENDS: N_(
        "altered in its line ends alone, as git does with core.autocrlf: %(where)s. Take a copy that git did not "
        "convert"
    ),
    Fault.FILE_UNREADABLE: N_("cannot be read: %(where)s (%(detail)s)"),
    Fault.ENVELOPE_MALFORMED: N_("not a signed envelope: %(where)s (%(detail)s)"),
    Fault.STATEMENT_UNKNOWN: N_("not a statement that this version reads: %(where)s (%(detail)s)"),
    Fault.STATEMENT_DIFFERS: N_("%(where)s is not what was signed"),
    Fault.SUBJECT_DIFFERS: N_("not the file that the statement names: %(where)s"),
    Fault.SIGNER_FILE_DIFFERS: N_("%(where)s is not the signer's key"),
    Fault.SIGNATURE_WRONG: N_("the signature is not of the key %(where)s"),
    Fault.NO_TRUST: N_("signed by %(where)s; nothing says whose key that is. Name a trust file with --trust"),
    Fault.SIGNER_UNKNOWN: N_("signed by %(where)s, a key that the trust file does not know"),
    Fault.SIGNER_NOT_YET: N_("sealed before its key is good, %(detail)s: %(where)s"),
    Fault.SIGNER_ENDED: N_("sealed after its key ended, %(detail)s: %(where)s"),
    Fault.SIGNER_REVOKED: N_("the key was revoked from %(detail)s, and no authority saw the seal before: %(where)s"),
    Fault.UNSTAMPED: N_(
        "not stamped: nothing but the signer's own clock says when. `temoin evidence stamp` can add a stamp with "
        "today's date"
    ),
    Fault.NO_AUTHORITY: N_("the trust file names no authority whose stamp could be believed: %(where)s"),
    Fault.TOKEN_UNREADABLE: N_("not a time stamp: %(where)s (%(detail)s)"),
    Fault.TOKEN_UNSORTED: N_(
        "the certificates in %(where)s are not in DER's order. OpenSSL accepts that, this program does not"
    ),
    Fault.TOKEN_REFUSED: N_("the authority refused to stamp: %(where)s (%(detail)s)"),
    Fault.TOKEN_OTHER_REQUEST: N_("the stamp does not answer the request beside it: %(where)s"),
    Fault.TOKEN_OTHER_DATA: N_("a stamp of something else: %(where)s"),
    Fault.TOKEN_NOT_TRUSTED: N_("no trusted authority vouches for it at its time: %(where)s (%(detail)s)"),
    Fault.TOKEN_OTHER_POLICY: N_("stamped under another policy: %(where)s (%(detail)s)"),
    Fault.TOKEN_TAKEN_AWAY: N_("a time stamp was taken away: the ledger tells of %(where)s"),
    Fault.TOKEN_EXCHANGED: N_("not the time stamp of when it was sealed: %(where)s %(detail)s"),
    Fault.TOKEN_NOT_ACCOUNTED: N_(
        "a time stamp that was asked for is not here: %(where)s. Nothing here tells whether the authority did not "
        "answer, or its stamp was taken away"
    ),
    Fault.CLOCK_FAR_OFF: N_("the clock was so far off that its moments cannot be put right: %(detail)s"),
    Fault.OUTSIDE_WINDOW: N_(
        "%(where)s (%(detail)s) is not between opening and sealing: the clock was set, or the bundle made up"
    ),
    Fault.IN_THE_FUTURE: N_("a moment that has not come yet: %(where)s (%(detail)s)"),
    Fault.LINK_DIFFERS: N_("not the bundle that follows the one before in the ledger: %(where)s"),
    Fault.NOT_IN_LEDGER: N_("the ledger has no such bundle at place %(detail)s: %(where)s"),
    Fault.REMOVED_BUT_HERE: N_("removed by the ledger, but here: %(where)s"),
    Fault.LEDGER_MISSING: N_("the ledger is gone; only its head is here: %(where)s"),
    Fault.LEDGER_MALFORMED: N_("not a line of a ledger: %(where)s (%(detail)s)"),
    Fault.LEDGER_GAP: N_("a line is missing or doubled: %(where)s (%(detail)s)"),
    Fault.LEDGER_LINK: N_("the line before is not what it was: %(where)s"),
    Fault.HEAD_MISSING: N_("the ledger's signed head is missing: %(where)s"),
    Fault.HEAD_DIFFERS: N_("the ledger's signed head speaks of another end: %(where)s %(detail)s"),
    Fault.HEAD_NOT_TRUSTED: N_("no trusted key signed the ledger's head: %(where)s %(detail)s"),
    Fault.BUNDLE_MISSING: N_("a bundle is gone, and nobody removed it by intent: %(where)s (place %(detail)s)"),
    Fault.CLOCK_SET_BACK: N_("the clock was set back between two bundles: %(where)s (%(detail)s)"),
    Fault.BUNDLE_ELSEWHERE: N_("%(where)s was sealed in another place or under another name: %(detail)s"),
    Fault.OUTCOME_DIFFERS: N_("the ledger and the signed statement give different outcomes: %(where)s (%(detail)s)"),
    Fault.REMOVED_UNKNOWN: N_("a removal of what was never there: %(where)s (%(detail)s)"),
    Fault.REMOVED_OUT_OF_ORDER: N_(
        "not a removal of old bundles: an older one of the account stays, or none stays: %(where)s (%(detail)s)"
    ),
    Fault.HEAD_BEYOND: N_("the ledger was cut: a kept head is of place %(where)s, and it ends at %(detail)s"),
    Fault.HEAD_OF_ANOTHER: N_("another ledger than the one that a kept head is of: place %(where)s %(detail)s"),
    Fault.TWO_HISTORIES: N_("two histories of one ledger: from line %(where)s on, %(detail)s says something else"),
    Fault.RUN_SEALED_AGAIN: N_(
        "a run was sealed a second time, so its results or reports were changed after it: %(where)s (%(detail)s)"
    ),
    Fault.RESULT_DIFFERS: N_("the result and the signed statement differ: %(where)s (%(detail)s)"),
    Fault.LIST_DIFFERS: N_("not as the result lists its evidence: %(where)s"),
    Fault.RUN_DOCUMENT_MISSING: N_(
        "what seals the run's results is gone, and the ledger tells of it: %(where)s (place %(detail)s)"
    ),
    Fault.RUN_DOCUMENT_MALFORMED: N_("nothing that seals a run: %(where)s (%(detail)s)"),
    Fault.RUN_DOCUMENT_DIFFERS: N_("%(where)s is not the one that the ledger tells of"),
    Fault.RUN_NOT_TRUSTED: N_("no trusted key signed the run's results: %(where)s %(detail)s"),
    Fault.RESULTS_DIFFER: N_("results.json is not what the bundles say: %(where)s (%(why)s)"),
    Fault.REPORT_DIFFERS: N_("the report does not say what the results say: %(where)s"),
    Fault.NOT_PROVABLE: N_(
        "not provable alone: nothing tells whether something was taken out of %(where)s. `temoin evidence pack` makes "
        "a part that proves itself"
    ),
    Fault.BUNDLE_NOT_OF_RUN: N_("not a bundle of this run, or another one of its name: %(where)s"),
    Fault.SCHEMA_UNKNOWN: N_("%(where)s has the schema “%(detail)s”, which this version does not read"),
    Fault.SCHEMA_BROKEN: N_("%(where)s does not follow its schema (%(detail)s)"),
    Fault.PICTURE_BROKEN: N_("not a whole picture, or something is hidden behind it: %(where)s"),
    Fault.SECRET_FOUND: N_("a known secret is in %(where)s"),
    Fault.NOTHING_HERE: N_("no evidence here: %(where)s"),
    Fault.ARCHIVE_REFUSED: N_("the archive is not unpacked: %(why)s %(where)s"),
    Fault.LIMIT_REACHED: N_("not looked at to its end: %(where)s (%(why)s). `--no-limits` looks at all of it"),
}
ARCHIVES: Mapping[str, str] = {
    "no_archive": N_("it is neither zip nor tar"),
    "joined": N_("more than one archive is in it, so that programs differ in what they unpack"),
    "damaged": N_("it is damaged, or cannot be unpacked here"),
    "too_large": N_("it grows larger than any evidence"),
    "too_many": N_("it holds too many entries"),
    "too_deep": N_("its folders are too deep"),
    "escapes": N_("an entry leads out of it"),
    "link": N_("it holds a link or a device"),
    "twice": N_("it holds a name twice"),
}
LIMITS: Mapping[str, str] = {
    "bytes": N_("more bytes than one call reads"),
    "files": N_("more files than one call looks at"),
    "lines": N_("more lines of ledgers than one call reads"),
    "seconds": N_("more time than one call takes"),
    "memory": N_("more memory than there is"),
}
RESULTS: Mapping[str, str] = {
    "no_bundle": N_("an answer without any bundle"),
    "bundle_not_here": N_("its bundle is not here"),
    "not_the_same": N_("the bundle says something else"),
    "left_out": N_("left out"),
    "account_twice": N_("the account stands twice"),
}
NOTES: Mapping[str, str] = {
    "not_listed": N_("cannot be checked without a list of the files"),
    "no_statement": N_("cannot be checked without a statement"),
    "not_signed": N_("not looked at, because the signature is not good"),
    "no_ledger": N_("not checked: there is no ledger here"),
    "no_secrets_known": N_("not checked: no secrets are known here"),
    "unsearchable": N_("not checked: something in here cannot be unpacked to be searched"),
    "renamed": N_("the folder has another name than when it was sealed"),
    "qualified_time": N_(
        "a qualified electronic time stamp by Témoin's table: that qualifies the time, and not the content. Whether "
        "the authority was qualified on that day stands in the EU's trusted lists"
    ),
    "no_authority_configured": N_("no authority was configured"),
    "authorities_did_not_answer": N_("the authorities gave no good answer when it was sealed"),
    "look_into_mailbox": N_("a look into a mailbox: it tells what messages say, and holds no verdict"),
    "no_opening_token": N_("that nothing was prepared earlier rests on the signer's clock"),
}
