"""The recipe of docs/verify-without-temoin.md, run as a sceptic would: with sha256sum and openssl, without Témoin."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from automation.core.verdicts import Verdict
from automation.evidence.formats import dsse, names
from automation.evidence.formats.ledger_line import Removal
from automation.evidence.maintain.removal import Keep, plan, plan_removal, prune, remove_decided
from tests.builders import A_MOMENT
from tests.evidence.authorities import RealAuthority
from tests.evidence.building import RUNS, Place, a_look
from tests.evidence.recipe import DOCS, Sceptic, blocks, ending
from tests.evidence.tampering import BY_ANYBODY, BY_THE_KEYS_HOLDER, Act, keys_holder, ledger
from tests.tiers import first

PAGE = (DOCS / "evidence.md").read_text(encoding="utf-8")

pytestmark = pytest.mark.skipif(shutil.which("sha256sum") is None, reason="no sha256sum on this system")


@pytest.fixture
def sceptic(stamped: Place, authorities: tuple[RealAuthority, RealAuthority], tmp_path: Path) -> Sceptic:
    """Knows the signer and the first authority from elsewhere."""
    return Sceptic(tmp_path, stamped.trust.keys[0].id, authorities[0].folder / "root.pem")


def test_the_recipe_of_the_manual(
    stamped: Place, place: Place, authorities: tuple[RealAuthority, RealAuthority], sceptic: Sceptic
) -> None:
    """It accepts a real bundle of either kind and says when it was stamped; it stops at what it is said to notice."""
    folder = stamped.bundles()[0]
    look = sceptic.runs(0, a_look(stamped))
    assert (look.returncode, f"{names.INBOX}: OK" in look.stdout) == (0, True), look.stderr
    good = sceptic.runs(0, folder)
    assert good.returncode == 0, good.stderr
    assert f"{names.RESULT}: OK" in good.stdout
    assert "Signature Verified Successfully" in good.stdout
    assert "Verification: OK" in good.stdout + good.stderr
    assert "Time stamp: " in good.stdout
    assert good.stdout.endswith("All four hold.\n")
    other = sceptic.runs(0, folder, SIGNER=place.keys.signing().id)
    assert ending(other) == (False, "NOT VERIFIED: another key")
    stranger = sceptic.runs(0, folder, ROOT=str(authorities[1].folder / "root.pem"))
    assert ending(stranger) == (False, "NOT VERIFIED: the time stamp proves nothing")
    (folder / "data" / "more.txt").write_text("x")
    assert ending(sceptic.runs(0, folder)) == (False, "NOT VERIFIED: a file was added")
    (folder / "data" / "more.txt").unlink()
    result = folder / names.RESULT
    result.write_bytes(result.read_bytes().replace(b"not_objected", b"yes_objected"))
    assert ending(sceptic.runs(0, folder)) == (False, "NOT VERIFIED: a file is not as it was")
    stamped.sign_again(folder)  # with the real key, after the stamp
    assert ending(sceptic.runs(0, folder)) == (False, "NOT VERIFIED: the time stamp proves nothing")
    Place(place.folder / "foreign").sign_again(folder)
    assert ending(sceptic.runs(0, folder)) == (False, "NOT VERIFIED: another key")


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"SIGNER": ""}, "set SIGNER to the id of the key: 64 hexadecimal digits"),
        ({"SIGNER": "cut"}, "set SIGNER to the id of the key: 64 hexadecimal digits"),
        ({"SIGNER": "…"}, "set SIGNER to the id of the key: 64 hexadecimal digits"),
        ({"AUTHORITY": ""}, "set AUTHORITY to a name in seal/close-AUTHORITY.tsr, or to none"),
        ({"ROOT": ""}, "set ROOT to the file with the authority's root certificate"),
        ({"SIGNER": "longer"}, "set SIGNER to the id of the key: 64 hexadecimal digits"),
        ({"AUTHORITY": "none"}, "this bundle is stamped: set AUTHORITY and ROOT"),
    ],
    ids=str,
)
def test_the_recipe_takes_no_half_answers(changes: dict[str, str], says: str, stamped: Place, sceptic: Sceptic) -> None:
    """An empty or cut id, no authority, or an authority that was left out never end as if all held."""
    made = {"cut": sceptic.signer[:32], "longer": f"{sceptic.signer}0"}
    given = {key: made.get(value, value) for key, value in changes.items()}
    ended = sceptic.runs(0, stamped.bundles()[0], **given)
    assert ending(ended) == (False, f"NOT VERIFIED: {says}")


def test_the_recipe_without_an_authority(place: Place, sceptic: Sceptic) -> None:
    """A bundle that nobody stamped is said to hold in three of four."""
    ended = sceptic.runs(0, place.sealed(), SIGNER=place.keys.signing().id, AUTHORITY="none", ROOT="")
    assert ending(ended) == (True, "1 to 3 hold. 4 was left out: nobody but the signer says when.")


def test_each_step_of_the_recipe_counts(stamped: Place, place: Place, sceptic: Sceptic, tmp_path: Path) -> None:
    """The seal of another bundle, another signature in the envelope, and the wrong folder are each told as what they are."""
    first, second, *_ = stamped.bundles()
    shutil.rmtree(first / "seal")
    shutil.copytree(second / "seal", first / "seal")
    assert ending(sceptic.runs(0, first)) == (False, "NOT VERIFIED: the statement is about another manifest-sha256.txt")
    unstamped, foreign = place.sealed(), Place(place.folder / "foreign").keys.signing()
    statement = (unstamped / names.STATEMENT).read_bytes()
    ours = (unstamped / names.ENVELOPE).read_bytes()
    key = place.keys.signing().id
    known = {"SIGNER": key, "AUTHORITY": "none"}
    theirs = dsse.sign(statement, dsse.IN_TOTO, foreign)
    (unstamped / names.ENVELOPE).write_bytes(theirs.replace(foreign.id.encode(), key.encode()))
    assert ending(sceptic.runs(0, unstamped, **known)) == (False, "NOT VERIFIED: the signature is wrong")
    payload, other = (
        re.findall(rb'"payload":"[^"]*"', dsse.sign(text, dsse.IN_TOTO, foreign))[0]
        for text in (statement, statement.replace(b"not_objected", b"yes_objected"))
    )
    for forged in (
        theirs,
        ours.replace(payload, other),
        ours.replace(payload, payload + b"," + other),
        ours.replace(payload, other + b"," + payload),
        ours.replace(b"in-toto", b"in-tata"),
        ours.replace(b",", b", ", 1),
        ours + b"\n",
    ):
        (unstamped / names.ENVELOPE).write_bytes(forged)
        says = "NOT VERIFIED: the envelope holds another statement, or more than that"
        assert ending(sceptic.runs(0, unstamped, **known)) == (False, says)
    assert ending(sceptic.runs(0, tmp_path)) == (False, "NOT VERIFIED: go into the bundle's folder first")


@pytest.mark.parametrize("number", first(1, 2, 3, 4))
def test_a_step_that_is_left_out_is_told(number: int, stamped: Place, sceptic: Sceptic) -> None:
    """Whoever forgets a whole step, or one line that says that it held, never reads that all hold."""
    whole = blocks()[0]
    steps = re.split(r"(?m)^(?=# \d\. |case \"\$AUTHORITY)", whole)
    without = "".join(step for step in steps if not step.startswith(f"# {number}."))
    unmarked = whole.replace(f'held="$held {number}"\n', ":\n")
    for text in (without, unmarked):
        assert text != whole
        good, says = ending(sceptic.run(text, stamped.bundles()[0]))
        assert (good, says.startswith("NOT VERIFIED: ")) == (False, True), says


@pytest.fixture
def whole_folder(stamped: Place, sceptic: Sceptic) -> dict[str, str]:
    """What the recipe for a folder is told: the other two, saved as the page says."""
    stamped.run("run-8", {"atelier-facebook": Verdict.NOT_OBJECTED, "paul-facebook": Verdict.REFUSED})
    a_look(stamped)
    return {**sceptic.saved(), "KEY": str(sceptic.key_of(stamped))}


def _bundle_spoiled(place: Place) -> None:
    (place.bundles()[-2] / names.RESULT).write_text("{}")


def _bundle_gone(place: Place) -> None:
    shutil.rmtree(place.bundles()[1])


def _bundle_twice(place: Place) -> None:
    shutil.copytree(place.bundles()[0], place.root / "run-1" / "more")


def _bundle_exchanged(place: Place) -> None:
    shutil.rmtree(place.bundles()[1])
    shutil.copytree(place.bundles()[0], place.bundles()[1])


def _stamp_gone(place: Place) -> None:
    (place.bundles()[2] / "seal" / "close-beta.tsr").unlink()


def _run_stamp_gone(place: Place) -> None:
    (place.root / "run-8" / "run-alpha.tsr").unlink()


def _report_forged(place: Place) -> None:
    shutil.copy(place.root / "run-8" / "report.en.html", place.root / "run-8" / "report (1).html")


def _statement_in_another_envelope(place: Place) -> None:
    first_one, second, *_ = place.bundles()
    shutil.copy(second / names.ENVELOPE, first_one / names.ENVELOPE)


_ACTS = [
    _bundle_spoiled, _bundle_gone, _run_stamp_gone, _bundle_twice, _bundle_exchanged, _stamp_gone, _report_forged,
    _statement_in_another_envelope,
]  # fmt: skip


def test_the_recipe_for_every_bundle_of_a_folder(
    stamped: Place, whole_folder: dict[str, str], sceptic: Sceptic
) -> None:
    """Every bundle and run of a folder is looked at, and nothing is left out."""
    whole = sceptic.runs(3, stamped.root, **whole_folder)
    assert ending(whole) == (True, f"All {len(stamped.bundles())} bundles and their runs hold."), whole.stderr
    for changes in ({"SIGNER": ""}, {"RECIPE": "recipe.sh"}, {"KEY": ""}, {"AUTHORITY": "none"}, {"ROOT": "/nowhere"}):
        assert ending(sceptic.runs(3, stamped.root, **{**whole_folder, **changes}))[0] is False, changes


@pytest.mark.parametrize("acts", first(_ACTS[:3], _ACTS[3:]), ids=["spoiled, gone", "made up, exchanged"])
def test_one_that_is_not_as_it_was_is_told(
    acts: list[Callable[[Place], None]], stamped: Place, whole_folder: dict[str, str], sceptic: Sceptic, tmp_path: Path
) -> None:
    """One bundle or run that is spoiled, gone or made up, anywhere in the folder."""
    for act in acts:
        spoiled = stamped.copy_to(tmp_path / act.__name__)
        act(spoiled)
        good, says = ending(sceptic.runs(3, spoiled.root, **whole_folder))
        assert (good, says.startswith("NOT VERIFIED: ")) == (False, True), act.__name__


@pytest.mark.thorough
def test_the_recipe_for_a_folder_after_a_removal(
    stamped: Place, whole_folder: dict[str, str], sceptic: Sceptic
) -> None:
    """Bundles that were removed by intent are missed by nobody; one that is still there is told."""
    kept = stamped.copy_to(sceptic.tools / "kept")
    prune(stamped.ledger, stamped.keys, plan(stamped.ledger, Keep(count=1), A_MOMENT))
    said = ending(sceptic.runs(3, stamped.root, **whole_folder))
    assert said == (True, f"All {sum(path.exists() for path in stamped.bundles())} bundles and their runs hold.")
    shutil.copytree(kept.bundles()[0], stamped.bundles()[0])
    assert ending(sceptic.runs(3, stamped.root, **whole_folder))[1].endswith("was removed, and is here")


UNSEEN = {keys_holder.report_of_another_answer}
"""What only reading the signed files tells: the key is the right one, and every digest fits."""


@pytest.fixture(scope="module")
def folder_of_runs(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """Three runs that nobody stamped."""
    place = Place(tmp_path_factory.mktemp("recipe-runs"))
    for run, verdicts in RUNS.items():
        place.run(run, verdicts)
    return place


@pytest.mark.parametrize("act", first(*BY_ANYBODY, *BY_THE_KEYS_HOLDER), ids=lambda act: act.__name__)
def test_every_act_against_a_folder_goes_through_the_recipe(
    act: Act, folder_of_runs: Place, sceptic: Sceptic, tmp_path: Path
) -> None:
    """What `temoin verify` names, the recipe refuses, too; but for what only a reader of the signed files can tell."""
    spoiled = folder_of_runs.copy_to(tmp_path / "place")
    act(spoiled)
    good, says = sceptic.of_folder(spoiled)
    assert good is (act in UNSEEN), says


def test_a_removal_that_anybody_wrote_is_refused(folder_of_runs: Place, sceptic: Sceptic, tmp_path: Path) -> None:
    """A refused bundle does not disappear behind a line that the head does not name; one that was decided may."""
    assert sceptic.of_folder(folder_of_runs)[0]
    spoiled = folder_of_runs.copy_to(tmp_path / "spoiled")
    ledger.removal_line_added(spoiled)
    assert sceptic.of_folder(spoiled) == (False, "NOT VERIFIED: the ledger")
    place = folder_of_runs.copy_to(tmp_path / "place")
    why = Removal(reason='asked for, as "Article 17" says', person="Rita", day="2026-12-01")
    remove_decided(
        place.ledger, place.keys, plan_removal(place.ledger, account="paul-facebook", trust=place.trust), why
    )
    good, says = sceptic.of_folder(place)
    assert (good, says) == (True, "All 3 bundles and their runs hold.")


def test_a_run_alone_goes_through_the_recipe(folder_of_runs: Place, sceptic: Sceptic, tmp_path: Path) -> None:
    """With the piece of the ledger that it carries, and not without a bundle that this tells of."""
    run = shutil.copytree(folder_of_runs.root / "run-2", tmp_path / "alone" / "run-2")
    lines = (run / names.RUN_LEDGER).read_text().splitlines()
    shutil.copy(run / names.RUN_LEDGER, run.parent / "ledger.jsonl")
    shutil.copy(run / names.RUN_HEAD, run.parent / "ledger.head.dsse.json")
    plain = json.loads(lines[0])
    known = {
        "SIGNER": folder_of_runs.keys.signing().id, "AUTHORITY": "none", "ROOT": "",
        "KEY": str(sceptic.key_of(folder_of_runs)), "FIRST": str(plain["seq"]), "BEFORE": plain["prev_sha256"],
    }  # fmt: skip
    ended = ending(sceptic.runs(3, run.parent, **sceptic.saved(), **known))
    assert ended == (True, "All 2 bundles and their runs hold.")
    shutil.rmtree(next(run.glob("*_paul-facebook_*")))
    assert ending(sceptic.runs(3, run.parent, **sceptic.saved(), **known))[0] is False


def _removed(path: Path) -> None:
    path.unlink()


def _linked(path: Path) -> None:
    moved = path.rename(path.parent.parent.parent.parent / path.name)
    path.symlink_to(moved)


@pytest.mark.parametrize(
    ("act", "says"),
    [
        (lambda bundle: (bundle / "seal" / "more").write_text("x"), "seal/more was added"),
        (lambda bundle: shutil.copytree(bundle / "data", bundle / "seal" / "data"), "seal/data/"),
        (lambda bundle: (bundle / "data" / "more").mkdir(), "an empty folder was added"),
        (lambda bundle: _linked(bundle / names.RESULT), "a link"),
        (lambda bundle: _linked(bundle / names.SIGNER), "a link"),
        (lambda bundle: _removed(bundle / "seal" / "open-alpha.tsr"), "what was stamped before is not as it was"),
        (lambda bundle: (bundle / names.OPENING).write_text("{}"), "what was stamped before is not as it was"),
        (lambda bundle: shutil.copy(bundle / names.OPENING, bundle / "seal" / "open-x.tsr"), "seal/open-x.tsr was added"),
    ],
)  # fmt: skip
def test_the_recipe_closes_the_seal(act: Callable[[Path], object], says: str, stamped: Place, sceptic: Sceptic) -> None:
    """What the manifests do not list is looked at as well."""
    folder = stamped.bundles()[0]
    act(folder)
    good, said = ending(sceptic.runs(0, folder))
    assert (good, said.startswith(f"NOT VERIFIED: {says}")) == (False, True), said


def test_the_recipe_asks_whether_authorities_were_to_stamp(stamped: Place, place: Place, sceptic: Sceptic) -> None:
    """Without any stamp it takes a bundle only where none was asked for, or the ledger says that none answered."""
    first = stamped.bundles()[0]
    for token in first.glob("seal/close-*"):
        token.unlink()
    asked = (False, "NOT VERIFIED: authorities were to stamp this bundle")
    assert ending(sceptic.runs(0, first, AUTHORITY="none")) == asked
    assert ending(sceptic.runs(0, first, AUTHORITY="none", LEDGER=str(stamped.ledger.path))) == asked
    silent = Place(place.folder, (replace(stamped.authorities[0], url="http://127.0.0.1:9/"),))
    known = {"SIGNER": silent.keys.signing().id, "AUTHORITY": "none"}
    unanswered = silent.sealed()
    assert ending(sceptic.runs(0, unanswered, **known)) == asked
    assert ending(sceptic.runs(0, unanswered, **known, LEDGER=str(silent.ledger.path)))[0]
    renamed = unanswered.rename(unanswered.with_name("2026-01-01T000000Z_rita-facebook_00000000"))
    assert ending(sceptic.runs(0, renamed, **known))[1].endswith("this folder had another name when it was sealed")


@pytest.mark.parametrize(
    "act",
    [
        lambda run, bundle: shutil.copytree(bundle, run / bundle.name.replace("_", ".")),
        lambda run, bundle: shutil.copytree(bundle, run / f"[2]{bundle.name[1:]}"),
        lambda run, bundle: shutil.copytree(bundle, run / f".{bundle.name}"),
        lambda run, bundle: shutil.copy(run / "report.en.html", run / "report..n.html"),
        lambda run, bundle: shutil.copy(run / "report.en.html", run / "Report.en.html"),
        lambda run, bundle: shutil.copy(run / "report.en.html", run / "..report.en.html"),
        lambda run, bundle: _linked(run / "report.en.html"),
        lambda run, bundle: (shutil.move(bundle, run.parent), shutil.copy(run.parent / bundle.name / names.ENVELOPE, bundle)),
        lambda run, bundle: (_removed(run / "results.json"), (run / "results.json").mkdir()),
        lambda run, bundle: run.rename(run.with_name("run-9")).rename(run) and shutil.copy(run.parent / "run-2" / names.RUN_DOCUMENT, run),
    ],
)  # fmt: skip
def test_the_recipe_for_a_run_closes_its_folder(
    act: Callable[[Path, Path], object], place: Place, sceptic: Sceptic
) -> None:
    """Names that are patterns for sealed ones, hidden ones, files for folders and links are each told."""
    place.run("run-1", {"atelier-facebook": Verdict.REFUSED})
    place.run("run-2", {"atelier-facebook": Verdict.REFUSED})
    run, bundle = place.root / "run-1", place.bundles()[0]
    key = shutil.copy(bundle / names.SIGNER, place.folder / "signer.pem")
    known = {"SIGNER": place.keys.signing().id, "KEY": str(key)}
    assert ending(sceptic.runs(1, run, **known))[0]
    act(run, bundle)
    assert ending(sceptic.runs(1, run, **known))[0] is False


@pytest.mark.parametrize(
    "change",
    [
        lambda text: "",
        lambda text: text.rstrip("\n"),
        lambda text: text + text.splitlines()[-1],
        lambda text: text.replace('"prev_sha256":null', '"prev_sha256":"x","prev_sha256":null'),
        lambda text: re.sub(r'"prev_sha256":("[0-9a-f]+")', r'"note":\1,"prev_sha256":\1', text, count=1),
        lambda text: text.replace("\n", "\0\n", 1),
        lambda text: text.replace('"seq":2', '"seq":7'),
    ],
)
def test_the_recipe_for_the_ledger_reads_every_line(
    change: Callable[[str], str], place: Place, sceptic: Sceptic
) -> None:
    """No line, half a line, and what is put into a line for the eye alone are no chain."""
    place.run("run-1", {"atelier-facebook": Verdict.REFUSED, "paul-facebook": Verdict.REFUSED})
    known = {"SIGNER": place.keys.signing().id, "KEY": str(sceptic.key_of(place))}
    assert ending(sceptic.runs(2, place.root, **known))[0]
    place.ledger.path.write_text(change(place.ledger.path.read_text()))
    assert ending(sceptic.runs(2, place.root, **known))[0] is False


def test_the_recipe_for_a_run_asks_for_the_key(place: Place, sceptic: Sceptic) -> None:
    """A run that somebody else sealed is told, by whichever key it is looked at."""
    place.run("run-1", {"atelier-facebook": Verdict.REFUSED})
    run, ours = place.root / "run-1", place.bundles()[0] / names.SIGNER
    foreign = Place(place.folder / "foreign").keys.signing()
    payload = dsse.opened((run / names.RUN_DOCUMENT).read_bytes(), dsse.RUN).payload
    signed = dsse.sign(payload, dsse.RUN, foreign).replace(foreign.id.encode(), place.keys.signing().id.encode())
    (run / names.RUN_DOCUMENT).write_bytes(signed)
    theirs = place.folder / "theirs.pem"
    theirs.write_text(foreign.public)
    known = {"SIGNER": place.keys.signing().id}
    assert ending(sceptic.runs(1, run, **known, KEY=str(theirs))) == (False, "NOT VERIFIED: another key")
    assert ending(sceptic.runs(1, run, **known, KEY=str(ours))) == (False, "NOT VERIFIED: the signature")


def test_the_recipe_for_a_run_and_and_for_the_ledger(place: Place, sceptic: Sceptic) -> None:
    """Altered results, a bundle of another run and a ledger without a line are noticed without Témoin, too."""
    place.run("run-1", {"atelier-facebook": Verdict.NOT_OBJECTED})
    place.run("run-2", {"atelier-facebook": Verdict.REFUSED})
    run, key = place.root / "run-1", place.bundles()[0] / names.SIGNER
    known = {"SIGNER": place.keys.signing().id, "KEY": str(key)}
    assert ending(sceptic.runs(1, run, **known)) == (
        True,
        "Results, reports and the seals of the bundles are those of this run.",
    )
    assert ending(sceptic.runs(2, place.root, **known))[1].startswith("One chain to line 4; its end is ")
    results = run / names.RESULTS
    before = results.read_text()
    results.write_text(before.replace("not_objected", "yes_objected"))
    assert ending(sceptic.runs(1, run, **known)) == (False, "NOT VERIFIED: results.json is not the sealed one")
    results.write_text(before)
    foreign = place.bundles()[1]
    foreign.rename(run / foreign.name)
    assert ending(sceptic.runs(1, run, **known)) == (
        False,
        f"NOT VERIFIED: {foreign.name} is not of this run: nothing seals it",
    )
    (run / foreign.name).rename(foreign)
    for name in ("report.de.html", "report.fr.html"):
        (run / name).write_text("<p>All accounts have objected.</p>")
        assert ending(sceptic.runs(1, run, **known))[0] is False, name
        (run / name).unlink()
        says = "Results, reports" if name == "report.de.html" else "NOT VERIFIED: report.fr.html is gone"
        assert ending(sceptic.runs(1, run, **known))[1].startswith(says)
    lines = place.ledger.path.read_text().splitlines(keepends=True)
    place.ledger.path.write_text("".join(lines[:1] + lines[2:]))
    assert ending(sceptic.runs(2, place.root, **known))[0] is False


def test_the_table_of_exit_codes() -> None:
    """The page and the program name the same exit codes of `temoin verify`."""
    from automation.app.verify_words import CODES
    from automation.evidence.verify.findings import VerifyCode

    rows = dict(re.findall(r"^\| (\d) \| ([^(;,|]+?)(?:[(;,].*)? \|$", PAGE, re.MULTILINE))
    assert {int(code): words.strip() for code, words in rows.items()} == {
        int(code): CODES[code].split(" or of")[0] for code in VerifyCode
    }


def test_the_layout_of_the_manual(stamped: Place) -> None:
    """Every file of a real bundle's seal and its tag files stand in the page's drawing."""
    drawing = PAGE.split("```")[1]
    folder = stamped.bundles()[0]
    fixed = [path.name for path in folder.iterdir() if path.is_file()]
    fixed += [path.name for path in (folder / "seal").iterdir() if not re.match(r"(open|close)-", path.name)]
    fixed += [path.name for path in stamped.root.iterdir() if path.is_file() and path.suffix != ".lock"]
    assert [name for name in fixed if name not in drawing] == []
