"""Hostile evidence ends within seconds with a code of its own; what honest people do to a folder leaves it valid."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
import zipfile
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from automation.app.evidence import exit_code_of
from automation.config.source_lines import secrets_hidden, variables
from automation.core.errors import BundleError, ConfigurationError
from automation.core.verdicts import Verdict
from automation.evidence.formats import dsse, names
from automation.evidence.formats.ledger import GIT
from automation.evidence.formats.signed import Previous, RunDocumentSeal, now, tool
from automation.evidence.keys.trust import read_trust
from automation.evidence.verify.examine import examine
from automation.evidence.verify.findings import Fault, Verified, VerifyCode, worst
from automation.evidence.verify.reading import Budget
from automation.reports.stored import open_stored
from tests.evidence.building import RUNS, Place

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.conftest import Program
    from tests.disk import FaultyDisk

_LONGEST_S = 10.0


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """Three runs that nobody stamped."""
    place = Place(tmp_path_factory.mktemp("limits"))
    for run, verdicts in RUNS.items():
        place.run(run, verdicts)
    return place


def _verified(place: Place, path: Path, budget: Budget | None = None) -> list[Verified]:
    return list(examine(path, place.trust, open_run=open_stored, budget=budget))


def _code(found: list[Verified]) -> VerifyCode:
    return worst(exit_code_of(one, allow_unstamped=True) for one in found)


def _faults(found: list[Verified]) -> set[Fault]:
    return {finding.fault for one in found for finding in one.findings} - {Fault.UNSTAMPED}


def _sparse_reports(place: Place) -> Path:
    """Twenty reports of 3.9 GB each that take no room, in a document that a stranger signed."""
    run = place.root / "run-1"
    codes = [f"{one}{other}" for one in "ab" for other in "cdefghijkl"]
    for code in codes:
        (run / f"report.{code}.html").touch()
        os.truncate(run / f"report.{code}.html", 3_900_000_000)
    document = RunDocumentSeal(
        run="run-1", operator="", case="", files={f"report.{code}.html": "0" * 64 for code in codes}, bundles={},
        sealed_at=now(), tool=tool(), previous=Previous(),
    )  # fmt: skip
    foreign = Place(place.folder / "foreign").keys.signing()
    (run / names.RUN_DOCUMENT).write_bytes(dsse.sign(document.encoded(), dsse.RUN, foreign))
    return place.root


def _long_ledger(place: Place) -> Path:
    """A ledger of 400,000 lines."""
    line = place.ledger.path.read_bytes().splitlines(keepends=True)[0]
    with place.ledger.path.open("ab") as file:
        for _ in range(400):
            file.write(line * 1000)
    return place.root


def _large_files(place: Place) -> Path:
    """Forty files of 950 MB in a bundle that the real key signed."""
    bundle = place.bundles()[-1]
    for number in range(40):
        (bundle / "data" / f"{number}.bin").touch()
    place.list_again(bundle)
    place.sign_again(bundle)
    for number in range(40):
        os.truncate(bundle / "data" / f"{number}.bin", 950_000_000)
    return place.root


def _many_files(place: Place) -> Path:
    """A quarter of a million files beside the evidence."""
    for folder in range(25):
        inner = place.root / f"more-{folder}"
        inner.mkdir()
        (inner / "0").touch()
        for number in range(1, 10_000):
            os.link(inner / "0", inner / str(number))
    return place.root


@pytest.mark.parametrize("act", [_sparse_reports, _long_ledger, _large_files, _many_files], ids=lambda a: a.__name__)
def test_hostile_evidence_ends_in_time(act: Callable[[Place], Path], runs: Place, tmp_path: Path) -> None:
    """Signatures come before contents, and one budget ends the rest: within ten seconds, and never as valid."""
    place = runs.copy_to(tmp_path / "place")
    path = act(place)
    began = time.monotonic()
    found = _verified(place, path)
    assert time.monotonic() - began < _LONGEST_S
    assert _code(found) != VerifyCode.VALID


def test_the_end_of_the_budget_has_its_own_code(runs: Place, tmp_path: Path, temoin: Program) -> None:
    """It is said which limit was reached; `--no-limits` lifts it; no fault of memory reads like one of the chain."""
    for what in ("bytes", "files", "lines"):
        budget = Budget()
        budget.left[what] = 3
        found = _verified(runs, runs.root, budget)
        assert (_faults(found), found[-1].findings[0].detail) == ({Fault.LIMIT_REACHED}, what)
    assert _code(_verified(runs, runs.root, Budget(seconds=-1.0))) == VerifyCode.UNFINISHED
    assert _code(_verified(runs, runs.root, Budget(seconds=-1.0, ends=False))) == VerifyCode.VALID

    def out_of_memory(_path: Path) -> None:
        raise MemoryError

    told = list(examine(runs.root, runs.trust, open_run=out_of_memory))  # type: ignore[arg-type]
    assert _code(told) == VerifyCode.UNFINISHED
    shown = temoin("verify", str(runs.root), "--trust", str(runs.trust_file()), "--allow-unstamped", "--no-limits")
    assert shown.code == VerifyCode.VALID


@pytest.mark.parametrize("kind", ["fifo", "device", "twice"])
def test_a_trust_file_that_never_ends(kind: str, runs: Place, tmp_path: Path) -> None:
    """A pipe or a device is no trust file; nor is one that gives one key two lives."""
    path = tmp_path / "trust.json"
    if kind == "fifo":
        os.mkfifo(path)
    elif kind == "device":
        path = Path("/dev/zero")
    else:
        plain = json.loads(runs.trust.text())
        plain["keys"].append({**plain["keys"][0], "revoked": "2026-01-01T00:00:00.000Z"})
        path.write_text(json.dumps(plain))
    with pytest.raises(ConfigurationError):
        read_trust(path)


def _git(folder: Path, *arguments: str) -> None:
    subprocess.run(
        ["git", "-c", "user.name=x", "-c", "user.email=x@x", *arguments], cwd=folder, check=True, capture_output=True
    )


@pytest.mark.skipif(shutil.which("git") is None, reason="no git on this system")
def test_git_that_converts_line_ends(runs: Place, tmp_path: Path) -> None:
    """With the folder's own `.gitattributes` nothing is changed; without, what git did is said in words."""
    for keeps in (True, False):
        place = runs.copy_to(tmp_path / str(keeps))
        if not keeps:
            (place.root / GIT).unlink()
        _git(place.root, "init", "-q")
        _git(place.root, "add", "-A", "-f")
        _git(place.root, "commit", "-q", "-m", "x")
        clone = tmp_path / f"clone-{keeps}"
        _git(tmp_path, "-c", "core.autocrlf=true", "clone", "-q", str(place.root), str(clone))
        shutil.rmtree(clone / ".git")
        found = _verified(place, clone)
        assert (_code(found) == VerifyCode.VALID, Fault.LINE_ENDS in _faults(found)) == (keeps, not keeps)


def test_a_file_that_may_not_be_read_is_told_once(runs: Place, tmp_path: Path, faulty_disk: FaultyDisk) -> None:
    """One file without permission is one finding."""
    place = runs.copy_to(tmp_path / "place")
    faulty_disk.refused = {place.bundles()[0] / "data" / "result.json"}
    found = _verified(place, place.root)
    told = [one for each in found for one in each.findings if one.fault is not Fault.UNSTAMPED]
    assert [(one.fault, one.where) for one in told] == [(Fault.FILE_UNREADABLE, "data/result.json")]


def test_a_run_is_packed_and_proves_itself(runs: Place, tmp_path: Path, temoin: Program) -> None:
    """`temoin evidence pack` leaves out what lies beside; the zip is valid without the ledger; a spoiled run is refused."""
    place = runs.copy_to(tmp_path / "place")
    run, trust = place.root / "run-2", ("--trust", str(place.trust_file()))
    (run / "notes.txt").write_text("x")
    packed = temoin("evidence", "pack", str(run), "-o", str(tmp_path / "run.zip"), *trust)
    assert packed.code == 0, packed.err
    assert not any("notes" in name for name in zipfile.ZipFile(tmp_path / "run.zip").namelist())
    shown = temoin("verify", str(tmp_path / "run.zip"), *trust, "--allow-unstamped", "--strict")
    assert shown.code == VerifyCode.VALID, shown.out
    shutil.unpack_archive(tmp_path / "run.zip", tmp_path / "alone")
    for alone in (tmp_path / "alone" / "run-2", tmp_path / "run.zip"):
        told = temoin("evidence", "pack", str(alone), "-o", str(tmp_path / "no.zip"), *trust)
        assert (told.code, "handed on alone" in told.err) == (2, True), told.err
    (place.bundles()[-2] / "data" / "more.txt").write_text("x")
    spoiled = place.bundles()[-2].parent
    assert temoin("evidence", "pack", str(spoiled), "-o", str(tmp_path / "no.zip"), *trust).code == 2
    assert not (tmp_path / "no.zip").exists()


def test_nothing_else_goes_in_the_shadow_of_a_removal(runs: Place, tmp_path: Path) -> None:
    """A bundle that no line names is missed, whatever was removed beside it; a foreign ledger takes no removal."""
    from automation.evidence.formats.ledger_line import Removal
    from automation.evidence.maintain.removal import plan_removal, remove_decided

    place = runs.copy_to(tmp_path / "place")
    why = Removal(reason="x", person="Rita", day="2026-12-01")
    first = named = place.bundles()[0]
    remove_decided(place.ledger, place.keys, plan_removal(place.ledger, run="run-2", trust=place.trust), why)
    shutil.rmtree(first)
    assert Fault.BUNDLE_MISSING in _faults(_verified(place, place.root)), named
    foreign = Place(tmp_path / "foreign")
    with pytest.raises(BundleError):
        plan_removal(place.ledger, run="run-1", trust=foreign.trust)


def test_a_planted_ledger_counts_for_nothing(runs: Place, tmp_path: Path, temoin: Program) -> None:
    """A stranger's bundle does not get good by a stranger's ledger in the run's folder, nor by a whole stranger's folder."""
    place = runs.copy_to(tmp_path / "place")
    foreign = Place(tmp_path / "foreign")
    foreign.run("run-1", {"atelier-facebook": Verdict.OBJECTED})
    run = place.root / "run-1"
    theirs = shutil.copytree(foreign.bundles()[0], run / foreign.bundles()[0].name)
    for file in (foreign.ledger.path, foreign.ledger.head):
        shutil.copy(file, run)
    trust = ("--trust", str(place.trust_file()), "--lang", "en")
    for arguments in (
        ("history", "rejudge", str(theirs)),
        ("evidence", "export", str(theirs), "--wacz", str(tmp_path / "x.wacz")),
        ("report", str(foreign.root), "--output", str(tmp_path / "x.html")),
        ("report", str(foreign.root / "run-1"), "--output", str(tmp_path / "x.html")),
    ):
        refused = temoin(*arguments[:-2], *arguments[-2:], *(trust if arguments[0] != "evidence" else trust[:2]))
        assert refused.code == 2, (arguments, refused.out)
    alone = shutil.copytree(place.bundles()[-1], tmp_path / place.bundles()[-1].name)
    assert temoin("history", "rejudge", str(alone), *trust).code == 2, "a bundle without any ledger"


def test_many_bundles_are_verified_in_their_usual_time(place: Place) -> None:
    """A folder of sixty honest bundles needs no more than its budget, by far."""
    reference = place.sealed()
    assert reference.is_dir()
    for number in range(60):
        place.sealed(f"run-{number}")
    began = time.monotonic()
    assert _code(_verified(place, place.root)) == VerifyCode.VALID
    assert (time.monotonic() - began) / 61 < 0.05


def test_children_get_a_clean_environment() -> None:
    """No password, user name, code or key of ours stands in what a child process inherits; the program still reads them."""
    given = {
        **os.environ,
        "TEMOIN_SECRETS__ATELIER_FACEBOOK__PASSWORD": "correct horse",
        "TEMOIN_SECRETS__ATELIER_FACEBOOK__USERNAME": "rita",
        "TEMOIN_SIGNING_KEY": "a key",
        "TEMOIN_MAILBOX__TOKEN": "a token",
        "TEMOIN_LANG": "fr",
    }
    text = (
        "import subprocess, sys; from pathlib import Path;"
        "from automation.config.source_lines import hide_secrets_from_children, variables;"
        "hide_secrets_from_children();"
        "told = subprocess.run([sys.executable, '-c', 'import os; print(sorted(n for n in os.environ if n.startswith(\"TEMOIN\")))'],"
        " capture_output=True, text=True).stdout;"
        "print(told.strip(), sorted(variables('TEMOIN_', [])))"
    )
    ended = subprocess.run([sys.executable, "-c", text], env=given, capture_output=True, text=True, check=True)
    child, _, own = ended.stdout.partition("] [")
    assert "TEMOIN_LANG" in child
    assert not any(word in child for word in ("SECRETS", "KEY", "TOKEN"))
    assert all(word in own for word in ("USERNAME", "PASSWORD", "SIGNING_KEY", "TOKEN"))


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="needs Linux's list of processes")
def test_children_of_a_test_run_get_none_either(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a process of somebody else's, such as pytest's, secrets are out of reach while a visit lasts, and read on."""
    name, canary = "TEMOIN_SECRETS__ATELIER_FACEBOOK__PASSWORD", "correct horse battery"
    monkeypatch.setenv(name, canary)
    for hidden in (True, False):
        with secrets_hidden() if hidden else nullcontext():
            waiting = [sys.executable, "-c", "input(' ')"]  # what it says shows that it has begun
            child = subprocess.Popen(waiting, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
            assert child.stdout is not None
            child.stdout.read(1)
            inherited = Path(f"/proc/{child.pid}/environ").read_text()
            known = variables("TEMOIN_", [])[name].value
            child.communicate(b"\n")
        assert (canary in inherited, known) == (not hidden, canary)


def test_no_new_key_is_made_beside_an_open_one(place: Place, tmp_path: Path) -> None:
    """The evidence folder is its owner's alone; where others may read the old key, no new one is made."""
    place.sealed()
    assert place.root.stat().st_mode & 0o077 == 0
    (key,) = place.keys.folder.glob("*.key")
    key.chmod(0o644)
    with pytest.raises(ConfigurationError, match="no new key is made"):
        place.keys.rotate()
