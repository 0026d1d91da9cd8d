"""The key of the vault, from `TEMOIN_VAULT_KEY` or the system's keyring, never in clear; how it seals a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias, TypeVar

import pyrage
from pyrage import ssh, x25519

from automation.core.errors import OtherKey, SessionUnusable, VaultError, loaded_errors
from automation.session.saved import SavedSession, from_bytes, to_bytes
from automation.text.catalogue import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from keyring.backend import KeyringBackend
    from pydantic import SecretStr

Identity: TypeAlias = x25519.Identity | ssh.Identity
Recipient: TypeAlias = x25519.Recipient | ssh.Recipient

_VARIABLE = "TEMOIN_VAULT_KEY"
_SERVICE, _ENTRY = "temoin", "vault key"
_MAKE_ONE = N_(
    "Make a key with `temoin account key new` and set TEMOIN_VAULT_KEY to it, in the environment or in .env."
)
_WRITE_ONE = N_(
    'Make one, in the folder of temoin.toml: echo "TEMOIN_VAULT_KEY=$(temoin account key new)" >> .env; chmod 600 .env'
)
_RESTORE = N_(
    "Restore the key that the saved sessions were sealed with: `temoin evidence key restore FILE` has it in a backup; "
    "or set TEMOIN_VAULT_KEY to it, in the environment or in .env. If it is lost, set a new one "
    "(`temoin account key new`) and sign in again with `temoin account login`."
)
_OF_BACKENDS = (
    "secretstorage.exceptions:SecretStorageException",
    "jeepney:DBusErrorResponse",
    "dbus:DBusException",
    "win32ctypes.pywin32.pywintypes:error",
    "pywintypes:error",
)
"""What keyrings let through of the libraries below them."""
_Answer = TypeVar("_Answer")


class VaultKey:
    """The one key that seals and opens the saved sessions; looked up when it is first needed."""

    def __init__(self, configured: x25519.Identity | None = None, sessions: Path | None = None) -> None:
        self._identity, self._sessions = configured, sessions
        self.origin = _VARIABLE if configured is not None else "the system's keyring"
        """Where it comes from, for a message."""

    def existing(self) -> x25519.Identity:
        """The key. Raises VaultError: there is none, or the keyring cannot be used."""
        identity = self._found()
        if identity is None:
            raise VaultError("the system's keyring holds no key for the saved sessions", _RESTORE)
        self._identity = identity
        return identity

    def is_made(self) -> bool:
        """Whether there is a key already; if not, the keyring could keep one, or VaultError."""
        return self._found() is not None

    def _found(self) -> x25519.Identity | None:
        """The key, if there is one. Raises VaultError: nothing could keep one; what to do hangs on what is sealed."""
        try:
            return self._identity or _in_keyring(_keyring())
        except NoKeyring as error:
            raise NoKeyring(error.message, _way_to_key(self._sessions)) from None

    def ensured(self) -> x25519.Identity:
        """The key, made and kept in the keyring if it has none, or VaultError. Not for two processes at once."""
        if self._identity is None:
            if self._found() is None:
                made = str(x25519.Identity.generate())
                _asked(lambda: _keyring().set_password(_SERVICE, _ENTRY, made))
            self._identity = self._found()
            if self._identity is None:
                raise VaultError("the system's keyring did not keep the key", _MAKE_ONE)
        return self._identity

    def kept(self, text: str) -> bool:
        """Keep a key from elsewhere in the keyring; false where another one is there or configured, which stays."""
        given = _identity(text)
        if given is None:
            raise VaultError("this is no key of saved sessions", _MAKE_ONE)
        if self._identity is not None:
            return str(self._identity) == str(given)
        keyring = _keyring()
        there = _in_keyring(keyring)
        if there is None:
            _asked(lambda: keyring.set_password(_SERVICE, _ENTRY, str(given)))
        return there is None or str(there) == str(given)

    def __repr__(self) -> str:
        return f"VaultKey(from {self.origin})"  # untold: a repr


class NoKeyring(VaultError):
    """This machine has nothing that keeps keys, or it cannot be used."""


def _way_to_key(sessions: Path | None) -> str:
    """A key is made only where nothing was sealed with another one."""
    return _RESTORE if sessions is not None and any(sessions.glob("*.age")) else _WRITE_ONE


def open_key(configured: SecretStr | None, sessions: Path | None = None) -> VaultKey:
    """
    The vault's key: the configured one (VaultError if it is none), else the keyring is asked once it is needed.

    Where `sessions` holds sealed ones, a missing key is to be restored.
    """
    if configured is None:
        return VaultKey(sessions=sessions)
    identity = _identity(configured.get_secret_value())
    if identity is None:
        raise VaultError(
            f"{_VARIABLE} is no key: it is one line that begins with AGE-SECRET-KEY-1 and is copied whole",
            _RESTORE if _way_to_key(sessions) == _RESTORE else _MAKE_ONE,
        )
    return VaultKey(identity, sessions)


def new_key() -> tuple[str, str]:
    """A fresh key: its secret line, and the recipient (`age1…`) that seals for it."""
    identity = x25519.Identity.generate()
    return str(identity), str(identity.to_public())


def recipient_from(text: str) -> Recipient:
    """Whom to seal for: an age recipient (`age1…`) or an SSH public key (`ssh-ed25519 …`); VaultError else."""
    text = text.strip()
    try:
        if text.startswith("ssh-ed25519 "):
            return ssh.Recipient.from_str(text)
        if text.startswith("age1"):
            return x25519.Recipient.from_str(text)
    except pyrage.RecipientError:
        pass
    shown = "this is a secret key, and it is not repeated here" if "SECRET" in text.upper() else f'"{text[:80]}"'
    raise VaultError(
        f"no recipient: {shown}",
        "Give the public line of the key that is to open it: age1… whole, or ssh-ed25519 …",
    )


def identities_in(data: bytes, name: str) -> tuple[Identity, ...]:
    """
    The keys in an identity file: lines AGE-SECRET-KEY-1… as `age-keygen` writes them, or one SSH private key.

    Raises VaultError where it holds none; what it holds is in no message. `name` is what to call it there.
    """
    if data.lstrip().startswith(b"-----BEGIN"):
        try:
            return (ssh.Identity.from_buffer(data),)
        except pyrage.IdentityError:
            problem = "this SSH key cannot be used: it must be an Ed25519 or RSA key without a passphrase"
            raise VaultError(f"{name}: {problem}", "Name another key.") from None
    lines = [line.strip() for line in data.decode(errors="replace").splitlines()]
    found = [_identity(line) for line in lines if line and not line.startswith("#")]
    identities = tuple(identity for identity in found if identity is not None)
    if not identities or len(identities) < len(found):
        raise VaultError(
            f"{name}: this is no identity file",
            "It has one line AGE-SECRET-KEY-1… a key; lines that begin with # are left out.",
        )
    return identities


def _identity(text: str) -> x25519.Identity | None:
    try:
        return x25519.Identity.from_str(text.strip())
    except pyrage.IdentityError:
        return None


def _keyring() -> KeyringBackend:
    """The system's keyring, if keyring itself recommends it: others keep nothing, or keep it in clear."""
    import keyring  # noqa: PLC0415 - looks through every installed package, and most runs have a configured key
    from keyring.core import recommended  # noqa: PLC0415

    backend = _asked(keyring.get_keyring)
    parts = getattr(backend, "backends", None) or [backend]  # several at once are chained, the best one first
    if not _asked(lambda: recommended(parts[0])):
        raise NoKeyring("this machine has no keyring that could keep the key of the saved sessions", _WRITE_ONE)
    return backend


def _in_keyring(keyring: KeyringBackend) -> x25519.Identity | None:
    kept = _asked(lambda: keyring.get_password(_SERVICE, _ENTRY))
    if kept is None:
        return None
    identity = _identity(kept)
    if identity is None:
        raise VaultError(
            f'the entry "{_ENTRY}" of "{_SERVICE}" in the system\'s keyring is no key',
            f"Correct it or remove it there, or set {_VARIABLE}.",
        )
    return identity


def _asked(question: Callable[[], _Answer]) -> _Answer:
    """Ask the keyring; what it raises becomes a message, without its text, which could hold anything."""
    from keyring.errors import KeyringError, KeyringLocked, NoKeyringError  # noqa: PLC0415

    try:
        return question()
    except NoKeyringError:
        problem = "this machine has no keyring that could keep the key of the saved sessions"
    except KeyringLocked:
        raise VaultError("the system's keyring is locked", f"Unlock it and run again, or set {_VARIABLE}.") from None
    except loaded_errors(_OF_BACKENDS, KeyringError, OSError, RuntimeError, ImportError, ValueError) as error:
        problem = f"the system's keyring cannot be used ({type(error).__name__})"
    raise NoKeyring(problem, _WRITE_ONE)


_BINARY = b"age-encryption.org/v1\n"
_ARMORED = b"-----BEGIN AGE ENCRYPTED FILE-----"
_NO_MATCH = "No matching keys found"  # untold: pyrage's words


def sealed(saved: SavedSession, recipient: Recipient, *, armored: bool = False) -> bytes:
    """The session as an age file; `armored` as text that a CI secret or a mail can hold."""
    data: bytes = pyrage.encrypt(to_bytes(saved), [recipient], armored=armored)
    return data


def opened(data: bytes, identities: Sequence[Identity], name: str, key: str) -> SavedSession:
    """
    Open an age file, binary or armored, and read the session in it.

    Args:
        data: the file.
        identities: keys, one of which is to fit.
        name: what to call the file in a message.
        key: what to call the key there, such as `TEMOIN_VAULT_KEY`.

    Raises:
        OtherKey: sealed for another key.
        SessionUnusable: no age file, cut short or changed, or no session in it.
    """
    data = data.lstrip() if data.lstrip().startswith(_ARMORED) else data
    try:
        text = pyrage.decrypt(data, identities)
    except pyrage.DecryptError as error:
        said = str(error)  # pyrage has one class for every fault
    else:
        return from_bytes(text, name)
    if not any(data.startswith(head) or head.startswith(data) for head in (_BINARY, _ARMORED)):
        raise SessionUnusable(
            f"{name}: this is not an age file", "Name the right file; a session that was saved ends with .age."
        )
    if said == _NO_MATCH:
        raise OtherKey(
            f"{name}: this session was sealed for another key than the one in {key}",
            "Use the key that it was sealed for, or sign in again.",
        )
    raise SessionUnusable(
        f"{name}: this file is damaged: it was cut short or changed",
        "Use an undamaged copy of it, or sign in again with `temoin account login`.",
    )
