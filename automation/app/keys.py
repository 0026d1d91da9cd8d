"""`temoin evidence key backup` and `restore`: every key of this machine in one file, sealed with a passphrase."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Callable
from pathlib import Path

import pyrage
from pyrage import passphrase as age

from automation.app.setup import data_folder, vault_key
from automation.config import Settings
from automation.core.errors import ConfigurationError, VaultError
from automation.storage.files import write_whole

_SHORTEST = 12
"""Letters of a passphrase: whoever has the file can try as many as they like."""
_LEAST_WORK, _TRIES = 16, 3
"""log2 of scrypt's N: age takes what keeps the machine busy for a second, which is 18 on most of today's."""
_TRIES_TO_OPEN = 20
_IDENTITY, _VAULT, _SIGNING = "identity.key", "vault.key", "keys"
_LARGEST = 1 << 20


def sealed_keys(settings: Settings, passphrase: str, seal: Callable[[bytes, str], bytes] | None = None) -> bytes:
    """
    Every key of this machine, as an age file that any age program opens; `seal` is pyrage's by default.

    Raises ConfigurationError: the passphrase is too short, or there is no key yet.
    """
    if len(passphrase) < _SHORTEST:
        raise ConfigurationError(
            f"the passphrase has fewer than {_SHORTEST} letters", "Take four words that do not belong together."
        )
    files = _gathered(settings)
    if not files:
        raise no_key()
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        for name, data in files.items():
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = len(data), 0o600
            archive.addfile(entry, io.BytesIO(data))
    seal, tries = seal or age.encrypt, list[bytes]()
    # On a machine that is busy at that moment age measures too little, and a passphrase is guessed too fast.
    while len(tries) < _TRIES and not any(_work(each) >= _LEAST_WORK for each in tries):
        tries.append(seal(packed.getvalue(), passphrase))
    return max(tries, key=_work)


def _work(sealed: bytes) -> int:
    """How much work it is to try a passphrase, as age's header tells it: `-> scrypt SALT LOG2_OF_N`."""
    return int(sealed.split(b"\n", 2)[1].rpartition(b" ")[2])


def has_keys(settings: Settings) -> bool:
    """Whether there is any key to save."""
    return bool(_gathered(settings))


def no_key() -> ConfigurationError:
    """What is said where there is nothing to save."""
    return ConfigurationError("there is no key on this machine yet", "The first check makes them.")


def _gathered(settings: Settings) -> dict[str, bytes]:
    """Name in the backup → content. The vault's key comes from wherever it is kept."""
    folder = data_folder()
    files = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in (folder / _IDENTITY, *sorted((folder / _SIGNING).glob("*")))
        if path.is_file()
    }
    try:
        key = vault_key(settings)
        if key.is_made():
            files[_VAULT] = str(key.existing()).encode()
    except VaultError:
        pass  # no keyring, and no key in the environment: there is none to save
    return files


def put_back(
    data: bytes, passphrase: str, settings: Settings, unseal: Callable[[bytes, str], bytes] | None = None
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """
    Put the keys of a backup where they belong: what was put back, and what was not because another key is there.

    `unseal` is `pyrage.passphrase.decrypt` by default. Raises ConfigurationError: the passphrase is wrong, this is no
    backup, or the machine is too busy to open it.
    """
    unseal = unseal or age.decrypt
    files = {}
    try:
        for _ in range(_TRIES_TO_OPEN):
            try:
                packed = unseal(data, passphrase)
                break
            except pyrage.DecryptError as error:
                if not str(error).startswith("Excessive work"):  # pyrage has one class for every fault
                    raise
        else:  # age measures the machine anew each time, and refuses what it takes for far too much work for it
            raise ConfigurationError(
                "this machine is too slow, or too busy, to open the backup", "Try again when nothing else is under way."
            )
        with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
            for entry in archive:
                files[entry.name] = _content(archive, entry)
    except (pyrage.DecryptError, tarfile.TarError, ValueError):
        raise ConfigurationError("the passphrase is wrong, or this is no backup of keys", "Try again.") from None
    restored: list[str] = []
    kept: list[str] = []
    for name, content in sorted(files.items(), key=lambda file: file[0] == _VAULT):  # a keyring may be missing
        if name == _VAULT:
            done = vault_key(settings).kept(content.decode())
        else:
            target = data_folder() / name
            done = not target.exists() or target.read_bytes() == content
            if done:
                target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                write_whole(target, content, mode=0o600, shared=True)
        (restored if done else kept).append(name)
    return tuple(restored), tuple(kept)


def _content(archive: tarfile.TarFile, entry: tarfile.TarInfo) -> bytes:
    """
    One key; a backup holds nothing but small files of names that we gave.

    Raises ValueError: it is something else.
    """
    allowed = entry.name in {_IDENTITY, _VAULT} or Path(entry.name).parent == Path(_SIGNING)
    stream = archive.extractfile(entry) if entry.isfile() and allowed and entry.size < _LARGEST else None
    if stream is None:
        raise ValueError(entry.name)
    return stream.read()
