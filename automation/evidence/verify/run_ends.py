"""When a run ended: by the stamps of its document; in its first form, by those of the ledger's end kept beside it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from automation.evidence.formats import dsse, names
from automation.evidence.formats.kept_head import kept
from automation.evidence.formats.ledger_line import Head
from automation.evidence.formats.run_document import RunDocumentSeal
from automation.evidence.formats.statement import Previous
from automation.evidence.keys.timestamps import BadStamp, check
from automation.evidence.keys.trust import Trust
from automation.evidence.verify.chain import Chain, LedgerPosition, signs
from automation.evidence.verify.faults import Fault
from automation.evidence.verify.findings import Finding, Stamped
from automation.evidence.verify.inventory import Stop, read
from automation.evidence.verify.proofs import Times, fault_of, taken_away


@dataclass(frozen=True, slots=True)
class RunEnd:
    """What was found of a run's end."""

    seen_at: datetime | None
    """When an authority saw it at the latest."""
    findings: tuple[Finding, ...]
    files: frozenset[str]
    """Names in the run's folder that belong to it."""


@dataclass(frozen=True, slots=True)
class Told:
    """What others say of a run's end."""

    chain: Chain | None
    position: LedgerPosition | None
    """What the ledger says of the run."""
    trust: Trust | None
    authorities: frozenset[str]
    """Those that were to stamp the run's bundles."""


def run_end(folder: Path, data: bytes, document: RunDocumentSeal, told: Told) -> RunEnd:
    """
    The end of a run that its document seals.

    Args:
        folder: the run's.
        data: the document's envelope.
        document: what it says.
        told: what others say of it.
    """
    return _first_form(folder, told) if document.is_first_form else _second_form(folder, data, document, told)


def _second_form(folder: Path, data: bytes, document: RunDocumentSeal, told: Told) -> RunEnd:
    stamps, files = _stamps(folder, data, names.RUN_TOKEN, names.run_token, told.trust)
    findings = [*stamps.findings, *taken_away(folder, names.run_token, stamps, told.position)]
    if told.position is None:
        lacking = [name for name in document.authorities if names.run_token(name, "tsr") not in files]
        findings += [Finding(Fault.TOKEN_NOT_ACCOUNTED, names.run_token(name, "tsr")) for name in lacking]
    findings += _of_another_ledger(document.previous or Previous(), told)
    return RunEnd(stamps.proven_at, tuple(findings), files)


def _of_another_ledger(before: Previous, told: Told) -> Iterator[Finding]:
    """Where the ledger is not the one that the run was sealed in: cut, made anew, or another place in it."""
    chain, position = told.chain, told.position
    if chain is None:
        return
    differs = chain.differs(kept(before.sequence, before.line_sha256)) if before.line_sha256 else None
    if differs is not None:
        yield differs
    elif position is not None and (before.sequence, before.envelope_sha256) != (
        position.sequence - 1,
        position.previous_envelope_sha256,
    ):
        yield Finding(Fault.LINK_DIFFERS, names.RUN_DOCUMENT, str(position.sequence))


def _first_form(folder: Path, told: Told) -> RunEnd:
    """The ledger's end as it was after this run, of which no line tells: it must be there, and be the run's own."""
    own = frozenset({names.RUN_HEAD})
    try:
        data = read(folder, names.RUN_HEAD)
        envelope = dsse.opened(data, dsse.LEDGER_HEAD)
        head = Head.decoded(envelope.payload)
    except Stop as stop:
        missing = stop.finding.fault is Fault.FILE_MISSING
        return RunEnd(None, (Finding(Fault.HEAD_MISSING, names.RUN_HEAD) if missing else stop.finding,), own)
    except ValueError:
        return RunEnd(None, (Finding(Fault.RUN_DOCUMENT_DIFFERS, names.RUN_HEAD),), own)
    stamps, files = _stamps(folder, data, names.HEAD_TOKEN, names.head_token, told.trust)
    findings = list(stamps.findings)
    if told.chain is not None and (differs := told.chain.differs(kept(head.sequence, head.line_sha256))):
        findings.append(differs)
    elif told.position is not None and head.sequence != told.position.sequence:
        findings.append(Finding(Fault.RUN_DOCUMENT_DIFFERS, names.RUN_HEAD))
    if not signs(envelope, told.trust, head.at, stamps.proven_at):
        findings.append(Finding(Fault.HEAD_NOT_TRUSTED, names.RUN_HEAD, envelope.key_id))
    lacking = sorted(name for name in told.authorities if names.head_token(name, "tsr") not in files)
    findings += [Finding(Fault.TOKEN_NOT_ACCOUNTED, names.head_token(name, "tsr")) for name in lacking]
    return RunEnd(stamps.proven_at, tuple(findings), own | files)


def _stamps(
    folder: Path, data: bytes, pattern: re.Pattern[str], name: Callable[[str, str], str], trust: Trust | None
) -> tuple[Times, frozenset[str]]:
    """What the tokens in a run's folder prove of some data; and their names, with those of their requests."""
    there = {(match[1], match[2]) for path in folder.iterdir() if (match := pattern.fullmatch(path.name))}
    stamped: list[Stamped] = []
    findings: list[Finding] = []
    for authority in sorted({authority for authority, _ in there}):
        try:
            request, response = (read(folder, name(authority, suffix)) for suffix in ("tsq", "tsr"))
            at = check(data, request, response, trust.called(authority) if trust else ())
            stamped.append(Stamped(authority, at))
        except Stop as stop:
            findings.append(stop.finding)
        except BadStamp as error:
            findings.append(Finding(fault_of(error, trust), name(authority, "tsr"), error.detail))
    files = frozenset(name(authority, suffix) for authority, _ in there for suffix in ("tsq", "tsr"))
    return Times(None, tuple(stamped), tuple(findings)), files
