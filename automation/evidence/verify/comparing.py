"""
Whether stored results are still what was sealed, before anything is made of them.

This compares and does not judge: whose key sealed a bundle, and when, is for verifying to say.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from automation.domain.results import Result
from automation.evidence.formats import dsse, names
from automation.evidence.formats.encoding import sha256, sha256_of
from automation.evidence.formats.result_file import (
    BrokenSchema,
    UnknownSchema,
    answer_digest,
    read_result,
    visit_digest,
)
from automation.evidence.formats.run_document import RunDocumentSeal
from automation.evidence.formats.statement import UnknownStatement, read_statement
from automation.evidence.verify.chain import Chain
from automation.evidence.verify.inventory import Stop, read
from automation.storage.files import open_regular

_LARGEST_BYTES = 32_000_000


class Agreement(Enum):
    """How a stored result stands to what was sealed."""

    SAME = 1
    OTHER = 2
    """The bundle is here and says something else, or is not as it was sealed."""
    NOT_HERE = 3
    """There is no bundle to compare with."""


@dataclass(frozen=True, slots=True)
class RunSeal:
    """How the results of a run stand to its run document."""

    agreement: Agreement
    path: Path
    """What to name: the results, or the document that is missing."""


def compare_run(results: Path, chain: Chain | None) -> RunSeal:
    """
    Compare a file of results with the run document beside it, and that with the ledger above.

    NOT_HERE: nothing seals them.

    Args:
        results: the file.
        chain: the ledger of the folder that holds the run's; None where there is none.
    """
    folder = results.parent
    document = folder / names.RUN_DOCUMENT
    told = chain.runs.get(chain.relative(document)) if chain else None
    if results.name != names.RESULTS:  # a copy of somebody's own making
        return RunSeal(Agreement.NOT_HERE, results)
    if not document.is_file():
        return RunSeal(Agreement.OTHER if told else Agreement.NOT_HERE, document)
    try:
        data = read(folder, names.RUN_DOCUMENT, _LARGEST_BYTES)
        sealed = RunDocumentSeal.decoded(dsse.opened(data, dsse.RUN).payload)
        if told is not None and told.envelope_sha256 != sha256(data):
            return RunSeal(Agreement.OTHER, document)
        same = sealed.files.get(names.RESULTS) == sha256_of(results)
    except (Stop, ValueError, OSError):
        return RunSeal(Agreement.OTHER, document)
    return RunSeal(Agreement.SAME if same else Agreement.OTHER, results)


def compare_answer(folder: Path, result: Result) -> Agreement:
    """
    Compare a result with its bundle.

    Args:
        folder: the run's.
        result: as the run's results give it.
    """
    bundle = result.bundle
    if bundle is None or not (folder / bundle.path / names.ENVELOPE).is_file():
        return Agreement.NOT_HERE
    here, again = folder / bundle.path, result.judged_at is not None
    try:
        data, envelope = read(here, names.RESULT, _LARGEST_BYTES), read(here, names.ENVELOPE)
        statement = read_statement(dsse.opened(envelope, dsse.IN_TOTO).payload)
        sealed = read_result(data)
    except (Stop, dsse.NotAnEnvelope, UnknownStatement, UnknownSchema, BrokenSchema):
        return Agreement.OTHER
    same = (
        bundle.envelope_sha256 in {"", sha256(envelope)}
        and statement.digests().get(names.RESULT) == sha256(data)
        and sealed.account == result.account
        and (visit_digest(sealed) == visit_digest(result) if again else answer_digest(sealed) == answer_digest(result))
    )
    # An answer that a look gave stands in no bundle: only the seal of its run says that it is as it was.
    return Agreement.OTHER if not same else Agreement.NOT_HERE if again else Agreement.SAME


def exchanged_file(folder: Path, result: Result) -> str | None:
    """
    A file of a result's evidence that is here and is not the one that was sealed; None where there is no such.

    One that is gone shows itself: nothing stands in its place.

    Args:
        folder: the run's.
        result: as the run's results give it; its list of evidence was compared with what was sealed.
    """
    if result.bundle is None:
        return None
    sealed = {artifact.path: artifact.sha256 for artifact in result.evidence if names.is_plain(artifact.path)}
    for path in sorted(sealed.keys() - {names.RESULT}):
        try:
            with open_regular(folder / result.bundle.path / path) as file:
                same = hashlib.file_digest(file, "sha256").hexdigest() == sealed[path]
        except OSError:
            continue
        if not same:
            return path
    return None
