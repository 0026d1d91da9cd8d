"""Acts of who has the key: everything is signed again, and the ledger made to fit."""

from __future__ import annotations

import json
import shutil
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from automation.core.verdicts import Verdict
from automation.evidence.formats import names
from automation.evidence.formats.ledger_line import Tip
from automation.evidence.formats.signed import Previous
from automation.evidence.verify.findings import Fault
from automation.evidence.write.sealer import seal_run
from tests.edits import edit
from tests.evidence.building import PICTURE, Place
from tests.evidence.tampering.acts import (
    DAYS,
    beside,
    by_the_keys_holder,
    cut_ledger,
    last_of,
    line_of,
    lines_of,
    named,
    relinked,
    resealed,
    set_back,
    statement_in,
    write_lines,
)
from tests.evidence.tampering.results import report_altered, results_verdict_altered

if TYPE_CHECKING:
    from collections.abc import Callable


@by_the_keys_holder(Fault.RESULT_DIFFERS)
def statement_of_another_verdict(place: Place) -> None:
    """The statement counts a verdict that the result does not give."""
    resealed(last_of(place), place, verdicts={"objected": 1})


@by_the_keys_holder(Fault.RESULT_DIFFERS)
def statement_of_another_account(place: Place) -> None:
    """The statement names another account than the result."""
    resealed(last_of(place), place, account="rita-facebook")


@by_the_keys_holder(Fault.RESULT_DIFFERS)
def statement_of_another_outcome(place: Place) -> None:
    """Statement and ledger say ok where the result is a finding."""
    last = last_of(place)
    place.sign_again(last, outcome="ok")
    relinked(place, outcome=lambda line: "ok" if line.bundle.endswith(last.name) else line.outcome)


@by_the_keys_holder(Fault.OUTCOME_DIFFERS)
def ledger_of_another_outcome(place: Place) -> None:
    """The ledger's line says ok where statement and result are a finding."""
    last = last_of(place)
    relinked(place, outcome=lambda line: "ok" if line.bundle.endswith(last.name) else line.outcome)


@by_the_keys_holder(Fault.BUNDLE_ELSEWHERE)
def statement_of_another_run(place: Place) -> None:
    """The statement names another run."""
    resealed(last_of(place), place, run="run-8")


@by_the_keys_holder(Fault.BUNDLE_ELSEWHERE)
def statement_of_another_folder(place: Place) -> None:
    """The statement names another bundle."""
    resealed(last_of(place), place, bundle="2026-01-01T000000Z_atelier-facebook_00000000")


@by_the_keys_holder(Fault.NOT_IN_LEDGER)
def statement_at_another_place(place: Place) -> None:
    """The statement claims an earlier place in the ledger."""
    resealed(last_of(place), place, sequence=1)


@by_the_keys_holder(Fault.LINK_DIFFERS)
def statement_after_another_bundle(place: Place) -> None:
    """The statement names another bundle before it."""
    last = last_of(place)
    before = statement_in(last).previous.model_copy(update={"envelope_sha256": "0" * 64})
    resealed(last, place, previous=before)


@by_the_keys_holder(Fault.SCHEMA_BROKEN)
def result_key_doubled(place: Place) -> None:
    """A key stands twice in `result.json`; readers differ in which they take."""
    last = last_of(place)
    edit(last / names.RESULT, '"verdict":', '"verdict": "objected",\n  "verdict":')
    resealed(last, place)


@by_the_keys_holder(Fault.RESULT_DIFFERS)
def result_verdict_altered(place: Place) -> None:
    """The result is another one, sealed anew; the statement is as it was."""
    last = last_of(place)
    edit(last / names.RESULT, '"verdict": "not_objected"', '"verdict": "objected"')
    resealed(last, place)


def _evidence_list(place: Place, change: Callable[[list[dict[str, Any]]], None]) -> None:
    last = last_of(place)
    plain = json.loads((last / names.RESULT).read_text())
    change(plain["evidence"])
    (last / names.RESULT).write_text(json.dumps(plain, ensure_ascii=False, indent=2) + "\n")
    resealed(last, place)


@by_the_keys_holder(Fault.LIST_DIFFERS)
def evidence_list_with_wrong_digests(place: Place) -> None:
    """The result's list of its evidence gives other digests than the files have."""
    _evidence_list(place, lambda listed: listed[0].update(sha256="0" * 64))


@by_the_keys_holder(Fault.LIST_DIFFERS)
def evidence_list_with_a_file_that_is_not_there(place: Place) -> None:
    """The result's list names a picture that nobody has."""
    _evidence_list(place, lambda listed: listed.append({**listed[0], "path": "data/pictures/09-proof.png"}))


@by_the_keys_holder(Fault.LIST_DIFFERS)
def evidence_list_cut(place: Place) -> None:
    """A file of the bundle is not on the result's list."""
    _evidence_list(place, lambda listed: listed.clear())


@by_the_keys_holder(Fault.LIST_DIFFERS)
def signal_of_a_picture_that_is_not_there(place: Place) -> None:
    """A step shows a picture that the bundle does not hold."""
    last = last_of(place)
    edit(last / names.RESULT, '"picture": "data/pictures/01-form_a.png"', '"picture": "data/pictures/09-proof.png"')
    resealed(last, place)


@by_the_keys_holder(Fault.NOT_IN_LEDGER)
def history_made_anew_without_a_bundle(place: Place) -> None:
    """The whole ledger is written and signed anew without one bundle; the other bundles are as they were."""
    gone = named(place, "run-2", "paul-facebook")
    shutil.rmtree(gone)
    write_lines(place, (line for line in lines_of(place) if gone.name not in line))
    relinked(place)


@by_the_keys_holder(Fault.REMOVED_BUT_HERE)
def removal_of_what_is_still_there(place: Place) -> None:
    """A signed line says that a bundle was removed; it is there."""
    line = next(one for one in map(line_of, lines_of(place)) if "_paul-facebook_" in one.bundle)
    _append(place, line.bundle, line.envelope_sha256, "removed")


@by_the_keys_holder(Fault.REMOVED_UNKNOWN)
def removal_of_what_never_was(place: Place) -> None:
    """A signed line tells of the removal of a bundle that no line tells of."""
    _append(place, "run-1/2026-01-01T000000Z_atelier-facebook_00000000", "0" * 64, "removed")


def _removed_by_the_holder(place: Place, run: str, account: str) -> None:
    """A bundle is gone, and a signed line says that it was removed by intent."""
    gone = named(place, run, account)
    line = next(one for one in map(line_of, lines_of(place)) if one.bundle.endswith(gone.name))
    shutil.rmtree(gone)
    _append(place, line.bundle, line.envelope_sha256, "removed")


@by_the_keys_holder(Fault.REMOVED_OUT_OF_ORDER)
def newest_bundle_removed(place: Place) -> None:
    """The newest answer of an account was unwelcome; a signed line calls it removed by intent."""
    _removed_by_the_holder(place, "run-2", "paul-facebook")


@by_the_keys_holder(Fault.REMOVED_OUT_OF_ORDER)
def bundle_in_the_middle_removed(place: Place) -> None:
    """The same with one between two that stay."""
    _removed_by_the_holder(place, "run-2", "atelier-facebook")


@by_the_keys_holder(Fault.REMOVED_OUT_OF_ORDER)
def every_bundle_of_an_account_removed(place: Place) -> None:
    """One after the other, in their order, to the last."""
    for run in ("run-1", "run-2"):
        _removed_by_the_holder(place, run, "paul-facebook")


@by_the_keys_holder(Fault.REMOVED_UNKNOWN)
def bundle_removed_twice(place: Place) -> None:
    """A second removal of one bundle would stand for another."""
    _removed_by_the_holder(place, "run-1", "paul-facebook")
    line = line_of(lines_of(place)[-1])
    _append(place, line.bundle, line.envelope_sha256, "removed")


@by_the_keys_holder(Fault.BUNDLE_MISSING)
def line_of_what_never_was(place: Place) -> None:
    """A signed line tells of a bundle that is not there."""
    _append(place, "run-1/2026-01-01T000000Z_atelier-facebook_00000000", "0" * 64, "ok")


def _append(place: Place, bundle: str, digest: str, outcome: str) -> None:
    last = line_of(lines_of(place)[-1])
    added = Tip(Previous(sequence=last.seq, line_sha256=last.digest), last.at).next(bundle, digest, outcome)
    write_lines(place, (*lines_of(place), added.encoded().decode() + "\n"))
    place.ledger._sign(added, place.keys.signing())


@by_the_keys_holder(Fault.RESULTS_DIFFER)
def results_altered_and_sealed_again(place: Place) -> None:
    """The run's results say objected, sealed by the real key; the bundle says refused."""
    results_verdict_altered(place)
    seal_run(place.root / "run-1", place.sealer)


@by_the_keys_holder(Fault.REPORT_DIFFERS)
def report_of_another_answer(place: Place) -> None:
    """Results and bundle say refused; the report that the real key sealed with them says objected."""
    from tests.evidence.building import sealed_without_its_line

    edit(place.root / "run-3" / "report.en.html", "not_objected", "objected")
    sealed_without_its_line(place, "run-3")


@by_the_keys_holder(Fault.RESULT_DIFFERS)
def folder_of_another_account(place: Place) -> None:
    """A bundle is called after an account that nobody visited; its statement and the ledger say so, too."""
    last = last_of(place)
    other = last.rename(last.with_name(last.name.replace("_atelier-facebook_", "_rita-facebook_")))
    place.sign_again(other, bundle=other.name)
    relinked(place, bundle=lambda line: line.bundle.replace(last.name, other.name))


@by_the_keys_holder(Fault.IN_THE_FUTURE)
def moments_of_next_year(place: Place) -> None:
    """Everything about the last bundle is dated 300 days ahead, its line and the ledger's head as well."""
    last = last_of(place)
    set_back(place, last, offset_ms=None, by=-timedelta(days=300))
    relinked(place, at=lambda line: line.at + timedelta(days=300) if line.bundle.endswith(last.name) else line.at)


@by_the_keys_holder(Fault.RUN_SEALED_AGAIN)
def run_sealed_a_second_time(place: Place) -> None:
    """A report was altered, and the run sealed again by the real key."""
    report_altered(place)
    seal_run(place.root / "run-1", place.sealer)


@beside(Fault.FILE_ADDED)
def copy_with_another_history(place: Place) -> None:
    """Inside the folder is a copy of it as it was, whose ledger goes on with another run."""
    other = place.copy_to(place.folder / "copy")
    cut_ledger(other, 2, with_bundles=True)
    shutil.rmtree(other.root / "run-3")
    other.run("run-4", {"atelier-facebook": Verdict.REFUSED})
    other.root.rename(place.root / "copy")


def _with_picture(place: Place, data: bytes) -> None:
    last = last_of(place)
    (last / "data" / "pictures" / "01-form_a.png").write_bytes(data)
    place.list_again(last)
    resealed(last, place)


@by_the_keys_holder(Fault.PICTURE_BROKEN)
def picture_emptied(place: Place) -> None:
    """A picture of the last bundle is an empty file; list, manifests and signature fit."""
    _with_picture(place, b"")


@by_the_keys_holder(Fault.PICTURE_BROKEN)
def picture_with_something_behind_it(place: Place) -> None:
    """After the end of a picture stands a second one, which only some programs show."""
    _with_picture(place, PICTURE + PICTURE)


@by_the_keys_holder(Fault.SCHEMA_BROKEN)
def result_with_a_number_that_json_has_not(place: Place) -> None:
    """`result.json` holds NaN: some readers take it for nothing, some refuse the whole."""
    last = last_of(place)
    edit(last / names.RESULT, "{\n", '{\n  "more": NaN,\n')
    resealed(last, place)


@by_the_keys_holder(Fault.SUBJECT_DIFFERS)
def bag_info_of_another_day(place: Place) -> None:
    """BagIt's own description gives another day than the signed statement."""
    last = last_of(place)
    info = (last / names.BAG_INFO).read_bytes()
    place.sign_again(last, bag=info.replace(b"Bagging-Date: 2", b"Bagging-Date: 1"))
    relinked(place)


@by_the_keys_holder(Fault.OUTSIDE_WINDOW)
def moments_apart_from_the_line(place: Place) -> None:
    """No authority was asked, and every moment of the last bundle is two days before its line was written."""
    set_back(place, last_of(place), offset_ms=None)


@by_the_keys_holder(Fault.OUTSIDE_WINDOW)
def moments_ahead_of_the_line(place: Place) -> None:
    """The same two days after its line was written."""
    set_back(place, last_of(place), offset_ms=None, by=-DAYS)


@by_the_keys_holder(Fault.HEAD_OF_ANOTHER)
def head_of_another_ledger_in_a_run(place: Place) -> None:
    """The ledger was made anew; what a run kept of its end is of the old one."""
    removed = named(place, "run-3", "atelier-facebook")
    relinked(place, outcome=lambda line: "incomplete" if line.bundle.endswith(removed.name) else line.outcome)
