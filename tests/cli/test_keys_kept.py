"""`temoin evidence key identity`, `backup` and `restore`: the same keys on another machine, and nothing lost on the way."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import SecretStr
from pyrage import DecryptError, x25519
from pyrage import passphrase as passphrases

from automation.app.keys import put_back, sealed_keys
from automation.config import Settings
from automation.core.errors import ConfigurationError
from automation.evidence.keys.signing import Keys
from automation.visit.order import identity_key, key_from_text
from tests.cli.conftest import Program

PASSPHRASE = "four words without reason"


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where this machine keeps its keys."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    return tmp_path / "data" / "temoin"


def test_the_kept_key_travels_as_text(temoin: Program, data: Path) -> None:
    """What `show` prints is, as a variable elsewhere, the very same key, although it is bytes here."""
    here = identity_key(None, data)
    line = temoin("evidence", "key", "identity", "show").out.strip()
    name, _, value = line.partition("=")
    assert name == "TEMOIN_IDENTITY_KEY"
    assert identity_key(value, data / "elsewhere") == here


def test_set_keeps_what_show_printed(temoin: Program, data: Path) -> None:
    """A line copied from one machine is that machine's key on the other, readable by this user alone."""
    line = "TEMOIN_IDENTITY_KEY='hex:" + "ab" * 32 + "'\n"
    assert temoin("evidence", "key", "identity", "set", piped=line).code == 0
    assert identity_key(None, data) == bytes.fromhex("ab" * 32)
    assert (data / "identity.key").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("text", ["short", "hex:zz", "hex:ab", ""])
def test_no_key_is_not_kept(temoin: Program, data: Path, text: str) -> None:
    """A slip while copying leaves the key that was there."""
    before = identity_key(None, data)
    assert temoin("evidence", "key", "identity", "set", piped=f"{text}\n").code == 2
    assert identity_key(None, data) == before


def test_other_text_is_a_key_as_it_stands() -> None:
    """Keys that were set as variables before mean what they meant."""
    assert key_from_text("a long random text") == b"a long random text"


def test_what_is_packed_is_put_back(data: Path) -> None:
    """Every key, byte for byte; age itself, which takes a second on purpose, is used by the test of the commands."""
    settings = Settings(vault_key=SecretStr(str(x25519.Identity.generate())))
    identity, key = identity_key(None, data), Keys(data / "keys").new()
    sealed = sealed_keys(settings, PASSPHRASE, lambda packed, _: b"age\n-> scrypt salt 18\n" + packed)
    data.rename(data.with_name("lost"))
    put_back(sealed, PASSPHRASE, settings, lambda file, _: file.split(b"\n", 2)[2])
    assert identity_key(None, data) == identity
    assert Keys(data / "keys").in_use() == key.id


@pytest.mark.thorough
@pytest.mark.usefixtures("no_keyring")
def test_a_backup_restores_every_key(data: Path, temoin: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    """From an empty folder, the same evidence key, the same identity key; the file shows none of it."""
    monkeypatch.setenv("TEMOIN_VAULT_KEY", str(x25519.Identity.generate()))
    identity, key = identity_key(None, data), Keys(data / "keys").new()
    assert temoin("evidence", "key", "backup", "copy.age", piped=f"{PASSPHRASE}\n{PASSPHRASE}\n").code == 0
    sealed = Path("copy.age").read_bytes()
    assert identity not in sealed
    assert key.seed().encode() not in sealed
    data.rename(data.with_name("lost"))
    assert temoin("evidence", "key", "restore", "copy.age", piped=f"{PASSPHRASE}\n").code == 0
    assert identity_key(None, data) == identity
    assert Keys(data / "keys").in_use() == key.id


@pytest.mark.thorough
def test_a_busy_machine_seals_well_and_opens_all_the_same(data: Path) -> None:
    """Age measures how fast the machine is: what it took for too little is sealed anew, and what it refused opened."""
    settings = Settings(vault_key=SecretStr(str(x25519.Identity.generate())))
    identity = identity_key(None, data)
    measured = iter([b" 12\n", b" 17\n", b" 18\n"])

    def seal(packed: bytes, passphrase: str) -> bytes:
        head, line, rest = passphrases.encrypt(packed, passphrase).split(b"\n", 2)
        told: bytes = head + b"\n" + line.rpartition(b" ")[0] + next(measured) + rest
        return told

    assert b" 17\n" in sealed_keys(settings, PASSPHRASE, seal)[:200]
    sealed, refused = sealed_keys(settings, PASSPHRASE), [True, True]

    def unseal(packed: bytes, passphrase: str) -> bytes:
        if refused and refused.pop():
            raise DecryptError("Excessive work parameter for passphrase.\nDecryption would take around 9 seconds.")
        opened: bytes = passphrases.decrypt(packed, passphrase)
        return opened

    (data / "identity.key").unlink()
    put_back(sealed, PASSPHRASE, settings, unseal)
    assert identity_key(None, data) == identity
    head, line, rest = sealed.split(b"\n", 2)
    with pytest.raises(ConfigurationError, match="too busy"):
        put_back(head + b"\n" + line.rpartition(b" ")[0] + b" 40\n" + rest, PASSPHRASE, settings)


@pytest.mark.usefixtures("no_keyring")
def test_nobody_is_asked_for_a_passphrase_of_nothing(data: Path, temoin: Program) -> None:
    """Where there is no key, `backup` says so at once; where there is one, it asks twice, and takes only the same."""
    refused = temoin("evidence", "key", "backup", "copy.age", piped=f"{PASSPHRASE}\n{PASSPHRASE}\n")
    refused.ended(2, "there is no key on this machine yet")
    assert "Passphrase" not in refused.err
    identity_key(None, data)
    differ = temoin("--lang", "fr", "evidence", "key", "backup", "copy.age", piped=f"{PASSPHRASE}\nanother\n")
    differ.ended(2)
    assert "Repeat" not in differ.err
    assert not Path("copy.age").exists()


@pytest.mark.thorough
def test_a_backup_replaces_nothing(data: Path) -> None:
    """Another key that is here by then stays, and is told."""
    settings = Settings(vault_key=SecretStr(str(x25519.Identity.generate())))
    identity_key(None, data)
    sealed = sealed_keys(settings, PASSPHRASE)
    (data / "identity.key").write_bytes(b"another key, thirty-two bytes or")
    restored, kept = put_back(sealed, PASSPHRASE, settings)
    assert "identity.key" in kept
    assert "identity.key" not in restored
    assert identity_key(None, data) == b"another key, thirty-two bytes or"


@pytest.mark.thorough
def test_a_wrong_passphrase_and_a_short_one_are_told(data: Path) -> None:
    """Neither puts anything anywhere."""
    settings = Settings(vault_key=SecretStr(str(x25519.Identity.generate())))
    identity_key(None, data)
    sealed = sealed_keys(settings, PASSPHRASE)
    with pytest.raises(ConfigurationError, match="passphrase is wrong"):
        put_back(sealed, "another one entirely", settings)
    with pytest.raises(ConfigurationError, match="passphrase is wrong"):
        put_back(b"no backup at all", PASSPHRASE, settings)
    with pytest.raises(ConfigurationError, match="fewer than 12"):
        sealed_keys(settings, "short")
