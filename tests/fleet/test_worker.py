"""
Workers at work: real processes, a real database, really sealed bundles; only the browser is left out.

Each is killed, cut off or refused something, and what must hold afterwards is read from the tables and the store.
"""

from __future__ import annotations

import asyncio
import json
import signal
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from automation.core.errors import BrowserNotFound, FleetError
from automation.core.results import RunDocument
from automation.core.verdicts import Reason
from automation.evidence.formats.ledger import LEDGER
from automation.fleet.store import Store, StoreUnavailable
from automation.fleet.visiting import NotKnownHere
from automation.fleet.worker import Visits as Looks
from automation.fleet.worker import Worker
from automation.storage.postgres import PostgresHistory, connect
from tests import postgres
from tests.evidence.building import Place as Evidence
from tests.fleet.building import FAST, AFleet, Visits
from tests.turns import everything_ready

_PATIENCE_S = 120.0


class Away(Store):
    """A store that takes no evidence until it is back."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.away = True
        self.refused: list[str] = []
        """What it was given meanwhile."""

    def _put(self, file: Path, name: str) -> None:
        if self.away and name.endswith(".tar"):
            self.refused.append(name)
            raise StoreUnavailable("the store is away")
        super()._put(file, name)


class Site:
    """Folders of a test: the store, evidence of each machine, and what the worker processes told."""

    def __init__(self, folder: Path, fleet: AFleet) -> None:
        self.folder, self.fleet = folder, fleet
        self.store = Store(str(folder / "store"))
        self.told = folder / "told"
        self.told.touch()

    def evidence(self, machine: str = "one") -> Evidence:
        """The evidence folder of a machine."""
        return Evidence(self.folder / machine)

    def worker(self, visit: Any) -> Worker:
        """A worker in this process."""
        visits = Looks(visit, self.store, self.evidence().root, contexts=3)
        return Worker(self.fleet.place, visits, rules=FAST)

    @contextmanager
    def process(self, machine: str = "one", **given: Any) -> Iterator[subprocess.Popen[str]]:
        """A worker of its own process; killed at the end, if it is there still."""
        arguments = {
            "url": self.fleet.place.url,
            "store": str(self.folder / "store"),
            "evidence": str(self.folder / machine),
            "told": str(self.told),
            **given,
        }
        command = [sys.executable, "-m", "tests.fleet.worker_process", json.dumps(arguments)]
        process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        lines: list[str] = []
        reading = threading.Thread(target=lambda: lines.extend(process.stderr or ()))
        reading.start()
        try:
            yield process
        finally:
            process.kill()
            process.wait()
            reading.join()
            if process.stderr:
                process.stderr.close()
            sys.stderr.write("".join(lines))

    def begun(self) -> list[str]:
        """Accounts in the order in which processes began to visit them."""
        return [line.split()[1] for line in self.told.read_text().splitlines() if line.startswith("begin")]

    def at_once(self) -> list[str]:
        """Accounts at which two visits were at the same time; one that was killed ends with its process."""
        inside: dict[str, set[str]] = defaultdict(set)
        found = []
        for line in self.told.read_text().splitlines():
            what, account, run, *_ = line.split()
            if what == "begin" and inside[account]:
                found.append(account)
            inside[account].add(run) if what == "begin" else inside[account].discard(run)
        return found

    def done(self) -> int:
        """Visits that are done; the evidence of each is in the store, as the tables say it."""
        from automation.evidence.formats.signed import sha256_of

        with connect(self.fleet.place) as connection:
            rows = connection.execute("SELECT evidence, evidence_sha256 FROM visits WHERE outcome = 'done'").fetchall()
        for url, digest in rows:
            assert sha256_of(Path(url)) == digest
        return len(rows)

    def on_disk(self, machine: str = "one") -> list[str]:
        """Runs that are still on a machine."""
        root = self.evidence(machine).root
        return [path.name for path in root.iterdir() if path.is_dir()] if root.exists() else []


@pytest.fixture
def site(tmp_path: Path, fleet: AFleet) -> Site:
    """Folders for one fleet."""
    return Site(tmp_path, fleet)


def wait_until(holds: Callable[[], Any], what: str = "") -> None:
    """Wait until something holds, and fail if it does not in time."""
    until = time.monotonic() + _PATIENCE_S
    while not holds():
        assert time.monotonic() < until, f"waited in vain: {what}"
        time.sleep(0.05)


@asynccontextmanager
async def working(worker: Worker) -> AsyncIterator[asyncio.Task[None]]:
    """A worker at work; it is told to stop at the end and finishes what it has begun."""
    task = asyncio.create_task(worker.run())
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def until(holds: Callable[[], Any], what: str = "") -> None:
    """The same as `wait_until`, while a worker works."""
    await asyncio.to_thread(wait_until, holds, what)


@dataclass(frozen=True)
class Slow(Worker):
    """Says that it is there when it is let to, but for the first time."""

    begun: threading.Event = field(default_factory=threading.Event)
    may: threading.Event = field(default_factory=threading.Event)
    said: list[str] = field(default_factory=list)

    def _seen(self) -> None:
        if self.said:
            self.begun.set()
            assert self.may.wait(_PATIENCE_S)
        super()._seen()
        self.said.append("here")

    def _gone(self) -> None:
        self.said.append("gone")
        super()._gone()


async def test_the_goodbye_is_the_last_word(fleet: AFleet) -> None:
    """A heartbeat that is under way when the worker is told to stop does not bring it back."""
    worker = Slow(fleet.place, None, upkeep=False)
    task = asyncio.create_task(worker.run())
    await until(worker.begun.is_set)
    task.cancel()
    await everything_ready()
    worker.may.set()
    await asyncio.gather(task, return_exceptions=True)
    assert worker.said == ["here", "here", "gone"]
    assert fleet.ask("SELECT name FROM workers") == []


async def test_every_account_is_visited_once_and_proven(site: Site) -> None:
    """Accounts come, are visited side by side, and end with evidence in the store, in the history and on no disk."""
    names = [f"account-{number:02d}" for number in range(12)]
    site.fleet.enroll(*names)
    visits = Visits(site.evidence(), takes_s=0.05)
    async with working(site.worker(visits)):
        await until(lambda: site.done() == 12)
        await until(lambda: not site.on_disk(), "committed evidence is removed")
    assert sorted(visits.begun) == names
    with PostgresHistory(site.fleet.place) as history:
        assert [entry.account for entry in history.latest()] == names
    assert any(path.name == "ledger.jsonl" for path in (site.folder / "store").rglob("*"))
    assert site.fleet.ask("SELECT DISTINCT status FROM procrastinate_jobs WHERE task_name = 'visit'") == []
    assert site.fleet.ask("SELECT name FROM workers") == [], "it said goodbye"


@pytest.mark.thorough
async def test_one_accounts_fault_costs_the_others_nothing(site: Site) -> None:
    """A visit that raises, one that hangs and one that is unknown here fail and cool down; the others are done."""
    site.fleet.enroll("broken", "good", "hanging", "unknown")
    visits = Visits(site.evidence())

    async def visit(account: str, run: str) -> RunDocument:
        if account == "broken":
            raise RuntimeError("a bug")
        if account == "unknown":
            raise NotKnownHere("this worker's temoin.toml has no such account")
        if account == "hanging":
            await asyncio.sleep(60)
        return await visits(account, run)

    async with working(site.worker(visit)):
        await until(lambda: len(site.fleet.ask("SELECT FROM visits WHERE outcome IN ('done', 'failed')")) >= 4)
    messages = dict(site.fleet.ask("SELECT account, message FROM visits WHERE outcome = 'failed' ORDER BY id DESC"))
    assert messages["broken"] == "internal fault: RuntimeError"
    assert f"did not end within {FAST.visit_s:g} s" in messages["hanging"]
    assert "no such account" in messages["unknown"]
    assert site.done() == 1
    assert dict(site.fleet.ask("SELECT name, losses > 0 FROM accounts")) == {
        "broken": True, "good": False, "hanging": True, "unknown": True,
    }  # fmt: skip


async def test_what_stops_every_visit_stops_the_worker(site: Site) -> None:
    """Without a browser, one job fails and the worker ends with the reason; the account keeps its turn."""
    site.fleet.enroll("a", "b")

    async def visit(account: str, run: str) -> RunDocument:
        del account, run
        raise BrowserNotFound("no browser here", "Install one.")

    with pytest.raises(BrowserNotFound):
        await asyncio.wait_for(site.worker(visit).run(), _PATIENCE_S)
    assert dict(site.fleet.ask("SELECT name, losses FROM accounts")) == {"a": 0, "b": 0}
    assert site.fleet.one("SELECT count(*) FROM accounts WHERE due_at <= now()") == 2


@pytest.mark.thorough
async def test_a_store_that_refuses_for_a_while_delays_and_loses_nothing(site: Site) -> None:
    """While the store refuses, nothing is done; when it is back, the same visits are done, none a second time."""
    site.fleet.enroll("a", "b", "c")
    store = site.store = Away(str(site.folder / "store"))
    visits = Visits(site.evidence())
    async with working(site.worker(visits)):
        await until(lambda: len(store.refused) >= 6)
        assert site.done() == 0
        store.away = False
        await until(lambda: site.done() == 3)
    assert sorted(visits.begun) == ["a", "b", "c"]


@pytest.mark.thorough
async def test_a_store_that_stays_away_leaves_evidence_for_later(site: Site) -> None:
    """Past its time the job fails, the sealed evidence stays on the disk, and a later round commits it."""
    site.fleet.enroll("a")
    store = site.store = Away(str(site.folder / "store"))
    visits = Visits(site.evidence())
    async with working(site.worker(visits)):
        await until(lambda: site.fleet.ask("SELECT FROM procrastinate_jobs WHERE status = 'failed'"), "the job fails")
        assert site.fleet.ask("SELECT FROM visits WHERE outcome = 'done'") == []
        assert len(site.on_disk()) == 1
        store.away = False
        await until(lambda: site.done() == 1)
        await until(lambda: not site.on_disk())
    assert visits.begun == ["a"]


@pytest.mark.thorough
def test_a_killed_worker_is_noticed_and_its_accounts_are_visited_again(site: Site) -> None:
    """
    `kill -9` in the middle of visits: they are lost, their accounts cool down, and another worker visits them.

    Not before their lease ends, and never two at once.
    """
    site.fleet.enroll("a", "b", "c", "d")
    with site.process("one", takes_s=30, contexts=2) as first:
        wait_until(lambda: len(site.begun()) == 2, "two visits begin")
        first.send_signal(signal.SIGKILL)
        first.wait()
        killed = set(site.begun())
    site.told.write_text("")
    with site.process("two") as second:
        wait_until(lambda: site.done() == 4)
        assert second.poll() is None
    assert site.at_once() == []
    lost = {name for (name,) in site.fleet.ask("SELECT account FROM visits WHERE outcome = 'lost'")}
    assert lost == killed
    soonest = site.fleet.ask(
        "SELECT min(again.started_at - first.leased_until) >= '0' FROM visits first JOIN visits again"
        " ON again.account = first.account AND again.id > first.id WHERE first.outcome = 'lost'"
    )
    assert soonest == [(True,)]


@pytest.mark.thorough
def test_what_a_killed_worker_had_sealed_is_not_lost(site: Site) -> None:
    """Killed between sealing and uploading: the next worker on that machine commits it, without another visit."""
    site.fleet.enroll("a")
    closed = site.folder / "closed"
    closed.mkdir()
    with site.process("one", store=str(closed)) as first:
        wait_until(lambda: (closed / "x").exists() or site.fleet.ask("SELECT FROM workers"), "it is there")
        closed.rmdir()
        closed.write_text("no folder any more: nothing can be stored here")
        wait_until((site.evidence().root / LEDGER).exists, "a bundle is sealed, and has its line")
        first.send_signal(signal.SIGKILL)
        first.wait()
    assert site.done() == 0
    with site.process("one"):
        wait_until(lambda: site.done() == 1)
        wait_until(lambda: not site.on_disk())
    assert site.begun() == ["a"]
    assert site.fleet.one("SELECT losses FROM accounts") == 0


def test_told_to_stop_a_worker_finishes_its_visits(site: Site) -> None:
    """SIGTERM: no new visit begins, those that were begun end with their evidence, and the process ends well."""
    site.fleet.enroll(*(f"account-{number}" for number in range(20)))
    with site.process(takes_s=1.0, contexts=2) as process:
        wait_until(lambda: len(site.begun()) >= 2)
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
        begun = len(site.begun())
    assert site.done() == begun < 20
    assert site.fleet.ask("SELECT FROM procrastinate_jobs WHERE status = 'doing' AND task_name = 'visit'") == []


@pytest.mark.thorough
def test_a_killed_dispatcher_is_replaced_by_any_other(site: Site) -> None:
    """With the process that dispatches killed, its pool stands still until another that does upkeep comes."""
    with site.process("one", upkeep=False) as visiting, site.process("two", visits=False) as dispatching:
        site.fleet.enroll("a", "b")
        wait_until(lambda: site.done() == 2)
        dispatching.send_signal(signal.SIGKILL)
        dispatching.wait()
        site.fleet.enroll("c")
        with site.process("three", visits=False):
            wait_until(lambda: site.done() == 3)
        assert visiting.poll() is None
    assert site.at_once() == []


@pytest.mark.thorough
def test_a_restarted_database_costs_nothing() -> None:
    """PostgreSQL is stopped and started in the middle: workers wait, go on, and every visit ends with its evidence."""
    import tempfile

    postgres.shared()
    with postgres.running() as server, tempfile.TemporaryDirectory() as name:
        place = server.migrated()
        with connect(place) as connection:
            fleet = AFleet(place, connection, None)  # type: ignore[arg-type]
            fleet.enroll(*(f"account-{number}" for number in range(8)))
        site = Site(Path(name), fleet)
        with site.process("one", takes_s=0.5) as process:
            wait_until(lambda: len(site.begun()) >= 3)
            server.stop()
            time.sleep(1.5)
            server.start()
            wait_until(lambda: site.done() == 8)
            assert process.poll() is None
        assert site.at_once() == []


async def test_a_worker_that_cannot_begin_says_why(site: Site, tmp_path: Path) -> None:
    """No database, or a store that cannot be written: said at once, before any account is visited."""
    from automation.storage.postgres import DatabaseAddress

    visits = Visits(site.evidence())
    nowhere = Worker(DatabaseAddress("postgresql://a:b@127.0.0.1:1/x"), Looks(visits, site.store, tmp_path), rules=FAST)
    with pytest.raises(FleetError, match="cannot be reached"):
        await nowhere.run()
    (tmp_path / "file").write_text("")
    closed = Worker(site.fleet.place, Looks(visits, Store(str(tmp_path / "file" / "x")), tmp_path), rules=FAST)
    with pytest.raises(FleetError, match="store cannot be used"):
        await closed.run()


async def test_a_result_without_evidence_is_recorded_and_not_done(site: Site) -> None:
    """An internal fault's result has no bundle: the history has it, and the visit counts as failed."""
    from dataclasses import replace

    from tests.builders import a_document, a_result

    site.fleet.enroll("a")

    async def visit(account: str, run: str) -> RunDocument:
        result = replace(a_result(account, reason=Reason.NOT_RECOGNISED, subject=""), bundle=None)
        return a_document(result, id=run, output=str(site.evidence().root / run))

    async with working(site.worker(visit)):
        await until(lambda: site.fleet.ask("SELECT FROM visits WHERE outcome = 'failed'"))
    assert site.done() == 0
    with PostgresHistory(site.fleet.place) as history:
        assert history.latest()[0].bundle is None
