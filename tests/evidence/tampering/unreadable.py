"""Acts of anybody who has the files: links, and what keeps a verifier busy for ever."""

from __future__ import annotations

import os

from automation.evidence.formats import names
from automation.evidence.verify.findings import Fault
from tests.evidence.building import Place
from tests.evidence.tampering.acts import by_anybody, named
from tests.evidence.tampering.results import results_removed, run_document_removed


@by_anybody(Fault.SYMLINK)
def run_behind_a_link(place: Place) -> None:
    """The run lies elsewhere, and a link in its place."""
    elsewhere = place.folder / "elsewhere"
    (place.root / "run-2").rename(elsewhere)
    (place.root / "run-2").symlink_to(elsewhere)


@by_anybody(Fault.SYMLINK)
def bundle_behind_a_link(place: Place) -> None:
    """The bundle lies elsewhere, and a link in its place."""
    found, elsewhere = named(place, "run-1", "paul-facebook"), place.folder / "elsewhere"
    found.rename(elsewhere)
    found.symlink_to(elsewhere)


@by_anybody(Fault.SYMLINK)
def link_to_a_run(place: Place) -> None:
    """A link beside the runs shows one of them a second time."""
    (place.root / "run-7").symlink_to("run-1")


@by_anybody(Fault.SYMLINK)
def link_to_nowhere(place: Place) -> None:
    """A link that leads to nothing."""
    (place.root / "run-7").symlink_to(place.folder / "nowhere")


@by_anybody(Fault.NOT_A_FILE)
def pipe_in_a_run(place: Place) -> None:
    """A pipe among the bundles."""
    os.mkfifo(place.root / "run-1" / "pipe")


@by_anybody(Fault.SYMLINK)
def ledger_behind_a_link(place: Place) -> None:
    """The ledger is a link."""
    moved = place.folder / "ledger-elsewhere"
    place.ledger.path.rename(moved)
    place.ledger.path.symlink_to(moved)


@by_anybody(Fault.LEDGER_MALFORMED)
def ledger_is_a_folder(place: Place) -> None:
    """A folder in the ledger's place."""
    place.ledger.path.unlink()
    place.ledger.path.mkdir()


@by_anybody(Fault.SYMLINK)
def head_behind_a_link(place: Place) -> None:
    """The head is a link."""
    moved = place.folder / "head-elsewhere"
    place.ledger.head.rename(moved)
    place.ledger.head.symlink_to(moved)


@by_anybody(Fault.NOT_A_FILE)
def results_are_a_pipe(place: Place) -> None:
    """Whoever reads the run's results waits for ever."""
    results_removed(place)
    os.mkfifo(place.root / "run-1" / names.RESULTS)


@by_anybody(Fault.NOT_A_FILE)
def unsealed_results_are_a_pipe(place: Place) -> None:
    """The same in a run that nothing seals."""
    run_document_removed(place)
    results_are_a_pipe(place)


@by_anybody(Fault.TOO_LARGE)
def results_with_a_hole(place: Place) -> None:
    """The run's results claim to be larger than any disk."""
    os.truncate(place.root / "run-1" / names.RESULTS, 1 << 40)


@by_anybody(Fault.RUN_DOCUMENT_MISSING)
def unsealed_results_with_a_hole(place: Place) -> None:
    """The same in a run that nothing seals: a result that never ends."""
    run_document_removed(place)
    results_with_a_hole(place)


@by_anybody(Fault.RUN_DOCUMENT_MISSING)
def unsealed_results_of_nothing(place: Place) -> None:
    """A file without any content, and of any size, in a run that nothing seals."""
    run_document_removed(place)
    (place.root / "run-1" / names.RESULTS).write_bytes(b"")
    results_with_a_hole(place)


@by_anybody(Fault.TOO_LARGE)
def report_with_a_hole(place: Place) -> None:
    """A report claims to be larger than any disk."""
    os.truncate(place.root / "run-1" / "report.en.html", 1 << 40)
