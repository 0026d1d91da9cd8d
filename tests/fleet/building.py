"""A fleet to test: a real database, accounts in it, and visits that seal real bundles without a browser."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import psycopg

from automation.core.results import Result, RunDocument
from automation.core.verdicts import Verdict
from automation.fleet.claims import Rules
from automation.fleet.enrolling import Enrolment, enroll
from automation.fleet.queue import Queue
from automation.fleet.upkeep import dispatch
from automation.storage.postgres import DatabaseAddress, connect
from tests import postgres
from tests.builders import a_document, a_result, an_account
from tests.evidence.building import Place as Evidence

FAST = Rules(
    visit_s=8.0, upload_s=4.0, margin_s=1.0, heartbeat_s=0.5, silent_s=3.0, dispatch_s=1, cooling_s=(0.5, 1.0),
    complaint_s=1.0, pending_s=0.5,
)  # fmt: skip
"""The same rules, for impatient tests."""


@dataclass
class AFleet:
    """A database with accounts."""

    place: DatabaseAddress
    connection: psycopg.Connection[Any]
    queue: Queue

    def enroll(self, *names: str, per_hour: float = 100_000.0, service: str = "facebook", **changes: Any) -> None:
        """Put accounts of one service in, due now."""
        accounts = [an_account(name, flow=f"{service}.ai_objection") for name in names]
        enrolment = Enrolment(**{"every": timedelta(days=1), **changes})
        enroll(self.connection, accounts, enrolment, {service: per_hour})

    def present(self, pool: str = "main", ago_s: float = 0.0) -> None:
        """Some worker of a pool said that it is there."""
        self.connection.execute(
            "INSERT INTO workers (name, pool, contexts, version, ahead_s, seen_at)"
            " VALUES (%s, %s, 1, '0', 0, now() - %s * interval '1 second')"
            " ON CONFLICT (name) DO UPDATE SET seen_at = EXCLUDED.seen_at",
            (f"worker-of-{pool}", pool, ago_s),
        )

    def dispatch(self, rules: Rules = FAST) -> int:
        """One round of the dispatcher."""
        return dispatch(self.connection, self.queue, rules)

    def ask(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """Rows of a query."""
        return self.connection.execute(statement, values).fetchall()

    def one(self, statement: str, *values: Any) -> Any:
        """The one value of a query."""
        ((value,),) = self.ask(statement, *values)
        return value


@contextmanager
def a_fleet() -> Iterator[AFleet]:
    """A new one."""
    place = postgres.shared().migrated()
    with connect(place) as connection:
        yield AFleet(place, connection, Queue(place))


async def sealed_visit(evidence: Evidence, account: str, run: str, **changes: Any) -> RunDocument:
    """A visit's run with a really sealed bundle; the changes are those of the result."""
    kept: list[Result] = []

    def change(made: Result) -> Result:
        result = a_result(account, **{"verdict": Verdict.OBJECTED, **changes})
        moments = {"started_at": made.started_at, "finished_at": made.finished_at, "signals": made.signals}
        kept.append(replace(result, bundle=None, steps=made.steps, evidence=made.evidence, **moments))
        return kept[0]

    reference = await evidence.bundle(run, account, change=change)
    return a_document(replace(kept[0], bundle=reference), id=run, output=str(evidence.root / run))


class Visits:
    """Visits that seal real bundles without a browser, and know when two were at one account at once."""

    def __init__(
        self, evidence: Evidence, *, takes_s: float = 0.0, result: Callable[[str], dict[str, Any]] = lambda _account: {}
    ) -> None:
        self.evidence, self.takes_s = evidence, takes_s
        self.begun: list[str] = []
        self.now: set[str] = set()
        self.at_once: set[str] = set()
        self._result = result

    async def __call__(self, account: str, run: str) -> RunDocument:
        """Visit one account."""
        if account in self.now:
            self.at_once.add(account)
        self.begun.append(account)
        self.now.add(account)
        try:
            await asyncio.sleep(self.takes_s)
            return await sealed_visit(self.evidence, account, run, **self._result(account))
        finally:
            self.now.discard(account)
