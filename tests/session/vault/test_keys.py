"""The vault's key: from the environment or the system's keyring, and from nowhere else."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import keyring
import pytest
from keyring import core
from keyring.backend import KeyringBackend
from keyring.backends import chainer, fail, null
from keyring.errors import InitError, KeyringLocked, PasswordSetError
from pydantic import SecretStr

from automation.core.errors import NoSession, VaultError
from automation.session.vault import Vault
from automation.session.vault_keys import VaultKey, identities_in, new_key, open_key, opened, recipient_from, sealed
from tests.session.vault.builders import COOKIE, a_session, bytes_below, leaks
from tests.turns import HANGING_S

ROOT = Path(__file__).parents[3]
KEY, ITS_PUBLIC = new_key()


class InMemory(KeyringBackend):
    """A keyring that keeps what it is given, as the recommended ones of each system do."""

    priority = 5  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        """As kept."""
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        """Keep it."""
        self.kept[service, username] = password


class InClear(InMemory):
    """One of those that the keyring library does not recommend, such as a plain file."""

    priority = 0.5  # type: ignore[assignment]


class Forgetful(InMemory):
    """Says that it kept the key, and did not."""

    def set_password(self, service: str, username: str, password: str) -> None:
        """Keep nothing."""


class Broken(InMemory):
    """Raises what it was told to, with the secret in the text, as a careless backend does."""

    def __init__(self, error: type[Exception]) -> None:
        super().__init__()
        self._error = error

    def get_password(self, service: str, username: str) -> str | None:
        """Fail."""
        raise self._error(COOKIE)

    def set_password(self, service: str, username: str, password: str) -> None:
        """Fail."""
        raise self._error(password)


@pytest.fixture(autouse=True)
def _put_back(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.delenv("PYTHON_KEYRING_BACKEND", raising=False)
    before = core._keyring_backend
    yield
    core._keyring_backend = before


def _vault(folder: Path) -> Vault:
    return Vault(folder, open_key(None, folder))


def test_the_key_is_made_once_and_kept_in_the_keyring_alone(tmp_path: Path) -> None:
    """The first session makes the key; later processes find it; no byte of the folder holds it."""
    kept = InMemory()
    keyring.set_keyring(kept)
    _vault(tmp_path).store(a_session())
    ((place, key),) = kept.kept.items()
    assert place == ("temoin", "vault key")
    assert key.startswith("AGE-SECRET-KEY-1")
    _vault(tmp_path).store(a_session("studio"))
    assert list(kept.kept.values()) == [key]
    assert _vault(tmp_path).load("atelier-facebook") == a_session()
    assert leaks(bytes_below(tmp_path), (key,)) == []


def test_the_configured_key_wins_and_leaves_the_keyring_alone(tmp_path: Path) -> None:
    """With TEMOIN_VAULT_KEY no keyring is asked or filled, as a CI job has none."""
    keyring.set_keyring(fail.Keyring())
    vault = Vault(tmp_path, open_key(SecretStr(f" {KEY}\n")))
    vault.store(a_session())
    vault.unlock(["atelier-facebook"])
    assert vault.load("atelier-facebook") == a_session()
    assert str(vault.recipient()) == ITS_PUBLIC


def test_looking_for_a_session_that_is_not_there_asks_no_keyring(tmp_path: Path) -> None:
    """A machine without a keyring and without sessions is told to sign in, not about keyrings."""
    keyring.set_keyring(fail.Keyring())
    with pytest.raises(NoSession):
        _vault(tmp_path).load("atelier-facebook")
    assert _vault(tmp_path).entries() == ()
    assert _vault(tmp_path).forget("atelier-facebook") is False


@pytest.mark.parametrize(
    ("backend", "said"),
    [
        (fail.Keyring, "no keyring that could keep the key"),
        (null.Keyring, "no keyring that could keep the key"),
        (InClear, "no keyring that could keep the key"),
        (Forgetful, "did not keep the key"),
        (lambda: Broken(KeyringLocked), "keyring is locked"),
        (lambda: Broken(InitError), "cannot be used (InitError)"),
        (lambda: Broken(PasswordSetError), "cannot be used (PasswordSetError)"),
        (lambda: Broken(OSError), "cannot be used (OSError)"),
    ],
)
def test_without_a_usable_keyring_nothing_is_written(tmp_path: Path, backend: Any, said: str) -> None:
    """No keyring, one that keeps nothing, one in clear, locked or broken: a message with the way out, and no file."""
    keyring.set_keyring(backend())
    with pytest.raises(VaultError) as caught:
        _vault(tmp_path).store(a_session())
    assert said in caught.value.message
    assert "TEMOIN_VAULT_KEY" in caught.value.remedy
    assert leaks(str(caught.value).encode()) == []
    assert "AGE-SECRET" not in str(caught.value)
    assert list(tmp_path.glob("*.age*")) == []
    assert leaks(bytes_below(tmp_path)) == []


class Chain(chainer.ChainerBackend):
    """Two of them, as the library chains what it finds."""

    backends: ClassVar[list[Any]] = [InClear(), InClear()]


def test_a_chain_of_keyrings_in_clear_is_not_used_either(tmp_path: Path) -> None:
    """Several unfit keyrings do not become fit together, though the library ranks their chain first."""
    keyring.set_keyring(Chain())
    with pytest.raises(VaultError, match="no keyring that could keep the key"):
        _vault(tmp_path).store(a_session())


def test_a_keyring_that_cannot_be_loaded_is_a_message(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A backend that is named and not installed ends in a sentence, not a traceback."""
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "no.such.Keyring")
    core._keyring_backend = None
    with pytest.raises(VaultError, match=r"cannot be used \(ModuleNotFoundError\)"):
        _vault(tmp_path).store(a_session())


def test_sessions_without_their_key_are_not_taken_for_none(tmp_path: Path) -> None:
    """A keyring that lost the key is told as that; the sessions stay, and open again once the key is back."""
    kept = InMemory()
    keyring.set_keyring(kept)
    _vault(tmp_path).store(a_session())
    keyring.set_keyring(InMemory())
    for look in (lambda v: v.load("atelier-facebook"), Vault.entries, lambda v: v.unlock(["atelier-facebook"])):
        with pytest.raises(VaultError, match="holds no key"):
            look(_vault(tmp_path))
    keyring.set_keyring(fail.Keyring())
    for use in (lambda v: v.load("atelier-facebook"), lambda v: v.store(a_session())):
        with pytest.raises(VaultError) as caught:
            use(_vault(tmp_path))
        assert caught.value.remedy.startswith("Restore the key")
    keyring.set_keyring(kept)
    assert _vault(tmp_path).load("atelier-facebook") == a_session()


def test_a_key_that_opens_nothing_is_told_before_any_work(tmp_path: Path) -> None:
    """
    A key for which none of the wanted sessions was sealed is one fault; a single strange file is its account's own.

    Accounts of which nothing is saved need no key at all.
    """
    keyring.set_keyring(fail.Keyring())
    mine, another = Vault(tmp_path, open_key(SecretStr(KEY))), Vault(tmp_path, open_key(SecretStr(new_key()[0])))
    for vault in (mine, another, _vault(tmp_path)):
        vault.unlock(["atelier-facebook"])
    another.store(a_session("studio"))
    with pytest.raises(VaultError, match="TEMOIN_VAULT_KEY opens none of the saved sessions") as caught:
        mine.unlock(["atelier-facebook", "studio"])
    assert "temoin account login" in caught.value.remedy
    assert KEY not in str(caught.value)
    mine.store(a_session())
    mine.unlock(["atelier-facebook", "studio"])
    mine.unlock(["nobody"])


def test_a_foreign_entry_in_the_keyring_is_not_overwritten(tmp_path: Path) -> None:
    """What somebody else keeps under our name is left as it is, and not shown."""
    kept = InMemory()
    kept.set_password("temoin", "vault key", COOKIE)
    keyring.set_keyring(kept)
    with pytest.raises(VaultError, match="is no key") as caught:
        _vault(tmp_path).store(a_session())
    assert kept.get_password("temoin", "vault key") == COOKIE
    assert leaks(str(caught.value).encode()) == []


@pytest.mark.parametrize(
    "text",
    [COOKIE, KEY[:-1], KEY + "Q", ITS_PUBLIC, f"{KEY}\n{KEY}"],
    ids=["a cookie", "too short", "too long", "the public half", "two"],  # the keys are new at each run
)
def test_a_configured_key_that_is_none_is_refused_unseen(text: str) -> None:
    """A wrong TEMOIN_VAULT_KEY is refused at once, without being repeated."""
    with pytest.raises(VaultError, match="TEMOIN_VAULT_KEY is no key") as caught:
        open_key(SecretStr(text))
    assert text not in str(caught.value)
    assert caught.value.__cause__ is None


def test_two_processes_make_one_key(tmp_path: Path) -> None:
    """Two real processes that store the first two sessions at the same moment use the same key."""
    (tmp_path / "slow_keyring.py").write_text(
        textwrap.dedent("""\
        import pathlib, time
        from keyring.backend import KeyringBackend
        FILE = pathlib.Path(__file__).with_name("kept")
        class Keyring(KeyringBackend):
            priority = 5
            def get_password(self, service, username):
                found = FILE.read_text() if FILE.exists() else None
                time.sleep(0.2)
                return found
            def set_password(self, service, username, password):
                time.sleep(0.2)
                FILE.write_text(password)
        """)
    )
    code = (
        "import sys, pathlib; from automation.session.vault import Vault; from automation.session.vault_keys import open_key; from tests.session.vault.builders import a_session\n"
        "Vault(pathlib.Path(sys.argv[1]), open_key(None)).store(a_session(sys.argv[2]))"
    )
    variables = {
        "PYTHONPATH": os.pathsep.join([str(tmp_path), str(ROOT)]),
        "PYTHON_KEYRING_BACKEND": "slow_keyring.Keyring",
    }
    running = [
        subprocess.Popen([sys.executable, "-c", code, str(tmp_path / "sessions"), name], env=variables)
        for name in ("one", "two")
    ]
    assert [process.wait(timeout=HANGING_S) for process in running] == [0, 0]
    vault = Vault(tmp_path / "sessions", open_key(SecretStr((tmp_path / "kept").read_text())))
    assert [entry.problem for entry in vault.entries()] == ["", ""]


# Keys of others


def test_what_is_sealed_for_an_ssh_key_opens_with_it(tmp_path: Path) -> None:
    """An export for somebody's real Ed25519 SSH key, as ssh-keygen makes it, opens with the private half alone."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

    private = Ed25519PrivateKey.generate()
    public = private.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()
    text = private.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption())
    data = sealed(a_session(), recipient_from(f"{public} lou@atelier\n"), armored=True)
    assert opened(data, identities_in(text, "id_ed25519"), "a.age", "id_ed25519") == a_session()
    assert data.startswith(b"-----BEGIN AGE ENCRYPTED FILE-----\n")
    assert leaks(data) == []
    with pytest.raises(VaultError, match="without a passphrase"):
        identities_in(b"-----BEGIN OPENSSH PRIVATE KEY-----\n", "id_ed25519")


def test_an_identity_file_of_age_keygen_is_read(tmp_path: Path) -> None:
    """Comments, empty lines, several keys: any of them opens the export, also after a mailer changed its line ends."""
    text = f"# created: 2026-11-25\n# public key: {ITS_PUBLIC}\n{new_key()[0]}\n\n{KEY}\r\n".encode()
    data = sealed(a_session(), recipient_from(ITS_PUBLIC), armored=True)
    mailed = b"\r\n\r\n" + data.replace(b"\n", b"\r\n") + b"\r\n"
    for offered in (data, mailed, sealed(a_session(), recipient_from(ITS_PUBLIC))):
        assert opened(offered, identities_in(text, "keys.txt"), "a.age", "keys.txt") == a_session()


@pytest.mark.parametrize(
    "text",
    ["", "# only a comment", COOKIE, f"{KEY}\n{COOKIE}", ITS_PUBLIC],
    ids=["empty", "a comment", "a cookie", "a key and a cookie", "the public half"],
)
def test_a_file_that_is_no_identity_file_is_refused_unseen(text: str) -> None:
    """What a wrong file holds is not repeated."""
    with pytest.raises(VaultError, match=r"keys\.txt: this is no identity file") as caught:
        identities_in(text.encode(), "keys.txt")
    assert leaks(str(caught.value).encode(), (COOKIE, KEY)) == []


@pytest.mark.parametrize(
    "text",
    ["", "lou@example.org", "age1", ITS_PUBLIC[:-1], "ssh-ed25519 AAAA", "ssh-rsa AAAA"],
    ids=["empty", "an address", "a beginning", "cut off", "no ssh key", "no RSA key"],
)
def test_nobody_is_no_recipient(text: str) -> None:
    """An export goes to a key or nowhere."""
    with pytest.raises(VaultError, match="no recipient"):
        recipient_from(text)


def test_a_secret_key_as_recipient_is_not_repeated() -> None:
    """Whoever pastes the secret half by mistake does not find it in the log of a CI job."""
    with pytest.raises(VaultError, match="a secret key") as caught:
        recipient_from(KEY)
    assert KEY not in str(caught.value)


def test_the_key_does_not_print_itself() -> None:
    """Only where it comes from."""
    assert repr(open_key(SecretStr(KEY))) == "VaultKey(from TEMOIN_VAULT_KEY)"
    assert repr(VaultKey()) == "VaultKey(from the system's keyring)"
