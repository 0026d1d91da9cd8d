"""
Evidence of which something is made: opened only where it is whole, as it was, and sealed by a key that is known here.

Whoever makes a report, an archive or a new judgement of it lends it weight. So the own trust file is asked, or the one
that was named; only the outermost ledger counts; and what no ledger tells of is refused.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import Enum
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter

from automation.core.errors import ConfigurationError
from automation.core.observations import Observation
from automation.core.records import Redaction
from automation.core.results import Result
from automation.core.signals import SignalName, Way
from automation.evidence.formats import dsse, names
from automation.evidence.formats.result_file import (
    BrokenSchema,
    UnknownSchema,
    answer_digest,
    read_result,
    visit_digest,
)
from automation.evidence.formats.signed import RunDocumentSeal, UnknownStatement, read_statement, sha256, sha256_of
from automation.evidence.keys.trust import Trust, TrustedKey, key_id, public_key
from automation.evidence.verify.bundle import verify_bundle
from automation.evidence.verify.chain import Chain, signs
from automation.evidence.verify.chain_reading import chain_above
from automation.evidence.verify.findings import Fault, Finding, VerifyCode
from automation.evidence.verify.reading import BudgetReached, Source, Stop
from automation.storage.files import open_regular

if TYPE_CHECKING:
    from collections.abc import Iterator

OBSERVATION = "data/observation.json"
_REDACTIONS = "data/redactions.json"
_LARGEST_BYTES = 64_000_000
_UNOPENED = SignalName.INBOX_UNREAD, str(Way.ITEM_UNOPENED)
_ALWAYS = datetime(2000, 1, 1, tzinfo=UTC)
_REFUSED = frozenset(
    {VerifyCode.ALTERED, VerifyCode.UNREADABLE, VerifyCode.NOT_TRUSTED, VerifyCode.NOT_PROVABLE, VerifyCode.UNFINISHED}
)
_OF_ITS_PLACE = frozenset({Fault.NOT_IN_LEDGER, Fault.BUNDLE_ELSEWHERE})


def not_as_sealed(folder: Path, trust: Trust | None) -> Iterator[Finding]:
    """
    What is wrong with a bundle, or with the ledger that it belongs to.

    A stranger can seal a folder anew with a key of their own, ledger and all; only whoever knows the key can tell.

    Args:
        folder: the bundle.
        trust: whom to believe; None believes nobody.
    """
    chain = chain_above(folder, trust)
    if chain is not None:
        yield from chain.findings
    try:
        findings = verify_bundle(folder, trust, chain=chain).findings
    except BudgetReached as reached:
        findings = (Finding(Fault.LIMIT_REACHED, folder.name, reached.what),)
    yield from (found for found in findings if found.fault.code in _REFUSED or found.fault in _OF_ITS_PLACE)
    if chain is None:
        yield Finding(Fault.NOT_PROVABLE, folder.name)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one bundle says, its seal compared with its files and its signer with the keys that are known."""

    folder: Path
    result: Result
    observation: Observation | None
    """None where the visit was stopped before it had read everything."""
    redactions: tuple[Redaction, ...]

    def read(self, path: str) -> bytes:
        """
        One file of the bundle.

        Args:
            path: relative to the bundle, as artifacts and steps name it.

        Raises:
            ConfigurationError: it is not there.
        """
        if path not in {artifact.path for artifact in self.result.evidence}:
            raise ConfigurationError(f"{self.folder}: there is no {path} in this bundle", "Name another bundle.")
        return _read(self.folder, path)


def open_evidence(folder: Path, trust: Trust | None, *, any_stand_in: bool = False) -> Evidence:
    """
    Open a bundle.

    Args:
        folder: the bundle.
        trust: whom to believe; None believes nobody.
        any_stand_in: whether a stand-in's bundle, and its ledger, may be sealed by a key that nobody knows: where what
            is made of it counts for stand-ins alone.

    Raises:
        ConfigurationError: this is no bundle of a visit, or it is not as it was sealed; whatever it says is not passed
            on.
    """
    if names.kind_at(folder) is names.FileKind.INBOX:
        raise ConfigurationError(
            f"{folder}: this is a look into a mailbox, no visit: there is no form, no setting and no verdict in it",
            f"Name the bundle of a check; `temoin verify {folder}` verifies this one.",
        )
    if not folder.exists():
        raise ConfigurationError(f"{folder}: there is no such folder", "Name a bundle, or the folder of a run.")
    wrong = next(not_as_sealed(folder, trust), None)
    own = _stand_ins_own_key(folder, trust) if wrong is not None and any_stand_in else None
    if own is not None:
        wrong = next(not_as_sealed(folder, own), None)
    if wrong is not None:
        where = f" ({wrong.where})" if wrong.where else ""
        raise ConfigurationError(
            f"{folder}: this is no bundle, or not as it was sealed: {wrong.fault.value}{where}",
            f"Run `temoin verify {folder}`, and take another copy; name the signer's trust file with --trust.",
        )
    result = read_result(_read(folder, names.RESULT))
    listed = {artifact.path for artifact in result.evidence}
    observation = parse_observation(_read(folder, OBSERVATION)) if OBSERVATION in listed else None
    redactions: tuple[Redaction, ...] = ()
    if _REDACTIONS in listed:
        steps = json.loads(_read(folder, _REDACTIONS)).get("steps", [])
        redactions = TypeAdapter(tuple[Redaction, ...]).validate_python(steps)
    return Evidence(folder, result, observation, redactions)


def _stand_ins_own_key(folder: Path, trust: Trust | None) -> Trust | None:
    """The unknown key that lies in a stand-in's bundle, as the only one to believe; None for any other bundle."""
    try:
        if not read_result(_read(folder, names.RESULT)).environment.stand_in:
            return None
        pem = _read(folder, names.SIGNER).decode()
        known = TrustedKey.model_validate({"id": key_id(public_key(pem)), "public_key": pem, "from": _ALWAYS})
    except (ConfigurationError, ValueError):
        return None
    return None if trust is not None and trust.find(known.id) is not None else Trust(keys=(known,))


def parse_observation(data: bytes) -> Observation:
    """
    What `data/observation.json` holds.

    Raises:
        ValueError: it is none.
    """
    parsed: Observation = _observations().validate_json(data)
    unread = (signal for signal in parsed.signals if (signal.name, signal.how) == _UNOPENED)
    if SignalName.INBOX_LATER in parsed.names() or (unopened := next(unread, None)) is None:
        return parsed
    # Of before that was noted: what could not be opened may be newer than the answer, and withholds it.
    return replace(parsed, signals=(*parsed.signals, replace(unopened, name=SignalName.INBOX_LATER)))


@lru_cache(maxsize=1)
def _observations() -> TypeAdapter[Any]:
    return TypeAdapter(Observation)  # takes as long to make as ten observations to read


def _read(folder: Path, path: str) -> bytes:
    try:
        return Source(folder).read(path, _LARGEST_BYTES)
    except Stop as stop:
        raise ConfigurationError(
            f"{folder}: {path} cannot be read ({stop.finding.fault.value})", "Take another copy of the bundle."
        ) from None


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


def compare_run(results: Path, chain: Chain | None, trust: Trust | None) -> RunSeal:
    """
    Compare a file of results with the run document beside it, and that with the ledger above.

    NOT_HERE: nothing seals them.

    Args:
        results: the file.
        chain: the ledger of the folder that holds the run's, or the piece that the run carries; None: neither.
        trust: whom to believe.
    """
    folder = results.parent
    document = folder / names.RUN_DOCUMENT
    told = chain.runs.get(chain.relative(document)) if chain else None
    if results.name != names.RESULTS:  # a copy of somebody's own making
        return RunSeal(Agreement.NOT_HERE, results)
    if not document.is_file() or chain is None:
        return RunSeal(Agreement.OTHER if told else Agreement.NOT_HERE, document)
    try:
        data = Source(folder).read(names.RUN_DOCUMENT, _LARGEST_BYTES)
        envelope = dsse.opened(data, dsse.RUN)
        sealed = RunDocumentSeal.decoded(envelope.payload)
        is_ours = signs(envelope, trust, sealed.sealed_at, told.gen_time if told else None)
        if told is None or told.envelope_sha256 != sha256(data) or not is_ours:
            return RunSeal(Agreement.OTHER, document)
        same = sealed.files.get(names.RESULTS) == sha256_of(results)
    except (Stop, ValueError, OSError):
        return RunSeal(Agreement.OTHER, document)
    return RunSeal(Agreement.SAME if same else Agreement.OTHER, results)


def compare_answer(folder: Path, result: Result, chain: Chain | None) -> Agreement:
    """
    Compare a result with its bundle.

    Args:
        folder: the run's.
        result: as the run's results give it.
        chain: the ledger that tells of the bundle, its end signed by a key that is known; None where there is none.
    """
    bundle = result.bundle
    if bundle is None or chain is None or not (folder / bundle.path / names.ENVELOPE).is_file():
        return Agreement.NOT_HERE
    here, again = folder / bundle.path, result.judged_at is not None
    try:
        data, envelope = Source(here).read(names.RESULT, _LARGEST_BYTES), Source(here).read(names.ENVELOPE)
        statement = read_statement(dsse.opened(envelope, dsse.IN_TOTO).payload)
        sealed = read_result(data)
    except (Stop, dsse.NotAnEnvelope, UnknownStatement, UnknownSchema, BrokenSchema):
        return Agreement.OTHER
    same = (
        bundle.envelope_sha256 in {"", sha256(envelope)}
        and (_in_ledger(chain, here), sha256(envelope)) in chain.seals
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


def is_sealed_answer(root: Path, bundle: str, run: str, account: str, verdict: str, chain: Chain | None) -> bool:
    """
    Whether an answer that stands in a list, such as the history, is one that was sealed.

    One whose bundle is gone cannot be compared, and is let be: whether it may be gone, verifying says.

    Args:
        root: the evidence folder.
        bundle: path of the answer's bundle in it.
        run: name of the run that gave the answer; its sealed results may say more than the bundle does.
        account: whose answer it is.
        verdict: what the list says.
        chain: the ledger; None where there is none.
    """
    if not names.is_plain(bundle) or not (root / bundle / names.ENVELOPE).is_file():
        return True
    try:
        envelope = Source(root / bundle).read(names.ENVELOPE)
        said = read_statement(dsse.opened(envelope, dsse.IN_TOTO).payload).predicate
    except (Stop, ValueError):
        return False
    told = chain is not None and (bundle, sha256(envelope)) in chain.seals and said.account == account
    if told and dict(said.verdicts) == {verdict: 1}:
        return True
    if chain is None or not told or f"{run}/{names.RUN_DOCUMENT}" not in chain.runs or not names.is_plain(run):
        return False
    try:
        data = Source(root / run).read(names.RUN_DOCUMENT, _LARGEST_BYTES)
        document = RunDocumentSeal.decoded(dsse.opened(data, dsse.RUN).payload)
        results = Source(root / run).read(names.RESULTS, _LARGEST_BYTES)
        plain = json.loads(results)
    except (Stop, ValueError):
        return False
    sealed = chain.runs[f"{run}/{names.RUN_DOCUMENT}"].envelope_sha256 == sha256(data)
    same = document.files.get(names.RESULTS) == sha256(results)
    return sealed and same and any((one["account"], one["verdict"]) == (account, verdict) for one in plain["results"])


def _in_ledger(chain: Chain, bundle: Path) -> str:
    """How the ledger names a bundle, which may be named from the folder of another run."""
    try:
        return chain.relative(Path(os.path.normpath(bundle.absolute())))
    except ValueError:  # it lies in another run than the one that carries this piece
        return ""
