"""What acts against a folder of evidence have in common: their tables, and the tools of who does them."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from automation.evidence.formats import names
from automation.evidence.formats.ledger_line import Line, read_line
from automation.evidence.formats.signed import read_statement
from tests.evidence.building import Place

if TYPE_CHECKING:
    from pathlib import Path

    from automation.evidence.verify.findings import Fault

Act = Callable[[Place], None]
DAYS = timedelta(days=2)
BY_ANYBODY: dict[Act, Fault] = {}
"""Act → the fault that names it, beside others."""
BY_THE_KEYS_HOLDER: dict[Act, Fault] = {}
BESIDE: dict[Act, Fault] = {}
"""Something is put beside the evidence, which stays as it was: named, and a finding where that is asked for."""
OF_STAMPED: dict[Act, Fault] = {}
"""Of a place whose bundles two real authorities stamped."""
OF_FIRST_FORM: dict[Act, Fault] = {}
"""Of the same place, its runs sealed as they were at first."""


def _named_by(acts: dict[Act, Fault], fault: Fault) -> Callable[[Act], Act]:
    def note(act: Act) -> Act:
        acts[act] = fault
        return act

    return note


by_anybody = partial(_named_by, BY_ANYBODY)
by_the_keys_holder = partial(_named_by, BY_THE_KEYS_HOLDER)
beside = partial(_named_by, BESIDE)
of_stamped = partial(_named_by, OF_STAMPED)
of_first_form = partial(_named_by, OF_FIRST_FORM)


def named(place: Place, run: str, account: str) -> Path:
    """The bundle of an account in a run."""
    return next(path for path in place.bundles() if path.parent.name == run and f"_{account}_" in path.name)


def lines_of(place: Place) -> list[str]:
    """The ledger's lines, as they stand there."""
    return place.ledger.path.read_text().splitlines(keepends=True)


def write_lines(place: Place, lines: Iterable[str]) -> None:
    """Write a ledger's lines, and no head."""
    place.ledger.path.write_text("".join(lines))


def line_of(text: str) -> Line:
    """A line of the ledger, read."""
    return read_line(text.rstrip("\n").encode())


def cut_ledger(place: Place, count: int, *, with_bundles: bool = False) -> None:
    """Cut lines off and sign the head of what is left, as it was then."""
    gone = lines_of(place)[-count:]
    write_lines(place, lines_of(place)[:-count])
    place.ledger._sign(line_of(lines_of(place)[-1]), place.keys.signing())
    for line in map(line_of, gone) if with_bundles else ():
        path = place.root / line.bundle
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()


def twin(path: Path, name: str) -> None:
    """A second file beside one."""
    shutil.copy(path, path.with_name(name))


def resealed(folder: Path, place: Place, **changes: Any) -> None:
    """A bundle with other words in its statement, signed with the real key, and a ledger made to fit."""
    place.sign_again(folder, **changes)
    relinked(place)


def relinked(place: Place, **changes: Callable[[Line], Any]) -> None:
    """
    The ledger as it would have been written for the bundles as they are now: digests, links and head all fit.

    Args:
        place: where.
        changes: field of a line → its new value.
    """
    made: list[Line] = []
    for line in map(line_of, lines_of(place)):
        envelope = place.root / line.bundle
        envelope = envelope / names.ENVELOPE if envelope.is_dir() else envelope
        digest = place.digest(envelope) if envelope.exists() else line.envelope_sha256
        more = {key: change(line) for key, change in changes.items()}
        before = made[-1].digest if made else None
        made.append(
            line.model_copy(update={"seq": len(made) + 1, "envelope_sha256": digest, "prev_sha256": before, **more})
        )
    write_lines(place, (line.encoded().decode() + "\n" for line in made))
    place.ledger._sign(made[-1], place.keys.signing())


def statement_in(folder: Path) -> Any:
    """What a bundle's statement says."""
    return read_statement((folder / names.STATEMENT).read_bytes()).predicate


def last_of(place: Place) -> Path:
    """The last bundle: no later statement names its seal."""
    return place.bundles()[-1]


def set_back(place: Place, folder: Path, *, offset_ms: int | None, by: timedelta = DAYS) -> None:
    """Every moment of a bundle is earlier, and sealed anew."""
    from tests.evidence.building import moments_moved

    moments_moved(folder, -by)
    said = statement_in(folder)
    changes: dict[str, Any] = {"opened_at": said.opened_at - by, "sealed_at": said.sealed_at - by}
    if offset_ms is not None:
        changes["clock_offset_ms"] = offset_ms
    place.sign_again(folder, **changes)
    relinked(place)
