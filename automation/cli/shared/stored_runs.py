"""What `temoin report` is about: stored runs, the newest answer of each account in them, and what is known beside."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import typer

from automation.cli.shared.common import told

if TYPE_CHECKING:
    from collections.abc import Container, Sequence
    from datetime import datetime

    from automation.config import Settings
    from automation.core.errors import ConfigurationError
    from automation.core.results import Result, RunDocument
    from automation.core.statements import Statement
    from automation.evidence.keys.trust import Trust
    from automation.evidence.verify.chain import Chain
    from automation.reports.background import Background
    from automation.reports.stored import StoredRun


class ReportSubject(NamedTuple):
    """What a report is about."""

    document: RunDocument
    root: Path
    """The folder that the bundles' paths start at."""
    background: Background


def open_runs(named: Sequence[Path], settings: Settings, since: datetime | None) -> list[StoredRun]:
    """
    The runs that were named, or all of the evidence folder; those that ended before a moment left out.

    A file of the evidence folder that cannot be read is said and passed over; one that was named is an error.

    Raises:
        ConfigurationError: there is none, or one that was named cannot be read.
    """
    from automation.core.errors import ConfigurationError
    from automation.reports.stored import NAME, open_stored

    runs = [open_stored(path) for path in named]
    for path in () if named else sorted(settings.output.glob(f"*/{NAME}")):
        try:
            runs.append(open_stored(path))
        except ConfigurationError as error:
            typer.echo(f"✗ {told(error.message)}", err=True)
    kept = [stored for stored in runs if since is None or stored.run.finished_at >= since]
    if kept:
        return kept
    if runs and since:
        raise ConfigurationError(f"no run ended on {since:%Y-%m-%d} or later", "Choose an earlier day with --since.")
    raise ConfigurationError(
        f"{settings.output}: there are no results here", "Run `temoin check` first, or name the folder of a run."
    )


def subject_of(
    runs: Sequence[StoredRun],
    wanted: Container[str] | None,
    settings: Settings,
    since: datetime | None,
    *,
    in_full: bool,
    trust: Path | None = None,
) -> ReportSubject:
    """
    The newest answer of each account in the runs, with what the history, the policy and people say.

    Args:
        runs: at least one.
        wanted: names of accounts; None for all.
        settings: where the history lies, and what is excepted.
        since: the day from which changes are measured; None: from the result before.
        in_full: whether forms, steps and files are wanted whatever the number of accounts.
        trust: a file that says whom to believe; None for this machine's own.

    Raises:
        ConfigurationError: a result cannot be read.
        HistoryError: the history cannot be read.
    """
    from dataclasses import replace

    from automation.cli.shared.sealing import known_keys
    from automation.core.results import RunDocument
    from automation.reports.as_html import FULL_UP_TO
    from automation.reports.stored import brief, newest_of_each, one_run

    root = _common_folder([stored.path.parent for stored in runs])
    results: list[Result] = []
    comparison = _Comparison(known_keys(settings, trust))
    for stored, result in newest_of_each(runs, wanted):
        comparison.take(stored, result, with_files=len(results) < FULL_UP_TO)
        results.append(_below(root, stored, result))
        if not in_full and len(results) > FULL_UP_TO:
            results[-1] = brief(results[-1])
    if not in_full and len(results) > FULL_UP_TO:
        results[:FULL_UP_TO] = map(brief, results[:FULL_UP_TO])
    document = RunDocument(one_run(runs, results, str(root)), tuple(results))
    there = {result.account for result in results}
    absent = tuple(a.name for a in settings.accounts if wanted is not None and a.name in wanted and a.name not in there)
    comparison.tell(settings)
    background = replace(background_of(document, settings, since), absent=absent, compared=comparison.compared)
    return ReportSubject(document, root, background)


class _Comparison:
    """Stored answers beside what was sealed: a report repeats none that is another one."""

    def __init__(self, trust: Trust | None) -> None:
        self._trust = trust
        self.same, self.alone, self.missing = 0, 0, 0
        self._sealed: dict[Path, bool] = {}
        self._chains: dict[Path, Chain | None] = {}
        self._counted: set[Path] = set()

    @property
    def compared(self) -> tuple[int, int]:
        """How many answers are what was sealed, and how many there was nothing to compare with."""
        return self.same, self.alone

    def take(self, stored: StoredRun, result: Result, *, with_files: bool) -> None:
        """
        Compare one more answer.

        Args:
            stored: its run.
            result: it.
            with_files: whether the report may show its pictures and files; then they must be the sealed ones.

        Raises:
            ConfigurationError: its bundle, or what seals the run, says something else.
        """
        from automation.evidence.verify.opened import Agreement, compare_answer, exchanged_file

        file = exchanged_file(stored.path.parent, result) if with_files else None
        if file is not None:
            raise _refused(stored.path, f"{file} of {result.account} is not the file that was sealed")
        sealed = self._is_sealed(stored.path)
        found = compare_answer(stored.path.parent, result, self._chain(stored.path))
        if found is Agreement.OTHER:
            raise _refused(stored.path, f"the answer for {result.account} is not the one in its sealed bundle")
        if found is Agreement.SAME or sealed:
            self.same += 1
        elif result.verdict.is_answer:
            raise _refused(stored.path, f"nothing here seals the answer for {result.account}")
        elif result.bundle is not None:
            self.alone += 1

    def tell(self, settings: Settings) -> None:
        """Say what could not be compared."""
        from automation.cli.shared.common import words

        if self.missing:
            said = words(None, settings).ngettext(
                "%(num)s bundle of which the ledger tells is not here, so a newer answer may be missing.",
                "%(num)s bundles of which the ledger tells are not here, so newer answers may be missing.",
                self.missing,
                num=self.missing,
            )
            typer.echo(f"! {said}", err=True)
        if self.alone:
            said = words(None, settings).ngettext(
                "%(num)s result without an answer has no sealed evidence here.",
                "%(num)s results without an answer have no sealed evidence here.",
                self.alone,
                num=self.alone,
            )
            typer.echo(f"! {said}", err=True)

    def _chain(self, path: Path) -> Chain | None:
        """The outermost ledger above some results, or the piece that their run carries."""
        from automation.evidence.verify.chain_reading import chain_above
        from automation.evidence.verify.opened import broken

        folder = path.absolute().parent
        if folder not in self._chains:
            chain = self._chains[folder] = chain_above(path, self._trust)
            wrong = next(broken(chain), None) if chain is not None else None
            if wrong is not None:
                raise _refused(path, f"the ledger is not as it was left ({wrong.fault.value} {wrong.where})")
            if chain is not None and chain.root not in self._counted:
                self._counted.add(chain.root)
                self.missing += chain.missing()
        return self._chains[folder]

    def _is_sealed(self, path: Path) -> bool:
        from automation.evidence.verify.opened import Agreement, compare_run

        if path not in self._sealed:
            seal = compare_run(path, self._chain(path), self._trust)
            if seal.agreement is Agreement.OTHER:
                raise _refused(path, f"these are not the results that were sealed: see {seal.path}")
            self._sealed[path] = seal.agreement is Agreement.SAME
        return self._sealed[path]


def _refused(path: Path, why: str) -> ConfigurationError:
    from automation.core.errors import ConfigurationError

    return ConfigurationError(
        f"{path}: {why}; no report is made of them", f"Run `temoin verify {path.parent}`, and take another copy."
    )


def _common_folder(folders: Sequence[Path]) -> Path:
    """Where the evidence of one run lies, or the folder that holds those of several."""
    import os

    return folders[0] if len(folders) == 1 else Path(os.path.commonpath([folder.absolute() for folder in folders]))


def _below(root: Path, stored: StoredRun, result: Result) -> Result:
    """A result whose bundle is named from another folder."""
    import os
    from dataclasses import replace

    folder = stored.path.parent
    if result.bundle is None or folder == root or Path(result.bundle.path).is_absolute():
        return result
    below = Path(os.path.relpath(folder.absolute(), root)).as_posix()
    return replace(result, bundle=result.bundle.below(below))


def background_of(document: RunDocument, settings: Settings, since: datetime | None = None) -> Background:
    """
    What the history, the policy and people say of the accounts of a document, beside its results.

    Raises:
        HistoryError: the history cannot be read.
    """
    from dataclasses import replace

    from automation.cli.shared.places import history_path
    from automation.reports.as_html import FULL_UP_TO
    from automation.reports.background import NOTHING, past_of, rulings_of
    from automation.storage.cases import CaseBook
    from automation.storage.history import SqliteHistory
    from automation.storage.statements import AnswerBook

    evidence = _evidence_folder(Path(document.run.output), settings)
    path, past = history_path(settings, evidence), NOTHING
    if path.exists():
        with SqliteHistory(path) as history:
            past = past_of(
                history, document.results, stand_in=document.run.stand_in, lines_up_to=FULL_UP_TO, since=since
            )
    given: dict[str, list[Statement]] = {}
    for answer in AnswerBook(evidence).answers():
        given.setdefault(answer.account, []).append(answer)
    by_account = {result.account: tuple(given.get(result.account, ())) for result in document.results} if given else {}
    rulings = rulings_of(document.results, settings.policy, by_account)
    filed = CaseBook(evidence).cases()
    cases = {
        result.account: tuple(case for case in filed if case.account == result.account)
        for result in (document.results if filed else ())
    }
    return replace(past, rulings=rulings, answers=by_account, cases=cases, authors=settings.authors)


def _evidence_folder(root: Path, settings: Settings) -> Path:
    """Where the history of these runs lies: beside them, whoever's evidence it is; else where it is configured."""
    from automation.storage.history.sqlite import NAME

    return next((folder for folder in (root, root.parent) if (folder / NAME).exists()), settings.output)


def day(text: str | None) -> datetime | None:
    """
    The beginning of a day, in UTC; None for none.

    Raises:
        ConfigurationError: the text is no day.
    """
    from datetime import UTC, datetime

    from automation.core.errors import ConfigurationError

    if text is None:
        return None
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        raise ConfigurationError(f'"{text}" is no day', "Write year, month and day: --since 2026-11-25.") from None
