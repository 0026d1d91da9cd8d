"""Sealing a run once its results and reports are written: a signed document beside them, and a line in the ledger."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
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
    Seal the results and reports of a run, and have the seal stamped, where authorities are configured.

    The document names the end of the ledger, so that whoever stamps it has seen that, too.

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
                files={name: sha256_of(path) for name, path in _files(folder).items()},
                bundles={path.name: sha256_of(path / names.ENVELOPE) for path in _bundles(folder)},
                sealed_at=now(),
                tool=tool(),
                previous=tip.previous,
                authorities=tuple(authority.name for authority in sealer.authorities),
            )
        envelope = dsse.sign(document.encoded(), dsse.RUN, key)
        stamps = sealer.stamps(envelope)
        line = tip.next(
            sealer.ledger.relative(target),
            sha256(envelope),
            RUN,
            min((stamp.at for stamp in stamps), default=None),
            {stamp.authority: sha256(stamp.response) for stamp in stamps},
        )
        files = {**token_files(stamps, names.run_token), names.RUN_DOCUMENT: envelope}
        sealer.ledger.append(line, key, lambda: _write(folder, files))
    return target


def name_reports(folder: Path) -> None:
    """
    Give the reports of a run their names, which they have to wait for until they are sealed.

    Raises:
        OutputError: the folder cannot be written.
    """
    with writing(folder):
        for name, path in _waiting(folder).items():
            path.replace(folder / name)


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    """The document last: once it is there, a crash leaves nothing to be added but its line."""
    name_reports(folder)
    for name, data in files.items():
        write_whole(folder / name, data)


def _files(folder: Path) -> dict[str, Path]:
    """What is to be sealed: name → where it lies now."""
    named = {path.name: path for path in folder.iterdir() if path.is_file()}
    sealed = {
        name: path
        for name, path in named.items()
        if name in {names.RESULTS, names.LOOKS} or names.REPORT.fullmatch(name)
    }
    return dict(sorted({**sealed, **_waiting(folder)}.items()))


def _waiting(folder: Path) -> dict[str, Path]:
    """Reports that were written and have no name yet."""
    found = {path.name[1:].removesuffix(names.PARTIAL): path for path in folder.glob(f".report.*{names.PARTIAL}")}
    return {name: path for name, path in found.items() if names.REPORT.fullmatch(name)}


def _bundles(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if names.BUNDLE.fullmatch(path.name) and (path / names.ENVELOPE).is_file():
            yield path
