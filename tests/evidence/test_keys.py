"""The keys that seal: kept for their owner alone, changed without a gap, and judged by the time of the signature."""

from __future__ import annotations

import stat
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from automation.core.errors import ConfigurationError
from automation.evidence.keys.signing import Keys, SigningKey, key_from_seed
from automation.evidence.keys.trust import SignerTrust, Trust, TrustedKey, read_trust
from automation.evidence.verify.bundle import verify_bundle
from automation.evidence.verify.findings import Fault, VerifyCode
from tests.cli.conftest import Program
from tests.evidence.building import Place

HOUR = timedelta(hours=1)


def _faults(folder: Path, trust: Trust) -> set[Fault]:
    return {finding.fault for finding in verify_bundle(folder, trust).findings} - {Fault.UNSTAMPED}


def test_the_key_is_made_once_and_for_its_owner_alone(place: Place) -> None:
    """The first use makes the key, others find it; nobody else may read it, and it shows in no text."""
    key = place.keys.signing()
    assert place.keys.signing().id == key.id
    file = place.keys.folder / f"{key.id}.key"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(place.keys.folder.stat().st_mode) == 0o700
    assert key.seed() not in repr(key) + place.trust.text()
    assert key.seed() in file.read_text()


def test_many_processes_make_one_key(place: Place) -> None:
    """Processes that all need the first key at the same time get the same one."""
    program = (
        "import sys; from pathlib import Path; from automation.evidence.keys.signing import Keys;"
        "print(Keys(Path(sys.argv[1])).signing().id)"
    )
    running = [
        subprocess.Popen([sys.executable, "-c", program, str(place.keys.folder)], stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    ids = {process.communicate()[0].strip() for process in running}
    assert ids == {place.keys.signing().id}
    assert len(place.trust.keys) == 1


def test_bundles_stay_verifiable_after_rotation(place: Place) -> None:
    """A rotated key seals no more, what it sealed stands, and the chain goes on with the new one."""
    old = place.sealed()
    before, key = place.keys.rotate()
    new = place.sealed("run-2")
    assert before != key.id
    assert not (place.keys.folder / f"{before}.key").exists()
    assert _faults(old, place.trust) == _faults(new, place.trust) == set()
    assert verify_bundle(new, place.trust).signer == key.id
    stale = Trust(keys=place.trust.keys[:1])
    assert _faults(new, stale) == {Fault.SIGNER_UNKNOWN}


def test_a_key_that_has_ended_signs_nothing_more(stamped: Place) -> None:
    """A seal dated after its key's end is not trusted: exit code 2."""
    folder = stamped.bundles()[0]
    (key,) = stamped.trust.keys
    sealed_at = verify_bundle(folder, stamped.trust).sealed_at
    assert sealed_at is not None
    for change, fault in (
        ({"until": sealed_at - HOUR}, Fault.SIGNER_ENDED),
        ({"since": sealed_at + HOUR}, Fault.SIGNER_NOT_YET),
    ):
        trust = stamped.trust.with_key(key.model_copy(update=change))
        found = verify_bundle(folder, trust)
        assert ({f.fault for f in found.findings}, found.code) == ({fault}, VerifyCode.NOT_TRUSTED)


def test_a_revoked_key(stamped: Place, place: Place) -> None:
    """What an authority stamped before the theft stands; what it did not, or later, falls, whatever its own date."""
    unstamped = place.sealed()
    folder = stamped.bundles()[0]
    stamps = verify_bundle(folder, stamped.trust).not_after
    at = min(stamp.at for stamp in stamps)
    stamped.keys.revoke(stamped.trust.keys[0].id[:8], at + HOUR, "laptop stolen")
    assert _faults(folder, stamped.trust) == set()
    stamped.keys.revoke(stamped.trust.keys[0].id[:8], at - HOUR)
    assert _faults(folder, stamped.trust) == {Fault.SIGNER_REVOKED}
    stamped.keys.revoke(stamped.trust.keys[0].id[:8], at + HOUR)  # a later date does not take an earlier one back
    assert _faults(folder, stamped.trust) == {Fault.SIGNER_REVOKED}
    place.keys.revoke(place.trust.keys[0].id, datetime.now(UTC) + HOUR)
    assert _faults(unstamped, place.trust) == {Fault.SIGNER_REVOKED}


def test_a_revoked_key_seals_no_more(place: Place) -> None:
    """After revoking the key in use, the next sealing makes a new one."""
    first = place.keys.signing()
    place.keys.revoke(first.id, datetime.now(UTC))
    folder = place.sealed()
    assert verify_bundle(folder, place.trust).signer != first.id
    assert _faults(folder, place.trust) == set()


def test_a_key_from_the_environment(place: Place, tmp_path: Path) -> None:
    """A key given to a machine signs there, nothing is kept, and those who have its public half verify."""
    key = place.keys.new_for_ci()
    ci = Place(tmp_path / "ci")
    ci.sealer.keys._given = None
    given = Keys(ci.folder / "keys", key_from_seed(key.seed()))
    assert given.signing().id == given.in_use() == key.id
    assert not (ci.folder / "keys").exists()
    assert [entry.id for entry in given.trust().keys] == [key.id]
    assert place.keys.signing().id != key.id, "a key for elsewhere is not used here"
    assert place.trust.find(key.id) is not None


@pytest.mark.parametrize("text", ["", "short", "A" * 44, "é" * 44, "-----BEGIN PRIVATE KEY-----"])
def test_a_key_that_is_none_is_not_shown(text: str) -> None:
    """A wrong TEMOIN_SIGNING_KEY is one clear message without its value."""
    with pytest.raises(ConfigurationError) as caught:
        key_from_seed(text)
    assert "temoin evidence key new --for-ci" in str(caught.value)
    assert not text or text not in str(caught.value)


@pytest.mark.parametrize(
    ("content", "words"), [("", "no signing key"), ("A" * 43 + "=", "another key than its name says"), (None, None)]
)
def test_a_spoiled_key_file(content: str | None, words: str | None, place: Place) -> None:
    """A truncated or swapped key file is a clear error; where it is gone, a new key is made."""
    key = place.keys.signing()
    file = place.keys.folder / f"{key.id}.key"
    if content is None:
        file.unlink()
        assert place.keys.signing().id != key.id
        return
    file.write_text(content)
    with pytest.raises(ConfigurationError, match=words):
        place.keys.signing()
    assert file.read_text() == content


def test_when_a_signature_counts() -> None:
    """The table of standings: the end counts against the signer's own date, a revocation only against a stamp's."""
    key = SigningKey.of(key_from_seed("A" * 43 + "=").private)
    now = datetime(2026, 11, 25, 12, tzinfo=UTC)
    entry = TrustedKey(id=key.id, public_key=key.public, since=now - HOUR)
    ended = entry.model_copy(update={"until": now})
    revoked = ended.model_copy(update={"revoked": now})
    cases = [
        (entry, now, None, SignerTrust.GOOD),
        (entry, now - 2 * HOUR, None, SignerTrust.NOT_YET),
        (ended, now, now + HOUR, SignerTrust.GOOD),
        (ended, now + HOUR, None, SignerTrust.ENDED),
        (revoked, now - HOUR, now - HOUR, SignerTrust.GOOD),
        (revoked, now - HOUR, now, SignerTrust.REVOKED),
        (revoked, now - HOUR, None, SignerTrust.REVOKED),
    ]
    assert [one.standing(at, proven) for one, at, proven, _ in cases] == [wanted for *_, wanted in cases]


def test_the_commands(temoin: Program, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """new, list, rotate, revoke and export-trust do what their help says; only --for-ci prints a private key, once."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    assert "No key yet" in temoin("evidence", "key", "list").err
    first = temoin("evidence", "key", "new").out.strip()
    again = temoin("evidence", "key", "new")
    assert (again.out.strip(), "already" in again.err) == (first, True)
    second = temoin("evidence", "key", "rotate").out.strip()
    listed = temoin("evidence", "key", "list").out.splitlines()
    assert [line[:66] for line in listed] == [f"  {first}", f"* {second}"]
    assert "until" in listed[0]
    seed = temoin("evidence", "key", "new", "--for-ci").out.strip().removeprefix("TEMOIN_SIGNING_KEY=")
    assert temoin("evidence", "key", "revoke", second[:10], "--since", "2026-11-24", "--reason", "lost").code == 0
    assert "revoked from 2026-11-24 00:00 UTC, lost" in temoin("evidence", "key", "list").out
    assert temoin("evidence", "key", "export-trust", "--output", "trust.json").code == 0
    trust = read_trust(Path("trust.json"))
    assert [key.note for key in trust.keys] == ["", "lost", "CI"]
    assert key_from_seed(seed).id == trust.keys[2].id
    assert seed not in Path("trust.json").read_text()
    monkeypatch.setenv("TEMOIN_SIGNING_KEY", seed)
    assert f"* {trust.keys[2].id}" in temoin("evidence", "key", "list").out
    monkeypatch.setenv("TEMOIN_SIGNING_KEY", "canary-key")
    wrong = temoin("evidence", "key", "list")
    assert (wrong.code, "canary-key" in wrong.err) == (2, False)
    monkeypatch.delenv("TEMOIN_SIGNING_KEY")
    assert "no key of that id" in temoin("evidence", "key", "revoke", "ffffffff").err
    assert "no date" in temoin("evidence", "key", "revoke", first, "--since", "yesterday").err


def test_the_seal_says_what_its_key_cannot_prove(place: Place) -> None:
    """A machine whose clock is before its own key's beginning seals nothing, and says how to go on."""
    from automation.core.errors import BundleError

    key = place.keys.signing()
    (entry,) = place.trust.keys
    future = entry.model_copy(update={"since": datetime.now(UTC) + HOUR})
    (place.keys.folder / "trust.json").write_text(Trust(keys=(future,)).text())
    with pytest.raises(BundleError) as caught:
        place.sealed(change=lambda result: replace(result, account="a"))
    assert "temoin evidence key rotate" in str(caught.value)
    assert place.keys.in_use() == key.id


def test_a_trust_file_in_which_a_key_stands_twice_is_none(place: Place) -> None:
    """One reader would take the first list of keys, another the second."""
    path = place.trust_file()
    place.keys.signing()
    text = place.trust.text()
    path.write_text(text.replace('"keys":', '"keys": [], "keys":', 1))
    with pytest.raises(ConfigurationError, match="no trust file"):
        read_trust(path)
