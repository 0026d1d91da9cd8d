"""Many accounts side by side: what one of them loses costs the others nothing; where the evidence goes; the key."""

from __future__ import annotations

import asyncio
import gzip
import stat
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from automation.authoring.replica import Replica, load_site
from automation.core.accounts import SignInMethod
from automation.core.errors import OutputError
from automation.core.settings import BrowserSettings
from automation.core.verdicts import Reason, Verdict
from automation.guard import Guard, Phase
from automation.visit import runner
from automation.visit.order import Limits, identity_key
from tests.builders import a_sealer, some_means
from tests.disk import FaultyDisk
from tests.visit.visiting import ACCOUNT, Holding, Killing, actor_of, one_visit, plan_for, watch_browsers


@pytest.mark.thorough
@pytest.mark.browser
async def test_a_killed_browser_costs_only_its_own_account(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    A browser killed in the middle is started once more, and once only; the others never notice.

    Killed once, the account recovers with the right verdict; killed again, it ends as `unknown: browser_lost`.
    Neither is an internal fault, and no half-written evidence stays.
    """
    site = load_site("x")
    scenarios = {"steady": "protects", "killed-once": "trains", "killed-always": "bar"}
    actors = {name: actor_of(site, scenario) for name, scenario in scenarios.items()}
    async with Killing([site], actors, {"killed-once": 1, "killed-always": 99}) as replica:
        watch_browsers(replica, monkeypatch)
        document = await runner.run(plan_for(actors, replica, tmp_path), lambda name, _: _set(name))
    results = {result.account: result for result in document.results}
    assert list(results) == list(scenarios)
    assert replica.killed == {"killed-once": 1, "killed-always": 2}
    steady, recovered, lost = results.values()
    assert (steady.verdict, steady.attempts) == (Verdict.OBJECTED, 1)
    assert (recovered.verdict, recovered.attempts) == (Verdict.NOT_OBJECTED, 2)
    assert (lost.verdict, lost.reason, lost.attempts) == (Verdict.UNKNOWN, Reason.BROWSER_LOST, 2)
    assert document.run.exit_code == 3
    assert replica.writes == []
    folder = Path(document.run.output)
    assert list(folder.rglob("*.partial")) == []
    for result in results.values():
        assert result.bundle is not None
        assert (folder / result.bundle.path / "data/result.json").is_file()
    assert len(list(folder.glob("20*"))) == 5, "both tries of an account leave their evidence"


@pytest.mark.browser
@pytest.mark.rare
async def test_accounts_share_a_browser_one_after_the_other_and_a_dead_one_costs_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    With one slot, a visit's browser is that of the visit before, whatever the service.

    The second account kills its browser and is tried once more in a new one. Each has the right verdict, and in its evidence
    no word of another's visit.
    """
    sites = {service: load_site(service) for service in ("facebook", "instagram")}
    chosen = {"first": ("facebook", "accepted"), "killed": ("facebook", "open"), "third": ("instagram", "refused")}
    actors = {name: actor_of(sites[service], scenario, "en-GB") for name, (service, scenario) in chosen.items()}
    async with Killing(list(sites.values()), actors, {"killed": 1}) as replica:
        watch_browsers(replica, monkeypatch)
        plan = plan_for(actors, replica, tmp_path, 1, SignInMethod.PASSWORD)
        document = await runner.run(plan, lambda name, _: _set(name))
        served = dict(replica.browsers)
    first, killed, third = document.results
    assert [r.verdict for r in document.results] == [Verdict.OBJECTED, Verdict.NOT_OBJECTED, Verdict.REFUSED]
    assert [r.attempts for r in document.results] == [1, 2, 1]
    assert replica.killed == {"killed": 1}
    assert served["first"] != served["killed"], "a new browser after the death"
    assert served["third"] in {served["first"], served["killed"]}, "and no other: services take turns"
    assert third.guard.self_test == "passed earlier in this process, with this browser"
    assert replica.writes == []
    for result, foreign in ((first, "instagram.com"), (killed, "instagram.com"), (third, "accountscenter.facebook")):
        others = [actor.identity for name, actor in actors.items() if name != result.account]
        assert result.bundle is not None
        for file in (Path(document.run.output) / result.bundle.path / "data").rglob("*.*"):
            content = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
            assert not any(identity.encode() in content for identity in others), file
            assert file.name not in {"network.json", "guard.json"} or foreign.encode() not in content, file


def an_empty_plan(output: Path, data: Path) -> runner.RunPlan:
    """Nobody is to be checked."""
    return runner.RunPlan(
        (), {}, BrowserSettings(), output, b"key", some_means(data / "data"), a_sealer(output, data / "data")
    )


def _set(name: str) -> None:
    ACCOUNT.set(name)


async def test_an_output_below_a_file_names_the_place(tmp_path: Path) -> None:
    """Evidence that cannot be kept is said before any browser starts, with the place and what to do."""
    (tmp_path / "notes.txt").write_text("a file")
    plan = an_empty_plan(tmp_path / "notes.txt" / "evidence", tmp_path)
    with pytest.raises(OutputError) as caught:
        await runner.run(plan)
    assert str(tmp_path / "notes.txt" / "evidence") in caught.value.message
    assert "--output" in caught.value.remedy
    assert (tmp_path / "notes.txt").read_text() == "a file"


async def test_a_run_without_accounts_is_incomplete(tmp_path: Path) -> None:
    """Nothing checked is never "all as wanted"."""
    document = await runner.run(an_empty_plan(tmp_path, tmp_path))
    assert (document.results, document.run.exit_code) == ((), 3)


def test_the_output_folder_is_made_and_left_empty(tmp_path: Path) -> None:
    """All missing folders are made, twice is no fault, and the trial leaves nothing behind."""
    folder = tmp_path / "a" / "b"
    runner.prepare_output(folder)
    runner.prepare_output(folder)
    assert list(folder.iterdir()) == []


def test_the_identity_key_is_made_once_and_is_private(tmp_path: Path) -> None:
    """Without a configured key one of 32 bytes is made, readable by its owner only, and kept for every later run."""
    place = tmp_path / "data"
    key = identity_key(None, place)
    assert len(key) == 32
    (kept,) = place.iterdir()
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert stat.S_IMODE(place.stat().st_mode) == 0o700
    assert identity_key(None, place) == key == kept.read_bytes()
    assert identity_key("", place) == key
    assert identity_key(None, tmp_path / "another") != key


def test_two_processes_keep_one_identity_key(tmp_path: Path, faulty_disk: FaultyDisk) -> None:
    """Whoever comes second takes the key that is there; where the file system knows no links, a key is kept as well."""
    place = tmp_path / "data"
    faulty_disk.before_link = lambda: (place / "identity.key").write_bytes(b"the key of whoever was first")
    assert identity_key(None, place) == b"the key of whoever was first"
    assert [path.name for path in place.iterdir()] == ["identity.key"]
    faulty_disk.has_links = False
    key = identity_key(None, tmp_path / "without links")
    assert [path.read_bytes() for path in (tmp_path / "without links").iterdir()] == [key]


def test_the_configured_identity_key_wins(tmp_path: Path) -> None:
    """A configured key is used as it is; none is made or read."""
    assert identity_key("clé de l'atelier", tmp_path / "data") == "clé de l'atelier".encode()
    assert not (tmp_path / "data").exists()
    kept = identity_key(None, tmp_path / "data")
    assert identity_key("another key of ours", tmp_path / "data") != kept


def test_an_identity_key_that_cannot_be_kept_is_said(tmp_path: Path) -> None:
    """A place that cannot hold the key is named, with the variable that does without it."""
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError) as caught:
        identity_key(None, tmp_path / "file")
    assert str(tmp_path / "file" / "identity.key") in caught.value.message
    assert "TEMOIN_IDENTITY_KEY" in caught.value.remedy


class Breached(Guard):
    """Cannot vouch for anything."""

    breached = True  # type: ignore[assignment]


@pytest.fixture
def guarded_by(monkeypatch: pytest.MonkeyPatch) -> Callable[[type[Guard]], None]:
    """Lets visits be guarded by a faulty guard. The product has no such choice: a guard is never exchanged."""
    return lambda kind: monkeypatch.setattr("automation.visit.account.Guard", kind)


@pytest.mark.thorough
@pytest.mark.browser
async def test_a_breach_keeps_the_guards_record_and_nothing_is_believed(
    tmp_path: Path, guarded_by: Callable[[type[Guard]], None]
) -> None:
    """A guard that cannot vouch for the visit leaves its record as evidence, no verdict, and exit code 4."""
    guarded_by(Breached)
    replica = Replica([load_site("x")])
    document = await one_visit(tmp_path, replica)
    (result,) = document.results
    assert (result.verdict, result.reason) == (Verdict.UNKNOWN, Reason.GUARD_BLOCKED)
    assert result.signals == ()
    assert result.form is None
    assert document.run.exit_code == 4
    assert result.bundle is not None
    assert any(artifact.kind == "guard" for artifact in result.evidence)
    assert not any(artifact.kind == "observation" for artifact in result.evidence)
    assert replica.writes == []


@pytest.mark.browser
async def test_a_breach_is_told_where_the_run_is_broken_off(
    tmp_path: Path, guarded_by: Callable[[type[Guard]], None]
) -> None:
    """Somebody ends the run in the middle of a visit whose guard was breached: that is what the result says, not 0."""
    guards: list[Guard] = []

    class Remembered(Breached):
        def __init__(self, *given: Any, **named: Any) -> None:
            super().__init__(*given, **named)
            guards.append(self)

    guarded_by(Remembered)
    site, stop = load_site("x"), asyncio.Event()
    told: list[str] = []

    def tell(_account: str, what: str) -> None:
        told.append(what)
        if told.count("setting") == 2:  # read once; the second opening may be broken off before its request leaves
            stop.set()

    async with Replica([site]) as replica:
        plan = replace(plan_for({"one": actor_of(site, "trains")}, replica, tmp_path), limits=Limits(grace_s=0.0))
        document = await runner.run(plan, tell, stop)
    (result,) = document.results
    assert (result.verdict, result.reason) == (Verdict.UNKNOWN, Reason.GUARD_BLOCKED)
    assert document.run.exit_code == 4
    assert result.guard.allowed
    assert result.guard.allowed == guards[0].record().allowed, "all that the guard noted until then"
    assert any(artifact.kind == "guard" for artifact in result.evidence)


@pytest.mark.thorough
@pytest.mark.browser
async def test_a_visit_that_does_not_end_is_ended(tmp_path: Path) -> None:
    """A service that keeps a visit for ever costs its limit, once more for the second try, and never the run."""
    replica = Holding(load_site("x"))
    document = await one_visit(tmp_path, replica, visit_s=6.0)  # less than what a page may take
    (result,) = document.results
    assert (result.verdict, result.reason, result.attempts) == (Verdict.UNKNOWN, Reason.TIMEOUT, 2)
    assert "6 s" in result.because
    assert replica.writes == []


@pytest.mark.browser
@pytest.mark.rare
async def test_a_tab_that_does_not_close_is_cut_off(tmp_path: Path, guarded_by: Callable[[type[Guard]], None]) -> None:
    """A context that never says that it is closed cannot hold the run; its tunnel is cut, and the answer stands."""
    severed: list[bool] = []

    class Stuck(Guard):
        async def close_context(self, context: Any) -> None:
            if self._phase is Phase.CHECK:
                await asyncio.sleep(60)
            await super().close_context(context)

        def sever(self) -> None:
            severed.append(self._phase is Phase.CHECK)
            super().sever()

    guarded_by(Stuck)
    replica = Replica([load_site("x")])
    document = await one_visit(tmp_path, replica, closing_s=5.0)  # within which all others close
    assert document.results[0].verdict is Verdict.NOT_OBJECTED
    assert any(severed)
    assert replica.writes == []
