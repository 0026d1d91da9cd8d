"""Acts of anybody who has the files: reports and ledgers that nothing seals are put beside the sealed ones."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

from automation.evidence.verify.findings import Fault
from tests.evidence.building import PICTURE, Place
from tests.evidence.tampering.acts import Act, beside, lines_of

_FORGED: Mapping[str, str] = {
    "beside_the_ledger": "report.en.html",
    "beside_the_ledger_in_another_language": "report.de.html",
    "in_a_run_in_another_language": "run-1/report.de.html",
    "numbered": "run-1/report (1).html",
    "numbered_with_its_language": "run-1/report.en (2).html",
    "in_capitals": "run-1/Report.html",
    "as_a_copy": "run-1/Copy of report.en.html",
    "as_made_again": "run-1/report-again.en.html",
    "of_today": "run-1/report_2026-11-30.en.htm",
    "with_a_naught": "run-1/rep0rt.en.html",
    "with_a_dot_before": "run-1/.report.en.html",
    "with_a_letter_of_another_script": "run-1/r\N{CYRILLIC SMALL LETTER IE}p\N{CYRILLIC SMALL LETTER O}rt.html",
    "with_an_unseen_letter": "run-1/re\N{ZERO WIDTH JOINER}port.en.html",
    "as_an_old_one": "run-1/report.en.html.old",
    "for_paper": "report.en.pdf",
    "under_another_name": "run-1/answers.htm",
    "under_another_name_and_kind": "run-1/overview.txt",
    "in_a_folder_of_its_own": "for the court/index.html",
    "as_a_text": "run-1/report.txt",
    "as_a_letter": "run-1/Rapport (1).docx",
    "in_an_unfinished_folder": "run-8.partial/report.en.html",
    "in_an_unfinished_bundle": "run-1/2026-01-01T000000Z_atelier-facebook_00000000.partial/report.en.html",
}
"""What is done → where a copy of a genuine report, with other answers in it, is put."""


def _forged(name: str, path: str) -> Act:
    def act(place: Place) -> None:
        target = place.root / path
        target.parent.mkdir(exist_ok=True, parents=True)
        genuine = (place.root / "run-1" / "report.en.html").read_text()
        target.write_text(genuine.replace("</body>", "<p>All accounts have objected.</p></body>"))

    act.__name__ = f"report_{name}"
    return act


for _name, _path in _FORGED.items():
    beside(Fault.FILE_ADDED)(_forged(_name, _path))


@beside(Fault.FILE_ADDED)
def report_in_another_encoding(place: Place) -> None:
    """A forged report in UTF-16, which browsers read as well."""
    genuine = (place.root / "run-1" / "report.en.html").read_text()
    (place.root / "overview.html").write_text(genuine, encoding="utf-16")


@beside(Fault.FILE_ADDED)
def report_that_spells_its_name_with_entities(place: Place) -> None:
    """A forged report in which no letter of the program's name stands as it is."""
    genuine = (place.root / "run-1" / "report.en.html").read_text()
    (place.root / "overview.html").write_text(genuine.replace("Témoin", "T&#233;m&#111;in"))


def _ledger_copy(name: str, path: str) -> Act:
    def act(place: Place) -> None:
        """A copy of the ledger, with another outcome, that nothing signs."""
        copy = place.root / path
        copy.parent.mkdir(exist_ok=True)
        copy.write_text("".join(lines_of(place)).replace('"finding"', '"ok"'))

    act.__name__ = f"ledger_copy_{name}"
    return act


for _name, _path in {
    "numbered": "ledger (1).jsonl",
    "kept": "ledger.jsonl.bak",
    "old": "ledger-old.jsonl",
    "with_a_tilde": "ledger.jsonl~",
    "hidden": ".ledger.jsonl",
    "with_a_capital_i": "Iedger.jsonl",
    "as_a_copy": "Kopie von ledger.jsonl",
    "in_a_run": "run-1/ledger (1).jsonl",
    "without_its_name": "history.txt",
    "of_the_head": "ledger.head (1).dsse.json",
}.items():
    beside(Fault.FILE_ADDED)(_ledger_copy(_name, _path))


@beside(Fault.FILE_ADDED)
def results_beside_the_ledger(place: Place) -> None:
    """Results that nothing seals, beside the ledger."""
    shutil.copy(place.root / "run-1" / "results.json", place.root / "results.json")


@beside(Fault.FILE_ADDED)
def run_document_under_nearly_its_name(place: Place) -> None:
    """A second document that seals a run."""
    run = place.root / "run-1"
    _copied(run / "run.dsse.json", run / "run (1).dsse.json")


def _copied(source: Path, target: Path) -> None:
    shutil.copy(source, target)


@beside(Fault.FILE_ADDED)
def pictures_in_a_run(place: Place) -> None:
    """A folder of pictures lies in a run, as it would in a bundle."""
    folder = place.root / "run-1" / "pictures"
    folder.mkdir()
    (folder / "10-support_inbox.png").write_bytes(PICTURE)


@beside(Fault.FILE_ADDED)
def run_made_up_of_a_picture(place: Place) -> None:
    """A folder that is called as a run holds a picture, and nothing else."""
    folder = place.root / "20261130T093244Z-eb684c"
    folder.mkdir()
    (folder / "proof.png").write_bytes(PICTURE)
