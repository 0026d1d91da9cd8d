"""Acts of anybody who has the files: results, reports and what seals a run."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

from automation.evidence.formats import dsse, names
from automation.evidence.formats.signed import RunDocumentSeal
from automation.evidence.verify.findings import Fault
from tests.edits import edit
from tests.evidence.building import Place
from tests.evidence.tampering.acts import beside, by_anybody, twin

if TYPE_CHECKING:
    from pathlib import Path


@by_anybody(Fault.FILE_ALTERED)
def results_verdict_altered(place: Place) -> None:
    """A refused account is objected in the run's results."""
    edit(place.root / "run-1" / "results.json", '"verdict": "refused"', '"verdict": "objected"')


@by_anybody(Fault.FILE_ALTERED)
def results_account_renamed(place: Place) -> None:
    """A result stands under another account."""
    edit(place.root / "run-1" / "results.json", '"account": "paul-facebook"', '"account": "rita-facebook"')


@by_anybody(Fault.FILE_ALTERED)
def results_account_left_out(place: Place) -> None:
    """An account is missing from the run's results."""
    path = place.root / "run-1" / "results.json"
    plain = json.loads(path.read_text())
    plain["results"] = [result for result in plain["results"] if result["account"] != "paul-facebook"]
    path.write_text(json.dumps(plain, indent=2))


@by_anybody(Fault.FILE_ALTERED)
def results_point_at_another_bundle(place: Place) -> None:
    """A result names the bundle of another account."""
    path = place.root / "run-1" / "results.json"
    plain = json.loads(path.read_text())
    one, two = plain["results"]
    one["bundle"], two["bundle"] = two["bundle"], one["bundle"]
    path.write_text(json.dumps(plain, indent=2))


@by_anybody(Fault.FILE_ALTERED)
def results_key_doubled(place: Place) -> None:
    """A key stands twice; readers differ in which they take."""
    edit(place.root / "run-1" / "results.json", '"verdict":', '"verdict": "objected", "verdict":')


@by_anybody(Fault.FILE_MISSING)
def results_removed(place: Place) -> None:
    """The run's results are gone."""
    (place.root / "run-1" / "results.json").unlink()


@by_anybody(Fault.SYMLINK)
def results_behind_a_link(place: Place) -> None:
    """The run's results are a link."""
    path = place.root / "run-1" / "results.json"
    path.rename(place.folder / "elsewhere.json")
    path.symlink_to(place.folder / "elsewhere.json")


@by_anybody(Fault.FILE_ALTERED)
def results_of_another_run(place: Place) -> None:
    """The results of another run stand in this one."""
    shutil.copy(place.root / "run-2" / "results.json", place.root / "run-1" / "results.json")


@by_anybody(Fault.FILE_ALTERED)
def report_altered(place: Place) -> None:
    """The report says something else."""
    edit(place.root / "run-1" / "report.en.html", "</body>", "<p>All accounts have objected.</p></body>")


@by_anybody(Fault.FILE_MISSING)
def report_removed(place: Place) -> None:
    """One of the reports is gone."""
    (place.root / "run-1" / "report.fr.html").unlink()


def _run_seal(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if path.is_file() and path.name.startswith("run.")]


@by_anybody(Fault.RUN_DOCUMENT_MISSING)
def run_document_removed(place: Place) -> None:
    """What seals the results is gone, and a verdict altered."""
    results_verdict_altered(place)
    for path in _run_seal(place.root / "run-1"):
        path.unlink()


@by_anybody(Fault.RUN_DOCUMENT_DIFFERS)
def run_document_of_another_run(place: Place) -> None:
    """Results, reports and what seals them are those of another run."""
    for name in (
        "results.json",
        "report.en.html",
        "report.fr.html",
        *(p.name for p in _run_seal(place.root / "run-1")),
    ):
        shutil.copy(place.root / "run-2" / name, place.root / "run-1" / name)


@by_anybody(Fault.RUN_DOCUMENT_MALFORMED)
def run_document_garbled(place: Place) -> None:
    """What seals the run is cut in the middle."""
    path = place.root / "run-1" / names.RUN_DOCUMENT
    path.write_bytes(path.read_bytes()[:200])


@by_anybody(Fault.RUN_NOT_TRUSTED)
def run_document_by_another_key(place: Place) -> None:
    """Altered results, sealed with a key of somebody else's."""
    results_verdict_altered(place)
    path = place.root / "run-1" / names.RUN_DOCUMENT
    old = RunDocumentSeal.decoded(dsse.opened(path.read_bytes(), dsse.RUN).payload)
    files = {**old.files, names.RESULTS: place.digest(path.with_name(names.RESULTS))}
    other = Place(place.folder / "foreign").keys.signing()
    path.write_bytes(dsse.sign(old.model_copy(update={"files": files}).encoded(), dsse.RUN, other))


@beside(Fault.FILE_ADDED)
def report_twin_by_case(place: Place) -> None:
    """A second report whose name differs in capitals alone."""
    twin(place.root / "run-1" / "report.en.html", "Report.EN.html")


@beside(Fault.FILE_ADDED)
def report_twin_by_letter(place: Place) -> None:
    """A second report whose name has a letter of another script."""
    twin(place.root / "run-1" / "report.en.html", "r\N{CYRILLIC SMALL LETTER IE}port.en.html")


@beside(Fault.FILE_ADDED)
def results_twin_by_an_unseen_character(place: Place) -> None:
    """Second results whose name has a character of no width."""
    twin(place.root / "run-1" / names.RESULTS, "results\N{ZERO WIDTH SPACE}.json")


@by_anybody(Fault.FILE_ALTERED)
def reports_exchanged(place: Place) -> None:
    """The reports of two languages have each other's names."""
    english, french = (place.root / "run-1" / f"report.{code}.html" for code in ("en", "fr"))
    english.rename(english.with_name("aside"))
    french.rename(english)
    english.with_name("aside").rename(french)


@beside(Fault.FILE_ADDED)
def run_made_up_of_a_report(place: Place) -> None:
    """A folder beside the runs holds a report, and nothing else."""
    (place.root / "run-8").mkdir()
    shutil.copy(place.root / "run-1" / "report.en.html", place.root / "run-8")


@beside(Fault.FILE_ADDED)
def run_made_up_of_unknown_results(place: Place) -> None:
    """A folder beside the runs holds results without any bundle."""
    plain = json.loads((place.root / "run-1" / names.RESULTS).read_text())
    for result in plain["results"]:
        result.update(bundle=None, verdict="unknown")
    (place.root / "run-8").mkdir()
    (place.root / "run-8" / names.RESULTS).write_text(json.dumps(plain, indent=2))


@by_anybody(Fault.RUN_DOCUMENT_MISSING)
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


@by_anybody(Fault.RUN_DOCUMENT_MISSING)
def results_with_an_account_twice(place: Place) -> None:
    """A refused account stands a second time, as one that could not be read."""
    run_document_removed(place)
    path = place.root / "run-1" / names.RESULTS
    plain = json.loads(path.read_text())
    plain["results"].append({**plain["results"][1], "verdict": "unknown", "bundle": None})
    path.write_text(json.dumps(plain, indent=2))
