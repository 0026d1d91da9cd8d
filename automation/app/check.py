"""
A check: what it is to do, the run, and all that is kept of it.

`check` is what every caller of the engine runs. Each brings only how it talks: how the engine is started, who hears how
far it is, and what is said at the end.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import flows
from automation.app.cases import follow_check
from automation.app.interrupts import run_async
from automation.app.known import last_answers_of
from automation.app.notices import tell
from automation.app.setup import (
    cooldown,
    flows_for,
    history_path,
    identity_key,
    require_identities,
    sealer_of,
    vault_of,
)
from automation.app.unrecognised import unmet_of
from automation.config import Settings
from automation.core.errors import HistoryError, TemoinError
from automation.core.flows import FlowGuide
from automation.core.policy import Statement, day_of, in_force
from automation.core.results import RunDocument
from automation.core.settings import BrowserSettings
from automation.core.verdicts import Verdict
from automation.evidence.write.sealer import Sealer, name_reports, seal_run
from automation.messaging.notifications import notify
from automation.reports import as_json
from automation.reports.background import FULL_UP_TO, NOTHING, Background, past_of, rulings_of
from automation.reports.notices import reminders_of
from automation.reports.pictures import Source
from automation.reports.stored import NAME, ResultSpool
from automation.reports.unmet import Unmet
from automation.session.means import Means, TellOf
from automation.storage.books import AnswerBook, CaseBook, ForeignBook
from automation.storage.changes import Change
from automation.storage.files import partial_of, write_text
from automation.storage.history_rows import last_answers
from automation.storage.sqlite import NAME as HISTORY
from automation.storage.sqlite import SqliteHistory
from automation.text.catalogue import LANGUAGES
from automation.text.language import Language
from automation.visit import runner
from automation.visit.runner import RunPlan, Tell

Engine = Callable[[Callable[[asyncio.Event], Coroutine[Any, Any, RunDocument]]], RunDocument]
"""Starts the engine, on whatever loop and thread; the event that it hands over asks for the end."""


@dataclass(frozen=True, slots=True)
class CheckDone:
    """A run with all that is kept of it."""

    document: RunDocument
    background: Background | None
    """What is known beside the results; None where that is not kept, or cannot be read, which was told."""
    report: str
    """Path of the report in the reader's language."""
    notices: tuple[str, ...] = ()
    """Lines for the end: what no authority has stamped, what people said, and which exceptions run out."""


def plan_of(
    settings: Settings,
    words: Language,
    browser: BrowserSettings | None = None,
    *,
    output: Path | None = None,
    strict: bool = False,
    attended: TellOf | None = None,
) -> RunPlan:
    """
    What is to be done for all accounts of a configuration, with the means of this machine.

    `browser` and `output` stand for those that are configured; `attended` is told what a person at the window is waited
    for. Raises ConfigurationError: a flow is unknown, an identity is an example, a key cannot be used, or what people
    said or filed cannot be read; OutputError: a key's folder cannot be written.
    """
    found = flows_for(settings)
    require_identities(settings, found.flows)
    evidence = output or settings.output
    return RunPlan(
        accounts=settings.accounts,
        flows=found.flows,
        broken=found.broken,
        browser=browser or settings.browser,
        output=evidence,
        identity_key=identity_key(settings),
        means=Means(vault_of(settings), cooldown(), words.gettext, attended),
        sealer=sealer_of(settings, evidence),
        credentials=dict(settings.secrets),
        strict=strict or settings.strict,
        evidence=settings.evidence,
        policy=settings.policy,
        answers=answers_in_force(settings, evidence, day_of(datetime.now(UTC))),
        cases=CaseBook(evidence).cases(),
        secrets=settings.secret_values(),
    )


def check(
    plan: RunPlan,
    settings: Settings,
    words: Language,
    run: Engine,
    progress: Tell | None = None,
    *,
    notifies: bool = True,
) -> CheckDone:
    """
    Visit the accounts of a plan (`plan_of`), keep what was read and, if it `notifies`, tell who is to know.

    Raises ConfigurationError, OutputError: nothing can be checked at all.
    """
    return keep(*visited(plan, run, progress), plan, settings, words, notifies=notifies)


def visited(plan: RunPlan, run: Engine, progress: Tell | None = None) -> tuple[RunDocument, ResultSpool]:
    """
    Visit the accounts of a plan: the run, and its results in full.

    Raises ConfigurationError, OutputError: nothing can be checked at all.
    """
    spool = ResultSpool(len(plan.accounts))
    return run(lambda stop: runner.run(plan, progress or (lambda *_: None), stop, keep=spool.keep)), spool


def keep(
    document: RunDocument,
    spool: ResultSpool | None,
    plan: RunPlan,
    settings: Settings,
    words: Language,
    *,
    notifies: bool = True,
) -> CheckDone:
    """
    Write a run's results, keep them in the history, move the cases, tell of changes, write and seal the reports.

    What goes wrong in between costs no check: it is told. Raises OutputError: results or reports cannot be written.
    """
    write_results(document, spool)
    follow_check(document, plan.output, words)
    changes = record(document, settings, plan.output)
    if notifies:
        for trouble in run_async(notify(settings.notifications, document, changes, words.code)):
            tell(trouble)
    background = None
    try:
        background = background_of(document, settings)
    except HistoryError as error:
        tell(error.message, error.remedy)
    report = write_reports(document, guides_of(plan), words.code, background)
    seal_documents(document, plan.sealer)
    told = unstamped(document, words, asked=bool(settings.time_stamps))
    soon = tuple(reminders_of(background, words)) if background else ()
    return CheckDone(document, background, report, (*told, *(f"{one.title}: {one.text}" for one in soon)))


def guides_of(plan: RunPlan) -> dict[str, FlowGuide]:
    """What the flows of a plan say to people, by id."""
    return {flow.id: flow.guide for flow in plan.flows.values()}


def answers_in_force(settings: Settings, evidence: Path, today: date) -> tuple[Statement, ...]:
    """
    What people said that may still settle something; nothing where the history cannot tell what contradicts them.

    Raises ConfigurationError: the answers cannot be read.
    """
    answers = AnswerBook(evidence).answers()
    path = history_path(settings, evidence)
    if not answers or not path.exists():
        return in_force(answers, today, {})
    try:
        with SqliteHistory(path) as history:
            return in_force(answers, today, last_answers(history.latest()))
    except HistoryError as error:
        tell(error.message, error.remedy)
        return ()


def record(document: RunDocument, settings: Settings, evidence: Path) -> Mapping[str, Change]:
    """Keep a run's results in the history; account → what changed, nothing where that could not be done."""
    try:
        with SqliteHistory(history_path(settings, evidence)) as history:
            return history.record(document)
    except HistoryError as error:
        tell(error.message, error.remedy)
        return {}


def background_of(
    document: RunDocument, settings: Settings, since: datetime | None = None, today: date | None = None
) -> Background:
    """
    What the history, the policy and people say of the accounts of a document, beside its results.

    `today` is the day by which its outcomes were measured; None: each on the day on which it was read. Raises
    HistoryError: the history cannot be read.
    """
    evidence = evidence_of(Path(document.run.output), settings)
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
    filed = CaseBook(evidence).cases()
    cases = {
        result.account: tuple(case for case in filed if case.account == result.account)
        for result in (document.results if filed else ())
    }
    rulings = rulings_of(document.results, settings.policy, by_account, today)
    told = {
        result.account: (result.flow, result.finished_at)
        for result in document.results
        if not result.verdict.is_answer and (now := past.changes.get(result.account)) and now.last_answer
    }
    return replace(
        past,
        rulings=rulings,
        answers=by_account,
        cases=cases,
        called={account.name: account.called for account in settings.accounts if account.called},
        known=last_answers_of(told, evidence, settings),
        authors=settings.authors,
        day=today or day_of(document.run.finished_at),
        foreign=ForeignBook(evidence).readings(),
        unmet=_unmet(document, settings),
    )


def evidence_of(root: Path, settings: Settings) -> Path:
    """The folder in which the history of some runs lies: above them, whoever's they are; else as configured."""
    return next((folder for folder in (root, root.parent) if (folder / HISTORY).exists()), settings.output)


def _unmet(document: RunDocument, settings: Settings) -> dict[str, tuple[Unmet, ...]]:
    """Account → what the pages of its unknown answer did not show, of as many accounts as a report shows in full."""
    unknown = [one for one in document.results if one.verdict is Verdict.UNKNOWN and one.bundle][:FULL_UP_TO]
    known = flows.find(settings.flow_paths, {one.flow for one in unknown}).flows if unknown else {}
    root = Path(document.run.output)
    told = {
        one.account: unmet_of(one, root / one.bundle.path, known[one.flow])
        for one in unknown
        if one.bundle and one.flow in known
    }
    return {account: unmet for account, unmet in told.items() if unmet}


def write_results(document: RunDocument, spool: ResultSpool | None = None) -> None:
    """
    Write `results.json` into the run's folder; a `spool` that holds them in full, where the document does not, ends.

    Raises OutputError: it cannot be written.
    """
    results = spool.in_full(document.results) if spool else document.results
    write_text(Path(document.run.output) / NAME, as_json.pieces(document.run, results))
    if spool:
        spool.close()


def write_reports(
    document: RunDocument, guides: Mapping[str, FlowGuide], lang: str, background: Background | None = None
) -> str:
    """
    Write the report in both languages into the run's folder; the path that the chosen one gets with its seal.

    One without the other would be no evidence (`seal_documents`). Raises OutputError: they cannot be written.
    """
    from automation.reports import as_html  # noqa: PLC0415 - jinja2, which a check needs at its end alone

    folder = Path(document.run.output)
    names = {code: f"report.{code}.html" for code in LANGUAGES}
    for code, name in names.items():
        others = {other: file for other, file in names.items() if other != code}
        page = as_html.pieces(
            document, guides, code, Source(""), other_languages=others, background=background or NOTHING
        )
        write_text(partial_of(folder / name), page)
    return str(folder / names[lang])


def seal_documents(document: RunDocument, sealer: Sealer) -> None:
    """
    Seal the results and the reports of a run, which are written, and give the reports their names.

    What goes wrong here costs no check: it is told, and verifying says that nothing seals them.
    """
    folder = Path(document.run.output)
    try:
        seal_run(folder, sealer, operator=document.run.operator, case=document.run.case)
    except TemoinError as error:
        tell(error.message)
    name_reports(folder)


def unstamped(document: RunDocument, words: Language, *, asked: bool) -> tuple[str, ...]:
    """A line where only a machine's clock tells when evidence was sealed, whether an authority was `asked` or not."""
    bundles = [result.bundle for result in document.results if result.bundle]
    count = sum(not bundle.stamped for bundle in bundles)
    if not count:
        return ()
    if not asked:
        return (words.gettext("Not time-stamped: only this machine's clock says when (time_stamps in [evidence])."),)
    return (
        words.gettext(
            "Not time-stamped, for want of an answer: %(count)s of %(all)s. Later: temoin evidence stamp",
            count=count,
            all=len(bundles),
        ),
    )
