"""What a history can do, whatever it is kept in. Each implementation passes `tests/storage/history/test_history.py`."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from types import TracebackType
from typing import Protocol, Self

from automation.core.results import RunDocument
from automation.storage.history.changes import Change
from automation.storage.history.entries import DayStanding, HistoryEntry, Recorded


class History(Protocol):
    """
    Past results, and what changed from one to the next.

    Results of one account are compared only within one series: the same flow, the same subject (who the service says
    is signed in, as an HMAC) and either the real service or a stand-in. Their order is that of `finished_at`; one
    that is recorded late takes its place, and what follows it is measured anew.

    Every method raises HistoryError where the store is locked, full, damaged or of a newer version; nothing that was
    recorded before is lost then.
    """

    def record(self, document: RunDocument) -> Mapping[str, Change]:
        """
        Keep the results of a run, all or none, and say what each changed; account → change.

        A result that is there already, by run and account, is left as it was: recording twice is recording once.
        """
        ...

    def replace(self, results: Iterable[Recorded]) -> int:
        """Forget everything and keep these results instead, all or none; the number of results that were kept."""
        ...

    def latest(self) -> tuple[HistoryEntry, ...]:
        """The newest result of each account at each flow, stand-ins apart; by account, then flow."""
        ...

    def timeline(self, account: str, since: datetime | None = None) -> tuple[HistoryEntry, ...]:
        """
        All results of an account, oldest first; none of an account that was never recorded.

        Args:
            account: its name.
            since: leave out what finished before this moment (aware).
        """
        ...

    def timelines(self, accounts: Collection[str]) -> Mapping[str, tuple[Change, ...]]:
        """
        The past of several accounts, each in its newest series: account → changes, oldest first.

        Accounts that were never recorded are left out.
        """
        ...

    def since(self, moment: datetime) -> tuple[HistoryEntry, ...]:
        """All results that finished at this moment (aware) or later, oldest first."""
        ...

    def by_day(self, accounts: Collection[str] | None = None, *, stand_in: bool = False) -> tuple[DayStanding, ...]:
        """
        Where all accounts stood, for each day on which one was checked, oldest first.

        Args:
            accounts: only these; None for all that were ever recorded.
            stand_in: look at what stand-ins answered, instead of the real services.
        """
        ...

    def close(self) -> None:
        """Let go of the store."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...
