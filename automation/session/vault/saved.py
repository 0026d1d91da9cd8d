"""A saved session, and its form inside the sealed file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from automation.errors import SessionUnusable

FORMAT = "temoin.session/1"
_TEXTS = ("account", "service", "subject")


@dataclass(frozen=True, slots=True)
class SavedSession:
    """One sign-in that can be used again. Its `repr` holds no cookie."""

    account: str
    service: str
    """The folder in `flows/`."""
    subject: str
    """HMAC-SHA-256 of the account's identity, in hex, as evidence has it."""
    stored_at: datetime
    """When somebody signed in; aware, UTC. A session that the service refreshed keeps it."""
    used_at: datetime | None
    """The last check that this session carried through; aware, UTC. None: not used yet."""
    storage_state: Mapping[str, Any] = field(repr=False)
    """As Playwright gives and takes it: cookies, local storage, IndexedDB."""

    def runs_out_at(self, cookies: tuple[str, ...]) -> datetime | None:
        """
        When the first of these cookies runs out; None where none has a date.

        Raises:
            SessionUnusable: one of them is not there, so the session was never a sign-in.
        """
        there = {c["name"]: c.get("expires", -1) for c in self.storage_state.get("cookies", ()) if c.get("value")}
        missing = [name for name in cookies if name not in there]
        if missing:
            raise SessionUnusable(
                f"{self.account}: the saved session lacks the cookie {missing[0]} of a sign-in",
                f"Sign in again with `temoin login {self.account}`.",
            )
        dates = [there[name] for name in cookies if there[name] > 0]
        return datetime.fromtimestamp(min(dates), UTC) if dates else None


@dataclass(frozen=True, slots=True)
class SavedSessionInfo:
    """What may be shown of one saved session."""

    account: str
    service: str = ""
    """Empty where the file cannot be opened."""
    stored_at: datetime | None = None
    used_at: datetime | None = None
    problem: str = ""
    """Why it cannot be used; empty where it can."""


def to_bytes(saved: SavedSession) -> bytes:
    """The session as JSON, to be sealed at once."""
    document = {
        "format": FORMAT,
        "account": saved.account,
        "service": saved.service,
        "subject": saved.subject,
        "stored_at": saved.stored_at.isoformat(),
        "used_at": saved.used_at.isoformat() if saved.used_at else None,
        "storage_state": saved.storage_state,
    }
    return json.dumps(document, separators=(",", ":")).encode()


def from_bytes(data: bytes, name: str) -> SavedSession:
    """
    Read what `to_bytes` wrote; `name` is what to call the file in a message.

    Raises:
        SessionUnusable: another format, or none. The text of the session is in no message and no cause.
    """
    document = _parsed(data)
    form = document.get("format")
    if isinstance(form, str) and form.startswith("temoin.session/") and form != FORMAT:
        raise SessionUnusable(
            f"{name}: this session has the format {form[:40]}, and this version of Témoin knows {FORMAT}",
            "Update Témoin, or sign in again with this version.",
        )
    stored_at, state = _time(document.get("stored_at")), document.get("storage_state")
    texts = {key: document.get(key) for key in _TEXTS}
    if form != FORMAT or stored_at is None or not isinstance(state, dict) or not _all_text(texts):
        raise SessionUnusable(
            f"{name}: what is sealed in this file is no session of Témoin's",
            "Name a file that `temoin session export` wrote.",
        )
    return SavedSession(
        account=str(texts["account"]),
        service=str(texts["service"]),
        subject=str(texts["subject"]),
        stored_at=stored_at,
        used_at=_time(document.get("used_at")),
        storage_state=state,
    )


def _parsed(data: bytes) -> dict[str, Any]:
    try:
        document = json.loads(data)
    except ValueError:  # it holds the whole text, so it must not become the cause of anything
        return {}
    return document if isinstance(document, dict) else {}


def _all_text(values: Mapping[str, object]) -> bool:
    return all(isinstance(value, str) for value in values.values())


def _time(text: object) -> datetime | None:
    try:
        time = datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None
    return time.astimezone(UTC) if time is not None and time.tzinfo is not None else None
