"""The history made again from evidence: really sealed bundles, `results.json` as the program writes it, and damage."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from automation.core.errors import HistoryError
from automation.core.records import BundleRef
from automation.core.results import Outcome, Result, RunDocument
from automation.core.verdicts import Reason, Verdict
from automation.evidence.maintain.history_source import Rebuilt, rebuild
from automation.reports.as_json import to_json
from automation.reports.stored import open_stored
from automation.storage.changes import ChangeKind
from automation.storage.sqlite import SqliteHistory
from tests.builders import a_document, a_result
from tests.evidence.building import Place

RUNS = {"20261125T073000Z-aaaaaa": Verdict.NOT_OBJECTED, "20261126T073000Z-bbbbbb": Verdict.OBJECTED}


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Two runs of one account, really sealed, with their `results.json`, and the history that recorded them live."""
    place = Place(tmp_path_factory.mktemp("place"))
    live = tmp_path_factory.mktemp("live") / "history.sqlite3"
    with SqliteHistory(live) as history:
        for run, verdict in RUNS.items():
            history.record(sealed_run(place, run, a_result(verdict=verdict)))
    return place.root, live


@pytest.fixture
def evidence(sealed: tuple[Path, Path], tmp_path: Path) -> Path:
    """A copy of the evidence folder that a test may spoil."""
    return shutil.copytree(sealed[0], tmp_path / "evidence")


@pytest.fixture
def history(tmp_path: Path) -> Iterator[SqliteHistory]:
    """An empty history."""
    with SqliteHistory(tmp_path / "history.sqlite3") as opened:
        yield opened


def sealed_run(place: Place, run: str, *results: Result) -> RunDocument:
    """Seal a bundle for each result and write `results.json`, as a check does."""
    done = []
    for result in results:
        finished = datetime.now(UTC)
        read = replace(result, bundle=None, evidence=(), steps=(), started_at=finished, finished_at=finished)
        folder = place.sealed(
            run,
            account=result.account,
            change=lambda made, read=read: replace(
                read, signals=made.signals, steps=made.steps, evidence=made.evidence
            ),
        )
        manifest = hashlib.sha256((folder / "manifest-sha256.txt").read_bytes()).hexdigest()
        done.append(replace(read, bundle=BundleRef(folder.name, manifest)))
    document = a_document(*done, id=run, output=str(place.root / run))
    (place.root / run / "results.json").write_text(to_json(document), encoding="utf-8")
    return document


def again(history: SqliteHistory, evidence: Path) -> Rebuilt:
    """Rebuild with the program's own reader of `results.json`."""
    return rebuild(history, evidence, open_stored)


def bundles(evidence: Path) -> list[Path]:
    """The bundles, oldest first."""
    return sorted(path.parent for path in evidence.glob("*/*/bagit.txt"))


def test_the_evidence_gives_what_was_recorded_live(
    evidence: Path, history: SqliteHistory, sealed: tuple[Path, Path]
) -> None:
    """Entry by entry, the rebuilt history is the one that grew run by run."""
    rebuilt = again(history, evidence)
    assert (rebuilt.results, rebuilt.runs, rebuilt.problems) == (2, 2, [])
    with SqliteHistory(sealed[1]) as live:
        grown = live.timeline("atelier-facebook")
    made = history.timeline("atelier-facebook")
    assert made == grown
    assert [entry.change.kind for entry in made] == [ChangeKind.NEW, ChangeKind.FIXED]
    assert [evidence / str(entry.bundle) for entry in made] == bundles(evidence)


def test_bundles_alone_are_enough(evidence: Path, history: SqliteHistory) -> None:
    """A run that was killed before it wrote `results.json` is found by its bundles, under its folder's name."""
    for path in evidence.glob("*/results.json"):
        path.unlink()
    assert again(history, evidence).results == 2
    line = history.timeline("atelier-facebook")
    assert [entry.change.now.run for entry in line] == list(RUNS)
    assert [entry.change.now.verdict for entry in line] == list(RUNS.values())


def test_results_without_a_bundle_are_kept(evidence: Path, history: SqliteHistory) -> None:
    """What left no evidence, such as an internal fault, comes from `results.json`; so do results moved elsewhere."""
    shutil.rmtree(bundles(evidence)[0])
    again(history, evidence)
    assert [entry.change.now.verdict for entry in history.timeline("atelier-facebook")] == list(RUNS.values())


def test_what_the_policy_made_of_it_comes_from_the_run(evidence: Path, history: SqliteHistory) -> None:
    """The outcome is no fact of the bundle: an exception of that day is read from `results.json`."""
    path = evidence / next(iter(RUNS)) / "results.json"
    path.write_text(path.read_text().replace('"outcome": "finding"', '"outcome": "ok"'))
    again(history, evidence)
    first = history.timeline("atelier-facebook")[0].change.now
    assert (first.verdict, first.outcome) == (Verdict.NOT_OBJECTED, Outcome.OK)


def test_a_forged_list_of_results_does_not_count(evidence: Path, history: SqliteHistory) -> None:
    """Where `results.json` says another verdict than the sealed bundle, the bundle counts and the file is named."""
    path = evidence / next(iter(RUNS)) / "results.json"
    path.write_text(path.read_text().replace('"verdict": "not_objected"', '"verdict": "objected"'))
    (problem,) = again(history, evidence).problems
    assert str(path) in problem
    assert "the bundle counts" in problem
    assert history.timeline("atelier-facebook")[0].change.now.verdict is Verdict.NOT_OBJECTED


@pytest.mark.parametrize(
    ("file", "text", "words"),
    [
        ("data/result.json", '{"schema": "temoin.result/99"}', 'another schema ("temoin.result/99")'),
        ("data/result.json", "{", "does not follow its schema"),
        ("data/result.json", '{"schema": "temoin.result/1"}', "does not follow its schema"),
        ("manifest-sha256.txt", None, "cannot be read"),
        ("../results.json", '{"schema": "temoin.run/99", "run": {}, "results": []}', "temoin.run/99"),
        ("../results.json", "not JSON", "not JSON"),
    ],
)
def test_what_cannot_be_read_is_named_and_the_rest_kept(
    evidence: Path, history: SqliteHistory, file: str, text: str | None, words: str
) -> None:
    """A bundle or list that this version cannot read is told with its path; both results are still found elsewhere."""
    path = bundles(evidence)[1] / file
    path.unlink()
    if text is not None:
        path.write_text(text)
    (problem,) = again(history, evidence).problems
    assert words in problem
    assert str(path.resolve()) in problem.replace(str(path), str(path.resolve()))
    assert [entry.change.now.verdict for entry in history.timeline("atelier-facebook")] == list(RUNS.values())


def test_of_several_tries_the_last_counts(tmp_path: Path, history: SqliteHistory) -> None:
    """A second try's bundle lies one folder deeper; the run has one result, the later one."""
    place = Place(tmp_path / "place")
    sealed_run(place, "run-1", a_result(reason=Reason.BROWSER_LOST))
    second = place.sealed(
        "run-1/second-try",
        change=lambda made: replace(
            made, verdict=Verdict.OBJECTED, finished_at=made.finished_at + timedelta(seconds=1)
        ),
    )
    (place.root / "run-1" / "results.json").unlink()
    assert again(history, place.root).results == 1
    (entry,) = history.latest()
    assert entry.change.now.verdict is Verdict.OBJECTED
    assert entry.bundle == f"run-1/second-try/{second.name}"


def test_half_written_bundles_are_no_evidence(evidence: Path, history: SqliteHistory) -> None:
    """A bundle that a killed run left without its name is passed over."""
    bundle = bundles(evidence)[1]
    bundle.rename(bundle.with_name(f"{bundle.name}.partial"))
    (evidence / list(RUNS)[1] / "results.json").unlink()
    assert again(history, evidence).results == 1


def test_an_empty_folder_empties_nothing(evidence: Path, history: SqliteHistory, tmp_path: Path) -> None:
    """Where the evidence is not at hand, the history is left as it is and the message says so."""
    again(history, evidence)
    before = history.latest()
    (tmp_path / "empty" / "answers").mkdir(parents=True)
    with pytest.raises(HistoryError, match="there is no result"):
        again(history, tmp_path / "empty")
    with pytest.raises(HistoryError, match="cannot be read"):
        again(history, tmp_path / "nowhere")
    assert history.latest() == before


def test_what_was_there_before_stays_beside(evidence: Path, history: SqliteHistory) -> None:
    """A rebuild from part of the evidence can be undone: the history of before lies beside the new one."""
    again(history, evidence)
    before = history.latest()
    shutil.rmtree(evidence / list(RUNS)[1])
    assert again(history, evidence).results == 1
    with SqliteHistory(history.path.with_name(f"{history.path.name}.before")) as kept:
        assert kept.latest() == before
