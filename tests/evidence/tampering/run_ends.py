"""Acts against the end of a run: its document's stamps; and, in the first form, the ledger's end that was kept beside it."""

from __future__ import annotations

import os
import shutil

from automation.evidence.formats import dsse, names
from automation.evidence.formats.ledger_line import RUN
from automation.evidence.formats.signed import RunDocumentSeal, now, sha256, sha256_of, tool
from automation.evidence.verify.findings import Fault
from automation.evidence.write.sealer import token_files
from automation.storage.files import write_whole
from tests.edits import edit
from tests.evidence.building import Place
from tests.evidence.tampering.acts import Act, by_anybody, of_first_form, of_stamped


def seal_in_the_first_form(place: Place, run: str) -> None:
    """Seal a run as it was done at first: the ledger's end in a file of its own, with stamps that no line names."""
    folder, key = place.root / run, place.keys.signing()
    with place.ledger.locked(place.keys) as tip:
        document = RunDocumentSeal(
            run=run,
            operator="",
            case="",
            files={path.name: sha256_of(path) for path in folder.iterdir() if path.is_file()},
            bundles={path.name: sha256_of(path / names.ENVELOPE) for path in folder.iterdir() if path.is_dir()},
            sealed_at=now(),
            tool=tool(),
            schema_="temoin.run-seal/1",
        )
        envelope, target = dsse.sign(document.encoded(), dsse.RUN, key), folder / names.RUN_DOCUMENT
        line = tip.next(place.ledger.relative(target), sha256(envelope), RUN)
        place.ledger.append(line, key, lambda: write_whole(target, envelope))
    head = place.ledger.head.read_bytes()
    files = {names.RUN_HEAD: head, **token_files(place.sealer.stamps(head), names.head_token)}
    for name, data in files.items():
        (folder / name).write_bytes(data)


@of_stamped(Fault.TWO_HISTORIES)
def piece_altered(place: Place) -> None:
    """The piece of the ledger that a run carries tells of another outcome."""
    edit(place.root / "run-1" / names.RUN_LEDGER, '"outcome":"finding"', '"outcome":"ok"')


def _copied(place: Place, *files: str) -> None:
    for name in files:
        shutil.copy(place.root / "run-2" / name, place.root / "run-1" / name)


@by_anybody(Fault.TWO_HISTORIES)
def piece_of_another_run(place: Place) -> None:
    """A run carries what proves another one, genuine to the last byte."""
    _copied(place, names.RUN_LEDGER, names.RUN_HEAD)


@by_anybody(Fault.HEAD_DIFFERS)
def head_of_another_run(place: Place) -> None:
    """The piece of the ledger that a run carries has the head of another run's."""
    _copied(place, names.RUN_HEAD)


@by_anybody(Fault.HEAD_NOT_TRUSTED)
def head_by_another_key(place: Place) -> None:
    """The head of the piece that a run carries says the same, signed by somebody else."""
    path = place.root / "run-1" / names.RUN_HEAD
    payload = dsse.opened(path.read_bytes(), dsse.LEDGER_HEAD).payload
    path.write_bytes(dsse.sign(payload, dsse.LEDGER_HEAD, Place(place.folder / "foreign").keys.signing()))


@by_anybody(Fault.TWO_HISTORIES)
def piece_cut_at_its_beginning(place: Place) -> None:
    """The piece of the ledger that a run carries begins after its first bundle."""
    path = place.root / "run-1" / names.RUN_LEDGER
    path.write_text("".join(path.read_text().splitlines(keepends=True)[1:]))


@by_anybody(Fault.RUN_DOCUMENT_DIFFERS)
def piece_cut_at_its_end(place: Place) -> None:
    """The piece of the ledger that a run carries ends before the line of its document."""
    path = place.root / "run-1" / names.RUN_LEDGER
    path.write_text("".join(path.read_text().splitlines(keepends=True)[:-1]))


@of_first_form(Fault.HEAD_MISSING)
def end_taken_away(place: Place) -> None:
    """The ledger's end beside a run is gone, with its stamps."""
    for path in (place.root / "run-1").glob("run.head*"):
        path.unlink()


@of_first_form(Fault.HEAD_MISSING)
def end_taken_away_without_its_stamps(place: Place) -> None:
    """The ledger's end beside a run is gone; its stamps are there."""
    (place.root / "run-1" / names.RUN_HEAD).unlink()


@of_first_form(Fault.RUN_DOCUMENT_DIFFERS)
def end_of_another_run(place: Place) -> None:
    """A run has the ledger's end of another run, stamped, signed and of this very ledger."""
    for path in (place.root / "run-1").glob("run.head*"):
        shutil.copy(place.root / "run-2" / path.name, path)


@of_first_form(Fault.TOO_LARGE)
def end_blown_up(place: Place) -> None:
    """The ledger's end beside a run claims to be larger than any disk."""
    os.truncate(place.root / "run-1" / names.RUN_HEAD, 1 << 40)


@of_first_form(Fault.RUN_DOCUMENT_DIFFERS)
def end_garbled(place: Place) -> None:
    """The ledger's end beside a run is a text."""
    (place.root / "run-1" / names.RUN_HEAD).write_text("All accounts have objected.")


@of_first_form(Fault.TOKEN_NOT_ACCOUNTED)
def end_without_its_stamps(place: Place) -> None:
    """Only the stamps of the ledger's end are gone: authorities stamped the bundles, and did not stamp this."""
    for path in (place.root / "run-1").glob("run.head-*"):
        path.unlink()


@of_first_form(Fault.TOKEN_NOT_ACCOUNTED)
def end_without_one_of_its_stamps(place: Place) -> None:
    """One authority's stamp of the ledger's end is gone."""
    for path in (place.root / "run-1").glob("run.head-beta.*"):
        path.unlink()


@of_stamped(Fault.TOKEN_TAKEN_AWAY)
def run_stamps_taken_away(place: Place) -> None:
    """The stamps of a run's document are gone."""
    for path in (place.root / "run-1").glob("run-*.ts?"):
        path.unlink()


@of_stamped(Fault.TOKEN_TAKEN_AWAY)
def one_run_stamp_taken_away(place: Place) -> None:
    """One authority's stamp of a run's document is gone."""
    for path in (place.root / "run-1").glob("run-beta.ts?"):
        path.unlink()


@of_stamped(Fault.FILE_MISSING)
def run_stamp_without_its_request(place: Place) -> None:
    """What the authority was asked is gone."""
    (place.root / "run-1" / "run-alpha.tsq").unlink()


@of_stamped(Fault.TOKEN_EXCHANGED)
def run_stamps_of_later(place: Place) -> None:
    """The run's document was stamped anew, a second later."""
    import time

    run = place.root / "run-1"
    time.sleep(1.1)  # tokens count whole seconds
    data = (run / names.RUN_DOCUMENT).read_bytes()
    for name, token in token_files(place.sealer.stamps(data), names.run_token).items():
        (run / name).write_bytes(token)


def _blown_up(name: str, file: str) -> Act:
    def act(place: Place) -> None:
        """It claims to be larger than any disk."""
        os.truncate(place.root / "run-1" / file, 1 << 40)

    act.__name__ = f"{name}_blown_up"
    return act


for _name, _file in {"run_document": names.RUN_DOCUMENT, "run_stamp": "run-alpha.tsr"}.items():
    of_stamped(Fault.TOO_LARGE)(_blown_up(_name, _file))
