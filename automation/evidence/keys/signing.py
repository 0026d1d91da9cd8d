"""
The key that signs evidence: made once, kept for its owner's eyes only, with the history of those before it.

`trust.json` beside the keys is the history, and alone says which key is in use; private keys are files named after
their id. So every change is one renamed file, and a crash leaves either the old state or the new one.
"""

from __future__ import annotations

import base64
import binascii
import os
import stat
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from filelock import FileLock

from automation.core.errors import ConfigurationError
from automation.evidence.formats.signed import now
from automation.evidence.keys.trust import PinnedAuthority, Trust, TrustedKey, key_id, public_pem, read_trust
from automation.storage.files import write_whole, writing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

_TRUST = "trust.json"
_SEED_BYTES = 32


@dataclass(frozen=True, slots=True)
class SigningKey:
    """An Ed25519 key that can sign."""

    private: Ed25519PrivateKey = field(repr=False)
    id: str

    @classmethod
    def of(cls, private: Ed25519PrivateKey) -> SigningKey:
        """With the id that follows from it."""
        return cls(private, key_id(private.public_key()))

    @property
    def public(self) -> str:
        """The public half as PEM."""
        return public_pem(self.private.public_key())

    def sign(self, data: bytes) -> bytes:
        """The signature, 64 bytes."""
        return self.private.sign(data)

    def seed(self) -> str:
        """The private half as Base64: what `TEMOIN_SIGNING_KEY` takes."""
        return base64.b64encode(self.private.private_bytes_raw()).decode()


def key_from_seed(text: str) -> SigningKey:
    """
    The key that `TEMOIN_SIGNING_KEY` holds.

    Raises:
        ConfigurationError: it is not the Base64 of 32 bytes; the message does not show it.
    """
    try:
        seed = base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError):
        seed = b""
    if len(seed) != _SEED_BYTES:
        raise ConfigurationError(
            "TEMOIN_SIGNING_KEY: this is not the Base64 of 32 bytes.",
            "Make one with `temoin evidence key new --for-ci`, and copy it whole.",
        )
    return SigningKey.of(Ed25519PrivateKey.from_private_bytes(seed))


class Keys:
    """
    The keys of one machine, or the one key given to a machine that keeps none.

    Args:
        folder: where keys and their history are kept; need not exist.
        given: a key from the environment; it signs, and nothing is kept for it.
    """

    def __init__(self, folder: Path, given: SigningKey | None = None) -> None:
        self.folder = folder
        self._given = given

    def signing(self) -> SigningKey:
        """
        The key to sign with now; made and kept at the first use.

        Raises:
            OutputError: it cannot be kept.
            ConfigurationError: what is kept cannot be read.
        """
        if self._given is not None:
            return self._given
        return self._in_use(self.trust()) or self.new()

    def trust(self) -> Trust:
        """
        What this machine's own trust file says, with the key from the environment where it is not in there.

        Raises:
            ConfigurationError: the file cannot be read.
        """
        path = self.folder / _TRUST
        trust = read_trust(path) if path.exists() else Trust()
        if self._given is None or trust.find(self._given.id) is not None:
            return trust
        entry = TrustedKey(
            id=self._given.id,
            public_key=self._given.public,
            since=datetime.fromtimestamp(0, UTC),  # nobody noted since when it is used
            note="TEMOIN_SIGNING_KEY",
        )
        return trust.with_key(entry)

    def in_use(self) -> str | None:
        """Id of the key that would sign now; None where one would be made first."""
        key = self._given or self._in_use(self.trust())
        return key.id if key else None

    def new(self) -> SigningKey:
        """
        Make the key of this machine, unless there is one that can be used.

        Raises:
            OutputError: it cannot be kept.
        """
        with self._changing() as trust:
            kept = self._in_use(trust)
            return kept or self._add(trust)

    def new_for_ci(self) -> SigningKey:
        """Make a key that signs elsewhere: only its public half is kept here."""
        key = SigningKey.of(Ed25519PrivateKey.generate())
        with self._changing() as trust:
            self._write(trust.with_key(_entry(key, note="CI")))
        return key

    def rotate(self) -> tuple[str | None, SigningKey]:
        """Put a new key in the place of the one in use; the old one's private half is erased. Old id, new key."""
        with self._changing() as trust:
            old = self._in_use(trust)
            if old is None:
                return None, self._add(trust)
            known = trust.find(old.id)
            ended = known.model_copy(update={"until": now()}) if known else None
            new = self._add(trust.with_key(ended) if ended else trust)
            with writing(self.folder):
                self._private(old.id).unlink(missing_ok=True)
            return old.id, new

    def revoke(self, prefix: str, since: datetime, note: str = "") -> TrustedKey:
        """
        Say from when on a key may have been in other hands; it signs no more.

        Args:
            prefix: how the key's id begins, at least 8 characters.
            since: aware.
            note: why, for whoever reads the trust file.

        Raises:
            ConfigurationError: no key, or more than one, is meant.
        """
        with self._changing() as trust:
            found = [key for key in trust.keys if len(prefix) >= 8 and key.id.startswith(prefix.lower())]
            if len(found) != 1:
                raise ConfigurationError(
                    f"no key of that id: {prefix}" if not found else f"more than one key begins with {prefix}",
                    "Give at least the first 8 characters of an id that `temoin evidence key list` shows.",
                )
            earlier = found[0].revoked
            moment = min(since, earlier) if earlier else since
            revoked = found[0].model_copy(update={"revoked": moment, "note": note or found[0].note})
            self._write(trust.with_key(revoked))
            with writing(self.folder):
                self._private(revoked.id).unlink(missing_ok=True)
            return revoked

    def pin(self, authorities: Iterable[PinnedAuthority]) -> None:
        """Remember the roots of these authorities, so that the trust file alone suffices to verify."""
        wanted = tuple(authorities)
        if self.trust().pinning(wanted).authorities != self.trust().authorities:
            with self._changing() as trust:
                self._write(trust.pinning(wanted))

    def _in_use(self, trust: Trust) -> SigningKey | None:
        open_keys = [k for k in trust.keys if k.until is None and k.revoked is None and self._private(k.id).exists()]
        return self._load(open_keys[-1].id) if open_keys else None

    def _add(self, trust: Trust) -> SigningKey:
        key = SigningKey.of(Ed25519PrivateKey.generate())
        self._check_folder()
        write_whole(self._private(key.id), f"{key.seed()}\n".encode(), mode=0o600)
        self._write(trust.with_key(_entry(key)))
        return key

    def _check_folder(self) -> None:
        """
        Refuse to make a new key beside one that other users of this machine may read, or where they may write.

        Raises:
            ConfigurationError: it is so.
        """
        if os.name == "nt":
            return
        found = [self.folder] if stat.S_IMODE(self.folder.stat().st_mode) & 0o022 else []
        found += [path for path in self.folder.glob("*.key") if stat.S_IMODE(path.stat().st_mode) & 0o077]
        if found:
            raise ConfigurationError(
                f"{found[0]}: others on this machine may read or change it, so no new key is made",
                f"Run `chmod go= {found[0]}`; if others may have had the key, revoke it: `temoin evidence key revoke`.",
            )

    def _load(self, key: str) -> SigningKey:
        path = self._private(key)
        remedy = "Put the file back from a copy, or make a new key with `temoin evidence key rotate`."
        try:
            loaded = key_from_seed(path.read_text(encoding="ascii"))
        except OSError as error:
            raise ConfigurationError(f"{path}: cannot be read ({error.strerror or error})", remedy) from None
        except (UnicodeDecodeError, ConfigurationError):
            raise ConfigurationError(f"{path}: this is no signing key", remedy) from None
        if loaded.id != key:
            raise ConfigurationError(f"{path}: this is another key than its name says", remedy)
        return loaded

    def _private(self, key: str) -> Path:
        return self.folder / f"{key}.key"

    def _write(self, trust: Trust) -> None:
        write_whole(self.folder / _TRUST, trust.text().encode(), mode=0o644)

    @contextmanager
    def _changing(self) -> Iterator[Trust]:
        with writing(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with FileLock(self.folder / "keys.lock"):
            path = self.folder / _TRUST
            yield read_trust(path) if path.exists() else Trust()


def _entry(key: SigningKey, note: str = "") -> TrustedKey:
    return TrustedKey(id=key.id, public_key=key.public, since=now(), note=note)
