"""Whether what a bundle's files say of each other agrees: the signed statement, the result, its list of evidence."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from automation.domain.results import Result
from automation.evidence.formats import names
from automation.evidence.formats.manifests import bag_info
from automation.evidence.formats.statement import SignedStatement
from automation.evidence.verify.faults import Fault
from automation.evidence.verify.findings import Finding
from automation.evidence.verify.inventory import Listing, Stop, read


def disagreements(result: Result, statement: SignedStatement | None, listing: Listing) -> Iterator[Finding]:
    """Where the result of a visit says otherwise than the statement that seals it, or than the files beside it."""
    if statement is not None:
        said = statement.predicate
        pairs = (
            ("account", result.account, said.account),
            ("verdict", {result.verdict.value: 1}, dict(said.verdicts)),
            ("outcome", result.outcome.value, said.outcome),
        )
        for name, told, sealed in pairs:
            if told != sealed:
                yield Finding(Fault.RESULT_DIFFERS, name, f"{_shown(told)} ≠ {_shown(sealed)}")
    payload = {path: digest for path, digest in listing.digests.items() if path.startswith(f"{names.PAYLOAD}/")}
    payload.pop(names.RESULT, None)
    listed = {artifact.path: artifact.sha256 for artifact in result.evidence}
    for path in sorted(payload.keys() | listed.keys()):
        if payload.get(path) != listed.get(path):
            yield Finding(Fault.LIST_DIFFERS, path)
    shown = {step.picture for step in result.steps if step.picture}
    shown |= {signal.picture for signal in result.signals if signal.picture}
    for path in sorted(shown - payload.keys()):
        yield Finding(Fault.LIST_DIFFERS, path)


def bag_disagreements(folder: Path, statement: SignedStatement, listing: Listing) -> Iterator[Finding]:
    """Where BagIt's own files, which are as they were listed, say otherwise than the statement, or than the payload."""
    said = statement.predicate
    payload = [path for path in listing.digests if path.startswith(f"{names.PAYLOAD}/")]
    try:
        size_bytes = sum((folder / path).stat().st_size for path in payload)
        info, bagit = read(folder, names.BAG_INFO), read(folder, names.BAGIT)
    except (OSError, Stop):  # it was there a moment ago
        yield Finding(Fault.FILE_UNREADABLE, names.BAG_INFO)
        return
    told = bag_info(said.bundle, said.opened_at, size_bytes, len(payload)).splitlines()[1:]
    for path, same in ((names.BAG_INFO, info.splitlines()[1:] == told), (names.BAGIT, bagit == names.BAGIT_TEXT)):
        if not same:
            yield Finding(Fault.SUBJECT_DIFFERS, path)


def _shown(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, dict) else str(value)
