"""What honest people and their machines do to a folder of evidence leaves it valid, with Témoin and without."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from automation.app.evidence import exit_code_of
from automation.core.errors import BundleError, OutputError
from automation.core.verdicts import Verdict
from automation.evidence.verify.examine import examine
from automation.evidence.verify.findings import Fault, LedgerVerification, VerifyCode, worst
from automation.reports.stored import open_stored
from automation.storage.files import partial_of
from tests.evidence import building
from tests.evidence.building import RUNS, Place
from tests.evidence.recipe import Sceptic, ending

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.conftest import Program
    from tests.evidence.authorities import RealAuthority

ROOT = Path(__file__).resolve().parents[2]
ACCOUNT = """
[[accounts]]
name = "atelier-facebook"
flow = "facebook.ai_objection"
identity = "rita.dupont"
sign_in = "password"
"""
WHOLE = "All {} bundles and their runs hold."
UNDER_WAY = "NOT VERIFIED: a check was sealing when this copy was made: take another after the next check"
_WRITES = ("open", "rename", "replace", "fsync", "unlink", "mkdir")
_FEWEST_MOMENTS = 15


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """Three runs that nobody stamped."""
    place = Place(tmp_path_factory.mktemp("honest"))
    for run, verdicts in RUNS.items():
        place.run(run, verdicts)
    return place


@pytest.fixture
def sceptic(runs: Place, tmp_path: Path) -> Sceptic:
    """Somebody without Témoin who knows the signer."""
    (tmp_path / "tools").mkdir()
    return Sceptic(tmp_path / "tools", runs.trust.keys[0].id, tmp_path / "none")


def _faults(place: Place, path: Path | None = None) -> set[Fault]:
    """What is wrong apart from the missing stamps; the exit code says the same."""
    found = list(examine(path or place.root, place.trust, open_run=open_stored))
    faults = {finding.fault for one in found for finding in one.findings} - {Fault.UNSTAMPED}
    assert (worst(exit_code_of(one, allow_unstamped=True) for one in found) is VerifyCode.VALID) is not bool(faults)
    return faults


def _is_valid(place: Place, sceptic: Sceptic, path: Path | None = None, known: dict[str, str] | None = None) -> bool:
    """Whether it is valid, for Témoin under a path and for the recipe in the evidence folder; both show why not."""
    here = sum(bundle.exists() for bundle in place.bundles())
    said = (_faults(place, path), *sceptic.of_folder(place, **(known or {})))
    assert said == (set(), True, WHOLE.format(here))
    return True


class _Killed(BaseException):
    """The process is gone: nothing that it still meant to do happens."""


class _Ending:
    """From its nth change of a file on, a process can do nothing more: it was killed, or the disk is full."""

    def __init__(self, nth: int, fault: Callable[[], BaseException]) -> None:
        self.left, self.fault = nth, fault

    def calls(self) -> dict[str, Callable[..., Any]]:
        """What stands in for functions of `os`, by name."""
        return {name: self._counted(name, getattr(os, name)) for name in _WRITES}

    def _counted(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*given: Any, **named: Any) -> Any:
            if name != "open" or (len(given) > 1 and given[1] & (os.O_WRONLY | os.O_RDWR)):
                self.left -= 1
                if self.left < 0:
                    raise self.fault()
            return real(*given, **named)

        return call


@pytest.mark.thorough
@pytest.mark.parametrize(
    "fault", [_Killed, lambda: OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))], ids=["killed", "disk full"]
)
def test_a_run_that_ends_at_any_moment_of_its_sealing(
    fault: Callable[[], BaseException],
    runs: Place,
    tmp_path: Path,
    sceptic: Sceptic,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Between naming the reports and the seal of the run, nothing is taken for tampering, then and after the next run."""
    sealing, moments = building.seal_run, 0

    def ended(folder: Path, *given: Any, **named: Any) -> Path:
        with monkeypatch.context() as patch:
            for name, call in _Ending(moments, fault).calls().items():
                patch.setattr(os, name, call)
            return sealing(folder, *given, **named)

    while True:
        place = runs.copy_to(tmp_path / str(moments))
        monkeypatch.setattr(building, "seal_run", ended)
        try:
            place.run("run-4", {"atelier-facebook": Verdict.REFUSED})
        except (_Killed, OutputError, BundleError, OSError):
            pass
        else:
            break
        good, says = sceptic.of_folder(place)
        assert (_faults(place), good or says == UNDER_WAY, moments) == (set(), True, moments), says
        monkeypatch.setattr(building, "seal_run", sealing)
        place.run("run-5", {"atelier-facebook": Verdict.REFUSED})
        assert _is_valid(place, sceptic), moments
        shutil.rmtree(place.folder)
        moments += 1
    assert moments >= _FEWEST_MOMENTS
    assert _is_valid(place, sceptic)
    assert not partial_of(place.root / "run-4" / "report.en.html").exists()


@pytest.mark.skipif(shutil.which("git") is None, reason="no git on this system")
def test_git_with_autocrlf(runs: Place, tmp_path: Path, sceptic: Sceptic) -> None:
    """Committed and cloned on a machine that converts line ends: valid before and after, by the recipe, too."""
    place = runs.copy_to(tmp_path / "place")
    git = ("git", "-c", "core.autocrlf=true", "-c", "user.name=x", "-c", "user.email=x@x")
    for words in (("init", "-q"), ("add", "-A", "-f"), ("commit", "-q", "-m", "x")):
        subprocess.run([*git, *words], cwd=place.root, check=True, capture_output=True)
    (place.root / ".git").rename(tmp_path / "x.git")
    assert _is_valid(place, sceptic)
    clone = Place(tmp_path / "clone")
    clone.folder.mkdir()
    subprocess.run([*git, "clone", "-q", tmp_path / "x.git", clone.root], check=True, capture_output=True)
    shutil.rmtree(clone.root / ".git")
    shutil.copytree(place.keys.folder, clone.keys.folder)
    assert _is_valid(clone, sceptic)


def test_a_parent_folder_after_a_report(runs: Place, tmp_path: Path, sceptic: Sceptic, temoin: Program) -> None:
    """`temoin report` writes beside the evidence: both folders verify together as the evidence did alone."""
    place = runs.copy_to(tmp_path / "place")
    trust = ("--trust", str(place.trust_file()))
    assert _is_valid(place, sceptic, place.folder)
    made = temoin("report", str(place.root / "run-1"), str(place.root / "run-2"), *trust)
    assert made.code == 0, made.err
    assert place.root.with_name("evidence-reports").is_dir()
    assert _is_valid(place, sceptic, place.folder)
    shown = temoin("verify", str(place.folder), *trust, "--allow-unstamped", "--lang", "en")
    assert (shown.code, "are not evidence" in shown.out.splitlines()[-1]) == (VerifyCode.VALID, True), shown.out


def test_runs_that_went_on_side_by_side(
    tmp_path: Path, sceptic: Sceptic, temoin: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between a run's first bundle and its end another run came and went: each proves itself alone, and is reported on."""
    place, sealing = Place(tmp_path / "place"), building.seal_run

    def meanwhile(*given: Any, **named: Any) -> Path:
        monkeypatch.setattr(building, "seal_run", sealing)
        place.run("run-2", {"paul-facebook": Verdict.REFUSED})
        return sealing(*given, **named)

    monkeypatch.setattr(building, "seal_run", meanwhile)
    place.run("run-1", {"atelier-facebook": Verdict.REFUSED})
    assert _is_valid(place, sceptic)
    for run in ("run-1", "run-2"):
        alone = shutil.copytree(place.root / run, tmp_path / "alone" / run)
        assert _faults(place, alone) == set()
        made = temoin("report", str(alone), "--output", f"{run}.html", "--trust", str(place.trust_file()))
        assert (made.code, "not here" in made.err) == (0, False), made.err


@pytest.mark.skipif(os.name == "nt", reason="permissions of POSIX")
@pytest.mark.skipif(os.getuid() == 0 and shutil.which("setpriv") is None, reason="root writes everywhere")
def test_a_read_only_copy(
    runs: Place, tmp_path: Path, sceptic: Sceptic, temoin: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An auditor's copy that nobody may write to is verified, reported on and read as a history."""
    place = runs.copy_to(tmp_path / "place")
    monkeypatch.setenv("TEMOIN_OUTPUT", str(place.root))
    monkeypatch.setenv("TEMOIN_SIGNING_KEY", place.keys.signing().seed())
    trust = ("--trust", str(place.trust_file()))
    rebuilt = temoin("history", "rebuild")
    assert rebuilt.code == 0, rebuilt.err
    folders = [place.root, *(path for path in place.root.rglob("*") if path.is_dir())]
    for path in [path for path in place.root.rglob("*") if path.is_file()]:
        path.chmod(0o444)
    for folder in folders:
        folder.chmod(0o555)
    without_rights = ("setpriv", "--inh-caps=-all", "--bounding-set=-all") if os.getuid() == 0 else ()
    program = (*without_rights, sys.executable, "-m", "automation")
    asked = {
        ("verify", str(place.root), *trust, "--allow-unstamped"): "",
        ("report", str(place.root / "run-1"), *trust, "--output", "-", "--format", "json"): "atelier-facebook",
        ("history", "show"): "atelier-facebook",
    }
    try:
        assert _is_valid(place, sceptic)
        for words, said in asked.items():
            ended = subprocess.run(
                [*program, *words],
                env={**os.environ, "PYTHONPATH": str(ROOT)},
                capture_output=True,
                text=True,
                check=False,
            )
            assert (ended.returncode, said in ended.stdout) == (0, True), (words, ended.stdout, ended.stderr)
    finally:
        for folder in folders:
            folder.chmod(0o755)
    assert _is_valid(place, sceptic)


def test_stamping_and_pruning_ask_for_no_password(
    tmp_path: Path,
    authorities: tuple[RealAuthority, RealAuthority],
    sceptic: Sceptic,
    temoin: Program,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Where accounts sign in by passwords that are not at hand, evidence is stamped and pruned all the same."""
    place = Place(tmp_path / "place")
    for run in ("run-1", "run-2"):
        place.run(run, {"atelier-facebook": Verdict.REFUSED})
    assert _is_valid(place, sceptic)
    first = authorities[0]
    by_it = {"AUTHORITY": "alpha", "ROOT": str(first.folder / "root.pem")}
    stamps = f'time_stamps = [{{ name = "alpha", url = "{first.url}", root = "{first.folder}/root.pem" }}]'
    Path("temoin.toml").write_text(f'output = "{place.root}"\n[evidence]\n{stamps}\n{ACCOUNT}')
    monkeypatch.setenv("TEMOIN_SIGNING_KEY", place.keys.signing().seed())
    trust = ("--trust", str(place.trust_file()))
    refused = temoin("check")
    assert (refused.code, "PASSWORD" in refused.err) == (2, True), refused
    stamped = temoin("evidence", "stamp", str(place.root), *trust)
    assert (stamped.code, stamped.out.count("stamped alpha")) == (0, 2), stamped
    place.authorities = (first.authority(),)
    assert _is_valid(place, sceptic, known=by_it)
    pruned = temoin("evidence", "prune", "--keep", "1", "--yes")
    assert (pruned.code, sum(path.exists() for path in place.bundles())) == (0, 1), pruned
    assert _is_valid(place, sceptic, known=by_it)


def test_hard_links_in_an_archive(runs: Place, tmp_path: Path, sceptic: Sceptic) -> None:
    """A file with two names, as copies that save room have them, is unpacked as two."""
    place = runs.copy_to(tmp_path / "place")
    for bundle in place.bundles()[:2]:
        twin = tmp_path / "twins" / bundle.name
        twin.parent.mkdir(exist_ok=True)
        os.link(bundle / "bagit.txt", twin)
        (bundle / "bagit.txt").unlink()
        os.link(twin, bundle / "bagit.txt")
    first, second = (bundle / "bagit.txt" for bundle in place.bundles()[:2])
    second.unlink()
    os.link(first, second)
    with tarfile.open(tmp_path / "x.tar", "w") as archive:
        archive.add(place.root, "evidence")
    assert _is_valid(place, sceptic, tmp_path / "x.tar")
    shutil.unpack_archive(tmp_path / "x.tar", tmp_path / "unpacked")
    assert sceptic.of_folder(place, tmp_path / "unpacked" / "evidence") == (True, WHOLE.format(5))


def test_evidence_is_removed_by_decision(
    runs: Place, tmp_path: Path, sceptic: Sceptic, temoin: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An account or a run goes with a signed line that verifying shows; the part that is packed afterwards is valid."""
    place = runs.copy_to(tmp_path / "place")
    shutil.copytree(place.folder / "keys", tmp_path / "data" / "temoin" / "keys")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    decision = ("--reason", "erasure asked for, Art. 17 GDPR", "--by", "Rita", "--on", "2026-12-01", "--yes")
    trust = ("--trust", str(place.trust_file()))
    done = temoin("evidence", "remove", "--account", "paul-facebook", *decision, "--output", str(place.root))
    assert done.code == 0, done.err
    assert not list(place.root.glob("*/*_paul-facebook_*"))
    assert not any(b"paul-facebook" in path.read_bytes() for path in place.root.glob("*/*") if path.is_file())
    shown = temoin("verify", str(place.root), *trust, "--allow-unstamped", "--lang", "en")
    assert shown.code == VerifyCode.VALID, shown.out
    assert _is_valid(place, sceptic)
    assert shown.out.count("(erasure asked for, Art. 17 GDPR; Rita, 2026-12-01)") == 4
    done = temoin("evidence", "remove", "--run", "run-3", *decision, "--output", str(place.root))
    assert (done.code, (place.root / "run-3").exists()) == (0, False), done.err
    assert _is_valid(place, sceptic)
    done = temoin("evidence", "remove", "--account", "atelier-facebook", *decision, "--output", str(place.root))
    assert (done.code, [path.exists() for path in place.bundles()]) == (0, [False] * 5), done.err
    assert _is_valid(place, sceptic)
    (last,) = [one for one in examine(place.root, place.trust) if isinstance(one, LedgerVerification)]
    assert len(last.removals) == 8


def test_a_check_that_seals_while_the_recipe_runs(runs: Place, tmp_path: Path, sceptic: Sceptic) -> None:
    """The recipe does not call the folder altered; it asks to be run again, and then all holds."""
    place, later = runs.copy_to(tmp_path / "place"), runs.copy_to(tmp_path / "later")
    later.run("run-4", {"atelier-facebook": Verdict.REFUSED})
    known = {
        **sceptic.saved(),
        "SIGNER": place.keys.signing().id,
        "AUTHORITY": "none",
        "KEY": str(sceptic.key_of(place)),
    }
    meanwhile = tmp_path / "meanwhile.sh"
    copied = (
        f"cat {new} > {old}"
        for new, old in ((later.ledger.path, place.ledger.path), (later.ledger.head, place.ledger.head))
    )
    meanwhile.write_text("\n".join((f"sh {known['CHAIN']}", *copied)))
    said = ending(sceptic.runs(3, place.root, **{**known, "CHAIN": str(meanwhile)}))
    assert said == (False, "NOT VERIFIED: a check was sealing meanwhile: run this again")
    shutil.copytree(later.root / "run-4", place.root / "run-4")
    assert _is_valid(place, sceptic)
