"""Sealing a run once its results and reports are written: a signed document beside them, and a line in the ledger."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from automation.evidence.formats import dsse, names
from automation.evidence.formats.encoding import now, sha256, sha256_of
from automation.evidence.formats.ledger_line import RUN
from automation.evidence.formats.run_document import RunDocumentSeal
from automation.evidence.formats.statement import tool
from automation.evidence.write.sealer import Sealer, token_files
from automation.storage.files import write_whole, writing


def seal_run(folder: Path, sealer: Sealer, *, operator: str = "", case: str = "") -> Path:
    """
    Seal the results and reports of a run; then have the ledger's new end stamped, where authorities are configured.

    Args:
        folder: the run's, inside the sealer's evidence folder, with everything written.
        sealer: of that evidence folder.
        operator: who made the run.
        case: number or name of the audit's case.

    Returns:
        The run document.

    Raises:
        OutputError: something cannot be read or written.
        BundleError: the ledger is damaged.
    """
    target = folder / names.RUN_DOCUMENT
    with sealer.ledger.locked(sealer.keys) as tip:
        key = sealer.keys.signing()
        with writing(folder):
            document = RunDocumentSeal(
                run=folder.name,
                operator=operator,
                case=case,
                files={path.name: sha256_of(path) for path in _files(folder)},
                bundles={path.name: sha256_of(path / names.ENVELOPE) for path in _bundles(folder)},
                sealed_at=now(),
                tool=tool(),
            )
        envelope = dsse.sign(document.encoded(), dsse.RUN, key)
        line = tip.next(sealer.ledger.relative(target), sha256(envelope), RUN)
        sealer.ledger.append(line, key, lambda: write_whole(target, envelope))
        with writing(sealer.ledger.head):
            head = sealer.ledger.head.read_bytes()
    _keep_head(folder, head, sealer)
    return target


def _keep_head(folder: Path, head: bytes, sealer: Sealer) -> None:
    """Keep the ledger's end of now beside the run, with a token of each authority that answers."""
    write_whole(folder / names.RUN_HEAD, head)
    for name, data in token_files(sealer.stamps(head), names.head_token).items():
        write_whole(folder / name, data)


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if (path.name == names.RESULTS or names.REPORT.fullmatch(path.name)) and path.is_file():
            yield path


def _bundles(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if names.BUNDLE.fullmatch(path.name) and (path / names.ENVELOPE).is_file():
            yield path
