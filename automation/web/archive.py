"""
What is on the disk, as the pages show it: the configuration, the newest results, the past.

What is read is remembered for as long as the files are the same ones: each request looks whether they are, so that two
windows, a terminal and a scheduled check never show each other's past. Of results only their places are remembered, so
that ten thousand accounts need little memory; those that a page shows are read for it.
"""

from __future__ import annotations

import os
import threading
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from automation.core.errors import ConfigurationError, HistoryError
from automation.core.results import Outcome
from automation.web.cards import Card, card_of
from automation.web.filed import late_accounts
from automation.web.spoken import answers_today, ruling_today
from automation.web.surroundings import DeskSurroundings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence  # noqa: TC004 - nothing asks `Cards` for its types

    from automation.config import Settings
    from automation.core.accounts import Account
    from automation.core.policy import Statement
    from automation.core.results import Result  # noqa: TC004 - nothing asks `Latest` for its types
    from automation.flow import Flow
    from automation.reports.stored import IndexedResult, StoredRun
    from automation.storage.changes import Change
    from automation.storage.history_rows import HistoryEntry
    from automation.text.language import Language

CARDS_A_PAGE = 60
NEW = "new"
"""Where an account stands that was never checked."""
SETTLED = "settled"
"""Where one stands that could not be read, and that people settled."""
Stamp = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Latest:
    """The newest result of an account, and where its run lies."""

    result: Result
    run: Path

    @property
    def bundle(self) -> Path | None:
        """Its evidence; None where it has none."""
        return self.run / self.result.bundle.path if self.result.bundle else None


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


class Archive:
    """
    What can be read of one configuration.

    Args:
        config: the `temoin.toml`; it need not exist yet.
    """

    def __init__(self, config: Path) -> None:
        self.config = config
        self.around = DeskSurroundings()
        self._settings: tuple[Stamp, Settings] | None = None
        self._runs: dict[Path, tuple[Stamp, tuple[IndexedResult, ...]]] = {}
        self._lock = threading.Lock()

    def settings(self, *accounts: str) -> Settings:
        """
        The configuration as it is now, without what only signing in needs.

        Raises:
            ConfigurationError: it is wrong, or has no such account.
        """
        from automation.config import load, mark_of

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

    @property
    def file(self) -> Path:
        """The configuration, or an empty file in its place."""
        return self.config if self.config.exists() else Path(os.devnull)

    def flows(self, settings: Settings) -> Mapping[str, Flow]:
        """Every setting that can be read."""
        import flows
        from automation.app.setup import looks_that_count, with_looks

        return with_looks(flows.find(settings.flow_paths), looks_that_count(settings)).flows

    def latest(self, settings: Settings, account: Account) -> Latest | None:
        """The newest result of an account; None where there is none, or it cannot be read."""
        found = self._newest(settings).get(account.name)
        return _read(found) if found else None

    def all_latest(self, settings: Settings) -> Iterator[Latest]:
        """The newest result of each account, one after the other."""
        return (latest for one in self._newest(settings).values() if (latest := _read(one)) is not None)

    def _newest(self, settings: Settings) -> dict[str, IndexedResult]:
        """Account → where its newest result stands; a run that cannot be read is left out."""
        from automation.reports.stored import NAME, open_stored

        runs = []
        for file in settings.output.glob(f"*/{NAME}"):
            try:
                runs.append(open_stored(file))
            except ConfigurationError:
                continue
        wanted = {account.name: account.flow for account in settings.accounts}
        found: dict[str, IndexedResult] = {}
        with self._lock:
            self._runs = {run.path: self._runs[run.path] for run in runs if run.path in self._runs}
            for stored in sorted(runs, key=lambda stored: stored.run.finished_at, reverse=True):
                here = {one.account: one for one in self._indexed(stored)}
                for name, one in here.items():
                    if wanted.get(name) == one.flow:
                        found.setdefault(name, one)
                if len(found) == len(wanted):
                    break
        return found

    def _indexed(self, stored: StoredRun) -> tuple[IndexedResult, ...]:
        from automation.reports.stored import index_of

        stamp = _stamp(stored.path)
        known = self._runs.get(stored.path)
        if known is None or known[0] != stamp:
            try:
                known = stamp, tuple(index_of(stored))
            except ConfigurationError:
                known = stamp, ()
            self._runs[stored.path] = known
        return known[1]

    def timeline(self, settings: Settings, account: Account) -> tuple[HistoryEntry, ...]:
        """
        What was answered for an account, oldest first.

        Raises:
            HistoryError: the history cannot be read.
        """
        from automation.app.setup import history_path
        from automation.storage.sqlite import SqliteHistory

        path = history_path(settings)
        if not path.exists():
            return ()
        with SqliteHistory(path) as history:
            return tuple(entry for entry in history.timeline(account.name) if entry.flow == account.flow)

    def cards(self, settings: Settings, words: Language, of: str = "", page: int = 1) -> Cards:
        """
        One page of the list of accounts.

        Args:
            settings: the configuration.
            words: of the reader.
            of: an outcome's name, `settled` or `new`, to show only accounts that stand so; empty for all.
            page: counted from 1; one that is not there is the nearest that is.
        """
        newest, late = self._newest(settings), late_accounts(settings)
        standing = {one.name: _standing(newest.get(one.name)) for one in settings.accounts}
        standing |= dict.fromkeys(late & standing.keys(), Outcome.FINDING.value)
        tally = dict.fromkeys(("ok", SETTLED, "finding", "incomplete", NEW), 0)
        for one in settings.accounts:
            tally[standing.get(one.name, NEW)] += 1
        of = of if of in tally else ""
        wanted = _by_owner(one for one in settings.accounts if not of or standing.get(one.name, NEW) == of)
        pages = max(1, -(-len(wanted) // CARDS_A_PAGE))
        page = min(max(1, page), pages)
        shown = wanted[(page - 1) * CARDS_A_PAGE : page * CARDS_A_PAGE]
        changes, flows = self._changes(settings, shown), self._flows(settings, shown)
        results = {one.name: _read(newest[one.name]) for one in shown if one.name in newest}
        answers = answers_today(settings)
        cards = tuple(
            self.card(
                account,
                flows.get(account.flow),
                results.get(account.name),
                changes.get(account.name),
                words,
                answers,
                settings,
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
        *,
        overdue: bool = False,
    ) -> Card:
        """One account of the configuration, with its newest result and where that came in time."""
        from automation.flow.manifest import filing_table

        return card_of(
            account,
            flow.guide if flow else None,
            latest.result if latest else None,
            change,
            words,
            signed_in=self.is_signed_in(account),
            waits=latest is not None and flow is not None and _waits(latest, flow),
            overdue=overdue,
            can_file=flow is not None and filing_table(flow) is not None,
            ruling=ruling_today(settings, latest.result, answers) if latest else None,
        )

    def _changes(self, settings: Settings, accounts: Iterable[Account]) -> dict[str, Change]:
        """Account → where its newest answer came in time; empty where the history cannot be read."""
        from automation.app.setup import history_path
        from automation.storage.sqlite import SqliteHistory

        path = history_path(settings)
        if not path.exists():
            return {}
        try:
            with SqliteHistory(path) as history:
                return {
                    account.name: entry.change
                    for account in accounts
                    for entry in history.timeline(account.name)
                    if entry.flow == account.flow
                }
        except HistoryError:
            return {}

    def _flows(self, settings: Settings, accounts: Sequence[Account]) -> Mapping[str, Flow]:
        import flows
        from automation.app.setup import looks_that_count, with_looks

        looks = looks_that_count(settings)
        wanted = {*(account.flow for account in accounts), *(look.flow for look in looks)}
        return with_looks(flows.find(settings.flow_paths, wanted), looks).flows

    def is_signed_in(self, account: Account) -> bool:
        """Whether a session is kept; whether the service still accepts it, only a check can tell."""
        from automation.app.setup import data_folder

        sessions = data_folder() / "sessions"
        return any((sessions / f"{name}.age").exists() for name in account.entries)


def _standing(found: IndexedResult | None) -> str:
    if found is None:
        return NEW
    return SETTLED if found.is_settled else found.outcome.value


def _by_owner(accounts: Iterable[Account]) -> list[Account]:
    """Accounts of one owner side by side, in the order of the configuration otherwise."""
    owners: dict[str, list[Account]] = {}
    for account in accounts:
        owners.setdefault(account.owner, []).append(account)
    return [account for found in owners.values() for account in found]


def _waits(latest: Latest, flow: Flow) -> bool:
    """Whether a person can say what its pictures show."""
    from automation.app.looks import open_questions
    from automation.app.rejudging import Visit
    from automation.core.verdicts import Verdict

    if latest.bundle is None or latest.result.verdict is not Verdict.UNKNOWN:
        return False
    return bool(open_questions(Visit(latest.result, latest.bundle, latest.run.parent), flow))


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
