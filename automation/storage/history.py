"""
What was answered before, and what changed since, in SQL: what every database that keeps a history has in common.

The bundles stay the truth; the history can be made again from them. Values are bound, as `?`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter, deque
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime, timedelta
from types import TracebackType
from typing import Any, Self

from automation.core.observations import Form
from automation.core.results import Outcome, RunDocument
from automation.core.verdicts import Reason, Verdict
from automation.storage.changes import Change, FormChange, Held, follow, form_changes
from automation.storage.history_rows import (
    ENTRIES,
    STANDING,
    DayStanding,
    HistoryEntry,
    Recorded,
    entry,
    form_changes_text,
    form_text,
    read_form,
    recorded,
    standing,
    written,
)

_STANDING = ", ".join(STANDING)


class History(ABC):
    """
    Past results, and what changed from one to the next. Every database passes `tests/storage/history/test_history.py`.

    Results of one account are compared only within one series: the same flow, the same subject (who the service says
    is signed in, as an HMAC) and either the real service or a stand-in. Their order is that of `finished_at`; one
    that is recorded late takes its place, and what follows it is measured anew.

    Every method raises HistoryError where the store is locked, full, damaged or of a newer version; nothing that was
    recorded before is lost then.
    """

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @abstractmethod
    def close(self) -> None:
        """Let go of the database."""

    @abstractmethod
    def _execute(self, statement: str, values: Sequence[Any] = ()) -> Any:
        """Run one statement, each `?` of which stands for a value; the database's own cursor."""

    @abstractmethod
    def _writing(self, accounts: Collection[str] | None) -> AbstractContextManager[None]:
        """One change, all or nothing, and beside it no other writer of these accounts; None: of any."""

    @abstractmethod
    def _telling(self) -> AbstractContextManager[None]:
        """Turn what the database raises into a HistoryError."""

    @abstractmethod
    def _copy_beside(self) -> None:
        """Keep what there is, for whoever replaces it without having all the evidence at hand."""

    def record(self, document: RunDocument) -> Mapping[str, Change]:
        """
        Keep the results of a run, all or none, and say what each changed; account → change.

        A result that is there already, by run and account, is left as it was: recording twice is recording once.
        """
        with self._telling():
            with self._writing({result.account for result in document.results}):
                kept = [self._keep(one) for one in recorded(document)]
                for series, at, run in kept:
                    self._measure(series, at, run)
            found = (self._entries("WHERE r.series = ? AND r.run = ?", series, run) for series, _, run in kept)
            return {one.account: one.change for entries in found for one in entries}

    def replace(self, results: Iterable[Recorded]) -> int:
        """
        Forget everything and keep these results instead, all or none; a copy of what was there stays beside.

        Returns: how many results were kept.
        """
        with self._telling():
            self._copy_beside()
            with self._writing(None):
                for table in ("results", "forms", "series"):
                    self._execute(f"DELETE FROM {table}")
                for series in {self._keep(one)[0] for one in results}:
                    self._measure(series, "", "")
            return int(self._execute("SELECT count(*) FROM results").fetchone()[0])

    def latest(self) -> tuple[HistoryEntry, ...]:
        """The newest result of each account at each flow, stand-ins apart; by account, then flow."""
        newest = "(SELECT id FROM results WHERE series = s.id ORDER BY finished_at DESC, run DESC LIMIT 1)"
        order = "s.account, s.flow, s.stand_in, r.finished_at, r.run"
        entries = self._entries(f"WHERE r.id = {newest} ORDER BY {order}")
        return tuple({(one.account, one.flow, one.stand_in): one for one in entries}.values())

    def timeline(self, account: str, since: datetime | None = None) -> tuple[HistoryEntry, ...]:
        """All results of an account that finished at a moment (aware) or later, oldest first; none of a stranger."""
        where = "WHERE s.account = ? AND r.finished_at >= ? ORDER BY r.finished_at, r.run"
        return self._entries(where, account, written(since) if since else "")

    def timelines(self, accounts: Collection[str]) -> Mapping[str, tuple[Change, ...]]:
        """The past of several accounts, each in its newest series: account → changes, oldest first; no unknown ones."""
        newest = (
            "SELECT series FROM results JOIN series ON series.id = results.series WHERE account = ?"
            " ORDER BY finished_at DESC, run DESC LIMIT 1"
        )
        where = f"WHERE r.series = ({newest}) ORDER BY r.finished_at, r.run"
        found = {account: tuple(one.change for one in self._entries(where, account)) for account in accounts}
        return {account: changes for account, changes in found.items() if changes}

    def since(self, moment: datetime) -> tuple[HistoryEntry, ...]:
        """All results that finished at this moment (aware) or later, oldest first."""
        return self._entries("WHERE r.finished_at >= ? ORDER BY r.finished_at, r.run", written(moment))

    def by_day(self, accounts: Collection[str] | None = None, *, stand_in: bool = False) -> tuple[DayStanding, ...]:
        """
        Where all accounts stood, for each day on which one was checked, oldest first.

        Args:
            accounts: only these; None for all that were ever recorded.
            stand_in: look at what stand-ins answered, instead of the real services.
        """
        standings: dict[tuple[str, str], tuple[Verdict, Outcome]] = {}
        found: list[DayStanding] = []
        with self._telling():
            days = deque(self._days())
            moves = self._execute(
                "SELECT s.account, s.flow, r.verdict, r.outcome, r.finished_at FROM results r JOIN series s"
                " ON s.id = r.series WHERE r.change <> 'still' AND s.stand_in = ? ORDER BY r.finished_at, r.run",
                (stand_in,),
            )
            for account, flow, verdict, outcome, at in moves:
                if accounts is not None and account not in accounts:
                    continue
                while days and days[0] < at[: len(days[0])]:
                    found += _day(days.popleft(), standings)
                standings[account, flow] = Verdict(verdict), Outcome(outcome)
        for day in days:
            found += _day(day, standings)
        return tuple(found)

    def sessions_lasted(self) -> Mapping[str, tuple[timedelta, ...]]:
        """
        Service (its folder in `flows/`) → how long sessions lasted, from the first answer to where it had ended.

        Where somebody signed in anew before that, two are one.
        """
        begun: dict[int, datetime] = {}
        lasted: dict[str, tuple[timedelta, ...]] = {}
        with self._telling():
            moves = self._execute(
                "SELECT s.id, s.flow, r.verdict, r.because_key, r.finished_at FROM results r JOIN series s"
                " ON s.id = r.series WHERE r.change <> 'still' AND s.stand_in = ?"
                " AND (r.reason IS NULL OR r.reason = ?) ORDER BY r.finished_at, r.run",
                (False, Reason.LOGIN_REQUIRED),
            )
            for series, flow, verdict, because, at in moves:
                moment, service = datetime.fromisoformat(at), flow.partition(".")[0]
                if Verdict(verdict).is_answer:
                    begun.setdefault(series, moment)
                elif (start := begun.pop(series, None)) and because not in {"no_session", "session_unusable"}:
                    lasted[service] = (*lasted.get(service, ()), moment - start)
        return lasted

    def _days(self) -> Iterator[str]:
        """Each day on which something was checked, as `2026-11-25`: one look into the index a day, not one a result."""
        after = ""
        look = "SELECT min(finished_at) FROM results WHERE finished_at > ?"
        while at := self._execute(look, (after,)).fetchone()[0]:
            yield at[:10]
            after = f"{at[:10]}U"  # sorts after every moment of the day, whose eleventh letter is T

    def _entries(self, where: str, *values: object) -> tuple[HistoryEntry, ...]:
        with self._telling():
            return tuple(map(entry, self._execute(f"{ENTRIES} {where}", values)))

    def _keep(self, one: Recorded) -> tuple[int, str, str]:
        """Insert a result that is not there yet; the key of its row: series, moment, run."""
        result, bundle = one.result, one.result.bundle
        # A visit that was judged again keeps its moment; the new answer comes right after the one before.
        finished_at = result.finished_at + timedelta(microseconds=1 if result.judged_at else 0)
        series, at = self._series(one), written(finished_at)
        row: dict[str, object] = {
            "series": series,
            "run": one.run,
            "finished_at": at,
            "owner": result.owner,
            "kind": result.kind,
            "page": result.page,
            "flow_revision": result.flow_revision,
            "locale": result.locale,
            "verdict": result.verdict,
            "reason": result.reason,
            "outcome": result.outcome,
            "because": result.because,
            "because_key": result.because_key,
            "assumed_words": result.assumed_words,
            "bundle": bundle.path if bundle else None,
            "manifest_sha256": bundle.manifest_sha256 if bundle else "",
            "surface": result.form.surface if result.form else None,
            "form": self._form(result.form) if result.form else None,
        }
        self._execute(
            f"INSERT INTO results ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})"
            " ON CONFLICT (series, run) DO NOTHING",
            tuple(row.values()),
        )
        return series, at, one.run

    def _series(self, one: Recorded) -> int:
        """
        The series that a result belongs to.

        A check that failed before it knew who is signed in has no subject: it joins the newest series of its account,
        and a series that began so takes the first subject that comes.
        """
        result = one.result
        names = (result.account, result.flow, one.stand_in)
        of_account = "SELECT id FROM series WHERE account = ? AND flow = ? AND stand_in = ?"
        if not result.subject:
            last = "(SELECT max(finished_at) FROM results WHERE series = series.id)"
            found = self._execute(f"{of_account} ORDER BY {last} DESC LIMIT 1", names).fetchone()
        elif not (found := self._execute(f"{of_account} AND subject = ?", (*names, result.subject)).fetchone()):
            found = self._execute(f"{of_account} AND subject = ''", names).fetchone()
            if found:
                self._execute("UPDATE series SET subject = ? WHERE id = ?", (result.subject, *found))
        if found is None:
            insert = "INSERT INTO series (account, flow, stand_in, subject) VALUES (?, ?, ?, ?) RETURNING id"
            found = self._execute(insert, (*names, result.subject)).fetchone()
        return int(found[0])

    def _form(self, form: Form) -> int:
        text, digest = form_text(form)
        insert = "INSERT INTO forms (digest, form) VALUES (?, ?) ON CONFLICT (digest) DO NOTHING"
        self._execute(insert, (digest, text))
        return int(self._execute("SELECT id FROM forms WHERE digest = ?", (digest,)).fetchone()[0])

    def _measure(self, series: int, at: str, run: str) -> None:
        """Say of each result of a series, from one on, what it changed."""
        previous, answer = self._before(series, at, run)
        rows = self._execute(
            f"SELECT id, form, surface, locale, {_STANDING} FROM results"
            " WHERE series = ? AND (finished_at, run) >= (?, ?) ORDER BY finished_at, run",
            (series, at, run),
        ).fetchall()
        update = (
            "UPDATE results SET change = ?, since = ?, previous = ?, last_answer = ?, form_changes = ? WHERE id = ?"
        )
        for number, form, surface, locale, *rest in rows:
            now = standing(rest)
            changes = self._form_changes((series, surface, locale, written(now.at), now.run), form) if form else ()
            change = follow(now, previous, answer, changes)
            before = (previous and previous.row, answer and answer.row)
            self._execute(update, (change.kind, written(change.since), *before, form_changes_text(changes), number))
            previous = Held(now, change.since, number)
            answer = previous if now.verdict.is_answer else answer

    def _before(self, series: int, at: str, run: str) -> tuple[Held | None, Held | None]:
        """The result before a moment, and the last answer before it."""
        rows = f"SELECT last_answer, id, since, {_STANDING} FROM results"

        def held(where: str, values: Sequence[Any]) -> tuple[Held | None, int | None]:
            found = self._execute(f"{rows} {where}", values).fetchone()
            if found is None:
                return None, None
            answer, number, since, *rest = found
            return Held(standing(rest), datetime.fromisoformat(since), number), answer

        where = "WHERE series = ? AND (finished_at, run) < (?, ?) ORDER BY finished_at DESC, run DESC LIMIT 1"
        previous, answer = held(where, (series, at, run))
        if previous is None or previous.standing.verdict.is_answer:
            return previous, previous
        return previous, held("WHERE id = ?", (answer,))[0]

    def _form_changes(self, key: tuple[int, str, str, str, str], form: int) -> tuple[FormChange, ...]:
        """What is different since the form was last read at the same place in the same language."""
        before = self._execute(
            "SELECT form FROM results WHERE series = ? AND surface = ? AND locale = ? AND form IS NOT NULL"
            " AND (finished_at, run) < (?, ?) ORDER BY finished_at DESC, run DESC LIMIT 1",
            key,
        ).fetchone()
        if before is None or before[0] == form:
            return ()
        texts = dict(self._execute("SELECT id, form FROM forms WHERE id IN (?, ?)", (*before, form)))
        return form_changes(read_form(texts[before[0]]), read_form(texts[form]))


def _day(day: str, standings: Mapping[tuple[str, str], tuple[Verdict, Outcome]]) -> Iterator[DayStanding]:
    """The day, unless nothing was known by its end."""
    if standings:
        verdicts = Counter(verdict for verdict, _ in standings.values())
        outcomes = Counter(outcome for _, outcome in standings.values())
        yield DayStanding(date.fromisoformat(day), dict(verdicts), dict(outcomes))
