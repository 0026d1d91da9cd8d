"""
The vault of saved sessions: sealed with age on disk, each used by one process at a time.

Nothing is ever written in clear, and there is no option to. What a file says of itself (account, service, age) is
sealed with it. Beside it, the record of failed sign-ins that keeps a scheduled job from hammering an account.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

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
from automation.session.saved import SavedSession, SavedSessionInfo, SigningBrowser
from automation.session.vault_keys import Recipient, VaultKey, opened, sealed
from automation.storage.files import partial_of, sync_folder, write_whole, writing

_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_PRIVATE = 0o600
"""Mode of a file that only its owner can read."""
_KEY_PATIENCE_S = 60
"""How long to wait for another process that is just making the key; its keyring may ask a person."""


class Vault:
    """The saved sessions of one data folder: one sealed file an account, mode 0600, in a folder of mode 0700."""

    def __init__(self, folder: Path, key: VaultKey) -> None:
        self._folder, self._key = folder, key
        self._held: set[str] = set()

    def unlock(self, accounts: Iterable[str]) -> None:
        """
        Look the key up now and try it, so that a fault of it (VaultError) is told once, before any work begins.

        Where nothing is saved of these accounts, no key is needed. One file of another key among others is that
        account's own trouble.
        """
        files = [path for path in (self._path(account, ".age") for account in accounts) if path.exists()]
        if not files:
            return
        self._key.existing()
        for path in files:
            try:
                self._opened(path)
            except OtherKey:
                continue
            except SessionUnusable:
                pass
            return
        raise VaultError(
            f"the key in {self._key.origin} opens none of the saved sessions: they were sealed for another one",
            "Use the key that they were sealed for, or sign in again with `temoin account login`.",
        )

    @contextmanager
    def locked(self, account: str) -> Iterator[None]:
        """
        Keep every other process away from this session; does not wait. The lock ends with the process that holds it.

        Raises SessionBusy where another process, or another visit of this one, uses the session.
        """
        path = self._path(account, ".lock")
        _private_folder(self._folder)
        lock = FileLock(path, timeout=0, mode=_PRIVATE)
        with writing(path):
            try:
                lock.acquire()
            except Timeout:  # an OSError, too
                holder = ""
                with suppress(OSError):
                    holder = path.read_text().strip()
                who = f"the process {holder}" if holder.isdigit() else "another process"
                raise SessionBusy(
                    f"{account}: {who} is using the saved session of this account",
                    "Wait until it has ended, or end it; its lock ends with it.",
                ) from None
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
        Open the session of an account; `subject`, the HMAC of its identity as configured now, is compared if given.

        Raises:
            NoSession: none is saved.
            SessionUnusable: damaged, of another key, format or account; the file stays as it is.
            VaultError: there is no key.
        """
        path = self._path(account, ".age")
        if not path.exists():
            raise NoSession(
                f"{account}: there is no saved session of this account",
                f"Sign in with `temoin account login {account}`.",
            )
        saved = self._opened(path)
        if subject is not None and saved.subject != subject:
            raise SessionUnusable(
                f"{account}: the saved session is of another identity than the one in temoin.toml",
                f"Correct `identity` or TEMOIN_IDENTITY_KEY, or sign in again with `temoin account login {account}`.",
            )
        return saved

    def store(self, saved: SavedSession) -> None:
        """
        Seal a session and put it in the place of the one before; whatever happens, one of both is there.

        Raises SessionBusy, VaultError where no key can be kept, OutputError.
        """
        path = self._path(saved.account, ".age")
        with self._own(saved.account):
            write_whole(path, sealed(saved, self.recipient()), mode=_PRIVATE)

    def recipient(self) -> Recipient:
        """Whom to seal for, so that this vault can open it; the key is made if there is none, or VaultError."""
        _private_folder(self._folder)
        try:
            with FileLock(self._folder / ".key.lock", timeout=_KEY_PATIENCE_S, mode=_PRIVATE):
                return self._key.ensured().to_public()
        except Timeout:
            raise VaultError(
                "another process of Témoin has been waiting for the keyring for a minute",
                "Answer the keyring's question, or end that process.",
            ) from None

    def opened(self, data: bytes, name: str) -> SavedSession:
        """Open a session that was sealed for this vault's key; `name` is what to call it in a message. As `opened`."""
        return opened(data, [self._key.existing()], name, self._key.origin)

    def entries(self) -> tuple[SavedSessionInfo, ...]:
        """What may be shown of every saved session, by account; one that cannot be opened says why."""
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
        """Remove the session of an account, or SessionBusy; whether there was one. Needs no key."""
        path = self._path(account, ".age")
        if not self._folder.exists():
            return False
        with self._own(account):
            return _remove(path)

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
                f"Rename it to {saved.account}.age, or sign in again with `temoin account login {path.stem}`.",
            )
        return saved

    def _path(self, account: str, ending: str) -> Path:
        if not _NAME.fullmatch(account):
            raise ConfigurationError(
                f'"{account}" is no account name', "Use the name as it stands in temoin.toml, such as atelier-facebook."
            )
        return self._folder / f"{account}{ending}"


_WAITS = tuple(timedelta(hours=hours) for hours in (1, 6, 24, 72))
"""After the first failure, the second …; the last one for all further."""


@dataclass(frozen=True, slots=True)
class Failure:
    """How often signing in failed since it last went well. Holds no secret."""

    failures: int
    failed_at: datetime
    """Aware, UTC."""
    reason: str
    """As results spell it, such as `challenge`."""

    @property
    def wait(self) -> timedelta:
        """How long nobody signs in after the last failure."""
        return _WAITS[min(self.failures, len(_WAITS)) - 1]


class Cooldown:
    """
    One small file an account in a folder of its own; whoever asks holds the account's session lock.

    Every method raises OutputError where the record cannot be written: an account is not tried without it.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def remaining(self, account: str, now: datetime) -> timedelta | None:
        """
        How long to wait before signing in again; None: go ahead.

        A record from the future (a clock was set back) or one that cannot be read counts from now on, so that it
        neither opens the way at once nor closes it for ever.
        """
        failure = self.last(account)
        if failure is None:
            return None
        if failure.failed_at > now:
            failure = replace(failure, failed_at=now)
            self._write(account, failure)
        left = failure.failed_at + failure.wait - now
        return left if left > timedelta(0) else None

    def last(self, account: str) -> Failure | None:
        """The last failure since signing in went well; a record that cannot be read is one from the far future."""
        path = self._path(account)
        try:
            text = path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return None
        except (OSError, UnicodeDecodeError):
            return _UNREADABLE
        return _parsed(text) or _UNREADABLE

    def failed(self, account: str, reason: str, now: datetime) -> timedelta:
        """Signing in failed; how long to wait now."""
        before = self.last(account)
        failure = Failure(before.failures + 1 if before else 1, now, reason)
        self._write(account, failure)
        return failure.wait

    def succeeded(self, account: str) -> bool:
        """Signing in went well, or a person says to try again; whether there was a record."""
        return _remove(self._path(account))

    def _path(self, account: str) -> Path:
        return self._folder / f"{account}.json"

    def _write(self, account: str, failure: Failure) -> None:
        _private_folder(self._folder)
        document = {
            "failures": failure.failures,
            "failed_at": failure.failed_at.astimezone(UTC).isoformat(),
            "reason": failure.reason,
        }
        write_whole(self._path(account), json.dumps(document).encode(), mode=_PRIVATE)


_UNREADABLE = Failure(1, datetime.max.replace(tzinfo=UTC), "unreadable")


def _parsed(text: str) -> Failure | None:
    try:
        document = json.loads(text)
        failures, reason = document["failures"], document["reason"]
        failed_at = datetime.fromisoformat(document["failed_at"])
    except (ValueError, TypeError, KeyError):
        return None
    if type(failures) is not int or failures < 1 or not isinstance(reason, str) or failed_at.tzinfo is None:
        return None
    return Failure(failures, failed_at, reason)


def _private_folder(folder: Path) -> None:
    """Make a folder that only its owner can enter; one that is wider open is closed."""
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if folder.stat().st_mode & 0o077:
            folder.chmod(0o700)


def _remove(path: Path) -> bool:
    """Remove a file and what a killed writer left of it; whether it was there."""
    with writing(path):
        there = path.exists()
        path.unlink(missing_ok=True)
        partial_of(path).unlink(missing_ok=True)
        if there:
            sync_folder(path.parent)
        return there
