"""
The evidence folder as the source of the history: which results it holds, whatever became of the database.

A run's folder holds one bundle an account (`bagit.txt`, `data/result.json`) and, once the run has ended, `results.json`
with all results. The bundles are the truth. `results.json` adds what no bundle holds: the run's id, what the policy
made of each answer, and results that left no bundle.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from automation.core.errors import ConfigurationError, HistoryError
from automation.core.records import BundleRef
from automation.core.results import Result, Run
from automation.evidence.formats import names
from automation.evidence.formats.result_file import BrokenSchema, UnknownSchema, read_result
from automation.evidence.verify.runs import Open
from automation.storage.history import History
from automation.storage.history_rows import Recorded


@dataclass(slots=True)
class Rebuilt:
    """What a rebuild found."""

    results: int = 0
    runs: int = 0
    problems: list[str] = field(default_factory=list)
    """What could not be read or does not go together, each with its path; the rest was kept."""


def rebuild(history: History, root: Path, open_run: Open, tell: Callable[[str], None] = lambda _run: None) -> Rebuilt:
    """
    Make a history again from an evidence folder, all or nothing; `tell` gets each run's name before it is read.

    Raises:
        HistoryError: there is no result in the folder, or it cannot be read; the history is as it was then.
    """
    rebuilt = Rebuilt()

    def found() -> Iterator[Recorded]:
        for folder in _run_folders(root):
            tell(folder.name)
            before = rebuilt.results
            for one in results_of(folder, open_run, rebuilt.problems):
                rebuilt.results += 1
                yield one
            rebuilt.runs += rebuilt.results > before
        if not rebuilt.results:
            raise HistoryError(
                f"{root}: there is no result of any run in this folder; the history was left as it is",
                "Name the evidence folder with --output, or bring the evidence back.",
            )

    history.replace(found())
    return rebuilt


def results_of(folder: Path, open_run: Open, problems: list[str]) -> Iterator[Recorded]:
    """The results of one run, one an account: of several tries the last. `problems` gets what does not go together."""
    run, told = _told(folder, open_run, problems)
    newest: dict[str, Result] = {}
    for bundle in _bundles(folder):
        result = _of_bundle(bundle, folder.parent, problems)
        if result and (result.account not in newest or result.finished_at > newest[result.account].finished_at):
            newest[result.account] = result
    for account, result in told.items():
        sealed = newest.get(account)
        if sealed is None or result.finished_at > sealed.finished_at:
            newest[account] = result
        elif result.finished_at == sealed.finished_at:
            newest[account] = _together(sealed, result, folder, problems)
    for result in sorted(newest.values(), key=lambda result: result.finished_at):
        yield Recorded(
            run=run.id if run else folder.name,
            stand_in=result.environment.stand_in or (run is not None and run.stand_in),
            result=result,
        )


def _together(sealed: Result, told: Result, folder: Path, problems: list[str]) -> Result:
    """One check as its bundle and `results.json` tell it: the facts are the bundle's, the outcome is the run's."""
    if (sealed.verdict, sealed.reason) != (told.verdict, told.reason):
        said = f"says {told.verdict} for {told.account}, its bundle {sealed.verdict}; the bundle counts"
        problems.append(f"{folder / names.RESULTS}: {said}")
        return sealed
    return replace(sealed, outcome=told.outcome, attempts=told.attempts)


def _told(folder: Path, open_run: Open, problems: list[str]) -> tuple[Run | None, dict[str, Result]]:
    """The run and its results as `results.json` has them; nothing where the run did not get so far."""
    path = folder / names.RESULTS
    if not path.exists():
        return None, {}
    told: dict[str, Result] = {}
    run = None
    try:
        stored = open_run(path)
        run = stored.run
        for result in stored.results():
            bundle = result.bundle and result.bundle.below(folder.name)
            told[result.account] = _lean(replace(result, bundle=bundle))
    except ConfigurationError as error:
        problems.append(error.message if str(path) in error.message else f"{path}: {error.message}")
    return run, told


def _of_bundle(bundle: Path, root: Path, problems: list[str]) -> Result | None:
    path = bundle / names.RESULT
    try:
        result = read_result(path.read_bytes())
        manifest = (bundle / names.MANIFEST).read_bytes()
    except UnknownSchema as error:
        problems.append(f'{path}: a result of another schema ("{error}") than this version reads')
    except BrokenSchema as error:
        problems.append(f"{path}: does not follow its schema ({error})")
    except OSError as error:
        problems.append(f"{error.filename}: cannot be read ({error.strerror or error})")
    else:
        where = bundle.relative_to(root).as_posix()
        return _lean(replace(result, bundle=BundleRef(where, hashlib.sha256(manifest).hexdigest())))
    return None


def _lean(result: Result) -> Result:
    """Without what the history does not keep: a run may have ten thousand of them."""
    return replace(
        result, signals=(), probes=(), exposure=(), steps=(), evidence=(), timings=(),
        guard=replace(result.guard, allowed=(), blocked=(), requests=()),
    )  # fmt: skip


def _run_folders(root: Path) -> Iterable[Path]:
    """Folders that may be runs, in the order of their names, which is that of time."""
    try:
        return sorted(entry for entry in root.iterdir() if entry.is_dir() and not entry.is_symlink())
    except OSError as error:
        raise HistoryError(
            f"{root}: the evidence folder cannot be read ({error.strerror or error})",
            "Name another with --output, or correct its permissions.",
        ) from None


def _bundles(folder: Path) -> Iterator[Path]:
    """Every finished bundle of a visit below a folder; nothing inside one is looked at."""
    for place, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.endswith(names.PARTIAL))
        if names.BAGIT in files:
            folders.clear()
            if names.kind_at(Path(place)) is names.FileKind.VISIT:
                yield Path(place)
