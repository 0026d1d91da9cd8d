"""A whole folder of evidence: each act that an examiner tried against one is named, and an intact one stays valid."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from datetime import timedelta
from typing import TYPE_CHECKING

import pyrage
import pytest

from automation.app.evidence import exit_code_of
from automation.core.verdicts import Verdict
from automation.evidence.formats import names
from automation.evidence.formats.ledger_line import heads_in, kept
from automation.evidence.maintain.removal import Keep, plan, prune, restamp
from automation.evidence.verify.examine import examine
from automation.evidence.verify.findings import BesideVerification, Fault, RunVerification, Verified, VerifyCode, worst
from automation.evidence.write.sealer import Sealer, seal_run
from automation.reports.stored import open_stored
from automation.storage.files import partial_of
from tests.builders import A_MOMENT
from tests.edits import edit
from tests.evidence.building import RUNS, Place, sealed_without_its_line
from tests.evidence.tampering import (
    BESIDE,
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

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from automation.evidence.keys.timestamps import Stamp
    from tests.cli.conftest import Program
    from tests.disk import FaultyDisk
    from tests.evidence.authorities import RealAuthority


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


@pytest.mark.parametrize("act", BESIDE, ids=lambda act: act.__name__)
def test_what_lies_beside_is_counted_and_not_guessed_at(
    act: Act, unstamped_runs: Place, tmp_path: Path, temoin: Program
) -> None:
    """Whatever a file or folder is called and holds: said in the last line, and a finding with `--strict`."""
    place = unstamped_runs.copy_to(tmp_path / "place")
    act(place)
    arguments = ("verify", str(place.root), "--trust", str(place.trust_file()), "--allow-unstamped", "--lang", "en")
    told = temoin(*arguments)
    assert (told.code, "beside it" in told.out.splitlines()[-1]) == (VerifyCode.VALID, True), told.out
    strict = temoin(*arguments, "--strict")
    assert (strict.code, "no seal covers this file" in strict.out) == (VerifyCode.ALTERED, True), strict.out


def test_intact_folders_are_valid(unstamped_runs: Place, stamped_runs: Place, runs_of_the_first_form: Place) -> None:
    """What nobody touched is valid as a whole, by run and by bundle; a run says when an authority saw its end."""
    for place in (unstamped_runs, stamped_runs, runs_of_the_first_form):
        for folder in (place.root, *(place.root / run for run in RUNS), *place.bundles()):
            assert (_faults(_verified(place, folder)), _code(_verified(place, folder))) == (set(), VerifyCode.VALID)
    seen = [one.head_at for one in _verified(stamped_runs) if isinstance(one, RunVerification)]
    assert len(seen) == 3
    assert None not in seen


def test_a_report_without_its_list_is_none_of_these_results(unstamped_runs: Place, tmp_path: Path) -> None:
    """With the key in hand, nobody seals a report whose answers cannot be compared, whatever date the run claims."""
    place = unstamped_runs.copy_to(tmp_path / "place")
    for report in (place.root / "run-3").glob("report.*.html"):
        report.write_text(re.sub("<meta name=.temoin-answers.[^>]*>", "", report.read_text()))
    sealed_without_its_line(place, "run-3")
    assert _faults(_verified(place)) == {Fault.REPORT_DIFFERS}


def test_a_run_alone_proves_itself(stamped_runs: Place, unstamped_runs: Place, tmp_path: Path) -> None:
    """A run that was handed on is valid by its document and the piece of the ledger that it carries; not without."""
    for number, place in enumerate((stamped_runs, unstamped_runs)):
        run = shutil.copytree(place.root / "run-2", tmp_path / f"{number}" / "run-2")
        assert (_faults(_verified(place, run)), _code(_verified(place, run))) == (set(), VerifyCode.VALID)
        renamed = shutil.copytree(run, tmp_path / f"{number}" / "another-name")
        assert _code(_verified(place, renamed)) == VerifyCode.VALID
    for name in (names.RUN_LEDGER, names.RUN_HEAD):
        bare = shutil.copytree(unstamped_runs.root / "run-2", tmp_path / name / "run-2")
        (bare / name).unlink()
        assert _code(_verified(unstamped_runs, bare)) == VerifyCode.NOT_PROVABLE


def _bundle_taken(run: Path) -> None:
    shutil.rmtree(next(run.glob("*_paul-facebook_*")))


def _document_and_bundle_taken(run: Path) -> None:
    _bundle_taken(run)
    (run / names.RUN_DOCUMENT).unlink()


def _cut_to_what_is_left(run: Path) -> None:
    _document_and_bundle_taken(run)
    path = run / names.RESULTS
    plain = json.loads(path.read_text())
    plain["results"] = [one for one in plain["results"] if one["account"] != "paul-facebook"]
    plain["run"].update(operator="Somebody Else", case="2026-999")
    path.write_text(json.dumps(plain, indent=2))


def _without_its_piece(run: Path) -> None:
    _cut_to_what_is_left(run)
    for name in (names.RUN_LEDGER, names.RUN_HEAD):
        (run / name).unlink()


def _line_taken(run: Path) -> None:
    _bundle_taken(run)
    path = run / names.RUN_LEDGER
    path.write_text(
        "".join(line for line in path.read_text().splitlines(keepends=True) if "_paul-facebook_" not in line)
    )


def _piece_cut_at_its_beginning(run: Path) -> None:
    """The first line goes with its bundle: what is left is one chain, and the head names its end."""
    path = run / names.RUN_LEDGER
    first_line, *others = path.read_text().splitlines(keepends=True)
    shutil.rmtree(run / json.loads(first_line)["bundle"].partition("/")[2])
    path.write_text("".join(others))


def _strangers_piece(run: Path) -> None:
    """Sealed anew, ledger and all, by somebody with a key of their own."""
    foreign = Place(run.parent / "foreign")
    foreign.run("run-2", {"atelier-facebook": Verdict.OBJECTED})
    shutil.rmtree(run)
    shutil.copytree(foreign.root / "run-2", run)


@pytest.mark.parametrize(
    ("act", "code"),
    [
        (_bundle_taken, VerifyCode.CHAIN_BROKEN),
        (_document_and_bundle_taken, VerifyCode.CHAIN_BROKEN),
        (_cut_to_what_is_left, VerifyCode.CHAIN_BROKEN),
        (_without_its_piece, VerifyCode.NOT_PROVABLE),
        (_line_taken, VerifyCode.CHAIN_BROKEN),
        (_piece_cut_at_its_beginning, VerifyCode.CHAIN_BROKEN),
        (_strangers_piece, VerifyCode.NOT_TRUSTED),
    ],
    ids=lambda one: getattr(one, "__name__", str(one)),
)
def test_an_act_against_a_run_that_is_alone(
    act: Callable[[Path], None], code: VerifyCode, unstamped_runs: Place, tmp_path: Path
) -> None:
    """Nothing can be taken out of a run that was handed on, and nothing written into it."""
    run = shutil.copytree(unstamped_runs.root / "run-2", tmp_path / "run-2")
    act(run)
    assert _code(_verified(unstamped_runs, run)) == code, _faults(_verified(unstamped_runs, run))


def test_stamps_of_a_run_alone_are_missed(stamped_runs: Place, tmp_path: Path) -> None:
    """The piece of the ledger names the stamps that came: taken away, they are missed without the ledger, too."""
    run = shutil.copytree(stamped_runs.root / "run-2", tmp_path / "run-2")
    for token in (*run.glob("*/seal/close-*"), *run.glob("run-beta.*")):
        token.unlink()
    assert _faults(_verified(stamped_runs, run)) == {Fault.TOKEN_TAKEN_AWAY}


def test_results_that_nothing_seals_are_no_evidence(unstamped_runs: Place, tmp_path: Path, temoin: Program) -> None:
    """Killed between naming the reports and sealing the run: valid, and what nothing seals is told to be no evidence."""
    place = Place(tmp_path / "place")
    place.run("run-1", RUNS["run-1"], sealed=False)
    shown = temoin("verify", str(place.root), "--trust", str(place.trust_file()), "--allow-unstamped", "--lang", "en")
    assert shown.code == VerifyCode.VALID, shown.out
    last = "✓ valid, and 3 files beside it are not evidence: run-1/report.en.html, run-1/report.fr.html, run-1/results.json"
    assert shown.out.splitlines()[-1] == last
    assert "results and reports" not in shown.out


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
    arguments = ("--lang", "en", "evidence", "prune", "--keep", "1", "--output", str(place.root), "--dry-run")
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


def test_reports_may_go_along_beside_the_folder(unstamped_runs: Place, tmp_path: Path, temoin: Program) -> None:
    """A printed report in one archive with the evidence, or the folder that `temoin report` makes: not evidence."""
    shutil.copytree(unstamped_runs.root, tmp_path / "handed" / "evidence")
    (tmp_path / "handed" / "report.pdf").write_bytes(b"%PDF-1.7")
    shutil.copytree(
        unstamped_runs.root / "run-1",
        tmp_path / "handed" / "evidence-reports",
        ignore=shutil.ignore_patterns("2*", "run*", "results*"),
    )
    archive = shutil.make_archive(str(tmp_path / "handed"), "zip", tmp_path / "handed")
    for path in (archive, str(tmp_path / "handed")):
        shown = temoin("verify", path, "--trust", str(unstamped_runs.trust_file()), "--allow-unstamped", "--lang", "en")
        assert shown.code == VerifyCode.VALID, shown.out
        assert shown.out.splitlines()[-1].startswith(
            "✓ valid, and 3 files beside it are not evidence: evidence-reports/"
        )


def test_a_stamp_of_two_is_missed_where_no_ledger_tells(stamped_runs: Place, tmp_path: Path) -> None:
    """A bundle that stands alone says who was to stamp it: one whose stamp is gone is named."""
    bundle = stamped_runs.bundles()[0]
    alone = shutil.copytree(bundle, tmp_path / bundle.name)
    assert _faults(_verified(stamped_runs, alone)) == set()
    for token in alone.glob("seal/close-alpha.*"):
        token.unlink()
    assert _faults(_verified(stamped_runs, alone)) == {Fault.TOKEN_NOT_ACCOUNTED}


def test_what_a_mac_puts_into_an_archive_is_named_once(unstamped_runs: Place, tmp_path: Path) -> None:
    """Attributes beside each file are what a desktop left behind, and called so."""
    place = unstamped_runs.copy_to(tmp_path / "place")
    beside = tmp_path / "handed" / "__MACOSX"
    for path in [path for path in place.root.rglob("*") if path.is_file()]:
        target = beside / path.relative_to(place.folder).with_name(f"._{path.name}")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(b"\0\5\x16\7attributes")
    shutil.copytree(place.root, tmp_path / "handed" / "evidence")
    found = _verified(place, tmp_path / "handed")
    assert (_faults(found), _code(found)) == (set(), VerifyCode.VALID)
    (last,) = [one for one in found if isinstance(one, BesideVerification)]
    assert (last.files, last.left_by_desktop) == ((), ("__MACOSX/",))


@pytest.mark.parametrize(
    ("name", "honest"),
    [
        ("._report.en.html", b"\0\5\x16\7\0\2\0\0Mac OS X"),
        ("__MACOSX/evidence/._report.en.html", b"\0\5\x16\7\0\2\0\0Mac OS X"),
        (".DS_Store", b"\0\0\0\1Bud1"),
        ("Thumbs.db", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
        ("desktop.ini", b"\xff\xfe" + "\r\n[.ShellClassInfo]".encode("utf-16-le")),
        (".directory", b"[Dolphin]\nTimestamp=1"),
    ],
    ids=str,
)
def test_a_desktops_name_alone_hides_nothing(
    name: str, honest: bytes, unstamped_runs: Place, tmp_path: Path, temoin: Program
) -> None:
    """What begins as a desktop's own file is let be with `--strict`; a page under its name is a finding."""
    place = unstamped_runs.copy_to(tmp_path / "place")
    path = place.root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    trust = ("--trust", str(place.trust_file()))
    for data, code in ((honest, VerifyCode.VALID), (b"<p>All accounts have objected.", VerifyCode.ALTERED)):
        path.write_bytes(data)
        shown = temoin("verify", str(place.root), *trust, "--allow-unstamped", "--strict", "--lang", "en")
        assert (shown.code, "no seal covers this file" in shown.out) == (code, code is VerifyCode.ALTERED), shown.out


def test_a_revoked_key_leaves_the_piece_of_a_run_its_own(unstamped_runs: Place) -> None:
    """Only a signature can make a piece another's: since its key was revoked, the key is told, and no exchange."""
    trust = unstamped_runs.trust
    (key,) = trust.keys
    revoked = trust.with_key(key.model_copy(update={"revoked": A_MOMENT}))
    faults = _faults(list(examine(unstamped_runs.root, revoked, open_run=open_stored)))
    where = {
        finding.where
        for one in examine(unstamped_runs.root, revoked, open_run=open_stored)
        for finding in one.findings
        if finding.fault is Fault.HEAD_NOT_TRUSTED
    }
    assert (Fault.SIGNER_REVOKED in faults, where) == (True, {"ledger.head.dsse.json"})


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
    """Files beside the sealed ones leave a folder valid; the last line counts them, names five, and a desktop's apart."""
    place = unstamped_runs.copy_to(tmp_path / "place")
    loose = ("notes.txt", "letters/answer.pdf", "run-1/minutes.txt", "results of the meeting.txt", "READ ME FIRST")
    left = {
        "Thumbs.db": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        "run-1/.DS_Store": b"\0\0\0\1Bud1",
        "run-1/._x": b"\0\5\x16\7",
    }
    for name, data in {**dict.fromkeys((*loose, ".report.html.partial"), b"x"), **left}.items():
        (place.root / name).parent.mkdir(exist_ok=True)
        (place.root / name).write_bytes(data)
    (place.root / "run-2" / "x.partial").mkdir()
    shown = temoin("verify", str(place.root), "--trust", str(place.trust_file()), "--allow-unstamped", "--lang", "en")
    assert shown.code == VerifyCode.VALID
    first_line, last_line = shown.out.splitlines()[-2:]
    assert first_line == "left behind by a desktop: run-1/.DS_Store, run-1/._x, Thumbs.db"
    assert last_line.startswith("✓ valid, and 7 files beside it are not evidence: letters/answer.pdf, ")
    assert last_line.endswith(" …")


@pytest.mark.parametrize("name", ["ledger.lock", ".gitattributes", "ledger.pending.json"])
def test_what_fills_a_file_of_the_ledger_lies_beside(name: str, unstamped_runs: Place, tmp_path: Path) -> None:
    """A page does not pass for the ledger's own file by its name."""
    place = unstamped_runs.copy_to(tmp_path / "place")
    assert _beside(place) == ()
    (place.root / name).write_text("<h1>All objected</h1>")
    assert (_code(_verified(place)), _beside(place)) == (VerifyCode.VALID, (name,))


def _beside(place: Place) -> tuple[str, ...]:
    """Files that verifying names as no evidence."""
    return next((one.files for one in _verified(place) if isinstance(one, BesideVerification)), ())


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
    """Only the outermost ledger counts: ledger and head in a folder inside, even with a bundle, lie beside."""
    place = unstamped_runs.copy_to(tmp_path / "place")
    older = place.copy_to(tmp_path / "older")
    cut_ledger(older, 2)
    for name, kept_from in (("now", place), ("then", older)):
        backup = place.root / "backup" / name
        backup.mkdir(parents=True)
        for file in (kept_from.ledger.path, kept_from.ledger.head):
            shutil.copy(file, backup)
    bundle = place.bundles()[0]
    shutil.copytree(bundle, place.root / "backup" / "now" / bundle.relative_to(place.root))
    assert (_faults(_verified(place)), _code(_verified(place))) == (set(), VerifyCode.VALID)


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
        assert temoin("evidence", "head", "compare", good, root).code == 0, good
    whole = str(head)
    for bad in (
        whole.replace(head.code, earlier.code),
        whole.replace(f"/1 {end.sequence} ", "/1 0 "),
        whole.replace(f"/1 {end.sequence} ", f"/1 -{end.sequence} "),
        whole.replace(head.line_sha256, head.line_sha256[:-1]),
        whole.replace("head/1", "head/2"),
    ):
        assert temoin("evidence", "head", "compare", bad, root).code == 2, bad


def test_the_commands_for_the_ledgers_end(unstamped_runs: Place, tmp_path: Path, temoin: Program) -> None:
    """`temoin evidence head export` prints one line; `compare` and `verify --head` take it, its code, or a file with it."""
    place = unstamped_runs.copy_to(tmp_path / "place")
    exported = temoin("evidence", "head", "export", str(place.root))
    assert (exported.code, exported.out.count("\n")) == (0, 1)
    (tmp_path / "kept.txt").write_text(f"Kept on Monday:\n{exported.out}")
    code = exported.out.split()[-1]
    for given in (exported.out.strip(), code, str(tmp_path / "kept.txt")):
        assert temoin("evidence", "head", "compare", given, str(place.root)).code == 0
    cut_ledger(place, 1)
    assert temoin("evidence", "head", "compare", code, str(place.root)).code == 4
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
    refused = temoin("report", str(place.root / "run-1"), "--lang", "en", "--trust", str(place.trust_file()))
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
    trust = ("--trust", str(place.trust_file()))
    report = temoin("report", str(place.root / "run-2"), "--output", str(tmp_path / "x.html"), "--lang", "en", *trust)
    assert (report.code, "the ledger is not as it was left" in report.err) == (2, True)
    export = temoin("evidence", "export", str(first), "--wacz", str(tmp_path / "x.wacz"), *trust)
    assert (export.code, "not as it was sealed" in export.err) == (2, True)
    assert restamp(first, place.sealer, place.trust).state == "refused"
    key = str(pyrage.x25519.Identity.generate().to_public())
    packed = temoin("evidence", "pack", str(place.root), "--for", key, "-o", str(tmp_path / "x.age"))
    assert (packed.code, "the ledger is not as it was left" in packed.err) == (0, True)


def test_a_report_says_that_newer_answers_may_be_missing(
    unstamped_runs: Place, tmp_path: Path, temoin: Program
) -> None:
    """Where a run of which the ledger tells is gone, an older answer is not the newest without a word."""
    place = unstamped_runs.copy_to(tmp_path / "place")
    shutil.rmtree(place.root / "run-3")
    runs = [str(place.root / run) for run in ("run-1", "run-2")]
    made = temoin(
        "report", *runs, "--output", str(tmp_path / "x.html"), "--lang", "en", "--trust", str(place.trust_file())
    )
    assert (made.code, "1 bundle of which the ledger tells is not here" in made.err) == (0, True)


def test_a_bundle_sealed_anew_by_a_stranger_is_no_evidence(
    unstamped_runs: Place, tmp_path: Path, temoin: Program
) -> None:
    """Every digest fits, and the signature; the ledger names another seal."""
    place = unstamped_runs.copy_to(tmp_path / "place")
    first = place.bundles()[0]
    Place(place.folder / "foreign").sign_again(first)
    for arguments in (
        ("evidence", "export", str(first), "--wacz", str(tmp_path / "x.wacz")),
        ("history", "rejudge", str(first)),
        ("history", "diff", str(first), str(place.bundles()[2]), "--output", str(tmp_path / "diff")),
    ):
        refused = temoin(*arguments, "--trust", str(place.trust_file()))
        assert (refused.code, "not as it was sealed: signer_unknown" in refused.err) == (2, True), arguments
    assert restamp(first, place.sealer, place.trust).state == "refused"


def test_a_report_that_is_made_again_says_so(unstamped_runs: Place, tmp_path: Path, temoin: Program) -> None:
    """It lies beside the evidence, where only sealed ones are, and says how many answers were compared."""
    place = unstamped_runs.copy_to(tmp_path / "place")
    made = temoin("report", str(place.root / "run-1"), "--lang", "en", "--trust", str(place.trust_file()))
    assert made.code == 0, made.err
    (file,) = (place.root.with_name("evidence-reports") / "run-1").glob("*.en.html")
    page = file.read_text()
    assert "Made again from stored results: 2 answers were compared with what was sealed." in page
    assert (_faults(_verified(place)), _code(_verified(place))) == (set(), VerifyCode.VALID)
