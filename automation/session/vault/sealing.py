"""Sealing a session with age, and opening it again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyrage

from automation.core.errors import OtherKey, SessionUnusable
from automation.session.vault.saved import SavedSession, from_bytes, to_bytes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from automation.session.vault.keys import Identity, Recipient

_BINARY = b"age-encryption.org/v1\n"
_ARMORED = b"-----BEGIN AGE ENCRYPTED FILE-----"
_NO_MATCH = "No matching keys found"


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
        key: what to call the key in a message, such as `TEMOIN_VAULT_KEY`.

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
        "Use an undamaged copy of it, or sign in again with `temoin login`.",
    )
