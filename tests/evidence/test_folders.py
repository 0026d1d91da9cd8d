"""A whole folder of evidence: each act that an examiner tried against one is named, and an intact one stays valid."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import pyrage
import pytest

from automation.cli.evidence.verify import exit_code_of
from automation.domain.verdicts import Verdict
from automation.evidence.formats import names
from automation.evidence.formats.kept_head import heads_in, kept
from automation.evidence.keys.timestamps import Stamp
from automation.evidence.maintain.prune import Keep, plan, prune
from automation.evidence.maintain.restamp import restamp
from automation.evidence.verify.examine import examine
from automation.evidence.verify.faults import Fault, VerifyCode, worst
from automation.evidence.verify.findings import RunVerification, Verified
from automation.evidence.write.run_sealer import seal_run
from automation.evidence.write.sealer import Sealer
from automation.reports.stored import open_stored
from automation.storage.files import partial_of
from tests.builders import A_MOMENT
from tests.cli.conftest import Program
from tests.disk import FaultyDisk
from tests.edits import edit
from tests.evidence.authorities import RealAuthority
from tests.evidence.building import Place
from tests.evidence.tampering import (
    BY_ANYBODY,
    BY_THE_KEYS_HOLDER,
    OF_FIRST_FORM,
    OF_STAMPED,
    Act,
    bundles,
    keys_holder,
    ledger,
    results,
)
from tests.evidence.tampering.acts import cut_ledger, named
from tests.evidence.tampering.run_ends import seal_in_the_first_form
from tests.tiers import first

RUNS = {
    "run-1": {"atelier-facebook": Verdict.NOT_OBJECTED, "paul-facebook": Verdict.REFUSED},
    "run-2": {"atelier-facebook": Verdict.NOT_OBJECTED, "paul-facebook": Verdict.REFUSED},
    "run-3": {"atelier-facebook": Verdict.NOT_OBJECTED},
}


def _whole(place: Place) -> Place:
    """Three runs as checks leave them, by a key that is good since last month: no date set back is caught by that."""
    for run, verdicts in RUNS.items():
        place.run(run, verdicts)
    trust = place.folder / "keys" / "trust.json"
    trust.write_text(re.sub(r'("from": ")\d{4}-\d\d', r"\g<1>2026-01", trust.read_text()))
    return place


@pytest.fixture(scope="module")
def unstamped_runs(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """Three runs that nobody stamped."""
    return _whole(Place(tmp_path_factory.mktemp("runs")))


@pytest.fixture(scope="module")
def stamped_runs(tmp_path_factory: pytest.TempPathFactory, authorities: tuple[RealAuthority, RealAuthority]) -> Place:
    """Three runs, bundles and ledger's ends stamped by two real authorities."""
    return _whole(Place(tmp_path_factory.mktemp("stamped-runs"), tuple(one.authority() for one in authorities)))


@pytest.fixture(scope="module")
def runs_of_the_first_form(
    tmp_path_factory: pytest.TempPathFactory, authorities: tuple[RealAuthority, RealAuthority]
) -> Place:
    """The same three runs as they would have been sealed at first."""
    place = Place(tmp_path_factory.mktemp("first-form"), tuple(one.authority() for one in authorities))
    for run, verdicts in RUNS.items():
        place.run(run, verdicts, sealed=False)
        seal_in_the_first_form(place, run)
    return place


def _verified(place: Place, folder: Path | None = None, *heads: str) -> list[Verified]:
    kept_heads = tuple(head for text in heads for head in heads_in(text))
    return list(examine(folder or place.root, place.trust, open_run=open_stored, heads=kept_heads))


def _faults(found: list[Verified]) -> set[Fault]:
    return {finding.fault for one in found for finding in one.findings} - {Fault.UNSTAMPED}


def _code(found: list[Verified]) -> VerifyCode:
    """What `temoin verify --allow-unstamped` ends with."""
    return worst(exit_code_of(one, allow_unstamped=True) for one in found)


def _told(temoin: Program, place: Place) -> set[str]:
    """Every fault that `temoin verify` tells of a folder that is not in order, as a person calls it."""
    trust = ("--trust", str(place.trust_file()))
    answer = temoin("verify", str(place.root), *trust, "--allow-unstamped", "--json")
    found = json.loads(answer.out)
    assert answer.code == found["exit_code"] in set(VerifyCode) - {VerifyCode.VALID}, answer.err
    steps = [step for bundle in found["bundles"] for step in bundle["steps"]]
    return {finding["fault"] for one in (*steps, *found["runs"], *found["ledgers"]) for finding in one["findings"]}


def _named(acts: Mapping[Act, Fault]) -> list[object]:
    return [pytest.param(act, fault, id=act.__name__) for act, fault in acts.items()]


@pytest.mark.parametrize(("act", "fault"), _named({**BY_ANYBODY, **BY_THE_KEYS_HOLDER}))
def test_an_act_against_a_folder_is_named(
    act: Act, fault: Fault, unstamped_runs: Place, tmp_path: Path, temoin: Program
) -> None:
    """Whatever is done to bundles, runs, ledger, results or reports ends with an exit code and the fault's name."""
    spoiled = unstamped_runs.copy_to(tmp_path / "place")
    act(spoiled)
    assert fault in _told(temoin, spoiled)


@pytest.mark.parametrize(("act", "fault"), _named(OF_STAMPED))
def test_an_act_against_stamps_is_named(
    act: Act, fault: Fault, stamped_runs: Place, tmp_path: Path, temoin: Program
) -> None:
    """Stamps that were taken away or exchanged are not forgiven as missing, and no clock explains them away."""
    spoiled = stamped_runs.copy_to(tmp_path / "place")
    act(spoiled)
    assert fault in _told(temoin, spoiled)


@pytest.mark.parametrize(("act", "fault"), _named(OF_FIRST_FORM))
def test_an_act_against_the_end_of_an_older_run_is_named(
    act: Act, fault: Fault, runs_of_the_first_form: Place, tmp_path: Path, temoin: Program
) -> None:
    """Runs of before keep their ends: taken away, exchanged or blown up, they are named."""
    spoiled = runs_of_the_first_form.copy_to(tmp_path / "place")
    act(spoiled)
    assert fault in _told(temoin, spoiled)


def test_intact_folders_are_valid(unstamped_runs: Place, stamped_runs: Place, runs_of_the_first_form: Place) -> None:
    """What nobody touched is valid as a whole, by run and by bundle; a run says when an authority saw its end."""
    for place in (unstamped_runs, stamped_runs, runs_of_the_first_form):
        for folder in (place.root, *(place.root / run for run in RUNS), *place.bundles()):
            assert (_faults(_verified(place, folder)), _code(_verified(place, folder))) == (set(), VerifyCode.VALID)
    seen = [one.head_at for one in _verified(stamped_runs) if isinstance(one, RunVerification)]
    assert len(seen) == 3
    assert None not in seen


def test_a_run_alone_needs_no_ledger(stamped_runs: Place, unstamped_runs: Place, tmp_path: Path) -> None:
    """
    A run that was handed on alone is valid by its own document; without one of its bundles it is not.

    Of stamps, nobody can tell without the ledger whether any was taken away: their lack is not forgiven then.
    """
    shutil.copytree(unstamped_runs.root / "run-2", tmp_path / "run-2")
    assert _code(_verified(unstamped_runs, tmp_path / "run-2")) == VerifyCode.VALID
    shutil.rmtree(next((tmp_path / "run-2").glob("*_paul-facebook_*")))
    assert Fault.BUNDLE_MISSING in _faults(_verified(unstamped_runs, tmp_path / "run-2"))
    shutil.copytree(stamped_runs.root / "run-2", tmp_path / "stamped")
    assert _code(_verified(stamped_runs, tmp_path / "stamped")) == VerifyCode.VALID
    for token in (tmp_path / "stamped").glob("*/seal/close-*"):
        token.unlink()
    assert _faults(_verified(stamped_runs, tmp_path / "stamped")) == {Fault.TOKEN_NOT_ACCOUNTED}


def test_a_run_that_ended_early_is_compared_with_its_bundles(unstamped_runs: Place, tmp_path: Path) -> None:
    """Without a run document the results must still say what the bundles say; that nothing seals them is told."""
    place = Place(tmp_path / "place")
    place.run("run-1", RUNS["run-1"], sealed=False)
    assert _faults(_verified(place)) == {Fault.FILE_ADDED}, "its reports say what nothing seals"
    for report in (place.root / "run-1").glob("report.*"):
        report.unlink()
    found = _verified(place)
    assert (_faults(found), [one.notes for one in found if isinstance(one, RunVerification)]) == (
        set(),
        [("run_unsealed",)],
    )
    results.results_verdict_altered(place)
    assert _faults(_verified(place)) == {Fault.RESULTS_DIFFER}


def test_a_folder_is_verified_while_checks_go_on(unstamped_runs: Place, tmp_path: Path) -> None:
    """What is sealed or pruned between two looks of one verification is no fault, whatever was looked at before."""
    for moment in range(10):
        place = unstamped_runs.copy_to(tmp_path / str(moment))
        told = examine(place.root, place.trust, open_run=open_stored)
        found = [one for _, one in zip(range(moment), told, strict=False)]
        place.run("run-2b", {"atelier-facebook": Verdict.OBJECTED})
        place.run("run-4", {"paul-facebook": Verdict.REFUSED})
        assert (_faults([*found, *told]), moment) == (set(), moment)


def test_what_a_killed_process_leaves_of_a_file_is_no_fault(unstamped_runs: Place, tmp_path: Path) -> None:
    """Half a file under its unfinished name is named, and nothing else."""
    place = unstamped_runs.copy_to(tmp_path / "place")
    for path in (place.ledger.path, place.ledger.head, place.root / "run-1" / "report.en.html"):
        partial_of(path).write_bytes(path.read_bytes()[:300])
    found = _verified(place)
    assert (_faults(found), _code(found)) == (set(), VerifyCode.VALID)


def test_a_run_that_is_broken_off_while_it_is_sealed(unstamped_runs: Place, tmp_path: Path) -> None:
    """Whoever breaks off a check while authorities are asked leaves no report without its seal."""
    place = Place(tmp_path / "place")
    place.run("run-1", RUNS["run-1"])

    class BrokenOff(Sealer):
        def stamps(self, data: bytes) -> tuple[Stamp, ...]:
            raise KeyboardInterrupt

    (place.root / "run-2").mkdir()
    for name in ("report.en.html", "report.fr.html"):
        partial_of(place.root / "run-2" / name).write_bytes((place.root / "run-1" / name).read_bytes())
    with pytest.raises(KeyboardInterrupt):
        seal_run(place.root / "run-2", BrokenOff(place.keys, (), place.ledger))
    found = _verified(place)
    assert (_faults(found), _code(found)) == (set(), VerifyCode.VALID)
    seal_run(place.root / "run-2", place.sealer)
    assert (place.root / "run-2" / "report.fr.html").is_file()
    assert (_faults(_verified(place)), _code(_verified(place))) == (set(), VerifyCode.VALID)


def test_pruned_bundles_are_no_fault(unstamped_runs: Place, tmp_path: Path) -> None:
    """Bundles that were removed by intent leave a valid folder, its results and reports among it."""
    place = unstamped_runs.copy_to(tmp_path / "place")
    prune(place.ledger, place.keys, plan(place.ledger, Keep(count=1), A_MOMENT))
    assert len(place.bundles()) == 5
    assert sum(path.exists() for path in place.bundles()) == 2
    assert (_faults(_verified(place)), _code(_verified(place))) == (set(), VerifyCode.VALID)


def test_pruning_leaves_what_it_must_not_remove(unstamped_runs: Place, tmp_path: Path, temoin: Program) -> None:
    """Evidence that somebody called unfinished, a run behind a link, and a bundle that was altered all stay."""
    place = unstamped_runs.copy_to(tmp_path / "place")
    first, second, third = (named(place, run, "atelier-facebook") for run in RUNS)
    edit(first / names.RESULT, "not_objected", "objected")
    arguments = ("--lang", "en", "bundle", "prune", "--keep", "1", "--output", str(place.root), "--dry-run")
    told = temoin(*arguments)
    assert "not as it was sealed, so it stays" in told.err
    assert first.name not in told.out
    assert second.name not in told.out, "it came after one that stays"
    unfinished = third.rename(third.with_name(f"{third.name}{names.PARTIAL}"))
    whole = (place.root / "run-1").rename(place.root / f"run-1{names.PARTIAL}")
    elsewhere = (place.root / "run-2").rename(tmp_path / "elsewhere")
    (place.root / "run-2").symlink_to(elsewhere)
    for path in (unfinished, whole):
        os.utime(path, (1, 1))
    planned = plan(place.ledger, Keep(count=1), A_MOMENT)
    assert (planned.bundles, planned.left_over) == ((), ())
    dead = place.root / "run-3" / f"2026-01-01T000000Z_paul-facebook_00000000{names.PARTIAL}"
    dead.mkdir()
    os.utime(dead, (1, 1))
    assert plan(place.ledger, Keep(count=1), A_MOMENT).left_over == (dead.relative_to(place.root).as_posix(),)


@pytest.mark.parametrize("name", ["report.en.html", "results.json", "anything.html"])
def test_what_no_bundle_bears_out_is_no_evidence(name: str, unstamped_runs: Place, tmp_path: Path) -> None:
    """A report or results alone are never called valid: there is nothing that could be verified."""
    folder = tmp_path / "made-up"
    folder.mkdir()
    plain = json.loads((unstamped_runs.root / "run-1" / "results.json").read_text())
    for result in plain["results"]:
        result.update(bundle=None, verdict="unknown")
    (folder / name).write_text(json.dumps(plain) if name.endswith("json") else "<h1>All objected</h1>")
    found = _verified(unstamped_runs, folder)
    assert Fault.NOTHING_HERE in _faults(found)
    assert _code(found) != VerifyCode.VALID


def test_a_printed_report_may_go_along_beside_the_folder(
    unstamped_runs: Place, tmp_path: Path, temoin: Program
) -> None:
    """As the manual for an audit hands it over: beside the evidence, in one archive. It is named as unsealed."""
    shutil.copytree(unstamped_runs.root, tmp_path / "handed" / "evidence")
    (tmp_path / "handed" / "report.pdf").write_bytes(b"%PDF-1.7")
    archive = shutil.make_archive(str(tmp_path / "handed"), "zip", tmp_path / "handed")
    trust = ("--trust", str(unstamped_runs.trust_file()), "--allow-unstamped", "--lang", "en")
    shown = temoin("verify", archive, *trust)
    assert shown.code == VerifyCode.VALID
    assert "nothing was verified of them" in shown.out
    assert "/report.pdf" in shown.out
    shutil.copy(unstamped_runs.root / "run-1" / "report.en.html", tmp_path / "handed")
    assert temoin("verify", str(tmp_path / "handed"), *trust).code != VerifyCode.VALID


def test_a_stamp_of_two_is_missed_where_no_ledger_tells(stamped_runs: Place, tmp_path: Path) -> None:
    """A bundle or run that stands alone says who was to stamp it: one whose stamp is gone is named."""
    run = shutil.copytree(stamped_runs.root / "run-2", tmp_path / "run-2")
    for token in run.glob("run-beta.*"):
        token.unlink()
    assert _faults(_verified(stamped_runs, run)) == {Fault.TOKEN_NOT_ACCOUNTED}
    bundle = next(path for path in run.iterdir() if path.is_dir())
    alone = shutil.copytree(bundle, tmp_path / bundle.name)
    assert _faults(_verified(stamped_runs, alone)) == set()
    for token in alone.glob("seal/close-alpha.*"):
        token.unlink()
    assert _faults(_verified(stamped_runs, alone)) == {Fault.TOKEN_NOT_ACCOUNTED}


def test_what_a_mac_puts_into_an_archive_is_named_once(unstamped_runs: Place, tmp_path: Path) -> None:
    """Attributes beside each file are no second folder of evidence; anything else there is looked at."""
    place = unstamped_runs.copy_to(tmp_path / "place")
    beside = tmp_path / "handed" / "__MACOSX"
    for path in [path for path in place.root.rglob("*") if path.is_file()]:
        target = beside / path.relative_to(place.folder).with_name(f"._{path.name}")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(b"\0\5\x16\7attributes")
    shutil.copytree(place.root, tmp_path / "handed" / "evidence")
    found = _verified(place, tmp_path / "handed")
    assert (_faults(found), _code(found)) == (set(), VerifyCode.VALID)
    shutil.copy(place.root / "run-1" / "report.en.html", beside / "report.en.html")
    assert Fault.FILE_ADDED in _faults(_verified(place, tmp_path / "handed"))


@pytest.mark.parametrize("encoding", first("ascii", "latin-1", "cp1252"))
def test_an_old_code_page_ends_no_verification(encoding: str, unstamped_runs: Place) -> None:
    """Where the output cannot show `✓`, it shows something else, and the exit code is that of the evidence."""
    trust = ("--trust", str(unstamped_runs.trust_file()), "--allow-unstamped")
    ended = subprocess.run(
        [sys.executable, "-m", "automation", "verify", str(unstamped_runs.root), *trust],
        env={**os.environ, "PYTHONIOENCODING": encoding},
        capture_output=True,
        check=False,
    )
    assert (ended.returncode, ended.stderr) == (VerifyCode.VALID, b"")


def test_what_nothing_seals_is_named(unstamped_runs: Place, tmp_path: Path, temoin: Program) -> None:
    """Files beside the sealed ones leave a folder valid, and each is named: nothing was verified of it."""
    place = unstamped_runs.copy_to(tmp_path / "place")
    loose = {"notes.txt", "letters/answer.pdf", "run-1/minutes.txt"}
    for name in loose:
        (place.root / name).parent.mkdir(exist_ok=True)
        (place.root / name).write_text("x")
    for name in ("run-2/x.partial", "20261130T093244Z-eb684c", "20261130T093244Z-eb684d/x.partial"):
        (place.root / name).mkdir(parents=True)
    shown = temoin("verify", str(place.root), "--trust", str(place.trust_file()), "--allow-unstamped", "--lang", "en")
    assert shown.code == VerifyCode.VALID
    told = [line for line in shown.out.splitlines() if "nothing was verified of them" in line]
    beside = "20261130T093244Z-eb684c/, 20261130T093244Z-eb684d/x.partial/, letters/answer.pdf, notes.txt"
    assert [line.partition(": ")[2] for line in told] == ["minutes.txt", "x.partial/", beside]


@pytest.mark.parametrize("lies", ["x\n✓ everything: valid", "x\r✓ valid", "x\u2028✓ valid", "x\x1b[2J✓ valid"])
def test_no_name_writes_a_line_of_its_own(lies: str, unstamped_runs: Place, tmp_path: Path, temoin: Program) -> None:
    """Files are called by whoever has the folder; what verifying says stands on its own lines."""
    place = unstamped_runs.copy_to(tmp_path / "place")
    (place.root / lies).write_text("x")
    (place.root / "run-1" / lies).symlink_to("nowhere")
    shown = temoin("verify", str(place.root), "--trust", str(place.trust_file()), "--allow-unstamped", "--lang", "en")
    assert shown.code != VerifyCode.VALID
    assert [line for line in shown.out.splitlines() if line.startswith("✓") and "/" not in line] == []
    assert "\x1b" not in shown.out


def test_a_copy_inside_the_folder_is_the_same_history(unstamped_runs: Place, tmp_path: Path) -> None:
    """An older copy of the whole folder, kept inside it, contradicts nothing."""
    place = unstamped_runs.copy_to(tmp_path / "place")
    other = place.copy_to(tmp_path / "copy")
    cut_ledger(other, 2, with_bundles=True)
    shutil.rmtree(other.root / "run-3")
    other.root.rename(place.root / "2026-11-24T0730_copy")
    assert (_faults(_verified(place)), _code(_verified(place))) == (set(), VerifyCode.VALID)


def test_a_kept_copy_of_the_ledger_misses_no_bundle(unstamped_runs: Place, tmp_path: Path) -> None:
    """Ledger and head, as they are or as they were, in a folder inside; with one bundle, the others are missed."""
    place = unstamped_runs.copy_to(tmp_path / "place")
    older = place.copy_to(tmp_path / "older")
    cut_ledger(older, 2)
    for name, kept_from in (("now", place), ("then", older)):
        backup = place.root / "backup" / name
        backup.mkdir(parents=True)
        for file in (kept_from.ledger.path, kept_from.ledger.head):
            shutil.copy(file, backup)
    assert (_faults(_verified(place)), _code(_verified(place))) == (set(), VerifyCode.VALID)
    first = place.bundles()[0]
    shutil.copytree(first, place.root / "backup" / "now" / first.relative_to(place.root))
    assert Fault.BUNDLE_MISSING in _faults(_verified(place))


def test_a_run_alone_under_another_name_says_so(unstamped_runs: Place, tmp_path: Path) -> None:
    """A run that was handed on may have another name; that it was sealed under another one is told."""
    shutil.copytree(unstamped_runs.root / "run-2", tmp_path / "run-9")
    (found,) = [one for one in _verified(unstamped_runs, tmp_path / "run-9") if isinstance(one, RunVerification)]
    assert (found.findings, found.notes) == ((), ("renamed",))


@pytest.mark.parametrize("path", ["a" * 5000, "a/" * 3000, "/dev/null"], ids=["long", "deep", "device"])
def test_a_path_that_leads_to_nothing(path: str, temoin: Program, unstamped_runs: Place) -> None:
    """Whatever path is given, the answer is a finding and no fault of the program."""
    answer = temoin("verify", path, "--trust", str(unstamped_runs.trust_file()), "--lang", "en")
    assert (answer.code, "no evidence here" in answer.out) == (VerifyCode.UNREADABLE, True)


def test_a_place_that_cannot_be_read(unstamped_runs: Place, tmp_path: Path, faulty_disk: FaultyDisk) -> None:
    """A run's folder whose entries the system does not give out is a finding, and its bundles are missed."""
    place = unstamped_runs.copy_to(tmp_path / "place")
    faulty_disk.refused.add(place.root / "run-2")
    assert {Fault.UNREADABLE_FOLDER, Fault.BUNDLE_MISSING} <= _faults(_verified(place))


def test_a_kept_head_names_a_cut_tail_and_a_second_history(unstamped_runs: Place, tmp_path: Path) -> None:
    """
    What no file of the folder can show, a line or a short code that was kept elsewhere does.

    The last run is taken away with its lines, and the head signed anew; or the ledger is made anew with other lines.
    """
    end = unstamped_runs.ledger.tip().previous
    line = kept(end.sequence, end.line_sha256 or "")
    cut = unstamped_runs.copy_to(tmp_path / "cut")
    cut_ledger(cut, 2, with_bundles=True)
    shutil.rmtree(cut.root / "run-3")
    assert _code(_verified(cut)) == VerifyCode.VALID, "only a kept head can show it"
    other = unstamped_runs.copy_to(tmp_path / "other")
    keys_holder.head_of_another_ledger_in_a_run(other)
    for text in (str(line), line.code, f"Ledger: {line.code.lower()}, of Monday"):
        assert _faults(_verified(unstamped_runs, None, text)) == set()
        assert Fault.HEAD_BEYOND in _faults(_verified(cut, None, text))
        assert Fault.HEAD_OF_ANOTHER in _faults(_verified(other, None, text))


def test_a_kept_end_is_taken_as_people_have_it(unstamped_runs: Place, tmp_path: Path, temoin: Program) -> None:
    """From another shell's file, or read out by telephone; one whose parts do not agree is refused."""
    end = unstamped_runs.ledger.tip().previous
    head, earlier = kept(end.sequence, end.line_sha256 or ""), kept(1, end.line_sha256 or "")
    paths = [tmp_path / "utf16.txt", tmp_path / "bom.txt"]
    for path, encoding in zip(paths, ("utf-16", "utf-8-sig"), strict=True):
        path.write_text(f"{head}\r\n", encoding=encoding)
    root = str(unstamped_runs.root)
    for good in (*map(str, paths), head.code.replace("-", " "), f"> {head}."):
        assert temoin("head", "compare", good, root).code == 0, good
    whole = str(head)
    for bad in (
        whole.replace(head.code, earlier.code),
        whole.replace(f"/1 {end.sequence} ", "/1 0 "),
        whole.replace(f"/1 {end.sequence} ", f"/1 -{end.sequence} "),
        whole.replace(head.line_sha256, head.line_sha256[:-1]),
        whole.replace("head/1", "head/2"),
    ):
        assert temoin("head", "compare", bad, root).code == 2, bad


def test_the_commands_for_the_ledgers_end(unstamped_runs: Place, tmp_path: Path, temoin: Program) -> None:
    """`temoin head export` prints one line; `compare` and `verify --head` take it, its code, or a file with it."""
    place = unstamped_runs.copy_to(tmp_path / "place")
    exported = temoin("head", "export", str(place.root))
    assert (exported.code, exported.out.count("\n")) == (0, 1)
    (tmp_path / "kept.txt").write_text(f"Kept on Monday:\n{exported.out}")
    code = exported.out.split()[-1]
    for given in (exported.out.strip(), code, str(tmp_path / "kept.txt")):
        assert temoin("head", "compare", given, str(place.root)).code == 0
    cut_ledger(place, 1)
    assert temoin("head", "compare", code, str(place.root)).code == 4
    trust = ("--trust", str(place.trust_file()), "--allow-unstamped")
    verified = temoin("verify", str(place.root), *trust, "--head", code, "--lang", "en")
    assert verified.code != 0
    assert "the ledger was cut" in verified.out
    assert temoin("verify", str(place.root), *trust, "--head", "no head").code == 2


def test_a_revoked_key_leaves_good_evidence_good(stamped_runs: Place, unstamped_runs: Place) -> None:
    """After a revocation a folder that authorities stamped before stays valid; one that nobody stamped does not."""
    for place, expected in ((stamped_runs, VerifyCode.VALID), (unstamped_runs, VerifyCode.NOT_TRUSTED)):
        (key,) = place.trust.keys
        last = max(at for one in _verified(stamped_runs) if isinstance(one, RunVerification) and (at := one.head_at))
        revoked = key.model_copy(update={"revoked": last + timedelta(seconds=2)})
        trust = place.trust.model_copy(update={"keys": (revoked,)})
        found = list(examine(place.root, trust, open_run=open_stored))
        assert worst(exit_code_of(one, allow_unstamped=True) for one in found) == expected


@pytest.mark.parametrize(
    "act",
    [
        results.results_verdict_altered,
        results.results_account_renamed,
        results.results_account_left_out,
        results.results_point_at_another_bundle,
        results.results_of_another_run,
        results.run_document_removed,
        keys_holder.results_altered_and_sealed_again,
        bundles.bundle_copied_over_another,
    ],
    ids=lambda act: act.__name__,
)
def test_no_report_is_made_of_results_that_are_not_the_sealed_ones(
    act: Act, unstamped_runs: Place, tmp_path: Path, temoin: Program
) -> None:
    """`temoin report` refuses, and names the file; nothing is written."""
    place = unstamped_runs.copy_to(tmp_path / "place")
    act(place)
    refused = temoin("report", str(place.root / "run-1"), "--lang", "en")
    assert refused.code == 2
    assert "no report is made of them" in refused.err
    assert not place.root.with_name("evidence-reports").exists()


@pytest.mark.parametrize(
    "act",
    [
        ledger.last_line_removed,
        ledger.lines_exchanged,
        ledger.head_removed,
        ledger.ledger_removed_head_kept,
        ledger.removal_line_added,
    ],
    ids=lambda act: act.__name__,
)
def test_nothing_is_made_of_a_folder_whose_ledger_was_changed(
    act: Act, unstamped_runs: Place, tmp_path: Path, temoin: Program
) -> None:
    """Reports, archives and later stamps would lend weight to what somebody cut; packing says it."""
    place = unstamped_runs.copy_to(tmp_path / "place")
    first = place.bundles()[0]
    act(place)
    report = temoin("report", str(place.root / "run-2"), "--output", str(tmp_path / "x.html"), "--lang", "en")
    assert (report.code, "the ledger is not as it was left" in report.err) == (2, True)
    export = temoin("bundle", "export", str(first), "--wacz", str(tmp_path / "x.wacz"))
    assert (export.code, "not as it was sealed" in export.err) == (2, True)
    assert restamp(first, place.sealer).state == "refused"
    key = str(pyrage.x25519.Identity.generate().to_public())
    packed = temoin("bundle", "pack", str(place.root), "--for", key, "-o", str(tmp_path / "x.age"))
    assert (packed.code, "the ledger is not as it was left" in packed.err) == (0, True)


def test_a_report_says_that_newer_answers_may_be_missing(
    unstamped_runs: Place, tmp_path: Path, temoin: Program
) -> None:
    """Where a run of which the ledger tells is gone, an older answer is not the newest without a word."""
    place = unstamped_runs.copy_to(tmp_path / "place")
    shutil.rmtree(place.root / "run-3")
    runs = [str(place.root / run) for run in ("run-1", "run-2")]
    made = temoin("report", *runs, "--output", str(tmp_path / "x.html"), "--lang", "en")
    assert (made.code, "1 bundle of which the ledger tells is not here" in made.err) == (0, True)


def test_a_bundle_sealed_anew_by_a_stranger_is_no_evidence(
    unstamped_runs: Place, tmp_path: Path, temoin: Program
) -> None:
    """Every digest fits, and the signature; the ledger names another seal."""
    place = unstamped_runs.copy_to(tmp_path / "place")
    first = place.bundles()[0]
    Place(place.folder / "foreign").sign_again(first)
    for arguments in (
        ("bundle", "export", str(first), "--wacz", str(tmp_path / "x.wacz")),
        ("rejudge", str(first)),
        ("diff", str(first), str(place.bundles()[2]), "--output", str(tmp_path / "diff")),
    ):
        refused = temoin(*arguments)
        assert (refused.code, "not as it was sealed: not_in_ledger" in refused.err) == (2, True), arguments
    assert restamp(first, place.sealer).state == "refused"


def test_a_report_that_is_made_again_says_so(unstamped_runs: Place, tmp_path: Path, temoin: Program) -> None:
    """It lies beside the evidence, where only sealed ones are, and says how many answers were compared."""
    place = unstamped_runs.copy_to(tmp_path / "place")
    made = temoin("report", str(place.root / "run-1"), "--lang", "en")
    assert made.code == 0, made.err
    page = (place.root.with_name("evidence-reports") / "run-1" / "report.en.html").read_text()
    assert "Made again from stored results: 2 answers were compared with what was sealed." in page
    assert (_faults(_verified(place)), _code(_verified(place))) == (set(), VerifyCode.VALID)
