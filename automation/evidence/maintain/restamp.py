"""Stamping a bundle later: when no authority answered at its sealing, or a second one is wanted."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from automation.evidence.formats import names
from automation.evidence.keys.timestamps import Stamp
from automation.evidence.keys.trust import Trust
from automation.evidence.verify.findings import Fault
from automation.evidence.verify.opened import not_as_sealed
from automation.evidence.verify.reading import Source, Stop
from automation.evidence.write.sealer import Sealer, token_files
from automation.storage.files import sync_folder, write_whole, writing


@dataclass(frozen=True, slots=True)
class Restamped:
    """What came of one bundle."""

    path: str
    state: str
    """`stamped`, `already`, `unanswered`, or `refused`: it does not verify, and a stamp would lend it weight."""
    stamps: tuple[Stamp, ...] = ()
    detail: str = ""


def restamp(folder: Path, sealer: Sealer, trust: Trust | None) -> Restamped:
    """
    Ask the authorities that have not stamped this bundle to stamp it now. Their time is the honest bound.

    The tokens stand beside the seal and change nothing that was sealed. A pair of files that a crash left incomplete
    counts as absent.

    Args:
        folder: the bundle.
        sealer: asks the authorities.
        trust: whose evidence may be stamped.

    Raises:
        OutputError: the tokens cannot be written.
    """
    wanted = [authority for authority in sealer.authorities if not _has(folder, authority.name)]
    ours = {names.closing_token(a.name, suffix) for a in wanted for suffix in ("tsq", "tsr")}
    for finding in not_as_sealed(folder, trust):
        if not (finding.fault is Fault.FILE_MISSING and finding.where in ours):  # else a crash tore the pair
            return Restamped(str(folder), "refused", detail=f"{finding.fault.value} {finding.where}".strip())
    if not wanted:
        return Restamped(str(folder), "already")
    try:
        envelope = Source(folder).read(names.ENVELOPE)
    except Stop as stop:
        return Restamped(str(folder), "refused", detail=stop.finding.fault.value)
    stamps = Sealer(sealer.keys, wanted, sealer.ledger).stamps(envelope)
    for path, data in token_files(stamps, names.closing_token).items():
        beside = folder.parent / f".{folder.name}.{Path(path).name}"  # in the bundle it would be a file too many
        write_whole(beside, data, shared=True)
        with writing(folder / path):
            beside.replace(folder / path)
    with writing(folder):
        sync_folder(folder / "seal")
    return Restamped(str(folder), "stamped" if stamps else "unanswered", stamps)


def _has(folder: Path, authority: str) -> bool:
    return all((folder / names.closing_token(authority, suffix)).is_file() for suffix in ("tsq", "tsr"))
