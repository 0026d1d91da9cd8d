"""The key of the HMACs that stand for accounts: the configured one, or one that this machine keeps."""

from __future__ import annotations

import secrets as random
from pathlib import Path

from automation.core.errors import ConfigurationError
from automation.storage.files import write_whole, writing

_KEY_NAME = "identity.key"
HEX = "hex:"
"""What the kept key begins with where it is written as text."""


def identity_key(configured: str | None, data_folder: Path) -> bytes:
    """
    The key of the HMACs that stand for accounts: the configured one, or one made once and kept beside.

    Raises:
        ConfigurationError: the configured one begins like bytes in hexadecimal and is none.
        OutputError: the kept key cannot be read or written.
    """
    if configured:
        return key_from_text(configured)
    path = data_folder / _KEY_NAME
    with writing(path, "Set TEMOIN_IDENTITY_KEY to a long random text."):
        if not path.exists():
            data_folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            write_whole(path, random.token_bytes(32), mode=0o600, shared=True, first_wins=True)
        return path.read_bytes()


def key_from_text(text: str) -> bytes:
    """
    A key as a variable holds it: `hex:` and its bytes in hexadecimal, or any other text, which is taken as it is.

    Raises:
        ConfigurationError: what follows `hex:` is no hexadecimal.
    """
    if not text.startswith(HEX):
        return text.encode()
    try:
        return bytes.fromhex(text.removeprefix(HEX))
    except ValueError:
        raise ConfigurationError(
            "TEMOIN_IDENTITY_KEY begins with hex: and goes on otherwise",
            "Copy the whole line that `temoin keys identity show` prints.",
        ) from None


def keep_identity_key(key: bytes, data_folder: Path) -> Path:
    """
    Keep a key on this machine in the place of the one before; where it lies.

    Raises:
        OutputError: it cannot be written.
    """
    path = data_folder / _KEY_NAME
    with writing(path):
        data_folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_whole(path, key, mode=0o600, shared=True)
    return path
