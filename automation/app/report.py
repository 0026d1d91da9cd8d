"""What `temoin report` is about: stored runs, the newest answer of each account in them, and what is known beside."""

from __future__ import annotations

import base64
import os
import re
import tempfile
import unicodedata
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, NamedTuple

from automation.app.check import answers_in_force, background_of, evidence_of
from automation.app.interrupts import run_async
from automation.app.notices import tell
from automation.app.setup import known_keys
from automation.browser.printing import print_page
from automation.config import Settings
from automation.core import mail, receipts
from automation.core.errors import ConfigurationError, OutputError
from automation.core.flows import FlowGuide
from automation.core.policy import Policy, day_of, judge_outcome
from automation.core.results import ExitCode, Result, RunDocument, exit_code_of
from automation.evidence.formats.names import RUN_DOCUMENT
from automation.evidence.keys.trust import Trust
from automation.evidence.verify.chain import Chain
from automation.evidence.verify.chain_reading import chain_above, has_ledger
from automation.evidence.verify.opened import Agreement, compare_answer, compare_run, exchanged_file
from automation.reports import as_json
from automation.reports.as_html import pieces
from automation.reports.background import FULL_UP_TO, Background
from automation.reports.pictures import Find, Source, folder_of, path_of
from automation.reports.stored import NAME, StoredRun, brief, newest_of_each, one_run, open_all, open_stored
from automation.storage import history_rows
from automation.storage.books import CaseBook
from automation.storage.files import write_text, write_whole
from automation.text.catalogue import LANGUAGES
from automation.text.language import Language


class ReportSubject(NamedTuple):
    """What a report is about."""

    document: RunDocument
    root: Path
    """The folder that the bundles' paths start at."""
    background: Background


def open_runs(named: Sequence[Path], settings: Settings, since: datetime | None) -> list[StoredRun]:
    """
    The runs that were named, or all of the evidence folder; those that ended before a moment left out.

    What cannot be read there is told and passed over. Raises ConfigurationError: there is none, or one that was named
    cannot be read.
    """
    runs = [open_stored(path) for path in named]
    files = () if named else sorted(settings.output.glob(f"*/{NAME}"))
    runs += open_all(files, lambda error: tell(error.message, mark="✗"))
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
    words: Language,
    *,
    in_full: bool,
    trust: Path | None = None,
    policy: Policy | None = None,
) -> ReportSubject:
    """
    The newest answer of each `wanted` account (None: all) in the runs, with what history, policy and people say.

    Changes are measured from the day `since`, else from the result before. `in_full` keeps forms, steps and files
    whatever the number of accounts. Outcomes are measured anew, by today's policy: that of the configuration for its
    own accounts, or `policy` for all. Raises ConfigurationError: a result cannot be read, or is not what was sealed;
    HistoryError: the history cannot be read.
    """
    folders = [stored.path.parent for stored in runs]
    root = folders[0] if len(folders) == 1 else Path(os.path.commonpath([folder.absolute() for folder in folders]))
    results: list[Result] = []
    comparison = _Comparison(known_keys(settings, trust))
    measured = _measuring(evidence_of(root, settings), settings, policy)
    as_stored = True
    for stored, result in newest_of_each(runs, wanted):
        comparison.take(stored, result, with_files=len(results) < FULL_UP_TO)
        results.append(measured(_below(root, stored, result)))
        as_stored = as_stored and results[-1].outcome is result.outcome
        if not in_full and len(results) > FULL_UP_TO:
            results[-1] = brief(results[-1])
    if not in_full and len(results) > FULL_UP_TO:
        results[:FULL_UP_TO] = map(brief, results[:FULL_UP_TO])
    run = one_run(runs, results, str(root))
    if not as_stored and run.exit_code != ExitCode.FAULT:
        run = replace(run, exit_code=int(exit_code_of(tuple(results))))
    document = RunDocument(run, tuple(results))
    there = {result.account for result in results}
    absent = tuple(a.name for a in settings.accounts if wanted is not None and a.name in wanted and a.name not in there)
    comparison.tell(words)
    known = settings if policy is None else replace(settings, policy=policy)
    background = background_of(document, known, since, day_of(datetime.now(UTC)))
    return ReportSubject(
        document, root, replace(background, absent=absent, compared=(comparison.same, comparison.alone))
    )


def _measuring(evidence: Path, settings: Settings, policy: Policy | None) -> Callable[[Result], Result]:
    """Measures a stored result by the policy of today; one of an account that is not configured stays as it is."""
    day = day_of(datetime.now(UTC))
    said, cases = answers_in_force(settings, evidence, day), CaseBook(evidence).cases()
    names = {account.name for account in settings.accounts}

    def measured(result: Result) -> Result:
        if policy is None and result.account not in names:
            return result
        # what a person said settles from the next check on, as card and history have it, and until its last day
        ruling = judge_outcome(result, policy or settings.policy, day, said if result.is_settled else (), cases)
        return replace(result, outcome=ruling.outcome)

    return measured


def name_of(subject: ReportSubject) -> str:
    """What a report's file is called: whose it is, where it is one's, and its day (UTC)."""
    owners = {result.owner for result in subject.document.results}
    return f"{_plain(owners.pop()) if len(owners) == 1 else 'temoin'}_{subject.document.run.finished_at:%Y-%m-%d}"


def _plain(name: str) -> str:
    """A name as part of a file's name."""
    ascii_only = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9]+", "-", ascii_only).strip("-")[:60] or "owner"


class _Comparison:
    """Stored answers beside what was sealed: a report repeats none that is another one."""

    def __init__(self, trust: Trust | None) -> None:
        self._trust = trust
        self.same, self.alone, self.missing = 0, 0, 0
        """Answers that are what was sealed, those that there is nothing to compare with, and bundles that are gone."""
        self._sealed: dict[Path, bool] = {}
        self._chains: dict[Path, Chain | None] = {}
        self._counted: set[Path] = set()

    def take(self, stored: StoredRun, result: Result, *, with_files: bool) -> None:
        """
        Compare one more answer; its pictures and files, too, where the report may show them (`with_files`).

        Raises ConfigurationError: its bundle, or what seals the run, says something else.
        """
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

    def tell(self, words: Language) -> None:
        """Say what could not be compared."""
        if count := self.missing:
            said = words.ngettext(
                "%(num)s bundle of which the ledger tells is not here, so a newer answer may be missing.",
                "%(num)s bundles of which the ledger tells are not here, so newer answers may be missing.",
                count,
                num=count,
            )
            tell(said)
        if count := self.alone:
            said = words.ngettext(
                "%(num)s result without an answer has no sealed evidence here.",
                "%(num)s results without an answer have no sealed evidence here.",
                count,
                num=count,
            )
            tell(said)

    def _chain(self, path: Path) -> Chain | None:
        """The outermost ledger above some results, or the piece that their run carries."""
        folder = path.absolute().parent
        if folder not in self._chains:
            chain = self._chains[folder] = chain_above(path, self._trust)
            wrong = next(iter(chain.findings), None) if chain is not None else None
            if wrong is not None:
                raise _refused(path, f"the ledger is not as it was left ({wrong.fault.value} {wrong.where})")
            if chain is not None and chain.root not in self._counted:
                self._counted.add(chain.root)
                self.missing += chain.missing()
        return self._chains[folder]

    def _is_sealed(self, path: Path) -> bool:
        if path not in self._sealed:
            seal = compare_run(path, self._chain(path), self._trust)
            if seal.agreement is Agreement.OTHER:
                raise _refused(path, f"these are not the results that were sealed: see {seal.path}")
            self._sealed[path] = seal.agreement is Agreement.SAME
        return self._sealed[path]


def _refused(path: Path, why: str) -> ConfigurationError:
    return ConfigurationError(
        f"{path}: {why}; no report is made of them", f"Run `temoin verify {path.parent}`, and take another copy."
    )


def _below(root: Path, stored: StoredRun, result: Result) -> Result:
    """A result whose bundle is named from another folder."""
    folder = stored.path.parent
    if result.bundle is None or folder == root or Path(result.bundle.path).is_absolute():
        return result
    below = Path(os.path.relpath(folder.absolute(), root)).as_posix()
    return replace(result, bundle=result.bundle.below(below))


def folders_by_owner(subject: ReportSubject, output: Path | None) -> dict[str, Path]:
    """
    Owner → the folder of their report, each with a name of its own.

    Raises ConfigurationError: nobody said where these folders go.
    """
    if output is None or str(output) == "-":
        raise ConfigurationError("--by-owner writes several reports", "Name a folder for them with --output.")
    found: dict[str, Path] = {}
    for owner in dict.fromkeys(result.owner for result in subject.document.results):
        name = _plain(owner).lower()
        taken = set(found.values())
        numbered = (output / (name if number == 1 else f"{name}-{number}") for number in range(1, len(taken) + 2))
        found[owner] = next(folder for folder in numbered if folder not in taken)
    return found


def write_pages(
    subject: ReportSubject, guides: Mapping[str, FlowGuide], lang: str, output: Path | None, *, embed: bool
) -> str:
    """The page, in both languages where it goes into a folder; the path of the chosen one."""
    target = output or reports_beside(subject.root)
    folder = target if target.is_dir() or target.suffix == "" or output is None else None
    place = folder or target.parent
    names = {code: f"{name_of(subject)}.{code}.html" for code in LANGUAGES} if folder else {lang: target.name}
    make_folder(place)
    root = subject.root.absolute()
    relative = "" if root == place.absolute() else Path(os.path.relpath(root, place.absolute())).as_posix()

    def linked(file: Path) -> str:
        return folder_of(relative, file.parent.relative_to(root).as_posix()) + path_of(file.name)

    source = Source(find=_finder(root, _as_data), linked=False) if embed else Source(relative, _finder(root, linked))
    for code, name in names.items():
        others = {other: file for other, file in names.items() if other != code}
        page = pieces(subject.document, guides, code, source, other_languages=others, background=subject.background)
        write_text(place / name, page)
    return str(place / names[lang])


def write_pdf(
    subject: ReportSubject, guides: Mapping[str, FlowGuide], lang: str, output: Path | None, settings: Settings
) -> str:
    """The page for paper; it names no folder of this machine."""
    target = output or reports_beside(subject.root) / f"{name_of(subject)}.pdf"
    make_folder(target.parent)
    root = subject.root.absolute()
    source = Source(find=_finder(root, Path.as_uri), linked=False)
    with tempfile.TemporaryDirectory(prefix="temoin-") as folder:
        page = Path(folder) / "report.html"
        written = pieces(
            subject.document, guides, lang, source, other_languages={}, background=subject.background, printed=True
        )
        write_text(page, written)
        write_whole(target, run_async(print_page(page, settings.browser)), shared=True)
    return str(target)


def reports_beside(root: Path) -> Path:
    """Where a report goes that was made again: beside the sealed evidence, in which only sealed ones may lie."""
    sealed = _sealed_folder(root)
    if sealed is None:
        return root
    return sealed.with_name(f"{sealed.name}-reports") / root.resolve().relative_to(sealed)


def _sealed_folder(folder: Path) -> Path | None:
    """The folder of sealed evidence that a folder is, or lies in; None outside of any."""
    here = folder.resolve()
    above = [one for one in (here, *here.parents) if has_ledger(one)]
    return above[-1] if above else here if (here / RUN_DOCUMENT).exists() else None


def _finder(root: Path, address: Callable[[Path], str]) -> Find:
    """Finds pictures in the evidence; what is gone, or would lie outside of it, is not found."""

    def find(folder: str, picture: str) -> str | None:
        file = root / folder / picture
        try:
            inside = file.resolve().is_relative_to((root / folder).resolve())
            return address(file) if inside and file.is_file() else None
        except OSError:
            return None

    return find


def _as_data(file: Path) -> str:
    kind = "image/png" if file.suffix == ".png" else "image/jpeg"
    return f"data:{kind};base64,{base64.b64encode(file.read_bytes()).decode()}"


def make_folder(folder: Path) -> None:
    """
    Make a folder for reports outside of the evidence.

    Raises ConfigurationError: only sealed reports may lie there; OutputError: it cannot be made.
    """
    if (sealed := _sealed_folder(folder)) is not None:
        raise ConfigurationError(
            f"{folder}: a report in {sealed} would be one that nothing seals, and `temoin verify` would name it",
            "Name a place outside of the evidence with --output.",
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(
            f"{folder}: cannot be made ({error.strerror or error})", "Choose another place with --output."
        ) from None


class SchemaDocument(StrEnum):
    """What there is a schema of."""

    RUN = "run"
    INBOX = "inbox"
    HISTORY = "history"
    RECEIPT = "receipt"


def schema_of(document: SchemaDocument) -> dict[str, Any]:
    """The JSON Schema of one of them."""
    if document is SchemaDocument.INBOX:
        return as_json.schema_of(mail.InboxDocument, mail.SCHEMA)
    if document is SchemaDocument.HISTORY:
        return as_json.schema_of(history_rows.HistoryDocument, history_rows.SCHEMA)
    if document is SchemaDocument.RECEIPT:
        return as_json.schema_of(receipts.Receipt, receipts.SCHEMA)
    return as_json.schema()
