"""Acts of anybody who has the files: the ledger and its head."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from automation.evidence.formats.ledger_line import Tip, read_line
from automation.evidence.formats.signed import Previous
from automation.evidence.verify.findings import Fault
from tests.evidence.tampering.acts import beside, by_anybody, cut_ledger, line_of, lines_of, named, twin, write_lines
from tests.evidence.tampering.bundles import bundle_copied_beside, bundle_removed

if TYPE_CHECKING:
    from tests.evidence.building import Place


@by_anybody(Fault.NOT_PROVABLE)
def ledger_and_head_removed(place: Place) -> None:
    """No trace of a ledger; all bundles are there."""
    place.ledger.path.unlink()
    place.ledger.head.unlink()


@by_anybody(Fault.NOT_PROVABLE)
def ledger_head_and_a_bundle_removed(place: Place) -> None:
    """No trace of a ledger, and a bundle in the middle is gone."""
    shutil.rmtree(named(place, "run-2", "paul-facebook"))
    ledger_and_head_removed(place)


@by_anybody(Fault.NOT_PROVABLE)
def ledger_head_and_the_first_bundle_removed(place: Place) -> None:
    """No trace of a ledger, and the first bundle is gone."""
    shutil.rmtree(place.bundles()[0])
    ledger_and_head_removed(place)


@by_anybody(Fault.LEDGER_MISSING)
def ledger_removed_head_kept(place: Place) -> None:
    """Only the head is left."""
    place.ledger.path.unlink()


@by_anybody(Fault.HEAD_MISSING)
def head_removed(place: Place) -> None:
    """Only the lines are left."""
    place.ledger.head.unlink()


@by_anybody(Fault.HEAD_DIFFERS)
def last_line_removed(place: Place) -> None:
    """The ledger's last line is gone; the head stays."""
    write_lines(place, lines_of(place)[:-1])


@by_anybody(Fault.LEDGER_GAP)
def line_removed_in_the_middle(place: Place) -> None:
    """A line is gone, and its bundle with it."""
    shutil.rmtree(place.bundles()[1])
    lines = lines_of(place)
    write_lines(place, lines[:1] + lines[2:])


@by_anybody(Fault.LEDGER_GAP)
def lines_exchanged(place: Place) -> None:
    """Two lines have changed places."""
    one, two, three, *more = lines_of(place)
    write_lines(place, (one, three, two, *more))


@by_anybody(Fault.LEDGER_GAP)
def line_doubled(place: Place) -> None:
    """The last line stands twice."""
    lines = lines_of(place)
    write_lines(place, (*lines, lines[-1]))


@by_anybody(Fault.HEAD_DIFFERS)
def last_lines_outcome_altered(place: Place) -> None:
    """The last line says ok where it said finding."""
    lines = lines_of(place)
    write_lines(place, (*lines[:-1], lines[-1].replace('"outcome":"', '"outcome":"not-')))


@by_anybody(Fault.HEAD_BEYOND)
def tail_cut_with_an_earlier_head(place: Place) -> None:
    """Ledger and head as they were two bundles ago; the bundles stay."""
    cut_ledger(place, 2)


@by_anybody(Fault.BUNDLE_MISSING)
def removal_planned(place: Place) -> None:
    """An unfinished act beside the ledger seems to explain that a bundle is gone."""
    bundle_removed(place)
    line = read_line(lines_of(place)[-1].rstrip("\n").encode())
    planned = line.model_copy(update={"seq": line.seq + 1, "prev_sha256": line.digest, "outcome": "removed"})
    (place.root / "ledger.pending.json").write_bytes(planned.encoded())


@by_anybody(Fault.HEAD_DIFFERS)
def removal_line_added(place: Place) -> None:
    """A line says that a bundle was removed by intent; the head does not know of it."""
    found = named(place, "run-1", "paul-facebook")
    line = read_line(lines_of(place)[-1].rstrip("\n").encode())
    told = next(one for one in map(line_of, lines_of(place)) if one.bundle.endswith(found.name))
    added = Tip(Previous(sequence=line.seq, line_sha256=line.digest), line.at).next(
        told.bundle, told.envelope_sha256, "removed"
    )
    shutil.rmtree(found)
    write_lines(place, (*lines_of(place), added.encoded().decode() + "\n"))


@by_anybody(Fault.NOT_PROVABLE)
def bundle_doubled_without_a_ledger(place: Place) -> None:
    """No trace of a ledger, and a bundle stands twice."""
    bundle_copied_beside(place)
    ledger_and_head_removed(place)


@beside(Fault.FILE_ADDED)
def ledger_twin(place: Place) -> None:
    """A second ledger whose name differs in capitals alone."""
    twin(place.ledger.path, "Ledger.jsonl")
