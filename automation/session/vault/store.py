"""The folder of sealed sessions."""

from __future__ import annotations

import os
import re
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from automation.core.errors import (
    CheckError,
    ConfigurationError,
    NoSession,
    OtherKey,
    SessionBusy,
    SessionUnusable,
    VaultError,
)
from automation.session.vault.keys import PRIVATE, opened, private_folder, remove, sealed
from automation.session.vault.saved import SavedSession, SavedSessionInfo
from automation.storage.files import write_whole, writing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from automation.session.vault.keys import Recipient, VaultKey
    from automation.session.vault.saved import SigningBrowser

_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_KEY_PATIENCE_S = 60
"""How long to wait for another process that is just making the key; its keyring may ask a person."""


class Vault:
    """
    The saved sessions of one data folder: one sealed file an account, mode 0600, in a folder of mode 0700.

    Args:
        folder: made when the first session is stored.
        key: looked up when it is first needed.
    """

    def __init__(self, folder: Path, key: VaultKey) -> None:
        self._folder, self._key = folder, key
        self._held: set[str] = set()

    def unlock(self, accounts: Iterable[str]) -> None:
        """
        Look the key up now and try it, so that a fault of it is told once, before any work begins.

        Where nothing is saved of these accounts, no key is needed. One file of another key among others is that
        account's own trouble.

        Raises:
            VaultError: there is no key, or it opens none of the files.
        """
        files = [path for path in (self._path(account, ".age") for account in accounts) if path.exists()]
        if files:
            self._key.existing()
        if files and all(self._is_for_another_key(path) for path in files):
            raise VaultError(
                f"the key in {self._key.origin} opens none of the saved sessions: they were sealed for another one",
                "Use the key that they were sealed for, or sign in again with `temoin login`.",
            )

    @contextmanager
    def locked(self, account: str) -> Iterator[None]:
        """
        Keep every other process away from this session; does not wait. The lock ends with the process that holds it.

        Raises:
            SessionBusy: another process, or another visit of this one, uses the session.
            OutputError: the folder cannot be written.
        """
        path = self._path(account, ".lock")
        private_folder(self._folder)
        lock = FileLock(path, timeout=0, mode=0o600)
        with writing(path):
            try:
                lock.acquire()
            except Timeout:  # an OSError, too
                raise _busy(account, path) from None
        try:
            with suppress(OSError):  # only helps a message; where a locked file cannot be written, it is left out
                path.write_text(str(os.getpid()))
            self._held.add(account)
            yield
        finally:
            self._held.discard(account)
            lock.release()

    def holder(self, entries: Sequence[str]) -> str:
        """The first of these names under which a session is kept; the first of all where none is."""
        return next((name for name in entries if self._path(name, ".age").exists()), entries[0])

    def browser_of(self, account: str) -> SigningBrowser | None:
        """The browser that made the session of an account; None where that is not known, or nothing can be opened."""
        try:
            return self.load(account).browser
        except (CheckError, VaultError):
            return None

    def load(self, account: str, subject: str | None = None) -> SavedSession:
        """
        Open the session of an account.

        `subject` is the HMAC of the account's identity as configured now; None does not compare it.

        Raises:
            NoSession: none is saved.
            SessionUnusable: damaged, of another key, format or account; the file stays as it is.
            VaultError: there is no key.
        """
        path = self._path(account, ".age")
        if not path.exists():
            raise NoSession(
                f"{account}: there is no saved session of this account", f"Sign in with `temoin login {account}`."
            )
        saved = self._opened(path)
        if subject is not None and saved.subject != subject:
            raise SessionUnusable(
                f"{account}: the saved session is of another identity than the one in temoin.toml",
                f"Correct `identity` or TEMOIN_IDENTITY_KEY, or sign in again with `temoin login {account}`.",
            )
        return saved

    def store(self, saved: SavedSession) -> None:
        """
        Seal a session and put it in the place of the one before; whatever happens, one of both is there.

        Raises:
            SessionBusy: another process uses this session.
            VaultError: there is no key and none can be kept.
            OutputError: the file cannot be written.
        """
        path = self._path(saved.account, ".age")
        with self._own(saved.account):
            write_whole(path, sealed(saved, self.recipient()), mode=PRIVATE)

    def recipient(self) -> Recipient:
        """
        Whom to seal for, so that this vault can open it. Makes the key if there is none.

        Raises:
            VaultError: there is no key and none can be kept.
        """
        private_folder(self._folder)
        try:
            with FileLock(self._folder / ".key.lock", timeout=_KEY_PATIENCE_S, mode=0o600):
                return self._key.ensured().to_public()
        except Timeout:
            raise VaultError(
                "another process of Témoin has been waiting for the keyring for a minute",
                "Answer the keyring's question, or end that process.",
            ) from None

    def opened(self, data: bytes, name: str) -> SavedSession:
        """
        Open a session that was sealed for this vault's key; `name` is what to call it in a message.

        Raises:
            SessionUnusable: damaged, of another key or format.
            VaultError: there is no key.
        """
        return opened(data, [self._key.existing()], name, self._key.origin)

    def entries(self) -> tuple[SavedSessionInfo, ...]:
        """
        What may be shown of every saved session, by account; one that cannot be opened says why.

        Raises:
            VaultError: there are sessions and no key.
        """
        entries: list[SavedSessionInfo] = []
        for path in sorted(self._folder.glob("*.age")):
            if not _NAME.fullmatch(path.stem):
                continue
            try:
                saved = self._opened(path)
            except SessionUnusable as error:
                entries.append(SavedSessionInfo(path.stem, problem=error.message))
            else:
                entries.append(SavedSessionInfo(saved.account, saved.service, saved.stored_at, saved.used_at))
        return tuple(entries)

    def forget(self, account: str) -> bool:
        """
        Remove the session of an account; whether there was one. Needs no key.

        Raises:
            SessionBusy: another process uses this session.
            OutputError: it cannot be removed.
        """
        path = self._path(account, ".age")
        if not self._folder.exists():
            return False
        with self._own(account):
            return remove(path)

    def _own(self, account: str) -> AbstractContextManager[None]:
        return nullcontext() if account in self._held else self.locked(account)

    def _opened(self, path: Path) -> SavedSession:
        name = f"{path.parent.name}/{path.name}"  # not whole: it goes into results, and a home folder names a person
        try:
            data = path.read_bytes()
        except OSError as error:
            raise SessionUnusable(
                f"{name}: cannot be read ({error.strerror or error})", "Give yourself the right to read it."
            ) from None
        saved = self.opened(data, name)
        if saved.account != path.stem:
            raise SessionUnusable(
                f"{name}: this file holds the session of {saved.account}: the files were swapped",
                f"Rename it to {saved.account}.age, or sign in again with `temoin login {path.stem}`.",
            )
        return saved

    def _is_for_another_key(self, path: Path) -> bool:
        try:
            self._opened(path)
        except OtherKey:
            return True
        except SessionUnusable:
            return False
        return False

    def _path(self, account: str, ending: str) -> Path:
        if not _NAME.fullmatch(account):
            raise ConfigurationError(
                f'"{account}" is no account name', "Use the name as it stands in temoin.toml, such as atelier-facebook."
            )
        return self._folder / f"{account}{ending}"


def _busy(account: str, lock: Path) -> SessionBusy:
    holder = ""
    with suppress(OSError):
        holder = lock.read_text().strip()
    who = f"the process {holder}" if holder.isdigit() else "another process"
    return SessionBusy(
        f"{account}: {who} is using the saved session of this account",
        "Wait until it has ended, or end it; its lock ends with it.",
    )
