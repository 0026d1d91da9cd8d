"""The ledger: one chain, whoever writes, and whatever dies in between."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from automation.core.errors import BundleError
from automation.evidence.formats import dsse, names
from automation.evidence.formats.ledger_line import read_line
from automation.evidence.maintain.removal import parse_keep, plan
from automation.evidence.verify.bundle import verify_bundle
from automation.evidence.verify.chain_reading import read_chain
from automation.evidence.verify.examine import examine
from automation.evidence.verify.findings import Fault
from tests.cli.conftest import Program
from tests.evidence.building import Place

ROOT = Path(__file__).resolve().parents[2]
SEAL = """
import asyncio, os, signal, sys
from pathlib import Path
from automation.evidence.formats import ledger as at
from tests.evidence.building import Place

place, run, point = Place(Path(sys.argv[1])), sys.argv[2], sys.argv[3]

def die(): os.kill(os.getpid(), signal.SIGKILL)

class Dying(at.Ledger):
    def append(self, line, key, act):
        def then():
            point == "intent written" and die()
            act()
            point == "bundle named" and die()
        super().append(line, key, then)

    def _write(self, line, key):
        if point == "half a line written":
            with self.path.open("ab") as file:
                file.write(line.encoded()[:50])
                file.flush()
            die()
        super()._write(line, key)

    def _sign(self, line, key):
        point == "line written" and die()
        super()._sign(line, key)
        point == "head signed" and die()

if point:
    Place.ledger = property(lambda self: Dying(self.root))
asyncio.run(place.bundle(run, "account-" + run))
"""
POINTS = ("intent written", "bundle named", "half a line written", "line written", "head signed")
GONE = {"intent written"}
"""Where nothing was published yet, so that nothing is there afterwards."""


def _process(place: Place, run: str, point: str = "") -> subprocess.Popen[bytes]:
    arguments = [sys.executable, "-c", SEAL, str(place.folder), run, point]
    return subprocess.Popen(arguments, cwd=ROOT, stderr=subprocess.DEVNULL)


def test_a_process_killed_at_any_point(tmp_path: Path) -> None:
    """
    After kill -9 between any two writes, nothing is taken for tampering, and the next sealing mends the ledger.

    Every published bundle has its line, and the whole folder verifies. At each point a real process kills itself.
    """
    places = {point: Place(tmp_path / point.replace(" ", "-")) for point in POINTS}
    for place in places.values():
        place.keys.signing()
    dying = [_process(place, "run-1", point) for point, place in places.items()]
    assert [process.wait() for process in dying] == [-9] * len(POINTS)
    for point, place in places.items():
        before = [finding for one in examine(place.root, place.trust) for finding in one.findings]
        assert {finding.fault for finding in before} <= {Fault.UNSTAMPED, Fault.NOTHING_HERE}, point
        published = [path for path in (place.root / "run-1").iterdir() if not path.name.endswith(".partial")]
        assert len(published) == (point not in GONE), point
        after = place.sealed("run-2")
        chain = read_chain(place.root, place.trust)
        assert chain is not None
        for folder in (*published, after):
            found = verify_bundle(folder, place.trust, chain=chain)
            assert {f.fault for f in found.findings} == {Fault.UNSTAMPED}, point
        assert chain.verification(under=".").findings == (), point
        assert len(chain.places) == len(published) + 1


def test_many_writers_at_once(place: Place) -> None:
    """Several processes, each with several accounts side by side, write one unbroken chain of all their bundles."""
    place.keys.signing()
    processes = [_process(place, f"run-{number}") for number in range(3)]

    async def side_by_side() -> None:
        await asyncio.gather(*(place.bundle("run-x", f"account-{number}") for number in range(6)))

    asyncio.run(side_by_side())
    assert [process.wait() for process in processes] == [0, 0, 0]
    chain = read_chain(place.root, place.trust)
    assert chain is not None
    assert sorted(chain.places) == list(range(1, 10))
    for one in chain.places.values():
        found = verify_bundle(place.root / one.bundle, place.trust, chain=chain)
        assert {f.fault for f in found.findings} == {Fault.UNSTAMPED}
    assert chain.verification(under=".").findings == ()


@pytest.mark.parametrize("line", [b"garbage\n", b"{}\n", b"[" * 3000 + b"\n", b'{"seq":1}\n'])
def test_a_damaged_ledger_takes_no_more_lines(line: bytes, place: Place) -> None:
    """Where the last line is none, sealing stops with a clear error, and the ledger is left as it is."""
    place.sealed()
    before = place.ledger.path.read_bytes() + line
    place.ledger.path.write_bytes(before)
    with pytest.raises(BundleError, match="the ledger is damaged") as caught:
        place.sealed("run-2")
    assert "temoin verify" in caught.value.remedy
    assert place.ledger.path.read_bytes() == before


def _cut_tail(place: Place) -> None:
    """The last line is gone, and its bundle with it; the head is still that of before."""
    shutil.rmtree(place.bundles()[-1])
    place.ledger.path.write_bytes(b"".join(place.ledger.path.read_bytes().splitlines(keepends=True)[:-1]))


def _cut_tail_and_head(place: Place) -> None:
    _cut_tail(place)
    place.ledger.head.unlink()


def _cut_tail_with_a_head_by_another_key(place: Place) -> None:
    _cut_tail(place)
    last = read_line(place.ledger.path.read_bytes().splitlines()[-1])
    place.ledger._sign(last, Place(place.folder / "foreign").keys.signing())


def _ledger_gone(place: Place) -> None:
    """Only the head is left."""
    place.ledger.path.unlink()


@pytest.mark.parametrize(
    "act", [_cut_tail, _cut_tail_and_head, _cut_tail_with_a_head_by_another_key, _ledger_gone], ids=lambda a: a.__name__
)
def test_no_line_is_written_after_an_end_that_was_changed(act: Callable[[Place], None], place: Place) -> None:
    """The next check would sign a head over what somebody cut, and nobody could tell afterwards; so it refuses."""
    for number in range(2):
        place.sealed(f"run-{number}")
    act(place)
    before = {path: path.read_bytes() for path in (place.ledger.path, place.ledger.head) if path.exists()}
    with pytest.raises(BundleError, match="does not end as this machine left it") as caught:
        place.sealed("run-9")
    assert "temoin verify" in caught.value.remedy
    assert {path: path.read_bytes() for path in (place.ledger.path, place.ledger.head) if path.exists()} == before


def _middle_altered(lines: list[bytes]) -> list[bytes]:
    return [lines[0], lines[1].replace(b'"outcome":"', b'"outcome":"not-'), *lines[2:]]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (_middle_altered, "the ledger is damaged"),
        (lambda lines: [lines[0], *lines[2:]], "the ledger is damaged"),
        (lambda lines: None, "there is sealed evidence here, and no ledger"),
    ],
    ids=["altered", "a line gone", "ledger and head gone"],
)
def test_no_line_is_written_after_a_change_anywhere(
    change: Callable[[list[bytes]], list[bytes] | None], says: str, place: Place
) -> None:
    """A change in the middle stops a check before it seals, and so does evidence of which no ledger tells."""
    for number in range(3):
        place.sealed(f"run-{number}")
    left = change(place.ledger.path.read_bytes().splitlines(keepends=True))
    if left is None:
        place.ledger.path.unlink()
        place.ledger.head.unlink()
    else:
        place.ledger.path.write_bytes(b"".join(left))
    with pytest.raises(BundleError, match=says):
        place.sealed("run-9")
    assert not list((place.root / "run-9").glob("*Z_*[!l]"))


def test_a_line_comes_after_a_head_by_an_earlier_key(place: Place) -> None:
    """After a rotation, the end that the old key signed is this machine's still."""
    place.sealed("run-1")
    place.keys.rotate()
    place.sealed("run-2")
    chain = read_chain(place.root, place.trust)
    assert chain is not None
    assert (chain.lines, chain.findings) == (2, [])


@pytest.mark.parametrize("signed", ["not at all", "by another key", "for something else"])
def test_a_planted_intent_removes_nothing(signed: str, place: Place) -> None:
    """An intent beside the ledger that this machine did not sign explains no missing bundle, neither now nor later."""
    gone = place.sealed("run-1")
    digest = place.digest(gone / names.ENVELOPE)
    place.sealed("run-2")
    shutil.rmtree(gone)
    line = place.ledger.tip().next(f"run-1/{gone.name}", digest, "removed").encoded()
    ours, foreign = place.keys.signing(), Place(place.folder / "foreign").keys.signing()
    planted = {
        "not at all": line,
        "by another key": dsse.sign(line, dsse.LEDGER_INTENT, foreign),
        "for something else": dsse.sign(line, dsse.LEDGER_HEAD, ours),
    }
    (place.root / "ledger.pending.json").write_bytes(planted[signed])
    place.sealed("run-3")
    chain = read_chain(place.root, place.trust)
    assert chain is not None
    assert (chain.lines, chain.removed) == (3, set())
    assert not (place.root / "ledger.pending.json").exists()


def test_pruning_leaves_its_lines(place: Place, temoin: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was removed by intent leaves a line and no hole; the newest of each account stays; asking comes first."""
    for number in range(3):
        place.sealed(f"run-{number}", account="a")
    kept_alone = place.sealed("run-9", account="b")
    bundles = place.bundles()
    arguments = ("evidence", "prune", "--keep", "1", "--output", str(place.root))
    shown = temoin(*arguments, "--dry-run")
    assert shown.out.splitlines() == [path.relative_to(place.root).as_posix() for path in bundles[:2]]
    assert temoin(*arguments, piped="").code == 2, "without --yes and without anybody to ask, nothing is removed"
    assert all(path.is_dir() for path in bundles)
    _sign_with(place, monkeypatch)
    assert temoin(*arguments, "--yes").code == 0
    assert [path.is_dir() for path in bundles] == [False, False, True, True]
    assert kept_alone.is_dir()
    lines = [json.loads(line) for line in place.ledger.path.read_text().splitlines()]
    assert [line["outcome"] for line in lines[4:]] == ["removed", "removed"]
    trust = str(place.trust_file())
    answer = temoin("verify", str(place.root), "--trust", trust, "--allow-unstamped", "--json")
    found = json.loads(answer.out)
    assert answer.code == 0, answer.out
    assert (found["ledgers"][0]["lines"], found["ledgers"][0]["removed"]) == (6, 2)
    place.sealed("run-10")
    assert temoin("verify", str(place.root), "--trust", trust, "--allow-unstamped").code == 0


def _sign_with(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the program sign with the keys of this place, as it would on the machine that sealed."""
    monkeypatch.setenv("TEMOIN_SIGNING_KEY", place.keys.signing().seed())


def test_a_removed_bundle_that_comes_back(
    place: Place, tmp_path: Path, temoin: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A bundle that the ledger says was removed, but that lies here, is named: somebody put it back."""
    first = place.sealed("run-1")
    place.sealed("run-2")
    shutil.copytree(first, tmp_path / "copy")
    _sign_with(place, monkeypatch)
    assert temoin("evidence", "prune", "--keep", "1", "--output", str(place.root), "--yes").code == 0
    shutil.copytree(tmp_path / "copy", first)
    answer = temoin("verify", str(place.root), "--trust", str(place.trust_file()), "--allow-unstamped")
    assert answer.code == Fault.REMOVED_BUT_HERE.code
    assert "removed by the ledger, but here" in answer.out


def test_what_is_left_of_dead_checks_goes(place: Place, temoin: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    """Unfinished folders go a day after their check died; a check that is running keeps its own."""
    place.sealed()
    dead, alive = (place.root / "run-1" / f"{name}.partial" for name in ("dead", "alive"))
    for folder in (dead, alive):
        folder.mkdir()
        (folder / "file").write_text("x")
    os.utime(dead, (0, 0))
    _sign_with(place, monkeypatch)
    assert temoin("evidence", "prune", "--keep", "30d", "--output", str(place.root), "--yes").out == (
        "run-1/dead.partial\n"
    )
    assert (dead.exists(), alive.exists()) == (False, True)


def test_age_counts_from_the_visit(place: Place) -> None:
    """With `--keep 90d`, what is older goes, but the newest of an account stays however old."""
    for number in range(2):
        place.sealed(f"run-{number}")
    now = datetime.now(UTC)
    assert plan(place.ledger, parse_keep("90d"), now).bundles == ()
    assert len(plan(place.ledger, parse_keep("90d"), now + timedelta(days=91)).bundles) == 1


@pytest.mark.parametrize("keep", ["", "0", "-1", "all", "3w", "1.5d"])
def test_a_keep_that_says_nothing(keep: str, place: Place, temoin: Program) -> None:
    """What cannot be understood removes nothing: exit code 2 with the right way to write it."""
    place.sealed()
    answer = temoin("evidence", "prune", "--keep", keep, "--output", str(place.root), "--yes")
    assert (answer.code, "Write 12" in answer.err) == (2, True)
    assert len(place.bundles()) == 1


def test_a_damaged_ledger_is_not_pruned(place: Place, temoin: Program) -> None:
    """Where the ledger does not hold, nothing is removed on its word."""
    for number in range(2):
        place.sealed(f"run-{number}")
    place.ledger.path.write_text(place.ledger.path.read_text().replace('"finding"', '"ok"', 1))
    answer = temoin("evidence", "prune", "--keep", "1", "--output", str(place.root), "--yes")
    assert (answer.code, "nothing is removed" in answer.err) == (4, True)
    assert all(path.is_dir() for path in place.bundles())
