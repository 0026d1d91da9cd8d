"""Every fault as a bundle of its own, made from a real one: its message in the program's output, and its exit code."""

from __future__ import annotations

import base64
import json
import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from automation.app.verify_words import CODES, FAULTS, NOTES, STEPS
from automation.evidence.formats import dsse, names
from automation.evidence.formats.ledger_line import Head, read_line
from automation.evidence.formats.signed import canonical, sha256_of
from automation.evidence.verify.findings import Fault, StepName, VerifyCode
from automation.text.language import Language, language
from tests.evidence.authorities import DAY, RealAuthority
from tests.evidence.building import Place, an_hour
from tests.evidence.tampering import BY_ANYBODY, BY_THE_KEYS_HOLDER, OF_STAMPED

if TYPE_CHECKING:
    from tests.cli.conftest import Program
    from tests.disk import FaultyDisk

RESULT = "data/result.json"
PICTURE = "data/pictures/01-form_a.png"
Spoil = Callable[[Path, Place], None]


def _append(folder: Path, path: str, data: bytes = b" ") -> None:
    with (folder / path).open("ab") as file:
        file.write(data)


def _flip(path: Path, at: int) -> None:
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.write_bytes(data)


def _byte_altered(folder: Path, _place: Place) -> None:
    _flip(folder / PICTURE, 50)


def _file_added(folder: Path, _place: Place) -> None:
    (folder / "data/extra.txt").write_text("hello")


def _file_removed(folder: Path, _place: Place) -> None:
    (folder / PICTURE).unlink()


def _file_renamed(folder: Path, _place: Place) -> None:
    (folder / PICTURE).rename(folder / "data/pictures/other.png")


def _file_truncated(folder: Path, _place: Place) -> None:
    os.truncate(folder / PICTURE, 10)


def _file_symlinked(folder: Path, place: Place) -> None:
    real = place.folder / "real.png"
    (folder / PICTURE).rename(real)
    (folder / PICTURE).symlink_to(real)


def _folder_symlinked(folder: Path, place: Place) -> None:
    (folder / "data/pictures").rename(place.folder / "pictures")
    (folder / "data/pictures").symlink_to(place.folder / "pictures")


def _pipe_added(folder: Path, _place: Place) -> None:
    os.mkfifo(folder / "data/pipe")


def _file_replaced_by_pipe(folder: Path, _place: Place) -> None:
    """Who opens a pipe to which nobody writes waits for ever."""
    (folder / PICTURE).unlink()
    os.mkfifo(folder / PICTURE)


def _statement_replaced_by_pipe(folder: Path, _place: Place) -> None:
    (folder / names.STATEMENT).unlink()
    os.mkfifo(folder / names.STATEMENT)


def _file_linked_to_endless_device(folder: Path, _place: Place) -> None:
    (folder / PICTURE).unlink()
    (folder / PICTURE).symlink_to("/dev/zero")


def _file_with_a_hole(folder: Path, _place: Place) -> None:
    """A file of a terabyte that takes no room on the disk."""
    os.truncate(folder / PICTURE, 1 << 40)


def _empty_folder_added(folder: Path, _place: Place) -> None:
    (folder / "data/empty").mkdir()


def _manifest_rewritten(folder: Path, _place: Place) -> None:
    """As somebody would who knows BagIt but has no key: file, manifest and tag manifest fit each other."""
    _append(folder, PICTURE)
    for manifest, path in ((names.MANIFEST, PICTURE), (names.TAG_MANIFEST, names.MANIFEST)):
        lines = (folder / manifest).read_text().splitlines()
        kept = [line for line in lines if not line.endswith(f"  {path}")]
        kept.append(f"{sha256_of(folder / path)}  {path}")
        (folder / manifest).write_text("".join(f"{line}\n" for line in sorted(kept, key=lambda one: one[66:])))


def _tag_file_added(folder: Path, _place: Place) -> None:
    (folder / "notes.txt").write_text("not listed")


def _tag_manifest_removed(folder: Path, _place: Place) -> None:
    (folder / names.TAG_MANIFEST).unlink()


def _path_escapes(folder: Path, _place: Place) -> None:
    _append(folder, names.MANIFEST, b"0" * 64 + b"  data/../../../outside.txt\n")


def _manifest_malformed(folder: Path, _place: Place) -> None:
    _append(folder, names.MANIFEST, b"no digest\n")


def _manifest_too_large(folder: Path, _place: Place) -> None:
    _append(folder, names.MANIFEST, b"x" * 5_000_000)


def _folders_too_deep(folder: Path, _place: Place) -> None:
    (folder / "data" / "/".join("d" * 20)).mkdir(parents=True)


def _statement_altered(folder: Path, _place: Place) -> None:
    text = (folder / names.STATEMENT).read_text().replace("atelier-facebook", "atelier-instagra")
    (folder / names.STATEMENT).write_text(text)


def _envelope_reformatted(folder: Path, _place: Place) -> None:
    plain = json.loads((folder / names.ENVELOPE).read_text())
    (folder / names.ENVELOPE).write_text(json.dumps(plain, indent=2))


def _signature_of_another(folder: Path, _place: Place) -> None:
    plain = json.loads((folder / names.ENVELOPE).read_text())
    plain["signatures"][0]["sig"] = base64.b64encode(b"\1" * 64).decode()
    (folder / names.ENVELOPE).write_bytes(canonical(plain))


def _signer_replaced(folder: Path, place: Place) -> None:
    other = Place(place.folder / "other")
    (folder / names.SIGNER).write_text(other.keys.signing().public)


def _foreign_key(folder: Path, place: Place) -> None:
    """Everything made anew by somebody with a key of their own."""
    Place(place.folder / "foreign").sign_again(folder)


def _schema_unknown(folder: Path, place: Place) -> None:
    text = (folder / RESULT).read_text().replace("temoin.result/1", "temoin.result/9")
    (folder / RESULT).write_text(text)
    place.sign_again(folder)


def _schema_broken(folder: Path, place: Place) -> None:
    (folder / RESULT).write_text((folder / RESULT).read_text().replace('"not_objected"', '"happy"'))
    place.sign_again(folder)


def _moment_that_utc_cannot_say(folder: Path, place: Place) -> None:
    text = re.sub(r'"started_at": "[^"]*"', '"started_at": "9999-12-31T23:59:59-14:00"', (folder / RESULT).read_text())
    (folder / RESULT).write_text(text)
    place.sign_again(folder)


def _journal_broken(folder: Path, place: Place) -> None:
    (folder / "data/journal.jsonl").write_text('{"number": "one"}\n')
    place.list_again(folder)
    place.sign_again(folder)


def _deeply_nested(folder: Path, place: Place) -> None:
    (folder / RESULT).write_text("[" * 200_000 + "]" * 200_000)
    place.sign_again(folder)


def _statement_of_the_future(folder: Path, place: Place) -> None:
    text = (folder / names.STATEMENT).read_text().replace("temoin.evidence/1", "temoin.evidence/2")
    (folder / names.STATEMENT).write_text(text)
    envelope = dsse.sign(text.encode(), dsse.IN_TOTO, place.keys.signing())
    (folder / names.ENVELOPE).write_bytes(envelope)


def _token_removed(folder: Path, _place: Place) -> None:
    for path in folder.glob("seal/close-*"):
        path.unlink()


def _token_of_another_bundle(folder: Path, place: Place) -> None:
    other = next(bundle for bundle in place.bundles() if bundle != folder)
    for suffix in ("tsq", "tsr"):
        path = names.closing_token("alpha", suffix)
        shutil.copy(other / path, folder / path)


def _token_without_its_request(folder: Path, _place: Place) -> None:
    (folder / names.closing_token("alpha", "tsq")).unlink()


def _token_with_another_request(folder: Path, _place: Place) -> None:
    shutil.copy(folder / names.closing_token("beta", "tsq"), folder / names.closing_token("alpha", "tsq"))


def _token_garbled(folder: Path, _place: Place) -> None:
    (folder / names.closing_token("alpha", "tsr")).write_bytes(b"\x30\x03abc")


def _token_refused(folder: Path, _place: Place) -> None:
    """The authority's answer that it stamps nothing, DER of a `TimeStampResp` with the status `rejection`."""
    (folder / names.closing_token("alpha", "tsr")).write_bytes(bytes.fromhex("30053003020102"))


def _opening_token_replaced(folder: Path, place: Place) -> None:
    other = next(bundle for bundle in place.bundles() if bundle != folder)
    shutil.copy(other / names.OPENING, folder / names.OPENING)


def _line_removed(folder: Path, place: Place) -> None:
    shutil.rmtree(place.bundles()[1])
    lines = place.ledger.path.read_text().splitlines(keepends=True)
    place.ledger.path.write_text("".join(lines[:1] + lines[2:]))


def _line_altered(folder: Path, place: Place) -> None:
    text = place.ledger.path.read_text()
    place.ledger.path.write_text(text.replace('"outcome":"finding"', '"outcome":"ok"', 1))


def _history_rewritten(folder: Path, place: Place) -> None:
    """As somebody would who has the key: a line is changed, all later ones are chained anew, the head is signed."""
    lines = [read_line(raw) for raw in place.ledger.path.read_bytes().splitlines()]
    remade = [lines[0].model_copy(update={"outcome": "ok"})]
    for line in lines[1:]:
        remade.append(line.model_copy(update={"prev_sha256": remade[-1].digest}))
    place.ledger.path.write_bytes(b"".join(line.encoded() + b"\n" for line in remade))
    head = Head.decoded(dsse.opened(place.ledger.head.read_bytes(), dsse.LEDGER_HEAD).payload)
    signed = head.model_copy(update={"line_sha256": remade[-1].digest}).encoded()
    place.ledger.head.write_bytes(dsse.sign(signed, dsse.LEDGER_HEAD, place.keys.signing()))


def _line_garbled(folder: Path, place: Place) -> None:
    place.ledger.path.write_text(place.ledger.path.read_text().replace('"seq":2', '"seq":"two"'))


def _line_cut_off(folder: Path, place: Place) -> None:
    os.truncate(place.ledger.path, place.ledger.path.stat().st_size - 20)


def _tail_cut(folder: Path, place: Place) -> None:
    shutil.rmtree(place.bundles()[2])
    lines = place.ledger.path.read_text().splitlines(keepends=True)
    place.ledger.path.write_text("".join(lines[:2]))


def _line_escapes(folder: Path, place: Place) -> None:
    place.ledger.path.write_text(place.ledger.path.read_text().replace('"bundle":"run-2/', '"bundle":"../run-2/'))


def _ledger_removed(folder: Path, place: Place) -> None:
    place.ledger.path.unlink()


def _everything_removed(folder: Path, place: Place) -> None:
    """All bundles and lines are gone, but nobody thought of the head."""
    for bundle in place.bundles():
        shutil.rmtree(bundle)
    place.ledger.path.write_bytes(b"")


def _head_removed(folder: Path, place: Place) -> None:
    place.ledger.head.unlink()


def _head_replaced_by_pipe(folder: Path, place: Place) -> None:
    place.ledger.head.unlink()
    os.mkfifo(place.ledger.head)


def _head_by_another_key(folder: Path, place: Place) -> None:
    envelope = dsse.opened(place.ledger.head.read_bytes(), dsse.LEDGER_HEAD)
    other = Place(place.folder / "foreign").keys.signing()
    place.ledger.head.write_bytes(dsse.sign(envelope.payload, dsse.LEDGER_HEAD, other))


def _bundle_gone(folder: Path, place: Place) -> None:
    shutil.rmtree(place.bundles()[1])


def _bundle_not_in_ledger(folder: Path, place: Place) -> None:
    """A bundle of another folder, by the same key, put here."""
    elsewhere = Place(place.folder / "elsewhere", place.authorities)
    shutil.copytree(place.folder / "keys", elsewhere.folder / "keys")
    made = [elsewhere.sealed("run-1") for _ in range(2)][1]
    shutil.move(made, place.root / "run-1" / made.name)


FAULTY: list[tuple[Spoil, Fault, str]] = [
    (_byte_altered, Fault.FILE_ALTERED, PICTURE),
    (_file_added, Fault.FILE_ADDED, "data/extra.txt"),
    (_file_removed, Fault.FILE_MISSING, PICTURE),
    (_file_renamed, Fault.FILE_ADDED, "data/pictures/other.png"),
    (_file_truncated, Fault.FILE_ALTERED, PICTURE),
    (_file_symlinked, Fault.SYMLINK, PICTURE),
    (_folder_symlinked, Fault.SYMLINK, "data/pictures"),
    (_pipe_added, Fault.NOT_A_FILE, "data/pipe"),
    (_file_replaced_by_pipe, Fault.NOT_A_FILE, PICTURE),
    (_statement_replaced_by_pipe, Fault.NOT_A_FILE, names.STATEMENT),
    (_file_linked_to_endless_device, Fault.SYMLINK, PICTURE),
    (_file_with_a_hole, Fault.TOO_LARGE, PICTURE),
    (_empty_folder_added, Fault.FOLDER_ADDED, "data/empty"),
    (_manifest_rewritten, Fault.SUBJECT_DIFFERS, names.MANIFEST),
    (_tag_file_added, Fault.FILE_ADDED, "notes.txt"),
    (_tag_manifest_removed, Fault.FILE_MISSING, names.TAG_MANIFEST),
    (_path_escapes, Fault.PATH_ESCAPES, "../../../outside.txt"),
    (_manifest_malformed, Fault.MANIFEST_MALFORMED, names.MANIFEST),
    (_manifest_too_large, Fault.TOO_LARGE, names.MANIFEST),
    (_folders_too_deep, Fault.TOO_LARGE, "d/d/d"),
    (_statement_altered, Fault.STATEMENT_DIFFERS, names.STATEMENT),
    (_envelope_reformatted, Fault.ENVELOPE_MALFORMED, names.ENVELOPE),
    (_signature_of_another, Fault.SIGNATURE_WRONG, ""),
    (_signer_replaced, Fault.SIGNER_FILE_DIFFERS, names.SIGNER),
    (_foreign_key, Fault.SIGNER_UNKNOWN, ""),
    (_schema_unknown, Fault.SCHEMA_UNKNOWN, "temoin.result/9"),
    (_schema_broken, Fault.SCHEMA_BROKEN, "verdict"),
    (_moment_that_utc_cannot_say, Fault.SCHEMA_BROKEN, "started_at"),
    (_journal_broken, Fault.SCHEMA_BROKEN, "data/journal.jsonl"),
    (_deeply_nested, Fault.SCHEMA_BROKEN, RESULT),
    (_statement_of_the_future, Fault.STATEMENT_UNKNOWN, "temoin.evidence/1"),
    (_token_removed, Fault.TOKEN_TAKEN_AWAY, "seal/close-alpha.tsr"),
    (_token_of_another_bundle, Fault.TOKEN_OTHER_DATA, "seal/close-alpha.tsr"),
    (_token_without_its_request, Fault.FILE_MISSING, "seal/close-alpha.tsq"),
    (_token_with_another_request, Fault.TOKEN_OTHER_REQUEST, "seal/close-alpha.tsr"),
    (_token_garbled, Fault.TOKEN_UNREADABLE, "seal/close-alpha.tsr"),
    (_token_refused, Fault.TOKEN_REFUSED, "seal/close-alpha.tsr"),
    (_opening_token_replaced, Fault.SUBJECT_DIFFERS, names.OPENING),
    (_line_removed, Fault.LEDGER_GAP, "2 → 3"),
    (_line_altered, Fault.LEDGER_LINK, "ledger.jsonl:2"),
    (_history_rewritten, Fault.LINK_DIFFERS, "_atelier-facebook_"),
    (_line_garbled, Fault.LEDGER_MALFORMED, "ledger.jsonl:2"),
    (_line_cut_off, Fault.LEDGER_MALFORMED, "ledger.jsonl:3"),
    (_tail_cut, Fault.HEAD_DIFFERS, "2 ≠ 3"),
    (_line_escapes, Fault.PATH_ESCAPES, "../run-2"),
    (_ledger_removed, Fault.LEDGER_MISSING, "ledger.jsonl"),
    (_everything_removed, Fault.HEAD_DIFFERS, "ledger.head.dsse.json"),
    (_head_removed, Fault.HEAD_MISSING, "ledger.head.dsse.json"),
    (_head_replaced_by_pipe, Fault.NOT_A_FILE, "ledger.head.dsse.json"),
    (_head_by_another_key, Fault.HEAD_NOT_TRUSTED, "ledger.head.dsse.json"),
    (_bundle_gone, Fault.BUNDLE_MISSING, "run-2/"),
    (_bundle_not_in_ledger, Fault.NOT_IN_LEDGER, "_atelier-facebook_"),
]  # fmt: skip
ELSEWHERE = {
    Fault.UNSTAMPED,
    Fault.TOKEN_NOT_ACCOUNTED,
    Fault.UNREADABLE_FOLDER,
    Fault.FILE_UNREADABLE,
    Fault.NO_TRUST,
    Fault.SIGNER_NOT_YET,
    Fault.SIGNER_ENDED,
    Fault.SIGNER_REVOKED,
    Fault.NO_AUTHORITY,
    Fault.TOKEN_UNSORTED,
    Fault.TOKEN_NOT_TRUSTED,
    Fault.TOKEN_OTHER_POLICY,
    Fault.OUTSIDE_WINDOW,
    Fault.REMOVED_BUT_HERE,
    Fault.CLOCK_SET_BACK,
    Fault.SECRET_FOUND,
    Fault.NOTHING_HERE,
    Fault.ARCHIVE_REFUSED,
    Fault.LIMIT_REACHED,
    Fault.LINE_ENDS,
}
"""Faults with tests of their own, here or in test_times, test_keys, test_ledger, test_folders, test_limits and test_archives."""
ONLY_THE_CHAIN = {
    _history_rewritten,
    _bundle_gone,
    _ledger_removed,
    _tail_cut,
    _line_removed,
    _line_altered,
    _head_removed,
}


def _start_of(fault: Fault, words: Language) -> str:
    """The words of a fault up to the first that names something."""
    return words.gettext(FAULTS[fault]).partition("%(")[0]


@pytest.mark.parametrize(("spoil", "fault", "where"), FAULTY, ids=[case[0].__name__.strip("_") for case in FAULTY])
def test_a_fault_is_named_and_has_its_exit_code(
    spoil: Spoil, fault: Fault, where: str, stamped: Place, temoin: Program
) -> None:
    """What is wrong with a folder of evidence is said with its place, in both languages, with the documented code."""
    spoil(stamped.bundles()[0], stamped)
    trust = str(stamped.trust_file())
    for lang in ("en", "fr"):
        answer = temoin("verify", str(stamped.root), "--trust", trust, "--lang", lang)
        assert answer.code == fault.code, answer.out
        assert answer.err == ""
        line = next(
            (one for one in answer.out.splitlines() if _start_of(fault, language(lang)) in one and where in one), ""
        )
        assert line, answer.out


@pytest.mark.parametrize("spoil", sorted(ONLY_THE_CHAIN, key=lambda one: one.__name__), ids=lambda one: one.__name__)
def test_a_broken_chain_leaves_the_bundles_alone(spoil: Spoil, stamped: Place, temoin: Program) -> None:
    """A fault of the ledger is told apart from faults of bundles: what is left of them stays in order."""
    spoil(stamped.bundles()[0], stamped)
    answer = temoin("verify", str(stamped.root), "--trust", str(stamped.trust_file()), "--json")
    found = json.loads(answer.out)
    assert found["exit_code"] == answer.code == VerifyCode.CHAIN_BROKEN
    assert {step["state"] for bundle in found["bundles"] for step in bundle["steps"] if step["name"] != "chain"} == {
        "ok",
        "not_checked",
    }


def test_what_is_whole_is_valid(stamped: Place, temoin: Program) -> None:
    """A bundle, a run and the whole folder verify with exit code 0, and each of the eight steps has its line."""
    trust = str(stamped.trust_file())
    bundle = stamped.bundles()[0]
    for path in (bundle, bundle.parent, stamped.root):
        answer = temoin("verify", str(path), "--trust", trust)
        assert answer.code == 0, answer.out
    alone = temoin("verify", str(bundle), "--trust", trust).out
    assert [line.split()[1] for line in alone.splitlines() if line.startswith("  ")][:7] == list("1234567")
    assert "alpha 20" in alone
    assert "beta 20" in alone
    assert temoin("verify", str(stamped.root), "--trust", trust, "--quiet").out == ""


def test_a_bundle_alone_needs_no_ledger(stamped: Place, tmp_path: Path, temoin: Program) -> None:
    """A bundle that was handed on without its ledger verifies, and the missing step is said."""
    shutil.move(stamped.bundles()[0], tmp_path / "handed-on")
    answer = temoin("verify", "handed-on", "--trust", str(stamped.trust_file()))
    assert answer.code == 0
    assert NOTES["no_ledger"] in answer.out


def test_captured_before_the_opening(place: Place, authorities: tuple[RealAuthority, ...], temoin: Program) -> None:
    """A clock that was set back between opening and sealing shows: captures lie before the visit was opened."""
    place.authorities = (authorities[0].authority(),)
    from dataclasses import replace

    folder = place.sealed(change=lambda result: replace(result, started_at=an_hour(result.started_at)))
    answer = temoin("verify", str(folder), "--trust", str(place.trust_file()), "--json")
    found = json.loads(answer.out)["bundles"][0]
    time = next(step for step in found["steps"] if step["name"] == StepName.TIME)
    assert answer.code == VerifyCode.NOT_STAMPED
    assert [(f["fault"], f["where"]) for f in time["findings"]] == [(Fault.OUTSIDE_WINDOW, "started_at")]


def test_the_clock_was_set_back_between_two_bundles(place: Place, temoin: Program) -> None:
    """Lines of the ledger whose clock goes back by more than a correction are a broken chain."""
    place.sealed()
    key = place.keys.signing()
    gone = place.bundles()[0]
    with place.ledger.locked(place.keys) as tip:
        line = tip.next(gone.relative_to(place.root).as_posix(), sha256_of(gone / names.ENVELOPE), "removed")
        place.ledger.append(line.model_copy(update={"at": line.at + DAY}), key, lambda: shutil.rmtree(gone))
    place.sealed("run-2")
    answer = temoin("verify", str(place.root), "--trust", str(place.trust_file()), "--allow-unstamped")
    assert answer.code == VerifyCode.CHAIN_BROKEN
    assert "the clock was set back between two bundles: ledger.jsonl:3" in answer.out


def test_every_fault_has_its_bundle() -> None:
    """A fault that no test brings about would go unnoticed when it no longer shows."""
    folders = {*BY_ANYBODY.values(), *BY_THE_KEYS_HOLDER.values(), *OF_STAMPED.values()}
    assert {fault for _, fault, _ in FAULTY} | folders | ELSEWHERE == set(Fault)
    assert not {fault for _, fault, _ in FAULTY} & ELSEWHERE


def test_what_the_system_refuses_to_read(stamped: Place, temoin: Program, faulty_disk: FaultyDisk) -> None:
    """A file or folder that may not be read is named with the system's reason."""
    bundle, trust = stamped.bundles()[0], str(stamped.trust_file())
    for refused, words in (
        (bundle / PICTURE, f"cannot be read: data/pictures/01-form_a.png ({os.strerror(13)})"),
        ((bundle / PICTURE).parent, f"the folder data/pictures cannot be read ({os.strerror(13)})"),
    ):
        faulty_disk.refused = {refused}
        answer = temoin("verify", str(bundle), "--trust", trust)
        assert (answer.code, words in answer.out) == (VerifyCode.UNREADABLE, True), answer.out


def test_every_fault_has_its_words() -> None:
    """Each fault, step and code has words, and these name only what a finding has."""
    assert set(FAULTS) == set(Fault)
    assert set(STEPS) == set(StepName)
    assert set(CODES) == set(VerifyCode)
    for text in (*FAULTS.values(), *STEPS.values(), *CODES.values(), *NOTES.values()):
        assert text
        assert set(re.findall(r"%\((\w+)\)s", text)) <= {"where", "detail", "why"}


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"keys": 1, "schema": "temoin.trust/1"}', "\x00", "[" * 100_000])
def test_a_trust_file_that_is_none(text: str, stamped: Place, temoin: Program) -> None:
    """Without a usable trust file nobody is trusted: exit code 2, one message with its remedy."""
    Path("trust.json").write_text(text)
    answer = temoin("verify", str(stamped.root), "--trust", "trust.json")
    assert answer.code == VerifyCode.NOT_TRUSTED
    assert "temoin evidence key export-trust" in answer.err
    assert answer.out == ""


def test_nobody_to_trust(stamped: Place, temoin: Program, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """On a machine without keys and without --trust, the signature is right but nobody's: exit code 2."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "nothing"))
    answer = temoin("verify", str(stamped.bundles()[0]))
    assert answer.code == VerifyCode.NOT_TRUSTED
    assert "Name a trust file with --trust" in answer.out


def test_several_paths_end_with_the_worst(stamped: Place, place: Place, temoin: Program) -> None:
    """Of several paths, the exit code is that of the worst; one that is missing counts as unreadable."""
    trust = str(stamped.trust_file())
    first, second, _ = stamped.bundles()
    _token_removed(first, stamped)
    assert temoin("verify", str(first), str(second), "--trust", trust).code == VerifyCode.NOT_STAMPED
    taken = temoin("verify", str(first), str(second), "--trust", trust, "--allow-unstamped")
    assert taken.code == VerifyCode.NOT_STAMPED, "its stamp was taken away"
    never = [str(place.sealed()) for _ in range(2)]
    accepted = temoin("verify", *never, "--trust", str(place.trust_file()), "--allow-unstamped")
    assert (accepted.code, "✗" in accepted.out, "  · 5" in accepted.out) == (0, False, True)
    assert temoin("verify", str(first), "missing", "--trust", trust).code == VerifyCode.UNREADABLE
    _byte_altered(second, stamped)
    assert temoin("verify", str(first), str(second), "missing", "--trust", trust).code == VerifyCode.ALTERED


def test_names_cannot_steer_a_terminal(stamped: Place, temoin: Program) -> None:
    """A file whose name holds escape codes, or is no UTF-8 at all, is named without them, in text and in JSON."""
    bundle = stamped.bundles()[0]
    (bundle / "data/\x1b[31mred").write_text("x")
    Path(os.fsdecode(os.fsencode(bundle / "data") + b"/\xff")).write_text("x")
    trust = str(stamped.trust_file())
    answer = temoin("verify", str(bundle), "--trust", trust)
    assert answer.code == VerifyCode.ALTERED
    assert "\x1b" not in answer.out
    json.loads(temoin("verify", str(bundle), "--trust", trust, "--json").out.encode())


def test_a_secret_that_this_machine_knows(stamped: Place, temoin: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who verifies with the account's secrets at hand sees them found, wherever they hide, and never printed."""
    monkeypatch.setenv("TEMOIN_SECRETS__ATELIER_FACEBOOK__PASSWORD", "correct horse battery")
    trust = str(stamped.trust_file())
    bundle = stamped.bundles()[0]
    clean = temoin("verify", str(bundle), "--trust", trust)
    assert (clean.code, "✓ 8 no known secret inside" in clean.out) == (0, True)
    (bundle / "data/notes.txt").write_bytes(base64.b64encode(b"xx correct horse battery"))
    stamped.sign_again(bundle)
    answer = temoin("verify", str(bundle), "--trust", trust)
    assert answer.code == Fault.SECRET_FOUND.code
    assert "a known secret is in data/notes.txt" in answer.out
    assert "correct horse" not in answer.out + answer.err
    (bundle / "data/notes.txt").write_bytes(b"\x1f\x8bnot gzip")
    stamped.sign_again(bundle)
    assert NOTES["unsearchable"] in temoin("verify", str(bundle), "--trust", trust).out
