"""
What is on the disk, as the pages show it: the configuration, the newest results, the past, and what waits for a look.

What is read is remembered for as long as the files are the same ones: each request looks whether they are, so that two
windows, a terminal and a scheduled check never show each other's past. Of results only their places are remembered, so
that ten thousand accounts need little memory; those that a page shows are read for it. Nothing here knows of requests
or HTML.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import flows
from automation.app.accounts import editing
from automation.app.cases import as_pdf
from automation.app.check import answers_in_force
from automation.app.doctor import Surroundings
from automation.app.login import Wish, signed_in
from automation.app.looks import Waiting, looks_of, open_questions
from automation.app.rejudging import Visit
from automation.app.schedulers import ThisComputer
from automation.app.session_ends import likely_end
from automation.app.setup import (
    data_folder,
    history_path,
    looks_file,
    looks_that_count,
    with_looks,
)
from automation.browser.finder import FoundBrowser
from automation.cli.get_browser import Ended, TerminalShell
from automation.config import Settings, load, mark_of
from automation.core.accounts import Account
from automation.core.cases import Case, overdue
from automation.core.errors import ConfigurationError, HistoryError
from automation.core.policy import Ruling, Statement, day_of, judge_outcome
from automation.core.results import Outcome, Result
from automation.core.verdicts import Verdict
from automation.flow import Flow
from automation.flow.manifest import filing_table
from automation.reports.complaint import Complaint
from automation.reports.stored import NAME, IndexedResult, StoredRun, index_of, last_known, lines_of, open_all
from automation.session.means import News
from automation.session.newcomer import Newcomer
from automation.storage.books import CaseBook
from automation.storage.changes import Change
from automation.storage.history_rows import HistoryEntry
from automation.storage.sqlite import SqliteHistory
from automation.text.language import Language
from automation.web.cards import Card, card_of, standing_of

CARDS_A_PAGE = 60
NEW = "new"
"""Where an account stands that was never checked."""
SETTLED = "settled"
"""Where one stands that could not be read, and that people settled."""
Stamp = tuple[object, ...]


def cases_of(settings: Settings) -> tuple[Case, ...]:
    """All cases, oldest first; none where their book cannot be read, which `temoin object list` explains."""
    try:
        return CaseBook(settings.output).cases()
    except ConfigurationError:
        return ()


class DeskSurroundings:
    """What of a desk is outside the program: the window for signing in, the machine, the printing of a letter."""

    async def signs_in(
        self, flow: Flow, settings: Settings, wish: Wish, words: Language, tell: Callable[[News], None], limit_s: float
    ) -> Newcomer:
        """As `automation.app.login.signed_in`."""
        return await signed_in(flow, settings, wish, words, tell, limit_s)

    def computer(self) -> ThisComputer:
        """The machine: its screen, its browsers, its schedulers."""
        return ThisComputer()

    def starts(self, found: FoundBrowser, *, headless: bool) -> object:
        """As `automation.app.doctor.Surroundings.start`."""
        return Surroundings().start(found, headless=headless)

    def runs(self, command: Sequence[str], words: Language) -> Ended:
        """Run a command that installs something."""
        return TerminalShell(words, yes=False).run(command)

    def prints(self, letter: Complaint, settings: Settings) -> bytes:
        """As `automation.app.cases.as_pdf`."""
        return as_pdf(letter, settings)


@dataclass(frozen=True, slots=True)
class Latest:
    """The newest result of an account, and where its run lies."""

    result: Result
    run: Path

    @property
    def bundle(self) -> Path | None:
        """Its evidence; None where it has none."""
        return self.run / self.result.bundle.path if self.result.bundle else None

    @property
    def visit(self) -> Visit | None:
        """The same as evidence in which something may wait for a look; None where it is answered, or there is none."""
        if self.bundle is None or self.result.verdict is not Verdict.UNKNOWN:
            return None
        return Visit(self.result, self.bundle, self.run.parent)


@dataclass(frozen=True, slots=True)
class Cards:
    """What one page of the list shows."""

    cards: tuple[Card, ...]
    tally: Mapping[str, int]
    """How many accounts of the whole configuration stand how, by the name of the outcome."""
    total: int
    """How many accounts there are."""
    of: str
    """The outcome that the list is limited to; empty for all."""
    page: int
    pages: int


class Desk:
    """
    What is there and can be done with one configuration.

    Args:
        config: the `temoin.toml`; it need not exist yet.
    """

    def __init__(self, config: Path) -> None:
        self.config = config
        self.around = DeskSurroundings()
        self._settings: tuple[Stamp, Settings] | None = None
        self._runs: dict[Path, tuple[Stamp, tuple[IndexedResult, ...]]] = {}
        self._waiting: tuple[Stamp, tuple[Waiting, ...]] = ((), ())
        self._lock = threading.Lock()

    # -- the configuration

    def settings(self, *accounts: str) -> Settings:
        """
        The configuration as it is now, without what only signing in needs.

        Raises:
            ConfigurationError: it is wrong, or has no such account.
        """
        stamp = mark_of(self.file)
        with self._lock:
            if self._settings is None or self._settings[0] != stamp:
                self._settings = stamp, load(self.file, for_signing_in=False)
            whole = self._settings[1]
        if not accounts:
            return whole
        known = {account.name: account for account in whole.accounts}
        if any(name not in known for name in accounts):
            return load(self.file, accounts=accounts, for_signing_in=False)  # says what is wrong
        return replace(whole, accounts=tuple(known[name] for name in dict.fromkeys(accounts)))

    def known_as(self, name: str) -> str:
        """An account as people know it, such as `Claire Dupont (SERVICE)`; its short name where that is all."""
        account = next((one for one in self.settings().accounts if one.name == name), None)
        flow = self.flows(self.settings(), (account,)).get(account.flow) if account and account.called else None
        return account.known_as(flow.guide.service if flow else account.service) if account else name

    @property
    def file(self) -> Path:
        """The configuration, or an empty file in its place."""
        return self.config if self.config.exists() else Path(os.devnull)

    def change_account(self, name: str, values: Mapping[str, Any], seen: str) -> None:
        """Change what a person said of an account."""
        with editing(self.config, seen=seen) as draft:
            draft.change("accounts", "name", name, values)

    def flows(self, settings: Settings, of: Iterable[Account] | None = None) -> Mapping[str, Flow]:
        """The settings that can be read: every one, or those of some accounts."""
        looks = looks_that_count(settings)
        only = None if of is None else {*(account.flow for account in of), *(look.flow for look in looks)}
        return with_looks(flows.find(settings.flow_paths, only), looks).flows

    def is_signed_in(self, account: Account) -> bool:
        """Whether a session is kept; whether the service still accepts it, only a check can tell."""
        return any((data_folder() / "sessions" / f"{name}.age").exists() for name in account.entries)

    # -- results

    def latest(self, settings: Settings, account: Account) -> Latest | None:
        """The newest result of an account; None where there is none, or it cannot be read."""
        found = self._newest(settings).get(account.name)
        return _read(found[0]) if found else None

    def known(self, settings: Settings, account: Account) -> Result | None:
        """The answer that is the last one all the same, where nothing was read since."""
        found = last_known(self._newest(settings).get(account.name, ()), _ids_of_looks(settings))
        latest = _read(found) if found else None
        return latest.result if latest else None

    def _newest(self, settings: Settings) -> dict[str, tuple[IndexedResult, ...]]:
        """Account → its results as `lines_of` gives them; a run that cannot be read is left out."""
        runs = list(open_all(settings.output.glob(f"*/{NAME}")))
        with self._lock:
            self._runs = {run.path: self._runs[run.path] for run in runs if run.path in self._runs}
            runs.sort(key=lambda stored: stored.run.finished_at, reverse=True)
            return lines_of(map(self._indexed, runs), {account.name: account.flow for account in settings.accounts})

    def _indexed(self, stored: StoredRun) -> tuple[IndexedResult, ...]:
        stamp, known = _stamp(stored.path), self._runs.get(stored.path)
        if known is None or known[0] != stamp:
            try:
                known = stamp, tuple(index_of(stored))
            except ConfigurationError:
                known = stamp, ()
            self._runs[stored.path] = known
        return known[1]

    def waiting(self, settings: Settings, words: Language) -> tuple[Waiting, ...]:
        """What waits for a look at these accounts, oldest first; accounts that are shown the same are together."""
        open_ones = [line[0] for line in self._newest(settings).values() if line[0].verdict is Verdict.UNKNOWN]
        stamp = (tuple(open_ones), _stamp(looks_file(settings.config)), tuple(_stamp(one.file) for one in open_ones))
        if self._waiting[0] != stamp:
            visits = (latest.visit for one in open_ones if (latest := _read(one)) is not None)
            self._waiting = stamp, looks_of(settings, words).waiting(visit for visit in visits if visit is not None)
        return self._waiting[1]

    def timeline(self, settings: Settings, account: Account) -> tuple[HistoryEntry, ...]:
        """
        What was answered for an account, oldest first.

        Raises:
            HistoryError: the history cannot be read.
        """
        path = history_path(settings)
        if not path.exists():
            return ()
        with SqliteHistory(path) as history:
            return tuple(entry for entry in history.timeline(account.name) if entry.flow == account.flow)

    def answers(self, settings: Settings) -> tuple[Statement, ...]:
        """What people said and may settle something today; none where it cannot be read, as `temoin answer` says."""
        try:
            return answers_in_force(settings, settings.output, day_of(datetime.now(UTC)))
        except ConfigurationError:
            return ()

    # -- cards

    def cards(self, settings: Settings, words: Language, of: str = "", page: int = 1) -> Cards:
        """
        One page of the list of accounts.

        Args:
            settings: the configuration.
            words: of the reader.
            of: an outcome's name, `settled` or `new`, to show only accounts that stand so; empty for all.
            page: counted from 1; one that is not there is the nearest that is.
        """
        newest = self._newest(settings)
        looks, cases = _ids_of_looks(settings), cases_of(settings)
        late = {case.account for case in overdue(cases, datetime.now(UTC))}
        standing = {one.name: _standing(newest.get(one.name, ()), looks) for one in settings.accounts}
        for exemption in settings.policy.exemptions:  # counts from today to its last day, whenever it was checked
            line = newest.get(exemption.account)
            latest = _read(line[0]) if line and line[0].verdict is exemption.verdict else None
            if latest is not None and exemption.account in standing:
                ruling = judge_outcome(latest.result, settings.policy, day_of(datetime.now(UTC)))
                standing[exemption.account] = ruling.outcome.value
        standing |= dict.fromkeys(late & standing.keys(), Outcome.FINDING.value)
        tally = dict.fromkeys(("ok", SETTLED, "finding", "incomplete", NEW), 0)
        for one in settings.accounts:
            tally[standing[one.name]] += 1
        of = of if of in tally else ""
        wanted = _by_owner(one for one in settings.accounts if not of or standing[one.name] == of)
        pages = max(1, -(-len(wanted) // CARDS_A_PAGE))
        page = min(max(1, page), pages)
        shown = wanted[(page - 1) * CARDS_A_PAGE : page * CARDS_A_PAGE]
        changes, known, answers = self._changes(settings, shown), self.flows(settings, shown), self.answers(settings)
        results = {one.name: _read(newest[one.name][0]) for one in shown if one.name in newest}
        cards = tuple(
            self.card(
                account,
                known.get(account.flow),
                results.get(account.name),
                changes.get(account.name),
                words,
                answers,
                settings,
                cases,
                overdue=account.name in late,
            )
            for account in shown
        )
        return Cards(cards, tally, len(settings.accounts), of, page, pages)

    def card(
        self,
        account: Account,
        flow: Flow | None,
        latest: Latest | None,
        change: Change | None,
        words: Language,
        answers: Sequence[Statement],
        settings: Settings,
        cases: Sequence[Case],
        *,
        overdue: bool = False,
    ) -> Card:
        """One account of the configuration, with its newest result and where that came in time."""
        visit = latest.visit if latest else None
        ruling: Ruling | None = None
        if latest:
            ruling = judge_outcome(latest.result, settings.policy, day_of(datetime.now(UTC)), answers)
            if ruling.answer is None and not latest.result.is_settled:
                latest = replace(latest, result=replace(latest.result, outcome=ruling.outcome))
        return card_of(
            account,
            flow.guide if flow else None,
            latest.result if latest else None,
            change,
            words,
            signed_in=self.is_signed_in(account),
            waits=visit is not None and flow is not None and bool(open_questions(visit, flow)),
            overdue=overdue,
            can_file=flow is not None and filing_table(flow) is not None,
            ruling=ruling,
            known=self.known(settings, account) if latest and not latest.result.verdict.is_answer else None,
            cases=tuple(case for case in cases if (case.account, case.flow) == (account.name, account.flow)),
            session_end=likely_end(account, flow, settings),
        )

    def _changes(self, settings: Settings, accounts: Iterable[Account]) -> dict[str, Change]:
        """Account → where its newest answer came in time; empty where the history cannot be read."""
        try:
            timelines = {account.name: self.timeline(settings, account) for account in accounts}
        except HistoryError:
            return {}
        return {name: entries[-1].change for name, entries in timelines.items() if entries}


def _ids_of_looks(settings: Settings) -> frozenset[str]:
    return frozenset(look.id for look in looks_that_count(settings))


def _standing(line: Sequence[IndexedResult], looks: Container[str]) -> str:
    if not line:
        return NEW
    known = last_known(line, looks)
    return SETTLED if line[0].is_settled else standing_of(line[0].outcome, known.outcome if known else None).value


def _by_owner(accounts: Iterable[Account]) -> list[Account]:
    """Accounts of one owner side by side, in the order of the configuration otherwise."""
    owners: dict[str, list[Account]] = {}
    for account in accounts:
        owners.setdefault(account.owner, []).append(account)
    return [account for found in owners.values() for account in found]


def _read(found: IndexedResult) -> Latest | None:
    """The whole of it; an answer that was judged again stands in another run than its evidence, and goes by that."""
    try:
        result = found.read()
    except ConfigurationError:
        return None
    bundle = Path(os.path.normpath(found.file.parent / result.bundle.path)) if result.bundle else None
    if bundle is None or result.bundle is None:
        return Latest(result, found.file.parent)
    return Latest(replace(result, bundle=replace(result.bundle, path=bundle.name)), bundle.parent)


def _stamp(path: Path) -> Stamp:
    """What tells whether a file is still the same one; empty where there is none."""
    try:
        found = path.stat()
    except OSError:
        return ()
    return (str(path), found.st_mtime_ns, found.st_size, found.st_ino)
