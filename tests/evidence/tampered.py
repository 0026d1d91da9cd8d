"""
Acts against a whole folder of evidence, written as an examiner would try them from the manual alone.

Each takes an intact place and spoils it. Some need nothing but the files; those below `BY_THE_KEYS_HOLDER` use the real
key, so every digest and signature fits, and only what the files say of each other can give them away.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from automation.domain.verdicts import Verdict
from automation.evidence.formats import dsse, names
from automation.evidence.formats.ledger import Line, Tip, read_line
from automation.evidence.formats.run_document import RunDocumentSeal
from automation.evidence.formats.statement import Previous, read_statement
from automation.evidence.verify.faults import Fault
from automation.evidence.write.run_sealer import seal_run
from tests.evidence.building import PICTURE, Place

Act = Callable[[Place], None]
DAYS = timedelta(days=2)


def _runs(place: Place) -> list[Path]:
    return sorted(path for path in place.root.iterdir() if path.is_dir())


def _named(place: Place, run: str, account: str) -> Path:
    return next(path for path in place.bundles() if path.parent.name == run and f"_{account}_" in path.name)


# --- anybody who has the files: bundles ---


def bundle_copied_over_another(place: Place) -> None:
    """One account's bundle is gone, and another's stands under its name."""
    refused, good = _named(place, "run-1", "paul-facebook"), _named(place, "run-1", "atelier-facebook")
    shutil.rmtree(refused)
    shutil.copytree(good, refused)


def bundle_names_exchanged(place: Place) -> None:
    """Two bundles of one run have each other's names."""
    first, second = _named(place, "run-1", "paul-facebook"), _named(place, "run-1", "atelier-facebook")
    first.rename(first.with_name("aside"))
    second.rename(first)
    first.with_name("aside").rename(second)


def bundle_copied_beside(place: Place) -> None:
    """A second copy under a name of its own."""
    good = _named(place, "run-1", "atelier-facebook")
    shutil.copytree(good, good.with_name("2026-01-01T000000Z_atelier-facebook_00000000"))


def bundle_copied_to_another_run(place: Place) -> None:
    """The same bundle in two runs."""
    good = _named(place, "run-1", "atelier-facebook")
    shutil.copytree(good, place.root / "run-2" / good.name)


def bundle_moved_to_another_run(place: Place) -> None:
    """A bundle in the folder of another run than the one that made it."""
    good = _named(place, "run-1", "atelier-facebook")
    good.rename(place.root / "run-2" / good.name)


def bundle_moved_deeper(place: Place) -> None:
    """A bundle in a folder inside its run."""
    good = _named(place, "run-1", "atelier-facebook")
    good.parent.joinpath("older").mkdir()
    good.rename(good.parent / "older" / good.name)


def bundle_removed(place: Place) -> None:
    """A bundle is gone."""
    shutil.rmtree(_named(place, "run-1", "paul-facebook"))


def bundle_called_unfinished(place: Place) -> None:
    """A bundle is called as if the check had died."""
    found = _named(place, "run-1", "paul-facebook")
    found.rename(found.with_name(f"{found.name}{names.PARTIAL}"))


def bundle_hidden(place: Place) -> None:
    """A bundle has a name that most programs do not list."""
    found = _named(place, "run-1", "paul-facebook")
    found.rename(found.with_name(f".{found.name}"))


def bundle_emptied(place: Place) -> None:
    """Only the bundle's folder is left."""
    found = _named(place, "run-1", "paul-facebook")
    shutil.rmtree(found)
    found.mkdir()


def bundle_in_an_archive(place: Place) -> None:
    """A bundle has become a zip of itself, which nobody asked to verify."""
    found = _named(place, "run-1", "paul-facebook")
    shutil.make_archive(str(found), "zip", found)
    shutil.rmtree(found)


def run_renamed(place: Place) -> None:
    """A run has another name."""
    (place.root / "run-2").rename(place.root / "run-9")


def run_removed(place: Place) -> None:
    """A whole run is gone."""
    shutil.rmtree(place.root / "run-2")


# --- links and places that cannot be read ---


def run_behind_a_link(place: Place) -> None:
    """The run lies elsewhere, and a link in its place."""
    elsewhere = place.folder / "elsewhere"
    (place.root / "run-2").rename(elsewhere)
    (place.root / "run-2").symlink_to(elsewhere)


def bundle_behind_a_link(place: Place) -> None:
    """The bundle lies elsewhere, and a link in its place."""
    found, elsewhere = _named(place, "run-1", "paul-facebook"), place.folder / "elsewhere"
    found.rename(elsewhere)
    found.symlink_to(elsewhere)


def link_to_a_run(place: Place) -> None:
    """A link beside the runs shows one of them a second time."""
    (place.root / "run-7").symlink_to("run-1")


def link_to_nowhere(place: Place) -> None:
    """A link that leads to nothing."""
    (place.root / "run-7").symlink_to(place.folder / "nowhere")


def pipe_in_a_run(place: Place) -> None:
    """A pipe among the bundles."""
    os.mkfifo(place.root / "run-1" / "pipe")


def ledger_behind_a_link(place: Place) -> None:
    """The ledger is a link."""
    moved = place.folder / "ledger-elsewhere"
    place.ledger.path.rename(moved)
    place.ledger.path.symlink_to(moved)


def ledger_is_a_folder(place: Place) -> None:
    """A folder in the ledger's place."""
    place.ledger.path.unlink()
    place.ledger.path.mkdir()


def head_behind_a_link(place: Place) -> None:
    """The head is a link."""
    moved = place.folder / "head-elsewhere"
    place.ledger.head.rename(moved)
    place.ledger.head.symlink_to(moved)


# --- the ledger ---


def ledger_and_head_removed(place: Place) -> None:
    """No trace of a ledger; all bundles are there."""
    place.ledger.path.unlink()
    place.ledger.head.unlink()


def ledger_head_and_a_bundle_removed(place: Place) -> None:
    """No trace of a ledger, and a bundle in the middle is gone."""
    shutil.rmtree(_named(place, "run-2", "paul-facebook"))
    ledger_and_head_removed(place)


def ledger_head_and_the_first_bundle_removed(place: Place) -> None:
    """No trace of a ledger, and the first bundle is gone."""
    shutil.rmtree(place.bundles()[0])
    ledger_and_head_removed(place)


def ledger_removed_head_kept(place: Place) -> None:
    """Only the head is left."""
    place.ledger.path.unlink()


def head_removed(place: Place) -> None:
    """Only the lines are left."""
    place.ledger.head.unlink()


def _lines(place: Place) -> list[str]:
    return place.ledger.path.read_text().splitlines(keepends=True)


def _write(place: Place, lines: Iterable[str]) -> None:
    place.ledger.path.write_text("".join(lines))


def last_line_removed(place: Place) -> None:
    """The ledger's last line is gone; the head stays."""
    _write(place, _lines(place)[:-1])


def line_removed_in_the_middle(place: Place) -> None:
    """A line is gone, and its bundle with it."""
    shutil.rmtree(place.bundles()[1])
    lines = _lines(place)
    _write(place, lines[:1] + lines[2:])


def lines_exchanged(place: Place) -> None:
    """Two lines have changed places."""
    one, two, three, *more = _lines(place)
    _write(place, (one, three, two, *more))


def line_doubled(place: Place) -> None:
    """The last line stands twice."""
    lines = _lines(place)
    _write(place, (*lines, lines[-1]))


def last_lines_outcome_altered(place: Place) -> None:
    """The last line says ok where it said finding."""
    lines = _lines(place)
    _write(place, (*lines[:-1], lines[-1].replace('"outcome":"', '"outcome":"not-')))


def tail_cut_with_an_earlier_head(place: Place) -> None:
    """Ledger and head as they were two bundles ago; the bundles stay."""
    _cut(place, 2)


def removal_planned(place: Place) -> None:
    """An unfinished act beside the ledger seems to explain that a bundle is gone."""
    bundle_removed(place)
    line = read_line(_lines(place)[-1].rstrip("\n").encode())
    planned = line.model_copy(update={"seq": line.seq + 1, "prev_sha256": line.digest, "outcome": "removed"})
    (place.root / "ledger.pending.json").write_bytes(planned.encoded())


def removal_line_added(place: Place) -> None:
    """A line says that a bundle was removed by intent; the head does not know of it."""
    found = _named(place, "run-1", "paul-facebook")
    line = read_line(_lines(place)[-1].rstrip("\n").encode())
    told = next(one for one in map(_line, _lines(place)) if one.bundle.endswith(found.name))
    added = Tip(Previous(sequence=line.seq, line_sha256=line.digest), line.at).next(
        told.bundle, told.envelope_sha256, "removed"
    )
    shutil.rmtree(found)
    _write(place, (*_lines(place), added.encoded().decode() + "\n"))


def _line(text: str) -> Line:
    return read_line(text.rstrip("\n").encode())


def _cut(place: Place, count: int, *, with_bundles: bool = False) -> None:
    """Cut lines off and sign the head of what is left, as it was then."""
    gone = _lines(place)[-count:]
    _write(place, _lines(place)[:-count])
    place.ledger._sign(_line(_lines(place)[-1]), place.keys.signing())
    for line in map(_line, gone) if with_bundles else ():
        path = place.root / line.bundle
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()


# --- results and reports ---


def _edit(path: Path, old: str, new: str, count: int = 1) -> None:
    text = path.read_text()
    assert old in text, f"{path} holds no {old}"
    path.write_text(text.replace(old, new, count))


def results_verdict_altered(place: Place) -> None:
    """A refused account is objected in the run's results."""
    _edit(place.root / "run-1" / "results.json", '"verdict": "refused"', '"verdict": "objected"')


def results_account_renamed(place: Place) -> None:
    """A result stands under another account."""
    _edit(place.root / "run-1" / "results.json", '"account": "paul-facebook"', '"account": "rita-facebook"')


def results_account_left_out(place: Place) -> None:
    """An account is missing from the run's results."""
    path = place.root / "run-1" / "results.json"
    plain = json.loads(path.read_text())
    plain["results"] = [result for result in plain["results"] if result["account"] != "paul-facebook"]
    path.write_text(json.dumps(plain, indent=2))


def results_point_at_another_bundle(place: Place) -> None:
    """A result names the bundle of another account."""
    path = place.root / "run-1" / "results.json"
    plain = json.loads(path.read_text())
    one, two = plain["results"]
    one["bundle"], two["bundle"] = two["bundle"], one["bundle"]
    path.write_text(json.dumps(plain, indent=2))


def results_key_doubled(place: Place) -> None:
    """A key stands twice; readers differ in which they take."""
    _edit(place.root / "run-1" / "results.json", '"verdict":', '"verdict": "objected", "verdict":')


def results_removed(place: Place) -> None:
    """The run's results are gone."""
    (place.root / "run-1" / "results.json").unlink()


def results_behind_a_link(place: Place) -> None:
    """The run's results are a link."""
    path = place.root / "run-1" / "results.json"
    path.rename(place.folder / "elsewhere.json")
    path.symlink_to(place.folder / "elsewhere.json")


def results_of_another_run(place: Place) -> None:
    """The results of another run stand in this one."""
    shutil.copy(place.root / "run-2" / "results.json", place.root / "run-1" / "results.json")


def report_altered(place: Place) -> None:
    """The report says something else."""
    _edit(place.root / "run-1" / "report.en.html", "</body>", "<p>All accounts have objected.</p></body>")


def report_removed(place: Place) -> None:
    """One of the reports is gone."""
    (place.root / "run-1" / "report.fr.html").unlink()


def _run_seal(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if path.is_file() and path.name.startswith("run.")]


def run_document_removed(place: Place) -> None:
    """What seals the results is gone, and a verdict altered."""
    results_verdict_altered(place)
    for path in _run_seal(place.root / "run-1"):
        path.unlink()


def run_document_of_another_run(place: Place) -> None:
    """Results, reports and what seals them are those of another run."""
    for name in (
        "results.json",
        "report.en.html",
        "report.fr.html",
        *(p.name for p in _run_seal(place.root / "run-1")),
    ):
        shutil.copy(place.root / "run-2" / name, place.root / "run-1" / name)


def run_document_garbled(place: Place) -> None:
    """What seals the run is cut in the middle."""
    path = place.root / "run-1" / names.RUN_DOCUMENT
    path.write_bytes(path.read_bytes()[:200])


def run_document_by_another_key(place: Place) -> None:
    """Altered results, sealed with a key of somebody else's."""
    results_verdict_altered(place)
    path = place.root / "run-1" / names.RUN_DOCUMENT
    old = RunDocumentSeal.decoded(dsse.opened(path.read_bytes(), dsse.RUN).payload)
    files = {**old.files, names.RESULTS: place.digest(path.with_name(names.RESULTS))}
    other = Place(place.folder / "foreign").keys.signing()
    path.write_bytes(dsse.sign(old.model_copy(update={"files": files}).encoded(), dsse.RUN, other))


def bundle_doubled_without_a_ledger(place: Place) -> None:
    """No trace of a ledger, and a bundle stands twice."""
    bundle_copied_beside(place)
    ledger_and_head_removed(place)


# --- what would be taken for evidence, or keeps a verifier busy for ever ---


def results_are_a_pipe(place: Place) -> None:
    """Whoever reads the run's results waits for ever."""
    results_removed(place)
    os.mkfifo(place.root / "run-1" / names.RESULTS)


def unsealed_results_are_a_pipe(place: Place) -> None:
    """The same in a run that nothing seals."""
    run_document_removed(place)
    results_are_a_pipe(place)


def results_with_a_hole(place: Place) -> None:
    """The run's results claim to be larger than any disk."""
    os.truncate(place.root / "run-1" / names.RESULTS, 1 << 40)


def unsealed_results_with_a_hole(place: Place) -> None:
    """The same in a run that nothing seals: a result that never ends."""
    run_document_removed(place)
    results_with_a_hole(place)


def unsealed_results_of_nothing(place: Place) -> None:
    """A file without any content, and of any size, in a run that nothing seals."""
    run_document_removed(place)
    (place.root / "run-1" / names.RESULTS).write_bytes(b"")
    results_with_a_hole(place)


def report_with_a_hole(place: Place) -> None:
    """A report claims to be larger than any disk."""
    os.truncate(place.root / "run-1" / "report.en.html", 1 << 40)


def _twin(path: Path, name: str) -> None:
    shutil.copy(path, path.with_name(name))


def report_twin_by_case(place: Place) -> None:
    """A second report whose name differs in capitals alone."""
    _twin(place.root / "run-1" / "report.en.html", "Report.EN.html")


def report_twin_by_letter(place: Place) -> None:
    """A second report whose name has a letter of another script."""
    _twin(place.root / "run-1" / "report.en.html", "r\N{CYRILLIC SMALL LETTER IE}port.en.html")


def results_twin_by_an_unseen_character(place: Place) -> None:
    """Second results whose name has a character of no width."""
    _twin(place.root / "run-1" / names.RESULTS, "results\N{ZERO WIDTH SPACE}.json")


def ledger_twin(place: Place) -> None:
    """A second ledger whose name differs in capitals alone."""
    _twin(place.ledger.path, "Ledger.jsonl")


def reports_exchanged(place: Place) -> None:
    """The reports of two languages have each other's names."""
    english, french = (place.root / "run-1" / f"report.{code}.html" for code in ("en", "fr"))
    english.rename(english.with_name("aside"))
    french.rename(english)
    english.with_name("aside").rename(french)


def run_made_up_of_a_report(place: Place) -> None:
    """A folder beside the runs holds a report, and nothing else."""
    (place.root / "run-8").mkdir()
    shutil.copy(place.root / "run-1" / "report.en.html", place.root / "run-8")


def run_made_up_of_unknown_results(place: Place) -> None:
    """A folder beside the runs holds results without any bundle."""
    plain = json.loads((place.root / "run-1" / names.RESULTS).read_text())
    for result in plain["results"]:
        result.update(bundle=None, verdict="unknown")
    (place.root / "run-8").mkdir()
    (place.root / "run-8" / names.RESULTS).write_text(json.dumps(plain, indent=2))


def results_with_the_seal_of_another_run(place: Place) -> None:
    """An account that nobody visited is said to have objected, beside the seal of a bundle of another run."""
    run_document_removed(place)
    path = place.root / "run-1" / names.RESULTS
    plain = json.loads(path.read_text())
    foreign = json.loads((place.root / "run-2" / names.RESULTS).read_text())["results"][0]["bundle"]
    plain["results"].append(
        {**plain["results"][0], "account": "rita-facebook", "verdict": "objected", "bundle": foreign}
    )
    path.write_text(json.dumps(plain, indent=2))


def results_with_an_account_twice(place: Place) -> None:
    """A refused account stands a second time, as one that could not be read."""
    run_document_removed(place)
    path = place.root / "run-1" / names.RESULTS
    plain = json.loads(path.read_text())
    plain["results"].append({**plain["results"][1], "verdict": "unknown", "bundle": None})
    path.write_text(json.dumps(plain, indent=2))


def folder_that_looks_like_a_bundle(place: Place) -> None:
    """Among the bundles is a folder with pictures, named nearly as they are."""
    good = _named(place, "run-1", "atelier-facebook")
    shutil.copytree(good / "data" / "pictures", good.with_name(f"{good.name[:-1]}") / "pictures")


def folder_with_a_result(place: Place) -> None:
    """Among the bundles is a folder that holds what a bundle does, without any seal."""
    good = _named(place, "run-1", "atelier-facebook")
    shutil.copytree(good / "data", good.with_name("rita") / "data")


def bundle_name_with_a_letter_of_another_script(place: Place) -> None:
    """A bundle's name is another one that looks the same."""
    good = _named(place, "run-1", "atelier-facebook")
    good.rename(good.with_name(good.name.replace("a", "\N{CYRILLIC SMALL LETTER A}", 1)))


# --- BY_THE_KEYS_HOLDER: everything is signed again, and the ledger made to fit ---


def _resealed(folder: Path, place: Place, **changes: Any) -> None:
    """A bundle with other words in its statement, signed with the real key, and a ledger made to fit."""
    place.sign_again(folder, **changes)
    _relinked(place)


def _relinked(place: Place, **changes: Callable[[Line], Any]) -> None:
    """
    The ledger as it would have been written for the bundles as they are now: digests, links and head all fit.

    Args:
        place: where.
        changes: field of a line → its new value.
    """
    made: list[Line] = []
    for line in map(_line, _lines(place)):
        envelope = place.root / line.bundle
        envelope = envelope / names.ENVELOPE if envelope.is_dir() else envelope
        digest = place.digest(envelope) if envelope.exists() else line.envelope_sha256
        more = {key: change(line) for key, change in changes.items()}
        before = made[-1].digest if made else None
        made.append(
            line.model_copy(update={"seq": len(made) + 1, "envelope_sha256": digest, "prev_sha256": before, **more})
        )
    _write(place, (line.encoded().decode() + "\n" for line in made))
    place.ledger._sign(made[-1], place.keys.signing())


def _said(folder: Path) -> Any:
    return read_statement((folder / names.STATEMENT).read_bytes()).predicate


def _last(place: Place) -> Path:
    """The last bundle: no later statement names its seal."""
    return place.bundles()[-1]


def statement_of_another_verdict(place: Place) -> None:
    """The statement counts a verdict that the result does not give."""
    _resealed(_last(place), place, verdicts={"objected": 1})


def statement_of_another_account(place: Place) -> None:
    """The statement names another account than the result."""
    _resealed(_last(place), place, account="rita-facebook")


def statement_of_another_outcome(place: Place) -> None:
    """Statement and ledger say ok where the result is a finding."""
    last = _last(place)
    place.sign_again(last, outcome="ok")
    _relinked(place, outcome=lambda line: "ok" if line.bundle.endswith(last.name) else line.outcome)


def ledger_of_another_outcome(place: Place) -> None:
    """The ledger's line says ok where statement and result are a finding."""
    last = _last(place)
    _relinked(place, outcome=lambda line: "ok" if line.bundle.endswith(last.name) else line.outcome)


def statement_of_another_run(place: Place) -> None:
    """The statement names another run."""
    _resealed(_last(place), place, run="run-8")


def statement_of_another_folder(place: Place) -> None:
    """The statement names another bundle."""
    _resealed(_last(place), place, bundle="2026-01-01T000000Z_atelier-facebook_00000000")


def statement_at_another_place(place: Place) -> None:
    """The statement claims an earlier place in the ledger."""
    _resealed(_last(place), place, sequence=1)


def statement_after_another_bundle(place: Place) -> None:
    """The statement names another bundle before it."""
    last = _last(place)
    before = _said(last).previous.model_copy(update={"envelope_sha256": "0" * 64})
    _resealed(last, place, previous=before)


def result_key_doubled(place: Place) -> None:
    """A key stands twice in `result.json`; readers differ in which they take."""
    last = _last(place)
    _edit(last / names.RESULT, '"verdict":', '"verdict": "objected",\n  "verdict":')
    _resealed(last, place)


def result_verdict_altered(place: Place) -> None:
    """The result is another one, sealed anew; the statement is as it was."""
    last = _last(place)
    _edit(last / names.RESULT, '"verdict": "not_objected"', '"verdict": "objected"')
    _resealed(last, place)


def _evidence_list(place: Place, change: Callable[[list[dict[str, Any]]], None]) -> None:
    last = _last(place)
    plain = json.loads((last / names.RESULT).read_text())
    change(plain["evidence"])
    (last / names.RESULT).write_text(json.dumps(plain, ensure_ascii=False, indent=2) + "\n")
    _resealed(last, place)


def evidence_list_with_wrong_digests(place: Place) -> None:
    """The result's list of its evidence gives other digests than the files have."""
    _evidence_list(place, lambda listed: listed[0].update(sha256="0" * 64))


def evidence_list_with_a_file_that_is_not_there(place: Place) -> None:
    """The result's list names a picture that nobody has."""
    _evidence_list(place, lambda listed: listed.append({**listed[0], "path": "data/pictures/09-proof.png"}))


def evidence_list_cut(place: Place) -> None:
    """A file of the bundle is not on the result's list."""
    _evidence_list(place, lambda listed: listed.clear())


def signal_of_a_picture_that_is_not_there(place: Place) -> None:
    """A step shows a picture that the bundle does not hold."""
    last = _last(place)
    _edit(last / names.RESULT, '"picture": "data/pictures/01-form_a.png"', '"picture": "data/pictures/09-proof.png"')
    _resealed(last, place)


def history_made_anew_without_a_bundle(place: Place) -> None:
    """The whole ledger is written and signed anew without one bundle; the other bundles are as they were."""
    gone = _named(place, "run-2", "paul-facebook")
    shutil.rmtree(gone)
    _write(place, (line for line in _lines(place) if gone.name not in line))
    _relinked(place)


def removal_of_what_is_still_there(place: Place) -> None:
    """A signed line says that a bundle was removed; it is there."""
    line = next(one for one in map(_line, _lines(place)) if "_paul-facebook_" in one.bundle)
    _append(place, line.bundle, line.envelope_sha256, "removed")


def removal_of_what_never_was(place: Place) -> None:
    """A signed line tells of the removal of a bundle that no line tells of."""
    _append(place, "run-1/2026-01-01T000000Z_atelier-facebook_00000000", "0" * 64, "removed")


def line_of_what_never_was(place: Place) -> None:
    """A signed line tells of a bundle that is not there."""
    _append(place, "run-1/2026-01-01T000000Z_atelier-facebook_00000000", "0" * 64, "ok")


def _append(place: Place, bundle: str, digest: str, outcome: str) -> None:
    last = _line(_lines(place)[-1])
    added = Tip(Previous(sequence=last.seq, line_sha256=last.digest), last.at).next(bundle, digest, outcome)
    _write(place, (*_lines(place), added.encoded().decode() + "\n"))
    place.ledger._sign(added, place.keys.signing())


def results_altered_and_sealed_again(place: Place) -> None:
    """The run's results say objected, sealed by the real key; the bundle says refused."""
    results_verdict_altered(place)
    seal_run(place.root / "run-1", place.sealer)


def run_sealed_a_second_time(place: Place) -> None:
    """A report was altered, and the run sealed again by the real key."""
    report_altered(place)
    seal_run(place.root / "run-1", place.sealer)


def copy_with_another_history(place: Place) -> None:
    """Inside the folder is a copy of it as it was, whose ledger goes on with another run."""
    other = place.copy_to(place.folder / "copy")
    _cut(other, 2, with_bundles=True)
    shutil.rmtree(other.root / "run-3")
    other.run("run-4", {"atelier-facebook": Verdict.REFUSED})
    other.root.rename(place.root / "copy")


def _with_picture(place: Place, data: bytes) -> None:
    last = _last(place)
    (last / "data" / "pictures" / "01-form_a.png").write_bytes(data)
    place.list_again(last)
    _resealed(last, place)


def picture_emptied(place: Place) -> None:
    """A picture of the last bundle is an empty file; list, manifests and signature fit."""
    _with_picture(place, b"")


def picture_with_something_behind_it(place: Place) -> None:
    """After the end of a picture stands a second one, which only some programs show."""
    _with_picture(place, PICTURE + PICTURE)


def result_with_a_number_that_json_has_not(place: Place) -> None:
    """`result.json` holds NaN: some readers take it for nothing, some refuse the whole."""
    last = _last(place)
    _edit(last / names.RESULT, "{\n", '{\n  "more": NaN,\n')
    _resealed(last, place)


def bag_info_of_another_day(place: Place) -> None:
    """BagIt's own description gives another day than the signed statement."""
    last = _last(place)
    info = (last / names.BAG_INFO).read_bytes()
    place.sign_again(last, bag=info.replace(b"Bagging-Date: 2", b"Bagging-Date: 1"))
    _relinked(place)


def moments_apart_from_the_line(place: Place) -> None:
    """No authority was asked, and every moment of the last bundle is two days before its line was written."""
    _set_back(place, _last(place), offset_ms=None)


def moments_ahead_of_the_line(place: Place) -> None:
    """The same two days after its line was written."""
    _set_back(place, _last(place), offset_ms=None, by=-DAYS)


def _set_back(place: Place, folder: Path, *, offset_ms: int | None, by: timedelta = DAYS) -> None:
    """Every moment of a bundle is earlier, and sealed anew."""
    from tests.evidence.building import moments_moved

    moments_moved(folder, -by)
    said = _said(folder)
    changes: dict[str, Any] = {"opened_at": said.opened_at - by, "sealed_at": said.sealed_at - by}
    if offset_ms is not None:
        changes["clock_offset_ms"] = offset_ms
    place.sign_again(folder, **changes)
    _relinked(place)


# --- time stamps: of a place with authorities ---


def _tokens(folder: Path, pattern: str) -> None:
    for path in (folder / "seal").glob(pattern):
        path.unlink()


def closing_tokens_removed(place: Place) -> None:
    """The closing tokens were taken away."""
    _tokens(place.bundles()[0], "close-*")


def one_closing_token_removed(place: Place) -> None:
    """One authority's closing token was taken away."""
    _tokens(place.bundles()[0], "close-beta.*")


def opening_tokens_removed(place: Place) -> None:
    """What was settled before the visit was taken away."""
    _tokens(place.bundles()[0], "open*")


def all_tokens_removed(place: Place) -> None:
    """No trace of any authority."""
    _tokens(place.bundles()[0], "open*")
    _tokens(place.bundles()[0], "close-*")


def token_cut(place: Place) -> None:
    """A token is cut in the middle."""
    path = place.bundles()[0] / "seal" / "close-alpha.tsr"
    path.write_bytes(path.read_bytes()[:100])


def token_of_another_bundle(place: Place) -> None:
    """A token of another bundle, with its request."""
    first, second, *_ = place.bundles()
    for suffix in ("tsq", "tsr"):
        shutil.copy(second / "seal" / f"close-alpha.{suffix}", first / "seal" / f"close-alpha.{suffix}")


def tokens_of_another_day(place: Place) -> None:
    """The tokens of the sealing were exchanged for new ones, of later."""
    import time

    from automation.evidence.maintain.restamp import restamp

    _tokens(place.bundles()[0], "close-*")
    time.sleep(1.1)  # tokens count whole seconds
    assert restamp(place.bundles()[0], place.sealer).state == "stamped"


def moments_set_back_in_silence(place: Place) -> None:
    """Every moment of the last bundle is two days earlier, and the clock is said to be right."""
    last = _last(place)
    _set_back(place, last, offset_ms=0)
    place.stamp_again(last)
    _relinked(place)


def moments_set_back_with_an_offset(place: Place) -> None:
    """All moments two days back, and the clock is said to be two days behind: what it proves is right, if believed."""
    last = _last(place)
    _set_back(place, last, offset_ms=round(-DAYS.total_seconds() * 1000))
    place.stamp_again(last)
    _relinked(place)


def moments_set_back_by_minutes(place: Place) -> None:
    """All moments four minutes back; the opening token says otherwise."""
    last = _last(place)
    _set_back(place, last, offset_ms=None, by=timedelta(minutes=4))
    place.stamp_again(last)
    _relinked(place)


def head_tokens_of_another_run(place: Place) -> None:
    """The stamp of the ledger's end after one run stands beside another run."""
    for suffix in ("tsq", "tsr"):
        name = names.head_token("alpha", suffix)
        shutil.copy(place.root / "run-1" / name, place.root / "run-2" / name)


def head_of_another_ledger_in_a_run(place: Place) -> None:
    """The ledger was made anew; what a run kept of its end is of the old one."""
    removed = _named(place, "run-3", "atelier-facebook")
    _relinked(place, outcome=lambda line: "incomplete" if line.bundle.endswith(removed.name) else line.outcome)


BY_ANYBODY: Mapping[Act, Fault] = {
    bundle_copied_over_another: Fault.BUNDLE_ELSEWHERE,
    bundle_names_exchanged: Fault.BUNDLE_ELSEWHERE,
    bundle_copied_beside: Fault.BUNDLE_ELSEWHERE,
    bundle_copied_to_another_run: Fault.BUNDLE_NOT_OF_RUN,
    bundle_moved_to_another_run: Fault.BUNDLE_ELSEWHERE,
    bundle_moved_deeper: Fault.BUNDLE_ELSEWHERE,
    bundle_removed: Fault.BUNDLE_MISSING,
    bundle_called_unfinished: Fault.BUNDLE_MISSING,
    bundle_hidden: Fault.BUNDLE_ELSEWHERE,
    bundle_emptied: Fault.FILE_MISSING,
    bundle_in_an_archive: Fault.BUNDLE_MISSING,
    run_renamed: Fault.BUNDLE_ELSEWHERE,
    run_removed: Fault.RUN_DOCUMENT_MISSING,
    run_behind_a_link: Fault.SYMLINK,
    bundle_behind_a_link: Fault.SYMLINK,
    link_to_a_run: Fault.SYMLINK,
    link_to_nowhere: Fault.SYMLINK,
    pipe_in_a_run: Fault.NOT_A_FILE,
    ledger_behind_a_link: Fault.SYMLINK,
    ledger_is_a_folder: Fault.LEDGER_MALFORMED,
    head_behind_a_link: Fault.SYMLINK,
    ledger_and_head_removed: Fault.LEDGER_GONE,
    ledger_head_and_a_bundle_removed: Fault.BUNDLE_BEFORE_MISSING,
    ledger_head_and_the_first_bundle_removed: Fault.LEDGER_GONE,
    ledger_removed_head_kept: Fault.LEDGER_MISSING,
    head_removed: Fault.HEAD_MISSING,
    last_line_removed: Fault.HEAD_DIFFERS,
    line_removed_in_the_middle: Fault.LEDGER_GAP,
    lines_exchanged: Fault.LEDGER_GAP,
    line_doubled: Fault.LEDGER_GAP,
    last_lines_outcome_altered: Fault.HEAD_DIFFERS,
    tail_cut_with_an_earlier_head: Fault.HEAD_BEYOND,
    removal_planned: Fault.BUNDLE_MISSING,
    removal_line_added: Fault.HEAD_DIFFERS,
    results_verdict_altered: Fault.FILE_ALTERED,
    results_account_renamed: Fault.FILE_ALTERED,
    results_account_left_out: Fault.FILE_ALTERED,
    results_point_at_another_bundle: Fault.FILE_ALTERED,
    results_key_doubled: Fault.FILE_ALTERED,
    results_removed: Fault.FILE_MISSING,
    results_behind_a_link: Fault.SYMLINK,
    results_of_another_run: Fault.FILE_ALTERED,
    report_altered: Fault.FILE_ALTERED,
    report_removed: Fault.FILE_MISSING,
    run_document_removed: Fault.RUN_DOCUMENT_MISSING,
    run_document_of_another_run: Fault.RUN_DOCUMENT_DIFFERS,
    run_document_garbled: Fault.RUN_DOCUMENT_MALFORMED,
    run_document_by_another_key: Fault.RUN_NOT_TRUSTED,
    bundle_doubled_without_a_ledger: Fault.BUNDLE_TWICE,
    results_are_a_pipe: Fault.NOT_A_FILE,
    unsealed_results_are_a_pipe: Fault.NOT_A_FILE,
    results_with_a_hole: Fault.TOO_LARGE,
    unsealed_results_with_a_hole: Fault.FILE_UNREADABLE,
    unsealed_results_of_nothing: Fault.FILE_UNREADABLE,
    report_with_a_hole: Fault.TOO_LARGE,
    report_twin_by_case: Fault.FILE_ADDED,
    report_twin_by_letter: Fault.FILE_ADDED,
    results_twin_by_an_unseen_character: Fault.FILE_ADDED,
    ledger_twin: Fault.FILE_ADDED,
    reports_exchanged: Fault.FILE_ALTERED,
    run_made_up_of_a_report: Fault.RUN_NOT_IN_LEDGER,
    run_made_up_of_unknown_results: Fault.RUN_NOT_IN_LEDGER,
    results_with_the_seal_of_another_run: Fault.RESULTS_DIFFER,
    results_with_an_account_twice: Fault.RESULTS_DIFFER,
    folder_that_looks_like_a_bundle: Fault.FILE_MISSING,
    folder_with_a_result: Fault.FILE_MISSING,
    bundle_name_with_a_letter_of_another_script: Fault.BUNDLE_ELSEWHERE,
}
"""Act → the fault that names it, beside others."""

BY_THE_KEYS_HOLDER: Mapping[Act, Fault] = {
    statement_of_another_verdict: Fault.RESULT_DIFFERS,
    statement_of_another_account: Fault.RESULT_DIFFERS,
    statement_of_another_outcome: Fault.RESULT_DIFFERS,
    ledger_of_another_outcome: Fault.OUTCOME_DIFFERS,
    statement_of_another_run: Fault.BUNDLE_ELSEWHERE,
    statement_of_another_folder: Fault.BUNDLE_ELSEWHERE,
    statement_at_another_place: Fault.NOT_IN_LEDGER,
    statement_after_another_bundle: Fault.LINK_DIFFERS,
    result_key_doubled: Fault.SCHEMA_BROKEN,
    result_verdict_altered: Fault.RESULT_DIFFERS,
    evidence_list_with_wrong_digests: Fault.LIST_DIFFERS,
    evidence_list_with_a_file_that_is_not_there: Fault.LIST_DIFFERS,
    evidence_list_cut: Fault.LIST_DIFFERS,
    signal_of_a_picture_that_is_not_there: Fault.LIST_DIFFERS,
    history_made_anew_without_a_bundle: Fault.NOT_IN_LEDGER,
    removal_of_what_is_still_there: Fault.REMOVED_BUT_HERE,
    removal_of_what_never_was: Fault.REMOVED_UNKNOWN,
    line_of_what_never_was: Fault.BUNDLE_MISSING,
    results_altered_and_sealed_again: Fault.RESULTS_DIFFER,
    head_of_another_ledger_in_a_run: Fault.HEAD_OF_ANOTHER,
    run_sealed_a_second_time: Fault.RUN_SEALED_AGAIN,
    copy_with_another_history: Fault.TWO_HISTORIES,
    picture_emptied: Fault.PICTURE_BROKEN,
    picture_with_something_behind_it: Fault.PICTURE_BROKEN,
    result_with_a_number_that_json_has_not: Fault.SCHEMA_BROKEN,
    bag_info_of_another_day: Fault.SUBJECT_DIFFERS,
    moments_apart_from_the_line: Fault.OUTSIDE_WINDOW,
    moments_ahead_of_the_line: Fault.OUTSIDE_WINDOW,
}

OF_STAMPED: Mapping[Act, Fault] = {
    closing_tokens_removed: Fault.TOKEN_TAKEN_AWAY,
    one_closing_token_removed: Fault.TOKEN_TAKEN_AWAY,
    opening_tokens_removed: Fault.SUBJECT_DIFFERS,
    all_tokens_removed: Fault.TOKEN_TAKEN_AWAY,
    token_cut: Fault.TOKEN_EXCHANGED,
    token_of_another_bundle: Fault.TOKEN_OTHER_DATA,
    tokens_of_another_day: Fault.TOKEN_EXCHANGED,
    moments_set_back_in_silence: Fault.OUTSIDE_WINDOW,
    moments_set_back_with_an_offset: Fault.CLOCK_FAR_OFF,
    moments_set_back_by_minutes: Fault.OUTSIDE_WINDOW,
    head_tokens_of_another_run: Fault.TOKEN_OTHER_DATA,
}
"""Of a place whose bundles two real authorities stamped."""
