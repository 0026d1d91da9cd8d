"""Sessions with a canary in every secret place, and how to find one in bytes."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus

from pydantic import SecretStr

from automation.session.saved import SavedSession
from automation.session.vault import Vault
from automation.session.vault_keys import new_key, open_key

COOKIE, TOKEN, RECORD = "canary-cookie+6/41=", "canary token 27&x", "canary:record:93"
CANARIES = (COOKIE, TOKEN, RECORD)
SUBJECT = "5f" * 32
STORED_AT = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)


def a_state(cookie: str = COOKIE, expires: float = 4102444800.5) -> dict[str, Any]:
    """What Playwright hands over: a cookie, local storage, and a record of IndexedDB."""
    return {
        "cookies": [
            {
                "name": name, "value": cookie, "domain": ".facebook.com", "path": "/", "expires": expires,
                "httpOnly": True, "secure": True, "sameSite": "None",
            }
            for name in ("c_user", "xs")
        ],
        "origins": [
            {
                "origin": "https://www.facebook.com",
                "localStorage": [{"name": "token", "value": TOKEN}],
                "indexedDB": [
                    {"name": "store", "version": 1, "stores": [{"name": "keys", "records": [{"value": RECORD}]}]}
                ],
            }
        ],
    }  # fmt: skip


def a_session(account: str = "atelier-facebook", **changes: Any) -> SavedSession:
    """A sign-in at Facebook, not used yet."""
    return replace(SavedSession(account, "facebook", SUBJECT, STORED_AT, None, a_state()), **changes)


def a_vault(folder: Path, key: str | None = None) -> Vault:
    """A vault with a configured key; a fresh one where none is given."""
    return Vault(folder, open_key(SecretStr(key or new_key()[0])))


def leaks(data: bytes, canaries: tuple[str, ...] = CANARIES) -> list[str]:
    """The canaries in some bytes: as they are, in Base64 at every offset, as hexadecimal digits and in a URL."""
    found = []
    for canary in canaries:
        raw = canary.encode()
        spellings = {raw, raw.hex().encode(), quote(canary, safe="").encode(), quote_plus(canary).encode()}
        for shift in range(3):
            for alphabet in (base64.b64encode, base64.urlsafe_b64encode):
                whole = alphabet(b"\0" * shift + raw)
                spellings.add(whole[4 if shift else 0 : len(whole) // 4 * 4 - 4])
        found += [canary for spelling in spellings if spelling in data]
    return found


def bytes_below(folder: Path) -> bytes:
    """Every byte of every file, and every name."""
    return b"\n".join(
        str(path).encode() + b"\n" + (path.read_bytes() if path.is_file() else b"") for path in folder.rglob("*")
    )
