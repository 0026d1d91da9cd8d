"""What is on a worker's disk: sealed evidence is brought in, nothing of it is thrown away, the rest is cleared."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from automation.core.verdicts import Reason, Verdict
from automation.evidence.formats.ledger import Ledger
from automation.evidence.formats.ledger_line import Line
from automation.evidence.keys.signing import SigningKey
from automation.fleet import claims
from automation.fleet.pending_uploads import PendingUploads
from automation.fleet.store import Store, StoreUnavailable
from automation.storage.postgres import PostgresHistory
from tests.evidence.building import Place as Evidence
from tests.fleet.building import FAST, AFleet, sealed_visit


class Disk:
    """A worker's evidence folder, its store, and a visit that it claimed."""

    def __init__(self, folder: Path, fleet: AFleet) -> None:
        self.evidence, self.fleet = Evidence(folder / "machine"), fleet
        self.store = Store(str(folder / "store"))
        self.pending = PendingUploads(fleet.place, self.store, self.evidence.root, "worker-1", FAST)
        fleet.enroll("a")
        claim = claims.claim(fleet.connection, 1, "a", "killed-worker", FAST)
        assert claim is not None
        self.run = claim.run

    @property
    def folder(self) -> Path:
        """The run's folder."""
        return self.evidence.root / self.run

    def lost(self, *, lease_over: bool) -> None:
        """The reaper gave the visit up."""
        self.fleet.connection.execute(
            "UPDATE visits SET outcome = 'lost', finished_at = now(),"
            " leased_until = now() + CASE WHEN %s THEN interval '-1 second' ELSE interval '1 hour' END",
            (lease_over,),
        )

    def outcome(self) -> str | None:
        """What the table says."""
        found: str | None = self.fleet.one("SELECT outcome FROM visits")
        return found


@pytest.fixture
def disk(tmp_path: Path, fleet: AFleet) -> Disk:
    """One of each."""
    return Disk(tmp_path, fleet)


async def test_sealed_evidence_is_brought_in(disk: Disk) -> None:
    """A lost visit with a sealed bundle becomes done, in the store and in the history, and the disk is cleared."""
    await sealed_visit(disk.evidence, "a", disk.run)
    disk.lost(lease_over=False)
    assert disk.pending.bring(()) == 1
    assert disk.outcome() == "done"
    assert not disk.folder.exists()
    with PostgresHistory(disk.fleet.place) as history:
        (entry,) = history.latest()
    assert (entry.change.now.run, entry.change.now.verdict) == (disk.run, Verdict.OBJECTED)
    assert len(list(Path(disk.store.url).rglob("*.tar"))) == 1


class SIGKILL(BaseException):
    """The end of the process, as far as this test goes."""


class Killed(Ledger):
    """Of a worker that is killed once a bundle has its name, and before its line is written."""

    def _write(self, line: Line, key: SigningKey) -> None:
        raise SIGKILL


class KilledPlace(Evidence):
    """A machine on which that happens."""

    @property
    def ledger(self) -> Ledger:
        """Its ledger."""
        return Killed(self.root)


async def test_the_first_bundle_of_a_machine_lacks_its_line(disk: Disk) -> None:
    """Killed in that moment, there is no ledger yet, by which the store would name it: it is finished first."""
    with pytest.raises(SIGKILL):
        await sealed_visit(KilledPlace(disk.evidence.folder), "a", disk.run)
    assert not disk.evidence.ledger.path.exists()
    disk.lost(lease_over=True)
    finish = partial(disk.evidence.ledger.finish, disk.evidence.keys)
    pending = PendingUploads(disk.fleet.place, disk.store, disk.evidence.root, "worker-1", FAST, finish)
    assert pending.bring(()) == 1
    assert disk.outcome() == "done"
    assert len(list(Path(disk.store.url).rglob("*.tar"))) == 1


async def test_of_two_tries_the_later_counts_and_both_are_kept(disk: Disk) -> None:
    """Each try left a bundle: the newest is the answer, and the store has both."""
    await sealed_visit(disk.evidence, "a", disk.run, reason=Reason.BROWSER_LOST)
    await sealed_visit(disk.evidence, "a", disk.run, verdict=Verdict.NOT_OBJECTED)
    disk.lost(lease_over=True)
    disk.pending.bring(())
    assert disk.fleet.one("SELECT verdict FROM visits") == "not_objected"
    assert len(list(Path(disk.store.url).rglob("*.tar"))) == 2


async def test_a_visit_that_is_under_way_is_left_alone(disk: Disk) -> None:
    """Neither another worker's open visit nor one that this worker has in hand is touched."""
    await sealed_visit(disk.evidence, "a", disk.run)
    assert disk.pending.bring(()) == 0, "another worker's, under its lease"
    disk.lost(lease_over=True)
    assert disk.pending.bring({disk.run}) == 0, "in hand"
    assert disk.folder.exists()


class Away(Store):
    """A store that cannot be reached."""

    def _put(self, file: Path, name: str) -> None:
        raise StoreUnavailable("the store is away")


async def test_what_cannot_be_brought_in_stays(disk: Disk) -> None:
    """With the store away, or a bundle that this version cannot read, nothing is removed and nothing is said to be done."""
    await sealed_visit(disk.evidence, "a", disk.run)
    disk.lost(lease_over=True)

    away = PendingUploads(disk.fleet.place, Away(disk.store.url), disk.evidence.root, "worker-1", FAST)
    assert away.bring(()) == 0
    (result,) = disk.folder.rglob("data/result.json")
    result.write_text('{"schema": "temoin.result/99"}')
    assert disk.pending.bring(()) == 0
    assert disk.outcome() == "lost"
    assert result.exists()


async def test_what_proves_nothing_is_cleared_once_its_lease_is_over(disk: Disk) -> None:
    """A folder that a killed visit left without a seal is removed, but not while its worker may be at it."""
    (disk.folder / "2026-11-25T073012Z_a_00000000.partial").mkdir(parents=True)
    disk.lost(lease_over=False)
    disk.pending.bring(())
    assert disk.folder.exists()
    disk.lost(lease_over=True)
    disk.pending.bring(())
    assert not disk.folder.exists()


async def test_runs_of_others_are_no_business_of_the_fleet(disk: Disk) -> None:
    """What `temoin check` left in the same evidence folder stays as it is."""
    await sealed_visit(disk.evidence, "b", "20261125T073000Z-aaaaaa")
    assert disk.pending.bring(()) == 0
    assert (disk.evidence.root / "20261125T073000Z-aaaaaa").exists()
